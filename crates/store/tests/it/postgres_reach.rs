//! Somebody who is bound to a group that another program removed, as far as PostgreSQL lets it.

use store::{NasRepository, NewNas, Postgres};

use crate::operators::{bound_to, nothing_is_reached};
use crate::postgres_server::Database;
use crate::rounds::{act, router};

/// No statement of the program removes a group; a row that names one which is not there binds all the same.
#[tokio::test]
async fn who_is_bound_to_a_group_that_is_gone_reaches_no_router() {
    let database = Database::create();
    let store = Postgres::open(database.url()).unwrap();
    let tower = NewNas { group: Some("north".to_owned()), ..router("tower") };
    store.insert_nas(tower, act("router.add")).await.unwrap();
    bound_to(&store, "north").await;
    database.run(
        "SET session_replication_role = replica; UPDATE tikmeter.nas SET group_id = NULL; DELETE FROM tikmeter.nas_group",
    );
    nothing_is_reached(&store).await;
}
