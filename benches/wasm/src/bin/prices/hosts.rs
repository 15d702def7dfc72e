//! The host functions: every row of the library's own table, with its arguments as large as makes a
//! difference. A row this file does not know is measured all the same, with arguments by their kind.

use wasm_encoder::Instruction as I;
use zvm::host::kinds::{Scalar, Slot};
use zvm::host::table::{HostFunction, ROWS, Row};
use zvm::{Address, Limits};

use crate::measure::{Bench, Cost, OWNER, Result};
use crate::program::{COUNTER, Code, Program, X, at};

/// Where the arguments lie.
const KEY: i32 = 64;
const ADDRESS: i32 = 512;
const ZERO: i32 = 576;
const ONE: i32 = 640;
const TOPICS: i32 = 704;
const CODE: i32 = 1024;
const OUT: i32 = 64 << 10;
const DATA: i32 = 192 << 10;
const PAGES: u64 = 6;
const LARGE: u32 = 32 << 10;

/// One way to call a host function.
pub(crate) struct Case {
    row: &'static Row,
    pub(crate) name: String,
    /// Bytes of every region of variable length.
    size: u32,
    times: u32,
    /// Another key, another number in each round.
    fresh: bool,
    /// The entries that are read are there.
    present: bool,
    callee: Option<Vec<u8>>,
}

impl Case {
    fn new(row: &'static Row, what: &str, size: u32, times: u32) -> Self {
        let what = if what.is_empty() { String::new() } else { format!(", {what}") };
        Self {
            row,
            name: format!("{}{what}", row.name),
            size,
            times,
            fresh: false,
            present: false,
            callee: None,
        }
    }

    fn fresh(self) -> Self {
        Self { fresh: true, ..self }
    }

    fn present(self) -> Self {
        Self { present: true, ..self }
    }

    fn of(self, callee: Vec<u8>) -> Self {
        Self { callee: Some(callee), ..self }
    }

    /// The price that most of the gas is for.
    pub(crate) fn field(&self) -> &'static str {
        match (&self.row.rate, self.size > 256) {
            (Some((rate, _)), true) => rate.field,
            _ => self.row.flat.field,
        }
    }

    pub(crate) fn measure(&self, bench: &mut Bench) -> Result<Cost> {
        let callee = match &self.callee {
            Some(code) => bench.deploy(code.clone())?,
            None => OWNER,
        };
        let program = self.program(callee);
        let input = vec![7; LARGE as usize];
        bench.measure(&program, &input, |bench, contract| self.fill(bench, contract))
    }

    fn fill(&self, bench: &mut Bench, contract: Address) {
        let numbers = if self.present { 0..=self.times } else { 0..=0 };
        for number in numbers.filter(|_| self.present) {
            bench.store(contract, &key(number, self.key_bytes()), &vec![9; self.size as usize]);
        }
    }

    fn key_bytes(&self) -> u32 {
        if self.size > 256 { Limits::default().key_bytes } else { 32 }
    }

    fn program(&self, callee: Address) -> Program {
        let mut program = Program::new(self.times, Vec::new());
        (program.pages, program.host) = (PAGES, vec![self.row]);
        program.data = vec![
            (ADDRESS as u32, callee.0.to_vec()),
            (ONE as u32 + 31, vec![1]),
            (TOPICS as u32, vec![3; 128]),
            (CODE as u32, Program::new(1, Vec::new()).module()),
        ];
        if self.fresh {
            program.each = vec![I::I32Const(KEY), I::LocalGet(COUNTER), I::I32Store(at(0))];
        }
        if self.row.name == "return_copy" {
            program.host.push(HostFunction::static_call.row());
            program.before = vec![
                I::I32Const(ADDRESS),
                I::I32Const(DATA),
                I::I32Const(0),
                I::I64Const(i64::MAX),
                I::Call(1),
                I::Drop,
            ];
        }
        if self.row.name == "transient_read" && self.present {
            program.host.push(HostFunction::transient_write.row());
            let regions = [KEY, self.key_bytes() as i32, DATA, self.size as i32];
            program.before = regions.into_iter().map(I::I32Const).chain([I::Call(1)]).collect();
        }
        program.with = self.arguments();
        program.with.push(I::Call(0));
        if self.row.returns.scalar().is_some() {
            program.with.push(I::Drop);
        }
        program
    }

    fn arguments(&self) -> Code {
        let mut code = Code::new();
        for argument in self.row.arguments {
            match (argument.kind, argument.name) {
                ("Int64", _) if self.fresh => code.extend([I::LocalGet(COUNTER), I::I64ExtendI32U]),
                ("Int64", _) => code.push(I::I64Const(1 << 40)),
                ("Int32", _) => code.push(I::I32Const(1)),
                ("Window", _) => {
                    code.extend([I::I32Const(OUT), I::I32Const(0), I::I32Const(self.size as i32)])
                }
                ("Key", _) => code.extend([I::I32Const(KEY), I::I32Const(self.key_bytes() as i32)]),
                ("Topics", _) => code.extend([I::I32Const(TOPICS), I::I32Const(4)]),
                ("Code", _) => code.extend([I::I32Const(CODE), I::I32Const(self.size as i32)]),
                ("Buffer", _) => code.extend([I::I32Const(OUT), I::I32Const(64 << 10)]),
                ("InAddress", _) => code.push(I::I32Const(ADDRESS)),
                ("InWord", "amount") if self.row.name == "transfer" => code.push(I::I32Const(ONE)),
                ("InWord", _) => code.push(I::I32Const(ZERO)),
                ("OptionalWord", _) => code.push(I::I32Const(0)),
                ("OutAddress" | "OutWord", _) => code.push(I::I32Const(OUT)),
                _ => code.extend(argument.slots.iter().map(|slot| self.by_slot(slot))),
            }
        }
        code
    }

    /// A kind that has a pointer, or a pointer and a length.
    fn by_slot(&self, slot: &Slot) -> I<'static> {
        match (slot.scalar, slot.suffix) {
            (Scalar::I64, _) => I::LocalGet(X),
            (Scalar::I32, "_len") => I::I32Const(self.size as i32),
            (Scalar::I32, _) => I::I32Const(DATA),
        }
    }
}

