//! How a contract comes to be.

use std::sync::Arc;

use super::frame::{Finish, Frame, INIT_ENTRY};
use super::hooks::Candidate;
use super::rules::Admission;
use super::stair::Executable;
use super::state::State;
use crate::crypto::address::{create_address, create2_address};
use crate::crypto::hash::keccak256;
use crate::error::{Error, Result, Status};
use crate::gas::Gas;
use crate::outcome::Halt;
use crate::types::{Account, Address, Bytes, EngineKind, Word};

/// A contract to be created.
#[derive(Clone, Debug)]
pub struct CreateRequest {
    /// Who creates it.
    pub creator: Address,
    /// Its code.
    pub code: Bytes,
    /// What is to run it; `None` lets the first bytes decide.
    pub engine: Option<EngineKind>,
    /// The input of its constructor.
    pub input: Bytes,
    /// The amount it begins with.
    pub value: Word,
    /// With a salt the address follows CREATE2, without one CREATE.
    pub salt: Option<Word>,
}

/// How a creation ended.
#[derive(Clone, Debug)]
pub struct Creation {
    /// How its constructor ended.
    pub finish: Finish,
    /// Where the contract lives, if it succeeded.
    pub address: Option<Address>,
    /// Why its code was not accepted, where that is what stopped it.
    pub refusal: Option<Error>,
}

impl Creation {
    /// A creation the rules stopped.
    #[must_use]
    pub fn halt(halt: Halt, gas: Gas) -> Self {
        Self { finish: Finish::halt(halt, gas), address: None, refusal: None }
    }
}

impl State<'_> {
    /// Creates a contract:
    /// 1. Depth and nonce have their ends; the amount must be there. From here an engine may have a
    ///    way of its own.
    /// 2. The creator's nonce grows; that stays even if the creation fails.
    /// 3. Code costs by the byte, before it is looked at.
    /// 4. It must be valid, and admitted where admission is asked.
    /// 5. Its address must be free of code and nonce; a balance does not hinder.
    /// 6. The account comes to be with nonce 1, the code and the amount, and `init` runs.
    ///    Unless that succeeds, everything from here on is taken back.
    ///
    /// # Errors
    /// Ours or the embedder's; the contract's failure is in the result.
    pub fn create(&mut self, request: CreateRequest, gas: u64) -> Result<Creation> {
        match self.trace().calls {
            true => self.tell_creation(request, gas, Self::create_untold),
            false => self.create_untold(request, gas),
        }
    }

    fn create_untold(&mut self, request: CreateRequest, gas: u64) -> Result<Creation> {
        let mut gas = Gas::new(gas);
        if self.is_deepest() {
            return Ok(Creation::halt(Halt::CallDepth, gas));
        }
        let stair = Arc::clone(&self.stair);
        let engine = request.engine.or_else(|| stair.detect(&request.code));
        if let Some(creation) = engine.and_then(|engine| stair.create(self, engine, &request, gas)) {
            return creation;
        }
        let at = self.at(gas.left());
        let mut creator = self.journal.record(at, &request.creator)?;
        if creator.balance < request.value {
            return Ok(Creation::halt(Halt::InsufficientBalance, gas));
        }
        let hash = keccak256(&request.code);
        let address = match request.salt {
            None => create_address(&request.creator, creator.nonce),
            Some(salt) => {
                // Hashed apart: code may end in a section that could as well begin the input.
                let initcode = keccak256(&[hash.0, keccak256(&request.input).0].concat());
                create2_address(&request.creator, &salt, &initcode)
            }
        };
        let Some(nonce) = creator.nonce.checked_add(1) else {
            return Ok(Creation::halt(Halt::NonceOverflow, gas));
        };
        creator.nonce = nonce;
        self.journal.set_account(at, &request.creator, creator)?;
        if gas.charge(self.rules.schedule.create_byte.saturating_mul(request.code.len() as u64)).is_err() {
            return Ok(Creation::halt(Halt::OutOfGas, gas));
        }
        let engine = match self.admit(&request, hash, address, gas.left()) {
            Ok(engine) => engine,
            Err(error) => return refused(error, gas),
        };
        let checkpoint = self.journal.checkpoint();
        let finish = self.construct(&request, address, Executable { hash, engine }, gas)?;
        let created = finish.outcome.is_success().then_some(address);
        if created.is_none() {
            self.journal.rollback(checkpoint);
        }
        Ok(Creation { finish, address: created, refusal: None })
    }

    fn admit(
        &mut self,
        request: &CreateRequest,
        hash: Word,
        address: Address,
        gas_left: u64,
    ) -> Result<EngineKind> {
        let engine = self.stair.check(&request.code, &hash, request.engine)?;
        self.admit_code(&request.code, hash, engine, request.creator, address, gas_left)?;
        Ok(engine)
    }

    /// Asks for admission of code that is to become a contract, where the rules say so.
    ///
    /// # Errors
    /// [`Status::CodeRefused`] where it must be admitted and is not; the hook's own.
    pub fn admit_code(
        &mut self,
        code: &Bytes,
        hash: Word,
        engine: EngineKind,
        creator: Address,
        address: Address,
        gas_left: u64,
    ) -> Result<()> {
        if self.rules.admission == Admission::Off {
            return Ok(());
        }
        let at = self.at(gas_left);
        let candidate = Candidate { code: code.clone(), hash, engine, creator, address };
        let verdict = self.hooks.admit(at, &candidate)?;
        self.transaction.counters.score = verdict.score;
        let passes = !verdict.refused && verdict.score >= self.rules.least_score;
        if self.rules.admission == Admission::Required && !passes {
            let why = format!(
                "admission scored the code {}, the least is {}",
                verdict.score, self.rules.least_score
            );
            return Err(Error::new(Status::CodeRefused, why));
        }
        Ok(())
    }

    fn construct(
        &mut self,
        request: &CreateRequest,
        address: Address,
        code: Executable,
        mut gas: Gas,
    ) -> Result<Finish> {
        let at = self.at(gas.left());
        let found = self.journal.account(at, &address)?;
        if let Err(halt) = gas
            .charge(found.surcharge)
            .and_then(|()| self.transaction.touch(&self.rules.limits, found.first, 0))
        {
            return Ok(Finish::halt(halt, gas));
        }
        if found.value.has_code() || found.value.nonce != 0 {
            return Ok(Finish::halt(Halt::Collision, gas));
        }
        self.journal.set_account(at, &address, Account { nonce: 1, ..found.value })?;
        self.journal.set_code(at, &address, code.engine, code.hash, request.code.clone())?;
        if let Err(halt) = self.journal.transfer(at, &request.creator, &address, request.value)? {
            return Ok(Finish::halt(halt, gas));
        }
        let frame = Frame {
            address,
            caller: request.creator,
            value: request.value,
            input: request.input.clone(),
            is_static: false,
            engine: code.engine,
            output: Vec::new(),
            returned: Vec::new(),
            pages: 0,
        };
        self.run(frame, &code, INIT_ENTRY, gas)
    }
}

/// Bad code is the creator's failure; a broken hook is not.
fn refused(error: Error, gas: Gas) -> Result<Creation> {
    let halt = match error.status {
        Status::CodeRefused => Halt::CodeRefused,
        status if status.is_invalid_code() => Halt::InvalidCode,
        _ => return Err(error),
    };
    Ok(Creation { refusal: Some(error), ..Creation::halt(halt, gas) })
}
