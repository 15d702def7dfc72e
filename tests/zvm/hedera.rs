//! Hedera's opcodes, which a hook answers, and nobody else.

use std::cell::RefCell;
use std::rc::Rc;

use zvm::engine::zvm::opcode::{Group, Opcode, ROWS};
use zvm::host::hooks::{HederaRequest, Nested};
use zvm::{Block, EngineKind, Execution, Halt, Hooks, MemoryLedger, Outcome, Result, Word};

use crate::world::{CONTRACT, call_of, contain, halt, place, returning, runtime};

/// An opcode, its operands, its data.
type Asked = (u8, Vec<Word>, Vec<u8>);

/// Answers with 7, and remembers what it was asked.
#[derive(Default)]
struct Ledger {
    asked: RefCell<Vec<Asked>>,
}

impl Hooks for Ledger {
    fn hedera(&self, _nested: &mut Nested<'_, '_>, request: &HederaRequest<'_>) -> Result<Option<Word>> {
        let HederaRequest { opcode, operands, data } = *request;
        self.asked.borrow_mut().push((opcode, operands.to_vec(), data.to_vec()));
        Ok(Some(Word::from(7)))
    }
}

fn run(code: &[u8], is_static: bool) -> (Execution, Vec<Asked>) {
    let mut ledger = MemoryLedger::new();
    place(&mut ledger, CONTRACT, EngineKind::Zvm, &contain(code));
    let (runtime, hooks) = (runtime(), Rc::new(Ledger::default()));
    let done = {
        let hooks: Rc<dyn Hooks> = Rc::clone(&hooks) as _;
        let mut session = runtime.session_with(Box::new(ledger), hooks, Block::default()).expect("a session");
        let call = zvm::Call { is_static, ..call_of(CONTRACT, &[], 1_000_000) };
        session.call(&call).expect("a kind ledger")
    };
    let asked = hooks.asked.take();
    (done, asked)
}

/// The opcode with 1, 2, 3, ... as its operands, 1 on top; a region of data is 2 bytes at 3.
fn program(opcode: Opcode) -> Vec<u8> {
    let pushes = opcode.row().takes.iter().enumerate().rev().flat_map(|(at, name)| {
        let operand = match *name {
            "length" => 2,
            "offset" => 3,
            _ => at as u8 + 1,
        };
        [0x11, operand]
    });
    pushes.chain([opcode as u8]).collect()
}

#[test]
fn the_hook_answers() {
    for (opcode, gas) in [
        (Opcode::HTS_TRANSFER, 10_050),
        (Opcode::HTS_MINT, 50_100),
        (Opcode::HTS_BURN, 50_100),
        (Opcode::HTS_ASSOCIATE, 20_050),
        (Opcode::HTS_DISSOCIATE, 20_050),
        (Opcode::HTS_APPROVE, 5_050),
        (Opcode::HTS_CREATE, 100_500),
        // A word of memory, and 100 for each of two bytes.
        (Opcode::HCS_SUBMIT, 5_050 + 3 + 200),
        (Opcode::HCS_CREATE_TOPIC, 50_200),
        (Opcode::HCS_UPDATE_TOPIC, 25_100 + 3),
        (Opcode::HCS_DELETE_TOPIC, 12_600),
        (Opcode::HEDERA_ACCOUNT_ID, 2),
        (Opcode::HEDERA_TIMESTAMP, 2),
    ] {
        let code = program(opcode);
        let (done, asked) = run(&code, false);
        assert_eq!(done.outcome, Outcome::Success, "{opcode}");
        assert_eq!(done.gas_used, gas + 3 * opcode.row().takes.len() as u64, "{opcode}");
        let has_data = opcode.row().takes.contains(&"offset");
        let words = opcode.row().takes.len() - if has_data { 2 } else { 0 };
        let operands: Vec<Word> = (1..=words as u64).map(Word::from).collect();
        assert_eq!(asked, [(opcode as u8, operands, vec![0; if has_data { 2 } else { 0 }])], "{opcode}");
        assert_eq!(run(&returning(&code), false).0.output, Word::from(7).0, "{opcode}");
        let reads = matches!(opcode, Opcode::HEDERA_ACCOUNT_ID | Opcode::HEDERA_TIMESTAMP);
        let (done, asked) = run(&code, true);
        let should = if reads { Outcome::Success } else { Outcome::Halt(Halt::StaticWrite) };
        assert_eq!((done.outcome, asked.is_empty()), (should, !reads), "{opcode}");
    }
}

#[test]
fn without_a_hook_they_are_no_instructions() {
    for row in ROWS.iter().filter(|row| row.group == Group::Hedera || !row.opcode.is_built()) {
        assert_eq!(halt(&program(row.opcode)), Halt::InvalidOpcode, "{}", row.mnemonic);
    }
}
