//! A call finds its instance as if nobody had ever used it.

use zvm::outcome::Outcome;
use zvm::runtime::Runtime;
use zvm::runtime::config::{Config, SignalPolicy};
use zvm::runtime::execution::{Call, Deploy, Execution, Terms};
use zvm::runtime::session::Session;
use zvm::state::memory::MemoryLedger;
use zvm::types::{Address, Block};

/// `call` does what its input says, in commands of three words; `report` returns its whole
/// memory, its length, and its globals.
const HOSTILE: &str = r#"(module
  (import "zvm" "input_size" (func $input_size (result i32)))
  (import "zvm" "input_copy" (func $input_copy (param i32 i32 i32)))
  (import "zvm" "set_output" (func $set_output (param i32 i32)))
  (import "zvm" "keccak256" (func $keccak256 (param i32 i32 i32)))
  (import "zvm" "revert" (func $revert (param i32 i32)))
  (memory (export "memory") 3 48)
  (table 2 funcref)
  (elem (i32.const 0) $deep)
  (data (i32.const 8) "at the beginning")
  (data (i32.const 4090) "over the end of a page of the machine")
  (data (i32.const 65530) "over the end of a page of WebAssembly")
  (data (i32.const 196600) "the end!")
  (global $number (mut i64) (i64.const 41))
  (global $real (mut f64) (f64.const 0.5))
  (func $deep call $deep)
  (func $spin (loop $again br $again))
  (func (export "init"))
  (func (export "call") (local $at i32) (local $what i32) (local $a i32) (local $b i32)
    block $done
      loop $next
        local.get $at
        call $input_size
        i32.ge_u
        br_if $done
        (call $input_copy (i32.const 100) (local.get $at) (i32.const 12))
        (local.set $what (i32.load (i32.const 100)))
        (local.set $a (i32.load (i32.const 104)))
        (local.set $b (i32.load (i32.const 108)))
        (local.set $at (i32.add (local.get $at) (i32.const 12)))
        block $over block $empty block $zero block $leave block $dry block $trap block $global block $host
        block $grow block $copy block $fill block $wide block $narrow
          (br_table $narrow $wide $fill $copy $grow $host $global $trap $dry $leave $zero $empty $over (local.get $what))
        end (i32.store8 (local.get $a) (local.get $b)) (br $next)
        end (i64.store (local.get $a) (i64.const -1)) (br $next)
        end (memory.fill (local.get $a) (i32.const 0xee) (local.get $b)) (br $next)
        end (memory.copy (local.get $a) (i32.const 0) (local.get $b)) (br $next)
        end (drop (memory.grow (local.get $a))) (br $next)
        end (call $keccak256 (i32.const 0) (i32.const 8) (local.get $a)) (br $next)
        end
          (global.set $number (i64.extend_i32_u (local.get $a)))
          (global.set $real (f64.convert_i32_u (local.get $b)))
          (br $next)
        end unreachable
        end (call $spin)
        end (call $revert (local.get $a) (i32.const 4))
        end (drop (i32.div_u (local.get $a) (i32.const 0)))
        end (call_indirect (i32.const 1))
        end (call_indirect (i32.const 0))
      end
    end)
  (func (export "report") (local $length i32)
    (local.set $length (i32.mul (memory.size) (i32.const 65536)))
    ;; What the memory holds, before a byte of it is written here.
    (call $keccak256 (i32.const 0) (local.get $length) (i32.const 256))
    (i32.store (i32.const 288) (local.get $length))
    (i64.store (i32.const 292) (global.get $number))
    (f64.store (i32.const 300) (global.get $real))
    (call $set_output (i32.const 256) (i32.const 52))))"#;

const CALLER: Address = Address([7; 20]);

fn runtime() -> Runtime {
    runtime_under(SignalPolicy::Auto)
}

fn runtime_under(signals: SignalPolicy) -> Runtime {
    let mut config = Config { signals, ..Config::default() };
    // The report hashes its whole memory.
    config.rules.limits.message_bytes = 48 << 16;
    Runtime::new(config).expect("a runtime")
}

struct Used<'l> {
    session: Session<'l>,
    contract: Address,
}

