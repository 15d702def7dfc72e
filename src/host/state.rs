//! The state of a session, and how frames nest in it.

use std::any::Any;
use std::rc::Rc;
use std::sync::Arc;

use hashbrown::HashMap;

use super::frame::{DEFAULT_ENTRY, Finish, Frame, INIT_ENTRY, MIGRATE_ENTRY};
use super::hooks::{HederaRequest, Hooks, Level, Nested};
use super::native_stack::with_stack;
use super::rules::{Revision, Rules};
use super::stair::{Executable, Stair};
use super::trace::Tracer;
use super::transaction::Transaction;
use crate::error::{Error, Result};
use crate::gas::Gas;
use crate::interrupt::Stopwatch;
use crate::outcome::Halt;
use crate::state::journal::Journal;
use crate::state::ledger::{Ledger, ReadContext};
use crate::types::{Account, Address, Block, Bytes, EngineKind, Log, Word};

/// How a contract's code is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Code and storage of the target.
    Call,
    /// The same, and nothing below may write.
    Static,
    /// The target's code on the running contract's storage, caller and value.
    Delegate,
    /// The target's code on the running contract's storage, called by itself with an amount that
    /// it keeps.
    CallCode,
}

/// A call to be made.
#[derive(Clone, Debug)]
pub struct CallRequest<'a> {
    /// How.
    pub way: Way,
    /// Who calls.
    pub caller: Address,
    /// Whose code is to run.
    pub target: Address,
    /// The amount that goes with it; ignored by a delegate call.
    pub value: Word,
    /// The exported entry; empty is `call`.
    pub entry: &'a str,
    /// Its input.
    pub input: Bytes,
}

/// A session's state: the journal over the ledger, the block, the frames that are live.
pub struct State<'l> {
    /// The overlay.
    pub journal: Journal<'l>,
    /// The block everything happens in.
    pub block: Block,
    /// The protocol parameters.
    pub rules: Arc<Rules>,
    /// The transaction that runs or ran last.
    pub transaction: Transaction,
    pub(super) stair: Arc<dyn Stair>,
    pub(super) hooks: Rc<dyn Hooks + 'l>,
    pub(super) tracer: Tracer,
    frames: Vec<Frame>,
    /// How many of the frames are of another engine than the EVM, which counts its own.
    native_frames: u32,
    /// What engines keep with the session from one frame to the next.
    kept: Vec<Box<dyn Any>>,
    /// Compiled code that ran here, kept whatever the runtime's cache drops: a code is compiled at most
    /// once in a session, so that nobody can make it compile for the price of a call.
    pins: HashMap<Word, Arc<dyn Any + Send + Sync>>,
}

/// Calls of EVM contracts, nested (EIP-150): the first frame is at 0, and there is one at this depth.
pub const EVM_CALL_DEPTH: usize = 1024;

impl<'l> State<'l> {
    /// A state over a ledger, with nothing done yet.
    #[must_use]
    pub fn new(
        ledger: Box<dyn Ledger + 'l>,
        hooks: Rc<dyn Hooks + 'l>,
        block: Block,
        rules: Arc<Rules>,
        stair: Arc<dyn Stair>,
    ) -> Self {
        let transaction = Transaction::default();
        Self {
            journal: Journal::new(ledger),
            block,
            rules,
            transaction,
            stair,
            hooks,
            tracer: Tracer::default(),
            frames: Vec::new(),
            native_frames: 0,
            kept: Vec::new(),
            pins: HashMap::new(),
        }
    }

    /// Begins a transaction.
    pub fn begin(&mut self, origin: Address, gas_price: Word, stopwatch: Stopwatch) {
        self.journal.begin_transaction();
        self.transaction = Transaction::new(origin, gas_price, stopwatch);
        self.frames.clear();
        self.native_frames = 0;
        self.tracer.begin();
        self.journal.warm_account(&origin);
        // EIP-3651.
        if self.rules.revision >= Revision::Shanghai {
            self.journal.warm_account(&self.block.proposer);
        }
    }

    /// Ends a transaction: what was destroyed in it goes.
    pub fn finish(&mut self) {
        self.journal.finish(self.rules.revision.clears_empty());
    }

    /// How many frames are live.
    #[must_use]
    pub fn depth(&self) -> usize {
        self.frames.len()
    }

    /// Whether no frame may follow: the EVM's are counted up to its own limit, all others together.
    #[must_use]
    pub fn is_deepest(&self) -> bool {
        self.native_frames >= self.rules.limits.call_depth || self.frames.len() > EVM_CALL_DEPTH
    }

    /// Begins a frame.
    pub fn push(&mut self, frame: Frame) {
        self.native_frames += u32::from(frame.engine != EngineKind::Evm);
        self.frames.push(frame);
        self.transaction.counters.depth = self.transaction.counters.depth.max(self.frames.len() as u32);
    }

