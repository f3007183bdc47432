//! Findings towards clients.

use crate::api::model::finding::{Diagnosis, Finding, Mend, UnseenPart};

/// Findings as the API tells them, for who looks without a server.
pub fn diagnosis_text(found: operations::Diagnosis) -> String {
    serde_json::to_string(&diagnosis(found)).expect("plain text and numbers are always JSON")
}

pub(super) fn diagnosis(found: operations::Diagnosis) -> Diagnosis {
    Diagnosis {
        findings: found.findings.into_iter().map(finding).collect(),
        unseen: found
            .unseen
            .into_iter()
            .map(|unseen| UnseenPart { router: unseen.router, why: unseen.why })
            .collect(),
        routers: found.routers as u64,
    }
}

fn finding(found: operations::Finding) -> Finding {
    let kind = found.code.kind();
    let mend = |mend: operations::Mend| Mend { place: mend.place.as_str().to_owned(), command: mend.command };
    Finding {
        code: kind.name.to_owned(),
        severity: kind.severity.as_str().to_owned(),
        router: found.router,
        about: found.about,
        what: found.what,
        why: kind.why.to_owned(),
        mend: found.mend.into_iter().map(mend).collect(),
    }
}
