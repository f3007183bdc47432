//! The tables of PHPNuxBill in its MySQL or MariaDB database, at one moment, in a transaction that cannot write.

use std::collections::HashMap;
use std::path::Path;
use std::time::Duration;

use mysql_async::prelude::Queryable;
use mysql_async::{Conn, IsolationLevel, OptsBuilder, SslOpts, Transaction, TxOpts, Value};
use secrecy::ExposeSecret;
use tokio::time::timeout;

use super::address::{Address, Tls};
use super::dump::Row;
use super::tables::{self, Tables};

/// How long the server may take to let us in, and to answer a question.
const CONNECT: Duration = Duration::from_secs(10);
const ANSWER: Duration = Duration::from_secs(300);
/// Octets of values that are taken at the most.
const MOST_OCTETS: usize = 512 << 20;
const COLUMNS: &str =
    "SELECT column_name FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = ?";

/// Reads them.
///
/// # Errors
/// Half a sentence without the password.
pub(super) async fn read(address: &Address) -> Result<Tables, String> {
    let opened = timeout(CONNECT, Conn::new(options(address)?)).await;
    let mut connection =
        opened.map_err(|_| "it does not answer".to_owned())?.map_err(|error| told(&error))?;
    let mut moment = TxOpts::default();
    moment
        .with_readonly(true)
        .with_consistent_snapshot(true)
        .with_isolation_level(IsolationLevel::RepeatableRead);
    let mut transaction = connection.start_transaction(moment).await.map_err(|error| told(&error))?;
    let (mut all, mut octets) = (HashMap::new(), 0);
    for (table, wanted, which) in tables::COLUMNS {
        let reading = rows(&mut transaction, (table, which), wanted, &mut octets);
        let rows = timeout(ANSWER, reading).await.map_err(|_| format!("its table {table} takes too long"))?;
        all.extend(rows?.map(|rows| (table.to_owned(), rows)));
    }
    transaction.rollback().await.map_err(|error| told(&error))?;
    connection.disconnect().await.map_err(|error| told(&error))?;
    Tables::of(all)
}

fn options(address: &Address) -> Result<OptsBuilder, String> {
    Ok(OptsBuilder::default()
        .ip_or_hostname(&address.host)
        .tcp_port(address.port)
        .user(Some(&address.user))
        .pass(Some(address.password.expose_secret()))
        .db_name(Some(&address.database))
        // A socket would be another server's, and has no TLS.
        .prefer_socket(false)
        .ssl_opts(tls(&address.tls)?))
}

fn tls(tls: &Tls) -> Result<Option<SslOpts>, String> {
    match tls {
        Tls::Off => Ok(None),
        Tls::Unchecked => Ok(Some(SslOpts::default().with_danger_accept_invalid_certs(true))),
        Tls::Ca(ca) => Ok(Some(checked(ca.as_deref())?.with_danger_skip_domain_validation(true))),
        Tls::Host(ca) => checked(ca.as_deref()).map(Some),
    }
}

fn checked(ca: Option<&Path>) -> Result<SslOpts, String> {
    let roots = match ca {
        Some(file) => vec![file.to_owned().into()],
        None => system_roots()?.into_iter().map(Into::into).collect(),
    };
    Ok(SslOpts::default().with_disable_built_in_roots(true).with_root_certs(roots))
}

/// Who vouches for certificates on this host.
fn system_roots() -> Result<Vec<Vec<u8>>, String> {
    let found = rustls_native_certs::load_native_certs();
    if found.certs.is_empty() {
        return Err("no authorities for certificates are installed here (Debian: ca-certificates); name one with ssl-ca=FILE.pem".to_owned());
    }
    Ok(found.certs.into_iter().map(|certificate| certificate.to_vec()).collect())
}

/// The wanted columns of a table, of those it has; `None` where there is none. No other leaves the database.
async fn rows(
    transaction: &mut Transaction<'_>,
    (table, which): (&str, &str),
    wanted: &[&str],
    octets: &mut usize,
) -> Result<Option<Vec<Row>>, String> {
    let known: Vec<String> = transaction.exec(COLUMNS, (table,)).await.map_err(|error| told(&error))?;
    if known.is_empty() {
        return Ok(None);
    }
    let taken: Vec<&str> =
        wanted.iter().copied().filter(|column| known.iter().any(|name| name == column)).collect();
    let names: Vec<String> = taken.iter().map(|name| format!("`{name}`")).collect();
    let sql = format!("SELECT {} FROM `{table}` {which}", names.join(", "));
    // Asked as text every value is what a dump has.
    let mut answer = transaction.query_iter(sql).await.map_err(|error| told(&error))?;
    let mut rows = Vec::new();
    while let Some(row) = answer.next().await.map_err(|error| told(&error))? {
        let mut values = Row::new();
        for (column, value) in taken.iter().zip(row.unwrap()) {
            let value = text(table, column, value)?;
            *octets += value.as_ref().map_or(0, String::len);
            values.insert((*column).to_owned(), value);
        }
        rows.push(values);
        if *octets > MOST_OCTETS {
            return Err(format!("its table {table} is larger than is taken"));
        }
    }
    Ok(Some(rows))
}

fn text(table: &str, column: &str, value: Value) -> Result<Option<String>, String> {
    match value {
        Value::NULL => Ok(None),
        Value::Bytes(octets) => String::from_utf8(octets).map(Some).map_err(|_| {
            format!("a value of {table}.{column} is no UTF-8; set the table's character set right first")
        }),
        other => Ok(Some(other.as_sql(false))),
    }
}

fn told(error: &mysql_async::Error) -> String {
    match error {
        mysql_async::Error::Server(refused) => format!("it refuses: {}", refused.message),
        other => format!("it cannot be read: {other}"),
    }
}
