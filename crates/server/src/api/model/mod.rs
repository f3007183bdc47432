//! Every type that goes to or comes from a client. Nothing else is serialised, so that a change of the store or of
//! the operations never changes the API by accident.

pub mod adoption;
pub mod audit;
pub mod bound_login;
pub mod check;
pub mod command;
pub mod compat_monitor;
pub mod compat_user;
pub mod count;
pub mod credit;
pub mod disconnect;
pub mod double_option;
pub mod event;
pub mod expiry;
pub mod explain;
pub mod held;
pub mod history;
pub mod import;
pub mod list;
pub mod live;
pub mod login_kind;
pub mod monitor;
pub mod name;
pub mod plan;
pub mod problem;
pub mod retention;
pub mod router;
pub mod session;
pub mod status;
pub mod subscriber;
pub mod time;
pub mod token;
pub mod top;
pub mod unknown_login;
pub mod usage;
pub mod verify;
