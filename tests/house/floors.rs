//! Imports go down. One folder of src/ is a floor; loose files are the ground.

use crate::source::{Finding, Source};

/// The ground, which every floor from 2 up may import.
const GROUND: &[&str] = &["types", "outcome", "error", "gas", "limits", "interrupt"];

/// What each floor may import besides itself. An entry with a path opens that module alone.
const MAY: &[(&str, &[&str])] = &[
    ("types", &[]),
    ("limits", &[]),
    ("outcome", &["types"]),
    // The numbered lists of both are declared by one macro.
    ("error", &["types", "outcome::numbered"]),
    ("gas", &["types", "outcome"]),
    ("interrupt", &["error"]),
    ("crypto", &["types"]),
    // A ledger's code is checked against its hash where it is read.
    ("state", &["ground", "crypto::hash"]),
    ("host", &["ground", "state", "crypto"]),
    // ZVM code hashes without a host function between.
    ("engine", &["ground", "host", "crypto::hash"]),
    // Code is named by its hash; transactions are signed, and the fingerprint says with what.
    (
        "runtime",
        &["ground", "engine", "host", "state", "crypto::hash", "crypto::address", "crypto::signature"],
    ),
    // C's hooks and rules are the host floor's own types; C may hash, verify and compute addresses.
    ("ffi", &["ground", "runtime", "state", "host::hooks", "host::rules", "crypto"]),
    ("lib", &["ground", "runtime", "state", "host", "engine"]),
];

/// Paths that leave a file for a floor it may not know.
pub(crate) fn imports(source: &Source) -> Vec<Finding> {
    let floor = source.floor();
    let Some((_, may)) = MAY.iter().find(|(name, _)| *name == floor) else {
        return vec![
            source.finding(0, format!("{floor} is on no floor: give it a row in tests/house/floors.rs")),
        ];
    };
    let mut findings = Vec::new();
    for (line, path) in paths(source) {
        let target = path[0].as_str();
        if target != floor && is_floor(target) && !may.iter().any(|entry| opens(entry, &path)) {
            findings.push(source.finding(line, format!("{floor} may not import {}", path.join("::"))));
        }
        if let (Some(own), Some(other)) = (engine_of(source), other_engine(source, &path)) {
            findings.push(source.finding(line, format!("engine {own} may not know engine {other}")));
        }
    }
    findings
}

fn is_floor(name: &str) -> bool {
    MAY.iter().any(|(floor, _)| *floor == name)
}

fn opens(entry: &str, path: &[String]) -> bool {
    match entry {
        "ground" => GROUND.contains(&path[0].as_str()),
        entry => entry
            .split("::")
            .zip(path.iter().map(String::as_str).chain(std::iter::repeat("")))
            .all(|(one, other)| one == other),
    }
}

const ENGINES: &[&str] = &["wasm", "evm", "zvm"];

fn engine_of(source: &Source) -> Option<&str> {
    let folder = source.path.strip_prefix("engine/")?.split('/').next()?;
    ENGINES.contains(&folder).then_some(folder)
}

fn other_engine<'a>(source: &Source, path: &'a [String]) -> Option<&'a str> {
    let named = path.get(1).filter(|_| path[0] == "engine")?.as_str();
    (ENGINES.contains(&named) && engine_of(source) != Some(named)).then_some(named)
}

/// Every path of the file that begins at the crate's root or above its own module, from the root
/// down, with the line it begins on. A group counts as one path for each of its members.
pub(crate) fn paths(source: &Source) -> Vec<(usize, Vec<String>)> {
    let words = words(source);
    let (mut found, mut inline, mut depth) = (Vec::new(), Vec::new(), 0usize);
    for at in 0..words.len() {
        let (line, word) = (words[at].0, words[at].1.as_str());
        match word {
            "{" => {
                depth += 1;
                if at >= 2 && words[at - 2].1 == "mod" {
                    inline.push((depth, words[at - 1].1.clone()));
                }
            }
            "}" => {
                inline.retain(|(opened, _)| *opened != depth);
                depth = depth.saturating_sub(1);
            }
            "crate" | "$crate" | "super" if at == 0 || words[at - 1].1 != "::" => {
                let mut module = module(source);
                module.extend(inline.iter().map(|(_, name)| name.clone()));
                let (mut next, mut base) = (at, module);
                if word != "super" {
                    (next, base) = (at + 1, Vec::new());
                }
                while words.get(next).is_some_and(|(_, word)| word == "super") {
                    base.pop();
                    next += if words.get(next + 1).is_some_and(|(_, word)| word == "::") { 2 } else { 1 };
                }
                if words.get(next).is_some_and(|(_, word)| word == "::") {
                    next += 1;
                }
                members(&words, next, &base)
                    .into_iter()
                    .filter(|path| !path.is_empty())
                    .for_each(|path| found.push((line, path)));
            }
            _ => {}
        }
    }
    found
}

