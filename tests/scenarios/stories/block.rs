//! What a contract reads of the block it runs in.

use zvm::{Block, Word};

use crate::scenario::Scenario;
use crate::script::{int, results, script};
use crate::verbs::*;

pub(super) fn stories() -> Vec<Scenario> {
    vec![block(), nothing_known(), hashes()]
}

fn block() -> Scenario {
    let mut scenario =
        Scenario::new("block", "A contract reads the block the session was opened in, at any depth.");
    scenario.block = Block {
        number: 1_234_567,
        timestamp: 1_700_000_000,
        chain_id: word(0x11),
        proposer: D,
        gas_limit: 30_000_000,
        base_fee: word(0x22),
        randomness: Some(word(0x33)),
        ..Block::default()
    };
    let read = || script().block_number().block_timestamp().chain_id().proposer().randomness().end();
    let told = results(&[
        &1_234_567_u64.to_le_bytes(),
        &1_700_000_000_u64.to_le_bytes(),
        &[0x11; 32],
        &D.0,
        &int(0),
        &[0x33; 32],
    ]);
    let nested = script().static_call(B, &read()).return_copy(0, told.len() as u32).end();
    scenario
        .contract(A, "script")
        .contract(B, "script")
        .step(call(A).input(read()), success(told.clone()))
        .step(call(A).input(nested), success([&int(0)[..], &told].concat()))
}

fn nothing_known() -> Scenario {
    let read = script().block_number().block_timestamp().chain_id().proposer().randomness().end();
    Scenario::new("block-zero", "Of a block that says nothing all is zero, and randomness is absent.")
        .contract(A, "script")
        .step(call(A).input(read), success(results(&[&[0; 68], &int(-1), &[0; 32]])))
}

fn hashes() -> Scenario {
    let ask = |number: u64| call(A).input(script().block_hash(number).end());
    let known = |digit: u8| success(results(&[&int(0), &word(digit).0]));
    let unknown = || success(results(&[&int(-1), &[0; 32]]));
    let mut scenario = Scenario::new("block-hash", "The ledger decides which block hashes are known.");
    scenario.block.number = 1_000;
    scenario.block_hashes = [(744, word(1)), (999, word(2)), (0, Word::ZERO)].into();
    scenario
        .contract(A, "script")
        .step(ask(999), known(2))
        .step(ask(744), known(1))
        .step(ask(743), unknown())
        // A hash of zero is a hash.
        .step(ask(0), known(0))
        .step(ask(1_000), unknown())
        .step(ask(1_001), unknown())
        .step(ask(u64::MAX), unknown())
}
