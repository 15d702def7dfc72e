//! Input, output, and what a called contract returned.

use std::convert::Infallible;

use super::{Done, Host};
use crate::host::guest::Stop;
use crate::host::kinds::{Output, RevertData, Window};

/// See the table.
pub fn input_size(host: &mut Host<'_, '_>) -> Done<i32> {
    Ok(host.state.frame().input.len() as i32)
}

/// See the table.
pub fn input_copy(host: &mut Host<'_, '_>, out: Window) -> Done<()> {
    let input = host.state.frame().input.clone();
    host.copy_window(out, &input)
}

/// See the table.
pub fn set_output(host: &mut Host<'_, '_>, data: Output) -> Done<()> {
    let output = &mut host.state.frame_mut().output;
    output.clear();
    output.extend_from_slice(host.guest.bytes(data.0));
    Ok(())
}

/// See the table.
pub fn revert(host: &mut Host<'_, '_>, data: RevertData) -> Done<Infallible> {
    Err(Stop::Revert(host.guest.bytes(data.0).to_vec()))
}

/// See the table.
pub fn return_size(host: &mut Host<'_, '_>) -> Done<i32> {
    Ok(host.state.frame().returned.len() as i32)
}

/// See the table.
pub fn return_copy(host: &mut Host<'_, '_>, out: Window) -> Done<()> {
    let returned = std::mem::take(&mut host.state.frame_mut().returned);
    let copied = host.copy_window(out, &returned);
    host.state.frame_mut().returned = returned;
    copied
}
