//! How accounts begin and end: created, touched, left empty, destroyed.
//!
//! An account that is destroyed lives on until its transaction [finishes](Journal::finish): its
//! code runs and its balance moves. Then everything of it goes, storage included.

use super::entry::Marks;
use super::journal::Journal;
use super::ledger::{Range, ReadContext};
use super::undo::Undo;
use crate::error::{Error, Result, Status};
use crate::types::{Account, Address};

/// An account, and what the access to it was.
#[derive(Clone, Copy, Debug)]
pub struct Visit {
    /// Its record.
    pub account: Account,
    /// Whether neither an access nor a [warming](Journal::warm_account) in this transaction came before.
    pub cold: bool,
    /// Whether it is there, if only as an empty one; after EIP-161 none is.
    pub present: bool,
    /// The ledger's surcharge that is due now.
    pub surcharge: u64,
}

/// RIPEMD-160, which stays touched when the call that touched it fails: on Ethereum's main chain an
/// empty account of this address once ended that way, and every client keeps to it.
const ALWAYS_TOUCHED: Address = {
    let mut address = Address::ZERO;
    address.0[19] = 3;
    address
};

impl Journal<'_> {
    /// The account, for engines that know warm and cold ones (EIP-2929).
    ///
    /// # Errors
    /// The ledger's.
    pub fn visit(&mut self, at: ReadContext, address: &Address) -> Result<Visit> {
        let now = self.transaction;
        let entry = self.entry(at, address)?;
        let (surcharge, before) = entry.surcharge.touch(now);
        let (account, present) = (entry.current, entry.marks.present);
        let mut cold = false;
        if let Some(before) = before {
            self.undo.push(Undo::Touch { address: *address, key: None, before });
            cold = !self.warm_accounts.contains(address);
        }
        Ok(Visit { account, cold, present: present || !account.is_empty(), surcharge })
    }

    /// Whether an access to the account now would be the transaction's first.
    #[must_use]
    pub fn is_cold_account(&self, address: &Address) -> bool {
        let entry = self.entries.get(address);
        !entry.is_some_and(|entry| entry.surcharge.is_paid(self.transaction))
            && !self.warm_accounts.contains(address)
    }

    /// Makes an account warm for the whole transaction, without reading it.
    pub fn warm_account(&mut self, address: &Address) {
        self.warm_accounts.insert(*address);
    }

    /// Notes that the account is a party to something, if only to the transfer of nothing.
    ///
    /// # Errors
    /// The ledger's.
    pub fn touch(&mut self, at: ReadContext, address: &Address) -> Result<()> {
        let now = self.transaction;
        let marks = self.entry(at, address)?.marks;
        if marks.touched_in != now {
            self.mark(address, Marks { touched_in: now, present: true, ..marks });
            self.touched.push(*address);
        }
        Ok(())
    }

    /// Notes that the account is created now.
    ///
    /// # Errors
    /// The ledger's.
    pub fn note_created(&mut self, at: ReadContext, address: &Address) -> Result<()> {
        let marks = self.entry(at, address)?.marks;
        self.mark(address, Marks { created_in: self.transaction, ..marks });
        Ok(())
    }

    /// Whether the account was created in this transaction.
    #[must_use]
    pub fn is_created(&self, address: &Address) -> bool {
        self.entries.get(address).is_some_and(|entry| entry.marks.created_in == self.transaction)
    }

    /// Notes that the account ends with the transaction; false where that was so before.
    ///
    /// # Errors
    /// The ledger's.
    pub fn note_destructed(&mut self, at: ReadContext, address: &Address) -> Result<bool> {
        let now = self.transaction;
        let marks = self.entry(at, address)?.marks;
        if marks.destructed_in == now {
            return Ok(false);
        }
        self.mark(address, Marks { destructed_in: now, ..marks });
        self.destructed.push(*address);
        Ok(true)
    }

    /// Whether the account holds any storage, so that none may be created in its place (EIP-7610).
    /// A ledger that cannot scan is taken to hold none.
    ///
    /// # Errors
    /// The ledger's.
    pub fn has_storage(&mut self, at: ReadContext, address: &Address) -> Result<bool> {
        let entry = self.entry(at, address)?;
        let kept = entry.words.values().any(|slot| !slot.current.is_zero())
            || entry.storage.values().any(|slot| slot.current.is_some());
        if kept || entry.ended || !entry.stored {
            return Ok(kept);
        }
        let all = Range { start: &[], end: None, reverse: false, limit: 1 };
        match self.ledger.scan(at, address, all) {
            Ok(page) => Ok(!page.rows.is_empty()),
            Err(Error { status: Status::HostMissing, .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Ends the transaction: what was destroyed goes, and, where EIP-161 holds, so does what was
    /// touched and left empty.
    pub fn finish(&mut self, clear_empty: bool) {
        let now = self.transaction;
        for address in std::mem::take(&mut self.destructed) {
            if self.known(&address).marks.destructed_in == now {
                self.destroy(&address);
            }
        }
        for address in std::mem::take(&mut self.touched) {
            let entry = self.known(&address);
            if clear_empty && entry.marks.touched_in == now && entry.current.is_empty() {
                self.destroy(&address);
            }
        }
    }

    /// Takes the touch of an account back.
    pub(super) fn unmark(&mut self, address: &Address, old: Marks) {
        let marks = &mut self.known(address).marks;
        let stays = *address == ALWAYS_TOUCHED;
        *marks =
            if stays { Marks { touched_in: marks.touched_in, present: marks.present, ..old } } else { old };
    }

    fn mark(&mut self, address: &Address, marks: Marks) {
        let old = std::mem::replace(&mut self.known(address).marks, marks);
        self.undo.push(Undo::Marks { address: *address, old });
    }

    fn destroy(&mut self, address: &Address) {
        let old = Box::new(self.known(address).end());
        self.undo.push(Undo::Destroy { address: *address, old });
    }
}
