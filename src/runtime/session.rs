//! A session: many calls over one view of the state, one commit.

use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use super::Runtime;
use super::execution::{Call, Deploy, Execution, Terms};
use crate::engine::evm::transaction::EthereumTransaction;
use crate::error::{Error, Result, Status};
use crate::gas::Gas;
use crate::host::create::{CreateRequest, Creation};
use crate::host::frame::Finish;
use crate::host::hooks::Hooks;
use crate::host::stair::Stair;
use crate::host::state::{CallRequest, State, Way};
use crate::host::trace::Trace;
use crate::interrupt::Stopwatch;
use crate::outcome::Halt;
use crate::state::changes::Changes;
use crate::state::journal::Checkpoint;
use crate::state::ledger::{Ledger, ReadContext};
use crate::types::{Address, Block, Bytes, Word};

/// A savepoint of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark(pub u64);

/// One view of the state: a ledger, a block, a journal over them. A block is typically one
/// session. Its reads are cached: the ledger must answer from one stable snapshot.
pub struct Session<'l> {
    runtime: Runtime,
    pub(super) state: State<'l>,
    marks: Vec<(Mark, Checkpoint)>,
    next_mark: u64,
    poisoned: bool,
}

impl<'l> Session<'l> {
    pub(super) fn new(
        runtime: Runtime,
        ledger: Box<dyn Ledger + 'l>,
        hooks: Rc<dyn Hooks + 'l>,
        block: Block,
    ) -> Self {
        let rules = Arc::clone(&runtime.0.rules);
        let stair: Arc<dyn Stair> = Arc::clone(&runtime.0.engines) as _;
        let state = State::new(ledger, hooks, block, rules, stair);
        Self { runtime, state, marks: Vec::new(), next_mark: 1, poisoned: false }
    }

    /// The runtime it belongs to.
    #[must_use]
    pub fn runtime(&self) -> &Runtime {
        &self.runtime
    }

    /// Deploys a contract.
    ///
    /// # Errors
    /// A status of the code range where the code is not accepted; ours or the embedder's. Then
    /// nothing has changed. The constructor's failure is in the result.
    pub fn deploy(&mut self, deploy: &Deploy) -> Result<Execution> {
        self.count_deploy();
        self.transact(deploy.caller, &deploy.terms, deploy.input.len(), true, |state| create(state, deploy))
    }

    /// Calls a contract.
    ///
    /// # Errors
    /// Ours or the embedder's, and then nothing has changed. The contract's failure is in the
    /// result.
    pub fn call(&mut self, call: &Call) -> Result<Execution> {
        self.reach(call, true)
    }

    /// Runs an Ethereum transaction: with its fees, which [`Session::call`] leaves to the embedder.
    ///
    /// # Errors
    /// [`Status::Rejected`] where it is not valid here, with the reason's number; ours or the
    /// embedder's. Then nothing has changed. The contract's failure is in the result.
    pub fn run_ethereum(
        &mut self,
        transaction: &EthereumTransaction,
        stopwatch: Stopwatch,
    ) -> Result<Execution> {
        self.count_call();
        let evm = Arc::clone(&self.runtime.0.evm);
        self.attempt(transaction.sender, transaction.gas_price, stopwatch, true, |session| {
            session.state.transaction.blob_hashes.clone_from(&transaction.blob_hashes);
            let receipt = evm.transact(&mut session.state, transaction)?;
            Ok(Execution {
                outcome: receipt.outcome,
                gas_used: receipt.gas_used,
                gas_left: transaction.gas_limit - receipt.gas_used,
                gas_refund: receipt.gas_refund,
                output: receipt.output,
                created: receipt.created,
                logs: session.state.journal.logs().to_vec(),
                counters: session.state.transaction.counters,
            })
        })
    }

    /// Calls a contract and drops its changes.
    ///
    /// # Errors
    /// As [`Session::call`].
    pub fn query(&mut self, call: &Call) -> Result<Execution> {
        self.reach(call, false)
    }

