//! The loops: in ZVM assembly, from which the peer's code is translated, and in WASM.

/// A loop, with `ROUNDS` in its texts. It returns a word.
pub(crate) struct Program {
    pub(crate) name: &'static str,
    pub(crate) rounds: u32,
    /// Before the loop, in it, and the word it returns in the end on top. The loop finds the rounds left
    /// on top of the stack.
    pub(crate) before: &'static str,
    pub(crate) body: &'static str,
    pub(crate) after: &'static str,
    /// The same over words of 64 bits: what a round does to `$acc`, with `$left` rounds left.
    pub(crate) wasm: &'static str,
}

pub(crate) const PROGRAMS: &[Program] = &[
    Program {
        name: "sum_loop",
        rounds: 1_000_000,
        before: "push 0",
        // n sum
        body: "dup1 swap2 add swap1",
        after: "",
        wasm: "(local.set $acc (i64.add (local.get $acc) (local.get $left)))",
    },
    Program {
        name: "keccak_loop",
        rounds: 50_000,
        before: "push 1",
        body: "push 32 push 0 keccak256 push 0 mstore",
        after: "push 0 mload",
        wasm: "(call $keccak256 (i32.const 0) (i32.const 32) (i32.const 0))",
    },
    Program {
        name: "u256_mul",
        rounds: 1_000_000,
        before: "push 0x0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        // n product
        body: "swap1 dup1 mul push 0xfedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543211 mul swap1",
        after: "",
        wasm: "(local.set $acc (i64.mul (i64.mul (local.get $acc) (local.get $acc)) (i64.const 0x1234567)))",
    },
    Program {
        name: "storage_loop",
        rounds: 100_000,
        before: "push 1",
        body: "push 7 sload push 1 add push 7 sstore",
        after: "push 7 sload",
        wasm: "(drop (call $storage_read (i32.const 0) (i32.const 32) (i32.const 32) (i32.const 32)))
            (i64.store (i32.const 32) (i64.add (i64.load (i32.const 32)) (i64.const 1)))
            (call $storage_write (i32.const 0) (i32.const 32) (i32.const 32) (i32.const 32))",
    },
];

impl Program {
    pub(crate) fn assembly(&self) -> String {
        let Self { rounds, before, body, after, .. } = self;
        let words = format!(
            "{before} push {rounds} loop: jumpdest {body} push 1 swap1 sub dup1 push loop jumpi pop {after} \
             push 0 mstore push 32 push 0 return"
        );
        // One instruction a line.
        let mut text = String::new();
        let mut push = false;
        for word in words.split_whitespace() {
            text += if push { " " } else { "\n" };
            text += word;
            push = word == "push";
        }
        text
    }

    pub(crate) fn wat(&self) -> String {
        let Self { rounds, wasm, .. } = self;
        format!(
            r#"(module
              (import "zvm" "keccak256" (func $keccak256 (param i32 i32 i32)))
              (import "zvm" "storage_read" (func $storage_read (param i32 i32 i32 i32) (result i32)))
              (import "zvm" "storage_write" (func $storage_write (param i32 i32 i32 i32)))
              (import "zvm" "set_output" (func $set_output (param i32 i32)))
              (memory (export "memory") 1)
              (func (export "call") (local $acc i64) (local $left i64)
                (local.set $acc (i64.const 3))
                (local.set $left (i64.const {rounds}))
                (loop $again
                  {wasm}
                  (br_if $again (i64.ne (i64.const 0)
                    (local.tee $left (i64.sub (local.get $left) (i64.const 1))))))
                (i64.store (i32.const 64) (local.get $acc))
                (call $set_output (i32.const 64) (i32.const 8))))"#
        )
    }
}
