//! What an entry takes: gas, which is exact, and nanoseconds, the least of many runs.

use std::error::Error;
use std::rc::Rc;

use zvm::host::hooks::Nested;
use zvm::state::ledger::Loaded;
use zvm::types::Bytes;
use zvm::{Address, Block, Call, Config, Deploy, Hooks, Kind, MemoryLedger, Runtime, Session, Terms, Word};
use zvm_bench::clock;

use crate::program::Program;

pub(crate) type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// What one round of a loop costs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cost {
    pub(crate) gas: f64,
    pub(crate) ns: f64,
}

const RUNS: usize = 15;
const GAS: u64 = 1_000_000_000_000;
pub(crate) const OWNER: Address = Address([0x11; 20]);
/// What each contract has.
const BALANCE: u64 = 1 << 40;

/// An embedder's hooks that cost nothing of their own.
struct Answer;

impl Hooks for Answer {
    fn query(&self, _: &mut Nested<'_, '_>, _: u32, request: &[u8]) -> zvm::Result<Loaded<Option<Vec<u8>>>> {
        Ok(Some(request.to_vec()).into())
    }
}

/// A runtime, and a ledger in memory with the contracts that were deployed.
pub(crate) struct Bench {
    runtime: Runtime,
    ledger: MemoryLedger,
}

impl Bench {
    pub(crate) fn new() -> Result<Self> {
        let mut ledger = MemoryLedger::new();
        for number in 0..2048 {
            ledger.set_block_hash(number, Word::from(number + 1));
        }
        Ok(Self { runtime: Runtime::new(Config::default())?, ledger })
    }

    /// Deploys a contract for good, with a balance.
    pub(crate) fn deploy(&mut self, wasm: Vec<u8>) -> Result<Address> {
        let mut session = self.runtime.session(&mut self.ledger, Block::default());
        let execution = session.deploy(&deploy(wasm.into()))?;
        session.commit()?;
        drop(session);
        let address = execution.created.ok_or("nothing was deployed")?;
        let mut account = self.ledger.account_at(&address).ok_or("no account was made")?;
        account.balance = Word::from(BALANCE);
        self.ledger.set_account(address, account);
        Ok(address)
    }

    /// An entry of a contract's storage.
    pub(crate) fn store(&mut self, contract: Address, key: &[u8], value: &[u8]) {
        self.ledger.set_storage(contract, key, value);
    }

    /// What a round of the program costs, less what the loop itself does.
    pub(crate) fn measure(
        &mut self,
        program: &Program,
        input: &[u8],
        prepare: impl Fn(&mut Self, Address),
    ) -> Result<Cost> {
        let contract = self.deploy(program.module())?;
        prepare(self, contract);
        let block = Block { number: 4096, ..Block::default() };
        let mut session = self.runtime.session_with(Box::new(&mut self.ledger), Rc::new(Answer), block)?;
        let mut least = [Cost { gas: 0.0, ns: f64::INFINITY }; 2];
        // One run that warms up.
        for _ in 0..=RUNS {
            for (entry, least) in ["with", "without"].into_iter().zip(&mut least) {
                let cost = run(&mut session, contract, entry, input)?;
                least.gas = cost.gas;
                least.ns = least.ns.min(cost.ns);
            }
        }
        let [with, without] = least;
        let times = f64::from(program.times);
        Ok(Cost { gas: (with.gas - without.gas) / times, ns: (with.ns - without.ns) / times })
    }
}

/// One run, in a session that has read nothing.
fn run(session: &mut Session<'_>, contract: Address, entry: &str, input: &[u8]) -> Result<Cost> {
    let terms = Terms { gas_limit: GAS, ..Terms::default() };
    let call = Call {
        caller: OWNER,
        target: contract,
        entry: entry.into(),
        input: input.into(),
        terms,
        ..Call::default()
    };
    session.reset();
    let began = clock::thread();
    let execution = session.call(&call)?;
    let ns = clock::thread() - began;
    match execution.outcome.kind() {
        Kind::Success | Kind::Revert => {
            Ok(Cost { gas: (execution.gas_used + execution.gas_refund) as f64, ns })
        }
        kind => Err(format!("{entry} ended with {kind:?}: {:?}", execution.outcome).into()),
    }
}

fn deploy(code: Bytes) -> Deploy {
    Deploy { code, ..Deploy::by(OWNER, Terms { gas_limit: GAS, ..Terms::default() }) }
}

/// What a deploy of code costs that no cache knows: gas, and the time of all threads, since the compiler has
/// its own.
pub(crate) fn deployed(wasm: &[u8]) -> Result<Cost> {
    let mut least = Cost { gas: 0.0, ns: f64::INFINITY };
    for _ in 0..RUNS {
        let runtime = Runtime::new(Config::default())?;
        let mut session = runtime.session(MemoryLedger::new(), Block::default());
        let request = deploy(wasm.into());
        let began = clock::process();
        let execution = session.deploy(&request)?;
        least.ns = least.ns.min(clock::process() - began);
        least.gas = execution.gas_used as f64;
    }
    Ok(least)
}
