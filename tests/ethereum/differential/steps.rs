//! Each step of revm's own interpreter, as EIP-3155 has it.

use revm::Inspector;
use revm::bytecode::opcode::OpCode;
use revm::context_interface::{ContextTr, JournalTr};
use revm::inspector::inspectors::GasInspector;
use revm::interpreter::Interpreter;
use revm::interpreter::interpreter::EthInterpreter;
use revm::interpreter::interpreter_types::{Jumps, LegacyBytecode, LoopControl, MemoryTr, ReturnData};
use serde_json::{Value, json};

/// Watches a transaction.
#[derive(Default)]
pub(super) struct Steps {
    pub(super) lines: Vec<Value>,
    found: Value,
    at_end: bool,
    gas: GasInspector,
    /// What the frames that are live have earned back, by depth.
    refunds: Vec<i64>,
}

impl<C: ContextTr> Inspector<C, EthInterpreter> for Steps {
    fn step(&mut self, interpreter: &mut Interpreter<EthInterpreter>, context: &mut C) {
        let (code, op) = (&interpreter.bytecode, interpreter.bytecode.opcode());
        let depth = context.journal_mut().depth();
        self.at_end = code.pc() >= code.bytecode_len();
        self.gas.step(&interpreter.gas);
        self.refunds.resize(depth - 1, 0);
        self.refunds.push(interpreter.gas.refunded());
        let stack = interpreter.stack.data().iter().map(|word| format!("{word:#x}"));
        self.found = json!({
            "pc": code.pc(),
            "op": op,
            "gas": format!("{:#x}", interpreter.gas.remaining()),
            "memSize": interpreter.memory.size(),
            "depth": depth,
            "refund": format!("{:#x}", self.refunds.iter().sum::<i64>()),
            "returnData": interpreter.return_data.buffer().to_string(),
            "stack": stack.collect::<Vec<_>>(),
        });
        if let Some(name) = OpCode::new(op) {
            self.found["opName"] = name.as_str().into();
        }
    }

    fn step_end(&mut self, interpreter: &mut Interpreter<EthInterpreter>, _: &mut C) {
        self.gas.step_end(&interpreter.gas);
        let mut line = self.found.take();
        line["gasCost"] = format!("{:#x}", self.gas.last_gas_cost()).into();
        let action = interpreter.bytecode.action().as_ref();
        line["error"] =
            action.and_then(|action| action.instruction_result()).is_some_and(|end| !end.is_ok()).into();
        if !self.at_end {
            self.lines.push(line);
        }
    }
}

/// The lines of steps that a trace of ours told, with whether there was an error in the place of its name.
pub(super) fn told(lines: &str) -> Vec<Value> {
    let lines = lines.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    let steps = lines.filter(|line| line.get("pc").is_some());
    steps
        .map(|mut line| {
            line["error"] = line.get("error").is_some().into();
            line
        })
        .collect()
}
