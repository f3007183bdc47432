//! What keeps somebody from coming back (routeros.md §2.7, §2.8): for a device of the hotspot a binding of ours that blocks it, for a
//! PPP login its local secret, switched off. A redial comes at once and a cookie within a second (§8, trap 19), so it is made before
//! the session is removed.

use operations::{MarkOn, Marks};
use routeros_proto::{Command, Reply, value};
use store::HoldSubject;

const BINDINGS: &str = "/ip/hotspot/ip-binding";
const SECRETS: &str = "/ppp/secret";

/// A row that may keep them out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bar {
    /// Its `.id`, as printed; never empty (routeros.md §8, trap 21).
    pub id: Vec<u8>,
    /// Whether it is switched off; `None` when not given.
    pub is_disabled: Option<bool>,
    /// Bindings only: it blocks, and the mark is on it.
    pub is_ours: bool,
}

/// Prints what may keep them out.
pub fn print(subject: &HoldSubject) -> Command {
    match subject {
        HoldSubject::Device(mac) => Command::new(&format!("{BINDINGS}/print"))
            .proplist(&[".id", "mac-address", "type", "disabled", "comment"])
            .query_any_of("mac-address", &[mac]),
        HoldSubject::Ppp(login) => Command::new(&format!("{SECRETS}/print"))
            .proplist(&[".id", "name", "disabled"])
            .query_any_of("name", &[login]),
    }
}

/// Reads one row; `None` for one of somebody else, or without an id.
pub fn bar(subject: &HoldSubject, row: &Reply<'_>, marks: &Marks) -> Option<Bar> {
    let is_theirs = match subject {
        HoldSubject::Device(mac) => row.get(b"mac-address")?.eq_ignore_ascii_case(mac),
        HoldSubject::Ppp(login) => row.get(b"name")? == login,
    };
    let id = row.get(b".id").filter(|id| is_theirs && value::item_id(id).is_some())?;
    Some(Bar {
        id: id.to_vec(),
        is_disabled: row.get(b"disabled").and_then(value::boolean),
        is_ours: row.get(b"type") == Some(b"blocked")
            && marks.whose(MarkOn::Hold, row.get(b"comment").unwrap_or_default()).is_ours(),
    })
}

/// The command that keeps them out; `None` where ours stands already.
///
/// # Errors
/// Why they cannot be kept out in a way that could be undone, as half a sentence.
pub fn to_place(subject: &HoldSubject, bars: &[Bar], marks: &Marks) -> Result<Option<Command>, &'static str> {
    match (subject, bars) {
        (HoldSubject::Device(mac), []) => Ok(Some(
            Command::new(&format!("{BINDINGS}/add"))
                .attr("mac-address", mac)
                .attr("type", "blocked")
                .attr("comment", marks.comment(MarkOn::Hold)),
        )),
        (HoldSubject::Device(_), _) if stands(subject, bars) && bars.iter().all(|bar| bar.is_ours) => {
            Ok(None)
        }
        (HoldSubject::Device(_), _) => Err(
            "the router has a binding for this device already (/ip hotspot ip-binding), and which of two holds is not \
                 established",
        ),
        (HoldSubject::Ppp(_), []) => {
            Err("the router has no secret of this login: another server lets it in (RADIUS), which \
                                          has to keep it out")
        }
        (HoldSubject::Ppp(_), [secret]) => match secret.is_disabled {
            Some(false) => Ok(Some(switched(secret, "yes"))),
            Some(true) => Err("the secret of this login is switched off already, and would have to stay so"),
            None => Err("the router does not say whether the secret of this login is on"),
        },
        (HoldSubject::Ppp(_), _) => Err("the router has several secrets of this login"),
    }
}

