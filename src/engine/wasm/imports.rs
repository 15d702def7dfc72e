//! The host functions as wasm imports.
//!
//! Compiled code calls an import by its address, with an environment and the scalars as the
//! platform's C would. We give it functions of our own and the address of [`Running`] for the
//! environment: wasmer's wrappers around a closure take five times as long as the way in and
//! out, and they look up what is already at hand.

use std::ffi::c_void;
use std::ptr::NonNull;

use wasmer::sys::vm::VMCallerCheckedAnyfunc;
use wasmer::{Function, Imports, Store, Value};

use super::instrument::{GROW, MODULE, REFILL, TRAP};
use super::running::{Running, serve};
use crate::host::table::{HostFunction, host_functions};

/// What this code imports, for one instance.
///
/// # Safety
/// `running` is alive as long as the store is used, and nobody uses it while the code runs.
pub(super) unsafe fn imports(
    names: &[String],
    store: &mut Store,
    running: NonNull<Running>,
) -> Option<Imports> {
    let mut imports = Imports::new();
    for name in names {
        imports.define("zvm", name, import(HostFunction::by_name(name)?, store, running));
    }
    imports.define(MODULE, REFILL, raw!(store running Running::refill; (need: i64) -> ()));
    imports.define(MODULE, GROW, raw!(store running Running::grow; (pages: i32) -> i32));
    imports.define(MODULE, TRAP, raw!(store running Running::trap; (halt: i32) -> ()));
    Some(imports)
}

/// A scalar of a host function's signature.
trait Raw {
    fn raw(self) -> u64;
    fn from_raw(raw: u64) -> Self;
}

impl Raw for i32 {
    fn raw(self) -> u64 {
        u64::from(self.cast_unsigned())
    }

    fn from_raw(raw: u64) -> Self {
        raw as i32
    }
}

impl Raw for i64 {
    fn raw(self) -> u64 {
        self.cast_unsigned()
    }

    fn from_raw(raw: u64) -> Self {
        raw.cast_signed()
    }
}

impl Raw for () {
    fn raw(self) -> u64 {
        0
    }

    fn from_raw(_: u64) -> Self {}
}

/// A function of ours under the address that compiled code calls. A closure of the same types, which
/// never runs, tells wasmer the signature.
macro_rules! raw {
    ($store:ident $running:ident $work:expr; ($($scalar:ident: $type:ty),*) -> $result:ty) => {{
        /// # Safety
        /// Called by compiled code with the environment it was bound with.
        unsafe extern "C" fn entered(running: NonNull<Running>, $($scalar: $type),*) -> $result {
            // SAFETY: the caller's promise; `bind` is below.
            unsafe { serve(running, |running| $work(running, $($scalar),*)) }
        }
        let typed = Function::new_typed($store, |$($scalar: $type),*| -> $result {
            unreachable!("bound to an address: {:?}", ($($scalar,)*))
        });
        // SAFETY: the C signature of `entered` is that of `typed` behind the environment.
        unsafe { bind($store, typed, entered as *const c_void, $running) }
    }};
}
use raw;

/// Replaces the address and the environment of a function that no instance has imported yet.
///
/// # Safety
/// `address` is that of a C function that takes the environment and then what `function` takes, and
/// returns what it returns.
unsafe fn bind(
    store: &Store,
    function: Function,
    address: *const c_void,
    running: NonNull<Running>,
) -> Function {
    let raw = Value::FuncRef(Some(function.clone())).as_raw(store);
    // SAFETY: a reference to a function of this store is the address of its record, which the
    // store owns and nobody else looks at now.
    let record = unsafe { &mut *(raw.funcref as *mut VMCallerCheckedAnyfunc) };
    record.func_ptr = address.cast();
    record.vmctx.host_env = running.as_ptr().cast();
    function
}

