//! Hedera's tokens and topics, which the embedder's hook answers.

use super::{Done, Machine, Operands, Step};
use crate::engine::zvm::opcode::Opcode;
use crate::host::hooks::HederaRequest;
use crate::outcome::Halt;

/// For each byte that is submitted.
const SUBMIT_BYTE: u64 = 100;

impl Machine<'_, '_> {
    pub(super) fn hedera(&mut self, step: Step, operands: &mut Operands<'_>) -> Done {
        let (opcode, extra) = priced(step);
        if extra > 0 {
            self.may_write()?;
        }
        self.gas.charge(extra)?;
        let has_data = matches!(opcode, Opcode::HCS_SUBMIT | Opcode::HCS_UPDATE_TOPIC);
        let words = opcode.row().takes.len() - if has_data { 2 } else { 0 };
        let words: Vec<_> = (0..words).map(|_| operands.pop_word()).collect();
        let data = match has_data {
            true => {
                let region = self.region(operands)?;
                if region.len > self.state.rules.limits.input_bytes as usize {
                    return Err(Halt::TooLong.into());
                }
                if opcode == Opcode::HCS_SUBMIT {
                    self.gas.charge(SUBMIT_BYTE * region.len as u64)?;
                }
                self.memory.bytes(region)
            }
            false => &[],
        };
        let request = HederaRequest { opcode: opcode as u8, operands: &words, data };
        let answer = self.state.hedera(&mut self.gas, &request)?;
        operands.push_word(answer.ok_or(Halt::InvalidOpcode)?);
        Ok(())
    }
}

/// The opcode, and what it costs beyond its row; nothing for those that only read.
fn priced(step: Step) -> (Opcode, u64) {
    match step {
        Step::HTS_TRANSFER => (Opcode::HTS_TRANSFER, 10_000),
        Step::HTS_MINT => (Opcode::HTS_MINT, 50_000),
        Step::HTS_BURN => (Opcode::HTS_BURN, 50_000),
        Step::HTS_ASSOCIATE => (Opcode::HTS_ASSOCIATE, 20_000),
        Step::HTS_DISSOCIATE => (Opcode::HTS_DISSOCIATE, 20_000),
        Step::HTS_APPROVE => (Opcode::HTS_APPROVE, 5000),
        Step::HTS_CREATE => (Opcode::HTS_CREATE, 100_000),
        Step::HCS_SUBMIT => (Opcode::HCS_SUBMIT, 5000),
        Step::HCS_CREATE_TOPIC => (Opcode::HCS_CREATE_TOPIC, 50_000),
        Step::HCS_UPDATE_TOPIC => (Opcode::HCS_UPDATE_TOPIC, 25_000),
        Step::HCS_DELETE_TOPIC => (Opcode::HCS_DELETE_TOPIC, 12_500),
        Step::HEDERA_ACCOUNT_ID => (Opcode::HEDERA_ACCOUNT_ID, 0),
        _ => (Opcode::HEDERA_TIMESTAMP, 0),
    }
}
