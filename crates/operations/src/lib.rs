//! What a person or a rule can do with Tikmeter: routers, subscribers, tokens, readings. No HTTP and no sockets:
//! faces call [`Operations`], and it calls the routers through the trait [`RouterCommands`].
//!
//! * What others implement or share: [`Clock`], [`RouterCommands`], [`StatusBoard`], [`Vault`]
//! * What faces call: the methods of [`Operations`], one file per concern
//! * How things are put to people: [`sentence`], [`name_for_people`], [`observed_percent`]

mod adoption;
mod amounts;
mod backup_folder;
mod backups;
mod bulk_disconnects;
mod checks;
mod clock;
mod counts;
mod credits;
mod csv_cells;
mod csv_grid;
mod cycle_calendar;
mod devices;
mod disconnects;
mod doctor;
mod error;
mod expiry;
mod explain;
mod file_routers;
#[doc(hidden)]
pub mod fuzzed;
mod held;
mod history;
mod holds;
mod holds_left;
mod identity;
mod instants;
mod keeper_passes;
mod kept_token;
mod key_place;
mod key_rotation;
mod lasting_now;
mod lasting_time;
mod limits;
mod live;
mod local_token;
mod login_bindings;
mod manual_clock;
mod marks;
mod names;
mod operations;
mod operators;
mod origin;
mod overview;
mod passwords;
mod phase_log;
mod plan_edges;
mod plan_values;
mod planned_change;
mod planning;
mod plans;
mod process_token;
mod profiles;
mod reach;
mod renewals;
mod retention;
mod router_addresses;
mod router_changes;
mod router_check;
mod router_commands;
mod router_queue;
mod router_queues;
mod router_requests;
mod router_rules;
mod router_status;
mod routers;
mod searches;
mod services;
mod session_end;
mod sessions;
mod shell_word;
mod sign_ins;
mod static_ip;
mod status_board;
mod status_exchange;
mod steps;
mod subscriber_import;
mod subscribers;
mod talkers;
mod tokens;
mod told_status;
mod unknown_logins;
mod unlike;
mod usage;
mod vault;
mod vault_cipher;
mod vault_error;
mod vouchers;
mod watching_status;
mod whole_file;

