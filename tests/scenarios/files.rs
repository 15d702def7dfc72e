//! The files: written from the stories, held to them, played as they stand.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use crate::scenario::{Expect, Scenario, Step};
use crate::{play, read, stories, write};

/// Every file, read as a binding reads it.
pub(crate) fn vectors() -> &'static [Scenario] {
    static VECTORS: OnceLock<Vec<Scenario>> = OnceLock::new();
    VECTORS.get_or_init(|| {
        let read = |(name, text): (&String, &String)| {
            read::file(name, text).unwrap_or_else(|error| panic!("{name}: {error}"))
        };
        texts().iter().map(read).collect()
    })
}

/// The text of every file by its name. The first to ask writes them, if they are to be written.
fn texts() -> &'static BTreeMap<String, String> {
    static TEXTS: OnceLock<BTreeMap<String, String>> = OnceLock::new();
    TEXTS.get_or_init(|| {
        if std::env::var_os("ZVM_BLESS").is_some() {
            bless();
        }
        let text = |path| std::fs::read_to_string(path).expect("a file");
        paths().into_iter().map(|(name, path)| (name, text(path))).collect()
    })
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors")
}

fn paths() -> BTreeMap<String, PathBuf> {
    let entries = std::fs::read_dir(folder()).expect("tests/vectors");
    let files = entries.map(|entry| entry.expect("an entry").path());
    let named = |path: PathBuf| Some((path.file_stem()?.to_str()?.to_owned(), path));
    files.filter(|path| path.extension().is_some_and(|ending| ending == "json")).filter_map(named).collect()
}

/// What the files should be, by name: `None` where the story does not hold.
fn told() -> &'static BTreeMap<String, Option<String>> {
    static TOLD: OnceLock<BTreeMap<String, Option<String>>> = OnceLock::new();
    TOLD.get_or_init(|| {
        let mut told = BTreeMap::new();
        for story in stories::all() {
            // One broken story must not hide the others.
            let text = std::panic::catch_unwind(|| write::file(&measured(&story))).ok();
            let name = story.name;
            assert!(told.insert(name.clone(), text).is_none(), "two stories are called {name}");
        }
        told
    })
}

fn bless() {
    for (name, text) in told() {
        if let Some(text) = text {
            std::fs::write(folder().join(format!("{name}.json")), text).expect("the file");
        }
    }
    for (_, path) in paths().into_iter().filter(|(name, _)| !told().contains_key(name)) {
        std::fs::remove_file(path).expect("a file nobody tells");
    }
}

/// Plays a story and fills in the gas it leaves open.
fn measured(story: &Scenario) -> Scenario {
    let mut measured = story.clone();
    let acts = measured.steps.iter_mut().filter_map(|step| match step {
        Step::Act(_, expect) => Some(expect),
        _ => None,
    });
    for (expect, gas) in acts.zip(play::play(story)) {
        if let Expect::End(end) = expect {
            end.gas = gas;
        }
    }
    measured
}

#[test]
fn every_story_holds() {
    let broken: Vec<_> = told().iter().filter(|(_, text)| text.is_none()).map(|(name, _)| name).collect();
    assert!(broken.is_empty(), "stories that do not hold: {broken:?}");
}

#[test]
fn every_file_is_what_its_story_tells() {
    let files = texts();
    let names: BTreeSet<_> = files.keys().chain(told().keys()).collect();
    let same = |name: &String| told().get(name).and_then(Option::as_ref) == files.get(name);
    let other: Vec<_> = names.into_iter().filter(|name| !same(name)).collect();
    assert!(other.is_empty(), "not what their stories tell: {other:?}; run `make vectors`");
}

#[test]
fn every_file_plays_as_a_binding_plays_it() {
    vectors().iter().for_each(|vector| drop(play::play(vector)));
}

#[test]
fn reading_a_file_loses_nothing() {
    for (vector, (name, text)) in vectors().iter().zip(texts()) {
        assert!(write::file(vector) == *text, "{name} is not what was read of it");
    }
}

/// #41, #42: the same figures in a runtime that has compiled nothing yet.
#[test]
fn n042_a_cold_runtime_gives_the_same() {
    for vector in vectors() {
        play::play_in(&play::cold_runtime(vector), vector);
    }
}

#[test]
fn a_runner_refuses_what_it_does_not_know() {
    let step = |fields: &str| format!(r#"{{ "about": "", "steps": [{{ {fields} }}] }}"#);
    for (text, complaint) in [
        (r#"{ "about": "", "stepps": [] }"#.into(), "stepps"),
        (step(r#""do": "dance""#), "dance"),
        (step(r#""do": "mark", "name": "a", "gas_limit": 1"#), "gas_limit"),
        (step(r#""do": "call", "target": "0x00""#), "1 bytes, not 20"),
        (step(r#""do": "call", "gas_limit": 9007199254740992"#), "2^53"),
        (step(r#""do": "call", "input": "0xAB""#), "lower-case"),
        (step(r#""do": "call""#), "nothing is expected"),
        (step(r#""do": "call", "expect": { "kind": "TRAP" }"#), "does not go"),
        (step(r#""do": "call", "expect": { "status": "FINE" }"#), "FINE"),
    ] {
        let error = read::file("", &text).expect_err("a refusal");
        assert!(error.contains(complaint), "{error} does not speak of {complaint}");
    }
}
