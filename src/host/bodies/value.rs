//! Balances, transfers, and what code an account holds.

use super::{ABSENT, Done, Host};
use crate::host::kinds::{InAddress, InWord, OutWord};
use crate::outcome::Halt;

/// See the table.
pub fn value(host: &mut Host<'_, '_>, out: OutWord) -> Done<()> {
    host.put_word(out, host.state.frame().value);
    Ok(())
}

/// See the table.
pub fn balance(host: &mut Host<'_, '_>, account: InAddress, out: OutWord) -> Done<()> {
    let (address, at) = (host.address(account), host.at());
    let access = host.state.journal.account(at, &address)?;
    host.settle(&access, 0)?;
    host.put_word(out, access.value.balance);
    Ok(())
}

/// See the table.
pub fn self_balance(host: &mut Host<'_, '_>, out: OutWord) -> Done<()> {
    let (own, at) = (host.state.frame().address, host.at());
    let access = host.state.journal.account(at, &own)?;
    host.settle(&access, 0)?;
    host.put_word(out, access.value.balance);
    Ok(())
}

/// See the table.
pub fn transfer(host: &mut Host<'_, '_>, to: InAddress, amount: InWord) -> Done<i32> {
    let (from, to, amount) = (host.state.frame().address, host.address(to), host.word(amount));
    let at = host.at();
    for address in [from, to] {
        let access = host.state.journal.account(at, &address)?;
        host.settle(&access, 0)?;
    }
    match host.state.journal.transfer(at, &from, &to, amount)? {
        Ok(()) => Ok(0),
        Err(Halt::InsufficientBalance) => Ok(1),
        Err(_) => Ok(2),
    }
}

/// See the table.
pub fn code_hash(host: &mut Host<'_, '_>, account: InAddress, out: OutWord) -> Done<i32> {
    let (address, at) = (host.address(account), host.at());
    let access = host.state.journal.account(at, &address)?;
    host.settle(&access, 0)?;
    if !access.value.has_code() {
        return Ok(ABSENT);
    }
    let engine = host.state.engine_of(&access.value, at)?;
    host.put_word(out, access.value.code_hash);
    Ok(engine.map_or(0, |engine| engine as i32))
}
