//! Who calls, with what, and in which block.

use ruint::aliases::U256;

use super::{Done, Machine, Operands, Step};
use crate::host::guest::Stop;
use crate::outcome::Halt;
use crate::types::{Account, Address, Word};

impl Machine<'_, '_> {
    pub(super) fn context(&mut self, step: Step, operands: &mut Operands<'_>) -> Done {
        let (state, program) = (&*self.state, self.program);
        let (frame, block, transaction) = (state.frame(), &state.block, &state.transaction);
        match step {
            Step::ADDRESS => operands.push_address(frame.address),
            Step::ORIGIN => operands.push_address(transaction.origin),
            Step::CALLER => operands.push_address(frame.caller),
            Step::CALLVALUE => operands.push_word(frame.value),
            Step::CALLDATALOAD => {
                let offset = operands.pop();
                operands.push(padded(&frame.input, offset));
            }
            Step::CALLDATASIZE => operands.push_number(frame.input.len() as u64),
            Step::CODESIZE => operands.push_number(program.code().len() as u64),
            Step::GASPRICE => operands.push_word(transaction.gas_price),
            Step::RETURNDATASIZE => operands.push_number(frame.returned.len() as u64),
            Step::COINBASE => operands.push_address(block.proposer),
            Step::TIMESTAMP => operands.push_number(block.timestamp),
            Step::NUMBER => operands.push_number(block.number),
            Step::DIFFICULTY | Step::PREVRANDAO => operands.push_word(block.randomness.unwrap_or_default()),
            Step::GASLIMIT => operands.push_number(block.gas_limit),
            Step::CHAINID => operands.push_word(block.chain_id),
            Step::BASEFEE => operands.push_word(block.base_fee),
            Step::BLOCKHASH => return self.block_hash(operands),
            Step::BALANCE => {
                let address = operands.pop_address();
                operands.push_word(self.account(&address)?.balance);
            }
            Step::SELFBALANCE => {
                let own = frame.address;
                operands.push_word(self.account(&own)?.balance);
            }
            // The decoder makes nothing else.
            _ => return Err(Halt::InvalidOpcode.into()),
        }
        Ok(())
    }

    /// An account. What the ledger asks for it is paid, and it is counted.
    pub(super) fn account(&mut self, address: &Address) -> Result<Account, Stop> {
        let at = self.state.at(self.gas.left());
        let access = self.state.journal.account(at, address)?;
        self.gas.charge(access.surcharge)?;
        let state = &mut *self.state;
        state.transaction.touch(&state.rules.limits, access.first, 0)?;
        Ok(access.value)
    }

    fn block_hash(&mut self, operands: &mut Operands<'_>) -> Done {
        let number = u64::try_from(operands.pop());
        let mut hash = None;
        if let Ok(number) = number {
            let at = self.state.at(self.gas.left());
            let state = &mut *self.state;
            // Kept for the session like an entry, so counted like one.
            state.transaction.touch(&state.rules.limits, true, 0)?;
            hash = state.journal.block_hash(at, number)?;
        }
        operands.push_word(hash.unwrap_or(Word::ZERO));
        Ok(())
    }
}

/// 32 bytes from an offset on, zeros past the end.
fn padded(bytes: &[u8], offset: U256) -> U256 {
    let start = usize::try_from(offset).unwrap_or(usize::MAX);
    let part = bytes.get(start..).unwrap_or_default();
    let mut word = [0; 32];
    let len = part.len().min(32);
    word[..len].copy_from_slice(&part[..len]);
    U256::from_be_bytes(word)
}
