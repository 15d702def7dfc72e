//! Events, which are part of the result, and debug lines, which are not.

use super::{Done, Host};
use crate::host::kinds::{EventData, Message, Topics};
use crate::types::Word;

/// See the table.
pub fn emit(host: &mut Host<'_, '_>, topics: Topics, data: EventData) -> Done<()> {
    let count = u64::from(topics.0.len / 32);
    host.charge(count.saturating_mul(host.state.rules.schedule.event_topic))?;
    let words = host.guest.bytes(topics.0).chunks_exact(32);
    let topics = words.map(|topic| Word(topic.try_into().expect("32 bytes"))).collect();
    host.state.emit(topics, host.guest.bytes(data.0))?;
    Ok(())
}

/// See the table.
pub fn debug_log(host: &mut Host<'_, '_>, message: Message) -> Done<()> {
    host.state.debug_log(host.guest.bytes(message.0));
    Ok(())
}
