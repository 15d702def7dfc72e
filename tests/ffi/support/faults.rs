//! Every way in which a callback can break its word, and what must come of each.

use zvm::Status;
use zvm::ffi::tables::*;

use super::host::Asked;
use super::misbehave::Misbehave;

/// What a callback does wrong, once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Returns this number.
    Returns(i32),
    /// Says why through its frame, sets its number, and fails.
    Says,
    /// Does its work, and then fails.
    DoesAndFails,
    /// Is done with this length and nothing lent.
    Length(usize),
    /// Is done, and lends one byte more than the limit.
    LendsTooMuch,
    /// Is done, and lends a wild pointer with this length.
    LendsWild(usize),
    /// Changes this field of the op's head.
    Head(u32),
    /// Changes the n-th part of what it was asked.
    Input(u32),
    /// Fills a field with what it cannot hold: see each op.
    Field(u32),
}

impl Fault {
    /// Every fault that this callback can commit.
    pub(crate) fn of(asked: Asked) -> Vec<Self> {
        let mut faults = vec![Self::Returns(0), Self::Returns(-7), Self::Returns(ZVM_CB_UNWOUND), Self::Says];
        faults.extend([4, 77, i32::MAX].map(Self::Returns));
        if asked != Asked::Admit {
            faults.push(Self::Returns(ZVM_CB_REFUSED));
        }
        if [Asked::GetMany, Asked::Scan, Asked::Commit, Asked::Code, Asked::Admit].contains(&asked) {
            faults.push(Self::Returns(ZVM_CB_ABSENT));
        }
        if [Asked::Get, Asked::GetMany, Asked::Scan, Asked::Code, Asked::Query].contains(&asked) {
            faults.extend([
                Self::Length(usize::MAX),
                Self::LendsTooMuch,
                Self::LendsWild(usize::MAX),
                Self::LendsWild(1 << 31),
            ]);
        }
        if [Asked::Get, Asked::GetMany, Asked::Scan, Asked::Code].contains(&asked) {
            faults.push(Self::Length(257)); // over the buffer, within the limit
        }
        if asked == Asked::Commit {
            faults.push(Self::DoesAndFails);
        }
        faults.extend((0..4).map(Self::Head));
        faults.extend((0..asked.inputs()).map(Self::Input));
        let fields = match asked {
            Asked::Scan => 6,
            Asked::Code => 2,
            Asked::GetMany | Asked::Account => 1,
            _ => 0,
        };
        faults.extend((0..fields).map(Self::Field));
        faults
    }

    /// The status and host code that must come of it.
    pub(crate) fn expected(self) -> (Status, i32) {
        match self {
            Self::Returns(ZVM_CB_UNWOUND) => (Status::HostUnwound, 0),
            Self::Returns(code) if code <= 0 => (Status::Host, code),
            Self::Says => (Status::Host, 42),
            Self::DoesAndFails => (Status::Host, 0),
            _ => (Status::HostProtocol, 0),
        }
    }
}

impl Asked {
    /// How many parts its op has that the host must not change.
    fn inputs(self) -> u32 {
        let count = match self {
            Self::Get => zvm_get_op::INPUTS.len(),
            Self::GetMany => zvm_get_many_op::INPUTS.len(),
            Self::Scan => zvm_scan_op::INPUTS.len(),
            Self::Commit => zvm_commit_op::INPUTS.len(),
            Self::Account => zvm_account_op::INPUTS.len(),
            Self::Code => zvm_code_op::INPUTS.len(),
            Self::BlockHash => zvm_block_hash_op::INPUTS.len(),
            Self::Admit => zvm_admit_op::INPUTS.len(),
            Self::Query => zvm_query_op::INPUTS.len(),
            Self::Log => zvm_log_op::INPUTS.len(),
        };
        count as u32
    }
}
