//! The rules of the house, read off src/ line by line: floors, unsafe rooms, budgets, manners.
//!
//! Each rule is a function from a [`Source`](source::Source) to [`Finding`](source::Finding)s, so
//! that it is tried on bad snippets as well as on the library: a rule that cannot fail holds nothing.

mod budgets;
mod floors;
mod manners;
mod rooms;
mod source;

use source::{Finding, library};

/// Fails with every offending line.
fn hold(rule: fn(&source::Source) -> Vec<Finding>) {
    let found: Vec<String> = library().iter().flat_map(rule).map(|finding| finding.to_string()).collect();
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn the_whole_library_is_read() {
    let paths: Vec<String> = library().into_iter().map(|source| source.path).collect();
    assert!(paths.len() > 80, "only {} files", paths.len());
    for known in ["lib.rs", "types.rs", "ffi/session.rs", "engine/wasm/instance.rs"] {
        assert!(paths.iter().any(|path| path == known), "{known} is not among them");
    }
}

#[test]
fn floors_import_only_what_lies_below() {
    hold(floors::imports);
}

#[test]
fn unsafe_stays_in_its_rooms() {
    hold(rooms::outside);
}

#[test]
fn every_unsafe_says_why_it_holds() {
    hold(rooms::unexplained);
}

#[test]
fn every_unsafe_room_is_in_use() {
    for room in rooms::FILES {
        assert!(
            library().iter().any(|source| rooms::holds_unsafe(source, room)),
            "{room} holds no unsafe: strike it"
        );
    }
}

#[test]
fn files_keep_their_budget() {
    hold(budgets::over);
}

#[test]
fn every_excuse_is_needed() {
    let idle = budgets::idle_excuses(&library());
    assert!(idle.is_empty(), "these files are within their budget again: {idle:?}");
}

#[test]
fn names_come_from_the_module_that_defines_them() {
    hold(manners::root_names);
}

#[test]
fn the_border_does_not_unwrap() {
    hold(manners::unwraps_in_ffi);
}

#[test]
fn nothing_is_printed_and_no_environment_or_clock_is_read() {
    hold(manners::world);
}
