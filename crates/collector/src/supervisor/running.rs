//! The tasks of one router.

use std::sync::Arc;
use std::time::Duration;

use operations::{
    Clock, LimitBoard, LiveBoard, RouterAddresses, RouterCommandError, RouterLimits, RouterVouchers,
    StatusBoard, VaultError, VoucherBoard,
};
use secrecy::{ExposeSecret, SecretString};
use store::{Lease, Nas, NewNas};
use tokio::sync::{mpsc, watch};
use tokio::task::{JoinHandle, JoinSet};
use tokio_util::sync::CancellationToken;
use tracing::Instrument;

use crate::actor::{Actor, ActorDependencies, Inbox};
use crate::control::{Admitting, Ear, Keeping, LimitOrders, VoucherOrders, Watching, listen};
use crate::devices::Devices;
use crate::limits::{MOST_ORDERS, Order};
use crate::link::{Security, Target};
use crate::poller::{PollerSetup, READ_REQUESTS, ReadRequest, poll};
use crate::tenure::Tenure;
use crate::vouchers;
use operations::Marks;

/// What the tasks of a router share with the others'.
pub(super) struct Start {
    pub(super) interval: Duration,
    pub(super) allowed: RouterAddresses,
    pub(super) waiting_bytes: usize,
    pub(super) devices: Arc<Devices>,
    pub(super) board: StatusBoard,
    pub(super) tenure: Tenure,
    pub(super) live: LiveBoard,
    pub(super) limits: LimitBoard,
    pub(super) mark: Marks,
    pub(super) vouchers: VoucherBoard,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) actor: ActorDependencies,
}

/// A router being polled.
pub(super) struct Running {
    lease: Lease,
    config: NewNas,
    password: SecretString,
    security: Security,
    requests: mpsc::Sender<ReadRequest>,
    limits: watch::Sender<RouterLimits>,
    orders: mpsc::Sender<Order>,
    vouchers: watch::Sender<RouterVouchers>,
    voucher_orders: mpsc::Sender<vouchers::Order>,
    inbox: Arc<Inbox>,
    stop_polling: CancellationToken,
    stop_actor: CancellationToken,
    pollers: [JoinHandle<()>; 2],
    actor: JoinHandle<()>,
}

impl Running {
    pub(super) fn start(
        (lease, nas): (Lease, Nas),
        password: SecretString,
        security: Security,
        start: Start,
    ) -> Running {
        let target = Target {
            security: security.clone(),
            allowed: start.allowed,
            ..Target::new(&nas.config.host, nas.config.port, &nas.config.username, password.clone())
        };
        // At this level every log line of the router names it, whatever is left out of the log.
        let span = tracing::error_span!("router", name = nas.config.name);
        let inbox = Arc::new(Inbox::new(start.waiting_bytes));
        let ear = Arc::new(Ear::default());
        let (stop_polling, stop_actor) = (CancellationToken::new(), CancellationToken::new());
        let (requests, receiver) = mpsc::channel(READ_REQUESTS);
        let repository = start.actor.repository.clone();
        let actor = Actor::new(lease, inbox.clone(), ear.clone(), start.actor).run(stop_actor.clone());
        let watching = Watching::new(nas.id, start.live, start.board.clone(), start.clock.clone());
        let (limits, orders, asked) = LimitOrders::open(start.mark.clone(), start.tenure.clone());
        let keeping = Keeping::new(nas.id, start.limits, start.clock.clone(), asked);
        let (vouchers, voucher_orders, asked) = VoucherOrders::open(start.mark, start.tenure);
        let admitting = Admitting::new(nas.id, start.vouchers, start.clock.clone(), asked);
        let desks = (watching, keeping, admitting);
        let control = listen(target.clone(), ear.clone(), desks, start.clock.clone(), stop_polling.clone());
        let setup = PollerSetup {
            nas: nas.id,
            target,
            interval: start.interval,
            repository,
            devices: start.devices,
            inbox: inbox.clone(),
            ear,
            board: start.board,
            clock: start.clock,
        };
        let poller = poll(setup, receiver, stop_polling.clone());
        Running {
            lease,
            config: nas.config,
            password,
            security,
            requests,
            limits,
            orders,
            vouchers,
            voucher_orders,
            inbox,
            stop_polling,
            stop_actor,
            pollers: [
                tokio::spawn(poller.instrument(span.clone())),
                tokio::spawn(control.instrument(span.clone())),
            ],
            actor: tokio::spawn(actor.instrument(span)),
        }
    }

    /// True when the router is still ours, and configured as it was started, or as it showed itself since.
    pub(super) fn fits(&self, lease: Lease, config: &NewNas) -> bool {
        self.lease == lease && self.as_it_runs() == *config
    }

