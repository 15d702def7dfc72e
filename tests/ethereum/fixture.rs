//! State tests as their files have them: a world, a transaction in many variants, and for each fork
//! and variant the world's root after it.

use serde_json::{Map, Value};
use zvm::crypto::hash::keccak256;
use zvm::{
    Access, Account, Address, Authorization, Block, Bytes, EngineKind, EthereumKind, EthereumTransaction,
    MemoryLedger, Word,
};

/// What a test expects of one variant under one fork.
#[derive(Clone, Debug)]
pub(crate) struct Expected {
    pub(crate) fork: String,
    pub(crate) data: usize,
    pub(crate) gas: usize,
    pub(crate) value: usize,
    pub(crate) root: Word,
    pub(crate) logs: Word,
    pub(crate) rejected: bool,
}

/// One test of a file.
pub(crate) struct Fixture {
    pub(crate) name: String,
    pub(crate) expected: Vec<Expected>,
    pub(crate) environment: Map<String, Value>,
    pub(crate) ledger: MemoryLedger,
    transaction: Map<String, Value>,
    config: Map<String, Value>,
}

impl Fixture {
    /// The tests of a file; none where it holds something else.
    pub(crate) fn all(text: &str) -> Vec<Self> {
        let file: Value = serde_json::from_str(text).expect("a state test is JSON");
        let tests = file.as_object().into_iter().flatten();
        tests.filter_map(|(name, test)| Self::read(name, test)).collect()
    }

    fn read(name: &str, test: &Value) -> Option<Self> {
        let post = test.get("post")?.as_object()?;
        let expected = post.iter().flat_map(|(fork, cases)| {
            let cases = cases.as_array().into_iter().flatten();
            cases.map(move |case| expected(fork, case))
        });
        Some(Self {
            name: name.into(),
            expected: expected.collect(),
            environment: test["env"].as_object()?.clone(),
            ledger: ledger(test["pre"].as_object()?, &test["env"]),
            transaction: test["transaction"].as_object()?.clone(),
            config: test.get("config").and_then(Value::as_object).cloned().unwrap_or_default(),
        })
    }

    pub(crate) fn chain_id(&self) -> Word {
        self.config.get("chainid").map_or(Word::from(1), word)
    }

    /// The block of the test; `blob_base_fee` is computed by whoever knows the fork's rule.
    pub(crate) fn block(&self, blob_base_fee: Word) -> Block {
        let field = |name: &str| self.environment.get(name).map(word).unwrap_or_default();
        Block {
            number: field("currentNumber").to_u64().unwrap(),
            timestamp: field("currentTimestamp").to_u64().unwrap(),
            chain_id: self.chain_id(),
            proposer: address(&self.environment["currentCoinbase"]),
            gas_limit: field("currentGasLimit").to_u64().unwrap_or(u64::MAX),
            base_fee: field("currentBaseFee"),
            randomness: self.environment.get("currentRandom").map(word),
            blob_base_fee,
            difficulty: field("currentDifficulty"),
        }
    }

    /// The variant of the transaction; `None` where it is none that could be written down.
    pub(crate) fn transaction(&self, case: &Expected) -> Option<EthereumTransaction> {
        let field = |name: &str| self.transaction.get(name).filter(|value| !value.is_null());
        let at = |name: &str, index: usize| &self.transaction[name][index];
        let access_list = field("accessLists").map(|lists| &lists[case.data]).filter(|list| !list.is_null());
        let authorizations = field("authorizationList");
        let kind = if authorizations.is_some() {
            EthereumKind::SetCode
        } else if field("maxFeePerBlobGas").is_some() {
            EthereumKind::Blob
        } else if field("maxFeePerGas").is_some() {
            EthereumKind::DynamicFee
        } else if access_list.is_some() {
            EthereumKind::AccessList
        } else {
            EthereumKind::Legacy
        };
        let to = self.transaction["to"].as_str().unwrap_or_default();
        Some(EthereumTransaction {
            kind,
            sender: address(field("sender")?),
            chain_id: Some(self.chain_id()),
            nonce: word(field("nonce")?).to_u64()?,
            gas_limit: word(at("gasLimit", case.gas)).to_u64()?,
            gas_price: field("maxFeePerGas").or_else(|| field("gasPrice")).map(word)?,
            tip: field("maxPriorityFeePerGas").map(word).unwrap_or_default(),
            to: (!to.is_empty()).then(|| address(&self.transaction["to"])),
            value: try_word(at("value", case.value))?,
            input: bytes(at("data", case.data)),
            access_list: access_list.map(accesses).unwrap_or_default(),
            blob_hashes: field("blobVersionedHashes").map(words).unwrap_or_default(),
            blob_fee_cap: field("maxFeePerBlobGas").map(word).unwrap_or_default(),
            authorizations: authorizations.map(read_authorizations).unwrap_or_default(),
        })
    }
}

