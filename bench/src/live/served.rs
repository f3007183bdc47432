//! Our server, with subscribers who are watched: what their routers say is put up on the board, first by order and without any
//! router, then as the control connections of those that are there hear it.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::Arc;

use accounting::snapshot::Service;
use accounting::time::Micros;
use collector::control::{Admitting, Door, Ear, Keeping, LimitOrders, VoucherOrders, Watching, listen};
use collector::link::Target;
use operations::{
    Customer, LimitBoard, LiveBoard, LiveTold, ManualClock, RateReading, SampleSource, StatusBoard,
    VoucherBoard, Want, Wants, Watched,
};
use secrecy::SecretString;
use store::{NasId, Node, NodeRole, Sqlite, Store};
use tokio::runtime::Handle;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::numbers::{interface, moved, username};
use super::orders::Tells;
use super::side::{EACH, ROUTERS};
use crate::daemon::parts;
use crate::face::Face;
use crate::figure::Result;

/// When the routers speak, by the server's clock.
const NOW: Micros = Micros(1_800_000_000_000_000);

pub(super) struct Served {
    pub(super) addr: SocketAddr,
    board: LiveBoard,
    clock: ManualClock,
    runtime: Handle,
}

impl Served {
    pub(super) async fn start() -> Result<Served> {
        let store: Arc<dyn Store> = Arc::new(Sqlite::open_in_memory()?);
        let clock = ManualClock::new(NOW);
        let (_, operations) = parts(&store, &clock, &Node::new("live", NodeRole::All));
        let board = operations.monitors.board().clone();
        // As another process wants them: nobody has to be found on routers that are not there.
        let all = (0..ROUTERS).flat_map(|router| (0..EACH).map(move |no| want(router, no)));
        let wants = Wants { enabled: true, reads_all: false, customers: all.collect() };
        operations.hear_live("bench", LiveTold { wants, ..LiveTold::default() });
        let face = Face::open(operations, CancellationToken::new()).await?;
        Ok(Served { addr: face.addr(), board, clock, runtime: Handle::current() })
    }

    /// The control connection of one, for as long as the process lives.
    fn listen_to(&self, router: u32, addr: SocketAddr) {
        let password = SecretString::from("bench");
        let target = Target::new(addr.ip().to_string(), addr.port(), "bench", password);
        let (clock, ear) = (Arc::new(self.clock.clone()), Arc::new(Ear::default()));
        let watching = Watching::new(nas(router), self.board.clone(), StatusBoard::default(), clock.clone());
        ear.found(Door::Open);
        let keeping = Keeping::new(nas(router), LimitBoard::default(), clock.clone(), LimitOrders::none());
        let (nas, orders) = (nas(router), VoucherOrders::none());
        let admitting = Admitting::new(nas, VoucherBoard::default(), clock.clone(), orders);
        let desks = (watching, keeping, admitting);
        self.runtime.spawn(listen(target, ear, desks, clock, CancellationToken::new()));
    }
}

impl Tells for Served {
    fn learn(&self, _: &str) {}

    fn say(&self, router: u32) {
        let reading = |no| RateReading {
            customer: id(router, no),
            interface: Arc::from(interface(router, no).into_bytes()),
            input_bps: moved(router, 0).into(),
            output_bps: 23_456_789,
            source: SampleSource::Session,
        };
        self.board.read(nas(router), NOW, (0..EACH).map(reading).collect());
    }

    fn reach(&self, routers: Vec<SocketAddr>) {
        for (router, addr) in (0..ROUTERS).zip(routers) {
            self.listen_to(router, addr);
        }
    }
}

fn nas(router: u32) -> NasId {
    NasId(i64::from(router) + 1)
}

fn id(router: u32, no: u32) -> Uuid {
    Uuid::from_u128(0x1000_0000 + u128::from(router * EACH + no))
}

fn want(router: u32, no: u32) -> Want {
    let watched = Watched::Ppp { login: username(router, no).into_bytes().into(), service: Service::Pppoe };
    let customer = Arc::new(customer(router, no));
    Want { customer, nas: nas(router), watched, started: true, readers: 0 }
}

fn customer(router: u32, no: u32) -> Customer {
    let username = username(router, no);
    Customer {
        id: id(router, no),
        name: Some(format!("The house of {username}")),
        username,
        service: "pppoe".to_owned(),
        plan: Some("Home 20M".to_owned()),
        router: format!("tower-{router}"),
        also_on: BTreeSet::new(),
    }
}
