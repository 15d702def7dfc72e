//! Every byte string is a program: it ends, in the way that both machines say.

use zvm::engine::zvm::container::{Container, Flags};
use zvm::{Block, EngineKind, Halt, MemoryLedger, Outcome, Runtime};

use crate::random::Random;
use crate::world::{CONTRACT, call_of, contain, place, runtime};

const GAS: u64 = 20_000;

/// Runs code as it is, and with what its last immediate lacks.
fn ends(runtime: &Runtime, code: &[u8]) {
    let whole = [code, &[0; 32]].concat();
    let plain = Container { code: code.to_vec(), flags: Flags::default(), ..Container::default() };
    for container in [contain(code), contain(&whole), plain.write().expect("small")] {
        let mut ledger = MemoryLedger::new();
        place(&mut ledger, CONTRACT, EngineKind::Zvm, &container);
        let mut session = runtime.session(&mut ledger, Block::default());
        let done = session.call(&call_of(CONTRACT, &[7; 40], GAS)).expect("code alone cannot make us fail");
        let valid = runtime.load_code(&container.as_slice().into(), None).is_ok();
        assert_eq!(valid, done.outcome != Outcome::Halt(Halt::InvalidCode), "{code:02x?}");
        assert!(done.gas_used <= GAS && done.gas_left + done.gas_used == GAS, "{code:02x?}");
        if matches!(done.outcome, Outcome::Halt(_)) {
            let spent = if valid { GAS } else { done.gas_used };
            assert_eq!((done.gas_used, done.output.len(), done.logs.len()), (spent, 0, 0), "{code:02x?}");
        }
    }
}

#[test]
fn every_string_of_up_to_two_bytes_ends() {
    let runtime = runtime();
    ends(&runtime, &[]);
    for first in 0..=255 {
        ends(&runtime, &[first]);
        (0..=255).for_each(|second| ends(&runtime, &[first, second]));
    }
}

fn random_strings(first: u64, count: u64) {
    let runtime = runtime();
    for seed in first..first + count {
        let mut random = Random::new(seed);
        let code: Vec<u8> = (0..1 + random.below(64)).map(|_| random.byte()).collect();
        ends(&runtime, &code);
    }
}

/// 20,000 here; `make fuzz-zvm` runs a million.
#[test]
fn random_strings_end() {
    random_strings(0, 20_000);
}

#[test]
#[ignore = "a million of them: make fuzz-zvm"]
fn a_million_random_strings_end() {
    random_strings(1 << 32, 1_000_000);
    println!("1000000 random strings of up to 64 bytes ended");
}
