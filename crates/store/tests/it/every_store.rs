//! Runs a behaviour on every database there is.

use std::sync::Arc;

use store::{Postgres, Sqlite, Store};

use crate::postgres_server::Database;

/// Makes each function a test per database. Another database adds another module here, and nothing elsewhere.
macro_rules! on_every_store {
    ($(async fn $name:ident($store:ident) $body:block)+) => {
        crate::every_store::on_shared_stores! { $(async fn $name($store) $body)+ }

        mod sqlite {
            $(#[tokio::test]
            async fn $name() {
                crate::every_store::on_sqlite(super::$name).await;
            })+
        }
    };
}
pub(crate) use on_every_store;

/// The same on databases that several processes can have.
macro_rules! on_shared_stores {
    ($(async fn $name:ident($store:ident) $body:block)+) => {
        $(async fn $name($store: std::sync::Arc<dyn store::Store>) $body)+

        mod postgres {
            $(#[tokio::test]
            async fn $name() {
                crate::every_store::on_postgres(super::$name).await;
            })+
        }
    };
}
pub(crate) use on_shared_stores;

/// Runs a behaviour on a new SQLite file.
pub(crate) async fn on_sqlite<F: Future<Output = ()>>(behaviour: impl FnOnce(Arc<dyn Store>) -> F) {
    let folder = tempfile::tempdir().unwrap();
    let store = Sqlite::open(&folder.path().join("tikmeter.db")).unwrap();
    behaviour(Arc::new(store)).await;
}

/// Runs a behaviour on a new database of the PostgreSQL server of this test run.
pub(crate) async fn on_postgres<F: Future<Output = ()>>(behaviour: impl FnOnce(Arc<dyn Store>) -> F) {
    let database = Database::create();
    let store = Postgres::open(database.url()).unwrap();
    behaviour(Arc::new(store)).await;
}
