//! The opcodes of ZVM bytecode: each is declared here and nowhere else.
//!
//! A row is: byte, mnemonic, bytes of its immediate, what it takes off the stack (the top first) and
//! puts on it, its gas, its group, its meaning. Its readers are the validator, the decoder with its
//! block-wise gas and stack needs, the dispatch, the assembler and the disassembler, the fingerprint
//! and docs/zvm-opcodes.md. Bytes are never reused. What an opcode costs beyond its gas is in
//! [`price`](super::price).

use std::fmt;

/// Hands every row to the macro `$reader`, with what else it is given.
macro_rules! opcodes {
    ($reader:ident $($more:tt)*) => {
        $reader! { $($more)*
            0x00 HALT 0, [] -> [], 0, Flow, "Ends the frame with success and no output.";
            0x01 NOP 0, [] -> [], 0, Flow, "Nothing.";
            0x10 POP 0, [a] -> [], 2, Stack, "Drops the top.";
            0x11 PUSH1 1, [] -> [v], 3, Stack, "The immediate byte.";
            0x12 PUSH2 2, [] -> [v], 3, Stack, "The immediate of 2 bytes, big-endian.";
            0x13 PUSH4 4, [] -> [v], 3, Stack, "The immediate of 4 bytes, big-endian.";
            0x14 PUSH8 8, [] -> [v], 3, Stack, "The immediate of 8 bytes, big-endian.";
            0x15 PUSH16 16, [] -> [v], 3, Stack, "The immediate of 16 bytes, big-endian.";
            0x16 PUSH32 32, [] -> [v], 3, Stack, "The immediate of 32 bytes, big-endian.";
            0x17 DUP1 0, [a] -> [a a], 3, Stack, "A copy of the top.";
            0x18 DUP2 0, [a b] -> [b a b], 3, Stack, "A copy of the second.";
            0x19 DUP3 0, [a b c] -> [c a b c], 3, Stack, "A copy of the third.";
            0x1a DUP4 0, [a b c d] -> [d a b c d], 3, Stack, "A copy of the fourth.";
            0x1b SWAP1 0, [a b] -> [b a], 3, Stack, "Exchanges the top and the second.";
            0x1c SWAP2 0, [a b c] -> [c b a], 3, Stack, "Exchanges the top and the third.";
            0x1d SWAP3 0, [a b c d] -> [d b c a], 3, Stack, "Exchanges the top and the fourth.";
            0x1e SWAP4 0, [a b c d e] -> [e b c d a], 3, Stack, "Exchanges the top and the fifth.";
            0x30 ADD 0, [a b] -> [r], 3, Arithmetic, "a + b modulo 2^256.";
            0x31 SUB 0, [a b] -> [r], 3, Arithmetic, "a - b modulo 2^256.";
            0x32 MUL 0, [a b] -> [r], 5, Arithmetic, "a * b modulo 2^256.";
            0x33 DIV 0, [a b] -> [r], 5, Arithmetic, "a / b, 0 where b is 0.";
            0x34 SDIV 0, [a b] -> [r], 5, Arithmetic, "a / b of signed words, towards zero; 0 where b is 0.";
            0x35 MOD 0, [a b] -> [r], 5, Arithmetic, "a modulo b, 0 where b is 0.";
            0x36 SMOD 0, [a b] -> [r], 5, Arithmetic, "The remainder of signed words, with the sign of a; 0 where b is 0.";
            0x37 ADDMOD 0, [a b n] -> [r], 8, Arithmetic, "a + b modulo n without overflow, 0 where n is 0.";
            0x38 MULMOD 0, [a b n] -> [r], 8, Arithmetic, "a * b modulo n without overflow, 0 where n is 0.";
            0x39 EXP 0, [base exponent] -> [r], 10, Arithmetic, "base to the exponent modulo 2^256; 50 for each byte of the exponent.";
            0x3a SIGNEXTEND 0, [k x] -> [r], 5, Arithmetic, "x, of which byte k (0 is the lowest) has the sign, as a signed word.";
            0x50 LT 0, [a b] -> [flag], 3, Comparison, "Whether a < b.";
            0x51 GT 0, [a b] -> [flag], 3, Comparison, "Whether a > b.";
            0x52 SLT 0, [a b] -> [flag], 3, Comparison, "Whether a < b as signed words.";
            0x53 SGT 0, [a b] -> [flag], 3, Comparison, "Whether a > b as signed words.";
            0x54 EQ 0, [a b] -> [flag], 3, Comparison, "Whether a = b.";
            0x55 ISZERO 0, [a] -> [flag], 3, Comparison, "Whether a = 0.";
            0x56 AND 0, [a b] -> [r], 3, Bits, "Bitwise and.";
            0x57 OR 0, [a b] -> [r], 3, Bits, "Bitwise or.";
            0x58 XOR 0, [a b] -> [r], 3, Bits, "Bitwise exclusive or.";
            0x59 NOT 0, [a] -> [r], 3, Bits, "Every bit turned.";
            0x5a BYTE 0, [i x] -> [r], 3, Bits, "Byte i of x, 0 being the highest; 0 past the lowest.";
            0x5b SHL 0, [shift x] -> [r], 8, Bits, "x shifted left.";
            0x5c SHR 0, [shift x] -> [r], 8, Bits, "x shifted right, with zeros.";
            0x5d SAR 0, [shift x] -> [r], 8, Bits, "x shifted right, with its sign.";
            0x70 KECCAK256 0, [offset length] -> [hash], 30, Hashing, "keccak256 of memory; 6 for each word.";
            0x71 SHA256 0, [offset length] -> [hash], 60, Hashing, "SHA-256 of memory; 12 for each word.";
            0x72 RIPEMD160 0, [offset length] -> [hash], 600, Hashing, "RIPEMD-160 of memory, right-aligned; 120 for each word.";
            0x73 BLAKE2B 0, [offset length] -> [hash], 30, Hashing, "BLAKE2b with 32 bytes of output, of memory; 6 for each word.";
            0x80 MLOAD 0, [offset] -> [word], 3, Memory, "The 32 bytes of memory there.";
            0x81 MSTORE 0, [offset value] -> [], 3, Memory, "Writes 32 bytes.";
            0x82 MSTORE8 0, [offset value] -> [], 3, Memory, "Writes the lowest byte.";
            0x83 MSIZE 0, [] -> [bytes], 3, Memory, "Bytes of memory, a multiple of 32.";
            0x90 SLOAD 0, [key] -> [value], 100, Storage, "The contract's entry, 0 where absent; 2100 more at the first touch, 100 after.";
            0x91 SSTORE 0, [key value] -> [], 100, Storage, "Writes the contract's entry; 0 deletes it. 100 more if nothing changes, 20000 for a new entry, 2900 for a deletion, which refunds 15000, else 2200 at the first touch and 100 after.";
            0x92 TLOAD 0, [key] -> [value], 100, Storage, "The contract's transient entry, which ends with the transaction.";
            0x93 TSTORE 0, [key value] -> [], 100, Storage, "Writes the contract's transient entry.";
            0xa0 JUMP 0, [dest] -> [], 8, Flow, "Goes on at the instruction that begins at this byte of the code.";
            0xa1 JUMPI 0, [dest cond] -> [], 10, Flow, "JUMP where cond is not 0.";
            0xa2 PC 0, [] -> [index], 3, Flow, "Where this instruction begins.";
            0xa3 JUMPDEST 0, [] -> [], 1, Flow, "A mark that jumps may go to; they must where the container says so.";
            0xa4 CALL 0, [gas addr value inOff inLen outOff outLen] -> [flag], 100, Calls, "Calls an account with at most 63/64 of the gas left; 9000 for an amount, with which 2300 go along.";
            0xa5 CALLCODE 0, [gas addr value inOff inLen outOff outLen] -> [flag], 100, Calls, "Runs another contract's code as this contract, called by itself.";
            0xa6 DELEGATECALL 0, [gas addr inOff inLen outOff outLen] -> [flag], 100, Calls, "Runs another contract's code as this contract, with its caller and value.";
            0xa7 STATICCALL 0, [gas addr inOff inLen outOff outLen] -> [flag], 100, Calls, "CALL without an amount, and nothing below may write.";
            0xa8 RETURN 0, [offset length] -> [], 0, Flow, "Ends the frame with success and this output.";
            0xa9 REVERT 0, [offset length] -> [], 0, Flow, "Ends the frame with these data and takes all of its changes back.";
            0xaa SELFDESTRUCT 0, [recipient] -> [], 5000, Calls, "Gives the whole balance away and ends the frame with success. The contract stays.";
            0xab CREATE 0, [value offset size] -> [addr], 32000, Calls, "Creates a contract of the code in memory, for create_byte a byte: its address, or 0.";
            0xac CREATE2 0, [value offset size salt] -> [addr], 32000, Calls, "CREATE with an address that follows from the salt (EIP-1014).";
            0xb0 ADDRESS 0, [] -> [addr], 2, Context, "Whose storage and balance this frame acts on.";
            0xb1 BALANCE 0, [addr] -> [balance], 2, Context, "The balance of any account.";
            0xb2 ORIGIN 0, [] -> [addr], 2, Context, "Who began the transaction.";
            0xb3 CALLER 0, [] -> [addr], 2, Context, "Who called this frame.";
            0xb4 CALLVALUE 0, [] -> [value], 2, Context, "The amount that came with this call.";
            0xb5 CALLDATALOAD 0, [offset] -> [word], 3, Context, "32 bytes of the input, zeros past its end.";
            0xb6 CALLDATASIZE 0, [] -> [n], 2, Context, "Bytes of the input.";
            0xb7 CALLDATACOPY 0, [memOff off len] -> [], 3, Context, "Copies input to memory, zeros past its end; 3 for each word.";
            0xb8 CODESIZE 0, [] -> [n], 2, Context, "Bytes of the running code.";
            0xb9 CODECOPY 0, [memOff off len] -> [], 3, Context, "Copies the running code to memory, zeros past its end; 3 for each word.";
            0xba GASPRICE 0, [] -> [price], 2, Context, "The gas price of the transaction.";
            0xbb EXTCODESIZE 0, [addr] -> [n], 100, Context, "Bytes of an account's code, its container included.";
            0xbc EXTCODECOPY 0, [addr memOff off len] -> [], 3, Context, "Copies an account's code to memory, zeros past its end; 3 for each word.";
            0xbd RETURNDATASIZE 0, [] -> [n], 2, Context, "Bytes the last callee returned.";
            0xbe RETURNDATACOPY 0, [memOff off len] -> [], 3, Context, "Copies what the last callee returned; past its end is a halt; 3 for each word.";
            0xbf EXTCODEHASH 0, [addr] -> [hash], 100, Context, "keccak256 of an account's code; 0 where there is no account.";
            0xc0 BLOCKHASH 0, [n] -> [hash], 20, Block, "The hash of an earlier block, 0 where it is not known.";
            0xc1 COINBASE 0, [] -> [addr], 2, Block, "The block's proposer.";
            0xc2 TIMESTAMP 0, [] -> [seconds], 2, Block, "The block's time since the Unix epoch.";
            0xc3 NUMBER 0, [] -> [height], 2, Block, "The block's height.";
            0xc4 DIFFICULTY 0, [] -> [word], 2, Block, "As PREVRANDAO.";
            0xc5 PREVRANDAO 0, [] -> [word], 2, Block, "The block's agreed randomness, 0 where there is none.";
            0xc6 GASLIMIT 0, [] -> [gas], 2, Block, "The gas limit of the block.";
            0xc7 CHAINID 0, [] -> [id], 2, Block, "The chain's identifier.";
            0xc8 SELFBALANCE 0, [] -> [balance], 2, Block, "The balance of this contract.";
            0xc9 BASEFEE 0, [] -> [price], 2, Block, "The block's base fee.";
            0xd2 TABLEHASH 0, [key slot] -> [hash], 30, Hashing, "keccak256 of slot and key, 32 bytes each: where a table has a key's entry.";
            0xd8 GAS 0, [] -> [gas], 2, Extension, "Gas left in this frame, this instruction paid.";
            0xd9 HOST 2, [] -> [], 2, Extension, "Calls the host function of this number: its scalars off the stack, the first on top, and its result, if it has one, on it.";
            0xe0 HTS_TRANSFER 0, [token from to amount] -> [flag], 50, Hedera, "Transfers tokens; 10000 more.";
            0xe1 HTS_MINT 0, [token amount] -> [flag], 100, Hedera, "Mints tokens; 50000 more.";
            0xe2 HTS_BURN 0, [token amount] -> [flag], 100, Hedera, "Burns tokens; 50000 more.";
            0xe3 HTS_ASSOCIATE 0, [account token] -> [flag], 50, Hedera, "Associates an account with a token; 20000 more.";
            0xe4 HTS_DISSOCIATE 0, [account token] -> [flag], 50, Hedera, "Ends an association; 20000 more.";
            0xe5 HTS_APPROVE 0, [token spender amount] -> [flag], 50, Hedera, "Allows a spender an amount; 5000 more.";
            0xe6 HTS_CREATE 0, [] -> [addr], 500, Hedera, "Creates a token: its address, or 0; 100000 more.";
            0xe7 HCS_SUBMIT 0, [topic offset length] -> [flag], 50, Hedera, "Submits a message to a topic; 5000 more, and 100 for each byte.";
            0xe8 HCS_CREATE_TOPIC 0, [] -> [addr], 200, Hedera, "Creates a topic: its address, or 0; 50000 more.";
            0xe9 HCS_UPDATE_TOPIC 0, [topic offset length] -> [flag], 100, Hedera, "Gives a topic another memo; 25000 more.";
            0xea HCS_DELETE_TOPIC 0, [topic] -> [flag], 100, Hedera, "Deletes a topic; 12500 more.";
            0xeb HEDERA_ACCOUNT_ID 0, [] -> [id], 2, Hedera, "The account number of this contract.";
            0xec HEDERA_TIMESTAMP 0, [] -> [time], 2, Hedera, "The consensus timestamp, in nanoseconds.";
            0xf0 PQ_VERIFY_DILITHIUM 0, [msg msgLen sig sigLen key keyLen] -> [flag], 1000, PostQuantum, "Whether an ML-DSA signature (FIPS 204) of a message is the key's, whose length says the level; the price of the host function verify more.";
            0xf1 PQ_VERIFY_FALCON 0, [msg msgLen sig sigLen key keyLen] -> [flag], 800, PostQuantum, "Not built: the frame fails as by an unassigned byte.";
            0xf2 PQ_VERIFY_SPHINCS 0, [msg msgLen sig sigLen key keyLen] -> [flag], 2000, PostQuantum, "Not built: the frame fails as by an unassigned byte.";
            0xf3 PQ_KEYGEN 0, [] -> [], 5000, PostQuantum, "Not deterministic, so not supported: the frame fails as by an unassigned byte.";
            0xf8 LOG0 0, [offset length] -> [], 375, Log, "Emits an event; 8 for each byte of data, here and below.";
            0xf9 LOG1 0, [offset length t1] -> [], 750, Log, "Emits an event with one topic.";
            0xfa LOG2 0, [offset length t1 t2] -> [], 1125, Log, "Emits an event with two topics.";
            0xfb LOG3 0, [offset length t1 t2 t3] -> [], 1500, Log, "Emits an event with three topics.";
            0xfc LOG4 0, [offset length t1 t2 t3 t4] -> [], 1875, Log, "Emits an event with four topics.";
        }
    };
}
pub(super) use opcodes;

