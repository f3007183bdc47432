//! Runs a behaviour on every database there is.

use std::sync::Arc;

use store::{Sqlite, Store};

/// Makes each function a test per database. A second database adds a second module here, and nothing elsewhere.
macro_rules! on_every_store {
    ($(async fn $name:ident($store:ident) $body:block)+) => {
        $(async fn $name($store: std::sync::Arc<dyn store::Store>) $body)+

        mod sqlite {
            $(#[tokio::test]
            async fn $name() {
                crate::every_store::on_sqlite(super::$name).await;
            })+
        }
    };
}
pub(crate) use on_every_store;

/// Runs a behaviour on a new SQLite file.
pub(crate) async fn on_sqlite<F: Future<Output = ()>>(behaviour: impl FnOnce(Arc<dyn Store>) -> F) {
    let folder = tempfile::tempdir().unwrap();
    let store = Sqlite::open(&folder.path().join("tikmeter.db")).unwrap();
    behaviour(Arc::new(store)).await;
}
