//! Modules changed for a measurement: imports that become functions, code that lies elsewhere.

use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{
    CodeSection, Function, FunctionSection, ImportSection, Instruction, MemArg, Module, TypeSection, ValType,
};
use wasmparser::{
    CodeSectionReader, FuncType, FunctionSectionReader, ImportSectionReader, Parser, Payload, TypeRef,
    TypeSectionReader,
};

/// What a rewriting can fail with: the module is not one.
pub type Result<T = ()> = std::result::Result<T, Error>;

/// The module with its imports as functions of its own that return zero. Every index stays: imports come first,
/// and so do the functions that replace them. The code that is validated, metered and compiled is the same.
///
/// # Errors
/// Where the bytes are no module, or import anything but functions.
pub fn without_imports(wasm: &[u8]) -> Result<Vec<u8>> {
    let mut stubs = Stubs::default();
    let mut module = Module::new();
    stubs.parse_core_module(&mut module, Parser::new(0), wasm)?;
    Ok(module.finish())
}

#[derive(Default)]
struct Stubs {
    types: Vec<FuncType>,
    imports: Vec<u32>,
}

impl Reencode for Stubs {
    type Error = std::convert::Infallible;

    fn parse_type_section(&mut self, types: &mut TypeSection, section: TypeSectionReader<'_>) -> Result {
        for ty in section.clone().into_iter_err_on_gc_types() {
            self.types.push(ty?);
        }
        utils::parse_type_section(self, types, section)
    }

    fn parse_import_section(&mut self, _: &mut ImportSection, section: ImportSectionReader<'_>) -> Result {
        for import in section.into_imports() {
            if let TypeRef::Func(ty) = import?.ty {
                self.imports.push(ty);
            }
        }
        Ok(())
    }

    fn parse_function_section(
        &mut self,
        functions: &mut FunctionSection,
        section: FunctionSectionReader<'_>,
    ) -> Result {
        for ty in &self.imports {
            functions.function(*ty);
        }
        utils::parse_function_section(self, functions, section)
    }

    fn parse_code_section(&mut self, code: &mut CodeSection, section: CodeSectionReader<'_>) -> Result {
        for ty in &self.imports {
            let mut stub = Function::new([]);
            match self.types[*ty as usize].results() {
                [] => &mut stub,
                [wasmparser::ValType::I64] => stub.instruction(&Instruction::I64Const(0)),
                _ => stub.instruction(&Instruction::I32Const(0)),
            };
            stub.instruction(&Instruction::End);
            code.function(&stub);
        }
        utils::parse_code_section(self, code, section)
    }
}

/// The module, which imports nothing, with a function in front that nobody calls: the code of all others lies
/// behind it. How fast a loop runs depends on its place by more than many a change to it.
///
/// # Errors
/// Where the bytes are no module.
pub fn moved(wasm: &[u8], stores: u32) -> Result<Vec<u8>> {
    let mut front = Front { types: count_types(wasm)?, stores };
    let mut module = Module::new();
    front.parse_core_module(&mut module, Parser::new(0), wasm)?;
    Ok(module.finish())
}

struct Front {
    types: u32,
    stores: u32,
}

fn count_types(wasm: &[u8]) -> Result<u32> {
    for payload in Parser::new(0).parse_all(wasm) {
        if let Payload::TypeSection(types) = payload? {
            return Ok(types.count());
        }
    }
    Ok(0)
}

impl Reencode for Front {
    type Error = std::convert::Infallible;

    fn function_index(&mut self, function: u32) -> Result<u32> {
        Ok(function + 1)
    }

    fn parse_type_section(&mut self, types: &mut TypeSection, section: TypeSectionReader<'_>) -> Result {
        utils::parse_type_section(self, types, section)?;
        types.ty().function([], []);
        Ok(())
    }

    fn parse_function_section(
        &mut self,
        functions: &mut FunctionSection,
        section: FunctionSectionReader<'_>,
    ) -> Result {
        functions.function(self.types);
        utils::parse_function_section(self, functions, section)
    }

    fn parse_code_section(&mut self, code: &mut CodeSection, section: CodeSectionReader<'_>) -> Result {
        let mut front = Function::new([(1, ValType::I32)]);
        for store in 0..self.stores {
            front.instruction(&Instruction::LocalGet(0));
            front.instruction(&Instruction::I32Const(store as i32 * 4096));
            front.instruction(&Instruction::I32Store(MemArg { offset: 0, align: 2, memory_index: 0 }));
        }
        front.instruction(&Instruction::End);
        code.function(&front);
        utils::parse_code_section(self, code, section)
    }
}
