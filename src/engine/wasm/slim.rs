//! Serialised machine code without what nobody asks for: a third of it.
//!
//! The compilers note of each instruction where in the wasm it comes from, for a debugger. And Singlepass
//! notes of each byte of a load or store that it may trap there, for memories with a guard behind
//! them. Ours have none: the code compares and goes to an instruction that traps, which has an entry of
//! its own. So of neighbours in the table of traps one is enough.

use wasmer::sys::vm::TrapCode;
use wasmer_compiler::ArtifactBuild;
use wasmer_compiler::serialize::{MetadataHeader, SerializableCompilation, SerializableModule};

/// The module without the origins of its instructions; `None` where it is not of the form that is known.
pub(super) fn slim(module: &[u8]) -> Option<Vec<u8>> {
    let (magic, rest) = module.split_at_checked(ArtifactBuild::MAGIC_HEADER.len())?;
    let (_, content) = rest.split_at_checked(MetadataHeader::LEN)?;
    let archived = SerializableModule::archive_from_slice_checked(content).ok()?;
    let mut content = SerializableModule::deserialize_from_archive(archived).ok()?;
    let SerializableCompilation::Rkyv(code) = &mut content.compilation else { return None };
    for function in code.function_frame_info.values_mut() {
        function.address_map.instructions = Vec::new();
        let mut before = None;
        function.traps.retain(|trap| {
            let this = (trap.code_offset, trap.trap_code);
            let follows = before.replace(this).is_some_and(|(at, code)| (at + 1, code) == this);
            !follows || trap.trap_code != TrapCode::HeapAccessOutOfBounds
        });
    }
    let content = content.serialize().ok()?;
    Some([magic, &MetadataHeader::new(content.len()).into_bytes(), &content].concat())
}
