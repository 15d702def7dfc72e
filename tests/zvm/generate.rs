//! Programs that do something: snippets that leave the stack in order most of the time, loops that
//! end, calls of each other, and now and then anything at all.

use zvm::Address;
use zvm::engine::zvm::opcode::{Group, Opcode, ROWS};

use crate::random::Random;
use crate::reference::words::{ONE, W, ZERO, neg, not, number, shl};

/// The contracts of a world.
pub(crate) const CONTRACTS: [Address; 3] = [Address([0xc1; 20]), Address([0xc2; 20]), Address([0xc3; 20])];
/// Who calls the first of them.
pub(crate) const USER: Address = Address([0x0e; 20]);
/// Nobody yet.
const STRANGER: Address = Address([0x57; 20]);

/// Operands at which something changes.
pub(crate) fn corners() -> Vec<W> {
    let mut words = vec![ZERO, not(ZERO)];
    for low in [1, 2, 3, 7, 8, 30, 31, 32, 33, 63, 64, 127, 128, 255, 256, 257, 0xffff_ffff, u64::MAX] {
        words.extend([number(low), neg(number(low))]);
    }
    for bit in [7, 8, 63, 64, 127, 128, 191, 192, 254, 255] {
        let power = shl(ONE, bit);
        words.extend([power, neg(power), not(power), crate::reference::words::sub(power, ONE)]);
    }
    words
}

pub(crate) fn word(random: &mut Random) -> W {
    match random.below(4) {
        0 => *random.pick(&corners()),
        1 => number(random.below(300) as u64),
        2 => {
            let len = 1 + random.below(32);
            let mut word = ZERO;
            word[32 - len..].fill_with(|| random.byte());
            word
        }
        _ => number(random.below(4) as u64),
    }
}

/// The code of a program. It ends between instructions, as validation wants.
pub(crate) fn code(random: &mut Random) -> Vec<u8> {
    let mut writer = Writer { random, code: Vec::new(), marks: Vec::new() };
    for _ in 0..1 + writer.random.below(25) {
        writer.snippet(0);
    }
    writer.ending();
    // Whatever the last snippet was, its immediate is there.
    [writer.code, vec![0; 32]].concat()
}

struct Writer<'a> {
    random: &'a mut Random,
    code: Vec<u8>,
    /// JUMPDESTs so far.
    marks: Vec<usize>,
}