/// The commands that let them in again; of a secret only for one that was switched off by us.
///
/// # Errors
/// Why it is not known what would, as half a sentence.
pub fn to_undo(subject: &HoldSubject, bars: &[Bar]) -> Result<Vec<Command>, &'static str> {
    let up = bars.iter().filter(|bar| is_up(subject, bar));
    match subject {
        HoldSubject::Device(_) => {
            Ok(up.map(|bar| Command::new(&format!("{BINDINGS}/remove")).attr(".id", &bar.id)).collect())
        }
        HoldSubject::Ppp(_) if bars.len() > 1 => Err(
            "the router has several secrets of this login by now; switch on by hand the one that was switched off",
        ),
        HoldSubject::Ppp(_) => Ok(up.map(|secret| switched(secret, "no")).collect()),
    }
}

/// Whether they are kept out.
pub fn stands(subject: &HoldSubject, bars: &[Bar]) -> bool {
    let is_on = |bar: &Bar| matches!(subject, HoldSubject::Ppp(_)) || bar.is_disabled == Some(false);
    bars.iter().any(|bar| is_up(subject, bar) && is_on(bar))
}

/// Whether it has to be undone.
fn is_up(subject: &HoldSubject, bar: &Bar) -> bool {
    match subject {
        HoldSubject::Device(_) => bar.is_ours,
        HoldSubject::Ppp(_) => bar.is_disabled == Some(true),
    }
}

fn switched(secret: &Bar, off: &str) -> Command {
    Command::new(&format!("{SECRETS}/set")).attr(".id", &secret.id).attr("disabled", off)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phone() -> HoldSubject {
        HoldSubject::Device(b"AA:BB:CC:00:00:01".to_vec())
    }

    fn eva() -> HoldSubject {
        HoldSubject::Ppp(b"eva".to_vec())
    }

    fn bar(is_disabled: Option<bool>, is_ours: bool) -> Bar {
        Bar { id: b"*7".to_vec(), is_disabled, is_ours }
    }

    fn undone(subject: &HoldSubject, bars: &[Bar]) -> Vec<String> {
        to_undo(subject, bars).unwrap().iter().map(Command::shown).collect()
    }

    fn shown(command: Option<Command>) -> Option<String> {
        command.map(|command| command.shown())
    }

    #[test]
    fn what_is_somebody_elses_is_neither_used_nor_undone() {
        let marks = Marks::of("0123456789abcdef");
        let add = "/ip/hotspot/ip-binding/add =mac-address=AA:BB:CC:00:00:01 =type=blocked =comment=tikmeter hold 01234567";
        assert_eq!(shown(to_place(&phone(), &[], &marks).unwrap()).as_deref(), Some(add));
        let ours = bar(Some(false), true);
        assert_eq!(to_place(&phone(), std::slice::from_ref(&ours), &marks), Ok(None));
        let theirs = bar(Some(false), false);
        for bars in [vec![theirs.clone()], vec![ours.clone(), theirs.clone()], vec![bar(Some(true), true)]] {
            assert!(to_place(&phone(), &bars, &marks).is_err(), "{bars:?}");
        }
        assert_eq!(undone(&phone(), &[ours, theirs]), ["/ip/hotspot/ip-binding/remove =.id=*7"]);
    }

    #[test]
    fn a_secret_is_switched_off_only_where_it_is_known_to_be_on() {
        let marks = Marks::default();
        let (on, off) = (bar(Some(false), false), bar(Some(true), false));
        let place = shown(to_place(&eva(), std::slice::from_ref(&on), &marks).unwrap());
        assert_eq!(place.as_deref(), Some("/ppp/secret/set =.id=*7 =disabled=yes"));
        for bars in [vec![], vec![off.clone()], vec![bar(None, false)], vec![on.clone(), on.clone()]] {
            assert!(to_place(&eva(), &bars, &marks).is_err(), "{bars:?}");
        }
        assert_eq!(undone(&eva(), std::slice::from_ref(&off)), ["/ppp/secret/set =.id=*7 =disabled=no"]);
        assert_eq!(undone(&eva(), std::slice::from_ref(&on)), Vec::<String>::new());
        assert!(to_undo(&eva(), &[on, off]).is_err(), "whose was it?");
    }
}
