//! zvm, the smart-contract runtime that any program can embed.
//!
//! The **embedder** calls the [**runtime**](runtime); the runtime opens a **session** and asks
//! an [**engine**](engine) to run a **frame**; the contract calls [**host functions**](host);
//! they act on the session; the session writes in its [**journal**](state::journal); the
//! journal reads the embedder's [**ledger**](state::ledger), and the
//! [**changes**](state::changes) go to the ledger once, at commit.
//!
//! Downstairs all the way, and one stair back up: a contract that calls a contract.
//!
//! ```
//! use zvm::{Block, Config, MemoryLedger, Runtime};
//!
//! let runtime = Runtime::new(Config::default())?;
//! let mut ledger = MemoryLedger::new();
//! let mut session = runtime.session(&mut ledger, Block::default());
//! assert!(session.changes()?.is_empty());
//! session.commit()?;
//! # Ok::<(), zvm::Error>(())
//! ```

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

// Floor 6: the C ABI.
pub mod ffi;
// Floor 5: runtime and sessions.
pub mod runtime;
// Floor 4: what runs code.
pub mod engine;
// Floor 3: what contracts may call.
pub mod host;
// Floor 2: what contracts change; bytes in, bytes out.
pub mod crypto;
pub mod state;
// The ground.
pub mod error;
pub mod gas;
pub mod interrupt;
pub mod limits;
pub mod outcome;
pub mod types;

pub use crate::engine::evm::transaction::{
    Access, Authorization, EthereumKind, EthereumTransaction, Rejection,
};
pub use crate::error::{Error, Result, Status};
pub use crate::gas::Schedule;
pub use crate::host::hooks::Hooks;
pub use crate::host::rules::{Admission, Revision, Rules};
pub use crate::host::trace::Trace;
pub use crate::interrupt::{Interrupt, Stopwatch};
pub use crate::limits::Limits;
pub use crate::outcome::{Halt, Kind, Outcome};
pub use crate::runtime::config::{CompilerChoice, Config, SignalPolicy};
pub use crate::runtime::execution::{Call, Deploy, Execution, Terms};
pub use crate::runtime::session::{Mark, Session};
pub use crate::runtime::transaction::{Action, Signed, Transaction};
pub use crate::runtime::{Code, Runtime};
pub use crate::state::changes::{Change, Changes, Write};
pub use crate::state::ledger::Ledger;
pub use crate::state::memory::MemoryLedger;
pub use crate::state::store::Store;
pub use crate::types::{Account, Address, Block, Bytes, EngineKind, Log, Word};
