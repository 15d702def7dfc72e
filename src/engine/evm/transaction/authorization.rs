//! Authorizations: an account signs that a contract's code is to be its own (EIP-7702).

use revm_precompile::crypto;
use revm_primitives::hardfork::SpecId;
use revm_primitives::keccak256;

use super::super::DELEGATION;
use super::super::world::World;
use super::EthereumTransaction;
use crate::error::Result;
use crate::types::{Account, Address, Bytes, EngineKind, Word};

/// What stands before the signed list.
const MAGIC: u8 = 0x05;
/// Half of the order of secp256k1: a signature has its s below it, so that there is one (EIP-2).
const HALF_ORDER: Word = Word([
    0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x5d,
    0x57, 0x6e, 0x73, 0x57, 0xa4, 0x50, 0x1d, 0xdf, 0xe9, 0x2f, 0x46, 0x68, 0x1b, 0x20, 0xa0,
]);

/// One account's wish to have a contract's code.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Authorization {
    /// The chain it is for; zero is every chain.
    pub chain_id: Word,
    /// The contract; zero takes the code away.
    pub address: Address,
    /// The account's nonce.
    pub nonce: u64,
    /// Who signed it; `None` where nobody did, and then it has no effect.
    pub authority: Option<Address>,
}

impl Authorization {
    /// An authorization by whoever made this signature of it.
    #[must_use]
    pub fn signed(chain_id: Word, address: Address, nonce: u64, y_parity: u8, r: Word, s: Word) -> Self {
        let authority = recover(&digest(&chain_id, &address, nonce), y_parity, &r, &s);
        Self { chain_id, address, nonce, authority }
    }
}

/// What is signed: keccak256(0x05 ++ rlp([chain_id, address, nonce])).
fn digest(chain_id: &Word, address: &Address, nonce: u64) -> Word {
    let mut items = Vec::new();
    rlp_number(&chain_id.0, &mut items);
    items.push(0x80 + 20);
    items.extend_from_slice(&address.0);
    rlp_number(&nonce.to_be_bytes(), &mut items);
    // At most 33 + 21 + 9 bytes: a list of the longer form has more than 55.
    let mut message = vec![MAGIC];
    match items.len() {
        len @ 0..=55 => message.push(0xc0 + len as u8),
        len => message.extend_from_slice(&[0xf8, len as u8]),
    }
    message.extend_from_slice(&items);
    Word(keccak256(&message).0)
}

fn rlp_number(digits: &[u8], out: &mut Vec<u8>) {
    let first = digits.iter().position(|digit| *digit != 0).unwrap_or(digits.len());
    match &digits[first..] {
        [digit] if *digit < 0x80 => out.push(*digit),
        digits => {
            out.push(0x80 + digits.len() as u8);
            out.extend_from_slice(digits);
        }
    }
}

fn recover(digest: &Word, y_parity: u8, r: &Word, s: &Word) -> Option<Address> {
    if y_parity > 1 || *s > HALF_ORDER {
        return None;
    }
    let mut signature = [0; 64];
    signature[..32].copy_from_slice(&r.0);
    signature[32..].copy_from_slice(&s.0);
    let padded = crypto().secp256k1_ecrecover(&signature, y_parity, &digest.0).ok()?;
    let mut address = Address::ZERO;
    address.0.copy_from_slice(&padded[12..]);
    Some(address)
}

impl World<'_, '_> {
    /// Applies a transaction's authorizations, each that holds, and returns what it refunds.
    pub(super) fn authorize(&mut self, transaction: &EthereumTransaction) -> Result<u64> {
        debug_assert!(self.fork.has(SpecId::PRAGUE));
        let mut refund = 0;
        for authorization in &transaction.authorizations {
            if self.apply(authorization)? {
                refund += self.fork.prices.tx_eip7702_auth_refund_regular();
            }
        }
        Ok(refund)
    }

    /// Whether it held for an account that was there before, whose creation was paid for nothing.
    fn apply(&mut self, authorization: &Authorization) -> Result<bool> {
        let Authorization { chain_id, address, nonce, authority } = authorization;
        let (Some(authority), Some(next)) = (authority, nonce.checked_add(1)) else { return Ok(false) };
        if !chain_id.is_zero() && *chain_id != self.state.block.chain_id {
            return Ok(false);
        }
        let visit = self.visit(authority)?;
        let code = self.code(&visit.account)?;
        if !code.is_empty() && !code.is_eip7702() || visit.account.nonce != *nonce {
            return Ok(false);
        }
        let at = self.state.at(self.gas);
        let journal = &mut self.state.journal;
        match *address {
            Address::ZERO => journal.clear_code(at, authority)?,
            address => {
                let code: Bytes = [DELEGATION, &address.0].concat().into();
                journal.set_code(at, authority, EngineKind::Evm, Word(keccak256(&code).0), code)?;
            }
        }
        let record = journal.record(at, authority)?;
        journal.set_account(at, authority, Account { nonce: next, ..record })?;
        journal.touch(at, authority)?;
        Ok(visit.is_stored)
    }
}
