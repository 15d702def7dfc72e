//! CREATE and CREATE2: code that returns the code of a contract.

use revm_bytecode::Bytecode;
use revm_interpreter::interpreter::{ExtBytecode, InputsImpl};
use revm_interpreter::{CallInput, CreateInputs, InstructionResult, InterpreterResult, SharedMemory};
use revm_primitives::hardfork::SpecId;
use revm_primitives::{Bytes as EvmBytes, keccak256};

use super::convert::{address, evm_address, number, word};
use super::frames::{frame, unstarted};
use super::world::World;
use crate::error::{Result, Status};
use crate::host::state::EVM_CALL_DEPTH;
use crate::outcome::Halt;
use crate::types::{Account, Address, EngineKind, Word};

/// How a creation ended, and where the contract would live.
pub(super) type Created = (InterpreterResult, Option<Address>);

impl World<'_, '_> {
    /// Creates a contract:
    /// 1. The depth has a limit; the amount must be there; the creator's nonce has an end.
    /// 2. The creator's nonce grows and the address is warm; both stay even if the creation fails.
    /// 3. The address must be free of code, nonce and storage; a balance does not hinder.
    /// 4. After a checkpoint the account comes to be, with the amount, and the initcode runs.
    /// 5. What it returns is checked and paid for, and becomes the code. Unless that succeeded,
    ///    everything since the checkpoint is taken back.
    pub(super) fn create(&mut self, inputs: &CreateInputs, memory: SharedMemory) -> Result<Created> {
        match self.state.trace().calls {
            true => self.tell_creation(inputs, memory),
            false => self.create_untold(inputs, memory),
        }
    }

    pub(super) fn create_untold(&mut self, inputs: &CreateInputs, memory: SharedMemory) -> Result<Created> {
        let (gas, creator) = (inputs.gas_limit(), address(inputs.caller()));
        let refused = |result| Ok((unstarted(result, gas), None));
        if self.state.depth() > EVM_CALL_DEPTH {
            return refused(InstructionResult::CallTooDeep);
        }
        let record = self.state.journal.record(self.state.at(self.gas), &creator)?;
        if number(record.balance) < inputs.value() {
            return refused(InstructionResult::OutOfFunds);
        }
        let Some(nonce) = record.nonce.checked_add(1) else {
            return refused(InstructionResult::Return);
        };
        let created = address(inputs.created_address(record.nonce));
        self.state.journal.set_account(self.state.at(self.gas), &creator, Account { nonce, ..record })?;
        let found = self.visit(&created)?.account;
        let taken = found.nonce != 0
            || found.has_code()
            || self.state.journal.has_storage(self.state.at(self.gas), &created)?;
        if taken {
            return refused(InstructionResult::CreateCollision);
        }
        let checkpoint = self.state.journal.checkpoint();
        let mut done = match self.begin(&creator, &created, word(inputs.value()))? {
            Ok(()) => self.run_initcode(inputs, created, memory)?,
            Err(refusal) => unstarted(refusal, gas),
        };
        if done.is_ok() {
            done.result = self.deposit(&created, &creator, &mut done)?;
            if !done.is_ok() {
                done.output = EvmBytes::new();
            }
        }
        if !done.is_ok() {
            self.state.journal.rollback(checkpoint);
        }
        Ok((done, Some(created)))
    }

    /// The account comes to be, with the amount.
    fn begin(
        &mut self,
        creator: &Address,
        created: &Address,
        value: Word,
    ) -> Result<std::result::Result<(), InstructionResult>> {
        let at = self.state.at(self.gas);
        let journal = &mut self.state.journal;
        journal.note_created(at, created)?;
        journal.touch(at, created)?;
        if self.fork.has(SpecId::SPURIOUS_DRAGON) {
            let record = journal.record(at, created)?;
            journal.set_account(at, created, Account { nonce: 1, ..record })?;
        }
        let moved = journal.transfer(at, creator, created, value)?;
        Ok(moved.map_err(|halt| match halt {
            Halt::InsufficientBalance => InstructionResult::OutOfFunds,
            _ => InstructionResult::OverflowPayment,
        }))
    }

    fn run_initcode(
        &mut self,
        inputs: &CreateInputs,
        created: Address,
        memory: SharedMemory,
    ) -> Result<InterpreterResult> {
        let code = ExtBytecode::new(Bytecode::new_legacy(inputs.init_code().clone()));
        let initcode = InputsImpl {
            target_address: evm_address(created),
            bytecode_address: None,
            caller_address: inputs.caller(),
            input: CallInput::Bytes(EvmBytes::new()),
            call_value: inputs.value(),
            depth: self.state.depth(),
        };
        let interpreter = self.interpreter(code, initcode, memory, false, inputs.gas_limit());
        self.run_in(frame(created, address(inputs.caller()), inputs.value(), false), interpreter)
    }

    /// Makes what the initcode returned the contract's code, or says what forbids it:
    /// 1. It is not too long (EIP-170), and no format that is kept for later (EIP-3541).
    /// 2. It is paid for by the byte. On Frontier what is not simply does not become code.
    /// 3. The embedder admits it, where it is asked.
    fn deposit(
        &mut self,
        created: &Address,
        creator: &Address,
        done: &mut InterpreterResult,
    ) -> Result<InstructionResult> {
        if self.fork.code_bytes().is_some_and(|most| done.output.len() > most) {
            return Ok(InstructionResult::CreateContractSizeLimit);
        }
        if self.fork.has(SpecId::LONDON) && done.output.first() == Some(&0xef) {
            return Ok(InstructionResult::CreateContractStartingWithEF);
        }
        let price = self.fork.prices.code_deposit_cost(done.output.len());
        if !done.gas.record_regular_cost(price) {
            if self.fork.has(SpecId::HOMESTEAD) {
                return Ok(InstructionResult::OutOfGas);
            }
            done.output = EvmBytes::new();
        }
        if done.output.is_empty() {
            return Ok(InstructionResult::Return);
        }
        let (code, hash) = (done.output.as_ref().into(), Word(keccak256(&done.output).0));
        match self.state.admit_code(&code, hash, EngineKind::Evm, *creator, *created, done.gas.remaining()) {
            Err(error) if error.status == Status::CodeRefused => {
                return Ok(InstructionResult::CreateContractStartingWithEF);
            }
            admitted => admitted?,
        }
        let at = self.state.at(self.gas);
        self.state.journal.set_code(at, created, EngineKind::Evm, hash, code)?;
        Ok(InstructionResult::Return)
    }
}
