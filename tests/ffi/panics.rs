//! n083: a panic in any export stops at the boundary. The list of exports is the header's, so that
//! a new one cannot be forgotten here.

use std::collections::BTreeSet;
use std::ffi::{CStr, c_char};
use std::sync::Arc;

use zvm::Status;
use zvm::ffi::account::{zvm_address_create, zvm_address_create2};
use zvm::ffi::binding::zvm_session_params;
use zvm::ffi::call::zvm_call;
use zvm::ffi::code::*;
use zvm::ffi::crypto::*;
use zvm::ffi::error::*;
use zvm::ffi::ethereum::zvm_session_run_ethereum;
use zvm::ffi::frame::*;
use zvm::ffi::injection::arm;
use zvm::ffi::interrupt::*;
use zvm::ffi::reply::zvm_reply_reserve;
use zvm::ffi::result::{zvm_result, zvm_result_clear};
use zvm::ffi::runtime::*;
use zvm::ffi::session::*;
use zvm::ffi::store::*;
use zvm::ffi::tables::ZVM_CB_DONE;
use zvm::ffi::transaction::*;
use zvm::ffi::types::zvm_point;
use zvm::ffi::version::*;

use crate::child;
use crate::support::contracts::{imports, wat};
use crate::support::handles::checked;
use crate::support::structs::{call, params, sized, view};
use crate::support::{Code, Host, Runtime, Session, address, refused};

/// What an export does when it panics inside.
enum Export {
    /// Returns ZVM_E_PANIC, and an error that names it.
    Status(fn(&World, *mut *mut zvm_error) -> i32),
    /// Returns ZVM_E_PANIC; has no place for an error.
    Bare(fn(&World) -> i32),
    /// Returns what stands for nothing.
    Neutral(fn(&World) -> bool),
    /// Has no guard, because nothing in it can panic.
    Open(fn(&World)),
}
use Export::{Bare, Neutral, Open, Status as Fallible};

/// Live objects of every kind.
struct World {
    runtime: Runtime,
    host: Arc<Host>,
    session: Session,
    code: Code,
    interrupt: *mut zvm_interrupt,
    store: *mut zvm_store,
    error: *mut zvm_error,
    params: zvm_session_params,
    call: zvm_call,
}

const NOBODY: [u8; 20] = [9; 20];

impl World {
    fn new() -> Self {
        let (runtime, host) = (Runtime::new(), Host::new());
        let session = Session::new(&runtime, &host);
        let code = runtime.load(&wat("(module (func (export \"call\")))")).expect("code");
        let (mut interrupt, mut store, mut error) =
            (std::ptr::null_mut(), std::ptr::null_mut(), std::ptr::null_mut());
        // SAFETY: places for handles.
        unsafe {
            assert_eq!(zvm_interrupt_new(&mut interrupt, std::ptr::null_mut()), 0);
            assert_eq!(zvm_store_memory(&mut store, std::ptr::null_mut()), 0);
            assert_ne!(zvm_selftest(99, &mut error), 0);
        }
        let params = params(&host);
        Self { runtime, session, code, interrupt, store, error, params, host, call: call(NOBODY, b"") }
    }

    /// Everything still does what it did.
    fn works(&self) {
        assert_eq!(self.session.call(&self.call).expect("an outcome").kind, zvm::Kind::NoCode as u32);
        self.session.commit().expect("a commit");
        assert!(self.runtime.load(&wat("(module)")).is_ok());
    }
}

impl Drop for World {
    fn drop(&mut self) {
        // SAFETY: each freed once.
        unsafe {
            zvm_interrupt_free(self.interrupt);
            zvm_store_free(self.store);
            zvm_error_free(self.error);
            // The contexts that no session took over.
            for ctx in [self.params.storage_ctx, self.params.ledger_ctx, self.params.hooks_ctx] {
                drop(Arc::from_raw(ctx.cast_const().cast::<Host>()));
            }
        }
    }
}

