//! revm whole, on the same code translated: each of our opcodes is one of the EVM's, and PUSHes have the
//! same widths, so that every place stays where it is.

use revm::bytecode::Bytecode;
use revm::context::{Context, TxEnv};
use revm::database::InMemoryDB;
use revm::primitives::{Address, TxKind};
use revm::state::AccountInfo;
use revm::{ExecuteEvm, MainBuilder, MainContext, MainnetEvm};
use zvm::engine::zvm::container::Container;
use zvm::engine::zvm::opcode::Opcode;

const CONTRACT: Address = Address::repeat_byte(0xaa);

type Evm = MainnetEvm<revm::handler::MainnetContext<InMemoryDB>>;

pub(crate) struct Side(Evm);

impl Side {
    pub(crate) fn new(container: &[u8]) -> Self {
        let code = translate(&Container::read(container).expect("a container").code);
        let mut database = InMemoryDB::default();
        let info = AccountInfo::from_bytecode(Bytecode::new_legacy(code.into()));
        database.insert_account_info(CONTRACT, info);
        let context = Context::mainnet().with_db(database).modify_cfg_chained(|cfg| {
            cfg.tx_gas_limit_cap = Some(u64::MAX);
            cfg.disable_nonce_check = true;
        });
        let context = context.modify_block_chained(|block| block.gas_limit = u64::MAX);
        Self(context.build_mainnet())
    }

    pub(crate) fn run(&mut self) -> Vec<u8> {
        let tx = TxEnv::builder()
            .kind(TxKind::Call(CONTRACT))
            .gas_limit(1_000_000_000_000)
            .gas_price(0)
            .build_fill();
        let done = self.0.transact(tx).expect("a transaction");
        assert!(done.result.is_success(), "{:?}", done.result);
        done.result.output().expect("an output").to_vec()
    }
}

fn translate(code: &[u8]) -> Vec<u8> {
    let (mut translated, mut at) = (Vec::new(), 0);
    while at < code.len() {
        let row = Opcode::of(code[at]).expect("an opcode").row();
        translated.push(match row.mnemonic {
            "PUSH1" | "PUSH2" | "PUSH4" | "PUSH8" | "PUSH16" | "PUSH32" => 0x5f + row.immediate as u8,
            "POP" => 0x50,
            "DUP1" => 0x80,
            "DUP2" => 0x81,
            "SWAP1" => 0x90,
            "SWAP2" => 0x91,
            "ADD" => 0x01,
            "MUL" => 0x02,
            "SUB" => 0x03,
            "KECCAK256" => 0x20,
            "MLOAD" => 0x51,
            "MSTORE" => 0x52,
            "SLOAD" => 0x54,
            "SSTORE" => 0x55,
            "JUMPI" => 0x57,
            "JUMPDEST" => 0x5b,
            "RETURN" => 0xf3,
            other => panic!("no row for {other}"),
        });
        translated.extend(&code[at + 1..at + 1 + row.immediate]);
        at += 1 + row.immediate;
    }
    translated
}
