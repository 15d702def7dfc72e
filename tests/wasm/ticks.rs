//! A second opinion on gas: a module that counts each operator as it runs, in a global. Nothing is
//! charged ahead and nothing is known of blocks; prices are found by the operators' names.

use std::convert::Infallible;

use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{
    CodeSection, ConstExpr, ExportKind, ExportSection, Function, GlobalSection, GlobalType, InstructionSink,
    ValType,
};
use wasmparser::{FunctionBody, Operator};

/// The export that holds the count.
pub(crate) const TICKS: &str = "ticks";

/// The module with its counter. It must have globals of its own.
pub(crate) fn ticking(wasm: &[u8]) -> Vec<u8> {
    let mut ticking = wasm_encoder::Module::new();
    let mut counter = Counter { globals: 0, maximum: 0 };
    counter.parse_core_module(&mut ticking, wasmparser::Parser::new(0), wasm).expect("it is reencoded");
    ticking.finish()
}

struct Counter {
    /// The module's own globals; the count stands behind them, and a length behind the count.
    globals: u32,
    /// The most pages of its memory.
    maximum: u64,
}

impl Reencode for Counter {
    type Error = Infallible;

    fn memory_type(&mut self, memory: wasmparser::MemoryType) -> Result<wasm_encoder::MemoryType, Error> {
        self.maximum = memory.maximum.unwrap_or(256);
        let bounded = wasmparser::MemoryType { maximum: Some(self.maximum), ..memory };
        Ok(wasm_encoder::reencode::utils::memory_type(self, bounded))
    }

    fn parse_global_section(
        &mut self,
        globals: &mut GlobalSection,
        section: wasmparser::GlobalSectionReader<'_>,
    ) -> Result<(), Error> {
        self.globals = section.count();
        wasm_encoder::reencode::utils::parse_global_section(self, globals, section)?;
        let variable = |val_type| GlobalType { val_type, mutable: true, shared: false };
        globals.global(variable(ValType::I64), &ConstExpr::i64_const(0));
        globals.global(variable(ValType::I32), &ConstExpr::i32_const(0));
        Ok(())
    }

    fn parse_export_section(
        &mut self,
        exports: &mut ExportSection,
        section: wasmparser::ExportSectionReader<'_>,
    ) -> Result<(), Error> {
        wasm_encoder::reencode::utils::parse_export_section(self, exports, section)?;
        exports.export(TICKS, ExportKind::Global, self.globals);
        Ok(())
    }

    fn parse_function_body(&mut self, code: &mut CodeSection, body: FunctionBody<'_>) -> Result<(), Error> {
        let mut function = self.new_function_with_parsed_locals(&body)?;
        let mut locals = 0;
        for group in body.get_locals_reader()? {
            locals += i64::from(group?.0);
        }
        self.tick(&mut function, locals);
        for operator in body.get_operators_reader()? {
            let operator = operator?;
            self.tick(&mut function, price(&operator));
            match operator {
                Operator::MemoryCopy { .. } => self.tick_bytes(&mut function, 0),
                Operator::MemoryFill { .. } => self.tick_bytes(&mut function, 5),
                Operator::MemoryGrow { .. } => self.tick_pages(&mut function),
                _ => {}
            }
            function.instruction(&self.instruction(operator)?);
        }
        code.function(&function);
        Ok(())
    }
}

impl Counter {
    /// Counts an amount that is on the operand stack after `amount`.
    fn count(&self, function: &mut Function, amount: impl Fn(&mut InstructionSink<'_>)) {
        let mut code = function.instructions();
        code.global_get(self.globals);
        amount(&mut code);
        code.i64_add().global_set(self.globals);
    }

    fn tick(&self, function: &mut Function, price: i64) {
        if price > 0 {
            self.count(function, |code| {
                code.i64_const(price);
            });
        }
    }

    /// One for each 8 bytes begun of the length on the stack, and `nothing` if it is 0.
    fn tick_bytes(&self, function: &mut Function, nothing: i64) {
        let length = self.globals + 1;
        function.instructions().global_set(length);
        self.count(function, |code| {
            code.global_get(length).i32_eqz().i64_extend_i32_u().i64_const(nothing).i64_mul();
        });
        self.count(function, |code| {
            code.global_get(length).i64_extend_i32_u().i64_const(7).i64_add().i64_const(8).i64_div_u();
        });
        function.instructions().global_get(length);
    }

    /// 1024 for each of the pages on the stack, if the memory may grow by them.
    fn tick_pages(&self, function: &mut Function) {
        let (pages, maximum) = (self.globals + 1, self.maximum as i64);
        function.instructions().global_set(pages);
        self.count(function, |code| {
            code.global_get(pages).i64_extend_i32_u().i64_const(1024).i64_mul().i64_const(0);
            code.memory_size(0).i64_extend_i32_u().global_get(pages).i64_extend_i32_u().i64_add();
            code.i64_const(maximum).i64_le_u().select();
        });
        function.instructions().global_get(pages);
    }
}

/// What an operator costs by [`prices`](crate::machine::prices), read off its name.
fn price(operator: &Operator<'_>) -> i64 {
    let name = format!("{operator:?}");
    let name = name.split(' ').next().unwrap_or_default();
    let float = name.starts_with('F') || name.contains("TruncF") || name.contains("TruncSat");
    match name {
        "Nop" | "Block" | "Loop" | "Else" | "End" => 0,
        "Call" | "MemoryCopy" | "MemoryFill" | "MemoryGrow" => 8,
        "CallIndirect" => 16,
        "BrTable" => match operator {
            Operator::BrTable { targets } => 1 + i64::from(targets.len()),
            _ => unreachable!("by its name"),
        },
        _ if name.contains("Load") || name.contains("Store") => 2,
        _ if name.contains("Const") || name.contains("Reinterpret") => 1,
        _ if float && (name.ends_with("Div") || name.ends_with("Sqrt")) => 12,
        _ if name.ends_with("Abs") || name.ends_with("Neg") || name.ends_with("Copysign") => 1,
        _ if float => 4,
        _ if name.contains("Div") || name.contains("Rem") => 8,
        _ => 1,
    }
}
