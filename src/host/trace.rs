//! The course of a session's calls as lines of JSON, for whoever looks for a fault or a price.
//!
//! Lines gather until there is a piece of them or the call from outside ends, and go to the embedder's
//! hook at once. Results and gas are the same with a trace and without. docs/tracing.md has the lines.

use std::fmt::{self, Display, Write};
use std::rc::Rc;

use super::create::{CreateRequest, Creation};
use super::frame::{DEFAULT_ENTRY, Finish};
use super::state::{CallRequest, State, Way};
use crate::error::Result;
use crate::outcome::{Kind, Outcome};
use crate::types::{Address, EngineKind, Word};

/// Bytes of lines that go to the hook at once, about.
const PIECE: usize = 64 << 10;

/// What the calls of a session tell of their course.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Trace {
    /// A line where a call or creation begins and one where it ends, of every engine.
    pub calls: bool,
    /// A line for each step of EVM code and one for the whole call, as EIP-3155 has them.
    pub steps: bool,
}

/// What is wanted, and the lines that the hook has not seen.
#[derive(Debug, Default)]
pub(super) struct Tracer {
    wanted: Trace,
    lines: String,
    /// What ran the frame that ended last.
    ran: Option<EngineKind>,
    /// The refund counters of the live frames of EVM code, by depth.
    refunds: Vec<i64>,
}

/// A call or creation that begins.
pub struct Entered<'a> {
    /// `call`, `static`, `delegate`, `callcode`, `create` or `create2`.
    pub how: &'static str,
    /// Who calls or creates.
    pub from: &'a Address,
    /// Whose code is to run; nobody's yet where a contract is created.
    pub to: Option<&'a Address>,
    /// The amount, where one can go along.
    pub value: Option<Word>,
    /// The gas it is given.
    pub gas: u64,
    /// The exported entry; empty is `call`.
    pub entry: &'a str,
    /// The code that is to make a contract.
    pub code: Option<&'a [u8]>,
    /// The call's input, or the constructor's.
    pub input: &'a [u8],
}

/// How it ended.
pub struct Left<'a> {
    /// Success, revert or halt.
    pub outcome: Outcome,
    /// The gas it used.
    pub gas_used: u64,
    /// What it returned.
    pub output: &'a [u8],
    /// The contract that came to be.
    pub created: Option<&'a Address>,
}

impl Tracer {
    /// Nothing of the last call from outside is left to tell; a panic may have left something.
    pub(super) fn begin(&mut self) {
        self.lines.clear();
        self.refunds.clear();
    }

    /// A frame ended, and so many are live.
    pub(super) fn ended(&mut self, engine: EngineKind, depth: usize) {
        self.ran = Some(engine);
        self.refunds.truncate(depth);
    }
}

