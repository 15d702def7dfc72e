//! A file aims at 250 lines, is questioned at 400, and at 600 is never one thing.

use crate::source::{Finding, Source};

const QUESTIONED: usize = 400;
const NEVER: usize = 600;

/// Files over the first bound, each with what makes it one thing.
const EXCUSED: &[(&str, &str)] = &[(
    "ffi/session.rs",
    "one export for each verb of a session, half of it their documentation in the header",
)];

/// The file, where it is too long.
pub(crate) fn over(source: &Source) -> Vec<Finding> {
    judged(source, EXCUSED)
}

fn judged(source: &Source, excused: &[(&str, &str)]) -> Vec<Finding> {
    let lines = source.lines.len();
    let excuse = excused.iter().any(|(path, _)| *path == source.path);
    match lines {
        _ if lines > NEVER => {
            vec![source.finding(NEVER, format!("{lines} lines; {NEVER} is the most there can be"))]
        }
        _ if lines > QUESTIONED && !excuse => {
            vec![source.finding(QUESTIONED, format!("{lines} lines and no excuse"))]
        }
        _ => Vec::new(),
    }
}

/// Excuses of files that need none.
pub(crate) fn idle_excuses(sources: &[Source]) -> Vec<&'static str> {
    let long =
        |path: &str| sources.iter().any(|source| source.path == path && source.lines.len() > QUESTIONED);
    EXCUSED.iter().map(|(path, _)| *path).filter(|path| !long(path)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_file_is_found_and_the_longest_is_not_excused() {
        let file = |lines: usize| Source::new("a.rs", &"x\n".repeat(lines));
        assert!(judged(&file(400), &[]).is_empty());
        assert_eq!(judged(&file(401), &[])[0].line, 401);
        assert!(judged(&file(600), &[("a.rs", "a table")]).is_empty());
        assert_eq!(judged(&file(601), &[("a.rs", "a table")]).len(), 1);
    }
}
