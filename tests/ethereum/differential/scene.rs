//! A world of contracts by chance, and transactions in it.

use std::collections::BTreeMap;

use zvm::crypto::address::create_address;
use zvm::crypto::hash::keccak256;
use zvm::{
    Access, Account, Address, Authorization, Block, Bytes, EngineKind, EthereumKind, EthereumTransaction,
    MemoryLedger, Revision, Word,
};

use super::program::{initcode, program};
use super::random::Random;

/// A world and what happens in it.
pub(super) struct Scene {
    pub(super) block: Block,
    pub(super) ledger: MemoryLedger,
    pub(super) transactions: Vec<EthereumTransaction>,
}

/// Accounts as both sides show them: those that are not empty, with their slots that are not zero.
pub(super) type State = BTreeMap<Address, (Word, u64, Word, BTreeMap<Word, Word>)>;

const SENDERS: [Address; 3] = [Address([0x51; 20]), Address([0x52; 20]), Address([0x53; 20])];
const PROPOSER: Address = Address([0xc0; 20]);
const CHAIN: u64 = 1;

fn contract(index: u8) -> Address {
    Address([0x10 + index; 20])
}

fn numbered(last: u8) -> Address {
    let mut address = Address::ZERO;
    address.0[19] = last;
    address
}

/// What code may call, look at, or leave its balance to.
fn addresses() -> Vec<Address> {
    let contracts = (0..8).map(contract);
    let precompiles = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 17].map(numbered);
    let fresh = [Address([0xee; 20]), create_address(&contract(0), 1), create_address(&contract(1), 1)];
    let others = SENDERS.into_iter().chain([PROPOSER]).chain(precompiles).chain(fresh);
    // Contracts twice, so that they meet each other more often than anything else.
    contracts.clone().chain(contracts).chain(others).collect()
}

impl Scene {
    pub(super) fn new(random: &mut Random, revision: Revision) -> Self {
        let addresses = addresses();
        let mut ledger = MemoryLedger::new();
        for sender in SENDERS {
            let balance = Word::from(if random.one_in(20) { 1_000_000 } else { 1 << 60 });
            ledger.set_account(sender, Account { balance, ..Account::default() });
        }
        for index in 0..8 {
            let code: Bytes = program(random, &addresses, 2).bytes().into();
            let code_hash = keccak256(&code);
            let balance = Word::from(random.below(100));
            let engine = Some(EngineKind::Evm);
            ledger.set_account(contract(index), Account { balance, nonce: 1, code_hash, engine });
            ledger.set_code(code_hash, code);
            for slot in 0..random.below(5) {
                ledger.set_storage(contract(index), Word::from(slot).0, Word::from(1 + random.below(2)).0);
            }
        }
        let block = Block {
            number: 1000,
            timestamp: 1_700_000_000,
            chain_id: Word::from(CHAIN),
            proposer: PROPOSER,
            gas_limit: 30_000_000,
            base_fee: Word::from(if revision >= Revision::London { 7 } else { 0 }),
            randomness: Some(Word::from(5)),
            blob_base_fee: Word::from(1),
            difficulty: Word::from(11),
        };
        // What the peer's empty database says of earlier blocks.
        for number in block.number - 256..block.number {
            ledger.set_block_hash(number, keccak256(number.to_string().as_bytes()));
        }
        let count = 1 + random.below(6);
        let transactions = (0..count).map(|_| transaction(random, revision, &addresses)).collect();
        Self { block, ledger, transactions }
    }
}

fn transaction(random: &mut Random, revision: Revision, addresses: &[Address]) -> EthereumTransaction {
    let sender = random.of(&SENDERS);
    let kinds: &[EthereumKind] = match revision {
        revision if revision >= Revision::Prague => &[
            EthereumKind::Legacy,
            EthereumKind::AccessList,
            EthereumKind::DynamicFee,
            EthereumKind::Blob,
            EthereumKind::SetCode,
            EthereumKind::SetCode,
        ],
        revision if revision >= Revision::London => {
            &[EthereumKind::Legacy, EthereumKind::AccessList, EthereumKind::DynamicFee]
        }
        // One that the revision may not know, now and then.
        _ if random.one_in(20) => &[EthereumKind::AccessList],
        _ => &[EthereumKind::Legacy],
    };
    let kind = random.of(kinds);
    let creates = random.one_in(6) && kind < EthereumKind::Blob;
    let input = match creates {
        true => initcode(random, addresses, 1),
        false => (0..random.below(70)).map(|_| byte(random)).collect(),
    };
    EthereumTransaction {
        kind,
        sender,
        chain_id: Some(Word::from(if random.one_in(60) { 2 } else { CHAIN })),
        // On top of the sender's.
        nonce: if random.one_in(40) { 1 } else { 0 },
        gas_limit: match random.below(6) {
            0 if random.one_in(4) => 21_000 + random.below(10_000),
            1 => 60_000 + random.below(100_000),
            _ => 100_000 + random.below(900_000),
        },
        gas_price: Word::from(if random.one_in(30) { random.below(7) } else { 10 + random.below(10) }),
        tip: Word::from(if random.one_in(40) { 50 } else { random.below(8) }),
        to: (!creates).then(|| random.of(addresses)),
        value: Word::from(if random.one_in(3) { random.below(50) } else { 0 }),
        input,
        access_list: (0..random.below(3)).map(|_| access(random, addresses)).collect(),
        blob_hashes: (0..1 + random.below(4)).map(|_| blob(random)).collect(),
        blob_fee_cap: Word::from(u64::from(!random.one_in(20))),
        authorizations: (0..if random.one_in(20) { 0 } else { 1 + random.below(3) })
            .map(|_| authorization(random, addresses))
            .collect(),
    }
}

/// A byte of input; every other one is zero, which costs less.
fn byte(random: &mut Random) -> u8 {
    if random.one_in(2) { 0 } else { random.next() as u8 }
}

fn access(random: &mut Random, addresses: &[Address]) -> Access {
    let slots = (0..random.below(4)).map(|_| Word::from(random.below(5))).collect();
    Access { address: random.of(addresses), slots }
}

fn blob(random: &mut Random) -> Word {
    let mut hash = Word::from(random.next());
    hash.0[0] = if random.one_in(20) { 2 } else { 1 };
    hash
}

/// Senders and accounts that are not there yet take the code of contracts, of each other and of
/// precompiles.
fn authorization(random: &mut Random, addresses: &[Address]) -> Authorization {
    let authority =
        random.of(&[SENDERS[0], SENDERS[1], SENDERS[2], Address([0xee; 20]), Address([0xef; 20])]);
    let address = if random.one_in(5) { Address::ZERO } else { random.of(addresses) };
    Authorization {
        chain_id: Word::from(random.of(&[0, CHAIN, CHAIN, 9])),
        address,
        nonce: random.below(4),
        authority: (!random.one_in(15)).then_some(authority),
    }
}

/// The accounts of a ledger.
pub(super) fn state(ledger: &MemoryLedger) -> State {
    let accounts = ledger.accounts().filter(|(_, account)| !account.is_empty());
    let accounts = accounts.map(|(address, account)| {
        let slots = ledger
            .entries(address)
            .map(|(key, value)| (Word::from_bytes(key).unwrap(), Word::from_bytes(value).unwrap()));
        (*address, (account.balance, account.nonce, account.code_hash, slots.collect()))
    });
    accounts.collect()
}
