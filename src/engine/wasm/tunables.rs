//! How wasmer makes memories, globals and stacks for us.

use std::ptr::NonNull;
use std::sync::Arc;

use parking_lot::Mutex;
use wasmer::sys::vm::{
    LinearMemory, MemoryError, MemoryStyle, TableStyle, Trap, VMConfig, VMGlobal, VMGlobalDefinition,
    VMMemory, VMMemoryDefinition, VMTable, VMTableDefinition,
};
use wasmer::sys::{BaseTunables, Tunables};
use wasmer::{GlobalType, MemoryType, Pages, TableType};

use super::memory::{Memory, WASM_PAGE};

/// Memories of ours, one stack size for all, and a note of what was made.
pub(super) struct Bounded {
    base: BaseTunables,
    config: VMConfig,
    parts: Arc<Mutex<Parts>>,
}

/// What an instance is made of, as far as a reset must know.
#[derive(Default)]
pub(super) struct Parts {
    /// Its memory, if it has one.
    pub(super) memory: Option<Arc<Memory>>,
    /// Where its globals are, in the order of their indices.
    pub(super) globals: Vec<NonNull<VMGlobalDefinition>>,
}

// SAFETY: the places are in the instance that is being made or in its owner's hands; they are
// moved with it, and used where it is.
unsafe impl Send for Parts {}

/// Native stack for one frame of a contract. The counted stack ends long before: a full count
/// of minimal frames takes under half of it on Singlepass (tests/wasm/stack.rs).
const STACK_BYTES: usize = 4 << 20;

impl Bounded {
    /// For one instance, whose parts go into `parts`.
    pub(super) fn noting(parts: Arc<Mutex<Parts>>) -> Self {
        let config = VMConfig { wasm_stack_size: Some(STACK_BYTES) };
        Self { base: BaseTunables::new(), config, parts }
    }
}

impl Default for Bounded {
    fn default() -> Self {
        Self::noting(Arc::default())
    }
}

impl Tunables for Bounded {
    /// Dynamic: a static memory would reserve 8 GiB of address space for each live frame. Without
    /// a guard, because compilers that may rely on one compare less exactly, and what follows a
    /// memory's length is its own room to grow and does not fault when it is read.
    fn memory_style(&self, _: &MemoryType) -> MemoryStyle {
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
        let most = ty.maximum.unwrap_or(ty.minimum).0 as usize * WASM_PAGE;
        // SAFETY: the caller's promise about `place` is handed on.
        let memory = unsafe { Memory::reserve(ty.minimum.0 as usize * WASM_PAGE, most, place) };
        let memory = Arc::new(memory.map_err(|error| MemoryError::Region(error.to_string()))?);
        self.parts.lock().memory = Some(Arc::clone(&memory));
        Ok(VMMemory(Box::new(Linear { memory, ty: *ty, style: *style })))
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

    /// # Safety
    /// As the trait says of `place`.
    unsafe fn create_vm_global(
        &self,
        ty: GlobalType,
        place: NonNull<VMGlobalDefinition>,
    ) -> Result<VMGlobal, String> {
        self.parts.lock().globals.push(place);
        // SAFETY: the caller's promise about `place` is handed on.
        Ok(unsafe { VMGlobal::new_instance(ty, place) })
    }

    fn vmconfig(&self) -> &VMConfig {
        &self.config
    }
}

/// A memory of ours as wasmer sees it.
#[derive(Debug)]
struct Linear {
    memory: Arc<Memory>,
    ty: MemoryType,
    style: MemoryStyle,
}

impl LinearMemory for Linear {
    fn ty(&self) -> MemoryType {
        let minimum = self.size();
        MemoryType { minimum, ..self.ty }
    }

    fn size(&self) -> Pages {
        Pages((self.memory.len() / WASM_PAGE) as u32)
    }

    fn style(&self) -> MemoryStyle {
        self.style
    }

    /// Never: instrumented code asks its host function instead.
    fn grow(&mut self, delta: Pages) -> Result<Pages, MemoryError> {
        Err(MemoryError::CouldNotGrow { current: self.size(), attempted_delta: delta })
    }

    fn vmmemory(&self) -> NonNull<VMMemoryDefinition> {
        self.memory.place()
    }

    fn try_clone(&self) -> Result<Box<dyn LinearMemory + Send + Sync + 'static>, MemoryError> {
        Err(uncopied())
    }

    fn copy(&self) -> Result<Box<dyn LinearMemory + Send + Sync + 'static>, MemoryError> {
        Err(uncopied())
    }

    /// # Safety
    /// As the trait says: `data` goes where the module put it, and wasmer checked that it fits.
    unsafe fn initialize_with_data(&self, start: usize, data: &[u8]) -> Result<(), Trap> {
        self.memory.seed(start, data);
        Ok(())
    }
}

fn uncopied() -> MemoryError {
    MemoryError::UnsupportedOperation { message: "a contract's memory is not copied".to_owned() }
}
