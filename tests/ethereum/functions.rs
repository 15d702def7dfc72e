//! Pure host functions as precompiled contracts, where the rules offer them.

use fips204::ml_dsa_44;
use fips204::traits::{KeyGen, SerDes, Signer};
use revm_bytecode::opcode::{
    CALLDATACOPY, CALLDATASIZE, GAS, MSTORE, PUSH0, RETURN, RETURNDATASIZE, STATICCALL,
};
use zvm::crypto::hash;
use zvm::{Address, Config, Halt, Outcome, Rules, Runtime, Word};

use crate::code::Code;
use crate::world::{FIRST, block, call, ledger, transact, transaction, with};

const SHA3: u16 = 0x62;
const BLAKE3: u16 = 0x63;
const BLAKE2B: u16 = 0x64;
const VERIFY: u16 = 0x71;
const MLDSA44: u64 = 16;
const GAS_LIMIT: u64 = 30_000_000;

type Hash = fn(&[u8]) -> Word;

fn offering() -> Runtime {
    let rules = Rules { evm_host_functions: true, ..Rules::default() };
    Runtime::new(Config { rules, ..Config::default() }).unwrap()
}

fn at(number: u16) -> Address {
    let mut address = Address::ZERO;
    address.0[15..18].copy_from_slice(b"ZVM");
    address.0[18..].copy_from_slice(&number.to_be_bytes());
    address
}

/// Hands its input on, and returns the success of that and how much came back, then a word of it.
fn caller(to: &Address) -> Code {
    let code = Code::new().op(CALLDATASIZE).ops(&[PUSH0, PUSH0, CALLDATACOPY]);
    let code = code.push(32).push(64).op(CALLDATASIZE).op(PUSH0).push_address(to).op(GAS).op(STATICCALL);
    let code = code.op(PUSH0).op(MSTORE).op(RETURNDATASIZE).push(32).op(MSTORE);
    code.push(96).op(PUSH0).op(RETURN)
}

/// What a contract gets of a function: whether it succeeded, how many bytes came back, and the word.
fn asked(runtime: &Runtime, number: u16, input: &[u8]) -> (bool, u64, Word) {
    let mut ledger = with(&[(FIRST, caller(&at(number)))]);
    let mut session = runtime.session(&mut ledger, block());
    let request = zvm::Call { input: input.to_vec(), ..call(FIRST, GAS_LIMIT) };
    let done = session.call(&request).unwrap();
    assert_eq!(done.outcome, Outcome::Success);
    let word = |at: usize| Word::from_bytes(&done.output[32 * at..32 * at + 32]).unwrap();
    (word(0) == Word::from(1), word(1).to_u64().unwrap(), word(2))
}

/// The input of a verification.
fn signed(algorithm: Word, message: &[u8], signature: &[u8], key: &[u8], context: &[u8]) -> Vec<u8> {
    let len = |part: &[u8]| Word::from(part.len() as u64).0;
    let head = [algorithm.0, len(message), len(signature), len(key)].concat();
    [&head[..], message, signature, key, context].concat()
}

#[test]
fn contracts_hash_as_contracts_of_other_engines_do() {
    let runtime = offering();
    let hashes: [(u16, Hash); 3] =
        [(SHA3, hash::sha3_256), (BLAKE3, hash::blake3), (BLAKE2B, hash::blake2b_256)];
    for (number, function) in hashes {
        for len in [0, 1, 32, 1_000] {
            let input = vec![7; len];
            let (success, returned, word) = asked(&runtime, number, &input);
            assert_eq!((success, returned), (true, 32), "{number:#x} of {len} bytes");
            assert_eq!(word, function(&input), "{number:#x} of {len} bytes");
        }
    }
}

#[test]
fn contracts_verify_mldsa_under_a_context() {
    let runtime = offering();
    let (key, secret) = ml_dsa_44::KG::keygen_from_seed(&[1; 32]);
    let (key, context) = (key.into_bytes(), b"a context");
    let signature = secret.try_sign_with_seed(&[0; 32], b"message", context).unwrap();
    let mldsa = Word::from(MLDSA44);
    let valid = signed(mldsa, b"message", &signature, &key, context);
    assert_eq!(asked(&runtime, VERIFY, &valid), (true, 32, Word::from(1)));
    for (message, context) in [(&b"Message"[..], &context[..]), (b"message", b""), (b"messagea", b" context")]
    {
        let invalid = signed(mldsa, message, &signature, &key, context);
        assert_eq!(asked(&runtime, VERIFY, &invalid), (true, 32, Word::ZERO), "{message:?} {context:?}");
    }
}

