//! The two doors to the algorithms: a contract that calls the host function, and the C helper. Whoever
//! asks asks both, and they must say the same.

use std::cell::RefCell;

use zvm::ffi::crypto::*;
use zvm::ffi::types::{zvm_address, zvm_bytes, zvm_point, zvm_word};
use zvm::host::kinds::Scalar;
use zvm::host::table::HostFunction;
use zvm::{
    Account, Address, Block, Call, Config, Execution, MemoryLedger, Outcome, Runtime, Session, Terms, Word,
};

/// Where the bytes of a call go, where its result does, and where its answers do.
const PAYLOAD: u32 = 4096;
const RESULT: u32 = 512;
const ANSWER: u32 = 1024;
/// Gas for anything.
pub(crate) const PLENTY: u64 = 1 << 40;

/// What came of a host function.
pub(crate) struct Answered {
    pub(crate) execution: Execution,
    /// What it returned, where it did.
    pub(crate) result: i32,
    /// The first bytes at the answer's place.
    pub(crate) answer: Vec<u8>,
}

/// Calls the host function of this name. Byte arguments are put into memory, `Out` is the answer's place.
pub(crate) fn host(name: &str, arguments: &[Argument<'_>], gas: u64) -> Answered {
    thread_local! {
        static SESSION: RefCell<Session<'static>> = RefCell::new(session());
    }
    let (scalars, payload) = laid_out(arguments);
    let mut input: Vec<u8> = scalars.iter().flat_map(|scalar| scalar.to_le_bytes()).collect();
    input.resize(PAYLOAD as usize, 0);
    input.extend(payload);
    let terms = Terms { gas_limit: gas, ..Terms::default() };
    let call = Call { target: place(name), input, terms, ..Call::default() };
    let execution = SESSION.with_borrow_mut(|session| session.query(&call)).expect("an outcome");
    let (mut result, mut answer) = (0, Vec::new());
    if execution.outcome == Outcome::Success {
        result = i32::from_le_bytes(execution.output[..4].try_into().expect("4 bytes"));
        answer = execution.output[4..].to_vec();
    }
    Answered { execution, result, answer }
}

/// An argument of a host function.
#[derive(Clone, Copy)]
pub(crate) enum Argument<'a> {
    /// A number.
    Number(u32),
    /// A region: pointer and length.
    Region(&'a [u8]),
    /// A pointer to bytes whose length the function knows.
    Pointer(&'a [u8]),
    /// A pointer to the answer's place.
    Out,
    /// A pointer behind that place, for a second answer.
    SecondOut,
    /// A pointer and a capacity there.
    Buffer(u32),
}
use Argument::{Buffer, Number, Out, Pointer, Region, SecondOut};

/// Where a second answer goes, behind the longest first one.
pub(crate) const SECOND: u32 = 2048;

fn laid_out(arguments: &[Argument<'_>]) -> (Vec<u32>, Vec<u8>) {
    let (mut scalars, mut payload) = (Vec::new(), Vec::new());
    let mut put = |bytes: &[u8]| {
        let at = PAYLOAD + payload.len() as u32;
        payload.extend_from_slice(bytes);
        at
    };
    for argument in arguments {
        match argument {
            Number(number) => scalars.push(*number),
            Region(bytes) => scalars.extend([put(bytes), bytes.len() as u32]),
            Pointer(bytes) => scalars.push(put(bytes)),
            Out => scalars.push(ANSWER),
            SecondOut => scalars.push(ANSWER + SECOND),
            Buffer(cap) => scalars.extend([ANSWER, *cap]),
        }
    }
    (scalars, payload)
}

fn place(name: &str) -> Address {
    let number = HostFunction::by_name(name).expect("a host function").row().number;
    Address([number as u8; 20])
}

/// One contract for each pure function.
fn session() -> Session<'static> {
    let mut config = Config::default();
    config.rules.allow_kem = true;
    let mut ledger = MemoryLedger::new();
    for function in HostFunction::ALL.iter().filter(|function| function.row().number >= 0x60) {
        let code = wat::parse_str(contract(*function)).expect("a module");
        let code_hash = zvm::crypto::hash::keccak256(&code);
        ledger.set_code(code_hash, code);
        ledger.set_account(place(function.row().name), Account { code_hash, ..Account::default() });
    }
    let ledger = Box::leak(Box::new(ledger));
    Runtime::new(config).expect("a runtime").session(ledger, Block::default())
}

fn contract(function: HostFunction) -> String {
    let row = function.row();
    assert!(row.scalars.iter().all(|scalar| *scalar == Scalar::I32));
    let params = " i32".repeat(row.scalars.len());
    let loads: String =
        (0..row.scalars.len()).map(|nth| format!("(i32.load (i32.const {}))", 4 * nth)).collect();
    let called = format!("(call $function {loads})");
    let (result, kept) = match row.returns.scalar() {
        None => ("", called),
        Some(_) => (" (result i32)", format!("(i32.store (i32.const {RESULT}) {called})")),
    };
    // The input holds the scalars at 0 and the payload at its place; the result moves before the answer.
    format!(
        "(module
          (import \"zvm\" \"input_size\" (func $input_size (result i32)))
          (import \"zvm\" \"input_copy\" (func $input_copy (param i32 i32 i32)))
          (import \"zvm\" \"set_output\" (func $set_output (param i32 i32)))
          (import \"zvm\" \"{}\" (func $function (param{params}){result}))
          (memory (export \"memory\") 8 8)
          (func (export \"call\")
            (call $input_copy (i32.const 0) (i32.const 0) (call $input_size))
            {kept}
            (i32.store (i32.const {}) (i32.load (i32.const {RESULT})))
            (call $set_output (i32.const {}) (i32.const {}))))",
        row.name,
        ANSWER - 4,
        ANSWER - 4,
        PAYLOAD - ANSWER + 4,
    )
}

pub(crate) fn view(bytes: &[u8]) -> zvm_bytes {
    zvm_bytes { ptr: bytes.as_ptr(), len: bytes.len() }
}

fn no_error<T>() -> *mut *mut T {
    std::ptr::null_mut()
}

/// What both say of a signature.
pub(crate) fn verify(algorithm: u32, message: &[u8], signature: &[u8], key: &[u8], context: &[u8]) -> i32 {
    let mut c = 77;
    let [m, s, k, x] = [message, signature, key, context].map(view);
    // SAFETY: views of live slices, a place for the verdict.
    assert_eq!(unsafe { zvm_verify(algorithm, m, s, k, x, &mut c, no_error()) }, 0);
    let regions = [Number(algorithm), Region(message), Region(signature), Region(key), Region(context)];
    let wasm = host("verify_with_context", &regions, PLENTY).result;
    assert_eq!(wasm, c, "the host function and the C helper differ");
    if context.is_empty() {
        assert_eq!(host("verify", &regions[..4], PLENTY).result, c, "verify and verify_with_context differ");
    }
    c
}

/// What both say of a list; `keys` and `signatures` are packed.
pub(crate) fn threshold(algorithm: u32, need: u32, message: &[u8], signatures: &[u8], keys: &[u8]) -> i32 {
    let mut c = 77;
    let [m, s, k] = [message, signatures, keys].map(view);
    // SAFETY: views of live slices, a place for the verdict.
    assert_eq!(unsafe { zvm_verify_threshold(algorithm, need, m, s, k, &mut c, no_error()) }, 0);
    let key_bytes = zvm::crypto::signature::Algorithm::from_number(algorithm).map_or(1, |it| it.sizes().0);
    let count = (keys.len() / key_bytes) as u32;
    let arguments =
        [Number(algorithm), Number(need), Region(message), Pointer(signatures), Pointer(keys), Number(count)];
    assert_eq!(host("verify_threshold", &arguments, PLENTY).result, c, "they differ");
    c
}

/// What both say of a BLS aggregate; messages have 32 bytes each.
pub(crate) fn aggregate(messages: &[u8], signature: &[u8], keys: &[u8], same_message: bool) -> i32 {
    let (mut c, same, count) = (77, u32::from(same_message), (keys.len() / 48) as u32);
    let [m, s, k] = [messages, signature, keys].map(view);
    // SAFETY: views of live slices, a place for the verdict.
    assert_eq!(unsafe { zvm_verify_aggregate(5, m, s, k, same, &mut c, no_error()) }, 0);
    // The host function reads a signature of 96 bytes, whatever is there.
    if signature.len() == 96 {
        let arguments =
            [Number(5), Pointer(messages), Pointer(signature), Pointer(keys), Number(count), Number(same)];
        assert_eq!(host("verify_aggregate", &arguments, PLENTY).result, c, "they differ");
    }
    c
}

/// The key that both recover, with its address.
pub(crate) fn recover(hash: &[u8; 32], signature: &[u8; 65]) -> Option<(Vec<u8>, [u8; 20])> {
    let (mut key, mut address, mut found) =
        (zvm_point { bytes: [7; 64] }, zvm_address { bytes: [7; 20] }, 77);
    let word = zvm_word { bytes: *hash };
    // SAFETY: a live slice, places for the answers.
    let status =
        unsafe { zvm_recover(&word, view(signature), &mut key, &mut address, &mut found, no_error()) };
    assert_eq!(status, 0);
    let arguments = [Pointer(hash), Pointer(signature), Out];
    let (short, long) = (host("recover", &arguments, PLENTY), host("recover_key", &arguments, PLENTY));
    assert_eq!((short.result, long.result), (found - 1, found - 1), "they differ");
    (found == 1).then(|| {
        assert_eq!(short.answer[..20], address.bytes);
        assert_eq!(long.answer[..64], key.bytes);
        (key.bytes.to_vec(), address.bytes)
    })
}

/// The hash that both compute, by the name of the host function.
pub(crate) fn hash(name: &str, message: &[u8]) -> Word {
    let (mut c, number) =
        (zvm_word { bytes: [7; 32] }, HostFunction::by_name(name).expect("a hash").row().number);
    // SAFETY: a live slice, a place for the hash.
    assert_eq!(unsafe { zvm_hash(number, view(message), &mut c, no_error()) }, 0);
    let mut wasm = host(name, &[Region(message), Out], PLENTY).answer;
    wasm.truncate(32);
    assert_eq!(wasm, c.bytes, "they differ");
    Word(c.bytes)
}

/// What a contract makes of an encapsulation: ciphertext and secret.
pub(crate) fn encapsulate(set: u32, key: &[u8], seed: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let arguments = [Number(set), Region(key), Pointer(seed), Buffer(SECOND), SecondOut];
    let answered = host("kem_encapsulate", &arguments, PLENTY);
    let len = usize::try_from(answered.result).ok()?;
    let second = SECOND as usize;
    Some((answered.answer[..len].to_vec(), answered.answer[second..second + 32].to_vec()))
}

/// What a contract makes of a ciphertext.
pub(crate) fn decapsulate(set: u32, key: &[u8], ciphertext: &[u8]) -> Option<Vec<u8>> {
    let answered = host("kem_decapsulate", &[Number(set), Region(key), Region(ciphertext), Out], PLENTY);
    (answered.result == 0).then(|| answered.answer[..32].to_vec())
}
