//! Logins: only the right password gets in, whatever is said before, and nothing that a router says is answered without end.

use routeros_proto::{
    ClientLogin, LoginStep, Reply, Request, ServerLogin, ServerLoginStep, Untagged, challenge_response,
};

use crate::wire::{each_sentence, led};

const PASSWORD: &[u8] = b"right";
const CHALLENGE: [u8; 16] = *b"0123456789abcdef";
const CHALLENGE_HEX: &[u8] = b"30313233343536373839616263646566";

pub(crate) fn run(data: &[u8]) {
    let Some((who, bytes)) = led(data) else { return };
    match who % 3 {
        0 => as_client(bytes),
        1 => as_router(bytes, ServerLogin::plain()),
        _ => as_router(bytes, ServerLogin::challenge(CHALLENGE)),
    }
}

fn as_client(bytes: &[u8]) {
    let (mut login, mut in_flight) = (ClientLogin::new(b"meter", PASSWORD), Untagged::new());
    let (mut answers, mut over) = (0, false);
    in_flight.sent();
    each_sentence(bytes, bytes.len(), |sentence| {
        if over {
            return;
        }
        match login.step(in_flight.accept(Reply::parse(sentence))) {
            LoginStep::Send(_) => {
                in_flight.sent();
                answers += 1;
            }
            LoginStep::Wait => {}
            LoginStep::Success | LoginStep::Refused(_) | LoginStep::Closed(_) => over = true,
        }
    });
    assert!(answers <= 1, "a challenge is answered once");
    assert!(!format!("{login:?}").contains("right"), "the password is printed");
}

fn as_router(bytes: &[u8], mut login: ServerLogin) {
    let response = challenge_response(PASSWORD, CHALLENGE_HEX).expect("a challenge of 32 digits");
    each_sentence(bytes, bytes.len(), |sentence| {
        let Some(request) = Request::parse(sentence) else { return };
        let step = login.step(&request, |name| (name == b"meter").then(|| PASSWORD.to_vec()));
        if let ServerLoginStep::Accepted(name) = step {
            let given = |attribute: &[u8]| request.get(attribute).unwrap_or_default().to_ascii_lowercase();
            assert_eq!(name, b"meter");
            assert!(
                given(b"password") == PASSWORD
                    || given(b"response") == response.to_ascii_lowercase().as_bytes(),
                "somebody was let in without the password"
            );
        }
    });
}
