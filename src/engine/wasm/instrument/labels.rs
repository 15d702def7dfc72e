//! Where jumps lead in the new code, which has labels of its own between those of the old.

use wasm_encoder::InstructionSink;
use wasmparser::Operator;

/// A label of the old code.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Label {
    /// How many labels there are in the new code as far as this one.
    depth: u32,
    /// How many of them came with it.
    added: u32,
    /// The operator that opens its block; none for the function's own.
    pub(super) opener: Option<usize>,
}

/// The labels around the place that is being written.
#[derive(Default)]
pub(super) struct Labels {
    depth: u32,
    old: Vec<Label>,
}

impl Labels {
    /// Begins a function, whose body has a label too.
    pub(super) fn clear(&mut self) {
        self.depth = 0;
        self.old.clear();
        self.enter(None, 0);
    }

    /// A block begins, inside `added` blocks of ours.
    pub(super) fn enter(&mut self, opener: Option<usize>, added: u32) {
        self.depth += added + 1;
        self.old.push(Label { depth: self.depth, added, opener });
    }

    /// The innermost block of the old code ends; returns how many of ours end with it.
    pub(super) fn leave(&mut self) -> u32 {
        let label = self.old.pop().unwrap_or_default();
        self.depth -= label.added + 1;
        label.added
    }

    /// A block of ours begins to which jumps to the innermost label now lead.
    pub(super) fn divert(&mut self) {
        self.depth += 1;
        if let Some(label) = self.old.last_mut() {
            *label = Label { depth: label.depth + 1, added: label.added + 1, ..*label };
        }
    }

    /// It ends.
    pub(super) fn rejoin(&mut self) {
        self.depth -= 1;
        if let Some(label) = self.old.last_mut() {
            *label = Label { depth: label.depth - 1, added: label.added - 1, ..*label };
        }
    }

    /// The labels of the old code around the place.
    pub(super) fn count(&self) -> usize {
        self.old.len()
    }

    /// The label at an old depth and how many others are between, and its new depth.
    pub(super) fn target(&self, old: u32) -> (usize, Label) {
        let at = self.old.len().saturating_sub(1 + old as usize);
        (at, self.old.get(at).copied().unwrap_or_default())
    }

    /// The new depth of a label of the old code.
    pub(super) fn depth(&self, old: u32) -> u32 {
        self.depth - self.target(old).1.depth
    }

    /// Writes a jump; false for any other operator.
    pub(super) fn jump(&self, operator: &Operator<'_>, code: &mut InstructionSink<'_>) -> bool {
        match operator {
            Operator::Br { relative_depth } => code.br(self.depth(*relative_depth)),
            Operator::BrIf { relative_depth } => code.br_if(self.depth(*relative_depth)),
            Operator::BrTable { targets } => {
                let depths: Vec<u32> = targets.targets().flatten().map(|old| self.depth(old)).collect();
                code.br_table(depths, self.depth(targets.default()))
            }
            _ => return false,
        };
        true
    }
}