/// What an opcode is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Group {
    Flow,
    Stack,
    Arithmetic,
    Comparison,
    Bits,
    Hashing,
    Memory,
    Storage,
    Calls,
    Context,
    Block,
    /// zvm's own, in the range the original left unassigned.
    Extension,
    /// Answered by the embedder's hook, else as if unassigned.
    Hedera,
    PostQuantum,
    Log,
}

/// A row of the table.
#[derive(Debug)]
pub struct Row {
    /// The opcode.
    pub opcode: Opcode,
    /// Its byte.
    pub byte: u8,
    /// Its name, as the assembler takes it.
    pub mnemonic: &'static str,
    /// Bytes that follow it in the code.
    pub immediate: usize,
    /// What it takes off the stack, the top first.
    pub takes: &'static [&'static str],
    /// What it leaves in its place, the top first.
    pub leaves: &'static [&'static str],
    /// What it costs before it is run.
    pub gas: u64,
    /// What it is about.
    pub group: Group,
    /// What it does, in one sentence.
    pub sentence: &'static str,
}

macro_rules! table {
    ($($byte:literal $name:ident $immediate:literal, [$($take:ident)*] -> [$($leave:ident)*], $gas:literal,
        $group:ident, $sentence:literal;)+) => {
        /// An opcode, by its byte.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[allow(non_camel_case_types, missing_docs, clippy::upper_case_acronyms)]
        #[repr(u8)]
        pub enum Opcode { $($name = $byte),+ }

        /// Every row, in order of its byte.
        pub static ROWS: &[Row] = &[$(Row {
            opcode: Opcode::$name,
            byte: $byte,
            mnemonic: stringify!($name),
            immediate: $immediate,
            takes: &[$(stringify!($take)),*],
            leaves: &[$(stringify!($leave)),*],
            gas: $gas,
            group: Group::$group,
            sentence: $sentence,
        }),+];
    };
}

