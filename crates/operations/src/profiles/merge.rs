//! A profile, the plan of its name, and what the file gave that plan before: what is to become of it.

use serde::Serialize;
use serde_json::{Map, Value, json};
use store::{Plan, PlanCycle, Profile, ProfilePlan};

/// What became of a profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfileView {
    /// Its name, and the plan's.
    pub name: String,
    /// What became of it.
    pub state: ProfileState,
    /// Where the plan says something else, as somebody wants it. It was left so.
    pub conflicts: Vec<ProfileConflict>,
}

/// What became of a profile when it was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProfileState {
    /// There was no plan of its name; there is one now.
    Added,
    /// The plan was made as the file has it.
    Changed,
    /// The plan was so already.
    Same,
    /// Something in the plan is as somebody changed it by hand.
    Conflict,
}

/// A field in which a plan and its profile differ, because somebody changed it by hand, or the file of another process did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfileConflict {
    /// The plan's field: `price`, `validity`, `devices`, `rate_up_bps` or `rate_down_bps`.
    pub field: &'static str,
    /// As the file has it.
    pub file: Value,
    /// As the plan has it.
    pub plan: Value,
}

/// What a profile comes to.
#[derive(Debug)]
pub(super) struct Judged {
    pub(super) view: ProfileView,
    /// How plan and what was given are to be, where they are not so.
    pub(super) now: Option<ProfilePlan>,
    /// Fields that the file changes: before and after.
    pub(super) taken: Map<String, Value>,
}

/// Judges a profile; `before` is what was taken of it last, if anything was, and `found` is the plan of its name.
pub(super) fn judge((profile, before): (&Profile, Option<&Profile>), found: Option<&ProfilePlan>) -> Judged {
    let Some(found) = found else { return added(profile) };
    let mut now = found.clone();
    let (taken, conflicts) = merge((profile, before), &mut now);
    if now.given.is_none() && conflicts.is_empty() {
        now.given = Some(profile.clone());
    }
    let state = match (conflicts.is_empty(), taken.is_empty()) {
        (false, _) => ProfileState::Conflict,
        (true, false) => ProfileState::Changed,
        (true, true) => ProfileState::Same,
    };
    let view = ProfileView { name: profile.name.clone(), state, conflicts };
    Judged { view, now: (now != *found).then_some(now), taken }
}

fn added(profile: &Profile) -> Judged {
    let plan = Plan {
        name: profile.name.clone(),
        price: profile.price.clone(),
        validity: profile.validity.clone(),
        devices: profile.devices,
        rate_up_bps: profile.rate_up_bps,
        rate_down_bps: profile.rate_down_bps,
        quota_octets: None,
        cycle: PlanCycle::Renewal,
        sets_speed: false,
    };
    let taken = json!({"price": plan.price, "validity": plan.validity, "devices": plan.devices,
        "rate_up_bps": plan.rate_up_bps, "rate_down_bps": plan.rate_down_bps});
    Judged {
        view: ProfileView { name: profile.name.clone(), state: ProfileState::Added, conflicts: Vec::new() },
        now: Some(ProfilePlan { plan, given: Some(profile.clone()) }),
        taken: taken.as_object().cloned().unwrap_or_default(),
    }
}

/// Takes over field by field what the file changed, and what nobody else changed since the file gave it.
fn merge(
    (file, before): (&Profile, Option<&Profile>),
    now: &mut ProfilePlan,
) -> (Map<String, Value>, Vec<ProfileConflict>) {
    let ProfilePlan { plan, given } = now;
    let mut merge = Merge::default();
    macro_rules! field {
        ($field:ident) => {
            merge.field(
                stringify!($field),
                (&file.$field, before.map(|before| &before.$field)),
                &mut plan.$field,
                given.as_mut().map(|given| &mut given.$field),
            );
        };
    }
    field!(price);
    field!(validity);
    field!(devices);
    field!(rate_up_bps);
    field!(rate_down_bps);
    (merge.taken, merge.conflicts)
}

#[derive(Default)]
struct Merge {
    taken: Map<String, Value>,
    conflicts: Vec<ProfileConflict>,
}

