//! Instances and their memories: what one leaves, what the machine lacks (#36 to #39).

use std::fs;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use zvm::{Call, Halt, Outcome, Runtime, Status};

use crate::machine::assemble;
use crate::process;
use crate::world::{self, PLENTY, call, ledger, runtimes, session, try_run};

/// A figure of /proc/self/status in KiB.
fn figure(name: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find_map(|line| line.strip_prefix(name)).expect("a line of it");
    line.trim_start_matches(':').trim().trim_end_matches(" kB").parse().expect("a figure")
}

/// Bounds the address space of this process; `None` lifts the bound.
fn bound_address_space(bytes: Option<u64>) {
    let maximum = getrlimit(Resource::As).maximum;
    setrlimit(Resource::As, Rlimit { current: bytes, maximum }).expect("a soft limit may be set");
}

/// Grows to 16 MiB in steps and writes to each page; `salt` makes it code of its own.
fn growing(salt: u64) -> Vec<u8> {
    world::contract(&format!(
        "(local i32) i32.const {salt} drop loop
            i32.const 25 memory.grow i32.const -1 i32.eq if i32.const 9 return end
            memory.size i32.const 16 i32.shl i32.const 4 i32.sub local.get 0 i32.store
            local.get 0 i32.const 1 i32.add local.tee 0 i32.const 10 i32.lt_u br_if 0 end
        i32.const 0"
    ))
}

#[test]
fn n036_a_machine_without_memory_is_our_failure_and_not_the_contracts() {
    eprintln!("{}", process::quiet("without memory").join("; "));
}

/// With ever more address space to go: nothing but the failure or the one result may come.
pub(crate) fn hold_without_memory() {
    for (name, runtime) in runtimes() {
        let right = try_run(&runtime, &growing(0), PLENTY).expect("the machine has memory");
        assert_eq!(right.outcome, Outcome::Success);
        let (mut failed, mut held) = (0, 0);
        for mebibytes in (1..64).step_by(3) {
            let wasm = growing(mebibytes);
            // Compiled already, and run by nobody: what fails is making an instance, or growing it.
            let _code = runtime.load_code(&wasm.as_slice().into(), None).expect("it is valid");
            let mut session = session(&runtime, ledger(&wasm));
            bound_address_space(Some((figure("VmSize") << 10) + (mebibytes << 20)));
            let came = session.call(&call(&[], PLENTY));
            bound_address_space(None);
            match came {
                Ok(came) => {
                    assert_eq!(came, right, "{mebibytes} MiB");
                    held += 1;
                }
                Err(error) => {
                    assert_eq!(error.status, Status::Memory, "{mebibytes} MiB: {error}");
                    assert!(session.changes().expect("a usable session").is_empty());
                    assert_eq!(session.call(&call(&[], PLENTY)).as_ref(), Ok(&right), "the next call");
                    failed += 1;
                }
            }
        }
        println!("child: {name}: {failed} failed, {held} held");
        assert!(failed > 0 && held > 0, "{failed} failed, {held} held");
    }
}

#[test]
fn n037_twenty_thousand_instances_leave_nothing() {
    for line in process::quiet("instances") {
        eprintln!("{line}");
    }
}

/// Every call is an instance of its own: what waits for the next one is dropped.
pub(crate) fn hold_many_instances() {
    let wasm = assemble(
        r#"(module (memory (export "memory") 2) (global $g (mut i32) (i32.const 0)) (table 100 funcref)
            (func (export "call") (result i32)
                i32.const 70000 i32.const 7 i32.store global.get $g i32.const 1 i32.add global.set $g
                global.get $g i32.const 1 i32.ne))"#,
    );
    for (name, runtime) in runtimes() {
        let calls = |count: usize| {
            for _ in 0..count / 1000 {
                let mut session = session(&runtime, ledger(&wasm));
                for _ in 0..1000 {
                    let came = session.call(&call(&[], PLENTY)).expect("no failure");
                    assert_eq!(came.outcome, Outcome::Success, "a fresh instance each time");
                    runtime.trim();
                }
            }
            (figure("VmSize"), figure("VmRSS"))
        };
        let (address_space, resident) = calls(2_000);
        let (address_space_after, resident_after) = calls(20_000);
        println!("child: {name}: address space {address_space} to {address_space_after} KiB");
        println!("child: {name}: resident {resident} to {resident_after} KiB");
        // Each instance reserves the 16 MiB that its memory may become, so a few that stay would show.
        // The C library reserves 64 MiB for the heap of a thread when it first needs one.
        assert!(
            address_space_after < address_space + (200 << 10),
            "{address_space} to {address_space_after}"
        );
        assert!(resident_after < resident + (8 << 10), "{resident} to {resident_after}");
    }
}