/// An unknown export of the header has no row here, and the test says so.
#[rustfmt::skip]
fn exports() -> Vec<(&'static str, Export)> {
    // SAFETY: the pointers are to live objects of a World, or to places of this function.
    unsafe { vec![
        ("zvm_abi_version", Open(|_| { zvm_abi_version(); })),
        ("zvm_version_string", Open(|_| assert!(text(zvm_version_string()).starts_with("zvm ")))),
        ("zvm_feature", Open(|_| { zvm_feature(1); })),
        ("zvm_interrupt_fire", Open(|w| zvm_interrupt_fire(w.interrupt))),
        ("zvm_interrupt_reset", Open(|w| zvm_interrupt_reset(w.interrupt))),
        ("zvm_status_name", Neutral(|_| text(zvm_status_name(0)) == "UNKNOWN")),
        ("zvm_kind_name", Neutral(|_| text(zvm_kind_name(0)) == "UNKNOWN")),
        ("zvm_halt_name", Neutral(|_| text(zvm_halt_name(1)) == "UNKNOWN")),
        ("zvm_selftest", Fallible(|_, err| zvm_selftest(ZVM_SELFTEST_ALL, err))),
        ("zvm_error_info", Bare(|w| zvm_error_info(w.error, &mut sized()))),
        ("zvm_error_free", Neutral(|w| { zvm_error_free(w.error); true })),
        ("zvm_runtime_new", Fallible(|_, err| zvm_runtime_new(&sized(), &mut null(), err))),
        ("zvm_runtime_clone", Neutral(|w| zvm_runtime_clone(w.runtime.0).is_null())),
        ("zvm_runtime_free", Neutral(|w| { zvm_runtime_free(w.runtime.0); true })),
        ("zvm_runtime_stats", Fallible(|w, err| zvm_runtime_stats(w.runtime.0, &mut sized(), err))),
        ("zvm_runtime_trim", Fallible(|w, err| zvm_runtime_trim(w.runtime.0, err))),
        ("zvm_signals_ensure", Fallible(|w, err| zvm_signals_ensure(w.runtime.0, err))),
        ("zvm_runtime_fingerprint", Fallible(|w, err| zvm_runtime_fingerprint(w.runtime.0, &mut word(), err))),
        ("zvm_code_load", Fallible(|w, err| zvm_code_load(w.runtime.0, &sized(), &mut null(), err))),
        ("zvm_code_clone", Neutral(|w| zvm_code_clone(w.code.0).is_null())),
        ("zvm_code_free", Neutral(|w| { zvm_code_free(w.code.0); true })),
        ("zvm_code_info", Fallible(|w, err| zvm_code_info(w.code.0, &mut sized(), err))),
        ("zvm_code_serialize", Fallible(|w, err| zvm_code_serialize(w.code.0, &mut view(&[]), err))),
        ("zvm_code_deserialize", Fallible(|w, err| zvm_code_deserialize(w.runtime.0, view(&[]), &mut null(), err))),
        ("zvm_frame_info", Fallible(|_, err| zvm_frame_info(null(), &mut sized(), err))),
        ("zvm_frame_fail", Fallible(|_, err| zvm_frame_fail(null(), 1, view(&[]), err))),
        ("zvm_frame_call", Fallible(|w, err| zvm_frame_call(null(), &w.call, &mut sized(), err))),
        ("zvm_reply_reserve", Neutral(|_| zvm_reply_reserve(null(), 1).is_null())),
        ("zvm_result_clear", Neutral(|_| { zvm_result_clear(&mut sized()); true })),
        ("zvm_session_new", Fallible(|w, err| zvm_session_new(w.runtime.0, &w.params, &mut null(), err))),
        ("zvm_session_free", Neutral(|w| { zvm_session_free(w.session.0); true })),
        ("zvm_session_deploy", Fallible(|w, err| zvm_session_deploy(w.session.0, &sized(), &mut sized(), err))),
        ("zvm_session_call", Fallible(|w, err| zvm_session_call(w.session.0, &w.call, &mut sized(), err))),
        ("zvm_session_query", Fallible(|w, err| zvm_session_query(w.session.0, &w.call, &mut sized(), err))),
        ("zvm_session_run_ethereum", Fallible(|w, err| zvm_session_run_ethereum(w.session.0, &sized(), &mut sized(), err))),
        ("zvm_session_prefetch", Fallible(|w, err| zvm_session_prefetch(w.session.0, &w.call.target, std::ptr::null(), 0, err))),
        ("zvm_session_trace", Fallible(|w, err| zvm_session_trace(w.session.0, 1, err))),
        ("zvm_session_mark", Fallible(|w, err| zvm_session_mark(w.session.0, &mut 0, err))),
        ("zvm_session_rollback", Fallible(|w, err| zvm_session_rollback(w.session.0, 1, err))),
        ("zvm_session_changes", Fallible(|w, err| zvm_session_changes(w.session.0, &mut std::ptr::null(), &mut 0, err))),
        ("zvm_session_commit", Fallible(|w, err| zvm_session_commit(w.session.0, err))),
        ("zvm_session_reset", Fallible(|w, err| zvm_session_reset(w.session.0, err))),
        ("zvm_execute", Fallible(|w, err| zvm_execute(w.runtime.0, &w.params, &w.call, &mut sized(), err))),
        ("zvm_store_open", Fallible(|_, err| zvm_store_open(view(b"/nowhere"), &mut null(), err))),
        ("zvm_store_memory", Fallible(|_, err| zvm_store_memory(&mut null(), err))),
        ("zvm_store_attach", Fallible(|w, err| zvm_store_attach(w.store, &mut sized(), err))),
        ("zvm_store_apply", Fallible(|w, err| zvm_store_apply(w.store, std::ptr::null(), 0, err))),
        ("zvm_store_free", Neutral(|w| { zvm_store_free(w.store); true })),
        ("zvm_interrupt_new", Fallible(|_, err| zvm_interrupt_new(&mut null(), err))),
        ("zvm_interrupt_clone", Neutral(|w| zvm_interrupt_clone(w.interrupt).is_null())),
        ("zvm_interrupt_free", Neutral(|w| { zvm_interrupt_free(w.interrupt); true })),
        ("zvm_address_create", Fallible(|w, err| zvm_address_create(&w.call.target, 0, &mut { w.call.target }, err))),
        ("zvm_address_create2", Fallible(|w, err| zvm_address_create2(&w.call.target, &word(), &word(), &mut { w.call.target }, err))),
        ("zvm_hash", Fallible(|_, err| zvm_hash(ZVM_HASH_KECCAK256, view(b""), &mut word(), err))),
        ("zvm_verify", Fallible(|_, err| zvm_verify(1, view(b""), view(b""), view(b""), view(b""), &mut 0, err))),
        ("zvm_verify_threshold", Fallible(|_, err| zvm_verify_threshold(1, 1, view(b""), view(b""), view(b""), &mut 0, err))),
        ("zvm_verify_aggregate", Fallible(|_, err| zvm_verify_aggregate(5, view(b""), view(b""), view(b""), 0, &mut 0, err))),
        ("zvm_recover", Fallible(|w, err| zvm_recover(&word(), view(b""), &mut zvm_point { bytes: [0; 64] }, &mut { w.call.target }, &mut 0, err))),
        ("zvm_transaction_decode", Fallible(|_, err| zvm_transaction_decode(view(b""), &mut sized(), err))),
        ("zvm_session_check", Fallible(|w, err| zvm_session_check(w.session.0, view(b""), err))),
        ("zvm_session_run", Fallible(|w, err| zvm_session_run(w.session.0, &sized(), &mut sized(), err))),
        ("zvm_address_of_key", Fallible(|w, err| zvm_address_of_key(1, view(b""), &mut { w.call.target }, err))),
    ] }
}