    /// Ends the frame that began last.
    pub fn pop(&mut self) {
        if let Some(frame) = self.frames.pop() {
            self.native_frames -= u32::from(frame.engine != EngineKind::Evm);
            self.transaction.live_pages -= frame.pages;
            self.tracer.ended(frame.engine, self.frames.len());
        }
    }

    /// What an engine kept here, taken.
    pub fn take_kept<T: Any>(&mut self) -> Option<Box<T>> {
        let at = self.kept.iter().position(|kept| kept.is::<T>())?;
        self.kept.swap_remove(at).downcast().ok()
    }

    /// Keeps something for an engine until it takes it.
    pub fn keep<T: Any>(&mut self, thing: Box<T>) {
        self.kept.push(thing);
    }

    /// The running frame.
    ///
    /// # Panics
    /// Outside a call: host functions run inside one.
    #[must_use]
    pub fn frame(&self) -> &Frame {
        self.frames.last().expect("a host function runs in a frame")
    }

    /// The running frame, to change.
    pub(super) fn frame_mut(&mut self) -> &mut Frame {
        self.frames.last_mut().expect("a host function runs in a frame")
    }

    /// Who asks the ledger now.
    #[must_use]
    pub fn at(&self, gas_left: u64) -> ReadContext {
        let contract = self.frames.last().map_or(Address::ZERO, |frame| frame.address);
        ReadContext { contract, depth: self.frames.len() as u32, gas_left }
    }

    /// Runs a frame:
    /// 1. The depth has a limit, and entries that only we run are no entries.
    /// 2. The amount moves, after a checkpoint.
    /// 3. The code is found.
    /// 4. Its engine runs it.
    /// 5. Unless it succeeded, everything since the checkpoint is taken back.
    ///
    /// # Errors
    /// Ours or the embedder's; the contract's failure is in the result.
    pub fn call(&mut self, request: CallRequest<'_>, gas: u64) -> Result<Finish> {
        match self.trace().calls {
            true => self.tell_call(request, gas, Self::call_untold),
            false => self.call_untold(request, gas),
        }
    }

    fn call_untold(&mut self, request: CallRequest<'_>, gas: u64) -> Result<Finish> {
        let mut gas = Gas::new(gas);
        if self.is_deepest() {
            return Ok(Finish::halt(Halt::CallDepth, gas));
        }
        if [INIT_ENTRY, MIGRATE_ENTRY].contains(&request.entry) {
            return Ok(Finish::halt(Halt::NoEntry, gas));
        }
        let checkpoint = self.journal.checkpoint();
        let finish = match self.prepare(&request, &mut gas)? {
            Ok((frame, code)) => {
                let entry = if request.entry.is_empty() { DEFAULT_ENTRY } else { request.entry };
                self.run(frame, &code, entry, gas)?
            }
            Err(halt) => Finish::halt(halt, gas),
        };
        if !finish.outcome.is_success() {
            self.journal.rollback(checkpoint);
        }
        Ok(finish)
    }

    /// Runs code in a new frame and takes the frame down again.
    pub(super) fn run(&mut self, frame: Frame, code: &Executable, entry: &str, gas: Gas) -> Result<Finish> {
        let (address, depth) = (frame.address, self.frames.len() as u32 + 1);
        self.push(frame);
        let stair = Arc::clone(&self.stair);
        let finish = with_stack(|| stair.run(self, code, entry, gas));
        self.pop();
        finish.map_err(|error| error.at(address, depth))
    }

    fn prepare(
        &mut self,
        request: &CallRequest<'_>,
        gas: &mut Gas,
    ) -> Result<std::result::Result<(Frame, Executable), Halt>> {
        let at = self.at(gas.left());
        let CallRequest { way, caller, target, value, ref input, .. } = *request;
        let parent = self.frames.last();
        let mut frame = Frame {
            address: target,
            caller,
            value,
            input: input.clone(),
            is_static: way == Way::Static || parent.is_some_and(|parent| parent.is_static),
            engine: EngineKind::Wasm,
            output: Vec::new(),
            returned: Vec::new(),
            pages: 0,
        };
        let parent_engine = parent.map(|parent| parent.engine);
        if let (Way::Delegate, Some(parent)) = (way, parent) {
            (frame.address, frame.caller, frame.value) = (parent.address, parent.caller, parent.value);
        } else if way == Way::CallCode {
            frame.address = caller;
            if self.journal.record(at, &caller)?.balance < value {
                return Ok(Err(Halt::InsufficientBalance));
            }
        } else if let Err(halt) = self.journal.transfer(at, &caller, &target, value)? {
            return Ok(Err(halt));
        }
        let account = self.journal.account(at, &target)?;
        if let Err(halt) = gas
            .charge(account.surcharge)
            .and_then(|()| self.transaction.touch(&self.rules.limits, account.first, 0))
        {
            return Ok(Err(halt));
        }
        if !account.value.has_code() {
            return Ok(Err(Halt::NoCode));
        }
        let hash = account.value.code_hash;
        let Some(engine) = self.engine_of(&account.value, at)? else {
            return Ok(Err(Halt::Unsupported));
        };
        frame.engine = engine;
        if matches!(way, Way::Delegate | Way::CallCode) && parent_engine != Some(frame.engine) {
            return Ok(Err(Halt::EngineMismatch));
        }
        Ok(Ok((frame, Executable { hash, engine })))
    }

