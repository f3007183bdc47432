//! `/ip/hotspot/host` as what confirms that a device is there: MAC and address of those in sight, let in or not (routeros.md §2.8).

use operations::{HostSought, HotspotHost};
use routeros_proto::{Command, Reply, value};

/// Prints those with that MAC and that address, as far as they are given.
pub fn print(sought: &HostSought) -> Command {
    let proplist = ["mac-address", "address", "to-address", "authorized", "bypassed"];
    let mut print = Command::new("/ip/hotspot/host/print").proplist(&proplist);
    if let Some(mac) = &sought.mac {
        print = print.query_any_of("mac-address", &[mac]);
    }
    if let Some(address) = &sought.address {
        // Which of the two a device has been given depends on the hotspot.
        print = print
            .query_any_of("address", &[address])
            .query([&b"?to-address="[..], address].concat())
            .query("?#|");
    }
    print
}

/// Reads one row; `None` for one without a MAC.
pub fn host(row: &Reply<'_>) -> Option<HotspotHost> {
    let text = |name: &[u8]| row.get(name).unwrap_or_default().to_vec();
    let is = |name: &[u8]| row.get(name).and_then(value::boolean) == Some(true);
    Some(HotspotHost {
        mac: row.get(b"mac-address")?.to_ascii_uppercase(),
        address: text(b"address"),
        to_address: text(b"to-address"),
        authorized: is(b"authorized"),
        bypassed: is(b"bypassed"),
    })
}
