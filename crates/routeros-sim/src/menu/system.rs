//! `/system/{identity,resource,clock,routerboard,license}` (routeros.md §2.1, §2.2): one row each.

use std::io::Write as _;

use routeros_proto::Request;

use super::answer::Complaint;
use super::calendar::{self, write_date, write_date_time, write_time};
use super::column::{Column, Menu, reveals_nothing, single};
use super::text::{boolean, bytes, calendar_at, elapsed, number};
use crate::world::{HardwareId, ShownBy, World};

const fn menu(path: &'static str, columns: &'static [Column]) -> Menu {
    Menu {
        path,
        columns,
        next: single,
        reveals: reveals_nothing,
        shown_by: ShownBy::Nothing,
        counts: false,
        counters: &[],
        listened: None,
        extra_arguments: &[],
        commands: &[],
        schema: None,
    }
}

pub(crate) static IDENTITY: Menu =
    menu("/system/identity", &[Column { name: "name", write: |w, _, out| bytes(&w.device.identity, out) }]);

pub(crate) static RESOURCE: Menu = menu(
    "/system/resource",
    &[
        Column { name: "uptime", write: |w, _, out| elapsed(w, w.boot.began_us, out) },
        Column { name: "version", write: |w, _, out| bytes(w.device.personality.version(), out) },
        Column { name: "build-time", write: build_time },
        Column { name: "free-memory", write: |_, _, out| number(1_503_133_696, out) },
        Column { name: "total-memory", write: |_, _, out| number(2_046_820_352, out) },
        Column { name: "cpu", write: |w, _, out| bytes(hardware(w).cpu, out) },
        Column { name: "cpu-count", write: |_, _, out| number(4, out) },
        // Absent on a CCR2004, as captured (routeros.md §2.1).
        Column { name: "cpu-frequency", write: |w, _, out| is_virtual(w) && number(2400, out) },
        Column { name: "cpu-load", write: |w, _, out| number(cpu_load(w), out) },
        Column { name: "free-hdd-space", write: |_, _, out| number(83_439_616, out) },
        Column { name: "total-hdd-space", write: |_, _, out| number(134_217_728, out) },
        // Absent on x86, as captured (routeros.md §2.1).
        Column { name: "bad-blocks", write: |w, _, out| !is_virtual(w) && number(0, out) },
        Column { name: "architecture-name", write: |w, _, out| bytes(hardware(w).architecture, out) },
        Column { name: "board-name", write: |w, _, out| bytes(hardware(w).board, out) },
        Column { name: "platform", write: |_, _, out| bytes("MikroTik", out) },
    ],
);

pub(crate) static CLOCK: Menu = Menu { commands: &["set"], ..CLOCK_SHOWN };

const CLOCK_SHOWN: Menu = menu(
    "/system/clock",
    &[
        Column { name: "time", write: time },
        Column { name: "date", write: date },
        Column { name: "time-zone-autodetect", write: |w, _, out| boolean(w, true, out) },
        Column { name: "time-zone-name", write: |w, _, out| bytes(w.device.zone.0, out) },
        Column { name: "gmt-offset", write: gmt_offset },
        Column { name: "dst-active", write: |w, _, out| boolean(w, false, out) },
    ],
);

/// On a virtual router the row is there but says nothing.
pub(crate) static ROUTERBOARD: Menu =
    menu("/system/routerboard", &[Column { name: "serial-number", write: serial_number }]);

pub(crate) static LICENSE: Menu = menu(
    "/system/license",
    &[Column { name: "software-id", write: software_id }, Column { name: "system-id", write: system_id }],
);

fn cpu_load(world: &World) -> u64 {
    world.device.cpu_load.unwrap_or(world.now_us() / 7_000_000 % 40)
}

struct Hardware {
    cpu: &'static str,
    architecture: &'static str,
    board: &'static str,
}

fn hardware(world: &World) -> Hardware {
    if is_virtual(world) {
        Hardware { cpu: "Intel(R)", architecture: "x86_64", board: "CHR" }
    } else {
        Hardware { cpu: "ARM64", architecture: "arm64", board: "CCR2004-1G-12S+2XS" }
    }
}

fn is_virtual(world: &World) -> bool {
    matches!(world.device.hardware, HardwareId::License { .. })
}

fn build_time(world: &World, _: u32, out: &mut Vec<u8>) -> bool {
    write_date_time(world.device.date_style, world.device.personality.built(), out);
    true
}

fn time(world: &World, _: u32, out: &mut Vec<u8>) -> bool {
    write_time(local(world), out);
    true
}

fn date(world: &World, _: u32, out: &mut Vec<u8>) -> bool {
    write_date(world.device.date_style, local(world), out);
    true
}

/// The calendar as the clock shows it, in the router's zone.
fn local(world: &World) -> i64 {
    calendar_at(world, world.now_us()) + world.device.zone.1
}

fn gmt_offset(world: &World, _: u32, out: &mut Vec<u8>) -> bool {
    let minutes = world.device.zone.1 / 60;
    let sign = if minutes < 0 { '-' } else { '+' };
    let (hours, minutes) = (minutes.abs() / 60, minutes.abs() % 60);
    write!(out, "{sign}{hours:02}:{minutes:02}").is_ok()
}

/// Zones that are played, with their distance from UTC in seconds.
const ZONES: [(&str, i64); 3] = [("Etc/UTC", 0), ("Asia/Manila", 28_800), ("America/Sao_Paulo", -10_800)];

/// `set` of the clock: date and time are local ones; another zone leaves the instant as it is.
pub(crate) fn set_clock(world: &mut World, request: &Request<'_>) -> Result<(), Complaint> {
    let wrong = |name: &str| Err((Some(1), format!("invalid value for argument {name}")));
    if let Some(name) = request.get(b"time-zone-name") {
        let Some(zone) = ZONES.into_iter().find(|(known, _)| known.as_bytes() == name) else {
            return Err((Some(1), "input does not match any value of time-zone-name".to_owned()));
        };
        world.device.zone = zone;
    }
    let shown = local(world);
    let day = match request.get(b"date").map(calendar::read_date) {
        Some(None) => return wrong("date"),
        Some(Some(day)) => day,
        None => shown.div_euclid(86_400),
    };
    let second = match request.get(b"time").map(calendar::read_time) {
        Some(None) => return wrong("time"),
        Some(Some(second)) => second,
        None => shown.rem_euclid(86_400),
    };
    let zone_s = world.device.zone.1;
    world.set_calendar(day * 86_400 + second - zone_s);
    Ok(())
}

fn serial_number(world: &World, _: u32, out: &mut Vec<u8>) -> bool {
    match &world.device.hardware {
        HardwareId::Serial { serial, .. } => bytes(serial, out),
        HardwareId::License { .. } => false,
    }
}

fn software_id(world: &World, _: u32, out: &mut Vec<u8>) -> bool {
    match &world.device.hardware {
        HardwareId::Serial { software_id, .. } => bytes(software_id, out),
        HardwareId::License { .. } => false,
    }
}

fn system_id(world: &World, _: u32, out: &mut Vec<u8>) -> bool {
    match &world.device.hardware {
        HardwareId::Serial { .. } => false,
        HardwareId::License { system_id } => bytes(system_id, out),
    }
}