    /// What runs an account's code: as the ledger says, else judged by the code; `None` where
    /// no engine of this runtime does.
    pub(super) fn engine_of(&mut self, account: &Account, at: ReadContext) -> Result<Option<EngineKind>> {
        let engine = match account.engine {
            Some(engine) => Some(engine),
            None => {
                let code = self.code(&account.code_hash, at.gas_left)?;
                self.stair.detect(&code)
            }
        };
        Ok(engine.filter(|engine| self.stair.runs(*engine)))
    }

    /// What would run this code, judged by its first bytes.
    #[must_use]
    pub fn detect(&self, code: &[u8]) -> Option<EngineKind> {
        self.stair.detect(code)
    }

    /// The code an engine is to run.
    ///
    /// # Errors
    /// The ledger's; [`Status::HostProtocol`](crate::error::Status::HostProtocol) where an
    /// account names code that the ledger does not have.
    pub fn code(&mut self, hash: &Word, gas_left: u64) -> Result<Bytes> {
        let at = self.at(gas_left);
        self.journal.code(at, hash)?.ok_or_else(|| missing_code(hash))
    }

    /// What an engine pinned for this code.
    pub fn pinned<T: Any + Send + Sync>(&self, hash: &Word) -> Option<Arc<T>> {
        self.pins.get(hash).cloned().and_then(|pin| pin.downcast().ok())
    }

    /// Keeps what an engine made of this code until the session ends.
    pub fn pin(&mut self, hash: &Word, made: Arc<dyn Any + Send + Sync>) {
        self.pins.insert(*hash, made);
    }

    /// Emits an event of the running contract.
    ///
    /// # Errors
    /// [`Halt::EventLimit`] where the transaction would have too many or too large ones.
    pub fn emit(&mut self, topics: Vec<Word>, data: &[u8]) -> std::result::Result<(), Halt> {
        let (limits, logs) = (&self.rules.limits, self.journal.logs());
        let before: usize = logs.iter().map(|log| log.data.len()).sum();
        let within =
            logs.len() < limits.events as usize && before + data.len() <= limits.total_event_bytes as usize;
        if !within {
            return Err(Halt::EventLimit);
        }
        let address = self.frame().address;
        self.journal.log(Log { address, topics, data: data.into() });
        Ok(())
    }

    /// Keeps what a callee returned for the running frame.
    pub fn set_returned(&mut self, returned: Vec<u8>) {
        self.frame_mut().returned = returned;
    }

    /// Asks the embedder what a Hedera opcode of the running frame does; `None` where it has no
    /// such thing.
    ///
    /// # Errors
    /// Ours or the embedder's.
    pub fn hedera(&mut self, gas: &mut Gas, request: &HederaRequest<'_>) -> Result<Option<Word>> {
        let hooks = Rc::clone(&self.hooks);
        let mut nested = Nested::new(self, gas);
        let answered = hooks.hedera(&mut nested, request);
        nested.into_failure().map_or(answered, Err)
    }

    /// What the running frame set as its output, taken.
    pub fn take_output(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.frame_mut().output)
    }

    /// Takes memory pages for the running frame; they return when it ends.
    ///
    /// # Errors
    /// [`Halt::MemoryLimit`] where the live frames would hold too many together.
    pub fn take_pages(&mut self, pages: u32) -> std::result::Result<(), Halt> {
        let live = self.transaction.live_pages.saturating_add(pages);
        if live > self.rules.limits.total_pages {
            return Err(Halt::MemoryLimit);
        }
        self.transaction.live_pages = live;
        self.transaction.counters.pages = self.transaction.counters.pages.max(live);
        self.frame_mut().pages += pages;
        Ok(())
    }

    /// Hands a contract's debug line to the embedder, cut to what the limits leave.
    pub(super) fn debug_log(&mut self, message: &[u8]) {
        let limits = &self.rules.limits;
        let left = limits.total_debug_bytes.saturating_sub(self.transaction.debug_bytes);
        let len = message.len().min(limits.debug_bytes.min(left) as usize);
        if len == 0 && !message.is_empty() {
            return;
        }
        self.transaction.debug_bytes += len as u32;
        let text: String = String::from_utf8_lossy(&message[..len]).escape_debug().collect();
        let target = self.frame().address.to_string();
        self.hooks.log(Level::Debug, &target, &text);
    }
}

fn missing_code(hash: &Word) -> Error {
    Error::new(crate::error::Status::HostProtocol, format!("the ledger does not have the code {hash}"))
}
