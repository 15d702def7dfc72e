//! The example contracts in ZVM assembly.

use zvm::crypto::hash::keccak256;
use zvm::{
    Account, Address, Block, Call, Deploy, Execution, MemoryLedger, Outcome, Runtime, Session, Terms, Word,
};

use crate::world::{PLENTY, program};

const ALICE: Address = Address([0xa1; 20]);
const BOB: Address = Address([0xb0; 20]);

pub(crate) fn example(name: &str) -> Vec<u8> {
    let path = format!("{}/contracts/zvm/{name}.zasm", env!("CARGO_MANIFEST_DIR"));
    program(&std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}")))
}

fn deploy(session: &mut Session<'_>, name: &str) -> Address {
    let terms = Terms { gas_limit: PLENTY, ..Terms::default() };
    let deploy = Deploy { code: example(name).into(), ..Deploy::by(ALICE, terms) };
    session.deploy(&deploy).expect("a kind ledger").created.expect("a contract")
}

fn call(session: &mut Session<'_>, caller: Address, target: Address, input: &[u8]) -> Execution {
    let terms = Terms { gas_limit: 1_000_000, ..Terms::default() };
    let call = Call { caller, target, input: input.to_vec(), terms, ..Call::default() };
    session.call(&call).expect("a kind ledger")
}

fn with_session(story: impl FnOnce(&mut Session<'_>)) {
    let mut ledger = MemoryLedger::new();
    ledger.set_account(ALICE, Account::default());
    let runtime = Runtime::new(zvm::Config::default()).expect("a runtime");
    story(&mut runtime.session(&mut ledger, Block::default()));
}

fn padded(address: Address) -> [u8; 32] {
    let mut word = [0; 32];
    word[12..].copy_from_slice(&address.0);
    word
}

/// Calldata as ERC-20 has it.
fn calldata(signature: &str, arguments: &[[u8; 32]]) -> Vec<u8> {
    [&keccak256(signature.as_bytes()).0[..4], arguments.concat().as_slice()].concat()
}

fn number(done: &Execution) -> Word {
    assert_eq!(done.outcome, Outcome::Success, "{}", String::from_utf8_lossy(&done.output));
    Word(done.output[..].try_into().expect("a word"))
}

#[test]
fn the_counter_counts() {
    with_session(|session| {
        let counter = deploy(session, "counter");
        for count in 1..=3 {
            let done = call(session, BOB, counter, &[]);
            assert_eq!(number(&done), Word::from(count));
            assert_eq!(done.logs.len(), 1);
            assert_eq!(&done.logs[0].topics[0].0[..11], b"Incremented");
            assert_eq!(&*done.logs[0].data, Word::from(count).0);
        }
        assert_eq!(number(&call(session, BOB, counter, &[1])), Word::from(3));
    });
}

#[test]
fn the_caller_ends_as_what_it_calls() {
    with_session(|session| {
        let (counter, caller, token) =
            (deploy(session, "counter"), deploy(session, "caller"), deploy(session, "token"));
        let done = call(session, BOB, caller, &padded(counter));
        assert_eq!((number(&done), done.logs[0].address), (Word::from(1), counter));
        // Through two of them.
        let input = [padded(caller), padded(counter)].concat();
        assert_eq!(number(&call(session, BOB, caller, &input)), Word::from(2));
        let input = [&padded(token)[..], &[1, 2, 3, 4]].concat();
        let done = call(session, BOB, caller, &input);
        assert_eq!((done.outcome, &done.output[..]), (Outcome::Revert, &b"bad input"[..]));
        assert_eq!(call(session, BOB, caller, &[1]).outcome, Outcome::Revert);
    });
}

#[test]
fn the_token_is_a_token() {
    with_session(|session| {
        let token = deploy(session, "token");
        let amount = |amount: u64| Word::from(amount).0;
        let mut act = |caller, signature: &str, arguments: &[[u8; 32]]| {
            call(session, caller, token, &calldata(signature, arguments))
        };
        let done = act(ALICE, "init(uint256)", &[amount(1000)]);
        assert_eq!(number(&done), Word::from(1));
        let transfer = keccak256(b"Transfer(address,address,uint256)");
        assert_eq!(done.logs[0].topics, [transfer, Word::ZERO, Word(padded(ALICE))]);
        assert_eq!(act(BOB, "init(uint256)", &[amount(1)]).output, b"already initialised");

        let done = act(ALICE, "transfer(address,uint256)", &[padded(BOB), amount(300)]);
        assert_eq!(done.logs[0].topics, [transfer, Word(padded(ALICE)), Word(padded(BOB))]);
        assert_eq!(&*done.logs[0].data, amount(300));
        let done = act(BOB, "transfer(address,uint256)", &[padded(ALICE), amount(301)]);
        assert_eq!((done.outcome, &done.output[..]), (Outcome::Revert, &b"insufficient balance"[..]));
        // To oneself nothing changes.
        assert_eq!(
            number(&act(BOB, "transfer(address,uint256)", &[padded(BOB), amount(300)])),
            Word::from(1)
        );

        let take = [padded(ALICE), padded(BOB), amount(50)];
        let done = act(BOB, "transferFrom(address,address,uint256)", &take);
        assert_eq!((done.outcome, &done.output[..]), (Outcome::Revert, &b"insufficient allowance"[..]));
        let done = act(ALICE, "approve(address,uint256)", &[padded(BOB), amount(70)]);
        let approval = keccak256(b"Approval(address,address,uint256)");
        assert_eq!(done.logs[0].topics, [approval, Word(padded(ALICE)), Word(padded(BOB))]);
        assert_eq!(number(&act(BOB, "transferFrom(address,address,uint256)", &take)), Word::from(1));
        for (signature, arguments, answer) in [
            ("allowance(address,address)", vec![padded(ALICE), padded(BOB)], 20),
            ("balanceOf(address)", vec![padded(ALICE)], 650),
            ("balanceOf(address)", vec![padded(BOB)], 350),
            ("totalSupply()", vec![], 1000),
        ] {
            assert_eq!(number(&act(BOB, signature, &arguments)), Word::from(answer), "{signature}");
        }
        assert_eq!(act(BOB, "burn(uint256)", &[amount(1)]).output, b"bad input");
    });
}
