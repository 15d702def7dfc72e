//! What runs metered code: one interface, three machines behind it.

use super::host::{Host, all};
use crate::machine::Stop;

/// A machine that runs metered modules against [`Host`](super::host::Host).
pub(crate) trait Engine {
    fn name(&self) -> &'static str;

    /// Whether it may run a metered module at all. One that may not is left out, and that is told.
    fn may_run(&self, _metered: &[u8]) -> bool {
        true
    }

    /// Takes a metered module.
    fn load(&self, metered: &[u8]) -> Result<Box<dyn Code>, String>;
}

/// A module that a machine has taken.
pub(crate) trait Code {
    /// A fresh instance.
    fn start(&self) -> Box<dyn Instance>;
}

/// A living instance.
pub(crate) trait Instance {
    /// Calls an export with the bits of its arguments and a whole counted stack, with gas handed out
    /// in slices.
    fn call(&mut self, export: &str, args: &[u64], gas: u64, slice: u64) -> Run;

    /// The bits of an exported global.
    fn global(&mut self, export: &str) -> Option<u64>;

    /// Looks at the memory, at nothing if there is none.
    fn with_memory(&mut self, look: &mut dyn FnMut(&[u8]));
}

/// What can be told of a call from outside, memory and globals apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Run {
    /// The results' bits, or why it stopped.
    pub(crate) result: Result<Vec<u64>, Stop>,
    /// Gas left where it ended, which tells where it trapped.
    pub(crate) left: u64,
    /// The counted stack after it.
    pub(crate) stack: u64,
    /// What it asked of the host, in order.
    pub(crate) trace: u64,
}

impl Run {
    /// Where the code ended, and what the host finds then: a debt that nothing covers comes first.
    pub(crate) fn ended(result: Result<Vec<u64>, Stop>, at_hand: u64, host: &Host, stack: u64) -> Self {
        let left = all(at_hand, host.reserve);
        let result = if left.is_some() { result } else { Err(Stop::OutOfGas) };
        let left = if result == Err(Stop::OutOfGas) { 0 } else { left.unwrap_or(0) };
        Self { result, left, stack, trace: host.trace }
    }
}

/// The parameters of an export, read off the module: what an argument's bits mean.
#[derive(Clone, Debug)]
pub(crate) struct Export {
    pub(crate) name: String,
    pub(crate) params: Vec<wasmparser::ValType>,
}

/// The exported functions, imports apart, and globals of a module.
pub(crate) struct Surface {
    pub(crate) functions: Vec<Export>,
    pub(crate) globals: Vec<String>,
}

impl Surface {
    /// Reads a valid module.
    pub(crate) fn of(wasm: &[u8]) -> Self {
        let mut validator = wasmparser::Validator::new();
        let types = validator.validate_all(wasm).expect("a valid module");
        let types = types.as_ref();
        let mut surface = Self { functions: Vec::new(), globals: Vec::new() };
        let imports = types.core_imports().map_or(0, Iterator::count) as u32;
        for payload in wasmparser::Parser::new(0).parse_all(wasm) {
            let Ok(wasmparser::Payload::ExportSection(exports)) = payload else { continue };
            for export in exports {
                let export = export.expect("a valid module");
                let name = export.name.to_owned();
                match export.kind {
                    // An import that is exported is none of the module's code.
                    wasmparser::ExternalKind::Func if export.index >= imports => {
                        let ty = types[types.core_function_at(export.index)].unwrap_func();
                        surface.functions.push(Export { name, params: ty.params().to_vec() });
                    }
                    wasmparser::ExternalKind::Global => surface.globals.push(name),
                    _ => {}
                }
            }
        }
        surface
    }
}
