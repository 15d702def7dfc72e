//! cosmwasm-vm, used as a chain uses it: code is stored and pinned once; each call takes an instance out of
//! the cache, calls it with raw bytes, and gets its backend back.

use std::error::Error;
use std::time::Instant;

use cosmwasm_std::Checksum;
use cosmwasm_vm::testing::{MockApi, MockQuerier, MockStorage, mock_backend, mock_env};
use cosmwasm_vm::{
    Backend, Cache, CacheOptions, Instance, InstanceOptions, Size, VmResult, call_execute_raw,
    call_instantiate_raw, capabilities_from_csv, to_vec,
};
use tempfile::TempDir;
use zvm_bench::clock;

/// Its name in the table.
pub(crate) const NAME: &str = "cosmwasm-vm 3.0.10";

type Result<T> = std::result::Result<T, Box<dyn Error>>;
type Code = Cache<MockApi, MockStorage, MockQuerier>;
type State = Backend<MockApi, MockStorage, MockQuerier>;
type Running = Instance<MockApi, MockStorage, MockQuerier>;

const INFO: &[u8] = br#"{"sender":"0xca00000000000000000000000000000000000000","funds":[]}"#;
const CALLS: u32 = 256;
const OPTIONS: InstanceOptions = InstanceOptions { gas_limit: 1_000_000_000_000_000 };

fn cache(folder: &TempDir) -> Result<Code> {
    let capabilities = "cosmwasm_1_1,cosmwasm_1_2,cosmwasm_1_3,cosmwasm_1_4,cosmwasm_2_0,iterator,staking";
    let options = CacheOptions::new(
        folder.path(),
        capabilities_from_csv(capabilities),
        Size::mebi(200),
        Size::mebi(64),
    );
    // SAFETY: nobody else writes to the folder, which is temporary.
    Ok(unsafe { Cache::new(options)? })
}

/// A contract that is ready to be called.
pub(crate) struct Contract {
    _folder: TempDir,
    cache: Code,
    checksum: Checksum,
    state: Option<State>,
    env: Vec<u8>,
    message: Vec<u8>,
}

impl Contract {
    /// Stores, pins and instantiates a contract that will be called with `message`.
    pub(crate) fn new(wasm: &[u8], init: &[u8], message: &[u8]) -> Result<Self> {
        let folder = TempDir::new()?;
        let cache = cache(&folder)?;
        let checksum = cache.store_code(wasm, true, true)?;
        cache.pin(&checksum)?;
        let (env, state) = (to_vec(&mock_env())?, Some(mock_backend(&[])));
        let mut contract = Self { _folder: folder, cache, checksum, state, env, message: message.to_vec() };
        contract.enter(|instance, env, _| call_instantiate_raw(instance, env, INFO, init))?;
        Ok(contract)
    }

    /// Nanoseconds of one call, over many.
    pub(crate) fn warm(&mut self) -> Result<f64> {
        self.call()?;
        let began = clock::thread();
        for _ in 0..CALLS {
            self.call()?;
        }
        Ok((clock::thread() - began) / f64::from(CALLS))
    }

    fn call(&mut self) -> Result<()> {
        self.enter(|instance, env, message| call_execute_raw(instance, env, INFO, message))
    }

    fn enter(&mut self, call: impl FnOnce(&mut Running, &[u8], &[u8]) -> VmResult<Vec<u8>>) -> Result<()> {
        let state = self.state.take().ok_or("the backend was lost")?;
        let mut instance = self.cache.get_instance(&self.checksum, state, OPTIONS)?;
        let answer = call(&mut instance, &self.env, &self.message)?;
        if !answer.starts_with(br#"{"ok":"#) {
            return Err(String::from_utf8_lossy(&answer).into());
        }
        self.state = instance.recycle();
        Ok(())
    }
}

/// Nanoseconds of storing a code: checked, compiled, and written to a file system, which cannot be left out
/// of it.
pub(crate) fn deploy(wasm: &[u8]) -> Result<f64> {
    let folder = TempDir::new()?;
    let cache = cache(&folder)?;
    let began = Instant::now();
    cache.store_code(wasm, true, true)?;
    Ok(began.elapsed().as_nanos() as f64)
}

/// A folder in which a code was stored.
pub(crate) struct Stored {
    folder: TempDir,
    checksum: Checksum,
}

impl Stored {
    pub(crate) fn new(wasm: &[u8]) -> Result<Self> {
        let folder = TempDir::new()?;
        let checksum = cache(&folder)?.store_code(wasm, true, true)?;
        Ok(Self { folder, checksum })
    }

    /// Nanoseconds of taking the code out of the file system, by a cache that has nothing in memory.
    pub(crate) fn load(&self) -> Result<f64> {
        let cache = cache(&self.folder)?;
        let began = Instant::now();
        cache.pin(&self.checksum)?;
        let took = began.elapsed().as_nanos() as f64;
        match cache.stats().hits_fs_cache {
            1 => Ok(took),
            _ => Err("the code was not in the file system".into()),
        }
    }
}
