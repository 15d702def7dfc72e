//! Hostile modules, by the number of the bad input they are. The limits one by one are in `limits`.

use std::thread;
use std::time::{Duration, Instant};

use wasm_encoder::{
    CodeSection, CustomSection, DataCountSection, Encode, ExportKind, ExportSection, Function,
    FunctionSection, Module, RawSection, TypeSection, ValType,
};
use zvm::engine::wasm::instrument::{Form, instrument};
use zvm::error::{Error, Status};
use zvm::gas::Schedule;
use zvm::limits::Limits;

use crate::machine::{assemble, check, meter};

/// Validates a bomb, which must not take long, whatever the verdict.
fn verdict(wasm: &[u8]) -> Result<(), Error> {
    let begin = Instant::now();
    let verdict = check(wasm).map(|_| ());
    assert!(begin.elapsed() < Duration::from_secs(1), "{:?} for {} bytes", begin.elapsed(), wasm.len());
    verdict
}

#[track_caller]
fn refused(wasm: &[u8], status: Status, reason: &str) {
    let error = verdict(wasm).expect_err("the module is refused");
    assert_eq!(error.status, status, "{error}");
    assert!(error.message.contains(reason), "{error} is not about {reason}");
}

#[track_caller]
fn invalid(wasm: &[u8], reason: &str) {
    refused(wasm, Status::CodeInvalid, reason);
}

#[track_caller]
fn forbidden(text: &str, reason: &str) {
    refused(&assemble(text), Status::CodeForbidden, reason);
}

/// A module of functions that are all of one type.
fn functions(count: u32, params: usize, body: &Function) -> Vec<u8> {
    let mut types = TypeSection::new();
    types.ty().function(vec![ValType::I32; params], []);
    let (mut functions, mut code) = (FunctionSection::new(), CodeSection::new());
    for _ in 0..count {
        functions.function(0);
        code.function(body);
    }
    let mut module = Module::new();
    module.section(&types).section(&functions).section(&code);
    module.finish()
}

/// A function of this code, given as bytes, and its end.
fn function(code: impl IntoIterator<Item = u8>) -> Function {
    let mut function = Function::new([]);
    function.raw(code).instructions().end();
    function
}

fn nested(blocks: usize) -> Vec<u8> {
    let code = [0x02, 0x40].repeat(blocks).into_iter().chain([0x0b].repeat(blocks));
    functions(1, 0, &function(code))
}

#[test]
fn n001_many_functions_of_a_huge_type() {
    invalid(&functions(10_000, 1_000, &function([])), "parameters; the limit is 32");
    invalid(&functions(10_000, 32, &function([])), "parameters of all functions");
}

#[test]
fn n002_many_locals() {
    let mut body = Function::new([(50_000, ValType::I64)]);
    body.instructions().end();
    invalid(&functions(1_000, 0, &body), "50000 locals");
    let mut many = Function::new([(1_000, ValType::I64)]);
    many.instructions().end();
    invalid(&functions(1_000, 0, &many), "locals of all functions");
    let mut claimed = Function::new(vec![(u32::MAX, ValType::I64); 4]);
    claimed.instructions().end();
    invalid(&functions(1, 0, &claimed), "locals");
    let in_a_loop = r#"(module (func $f (local i64)) (func (export "call") loop call $f br 0 end))"#;
    assert!(check(&assemble(in_a_loop)).is_ok());
}

#[test]
fn n003_one_huge_br_table() {
    let mut code = vec![0x41, 0, 0x0e];
    1_000_000_u32.encode(&mut code);
    code.resize(code.len() + 1_000_001, 0);
    invalid(&functions(1, 0, &function(code)), "bytes of code");
    let mut fits = vec![0x41, 0, 0x0e];
    100_000_u32.encode(&mut fits);
    fits.resize(fits.len() + 100_001, 0);
    invalid(&functions(1, 0, &function(fits)), "100000 targets of one br_table");
    // A count with no targets behind it.
    let mut claimed = vec![0x41, 0, 0x0e];
    u32::MAX.encode(&mut claimed);
    invalid(&functions(1, 0, &function(claimed)), "offset");
}

