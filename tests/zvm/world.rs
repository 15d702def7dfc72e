//! Contracts in a runtime, through the public API.

use zvm::crypto::hash::keccak256;
use zvm::engine::zvm::assembly::assemble;
use zvm::engine::zvm::container::{Container, Flags};
use zvm::{
    Account, Address, Block, Call, Config, EngineKind, Execution, Halt, MemoryLedger, Outcome, Runtime,
    Terms, Word,
};

/// Where the contract of the original's vectors lives.
pub(crate) const CONTRACT: Address = Address([0xaa; 20]);
/// Enough for all that ends.
pub(crate) const PLENTY: u64 = 1_000_000_000;

/// Code in a container that asks for the extensions.
pub(crate) fn contain(code: &[u8]) -> Vec<u8> {
    let flags = Flags { extensions: true, ..Flags::default() };
    Container { flags, code: code.to_vec(), ..Container::default() }.write().expect("small")
}

/// The container of a program's text.
pub(crate) fn program(text: &str) -> Vec<u8> {
    let container = assemble(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    container.write().expect("small")
}

/// Puts a contract into a ledger, whatever its engine.
pub(crate) fn place(ledger: &mut MemoryLedger, at: Address, engine: EngineKind, code: &[u8]) {
    let code_hash = keccak256(code);
    ledger.set_account(at, Account { code_hash, engine: Some(engine), ..Account::default() });
    ledger.set_code(code_hash, code);
}

pub(crate) fn runtime() -> Runtime {
    Runtime::new(Config::default()).expect("a runtime")
}

/// A call of a contract by nobody.
pub(crate) fn call_of(target: Address, input: &[u8], gas_limit: u64) -> Call {
    let terms = Terms { gas_limit, ..Terms::default() };
    Call { target, input: input.to_vec(), terms, ..Call::default() }
}

/// Runs a container once, in a ledger with nothing else.
pub(crate) fn run(container: &[u8], input: &[u8], gas_limit: u64) -> Execution {
    run_on(&runtime(), container, input, gas_limit)
}

/// The same on a runtime of one's own.
pub(crate) fn run_on(runtime: &Runtime, container: &[u8], input: &[u8], gas_limit: u64) -> Execution {
    let mut ledger = MemoryLedger::new();
    place(&mut ledger, CONTRACT, EngineKind::Zvm, container);
    let mut session = runtime.session(&mut ledger, Block::default());
    session.call(&call_of(CONTRACT, input, gas_limit)).expect("neither we nor the ledger failed")
}

/// The program that returns what is on top of the stack at the end of another.
pub(crate) fn returning(code: &[u8]) -> Vec<u8> {
    // PUSH1 0, MSTORE, PUSH1 32, PUSH1 0, RETURN.
    [code, &[0x11, 0, 0x81, 0x11, 32, 0x11, 0, 0xa8]].concat()
}

/// What is on top of the stack when code without a HALT has run.
pub(crate) fn top(code: &[u8]) -> Word {
    let done = run(&contain(&returning(code)), &[], PLENTY);
    assert_eq!(done.outcome, Outcome::Success, "{code:02x?}");
    Word(done.output.try_into().expect("a word"))
}

/// The halt of a program.
pub(crate) fn halt(code: &[u8]) -> Halt {
    match run(&contain(code), &[], 1_000_000) {
        Execution { outcome: Outcome::Halt(halt), gas_used: 1_000_000, .. } => halt,
        other => panic!("{code:02x?} ended with {other:?}"),
    }
}

/// The bytes of hexadecimal digits, blanks aside.
pub(crate) fn hex(digits: &str) -> Vec<u8> {
    let digits: Vec<u32> = digits.chars().filter_map(|digit| digit.to_digit(16)).collect();
    digits.chunks(2).map(|pair| (pair[0] << 4 | pair[1]) as u8).collect()
}