    /// Reads storage entries of an account ahead, in as few questions as the ledger allows.
    /// Gas is the same as without.
    ///
    /// # Errors
    /// The ledger's.
    pub fn prefetch(&mut self, account: &Address, keys: &[Bytes]) -> Result<()> {
        self.guarded(|session| session.state.journal.prefetch(outside(), account, keys))
    }

    /// Says what the session's calls tell [`Hooks::trace`] of their course, from now on. Results and gas
    /// are the same.
    pub fn trace(&mut self, wanted: Trace) {
        self.state.set_trace(wanted);
    }

    /// A savepoint to return to. It holds until a commit, a reset, or a return to an earlier one.
    ///
    /// # Errors
    /// [`Status::Poisoned`].
    pub fn mark(&mut self) -> Result<Mark> {
        self.usable()?;
        let mark = Mark(self.next_mark);
        self.next_mark += 1;
        self.marks.push((mark, self.state.journal.checkpoint()));
        Ok(mark)
    }

    /// Takes back everything since the savepoint, which can be returned to again.
    ///
    /// # Errors
    /// [`Status::Argument`] where the savepoint does not hold any more; [`Status::Poisoned`].
    pub fn rollback(&mut self, mark: Mark) -> Result<()> {
        self.usable()?;
        let found = self.marks.iter().position(|(held, _)| *held == mark);
        let Some(at) = found else {
            return Err(Error::new(Status::Argument, format!("savepoint {} does not hold", mark.0)));
        };
        self.state.journal.rollback(self.marks[at].1);
        self.marks.truncate(at + 1);
        Ok(())
    }

    /// The ordered, de-duplicated writes since the last commit.
    ///
    /// # Errors
    /// [`Status::Poisoned`].
    pub fn changes(&self) -> Result<Changes> {
        self.usable()?;
        Ok(self.state.journal.changes())
    }

    /// Hands all changes to the ledger at once. The session goes on from the new state. After
    /// a failure nothing is forgotten, and the commit can be tried again.
    ///
    /// # Errors
    /// The ledger's.
    pub fn commit(&mut self) -> Result<()> {
        self.guarded(|session| session.state.journal.commit())?;
        self.marks.clear();
        Ok(())
    }

    /// Drops every change and cached read, and cures a poisoned session.
    pub fn reset(&mut self) {
        self.state.journal.reset();
        self.marks.clear();
        self.poisoned = false;
    }

    fn reach(&mut self, call: &Call, keep: bool) -> Result<Execution> {
        self.count_call();
        self.transact(call.caller, &call.terms, call.input.len(), keep, |state| enter(state, call))
    }