opcodes!(table);

/// The place in [`ROWS`] of each byte's row; `NONE` for unassigned bytes.
const PLACES: [u8; 256] = {
    let mut places = [NONE; 256];
    let mut at = 0;
    while at < ROWS.len() {
        let byte = ROWS[at].byte as usize;
        // In order, and no byte twice.
        assert!(at == 0 || ROWS[at - 1].byte < ROWS[at].byte);
        places[byte] = at as u8;
        at += 1;
    }
    places
};
const NONE: u8 = u8::MAX;

impl Opcode {
    /// The opcode of a byte, `None` where it is unassigned.
    #[must_use]
    pub fn of(byte: u8) -> Option<Self> {
        match PLACES[usize::from(byte)] {
            NONE => None,
            place => Some(ROWS[usize::from(place)].opcode),
        }
    }

    /// The opcode of this mnemonic, in either case.
    #[must_use]
    pub fn named(mnemonic: &str) -> Option<Self> {
        ROWS.iter().find(|row| row.mnemonic.eq_ignore_ascii_case(mnemonic)).map(|row| row.opcode)
    }

    /// Its row.
    #[must_use]
    pub fn row(self) -> &'static Row {
        &ROWS[usize::from(PLACES[usize::from(self as u8)])]
    }

    /// Whether it does anything but fail as an unassigned byte does.
    #[must_use]
    pub fn is_built(self) -> bool {
        !matches!(self, Self::PQ_VERIFY_FALCON | Self::PQ_VERIFY_SPHINCS | Self::PQ_KEYGEN)
    }

    /// Whether a container must ask for it.
    #[must_use]
    pub fn is_extension(self) -> bool {
        self.row().group == Group::Extension
    }
}

impl fmt::Display for Opcode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.row().mnemonic)
    }
}
