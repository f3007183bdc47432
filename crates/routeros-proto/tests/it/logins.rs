//! Both sides of both logins, and each against captures of the other.

use routeros_proto::{
    ClientLogin, Command, Decoder, Event, Limits, LoginStep, Reply, ReplyWriter, Request, ServerLogin,
    ServerLoginStep, Untagged,
};

use crate::transcript::{bytes, each_reply};

/// The challenge of the captured login, `routeros.md` §7 (3).
const CHALLENGE: [u8; 16] =
    [0x93, 0xb4, 0x38, 0xec, 0x9b, 0x80, 0x05, 0x7c, 0x06, 0xdd, 0x9f, 0xe6, 0x7d, 0x56, 0xaa, 0x9a];

fn wire(command: &Command) -> Vec<u8> {
    let mut out = Vec::new();
    command.encode(&mut out);
    out
}

/// Answers of a router that knows `admin` (no password) and `ana` (`s3cret`).
fn answer(login: &mut ServerLogin, request: &[u8]) -> (ServerLoginStep, Vec<u8>) {
    let mut decoder = Decoder::new(Limits::default());
    decoder.feed(request);
    let request = decoder.next().expect("well-formed").and_then(Request::parse).expect("a command");
    let step = login.step(&request, |name| match name {
        b"admin" => Some(Vec::new()),
        b"ana" => Some(b"s3cret".to_vec()),
        _ => None,
    });
    let mut out = Vec::new();
    match &step {
        ServerLoginStep::Challenge(hex) => {
            let mut done = ReplyWriter::done(&mut out, None);
            done.attribute(b"ret", hex.as_bytes());
            done.finish();
        }
        ServerLoginStep::Accepted(_) => ReplyWriter::done(&mut out, None).finish(),
        ServerLoginStep::Refused { message } => {
            ReplyWriter::trap(&mut out, None, None, message).finish();
            ReplyWriter::done(&mut out, None).finish();
        }
        ServerLoginStep::NotALogin => ReplyWriter::fatal_bare(&mut out, "not logged in"),
    }
    (step, out)
}

/// The last step of the client that is not waiting, fed with `reply`.
fn step(client: &mut ClientLogin, reply: &[u8]) -> LoginStep {
    let mut machine = Untagged::new();
    machine.sent();
    let mut last = LoginStep::Wait;
    each_reply(reply, |reply: Reply<'_>| {
        let next = client.step(machine.accept(reply));
        if !matches!(next, LoginStep::Wait) {
            last = next;
        }
    });
    last
}

/// Lets the two talk until the login ends.
fn talk(client: &mut ClientLogin, server: &mut ServerLogin) -> (LoginStep, usize) {
    let mut command = client.first();
    for round in 1..10 {
        let (_, reply) = answer(server, &wire(&command));
        match step(client, &reply) {
            LoginStep::Send(next) => command = next,
            end => return (end, round),
        }
    }
    panic!("the login never ends");
}

#[test]
fn the_captured_challenge_login() {
    let mut client = ClientLogin::new(b"admin", b"");
    assert_eq!(wire(&client.first()), bytes("/login | =name=admin | =password="));
    let next = step(&mut client, &bytes("!done | =ret=93b438ec9b80057c06dd9fe67d56aa9a"));
    let LoginStep::Send(command) = next else { panic!("{next:?}") };
    let expected = bytes("/login | =name=admin | =response=00e134102a9d330dd7b1849fedfea3cb57");
    assert_eq!(wire(&command), expected);
    assert!(matches!(step(&mut client, &bytes("!done")), LoginStep::Success));

    let mut server = ServerLogin::challenge(CHALLENGE);
    let (issued, _) = answer(&mut server, &bytes("/login"));
    assert_eq!(issued, ServerLoginStep::Challenge("93b438ec9b80057c06dd9fe67d56aa9a".to_owned()));
    assert_eq!(answer(&mut server, &expected).0, ServerLoginStep::Accepted(b"admin".to_vec()));
}

#[test]
fn right_and_wrong_passwords_against_both_ages() {
    for (server, rounds, refusal) in [
        (ServerLogin::plain(), 1, "invalid user name or password (6)"),
        (ServerLogin::challenge(CHALLENGE), 2, "cannot log in"),
    ] {
        let (end, took) = talk(&mut ClientLogin::new(b"ana", b"s3cret"), &mut server.clone());
        assert!(matches!(end, LoginStep::Success), "{end:?}");
        assert_eq!(took, rounds);
        for (name, password) in
            [(&b"ana"[..], &b"S3cret"[..]), (b"Ana", b"s3cret"), (b"", b""), (b"admin", b"x")]
        {
            let (end, took) = talk(&mut ClientLogin::new(name, password), &mut server.clone());
            assert!(matches!(&end, LoginStep::Refused(trap) if trap.message == refusal), "{end:?}");
            assert_eq!(took, rounds);
        }
    }
}

