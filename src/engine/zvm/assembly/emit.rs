//! Statements to bytes.
//!
//! 1. Every name gets its place among the statements, or among the data, which stand behind the code
//!    and a HALT.
//! 2. Every PUSH begins as narrow as can be. Places follow from widths, and widths from places: a
//!    PUSH whose name is too far away is widened, until none is.
//! 3. The bytes are written. Where data would read as an instruction that the code ends in, HALTs
//!    follow, because validation reads data too.

use std::collections::HashMap;

use ruint::aliases::U256;

use super::scan::{Operand, Statement, What};
use super::{AssemblyError, Place};
use crate::engine::zvm::container::Container;
use crate::engine::zvm::opcode::Opcode;
use crate::engine::zvm::program::instructions;

type Result<T> = std::result::Result<T, AssemblyError>;

const PUSHES: [Opcode; 6] =
    [Opcode::PUSH1, Opcode::PUSH2, Opcode::PUSH4, Opcode::PUSH8, Opcode::PUSH16, Opcode::PUSH32];

pub(super) fn emit(statements: &[Statement<'_>]) -> Result<Container> {
    let mut layout = Layout::new(statements)?;
    while layout.widen(statements)? {}
    let mut container = Container::default();
    for statement in statements {
        match statement.what {
            What::Target(target) => container.target = target,
            What::Strict => container.flags.strict_jumps = true,
            _ => {}
        }
    }
    container.code = layout.write(statements)?;
    let used = instructions(&container.code).filter_map(|(_, opcode, _)| opcode);
    container.flags.extensions = used.into_iter().any(Opcode::is_extension);
    Ok(container)
}

/// What a name stands for.
enum Named {
    /// Statements with a smaller index lie before it.
    Label(usize),
    /// The data's first byte, counted from where data begin, and their length.
    Data(usize, usize),
}

struct Layout<'t> {
    names: HashMap<&'t str, Named>,
    data: Vec<u8>,
    /// The width of each statement that is a PUSH, as an index in [`PUSHES`].
    widths: Vec<usize>,
    /// Where each statement begins, and at the end where the code ends.
    starts: Vec<usize>,
}

impl<'t> Layout<'t> {
    fn new(statements: &[Statement<'t>]) -> Result<Self> {
        let widths = vec![0; statements.len()];
        let mut layout = Self { names: HashMap::new(), data: Vec::new(), widths, starts: Vec::new() };
        for (at, statement) in statements.iter().enumerate() {
            match &statement.what {
                What::Label(name) => layout.name(statement.place, name, Named::Label(at))?,
                What::Data(name, bytes) => {
                    let named = Named::Data(layout.data.len(), bytes.len());
                    layout.name(statement.place, name, named)?;
                    layout.data.extend(bytes);
                }
                _ => {}
            }
        }
        layout.place(statements);
        Ok(layout)
    }

    fn name(&mut self, place: Place, name: &'t str, named: Named) -> Result<()> {
        match self.names.insert(name, named) {
            None => Ok(()),
            Some(_) => Err(place.error(format!("{name} stands for something already"))),
        }
    }

    fn place(&mut self, statements: &[Statement<'_>]) {
        let mut at = 0;
        self.starts.clear();
        for (statement, width) in statements.iter().zip(&self.widths) {
            self.starts.push(at);
            at += match &statement.what {
                What::Instruction(opcode, _) => 1 + opcode.row().immediate,
                What::Push(_) => 1 + PUSHES[*width].row().immediate,
                What::Bytes(bytes) => bytes.len(),
                _ => 0,
            };
        }
        self.starts.push(at);
    }

    /// Widens every PUSH that is too narrow; whether there was one.
    fn widen(&mut self, statements: &[Statement<'_>]) -> Result<bool> {
        let mut widened = false;
        for (at, statement) in statements.iter().enumerate() {
            let What::Push(operand) = statement.what else { continue };
            let bytes = self.value(operand)?.byte_len();
            while PUSHES[self.widths[at]].row().immediate < bytes {
                (self.widths[at], widened) = (self.widths[at] + 1, true);
            }
        }
        self.place(statements);
        Ok(widened)
    }

    fn value(&self, operand: Operand<'_>) -> Result<U256> {
        let code_end = self.starts.last().copied().unwrap_or_default();
        let (name, place) = match operand {
            Operand::Number(number) => return Ok(number),
            Operand::Where(name, place) | Operand::Size(name, place) => (name, place),
        };
        let value = match (self.names.get(name), operand) {
            (Some(Named::Label(statement)), Operand::Where(..)) => self.starts[*statement],
            // Data begin behind a HALT.
            (Some(Named::Data(start, _)), Operand::Where(..)) => code_end + 1 + start,
            (Some(Named::Data(_, len)), _) => *len,
            (Some(Named::Label(_)), _) => {
                return Err(place.error(format!("{name} is a label and has no size")));
            }
            (None, _) => return Err(place.error(format!("{name} stands for nothing"))),
        };
        Ok(U256::from(value))
    }

    fn write(&self, statements: &[Statement<'_>]) -> Result<Vec<u8>> {
        let mut code = Vec::new();
        for (statement, width) in statements.iter().zip(&self.widths) {
            match &statement.what {
                What::Instruction(opcode, operand) => {
                    code.push(*opcode as u8);
                    if let Some(operand) = operand {
                        code.extend(self.immediate(*opcode, *operand, statement.place)?);
                    }
                }
                What::Push(operand) => {
                    code.push(PUSHES[*width] as u8);
                    code.extend(self.immediate(PUSHES[*width], *operand, statement.place)?);
                }
                What::Bytes(bytes) => code.extend(bytes),
                _ => {}
            }
        }
        if !self.data.is_empty() {
            code.push(Opcode::HALT as u8);
            code.extend(&self.data);
            let last = instructions(&code).last();
            if let Some((at, Some(opcode), None)) = last {
                code.resize(at + 1 + opcode.row().immediate, Opcode::HALT as u8);
            }
        }
        Ok(code)
    }

    fn immediate(&self, opcode: Opcode, operand: Operand<'_>, place: Place) -> Result<Vec<u8>> {
        let (value, len) = (self.value(operand)?, opcode.row().immediate);
        if value.byte_len() > len {
            return Err(place.error(format!("{value} does not fit the {len} bytes of {opcode}")));
        }
        Ok(value.to_be_bytes::<32>()[32 - len..].to_vec())
    }
}
