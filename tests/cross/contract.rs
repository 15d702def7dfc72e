//! What a contract of any engine can be told to do.
//!
//! A contract has scripts; the first byte of its input says which is run, no input the first. What it
//! says is put behind each other, a word each, and is its output or its revert data.

use zvm::Address;

#[derive(Clone, Debug)]
pub(crate) enum Act {
    /// Writes a word to a slot; zero deletes it.
    Write(u8, u8),
    /// Emits an event with this byte as its data and as its topic.
    Event(u8),
    /// Calls a script of a contract, with at most so much gas.
    Call {
        way: Way,
        to: Address,
        value: u8,
        script: u8,
        gas: u64,
    },
    /// Creates a contract of this code, and remembers its address.
    Create {
        code: Vec<u8>,
        value: u8,
    },
    /// Calls the first script of what was created last.
    CallCreated,
    Say(What),
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Way {
    Call,
    Static,
    Delegate,
}

/// A word to say.
#[derive(Clone, Copy, Debug)]
pub(crate) enum What {
    Number(u8),
    /// What a slot holds.
    Slot(u8),
    /// Whether the last call or creation succeeded.
    Success,
    /// How many bytes the last call returned.
    ReturnedSize,
    /// The first word it returned.
    Returned,
    Caller,
    Myself,
    Value,
    OwnBalance,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum End {
    Return,
    Revert,
    /// What the machine forbids.
    Trap,
    /// Never.
    Burn,
}

#[derive(Clone, Debug)]
pub(crate) struct Script {
    pub(crate) acts: Vec<Act>,
    pub(crate) end: End,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Contract {
    pub(crate) scripts: Vec<Script>,
}

impl Contract {
    /// A contract of one script that returns.
    pub(crate) fn of(acts: impl IntoIterator<Item = Act>) -> Self {
        Self::default().and(acts, End::Return)
    }

    pub(crate) fn ending(acts: impl IntoIterator<Item = Act>, end: End) -> Self {
        Self::default().and(acts, end)
    }

    /// With another script.
    pub(crate) fn and(mut self, acts: impl IntoIterator<Item = Act>, end: End) -> Self {
        self.scripts.push(Script { acts: acts.into_iter().collect(), end });
        self
    }

    /// The code that it creates, if it does.
    pub(crate) fn created(&self) -> &[u8] {
        let acts = self.scripts.iter().flat_map(|script| &script.acts);
        let mut codes = acts.filter_map(|act| match act {
            Act::Create { code, .. } => Some(&code[..]),
            _ => None,
        });
        codes.next().unwrap_or_default()
    }
}

/// All the gas there is.
pub(crate) const ALL_GAS: u64 = u64::MAX;

/// A plain call of a contract's first script.
pub(crate) fn call(to: Address) -> Act {
    Act::Call { way: Way::Call, to, value: 0, script: 0, gas: ALL_GAS }
}

pub(crate) fn call_by(way: Way, to: Address) -> Act {
    Act::Call { way, to, value: 0, script: 0, gas: ALL_GAS }
}
