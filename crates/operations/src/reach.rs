//! Keeping somebody to the routers that they reach.

use store::{Scope, StoreError, WhoseVouchers};

use crate::error::OperationError;
use crate::operations::Operations;

/// Names of routers that somebody does not reach. Sentences of which it is not known what they name are looked through for them.
pub struct NamesBeyond(Vec<String>);

impl NamesBeyond {
    /// Whether a sentence names none of them. A name that is a part of another word counts: too little is told then, never too much.
    pub fn keeps_to(&self, sentence: &str) -> bool {
        !self.0.iter().any(|name| sentence.contains(name.as_str()))
    }

    /// The sentence, or another one where it names one of them.
    pub fn out_of(&self, sentence: String) -> String {
        if self.keeps_to(&sentence) {
            return sentence;
        }
        "Why is not told here: it is about a router that you do not reach, too. Somebody who is bound to no group reads it.".to_owned()
    }
}

impl Operations {
    /// Names of the routers that are not reached; none for who reaches all.
    pub async fn names_beyond(&self) -> Result<NamesBeyond, OperationError> {
        if self.reach.is_everything() {
            return Ok(NamesBeyond(Vec::new()));
        }
        let others = self
            .store
            .list_nas()
            .await?
            .into_iter()
            .filter(|nas| !self.reach.has(nas.config.group.as_deref()));
        Ok(NamesBeyond(others.map(|nas| nas.config.name).collect()))
    }

    /// Whose vouchers are told of.
    pub(crate) fn whose_vouchers(&self) -> WhoseVouchers {
        WhoseVouchers { reach: self.reach.clone(), maker: self.maker.clone() }
    }

    /// Refuses what is about all of a batch to whoever is bound and did not make it.
    pub(crate) fn refuse_others_batch(&self, made_by: &str) -> Result<(), OperationError> {
        if self.reach.is_everything() || self.maker == made_by {
            return Ok(());
        }
        Err(OperationError::Forbidden(format!(
            "you are bound to groups of routers ({}), and somebody else made this batch; nothing was changed. Who made it can do this, or \
             somebody who is bound to no group",
            self.reach.in_words()
        )))
    }

    /// Refuses a username of somebody who is not reached, without a word of them: usernames are the installation's, one for all towns.
    pub(crate) async fn refuse_username_beyond(&self, username: &str) -> Result<(), OperationError> {
        let is_seen = self.reach.is_everything()
            || self.store.find_subscriber_within(username, self.reach.clone()).await?.is_some();
        if is_seen || self.store.find_subscriber(username).await?.is_none() {
            return Ok(());
        }
        Err(OperationError::Conflict(
            "this username is not free to be given here; nothing was changed. Choose another one".to_owned(),
        ))
    }

    /// Refuses what counts on all routers where a subscriber has a login, if one of these is beyond reach.
    pub(crate) async fn refuse_logins_beyond(&self, subscriber: &str) -> Result<(), OperationError> {
        if self.reach.is_everything() {
            return Ok(());
        }
        let whole = self.store.find_subscriber(subscriber).await?;
        let gone = || StoreError::NotFound("the subscriber".to_owned());
        for login in whole.ok_or_else(gone)?.logins {
            let is_theirs = match &login.scope {
                Scope::Router(router) => self.named_nas(router).await.is_ok(),
                Scope::Group(group) => self.reach.has(Some(group)),
                Scope::All => false,
            };
            if !is_theirs {
                return Err(OperationError::Forbidden(format!(
                    "you are bound to groups of routers ({}), and a login of this subscriber counts beyond them, too; nothing was changed. \
                     Somebody who is bound to no group can do it",
                    self.reach.in_words()
                )));
            }
        }
        Ok(())
    }

    /// Of these names of routers those that are reached: the others are not to be told.
    pub(crate) async fn only_reached(&self, mut names: Vec<String>) -> Result<Vec<String>, OperationError> {
        let reached = self.reached_names().await?;
        names.retain(|name| reached.has(name));
        Ok(names)
    }

    /// Refuses to make a login somebody's, or nobody's, where whoever asks does not reach: on all routers, of a group that is not
    /// theirs, or on a router that is not there for them.
    pub(crate) async fn refuse_out_of_reach(&self, scope: &Scope) -> Result<(), OperationError> {
        let is_theirs = match scope {
            _ if self.reach.is_everything() => true,
            Scope::All => false,
            Scope::Group(group) => self.reach.has(Some(group)),
            Scope::Router(router) => {
                self.named_nas(router).await?;
                true
            }
        };
        if is_theirs {
            return Ok(());
        }
        Err(OperationError::Forbidden(format!(
            "you are bound to groups of routers ({}), and this login would count beyond them; nothing was changed. Name one router \
             of yours that it counts on",
            self.reach.in_words()
        )))
    }
}