impl Merge {
    fn field<T: Clone + PartialEq + Serialize>(
        &mut self,
        field: &'static str,
        (file, before): (&T, Option<&T>),
        plan: &mut T,
        given: Option<&mut T>,
    ) {
        let untouched = given.as_ref().is_some_and(|given| **given == *plan);
        let is_news = before.is_none_or(|before| before != file);
        if *plan != *file && !(untouched && is_news) {
            self.conflicts.push(ProfileConflict { field, file: json!(file), plan: json!(plan) });
            return;
        }
        if *plan != *file {
            self.taken.insert(field.to_owned(), json!({"before": plan, "now": file}));
            plan.clone_from(file);
        }
        if let Some(given) = given {
            given.clone_from(file);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(price: &str, devices: u32) -> Profile {
        Profile {
            name: "BASIC".to_owned(),
            price: Some(price.to_owned()),
            validity: Some("1h".to_owned()),
            devices,
            rate_up_bps: Some(512_000),
            rate_down_bps: Some(1_000_000),
        }
    }

    fn taken(profile: &Profile) -> ProfilePlan {
        judge((profile, None), None).now.unwrap()
    }

    fn conflicts(judged: &Judged) -> Vec<(&str, Value, Value)> {
        judged.view.conflicts.iter().map(|one| (one.field, one.file.clone(), one.plan.clone())).collect()
    }

    #[test]
    fn a_plan_follows_its_profile_and_nothing_is_written_where_it_does() {
        let five = taken(&profile("5", 1));
        assert_eq!((five.plan.price.as_deref(), five.given.as_ref()), (Some("5"), Some(&profile("5", 1))));
        let same = judge((&profile("5", 1), None), Some(&five));
        assert_eq!((same.view.state, same.now), (ProfileState::Same, None));
        let dearer = judge((&profile("6", 1), None), Some(&five));
        assert_eq!(dearer.view.state, ProfileState::Changed);
        assert_eq!(Value::from(dearer.taken), json!({"price": {"before": "5", "now": "6"}}));
        let now = dearer.now.unwrap();
        assert_eq!((now.plan.price.as_deref(), now.given), (Some("6"), Some(profile("6", 1))));
    }

    #[test]
    fn what_somebody_changed_is_left_and_shown_and_the_rest_is_taken() {
        let mut found = taken(&profile("5", 1));
        found.plan.price = Some("7".to_owned());
        let still = judge((&profile("5", 1), None), Some(&found));
        assert_eq!((still.view.state, still.now.is_none()), (ProfileState::Conflict, true));
        let judged = judge((&profile("6", 2), None), Some(&found));
        assert_eq!(judged.view.state, ProfileState::Conflict);
        assert_eq!(conflicts(&judged), [("price", json!("6"), json!("7"))]);
        let now = judged.now.unwrap();
        assert_eq!((now.plan.price.as_deref(), now.plan.devices), (Some("7"), 2));
        assert_eq!(now.given, Some(profile("5", 2)), "what the file gave before is remembered");
        let agreed = judge((&profile("7", 2), None), Some(&now)).now.unwrap();
        let after = judge((&profile("8", 2), None), Some(&agreed));
        assert_eq!(
            (after.view.state, after.now.unwrap().plan.price.as_deref()),
            (ProfileState::Changed, Some("8"))
        );
    }

    #[test]
    fn a_plan_of_somebody_elses_is_taken_over_once_it_agrees() {
        let theirs = ProfilePlan { given: None, ..taken(&profile("5", 1)) };
        let other = judge((&profile("6", 1), None), Some(&theirs));
        assert_eq!((conflicts(&other).len(), other.now.is_none()), (1, true));
        let agreed = judge((&profile("5", 1), None), Some(&theirs));
        assert_eq!((agreed.view.state, agreed.taken.is_empty()), (ProfileState::Same, true));
        assert_eq!(agreed.now.unwrap().given, Some(profile("5", 1)));
    }

    /// Each process has a file of its own: what was saved last, or whose process started last, holds; the other one is shown.
    #[test]
    fn of_two_files_the_one_that_was_saved_last_holds_and_neither_fights_the_other() {
        let (east, west) = (profile("5", 1), profile("8", 1));
        let first = taken(&east);
        let second = judge((&west, None), Some(&first)).now.unwrap();
        assert_eq!(second.plan.price.as_deref(), Some("8"), "it started later");
        for (file, state) in [(&east, ProfileState::Conflict), (&west, ProfileState::Same)] {
            let judged = judge((file, Some(file)), Some(&second));
            assert_eq!((judged.view.state, judged.now), (state, None), "nothing swings back and forth");
        }
        let saved = profile("6", 2);
        let third = judge((&saved, Some(&east)), Some(&second)).now.unwrap();
        assert_eq!((third.plan.price.as_deref(), third.plan.devices), (Some("6"), 2));
        let left = judge((&west, Some(&west)), Some(&third));
        assert_eq!(left.view.conflicts.iter().map(|one| one.field).collect::<Vec<_>>(), ["price", "devices"]);
    }
}
