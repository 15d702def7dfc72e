//! Generated modules, deployed and called: the same outcome and gas twice, and no error.
#![no_main]

use libfuzzer_sys::{arbitrary::Unstructured, fuzz_target};
use zvm::{Address, Block, Call, Config, Deploy, MemoryLedger, Runtime, Terms};

fuzz_target!(|bytes: &[u8]| {
    let config = wasm_smith::Config {
        bulk_memory_enabled: true,
        reference_types_enabled: false,
        simd_enabled: false,
        multi_value_enabled: false,
        max_imports: 0,
        max_memories: 1,
        allow_start_export: false,
        export_everything: true,
        ..wasm_smith::Config::default()
    };
    let Ok(module) = wasm_smith::Module::new(config, &mut Unstructured::new(bytes)) else { return };
    let (first, second) = (run(&module.to_bytes()), run(&module.to_bytes()));
    assert_eq!(first, second);
});

fn run(code: &[u8]) -> Option<Vec<zvm::Execution>> {
    let runtime = Runtime::new(Config::default()).expect("a runtime");
    let terms = Terms { gas_limit: 10_000_000_000, ..Terms::default() };
    let mut session = runtime.session(MemoryLedger::new(), Block::default());
    let deploy = Deploy { code: code.into(), ..Deploy::by(Address([1; 20]), terms.clone()) };
    let target = session.deploy(&deploy).ok()?.created?;
    let entries = runtime.load_code(&code.into(), None).expect("deployed").info().entries.clone();
    let call = |entry: String| Call { target, entry, terms: Terms { gas_limit: 1_000_000, ..terms.clone() }, ..Call::default() };
    Some(entries.into_iter().map(|entry| session.call(&call(entry)).expect("no error of ours")).collect())
}
