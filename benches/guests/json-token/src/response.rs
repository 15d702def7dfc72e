use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::convert::Infallible;

use serde::Serialize;

use super::Error;

/// What the token answers, in the form that CosmWasm prescribes.
#[derive(Debug, Default, Serialize)]
pub struct Response {
    pub messages: Vec<Nothing>,
    pub attributes: Vec<Attribute>,
    pub events: Vec<Nothing>,
    pub data: Option<String>,
}

/// Element of the lists that a token leaves empty.
#[derive(Debug, Serialize)]
pub enum Nothing {
    #[serde(skip)]
    Never(Infallible),
}

/// One line of the token's event.
#[derive(Debug, Serialize)]
pub struct Attribute {
    pub key: &'static str,
    pub value: String,
}

impl Response {
    /// The answer as it is put out.
    ///
    /// # Errors
    /// None in practice; it has the form that a shim can hand on.
    pub fn to_json(&self) -> Result<Vec<u8>, Error> {
        Ok(serde_json::to_vec(self)?)
    }

    pub(crate) fn to(action: &str) -> Self {
        Self::default().with("action", action)
    }

    pub(crate) fn with(mut self, key: &'static str, value: impl ToString) -> Self {
        self.attributes.push(Attribute { key, value: value.to_string() });
        self
    }
}
