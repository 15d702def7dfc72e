//! Files that are written by the program itself: checked in, and held here to their source.
//! `make header` writes them anew (it runs this test with ZVM_BLESS=1).

mod contract;
mod documents;
mod header;
mod opcodes;

use std::path::Path;

/// Holds a checked-in file to what its source renders.
fn held(path: &str, rendered: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("ZVM_BLESS").is_some() {
        std::fs::create_dir_all(file.parent().expect("in a folder")).expect("the folder");
        std::fs::write(&file, rendered).expect("the file");
    }
    let stands = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(stands == rendered, "{path} is not what its source renders: run `make header`");
}
