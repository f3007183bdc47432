//! Where Tikmeter keeps what it counted and what it was told: repository traits that know no database driver, and
//! their SQLite implementation.
//!
//! Three habits hold everywhere. Looking something up answers `Ok(None)` when it is not there; absence is not an
//! error. Time is an argument; nothing here reads a clock. One call is one transaction: a call whose future is
//! dropped either happened whole or not at all.

mod accounting_repository;
mod audit_chain;
mod audit_repository;
mod error;
mod ids;
mod nas_repository;
mod packing;
pub mod sqlite;

pub use accounting_repository::{AccountingRepository, Loaded, ResolvedLogins};
pub use audit_repository::{AuditRecord, AuditRepository, NewAudit};
pub use error::{CommitError, StoreError};
pub use ids::NasId;
pub use nas_repository::{Nas, NasOrigin, NasRepository, NewNas, SealedPassword, TLS_MODES, TlsMode};
pub use sqlite::Sqlite;
