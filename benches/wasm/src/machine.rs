//! wasmer as the library sets it up, without the library: the same features, and memories that reserve only
//! what they use, so that every access is checked.

use std::num::NonZero;
use std::ptr::NonNull;

use wasmer::sys::vm::{
    MemoryError, MemoryStyle, TableStyle, VMConfig, VMMemory, VMMemoryDefinition, VMTable, VMTableDefinition,
};
use wasmer::sys::{
    BaseTunables, CompilerConfig, Cranelift, EngineBuilder, Features, NativeEngineExt, Singlepass, Tunables,
};
use wasmer::{Engine, MemoryType, TableType};

/// A compiler that both the library and its peers offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compiler {
    /// Linear in time.
    Singlepass,
    /// Optimising.
    Cranelift,
}

/// An engine of its own, with what is to be pushed into its compiler.
#[must_use]
pub fn engine(compiler: Compiler, prepare: impl FnOnce(&mut dyn CompilerConfig)) -> Engine {
    let mut features = Features::none();
    features.bulk_memory(true).reference_types(true);
    let builder = match compiler {
        Compiler::Singlepass => {
            let mut config = Singlepass::default();
            config.num_threads(NonZero::<usize>::MIN);
            prepare(&mut config);
            EngineBuilder::new(config)
        }
        Compiler::Cranelift => {
            let mut config = Cranelift::default();
            config.num_threads(NonZero::<usize>::MIN);
            prepare(&mut config);
            EngineBuilder::new(config)
        }
    };
    let mut engine: Engine = builder.set_features(Some(features)).engine().into();
    engine.set_tunables(Dynamic {
        base: BaseTunables::new(),
        config: VMConfig { wasm_stack_size: Some(4 << 20) },
    });
    engine
}

struct Dynamic {
    base: BaseTunables,
    config: VMConfig,
}

impl Tunables for Dynamic {
    fn memory_style(&self, _: &MemoryType) -> MemoryStyle {
        // As the library has it: what compilers make of an access hangs on it.
        MemoryStyle::Dynamic { offset_guard_size: 0 }
    }

    fn table_style(&self, table: &TableType) -> TableStyle {
        self.base.table_style(table)
    }

    fn create_host_memory(&self, ty: &MemoryType, style: &MemoryStyle) -> Result<VMMemory, MemoryError> {
        self.base.create_host_memory(ty, style)
    }

    /// # Safety
    /// As the trait says of `place`.
    unsafe fn create_vm_memory(
        &self,
        ty: &MemoryType,
        style: &MemoryStyle,
        place: NonNull<VMMemoryDefinition>,
    ) -> Result<VMMemory, MemoryError> {
        // SAFETY: the caller's promise about `place` is handed on.
        unsafe { self.base.create_vm_memory(ty, style, place) }
    }

    fn create_host_table(&self, ty: &TableType, style: &TableStyle) -> Result<VMTable, String> {
        self.base.create_host_table(ty, style)
    }

    /// # Safety
    /// As the trait says of `place`.
    unsafe fn create_vm_table(
        &self,
        ty: &TableType,
        style: &TableStyle,
        place: NonNull<VMTableDefinition>,
    ) -> Result<VMTable, String> {
        // SAFETY: the caller's promise about `place` is handed on.
        unsafe { self.base.create_vm_table(ty, style, place) }
    }

    fn vmconfig(&self) -> &VMConfig {
        &self.config
    }
}