    /// Learns that its password lies in the database under another key: nothing that it would have to be started anew for, where
    /// that is the one it logged in with, or one that cannot be opened here yet.
    pub(super) fn is_sealed_anew(&mut self, config: &NewNas, opened: &Result<SecretString, VaultError>) {
        let is_same = match opened {
            Ok(password) => password.expose_secret() == self.password.expose_secret(),
            Err(VaultError::OtherKey { .. }) => true,
            Err(_) => false,
        };
        if is_same {
            self.config.password = config.password.clone();
        }
    }

    /// Whether its password is in the database as it was when that was looked at last.
    pub(super) fn is_sealed_as(&self, config: &NewNas) -> bool {
        self.config.password == config.password
    }

    /// True when a connection by that configuration would lead to the same door, with the same key.
    pub(super) fn is_reached_as(&self, config: &NewNas) -> bool {
        let NewNas { host, port, tls, fingerprint, username, password, .. } = self.as_it_runs();
        let same = NewNas { host, port, tls, fingerprint, username, password, ..config.clone() };
        same == *config
    }

    fn as_it_runs(&self) -> NewNas {
        match &self.security {
            Security::Pinned(pin) => NewNas { fingerprint: pin.known(), ..self.config.clone() },
            Security::Plain | Security::Verified(_) => self.config.clone(),
        }
    }

    pub(super) fn ask(&self, request: ReadRequest) -> Result<(), RouterCommandError> {
        self.requests.try_send(request).map_err(|_| {
            RouterCommandError::Refused(format!(
                "{READ_REQUESTS} readings of this router are asked for already; try again in a moment"
            ))
        })
    }

    /// Has its queues looked at, and set, for somebody who waits.
    pub(super) fn order_limits(&self, order: Order) -> Result<(), RouterCommandError> {
        self.orders.try_send(order).map_err(|_| {
            RouterCommandError::Busy(format!(
                "{MOST_ORDERS} changes of limits wait for this router already; try again in a moment"
            ))
        })
    }

    /// What its queues are to be from now on.
    pub(super) fn want_limits(&self, limits: RouterLimits) {
        self.limits.send_if_modified(|before| {
            let told = before.told;
            let is_news = *before != RouterLimits { told, ..limits.clone() };
            if is_news {
                *before = limits;
            }
            is_news
        });
    }

    /// Whether its queues are looked at.
    pub(super) fn is_limited(&self) -> bool {
        self.limits.borrow().is_asked
    }

    /// By which number it was told that none is wanted, where it was and is looked at.
    pub(super) fn told_that_none_is_wanted(&self) -> Option<u64> {
        let limits = self.limits.borrow();
        (limits.is_asked && limits.wanted.is_empty()).then_some(limits.told)
    }

    /// Has devices of vouchers let in, put out or looked for, for somebody who waits.
    pub(super) fn order_vouchers(&self, order: vouchers::Order) -> Result<(), RouterCommandError> {
        self.voucher_orders.try_send(order).map_err(|_| {
            RouterCommandError::Busy(format!(
                "{} devices wait to be let in by this router already; try again in a moment",
                vouchers::MOST_ORDERS
            ))
        })
    }

    /// Who is to be in by a voucher from now on.
    pub(super) fn want_vouchers(&self, vouchers: RouterVouchers) {
        self.vouchers.send_if_modified(|before| {
            let told = before.told;
            let is_news = *before != RouterVouchers { told, ..vouchers.clone() };
            if is_news {
                *before = vouchers;
            }
            is_news
        });
    }

    /// By which number it was told that nobody is to be in by a voucher, where it was and is looked at.
    pub(super) fn told_that_nobody_is_in(&self) -> Option<u64> {
        let vouchers = self.vouchers.borrow();
        let nobody = vouchers.wanted.is_empty() && vouchers.leaving.is_empty();
        (vouchers.is_asked && nobody).then_some(vouchers.told)
    }

    /// Whether it is looked at for vouchers.
    pub(super) fn has_vouchers(&self) -> bool {
        self.vouchers.borrow().is_asked
    }

    /// Where its snapshots wait.
    pub(super) fn inbox(&self) -> &Arc<Inbox> {
        &self.inbox
    }

    /// Stops polling, lets the actor commit what was read, and returns when all tasks are gone.
    pub(super) async fn finish(self) {
        self.stop_polling.cancel();
        for task in self.pollers {
            log_panic(task.await);
        }
        self.stop_actor.cancel();
        log_panic(self.actor.await);
    }
}

/// All at once: one that waits for its router or for the store keeps none of the others.
pub(super) async fn finish_all(routers: Vec<Running>) {
    let mut finishing: JoinSet<()> = routers.into_iter().map(Running::finish).collect();
    while let Some(finished) = finishing.join_next().await {
        log_panic(finished);
    }
}

pub(super) fn log_panic(ended: Result<(), tokio::task::JoinError>) {
    if let Err(error) = ended {
        tracing::error!(%error, "a task of the pollers broke off; what was committed is safe");
    }
}
