//! One file of the library: as it is, and with everything blanked that is no code.

use std::fmt;
use std::path::Path;

/// A file of src/.
pub(crate) struct Source {
    /// Its path below src/.
    pub(crate) path: String,
    /// Its lines.
    pub(crate) lines: Vec<String>,
    /// Its lines with comments, and what strings and characters hold, turned into spaces.
    pub(crate) code: Vec<String>,
}

/// A line that breaks a rule.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) path: String,
    /// From 1.
    pub(crate) line: usize,
    pub(crate) text: String,
    pub(crate) why: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "src/{}:{}: {}\n    {}", self.path, self.line, self.why, self.text)
    }
}

impl Source {
    pub(crate) fn new(path: &str, text: &str) -> Self {
        let lines = |text: &str| text.lines().map(str::to_owned).collect();
        Self { path: path.into(), lines: lines(text), code: lines(&blanked(text)) }
    }

    /// A finding on a line, counted from 0.
    pub(crate) fn finding(&self, line: usize, why: impl Into<String>) -> Finding {
        Finding {
            path: self.path.clone(),
            line: line + 1,
            text: self.lines[line].trim().into(),
            why: why.into(),
        }
    }

    /// The folder or file directly below src/ that this belongs to.
    pub(crate) fn floor(&self) -> &str {
        let first = self.path.split('/').next().unwrap_or_default();
        first.strip_suffix(".rs").unwrap_or(first)
    }

    /// For each line, whether it belongs to an item under `#[cfg(test)]`.
    pub(crate) fn tests(&self) -> Vec<bool> {
        let (mut marks, mut depth, mut open) = (Vec::new(), 0usize, None);
        for line in &self.code {
            if open.is_none() && line.contains("#[cfg(test)]") {
                open = Some((depth, false));
            }
            marks.push(open.is_some());
            for letter in line.chars() {
                match letter {
                    '{' => depth += 1,
                    '}' => depth = depth.saturating_sub(1),
                    _ => {}
                }
                open = match open {
                    Some((at, _)) if depth > at => Some((at, true)),
                    Some((at, true)) if depth == at => None,
                    Some((_, false)) if letter == ';' => None,
                    same => same,
                };
            }
        }
        marks
    }
}

/// Every file of src/, by path.
pub(crate) fn library() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut sources = Vec::new();
    collect(&root, &root, &mut sources);
    sources.sort_by(|one, other| one.path.cmp(&other.path));
    sources
}

fn collect(root: &Path, folder: &Path, sources: &mut Vec<Source>) {
    for entry in std::fs::read_dir(folder).expect("a folder of src/") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(root, &path, sources);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let name =
                path.strip_prefix(root).expect("below src/").to_str().expect("UTF-8").replace('\\', "/");
            sources.push(Source::new(&name, &std::fs::read_to_string(&path).expect("a readable file")));
        }
    }
}

/// The text with comments and the insides of strings and characters turned into spaces.
fn blanked(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let (mut out, mut at) = (String::new(), 0);
    while at < letters.len() {
        let end = match (letters[at], letters.get(at + 1)) {
            ('/', Some('/')) => until(&letters, at, |rest| rest[0] == '\n'),
            ('/', Some('*')) => block_comment(&letters, at),
            ('"', _) => string(&letters, at),
            ('r', Some('"' | '#')) if !is_word(&out) => raw_string(&letters, at),
            ('\'', Some(_)) => character(&letters, at),
            _ => at,
        };
        if end == at {
            out.push(letters[at]);
            at += 1;
        }
        while at < end {
            out.push(if letters[at] == '\n' { '\n' } else { ' ' });
            at += 1;
        }
    }
    out
}

fn is_word(before: &str) -> bool {
    before.chars().next_back().is_some_and(|letter| letter.is_alphanumeric() || letter == '_')
}

fn until(letters: &[char], from: usize, ends: impl Fn(&[char]) -> bool) -> usize {
    (from..letters.len()).find(|at| ends(&letters[*at..])).unwrap_or(letters.len())
}

fn block_comment(letters: &[char], from: usize) -> usize {
    let (mut depth, mut at) = (0, from);
    while at < letters.len() {
        match (letters[at], letters.get(at + 1)) {
            ('/', Some('*')) => (depth, at) = (depth + 1, at + 2),
            ('*', Some('/')) => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            break;
        }
    }
    at.min(letters.len())
}

fn string(letters: &[char], from: usize) -> usize {
    let mut at = from + 1;
    while at < letters.len() && letters[at] != '"' {
        at += if letters[at] == '\\' { 2 } else { 1 };
    }
    (at + 1).min(letters.len())
}

fn raw_string(letters: &[char], from: usize) -> usize {
    let hashes = letters[from + 1..].iter().take_while(|letter| **letter == '#').count();
    if letters.get(from + 1 + hashes) != Some(&'"') {
        return from; // a raw identifier
    }
    let closes = |rest: &[char]| {
        rest[0] == '"' && rest[1..].iter().take(hashes).filter(|it| **it == '#').count() == hashes
    };
    (until(letters, from + 2 + hashes, closes) + 1 + hashes).min(letters.len())
}

/// A character's end; where a lifetime begins, the beginning.
fn character(letters: &[char], from: usize) -> usize {
    match (letters.get(from + 1), letters.get(from + 2)) {
        (Some('\\'), _) => (until(letters, from + 3, |rest| rest[0] == '\'') + 1).min(letters.len()),
        (Some(_), Some('\'')) => from + 3,
        _ => from,
    }
}

#[test]
fn what_is_no_code_is_blanked() {
    let code = |text: &str| Source::new("x.rs", text).code.join("\n");
    let held = |text: &str, parts: &[&str]| {
        let blanks = |text: String, part: &&str| {
            text.replace(*part, &part.replace(|letter: char| letter != '\n', " "))
        };
        assert_eq!(code(text), parts.iter().fold(text.to_owned(), blanks));
    };
    held("a // unsafe", &["// unsafe"]);
    held("a /* unsafe /* b */\n unsafe */ c", &["/* unsafe /* b */\n unsafe */"]);
    held(r#"f("un\"safe") + 1"#, &[r#""un\"safe""#]);
    held(r##"f(r#"un"safe"#)"##, &[r##"r#"un"safe"#"##]);
    held(r#"for<'a> f('"', '\'', 'x') // '"#, &[r#"'"'"#, r"'\''", "'x'", "// '"]);
}

#[test]
fn items_under_test_are_told_apart() {
    let source = Source::new("x.rs", "a\n#[cfg(test)]\nmod t {\n b {}\n}\nc\n#[cfg(test)]\nuse d;\ne");
    assert_eq!(source.tests(), [false, true, true, true, true, false, true, true, false]);
}
