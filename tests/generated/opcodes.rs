//! docs/zvm-opcodes.md.

use std::fmt::Write;

use zvm::engine::zvm::opcode::{Opcode, ROWS, Row};

const HEAD: &str = "\
# ZVM opcodes

What ZVM bytecode is made of. Generated from the table in src/engine/zvm/opcode.rs.

Words have 256 bits, the stack holds 1024 of them, addresses are a word's last 20 bytes. The stack is written with the top first,
so `a b` means that a is on top. Immediates follow their opcode, big-endian. Behind the last instruction a frame ends as by HALT.
A byte without a row, like every other halt, takes all gas of its frame.

**Blocks.** Code is paid, and its stack checked, by the block: from where it is entered to the next JUMPDEST, or through the next
instruction that jumps, ends the frame, or is in the groups Calls, Extension or Hedera. First the gas of all of its
instructions must be there (OUT_OF_GAS), then what it takes off the stack (STACK_UNDERFLOW), then room for what it puts there
(STACK_OVERFLOW). So a frame that fails in the middle of a block has failed at its beginning or where the instruction did; either
way its gas is gone and its changes are undone.

**Jumps** go to where an instruction begins, read from the beginning of the code. In a container whose flags have bit 1 they go to
JUMPDEST only.

**Memory** is zero, and as large as the furthest word touched. Growing to w words costs 3w + w\u{b2}/512 in all, whatever makes it
grow. Copies, hashes and events cost by the word or byte besides, as their rows say.

**Calls** get at most 63/64 of the gas that is left, whatever they ask for, and reach contracts of any engine; DELEGATECALL and
CALLCODE only those of this one. flag is 1 for success, else 0. An account without code takes the amount and returns nothing.
CREATE and CREATE2 take the code of any engine, as it is deployed: ZVM bytecode in its container. It has no constructor. Each byte
costs create_byte (docs/parameters.md), where the original charged 200: every node checks and keeps it.

**Extensions** are zvm's own; validation refuses them where bit 0 of the container's flags does not ask for them.
HOST reads only memory that is there: its regions must lie within MSIZE.

**Hedera** opcodes are answered by the embedder's hook, and without one are as unassigned.

";

#[test]
fn the_page_of_zvm_opcodes_is_what_the_table_says() {
    let mut out = format!(
        "{HEAD}| Byte | Mnemonic | Immediate | Stack | Gas | Group | |\n|---|---|---|---|---|---|---|\n"
    );
    for row in ROWS {
        let Row { byte, mnemonic, immediate, gas, group, sentence, .. } = row;
        let immediate = if *immediate > 0 { immediate.to_string() } else { String::new() };
        writeln!(
            out,
            "| {byte:02X} | {mnemonic} | {immediate} | {} | {gas} | {group:?} | {sentence} |",
            stack(row)
        )
        .expect("text");
    }
    super::held("docs/zvm-opcodes.md", &out);
}

fn stack(row: &Row) -> String {
    let (takes, leaves) = (row.takes.join(" "), row.leaves.join(" "));
    match row.opcode {
        Opcode::HOST => "by the function's row".to_owned(),
        _ => format!("{takes} \u{2192} {leaves}").trim().to_owned(),
    }
}
