//! Subscribers and plans.

use operations::{OperationError, SubscriberRequest};
use store::{AuditQuery, Named, Plan, PlanPatch, Scope, SubscriberSearch};

use crate::bench::{Bench, NOW, router};

fn request(username: &str) -> SubscriberRequest {
    SubscriberRequest {
        username: username.to_owned(),
        name: Some("Ana María".to_owned()),
        login: None,
        scope: Scope::All,
        service: None,
        plan: None,
        expiry_at: None,
        zone: None,
        note: None,
        adopt_from: None,
    }
}

fn plan(devices: u32) -> Plan {
    Plan {
        name: "gold".to_owned(),
        price: None,
        validity: None,
        devices,
        rate_up_bps: None,
        rate_down_bps: None,
        quota_octets: None,
        cycle: store::PlanCycle::Renewal,
        sets_speed: false,
    }
}

#[tokio::test]
async fn the_login_is_the_username_unless_told_otherwise() {
    let bench = Bench::new();
    let ana = bench.operations.add_subscriber("eva", request("ana")).await.unwrap().subscriber;
    assert_eq!((ana.logins[0].name.as_slice(), ana.created_at), (&b"ana"[..], NOW));
    let bytes = SubscriberRequest { login: Some(b"mu\xf1oz".to_vec()), ..request("munoz") };
    bench.operations.add_subscriber("eva", bytes).await.unwrap();
    let munoz = bench.operations.subscriber("munoz").await.unwrap().subscriber;
    assert_eq!(munoz.logins[0].name, b"mu\xf1oz");
    let act = &bench
        .operations
        .audit(AuditQuery { limit: 1, reach: store::Reach::Everywhere, ..AuditQuery::default() })
        .await
        .unwrap()[0]
        .act;
    assert!(act.detail.contains("hex:6d75f16f7a"), "{}", act.detail);
    let by_id = bench.operations.subscriber(&munoz.id.to_string()).await.unwrap().subscriber;
    assert_eq!(by_id, munoz);
}

#[tokio::test]
async fn what_is_not_there_is_named() {
    let bench = Bench::new();
    let nowhere = SubscriberRequest { scope: Scope::Router("sea".to_owned()), ..request("ana") };
    let refused = bench.operations.add_subscriber("eva", nowhere).await.unwrap_err();
    assert_eq!(refused, OperationError::NoSuch(Named::Router("sea".to_owned())));
    assert!(refused.to_string().contains("no router called sea"), "{refused}");
    let unknown = bench.operations.subscriber("ana").await.unwrap_err();
    assert!(matches!(&unknown, OperationError::NotFound(text) if text.contains("ana")), "{unknown}");
    let empty = SubscriberRequest { login: Some(Vec::new()), ..request("ana") };
    assert!(matches!(bench.operations.add_subscriber("eva", empty).await, Err(OperationError::Invalid(_))));
}