impl Used<'_> {
    fn new() -> Self {
        Self::on(&runtime())
    }

    /// In a session of its own. All of one runtime share their instances.
    fn on(runtime: &Runtime) -> Self {
        let mut session = runtime.session(MemoryLedger::default(), Block::default());
        let terms = Terms { gas_limit: 100_000_000, ..Terms::default() };
        let mut deploy = Deploy::by(CALLER, terms);
        deploy.code = wat::parse_str(HOSTILE).expect("the text is a module").into();
        let contract = session.deploy(&deploy).expect("no error").created.expect("it is deployed");
        Self { session, contract }
    }

    fn call(&mut self, entry: &str, input: Vec<u8>, gas_limit: u64) -> Execution {
        let terms = Terms { gas_limit, ..Terms::default() };
        let entry = entry.to_owned();
        let call = Call { caller: CALLER, target: self.contract, entry, input, terms, ..Call::default() };
        self.session.call(&call).expect("no error")
    }

    fn report(&mut self) -> Execution {
        self.call("report", Vec::new(), 50_000_000)
    }
}

/// Numbers without a pattern, the same in each run.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u32) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as u32 % bound
    }

    /// Most commands write somewhere; one in a few ends the call, each in its own way.
    fn program(&mut self) -> Vec<u8> {
        let commands = 1 + self.below(12);
        let command = |random: &mut Self| {
            let what = if random.below(8) == 0 { 7 + random.below(6) } else { random.below(7) };
            let place = random.below(5 << 16);
            let (a, b) = match what {
                2 | 3 => {
                    let most = if random.below(20) == 0 { 3 << 16 } else { 9000 };
                    (place, random.below(most))
                }
                4 => (random.below(6), 0),
                _ => (place, random.below(u32::MAX)),
            };
            [what, a, b].into_iter().flat_map(u32::to_le_bytes).collect::<Vec<_>>()
        };
        (0..commands).flat_map(|_| command(self)).collect()
    }
}

#[test]
fn n039_nothing_of_a_call_is_left_for_the_next() {
    leaves_nothing(Used::new(), 1500);
}

/// Where nobody may note what is written.
#[test]
fn n039_nothing_is_left_where_there_are_no_signals() {
    leaves_nothing(Used::on(&runtime_under(SignalPolicy::None)), 300);
}

fn leaves_nothing(mut used: Used<'_>, rounds: u32) {
    let first = used.report();
    assert_eq!(first.outcome, Outcome::Success);
    let mut random = Random(0x0dd_ba11);
    let mut ends = std::collections::BTreeMap::new();
    for round in 0..rounds {
        let gas = if random.below(6) == 0 { random.below(40_000) } else { 20_000_000 };
        let program = random.program();
        let ended = used.call("call", program.clone(), gas.into()).outcome;
        *ends.entry(format!("{ended:?}")).or_insert(0) += 1;
        assert_eq!(used.report(), first, "round {round}, after {ended:?} of {program:?}");
    }
    // Every way to end was taken.
    assert!(ends.len() >= 7, "{ends:?}");
}

/// An instance that had another call before ends its own as a new one does, to the unit of gas.
#[test]
fn a_used_instance_and_a_new_one_agree() {
    let mut used = Used::new();
    let mut random = Random(0xfee1_600d);
    for round in 0..100 {
        let (program, gas) = (random.program(), 1000 + u64::from(random.below(4_000_000)));
        let again = used.call("call", program.clone(), gas);
        assert_eq!(again, Used::new().call("call", program.clone(), gas), "round {round} of {program:?}");
    }
}

/// A call that writes more pages than are noted one by one, time and again.
#[test]
fn a_call_may_write_more_pages_than_are_noted() {
    let mut used = Used::new();
    let first = used.report();
    let words = [4, 40, 0, 2, 0, 43 << 16, 0, 0, 0];
    let program: Vec<u8> = words.into_iter().flat_map(u32::to_le_bytes).collect();
    let wide = used.call("call", program.clone(), 50_000_000);
    assert_eq!(wide.outcome, Outcome::Success);
    for _ in 0..20 {
        assert_eq!(used.call("call", program.clone(), 50_000_000), wide);
        assert_eq!(used.report(), first);
    }
}

/// Instances of one code on many threads at once, and after they were thrown away.
#[test]
fn instances_are_one_threads_at_a_time() {
    let runtime = runtime();
    let report = Used::on(&runtime).report();
    let threads = (0..8_u64).map(|seed| {
        let (runtime, report) = (runtime.clone(), report.clone());
        std::thread::spawn(move || {
            let mut used = Used::on(&runtime);
            let mut random = Random(seed + 1);
            for round in 0..100 {
                used.call("call", random.program(), 5_000_000);
                if round % 10 == 0 {
                    runtime.trim();
                }
                assert_eq!(used.report(), report);
            }
        })
    });
    let threads: Vec<_> = threads.collect();
    threads.into_iter().for_each(|thread| thread.join().expect("no thread fails"));
}
