//! The table of host functions: each is declared here and nowhere else.
//!
//! A row is: number, name, arguments by their [kinds](crate::host::kinds), result, effect,
//! flat price (and a rate for each byte or word of its input regions), meaning. Its readers are the
//! dispatch, the wasm imports and their validation, the header for contract authors, the
//! documentation page, and the tests that attack every row. Numbers are never reused.

use super::kinds::{self, Parameter, Scalar, Slot};
use crate::gas::Schedule;

/// Hands every row to the macro `$reader`.
macro_rules! host_functions {
    ($reader:ident) => {
        $reader! {
            0x01 caller(out: OutAddress) -> none, read, context,
                "The address that called this frame.";
            0x02 origin(out: OutAddress) -> none, read, context,
                "The address that began the transaction.";
            0x03 self_address(out: OutAddress) -> none, read, context,
                "The address whose storage and balance this frame acts on.";
            0x04 value(out: OutWord) -> none, read, context,
                "The amount that came with this call.";
            0x05 gas_left() -> int64, read, context,
                "Gas left in this frame.";
            0x06 block_number() -> int64, read, context,
                "The block's height.";
            0x07 block_timestamp() -> int64, read, context,
                "The block's time in seconds since the Unix epoch.";
            0x08 chain_id(out: OutWord) -> none, read, context,
                "The chain's identifier.";
            0x09 block_hash(number: Int64, out: OutWord) -> int32, read, block_hash,
                "The hash of an earlier block: 0, or -1 outside the window the embedder keeps.";
            0x0a proposer(out: OutAddress) -> none, read, context,
                "The block's proposer.";
            0x0b gas_price(out: OutWord) -> none, read, context,
                "The gas price of the transaction.";
            0x0c randomness(out: OutWord) -> int32, read, context,
                "The randomness the chain agreed on for the block: 0, or -1 where there is none.";
            0x10 input_size() -> int32, read, context,
                "Bytes of this call's input.";
            0x11 input_copy(out: Window) -> none, read, context + copy_byte per byte,
                "Copies a part of the input; a part beyond its end is a halt.";
            0x12 set_output(data: Output) -> none, read, context + copy_byte per byte,
                "Sets what this frame returns; the last call counts.";
            0x13 revert(data: RevertData) -> never, read, revert + copy_byte per byte,
                "Ends the frame with these data and takes all of its changes back.";
            0x14 return_size() -> int32, read, context,
                "Bytes the last called contract returned.";
            0x15 return_copy(out: Window) -> none, read, context + copy_byte per byte,
                "Copies a part of what the last called contract returned; beyond its end is a halt.";
            0x20 storage_read(key: Key, out: Buffer) -> int32, read, storage_read,
                "The full length of the entry's value, written when it fits; -1 when absent.";
            0x21 storage_write(key: Key, value: Value) -> none, write, storage_write + storage_write_byte per byte,
                "Writes the entry. An empty value is a value.";
            0x22 storage_delete(key: Key) -> int32, write, storage_delete,
                "Deletes the entry: 1, or 0 when it was absent.";
            0x23 storage_next(key: Key, out: Buffer) -> int32, read, storage_next,
                "The full length of the first key after this one, written when it fits; -1 at the end.";
            0x24 transient_read(key: Key, out: Buffer) -> int32, read, transient,
                "As storage_read, of entries that end with the transaction.";
            0x25 transient_write(key: Key, value: Value) -> none, write, transient + transient_byte per byte,
                "As storage_write, of entries that end with the transaction.";
            0x30 balance(account: InAddress, out: OutWord) -> none, read, balance,
                "The balance of any account.";
            0x31 self_balance(out: OutWord) -> none, read, context,
                "The balance of this contract.";
            0x32 transfer(to: InAddress, amount: InWord) -> int32, write, transfer,
                "Moves an amount out of this contract's balance: 0, 1 when it is not covered, 2 when the receiver cannot take it.";
            0x33 code_hash(account: InAddress, out: OutWord) -> int32, read, balance,
                "keccak256 of an account's code and the number of its engine, 0 where this runtime has none; -1 without code.";
            0x40 call(to: InAddress, amount: InWord, input: Input, gas: Int64) -> int32, call, call + call_byte per byte,
                "Calls a contract: 0 success, 1 revert, 2 halt. It gets at most 63/64 of the gas left.";
            0x41 static_call(to: InAddress, input: Input, gas: Int64) -> int32, call, call + call_byte per byte,
                "As call, and nothing below may write.";
            0x42 delegate_call(to: InAddress, input: Input, gas: Int64) -> int32, call, call + call_byte per byte,
                "Runs another contract's code of the same engine as this contract.";
            0x43 create(code: Code, input: Input, amount: InWord, salt: OptionalWord, gas: Int64, out: OutAddress) -> int32, write, create + call_byte per byte,
                "Creates a contract and runs its init: 0 and its address, 1 revert, 2 halt. A null salt is none.";
            0x50 emit(topics: Topics, data: EventData) -> none, write, event + event_byte per byte,
                "Emits an event with up to four topics of 32 bytes.";
            0x51 debug_log(message: Message) -> none, read, debug + debug_byte per byte,
                "A line for the embedder's log. No part of the result.";
            0x52 query(kind: Int32, request: Input, out: Buffer) -> int32, read, query + call_byte per byte,
                "Asks the embedder something of its own: the answer's full length, written when it fits; -1 for none.";
            0x60 keccak256(message: Message, out: OutWord) -> none, pure, keccak256 + keccak256_word per word,
                "keccak256 as Ethereum uses it.";
            0x61 sha256(message: Message, out: OutWord) -> none, pure, sha256 + sha256_word per word,
                "SHA-256 (FIPS 180-4).";
            0x62 sha3_256(message: Message, out: OutWord) -> none, pure, sha3_256 + sha3_256_word per word,
                "SHA3-256 (FIPS 202).";
            0x63 blake3(message: Message, out: OutWord) -> none, pure, blake3 + blake3_word per word,
                "BLAKE3 with 32 bytes of output.";
            0x64 blake2b_256(message: Message, out: OutWord) -> none, pure, blake2b_256 + blake2b_256_word per word,
                "BLAKE2b with 32 bytes of output (RFC 7693).";
            0x65 ripemd160(message: Message, out: OutAddress) -> none, pure, ripemd160 + ripemd160_word per word,
                "RIPEMD-160: 20 bytes.";
            0x70 verify(algorithm: Int32, message: Message, signature: Signature, key: PublicKey) -> int32, pure, verify + verify_word per word,
                "Whether the signature of the message is the key's: 1, 0, or -1 for an unknown algorithm or what is no key.";
            0x71 verify_with_context(algorithm: Int32, message: Message, signature: Signature, key: PublicKey, context: Context) -> int32, pure, verify + verify_word per word,
                "As verify, under a context of at most 255 bytes (FIPS 204).";
            0x72 verify_threshold(algorithm: Int32, need: Int32, message: Message, signatures: Place, keys: Place, count: Int32) -> int32, pure, verify,
                "Whether so many distinct keys of the list signed the message, the n-th signature under the n-th key: 1, 0, or -1 for an unknown algorithm.";
            0x73 verify_aggregate(algorithm: Int32, messages: Place, signature: Place, keys: Place, count: Int32, same_message: Flag) -> int32, pure, verify,
                "Whether the BLS signature is the aggregate of each key's for its message of 32 bytes, or of all for one: 1, 0, or -1.";
            0x74 recover(hash: InWord, signature: RecoverableSignature, out: OutAddress) -> int32, pure, recover,
                "The address of the key of secp256k1 that signed the hash: 0, or -1 where none did.";
            0x75 recover_key(hash: InWord, signature: RecoverableSignature, out: OutPoint) -> int32, pure, recover,
                "The key itself, x and y of 32 bytes each: 0, or -1.";
            0x76 kem_encapsulate(algorithm: Int32, key: PublicKey, seed: InWord, ciphertext: Buffer, secret: OutWord) -> int32, pure, kem + kem_word per word,
                "The ciphertext's full length, written with the secret in it when it fits; -1 for what is no key, and where the chain has no ML-KEM.";
            0x77 kem_decapsulate(algorithm: Int32, key: PublicKey, ciphertext: Ciphertext, out: OutWord) -> int32, pure, kem + kem_word per word,
                "The secret in a ciphertext: 0, or -1 as kem_encapsulate.";
        }
    };
}
pub(crate) use host_functions;

