//! A hold towards clients.

use operations::HoldView;

use crate::api::model::hold::Hold;
use crate::api::model::name::Name;

pub(super) fn hold(view: HoldView) -> Hold {
    let (kind, name) = view.hold.subject.parts();
    Hold {
        router: view.router,
        kind: kind.to_owned(),
        subject: Name(name.into()),
        until: view.hold.until.into(),
        is_over: view.is_over,
        set_by: view.hold.set_by,
        set_at: view.hold.set_at.into(),
    }
}
