//! A second machine for ZVM bytecode: slow, and obvious. It decodes each instruction where it runs it,
//! reckons bit by bit, and takes changes back by putting an old copy of the world in the new one's
//! place.

pub(crate) mod machine;
pub(crate) mod words;
pub(crate) mod world;
