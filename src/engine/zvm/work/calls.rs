//! Calls and creations: through the session's stair, whatever engine the other contract runs on.

use ruint::aliases::U256;

use super::{Done, Machine, Operands, Region, Step, price};
use crate::gas::Gas;
use crate::host::create::CreateRequest;
use crate::host::frame::{DEFAULT_ENTRY, Finish};
use crate::host::guest::Stop;
use crate::host::state::{CallRequest, Way};
use crate::outcome::{Halt, Outcome};
use crate::types::{Bytes, Word};

impl Machine<'_, '_> {
    /// A call:
    /// 1. Its regions are made be there, the input's length is checked, an amount is paid for.
    /// 2. At most 63/64 of the gas left is set aside, and the stipend of an amount put on top.
    /// 3. The target runs; one without code just takes the amount.
    /// 4. What it left of its gas comes back, what it returned is kept, and its beginning copied.
    pub(super) fn call(&mut self, step: Step, operands: &mut Operands<'_>) -> Done {
        let (asked, target) = (operands.pop(), operands.pop_address());
        let (way, has_value) = match step {
            Step::CALL => (Way::Call, true),
            Step::CALLCODE => (Way::CallCode, true),
            Step::DELEGATECALL => (Way::Delegate, false),
            _ => (Way::Static, false),
        };
        let value = if has_value { operands.pop_word() } else { Word::ZERO };
        if way == Way::Call && !value.is_zero() {
            self.may_write()?;
        }
        let input = self.input(operands)?;
        let out = self.region(operands)?;
        let stipend = if value.is_zero() { 0 } else { price::CALL_STIPEND };
        if stipend > 0 {
            self.gas.charge(price::CALL_VALUE)?;
        }
        let given = self.forward(asked)? + stipend;
        let caller = self.state.frame().address;
        let request = CallRequest { way, caller, target, value, entry: DEFAULT_ENTRY, input };
        let finish = self.reach_account(request, given)?;
        self.gas.give_back(finish.gas.left());
        operands.push(word_of(finish.outcome.is_success()));
        self.take_output(finish, out);
        Ok(())
    }

    /// A creation, as the host function `create` makes it, without input.
    pub(super) fn create(&mut self, step: Step, operands: &mut Operands<'_>) -> Done {
        self.may_write()?;
        let (value, region) = (operands.pop_word(), self.region(operands)?);
        let salt = (step == Step::CREATE2).then(|| operands.pop_word());
        if region.len > self.state.rules.limits.module_bytes as usize {
            return Err(Halt::TooLong.into());
        }
        let code: Bytes = self.memory.bytes(region).into();
        let given = self.forward(U256::MAX)?;
        let creator = self.state.frame().address;
        let request = CreateRequest { creator, code, engine: None, input: Bytes::default(), value, salt };
        let creation = self.state.create(request, given)?;
        self.gas.give_back(creation.finish.gas.left());
        match creation.address {
            Some(address) => operands.push_address(address),
            None => operands.push(U256::ZERO),
        }
        let reverted = creation.finish.outcome == Outcome::Revert;
        self.state.set_returned(if reverted { creation.finish.output } else { Vec::new() });
        Ok(())
    }

    /// The contract's whole balance goes to another account, and the frame ends.
    pub(super) fn give_everything(&mut self, operands: &mut Operands<'_>) -> Result<Vec<u8>, Stop> {
        self.may_write()?;
        let (own, to) = (self.state.frame().address, operands.pop_address());
        let balance = self.account(&own)?.balance;
        self.account(&to)?;
        let at = self.state.at(self.gas.left());
        self.state.journal.transfer(at, &own, &to, balance)??;
        Ok(Vec::new())
    }

    fn input(&mut self, operands: &mut Operands<'_>) -> Result<Bytes, Stop> {
        let region = self.region(operands)?;
        if region.len > self.state.rules.limits.input_bytes as usize {
            return Err(Halt::TooLong.into());
        }
        Ok(self.memory.bytes(region).into())
    }

    /// Sets gas aside for a callee: what is asked for, at most 63/64 of what is left.
    fn forward(&mut self, asked: U256) -> Result<u64, Stop> {
        let given = u64::try_from(asked).unwrap_or(u64::MAX).min(self.gas.forwardable());
        self.gas.charge(given)?;
        Ok(given)
    }

    /// Calls a contract, or pays an account that is none.
    fn reach_account(&mut self, request: CallRequest<'_>, given: u64) -> Result<Finish, Stop> {
        let at = self.state.at(self.gas.left());
        if self.state.journal.record(at, &request.target)?.has_code() {
            return Ok(self.state.call(request, given)?);
        }
        self.account(&request.target)?;
        let gas = Gas::new(given);
        if self.state.is_deepest() {
            return Ok(Finish::halt(Halt::CallDepth, gas));
        }
        let CallRequest { way, caller, target, value, .. } = request;
        let paid = match way {
            Way::CallCode if self.state.journal.record(at, &caller)?.balance < value => {
                Err(Halt::InsufficientBalance)
            }
            Way::Call => self.state.journal.transfer(at, &caller, &target, value)?,
            _ => Ok(()),
        };
        if let Err(halt) = paid {
            return Ok(Finish::halt(halt, gas));
        }
        Ok(Finish { outcome: Outcome::Success, gas, output: Vec::new() })
    }

    fn take_output(&mut self, finish: Finish, out: Region) {
        let len = out.len.min(finish.output.len());
        self.memory.bytes_mut(Region { len, ..out }).copy_from_slice(&finish.output[..len]);
        self.state.set_returned(finish.output);
    }
}

fn word_of(flag: bool) -> U256 {
    U256::from(u64::from(flag))
}
