//! What a host function takes when a contract calls it over and over: gas, which is exact, and nanoseconds of the
//! thread, the least of some runs.

use rustix::time::{ClockId, clock_gettime};
use zvm::crypto::hash::keccak256;
use zvm::host::table::HostFunction;
use zvm::{Account, Address, Block, Call, Config, MemoryLedger, Outcome, Runtime, Session, Terms};

use Argument::{Number, Out, Pointer, Region, Room};

/// Where a contract's data begin, where its answers go, and where a second one does.
const DATA: u32 = 1 << 16;
const ANSWER: u32 = 1 << 10;
const SECOND: u32 = 1 << 13;
/// Bytes of room at the answer's place.
const ROOM: u32 = 4096;
/// Runs of each work, and about how long each is.
const RUNS: usize = 7;
const RUN_NS: f64 = 2e7;

/// An argument of a host function.
#[derive(Clone)]
pub(crate) enum Argument {
    /// A number.
    Number(u32),
    /// A region: pointer and length.
    Region(Vec<u8>),
    /// A pointer to bytes whose length the function knows.
    Pointer(Vec<u8>),
    /// A pointer to the answer's place.
    Out,
    /// A pointer and a capacity there, and a pointer behind it.
    Room,
}

/// What is done over and over: a host function, or plain code in the text format.
pub(crate) enum Work {
    Host(&'static str, Vec<Argument>),
    Plain(String),
}

/// A figure: nanoseconds and gas of one round.
#[derive(Clone, Copy)]
pub(crate) struct Cost {
    pub(crate) ns: f64,
    pub(crate) gas: f64,
}

impl Cost {
    pub(crate) fn per_gas(self) -> f64 {
        self.ns / self.gas
    }
}

pub(crate) fn measure(work: &Work) -> Cost {
    let code = wat::parse_str(contract(work)).expect("a module");
    let (code_hash, place) = (keccak256(&code), Address([9; 20]));
    let mut ledger = MemoryLedger::new();
    ledger.set_code(code_hash, code);
    ledger.set_account(place, Account { code_hash, ..Account::default() });
    let mut config = Config::default();
    config.rules.allow_kem = true;
    let runtime = Runtime::new(config).expect("a runtime");
    let mut session = runtime.session(&mut ledger, Block::default());
    // The first call compiles the contract.
    run(&mut session, place, 1);
    let (once, few) = (least(&mut session, place, 1, 3), least(&mut session, place, 9, 3));
    let round = ((few.ns - once.ns) / 8.0).max(1.0);
    let rounds = (RUN_NS / round).clamp(1.0, 1e6) as u32;
    let once = least(&mut session, place, 1, RUNS);
    let many = least(&mut session, place, 1 + rounds, RUNS);
    let rounds = f64::from(rounds);
    Cost { ns: (many.ns - once.ns) / rounds, gas: (many.gas - once.gas) / rounds }
}

fn least(session: &mut Session<'_>, target: Address, times: u32, runs: usize) -> Cost {
    let costs = (0..runs).map(|_| run(session, target, times));
    costs.reduce(|least, cost| if cost.ns < least.ns { cost } else { least }).expect("a run")
}

/// A call that works so many times.
fn run(session: &mut Session<'_>, target: Address, times: u32) -> Cost {
    let terms = Terms { gas_limit: 1 << 49, ..Terms::default() };
    let call = Call { target, input: times.to_le_bytes().to_vec(), terms, ..Call::default() };
    let began = thread_time();
    let done = session.query(&call).expect("a kind ledger");
    let ns = thread_time() - began;
    assert_eq!(done.outcome, Outcome::Success);
    Cost { ns, gas: done.gas_used as f64 }
}

/// Nanoseconds that this thread was on a processor: a busy machine takes the rest away.
fn thread_time() -> f64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as f64 * 1e9 + time.tv_nsec as f64
}

fn contract(work: &Work) -> String {
    let (import, body, data) = match work {
        Work::Plain(body) => (String::new(), body.clone(), Vec::new()),
        Work::Host(name, arguments) => {
            let row = HostFunction::by_name(name).expect("a host function").row();
            let (result, drop) = match row.returns.scalar() {
                Some(_) => (" (result i32)", "drop"),
                None => ("", "nop"),
            };
            let params = " i32".repeat(row.scalars.len());
            let import = format!("(import \"zvm\" \"{name}\" (func $function (param{params}){result}))");
            let (scalars, data) = laid_out(arguments);
            let scalars: String = scalars.iter().map(|scalar| format!("(i32.const {scalar})")).collect();
            (import, format!("(call $function {scalars}) {drop}"), data)
        }
    };
    let text: String = data.iter().map(|byte| format!("\\{byte:02x}")).collect();
    format!(
        "(module {import}
          (import \"zvm\" \"input_copy\" (func $input_copy (param i32 i32 i32)))
          (memory (export \"memory\") 16 16) (data (i32.const {DATA}) \"{text}\")
          (func (export \"call\") (local $left i32) (local $x i32) (local $y i32)
            (call $input_copy (i32.const 0) (i32.const 0) (i32.const 4))
            (local.set $left (i32.load (i32.const 0)))
            (loop $again
              {body}
              (br_if $again (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))))"
    )
}

fn laid_out(arguments: &[Argument]) -> (Vec<u32>, Vec<u8>) {
    let (mut scalars, mut data) = (Vec::new(), Vec::new());
    let mut put = |bytes: &[u8]| {
        let at = DATA + data.len() as u32;
        data.extend_from_slice(bytes);
        at
    };
    for argument in arguments {
        match argument {
            Number(number) => scalars.push(*number),
            Region(bytes) => scalars.extend([put(bytes), bytes.len() as u32]),
            Pointer(bytes) => scalars.push(put(bytes)),
            Out => scalars.push(ANSWER),
            Room => scalars.extend([ANSWER, ROOM, SECOND]),
        }
    }
    (scalars, data)
}
