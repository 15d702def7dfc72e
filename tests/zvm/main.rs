//! ZVM bytecode: its vectors, its container, its assembler; against a reference that is slow and
//! obvious, and against revm's interpreter where opcodes have the EVM's meaning.

mod assembly;
mod bytes;
mod container;
mod contracts;
mod differential;
mod generate;
mod hedera;
mod host;
mod legacy;
mod limits;
mod random;
mod reference;
mod revm;
mod signatures;
mod vectors;
mod world;
