//! One client, from the first message to the last.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::ws::{Message, Utf8Bytes, WebSocket};
use futures_util::SinkExt;
use operations::{Customer, Operations, ReachedRouters, View};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};
use tokio::time::{Interval, MissedTickBehavior, interval_at, timeout};
use uuid::Uuid;

use super::end::End;
use super::event::{Event, Frame};
use super::feed::text;
use super::gateway::Gateway;
use super::questions::Questions;
use super::tally::Tally;
use crate::api::model::live::Told;
use crate::auth::Credential;

/// Events that are sent with one flush.
const TOGETHER: usize = 64;
/// How long the other end has to answer a close.
const CLOSING: Duration = Duration::from_secs(2);
/// Pings without an answer that end a connection.
const PINGS: u32 = 2;

/// What a client is told, and in which words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Samples alone, as `/ws` has them.
    Compat,
    /// What `/api/v1/live` has.
    V1,
}

/// See the module.
pub(super) struct Client {
    socket: WebSocket,
    form: Form,
    credential: Credential,
    view: View,
    events: Receiver<Event>,
    /// Whose samples it may be told.
    reached: ReachedRouters,
    tally: Tally,
    questions: Questions,
    operations: Arc<Operations>,
    gateway: Gateway,
    /// Samples lost since it was up to date.
    lost: u64,
    /// Samples that wait for the next flush.
    unsent: u64,
    /// Pings since it was heard.
    pings: u32,
}

impl Client {
    pub(super) fn new(
        socket: WebSocket,
        (form, credential): (Form, Credential),
        (view, reached): (View, ReachedRouters),
        (events, tally): (Receiver<Event>, Tally),
        operations: Arc<Operations>,
        gateway: Gateway,
    ) -> Self {
        let questions = Questions::default();
        Client {
            socket,
            form,
            credential,
            view,
            events,
            reached,
            tally,
            questions,
            operations,
            gateway,
            lost: 0,
            unsent: 0,
            pings: 0,
        }
    }

    /// Serves it to its end. Whom it looked at is let go before it is told why: it may be slow to take that.
    pub(super) async fn run(mut self) {
        let end = self.serve().await;
        if end == End::Slow {
            self.gateway.counts.closed_slow();
        }
        tracing::debug!(?end, "a live client ended");
        let Client { mut socket, view, .. } = self;
        drop(view);
        let closing = async {
            if let Some(told) = end.told() {
                socket.send(Message::Close(Some(told))).await?;
            }
            // Until the other end has closed too: what is not read would make the system throw away what was sent.
            while let Some(Ok(_)) = socket.recv().await {}
            Ok::<_, axum::Error>(())
        };
        drop(timeout(CLOSING, closing).await);
    }

    async fn serve(&mut self) -> End {
        let closing = self.gateway.closing.clone();
        let mut ping = every(self.gateway.settings.ping);
        let mut heartbeat = every(self.gateway.settings.heartbeat);
        loop {
            let step = tokio::select! {
                () = closing.cancelled() => Err(End::Stopping),
                event = self.events.recv() => self.pass_on(event).await,
                message = self.socket.recv() => self.hear(message).await,
                _ = ping.tick() => self.ping().await,
                _ = heartbeat.tick(), if self.form == Form::V1 => self.beat().await,
            };
            if let Err(end) = step {
                return end;
            }
        }
    }

    /// Sends an event and those behind it, with one flush.
    async fn pass_on(&mut self, first: Result<Event, RecvError>) -> Result<(), End> {
        let mut next = first;
        for taken in 1.. {
            match next {
                Ok(Event::Samples(frames)) => self.samples(&frames).await?,
                Ok(Event::Standing(news)) => self.standing(&news).await?,
                // The numbers of the next samples tell what was lost.
                Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return Err(End::Stopping),
            }
            if taken == TOGETHER {
                return self.flush().await;
            }
            next = match self.events.try_recv() {
                Ok(event) => Ok(event),
                Err(TryRecvError::Lagged(lost)) => Err(RecvError::Lagged(lost)),
                Err(TryRecvError::Empty | TryRecvError::Closed) => break,
            };
        }
        self.flush().await?;
        self.lost = 0;
        Ok(())
    }

