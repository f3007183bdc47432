//! Why figures or limits are wrong: one list of findings, each with what it means and the commands that mend it. Looking changes
//! nothing, on no router and in no book.

mod code;
mod finding;
mod house;
mod limits;
mod logins;
mod looks;
mod patient;
mod standing;
mod typed;
mod wanted;

pub use code::{FINDING_KINDS, FindingCode, FindingKind, Severity};
pub use finding::{Diagnosis, Finding, Mend, MendPlace, Unseen};
pub use house::{House, Room};
pub use patient::Patient;
pub use typed::{router_command, router_value};
