//! What contracts may call, and the session they act on.
//!
//! [`table`] declares every host function once; [`dispatch`] is the one path from an engine
//! to a body; [`bodies`] hold what each does to the [`State`](state::State). A contract that
//! calls a contract goes up the [`stair`] and comes down again as a new [`frame`].

pub mod bodies;
pub mod create;
pub mod dispatch;
pub mod frame;
pub mod guest;
pub mod hooks;
pub mod kinds;
pub mod native_stack;
pub mod rules;
pub mod stair;
pub mod state;
pub mod table;
pub mod trace;
pub mod transaction;
pub mod work;
