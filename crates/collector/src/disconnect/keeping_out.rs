//! Keeping out whoever had the session: looked at and written down before anything is sent, and read back before they are sent away.

use accounting::login::LoginKind;
use accounting::time::Micros;
use operations::{RouterCommandError, SessionTarget};
use routeros_proto::Command;
use store::{HoldSubject, NasId, NewAudit, Store};

use super::wording;
use crate::holds::look;
use crate::link::Link;
use crate::routeros::hold::{stands, to_place};

/// Where it is written down what may be on the router.
pub struct Notes<'a> {
    /// The database.
    pub store: &'a dyn Store,
    /// The router.
    pub nas: NasId,
    /// Our clock.
    pub now: Micros,
}

/// Somebody who is to be kept out.
#[derive(Debug)]
pub(super) struct KeepingOut {
    subject: HoldSubject,
    /// What does it; `None` where it is so already.
    pub(super) command: Option<Command>,
}

impl KeepingOut {
    /// Looks what would keep them out.
    pub(super) async fn look(
        link: &mut Link,
        session: &SessionTarget,
    ) -> Result<KeepingOut, RouterCommandError> {
        let subject = match session.service.kind() {
            LoginKind::Hotspot => HoldSubject::Device(session.caller.clone()),
            LoginKind::Ppp | LoginKind::StaticIp => HoldSubject::Ppp(session.login.clone()),
        };
        let bars = look(link, &subject).await.map_err(wording::looking)?;
        let command = to_place(&subject, &bars).map_err(wording::cannot_keep_out)?;
        Ok(KeepingOut { subject, command })
    }

    /// Writes down that it may be on the router from now on, with how it was before.
    pub(super) async fn write_down(&self, notes: &Notes<'_>) -> Result<(), RouterCommandError> {
        let (kind, name) = self.subject.parts();
        let before = if kind == "ppp" { r#","secret_disabled_before":false"# } else { "" };
        let act = NewAudit::by_system(notes.now, "hold.place", &name.escape_ascii().to_string());
        let detail = format!(r#"{{"nas":{},"kind":"{kind}"{before}}}"#, notes.nas.0);
        let act = NewAudit { detail, ..act };
        match notes.store.place_hold(notes.nas, self.subject.clone(), notes.now, act).await {
            Ok(true) => Ok(()),
            Ok(false) => Err(wording::not_wanted()),
            Err(error) => Err(RouterCommandError::StoreStalled(error.to_string())),
        }
    }

    /// Whether the router shows that they are kept out.
    pub(super) async fn is_so(&self, link: &mut Link) -> Result<bool, RouterCommandError> {
        let bars = look(link, &self.subject).await.map_err(|error| wording::not_ended(&error, 0))?;
        Ok(stands(&self.subject, &bars))
    }
}
