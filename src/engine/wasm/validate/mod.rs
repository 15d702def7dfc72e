//! What a WASM module must be before any compiler sees it.
//!
//! Contract code is hostile, and a compiler is the most expensive thing a stranger can make us
//! run. So a module is judged here first, in one pass that is linear in its bytes and keeps its
//! own stack: every count is held to a limit before the counted things are read, every feature
//! is on a list of allowed ones, and everything that would fail at instantiation (a segment
//! outside its memory, a table too large) fails now, at deploy.
//!
//! Two checkers look at each section and operator: ours, with the limits and the allow-list,
//! and then the validator of `wasmparser` with the same few features enabled, which knows the
//! typing rules. A feature must pass both. The result is the same for every compiler.
//!
//! What is allowed is WebAssembly 1.0 without a start section and without imported memories,
//! tables and globals, plus what rustc puts into ordinary output: sign extension, saturating
//! conversions, `memory.copy` and `memory.fill`, and call_indirect's table index as a LEB128.
//! Tables cannot change and segments cannot be dropped: the memory, its length and the globals
//! are all that a call can leave behind, so they are all that a reset must restore.

mod body;
pub(in crate::engine::wasm) mod operators;
mod refusal;
mod sections;
mod segments;

use wasmparser::{FuncValidatorAllocations, Parser, ValidPayload, Validator, WasmFeatures};

use crate::error::{Error, Result, Status};
use crate::host::kinds::Scalar;
use crate::limits::Limits;
use crate::types::Bytes;

/// The signature of a host function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signature {
    /// Its parameters in order.
    pub params: &'static [Scalar],
    /// Its result, if any.
    pub result: Option<Scalar>,
}

/// What the runtime demands of a module.
pub struct Policy<'a> {
    /// The sizes and counts it must keep to.
    pub limits: &'a Limits,
    /// Whether floats are refused altogether.
    pub deny_floats: bool,
    /// The signature of the host function that module `zvm` offers under a name.
    pub import: &'a dyn Fn(&str) -> Option<Signature>,
}

/// The size of a memory in pages of 64 KiB.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pages {
    /// What it begins with.
    pub initial: u32,
    /// What it may grow to; the runtime's limit where the module names none.
    pub maximum: u32,
}

/// What validation learned of a module.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Module {
    /// The exported functions a call may name, in order of export: the module's own functions
    /// that take nothing and return nothing or an i32.
    pub entries: Vec<String>,
    /// The host functions it imports, in order of import.
    pub imports: Vec<String>,
    /// Its memory, if it has one; it is exported as `memory`.
    pub memory: Option<Pages>,
    /// Its custom section `zvm.abi`.
    pub abi: Option<Bytes>,
    /// The shape of its own functions, in order of definition.
    pub(in crate::engine::wasm) functions: Vec<Shape>,
}

/// What a function needs of the stack, in values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::engine::wasm) struct Shape {
    /// Parameters.
    pub(in crate::engine::wasm) params: u32,
    /// Declared locals.
    pub(in crate::engine::wasm) locals: u32,
    /// The most operands at any place of the code.
    pub(in crate::engine::wasm) operands: u32,
}

/// Checks a module against the policy.
///
/// # Errors
/// - [`Status::CodeFormat`]: the bytes are not a WASM module of version 1.
/// - [`Status::CodeTooLarge`]: the module has more bytes than allowed.
/// - [`Status::CodeInvalid`]: it is malformed or over a limit.
/// - [`Status::CodeForbidden`]: it uses a feature or an import that contracts may not use.
///
/// The message names the section or function and the figure or feature.
pub fn validate(wasm: &[u8], policy: &Policy<'_>) -> Result<Module> {
    check_format(wasm, policy.limits)?;
    let features = features(policy);
    let mut parser = Parser::new(0);
    parser.set_features(features);
    let mut validator = Validator::new_with_features(features);
    let mut buffers = FuncValidatorAllocations::default();
    let mut checker = sections::Checker::new(policy);
    for payload in parser.parse_all(wasm) {
        let payload = payload.map_err(refusal::malformed)?;
        checker.section(&payload)?;
        if let ValidPayload::Func(function, body) = validator.payload(&payload).map_err(refusal::malformed)? {
            let mut function = function.into_validator(buffers);
            checker.body(&mut function, &body)?;
            buffers = function.into_allocations();
        }
    }
    checker.finish()
}

/// The features the second checker admits. Floats are its business too when they are refused.
fn features(policy: &Policy<'_>) -> WasmFeatures {
    let features = WasmFeatures::MUTABLE_GLOBAL
        | WasmFeatures::GC_TYPES
        | WasmFeatures::SIGN_EXTENSION
        | WasmFeatures::SATURATING_FLOAT_TO_INT
        | WasmFeatures::BULK_MEMORY_OPT
        | WasmFeatures::CALL_INDIRECT_OVERLONG;
    if policy.deny_floats { features } else { features | WasmFeatures::FLOATS }
}

fn check_format(wasm: &[u8], limits: &Limits) -> Result<()> {
    if !wasm.starts_with(b"\0asm") {
        return Err(Error::new(Status::CodeFormat, "the code does not begin like a WASM module"));
    }
    if wasm.len() as u64 > u64::from(limits.module_bytes) {
        let message = format!("the module has {} bytes; the limit is {}", wasm.len(), limits.module_bytes);
        return Err(Error::new(Status::CodeTooLarge, message));
    }
    if wasm.get(4..8) != Some(&[1, 0, 0, 0]) {
        return Err(Error::new(Status::CodeFormat, "the code is not a WASM module of version 1"));
    }
    Ok(())
}
