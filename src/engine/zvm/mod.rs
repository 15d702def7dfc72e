//! ZVM bytecode: code in a [`container`], run on words of 256 bits.
//!
//! The [opcodes](opcode) are one table. Code goes through two rooms: [`program`] checks it and makes
//! it ready, [`machine`] runs it. docs/zvm-opcodes.md says what the table and the rules are.

mod arithmetic;
pub mod assembly;
pub mod container;
mod json;
pub mod legacy;
mod machine;
mod memory;
pub mod opcode;
mod price;
mod program;
mod slots;
mod stack;
mod work;

use std::sync::Arc;

use parking_lot::Mutex;
use ruint::aliases::U256;

use self::container::{Layout, MAGIC};
use self::machine::Machine;
use self::memory::Memory;
use self::opcode::Opcode;
use self::program::{Program, STACK_WORDS, host_function, instructions};
use self::stack::Words;
use super::cache::Cache;
use super::{CodeInfo, Engine, Figures, Prepared};
use crate::error::{Error, Result, Status};
use crate::gas::Gas;
use crate::host::frame::{DEFAULT_ENTRY, Finish, INIT_ENTRY};
use crate::host::guest::Stop;
use crate::host::rules::Rules;
use crate::host::stair::Executable;
use crate::host::state::State;
use crate::outcome::{Halt, Outcome};
use crate::types::{Bytes, EngineKind, Word};

/// The ZVM engine of a runtime.
pub struct Zvm {
    rules: Arc<Rules>,
    cache: Cache<Ready>,
    workshop: Workshop,
}

/// Code that is checked and ready to run.
struct Ready {
    info: CodeInfo,
    code: Bytes,
    program: Program,
}

impl Zvm {
    /// An engine under these rules that keeps about so many bytes of code ready.
    #[must_use]
    pub fn new(rules: Arc<Rules>, cache_bytes: u64) -> Self {
        let workshop = Workshop { benches: Mutex::default(), most: rules.limits.call_depth as usize };
        Self { rules, cache: Cache::new(cache_bytes), workshop }
    }

    fn ready(&self, code: &Bytes, hash: &Word) -> Result<Arc<Ready>> {
        let make = || Ready::new(code, hash, &self.rules);
        self.cache.find_or(hash, make, |ready| ready.info.compiled_bytes)
    }

    fn fetch(&self, state: &mut State<'_>, code: &Executable, gas: &Gas) -> Result<Arc<Ready>> {
        if let Some(ready) = state.pinned::<Ready>(&code.hash) {
            return Ok(ready);
        }
        let ready = match self.cache.find(&code.hash) {
            Some(ready) => ready,
            None => self.ready(&state.code(&code.hash, gas.left())?, &code.hash)?,
        };
        state.pin(&code.hash, Arc::clone(&ready) as _);
        Ok(ready)
    }
}

impl Ready {
    fn new(code: &Bytes, hash: &Word, rules: &Rules) -> Result<Self> {
        let most = rules.limits.module_bytes as usize;
        if code.len() > most {
            return Err(Error::new(Status::CodeTooLarge, format!("the code has more than {most} bytes")));
        }
        let layout = Layout::read(code)?;
        let program = Program::new(code, &layout)?;
        let abi = (!layout.abi.is_empty()).then(|| code[layout.abi.clone()].into());
        let info = CodeInfo {
            engine: EngineKind::Zvm,
            hash: *hash,
            compiled_bytes: program.bytes(),
            entries: vec![DEFAULT_ENTRY.to_owned()],
            imports: imports(program.code()),
            initial_pages: 0,
            max_pages: rules.limits.max_pages,
            abi,
        };
        Ok(Self { info, code: code.clone(), program })
    }