#[test]
fn n004_many_br_tables() {
    let mut table = vec![0x02, 0x40, 0x41, 0, 0x0e];
    400_u32.encode(&mut table);
    table.resize(table.len() + 401, 0);
    table.push(0x0b);
    invalid(&functions(1, 0, &function(table.repeat(300))), "targets of all br_tables");
    invalid(&functions(1, 0, &function(table.repeat(2_000))), "bytes of code");
    invalid(&functions(2_000, 0, &function(table)), "targets of all br_tables");
}

#[test]
fn n005_deep_nesting_on_a_small_stack() {
    let small = thread::Builder::new().stack_size(128 << 10);
    let run = || {
        invalid(&nested(100_000), "bytes of code");
        invalid(&nested(40_000), "1025 nested blocks");
        let siblings = functions(1, 0, &function([0x02, 0x40, 0x0b].repeat(2_000)));
        assert!(check(&siblings).is_ok(), "blocks side by side are not nested");
        let deepest = nested(1_024);
        let module = check(&deepest).expect("as deep as allowed");
        instrument(&deepest, &module, &Limits::default(), &Schedule::default(), Form::default())
            .expect("it is metered");
    };
    small.spawn(run).expect("a thread").join().expect("no overflow of its stack");
}

#[test]
fn n006_many_operators() {
    let ifs = [0x41, 0, 0x04, 0x40, 0x0b].repeat(200_000);
    invalid(&functions(1, 0, &function(ifs)), "bytes of code");
    let calls = [0x10, 0].repeat(200_000);
    invalid(&functions(1, 0, &function(calls)), "bytes of code");
    let nops = [0x01].repeat(100_000);
    invalid(&functions(1, 0, &function(nops)), "65537 operators");
    let loops = [0x03, 0x40, 0x41, 0, 0x0d, 0, 0x0b].repeat(12_000);
    let wasm = functions(10, 0, &function(loops));
    let module = check(&wasm).expect("within the limits");
    let metered = instrument(&wasm, &module, &Limits::default(), &Schedule::default(), Form::default());
    assert_eq!(metered.map_err(|error| error.status), Err(Status::CodeTooLarge));
}

/// Shapes that what works on loops, labels and ways could take long for.
#[test]
fn n006_metering_takes_no_longer_for_hostile_shapes() {
    let nested = |open: &[u8], inside: &[u8], close: &[u8]| {
        [open.repeat(1_000), inside.to_vec(), close.repeat(1_000)].concat()
    };
    let mut table = vec![0x41, 0, 0x0e];
    4_000_u32.encode(&mut table);
    for target in 0..=4_000_u32 {
        (target % 1_000).encode(&mut table);
    }
    let again = [0x41, 0, 0x0d, 0, 0x0b];
    let shapes = [
        ("empty loops", [0x03, 0x40, 0x0b].repeat(21_000)),
        ("loops of one branch", [0x03, 0x40, 0x41, 0, 0x0d, 0, 0x0b].repeat(13_000)),
        ("nested loops", nested(&[0x03, 0x40], &[0x01], &again)),
        (
            "nested loops and jumps to the outermost",
            nested(&[0x03, 0x40, 0x41, 0, 0x0d, 0], &[0x01], &[0x0b]),
        ),
        ("nested ifs", nested(&[0x41, 0, 0x04, 0x40], &[0x01], &[0x05, 0x01, 0x0b])),
        ("a table of jumps to everywhere", nested(&[0x02, 0x40], &table, &[0x0b, 0x41, 0, 0x1a])),
        ("ways past each other", [0x41, 0, 0x0d, 0].repeat(16_000)),
        ("blocks that lead to a trap", [0x02, 0x40, 0x41, 0, 0x0d, 0, 0x00, 0x0b].repeat(9_000)),
    ];
    for (name, code) in shapes {
        let wasm = functions(1, 0, &function(code));
        let module = check(&wasm).unwrap_or_else(|error| panic!("{name}: {error}"));
        let begin = Instant::now();
        let metered = instrument(&wasm, &module, &Limits::default(), &Schedule::default(), Form::default());
        let took = begin.elapsed();
        let metered = metered.unwrap_or_else(|error| panic!("{name}: {error}"));
        eprintln!("{name}: {} bytes to {} in {took:?}", wasm.len(), metered.len());
        assert!(took < Duration::from_secs(1), "{name}: {took:?}");
        wasmparser::validate(&metered).expect(name);
    }
}

