//! What a trace tells of EVM code. That its steps are right `differential` shows; calls of several engines
//! are in tests/cross.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use revm_bytecode::opcode::{JUMP, JUMPDEST, POP, PUSH0};
use zvm::{Block, Hooks, Interrupt, MemoryLedger, Outcome, Revision, Session, Status, Terms, Trace};

use crate::code::Code;
use crate::world::{ALICE, FIRST, SECOND, block, call, runtime, transact, transaction, with};

const STEPS: Trace = Trace { calls: false, steps: true };
const CALLS: Trace = Trace { calls: true, steps: false };

/// What a session told.
#[derive(Default)]
pub(crate) struct Heard {
    lines: RefCell<String>,
    pieces: Cell<usize>,
    /// Fired when the first lines are here.
    interrupt: Option<Interrupt>,
}

impl Heard {
    pub(crate) fn take(&self) -> String {
        self.lines.take()
    }
}

impl Hooks for Heard {
    fn trace(&self, lines: &str) {
        assert!(lines.ends_with('\n'));
        self.lines.borrow_mut().push_str(lines);
        self.pieces.set(self.pieces.get() + 1);
        if let Some(interrupt) = &self.interrupt {
            interrupt.fire();
        }
    }
}

/// A session that is heard.
pub(crate) fn heard<'l>(
    runtime: &zvm::Runtime,
    ledger: &'l mut MemoryLedger,
    block: Block,
    heard: &Rc<Heard>,
) -> Session<'l> {
    let hooks = Rc::clone(heard);
    runtime.session_with(Box::new(ledger), hooks, block).expect("hooks are offered")
}

#[test]
fn each_step_has_a_line_and_the_call_one_at_the_end() {
    let runtime = runtime(Revision::default());
    let (mut ledger, heard_of) =
        (with(&[(FIRST, Code::new().store(0, 5).op(POP))]), Rc::new(Heard::default()));
    let mut session = heard(&runtime, &mut ledger, block(), &heard_of);
    session.trace(STEPS);
    session.call(&call(FIRST, 100_000)).unwrap();
    let lines = r#"{"pc":0,"op":96,"gas":"0x186a0","memSize":0,"depth":1,"refund":"0x0","opName":"PUSH1","returnData":"0x","stack":[],"gasCost":"0x3"}
{"pc":2,"op":96,"gas":"0x1869d","memSize":0,"depth":1,"refund":"0x0","opName":"PUSH1","returnData":"0x","stack":["0x5"],"gasCost":"0x3"}
{"pc":4,"op":85,"gas":"0x1869a","memSize":0,"depth":1,"refund":"0x0","opName":"SSTORE","returnData":"0x","stack":["0x5","0x0"],"gasCost":"0x5654"}
{"pc":5,"op":80,"gas":"0x13046","memSize":0,"depth":1,"refund":"0x0","opName":"POP","returnData":"0x","stack":[],"gasCost":"0x2","error":"STACK_UNDERFLOW"}
{"output":"0x","gasUsed":"0x186a0","pass":false}
"#;
    assert_eq!(heard_of.take(), lines);
    session.trace(Trace::default());
    session.call(&call(FIRST, 100_000)).unwrap();
    assert_eq!(heard_of.take(), "");
}

#[test]
fn the_end_of_the_code_is_no_step() {
    let runtime = runtime(Revision::default());
    let (mut ledger, heard_of) = (with(&[(FIRST, Code::new().op(PUSH0))]), Rc::new(Heard::default()));
    let mut session = heard(&runtime, &mut ledger, block(), &heard_of);
    session.trace(STEPS);
    let done = session.call(&call(FIRST, 100_000)).unwrap();
    assert_eq!(done.outcome, Outcome::Success);
    let told = heard_of.take();
    let lines: Vec<_> = told.lines().collect();
    assert_eq!(lines.len(), 2, "{told}");
    assert!(lines[0].starts_with(r#"{"pc":0,"op":95,"#), "{told}");
    assert_eq!(lines[1], r#"{"output":"0x","gasUsed":"0x2","pass":true}"#);
}

#[test]
fn an_ethereum_transaction_tells_of_its_calls_and_creations() {
    let runtime = runtime(Revision::default());
    let callee = Code::new().store(0, 5);
    let caller = Code::new().call(&SECOND, 3).op(POP);
    let (mut ledger, heard_of) =
        (with(&[(FIRST, caller), (SECOND, callee.clone())]), Rc::new(Heard::default()));
    let mut session = heard(&runtime, &mut ledger, block(), &heard_of);
    session.trace(CALLS);
    transact(&mut session, &transaction(Some(FIRST), 100_000));
    let told = heard_of.take();
    let heads: Vec<_> = told.lines().map(|line| line.split(r#","gas"#).next().unwrap()).collect();
    let (value, engine) = (r#""value":"0x3""#, r#""engine":"evm""#);
    assert_eq!(
        heads,
        [
            format!(r#"{{"enter":"call","depth":1,"from":"{ALICE}","to":"{FIRST}","value":"0x0""#),
            format!(r#"{{"enter":"call","depth":2,"from":"{FIRST}","to":"{SECOND}",{value}"#),
            format!(r#"{{"leave":"SUCCESS","depth":2,{engine}"#),
            format!(r#"{{"leave":"SUCCESS","depth":1,{engine}"#),
        ]
    );
    let mut creation = transaction(None, 200_000);
    (creation.nonce, creation.input) = (1, callee.initcode());
    let created = transact(&mut session, &creation).created.unwrap();
    let told = heard_of.take();
    let lines: Vec<_> = told.lines().collect();
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    assert!(lines[0].starts_with(&format!(r#"{{"enter":"create","depth":1,"from":"{ALICE}","value":"0x0""#)));
    assert!(lines[0].ends_with(&format!(r#""code":"0x{}","input":"0x"}}"#, hex(&callee.initcode()))));
    let left = format!(r#"{{"leave":"SUCCESS","depth":1,{engine},"created":"{created}","#);
    assert!(lines[1].starts_with(&left), "{told}");
    assert!(lines[1].ends_with(&format!(r#""output":"0x{}"}}"#, hex(&callee.bytes()))), "{told}");
}

#[test]
fn lines_leave_in_pieces_and_also_where_the_call_fails() {
    let runtime = runtime(Revision::default());
    let interrupt = Interrupt::new();
    let heard_of = Rc::new(Heard { interrupt: Some(interrupt.clone()), ..Heard::default() });
    let mut ledger = with(&[(FIRST, Code::new().op(JUMPDEST).op(PUSH0).op(JUMP))]);
    let mut session = heard(&runtime, &mut ledger, block(), &heard_of);
    session.trace(Trace { calls: true, steps: true });
    let terms = Terms { gas_limit: 1 << 40, interrupt: Some(interrupt), ..Terms::default() };
    let failed = session.call(&zvm::Call { terms, ..call(FIRST, 0) }).unwrap_err();
    assert_eq!(failed.status, Status::Cancelled);
    let told = heard_of.take();
    assert!(heard_of.pieces.get() > 1);
    // The call never ended, and the jump at which it was stopped was none.
    assert!(!told.contains("leave") && !told.contains("error") && !told.contains("pass"));
    assert!(told.lines().last().unwrap().contains(r#""opName":"PUSH0""#));
}