    /// Runs the frame on a bench. Whatever the rules stop takes all of its gas.
    fn run(&self, state: &mut State<'_>, bench: Bench, gas: Gas) -> (Result<Finish>, Bench) {
        let Bench { mut stack, memory } = bench;
        let mut machine = Machine::new(state, &self.program, Memory::reuse(memory), gas);
        let ended = machine.run(&mut stack);
        let Machine { mut gas, memory, .. } = machine;
        let finish = match ended {
            Ok(output) => Ok(Finish { outcome: Outcome::Success, gas, output }),
            Err(Stop::Revert(output)) => Ok(Finish { outcome: Outcome::Revert, gas, output }),
            Err(Stop::Halt(halt)) => {
                gas.exhaust();
                Ok(Finish::halt(halt, gas))
            }
            Err(Stop::Error(error)) => Err(*error),
        };
        (finish, Bench { stack, memory: memory.into_bytes() })
    }
}

/// The host functions that code names, each once, in the table's order.
fn imports(code: &[u8]) -> Vec<String> {
    let named = instructions(code).filter(|(_, opcode, _)| *opcode == Some(Opcode::HOST));
    let mut functions: Vec<_> = named.filter_map(|(_, _, number)| host_function(number?)).collect();
    functions.sort_unstable_by_key(|function| *function as usize);
    functions.dedup();
    functions.into_iter().map(|function| function.row().name.to_owned()).collect()
}

impl Engine for Zvm {
    fn kind(&self) -> EngineKind {
        EngineKind::Zvm
    }

    fn detects(&self, code: &[u8]) -> bool {
        code.starts_with(MAGIC)
    }

    fn prepare(&self, code: &Bytes, hash: &Word) -> Result<Arc<dyn Prepared>> {
        Ok(self.ready(code, hash)? as _)
    }

    fn run(&self, state: &mut State<'_>, code: &Executable, entry: &str, gas: Gas) -> Result<Finish> {
        match entry {
            DEFAULT_ENTRY => {}
            // There is no constructor: the container's code is what calls run.
            INIT_ENTRY if state.frame().input.is_empty() => {
                return Ok(Finish { outcome: Outcome::Success, gas, output: Vec::new() });
            }
            _ => return Ok(Finish::halt(Halt::NoEntry, gas)),
        }
        let ready = match self.fetch(state, code, &gas) {
            Ok(ready) => ready,
            // The ledger's code, valid under other rules or never checked.
            Err(error) if error.status.is_invalid_code() => {
                return Ok(Finish::halt(Halt::InvalidCode, gas));
            }
            Err(error) => return Err(error),
        };
        let (finish, bench) = ready.run(state, self.workshop.bench(), gas);
        self.workshop.clear(bench);
        finish
    }

    fn trim(&self) {
        self.cache.trim();
        self.workshop.benches.lock().clear();
    }

    fn figures(&self) -> Figures {
        let (codes, code_bytes) = self.cache.kept();
        // Nothing is compiled.
        Figures { codes, code_bytes, ..Figures::default() }
    }
}

impl Prepared for Ready {
    fn info(&self) -> &CodeInfo {
        &self.info
    }

    fn code(&self) -> &Bytes {
        &self.code
    }
}

/// What a frame works on: a stack of 32 KiB, and room for memory.
struct Bench {
    stack: Box<Words>,
    memory: Vec<u8>,
}

/// Benches that wait for the next frame. Nothing on them is read before it is written.
struct Workshop {
    benches: Mutex<Vec<Bench>>,
    most: usize,
}

/// Memory that a waiting bench may keep.
const KEPT_MEMORY: usize = 1 << 20;

impl Workshop {
    fn bench(&self) -> Bench {
        let waiting = self.benches.lock().pop();
        waiting.unwrap_or_else(|| {
            let stack = vec![U256::ZERO; STACK_WORDS].into_boxed_slice();
            Bench { stack: stack.try_into().expect("as many words"), memory: Vec::new() }
        })
    }

    fn clear(&self, mut bench: Bench) {
        if bench.memory.capacity() > KEPT_MEMORY {
            bench.memory = Vec::new();
        }
        let mut benches = self.benches.lock();
        if benches.len() < self.most {
            benches.push(bench);
        }
    }
}
