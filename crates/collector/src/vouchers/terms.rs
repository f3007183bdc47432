//! How long and how much a hotspot user may be in, as its row says it: `limit-uptime` is about all its logins together, and so is
//! `limit-bytes-total`, so that both are what was before plus what is left; a row that was just made counts nothing of before. Whether a row counts a login that is up is not
//! established (routeros.md U5): what is right by either reading stays, and what is set is never too early. A row that shows less
//! than its login lasts tells which of them is true.

use accounting::time::Micros;
use operations::VoucherLogin;

use crate::routeros::hotspot_user::{HotspotUser, UserLogin, UserTerms};

const SECOND_US: u64 = 1_000_000;
/// Rows tell whole seconds, and a login begins after it was planned.
const LATER_US: u64 = 2 * SECOND_US;
/// So much more than it should say is left as it is: else clocks that differ a little would be written after every day.
const SLACK_US: u64 = 10 * SECOND_US;
const SLACK_OCTETS: u64 = 1_000_000;

/// What the row of a user is to say; what it says already where that will do.
pub(super) fn terms(
    who: &VoucherLogin,
    row: Option<&HotspotUser>,
    login: Option<&UserLogin>,
    now: Micros,
) -> UserTerms {
    UserTerms { limit_uptime_us: uptime(who, row, login, now), limit_octets: octets(who, row, login) }
}

/// None is 0 on a router, so that what is over is limited to as little as can be.
fn uptime(who: &VoucherLogin, row: Option<&HotspotUser>, login: Option<&UserLogin>, now: Micros) -> u64 {
    let Some(until) = who.until else { return 0 };
    let left = until.0.saturating_sub(now.0).max(0).unsigned_abs();
    let before = row.map_or(0, |row| row.uptime_us);
    let of_login = login.map_or(0, |login| login.uptime_s.saturating_mul(SECOND_US));
    let most = before.saturating_add(left).saturating_add(of_login).saturating_add(LATER_US);
    // A row that shows less than its login lasts does not count that: what the login takes comes on top.
    let is_uncounted = before.saturating_add(LATER_US) < of_login;
    let least = if is_uncounted { most.saturating_sub(LATER_US) } else { before.saturating_add(left) };
    kept(row.map(|row| row.limit_uptime_us), least, most, SLACK_US)
        .unwrap_or_else(|| most.div_ceil(SECOND_US).saturating_mul(SECOND_US))
}

/// What was moved before and what is left come to less and less, for what is left is known late and the devices of a voucher share it:
/// so a row that was right is never too little later, and how near it is kept to less grows with how little is left.
fn octets(who: &VoucherLogin, row: Option<&HotspotUser>, login: Option<&UserLogin>) -> u64 {
    let Some(left) = who.left_octets.map(|left| left.max(1)) else { return 0 };
    // A row that was not there counts nothing of before.
    let moved = row.map_or(0, |row| row.octets.max(who.moved_octets));
    let of_login = login.map_or(0, |login| login.octets);
    let most = moved.saturating_add(of_login).saturating_add(left);
    let slack = SLACK_OCTETS.saturating_add(left / 8);
    kept(row.map(|row| row.limit_octets), left, most, slack).unwrap_or(most)
}

fn kept(shown: Option<u64>, least: u64, most: u64, slack: u64) -> Option<u64> {
    shown.filter(|shown| *shown > 0 && (least..=most.saturating_add(slack)).contains(shown))
}

#[cfg(test)]
mod tests {
    use operations::Whose;

    use super::*;

    const HOUR_US: u64 = 3_600 * SECOND_US;

    fn who(until: Option<i64>, left_octets: Option<u64>, moved_octets: u64) -> VoucherLogin {
        let (login, mac) = (b"ABC".to_vec(), b"AA:BB:CC:00:00:01".to_vec());
        VoucherLogin { login, mac, until: until.map(Micros), left_octets, moved_octets, is_in: true }
    }

    fn row(limits: (u64, u64), uptime_us: u64, octets: u64) -> HotspotUser {
        HotspotUser {
            id: b"*1".to_vec(),
            name: b"ABC".to_vec(),
            mac: b"AA:BB:CC:00:00:01".to_vec(),
            profile: Vec::new(),
            limit_uptime_us: limits.0,
            limit_octets: limits.1,
            uptime_us,
            octets,
            is_off: false,
            whose: Whose::Ours,
        }
    }

    fn login(uptime_s: u64, octets: u64) -> UserLogin {
        let (id, user) = (b"*2".to_vec(), b"ABC".to_vec());
        UserLogin { id, user, mac: b"AA:BB:CC:00:00:01".to_vec(), uptime_s, octets }
    }

