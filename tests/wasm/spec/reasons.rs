//! Why a module of the specification's is no contract, in one word.

use zvm::error::Error;

/// What a refusal says, and the word for it. Nothing else may be the reason.
const REASONS: [(&str, &str); 24] = [
    ("a start section", "start"),
    ("more than one result", "multi-value"),
    ("a block with parameters or several results", "multi-value"),
    ("is not a function", "import-of-place"),
    ("` is unknown", "import-unknown"),
    ("has another signature", "import-of-floats"),
    ("a reference as a value", "references"),
    ("its items are references", "references"),
    ("a table of another kind", "references"),
    ("more than one table", "multi-table"),
    ("more than one memory", "multi-memory"),
    ("64-bit, shared or of another page size", "memory-kind"),
    ("SIMD", "simd"),
    ("it is passive, declared or of another table", "passive-element"),
    ("is passive or of another memory", "passive-data"),
    ("outside the table", "element-outside"),
    ("outside the initial memory", "data-outside"),
    ("that is not one constant", "constant-expression"),
    ("the garbage collector", "gc"),
    ("a recursive type", "gc"),
    ("a subtype or shared type", "gc"),
    ("exceptions", "exceptions"),
    ("the operator ", "operator"),
    ("the limit is", "limit"),
];

/// The word for a refusal; the whole of it where there is none.
pub(super) fn reason(error: &Error) -> String {
    let found = REASONS.iter().find(|(phrase, _)| error.message.contains(phrase));
    found.map_or_else(|| format!("`{}`", error.message), |(_, word)| (*word).to_owned())
}
