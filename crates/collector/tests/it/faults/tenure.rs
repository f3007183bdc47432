//! A process that does not know whether a router is still its own, for it stood still or is cut off from the database, keeps it to
//! nothing that was wanted before: another may have let somebody in, or limited somebody, since.

use std::sync::Arc;
use std::time::Duration;

use collector::control::{Admitting, Door, Ear, Keeping, LimitOrders, VoucherOrders, Watching, listen};
use collector::tenure::{NOT_SURE, Tenures};
use collector::vouchers::Order;
use operations::{
    LimitBoard, LiveBoard, MarkOn, Marks, RouterLimits, RouterVouchers, StatusBoard, SystemClock,
    VoucherBoard,
};
use store::{Lease, NasId};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::patience::a_while;
use crate::sim::{self, tell};

const LEASE: Lease = Lease { nas: NasId(1), epoch: 3 };

#[tokio::test]
async fn whoever_is_not_sure_of_a_router_tells_it_nothing_and_says_so_to_who_orders_something() {
    let mut world = sim::world();
    world.add_hotspot("hotspot1");
    let router = sim::start(world).await;
    // By what was wanted before, neither is to be there.
    tell(&router, "/ip/hotspot/user/add", &[("name", "ABCD"), ("comment", "tikmeter voucher")]).await;
    let mark = Marks::of("0123456789");
    let queue = [
        ("name", "pisonet-AA:BB:CC:00:00:01"),
        ("target", "10.5.0.2/32"),
        ("comment", &mark.comment(MarkOn::Limit)),
    ];
    tell(&router, "/queue/simple/add", &queue).await;
    let (clock, tenures, before) = (Arc::new(SystemClock::new()), Tenures::default(), router.changes().len());
    tenures.are(&[LEASE], Instant::now());

    let vouchers = watch::Sender::new(RouterVouchers { is_asked: true, ..RouterVouchers::default() });
    let (order, orders) = mpsc::channel(1);
    let asked =
        VoucherOrders { wanted: vouchers.subscribe(), orders, mark: mark.clone(), tenure: tenures.of(LEASE) };
    let admitting = Admitting::new(LEASE.nas, VoucherBoard::default(), clock.clone(), asked);
    let limits = watch::Sender::new(RouterLimits { is_asked: true, ..RouterLimits::default() });
    let (_limit, orders) = mpsc::channel(1);
    let asked = LimitOrders { wanted: limits.subscribe(), orders, mark, tenure: tenures.of(LEASE) };
    let keeping = Keeping::new(LEASE.nas, LimitBoard::default(), clock.clone(), asked);
    let watching = Watching::new(LEASE.nas, LiveBoard::default(), StatusBoard::new(), clock.clone());
    let (ear, stop) = (Arc::new(Ear::default()), CancellationToken::new());
    let _stop = stop.clone().drop_guard();
    ear.found(Door::Open);
    tokio::spawn(listen(sim::target(&router), ear.clone(), (watching, keeping, admitting), clock, stop));
    while !ear.is_listening() {
        a_while(10).await;
    }

    let (answer, answered) = oneshot::channel();
    order.send(Order::Keep(vec![answer])).await.unwrap();
    let told = answered.await.unwrap().unwrap_err().to_string();
    assert!(told.contains(NOT_SURE), "{told}");
    assert_eq!(router.changes().len(), before);

    tenures.are(&[LEASE], Instant::now() + Duration::from_secs(600));
    while router.changes().len() < before + 2 {
        a_while(10).await;
    }
    let mut sent = router.changes().split_off(before);
    sent.sort();
    assert!(
        sent[0].starts_with("/ip/hotspot/user/remove") && sent[1].starts_with("/queue/simple/remove"),
        "{sent:?}"
    );
}
