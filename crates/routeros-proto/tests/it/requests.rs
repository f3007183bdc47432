//! What the router's side reads from a client.

use routeros_proto::{Decoder, Limits, Request};

use crate::transcript::bytes;

fn with_request<T>(transcript: &str, read: impl FnOnce(Option<Request<'_>>) -> T) -> T {
    let mut decoder = Decoder::new(Limits::default());
    decoder.feed(&bytes(transcript));
    let sentence = decoder.next().expect("well-formed").expect("whole");
    read(Request::parse(sentence))
}

#[test]
fn everything_a_request_can_hold_in_any_order() {
    let transcript =
        "/interface/print | ?type=pppoe-in | .tag=7 | =.proplist=.id,name,,rx-byte | ?#! | =detail= | =stats";
    with_request(transcript, |request| {
        let request = request.expect("a command");
        assert_eq!(request.path(), b"/interface/print");
        assert_eq!(request.tag(), Some(&b"7"[..]));
        let proplist: Vec<&[u8]> = request.proplist().expect("one was sent").collect();
        assert_eq!(proplist, [&b".id"[..], b"name", b"rx-byte"]);
        assert!(request.queries().eq([&b"?type=pppoe-in"[..], b"?#!"]));
        assert_eq!(request.attributes().count(), 3);
        assert_eq!(request.get(b"detail"), Some(&b""[..]));
        assert_eq!(request.get(b"stats"), Some(&b""[..]), "flags are sent without a second equals sign too");
        assert_eq!(request.get(b"follow"), None);
    });
}

#[test]
fn no_proplist_is_not_an_empty_one() {
    with_request("/x/print", |request| assert!(request.is_some_and(|request| request.proplist().is_none())));
    with_request("/x/print | =.proplist=", |request| {
        assert_eq!(request.and_then(|request| request.proplist()).map(Iterator::count), Some(0));
    });
}

#[test]
fn what_does_not_begin_with_a_path_is_no_command() {
    for transcript in ["#", "!re | =a=b", "login | =name=admin", "=name=x", ".tag=1 | /login"] {
        with_request(transcript, |request| assert!(request.is_none(), "{transcript}"));
    }
}

#[test]
fn debug_output_hides_the_password() {
    with_request("/login | =name=admin | =password=hunter2", |request| {
        let shown = format!("{request:?}");
        assert!(shown.contains("admin") && !shown.contains("hunter2"), "{shown}");
    });
}