/// The paths that go on at a word: one, or one for each member of a group.
fn members(words: &[(usize, String)], mut at: usize, base: &[String]) -> Vec<Vec<String>> {
    let mut path = base.to_vec();
    while let Some((_, word)) = words.get(at) {
        if word == "{" {
            let (mut paths, mut depth, mut fresh) = (Vec::new(), 0usize, true);
            for inner in at..words.len() {
                match words[inner].1.as_str() {
                    "{" => (depth, fresh) = (depth + 1, true),
                    "}" if depth == 1 => break,
                    "}" => depth -= 1,
                    "," => fresh = true,
                    _ if depth == 1 && std::mem::take(&mut fresh) => {
                        paths.extend(members(words, inner, &path))
                    }
                    _ => fresh = false,
                }
            }
            return paths;
        }
        if !word.starts_with(|letter: char| letter.is_alphabetic() || letter == '_') {
            break;
        }
        path.push(word.clone());
        at += 1;
        match words.get(at) {
            Some((_, word)) if word == "::" => at += 1,
            _ => break,
        }
    }
    vec![path]
}

/// The module a file is, from the root down.
fn module(source: &Source) -> Vec<String> {
    let path = source.path.trim_end_matches(".rs").trim_end_matches("/mod");
    path.split('/').filter(|name| *name != "lib").map(str::to_owned).collect()
}

/// Names, `::` and single signs, each with its line.
fn words(source: &Source) -> Vec<(usize, String)> {
    let mut words: Vec<(usize, String)> = Vec::new();
    for (line, text) in source.code.iter().enumerate() {
        let mut rest = text.as_str();
        while let Some(first) = rest.chars().next() {
            let named = |letter: char| letter.is_alphanumeric() || letter == '_';
            let len = match first {
                _ if rest.starts_with("::") => 2,
                '$' => 1 + rest[1..].find(|letter| !named(letter)).unwrap_or(rest.len() - 1),
                _ if named(first) => rest.find(|letter| !named(letter)).unwrap_or(rest.len()),
                _ => first.len_utf8(),
            };
            if !first.is_whitespace() {
                words.push((line, rest[..len].to_owned()));
            }
            rest = &rest[len..];
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn why(path: &str, text: &str) -> Vec<String> {
        imports(&Source::new(path, text))
            .into_iter()
            .map(|finding| format!("{}: {}", finding.line, finding.why))
            .collect()
    }

    #[test]
    fn an_import_from_above_is_found() {
        assert_eq!(
            why("host/table.rs", "use crate::gas::Gas;\nuse crate::engine::Engine;"),
            ["2: host may not import engine::Engine"]
        );
        assert_eq!(
            why("state/a.rs", "fn f() -> crate::host::frame::Frame {}"),
            ["1: state may not import host::frame::Frame"]
        );
        assert_eq!(why("gas.rs", "use crate::error::Error;"), ["1: gas may not import error::Error"]);
        assert_eq!(
            why("engine/wasm/mod.rs", "use crate::ffi::guard;"),
            ["1: engine may not import ffi::guard"]
        );
    }

    #[test]
    fn groups_super_and_inline_modules_are_followed() {
        assert_eq!(
            why("crypto/hash.rs", "use crate::{types::Word,\n gas::{Gas, Schedule}};"),
            ["1: crypto may not import gas::Gas", "1: crypto may not import gas::Schedule"]
        );
        assert_eq!(
            why("host/bodies/calls.rs", "use super::super::super::engine::Engine;"),
            ["1: host may not import engine::Engine"]
        );
        assert_eq!(
            why(
                "host/kinds.rs",
                "mod tests {\n use super::super::super::runtime::Runtime;\n}\nuse super::table::Row;"
            ),
            ["2: host may not import runtime::Runtime"]
        );
        assert_eq!(
            why("state/mod.rs", "macro_rules! m { () => { $crate::runtime::Runtime } }"),
            ["1: state may not import runtime::Runtime"]
        );
    }

    #[test]
    fn a_door_for_one_module_opens_no_other() {
        assert!(why("ffi/hooks.rs", "use crate::host::hooks::Hooks;").is_empty());
        assert_eq!(
            why("ffi/hooks.rs", "use crate::host::state::State;"),
            ["1: ffi may not import host::state::State"]
        );
    }

    #[test]
    fn engines_do_not_know_each_other() {
        assert_eq!(
            why("engine/evm/mod.rs", "use crate::engine::wasm::Wasm;"),
            ["1: engine evm may not know engine wasm"]
        );
        assert!(why("engine/wasm/cache.rs", "use crate::engine::wasm::Wasm;").is_empty());
        assert!(why("engine/mod.rs", "use crate::engine::wasm::Wasm;").is_empty());
    }

    #[test]
    fn a_folder_without_a_floor_and_words_in_comments() {
        assert_eq!(why("utils/a.rs", "a").len(), 1);
        assert!(why("types.rs", "// crate::ffi\n\"crate::ffi\";").is_empty());
    }
}
