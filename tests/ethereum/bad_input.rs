//! What hostile code and hostile transactions try, by the numbers of the list of bad inputs.

use revm_bytecode::opcode::{
    CALL, CALLDATACOPY, CALLER, CODECOPY, CREATE, CREATE2, EXTCODESIZE, GAS, INVALID, JUMP, JUMPDEST, JUMPI,
    KECCAK256, LOG0, MCOPY, MLOAD, MSTORE, POP, PUSH0, PUSH1, PUSH32, RETURN, RETURNDATACOPY, RETURNDATASIZE,
    REVERT, SELFDESTRUCT, SLOAD, STATICCALL, SUB,
};
use zvm::crypto::address::{create_address, create2_address};
use zvm::crypto::hash::keccak256;
use zvm::{
    Account, Address, Bytes, Config, Deploy, EthereumTransaction, Halt, Kind, Limits, Outcome, Rejection,
    Revision, Rules, Runtime, Status, Stopwatch, Terms, Word,
};

use crate::code::Code;
use crate::world::{
    ALICE, FIRST, SECOND, block, call, commit, ledger, runtime, slot, transact, transaction, with,
};

const GAS_LIMIT: u64 = 1_000_000;

/// How this code ends, run with so much gas, and what it used.
fn ends(code: Code, gas: u64) -> (Outcome, u64) {
    let runtime = runtime(Revision::default());
    let mut ledger = with(&[(FIRST, code)]);
    let mut session = runtime.session(&mut ledger, block());
    let done = session.call(&call(FIRST, gas)).unwrap();
    assert_eq!(done.gas_used + done.gas_left, gas);
    (done.outcome, done.gas_used)
}

fn halts(code: Code, halt: Halt) {
    let shown = format!("{code:?}");
    // A halt takes all gas.
    assert_eq!(ends(code, GAS_LIMIT), (Outcome::Halt(halt), GAS_LIMIT), "{shown}");
}

/// No gas that a block has would pay for this much memory, and no session has it.
fn ends_dry(code: Code) {
    let shown = format!("{code:?}");
    let (outcome, used) = ends(code, GAS_LIMIT);
    let dry = [Outcome::Halt(Halt::OutOfGas), Outcome::Halt(Halt::MemoryLimit)].contains(&outcome);
    assert!(dry && used == GAS_LIMIT, "{outcome:?}, {used}: {shown}");
}

fn rejection(transaction: &EthereumTransaction, revision: Revision) -> Option<Rejection> {
    let runtime = runtime(revision);
    let mut ledger = with(&[(FIRST, Code::new())]);
    let mut session = runtime.session(&mut ledger, block());
    let error = session.run_ethereum(transaction, Stopwatch::default()).err()?;
    assert_eq!(error.status, Status::Rejected);
    assert!(session.changes().unwrap().is_empty());
    Rejection::from_number(error.reason)
}

#[test]
fn a_push_that_the_code_cuts_short_pushes_zeros_and_the_code_ends() {
    for length in [0, 1, 31] {
        let cut = Code::new().op(PUSH32).ops(&vec![1; length]);
        assert_eq!(ends(cut, GAS_LIMIT), (Outcome::Success, 3), "{length}");
    }
}

#[test]
fn a_jump_leads_to_a_jumpdest_that_is_no_data_or_nowhere() {
    let word = |word: Word| Code::new().push_word(&word);
    for to in [word(Word::from(1 << 40)), word(Word::MAX), Code::new().push(0), Code::new().push(3)] {
        halts(to.clone().op(JUMP), Halt::InvalidJump);
        halts(Code::new().push(1).ops(&to.bytes()).op(JUMPI), Halt::InvalidJump);
    }
    // Byte 4 is a JUMPDEST that is pushed.
    halts(Code::new().push(4).op(JUMP).op(PUSH1).op(JUMPDEST), Halt::InvalidJump);
}

#[test]
fn what_is_no_instruction_and_what_underflows_or_overflows_the_stack_takes_all_gas() {
    for byte in [0x0c, 0x21, 0xef, INVALID] {
        halts(Code::new().op(byte), Halt::InvalidOpcode);
    }
    halts(Code::new().op(POP), Halt::StackUnderflow);
    halts(Code::new().ops(&[PUSH0; 1025]), Halt::StackOverflow);
    assert_eq!(ends(Code::new().ops(&[PUSH0; 1024]), GAS_LIMIT), (Outcome::Success, 2048));
}