    pub(super) fn count_call(&self) {
        self.runtime.0.counts.calls.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn count_deploy(&self) {
        self.runtime.0.counts.deploys.fetch_add(1, Ordering::Relaxed);
    }

    /// Runs a call or deploy whose terms must be within the limits. Refunds are capped and paid.
    pub(super) fn transact(
        &mut self,
        caller: Address,
        terms: &Terms,
        input_len: usize,
        keep: bool,
        work: impl FnOnce(&mut State<'l>) -> Result<Creation>,
    ) -> Result<Execution> {
        let limits = &self.runtime.0.rules.limits;
        if terms.gas_limit > limits.gas {
            return Err(Error::new(Status::Limit, format!("the gas limit is over {}", limits.gas)));
        }
        if input_len > limits.input_bytes as usize {
            return Err(Error::new(Status::Limit, format!("the input is over {} bytes", limits.input_bytes)));
        }
        let deadline = terms.time_limit.and_then(|limit| Instant::now().checked_add(limit));
        let stopwatch = Stopwatch::new(terms.interrupt.clone(), deadline);
        self.attempt(terms.origin.unwrap_or(caller), terms.gas_price, stopwatch, keep, |session| {
            work(&mut session.state).map(|creation| session.execution(creation, terms.gas_limit))
        })
    }

    /// Runs one transaction:
    /// 1. The work runs after a checkpoint.
    /// 2. An error takes everything back; so does the end of a query.
    /// 3. Accounts that were destroyed go.
    /// 4. What it told leaves.
    fn attempt(
        &mut self,
        origin: Address,
        gas_price: Word,
        stopwatch: Stopwatch,
        keep: bool,
        work: impl FnOnce(&mut Self) -> Result<Execution>,
    ) -> Result<Execution> {
        let result = self.guarded(|session| {
            stopwatch.check()?;
            session.state.begin(origin, gas_price, stopwatch);
            let checkpoint = session.state.journal.checkpoint();
            let done = work(session);
            if done.is_err() || !keep {
                session.state.journal.rollback(checkpoint);
            }
            session.state.finish();
            if session.marks.is_empty() {
                session.state.journal.settle();
            }
            if let Ok(execution) = &done {
                let Execution { outcome, gas_used, output, .. } = execution;
                session.state.trace_whole(*outcome, *gas_used, output);
            }
            session.state.flush_trace();
            done
        });
        if result.is_err() {
            self.runtime.0.counts.failures.fetch_add(1, Ordering::Relaxed);
        }
        result
    }

    fn execution(&self, creation: Creation, limit: u64) -> Execution {
        let Creation { finish: Finish { outcome, gas, output }, address, .. } = creation;
        let journal = &self.state.journal;
        let used = limit - gas.left();
        let refund = journal.refund().min(used / self.runtime.0.rules.schedule.refund_divisor.max(1));
        Execution {
            outcome,
            gas_used: used - refund,
            gas_left: gas.left() + refund,
            gas_refund: refund,
            output,
            created: address,
            logs: journal.logs().to_vec(),
            counters: self.state.transaction.counters,
        }
    }

    /// Poisons the session while the work runs, so that a panic or a defect leaves it so.
    pub(super) fn guarded<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        self.usable()?;
        self.poisoned = true;
        let result = work(self);
        self.poisoned =
            matches!(&result, Err(error) if [Status::Internal, Status::Panic].contains(&error.status));
        result
    }

    fn usable(&self) -> Result<()> {
        match self.poisoned {
            true => Err(Error::from(Status::Poisoned)),
            false => Ok(()),
        }
    }
}

/// Deploys as the embedder asked.
pub(super) fn create(state: &mut State<'_>, deploy: &Deploy) -> Result<Creation> {
    let Deploy { caller, ref code, engine, ref input, value, salt, ref terms } = *deploy;
    let schedule = &state.rules.schedule;
    let flat = schedule.call_byte.saturating_mul(input.len() as u64).saturating_add(schedule.create);
    let mut gas = Gas::new(terms.gas_limit);
    if gas.charge(flat).is_err() {
        return Ok(ended(Finish::halt(Halt::OutOfGas, gas)));
    }
    let (code, input) = (code.clone(), input.as_slice().into());
    let request = CreateRequest { creator: caller, code, engine, input, value, salt };
    let creation = state.create(request, gas.left())?;
    match creation.refusal {
        Some(refusal) => Err(refusal),
        None => Ok(creation),
    }
}

/// Calls as the embedder asked.
pub(super) fn enter(state: &mut State<'_>, call: &Call) -> Result<Creation> {
    let Call { caller, target, value, ref entry, ref input, is_static, ref terms } = *call;
    if is_static && !value.is_zero() {
        return Ok(ended(Finish::halt(Halt::StaticWrite, Gas::new(terms.gas_limit))));
    }
    let way = if is_static { Way::Static } else { Way::Call };
    let input = input.as_slice().into();
    let request = CallRequest { way, caller, target, value, entry, input };
    state.call(request, terms.gas_limit).map(ended)
}

/// A call that created nothing.
fn ended(finish: Finish) -> Creation {
    Creation { finish, address: None, refusal: None }
}

/// Nobody runs: the embedder itself asks.
pub(super) fn outside() -> ReadContext {
    ReadContext { gas_left: u64::MAX, ..ReadContext::default() }
}
