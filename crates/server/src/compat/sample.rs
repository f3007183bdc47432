//! A live sample as the customer traffic monitor sent it. Its rx and tx are the router's: rx is what the subscriber sends.

use operations::LiveSample;

use super::service::service_type;
use crate::api::model::compat_monitor::CompatSample;
use crate::api::model::name::Name;
use crate::text::rate;

pub(crate) fn sample(taken: &LiveSample) -> CompatSample {
    let (customer, reading) = (&taken.customer, &taken.reading);
    CompatSample {
        customer_id: customer.id,
        customer_name: customer.name.clone().unwrap_or_else(|| customer.username.clone()),
        username: customer.username.clone(),
        service_type: service_type(&customer.service),
        interface: Name::from(&*reading.interface),
        rx_bits_per_second: reading.input_bps.to_string(),
        tx_bits_per_second: reading.output_bps.to_string(),
        download_speed: rate(reading.output_bps),
        upload_speed: rate(reading.input_bps),
        timestamp: taken.at.into(),
        package: customer.plan.clone(),
    }
}
