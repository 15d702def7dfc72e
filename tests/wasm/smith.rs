//! Generated modules, the same ones in every run: metering changes nothing but the gas.

use std::convert::Infallible;

use arbitrary::Unstructured;
use wasm_encoder::ExportKind;
use wasm_encoder::reencode::{Error, Reencode};
use wasm_smith::Config;
use wasmparser::{ExternalKind, Operator};
use zvm::engine::wasm::instrument::{Form, instrument};
use zvm::error::Status;
use zvm::limits::Limits;

use crate::machine::{Machine, Stop, assemble, check, meter, meter_calling, meter_ending, prices};
use crate::ticks::{TICKS, ticking};

const GAS: u64 = 200_000;

/// Bytes that depend on nothing but the seed (SplitMix64).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }

    pub(crate) fn bytes(&mut self, count: usize) -> Vec<u8> {
        (0..count.div_ceil(8)).flat_map(|_| self.next().to_le_bytes()).take(count).collect()
    }

    /// Bits that code tends to treat apart, or any at all.
    pub(crate) fn interesting(&mut self) -> u64 {
        const EDGES: [u64; 12] = [
            0,
            1,
            2,
            7,
            u64::MAX,
            1 << 31,
            (1 << 31) - 1,
            0xffff_ffff,
            1 << 63,
            (1 << 63) - 1,
            0x7ff8_0000_7fc0_0000,
            0x7ff0_0000_7f80_0001,
        ];
        match self.below(4) {
            0 => EDGES[self.below(EDGES.len())],
            1 => self.next(),
            _ => self.next() % 200,
        }
    }
}

/// What contracts may be made of. With `bulk` there are the bulk operators and no segments, for
/// their generator makes segments passive.
fn config(bulk: bool, floats: bool) -> Config {
    let imports = r#"(module
        (import "zvm" "block_number" (func (result i64))) (import "zvm" "input_size" (func (result i32)))
        (import "zvm" "debug_log" (func (param i32 i32))) (import "zvm" "transfer" (func (param i32 i32) (result i32)))
        (import "zvm" "block_hash" (func (param i64 i32) (result i32))))"#;
    Config {
        available_imports: Some(assemble(imports)),
        allow_floats: floats,
        allow_start_export: false,
        bulk_memory_enabled: bulk,
        // So the plain module's NaNs are those of the metered one, except out of conversions of widths.
        canonicalize_nans: true,
        custom_page_sizes_enabled: false,
        exceptions_enabled: false,
        export_everything: true,
        extended_const_enabled: false,
        gc_enabled: false,
        max_data_segments: if bulk { 0 } else { 4 },
        max_element_segments: if bulk { 0 } else { 4 },
        max_funcs: 12,
        min_funcs: 1,
        max_globals: 8,
        min_globals: 1,
        max_instructions: 300,
        max_memory32_bytes: 32 << 16,
        max_table_elements: 100,
        memory64_enabled: false,
        memory_max_size_required: true,
        multi_value_enabled: false,
        reference_types_enabled: false,
        relaxed_simd_enabled: false,
        simd_enabled: false,
        tail_call_enabled: false,
        threads_enabled: false,
        wide_arithmetic_enabled: false,
        ..Config::default()
    }
}

/// Gives exports the names contracts may use: the generator's are any text at all.
#[derive(Default)]
struct Renamed(u32);

impl Reencode for Renamed {
    type Error = Infallible;

    fn parse_export_section(
        &mut self,
        exports: &mut wasm_encoder::ExportSection,
        section: wasmparser::ExportSectionReader<'_>,
    ) -> Result<(), Error> {
        for export in section {
            let export = export?;
            self.0 += 1;
            let name = match export.kind {
                ExternalKind::Memory => "memory".to_owned(),
                _ => format!("export{}", self.0),
            };
            exports.export(&name, ExportKind::from(export.kind), export.index);
        }
        Ok(())
    }
}

/// Whether the module converts between float widths, whose NaNs the generator leaves to the machine.
fn converts_widths(wasm: &[u8]) -> bool {
    let bodies = wasmparser::Parser::new(0).parse_all(wasm).filter_map(|payload| match payload {
        Ok(wasmparser::Payload::CodeSectionEntry(body)) => body.get_operators_reader().ok(),
        _ => None,
    });
    bodies.flatten().any(|operator| matches!(operator, Ok(Operator::F32DemoteF64 | Operator::F64PromoteF32)))
}

/// The module of a seed: two in three have floats, every other one bulk operators.
pub(crate) fn generated(seed: u64) -> Vec<u8> {
    let bytes = Random(seed).bytes(2_000 + (seed % 7) as usize * 1_000);
    let config = config(seed.is_multiple_of(2), !seed.is_multiple_of(3));
    let module = wasm_smith::Module::new(config, &mut Unstructured::new(&bytes)).expect("enough bytes");
    let mut renamed = wasm_encoder::Module::new();
    let original = module.to_bytes();
    let parser = wasmparser::Parser::new(0);
    Renamed::default().parse_core_module(&mut renamed, parser, &original).expect("it is reencoded");
    renamed.finish()
}