#[tokio::test]
async fn a_list_tells_where_the_login_counts() {
    let bench = Bench::new();
    bench.operations.add_router("eva", router("tower")).await.unwrap();
    let here = SubscriberRequest { scope: Scope::Router("tower".to_owned()), ..request("ana") };
    bench.operations.add_subscriber("eva", here).await.unwrap();
    let search =
        SubscriberSearch { limit: 10, reach: store::Reach::Everywhere, ..SubscriberSearch::default() };
    let listed = bench.operations.search_subscribers(search.clone()).await.unwrap();
    assert_eq!(listed[0].subscriber.logins[0].scope, Scope::Router("tower".to_owned()));
    let behind = SubscriberSearch { after: Some(listed[0].subscriber.id), ..search };
    assert_eq!(bench.operations.search_subscribers(behind).await.unwrap(), vec![]);
    assert_eq!(bench.operations.cycles("ana", None, 10).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_plan_allows_at_least_one_device() {
    let bench = Bench::new();
    assert!(matches!(bench.operations.add_plan("eva", plan(0)).await, Err(OperationError::Invalid(_))));
    bench.operations.add_plan("eva", plan(1)).await.unwrap();
    assert_eq!(bench.operations.list_plans().await.unwrap(), vec![plan(1)]);
}

#[tokio::test]
async fn a_price_and_a_validity_that_are_none_are_refused_when_added_and_when_changed() {
    let bench = Bench::new();
    let priced = |price: &str| Plan { price: Some(price.to_owned()), ..plan(1) };
    let lasting = |validity: &str| Plan { validity: Some(validity.to_owned()), ..plan(1) };
    for wrong in
        [priced("abc"), priced("-5"), priced("1e400"), priced("1,5"), lasting("0d"), lasting("month")]
    {
        let refused = bench.operations.add_plan("eva", wrong.clone()).await;
        assert!(matches!(refused, Err(OperationError::Invalid(_))), "{wrong:?}");
    }
    assert_eq!(bench.operations.list_plans().await.unwrap(), vec![]);
    bench
        .operations
        .add_plan("eva", Plan { validity: Some("30d".to_owned()), ..priced("350.50") })
        .await
        .unwrap();
    let name = plan(1).name;
    let patches = [
        PlanPatch { price: Some(Some("five".to_owned())), ..PlanPatch::default() },
        PlanPatch { validity: Some(Some("0d".to_owned())), ..PlanPatch::default() },
    ];
    for patch in patches {
        let refused = bench.operations.edit_plan("eva", &name, patch).await;
        assert!(matches!(refused, Err(OperationError::Invalid(_))), "{refused:?}");
    }
}

#[tokio::test]
async fn a_counter_that_cannot_be_one_subscribers_is_refused_and_a_silent_router_refuses_nothing() {
    let bench = Bench::new();
    bench.operations.add_router("eva", router("tower")).await.unwrap();
    let add = |username: &'static str, name: &'static str| {
        let scope = Scope::Router("tower".to_owned());
        let login = Some(format!("interface:{name}").into_bytes());
        let new =
            SubscriberRequest { login, scope, service: Some("static_ip".to_owned()), ..request(username) };
        bench.operations.add_subscriber("eva", new)
    };
    for (name, says) in [
        ("gone", "is not there"),
        ("uplink", "carries PPP sessions"),
        ("pppoe-in1", "that of a PPP session"),
        ("vlan9", "is the target of the queue q bob, which counts"),
    ] {
        let said = add("ana", name).await.unwrap_err().to_string();
        assert!(said.starts_with(&format!("the interface {name} of the router tower")), "{said}");
        assert!(said.contains(says) && said.ends_with("nothing was changed"), "{said}");
    }
    assert!(bench.operations.subscriber("ana").await.is_err());
    add("ana", "vlan1").await.unwrap();
    add("bob", "whatever").await.unwrap();
    let said = add("eve", "vlan1").await.unwrap_err().to_string();
    assert!(said.contains("subscriber ana's already"), "{said}");
}

#[tokio::test]
async fn a_queue_that_shares_traffic_with_an_enrolled_counter_is_refused_by_name() {
    let bench = Bench::new();
    bench.operations.add_router("eva", router("tower")).await.unwrap();
    for (queue, says) in [
        ("inner", "is inside the queue house, which counts for a subscriber already"),
        ("outer", "is the parent of the queue flat, which counts for a subscriber already"),
        ("subnet", "has addresses of the queue q ana, which counts for a subscriber already"),
        ("on vlan", "is aimed at the interface vlan9, which counts for a subscriber already"),
    ] {
        let login = Some(format!("queue:{queue}").into_bytes());
        let scope = Scope::Router("tower".to_owned());
        let new = SubscriberRequest { login, scope, service: Some("static_ip".to_owned()), ..request("bob") };
        let said = bench.operations.add_subscriber("eva", new).await.unwrap_err().to_string();
        assert!(said.starts_with(&format!("the queue {queue} of the router tower {says}: ")), "{said}");
        assert!(said.ends_with("; nothing was changed"), "{said}");
    }
    assert!(bench.operations.subscriber("bob").await.is_err());
}
