//! Contracts deployed from outside.

use zvm::{Address, EngineKind, Halt, Status, Word};

use super::born;
use crate::address::{create, create2, keccak256};
use crate::contracts::{code, compile};
use crate::scenario::Scenario;
use crate::script::{found, int, results, script};
use crate::verbs::*;

pub(super) fn stories() -> Vec<Scenario> {
    vec![
        deploys(),
        constructor(),
        constructor_fails(),
        refused_code(),
        no_floats(),
        taken_addresses(),
        salted(),
        long_nonces(),
    ]
}

fn deploys() -> Scenario {
    let (first, second) = (create(USER, 0), create(USER, 1));
    let empty = compile("(module)");
    let third = create(USER, 2);
    let bodies = [now::nonce(third, 1), now::code_bytes(third, empty.clone()), now::nonce(USER, 3)];
    Scenario::new("deploy", "A deployed contract lives where CREATE says, and can be called at once.")
        .code("quiet")
        .code("script")
        .code_bytes("empty", empty)
        .step(deploy("quiet"), success([]).created(first))
        .step(deploy("script").engine(1), success([]).created(second))
        .step(call(first).entry("seven"), revert([0, 0, 0, 7]))
        .step(call(second).input(script().code_hash(first).code_hash(second).end()), {
            let hash = |name: &str| [&int(EngineKind::Wasm as i32)[..], &keccak256(&code(name)).0].concat();
            success([hash("quiet"), hash("script")].concat())
        })
        // A module without entries is a contract nobody can call.
        .step(deploy("empty"), success([]).created(third))
        .step(call(third), halt(Halt::NoEntry))
        .changes([born(first, "quiet"), born(second, "script")].concat().into_iter().chain(bodies))
}

fn constructor() -> Scenario {
    let at = create(USER, 0);
    let init =
        script().caller().self_address().value().self_balance().write(b"k", b"v").emit(&[], b"born").end();
    let told = results(&[&USER.0, &at.0, &Word::from(6).0, &Word::from(6).0]);
    Scenario::new(
        "deploy-init",
        "A constructor runs once, as the contract, with the input and the value of the deploy.",
    )
    .code("script")
    .balance(USER, 10)
    .step(deploy("script").input(init).value(6), success(told).created(at).log(at, &[], b"born"))
    .step(
        call(at).input(script().read(b"k", 1).self_balance().end()),
        success([&found(b"v", 1)[..], &Word::from(6).0].concat()),
    )
    .step(call(at).entry("init"), halt(Halt::NoEntry))
    .changes(born(at, "script").into_iter().chain([
        now::balance(at, 6),
        now::set(at, b"k", b"v"),
        now::balance(USER, 4),
        now::nonce(USER, 1),
    ]))
}

fn constructor_fails() -> Scenario {
    let last = create(USER, 6);
    let write = || script().write(b"k", b"v").emit(&[], b"e");
    Scenario::new("deploy-init-fails", "Of a failed deploy the creator's nonce remains, and nothing else.")
        .code("script")
        .code("quiet")
        .balance(USER, 10)
        .step(deploy("script").input(write().revert(b"no")).value(6), revert(*b"no"))
        .step(deploy("script").input(write().stop(5)).value(6), revert([0, 0, 0, 5]))
        .step(deploy("script").input(write().trap()).value(6), halt(Halt::Unreachable))
        // An input for a constructor that is not there.
        .step(deploy("quiet").input([0]).value(6), halt(Halt::NoEntry))
        .step(deploy("script").input(script().transfer(B, 1).revert(b"")).value(1), revert([]))
        .step(deploy("script").input(script().create(&code("quiet"), b"", 0).revert(b"")), revert([]))
        // An amount that is not there stops it before the nonce grows.
        .step(deploy("quiet").value(11), halt(Halt::InsufficientBalance))
        .step(call(create(USER, 0)), halt(Halt::NoCode))
        .step(deploy("quiet").value(10), success([]).created(last))
        .changes(born(last, "quiet").into_iter().chain([
            now::nonce(USER, 7),
            now::balance(USER, 0),
            now::balance(last, 10),
        ]))
}