impl Writer<'_> {
    fn op(&mut self, opcode: Opcode) {
        self.code.push(opcode as u8);
    }

    fn push(&mut self, word: W) {
        let len = 32 - word.iter().take_while(|byte| **byte == 0).count();
        let (opcode, width) = match len {
            0 | 1 => (Opcode::PUSH1, 1),
            2 => (Opcode::PUSH2, 2),
            3 | 4 => (Opcode::PUSH4, 4),
            5..=8 => (Opcode::PUSH8, 8),
            9..=16 => (Opcode::PUSH16, 16),
            _ => (Opcode::PUSH32, 32),
        };
        self.op(opcode);
        self.code.extend(&word[32 - width..]);
    }

    fn small(&mut self, below: usize) {
        let number_below = number(self.random.below(below) as u64);
        self.push(number_below);
    }

    fn any(&mut self) {
        let word = word(self.random);
        self.push(word);
    }

    fn address(&mut self) {
        let address = match self.random.below(6) {
            at @ 0..=2 => CONTRACTS[at],
            3 => USER,
            4 => STRANGER,
            _ => return self.any(),
        };
        let mut word = ZERO;
        word[12..].copy_from_slice(&address.0);
        self.push(word);
    }

    fn mark(&mut self) -> usize {
        self.op(Opcode::JUMPDEST);
        self.marks.push(self.code.len() - 1);
        self.code.len() - 1
    }

    fn snippet(&mut self, depth: usize) {
        match self.random.below(28) {
            0..=7 => self.reckoning(),
            8..=10 => self.memory(),
            11..=13 => self.storage(),
            14 => self.hashing(),
            15 => self.log(),
            16..=18 => self.call(),
            19 => self.creation(),
            20..=21 => self.context(),
            22 if depth < 2 => self.round(depth),
            23 => self.jump(),
            24 => self.shuffle(),
            25 if self.random.one_in(4) => self.anything(),
            26 if self.random.one_in(6) => self.ending(),
            _ => self.any(),
        }
    }

    fn reckoning(&mut self) {
        let rows = ROWS
            .iter()
            .filter(|row| matches!(row.group, Group::Arithmetic | Group::Comparison | Group::Bits));
        let rows: Vec<_> = rows.collect();
        let row = *self.random.pick(&rows);
        for _ in 0..row.takes.len() - usize::from(self.random.one_in(8)) {
            self.any();
        }
        self.op(row.opcode);
    }

    fn memory(&mut self) {
        let opcode = *self.random.pick(&[
            Opcode::MLOAD,
            Opcode::MSTORE,
            Opcode::MSTORE,
            Opcode::MSTORE8,
            Opcode::MSIZE,
        ]);
        if matches!(opcode, Opcode::MSTORE | Opcode::MSTORE8) {
            self.any();
        }
        if opcode != Opcode::MSIZE {
            if self.random.one_in(20) { self.any() } else { self.small(200) }
        }
        self.op(opcode);
    }

    fn storage(&mut self) {
        let opcode = *self.random.pick(&[
            Opcode::SLOAD,
            Opcode::SSTORE,
            Opcode::SSTORE,
            Opcode::TLOAD,
            Opcode::TSTORE,
        ]);
        if matches!(opcode, Opcode::SSTORE | Opcode::TSTORE) {
            self.small(3);
        }
        self.small(4);
        self.op(opcode);
    }

    fn region(&mut self) {
        self.small(100);
        if self.random.one_in(30) { self.any() } else { self.small(100) }
    }

    fn hashing(&mut self) {
        let opcode = *self.random.pick(&[
            Opcode::KECCAK256,
            Opcode::SHA256,
            Opcode::RIPEMD160,
            Opcode::BLAKE2B,
            Opcode::TABLEHASH,
        ]);
        self.region();
        self.op(opcode);
    }

    fn log(&mut self) {
        let topics = self.random.below(5);
        (0..topics).for_each(|_| self.any());
        self.region();
        self.code.push(Opcode::LOG0 as u8 + topics as u8);
    }

    fn call(&mut self) {
        let opcode = *self.random.pick(&[
            Opcode::CALL,
            Opcode::CALL,
            Opcode::CALLCODE,
            Opcode::DELEGATECALL,
            Opcode::STATICCALL,
        ]);
        self.region();
        self.region();
        if matches!(opcode, Opcode::CALL | Opcode::CALLCODE) {
            match self.random.below(6) {
                0 => self.small(20),
                1 => self.any(),
                _ => self.small(1),
            }
        }
        self.address();
        if self.random.one_in(3) {
            self.any()
        } else {
            self.small(100_000)
        }
        self.op(opcode);
    }

    /// Of another contract's code, or of whatever lies in memory.
    fn creation(&mut self) {
        let salted = self.random.one_in(2);
        if salted {
            self.small(2);
        }
        if self.random.one_in(3) {
            self.region();
        } else {
            let address = *self.random.pick(&CONTRACTS);
            let mut word = ZERO;
            word[12..].copy_from_slice(&address.0);
            self.push(word);
            self.op(Opcode::EXTCODESIZE);
            self.op(Opcode::DUP1);
            self.small(1);
            self.small(1);
            self.push(word);
            // address, 0, 0, size
            self.op(Opcode::EXTCODECOPY);
            self.push(word);
            self.op(Opcode::EXTCODESIZE);
            self.small(1);
        }
        if self.random.one_in(4) {
            self.small(9)
        } else {
            self.small(1)
        }
        self.op(if salted { Opcode::CREATE2 } else { Opcode::CREATE });
    }

    fn context(&mut self) {
        let rows: Vec<_> =
            ROWS.iter().filter(|row| matches!(row.group, Group::Context | Group::Block)).collect();
        let row = *self.random.pick(&rows);
        let names = row.takes.iter().rev();
        for name in names {
            match *name {
                "addr" => self.address(),
                _ if self.random.one_in(30) => self.any(),
                _ => self.small(90),
            }
        }
        self.op(row.opcode);
        if self.random.one_in(4) {
            self.op(Opcode::GAS);
        }
    }

    /// A loop of few rounds.
    fn round(&mut self, depth: usize) {
        self.small(5);
        let mark = self.mark();
        for _ in 0..self.random.below(4) {
            self.snippet(depth + 1);
        }
        self.push(ONE);
        self.op(*[Opcode::SWAP1, Opcode::SWAP1, Opcode::SWAP2].get(depth).unwrap_or(&Opcode::SWAP1));
        self.op(Opcode::SUB);
        self.op(Opcode::DUP1);
        self.push(number(mark as u64));
        self.op(Opcode::JUMPI);
    }

    /// Over a few instructions, to a mark, or anywhere.
    fn jump(&mut self) {
        match self.random.below(4) {
            0 => {
                let far = self.code.len() as u64 + 40;
                let place = number(self.random.below(far as usize) as u64);
                self.push(place);
            }
            1 if !self.marks.is_empty() => {
                let mark = *self.random.pick(&self.marks.clone());
                self.any();
                self.push(number(mark as u64));
                self.op(Opcode::JUMPI);
                return;
            }
            _ => {
                // PUSH1 a, PUSH1 b, ADD, JUMP: nobody knows where to before it runs.
                let here = self.code.len() as u64 + 6;
                self.push(number(here.min(250) / 2));
                self.push(number(here.min(250) - here.min(250) / 2));
                self.op(Opcode::ADD);
            }
        }
        let opcode = *self.random.pick(&[Opcode::JUMP, Opcode::JUMPI]);
        self.op(opcode);
        self.mark();
    }

    fn shuffle(&mut self) {
        (0..3).for_each(|_| self.any());
        for _ in 0..4 {
            let byte = Opcode::POP as u8 + *self.random.pick(&[0, 7, 8, 9, 10, 11, 12, 13, 14]);
            self.code.push(byte);
        }
    }

    /// A byte as it comes. The other machine has one function of HOST, no Hedera and no signatures.
    fn anything(&mut self) {
        let byte = self.random.byte();
        match Opcode::of(byte).map(|opcode| opcode.row()) {
            Some(row) if row.opcode == Opcode::HOST => self.code.extend([byte, 0, 5]),
            Some(row) if row.opcode == Opcode::PQ_VERIFY_DILITHIUM => self.code.push(byte + 1),
            Some(row) if row.group == Group::Hedera => self.code.push(0xeb + (byte & 1)),
            Some(row) if row.immediate > 0 => {
                self.code.push(byte);
                for _ in 0..row.immediate {
                    let byte = self.random.byte();
                    self.code.push(byte);
                }
            }
            _ => self.code.push(byte),
        }
    }

    fn ending(&mut self) {
        match self.random.below(8) {
            0..=3 => {
                self.region();
                self.op(Opcode::RETURN);
            }
            4 => {
                self.region();
                self.op(Opcode::REVERT);
            }
            5 => {
                self.address();
                self.op(Opcode::SELFDESTRUCT);
            }
            _ => self.op(Opcode::HALT),
        }
    }
}
