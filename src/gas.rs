//! One unit of gas for every engine, and the prices of what contracts do.
//!
//! A simple WASM instruction costs 1, EVM gas counts 1:1, a ZVM opcode counts as its table
//! says. Every price is a field of [`Schedule`]; the schedule is in the fingerprint.

use crate::outcome::Halt;

/// The gas of one frame: what is left of what it was given, and its refunds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gas {
    limit: u64,
    left: u64,
}

impl Gas {
    /// A full meter.
    #[must_use]
    pub fn new(limit: u64) -> Self {
        Self { limit, left: limit }
    }

    /// What is left.
    #[must_use]
    pub fn left(&self) -> u64 {
        self.left
    }

    /// What was used.
    #[must_use]
    pub fn used(&self) -> u64 {
        self.limit - self.left
    }

    /// Pays for work that is about to be done.
    ///
    /// # Errors
    /// [`Halt::OutOfGas`], and then nothing is left.
    pub fn charge(&mut self, amount: u64) -> Result<(), Halt> {
        match self.left.checked_sub(amount) {
            Some(left) => {
                self.left = left;
                Ok(())
            }
            None => {
                self.left = 0;
                Err(Halt::OutOfGas)
            }
        }
    }

    /// Gives back what a callee left over of gas charged here before.
    pub fn give_back(&mut self, amount: u64) {
        debug_assert!(amount <= self.used());
        self.left = self.left.saturating_add(amount).min(self.limit);
    }

    /// Uses up everything.
    pub fn exhaust(&mut self) {
        self.left = 0;
    }

    /// The most a callee may be given: all but a 64th (EIP-150), so that depth is bounded by gas.
    #[must_use]
    pub fn forwardable(&self) -> u64 {
        self.left - self.left / 64
    }
}

/// Words of 32 bytes that hold `bytes`, rounded up.
#[must_use]
pub fn words(bytes: u64) -> u64 {
    bytes.div_ceil(32)
}