#[test]
fn an_idle_instance_of_code_that_writes_everywhere_holds_little() {
    for line in process::quiet("idle") {
        eprintln!("{line}");
    }
}

/// What is given back when instances that wait are dropped, of codes that write 4 MiB in each call.
pub(crate) fn hold_idle_instances() {
    const CODES: u64 = 16;
    let everywhere = |salt: u64| {
        assemble(&format!(
            r#"(module (memory (export "memory") 64) (data (i32.const 3000000) "in the middle")
                (func (export "call") (result i32) (local i32) i32.const {salt} drop
                    loop
                        local.get 0 i32.const 1 i32.store8
                        local.get 0 i32.const 4096 i32.add local.tee 0 i32.const 0x400000 i32.lt_u br_if 0
                    end
                    i32.const 0))"#
        ))
    };
    for (name, runtime) in runtimes() {
        // Code that is held stays where it is when the runtime is trimmed.
        let codes = (0..CODES).map(everywhere).map(|wasm| {
            for _ in 0..2 {
                assert_eq!(world::run(&runtime, &wasm, PLENTY).outcome, Outcome::Success, "{name}");
            }
            runtime.load_code(&wasm.into(), None).expect("valid code")
        });
        let codes: Vec<_> = codes.collect();
        let held = figure("VmRSS");
        runtime.trim();
        let each = held.saturating_sub(figure("VmRSS")) / CODES;
        println!("child: {name}: {each} KiB each");
        // 64 KiB beyond the page of the image, and as much for what the allocator makes of it.
        assert!(each <= 128, "{name}: {each} KiB");
        drop(codes);
    }
}

/// 200 GB suffice. One may not, as each live frame reserves what its memory may become and its native
/// stack; that is our failure then, and no crash.
#[test]
fn n038_frames_nested_to_the_limit_in_a_bounded_address_space() {
    for (gigabytes, task) in [(200, "nest 8192"), (1, "nest short 8192")] {
        let kibibytes = gigabytes * 1_000_000;
        let output = process::under(&format!("ulimit -v {kibibytes} && exec"), task).output();
        let output = output.expect("a process");
        assert!(output.status.success(), "{gigabytes} GB: {}", String::from_utf8_lossy(&output.stderr));
        eprintln!("{gigabytes} GB: {}", process::said(&output).join("; "));
    }
}

/// A contract that spoils all it can reach, and one entry that looks for the traces.
fn vandal() -> Vec<u8> {
    assemble(
        r#"(module
            (import "zvm" "input_copy" (func $input_copy (param i32 i32 i32)))
            (import "zvm" "revert" (func $revert (param i32 i32)))
            (memory (export "memory") 2 8)
            (data (i32.const 65530) "data over two pages")
            (global $i (mut i32) (i32.const 5)) (global $l (mut i64) (i64.const 6))
            (global $f (mut f32) (f32.const 7)) (global $d (mut f64) (f64.const 8))
            (func $forever loop br 0 end)
            (func $deeper call $deeper)
            (func (export "spoil") (local i32)
                i32.const 0 i32.const 0 i32.const 1 call $input_copy i32.const 0 i32.load8_u local.set 0
                local.get 0 i32.const 7 i32.and memory.grow drop
                i32.const 0 i32.const 0xee memory.size i32.const 16 i32.shl memory.fill
                i32.const 0xdead global.set $i i64.const 0xdead global.set $l
                f32.const 0xdead global.set $f f64.const 0xdead global.set $d
                block block block block block block
                    local.get 0 i32.const 3 i32.shr_u br_table 0 1 2 3 4 5
                end unreachable
                end i32.const -1 i32.load drop
                end i32.const 1 i32.const 0 i32.div_u drop
                end i32.const 0 i32.const 4 call $revert
                end call $deeper
                end local.get 0 i32.const 0xf8 i32.and i32.const 0xf0 i32.eq if call $forever end)
            (func $zero (param i32 i32) (result i32)
                loop
                    local.get 0 local.get 1 i32.ge_u if i32.const 1 return end
                    local.get 0 i64.load i64.eqz i32.eqz if i32.const 0 return end
                    local.get 0 i32.const 8 i32.add local.set 0 br 0
                end unreachable)
            (func (export "call") (result i32)
                memory.size i32.const 2 i32.ne if i32.const 1 return end
                global.get $i i32.const 5 i32.ne if i32.const 2 return end
                global.get $l i64.const 6 i64.ne if i32.const 3 return end
                global.get $f f32.const 7 f32.ne if i32.const 4 return end
                global.get $d f64.const 8 f64.ne if i32.const 5 return end
                i32.const 65530 i64.load i64.const 0x65766f2061746164 i64.ne if i32.const 6 return end
                i32.const 0 i32.const 65528 call $zero i32.eqz if i32.const 7 return end
                i32.const 65552 i32.const 131072 call $zero i32.eqz if i32.const 8 return end
                i32.const 6 memory.grow i32.const 2 i32.ne if i32.const 9 return end
                i32.const 131072 i32.const 524288 call $zero i32.eqz if i32.const 10 return end
                i32.const 0))"#,
    )
}

