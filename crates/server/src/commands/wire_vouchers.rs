//! Letting devices of vouchers in and out as JSON between two processes of one version.

use accounting::time::Micros;
use operations::{
    Admission, AdmitDevice, HostSought, HotspotHost, VoucherFound, VoucherLogin, VoucherUser, VouchersKept,
};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

#[derive(Serialize, Deserialize)]
struct Device {
    login: Vec<u8>,
    mac: Vec<u8>,
    until_us: Option<i64>,
    left_octets: Option<u64>,
    moved_octets: u64,
    is_in: bool,
    address: Vec<u8>,
}

/// Nothing of it: the device is not in sight.
#[derive(Serialize, Deserialize)]
struct In {
    already: bool,
    uptime_s: u64,
    commands: Vec<String>,
}

#[derive(Serialize, Deserialize)]
struct Kept {
    commands: Vec<String>,
    found: Vec<(Vec<u8>, Option<u64>, u64)>,
    shown: Vec<Vec<u8>>,
    stays: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct Sought {
    mac: Option<Vec<u8>>,
    address: Option<Vec<u8>>,
}

#[derive(Serialize, Deserialize)]
struct Host {
    mac: Vec<u8>,
    address: Vec<u8>,
    to_address: Vec<u8>,
    authorized: bool,
    bypassed: bool,
}

pub(super) fn of_device(device: AdmitDevice) -> Json {
    let AdmitDevice { who, address } = device;
    let VoucherLogin { login, mac, until, left_octets, moved_octets, is_in } = who;
    let until_us = until.map(|until| until.0);
    json(Device { login, mac, until_us, left_octets, moved_octets, is_in, address })
}

pub(super) fn device(value: &Json) -> Option<AdmitDevice> {
    let Device { login, mac, until_us, left_octets, moved_octets, is_in, address } = read(value)?;
    let until = until_us.map(Micros);
    Some(AdmitDevice { who: VoucherLogin { login, mac, until, left_octets, moved_octets, is_in }, address })
}

pub(super) fn of_admission(admission: Admission) -> Json {
    json(match admission {
        Admission::In { already, uptime_s, commands } => Some(In { already, uptime_s, commands }),
        Admission::NotInSight => None,
    })
}

pub(super) fn admission(value: &Json) -> Option<Admission> {
    let told: Option<In> = read(value)?;
    Some(told.map_or(Admission::NotInSight, |In { already, uptime_s, commands }| Admission::In {
        already,
        uptime_s,
        commands,
    }))
}

pub(super) fn of_kept(kept: VouchersKept) -> Json {
    let VouchersKept { commands, found, shown, stays } = kept;
    let found = found.into_iter().map(|(login, found)| (login, found.uptime_s, found.octets)).collect();
    json(Kept { commands, found, shown, stays })
}

pub(super) fn kept(value: &Json) -> Option<VouchersKept> {
    let Kept { commands, found, shown, stays } = read(value)?;
    let found = found.into_iter().map(|(login, uptime_s, octets)| (login, VoucherFound { uptime_s, octets }));
    Some(VouchersKept { commands, found: found.collect(), shown, stays })
}

pub(super) fn of_users(users: Vec<VoucherUser>) -> Json {
    json(users.into_iter().map(|VoucherUser { login, mac }| (login, mac)).collect::<Vec<_>>())
}

pub(super) fn users(value: &Json) -> Option<Vec<VoucherUser>> {
    let users: Vec<(Vec<u8>, Vec<u8>)> = read(value)?;
    Some(users.into_iter().map(|(login, mac)| VoucherUser { login, mac }).collect())
}

pub(super) fn of_sought(sought: HostSought) -> Json {
    let HostSought { mac, address } = sought;
    json(Sought { mac, address })
}

pub(super) fn sought(value: &Json) -> Option<HostSought> {
    let Sought { mac, address } = read(value)?;
    Some(HostSought { mac, address })
}

pub(super) fn of_hosts(hosts: Vec<HotspotHost>) -> Json {
    let one = |HotspotHost { mac, address, to_address, authorized, bypassed }| Host {
        mac,
        address,
        to_address,
        authorized,
        bypassed,
    };
    json(hosts.into_iter().map(one).collect::<Vec<_>>())
}

pub(super) fn hosts(value: &Json) -> Option<Vec<HotspotHost>> {
    let hosts: Vec<Host> = read(value)?;
    let one = |Host { mac, address, to_address, authorized, bypassed }| HotspotHost {
        mac,
        address,
        to_address,
        authorized,
        bypassed,
    };
    Some(hosts.into_iter().map(one).collect())
}

fn json(value: impl Serialize) -> Json {
    serde_json::to_value(value).expect("plain names and numbers are always JSON")
}

fn read<T: serde::de::DeserializeOwned>(value: &Json) -> Option<T> {
    serde_json::from_value(value.clone()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sent_is_what_is_read() {
        let who = VoucherLogin {
            login: b"\xff-2".to_vec(),
            mac: b"AA:BB:CC:00:00:01".to_vec(),
            until: Some(Micros(-7)),
            left_octets: Some(u64::MAX),
            moved_octets: 3,
            is_in: true,
        };
        let sent = AdmitDevice { who, address: b"10.5.0.2".to_vec() };
        assert_eq!(device(&of_device(sent.clone())), Some(sent));
        let commands = vec!["/ip/hotspot/user/add".to_owned()];
        for told in
            [Admission::In { already: true, uptime_s: 4, commands: commands.clone() }, Admission::NotInSight]
        {
            assert_eq!(admission(&of_admission(told.clone())), Some(told));
        }
        let found = vec![(b"A".to_vec(), VoucherFound { uptime_s: Some(9), octets: 8 })];
        let told = VouchersKept { commands, found, shown: vec![b"A".to_vec()], stays: Some("x".to_owned()) };
        assert_eq!(kept(&of_kept(told.clone())), Some(told));
        let asked = vec![VoucherUser { login: b"\xff-2".to_vec(), mac: b"AA:BB:CC:00:00:01".to_vec() }];
        assert_eq!(users(&of_users(asked.clone())), Some(asked));
        let asked = HostSought { mac: None, address: Some(b"10.5.0.2".to_vec()) };
        assert_eq!(sought(&of_sought(asked.clone())), Some(asked));
        let (mac, address, to_address) = (b"M".to_vec(), b"A".to_vec(), b"T".to_vec());
        let told = vec![HotspotHost { mac, address, to_address, authorized: true, bypassed: false }];
        assert_eq!(hosts(&of_hosts(told.clone())), Some(told));
    }
}
