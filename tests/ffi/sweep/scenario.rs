//! A scenario, and one run of a step of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use zvm::ffi::binding::zvm_block;
use zvm::ffi::call::{ZVM_CALL_STATIC, ZVM_DEPLOY_SALT};
use zvm::ffi::config::ZVM_CONFIG_DENY_FLOATS;

use crate::support::host::{Change, State};
use crate::support::structs::{sized, view};
use crate::support::{Failure, Host, Outcome, Runtime, Session};

/// A ledger, steps over it, and how the runtime is set up.
pub(super) struct Scenario {
    pub(super) name: String,
    pub(super) options: Vec<(String, u64)>,
    pub(super) deny_floats: bool,
    pub(super) admission: u32,
    pub(super) answers_in_op: bool,
    pub(super) block: zvm_block,
    pub(super) state: State,
    pub(super) steps: Vec<Step>,
}

/// One step. A commit follows the last one.
#[derive(Clone, Debug)]
pub(super) enum Step {
    Deploy(Transaction),
    Call(Transaction),
    Query(Transaction),
    Prefetch([u8; 20], Vec<Vec<u8>>),
    Mark(String),
    Rollback(String),
    Commit,
}

/// The fields of a call or a deploy.
#[derive(Clone, Debug, Default)]
pub(super) struct Transaction {
    pub(super) caller: [u8; 20],
    pub(super) origin: [u8; 20],
    pub(super) target: [u8; 20],
    pub(super) value: [u8; 32],
    pub(super) gas_price: [u8; 32],
    pub(super) entry: String,
    pub(super) code: Vec<u8>,
    pub(super) engine: u32,
    pub(super) input: Vec<u8>,
    pub(super) salt: Option<[u8; 32]>,
    pub(super) gas_limit: u64,
    pub(super) is_static: bool,
}

/// What came of a step.
pub(super) type Done = Result<Option<Outcome>, Failure>;

/// A session under way.
pub(super) struct Run {
    pub(super) host: Arc<Host>,
    pub(super) session: Session,
    marks: BTreeMap<String, u64>,
}

impl Scenario {
    pub(super) fn runtime(&self) -> Runtime {
        let options: Vec<(&str, u64)> =
            self.options.iter().map(|(name, value)| (name.as_str(), *value)).collect();
        Runtime::with(&options, |config| {
            config.flags = if self.deny_floats { ZVM_CONFIG_DENY_FLOATS } else { 0 };
            config.admission = self.admission;
        })
    }

    pub(super) fn begin(&self, runtime: &Runtime) -> Run {
        let host = Host::of(self.state.clone());
        host.inside().query = Some(super::clerk::answer());
        host.inside().answers_in_op = self.answers_in_op;
        let session = Session::in_block(runtime, &host, &self.block);
        Run { host, session, marks: BTreeMap::new() }
    }

    /// The steps, and the commit at the end.
    pub(super) fn all_steps(&self) -> impl Iterator<Item = &Step> {
        self.steps.iter().chain([&Step::Commit])
    }
}

impl Run {
    pub(super) fn step(&mut self, step: &Step) -> Done {
        match step {
            Step::Deploy(deploy) => self.session.deploy(&deploy.deploy()).map(Some),
            Step::Call(call) => self.session.call(&call.call()).map(Some),
            Step::Query(call) => self.session.query(&call.call()).map(Some),
            Step::Prefetch(account, keys) => self.session.prefetch(*account, keys).map(|()| None),
            Step::Mark(name) => {
                let mark = self.session.mark()?;
                self.marks.insert(name.clone(), mark);
                Ok(None)
            }
            Step::Rollback(name) => self.session.rollback(self.marks[name]).map(|()| None),
            Step::Commit => self.session.commit().map(|()| None),
        }
    }

    pub(super) fn changes(&self) -> Vec<Change> {
        self.session.changes().expect("changes")
    }

    /// Ends the session; its contexts come back, each once, and nothing else holds the host.
    pub(super) fn end(self, what: &str) -> Arc<Host> {
        let Self { host, session, .. } = self;
        assert_eq!(host.releases(), 0, "{what}: released while in use");
        drop(session);
        assert_eq!((host.releases(), Arc::strong_count(&host)), (3, 1), "{what}: not released once each");
        host
    }
}

impl Transaction {
    fn call(&self) -> zvm::ffi::call::zvm_call {
        let mut call: zvm::ffi::call::zvm_call = sized();
        call.flags = if self.is_static { ZVM_CALL_STATIC } else { 0 };
        (call.caller.bytes, call.origin.bytes, call.target.bytes) = (self.caller, self.origin, self.target);
        (call.value.bytes, call.gas_price.bytes) = (self.value, self.gas_price);
        (call.entry, call.input) = (view(self.entry.as_bytes()), view(&self.input));
        call.gas_limit = self.gas_limit;
        call
    }

    fn deploy(&self) -> zvm::ffi::call::zvm_deploy {
        let mut deploy: zvm::ffi::call::zvm_deploy = sized();
        (deploy.caller.bytes, deploy.origin.bytes) = (self.caller, self.origin);
        (deploy.value.bytes, deploy.gas_price.bytes) = (self.value, self.gas_price);
        (deploy.code, deploy.input, deploy.engine) = (view(&self.code), view(&self.input), self.engine);
        if let Some(salt) = self.salt {
            (deploy.flags, deploy.salt.bytes) = (ZVM_DEPLOY_SALT, salt);
        }
        deploy.gas_limit = self.gas_limit;
        deploy
    }
}
