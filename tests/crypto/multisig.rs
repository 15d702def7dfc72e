//! contracts/multisig: a wallet that Ed25519 and ML-DSA keys open together.

use std::io::Write;

use ed25519_dalek::Signer as _;
use fips204::ml_dsa_65;
use fips204::traits::{KeyGen, SerDes, Signer as _};
use zvm::{
    Account, Address, Block, Call, Config, Deploy, Execution, MemoryLedger, Outcome, Runtime, Session, Terms,
    Word,
};

const SENDER: Address = Address([1; 20]);
const PAYEE: Address = Address([2; 20]);
const GAS: u64 = 1 << 30;

/// An owner's secret.
enum Owner {
    Classical(Box<ed25519_dalek::SigningKey>),
    Lattice(Box<ml_dsa_65::PrivateKey>),
}

impl Owner {
    fn classical(seed: u8) -> Self {
        Self::Classical(Box::new(ed25519_dalek::SigningKey::from_bytes(&[seed; 32])))
    }

    fn lattice(seed: u8) -> Self {
        Self::Lattice(Box::new(ml_dsa_65::KG::keygen_from_seed(&[seed; 32]).1))
    }

    /// The algorithm's number and the public key.
    fn encoded(&self) -> Vec<u8> {
        match self {
            Self::Classical(key) => [&[1], &key.verifying_key().as_bytes()[..]].concat(),
            Self::Lattice(key) => [&[17], &key.get_public_key().into_bytes()[..]].concat(),
        }
    }

    fn sign(&self, digest: &[u8]) -> Vec<u8> {
        match self {
            Self::Classical(key) => key.sign(digest).to_bytes().to_vec(),
            Self::Lattice(key) => {
                key.try_sign_with_seed(&[0; 32], digest, &[]).expect("a signature").to_vec()
            }
        }
    }
}

/// A wallet with 100, which two of its four owners open: numbers 0 and 2 sign with Ed25519, 1 and 3 with
/// ML-DSA-65.
struct Wallet {
    session: Session<'static>,
    address: Address,
    owners: Vec<Owner>,
}

fn wallet() -> Option<Wallet> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/build/contracts/rust/multisig.wasm");
    let Ok(code) = std::fs::read(path) else {
        let _ = writeln!(std::io::stderr(), "SKIPPED: no multisig.wasm: make contracts");
        return None;
    };
    let mut ledger = MemoryLedger::new();
    ledger.set_account(SENDER, Account { balance: 1_000.into(), ..Account::default() });
    let runtime = Runtime::new(Config::default()).expect("a runtime");
    let block = Block { chain_id: 7.into(), ..Block::default() };
    let mut session = runtime.session(Box::leak(Box::new(ledger)), block);
    let owners = vec![Owner::classical(1), Owner::lattice(2), Owner::classical(3), Owner::lattice(4)];
    let mut input = vec![2];
    owners.iter().for_each(|owner| input.extend(owner.encoded()));
    let mut deploy = Deploy::by(SENDER, Terms { gas_limit: GAS, ..Terms::default() });
    (deploy.code, deploy.input, deploy.value) = (code.into(), input, 100.into());
    let made = session.deploy(&deploy).expect("a kind ledger");
    let address = made.created.unwrap_or_else(|| panic!("{:?}", made.outcome));
    Some(Wallet { session, address, owners })
}

impl Wallet {
    fn enter(&mut self, entry: &str, input: &[u8]) -> Execution {
        let terms = Terms { gas_limit: GAS, ..Terms::default() };
        let call = Call {
            caller: SENDER,
            target: self.address,
            entry: entry.into(),
            input: input.to_vec(),
            terms,
            ..Call::default()
        };
        self.session.call(&call).expect("a kind ledger")
    }

    /// Executes a payment with these owners' signatures of it.
    fn execute(&mut self, amount: u64, signers: &[u8]) -> Execution {
        let payment = payment(amount);
        let digest = self.enter("digest", &payment).output;
        let signatures: Vec<(u8, Vec<u8>)> =
            signers.iter().map(|number| (*number, self.owners[usize::from(*number)].sign(&digest))).collect();
        self.execute_signed(&payment, &signatures)
    }

    fn execute_signed(&mut self, payment: &[u8], signatures: &[(u8, Vec<u8>)]) -> Execution {
        let mut input = (payment.len() as u32).to_be_bytes().to_vec();
        input.extend_from_slice(payment);
        for (number, signature) in signatures {
            input.push(*number);
            input.extend_from_slice(signature);
        }
        self.enter("execute", &input)
    }

