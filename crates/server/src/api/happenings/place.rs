//! Where in the one list something stands: by its time, of one time by its kind, of one kind by its number.

use accounting::time::Micros;
use uuid::Uuid;

use crate::api::model::happening::{Happening, HappeningKind};
use crate::api::paging;
use crate::problem::Problem;

/// Kinds in the order in which they come of one time, the first last.
const KINDS: [HappeningKind; 5] = [
    HappeningKind::Log,
    HappeningKind::Command,
    HappeningKind::RouterState,
    HappeningKind::SessionEnded,
    HappeningKind::SessionBegan,
];

/// See the module. The two numbers are what the kind tells its own apart by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) at: Micros,
    pub(super) kind: HappeningKind,
    pub(super) numbers: [i64; 2],
}

/// Something that happened, and where it stands.
pub(super) struct Told {
    pub(super) place: Place,
    pub(super) happening: Happening,
}

/// What of one kind comes behind a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Behind {
    /// All before that time.
    Before(Micros),
    /// What comes behind this one of the same kind.
    Same(Micros, [i64; 2]),
}

/// Where a kind comes among those of one time.
pub(super) fn rank(kind: HappeningKind) -> i64 {
    KINDS.iter().zip(0..).find(|(known, _)| **known == kind).map_or(0, |(_, rank)| rank)
}

impl Place {
    pub(super) fn write(self) -> String {
        let [first, second] = self.numbers;
        format!("{}.{}.{first}.{second}", self.at.0, rank(self.kind))
    }

    pub(super) fn read(cursor: &str) -> Result<Place, Problem> {
        let [at, kind, first, second] = paging::numbers(cursor)?;
        let kind = usize::try_from(kind).ok().and_then(|rank| KINDS.get(rank)).ok_or_else(paging::unknown)?;
        Ok(Place { at: Micros(at), kind: *kind, numbers: [first, second] })
    }

    /// What of `kind` comes behind it: of its own time, those kinds that come after its own.
    pub(super) fn behind(self, kind: HappeningKind) -> Behind {
        match rank(kind).cmp(&rank(self.kind)) {
            std::cmp::Ordering::Equal => Behind::Same(self.at, self.numbers),
            std::cmp::Ordering::Less => Behind::Before(Micros(self.at.0.saturating_add(1))),
            std::cmp::Ordering::Greater => Behind::Before(self.at),
        }
    }
}

/// A name of a command as two numbers.
pub(super) fn halves(id: Uuid) -> [i64; 2] {
    let (high, low) = id.as_u64_pair();
    [high.cast_signed(), low.cast_signed()]
}

/// The name of which these are the halves.
pub(super) fn joined([high, low]: [i64; 2]) -> Uuid {
    Uuid::from_u64_pair(high.cast_unsigned(), low.cast_unsigned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_comes_back_from_its_halves() {
        let id = Uuid::from_u128(0xfedc_ba98_7654_3210_8123_4567_89ab_cdef);
        assert_eq!(joined(halves(id)), id);
    }

    #[test]
    fn a_cursor_finds_its_place_again_and_others_are_refused() {
        let place = Place { at: Micros(-5), kind: HappeningKind::RouterState, numbers: [7, i64::MIN] };
        assert_eq!(Place::read(&place.write()), Ok(place));
        for wrong in ["5.9.1.1", "5.-1.1.1", "5.1.1", "x"] {
            assert!(Place::read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn nothing_is_met_twice_or_left_out_at_a_time_that_several_kinds_share() {
        let place = Place { at: Micros(9), kind: HappeningKind::RouterState, numbers: [7, 0] };
        assert_eq!(place.behind(HappeningKind::RouterState), Behind::Same(Micros(9), [7, 0]));
        assert_eq!(place.behind(HappeningKind::SessionBegan), Behind::Before(Micros(9)), "it came before");
        assert_eq!(place.behind(HappeningKind::Log), Behind::Before(Micros(10)), "it is still to come");
    }
}
