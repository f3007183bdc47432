//! What people and other programs do with a database beside the store.

use postgres::Client;

use crate::postgres_server::{self, Database};

impl Database {
    /// What it is called.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Its URL for another user.
    pub(crate) fn url_of(&self, user: &str, password: &str) -> String {
        let (_, place) = self.url.rsplit_once('@').unwrap();
        format!("postgres://{user}:{password}@{place}")
    }

    /// Runs statements in it, as another program would.
    pub(crate) fn run(&self, sql: &str) {
        postgres_server::run(&self.url, sql);
    }

    /// Ends every connection to it but the one that does.
    pub(crate) fn end_all(&self) {
        self.end_those("true");
    }

    /// Ends the connections to it of which these words about `pg_stat_activity` are true.
    pub(crate) fn end_those(&self, which: &str) {
        postgres_server::end(&self.url, &format!("datname = current_database() AND ({which})"));
    }

    /// Lets a person at it.
    pub(crate) fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&mut Client) -> T + Send + 'static,
    ) -> T {
        postgres_server::ask(&self.url, question)
    }
}