pub use amounts::{limit_text, rate_for_people, volume_for_people};
pub use backup_folder::{FoundBackup, check_passphrase, found, instant_of, new_file};
pub use backups::{BackupPlan, BackupState, Backups};
pub use bulk_disconnects::{BulkEnd, BulkFilter, BulkPreview, MOST_ENDED, ShownSessions};
pub use clock::{Clock, SystemClock};
pub use counts::{grouped, many};
pub use csv_cells::{csv_cell, text_of_cell};
pub use csv_grid::{CsvFault, CsvGrid, line_ends};
pub use cycle_calendar::CycleCalendar;
pub use disconnects::{DisconnectRequest, EndedSession, Fate};
pub use doctor::{
    Diagnosis, FINDING_KINDS, Finding, FindingCode, FindingKind, House, Mend, MendPlace, Patient, Room,
    Severity, Unseen, router_command, router_value,
};
pub use error::OperationError;
pub use expiry::Expiry;
pub use explain::{ExplainSubject, Explanation};
pub use held::HeldDecision;
pub use history::{Export, ExportRow, History, HistoryRequest, HistoryStep};
pub use holds::{HoldView, HoldWho};
pub use identity::{CameBy, Identity};
pub use instants::{NoInstant, parse_instant};
pub use keeper_passes::{KeeperPass, KeeperPasses};
pub use kept_token::LocalToken;
pub use key_place::{FoundKeys, KEY_CREDENTIAL, KeyPlace};
pub use key_rotation::{KeyStanding, key_line};
pub use lasting_time::{LastingTime, lasting_time};
pub use limits::{
    BlockRequest, Blocked, LOOKED_AT_FOR, LimitBoard, LimitChange, LimitFound, LimitOutcome, LimitRequest,
    LimitView, LimitWho, LimitsKept, LimitsSeen, MOST_USERS, NoEffect, RouterLimits, RouterTraffic,
    TrafficBoard, TrafficLook, TrafficRead, TrafficSeen, TrafficSource, UserQueue, UserTraffic,
    found_for_people, found_name, speed, wanted_limits,
};
pub use live::{
    Customer, Hearing, LiveBoard, LiveMoment, LiveSample, LiveTold, Monitor, MonitorError, MonitorSettings,
    Monitors, MonitorsStatus, RateReading, ReachedRouters, SampleSource, Samples, Standing, Stop, View, Want,
    Wants, Watch, Watched,
};
pub use login_bindings::{LoginRequest, Rebound};
pub use manual_clock::ManualClock;
pub use marks::{MarkOn, Marks, Whose};
pub use names::{name_for_people, name_from_text, name_to_text};
pub use operations::Operations;
pub use operators::OperatorPatch;
pub use origin::{coming_from, origin, spawn_on_behalf};
pub use overview::Overview;
pub use passwords::{PasswordLane, Passwords, random_password};
pub use phase_log::PhaseChange;
pub use plan_values::{check_price, check_validity};
pub use planned_change::{PlannedChange, VoucherAct, WhichVouchers};
pub use planning::RouterPlan;
pub use process_token::ProcessToken;
pub use profiles::{
    ProfileBoard, ProfileConflict, ProfileFault, ProfileState, ProfileView, ProfilesSeen, parse_profiles,
};
pub use renewals::{ChangedSubscriber, SubscriberPatch};
pub use retention::{RetentionPreview, RetentionRun};
pub use router_addresses::RouterAddresses;
pub use router_check::{CHECK_ITEMS, CHECK_STATES, Check, CheckItem, CheckState};
pub use router_commands::{CounterLook, ReadNow, RouterCommandError, RouterCommands};
pub use router_queue::RouterQueue;
pub use router_requests::{AddressLogin, AddressTest, NewRouter, RouterPatch};
pub use router_rules::{
    check_group_name, check_host, check_interval, check_link_speed, check_router_name, check_user,
};
pub use router_status::{ErrorKind, PHASES, Phase, RoundReport, RouterStatus};
pub use routers::{Router, RouterEdited};
pub use session_end::{Became, CAME_BACK_BY, CameBackBy, Disconnected, SessionTarget};
pub use shell_word::shell_word;
pub use sign_ins::{NewBrowser, SignInOutcome, SignInRequest};
pub use static_ip::counted_by;
pub use status_board::StatusBoard;
pub use steps::{Calendar, Step, zone};
pub use subscriber_import::{
    Beside, BesideReport, ImportFault, ImportReport, MOST_ROWS, SUBSCRIBER_COLUMNS, TOLD_FAULTS,
};
pub use subscribers::{SubscriberRequest, SubscriberView};
pub use talkers::{
    RouterRates, RouterWindow, Talker, TalkerBoard, TopReport, TopRequest, TopSort, UNOBSERVED, Unobserved,
};
pub use tokens::IssuedToken;
pub use usage::{UsageReport, UsageRequest, observed_percent};
pub use vault::{PasswordPlace, Vault};
pub use vault_cipher::Key;
pub use vault_error::VaultError;
pub use vouchers::{
    Admission, AdmissionError, AdmitDevice, AdmittedDevice, CODE_SIGNS, CodeSigns, ForeignUse,
    ForeignVoucher, ForeignVouchers, HostSought, HotspotDevice, HotspotHost, LeftVoucher, MOST_VOUCHERS,
    RouterSeen, RouterVouchers, SHEET_COLUMNS, SalesBy, SalesLine, SalesReport, SalesRequest, SheetRequest,
    ShownVoucher, ShownVoucherDevice, ShownVoucherUse, StandsHow, ThoughtVouchers, VoucherBatchRequest,
    VoucherBoard, VoucherFilter, VoucherFound, VoucherImportReport, VoucherKeeping, VoucherLeaving,
    VoucherLogin, VoucherOwner, VoucherSights, VoucherStanding, VoucherStop, VoucherUser, VouchersKept,
    VouchersSeen, keep_voucher_devices, stored_code, think_of_vouchers, validity_for_people,
};
pub use watching_status::WatchingStatus;
