//! Where Tikmeter keeps what it counted and what it was told: repository traits that know no database driver, their one
//! implementation in SQL ([`sql`]), the drivers it runs on ([`sqlite`], [`postgres`]), and the move from one to the other
//! ([`Move`]).
//!
//! Three habits hold everywhere. Looking something up answers `Ok(None)` when it is not there; absence is not an
//! error. Time is an argument; nothing here reads a clock, but for leases, which go by
//! the database's. One call is one transaction: a call whose future is
//! dropped either happened whole or not at all. Changes that people make take the act that goes into the journal
//! in the same transaction.

mod accounting_repository;
mod adoption_repository;
mod audit_chain;
mod audit_repository;
mod backup;
mod binding_repository;
mod command_repository;
mod credit_repository;
mod error;
mod event;
mod event_names;
mod event_packing;
mod fingerprint;
mod hold_repository;
mod ids;
mod import_repository;
mod installation_repository;
mod lease_repository;
mod ledger_repository;
mod limit_session_repository;
mod moving;
mod nas_repository;
mod operator_repository;
mod outbox_repository;
mod packing;
mod plan_cycle;
mod plan_edge_repository;
mod plan_repository;
mod plan_speed_repository;
pub mod postgres;
mod profile_repository;
mod rate_limit_repository;
mod reach;
mod renewal_repository;
mod retention_repository;
mod search_repository;
mod session_repository;
mod sign_in_repository;
mod sql;
pub mod sqlite;
mod store;
mod subscriber_repository;
mod tally;
mod token_repository;
mod told_rates_repository;
mod unknown_login_repository;
mod usage_repository;
mod verify_repository;
mod voucher;
mod voucher_clock;
mod voucher_device_repository;
mod voucher_import_repository;
mod voucher_login_repository;
mod voucher_repository;
mod voucher_time_repository;
mod what_mends;

pub use accounting_repository::{AccountingRepository, Asked, Loaded, ResolvedLogins};
pub use adoption_repository::{AdoptedLogin, AdoptionRepository, UndoneAdoption};
pub use audit_repository::{AuditQuery, AuditRecord, AuditRepository, NewAudit};
pub use backup::{
    Backup, BackupError, BackupHeader, BackupOrigin, Checked, CheckedTable, Restore, RestoreTarget, Restored,
    check_backup, read_backup_header,
};
pub use binding_repository::{BindingRepository, RouterOfLogin};
pub use command_repository::{
    Beginning, COMMAND_STATES, Command, CommandRepository, CommandState, NewCommand, Unsettled,
};
pub use credit_repository::{Credit, CreditRepository};
pub use error::{CommitError, Named, StoreError};
pub use event::{
    Event, EventBody, EventSession, EventSubscriber, RoundNews, SessionStep, UsageLine, Who, Words,
};
pub use event_names::EventNames;
pub use fingerprint::{Fingerprint, NoFingerprint};
pub use hold_repository::{Hold, HoldRepository, HoldSubject};
pub use ids::{NasId, VoucherBatchId, VoucherDeviceId, VoucherId};
pub use import_repository::{ImportRepository, LoginOwner, SubscriberImport};
pub use installation_repository::{Installation, InstallationRepository};
pub use lease_repository::{
    Lease, LeaseRepository, Leases, NODE_ROLES, Node, NodeRole, SeenNode, ToldSettings, ToldStatus,
};
pub use ledger_repository::{CountedIn, EntryKey, EntryRow, HeldAct, LedgerRepository, LedgerSubject};
pub use limit_session_repository::{LimitSession, LimitSessionRepository, LimitSessions};
pub use moving::{Doing, Move, MoveError, MoveStep, MoveWatch, Moved, MovedTable};
pub use nas_repository::{
    FileSync, FirstSight, Nas, NasOrigin, NasPatch, NasRepository, NewNas, Resealed, SealedPassword,
    TLS_MODES, TlsMode,
};
pub use operator_repository::{NewOperator, Operator, OperatorChange, OperatorRepository};
pub use outbox_repository::{GiveUp, OutboxQueue, OutboxRepository};
pub use plan_cycle::{NoPlanCycle, PlanCycle};
pub use plan_edge_repository::{DueEdge, PassedEdges, PlanEdgeRepository};
pub use plan_repository::{Plan, PlanPatch, PlanRepository};
pub use plan_speed_repository::{PlanSpeed, PlanSpeedRepository, SpeedsOf};
pub use postgres::{ForeignRows, ForeignTable, Postgres, PostgresOptions};
pub use profile_repository::{Profile, ProfilePlan, ProfileRepository, ProfileWrite};
pub use rate_limit_repository::{
    LimitSubject, LimitUntil, LimitsDue, RateLimit, RateLimitRepository, ReplacedLimit, SET_BY_VOUCHER,
    WantedLimit,
};
pub use reach::{Groups, Reach};
pub use renewal_repository::{Changed, RenewalRepository, Renews, SubscriberChange, UndoneRenewal};
pub use retention_repository::{DayOf, Foldable, Folded, RetentionRepository};
pub use search_repository::{
    MOST_WORDS, OnlineOrder, OnlineSearch, SearchRepository, SearchWords, SubscriberOrder, SubscriberSearch,
};
pub use session_repository::{
    SESSION_PHASES, SessionCursor, SessionOwner, SessionPhase, SessionQuery, SessionRepository, SessionRow,
};
pub use sign_in_repository::{EndedSignIns, NewSignIn, SignIn, SignInRepository, SignedIn};
pub use sqlite::{ForeignFile, Sqlite};
pub use store::Store;
pub use subscriber_repository::{
    BoundLogin, CycleOpening, CycleTotals, NewSubscriber, SUBSCRIBER_STATUSES, Scope, Subscriber,
    SubscriberRepository, SubscriberStatus,
};
pub use token_repository::{NewToken, ROLES, Role, Token, TokenRepository};
pub use told_rates_repository::{ToldRates, ToldRatesRepository};
pub use unknown_login_repository::{UnknownLogin, UnknownLoginQuery, UnknownLoginRepository};
pub use usage_repository::{
    BucketPart, BucketRow, BucketsAfter, CoverageSpan, CycleObservation, Observation, UsagePlace, UsageQuery,
    UsageRepository, UsageRow,
};
pub use verify_repository::{VerifyReport, VerifyRepository};
pub use voucher::{
    IssuedVoucher, VOUCHER_PHASES, Voucher, VoucherBatch, VoucherCounts, VoucherDevice, VoucherDeviceState,
    VoucherHolder, VoucherIssue, VoucherPhase, VoucherTerms,
};
pub use voucher_clock::VoucherClock;
pub use voucher_device_repository::{ClaimedVoucher, MovedVoucher, VoucherClaim, VoucherDeviceRepository};
pub use voucher_import_repository::{UsedBefore, VoucherImportRepository, VoucherToImport, VouchersToImport};
pub use voucher_login_repository::{
    SeenVoucherLogin, SeenVoucherRow, SeenVoucherSession, VoucherLoginRepository, VoucherLook, VoucherUsage,
};
pub use voucher_repository::{
    MadeVouchers, SoldVouchers, VoucherBatchQuery, VoucherQuery, VoucherRepository, WhoseVouchers,
};
pub use voucher_time_repository::{HostTime, VoucherTimeRepository};
pub use what_mends::{FREE_SPACE, what_mends};