#[test]
fn an_opcode_of_a_later_fork_is_none() {
    let of = |revision| {
        let runtime = runtime(revision);
        let mut ledger = with(&[(FIRST, Code::new().op(PUSH0))]);
        let mut session = runtime.session(&mut ledger, block());
        session.call(&call(FIRST, GAS_LIMIT)).unwrap().outcome
    };
    assert_eq!(of(Revision::Paris), Outcome::Halt(Halt::InvalidOpcode));
    assert_eq!(of(Revision::Shanghai), Outcome::Success);
}

#[test]
fn n028_absurd_offsets_and_lengths_are_out_of_gas_before_anything_is_copied() {
    for absurd in [Word::MAX, Word::from(u64::MAX), Word::from(1 << 40), Word::from(u64::from(u32::MAX))] {
        let far = |ops: &[u8]| Code::new().push_word(&absurd).ops(ops);
        let long = |ops: &[u8]| Code::new().push_word(&absurd).push(0).push(0).ops(ops);
        ends_dry(far(&[MLOAD]));
        ends_dry(Code::new().push(1).push_word(&absurd).op(MSTORE));
        ends_dry(Code::new().push_word(&absurd).push(0).op(KECCAK256));
        ends_dry(Code::new().push_word(&absurd).push(0).op(RETURN));
        ends_dry(Code::new().push_word(&absurd).push(0).op(REVERT));
        ends_dry(Code::new().push_word(&absurd).push(0).op(LOG0));
        ends_dry(long(&[CALLDATACOPY]));
        ends_dry(long(&[CODECOPY]));
        ends_dry(long(&[MCOPY]));
        let input = Code::new().push(0).push(0).push_word(&absurd).push(0).push(0).push_address(&SECOND);
        ends_dry(input.op(GAS).op(CALL));
        let output = Code::new().push_word(&absurd).push(0).push(0).push(0).push(0).push_address(&SECOND);
        ends_dry(output.op(GAS).op(CALL));
    }
    // An offset of nothing is no place: whatever it is, it costs nothing.
    let nothing = Code::new().push(0).push_word(&Word::MAX).op(KECCAK256);
    assert_eq!(ends(nothing, GAS_LIMIT).0, Outcome::Success);
    halts(Code::new().push(1).push(0).push(0).op(RETURNDATACOPY), Halt::ReturnBounds);
}

#[test]
fn n031_gas_at_its_edges() {
    let gas = |limit| EthereumTransaction { gas_limit: limit, ..transaction(Some(FIRST), 0) };
    assert_eq!(rejection(&gas(0), Revision::Osaka), Some(Rejection::IntrinsicGas));
    assert_eq!(rejection(&gas(20_999), Revision::Osaka), Some(Rejection::IntrinsicGas));
    assert_eq!(rejection(&gas(21_000), Revision::Osaka), None);
    assert_eq!(rejection(&gas(1 << 24), Revision::Osaka), None);
    assert_eq!(rejection(&gas((1 << 24) + 1), Revision::Osaka), Some(Rejection::GasOverCap));
    assert_eq!(rejection(&gas((1 << 24) + 1), Revision::Prague), None);
    assert_eq!(rejection(&gas(u64::MAX), Revision::Prague), None);
    let dear = EthereumTransaction { gas_price: Word::MAX, ..gas(21_000) };
    assert_eq!(rejection(&dear, Revision::Prague), Some(Rejection::Funds));
    // A plain call takes any gas within the limits, none included.
    assert_eq!(ends(Code::new(), 0), (Outcome::Success, 0));
    assert_eq!(ends(Code::new().push(0), 0), (Outcome::Halt(Halt::OutOfGas), 0));
    let limit = zvm::Limits::default().gas;
    assert_eq!(ends(Code::new().op(GAS).op(POP), limit), (Outcome::Success, 4));
}

