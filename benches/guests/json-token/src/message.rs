use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::Amount;

/// What the token begins with.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Instantiate {
    pub name: String,
    pub symbol: String,
    pub decimals: u8,
    pub initial_balances: Vec<Coin>,
    pub minter: Option<String>,
    #[serde(default)]
    pub links: BTreeMap<String, String>,
}

/// An amount and whose it is.
#[derive(Debug, Deserialize, Serialize)]
pub struct Coin {
    pub address: String,
    pub amount: Amount,
}

/// What can be asked of the token.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Execute {
    Transfer { recipient: String, amount: Amount, memo: Option<String> },
    TransferFrom { owner: String, recipient: String, amount: Amount, memo: Option<String> },
    Approve { spender: String, amount: Amount, expires: Option<u64> },
    Mint { recipient: String, amount: Amount },
    Burn { amount: Amount },
    Distribute { shares: Vec<Coin> },
    Describe { links: BTreeMap<String, String> },
}

/// What is known of the token, as it is stored.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Info {
    pub(crate) name: String,
    pub(crate) symbol: String,
    pub(crate) decimals: u8,
    pub(crate) supply: Amount,
    pub(crate) minter: Option<String>,
    pub(crate) links: BTreeMap<String, String>,
}

/// What a spender may take, as it is stored.
#[derive(Debug, Default, Deserialize, Serialize)]
pub(crate) struct Allowance {
    pub(crate) amount: Amount,
    pub(crate) expires: Option<u64>,
}