fn null<T>() -> *mut T {
    std::ptr::null_mut()
}

fn word() -> zvm::ffi::types::zvm_word {
    crate::support::structs::abi_word(0)
}

fn text(static_name: *const c_char) -> &'static str {
    // SAFETY: the library's names are static and end with NUL.
    unsafe { CStr::from_ptr(static_name) }.to_str().expect("ASCII")
}

/// Arms each export in turn, with live arguments, and calls it.
pub(crate) fn panic_everywhere() {
    let world = World::new();
    for (name, export) in exports() {
        arm(name);
        match export {
            Fallible(call) => {
                let failure = refused(checked(|err| call(&world, err)), Status::Panic);
                assert!(
                    failure.message.contains(name) && failure.message.contains("injected"),
                    "{failure:?}"
                );
                arm(name);
                assert_eq!(
                    call(&world, null()),
                    Status::Panic as i32,
                    "{name} without a place for its error"
                );
            }
            Bare(call) => assert_eq!(call(&world), Status::Panic as i32, "{name}"),
            Neutral(call) => assert!(call(&world), "{name}"),
            Open(call) => {
                call(&world);
                arm("");
            }
        }
        world.works();
    }
    assert_eq!(world.host.releases(), 0, "nothing was given back that is still in use");
}

#[test]
fn n083_a_panic_in_any_export_is_contained() {
    panic_everywhere();
}

