//! The library's handles as values: freed once, every status checked, every out-struct poisoned first.

use std::mem::MaybeUninit;
use std::sync::Arc;

use zvm::ffi::binding::{zvm_block, zvm_session_params};
use zvm::ffi::call::{zvm_call, zvm_deploy};
use zvm::ffi::code::*;
use zvm::ffi::config::{ZVM_ABI, zvm_config, zvm_option};
use zvm::ffi::error::{zvm_error, zvm_error_free, zvm_error_info, zvm_error_view};
use zvm::ffi::result::{zvm_result, zvm_result_clear};
use zvm::ffi::runtime::*;
use zvm::ffi::session::*;
use zvm::ffi::types::{zvm_address, zvm_bytes};

use super::host::{Change, Host, Log};
use super::structs::{params, sized, view};
use super::views;

/// What a failed call said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    pub(crate) status: i32,
    pub(crate) host_code: i32,
    pub(crate) depth: u32,
    pub(crate) contract: [u8; 20],
    pub(crate) message: String,
}

/// A result, copied out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Outcome {
    pub(crate) kind: u32,
    pub(crate) halt: u32,
    pub(crate) gas_used: u64,
    pub(crate) gas_left: u64,
    pub(crate) gas_refund: u64,
    pub(crate) data: Vec<u8>,
    pub(crate) created: Option<[u8; 20]>,
    pub(crate) logs: Vec<Log>,
    pub(crate) score: u32,
    pub(crate) depth: u32,
}

/// Makes a call whose last parameter is an error, and reads that.
pub(crate) fn checked(call: impl FnOnce(*mut *mut zvm_error) -> i32) -> Result<(), Failure> {
    let mut error = std::ptr::without_provenance_mut(8);
    let status = call(&mut error);
    assert_eq!(status == 0, error.is_null(), "an error is there exactly where the status says so");
    if status == 0 {
        return Ok(());
    }
    let mut seen: zvm_error_view = sized();
    // SAFETY: the error was just made; it is freed after its message is copied.
    let message = unsafe {
        assert_eq!(zvm_error_info(error, &mut seen), 0);
        let message = String::from_utf8(views::bytes(seen.message)).expect("UTF-8");
        zvm_error_free(error);
        message
    };
    assert_eq!(seen.status, status);
    assert!(!message.is_empty());
    Err(Failure {
        status,
        host_code: seen.host_code,
        depth: seen.depth,
        contract: seen.contract.bytes,
        message,
    })
}

/// A runtime.
#[derive(Debug)]
pub(crate) struct Runtime(pub(crate) *mut zvm_runtime);

// SAFETY: the header says `Thread: any` for everything a runtime is used for here.
unsafe impl Send for Runtime {}
// SAFETY: as above.
unsafe impl Sync for Runtime {}

impl Runtime {
    pub(crate) fn new() -> Self {
        Self::with(&[], |_| ())
    }

    /// A runtime with options and what `change` makes of its configuration.
    pub(crate) fn with(options: &[(&str, u64)], change: impl FnOnce(&mut zvm_config)) -> Self {
        let option = |(name, value): &(&str, u64)| zvm_option { name: view(name.as_bytes()), value: *value };
        let options: Vec<zvm_option> = options.iter().map(option).collect();
        let mut config: zvm_config = sized();
        (config.abi, config.options, config.option_count) = (ZVM_ABI, options.as_ptr(), options.len());
        change(&mut config);
        let mut out = std::ptr::null_mut();
        // SAFETY: the configuration and its options live until the call returns.
        checked(|err| unsafe { zvm_runtime_new(&config, &mut out, err) }).expect("a runtime");
        Self(out)
    }

    pub(crate) fn load(&self, code: &[u8]) -> Result<Code, Failure> {
        let mut params: zvm_code_params = sized();
        params.code = view(code);
        let mut out = std::ptr::null_mut();
        // SAFETY: the code lives until the call returns.
        checked(|err| unsafe { zvm_code_load(self.0, &params, &mut out, err) }).map(|()| Code(out))
    }

    pub(crate) fn deserialize(&self, artefact: &[u8]) -> Result<Code, Failure> {
        let mut out = std::ptr::without_provenance_mut(8);
        // SAFETY: the artefact lives until the call returns.
        let done = checked(|err| unsafe { zvm_code_deserialize(self.0, view(artefact), &mut out, err) });
        assert_eq!(done.is_err(), out.is_null());
        done.map(|()| Code(out))
    }

    pub(crate) fn stats(&self) -> zvm_stats {
        let mut stats: zvm_stats = sized();
        // SAFETY: the struct is ours.
        checked(|err| unsafe { zvm_runtime_stats(self.0, &mut stats, err) }).expect("stats");
        stats
    }

    pub(crate) fn trim(&self) {
        // SAFETY: the runtime lives.
        checked(|err| unsafe { zvm_runtime_trim(self.0, err) }).expect("to trim");
    }
}

impl Drop for Runtime {
    fn drop(&mut self) {
        // SAFETY: freed once.
        unsafe { zvm_runtime_free(self.0) };
    }
}

/// Loaded code.
#[derive(Debug)]
pub(crate) struct Code(pub(crate) *mut zvm_code);

// SAFETY: the header says `Thread: any` for everything code is used for here.
unsafe impl Send for Code {}

impl Code {
    pub(crate) fn info(&self) -> zvm_code_view {
        let mut seen: zvm_code_view = sized();
        // SAFETY: the struct is ours.
        checked(|err| unsafe { zvm_code_info(self.0, &mut seen, err) }).expect("info");
        seen
    }

