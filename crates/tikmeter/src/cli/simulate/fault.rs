//! Faults as they are written: `NAME[=VALUE][@COMMAND][*TIMES]`.

use std::time::Duration;

use routeros_sim::faults::{Cut, Fault, Plan};

use crate::quantity;

/// What every `--fault` may be, for the help and for whoever mistypes one.
pub(super) const FORMS: &str = "refuse, hang, max-sessions, auth-failure, no-rights, missing-menu, trickle[=OCTETS], \
    delay=TIME, missing-rows[=PERCENT], hide=NAME, trap[=ROWS], drop[=ROWS], half-sentence[=ROWS], silence[=ROWS], \
    garbage[=ROWS], fatal[=ROWS]";

/// Rows that go out before an answer breaks, unless told otherwise.
const ROWS: u64 = 3;
/// Octets of each piece of an answer that trickles.
const PIECE: u64 = 7;
/// Pause between two of them.
const PAUSE: Duration = Duration::from_millis(5);
/// Percent of the rows that are missing.
const SHARE: u64 = 30;

/// Reads one fault.
///
/// # Errors
/// A sentence that shows all forms.
pub(super) fn parse(text: &str) -> Result<Plan, String> {
    let (rest, times) = match text.rsplit_once('*') {
        Some((rest, times)) => (rest, Some(number(times)?)),
        None => (text, None),
    };
    let (rest, command) = match rest.split_once('@') {
        Some((rest, command)) => (rest, Some(command)),
        None => (rest, None),
    };
    let (name, value) = match rest.split_once('=') {
        Some((name, value)) => (name, Some(value)),
        None => (rest, None),
    };
    let plan = Plan::new(fault(name, value)?);
    // A login is spared unless it is named.
    let plan = match command.or((name == "auth-failure").then_some("/login")) {
        Some(command) if command.starts_with('/') => plan.on(command),
        Some(command) => return Err(format!("`{command}` is no command; write it like /interface/print")),
        None => plan,
    };
    match times.map(u32::try_from) {
        None => Ok(plan),
        Some(Ok(0)) => Err("0 times is never; leave out *TIMES for each time".to_owned()),
        Some(Ok(times)) => Ok(plan.times(times)),
        Some(Err(_)) => Err("that is too often; leave out *TIMES for each time".to_owned()),
    }
}

fn fault(name: &str, value: Option<&str>) -> Result<Fault, String> {
    let rows = || value.map_or(Ok(ROWS), number);
    let cut = |how| rows().map(|rows| Fault::cut_after(rows, how));
    match (name, value) {
        ("refuse", None) => Ok(Fault::Refuse),
        ("hang", None) => Ok(Fault::HangOnConnect),
        ("max-sessions", None) => Ok(Fault::MaxSessions),
        ("auth-failure", None) => Ok(Fault::AuthFailure),
        ("no-rights", None) => Ok(Fault::NoRights),
        ("missing-menu", None) => Ok(Fault::MissingMenu),
        ("trickle", _) => {
            let octets = usize::try_from(value.map_or(Ok(PIECE), number)?).unwrap_or(usize::MAX);
            Ok(Fault::Trickle { octets, pause: PAUSE })
        }
        ("delay", Some(time)) => Ok(Fault::Delay(Duration::from_millis(quantity::millis(time)?))),
        ("missing-rows", _) => {
            let percent = value.map_or(Ok(SHARE), number)?;
            let percent = u32::try_from(percent).ok().filter(|percent| *percent <= 100);
            percent
                .map(|percent| Fault::HideShare { percent })
                .ok_or("a share is 0 to 100 percent".to_owned())
        }
        ("hide", Some(name)) => Ok(Fault::HideNames(vec![name.as_bytes().to_vec()])),
        ("trap", _) => rows().map(Fault::trap_after),
        ("drop", _) => cut(Cut::Drop),
        ("half-sentence", _) => cut(Cut::HalfSentence),
        ("silence", _) => cut(Cut::Hang),
        ("garbage", _) => cut(Cut::Garbage(vec![0xff, 0xfe, 0x00, 0x07])),
        ("fatal", _) => cut(Cut::Fatal("out of memory".to_owned())),
        _ => Err(format!("there is no such fault; known are {FORMS}")),
    }
}

fn number(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| format!("`{}` is no number", text.escape_debug()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_that_is_told_is_taken_and_others_are_answered_with_them() {
        for form in FORMS.split(", ") {
            let (name, value) = form
                .split_once(['=', '['])
                .map_or((form, None), |(name, value)| (name, Some(value.trim_matches(['=', ']']))));
            let given = match value {
                Some("TIME") => "=2s",
                Some("NAME") => "=ana",
                Some(_) => "=5",
                None => "",
            };
            for text in [format!("{name}{given}"), format!("{name}{given}@/interface/print*2")] {
                assert!(parse(&text).is_ok(), "{text}: {:?}", parse(&text));
            }
        }
        for wrong in ["", "flood", "trap=many", "delay", "refuse=1", "trap@interface", "trap*often", "trap*0"]
        {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
        assert!(parse("flood").is_err_and(|told| told.contains("half-sentence")));
    }

    #[test]
    fn how_often_and_on_what_is_part_of_it() {
        let plan = |text| format!("{:?}", parse(text).unwrap());
        let expected = format!("{:?}", Plan::new(Fault::trap_after(37)).on("/interface/print").times(2));
        assert_eq!(plan("trap=37@/interface/print*2"), expected);
        assert_eq!(plan("auth-failure"), format!("{:?}", Plan::new(Fault::AuthFailure).on("/login")));
    }
}