#[test]
fn n083_the_list_of_exports_is_the_headers() {
    let header =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/include/zvm.h")).expect("the header");
    let declared: BTreeSet<&str> = header.split("\nZVM_API").skip(1).map(name).collect();
    let tried: BTreeSet<&str> = exports().iter().map(|(name, _)| *name).collect();
    assert!(declared.len() > 40, "only {} functions in the header", declared.len());
    assert_eq!(tried, declared);
}

/// The name in a declaration.
fn name(declaration: &str) -> &str {
    let head = &declaration[..declaration.find('(').expect("a parameter list")];
    &head[head.rfind(|letter: char| !letter.is_alphanumeric() && letter != '_').map_or(0, |at| at + 1)..]
}

#[test]
fn n083_contained_panics_print_nothing() {
    let output = child::run("panic everywhere");
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{out}\n{err}");
    assert_eq!(err, "");
    assert!(!out.contains("injected") && !out.contains("panicked"), "{out}");
}

#[test]
fn n083_the_selftest_panics_on_purpose() {
    // SAFETY: the place is `checked`'s.
    let panicked = checked(|err| unsafe { zvm_selftest(ZVM_SELFTEST_PANIC, err) });
    assert!(refused(panicked, Status::Panic).message.contains("selftest"));
}

#[test]
fn n083_a_panic_in_a_callback_of_the_embedded_ledger_is_a_host_failure() {
    let code = wat(&format!(
        "(module {} (memory (export \"memory\") 1) (func (export \"call\") (drop (call $storage_read
            (i32.const 0) (i32.const 1) (i32.const 8) (i32.const 8)))))",
        imports(&["storage_read"])
    ));
    let world = World::new();
    let mut params = sized();
    // SAFETY: the store lives; its context goes to the session.
    checked(|err| unsafe { zvm_store_attach(world.store, &mut params, err) }).expect("attached");
    let session = Session::open(&world.runtime, &params).expect("a session");
    let target = session
        .deploy(&crate::support::structs::deploy(&code))
        .expect("a deploy")
        .created
        .expect("a contract");
    for callback in ["store.get", "store.account", "store.commit"] {
        arm(callback);
        let ended = match callback {
            "store.commit" => session.commit(),
            "store.account" => session.call(&call(address(77), b"")).map(drop),
            _ => session.call(&call(target, b"")).map(drop),
        };
        refused(ended, Status::Host);
        assert_eq!(session.call(&call(target, b"")).expect("an outcome").kind, 0, "after {callback}");
    }
    session.commit().expect("a commit");
}

#[test]
fn n083_a_panic_in_a_nested_call_stops_at_it() {
    let code = wat(&format!(
        "(module {} (memory (export \"memory\") 1) (func (export \"call\") (drop (call $query
            (i32.const 7) (i32.const 0) (i32.const 0) (i32.const 8) (i32.const 8)))))",
        imports(&["query"])
    ));
    let world = World::new();
    world.host.contract(address(2), &code);
    world.host.inside().query = Some(Arc::new(|op| {
        for (name, done) in
            [("zvm_frame_info", 0), ("zvm_frame_fail", 1), ("zvm_frame_call", 2), ("zvm_reply_reserve", 3)]
        {
            arm(name);
            // SAFETY: the running callback's op.
            let status = unsafe {
                match done {
                    0 => zvm_frame_info(op.op.frame, &mut sized(), null()),
                    1 => zvm_frame_fail(op.op.frame, 5, view(b"no"), null()),
                    2 => zvm_frame_call(op.op.frame, &call(NOBODY, b""), &mut sized::<zvm_result>(), null()),
                    _ if zvm_reply_reserve(&mut op.answer, 1000).is_null() => Status::Panic as i32,
                    _ => 0,
                }
            };
            assert_eq!(status, Status::Panic as i32, "{name}");
        }
        ZVM_CB_DONE
    }));
    let outcome = world.session.call(&call(address(2), b"")).expect("an outcome");
    assert_eq!(outcome.kind, 0);
    world.works();
}
