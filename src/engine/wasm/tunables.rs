//! How wasmer makes memories and stacks for us.

use std::ptr::NonNull;

use wasmer::sys::vm::{
    MemoryError, MemoryStyle, TableStyle, VMConfig, VMMemory, VMMemoryDefinition, VMTable, VMTableDefinition,
};
use wasmer::sys::{BaseTunables, Tunables};
use wasmer::{MemoryType, TableType};

/// Memories that reserve what they use, and one stack size for all.
pub(super) struct Bounded {
    base: BaseTunables,
    config: VMConfig,
}

/// Native stack for one frame of a contract. The counted stack ends long before: a full count
/// of minimal frames takes under half of it on Singlepass (tests/wasm/stack.rs).
const STACK_BYTES: usize = 4 << 20;

impl Default for Bounded {
    fn default() -> Self {
        Self { base: BaseTunables::new(), config: VMConfig { wasm_stack_size: Some(STACK_BYTES) } }
    }
}

impl Tunables for Bounded {
    /// Dynamic: a static memory would reserve 8 GiB of address space for each live frame.
    fn memory_style(&self, _: &MemoryType) -> MemoryStyle {
        MemoryStyle::Dynamic { offset_guard_size: 64 << 10 }
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
