//! One function body: its limits, its operators, its deepest stack.

use wasmparser::{BlockType, FuncValidator, FunctionBody, Operator, OperatorsReader, ValidatorResources};

use super::Shape;
use super::operators::entry;
use super::refusal::{at_most, forbidden, invalid, malformed, within};
use super::sections::Checker;
use crate::error::Result;

type Validator = FuncValidator<ValidatorResources>;

impl Checker<'_> {
    /// Checks the next function body, each operator by the allow-list and limits first and by the
    /// validator second.
    pub(super) fn body(&mut self, validator: &mut Validator, body: &FunctionBody<'_>) -> Result<()> {
        let shape = self
            .judge(validator, body)
            .map_err(|error| within(format!("function {}", validator.index()), error))?;
        self.module.functions.push(shape);
        Ok(())
    }

    fn judge(&mut self, validator: &mut Validator, body: &FunctionBody<'_>) -> Result<Shape> {
        let range = body.range();
        at_most(range.end - range.start, self.policy.limits.body_bytes, "bytes of code")?;
        self.totals.body_bytes += range.end - range.start;
        let params = self.params()?;
        let locals = self.locals(validator, body, params)?;
        let operators = body.get_operators_reader().map_err(malformed)?;
        let operands = self.operators(validator, operators)?;
        Ok(Shape { params, locals, operands })
    }

    /// The parameters of the function whose body is next.
    fn params(&self) -> Result<u32> {
        let ty = self.functions.get(self.module.functions.len());
        let function = ty.and_then(|ty| self.types.get(*ty as usize));
        function.map(|function| function.params().len() as u32).ok_or_else(|| invalid("it has no type"))
    }

    /// The locals the function declares. Their counts are held to the limits as they are read:
    /// five bytes can claim four billion.
    fn locals(&mut self, validator: &mut Validator, body: &FunctionBody<'_>, params: u32) -> Result<u32> {
        let limits = self.policy.limits;
        let mut locals = u64::from(params);
        let mut reader = body.get_locals_reader().map_err(malformed)?;
        for _ in 0..reader.get_count() {
            let offset = reader.original_position();
            let (count, value) = reader.read().map_err(malformed)?;
            locals += u64::from(count);
            at_most(locals, limits.locals, "locals, parameters included")?;
            self.value_type(value)?;
            validator.define_locals(offset, count, value).map_err(malformed)?;
        }
        at_most(locals, limits.locals, "locals, parameters included")?;
        self.totals.locals += locals;
        at_most(self.totals.locals, limits.total_locals, "locals of all functions so far")?;
        Ok(locals as u32 - params)
    }

    /// Checks the code and returns its deepest operand stack. Dead code counts: a limit must not
    /// depend on what is reachable.
    fn operators(&mut self, validator: &mut Validator, mut reader: OperatorsReader<'_>) -> Result<u32> {
        let limits = self.policy.limits;
        let (mut count, mut nesting, mut operands) = (0_u32, 0_u32, 0_u32);
        while !reader.eof() {
            let offset = reader.original_position();
            let operator = reader.read().map_err(malformed)?;
            count += 1;
            at_most(count, limits.body_ops, "operators")?;
            self.operator(&operator, &mut nesting)
                .map_err(|error| within(format!("offset {offset:#x}"), error))?;
            validator.op(offset, &operator).map_err(malformed)?;
            operands = operands.max(validator.operand_stack_height());
            at_most(operands, limits.operands, "operands on the stack")?;
        }
        reader.finish().map_err(malformed)?;
        Ok(operands)
    }

    fn operator(&mut self, operator: &Operator<'_>, nesting: &mut u32) -> Result<()> {
        let Some(entry) = entry(operator) else {
            return Err(forbidden(format!("the operator {}", name(operator))));
        };
        if entry.float && self.policy.deny_floats {
            return Err(forbidden(format!("{}; this runtime refuses floats", name(operator))));
        }
        match operator {
            Operator::Block { blockty } | Operator::Loop { blockty } | Operator::If { blockty } => {
                *nesting += 1;
                at_most(*nesting, self.policy.limits.nesting, "nested blocks")?;
                self.block_type(*blockty)
            }
            Operator::End => {
                *nesting = nesting.saturating_sub(1);
                Ok(())
            }
            Operator::BrTable { targets } => self.br_table(targets.len()),
            _ => Ok(()),
        }
    }

    fn block_type(&self, block: BlockType) -> Result<()> {
        match block {
            BlockType::Empty => Ok(()),
            BlockType::Type(value) => self.value_type(value),
            BlockType::FuncType(_) => Err(forbidden("a block with parameters or several results")),
        }
    }

    fn br_table(&mut self, targets: u32) -> Result<()> {
        let limits = self.policy.limits;
        at_most(targets, limits.br_table_targets, "targets of one br_table")?;
        self.totals.br_table_targets += u64::from(targets);
        at_most(
            self.totals.br_table_targets,
            limits.total_br_table_targets,
            "targets of all br_tables so far",
        )
    }
}

/// The operator's name, without its operands.
fn name(operator: &Operator<'_>) -> String {
    let text = format!("{operator:?}");
    text.split([' ', '(', '{']).next().unwrap_or_default().to_owned()
}