/// Declares [`Schedule`] once: field, default, meaning.
macro_rules! schedule {
    ($($(#[$doc:meta])+ $field:ident = $default:literal;)+) => {
        /// The price of everything a contract does, in gas.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct Schedule { $($(#[$doc])+ pub $field: u64,)+ }

        impl Default for Schedule {
            fn default() -> Self { Self { $($field: $default,)+ } }
        }

        impl Schedule {
            /// Every price by name, in order of declaration: what the fingerprint hashes.
            #[must_use]
            pub fn figures(&self) -> Vec<(&'static str, u64)> {
                vec![$((stringify!($field), self.$field),)+]
            }

            /// Sets a price by name; false where there is none of this name.
            pub fn set(&mut self, name: &str, price: u64) -> bool {
                match name {
                    $(stringify!($field) => self.$field = price,)+
                    _ => return false,
                }
                true
            }
        }
    };
}

schedule! {
    /// A simple WASM instruction.
    instruction = 1;
    /// A WASM load or store.
    memory_access = 3;
    /// A WASM integer division or remainder.
    division = 12;
    /// A WASM float operation, its canonical NaN included.
    float = 20;
    /// A WASM float division or square root.
    float_division = 60;
    /// A direct WASM call, on top of the callee's locals.
    function_call = 32;
    /// An indirect WASM call, on top of the callee's locals.
    indirect_call = 48;
    /// One local of a WASM function at its entry.
    local = 1;
    /// One target of a br_table, charged when it runs.
    br_table_target = 1;
    /// A 64 KiB page of memory, at the start of a frame and when it grows.
    memory_page = 16384;
    /// On top, for a page beyond half of the pages an instance may have.
    memory_page_beyond_half = 16384;
    /// memory.fill, memory.copy and memory.grow, flat.
    bulk = 100;
    /// memory.fill and memory.copy, each 8 bytes begun.
    bulk_8_bytes = 1;
    /// On top, for a memory.fill of no bytes: it can take longer than one of some.
    fill_nothing = 2500;
    /// Reading the caller, the block and other context.
    context = 300;
    /// Each byte a host function copies in or out.
    copy_byte = 1;
    /// Reading a block's hash: the ledger is asked, as for an entry.
    block_hash = 500;
    /// Reading a storage entry.
    storage_read = 1000;
    /// Finding the next storage entry.
    storage_next = 20000;
    /// Writing a storage entry.
    storage_write = 5000;
    /// Each byte of key and value written.
    storage_write_byte = 20;
    /// On top, when the entry was absent.
    storage_new = 20000;
    /// Deleting a storage entry.
    storage_delete = 5000;
    /// Refunded when a deleted entry was present (EIP-3529).
    storage_delete_refund = 4800;
    /// Reading or writing transient storage.
    transient = 1000;
    /// Each byte of key and value written to transient storage.
    transient_byte = 3;
    /// Reading a balance or a code hash of any account.
    balance = 500;
    /// A transfer.
    transfer = 9000;
    /// An event.
    event = 375;
    /// Each topic of an event.
    event_topic = 375;
    /// Each byte of an event's data.
    event_byte = 8;
    /// A debug line.
    debug = 2000;
    /// Each byte of a debug line.
    debug_byte = 60;
    /// Calling another contract, on top of what is forwarded.
    call = 3000;
    /// On top, for a callee or a constructor that traps: to end it takes longer than to call it.
    call_trapped = 30000;
    /// Each byte of a call's input.
    call_byte = 1;
    /// Creating a contract.
    create = 1500000;
    /// Each byte of a created contract's code: storing, checking and compiling it.
    create_byte = 800;
    /// Ending a call with revert data.
    revert = 1000;
    /// A question to the embedder.
    query = 700;
    /// keccak256, flat.
    keccak256 = 2500;
    /// keccak256, each word of 32 bytes.
    keccak256_word = 500;
    /// sha256, flat.
    sha256 = 800;
    /// sha256, each word of 32 bytes.
    sha256_word = 140;
    /// blake3, flat.
    blake3 = 2500;
    /// blake3, each word of 32 bytes.
    blake3_word = 120;
    /// sha3_256, flat.
    sha3_256 = 2500;
    /// sha3_256, each word of 32 bytes.
    sha3_256_word = 500;
    /// blake2b_256, flat.
    blake2b_256 = 1200;
    /// blake2b_256, each word of 32 bytes.
    blake2b_256_word = 190;
    /// ripemd160, flat.
    ripemd160 = 1900;
    /// ripemd160, each word of 32 bytes.
    ripemd160_word = 750;
    // From here on ten units are about a nanosecond of the machine that docs/crypto.md has the figures of, rounded up.
    // `make bench-crypto` measures them anew.
    /// Asking for a verification, on top of what the algorithm costs.
    verify = 500;
    /// Each word of 32 bytes of message, signatures and keys.
    verify_word = 750;
    /// An Ed25519 verification.
    ed25519 = 430000;
    /// An ECDSA verification on secp256k1.
    secp256k1 = 760000;
    /// An ECDSA verification on P-256.
    p256 = 2200000;
    /// A Schnorr verification.
    schnorr = 740000;
    /// A BLS verification: one pair of key and message.
    bls = 9300000;
    /// Each further pair of key and message under an aggregate.
    bls_pair = 3700000;
    /// Each further key of an aggregate over one message.
    bls_key = 430000;
    /// An ML-DSA-44 verification.
    mldsa44 = 1300000;
    /// An ML-DSA-65 verification.
    mldsa65 = 2000000;
    /// An ML-DSA-87 verification.
    mldsa87 = 3000000;
    /// A verification with Dilithium2 of round 3.
    dilithium2 = 1500000;
    /// A verification with Dilithium3 of round 3.
    dilithium3 = 2300000;
    /// A verification with Dilithium5 of round 3.
    dilithium5 = 3600000;
    /// Recovering a key of secp256k1.
    recover = 1600000;
    /// Asking for a key encapsulation, on top of what the set costs.
    kem = 500;
    /// Each word of 32 bytes of key and ciphertext.
    kem_word = 10;
    /// ML-KEM-512, either way.
    mlkem512 = 550000;
    /// ML-KEM-768, either way.
    mlkem768 = 790000;
    /// ML-KEM-1024, either way.
    mlkem1024 = 1100000;
    /// The part of the gas used that refunds may give back, as its divisor (EIP-3529).
    refund_divisor = 5;
}