fn expected(fork: &str, case: &Value) -> Expected {
    let index = |name: &str| case["indexes"][name].as_u64().unwrap() as usize;
    Expected {
        fork: fork.into(),
        data: index("data"),
        gas: index("gas"),
        value: index("value"),
        root: word(&case["hash"]),
        logs: word(&case["logs"]),
        rejected: case.get("expectException").is_some_and(|exception| !exception.is_null()),
    }
}

fn ledger(pre: &Map<String, Value>, environment: &Value) -> MemoryLedger {
    let mut ledger = MemoryLedger::new();
    for (name, fields) in pre {
        let address = address(&Value::String(name.clone()));
        let code: Bytes = bytes(&fields["code"]).into();
        let has_code = !code.is_empty();
        let code_hash = if has_code { keccak256(&code) } else { Word::ZERO };
        let engine = has_code.then_some(EngineKind::Evm);
        let nonce = word(&fields["nonce"]).to_u64().unwrap();
        ledger.set_account(address, Account { balance: word(&fields["balance"]), nonce, code_hash, engine });
        if has_code {
            ledger.set_code(code_hash, code);
        }
        for (key, value) in fields["storage"].as_object().into_iter().flatten() {
            let (key, value) = (word(&Value::String(key.clone())), word(value));
            if !value.is_zero() {
                ledger.set_storage(address, key.0, value.0);
            }
        }
    }
    // The hashes of earlier blocks are those of their numbers' digits.
    let number = word(&environment["currentNumber"]).to_u64().unwrap();
    for number in number.saturating_sub(256)..number {
        ledger.set_block_hash(number, keccak256(number.to_string().as_bytes()));
    }
    ledger
}

fn accesses(list: &Value) -> Vec<Access> {
    let items = list.as_array().into_iter().flatten();
    items
        .map(|item| Access { address: address(&item["address"]), slots: words(&item["storageKeys"]) })
        .collect()
}

fn read_authorizations(list: &Value) -> Vec<Authorization> {
    let items = list.as_array().into_iter().flatten();
    items
        .map(|item| {
            let parity = item
                .get("yParity")
                .or_else(|| item.get("v"))
                .map_or(u64::MAX, |v| try_word(v).and_then(Word::to_u64).unwrap_or(u64::MAX));
            let (chain_id, nonce) =
                (word(&item["chainId"]), word(&item["nonce"]).to_u64().unwrap_or(u64::MAX));
            let (r, s) = (word(&item["r"]), word(&item["s"]));
            let parity = u8::try_from(parity).unwrap_or(u8::MAX);
            Authorization::signed(chain_id, address(&item["address"]), nonce, parity, r, s)
        })
        .collect()
}

fn words(list: &Value) -> Vec<Word> {
    list.as_array().into_iter().flatten().map(word).collect()
}

/// A number, of as many digits as were needed, decimal where it has no prefix.
fn word(value: &Value) -> Word {
    try_word(value).unwrap_or_else(|| panic!("{value} is no number of 256 bits"))
}

fn try_word(value: &Value) -> Option<Word> {
    if let Some(number) = value.as_u64() {
        return Some(Word::from(number));
    }
    let text = value.as_str()?;
    // A few files mark numbers that are too large for a transaction.
    if text.starts_with("0x:bigint") {
        return None;
    }
    let Some(digits) = text.strip_prefix("0x") else { return text.parse::<u64>().ok().map(Word::from) };
    let digits = digits.trim_start_matches('0');
    let padded = format!("{digits:0>64}");
    Word::from_bytes(&unhex(&padded))
}

fn address(value: &Value) -> Address {
    Address(bytes(value).try_into().expect("an address has 20 bytes"))
}

fn bytes(value: &Value) -> Vec<u8> {
    let text = value.as_str().expect("bytes are text");
    unhex(text.strip_prefix("0x").unwrap_or(text))
}

fn unhex(digits: &str) -> Vec<u8> {
    let pairs = digits.as_bytes().chunks(2);
    pairs.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}
