//! Contracts that call and create contracts, and questions to the embedder.

use std::rc::Rc;

use super::{ABSENT, Done, Host};
use crate::host::create::CreateRequest;
use crate::host::frame::{DEFAULT_ENTRY, Finish};
use crate::host::hooks::Nested;
use crate::host::kinds::{Buffer, Code, InAddress, InWord, Input, Int32, Int64, OptionalWord, OutAddress};
use crate::host::state::{CallRequest, Way};
use crate::outcome::{Halt, Kind, Outcome};
use crate::types::Word;

/// See the table.
pub fn call(host: &mut Host<'_, '_>, to: InAddress, amount: InWord, input: Input, gas: Int64) -> Done<i32> {
    let value = host.word(amount);
    if host.state.frame().is_static && !value.is_zero() {
        return Err(Halt::StaticWrite.into());
    }
    reach(host, Way::Call, to, value, input, gas)
}

/// See the table.
pub fn static_call(host: &mut Host<'_, '_>, to: InAddress, input: Input, gas: Int64) -> Done<i32> {
    reach(host, Way::Static, to, Word::ZERO, input, gas)
}

/// See the table.
pub fn delegate_call(host: &mut Host<'_, '_>, to: InAddress, input: Input, gas: Int64) -> Done<i32> {
    reach(host, Way::Delegate, to, Word::ZERO, input, gas)
}

/// See the table.
pub fn create(
    host: &mut Host<'_, '_>,
    code: Code,
    input: Input,
    amount: InWord,
    salt: OptionalWord,
    gas: Int64,
    out: OutAddress,
) -> Done<i32> {
    let request = CreateRequest {
        creator: host.state.frame().address,
        code: host.bytes(code.0),
        engine: None,
        input: host.bytes(input.0),
        value: host.word(amount),
        salt: salt.0.map(|region| host.word(InWord(region))),
    };
    let given = forward(host, gas)?;
    let creation = host.state.create(request, given)?;
    if let Some(address) = creation.address {
        host.put_address(out, address);
    }
    finish(host, creation.finish)
}

/// See the table.
pub fn query(host: &mut Host<'_, '_>, kind: Int32, request: Input, out: Buffer) -> Done<i32> {
    let request = host.bytes(request.0);
    let gas = host.guest.gas();
    let hooks = Rc::clone(&host.state.hooks);
    let mut nested = Nested::new(&mut *host.state, gas);
    let answered = hooks.query(&mut nested, kind.0, &request);
    if let Some(failure) = nested.into_failure() {
        return Err(failure.into());
    }
    let loaded = answered?;
    host.charge(loaded.surcharge)?;
    match loaded.value {
        Some(answer) => host.answer(out, &answer),
        None => Ok(ABSENT),
    }
}

fn reach(
    host: &mut Host<'_, '_>,
    way: Way,
    to: InAddress,
    value: Word,
    input: Input,
    gas: Int64,
) -> Done<i32> {
    let request = CallRequest {
        way,
        caller: host.state.frame().address,
        target: host.address(to),
        value,
        entry: DEFAULT_ENTRY,
        input: host.bytes(input.0),
    };
    let given = forward(host, gas)?;
    let done = host.state.call(request, given)?;
    finish(host, done)
}

/// Sets gas aside for a callee: what was asked for, at most 63/64 of what is left.
fn forward(host: &mut Host<'_, '_>, asked: Int64) -> Done<u64> {
    let given = asked.0.min(host.guest.gas().forwardable());
    host.charge(given)?;
    Ok(given)
}

/// Takes a callee's gas and output back.
fn finish(host: &mut Host<'_, '_>, finish: Finish) -> Done<i32> {
    host.guest.gas().give_back(finish.gas.left());
    host.state.frame_mut().returned = finish.output;
    Ok(match finish.outcome {
        Outcome::Success => 0,
        Outcome::Revert => 1,
        Outcome::Halt(halt) => {
            if halt.kind() == Kind::Trap {
                host.charge(host.state.rules.schedule.call_trapped)?;
            }
            2
        }
    })
}
