//! What a doctor asks and finds on a router, as JSON between two processes of one version.

use operations::{Finding, FindingCode, Mend, MendPlace, Patient};
use serde_json::{Value as Json, json};

pub(super) fn of_patient(patient: &Patient) -> Json {
    serde_json::to_value(patient).expect("plain names and numbers are always JSON")
}

pub(super) fn patient(value: &Json) -> Option<Patient> {
    serde_json::from_value(value.clone()).ok()
}

pub(super) fn of_findings(findings: Vec<Finding>) -> Json {
    let mend = |mend: Mend| json!([mend.place.as_str(), mend.command]);
    let one = |finding: Finding| {
        let mends: Json = finding.mend.into_iter().map(mend).collect();
        json!([finding.code.as_str(), finding.about, finding.what, mends])
    };
    findings.into_iter().map(one).collect()
}

pub(super) fn findings(value: &Json) -> Option<Vec<Finding>> {
    let mend = |value: &Json| {
        let (place, command) = (MendPlace::from_name(value[0].as_str()?)?, value[1].as_str()?.to_owned());
        Some(Mend { place, command })
    };
    let one = |value: &Json| {
        let mend = value[3].as_array()?.iter().map(mend).collect::<Option<_>>()?;
        let about = value[1].as_str().map(str::to_owned);
        let what = value[2].as_str()?.to_owned();
        Some(Finding { code: FindingCode::from_name(value[0].as_str()?)?, router: None, about, what, mend })
    };
    value.as_array()?.iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_is_what_is_heard() {
        let found = Finding::new(FindingCode::FastTrack, "A rule.");
        let told = vec![
            found.clone(),
            found.about("x").mended(MendPlace::Router, "/a/b").mended(MendPlace::Admin, "Look."),
        ];
        assert_eq!(findings(&of_findings(told.clone())), Some(told));
        let asked = Patient {
            zone_offset_s: -3_600,
            zone_name: None,
            is_limited: true,
            is_changed: false,
            portal_port: Some(80),
            faces: vec![b"\xff".to_vec()],
        };
        assert_eq!(patient(&of_patient(&asked)), Some(asked));
    }
}