/// A page behind the data, the memory it grows by, the globals: as a first call finds them.
#[test]
fn n039_a_call_finds_nothing_of_the_one_before() {
    for (name, runtime) in runtimes() {
        let mut session = session(&runtime, ledger(&vandal()));
        let mut look = |place: &str| {
            let came = session.call(&call(&[], PLENTY)).expect("no failure");
            assert_eq!((came.outcome, &*came.output), (Outcome::Success, &[][..]), "{name}: {place}");
            came.gas_used
        };
        let fresh = look("at first");
        let mut ends = std::collections::HashSet::new();
        for kind in 0..=255 {
            let spoil = Call { entry: "spoil".into(), ..call(&[kind], 3_000_000) };
            ends.insert(session.call(&spoil).expect("no failure").outcome);
            let came = session.call(&call(&[], PLENTY)).expect("no failure");
            assert_eq!(
                (came.outcome, came.gas_used),
                (Outcome::Success, fresh),
                "{name}: after {kind}: {came:?}"
            );
        }
        for halt in
            [Halt::Unreachable, Halt::MemoryBounds, Halt::DivideByZero, Halt::StackOverflow, Halt::OutOfGas]
        {
            assert!(ends.contains(&Outcome::Halt(halt)), "{name}: no {halt:?} among {ends:?}");
        }
        assert!(ends.contains(&Outcome::Success) && ends.contains(&Outcome::Revert), "{name}: {ends:?}");
        hold_across_codes(&runtime);
    }
}

/// Nor of one of another contract, whose memory may have been at the same place.
fn hold_across_codes(runtime: &Runtime) {
    let spoiling = world::contract(
        "i32.const 200 memory.grow drop i32.const 0 i32.const 0xee memory.size i32.const 16 i32.shl memory.fill
        i32.const 0",
    );
    let reading = world::contract(
        "(local i32) i32.const 200 memory.grow drop
        loop local.get 0 i64.load i64.eqz i32.eqz if i32.const 1 return end
            local.get 0 i32.const 8 i32.add local.tee 0 memory.size i32.const 16 i32.shl i32.lt_u br_if 0 end
        i32.const 0",
    );
    for _ in 0..5 {
        for wasm in [&spoiling, &reading] {
            assert_eq!(world::run(runtime, wasm, PLENTY).outcome, Outcome::Success);
        }
    }
}

/// A way out of the sandbox: the machine's memory behind the place where the contract's would begin.
#[test]
fn n012_a_memory_without_a_page_holds_nothing() {
    process::quiet("empty memory");
}

/// Refused at deploy, or nothing but bounds: never a byte.
pub(crate) fn hold_empty_memory() {
    let accesses = [
        "i32.load8_u drop",
        "i32.load drop",
        "i64.load drop",
        "i32.const 0 i32.store8",
        "i64.const 0 i64.store",
    ];
    for (name, runtime) in runtimes() {
        let mut ran = 0;
        for (access, place) in
            accesses.iter().flat_map(|access| [0, 1, 100, 4096, 65_536].map(|place| (access, place)))
        {
            let wasm = assemble(&format!(
                r#"(module (memory (export "memory") 0 4) (func (export "call") i32.const {place} {access}))"#
            ));
            if runtime.load_code(&wasm.as_slice().into(), None).is_ok() {
                let came = world::run(&runtime, &wasm, PLENTY);
                assert_eq!(came.outcome, Outcome::Halt(Halt::MemoryBounds), "{name}: {access} at {place}");
                ran += 1;
            }
        }
        assert_eq!(ran, accesses.len() * 5, "{name}: such a memory is no reason to refuse a contract");
    }
}