#[test]
fn raw_bytes_in_names_and_passwords() {
    let password = b"p=\xED\x00\n";
    let mut server = ServerLogin::challenge(CHALLENGE);
    let mut client = ClientLogin::new(b"\xFFuser=1", password);
    let check = |server: &mut ServerLogin, request: &Command| {
        let request_bytes = wire(request);
        let mut decoder = Decoder::new(Limits::default());
        decoder.feed(&request_bytes);
        let request = decoder.next().expect("well-formed").and_then(Request::parse).expect("a command");
        server.step(&request, |name| (name == b"\xFFuser=1").then(|| password.to_vec()))
    };
    let issued = check(&mut server, &client.first());
    assert!(matches!(issued, ServerLoginStep::Challenge(_)));
    let LoginStep::Send(response) =
        step(&mut client, &bytes("!done | =ret=93b438ec9b80057c06dd9fe67d56aa9a"))
    else {
        panic!("a challenge must be answered")
    };
    assert_eq!(check(&mut server, &response), ServerLoginStep::Accepted(b"\xFFuser=1".to_vec()));
}

#[test]
fn a_response_counts_once_and_only_after_its_challenge() {
    let response = bytes("/login | =name=admin | =response=00e134102a9d330dd7b1849fedfea3cb57");
    let mut server = ServerLogin::challenge(CHALLENGE);
    assert!(
        matches!(answer(&mut server, &response).0, ServerLoginStep::Refused { .. }),
        "nothing was issued"
    );
    answer(&mut server, &bytes("/login"));
    let wrong = bytes("/login | =name=admin | =response=00");
    assert!(matches!(answer(&mut server, &wrong).0, ServerLoginStep::Refused { .. }));
    assert!(matches!(answer(&mut server, &response).0, ServerLoginStep::Refused { .. }), "it was used up");
}

#[test]
fn other_commands_are_no_login() {
    for server in [ServerLogin::plain(), ServerLogin::challenge(CHALLENGE)] {
        for request in ["/system/identity/print", "/loginx", "/login/now | =name=admin"] {
            assert_eq!(
                answer(&mut server.clone(), &bytes(request)).0,
                ServerLoginStep::NotALogin,
                "{request}"
            );
        }
    }
}

#[test]
fn a_newer_router_does_not_accept_a_login_without_password() {
    let refused = ServerLoginStep::Refused { message: "invalid user name or password (6)" };
    for request in ["/login", "/login | =name=admin", "/login | =password="] {
        assert_eq!(answer(&mut ServerLogin::plain(), &bytes(request)).0, refused, "{request}");
    }
}

#[test]
fn strange_routers_end_the_login_in_words() {
    let mut client = ClientLogin::new(b"a", b"b");
    let end = step(&mut client, &bytes("!done | =ret=xyz"));
    assert!(matches!(&end, LoginStep::Refused(trap) if trap.is("not 32 hexadecimal digits")), "{end:?}");

    let challenge = bytes("!done | =ret=93b438ec9b80057c06dd9fe67d56aa9a");
    let mut client = ClientLogin::new(b"a", b"b");
    assert!(matches!(step(&mut client, &challenge), LoginStep::Send(_)));
    let end = step(&mut client, &challenge);
    assert!(matches!(&end, LoginStep::Refused(trap) if trap.is("second login challenge")), "{end:?}");

    let end = step(&mut client, &bytes("!fatal | too many sessions"));
    assert!(matches!(&end, LoginStep::Closed(text) if text == "too many sessions"), "{end:?}");
    assert!(matches!(client.step(Event::Cancelled), LoginStep::Closed(_)));
    assert!(matches!(step(&mut client, &bytes("!re | =a=b\n!hello")), LoginStep::Wait));
}

#[test]
fn the_password_is_not_printed() {
    let mut client = ClientLogin::new(b"admin", b"hunter2");
    let shown = format!(
        "{client:?} {:?}",
        step(&mut client, &bytes("!done | =ret=93b438ec9b80057c06dd9fe67d56aa9a"))
    );
    assert!(shown.contains("admin") && !shown.contains("hunter2") && !shown.contains("=00"), "{shown}");
}