    #[test]
    fn a_new_user_may_be_in_for_what_is_left_and_a_little_and_one_of_before_for_so_much_more() {
        let (an_hour, now) = (who(Some(3_600_500_000), None, 0), Micros(0));
        assert_eq!(terms(&an_hour, None, None, now).limit_uptime_us, HOUR_US + 3 * SECOND_US);
        let before = row((0, 0), 600 * SECOND_US, 0);
        let all = terms(&an_hour, Some(&before), None, now).limit_uptime_us;
        assert_eq!(all, HOUR_US + 603 * SECOND_US);
        let nothing = terms(&who(None, None, 0), Some(&before), None, now);
        assert_eq!(nothing, UserTerms { limit_uptime_us: 0, limit_octets: 0 });
        assert!(terms(&who(Some(-5), Some(0), 0), None, None, now).limit_uptime_us > 0, "0 is no limit");
        assert_eq!(terms(&who(Some(-5), Some(0), 0), None, None, now).limit_octets, 1);
    }

    #[test]
    fn what_was_set_stays_while_a_login_is_up_whether_or_not_its_row_counts_it() {
        let limit = terms(&who(Some(3_600_000_000), None, 0), None, None, Micros(0)).limit_uptime_us;
        for passed_s in [0_u64, 1, 17, 1_800, 3_599] {
            let now = Micros(i64::try_from(passed_s * SECOND_US).unwrap() + 400_000);
            let who = who(Some(3_600_000_000), None, 0);
            for counted in [0, passed_s * SECOND_US] {
                let row = row((limit, 0), counted, 0);
                let again = terms(&who, Some(&row), Some(&login(passed_s, 0)), now).limit_uptime_us;
                assert_eq!(again, limit, "after {passed_s} s, of which the row shows {counted}");
            }
        }
    }

    #[test]
    fn time_that_passed_while_it_was_out_is_taken_off_and_a_limit_that_ends_early_is_raised() {
        let (who, limit) = (who(Some(3_600_000_000), None, 0), HOUR_US + 2 * SECOND_US);
        // In for 600 s, away for 1,000 s, in again for 5 s.
        let (row_was, now) = (row((limit, 0), 605 * SECOND_US, 0), Micros(1_605_000_000));
        let set = terms(&who, Some(&row_was), Some(&login(5, 0)), now).limit_uptime_us;
        assert_eq!(set, (605 + 1_995 + 5 + 2) * SECOND_US);
        let early = row((HOUR_US - SECOND_US, 0), 0, 0);
        assert_eq!(terms(&who, Some(&early), None, Micros(0)).limit_uptime_us, limit);
    }

    #[test]
    fn a_limit_that_somebody_lowered_is_raised_also_where_a_row_does_not_count_the_login_that_is_up() {
        let (who, now) = (who(Some(3_600_000_000), None, 0), Micros(1_800_000_000));
        let own = HOUR_US + 2 * SECOND_US;
        let set = |limit, counted| {
            terms(&who, Some(&row((limit, 0), counted, 0)), Some(&login(1_800, 0)), now).limit_uptime_us
        };
        for lowered in [HOUR_US / 2, HOUR_US - SECOND_US] {
            assert_eq!(set(lowered, 0), own, "{lowered} of a row that counts when the login ends");
        }
        assert!(set(HOUR_US - SECOND_US, 1_800 * SECOND_US) > HOUR_US, "of one that counts all the time");
        assert_eq!((set(own, 0), set(own, 1_800 * SECOND_US)), (own, own));
    }

    #[test]
    fn data_is_what_was_moved_and_what_is_left_on_routers_that_add_up_and_on_those_that_do_not() {
        let now = Micros(0);
        let first = terms(&who(None, Some(10_000_000_000), 0), None, None, now);
        assert_eq!(first.limit_octets, 10_000_000_000);
        // Half of it was moved: the row counts it, or does not.
        let half = who(None, Some(5_000_000_000), 5_000_000_000);
        for counted in [0, 5_000_000_000] {
            let row = row((0, 10_000_000_000), 0, counted);
            let again = terms(&half, Some(&row), Some(&login(9, 5_000_000_000)), now);
            assert_eq!(again.limit_octets, 10_000_000_000, "{counted}");
        }
        // Another device moved 8 GB.
        let little = who(None, Some(1_000_000_000), 0);
        let row = row((0, 10_000_000_000), 0, 1_000_000_000);
        assert_eq!(terms(&little, Some(&row), None, now).limit_octets, 2_000_000_000);
    }
}
