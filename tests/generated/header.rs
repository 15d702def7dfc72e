//! include/zvm.h: what cbindgen renders of src/ffi, with the numbers of the tables in it.

use std::fmt::Write;

use zvm::{Halt, Kind, Rejection, Status};

const PREAMBLE: &str = "\
/*
 zvm: the smart-contract runtime that any program can embed.

 Generated from the library's sources; do not edit.

 Conventions
 - A function returns a status: ZVM_OK, or why it failed. The last parameter takes a zvm_error
   with details, to be freed by zvm_error_free; NULL costs nothing.
 - Status other than ZVM_OK: no outcome exists, nothing may be committed, and trying again may
   give another answer. ZVM_OK: the zvm_result up to `created` is a pure function of code, inputs,
   state and configuration, and may enter consensus.
 - A handle has one _free function, which accepts NULL (a zvm_outcome zvm_result_clear; a zvm_frame
   is lent). Everything else that comes out is a view; its documentation says whose.
 - Structs that the caller fills, but for elements of lists, begin with struct_size; zero in any other field is its default.
   Start from a zeroed struct, then set struct_size to its sizeof.
 - Out-parameters are written on every path, but for a struct whose size is refused.
 - Callbacks return ZVM_CB_DONE or another ZVM_CB number; 0 is failure. They must not unwind: an
   exception that leaves a callback ends the process.
 - Empty bytes are {NULL, 0}. Words are big-endian.
 - Functions of one session are called by one thread at a time, \"callback only\" ones inside the
   callback, everything else by any.
 */
";

const API: &str = "
#ifdef __cplusplus
#define ZVM_BEGIN extern \"C\" {
#define ZVM_END }
#else
#define ZVM_BEGIN
#define ZVM_END
#endif

#if defined(_WIN32) && !defined(ZVM_STATIC)
#define ZVM_API __declspec(dllimport)
#else
#define ZVM_API
#endif
";

#[test]
fn the_header_is_what_its_source_renders() {
    let rendered = std::fs::read_to_string(concat!(env!("OUT_DIR"), "/zvm.h")).expect("cbindgen's output");
    super::held("include/zvm.h", &finished(&rendered));
}

#[test]
fn every_function_says_ownership_thread_and_statuses() {
    let header =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/include/zvm.h")).expect("the header");
    let mut functions = 0;
    for (at, _) in header.match_indices("\nZVM_API") {
        functions += 1;
        let doc = &header[header[..at].rfind("/*").expect("a comment before a function")..at];
        let signature = &header[at..at + header[at..].find(';').expect("an end")];
        assert!(doc.trim_end().ends_with("*/"), "no comment before {signature}");
        for needed in ["Ownership:", "Thread:"] {
            assert!(doc.contains(needed), "no {needed} before {signature}");
        }
        if signature.replace('\n', " ").starts_with(" ZVM_API int32_t") {
            assert!(doc.contains("Statuses:"), "no Statuses before {signature}");
        }
    }
    assert!(functions >= 45, "only {functions} functions");
}

/// 1. Comments for readers of Rust alone go.
/// 2. One-line comments take one line.
/// 3. What pedantic C89 does not like goes.
/// 4. The numbers come in.
fn finished(rendered: &str) -> String {
    let mut text = String::new();
    let mut lines = rendered.lines().peekable();
    let mut held_back: Option<String> = None;
    while let Some(line) = lines.next() {
        if line.trim() == "# Safety" {
            held_back = None;
            while lines.peek().is_some_and(|next| next.trim() != "*/") {
                lines.next();
            }
            continue;
        }
        if let Some(previous) = held_back.replace(line.to_owned()) {
            text += &previous;
            text.push('\n');
        }
    }
    text += &held_back.unwrap_or_default();
    let text = one_line_comments(&text);
    let text = text.replace("\n#ifdef __cplusplus\nextern \"C\" {\n#endif // __cplusplus\n", "\nZVM_BEGIN\n");
    let text =
        text.replace("\n#ifdef __cplusplus\n}  // extern \"C\"\n#endif  // __cplusplus\n", "\nZVM_END\n");
    let text = text
        .replace("/* @preamble */\n", PREAMBLE)
        .replace("/* @constants */\n", &(API.to_owned() + &constants()));
    text.replace(" \n", "\n") + "\n"
}

fn one_line_comments(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let (mut out, mut at) = (String::new(), 0);
    while at < lines.len() {
        let short = lines[at].trim() == "/*" && lines.get(at + 2).is_some_and(|line| line.trim() == "*/");
        if short {
            let indent = &lines[at][..lines[at].len() - 2];
            writeln!(out, "{indent}/* {} */", lines[at + 1].trim()).expect("text");
            at += 3;
        } else {
            out += lines[at];
            out.push('\n');
            at += 1;
        }
    }
    out
}

fn constants() -> String {
    let mut out = String::new();
    let mut list = |title: &str, prefix: &str, all: Vec<(u32, String, &str)>| {
        writeln!(out, "\n/* {title} */").expect("text");
        for (number, name, sentence) in all {
            let name =
                if prefix == "ZVM_E_" && number == 0 { "ZVM_OK".into() } else { format!("{prefix}{name}") };
            writeln!(out, "#define {name} {number} /* {sentence} */").expect("text");
        }
    };
    list(
        "Statuses: whether the machine worked. Treat unknown ones by their range.",
        "ZVM_E_",
        all(Status::ALL, |it| (it as u32, it.constant(), it.sentence())),
    );
    list(
        "Kinds: how a contract ended.",
        "ZVM_KIND_",
        all(Kind::ALL, |it| (it as u32, it.constant(), it.sentence())),
    );
    list(
        "Halts: why the rules stopped it.",
        "ZVM_HALT_",
        all(Halt::ALL, |it| (it as u32, it.constant(), it.sentence())),
    );
    list(
        "Rejections: why an Ethereum transaction is not valid.",
        "ZVM_REJECTION_",
        all(Rejection::ALL, |it| (it as u32, it.constant(), it.sentence())),
    );
    out.push('\n');
    out
}

fn all<T: Copy>(
    members: &[T],
    row: impl Fn(T) -> (u32, String, &'static str),
) -> Vec<(u32, String, &'static str)> {
    members.iter().map(|member| row(*member)).collect()
}
