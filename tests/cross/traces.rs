//! The call tree that a trace tells, over all engines.

use std::cell::RefCell;
use std::rc::Rc;

use zvm::crypto::address::create_address;
use zvm::{Block, Call, Hooks, Terms, Trace};

use crate::contract::{Act, Contract, End, Way, What};
use crate::engines::ALL;
use crate::stage::{A, B, C, PLENTY, Stage, USER};

#[derive(Default)]
struct Heard(RefCell<String>);

impl Hooks for Heard {
    fn trace(&self, lines: &str) {
        self.0.borrow_mut().push_str(lines);
    }
}

/// A line without the amount of gas that prices decide.
fn shown(line: &str) -> String {
    let field = if line.contains(r#""enter":"create""#) { r#""gas":""# } else { r#""gasUsed":""# };
    let Some((head, rest)) = line.split_once(field) else { return line.to_owned() };
    let (_, tail) = rest.split_once('"').expect("text ends");
    format!(r#"{head}{field}_"{tail}"#)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn calls_over_three_engines_are_told_as_they_nest_and_those_that_failed_too() {
    let [wasm, zvm, evm] = ALL else { panic!("three engines") };
    let goes = |way, to, gas| Act::Call { way, to, value: 0, script: 0, gas };
    // A calls B, which calls C, delegates to it in vain, and reverts; then A creates a contract.
    let last = Contract::of([Act::Write(1, 1), Act::Say(What::Number(7))]);
    let acts = [goes(Way::Call, C, 400_000), goes(Way::Delegate, C, 40_000), Act::Say(What::Number(9))];
    let middle = Contract::ending(acts, End::Revert);
    let made = Contract::of([]);
    let (code, initcode) = ((evm.write)(&made), (evm.create)(&made));
    let first =
        Contract::of([goes(Way::Call, B, 2_000_000), Act::Create { code: initcode.clone(), value: 3 }]);
    let stage = || {
        let stage = Stage::new().contract(A, *wasm, &first).contract(B, *evm, &middle);
        stage.contract(C, *zvm, &last)
    };

    let (mut told, heard) = (stage(), Rc::new(Heard::default()));
    let hooks = Rc::clone(&heard);
    let mut session =
        told.runtime.session_with(Box::new(&mut told.ledger), hooks, Block::default()).expect("a session");
    session.trace(Trace { calls: true, steps: false });
    let terms = Terms { gas_limit: PLENTY, ..Terms::default() };
    let call = Call { caller: USER, target: A, terms, ..Call::default() };
    let execution = session.call(&call).expect("neither we nor the ledger failed");

    let word = |last: u8| format!("{:0>64}", format!("{last:x}"));
    let (seven, nine, code, initcode) = (word(7), word(9), hex(&code), hex(&initcode));
    let created = create_address(&A, 1);
    let lines = format!(
        r#"{{"enter":"call","depth":1,"from":"{USER}","to":"{A}","value":"0x0","gas":"0x2faf080","input":"0x"}}
{{"enter":"call","depth":2,"from":"{A}","to":"{B}","value":"0x0","gas":"0x1e8480","input":"0x00"}}
{{"enter":"call","depth":3,"from":"{B}","to":"{C}","value":"0x0","gas":"0x61a80","input":"0x00"}}
{{"leave":"SUCCESS","depth":3,"engine":"zvm","gasUsed":"_","output":"0x{seven}"}}
{{"enter":"delegate","depth":3,"from":"{B}","to":"{C}","gas":"0x9c40","input":"0x00"}}
{{"leave":"ENGINE_MISMATCH","depth":3,"gasUsed":"_","output":"0x"}}
{{"leave":"REVERT","depth":2,"engine":"evm","gasUsed":"_","output":"0x{nine}"}}
{{"enter":"create","depth":2,"from":"{A}","value":"0x3","gas":"_","code":"0x{initcode}","input":"0x"}}
{{"leave":"SUCCESS","depth":2,"engine":"evm","created":"{created}","gasUsed":"_","output":"0x{code}"}}
{{"leave":"SUCCESS","depth":1,"engine":"wasm","gasUsed":"_","output":"0x"}}"#
    );
    let heard = heard.0.take();
    assert_eq!(heard.lines().map(shown).collect::<Vec<_>>().join("\n"), lines);
    let used = format!(r#""gasUsed":"{:#x}""#, execution.gas_used + execution.gas_refund);
    assert!(heard.lines().last().is_some_and(|line| line.contains(&used)), "{used} in {heard}");

    // Nothing is other than where nobody listens.
    let changes = session.changes().expect("a usable session").list;
    let untold = stage().act();
    assert_eq!((execution, changes), (untold.execution, untold.changes));
}
