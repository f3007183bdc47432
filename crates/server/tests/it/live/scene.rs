//! Subscribers of a router that is said to be connected: what it says of them is put up by the tests.

use std::sync::Arc;

use accounting::time::Micros;
use operations::{CounterLook, LiveBoard, MonitorSettings, Phase, RateReading, SampleSource};
use store::NasId;
use uuid::Uuid;

use crate::harness::Desk;
use crate::meter::BEGIN;

/// Ana, of the plan Home 20M, has a session on the tower; vlan1 there faces Bob, vlan2 Eve.
pub(super) struct Scene {
    pub(super) desk: Desk,
    pub(super) tower: NasId,
    pub(super) ana: Uuid,
    pub(super) bob: Uuid,
    pub(super) eve: Uuid,
}

impl Scene {
    pub(super) async fn new() -> Scene {
        Scene::with(MonitorSettings::default()).await
    }

    pub(super) async fn with(settings: MonitorSettings) -> Scene {
        Scene::at(Desk::new().await.monitoring(settings)).await
    }

    pub(super) async fn at(desk: Desk) -> Scene {
        let tower = desk.add_router("tower").await;
        *desk.commands.looks.lock().unwrap() =
            Some([b"vlan1", b"vlan2"].map(|name| (name.to_vec(), CounterLook::Fit)).into());
        desk.post("/api/v1/plans", r#"{"name":"Home 20M"}"#).await.expect(201);
        let ana = add(&desk, r#"{"username":"ana","name":"Ana Cruz","plan":"Home 20M"}"#).await;
        let [bob, eve] = [("bob", 1), ("eve", 2)].map(|(name, vlan)| {
            format!(
                r#"{{"username":"{name}","service":"static_ip","login":"interface:vlan{vlan}","router":"tower"}}"#
            )
        });
        let (bob, eve) = (add(&desk, &bob).await, add(&desk, &eve).await);
        let mut meter = desk.meter(tower).await;
        meter.round(0, &[(b"ana", 900, 200, 300)]).await;
        meter.round(60, &[(b"ana", 960, 1_200, 5_300)]).await;
        let scene = Scene { desk, tower, ana, bob, eve };
        scene.router_is(Phase::Online);
        scene
    }

    pub(super) fn router_is(&self, phase: Phase) {
        self.desk.board.update(self.tower, BEGIN, |status| status.enter(phase, None, BEGIN));
    }

    pub(super) fn board(&self) -> &LiveBoard {
        self.desk.operate.monitors.board()
    }

    /// The router says this of them, `second` seconds after the begin.
    pub(super) fn says(&self, second: i64, of: &[(Uuid, u64, u64)]) {
        let readings = of.iter().map(|(customer, up, down)| reading(*customer, *up, *down)).collect();
        self.board().read(self.tower, Micros(BEGIN.0 + second * 1_000_000), readings);
    }

    /// Starts watching somebody, as an operator does.
    pub(super) async fn start(&self, customer: Uuid) {
        self.desk.operate.start_monitor(&customer.to_string()).await.unwrap();
    }

    /// Who is watched, whether it was started, and by how many it is read.
    pub(super) fn watched(&self) -> Vec<(Uuid, bool, usize)> {
        let status = self.desk.operate.monitors.status();
        let each = status.monitors.iter();
        each.map(|monitor| (monitor.customer.id, monitor.started, monitor.readers)).collect()
    }
}

pub(super) fn reading(customer: Uuid, input_bps: u64, output_bps: u64) -> RateReading {
    let interface = Arc::from(&b"<pppoe-ana>"[..]);
    RateReading { customer, interface, input_bps, output_bps, source: SampleSource::Session }
}

async fn add(desk: &Desk, new: &str) -> Uuid {
    desk.post("/api/v1/subscribers", new).await.expect(201).text("id").parse().unwrap()
}