#[test]
fn n008_start_sections() {
    forbidden("(module (func $f loop br 0 end) (start $f))", "start section");
    forbidden(
        r#"(module (import "zvm" "debug_log" (func $f (param i32 i32))) (func $g) (start $g))"#,
        "start",
    );
    forbidden("(module (func $f) (start $f))", "start section");
}

#[test]
fn n010_features_that_contracts_may_not_use() {
    let features = [
        ("(module (func v128.const i32x4 0 0 0 0 drop))", "V128Const"),
        ("(module (type (func (param v128))))", "SIMD"),
        ("(module (func (local v128)))", "SIMD"),
        ("(module (func unreachable i32x4.relaxed_trunc_f32x4_s unreachable))", "I32x4Relaxed"),
        (r#"(module (memory (export "memory") 1) (func i32.const 0 i32.atomic.load drop))"#, "I32AtomicLoad"),
        ("(module (func atomic.fence))", "AtomicFence"),
        (r#"(module (memory (export "memory") 1 1 shared))"#, "shared"),
        ("(module (func $f return_call $f))", "ReturnCall"),
        (
            "(module (type $t (func)) (table 1 funcref) (func i32.const 0 return_call_indirect (type $t)))",
            "ReturnCallIndirect",
        ),
        ("(module (type $t (func)) (tag $e (type $t)))", "exceptions"),
        ("(module (func try_table end))", "TryTable"),
        ("(module (func unreachable throw_ref))", "ThrowRef"),
        ("(module (type (struct)))", "garbage collector"),
        ("(module (type (array i8)))", "garbage collector"),
        ("(module (rec (type (func)) (type (func))))", "recursive"),
        ("(module (type (sub (func))))", "subtype"),
        ("(module (func i32.const 0 ref.i31 drop))", "RefI31"),
        (r#"(module (memory (export "memory") i64 1))"#, "64-bit"),
        (r#"(module (memory (export "memory") 1 (pagesize 1)))"#, "page size"),
        (r#"(module (memory (export "memory") 1) (memory 1))"#, "more than one memory"),
        ("(module (table 1 funcref) (table 1 funcref))", "more than one table"),
        ("(module (table 1 externref))", "table"),
        ("(module (table i64 1 funcref))", "table"),
        ("(module (table 1 funcref (ref.null func)))", "table"),
        ("(module (type (func (param funcref))))", "reference"),
        ("(module (type (func (result externref))))", "reference"),
        ("(module (global funcref (ref.null func)))", "reference"),
        ("(module (func (local externref)))", "reference"),
        ("(module (func ref.null func drop))", "RefNull"),
        ("(module (func $f ref.func $f drop) (elem declare func $f))", "passive, declared"),
        ("(module (type $t (func)) (func unreachable call_ref $t))", "CallRef"),
        ("(module (func i32.const 0 i32.const 0 i32.const 0 select (result i32) drop))", "TypedSelect"),
        ("(module (func block (result funcref) unreachable end drop))", "reference"),
        ("(module (global i32 (i32.add (i32.const 1) (i32.const 2))))", "not one constant"),
        ("(module (global i32 (i32.const 1)) (global i32 (global.get 0)))", "not one constant"),
        ("(module (func i64.const 0 i64.const 0 i64.const 0 i64.const 0 i64.add128 drop drop))", "I64Add128"),
        ("(module (func (result i32 i32) i32.const 0 i32.const 0))", "more than one result"),
        ("(module (func i32.const 0 block (param i32) drop end))", "block with parameters"),
    ];
    for (text, reason) in features {
        forbidden(text, reason);
    }
}

#[test]
fn n010_operators_that_would_outlast_a_call() {
    let module = |code: &str| {
        format!(
            r#"(module (memory (export "memory") 1) (table $t 1 funcref) (func $f {code} unreachable)
                (elem (i32.const 0) $f) (data (i32.const 0) "x"))"#
        )
    };
    let operators = [
        ("table.get 0", "TableGet"),
        ("table.set 0", "TableSet"),
        ("table.size 0", "TableSize"),
        ("table.grow 0", "TableGrow"),
        ("table.fill 0", "TableFill"),
        ("table.copy 0 0", "TableCopy"),
        ("table.init 0 0", "TableInit"),
        ("elem.drop 0", "ElemDrop"),
        ("memory.init 0", "MemoryInit"),
        ("data.drop 0", "DataDrop"),
    ];
    for (operator, name) in operators {
        forbidden(&module(&format!("unreachable {operator}")), name);
    }
}

#[test]
fn n011_imports() {
    forbidden(r#"(module (import "zvm" "nothing" (func)))"#, "import `zvm.nothing` is unknown");
    forbidden(r#"(module (import "env" "input_size" (func (result i32))))"#, "is unknown");
    forbidden(r#"(module (import "zvm.meter" "refill" (func (param i64))))"#, "is unknown");
    forbidden(r#"(module (import "zvm" "input_size" (func (result i64))))"#, "another signature");
    forbidden(r#"(module (import "zvm" "input_size" (func (param i32) (result i32))))"#, "another signature");
    forbidden(
        r#"(module (import "zvm" "debug_log" (func (param i32 i32) (result i32))))"#,
        "another signature",
    );
    forbidden(r#"(module (import "zvm" "memory" (memory 1)))"#, "not a function");
    forbidden(r#"(module (import "zvm" "table" (table 1 funcref)))"#, "not a function");
    forbidden(r#"(module (import "zvm" "input_size" (global i32)))"#, "not a function");
    let import = |count: usize| {
        assemble(&format!("(module {})", r#"(import "zvm" "input_size" (func (result i32)))"#.repeat(count)))
    };
    assert_eq!(check(&import(64)).expect("64 are allowed").imports.len(), 64);
    invalid(&import(65), "65 imports");
}

#[test]
fn n012_memories() {
    let valid = |text: &str| check(&assemble(text)).expect("it is valid").memory;
    assert_eq!(valid(r#"(module (func (export "call")))"#), None);
    let pages = valid(r#"(module (memory (export "memory") 17))"#).expect("a memory");
    assert_eq!((pages.initial, pages.maximum), (17, 256));
    let pages = valid(r#"(module (memory (export "memory") 1 3))"#).expect("a memory");
    assert_eq!((pages.initial, pages.maximum), (1, 3));
    invalid(&assemble(r#"(module (memory (export "memory") 1 257))"#), "257 pages of memory at most");
    invalid(&assemble(r#"(module (memory (export "memory") 65))"#), "65 pages of memory at first");
    invalid(&assemble("(module (memory 1))"), "not exported");
    invalid(&assemble(r#"(module (memory (export "mem") 1))"#), "not exported");
    invalid(&assemble(r#"(module (memory 1) (func (export "memory")))"#), "the memory's");
    invalid(&assemble(r#"(module (memory (export "memory") 3 2))"#), "");
}

#[test]
fn n013_tables_and_element_segments() {
    invalid(&assemble("(module (table 10000000 funcref))"), "10000000 table entries");
    invalid(&assemble("(module (table 1 10000000 funcref))"), "10000000 table entries at most");
    invalid(&assemble("(module (table 4 funcref) (func $f) (elem (i32.const -1) $f))"), "outside the table");
    invalid(&assemble("(module (table 4 funcref) (func $f) (elem (i32.const 4) $f))"), "entry 5");
    assert!(check(&assemble("(module (table 4 funcref) (func $f) (elem (i32.const 3) $f))")).is_ok());
    assert!(check(&assemble("(module (table 4 funcref) (elem (i32.const 4)))")).is_ok());
    // Segments that overlap are written one after the other for each instance.
    let overlapping = |items: usize| {
        let segment = format!("(elem (i32.const 0){})", " $f".repeat(items));
        assemble(&format!("(module (table 4096 funcref) (func $f) {segment} {segment})"))
    };
    assert!(check(&overlapping(2048)).is_ok());
    invalid(&overlapping(2049), "items of element segments");
    forbidden("(module (table 4 funcref) (func $f) (elem func $f))", "passive, declared");
    forbidden("(module (table 4 funcref) (func $f) (elem declare func $f))", "passive, declared");
    forbidden("(module (table 4 funcref) (elem (i32.const 0) funcref (ref.null func)))", "references");
}

#[test]
fn n014_data_segments() {
    let data = |offset: &str, bytes: usize| {
        let data = "x".repeat(bytes);
        assemble(&format!(r#"(module (memory (export "memory") 1) (data (i32.const {offset}) "{data}"))"#))
    };
    assert!(check(&data("65532", 4)).is_ok());
    assert!(check(&data("65536", 0)).is_ok());
    invalid(&data("65532", 5), "ends at byte 65537");
    invalid(&data("-1", 1), "outside the initial memory");
    invalid(&data("65537", 0), "outside the initial memory");
    forbidden(r#"(module (memory (export "memory") 1) (data "x"))"#, "passive");
    let text = format!(r#"(module (memory (export "memory") 1) {})"#, "(data (i32.const 0))".repeat(100_000));
    invalid(&assemble(&text), "100000 data segments");
    let mut no_memory = Module::new();
    let mut section = wasm_encoder::DataSection::new();
    section.active(0, &wasm_encoder::ConstExpr::i32_const(0), []);
    no_memory.section(&section);
    invalid(&no_memory.finish(), "outside the initial memory");
}

#[test]
fn n015_exports() {
    let export = |name: &str| {
        let mut exports = ExportSection::new();
        exports.export(name, ExportKind::Func, 0);
        let mut module = Module::new();
        let mut types = TypeSection::new();
        types.ty().function([], []);
        let (mut functions, mut code) = (FunctionSection::new(), CodeSection::new());
        functions.function(0);
        code.function(&function([]));
        module.section(&types).section(&functions).section(&exports).section(&code);
        module.finish()
    };
    assert_eq!(check(&export("call")).expect("valid").entries, ["call"]);
    invalid(&export(&"x".repeat(100_000)), "bytes of name");
    for name in ["", "a\0b", "\u{202e}llac", "\x1b[31mred", "a b", "é", "\n"] {
        invalid(&export(name), "visible ASCII");
    }
    for name in ["wasmer_metering_remaining_points", "wasmer_metering_points_exhausted", "zvm.gas", "zvm."] {
        refused(&export(name), Status::CodeForbidden, "reserved");
    }
    let error = check(&export("\x1b[31m")).expect_err("refused");
    assert!(error.message.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' '), "escaped: {error}");
    let twice = r#"(module (func $f) (export "call" (func $f)) (export "calm" (func $f)))"#;
    let twice: Vec<u8> =
        assemble(twice).iter().map(|byte| if *byte == b'm' { b'l' } else { *byte }).collect();
    let twice = [b"\0asm", &twice[4..]].concat();
    invalid(&twice, "duplicate export");
}

#[test]
fn n015_entries_are_what_a_call_may_name() {
    let wasm = assemble(
        r#"(module (import "zvm" "input_size" (func $host (result i32)))
            (func (export "call")) (func (export "code") (result i32) i32.const 0)
            (func (export "wide") (result i64) i64.const 0) (func (export "takes") (param i32))
            (export "host" (func $host)) (global (export "global") i32 (i32.const 0)))"#,
    );
    assert_eq!(check(&wasm).expect("valid").entries, ["call", "code"]);
}

#[test]
fn n016_truncated_at_every_byte() {
    let mut module = Module::new();
    let mut ends = vec![8];
    let whole = assemble(
        r#"(module (import "zvm" "input_size" (func (result i32))) (memory (export "memory") 1)
            (table 2 funcref) (global i64 (i64.const 5)) (func (export "call") (local i32 f64)
                i32.const 0 if loop i32.const 1 br_if 0 end else nop end block br 0 end)
            (elem (i32.const 1) 1) (data (i32.const 3) "data"))"#,
    );
    // With the count of its data segments a module without them is cut too.
    for section in wasmparser::Parser::new(0)
        .parse_all(&whole)
        .filter_map(|section| section.expect("valid").as_section())
    {
        let (id, range) = section;
        if id == 10 {
            module.section(&DataCountSection { count: 1 });
        }
        module.section(&RawSection { id, data: &whole[range.start as usize..range.end as usize] });
        ends.push(module.len());
    }
    let whole = module.finish();
    assert!(check(&whole).is_ok());
    // Only a header, types, and types with imports are modules in themselves.
    let complete = &ends[..3];
    for length in 0..whole.len() {
        let verdict = check(&whole[..length]);
        assert_eq!(verdict.is_ok(), complete.contains(&length), "cut to {length} bytes: {verdict:?}");
    }
}

#[test]
fn n016_malformed_sections() {
    let with = |sections: &[&[u8]]| [b"\0asm\x01\0\0\0", sections.concat().as_slice()].concat();
    let types: &[u8] = &[1, 4, 1, 0x60, 0, 0];
    let functions: &[u8] = &[3, 2, 1, 0];
    let code: &[u8] = &[10, 4, 1, 2, 0, 0x0b];
    assert!(check(&with(&[types, functions, code])).is_ok());
    invalid(&with(&[functions, types, code]), "unknown type");
    invalid(&with(&[types, code, functions]), "");
    invalid(&with(&[types, types, functions, code]), "");
    invalid(&with(&[types, functions]), "");
    invalid(&with(&[&[1, 0xff, 0xff, 0xff, 0xff, 0x0f], types]), "");
    invalid(&with(&[&[1, 0x84, 0x80, 0x80, 0x80, 0x80, 0, 1, 0x60, 0, 0]]), "");
    invalid(&with(&[&[1, 5, 1, 0x60, 0, 0, 0]]), "");
    invalid(&with(&[&[14, 1, 0]]), "");
    invalid(&with(&[&[0, 1, 0xff]]), "");
    invalid(&with(&[&[1, 5, 0xff, 0xff, 0xff, 0xff, 0x0f]]), "4294967295 types");
}

#[test]
fn n017_custom_sections() {
    let custom = |name: &str, bytes: usize, count: usize| {
        let mut module = Module::new();
        let data = vec![7; bytes];
        for _ in 0..count {
            module.section(&CustomSection { name: name.into(), data: (&data).into() });
        }
        module.finish()
    };
    assert!(check(&custom(".debug", 1_000_000, 1)).is_ok());
    assert!(check(&custom(".debug", 10, 64)).is_ok());
    invalid(&custom(".debug", 10, 10_000), "65 custom sections");
    invalid(&custom("zvm.abi", 10, 2), "occurs twice");
    invalid(&custom("zvm.other", 10, 2), "occurs twice");
    invalid(&custom("zvm.abi", (64 << 10) + 1, 1), "65537 bytes in custom section");
    let module = check(&custom("zvm.abi", 64 << 10, 1)).expect("at the limit");
    assert_eq!(module.abi.map(|abi| abi.len()), Some(64 << 10));
}

#[test]
fn n018_dead_code() {
    let drops = |count| functions(1, 0, &function([0x00].into_iter().chain([0x1a].repeat(count))));
    invalid(&drops(500_000), "bytes of code");
    let wasm = drops(65_000);
    assert!(meter(&wasm).len() < 300, "dead code is left out");
}

#[test]
fn n019_what_is_no_module() {
    let format = |bytes: &[u8]| refused(bytes, Status::CodeFormat, "");
    format(b"");
    format(b"\0as");
    format(&[0x60, 0x80, 0x60, 0x40, 0x52]);
    format(b"\x7fELF\x02\x01\x01\0");
    format(b"(module (func (export \"call\")))");
    format(b"\0asm");
    format(b"\0asm\x02\0\0\0");
    format(b"\0asm\x0d\0\x01\0");
    refused(&[b"\0asm\x01\0\0\0".as_slice(), &vec![0; 1 << 20]].concat(), Status::CodeTooLarge, "limit");
}