fn key(number: u32, bytes: u32) -> Vec<u8> {
    let mut key = vec![0; bytes as usize];
    key[..4].copy_from_slice(&number.to_le_bytes());
    key
}

/// Every way in which the functions of the table are called, but for signatures: `make bench-crypto` has
/// those, with arguments that are good and bad for each algorithm.
pub(crate) fn cases() -> Vec<Case> {
    let signatures = |row: &&Row| ["verify", "recover", "kem"].contains(&row.flat.field);
    ROWS.iter().filter(|row| !signatures(row)).flat_map(cases_of).collect()
}

fn cases_of(row: &'static Row) -> Vec<Case> {
    let plain = |what: &str, size, times| Case::new(row, what, size, times);
    let sizes = |most: u32, times| {
        let what = format!("{most} bytes");
        vec![plain("1 byte", 1, times), plain("256 bytes", 256, times), plain(&what, most, times)]
    };
    match row.name {
        "block_hash" => vec![plain("the same", 0, 500), plain("another each time", 0, 500).fresh()],
        "input_copy" => sizes(LARGE, 200),
        "return_copy" => sizes(LARGE, 200).into_iter().map(|case| case.of(returning(LARGE))).collect(),
        "set_output" => sizes(LARGE, 200),
        "revert" => vec![plain("", 32, 1)],
        "transient_read" => vec![
            plain("absent", 32, 500).fresh(),
            plain("32 bytes", 32, 500).present(),
            plain("32 KiB", LARGE, 100).present(),
        ],
        "storage_read" => vec![
            plain("hit, 32 bytes", 32, 500).present(),
            plain("hit, 32 KiB", LARGE, 100).present(),
            plain("miss, 32 bytes", 32, 500).present().fresh(),
            plain("miss, absent", 32, 500).fresh(),
            plain("miss, 32 KiB", LARGE, 100).present().fresh(),
        ],
        "storage_write" | "transient_write" => vec![
            plain("the same, 32 bytes", 32, 500),
            plain("the same, 32 KiB", LARGE, 100),
            plain("new each time, 32 bytes", 32, 500).fresh(),
            plain("new each time, 32 KiB", LARGE, 100).fresh(),
            plain("over an old one, 32 bytes", 32, 500).present().fresh(),
        ],
        "storage_delete" => {
            vec![plain("absent", 32, 500).fresh(), plain("present", 32, 500).present().fresh()]
        }
        "storage_next" => {
            vec![plain("", 32, 200).present(), plain("another each time", 32, 200).present().fresh()]
        }
        "emit" => vec![plain("4 topics, 1 byte", 1, 120), plain("4 topics, 512 bytes", 512, 120)],
        "debug_log" => vec![plain("1 byte", 1, 200), plain("2 KiB", 2048, 8), plain("32 KiB", LARGE, 100)],
        "call" | "static_call" | "delegate_call" => calls(row),
        "create" => vec![plain("a small contract", Program::new(1, Vec::new()).module().len() as u32, 20)],
        _ if row.arguments.iter().any(|argument| argument.slots.iter().any(|slot| slot.suffix == "_len")) => {
            sizes(LARGE, 100)
        }
        _ => vec![plain("", 32, 500)],
    }
}

/// What is called makes a difference: the instance is made for it.
fn calls(row: &'static Row) -> Vec<Case> {
    let callee = |pages, data: usize| {
        let mut callee = Program::new(1, Vec::new());
        callee.pages = pages;
        if data > 0 {
            callee.data = vec![(0, vec![5; data])];
        }
        callee.module()
    };
    // Every page of the machine is written.
    let writing = |pages: u32| {
        let mut callee = Program::new(pages * 16, Vec::new());
        callee.each = vec![I::LocalGet(COUNTER), I::I32Const(1), I::I32Sub, I::I32Const(12), I::I32Shl];
        callee.each.extend([I::I32Const(1), I::I32Store8(at(0))]);
        callee.pages = u64::from(pages);
        callee.module()
    };
    // A trap that comes as a signal, which `unreachable` does not.
    let mut halting = Program::new(1, Vec::new());
    halting.before = vec![I::I32Const(-1), I::I32Load(at(0)), I::Drop];
    let case = |what, size, callee| Case::new(row, what, size, 50).of(callee);
    vec![
        case("1 page", 0, callee(1, 0)),
        case("1 page, 32 KiB of input", LARGE, callee(1, 0)),
        case("64 pages", 0, callee(64, 0)),
        case("1 page, a trap", 0, halting.module()),
        case("2 pages, all written", 0, writing(2)),
        case("64 pages, all written", 0, writing(64)),
        case("8 pages, 500 KiB of data", 0, callee(8, 500 << 10)),
    ]
}

/// A contract that returns so many bytes.
fn returning(bytes: u32) -> Vec<u8> {
    let mut program = Program::new(1, Vec::new());
    program.host = vec![HostFunction::set_output.row()];
    program.before = vec![I::I32Const(0), I::I32Const(bytes as i32), I::Call(0)];
    program.module()
}
