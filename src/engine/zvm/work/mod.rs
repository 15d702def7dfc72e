//! What the machine's loop does not do itself: everything that asks the session, grows the memory
//! or costs by its operands. The row's gas is paid when one of these begins.

mod calls;
mod context;
mod copies;
mod hashes;
mod hedera;
mod host;
mod logs;
mod signatures;
mod storage;

use ruint::aliases::U256;

use super::machine::Machine;
use super::memory::Region;
use super::price;
use super::program::Step;
use super::stack::Operands;
use crate::gas::words;
use crate::host::guest::Stop;
use crate::outcome::Halt;

/// What an instruction's work ends with.
type Done = Result<(), Stop>;

impl Machine<'_, '_> {
    /// Runs a step that the loop does not know.
    pub(super) fn work(&mut self, step: Step, arg: u32, operands: &mut Operands<'_>) -> Done {
        match step {
            Step::EXP => self.exp(operands),
            Step::KECCAK256 | Step::SHA256 | Step::RIPEMD160 | Step::BLAKE2B => self.hash(step, operands),
            Step::TABLEHASH => Self::table_hash(operands),
            Step::MSTORE8 => self.store_byte(operands),
            Step::MSIZE => {
                operands.push_number(self.memory.all().len() as u64);
                Ok(())
            }
            Step::SLOAD => self.load(operands),
            Step::SSTORE => self.store(operands),
            Step::TLOAD => self.load_transient(operands),
            Step::TSTORE => self.store_transient(operands),
            Step::CALL | Step::CALLCODE | Step::DELEGATECALL | Step::STATICCALL => self.call(step, operands),
            Step::CREATE | Step::CREATE2 => self.create(step, operands),
            Step::CALLDATACOPY | Step::CODECOPY | Step::RETURNDATACOPY => self.copy(step, operands),
            Step::EXTCODECOPY | Step::EXTCODESIZE | Step::EXTCODEHASH => self.foreign_code(step, operands),
            Step::LOG0 | Step::LOG1 | Step::LOG2 | Step::LOG3 | Step::LOG4 => self.log(step, operands),
            Step::GAS => {
                operands.push_number(self.gas.left());
                Ok(())
            }
            Step::HOST => self.host(arg, operands),
            Step::PQ_VERIFY_DILITHIUM => self.verify(operands),
            Step::HTS_TRANSFER
            | Step::HTS_MINT
            | Step::HTS_BURN
            | Step::HTS_ASSOCIATE
            | Step::HTS_DISSOCIATE
            | Step::HTS_APPROVE
            | Step::HTS_CREATE
            | Step::HCS_SUBMIT
            | Step::HCS_CREATE_TOPIC
            | Step::HCS_UPDATE_TOPIC
            | Step::HCS_DELETE_TOPIC
            | Step::HEDERA_ACCOUNT_ID
            | Step::HEDERA_TIMESTAMP => self.hedera(step, operands),
            _ => self.context(step, operands),
        }
    }

    /// Ends the frame: the output, unless it ends otherwise.
    pub(super) fn end(&mut self, step: Step, operands: &mut Operands<'_>) -> Result<Vec<u8>, Stop> {
        match step {
            Step::HALT => Ok(self.state.take_output()),
            Step::RETURN => self.parting(operands, self.state.rules.limits.output_bytes),
            Step::REVERT => Err(Stop::Revert(self.parting(operands, self.state.rules.limits.revert_bytes)?)),
            Step::SELFDESTRUCT => self.give_everything(operands),
            _ => Err(Halt::InvalidOpcode.into()),
        }
    }

    /// A region of memory by its offset, on top, and its length, made be there.
    fn region(&mut self, operands: &mut Operands<'_>) -> Result<Region, Stop> {
        let (offset, len) = (operands.pop(), operands.pop());
        Ok(self.reach(offset, len)?)
    }

    fn parting(&mut self, operands: &mut Operands<'_>, most: u32) -> Result<Vec<u8>, Stop> {
        let region = self.region(operands)?;
        if region.len > most as usize {
            return Err(Halt::TooLong.into());
        }
        Ok(self.memory.bytes(region).to_vec())
    }

    fn exp(&mut self, operands: &mut Operands<'_>) -> Done {
        let (base, exponent) = (operands.pop(), operands.pop());
        self.gas.charge(price::EXP_BYTE * exponent.byte_len() as u64)?;
        operands.push(base.wrapping_pow(exponent));
        Ok(())
    }

    fn store_byte(&mut self, operands: &mut Operands<'_>) -> Done {
        let (offset, value) = (operands.pop(), operands.pop());
        let region = self.reach(offset, U256::ONE)?;
        self.memory.bytes_mut(region).fill(value.byte(0));
        Ok(())
    }

    /// Pays for so many bytes, by the word.
    fn charge_words(&mut self, bytes: usize, price: u64) -> Done {
        Ok(self.gas.charge(price * words(bytes as u64))?)
    }

    /// Writes are halts where the frame is static.
    fn may_write(&self) -> Done {
        if self.state.frame().is_static { Err(Halt::StaticWrite.into()) } else { Ok(()) }
    }
}
