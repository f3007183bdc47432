//! Limits without a speed, and what is wanted again when one ends.

use accounting::time::Micros;
use operations::LimitFound;
use serde_json::json;
use store::{LimitUntil, LimitsDue, RateLimit};

use crate::limits::{PHONE, phone, set, set_as, stands, town};

#[tokio::test]
async fn who_is_to_be_as_fast_as_they_can_is_said_to_be_unlimited() {
    let desk = town().await;
    stands(&desk, phone(), LimitFound::Free);
    let told = set(&desk, json!({"mac": PHONE, "unlimited": true})).await.expect(200).json();
    assert_eq!(told["state"], "free", "{told}");
    assert_eq!(desk.store.limits(None).await.unwrap()[0].rate, RateLimit::default());
}

/// One that ends by itself gives way to what holds, also when the router did not take what came in between.
#[tokio::test]
async fn a_boost_over_a_sticky_limit_ends_in_that_limit() {
    let desk = town().await;
    stands(&desk, phone(), set_as(1_000_000, 2_000_000));
    set(&desk, json!({"mac": PHONE, "up_bps": 1_000_000, "sticky": true})).await.expect(200);
    let sticky = desk.store.limits(None).await.unwrap();
    set(&desk, json!({"mac": PHONE, "up_bps": 9_000_000, "for_s": 60})).await.expect(200);
    stands(&desk, phone(), LimitFound::Refused("no".to_owned()));
    set(&desk, json!({"mac": PHONE, "up_bps": 5_000_000, "sticky": true})).await.expect(424);
    let boost = desk.store.limits(None).await.unwrap();
    let LimitUntil::Lasting(until) = boost[0].until else { panic!("{boost:?}") };
    desk.store.end_limits(LimitsDue { wall: Micros(0), lasting: until }).await.unwrap();
    assert_eq!(desk.store.limits(None).await.unwrap(), sticky);
}
