//! The marks in the comments of what is ours on routers. Nothing without one is ever changed (DESIGN 16). They name the installation, so
//! that two of them on one router leave each other's alone.

use std::sync::Arc;

/// So much of the installation's random name: enough to tell those on one router apart.
const NAMED: usize = 8;

/// What a mark is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarkOn {
    /// A queue that limits somebody.
    Limit,
    /// A hotspot user that lets a device of a voucher in.
    Voucher,
    /// A binding that keeps a device out.
    Hold,
}

impl MarkOn {
    /// How every mark of the kind begins, and what it was before marks named the installation.
    pub const fn begin(self) -> &'static str {
        match self {
            MarkOn::Limit => "tikmeter limit",
            MarkOn::Voucher => "tikmeter voucher",
            MarkOn::Hold => "tikmeter hold",
        }
    }
}

/// The marks of one installation; by default those of before marks named it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Marks(Option<Arc<str>>);

/// Whose something is, by its mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// This installation's.
    Ours,
    /// Of before marks named the installation: ours as long as nobody else marks it.
    OfBefore,
    /// Of another installation.
    OfAnother,
    /// Nobody's that we know.
    Foreign,
}

impl Whose {
    /// Whether it may be changed here.
    pub fn is_ours(self) -> bool {
        matches!(self, Whose::Ours | Whose::OfBefore)
    }
}

impl Marks {
    /// Those of the installation of that name.
    pub fn of(installation: &str) -> Marks {
        let name: String = installation.chars().take(NAMED).collect();
        Marks(Some(name.into()))
    }

    /// As the comment has it.
    pub fn comment(&self, on: MarkOn) -> String {
        match &self.0 {
            Some(name) => format!("{} {name}", on.begin()),
            None => on.begin().to_owned(),
        }
    }

    /// Whose the thing with that comment is.
    pub fn whose(&self, on: MarkOn, comment: &[u8]) -> Whose {
        let Some(rest) = comment.strip_prefix(on.begin().as_bytes()) else { return Whose::Foreign };
        match (rest, &self.0) {
            (b"", None) => Whose::Ours,
            (b"", Some(_)) => Whose::OfBefore,
            ([b' ', name @ ..], Some(ours)) if name == ours.as_bytes() => Whose::Ours,
            ([b' ', name @ ..], _) if name.len() == NAMED => Whose::OfAnother,
            _ => Whose::Foreign,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_tells_this_installation_from_others_and_knows_those_of_before() {
        let marks = Marks::of("0123456789abcdef");
        assert_eq!(marks.comment(MarkOn::Limit), "tikmeter limit 01234567");
        assert_eq!(Marks::default().comment(MarkOn::Hold), "tikmeter hold");
        for (comment, whose) in [
            ("tikmeter limit 01234567", Whose::Ours),
            ("tikmeter limit", Whose::OfBefore),
            ("tikmeter limit 89abcdef", Whose::OfAnother),
            ("tikmeter limit of mine", Whose::Foreign),
            ("tikmeter limits", Whose::Foreign),
            ("tikmeter hold 01234567", Whose::Foreign),
            ("", Whose::Foreign),
        ] {
            assert_eq!(marks.whose(MarkOn::Limit, comment.as_bytes()), whose, "{comment}");
        }
        assert_eq!(Marks::default().whose(MarkOn::Voucher, b"tikmeter voucher"), Whose::Ours);
        assert_eq!(Marks::default().whose(MarkOn::Voucher, b"tikmeter voucher 01234567"), Whose::OfAnother);
    }
}