#[test]
fn n112_nonces_chains_and_senders_that_do_not_fit_are_rejected() {
    let fine = transaction(Some(FIRST), 100_000);
    let chain_id = Some(Word::from(2));
    let rejected = |transaction| rejection(&transaction, Revision::Osaka);
    assert_eq!(rejected(fine.clone()), None);
    assert_eq!(rejected(EthereumTransaction { nonce: 1, ..fine.clone() }), Some(Rejection::NonceTooHigh));
    let last = EthereumTransaction { nonce: u64::MAX, ..fine.clone() };
    assert_eq!(rejected(last), Some(Rejection::NonceOverflow));
    assert_eq!(rejected(EthereumTransaction { chain_id, ..fine.clone() }), Some(Rejection::ChainId));
    let contract = EthereumTransaction { sender: FIRST, nonce: 1, ..fine.clone() };
    let runtime = runtime(Revision::Osaka);
    let mut ledger = with(&[(FIRST, Code::new().push(0))]);
    let mut session = runtime.session(&mut ledger, block());
    let error = session.run_ethereum(&contract, Stopwatch::default()).unwrap_err();
    assert_eq!(error.reason, Rejection::SenderHasCode as u32);
    // What ran cannot run again.
    transact(&mut session, &fine);
    let error = session.run_ethereum(&fine, Stopwatch::default()).unwrap_err();
    assert_eq!(error.reason, Rejection::NonceTooLow as u32);
}

/// A call of a precompile with so much gas and so long an input; whether it succeeded is in slot 0.
fn precompile(number: u8, gas: u64, input_len: u64) -> (Outcome, Word) {
    let mut at = Address::ZERO;
    at.0[19] = number;
    let code = Code::new().push(0).push(0).push(input_len).push(0).push_address(&at).push(gas).op(STATICCALL);
    let runtime = runtime(Revision::Osaka);
    let mut ledger = with(&[(FIRST, code.keep(0))]);
    let mut session = runtime.session(&mut ledger, block());
    let done = session.call(&call(FIRST, 100_000_000)).unwrap();
    commit(session);
    (done.outcome, slot(&ledger, FIRST, 0))
}

#[test]
fn n051_a_precompile_with_too_little_gas_fails_and_the_caller_goes_on() {
    // SHA-256 of nothing, RIPEMD-160, identity, ecrecover: price for no input.
    for (number, price) in [(2, 60), (3, 600), (4, 15), (1, 3000)] {
        for (gas, success) in [(0, 0), (1, 0), (price - 1, 0), (price, 1), (price + 1, 1)] {
            let expected = (Outcome::Success, Word::from(success));
            assert_eq!(precompile(number, gas, 0), expected, "precompile {number}, gas {gas}");
        }
    }
}

#[test]
fn precompiles_take_inputs_of_every_length() {
    for number in 1..=17 {
        for len in [
            0, 1, 31, 32, 63, 64, 95, 96, 127, 128, 159, 160, 191, 192, 193, 212, 213, 214, 255, 256, 288,
            384, 512,
        ] {
            let (outcome, success) = precompile(number, 1_000_000, len);
            assert_eq!(outcome, Outcome::Success, "precompile {number}, {len} bytes");
            assert!(success <= Word::from(1));
        }
    }
}

#[test]
fn n053_a_64th_of_the_gas_stays_with_the_caller() {
    // The callee uses all it gets; the caller has the rest to store that.
    let mut at_most = Vec::new();
    for asked in [Word::ZERO, Word::from(1_000), Word::from(u64::MAX), Word::MAX] {
        let callee = Code::new().op(INVALID);
        let caller =
            Code::new().push(0).push(0).push(0).push(0).push(0).push_address(&SECOND).push_word(&asked);
        let runtime = runtime(Revision::Osaka);
        let mut ledger = with(&[(FIRST, caller.op(CALL).op(POP)), (SECOND, callee)]);
        let mut session = runtime.session(&mut ledger, block());
        let done = session.call(&call(FIRST, 640_000)).unwrap();
        assert_eq!(done.outcome, Outcome::Success, "{asked}");
        at_most.push(done.gas_used);
    }
    // Five pushes of 3 at most, PUSH0 none; the cold account, then what was given.
    let base = at_most[0];
    assert_eq!(at_most[1], base + 1_000);
    // The POP comes after the call.
    let left = 640_000 - (base - 2);
    assert_eq!(at_most[2], base + left - left / 64);
    assert_eq!(at_most[2], at_most[3]);
}