/// What a host function may do to the state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Depends on its arguments alone.
    Pure,
    /// Reads.
    Read,
    /// Writes; a halt in a static frame.
    Write,
    /// Calls a contract; in a static frame the callee is static too.
    Call,
}

/// What a host function returns to the code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Returns {
    /// Nothing.
    None,
    /// A number of 32 bits.
    Int32,
    /// A number of 64 bits.
    Int64,
    /// It does not return.
    Never,
}

impl Returns {
    /// The scalar that comes back.
    #[must_use]
    pub fn scalar(self) -> Option<Scalar> {
        match self {
            Self::None | Self::Never => None,
            Self::Int32 => Some(Scalar::I32),
            Self::Int64 => Some(Scalar::I64),
        }
    }
}

/// What a rate counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A byte.
    Byte,
    /// A word of 32 bytes begun.
    Word,
}

/// One argument: its name and the scalars it is passed in.
#[derive(Clone, Copy, Debug)]
pub struct Argument {
    /// The argument's name.
    pub name: &'static str,
    /// Its kind, as [`kinds`] names it.
    pub kind: &'static str,
    /// Its scalars.
    pub slots: &'static [Slot],
}

/// A price: a field of the schedule.
#[derive(Clone, Copy, Debug)]
pub struct Price {
    /// The field's name.
    pub field: &'static str,
    /// The field.
    pub of: fn(&Schedule) -> u64,
}

