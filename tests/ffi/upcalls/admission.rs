//! The admit hook under each policy, at a deploy and at a creation inside a call.

use std::sync::{Arc, Mutex};

use zvm::Status;
use zvm::ffi::config::{ZVM_ADMISSION_ADVISORY, ZVM_ADMISSION_OFF, ZVM_ADMISSION_REQUIRED};
use zvm::ffi::tables::{ZVM_CB_DONE, ZVM_CB_REFUSED};

use super::{answer_with, frame_call};
use crate::support::contracts::{imports, wat};
use crate::support::structs::{call, deploy, params_without_hooks, view};
use crate::support::{Asked, Host, Runtime, Session, address, refused};

/// Creates an empty contract; `ask` leaves it to whoever answers its question.
fn creator() -> Vec<u8> {
    let child = wat("(module)");
    let text: String = child.iter().map(|byte| format!("\\{byte:02x}")).collect();
    wat(&format!(
        "(module {} (memory (export \"memory\") 1) (data (i32.const 1024) \"{text}\")
          (func (export \"call\")
            (i32.store (i32.const 0) (call $create (i32.const 1024) (i32.const {}) (i32.const 0) (i32.const 0)
              (i32.const 64) (i32.const 0) (i64.const 1000000) (i32.const 4)))
            (call $set_output (i32.const 0) (i32.const 24)))
          (func (export \"ask\")
            (drop (call $query (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0)))))",
        imports(&["create", "query", "set_output"]),
        child.len(),
    ))
}

struct Case {
    policy: u32,
    least: u32,
    said: i32,
    score: u32,
    /// Whether the hook is asked, and whether the code becomes a contract.
    asked: bool,
    admitted: bool,
}

const fn case(policy: u32, least: u32, said: i32, score: u32, asked: bool, admitted: bool) -> Case {
    Case { policy, least, said, score, asked, admitted }
}

const CASES: [Case; 8] = [
    case(ZVM_ADMISSION_OFF, 50, ZVM_CB_REFUSED, 0, false, true),
    case(ZVM_ADMISSION_ADVISORY, 50, ZVM_CB_DONE, 0, true, true),
    case(ZVM_ADMISSION_ADVISORY, 50, ZVM_CB_REFUSED, 7, true, true),
    case(ZVM_ADMISSION_REQUIRED, 50, ZVM_CB_DONE, 49, true, false),
    case(ZVM_ADMISSION_REQUIRED, 50, ZVM_CB_DONE, 50, true, true),
    case(ZVM_ADMISSION_REQUIRED, 50, ZVM_CB_DONE, u32::MAX, true, true),
    case(ZVM_ADMISSION_REQUIRED, 50, ZVM_CB_REFUSED, u32::MAX, true, false),
    case(ZVM_ADMISSION_REQUIRED, 0, ZVM_CB_REFUSED, 0, true, false),
];

fn world(case: &Case) -> (Runtime, Arc<Host>, Session) {
    let runtime =
        Runtime::with(&[], |config| (config.admission, config.least_score) = (case.policy, case.least));
    let host = Host::new();
    host.contract(address(2), &creator());
    let (said, score) = (case.said, case.score);
    host.inside().admit = Some(Arc::new(move |op| {
        op.score = score;
        said
    }));
    let session = Session::new(&runtime, &host);
    (runtime, host, session)
}

#[test]
fn a_deploy_is_judged_by_the_policy() {
    for (nth, case) in CASES.iter().enumerate() {
        let (_runtime, host, session) = world(case);
        let code = wat("(module)");
        match session.deploy(&deploy(&code)) {
            Ok(outcome) => {
                assert!(case.admitted && outcome.created.is_some(), "case {nth}: {outcome:?}");
                assert_eq!(outcome.score, if case.asked { case.score } else { 0 }, "case {nth}");
            }
            Err(failure) => {
                assert!(!case.admitted, "case {nth}: {failure:?}");
                assert_eq!(failure.status, Status::CodeRefused as i32, "case {nth}");
                assert_eq!(session.changes().expect("changes"), [], "not even a nonce");
            }
        }
        assert_eq!(host.asked_for(Asked::Admit) == 1, case.asked, "case {nth}");
    }
}

#[test]
fn a_creation_inside_a_call_is_judged_by_the_same_policy() {
    for (nth, case) in CASES.iter().enumerate() {
        let (_runtime, host, session) = world(case);
        let outcome = session.call(&call(address(2), b"")).expect("an outcome");
        assert_eq!(outcome.kind, 0, "case {nth}: {outcome:?}");
        let (said, created) = (outcome.data[0], &outcome.data[4..24]);
        assert_eq!(said, if case.admitted { 0 } else { 2 }, "case {nth}");
        assert_eq!(created.iter().any(|byte| *byte != 0), case.admitted, "case {nth}");
        assert_eq!(host.asked_for(Asked::Admit) == 1, case.asked, "case {nth}");
        let codes = session
            .changes()
            .expect("changes")
            .iter()
            .filter(|it| it.kind == zvm::ffi::tables::ZVM_CHANGE_CODE)
            .count();
        assert_eq!(codes == 1, case.admitted, "case {nth}");
    }
}

#[test]
fn a_creation_below_a_query_is_judged_too() {
    for (nth, case) in CASES.iter().enumerate() {
        let (_runtime, host, session) = world(case);
        let said = Arc::new(Mutex::new(None));
        let saying = Arc::clone(&said);
        answer_with(&host, move |op| {
            let outcome = frame_call(op.op.frame, &call(address(2), b"")).expect("an outcome");
            *saying.lock().expect("a lock") = Some(outcome.data[0]);
            ZVM_CB_DONE
        });
        let mut ask = call(address(2), b"");
        ask.entry = view(b"ask");
        assert_eq!(session.call(&ask).expect("an outcome").kind, 0);
        assert_eq!(
            said.lock().expect("a lock").take(),
            Some(if case.admitted { 0 } else { 2 }),
            "case {nth}"
        );
        assert_eq!(host.asked_for(Asked::Admit) == 1, case.asked, "case {nth}");
    }
}

#[test]
fn bad_code_is_refused_before_anybody_is_asked() {
    let (_runtime, host, session) = world(&CASES[5]);
    for code in [b"\0asm".to_vec(), b"\xef\x00".to_vec(), Vec::new(), wat("(module (func $f) (start $f))")] {
        let failure = session.deploy(&deploy(&code)).expect_err("a refusal");
        assert!((100..200).contains(&failure.status), "{failure:?}");
    }
    assert_eq!(host.asked_for(Asked::Admit), 0);
}

#[test]
fn n077_where_admission_is_required_it_must_be_offered() {
    let (runtime, host, _session) = world(&CASES[5]);
    refused(Session::open(&runtime, &params_without_hooks(&host)), Status::HostMissing);
    assert_eq!(host.releases(), 2, "the two contexts of the session that could not be made");
}

#[test]
fn a_refusal_says_both_scores() {
    let (_runtime, _host, session) = world(&CASES[3]);
    let failure = session.deploy(&deploy(&wat("(module)"))).expect_err("a refusal");
    assert!(failure.message.contains("49") && failure.message.contains("50"), "{failure:?}");
}
