//! What the router's user may do, as far as the router tells: whether that is enough, and whether it is too much.

use operations::{Check, CheckItem, CheckState};

use super::item::check;
use crate::link::{Link, MAY_WRITE};
use crate::routeros::user_group;

/// Where the router does not show its users (routeros.md §1.8).
const NOT_TOLD: &str = "The user may read. Whether it may also write cannot be known without changing something, which a test does not \
    do: limits, vouchers and disconnects need that, and say so where it is refused. To be sure: \
    `/user group set GROUP policy=api,read,write`.";

/// Rights that nothing here needs and that do harm in others' hands.
const TOO_MUCH: [&str; 6] = ["ftp", "reboot", "policy", "password", "sniff", "sensitive"];

/// Of a user that may read.
pub(super) async fn look(link: &mut Link, user: &str) -> Check {
    let granted = granted(link, user).await;
    let (state, told) = judge(granted.as_ref().map(|granted| &granted.policy[..]));
    check(CheckItem::Rights, state, told)
}

/// What a user may do.
pub(crate) struct Granted {
    /// Its group, raw.
    pub(crate) group: Vec<u8>,
    /// What the group may do.
    pub(crate) policy: Vec<String>,
}

/// Without an answer nothing is known, and reading goes on.
pub(crate) async fn granted(link: &mut Link, user: &str) -> Option<Granted> {
    let mut group = None;
    link.print(&user_group::print_group_of(user), |row| group = user_group::group(&row)).await.ok()?;
    let (group, mut policy) = (group?, None);
    link.print(&user_group::print_policy_of(&group), |row| policy = user_group::granted(&row)).await.ok()?;
    Some(Granted { group, policy: policy? })
}

fn judge(granted: Option<&[String]>) -> (CheckState, String) {
    let Some(granted) = granted else { return (CheckState::Ok, NOT_TOLD.to_owned()) };
    let has = |right: &str| granted.iter().any(|word| word == right);
    let too_much: Vec<&str> = TOO_MUCH.into_iter().filter(|right| has(right)).collect();
    let may = if has("write") {
        "The user may read and write: enough for counting, limits, vouchers and disconnects.".to_owned()
    } else {
        format!(
            "The user may read, which is enough for counting; limits, vouchers and disconnects are refused by the router. For them: {MAY_WRITE}."
        )
    };
    if too_much.is_empty() {
        return (CheckState::Ok, may);
    }
    let told = format!(
        "{may} It may also do what nothing here needs ({}): whoever gets its password may, too. `tikmeter router bootstrap` prints a user that may not.",
        too_much.join(", ")
    );
    (CheckState::Attention, told)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(policy: &str) -> (CheckState, String) {
        judge(Some(&policy.split(',').map(str::to_owned).collect::<Vec<_>>()))
    }

    #[test]
    fn what_is_missing_and_what_is_too_much_is_said() {
        let (state, told) = judged("api,read");
        assert!(
            state == CheckState::Ok && told.contains("/user group set GROUP policy=api,read,write"),
            "{told}"
        );
        let (state, told) = judged("api,read,write");
        assert!(state == CheckState::Ok && told.ends_with("disconnects."), "{told}");
        let (state, told) = judged("read,write,reboot,api,sensitive");
        assert!(state == CheckState::Attention && told.contains("(reboot, sensitive)"), "{told}");
        assert_eq!(judge(None), (CheckState::Ok, NOT_TOLD.to_owned()));
    }
}
