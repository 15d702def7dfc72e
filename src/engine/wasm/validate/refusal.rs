//! The two ways a module is refused, and the one way a limit is.

use std::fmt;

use crate::error::{Error, Result, Status};

/// The module is malformed or over a limit.
pub(super) fn invalid(reason: impl Into<String>) -> Error {
    Error::new(Status::CodeInvalid, reason)
}

/// The module uses what contracts may not use.
pub(super) fn forbidden(reason: impl Into<String>) -> Error {
    Error::new(Status::CodeForbidden, reason)
}

/// The reader or the validator refused the bytes.
pub(super) fn malformed(cause: wasmparser::Error) -> Error {
    match cause.missing_wasm_feature() {
        Some(_) => forbidden(cause.to_string()),
        None => invalid(cause.to_string()),
    }
}

/// Holds a figure to its limit. `what` reads as "the module has" or "function 7 has" would go on:
/// `figure what`, as in "33 parameters".
pub(super) fn at_most(figure: impl Into<u64>, limit: impl Into<u64>, what: &str) -> Result<()> {
    let (figure, limit) = (figure.into(), limit.into());
    if figure <= limit { Ok(()) } else { Err(invalid(format!("{figure} {what}; the limit is {limit}"))) }
}

/// The same refusal with the place it was met before it.
pub(super) fn within(place: impl fmt::Display, mut error: Error) -> Error {
    error.message = format!("{place}: {}", error.message);
    error
}
