//! What faces call.

use std::time::Duration;

use uuid::Uuid;

use super::error::MonitorError;
use super::held::{Holder, Serial};
use super::place::Place;
use super::view::View;
use super::watch::Standing;
use crate::error::OperationError;
use crate::operations::Operations;

/// How often it is looked whether somebody is to be found elsewhere, or is read by nobody.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// Names and places of those who are watched are looked up again after so many seconds.
const PLACED_FOR: u64 = 60;

impl Operations {
    /// Watches a subscriber, by username or id, until [`Self::stop_monitor`], or until nobody reads it for long. Once more
    /// is the same as once.
    ///
    /// # Errors
    /// Why not; nobody is watched then who was not before.
    pub async fn start_monitor(&self, key: &str) -> Result<Uuid, MonitorError> {
        Ok(self.hold(key, Holder::Started).await?.0)
    }

    /// Ends what [`Self::start_monitor`] began, in whichever process; who looks at them meanwhile goes on. Without one nothing
    /// happens.
    ///
    /// # Errors
    /// `Untold` where others cannot be told that started it, as they told last, or that may have where it was not started here;
    /// `Failed` where it is not known whether there are others. What was started here is ended all the same.
    pub async fn stop_monitor(&self, customer: Uuid) -> Result<(), MonitorError> {
        if !self.reach.is_everything() {
            self.served(&customer.to_string()).await?;
            self.refuse_beyond_reach(customer).await?;
        }
        let was_ours = self.monitors.stop(customer, self.clock.host());
        let may_have_started =
            |node: &str| !was_ours || self.monitors.others(|others| others.has_started(node, customer));
        let deaf = self.deaf().await?.into_iter().find(|(node, _)| may_have_started(node));
        deaf.map_or(Ok(()), |(_, because)| Err(MonitorError::Untold { because }))
    }

    /// Slots are those of all processes: where one is not heard, nobody knows how many are left.
    async fn refuse_unheard(&self) -> Result<(), MonitorError> {
        let deaf = self.deaf().await?.into_iter().next();
        deaf.map_or(Ok(()), |(_, because)| Err(MonitorError::Unheard { because }))
    }

    /// Processes on this database that live and do not hear this one, and why not.
    async fn deaf(&self) -> Result<Vec<(String, String)>, OperationError> {
        let nodes = self.store.nodes().await?;
        let others = nodes.into_iter().filter(|node| node.is_alive && node.name != self.node.name);
        let why = |node: String| {
            let because = self.monitors.others(|others| others.why_deaf(&node))?;
            Some((node, because))
        };
        Ok(others.filter_map(|other| why(other.name)).collect())
    }

    /// A reader of whoever is watched for others.
    pub fn view_all(&self) -> View {
        View::of_all(self.monitors.clone())
    }

    /// A reader of nobody, to whom some can be added by [`Self::look_at`].
    pub fn view_nobody(&self) -> View {
        View::of_nobody(self.monitors.clone())
    }

    /// Lets a reader look at one subscriber more, by username or id, who is watched for it from now on.
    ///
    /// # Errors
    /// Why not; whom it looks at stays as it was.
    pub async fn look_at(&self, view: &mut View, key: &str) -> Result<Uuid, MonitorError> {
        let (customer, serial) = self.hold(key, Holder::Reader).await?;
        view.holds(customer, serial);
        Ok(customer)
    }

    async fn hold(&self, key: &str, holder: Holder) -> Result<(Uuid, Serial), MonitorError> {
        self.monitors.refuse_disabled()?;
        let subscriber = self.served(key).await?;
        let customer = subscriber.id;
        self.refuse_beyond_reach(customer).await?;
        // Whoever is watched goes on to be, also where they could not be watched anew at this moment.
        if let Some(serial) = self.monitors.take_more(customer, holder) {
            return Ok((customer, serial));
        }
        let place = self.place_of(subscriber).await?;
        self.refuse_unconnected(&place)?;
        self.refuse_unheard().await?;
        Ok((customer, self.monitors.take(place, holder, self.clock.host())?))
    }

    /// Follows those who are watched to where they connect, and ends what nobody reads, for as long as it is polled.
    pub async fn keep_monitors(&self) {
        loop {
            tokio::time::sleep(LOOK_EVERY).await;
            self.tend_monitors().await;
        }
    }

    /// Does so once.
    pub async fn tend_monitors(&self) {
        let now = self.clock.host();
        self.monitors.end_unread(now);
        for customer in self.monitors.to_place(PLACED_FOR, now) {
            match self.place_now(customer).await {
                Ok(place) => {
                    let (nas, because) = (place.nas, self.unwatchable(&place));
                    self.monitors.replace(place, now);
                    let trouble = because.map(Standing::Trouble);
                    trouble.into_iter().for_each(|why| self.monitors.board().stands(nas, customer, why));
                }
                Err(MonitorError::Unknown | MonitorError::NoLogin) => {
                    tracing::info!(%customer, "somebody who is not served any more is watched no longer");
                    self.monitors.drop_all(customer);
                }
                Err(MonitorError::NoSession) => {}
                Err(error) => tracing::warn!(%customer, %error, "where they are was not found out"),
            }
        }
    }

    async fn place_now(&self, customer: Uuid) -> Result<Place, MonitorError> {
        let subscriber = self.served(&customer.to_string()).await?;
        self.place_of(subscriber).await
    }
}