impl State<'_> {
    /// Says what is to be told from now on.
    pub fn set_trace(&mut self, wanted: Trace) {
        self.tracer.wanted = wanted;
    }

    /// What is to be told.
    #[must_use]
    pub fn trace(&self) -> Trace {
        self.tracer.wanted
    }

    /// Tells of a call and how it ended.
    pub(super) fn tell_call(
        &mut self,
        request: CallRequest<'_>,
        gas: u64,
        call: impl FnOnce(&mut Self, CallRequest<'_>, u64) -> Result<Finish>,
    ) -> Result<Finish> {
        let (how, value) = match request.way {
            Way::Call => ("call", Some(request.value)),
            Way::Static => ("static", None),
            Way::Delegate => ("delegate", None),
            Way::CallCode => ("callcode", Some(request.value)),
        };
        // A delegate call may name who called the running contract.
        let from = if self.depth() == 0 { request.caller } else { self.frame().address };
        self.trace_enter(&Entered {
            how,
            from: &from,
            to: Some(&request.target),
            value,
            gas,
            entry: request.entry,
            code: None,
            input: &request.input,
        });
        let finish = call(self, request, gas)?;
        self.trace_leave(&Left::of(&finish, gas, None));
        Ok(finish)
    }

    /// Tells of a creation and how it ended.
    pub(super) fn tell_creation(
        &mut self,
        request: CreateRequest,
        gas: u64,
        create: impl FnOnce(&mut Self, CreateRequest, u64) -> Result<Creation>,
    ) -> Result<Creation> {
        self.trace_enter(&Entered {
            how: if request.salt.is_some() { "create2" } else { "create" },
            from: &request.creator,
            to: None,
            value: Some(request.value),
            gas,
            entry: "",
            code: Some(&request.code),
            input: &request.input,
        });
        let creation = create(self, request, gas)?;
        self.trace_leave(&Left::of(&creation.finish, gas, creation.address.as_ref()));
        Ok(creation)
    }

    /// Tells of a call or creation that begins.
    pub fn trace_enter(&mut self, entered: &Entered<'_>) {
        self.tracer.ran = None;
        let depth = self.depth() + 1;
        self.trace_line(|line| entered.write(line, depth));
    }

    /// Tells how the call or creation ended that [`State::trace_enter`] told of.
    pub fn trace_leave(&mut self, left: &Left<'_>) {
        let (ran, depth) = (self.tracer.ran.take(), self.depth() + 1);
        self.trace_line(|line| left.write(line, depth, ran));
    }

    /// Tells what came of a call from outside, as EIP-3155 ends a trace. Of the state's root nothing is known here.
    pub(crate) fn trace_whole(&mut self, outcome: Outcome, gas_used: u64, output: &[u8]) {
        if self.tracer.wanted.steps {
            let (output, pass) = (Hex(output), outcome.is_success());
            self.trace_line(|line| {
                write!(line, r#"{{"output":"{output}","gasUsed":"{gas_used:#x}","pass":{pass}}}"#)
            });
        }
    }

    /// What the whole call has earned in refunds, where the running frame of EVM code has earned this.
    #[must_use]
    pub fn trace_refund(&mut self, running: i64) -> u64 {
        // Those that other engines ended are the journal's already.
        let ended = i64::try_from(self.journal.refund()).unwrap_or(i64::MAX);
        let (depth, refunds) = (self.depth(), &mut self.tracer.refunds);
        refunds.resize(depth.saturating_sub(1), 0);
        refunds.push(running);
        let live = refunds.iter().fold(0, |sum: i64, refund| sum.saturating_add(*refund));
        ended.saturating_add(live).max(0).unsigned_abs()
    }

    /// Adds a line.
    pub fn trace_line(&mut self, write: impl FnOnce(&mut String) -> fmt::Result) {
        // A string takes everything.
        let _ = write(&mut self.tracer.lines);
        self.tracer.lines.push('\n');
        if self.tracer.lines.len() >= PIECE {
            self.flush_trace();
        }
    }

    /// Hands the lines to the embedder.
    pub(crate) fn flush_trace(&mut self) {
        if !self.tracer.lines.is_empty() {
            Rc::clone(&self.hooks).trace(&self.tracer.lines);
            self.tracer.lines.clear();
        }
    }
}

impl Entered<'_> {
    fn write(&self, line: &mut String, depth: usize) -> fmt::Result {
        let Self { how, from, to, value, gas, entry, code, input } = self;
        write!(line, r#"{{"enter":"{how}","depth":{depth},"from":"{from}""#)?;
        if let Some(to) = to {
            write!(line, r#","to":"{to}""#)?;
        }
        if let Some(value) = value {
            write!(line, r#","value":"{}""#, Number(value))?;
        }
        write!(line, r#","gas":"{gas:#x}""#)?;
        if !entry.is_empty() && *entry != DEFAULT_ENTRY {
            write!(line, r#","entry":"{}""#, Text(entry))?;
        }
        if let Some(code) = code {
            write!(line, r#","code":"{}""#, Hex(code))?;
        }
        write!(line, r#","input":"{}"}}"#, Hex(input))
    }
}

impl<'a> Left<'a> {
    fn of(finish: &'a Finish, gas: u64, created: Option<&'a Address>) -> Self {
        let Finish { outcome, gas: left, output } = finish;
        Self { outcome: *outcome, gas_used: gas.saturating_sub(left.left()), output, created }
    }

    fn write(&self, line: &mut String, depth: usize, ran: Option<EngineKind>) -> fmt::Result {
        let Self { outcome, gas_used, output, created } = self;
        write!(line, r#"{{"leave":"{}","depth":{depth}"#, ending(*outcome))?;
        if let Some(engine) = ran {
            write!(line, r#","engine":"{}""#, engine.name())?;
        }
        if let Some(created) = created {
            write!(line, r#","created":"{created}""#)?;
        }
        write!(line, r#","gasUsed":"{gas_used:#x}","output":"{}"}}"#, Hex(output))
    }
}

/// The name of an outcome: success, revert, or the halt's own.
#[must_use]
pub fn ending(outcome: Outcome) -> String {
    match outcome {
        Outcome::Success => Kind::Success.constant(),
        Outcome::Revert => Kind::Revert.constant(),
        Outcome::Halt(halt) => halt.constant(),
    }
}

/// Bytes as JSON-RPC has them: two digits each.
pub struct Hex<'a>(pub &'a [u8]);

impl Display for Hex<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("0x")?;
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// A word as a number as JSON-RPC has it: without zeros in front.
struct Number<'a>(&'a Word);

impl Display for Number<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = &self.0.0;
        match bytes.iter().position(|byte| *byte != 0) {
            None => f.write_str("0x0"),
            Some(first) => {
                write!(f, "{:#x}", bytes[first])?;
                bytes[first + 1..].iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }
    }
}

/// Text inside of a JSON string.
struct Text<'a>(&'a str);

impl Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|letter| match letter {
            '"' | '\\' => write!(f, "\\{letter}"),
            control if control < ' ' => write!(f, "\\u{:04x}", u32::from(control)),
            letter => f.write_char(letter),
        })
    }
}
