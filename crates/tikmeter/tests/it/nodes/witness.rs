//! What the database itself wrote down while the house was tried: each committed round, who took a router from whom, and who
//! said that it is there. All in the transactions that did it, so that what was rolled back is not there either.

use postgres::Row;

const WITNESS: &str = "
    CREATE SCHEMA witness;
    CREATE FUNCTION witness.now() RETURNS bigint LANGUAGE sql
        AS 'SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint';
    CREATE TABLE witness.round (router text, epoch bigint, who text, at bigint DEFAULT witness.now());
    CREATE TABLE witness.taking (router text, epoch bigint, who text, whose text, at bigint DEFAULT witness.now());
    CREATE TABLE witness.look (who text, until bigint, steady boolean, at bigint DEFAULT witness.now());
    CREATE TABLE witness.let_go (at bigint DEFAULT witness.now());
    CREATE TABLE witness.back (at bigint DEFAULT witness.now());

    CREATE FUNCTION witness.see_look() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO witness.look VALUES
            (NEW.name, NEW.until, NEW.seen_at - NEW.alive_since >= NEW.until - NEW.seen_at);
        RETURN NULL;
    END $$;
    CREATE TRIGGER look AFTER INSERT OR UPDATE OF seen_at ON tikmeter.node FOR EACH ROW
        EXECUTE FUNCTION witness.see_look();

    CREATE FUNCTION witness.see_round() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO witness.round VALUES (NEW.name, NEW.lease_epoch, NEW.lease_holder);
        RETURN NULL;
    END $$;
    CREATE TRIGGER round AFTER UPDATE OF poll_seq ON tikmeter.nas FOR EACH ROW
        WHEN (NEW.poll_seq > OLD.poll_seq) EXECUTE FUNCTION witness.see_round();

    CREATE FUNCTION witness.see_taking() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO witness.taking VALUES (NEW.name, NEW.lease_epoch, NEW.lease_holder, OLD.lease_holder);
        RETURN NULL;
    END $$;
    CREATE TRIGGER taking AFTER UPDATE OF lease_holder ON tikmeter.nas FOR EACH ROW
        WHEN (NEW.lease_epoch > OLD.lease_epoch) EXECUTE FUNCTION witness.see_taking();";

/// A committed round: under which epoch of the router's lease, whose that is, and when (microseconds by the database's clock, as
/// all here).
#[derive(Clone)]
pub(super) struct Round {
    pub(super) router: String,
    pub(super) epoch: i64,
    pub(super) who: Option<String>,
    pub(super) at: i64,
}

/// A router under a new epoch, and whose it was until then, if anybody's.
pub(super) struct Taking {
    pub(super) router: String,
    pub(super) epoch: i64,
    pub(super) who: String,
    pub(super) whose: Option<String>,
    pub(super) at: i64,
}

/// A process said that it is there until then, and looks which routers are free.
pub(super) struct Look {
    pub(super) who: String,
    pub(super) until: i64,
    /// It was never silent for a term, so that it may take what a silent one has.
    pub(super) steady: bool,
    pub(super) at: i64,
}

/// All of it, by time.
pub(super) struct Seen {
    pub(super) rounds: Vec<Round>,
    pub(super) takings: Vec<Taking>,
    pub(super) looks: Vec<Look>,
    /// When transactions that stood still were noticed to be over.
    pub(super) let_go: Vec<i64>,
    /// When the server was there again after it had crashed.
    pub(super) back: Vec<i64>,
}

/// Lets the database write down what happens from now on.
pub(super) fn begin(url: &str) {
    crate::postgres_server::run(url, WITNESS);
}

/// The server is there again after it had crashed.
pub(super) fn is_back(url: &str) {
    crate::postgres_server::run(url, "INSERT INTO witness.back DEFAULT VALUES");
}

/// Whether a process that is cut off or stands still has no transaction open on the server that wrote or locked anything, which
/// would keep the routers in it; when there is none is written down.
pub(super) fn lets_go(url: &str, process: &str) -> bool {
    let open = format!(
        "SELECT 1 FROM pg_stat_activity WHERE application_name LIKE 'tikmeter {process} %' AND backend_xid IS NOT NULL"
    );
    crate::postgres_server::ask(url, move |client| {
        let is_free = client.query(&open, &[]).unwrap().is_empty();
        if is_free {
            client.batch_execute("INSERT INTO witness.let_go DEFAULT VALUES").unwrap();
        }
        is_free
    })
}

impl Seen {
    /// So far.
    pub(super) fn so_far(url: &str) -> Seen {
        Seen {
            rounds: all(url, "SELECT router, epoch, who, at FROM witness.round ORDER BY at", |row| Round {
                router: row.get(0),
                epoch: row.get(1),
                who: row.get(2),
                at: row.get(3),
            }),
            takings: all(
                url,
                "SELECT router, epoch, who, whose, at FROM witness.taking ORDER BY at",
                |row| Taking {
                    router: row.get(0),
                    epoch: row.get(1),
                    who: row.get(2),
                    whose: row.get(3),
                    at: row.get(4),
                },
            ),
            looks: all(url, "SELECT who, until, steady, at FROM witness.look ORDER BY at", |row| Look {
                who: row.get(0),
                until: row.get(1),
                steady: row.get(2),
                at: row.get(3),
            }),
            let_go: all(url, "SELECT at FROM witness.let_go", |row| row.get(0)),
            back: all(url, "SELECT at FROM witness.back", |row| row.get(0)),
        }
    }
}

fn all<T: Send + 'static>(url: &str, sql: &'static str, read: fn(&Row) -> T) -> Vec<T> {
    crate::postgres_server::ask(url, move |client| client.query(sql, &[]).unwrap().iter().map(read).collect())
}
