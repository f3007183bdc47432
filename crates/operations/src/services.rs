//! What subscribers use, by name.

use accounting::login::LoginKind;
use accounting::snapshot::{SERVICES, Service};

use crate::error::OperationError;

/// What somebody uses of whom nobody says it.
pub(crate) const USUAL_SERVICE: &str = "pppoe";

/// What the login of somebody who uses that service is a login to.
pub(crate) fn login_kind(service: &str) -> Result<LoginKind, OperationError> {
    service_named(service).map(Service::kind)
}

/// The service of that name.
pub(crate) fn service_named(name: &str) -> Result<Service, OperationError> {
    let known = SERVICES.iter().find(|(_, known)| *known == name);
    known.map(|(service, _)| *service).ok_or_else(|| {
        let names: Vec<&str> = SERVICES.iter().map(|(_, name)| *name).collect();
        OperationError::Invalid(format!(
            "there is no service {name:?}; nothing was changed, give one of: {}",
            names.join(", ")
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_nobody_knows_is_refused_with_those_there_are() {
        assert_eq!(login_kind("pppoe").unwrap(), LoginKind::Ppp);
        assert_eq!(login_kind("hotspot").unwrap(), LoginKind::Hotspot);
        let said = login_kind("wifi").unwrap_err().to_string();
        assert!(
            said.contains("\"wifi\"") && said.contains("pppoe, l2tp") && said.contains("hotspot"),
            "{said}"
        );
    }
}
