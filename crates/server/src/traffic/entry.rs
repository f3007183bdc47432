//! A sample as an entry of the stream.

use operations::LiveSample;
use redis::Cmd;

use super::TRAFFIC_STREAM;
use crate::compat;

/// Adds it; the stream keeps about so many entries. The fields are those of a message of `/ws`.
pub(super) fn command(sample: &LiveSample, entries: u64) -> Cmd {
    let told = compat::sample(sample);
    let mut command = redis::cmd("XADD");
    command.arg(TRAFFIC_STREAM).arg("MAXLEN").arg("~").arg(entries).arg("*");
    command.arg("customer_id").arg(told.customer_id.to_string());
    command.arg("customer_name").arg(&told.customer_name).arg("username").arg(&told.username);
    command.arg("service_type").arg(told.service_type).arg("interface").arg(told.interface.to_string());
    command.arg("rx_bits_per_second").arg(&told.rx_bits_per_second);
    command.arg("tx_bits_per_second").arg(&told.tx_bits_per_second);
    command.arg("download_speed").arg(&told.download_speed).arg("upload_speed").arg(&told.upload_speed);
    command.arg("timestamp").arg(told.timestamp.to_string());
    // A field of a stream is never nothing.
    command.arg("package").arg(told.package.as_deref().unwrap_or_default());
    command
}