/// What a run can be seen to have done besides its result: the memory and the globals.
fn state(machine: &Machine) -> (Vec<u8>, Vec<Option<u64>>) {
    (machine.memory().to_vec(), (0..40).map(|index| machine.global(&format!("export{index}"))).collect())
}

/// Asserts that two machines are in the same state, without printing their memories.
#[track_caller]
fn assert_same_state(one: &Machine, other: &Machine, place: &str) {
    let (one, other) = (state(one), state(other));
    assert_eq!(one.1, other.1, "{place}: globals");
    assert!(one.0 == other.0, "{place}: memories of {} and {} bytes", one.0.len(), other.0.len());
}

/// How a comparison came out.
#[derive(PartialEq)]
enum Compared {
    /// Both did the same.
    Same,
    /// The metered run was held to its promises, but the plain one may have other NaNs.
    Alone,
    /// Gas or stack ran out.
    Stopped,
}

/// Runs one export metered, in slices, in the other forms, and plain.
fn compare(seed: u64, plain: &[u8], metered: &[u8], forms: &[Vec<u8>; 2], name: &str) -> Compared {
    let new = |wasm: &[u8]| (Machine::new(wasm), Machine::new(wasm).arguments(name));
    let (mut machine, args) = new(metered);
    let run = machine.call(name, &args, GAS);
    for slice in [1, 100] {
        let mut sliced = Machine::new(metered);
        assert_eq!(
            sliced.call_in_slices(name, &args, GAS, slice),
            run,
            "seed {seed}, {name}, slices of {slice}"
        );
        assert_same_state(&sliced, &machine, &format!("seed {seed}, {name}, slices of {slice}"));
    }
    for (form, form_name) in forms.iter().zip(["traps by calls", "ends when dry"]) {
        let mut other = Machine::new(form);
        assert_eq!(other.call(name, &args, GAS), run, "seed {seed}, {name}, {form_name}");
        assert_same_state(&other, &machine, &format!("seed {seed}, {name}, {form_name}"));
    }
    if matches!(run.result, Err(Stop::OutOfGas | Stop::StackOverflow)) {
        return Compared::Stopped;
    }
    let comparable = !converts_widths(plain);
    if comparable {
        let mut reference = Machine::new(plain);
        let expected = reference.call(name, &args, 0);
        assert_eq!(run.result, expected.result, "seed {seed}, {name}");
        assert_same_state(&machine, &reference, &format!("seed {seed}, {name}"));
    }
    if comparable && run.result.is_ok() {
        let mut ticking = Machine::new(&ticking(plain));
        assert_eq!(ticking.call(name, &args, 0).result, run.result, "seed {seed}, {name}");
        assert_eq!(ticking.global(TICKS), Some(run.used), "seed {seed}, {name}: gas by operator");
    }
    let mut exact = Machine::new(metered);
    assert_eq!(exact.call(name, &args, run.used), run, "seed {seed}, {name}: the gas used suffices");
    if run.used > 0 {
        let short = Machine::new(metered).call(name, &args, run.used - 1);
        assert_eq!(short.result, Err(Stop::OutOfGas), "seed {seed}, {name}: one less does not");
    }
    if comparable { Compared::Same } else { Compared::Alone }
}

#[test]
fn metered_modules_do_what_plain_ones_do() {
    let (mut modules, mut same, mut alone, mut stopped) = (0, 0, 0, 0);
    for seed in 0..400 {
        let plain = generated(seed);
        let Ok(module) = check(&plain) else { continue };
        let (metered, forms) = (meter(&plain), [meter_calling(&plain), meter_ending(&plain)]);
        let twice = instrument(&plain, &module, &Limits::default(), &prices(), Form::default());
        assert_eq!(twice.as_ref(), Ok(&metered), "seed {seed}: the same bytes each time");
        modules += 1;
        for (name, _) in Machine::new(&plain).functions() {
            match compare(seed, &plain, &metered, &forms, &name) {
                Compared::Same => same += 1,
                Compared::Alone => alone += 1,
                Compared::Stopped => stopped += 1,
            }
        }
    }
    let figures = format!("{modules} modules; runs: {same} the same, {alone} alone, {stopped} stopped");
    eprintln!("{figures}");
    assert!(modules > 300 && same > 600 && alone > 200 && stopped > 100, "{figures}");
}

#[test]
fn damaged_modules_are_refused_or_metered() {
    let (mut valid, mut refused) = (0, 0);
    for seed in 0..100 {
        let original = generated(seed);
        let mut random = Random(seed);
        for _ in 0..100 {
            let mut wasm = original.clone();
            for _ in 0..=random.below(3) {
                let place = 8 + random.below(wasm.len() - 8);
                wasm[place] = random.next() as u8;
            }
            let Ok(module) = check(&wasm) else {
                refused += 1;
                continue;
            };
            valid += 1;
            match instrument(&wasm, &module, &Limits::default(), &prices(), Form::default()) {
                Ok(metered) => drop(wasmparser::validate(&metered).expect("a valid result")),
                Err(error) => assert_eq!(error.status, Status::CodeTooLarge, "{error}"),
            }
        }
    }
    assert!(valid > 500 && refused > 500, "{valid} valid, {refused} refused");
}
