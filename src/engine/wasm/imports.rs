//! The host functions of the table as wasm imports, each with its own typed signature.

use wasmer::{Function, FunctionEnv, FunctionEnvMut, Store};

use super::running::{Running, Stopped, enter};
use crate::host::table::{HostFunction, host_functions};

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

/// Turns the kinds of a row's arguments, one at a time, into the scalars of a closure.
macro_rules! import {
    ($store:ident $env:ident $name:ident $result:ty; [$($scalar:ident: $type:ty),*]) => {
        Function::new_typed_with_env(
            $store,
            $env,
            |env: FunctionEnvMut<'_, Running>, $($scalar: $type),*| -> Result<$result, Stopped> {
                enter(env, HostFunction::$name, &[$($scalar.raw()),*]).map(<$result>::from_raw)
            },
        )
    };
    ($store:ident $env:ident $name:ident $result:ty; [$($done:tt)*] Int64 $($rest:ident)*) => {
        import!($store $env $name $result; @ [$($done)*] (a: i64) $($rest)*)
    };
    ($store:ident $env:ident $name:ident $result:ty; [$($done:tt)*] Window $($rest:ident)*) => {
        import!($store $env $name $result; @ [$($done)*] (a: i32, b: i32, c: i32) $($rest)*)
    };
    ($store:ident $env:ident $name:ident $result:ty; [$($done:tt)*] InAddress $($rest:ident)*) => {
        import!($store $env $name $result; @ [$($done)*] (a: i32) $($rest)*)
    };
    ($store:ident $env:ident $name:ident $result:ty; [$($done:tt)*] InWord $($rest:ident)*) => {
        import!($store $env $name $result; @ [$($done)*] (a: i32) $($rest)*)
    };
    ($store:ident $env:ident $name:ident $result:ty; [$($done:tt)*] OutAddress $($rest:ident)*) => {
        import!($store $env $name $result; @ [$($done)*] (a: i32) $($rest)*)
    };
    ($store:ident $env:ident $name:ident $result:ty; [$($done:tt)*] OutWord $($rest:ident)*) => {
        import!($store $env $name $result; @ [$($done)*] (a: i32) $($rest)*)
    };
    ($store:ident $env:ident $name:ident $result:ty; [$($done:tt)*] OptionalWord $($rest:ident)*) => {
        import!($store $env $name $result; @ [$($done)*] (a: i32) $($rest)*)
    };
    ($store:ident $env:ident $name:ident $result:ty; [$($done:tt)*] Int32 $($rest:ident)*) => {
        import!($store $env $name $result; @ [$($done)*] (a: i32) $($rest)*)
    };
    // Every other kind is a region: pointer and length.
    ($store:ident $env:ident $name:ident $result:ty; [$($done:tt)*] $region:ident $($rest:ident)*) => {
        import!($store $env $name $result; @ [$($done)*] (a: i32, b: i32) $($rest)*)
    };
    ($store:ident $env:ident $name:ident $result:ty; @ [] ($($new:tt)*) $($rest:ident)*) => {
        import!($store $env $name $result; [$($new)*] $($rest)*)
    };
    ($store:ident $env:ident $name:ident $result:ty; @ [$($done:tt)+] ($($new:tt)*) $($rest:ident)*) => {
        import!($store $env $name $result; [$($done)+, $($new)*] $($rest)*)
    };
}

macro_rules! imports {
    (@result none) => { () };
    (@result never) => { () };
    (@result int32) => { i32 };
    (@result int64) => { i64 };
    ($($number:literal $name:ident($($argument:ident: $kind:ident),*) -> $returns:ident, $effect:ident,
        $flat:ident $(+ $rate:ident per $unit:ident)?, $sentence:literal;)+) => {
        /// The host function as an import of one store. A signature that is not its row's is
        /// refused when an instance is made, and by a test for every row.
        pub(super) fn import(function: HostFunction, store: &mut Store, env: &FunctionEnv<Running>) -> Function {
            match function {
                $(HostFunction::$name => import!(store env $name imports!(@result $returns); [] $($kind)*),)+
            }
        }
    };
}

host_functions!(imports);

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
        let env = FunctionEnv::new(&mut store, Running::idle(0));
        for function in HostFunction::ALL {
            let (row, ty) = (function.row(), import(*function, &mut store, &env).ty(&store));
            assert_eq!(ty.params(), types(row.scalars.iter().copied()), "{}", row.name);
            assert_eq!(ty.results(), types(row.returns.scalar()), "{}", row.name);
        }
    }
}