#[test]
fn n054_a_taken_address_is_a_collision_and_a_balance_is_no_hindrance() {
    let initcode = Code::new().op(JUMPDEST).initcode();
    let maker =
        Code::new().memory(0, &initcode).push(3).push(initcode.len() as u64).push(0).push(0).op(CREATE2);
    let made = create2_address(&FIRST, &Word::from(3), &keccak256(&initcode));
    let of = |prepare: &dyn Fn(&mut zvm::MemoryLedger)| {
        let runtime = runtime(Revision::Osaka);
        let mut ledger = with(&[(FIRST, maker.clone().keep(0))]);
        prepare(&mut ledger);
        let mut session = runtime.session(&mut ledger, block());
        let done = session.call(&call(FIRST, GAS_LIMIT)).unwrap();
        assert_eq!(done.outcome, Outcome::Success);
        commit(session);
        (slot(&ledger, FIRST, 0) != Word::ZERO, ledger.account_at(&FIRST).unwrap().nonce)
    };
    let balance = Account { balance: Word::from(5), ..Account::default() };
    assert_eq!(of(&|_| ()), (true, 2));
    assert_eq!(of(&|ledger| ledger.set_account(made, balance)), (true, 2));
    // The creator's nonce grows all the same.
    assert_eq!(of(&|ledger| ledger.set_account(made, Account { nonce: 1, ..balance })), (false, 2));
    assert_eq!(
        of(&|ledger| {
            let code_hash = keccak256(b"x");
            ledger.set_account(made, Account { code_hash, ..balance });
            ledger.set_code(code_hash, Bytes::from(*b"x"));
        }),
        (false, 2)
    );
    // EIP-7610: storage alone.
    assert_eq!(
        of(&|ledger| {
            ledger.set_account(made, balance);
            ledger.set_storage(made, Word::from(1).0, Word::from(1).0);
        }),
        (false, 2)
    );
}

#[test]
fn n055_a_constructor_may_call_itself_and_return_nothing_and_not_too_much() {
    let returns = |len: u64| Code::new().push(len).push(0).op(RETURN);
    let own = create_address(&ALICE, 0);
    let calls_itself = Code::new().call(&own, 0).keep(0).push_address(&own).op(EXTCODESIZE).keep(1);
    let deploy = |code: Code| {
        let runtime = runtime(Revision::Osaka);
        let mut ledger = ledger();
        let mut session = runtime.session(&mut ledger, block());
        let terms = Terms { gas_limit: 10_000_000, ..Terms::default() };
        let deploy = Deploy { code: code.bytes().into(), ..Deploy::by(ALICE, terms) };
        let done = session.deploy(&deploy).unwrap();
        commit(session);
        (done.outcome, ledger.account_at(&own).map(|account| account.has_code()), slot(&ledger, own, 0))
    };
    assert_eq!(deploy(returns(0)), (Outcome::Success, Some(false), Word::ZERO));
    assert_eq!(deploy(returns(24_576)), (Outcome::Success, Some(true), Word::ZERO));
    assert_eq!(deploy(returns(24_577)), (Outcome::Halt(Halt::InvalidCode), None, Word::ZERO));
    assert_eq!(deploy(returns(64 << 10)), (Outcome::Halt(Halt::InvalidCode), None, Word::ZERO));
    // It has no code yet, so that it calls nothing.
    assert_eq!(deploy(calls_itself), (Outcome::Success, Some(false), Word::from(1)));
    let reserved = Code::new().push(0xef).push(0).op(MSTORE).push(1).push(31).op(RETURN);
    assert_eq!(deploy(reserved).0, Outcome::Halt(Halt::InvalidCode));
}

