//! A database that knows the plant: its routers, its subscribers with open cycles, nothing counted yet.

use std::net::SocketAddr;
use std::path::Path;

use accounting::time::Micros;
use operations::{PasswordPlace, Vault};
use routeros_sim::world::Device;
use rusqlite::{Connection, params};
use secrecy::SecretString;
use store::{NasId, NasOrigin, NasRepository as _, NewAudit, NewNas, SealedPassword, Sqlite, TlsMode};
use uuid::Uuid;

use super::numbers;
use crate::daemon::KEY;
use crate::figure::Result;

/// Begin of everything.
const BEGIN: Micros = Micros(1_800_000_000_000_000);

/// Makes the file, with the store's own tables, these routers, and `each` subscribers on each of them.
pub(crate) async fn make(path: &Path, routers: Vec<NewNas>, each: u32) -> Result<Vec<NasId>> {
    let store = Sqlite::open(path)?;
    let mut added = Vec::new();
    for router in routers {
        added.push(store.insert_nas(router, NewAudit::by_system(BEGIN, "router.add", "bench")).await?);
    }
    drop(store);
    subscribe(path, &added, each)?;
    Ok(added)
}

/// The same with a router at each of these addresses, of which the daemon knows the password.
pub(crate) fn make_of(path: &Path, addrs: &[SocketAddr], each: u32) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let entries = (0..)
        .zip(addrs)
        .map(|(number, addr): (u32, _)| sealed(router(&format!("bench-{number}"), *addr), KEY));
    runtime.block_on(make(path, entries.collect(), each))?;
    Ok(())
}

/// A router without a password.
pub(crate) fn router(name: &str, addr: SocketAddr) -> NewNas {
    NewNas {
        uuid: Uuid::new_v4(),
        name: name.to_owned(),
        host: addr.ip().to_string(),
        port: addr.port(),
        tls: TlsMode::Off,
        fingerprint: None,
        username: Device::DEFAULT_USER.to_owned(),
        password: SealedPassword(Vec::new()),
        link_speed_bps: None,
        interval_ms: None,
        group: None,
        enabled: true,
        origin: NasOrigin::Api,
    }
}

/// The same router with the simulator's password, sealed with this key.
pub(crate) fn sealed(mut router: NewNas, key: [u8; 32]) -> NewNas {
    let password = SecretString::from(Device::DEFAULT_PASSWORD);
    router.password = Vault::new(key).seal(&password, PasswordPlace::of(&router));
    router
}

/// Copies a database that may be open.
pub(crate) fn copy(from: &Path, to: &Path) -> Result<()> {
    Ok(Connection::open(from)?.backup("main", to, None)?)
}

/// Binds every login to a subscriber of its own, in one transaction: a hundred thousand acts of a person would take
/// longer than everything that is measured.
fn subscribe(path: &Path, routers: &[NasId], each: u32) -> Result<()> {
    let mut connection = Connection::open(path)?;
    let transaction = connection.transaction()?;
    for (nas, first) in routers.iter().zip((0..).step_by(each as usize)) {
        for i in first..first + each {
            subscribe_one(&transaction, *nas, i)?;
        }
    }
    transaction.execute("UPDATE meta SET bindings_version = bindings_version + 1", [])?;
    transaction.commit()?;
    Ok(())
}

fn subscribe_one(connection: &Connection, nas: NasId, i: u32) -> Result<()> {
    let login = numbers::login(i);
    let uuid = Uuid::from_u128(0x1000_0000 + u128::from(i)).to_string();
    connection
        .prepare_cached(
            "INSERT INTO subscriber (id, username, service, status, created_at) \
             VALUES (?1, ?2, 'pppoe', 'active', ?3)",
        )?
        .execute(params![uuid, login, BEGIN.0])?;
    connection
        .prepare_cached("INSERT INTO cycle (subscriber_id, seq_no, opened_at) VALUES (?1, 1, ?2)")?
        .execute(params![uuid, BEGIN.0])?;
    let row = connection
        .prepare_cached("INSERT INTO login (kind, name, scope, scope_id) VALUES ('ppp', ?1, 'router', ?2)")?
        .insert(params![login.as_bytes(), nas.0])?;
    connection
        .prepare_cached("INSERT INTO login_binding (login_id, subscriber_id, from_at) VALUES (?1, ?2, ?3)")?
        .execute(params![row, uuid, BEGIN.0])?;
    Ok(())
}
