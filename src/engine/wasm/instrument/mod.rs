//! Puts gas, stack depth and canonical NaNs into the code itself, bytes to bytes.
//!
//! A validated module goes in; out comes a module that any WebAssembly machine runs with the
//! same results, the same gas and the same trap at the same operator. Nothing here knows an
//! engine, and nothing an engine does can be forgotten by it:
//!
//! - **Gas.** Every basic block pays for all its operators before the first of them runs, out of
//!   the exported global [`GAS`], and pays ahead for what must follow. Loops and some entries
//!   look whether that is covered; where it is not, the code calls [`REFILL`], which provides more
//!   or ends the frame. So the host may hand out gas in slices and stop the contract between two of
//!   them. In between the code may owe: the host ends the frame if it finds that the code has
//!   spent more than there was. The rounds of a small loop are written several in one, and paid
//!   at once. `docs/gas.md` has the rules and why they are sound.
//! - **Operands.** What an operand makes large is paid by the operand: `memory.fill` and
//!   `memory.copy` by their length, `memory.grow` becomes a call of the host's [`GROW`].
//! - **Stack.** On its way to a call a function takes the words of its frame off the exported global
//!   [`STACK`]; below zero it calls [`TRAP`]. A way that does not call takes nothing: there is
//!   one at a time, and the limits of a function bound it.
//! - **Floats.** WebAssembly leaves the bits of a computed NaN open. After each operation that
//!   can compute one, any NaN becomes the canonical one.
//! - **Traps.** Where a library of the machine would trap, and with [`Traps::Calls`] wherever anything
//!   would, the code looks first and calls [`TRAP`], which ends the frame.
//!
//! Custom sections are dropped: those that describe the code would no longer be true.
//!
//! The imports stand behind the contract's own and shift its functions by their number; the
//! globals stand behind its globals and shift nothing. Names cannot clash: contracts import
//! from `zvm` alone and export nothing that begins with `zvm.`.

mod body;
mod canonical;
mod charge;
mod flow;
mod junctions;
mod labels;
mod meter;
mod plan;
mod rounds;
mod sections;
mod stack;
mod step;
mod traps;
mod weight;

use wasm_encoder::CodeSection;

use self::body::Rewriter;
use self::meter::Meter;
use self::sections::Sections;
use self::traps::Checks;
use super::validate::Module;
use crate::error::{Error, Result, Status};
use crate::gas::Schedule;
use crate::limits::Limits;

pub use self::meter::{GAS, GROW, MODULE, REFILL, STACK, TRAP};
pub use self::traps::Traps;

/// The number of this rewriting. What a trap in the middle of a block has paid depends on it, so
/// it is part of consensus: it changes with any change of the output.
pub const VERSION: u32 = 4;

/// The forms of the rewriting. Gas and outcome are the same in each of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Form {
    /// How code ends at an operator that traps.
    pub traps: Traps,
    /// What code does when it has asked for gas.
    pub refill: Refill,
}

/// What code does when it has asked for gas.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Refill {
    /// It goes on with what it was given, so that gas can be handed out in slices.
    #[default]
    Resumes,
    /// It never goes on: all the gas there is must be handed out at once, and [`REFILL`] ends the
    /// frame. Cranelift's code is faster by a twentieth, having nothing to keep for a return.
    Ends,
}

/// Rewrites a module that [`validate`](super::validate::validate) has passed.
///
/// # Errors
/// - [`Status::CodeTooLarge`]: the result has more bytes than allowed.
/// - [`Status::Internal`]: `module` is not what validation said of `wasm`.
pub fn instrument(
    wasm: &[u8],
    module: &Module,
    limits: &Limits,
    schedule: &Schedule,
    form: Form,
) -> Result<Vec<u8>> {
    let output = rewrite(wasm, module, limits, schedule, form)?;
    if form != Form::default() {
        // What is refused must not depend on the form.
        rewrite(wasm, module, limits, schedule, Form::default())?;
    }
    Ok(output)
}

fn rewrite(
    wasm: &[u8],
    module: &Module,
    limits: &Limits,
    schedule: &Schedule,
    form: Form,
) -> Result<Vec<u8>> {
    // Another form of a module within the limit cannot be past this.
    let most = if form == Form::default() { limits.instrumented_bytes } else { u32::MAX };
    let sections = Sections::read(wasm).map_err(mismatch)?;
    if sections.bodies.len() != module.functions.len() {
        return Err(mismatch("it has another number of functions"));
    }
    let meter = Meter::new(module, &sections, limits, form);
    let mut code = CodeSection::new();
    let checks = Checks::new(form.traps, &meter);
    let mut rewriter = Rewriter::new(&meter, &sections, limits, schedule, checks);
    let entered = sections.entered(module.functions.len(), module.imports.len()).map_err(mismatch)?;
    for ((body, shape), entered) in sections.bodies.iter().zip(&module.functions).zip(entered) {
        code.raw(rewriter.rewrite(body, *shape, entered).map_err(mismatch)?);
        hold_size(code.byte_len(), most)?;
    }
    let mut checks = rewriter.checks;
    if meter.has_memory {
        code.function(&charge::bytes(&meter, schedule)).function(&charge::fill(&meter, schedule));
    }
    checks.add_code(&mut code);
    let output = sections.write(module, &meter, &checks, &code).map_err(mismatch)?;
    hold_size(output.len(), most)?;
    Ok(output)
}

fn hold_size(bytes: usize, limit: u32) -> Result<()> {
    if bytes as u64 <= u64::from(limit) {
        return Ok(());
    }
    Err(Error::new(Status::CodeTooLarge, format!("the metered module has more than {limit} bytes")))
}

fn mismatch(cause: impl std::fmt::Display) -> Error {
    Error::new(Status::Internal, format!("the module to meter is not the one that was validated: {cause}"))
}