/// Turns the kinds of a row's arguments, one at a time, into named scalars.
macro_rules! import {
    ($store:ident $running:ident $name:ident $result:ty; [$($scalar:ident: $type:ty),*]) => {
        raw!($store $running
            |running: &mut Running, $($scalar: $type),*| {
                running.enter(HostFunction::$name, &[$($scalar.raw()),*]).map(<$result>::from_raw)
            };
            ($($scalar: $type),*) -> $result)
    };
    ($store:ident $running:ident $name:ident $result:ty; [$($done:tt)*] Int64 $($rest:ident)*) => {
        import!($store $running $name $result; @ [$($done)*] (a: i64) $($rest)*)
    };
    ($store:ident $running:ident $name:ident $result:ty; [$($done:tt)*] Window $($rest:ident)*) => {
        import!($store $running $name $result; @ [$($done)*] (a: i32, b: i32, c: i32) $($rest)*)
    };
    ($store:ident $running:ident $name:ident $result:ty; [$($done:tt)*] InAddress $($rest:ident)*) => {
        import!($store $running $name $result; @ [$($done)*] (a: i32) $($rest)*)
    };
    ($store:ident $running:ident $name:ident $result:ty; [$($done:tt)*] InWord $($rest:ident)*) => {
        import!($store $running $name $result; @ [$($done)*] (a: i32) $($rest)*)
    };
    ($store:ident $running:ident $name:ident $result:ty; [$($done:tt)*] OutAddress $($rest:ident)*) => {
        import!($store $running $name $result; @ [$($done)*] (a: i32) $($rest)*)
    };
    ($store:ident $running:ident $name:ident $result:ty; [$($done:tt)*] OutWord $($rest:ident)*) => {
        import!($store $running $name $result; @ [$($done)*] (a: i32) $($rest)*)
    };
    ($store:ident $running:ident $name:ident $result:ty; [$($done:tt)*] OptionalWord $($rest:ident)*) => {
        import!($store $running $name $result; @ [$($done)*] (a: i32) $($rest)*)
    };
    ($store:ident $running:ident $name:ident $result:ty; [$($done:tt)*] Int32 $($rest:ident)*) => {
        import!($store $running $name $result; @ [$($done)*] (a: i32) $($rest)*)
    };
    ($store:ident $running:ident $name:ident $result:ty; [$($done:tt)*] RecoverableSignature $($rest:ident)*) => {
        import!($store $running $name $result; @ [$($done)*] (a: i32) $($rest)*)
    };
    ($store:ident $running:ident $name:ident $result:ty; [$($done:tt)*] OutPoint $($rest:ident)*) => {
        import!($store $running $name $result; @ [$($done)*] (a: i32) $($rest)*)
    };
    ($store:ident $running:ident $name:ident $result:ty; [$($done:tt)*] Place $($rest:ident)*) => {
        import!($store $running $name $result; @ [$($done)*] (a: i32) $($rest)*)
    };
    ($store:ident $running:ident $name:ident $result:ty; [$($done:tt)*] Flag $($rest:ident)*) => {
        import!($store $running $name $result; @ [$($done)*] (a: i32) $($rest)*)
    };
    // Every other kind is a region: pointer and length.
    ($store:ident $running:ident $name:ident $result:ty; [$($done:tt)*] $region:ident $($rest:ident)*) => {
        import!($store $running $name $result; @ [$($done)*] (a: i32, b: i32) $($rest)*)
    };
    ($store:ident $running:ident $name:ident $result:ty; @ [] ($($new:tt)*) $($rest:ident)*) => {
        import!($store $running $name $result; [$($new)*] $($rest)*)
    };
    ($store:ident $running:ident $name:ident $result:ty; @ [$($done:tt)+] ($($new:tt)*) $($rest:ident)*) => {
        import!($store $running $name $result; [$($done)+, $($new)*] $($rest)*)
    };
}

macro_rules! rows {
    (@result none) => { () };
    (@result never) => { () };
    (@result int32) => { i32 };
    (@result int64) => { i64 };
    ($($number:literal $name:ident($($argument:ident: $kind:ident),*) -> $returns:ident, $effect:ident,
        $flat:ident $(+ $rate:ident per $unit:ident)?, $sentence:literal;)+) => {
        /// The host function as an import of one store. A signature that is not its row's is
        /// refused when an instance is made, and by a test for every row.
        fn import(function: HostFunction, store: &mut Store, running: NonNull<Running>) -> Function {
            match function {
                $(HostFunction::$name => import!(store running $name rows!(@result $returns); [] $($kind)*),)+
            }
        }
    };
}

host_functions!(rows);

#[cfg(test)]
mod tests {
    use wasmer::Type;

    use super::*;
    use crate::host::kinds::Scalar;

    fn types(scalars: impl IntoIterator<Item = Scalar>) -> Vec<Type> {
        let ty = |scalar| match scalar {
            Scalar::I32 => Type::I32,
            Scalar::I64 => Type::I64,
        };
        scalars.into_iter().map(ty).collect()
    }

    #[test]
    fn every_import_has_the_signature_of_its_row() {
        let mut store = Store::default();
        for function in HostFunction::ALL {
            let (row, ty) = (function.row(), import(*function, &mut store, NonNull::dangling()).ty(&store));
            assert_eq!(ty.params(), types(row.scalars.iter().copied()), "{}", row.name);
            assert_eq!(ty.results(), types(row.returns.scalar()), "{}", row.name);
        }
    }
}
