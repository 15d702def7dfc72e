//! Unsafe is a room with a door: few files hold it, and each use says why it holds.

use crate::source::{Finding, Source};

/// The files that may hold `unsafe`; a folder stands for all in it.
pub(crate) const FILES: &[&str] = &[
    "ffi/",
    // Takes back machine code whose seal held.
    "engine/wasm/compile.rs",
    // The instance: its memory, its globals, and the session that is lent to it while it runs.
    "engine/wasm/globals.rs",
    "engine/wasm/imports.rs",
    "engine/wasm/instance.rs",
    "engine/wasm/memory/",
    "engine/wasm/running.rs",
    // Asks the system who handles signals, and which are blocked.
    "engine/wasm/signals.rs",
    // Sends code that trapped to its end.
    "engine/wasm/trap.rs",
    "engine/wasm/tunables.rs",
];

/// `unsafe` in a file that may not hold it.
pub(crate) fn outside(source: &Source) -> Vec<Finding> {
    if FILES.iter().any(|room| in_room(source, room)) {
        return Vec::new();
    }
    uses(source).map(|line| source.finding(line, "unsafe outside its rooms")).collect()
}

/// Whether the file belongs to the room and uses it.
pub(crate) fn holds_unsafe(source: &Source, room: &str) -> bool {
    in_room(source, room) && uses(source).next().is_some()
}

/// Blocks, implementations, functions and traits without their reason: `// SAFETY:` above the
/// first two, `# Safety` in the documentation of the others, or either for what is private.
pub(crate) fn unexplained(source: &Source) -> Vec<Finding> {
    uses(source)
        .filter(|line| !explained(source, *line))
        .map(|line| source.finding(line, "unsafe without its reason"))
        .collect()
}

fn in_room(source: &Source, room: &str) -> bool {
    if room.ends_with('/') { source.path.starts_with(room) } else { source.path == room }
}

/// Lines on which something unsafe begins; types of functions and attributes are not.
fn uses(source: &Source) -> impl Iterator<Item = usize> {
    let begins = |line: &String| line.match_indices("unsafe").any(|(at, word)| is_use(line, at, word.len()));
    source.code.iter().enumerate().filter(move |(_, line)| begins(line)).map(|(at, _)| at)
}

fn is_use(line: &str, at: usize, len: usize) -> bool {
    let named = |letter: char| letter.is_alphanumeric() || letter == '_';
    let rest = line[at + len..].trim_start();
    let whole = !line[..at].ends_with(named) && !line[at + len..].starts_with(named);
    // A string in `extern "C"` is blank here.
    let function = rest.trim_start_matches("extern").trim_start();
    let is_type = function.starts_with("fn(") || function.starts_with("fn (");
    whole && !rest.starts_with('(') && !is_type
}

/// Whether the reason stands above the statement or item, no blank line between.
fn explained(source: &Source, at: usize) -> bool {
    let says = |line: &str| line.contains("// SAFETY:") || line.contains("/// # Safety");
    let mut inside_item = true;
    for line in (0..=at).rev() {
        let (text, code) = (source.lines[line].trim(), source.code[line].trim());
        if says(text) {
            return true;
        }
        let comment_or_attribute = text.starts_with("//") || text.starts_with("#[");
        if line != at && !comment_or_attribute {
            // Up to where the statement begins.
            inside_item &= !code.is_empty() && !code.ends_with([';', '}', '{']);
        }
        if !inside_item || text.is_empty() {
            return false;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(rule: fn(&Source) -> Vec<Finding>, path: &str, text: &str) -> Vec<usize> {
        rule(&Source::new(path, text)).into_iter().map(|finding| finding.line).collect()
    }

    #[test]
    fn unsafe_elsewhere_is_found() {
        assert_eq!(lines(outside, "host/state.rs", "a\nlet x = unsafe { y() };"), [2]);
        assert_eq!(lines(outside, "engine/wasm/instrument/mod.rs", "unsafe impl Send for X {}"), [1]);
        assert!(lines(outside, "ffi/guard.rs", "unsafe { y() }").is_empty());
    }

    #[test]
    fn what_only_speaks_of_it_is_not() {
        let text = "// unsafe\n#[unsafe(no_mangle)]\nget: Option<unsafe extern \"C-unwind\" fn(ctx: *mut c_void)>,\nlet is_unsafe = 1;";
        assert!(lines(outside, "types.rs", text).is_empty());
    }

    #[test]
    fn a_reason_must_stand_directly_above() {
        assert_eq!(lines(unexplained, "ffi/a.rs", "let a = unsafe { b() };"), [1]);
        assert_eq!(
            lines(unexplained, "ffi/a.rs", "// SAFETY: so.\nlet a = 1;\nlet b = unsafe { c() };"),
            [3]
        );
        assert_eq!(lines(unexplained, "ffi/a.rs", "// SAFETY: so.\n\nlet b = unsafe { c() };"), [3]);
        assert!(
            lines(
                unexplained,
                "ffi/a.rs",
                "// SAFETY: so,\n// and so.\nlet b = c.map(\n    unsafe { d() });"
            )
            .is_empty()
        );
        assert!(
            lines(unexplained, "ffi/a.rs", "match x {\n    // SAFETY: so.\n    1 => unsafe { c() },\n}")
                .is_empty()
        );
    }

    #[test]
    fn a_function_documents_what_it_asks() {
        assert_eq!(
            lines(
                unexplained,
                "ffi/a.rs",
                "/// Does.\n#[unsafe(no_mangle)]\npub unsafe extern \"C\" fn f() {}"
            ),
            [3]
        );
        assert!(
            lines(
                unexplained,
                "ffi/a.rs",
                "/// Does.\n///\n/// # Safety\n/// So.\n#[unsafe(no_mangle)]\npub unsafe fn f() {}"
            )
            .is_empty()
        );
        assert_eq!(lines(unexplained, "ffi/a.rs", "/// Does.\npub unsafe trait T {}"), [2]);
    }
}
