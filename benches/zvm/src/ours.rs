//! Our side: a session in which one contract is called again and again.

use zvm::crypto::hash::keccak256;
use zvm::engine::zvm::assembly;
use zvm::{
    Account, Address, Block, Call, CompilerChoice, Config, EngineKind, MemoryLedger, Outcome, Runtime,
    Session, Terms,
};

use crate::programs::Program;

const CONTRACT: Address = Address([0xaa; 20]);
const GAS: u64 = 1_000_000_000_000;

pub(crate) struct Side(Session<'static>);

/// The container of a program.
pub(crate) fn assemble(program: &Program) -> Vec<u8> {
    let container = assembly::assemble(&program.assembly()).unwrap_or_else(|error| panic!("{error}"));
    container.write().expect("small")
}

impl Side {
    pub(crate) fn zvm(container: &[u8]) -> Self {
        Self::of(EngineKind::Zvm, container)
    }

    pub(crate) fn wasm(program: &Program) -> Self {
        Self::of(EngineKind::Wasm, &wat::parse_str(program.wat()).expect("a module"))
    }

    fn of(engine: EngineKind, code: &[u8]) -> Self {
        let mut ledger = MemoryLedger::new();
        let code_hash = keccak256(code);
        ledger.set_account(CONTRACT, Account { code_hash, engine: Some(engine), ..Account::default() });
        ledger.set_code(code_hash, code);
        let config = Config { compiler: CompilerChoice::Cranelift, ..Config::default() };
        Self(Runtime::new(config).expect("a runtime").session(ledger, Block::default()))
    }

    pub(crate) fn run(&mut self) -> Vec<u8> {
        let terms = Terms { gas_limit: GAS, ..Terms::default() };
        let call = Call { target: CONTRACT, terms, ..Call::default() };
        let done = self.0.query(&call).expect("a kind ledger");
        assert_eq!(done.outcome, Outcome::Success);
        done.output
    }
}