#[test]
fn n058_a_verification_of_what_is_none_fails_and_takes_its_gas() {
    let runtime = offering();
    let (key, secret) = ml_dsa_44::KG::keygen_from_seed(&[1; 32]);
    let key = key.into_bytes();
    let signature = secret.try_sign_with_seed(&[0; 32], b"message", b"").unwrap();
    let mldsa = Word::from(MLDSA44);
    let valid = signed(mldsa, b"message", &signature, &key, b"");
    let mut bad = vec![
        Vec::new(),
        valid[..1].to_vec(),
        valid[..127].to_vec(),
        // No message, no signature, no key.
        valid[..128].to_vec(),
        // The key is cut.
        valid[..valid.len() - 1].to_vec(),
        // No such algorithm, and none that fits its scalar.
        signed(Word::from(99), b"message", &signature, &key, b""),
        signed(Word::from(1 << 32 | MLDSA44), b"message", &signature, &key, b""),
        signed(Word::MAX, b"message", &signature, &key, b""),
        // What is no key.
        signed(mldsa, b"message", &signature, &key[1..], b""),
    ];
    for field in 1..4 {
        for len in [u64::from(u32::MAX), 1 << 32, u64::MAX] {
            let mut input = valid.clone();
            input[32 * field..32 * field + 32].copy_from_slice(&Word::from(len).0);
            bad.push(input);
        }
        let mut input = valid.clone();
        input[32 * field] = 1;
        bad.push(input);
    }
    for input in bad {
        let (success, returned, _) = asked(&runtime, VERIFY, &input);
        assert_eq!((success, returned), (false, 0), "{:?}", &input[..input.len().min(128)]);
    }
}

#[test]
fn a_function_costs_what_the_schedule_says_and_is_warm() {
    let (runtime, price) = (offering(), Rules::default().schedule.blake3);
    let mut ledger = ledger();
    let mut session = runtime.session(&mut ledger, block());
    let mut asks = transaction(Some(at(BLAKE3)), 21_000 + price);
    let done = transact(&mut session, &asks);
    assert_eq!((done.outcome, done.gas_used), (Outcome::Success, 21_000 + price));
    assert_eq!(done.output, hash::blake3(b"").0);
    (asks.nonce, asks.gas_limit) = (1, 21_000 + price - 1);
    let done = transact(&mut session, &asks);
    assert_eq!((done.outcome, done.gas_used), (Outcome::Halt(Halt::OutOfGas), 21_000 + price - 1));
    // A call of it is a call of what is warm: 100, three words of memory and the code around it.
    let mut ledger = with(&[(FIRST, caller(&at(BLAKE3)))]);
    let mut session = runtime.session(&mut ledger, block());
    let warm = session.call(&call(FIRST, GAS_LIMIT)).unwrap().gas_used;
    let mut ledger = with(&[(FIRST, caller(&Address([0xee; 20])))]);
    let mut session = runtime.session(&mut ledger, block());
    let cold = session.call(&call(FIRST, GAS_LIMIT)).unwrap().gas_used;
    assert_eq!(warm - price, cold - 2_500);
}

#[test]
fn n058_a_message_is_as_long_as_a_host_function_takes_it() {
    let (runtime, most) = (offering(), u64::from(Rules::default().limits.message_bytes));
    for (len, success) in [(most, 1), (most + 1, 0)] {
        let code = Code::new().push(0).push(0).push(len).push(0).push_address(&at(BLAKE3)).op(GAS);
        let mut ledger = with(&[(FIRST, code.op(STATICCALL).return_top())]);
        let mut session = runtime.session(&mut ledger, block());
        let done = session.call(&call(FIRST, GAS_LIMIT)).unwrap();
        assert_eq!((done.outcome, done.output), (Outcome::Success, Word::from(success).0.to_vec()));
    }
}

#[test]
fn nothing_is_there_unless_it_is_offered_nor_beside_what_is() {
    let plain = Runtime::new(Config::default()).unwrap();
    assert_ne!(plain.fingerprint(), offering().fingerprint());
    for number in [SHA3, BLAKE3, BLAKE2B, VERIFY] {
        assert_eq!(asked(&plain, number, b"abc"), (true, 0, Word::ZERO));
    }
    // Other functions, and what none has.
    for number in [0, 0x60, 0x61, 0x65, 0x70, 0x72, 0x76, 0x78, 0x6300, u16::MAX] {
        assert_eq!(asked(&offering(), number, b"abc"), (true, 0, Word::ZERO), "{number:#x}");
    }
    let mut ledger = ledger();
    let mut session = plain.session(&mut ledger, block());
    let done = transact(&mut session, &transaction(Some(at(BLAKE3)), 100_000));
    assert_eq!((done.outcome, done.gas_used, done.output), (Outcome::Success, 21_000, Vec::new()));
}
