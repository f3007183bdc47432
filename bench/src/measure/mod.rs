//! One measurement a file.

pub(crate) mod commit;
pub(crate) mod crowd;
pub(crate) mod day;
pub(crate) mod decode;
pub(crate) mod disk;
pub(crate) mod fleet;
pub(crate) mod growth;
pub(crate) mod limits;
pub(crate) mod live;
pub(crate) mod many_routers;
pub(crate) mod memory;
pub(crate) mod one_row;
pub(crate) mod poll_path;
pub(crate) mod postgres_commit;
pub(crate) mod postgres_upkeep;
pub(crate) mod redis_away;
pub(crate) mod redis_events;
pub(crate) mod shard;
mod shares;
pub(crate) mod socket_to_commit;
pub(crate) mod usual_script;
pub(crate) mod wire_cost;

use crate::books::PostgresBooks;
use crate::figure::{Result, Section};
use crate::scale::Scale;

/// A measurement as the command line names it.
pub(crate) struct Measurement {
    pub(crate) name: &'static str,
    pub(crate) run: fn(&Scale) -> Result<Section>,
}

/// Those beside SQLite, and all that need no database, in the order of the table.
pub(crate) const MEASUREMENTS: &[Measurement] = &[
    Measurement { name: "decode", run: decode::run },
    Measurement { name: "poll-path", run: poll_path::run },
    Measurement { name: "wire", run: wire_cost::run },
    Measurement { name: "one-row", run: one_row::run },
    Measurement { name: "commit", run: commit::run },
    Measurement { name: "socket-to-commit", run: socket_to_commit::run },
    Measurement { name: "usual-script", run: usual_script::run },
    Measurement { name: "disk", run: disk::run },
    Measurement { name: "memory", run: memory::run },
    Measurement { name: "many-routers", run: many_routers::run },
    Measurement { name: "growth", run: growth::run },
    Measurement { name: "live", run: live::run },
    Measurement { name: "limits", run: limits::run },
    Measurement { name: "crowd", run: crowd::run },
    Measurement { name: "day", run: day::run },
];

/// Those beside PostgreSQL.
pub(crate) const POSTGRES: &[Measurement] = &[
    Measurement { name: "commit", run: postgres_commit::run },
    Measurement { name: "upkeep", run: postgres_upkeep::run },
    Measurement {
        name: "socket-to-commit",
        run: |scale| socket_to_commit::measure::<PostgresBooks>(scale, 1.5),
    },
    Measurement { name: "shard", run: shard::run },
    Measurement { name: "redis", run: redis_events::run },
    Measurement { name: "redis-away", run: redis_away::run },
    Measurement { name: "fleet", run: fleet::run },
];
