//! What vouchers give: what their plan says, and what is said besides.

use store::{Plan, RateLimit, VoucherTerms};

use super::request::VoucherBatchRequest;
use crate::error::OperationError;
use crate::limits::check_speed;
use crate::plan_values::{check_price, validity_us};

/// Devices of one voucher at most.
const MOST_DEVICES: u32 = 100;

/// The terms and the price of each. What the request says goes before what the plan does.
///
/// # Errors
/// `Invalid` with a sentence that says what would do.
pub(super) fn terms(
    plan: Option<&Plan>,
    request: &VoucherBatchRequest,
) -> Result<(VoucherTerms, Option<String>), OperationError> {
    let price = request.price.clone().or_else(|| plan?.price.clone());
    price.as_deref().map_or(Ok(()), check_price)?;
    let up_bps = request.rate_up_bps.or_else(|| plan?.rate_up_bps);
    let down_bps = request.rate_down_bps.or_else(|| plan?.rate_down_bps);
    [up_bps, down_bps].into_iter().flatten().try_for_each(check_speed)?;
    let terms = VoucherTerms {
        validity_us: validity(plan, request)?,
        devices: devices(request.devices.or_else(|| Some(plan?.devices)).unwrap_or(1))?,
        rate: RateLimit { up_bps, down_bps },
        quota_octets: quota(request.quota_octets.or_else(|| plan?.quota_octets))?,
    };
    Ok((terms, price))
}

fn validity(plan: Option<&Plan>, request: &VoucherBatchRequest) -> Result<Option<u64>, OperationError> {
    match (request.developer, &request.validity) {
        (true, None) => Ok(None),
        (true, Some(_)) => Err(OperationError::Invalid(
            "a developer code has no time limit; leave out how long it lasts. Nothing was made".to_owned(),
        )),
        (false, given) => {
            let validity = given.as_deref().or_else(|| plan?.validity.as_deref());
            validity
                .ok_or_else(|| OperationError::Invalid(HOW_LONG.to_owned()))
                .and_then(validity_us)
                .map(Some)
        }
    }
}

const HOW_LONG: &str = "say how long they last from their first use on, like 30m, 12h or 30d (the plan does not); or make developer \
                        codes, which have no time limit. Nothing was made";

fn devices(devices: u32) -> Result<u32, OperationError> {
    if (1..=MOST_DEVICES).contains(&devices) {
        return Ok(devices);
    }
    Err(OperationError::Invalid(format!(
        "a voucher is for 1 to {MOST_DEVICES} devices, not for {devices}; nothing was made"
    )))
}

fn quota(quota: Option<u64>) -> Result<Option<u64>, OperationError> {
    match quota {
        Some(0) => Err(OperationError::Invalid(
            "a voucher without any data is of no use; leave the limit out for none. Nothing was made"
                .to_owned(),
        )),
        quota => Ok(quota),
    }
}

#[cfg(test)]
mod tests {
    use store::PlanCycle;

    use super::*;

    fn plan() -> Plan {
        Plan {
            name: "hour".to_owned(),
            price: Some("5".to_owned()),
            validity: Some("1h".to_owned()),
            devices: 2,
            rate_up_bps: Some(1_000_000),
            rate_down_bps: None,
            quota_octets: Some(1_000),
            cycle: PlanCycle::Renewal,
            sets_speed: false,
        }
    }

    fn told(request: &VoucherBatchRequest) -> String {
        terms(None, request).unwrap_err().to_string()
    }

    #[test]
    fn a_plan_says_it_unless_the_request_does() {
        let (of_plan, price) = terms(Some(&plan()), &VoucherBatchRequest::default()).unwrap();
        let rate = RateLimit { up_bps: Some(1_000_000), down_bps: None };
        let expected =
            VoucherTerms { validity_us: Some(3_600_000_000), devices: 2, rate, quota_octets: Some(1_000) };
        assert_eq!((of_plan, price.as_deref()), (expected, Some("5")));
        let request = VoucherBatchRequest {
            price: Some("7.50".to_owned()),
            validity: Some("1d".to_owned()),
            devices: Some(1),
            rate_down_bps: Some(2_000_000),
            ..VoucherBatchRequest::default()
        };
        let (own, price) = terms(Some(&plan()), &request).unwrap();
        assert_eq!((own.validity_us, own.devices, price.as_deref()), (Some(86_400_000_000), 1, Some("7.50")));
        assert_eq!(own.rate, RateLimit { up_bps: Some(1_000_000), down_bps: Some(2_000_000) });
    }

    #[test]
    fn developer_codes_have_no_time_limit_and_others_need_one() {
        let developer = VoucherBatchRequest { developer: true, ..VoucherBatchRequest::default() };
        assert_eq!(terms(Some(&plan()), &developer).unwrap().0.validity_us, None);
        assert_eq!(terms(None, &developer).unwrap().0.devices, 1);
        let both = VoucherBatchRequest { validity: Some("1h".to_owned()), ..developer };
        assert!(told(&both).contains("has no time limit"));
        assert!(told(&VoucherBatchRequest::default()).contains("how long they last"));
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        let hour = VoucherBatchRequest { validity: Some("1h".to_owned()), ..VoucherBatchRequest::default() };
        terms(None, &hour).unwrap();
        for (wrong, part) in [
            (VoucherBatchRequest { validity: Some("0h".to_owned()), ..hour.clone() }, "is no validity"),
            (VoucherBatchRequest { price: Some("5 USD".to_owned()), ..hour.clone() }, "is no price"),
            (VoucherBatchRequest { devices: Some(0), ..hour.clone() }, "1 to 100 devices"),
            (VoucherBatchRequest { devices: Some(101), ..hour.clone() }, "1 to 100 devices"),
            (VoucherBatchRequest { quota_octets: Some(0), ..hour.clone() }, "without any data"),
            (VoucherBatchRequest { rate_up_bps: Some(5), ..hour.clone() }, "no speed that a line has"),
        ] {
            assert!(told(&wrong).contains(part), "{part}: {}", told(&wrong));
        }
    }
}
