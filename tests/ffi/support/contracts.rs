//! Contracts in text form.

use zvm::host::kinds::Scalar;
use zvm::host::table::{ROWS, Row};

/// The code of a module in text form.
pub(crate) fn wat(text: &str) -> Vec<u8> {
    wat::parse_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// The import of a host function under its own name.
pub(crate) fn import(name: &str) -> String {
    let row = row(name);
    let ty = |scalar: Scalar| if scalar == Scalar::I32 { " i32" } else { " i64" };
    let params: String = row.scalars.iter().map(|scalar| ty(*scalar)).collect();
    let result = row.returns.scalar().map_or(String::new(), |scalar| format!(" (result{})", ty(scalar)));
    format!("(import \"zvm\" \"{name}\" (func ${name} (param{params}){result}))")
}

/// Imports by name.
pub(crate) fn imports(names: &[&str]) -> String {
    names.iter().map(|name| import(name) + "\n").collect()
}

/// The row of a host function.
pub(crate) fn row(name: &str) -> &'static Row {
    ROWS.iter().find(|row| row.name == name).unwrap_or_else(|| panic!("no host function {name}"))
}