    pub(crate) fn serialize(&self) -> Vec<u8> {
        let mut out = view(&[]);
        // SAFETY: the view is ours; what it shows is copied while the code lives.
        unsafe {
            checked(|err| zvm_code_serialize(self.0, &mut out, err)).expect("an artefact");
            views::bytes(out)
        }
    }
}

impl Drop for Code {
    fn drop(&mut self) {
        // SAFETY: freed once.
        unsafe { zvm_code_free(self.0) };
    }
}

/// A session over a host.
#[derive(Debug)]
pub(crate) struct Session(pub(crate) *mut zvm_session);

// SAFETY: used by one thread at a time, because it is not Sync.
unsafe impl Send for Session {}

impl Session {
    pub(crate) fn new(runtime: &Runtime, host: &Arc<Host>) -> Self {
        Self::open(runtime, &params(host)).expect("a session")
    }

    pub(crate) fn in_block(runtime: &Runtime, host: &Arc<Host>, block: &zvm_block) -> Self {
        let mut params = params(host);
        params.block = block;
        Self::open(runtime, &params).expect("a session")
    }

    pub(crate) fn open(runtime: &Runtime, params: &zvm_session_params) -> Result<Self, Failure> {
        let mut out = std::ptr::without_provenance_mut(8);
        // SAFETY: tables are static, contexts shares of a host.
        let done = checked(|err| unsafe { zvm_session_new(runtime.0, params, &mut out, err) });
        assert_eq!(done.is_err(), out.is_null());
        done.map(|()| Self(out))
    }

    pub(crate) fn deploy(&self, deploy: &zvm_deploy) -> Result<Outcome, Failure> {
        // SAFETY: what the struct points to lives in the caller.
        read(|result, err| unsafe { zvm_session_deploy(self.0, deploy, result, err) })
    }

    pub(crate) fn call(&self, call: &zvm_call) -> Result<Outcome, Failure> {
        // SAFETY: as above.
        read(|result, err| unsafe { zvm_session_call(self.0, call, result, err) })
    }

    pub(crate) fn query(&self, call: &zvm_call) -> Result<Outcome, Failure> {
        // SAFETY: as above.
        read(|result, err| unsafe { zvm_session_query(self.0, call, result, err) })
    }

    pub(crate) fn prefetch(&self, account: [u8; 20], keys: &[Vec<u8>]) -> Result<(), Failure> {
        let keys: Vec<zvm_bytes> = keys.iter().map(|key| view(key)).collect();
        let account = zvm_address { bytes: account };
        // SAFETY: the keys live until the call returns.
        checked(|err| unsafe { zvm_session_prefetch(self.0, &account, keys.as_ptr(), keys.len(), err) })
    }

    pub(crate) fn mark(&self) -> Result<u64, Failure> {
        let mut mark = 0;
        // SAFETY: the place is ours.
        checked(|err| unsafe { zvm_session_mark(self.0, &mut mark, err) }).map(|()| mark)
    }

    pub(crate) fn rollback(&self, mark: u64) -> Result<(), Failure> {
        // SAFETY: the session lives.
        checked(|err| unsafe { zvm_session_rollback(self.0, mark, err) })
    }

    pub(crate) fn changes(&self) -> Result<Vec<Change>, Failure> {
        let (mut list, mut count) = (std::ptr::null(), 0);
        // SAFETY: the places are ours; the list is copied before the next call.
        unsafe {
            checked(|err| zvm_session_changes(self.0, &mut list, &mut count, err))?;
            Ok(views::changes(list, count))
        }
    }

    pub(crate) fn commit(&self) -> Result<(), Failure> {
        // SAFETY: the session lives.
        checked(|err| unsafe { zvm_session_commit(self.0, err) })
    }

    pub(crate) fn reset(&self) -> Result<(), Failure> {
        // SAFETY: the session lives.
        checked(|err| unsafe { zvm_session_reset(self.0, err) })
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // SAFETY: freed once.
        unsafe { zvm_session_free(self.0) };
    }
}

/// Makes a call that fills a result, copies that and clears it. A failure leaves zeros.
pub(crate) fn read(
    call: impl FnOnce(*mut zvm_result, *mut *mut zvm_error) -> i32,
) -> Result<Outcome, Failure> {
    let mut result = MaybeUninit::<zvm_result>::uninit();
    // SAFETY: every byte is written before it is read; views are copied before the clear.
    unsafe {
        result.as_mut_ptr().cast::<u8>().write_bytes(0xa5, size_of::<zvm_result>());
        result.as_mut_ptr().cast::<u32>().write(size_of::<zvm_result>() as u32);
        let done = checked(|err| call(result.as_mut_ptr(), err));
        let bytes = std::slice::from_raw_parts(result.as_ptr().cast::<u8>(), size_of::<zvm_result>());
        if let Err(failure) = done {
            assert!(
                bytes[4..].iter().all(|byte| *byte == 0),
                "a failed call leaves a result of zeros: {failure:?}"
            );
            return Err(failure);
        }
        let filled = result.assume_init_mut();
        let outcome = Outcome {
            kind: filled.kind,
            halt: filled.halt,
            gas_used: filled.gas_used,
            gas_left: filled.gas_left,
            gas_refund: filled.gas_refund,
            data: views::bytes(filled.data),
            created: (filled.has_created == 1).then_some(filled.created.bytes),
            logs: views::logs(filled.logs, filled.log_count),
            score: filled.score,
            depth: filled.depth,
        };
        zvm_result_clear(filled);
        Ok(outcome)
    }
}
