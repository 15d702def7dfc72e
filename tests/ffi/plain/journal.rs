//! n046, n047, n068: a journal under random writes, checkpoints and rollbacks is what a plain map
//! with copies for checkpoints is; so is what it hands over.

use std::collections::BTreeMap;

use zvm::state::journal::{Checkpoint, Journal};
use zvm::state::ledger::ReadContext;
use zvm::{Account, Address, Bytes, MemoryLedger, Word};

const STEPS: u32 = if cfg!(miri) { 150 } else { 20_000 };
const ACCOUNTS: u8 = 4;
const EACH: u64 = 1000;

/// Balances, and storage by account and key.
type Model = (BTreeMap<u8, u64>, BTreeMap<(u8, u8), u8>);

fn account(number: u8) -> Address {
    Address(crate::support::address(number))
}

#[test]
fn n046_n047_n068_a_journal_is_a_map_that_can_go_back() {
    let mut ledger = MemoryLedger::new();
    (0..ACCOUNTS).for_each(|number| {
        ledger.set_account(account(number), Account { balance: EACH.into(), ..Account::default() })
    });
    let mut journal = Journal::new(Box::new(&mut ledger));
    let mut model: Model = ((0..ACCOUNTS).map(|number| (number, EACH)).collect(), BTreeMap::new());
    let mut checkpoints: Vec<(Checkpoint, Model)> = Vec::new();
    let (at, mut random) = (ReadContext::default(), 0x2545_f491_4f6c_dd1d_u64);
    for _ in 0..STEPS {
        (0..3)
            .zip([13u32, 7, 17])
            .for_each(|(turn, by)| random ^= if turn == 1 { random >> by } else { random << by });
        let [one, other, key, value, amount, verb, ..] = random.to_le_bytes();
        let (one, other, key) = (one % ACCOUNTS, other % ACCOUNTS, key % 8);
        match verb % 8 {
            0..=2 => {
                let write = (value % 3 != 0).then_some(value);
                let bytes = |byte: u8| Bytes::from([byte].as_slice());
                journal.set_storage(at, &account(one), &bytes(key), write.map(bytes)).expect("in memory");
                match write {
                    Some(value) => drop(model.1.insert((one, key), value)),
                    None => drop(model.1.remove(&(one, key))),
                }
            }
            3 | 4 => {
                let amount = u64::from(amount) * 4;
                let moved =
                    journal.transfer(at, &account(one), &account(other), amount.into()).expect("in memory");
                assert_eq!(moved.is_ok(), model.0[&one] >= amount);
                if moved.is_ok() {
                    *model.0.get_mut(&one).expect("an account") -= amount;
                    *model.0.get_mut(&other).expect("an account") += amount;
                }
            }
            5 => checkpoints.push((journal.checkpoint(), model.clone())),
            6 if checkpoints.len() > usize::from(value % 4) => {
                let back = checkpoints.len() - 1 - usize::from(value % 4);
                checkpoints.truncate(back + 1);
                let (checkpoint, then) = checkpoints.pop().expect("the one to go back to");
                journal.rollback(checkpoint);
                model = then;
            }
            _ => {
                let found = journal.storage(at, &account(one), &[key]).expect("in memory").value;
                assert_eq!(found.map(AsRef::as_ref), model.1.get(&(one, key)).map(std::slice::from_ref));
            }
        }
    }
    journal.commit().expect("in memory");
    assert!(journal.changes().is_empty());
    drop(journal);
    assert_eq!(model.0.values().sum::<u64>(), EACH * u64::from(ACCOUNTS), "nothing is made and nothing lost");
    for number in 0..ACCOUNTS {
        assert_eq!(
            ledger.account_at(&account(number)).expect("an account").balance,
            Word::from(model.0[&number])
        );
        let kept: BTreeMap<(u8, u8), u8> =
            ledger.entries(&account(number)).map(|(key, value)| ((number, key[0]), value[0])).collect();
        let expected: BTreeMap<(u8, u8), u8> = model
            .1
            .iter()
            .filter(|((one, _), _)| *one == number)
            .map(|(key, value)| (*key, *value))
            .collect();
        assert_eq!(kept, expected);
    }
}