    fn nonce(&mut self) -> u64 {
        u64::from_be_bytes(self.enter("nonce", &[]).output.try_into().expect("8 bytes"))
    }
}

/// To an address that holds no code.
fn payment(amount: u64) -> Vec<u8> {
    [&PAYEE.0[..], &Word::from(amount).0].concat()
}

fn reverted(execution: &Execution) -> String {
    assert_eq!(execution.outcome, Outcome::Revert, "{:?}", execution.outcome);
    String::from_utf8(execution.output.clone()).expect("text")
}

/// A contract that takes anything.
fn taker(wallet: &mut Wallet) -> Address {
    let code =
        wat::parse_str("(module (memory (export \"memory\") 1) (func (export \"call\")))").expect("code");
    let mut deploy = Deploy::by(SENDER, Terms { gas_limit: GAS, ..Terms::default() });
    deploy.code = code.into();
    wallet.session.deploy(&deploy).expect("a kind ledger").created.expect("a contract")
}

#[test]
fn two_owners_of_any_kind_pay() {
    for signers in [[0, 1], [0, 2], [1, 3], [2, 3]] {
        let Some(mut wallet) = wallet() else { return };
        let payee = taker(&mut wallet);
        let payment = [&payee.0[..], &Word::from(30).0, b"thank you"].concat();
        let digest = wallet.enter("digest", &payment).output;
        let signatures: Vec<(u8, Vec<u8>)> = signers
            .iter()
            .map(|number| (*number, wallet.owners[usize::from(*number)].sign(&digest)))
            .collect();
        let done = wallet.execute_signed(&payment, &signatures);
        assert_eq!(done.outcome, Outcome::Success, "{signers:?}: {}", String::from_utf8_lossy(&done.output));
        assert_eq!(done.logs[0].data[..], 0_u64.to_be_bytes());
        assert_eq!(wallet.nonce(), 1);
        let changes = wallet.session.changes().expect("usable");
        let paid = changes.list.iter().any(|change| {
            change.account == payee && matches!(change.write, zvm::Write::Balance(to) if to == 30.into())
        });
        assert!(paid, "{signers:?}");
        // The same signatures once more are of a nonce that is gone.
        assert_eq!(reverted(&wallet.execute_signed(&payment, &signatures)), "bad signature");
    }
}

#[test]
fn one_owner_is_too_few_and_twice_the_same_is_one() {
    let Some(mut wallet) = wallet() else { return };
    assert_eq!(reverted(&wallet.execute(1, &[])), "too few signatures");
    assert_eq!(reverted(&wallet.execute(1, &[1])), "too few signatures");
    assert_eq!(reverted(&wallet.execute(1, &[1, 1])), "bad signature");
    // Out of order: each signer is named once, from the lowest on.
    assert_eq!(reverted(&wallet.execute(1, &[1, 0])), "bad signature");
    assert_eq!(wallet.nonce(), 0);
}

#[test]
fn a_signature_holds_for_its_payment_and_its_owner() {
    let Some(mut wallet) = wallet() else { return };
    let digest = wallet.enter("digest", &payment(1)).output;
    let [first, second] = [0, 1].map(|number| wallet.owners[number].sign(&digest));
    let other = wallet.execute_signed(&payment(2), &[(0, first.clone()), (1, second.clone())]);
    assert_eq!(reverted(&other), "bad signature");
    let exchanged = wallet.execute_signed(&payment(1), &[(2, first.clone()), (3, second.clone())]);
    assert_eq!(reverted(&exchanged), "bad signature");
    assert_eq!(
        reverted(&wallet.execute_signed(&payment(1), &[(0, first.clone()), (4, second)])),
        "bad owner"
    );
    let cut = wallet.execute_signed(&payment(1), &[(0, first), (1, vec![0; 3308])]);
    assert_eq!(reverted(&cut), "bad input");
}

#[test]
fn a_failed_payment_takes_its_nonce_back() {
    let Some(mut wallet) = wallet() else { return };
    // There is no contract at the address, and more than the wallet has.
    assert_eq!(reverted(&wallet.execute(101, &[0, 1])), "call failed");
    assert_eq!(wallet.nonce(), 0);
}

#[test]
fn owners_are_what_init_says_and_init_runs_once() {
    let Some(mut wallet) = wallet() else { return };
    let end = wallet.enter("init", &[1]);
    assert_eq!(end.outcome, Outcome::Halt(zvm::Halt::NoEntry));
}
