//! A memory without a page: every access is out of bounds.

use zvm::outcome::{Halt, Outcome};
use zvm::runtime::Runtime;
use zvm::runtime::config::Config;
use zvm::runtime::execution::{Call, Deploy, Terms};
use zvm::state::memory::MemoryLedger;
use zvm::types::{Address, Block};

/// Singlepass compares an address with the memory's length less the size of the access. Below
/// zero that lets every address pass.
#[test]
fn n061_an_empty_memory_has_no_address() {
    let runtime = Runtime::new(Config::default()).expect("a runtime");
    let mut session = runtime.session(MemoryLedger::default(), Block::default());
    let terms = Terms { gas_limit: 1_000_000_000, ..Terms::default() };
    for access in [
        "(drop (i32.load8_u (i32.const 0)))",
        "(drop (i64.load (i32.const 0)))",
        "(drop (i64.load (i32.const -8)))",
        "(drop (i32.load (i32.const 65536)))",
        "(drop (i32.load offset=70000 (i32.const 268435456)))",
        "(i64.store (i32.const 65536) (i64.const 1))",
        "(i32.store8 (i32.const 4096) (i32.const 1))",
        "(memory.fill (i32.const 0) (i32.const 1) (i32.const 1))",
        "(memory.copy (i32.const 0) (i32.const 8) (i32.const 1))",
    ] {
        let text = format!("(module (memory (export \"memory\") 0 4) (func (export \"call\") {access}))");
        let mut deploy = Deploy::by(Address([7; 20]), terms.clone());
        deploy.code = wat::parse_str(text).expect("the text is a module").into();
        let target = session.deploy(&deploy).expect("no error").created.expect("it is deployed");
        let ended =
            session.call(&Call { target, terms: terms.clone(), ..Call::default() }).expect("no error");
        assert_eq!(ended.outcome, Outcome::Halt(Halt::MemoryBounds), "{access}");
    }
}
