//! *Your call to us* failed, or a callback of yours did. Never part of consensus.
//!
//! A status is stable and never reused; treat unknown positive numbers by their range.
//! The text is for people and may change.

use std::fmt;

use crate::outcome::numbered;
use crate::types::Address;

numbered! {
    /// Whether the machine worked: 0, or the reason it did not.
    Status:
    0 Ok "Done.";
    1 Argument "An argument is outside its rules.";
    2 Null "A required pointer is NULL.";
    3 StructSize "A struct is smaller than its first version, or impossibly large.";
    4 Abi "The caller was built for another ABI.";
    5 Handle "The handle is of another type or was freed.";
    6 Busy "The session is in a call, in this thread or in another.";
    7 State "The call is not allowed in this state.";
    8 Flags "Unknown flag bits are set.";
    9 Unsupported "This library does not know the feature that is asked for.";
    10 Limit "A size or number is over the configured limit.";
    11 Poisoned "The session failed inside; reset or free it.";
    12 TransactionFormat "The bytes are not the canonical form of a signed transaction.";
    13 Signature "The signature is not the key's, or the key is none.";
    14 ChainId "The transaction is for another chain.";
    15 Nonce "The transaction's nonce is not the sender's.";
    16 Rejected "The transaction is not valid in this block and state; the error's reason says why.";
    100 CodeFormat "The code is of no known format.";
    101 CodeInvalid "The code is malformed or over a limit.";
    102 CodeForbidden "The code uses a feature or import that is not allowed.";
    103 CodeTooLarge "The code is larger than allowed.";
    104 Compile "The compiler failed on valid code.";
    105 Artefact "The artefact is damaged or was made by another build, configuration or key.";
    106 CodeRefused "The admission policy refused the code.";
    200 Host "A callback reported failure.";
    201 HostProtocol "A callback broke its rules.";
    202 HostMissing "A needed callback is not offered.";
    203 HostUnwound "A callback ended by an exception that its binding caught.";
    300 Cancelled "The interrupt was fired.";
    301 Deadline "The time limit passed.";
    900 Memory "Memory ran out.";
    901 Panic "A defect of this library was contained.";
    902 Internal "A defect of this library was detected.";
}

impl Status {
    /// Whether it says that code is not valid: the code's failure, whoever brought it.
    #[must_use]
    pub fn is_invalid_code(self) -> bool {
        matches!(self, Self::CodeFormat | Self::CodeInvalid | Self::CodeForbidden | Self::CodeTooLarge)
    }
}

/// Why a call to the library failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// The stable number.
    pub status: Status,
    /// The untouched number a failing callback returned or set, else 0.
    pub host_code: i32,
    /// With [`Status::Rejected`] the number of a
    /// [`Rejection`](crate::engine::evm::transaction::Rejection), else 0.
    pub reason: u32,
    /// The contract that was running, where one was.
    pub contract: Option<Address>,
    /// How deep calls were nested.
    pub depth: u32,
    /// One sentence for people.
    pub message: String,
}

/// What a fallible function of the library returns.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// An error with a sentence.
    #[must_use]
    pub fn new(status: Status, message: impl Into<String>) -> Self {
        Self { status, host_code: 0, reason: 0, contract: None, depth: 0, message: message.into() }
    }

    /// The same error with the number a callback gave.
    #[must_use]
    pub fn with_host_code(mut self, host_code: i32) -> Self {
        self.host_code = host_code;
        self
    }

    /// The same error with the place it happened, unless it already has one.
    #[must_use]
    pub fn at(mut self, contract: Address, depth: u32) -> Self {
        if self.contract.is_none() {
            self.contract = Some(contract);
            self.depth = depth;
        }
        self
    }
}

impl From<Status> for Error {
    fn from(status: Status) -> Self {
        Self::new(status, status.sentence())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.status.name(), self.message)
    }
}

impl std::error::Error for Error {}