    async fn samples(&mut self, frames: &[Frame]) -> Result<(), End> {
        for frame in frames {
            let customer = frame.customer.id;
            if !self.shows(&frame.customer) {
                continue;
            }
            let lost = self.tally.take(customer, frame.no);
            if lost > 0 {
                self.lose(customer, lost).await?;
            }
            let words = match self.form {
                Form::Compat => &frame.compat,
                Form::V1 => &frame.v1,
            };
            self.feed(words.clone()).await?;
            self.unsent += 1;
        }
        Ok(())
    }

    /// Whether it looks at them, and what is told of them names no router that it does not reach.
    fn shows(&self, customer: &Customer) -> bool {
        self.view.shows(customer.id) && self.reached.show(customer)
    }

    /// Samples of somebody did not reach it.
    async fn lose(&mut self, subscriber: Uuid, samples: u64) -> Result<(), End> {
        self.gateway.counts.dropped(samples);
        self.lost = self.lost.saturating_add(samples);
        match self.form {
            Form::V1 => self.feed(text(&Told::Dropped { subscriber, samples })).await,
            Form::Compat if self.lost > self.gateway.settings.losses => Err(End::Slow),
            Form::Compat => Ok(()),
        }
    }

    async fn standing(&mut self, news: &[(Arc<Customer>, Utf8Bytes)]) -> Result<(), End> {
        if self.form == Form::V1 {
            for (customer, words) in news {
                if !self.shows(customer) {
                    continue;
                }
                write(&self.gateway, self.socket.feed(Message::Text(words.clone()))).await?;
            }
        }
        Ok(())
    }

    async fn hear(&mut self, message: Option<Result<Message, axum::Error>>) -> Result<(), End> {
        self.pings = 0;
        match message {
            None | Some(Ok(Message::Close(_))) => Err(End::Gone),
            Some(Err(error)) => Err(End::of(error)),
            Some(Ok(Message::Text(words))) if self.form == Form::V1 => self.answer(&words).await,
            Some(Ok(Message::Binary(_))) if self.form == Form::V1 => Err(End::NoText),
            Some(Ok(_)) => Ok(()),
        }
    }

    async fn answer(&mut self, words: &str) -> Result<(), End> {
        let answer =
            self.questions.answer(words, &self.operations, (&mut self.view, &mut self.tally)).await?;
        self.feed(answer).await?;
        self.flush().await
    }

    async fn ping(&mut self) -> Result<(), End> {
        if self.pings >= PINGS {
            return Err(End::Silent);
        }
        self.pings += 1;
        self.is_still_known().await?;
        write(&self.gateway, self.socket.send(Message::Ping(Bytes::new()))).await
    }

    /// What it came with may have ended since. A database that does not answer ends nothing.
    async fn is_still_known(&mut self) -> Result<(), End> {
        if let Ok(None) = self.credential.identity(&self.operations).await {
            return Err(End::SignedOut);
        }
        // Routers are put into other groups, too.
        if let Ok(reached) = self.operations.reached_names().await {
            self.reached = reached;
        }
        Ok(())
    }

    async fn beat(&mut self) -> Result<(), End> {
        let at = self.operations.clock.now().into();
        self.feed(text(&Told::Heartbeat { at })).await?;
        self.flush().await
    }

    async fn feed(&mut self, words: Utf8Bytes) -> Result<(), End> {
        write(&self.gateway, self.socket.feed(Message::Text(words))).await
    }

    async fn flush(&mut self) -> Result<(), End> {
        write(&self.gateway, self.socket.flush()).await?;
        match std::mem::take(&mut self.unsent) {
            0 => {}
            samples => self.gateway.counts.sent(samples),
        }
        Ok(())
    }
}

/// Writes, unless the other end takes nothing for too long or the server stops.
async fn write(gateway: &Gateway, writing: impl Future<Output = Result<(), axum::Error>>) -> Result<(), End> {
    let within = timeout(gateway.settings.patience, writing);
    match gateway.closing.run_until_cancelled(within).await {
        None => Err(End::Stopping),
        Some(Err(_)) => Err(End::Slow),
        Some(Ok(Err(_))) => Err(End::Gone),
        Some(Ok(Ok(()))) => Ok(()),
    }
}

fn every(time: Duration) -> Interval {
    let mut every = interval_at(tokio::time::Instant::now() + time, time);
    every.set_missed_tick_behavior(MissedTickBehavior::Delay);
    every
}