/// A row of the table.
#[derive(Debug)]
pub struct Row {
    /// The stable number.
    pub number: u32,
    /// The name contracts import it by.
    pub name: &'static str,
    /// Its arguments.
    pub arguments: &'static [Argument],
    /// The scalar types of the arguments, in order.
    pub scalars: &'static [Scalar],
    /// What comes back.
    pub returns: Returns,
    /// What it may do.
    pub effect: Effect,
    /// What it costs before its arguments are looked at.
    pub flat: Price,
    /// What each unit of its input costs.
    pub rate: Option<(Price, Unit)>,
    /// What it does, in one sentence.
    pub sentence: &'static str,
}

/// The most scalars a row has; [`flat_scalars`] checks it when it is compiled.
const MOST_SCALARS: usize = 12;

const fn flat_scalars<const N: usize>(arguments: &[&[Slot]]) -> [Scalar; N] {
    let mut scalars = [Scalar::I32; N];
    let (mut at, mut argument) = (0, 0);
    while argument < arguments.len() {
        let mut slot = 0;
        while slot < arguments[argument].len() {
            scalars[at] = arguments[argument][slot].scalar;
            (at, slot) = (at + 1, slot + 1);
        }
        argument += 1;
    }
    assert!(at == N && N <= MOST_SCALARS);
    scalars
}

const fn count(arguments: &[&[Slot]]) -> usize {
    let (mut sum, mut argument) = (0, 0);
    while argument < arguments.len() {
        sum += arguments[argument].len();
        argument += 1;
    }
    sum
}

macro_rules! rows {
    (@returns none) => { Returns::None };
    (@returns int32) => { Returns::Int32 };
    (@returns int64) => { Returns::Int64 };
    (@returns never) => { Returns::Never };
    (@effect pure) => { Effect::Pure };
    (@effect read) => { Effect::Read };
    (@effect write) => { Effect::Write };
    (@effect call) => { Effect::Call };
    (@unit byte) => { Unit::Byte };
    (@unit word) => { Unit::Word };
    (@rate) => { None };
    (@rate $rate:ident $unit:ident) => {
        Some((Price { field: stringify!($rate), of: |schedule| schedule.$rate }, rows!(@unit $unit)))
    };
    ($($number:literal $name:ident($($argument:ident: $kind:ident),*) -> $returns:ident, $effect:ident,
        $flat:ident $(+ $rate:ident per $unit:ident)?, $sentence:literal;)+) => {
        /// A host function by its place in the table.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[allow(non_camel_case_types, missing_docs)]
        #[repr(usize)]
        pub enum HostFunction { $($name),+ }

        impl HostFunction {
            /// Every host function, in order of its number.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];
        }

        /// Every row, in order of its number.
        pub static ROWS: &[Row] = &[$(Row {
            number: $number,
            name: stringify!($name),
            arguments: &[$(Argument {
                name: stringify!($argument),
                kind: stringify!($kind),
                slots: <kinds::$kind as Parameter>::SLOTS,
            }),*],
            scalars: {
                const SLOTS: &[&[Slot]] = &[$(<kinds::$kind as Parameter>::SLOTS),*];
                &flat_scalars::<{ count(SLOTS) }>(SLOTS)
            },
            returns: rows!(@returns $returns),
            effect: rows!(@effect $effect),
            flat: Price { field: stringify!($flat), of: |schedule| schedule.$flat },
            rate: rows!(@rate $($rate $unit)?),
            sentence: $sentence,
        }),+];
    };
}

host_functions!(rows);

impl HostFunction {
    /// The function of this name.
    #[must_use]
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|function| function.row().name == name)
    }

    /// The function's row.
    #[must_use]
    pub fn row(self) -> &'static Row {
        &ROWS[self as usize]
    }
}