/// Each refusal is a status and leaves nothing.
fn refused_code() -> Scenario {
    let start = compile("(module (func) (start 0))");
    let import = compile(r#"(module (import "env" "caller" (func (param i32))))"#);
    let unknown = compile(r#"(module (import "zvm" "no_such_function" (func)))"#);
    let signature = compile(r#"(module (import "zvm" "caller" (func (param i64))))"#);
    let hidden = compile("(module (memory 1))");
    let mut cut = code("echo");
    cut.pop();
    let mut long = code("quiet");
    long.resize(4_001, 0);
    Scenario::new(
        "deploy-refused",
        "Code that is not accepted is refused with its own status, before anything changes.",
    )
    .option("limit.module_bytes", 4_000)
    .code_bytes("nothing", Vec::new())
    .code_bytes("text", b"\xefcontract".to_vec())
    .code_bytes("cut", cut)
    .code_bytes("hidden memory", hidden)
    .code_bytes("start", start)
    .code_bytes("other module", import)
    .code_bytes("unknown import", unknown)
    .code_bytes("other signature", signature)
    .code_bytes("long", long)
    .code("quiet")
    .step(deploy("nothing"), Status::CodeFormat)
    .step(deploy("text"), Status::CodeFormat)
    .step(deploy("cut"), Status::CodeInvalid)
    .step(deploy("hidden memory"), Status::CodeInvalid)
    .step(deploy("start"), Status::CodeForbidden)
    .step(deploy("other module"), Status::CodeForbidden)
    .step(deploy("unknown import"), Status::CodeForbidden)
    .step(deploy("other signature"), Status::CodeForbidden)
    .step(deploy("long"), Status::CodeTooLarge)
    // For an engine whose code it is not.
    .step(deploy("quiet").engine(3), Status::CodeFormat)
    .step(deploy("text").engine(1), Status::CodeFormat)
}

fn no_floats() -> Scenario {
    let mut scenario =
        Scenario::new("deny-floats", "A runtime that denies floats refuses code with floats, and no other.");
    scenario.deny_floats = true;
    let at = create(USER, 0);
    scenario
        .code("quiet")
        .code("script")
        .step(deploy("script"), Status::CodeForbidden)
        .step(deploy("quiet"), success([]).created(at))
        .step(call(at), success([]))
        .changes(born(at, "quiet").into_iter().chain([now::nonce(USER, 1)]))
}

/// #54: an address with code, with a nonce, with a balance alone.
fn taken_addresses() -> Scenario {
    let rich = create(USER, 2);
    Scenario::new("deploy-collision", "#54: code or a nonce at the address is a collision, a balance is not.")
        .code("quiet")
        .balance(USER, 5)
        .contract(create(USER, 0), "quiet")
        .account(create(USER, 0), |holding| holding.nonce = 0)
        .account(create(USER, 1), |holding| holding.nonce = 1)
        .balance(rich, 100)
        .step(deploy("quiet").value(5), halt(Halt::Collision))
        .step(deploy("quiet").value(5), halt(Halt::Collision))
        .step(deploy("quiet").value(5), success([]).created(rich))
        .changes(born(rich, "quiet").into_iter().chain([
            now::balance(USER, 0),
            now::nonce(USER, 3),
            now::balance(rich, 105),
        ]))
}

fn salted() -> Scenario {
    let input = script().write(b"k", b"v").end();
    let script_code = code("script");
    let zero = create2(USER, Word::ZERO, &script_code, b"");
    let other = create2(USER, word(7), &script_code, b"");
    let with_input = create2(USER, word(7), &script_code, &input);
    Scenario::new("deploy-salt", "With a salt the address follows CREATE2; the same twice is a collision.")
        .code("script")
        .step(deploy("script").salt(Word::ZERO), success([]).created(zero))
        .step(deploy("script").salt(word(7)), success([]).created(other))
        .step(deploy("script").salt(word(7)).input(input), success([]).created(with_input))
        .step(deploy("script").salt(word(7)), halt(Halt::Collision))
        .step(
            deploy("script").salt(word(7)).from(A),
            success([]).created(create2(A, word(7), &script_code, b"")),
        )
        .changes(
            [zero, other, with_input, create2(A, word(7), &script_code, b"")]
                .into_iter()
                .flat_map(|at| born(at, "script"))
                .chain([now::nonce(USER, 4), now::nonce(A, 1), now::set(with_input, b"k", b"v")]),
        )
}

/// A nonce is as many bytes as it needs: the address follows at each step from one to more.
fn long_nonces() -> Scenario {
    let nonces = [0x7f, 0xff, 0xffff, 0xff_ffff, 0xffff_ffff];
    let scenario =
        Scenario::new("deploy-nonces", "Addresses of contracts whose creator has created many before.");
    let creators: Vec<_> = (1..).map(at).zip(nonces).collect();
    let scenario = creators.iter().fold(scenario.code("quiet"), |scenario, (creator, nonce)| {
        let last = deploy("quiet").from(*creator);
        scenario
            .account(*creator, |holding| holding.nonce = *nonce)
            .step(last.clone(), success([]).created(create(*creator, *nonce)))
            .step(last, success([]).created(create(*creator, *nonce + 1)))
    });
    let creations =
        |(creator, nonce): &(Address, u64)| [*nonce, *nonce + 1].map(|nonce| create(*creator, nonce));
    let contracts = creators.iter().flat_map(creations).flat_map(|at| born(at, "quiet"));
    let spent = creators.iter().map(|(creator, nonce)| now::nonce(*creator, nonce + 2));
    scenario.changes(contracts.chain(spent))
}
