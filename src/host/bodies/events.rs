//! Events, which are part of the result, and debug lines, which are not.

use super::{Done, Host};
use crate::host::kinds::{EventData, Message, Topics};
use crate::outcome::Halt;
use crate::types::{Log, Word};

/// See the table.
pub fn emit(host: &mut Host<'_, '_>, topics: Topics, data: EventData) -> Done<()> {
    let count = u64::from(topics.0.len / 32);
    host.charge(count.saturating_mul(host.state.rules.schedule.event_topic))?;
    let limits = &host.state.rules.limits;
    let before: usize = host.state.journal.logs().iter().map(|log| log.data.len()).sum();
    let within = host.state.journal.logs().len() < limits.events as usize
        && before + data.0.len as usize <= limits.total_event_bytes as usize;
    if !within {
        return Err(Halt::EventLimit.into());
    }
    let topics = host.guest.bytes(topics.0).chunks_exact(32);
    let topics = topics.map(|topic| Word(topic.try_into().expect("32 bytes"))).collect();
    let data = host.bytes(data.0);
    let address = host.state.frame().address;
    host.state.journal.log(Log { address, topics, data });
    Ok(())
}

/// See the table.
pub fn debug_log(host: &mut Host<'_, '_>, message: Message) -> Done<()> {
    host.state.debug_log(host.guest.bytes(message.0));
    Ok(())
}
