//! Ethereum's hashes of a ledger's accounts and of logs.

use alloy_trie::{HashBuilder, Nibbles};
use zvm::crypto::hash::keccak256;
use zvm::{Account, Log, MemoryLedger, Word};

/// The root of all accounts.
pub(crate) fn state_root(ledger: &MemoryLedger) -> Word {
    root(ledger.accounts().map(|(address, account)| {
        let storage = root(ledger.entries(address).map(|(key, value)| (&**key, number(value))));
        (&address.0[..], record(account, &storage))
    }))
}

/// keccak256 of the list of logs.
pub(crate) fn logs_hash(logs: &[Log]) -> Word {
    let logs: Vec<_> = logs
        .iter()
        .map(|Log { address, topics, data }| {
            let topics: Vec<_> = topics.iter().map(|topic| string(&topic.0)).collect();
            list(&[string(&address.0), list(&topics), string(data)])
        })
        .collect();
    keccak256(&list(&logs))
}

/// The code hash of an account without code.
pub(crate) fn no_code() -> Word {
    keccak256(&[])
}

fn record(account: &Account, storage: &Word) -> Vec<u8> {
    let code = if account.has_code() { account.code_hash } else { no_code() };
    list(&[
        number(&account.nonce.to_be_bytes()),
        number(&account.balance.0),
        string(&storage.0),
        string(&code.0),
    ])
}

/// The root of a trie whose keys are hashed.
fn root<'a>(leaves: impl Iterator<Item = (&'a [u8], Vec<u8>)>) -> Word {
    let mut leaves: Vec<_> = leaves.map(|(key, value)| (keccak256(key), value)).collect();
    leaves.sort_unstable();
    let mut trie = HashBuilder::default();
    for (key, value) in leaves {
        trie.add_leaf(Nibbles::unpack(key.0), &value);
    }
    Word(trie.root().0)
}

/// A number in RLP: without leading zeros.
fn number(digits: &[u8]) -> Vec<u8> {
    let first = digits.iter().position(|digit| *digit != 0).unwrap_or(digits.len());
    string(&digits[first..])
}

fn string(bytes: &[u8]) -> Vec<u8> {
    match bytes {
        [byte] if *byte < 0x80 => vec![*byte],
        _ => [head(0x80, bytes.len()), bytes.to_vec()].concat(),
    }
}

fn list(items: &[Vec<u8>]) -> Vec<u8> {
    let items = items.concat();
    [head(0xc0, items.len()), items].concat()
}

fn head(kind: u8, len: usize) -> Vec<u8> {
    if len <= 55 {
        return vec![kind + len as u8];
    }
    let digits = len.to_be_bytes();
    let digits = &digits[len.leading_zeros() as usize / 8..];
    [&[kind + 55 + digits.len() as u8], digits].concat()
}

#[test]
fn the_bloom_of_logs_is_what_ethereums_crates_make_of_them() {
    use revm::primitives::{Address as EvmAddress, B256, Log as EvmLog};
    let log = |address: u8, topics: &[u8]| Log {
        address: zvm::Address([address; 20]),
        topics: topics.iter().map(|topic| Word([*topic; 32])).collect(),
        data: [].into(),
    };
    let logs = [log(1, &[]), log(2, &[3]), log(1, &[4, 5, 6, 7])];
    let theirs = logs.iter().map(|log| {
        let topics = log.topics.iter().map(|topic| B256::new(topic.0)).collect();
        EvmLog::new_unchecked(EvmAddress::new(log.address.0), topics, Default::default())
    });
    let theirs: Vec<_> = theirs.collect();
    let expected = revm::primitives::alloy_primitives::logs_bloom(&theirs);
    assert_eq!(zvm::crypto::bloom::logs_bloom(&logs), expected.0.0);
    assert_eq!(zvm::crypto::bloom::logs_bloom(&[]), [0; 256]);
}
