//! Plans that a file of profiles gives.

use store::{AuditQuery, Plan, PlanCycle, PlanPatch, Profile, ProfilePlan, ProfileWrite, Store, StoreError};

use crate::every_store::on_every_store;
use crate::rounds::act;

fn given(price: &str) -> Profile {
    Profile {
        name: "BASIC".to_owned(),
        price: Some(price.to_owned()),
        validity: None,
        devices: 2,
        rate_up_bps: None,
        rate_down_bps: Some(1_000_000),
    }
}

fn basic(price: &str) -> ProfilePlan {
    let Profile { name, price, validity, devices, rate_up_bps, rate_down_bps } = given(price);
    let (quota_octets, cycle) = (Some(7), PlanCycle::DayOfMonth(3));
    let plan = Plan {
        name,
        price,
        validity,
        devices,
        rate_up_bps,
        rate_down_bps,
        quota_octets,
        cycle,
        sets_speed: true,
    };
    ProfilePlan { plan, given: None }
}

fn write(seen: Option<ProfilePlan>, now: ProfilePlan) -> ProfileWrite {
    let changed = seen.as_ref().is_none_or(|seen| seen.plan != now.plan);
    ProfileWrite { seen, now, act: changed.then(|| act("plan.profile")) }
}

async fn acts(store: &dyn Store) -> usize {
    let query = AuditQuery {
        action: Some("plan.profile".to_owned()),
        limit: 100,
        reach: store::Reach::Everywhere,
        ..AuditQuery::default()
    };
    store.list_audit(query).await.unwrap().len()
}

on_every_store! {
    async fn what_a_file_gave_a_plan_stands_beside_it(store) {
        let first = ProfilePlan { given: Some(given("5")), ..basic("5") };
        store.write_profiles(vec![write(None, first.clone())]).await.unwrap();
        assert_eq!(store.profile_plans().await.unwrap(), std::slice::from_ref(&first));
        let second = ProfilePlan { given: Some(given("6")), ..basic("7") };
        store.write_profiles(vec![write(Some(first), second.clone())]).await.unwrap();
        let third = ProfilePlan { given: Some(given("7")), ..second.clone() };
        store.write_profiles(vec![write(Some(second), third.clone())]).await.unwrap();
        assert_eq!((store.profile_plans().await.unwrap(), acts(&*store).await), (vec![third], 2));
    }

    async fn a_plan_that_is_not_as_it_was_seen_stops_all_of_them(store) {
        store.insert_plan(basic("5").plan, act("plan.add")).await.unwrap();
        let patch = PlanPatch { devices: Some(9), ..PlanPatch::default() };
        store.update_plan("BASIC", patch, act("plan.edit")).await.unwrap();
        let stored = store.profile_plans().await.unwrap();
        let other = Plan { name: "OTHER".to_owned(), ..basic("5").plan };
        let writes = vec![
            write(None, ProfilePlan { plan: other, given: None }),
            write(Some(basic("5")), basic("6")),
        ];
        let told = store.write_profiles(writes).await;
        assert!(matches!(told, Err(StoreError::Constraint(text)) if text.contains("the plan BASIC was changed")));
        let there_already = store.write_profiles(vec![write(None, basic("6"))]).await;
        assert!(matches!(there_already, Err(StoreError::Constraint(_))));
        assert_eq!((store.profile_plans().await.unwrap(), acts(&*store).await), (stored, 0));
    }
}
