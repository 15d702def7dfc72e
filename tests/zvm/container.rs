//! The container is checked strictly, and so is what its code may hold.

use zvm::engine::zvm::container::{Container, Flags, Target};
use zvm::{EngineKind, Status};

use crate::world::{contain, hex, runtime};

fn status(bytes: &[u8]) -> Status {
    let loaded = runtime().load_code(&bytes.into(), Some(EngineKind::Zvm));
    loaded.err().map_or(Status::Ok, |error| error.status)
}

fn with_abi(abi: &[u8]) -> Vec<u8> {
    Container { abi: abi.to_vec(), code: vec![0], ..Container::default() }.write().expect("small")
}

#[test]
fn a_container_is_its_header_code_and_abi() {
    let flags = Flags { extensions: true, strict_jumps: true };
    let container = Container { target: Target::Evm, flags, code: vec![0x11, 7], abi: b"{}".to_vec() };
    let bytes = container.write().expect("small");
    assert_eq!(bytes, hex("5A564D43 01 01 03 00 02000000 02000000 1107 7B7D"));
    assert_eq!(Container::read(&bytes).expect("a container"), container);
    assert_eq!(status(&bytes), Status::Ok);
}

#[test]
fn whatever_is_not_exactly_a_container_is_refused() {
    let good = contain(&[0x11, 7]);
    for len in 0..good.len() {
        let short = status(&good[..len]);
        assert_eq!(short, if len < 4 { Status::CodeFormat } else { Status::CodeInvalid }, "{len} bytes");
    }
    assert_eq!(status(&[&good[..], &[0]].concat()), Status::CodeInvalid, "a byte more");
    let with = |at: usize, byte: u8| {
        let mut bytes = good.clone();
        bytes[at] = byte;
        status(&bytes)
    };
    assert_eq!(with(0, b'z'), Status::CodeFormat, "magic");
    for version in [0, 2, 255] {
        assert_eq!(with(4, version), Status::CodeInvalid, "version");
    }
    assert_eq!(with(5, 1), Status::Ok, "translated from the EVM");
    assert_eq!(with(5, 2), Status::CodeForbidden, "bridged WASM");
    assert_eq!(with(5, 3), Status::CodeInvalid, "a target nobody knows");
    for flag in 2..8 {
        assert_eq!(with(6, 1 << flag), Status::CodeInvalid, "flag {flag}");
    }
    assert_eq!(with(7, 1), Status::CodeInvalid, "padding");
    // A sum that overflows 32 bits.
    let sizes = hex("FFFFFFFF 03000000");
    let bytes = [&good[..8], &sizes, &good[16..]].concat();
    assert_eq!(status(&bytes), Status::CodeInvalid);
}

#[test]
fn an_abi_is_json() {
    let deep = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    for good in [
        "{}",
        " [ ] ",
        "\"\\u00e9\\n\"",
        "-0.5e+10",
        "0",
        "null",
        r#"{"contract":"c","functions":[{"name":"f","inputs":[]},true,false,null,-12]}"#,
        &deep(64),
        " {\"a\" : [ 1 , {\"b\":{}} ] }\n",
    ] {
        assert_eq!(status(&with_abi(good.as_bytes())), Status::Ok, "{good}");
    }
    for bad in [
        " ",
        "{",
        "}",
        "[1,]",
        "{\"a\":1,}",
        "{a:1}",
        "{\"a\" 1}",
        "[1 2]",
        "01",
        "1.",
        "1e",
        ".5",
        "+1",
        "nul",
        "truee",
        "\"",
        "\"\\x\"",
        "\"\\u12g4\"",
        "\"\n\"",
        "[]]",
        "{}{}",
        "1 1",
        "'a'",
        "{\"a\":}",
        "[,1]",
        "{1:1}",
        "NaN",
        "{\"a\":1]",
        "[1}",
        &deep(65),
    ] {
        assert_eq!(status(&with_abi(bad.as_bytes())), Status::CodeInvalid, "{bad}");
    }
    assert_eq!(status(&with_abi(b"\"\xff\"")), Status::CodeInvalid, "not UTF-8");
    // serde_json accepts what we accept, and nothing else, of all short texts over these letters.
    let letters = b"{}[],:\"1-.e0 n";
    for number in 0..letters.len().pow(4) {
        let text: Vec<u8> =
            (0..4u32).map(|place| letters[number / letters.len().pow(place) % letters.len()]).collect();
        let judged = serde_json::from_slice::<serde_json::Value>(&text).is_ok();
        assert_eq!(status(&with_abi(&text)) == Status::Ok, judged, "{}", String::from_utf8_lossy(&text));
    }
}

#[test]
fn code_ends_between_instructions_and_asks_for_what_it_uses() {
    for (opcode, len) in [(0x11, 1), (0x12, 2), (0x13, 4), (0x14, 8), (0x15, 16), (0x16, 32), (0xd9, 2)] {
        for there in 0..len {
            let code = [vec![0x01, opcode], vec![0; there]].concat();
            assert_eq!(status(&contain(&code)), Status::CodeInvalid, "{opcode:02x} with {there} of {len}");
        }
        let code = [vec![opcode], vec![0; len]].concat();
        assert_eq!(status(&contain(&code)), Status::Ok);
    }
    // Unassigned bytes may stand in code: they end the frame that runs them.
    assert_eq!(status(&contain(&[0xee])), Status::Ok);
    for code in [&[0xd8][..], &[0xd9, 0, 5]] {
        let plain = Container { code: code.to_vec(), ..Container::default() };
        assert_eq!(status(&plain.write().expect("small")), Status::CodeForbidden);
        let immediate = [&[0x13, 0][..], code, &[0; 2]].concat()[..5].to_vec();
        let plain = Container { code: immediate, ..Container::default() };
        assert_eq!(status(&plain.write().expect("small")), Status::Ok, "in an immediate it is no opcode");
    }
}

#[test]
fn what_can_be_said_of_code() {
    let code = hex("D9 0005 D9 0020 D9 0005 D9 9999 00");
    let mut container = Container::read(&contain(&code)).expect("a container");
    container.abi = b"{\"functions\":[]}".to_vec();
    let bytes = container.write().expect("small");
    // Its first bytes say what it is.
    let code = runtime().load_code(&bytes.as_slice().into(), None).expect("valid");
    let info = code.info();
    assert_eq!(info.engine, EngineKind::Zvm);
    assert_eq!(info.entries, ["call"]);
    assert_eq!(info.imports, ["gas_left", "storage_read"]);
    assert_eq!(info.abi.as_deref(), Some(&container.abi[..]));
    assert_eq!(code.serialize().expect_err("nothing was compiled").status, Status::Unsupported);
}
