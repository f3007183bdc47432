//! Whether the router's user may write, where something is to be changed there (routeros.md §1.8). A router that does not show its users to
//! whoever may not manage them says nothing, and that is no finding.

use operations::{Finding, FindingCode, MendPlace, router_command};

use crate::checkup::rights::{Granted, granted};
use crate::link::{Link, LinkError};

pub(super) async fn look(link: &mut Link, user: &str) -> Result<Vec<Finding>, LinkError> {
    Ok(granted(link, user).await.and_then(|granted| lacking(user, &granted)).into_iter().collect())
}

fn lacking(user: &str, granted: &Granted) -> Option<Finding> {
    if granted.policy.iter().any(|right| right == "write") {
        return None;
    }
    let what = format!("The user {user} may not write, and something is to be set on this router.");
    let policy = [&granted.policy[..], &["write".to_owned()]].concat().join(",");
    let command = router_command("/user/group/set", &[("name", &granted.group)], &format!("policy={policy}"));
    Some(Finding::new(FindingCode::MissingRights, what).about(user).mended(MendPlace::Router, command))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_granted_stays_and_write_comes_to_it() {
        let granted = |policy: &str| Granted {
            group: b"meter".to_vec(),
            policy: policy.split(',').map(str::to_owned).collect(),
        };
        let found = lacking("tik", &granted("api,read")).unwrap();
        assert_eq!(found.mend[0].command, "/user/group/set [find name=\"meter\"] policy=api,read,write");
        assert_eq!(lacking("tik", &granted("api,read,write")), None);
    }
}