#[test]
fn n019_initcode_over_the_limit_and_code_that_begins_with_ef_are_refused() {
    let runtime = runtime(Revision::Osaka);
    let mut ledger = ledger();
    let mut session = runtime.session(&mut ledger, block());
    let terms = Terms { gas_limit: 10_000_000, ..Terms::default() };
    let deploy = |code: Vec<u8>| Deploy { code: code.into(), ..Deploy::by(ALICE, terms.clone()) };
    assert_eq!(session.deploy(&deploy(vec![0; 49_152])).unwrap().outcome, Outcome::Success);
    let refused = |session: &mut zvm::Session<'_>, code| session.deploy(&deploy(code)).unwrap_err().status;
    assert_eq!(refused(&mut session, vec![0; 49_153]), Status::CodeTooLarge);
    assert_eq!(refused(&mut session, vec![0xef, 0, 1]), Status::CodeFormat);
    assert_eq!(refused(&mut session, Vec::new()), Status::CodeFormat);
    // The opcodes have the same limit.
    let create = Code::new().push(49_153).push(0).push(0).op(CREATE);
    halts(create, Halt::TooLong);
    let long = EthereumTransaction { input: vec![0; 49_153], to: None, ..transaction(None, 10_000_000) };
    assert_eq!(rejection(&long, Revision::Osaka), Some(Rejection::InitcodeTooLong));
}

#[test]
fn n058_a_return_bomb_costs_who_returns_it_and_its_caller_only_what_it_copies() {
    let bomb = Code::new().push(1 << 20).push(0).op(RETURN);
    let caller = Code::new().push(32).push(0).push(0).push(0).push(0).push_address(&SECOND).op(GAS).op(CALL);
    let caller = caller.op(RETURNDATASIZE).keep(0).op(POP);
    let runtime = runtime(Revision::Osaka);
    let mut ledger = with(&[(FIRST, caller), (SECOND, bomb)]);
    let mut session = runtime.session(&mut ledger, block());
    let done = session.call(&call(FIRST, 10_000_000)).unwrap();
    assert_eq!(done.outcome, Outcome::Success);
    commit(session);
    assert_eq!(slot(&ledger, FIRST, 0), Word::from(1 << 20));
}

#[test]
fn n025_memory_ends_at_the_limit_of_the_session_whatever_gas_there_is() {
    let limit = 1 << 20;
    let limits = Limits { evm_memory_bytes: limit, ..Limits::default() };
    let rules = Rules { limits: limits.clone(), ..Rules::default() };
    let runtime = Runtime::new(Config { rules, ..Config::default() }).unwrap();
    let of = |first: Code, second: Code| {
        let mut ledger = with(&[(FIRST, first), (SECOND, second)]);
        let mut session = runtime.session(&mut ledger, block());
        session.call(&call(FIRST, limits.gas)).unwrap().outcome
    };
    let touch = |at: u64| Code::new().push(at).op(MLOAD).op(POP);
    assert_eq!(of(touch(limit - 32), Code::new()), Outcome::Success);
    assert_eq!(of(touch(limit - 31), Code::new()), Outcome::Halt(Halt::MemoryLimit));
    // The frames of a run together: what the caller holds the callee has not.
    let half = touch(limit / 2 - 32).call(&SECOND, 0).push(0).op(MSTORE).push(32).push(0).op(RETURN);
    assert_eq!(of(half.clone(), touch(limit / 2 - 32)), Outcome::Success);
    let done = {
        let mut ledger = with(&[(FIRST, half), (SECOND, touch(limit / 2))]);
        let mut session = runtime.session(&mut ledger, block());
        session.call(&call(FIRST, limits.gas)).unwrap()
    };
    assert_eq!((done.outcome, done.output), (Outcome::Success, Word::ZERO.0.to_vec()));
}

#[test]
fn n049_nothing_writes_below_a_static_call() {
    let writes = [
        Code::new().store(0, 1),
        Code::new().push(0).push(0).op(LOG0),
        Code::new().push(0).push(0).push(0).op(CREATE),
        Code::new().op(CALLER).op(SELFDESTRUCT),
        Code::new().call(&ALICE, 1),
        Code::new().push(1).push(0).op(revm_bytecode::opcode::TSTORE),
    ];
    for write in writes {
        let runtime = runtime(Revision::Osaka);
        let mut ledger = with(&[(FIRST, write.clone())]);
        let mut session = runtime.session(&mut ledger, block());
        let mut read_only = call(FIRST, GAS_LIMIT);
        read_only.is_static = true;
        let done = session.call(&read_only).unwrap();
        assert_eq!((done.outcome.kind(), done.gas_left), (Kind::StaticWrite, 0), "{write:?}");
        assert!(session.changes().unwrap().is_empty());
    }
    let reads = Code::new().push(0).op(SLOAD).push(1).op(SUB);
    assert_eq!(ends(reads, GAS_LIMIT).0, Outcome::Success);
}
