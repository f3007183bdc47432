//! The hotspot: devices that it lets through, cookies that let somebody in who should stay out, and the way to the portal (routeros.md §2.8,
//! compat.md).

use std::collections::HashSet;
use std::net::{IpAddr, UdpSocket};

use operations::{Finding, FindingCode, MendPlace, name_to_text, router_command};
use routeros_proto::{Command, Reply, value};

use super::visit::{Visit, named, row};
use crate::link::{Link, LinkError};
use crate::routeros::hotspot::print_servers;

/// More devices than that are told as a number.
const MOST_DEVICES: usize = 20;
/// What a flag may be called that is set (routeros.md §1.6).
const SET: [&str; 2] = ["true", "yes"];

/// How many servers it has; none where it has no such menu.
pub(super) async fn servers(link: &mut Link) -> Result<u64, LinkError> {
    let mut servers = 0;
    match link.print(&print_servers(), |_| servers += 1).await {
        Ok(_) => Ok(servers),
        Err(error) if error.ends_link() => Err(error),
        Err(_) => Ok(0),
    }
}

/// Bindings, users who are switched off, and cookies: each of their tables once.
pub(super) async fn look(link: &mut Link) -> Result<Vec<Finding>, LinkError> {
    let bindings = bindings(link).await?;
    let off = switched_off(link).await?;
    let mut findings = bypassed(&bindings);
    findings.extend(cookies(link, &bindings, &off).await?);
    Ok(findings)
}

struct Binding {
    mac: Vec<u8>,
    address: Vec<u8>,
    blocks: bool,
}

async fn bindings(link: &mut Link) -> Result<Vec<Binding>, LinkError> {
    let print = Command::new("/ip/hotspot/ip-binding/print")
        .proplist(&["mac-address", "address", "type", "disabled"])
        .query_any_of("type", &["bypassed", "blocked"]);
    let mut bindings = Vec::new();
    link.print(&print, |row| {
        if !is_off(&row) {
            bindings.push(Binding {
                mac: text(&row, b"mac-address"),
                address: text(&row, b"address"),
                blocks: row.get(b"type") == Some(b"blocked"),
            });
        }
    })
    .await?;
    Ok(bindings)
}

fn bypassed(bindings: &[Binding]) -> Vec<Finding> {
    let bypassing: Vec<&Binding> = bindings.iter().filter(|binding| !binding.blocks).collect();
    let mut findings: Vec<Finding> =
        bypassing.iter().take(MOST_DEVICES).map(|binding| let_through(binding)).collect();
    if bypassing.len() > MOST_DEVICES {
        let what = format!("{} more devices are let through.", bypassing.len() - MOST_DEVICES);
        findings.push(
            Finding::new(FindingCode::BypassedDevice, what)
                .mended(MendPlace::Router, "/ip/hotspot/ip-binding/print where type=bypassed"),
        );
    }
    findings
}

fn let_through(binding: &Binding) -> Finding {
    let (name, of) = match binding.mac.is_empty() {
        true => ("address", &binding.address),
        false => ("mac-address", &binding.mac),
    };
    let finds: [(&str, &[u8]); 2] = [("type", b"bypassed"), (name, of)];
    let what = format!("The hotspot lets {} through without a login.", named(of));
    row(FindingCode::BypassedDevice, what, "/ip/hotspot/ip-binding/set", &finds, "type=regular")
        .about(name_to_text(of))
}

async fn switched_off(link: &mut Link) -> Result<HashSet<Vec<u8>>, LinkError> {
    let print = Command::new("/ip/hotspot/user/print").proplist(&["name"]).query_any_of("disabled", &SET);
    let mut users = HashSet::new();
    link.print(&print, |row| {
        users.insert(text(&row, b"name"));
    })
    .await?;
    Ok(users)
}

async fn cookies(
    link: &mut Link,
    bindings: &[Binding],
    off: &HashSet<Vec<u8>>,
) -> Result<Vec<Finding>, LinkError> {
    let blocked: HashSet<Vec<u8>> = bindings
        .iter()
        .filter(|binding| binding.blocks)
        .map(|binding| binding.mac.to_ascii_uppercase())
        .collect();
    let print = Command::new("/ip/hotspot/cookie/print").proplist(&["user", "mac-address"]);
    let mut findings = Vec::new();
    link.print(&print, |row| {
        let (user, mac) = (text(&row, b"user"), text(&row, b"mac-address"));
        let why = match (off.contains(&user), blocked.contains(&mac.to_ascii_uppercase())) {
            (true, _) => "is switched off",
            (false, true) => "has a device that is blocked",
            (false, false) => return,
        };
        if findings.len() < MOST_DEVICES {
            findings.push(kept(&user, &mac, why));
        }
    })
    .await?;
    Ok(findings)
}

fn kept(user: &[u8], mac: &[u8], why: &str) -> Finding {
    let what =
        format!("The user {} {why}, and the device {} has a cookie of theirs.", named(user), named(mac));
    let finds = [("user", user), ("mac-address", mac)];
    row(FindingCode::CookieLetsIn, what, "/ip/hotspot/cookie/remove", &finds, "").about(name_to_text(user))
}

/// Whether devices reach the portal before they log in, where there is one to reach.
pub(super) async fn hand_over(link: &mut Link, visit: &Visit<'_>) -> Result<Vec<Finding>, LinkError> {
    let Some(port) = visit.patient.portal_port else { return Ok(Vec::new()) };
    let print = Command::new("/ip/hotspot/walled-garden/ip/print")
        .proplist(&["action", "dst-port", "disabled", "comment"]);
    let (mut is_open, mut is_switched_off) = (false, false);
    link.print(&print, |row| {
        if leads_to(&row, port) {
            is_open |= !is_off(&row);
            is_switched_off |= is_off(&row) && row.get(b"comment") == Some(COMMENT);
        }
    })
    .await?;
    Ok((!is_open).then(|| closed(visit, port, is_switched_off)).into_iter().collect())
}

/// How the rule is marked that `tikmeter router portal-setup` prints.
const COMMENT: &[u8] = b"tikmeter portal";

fn leads_to(rule: &Reply<'_>, port: u16) -> bool {
    let ports = rule.get(b"dst-port").unwrap_or_default();
    rule.get(b"action") == Some(b"accept") && (ports.is_empty() || ports == port.to_string().as_bytes())
}

fn closed(visit: &Visit<'_>, port: u16, is_switched_off: bool) -> Finding {
    let what = "No rule of the hotspot's walled garden lets devices reach the portal before they log in.";
    let finding = Finding::new(FindingCode::PortalHandOver, what);
    let garden = "/ip/hotspot/walled-garden/ip";
    if is_switched_off {
        let on = router_command(&format!("{garden}/set"), &[("comment", COMMENT)], "disabled=no");
        return finding.mended(MendPlace::Router, on);
    }
    match own_address(visit) {
        Some(address) => finding.mended(
            MendPlace::Router,
            format!("{garden}/add action=accept protocol=tcp dst-address={address} dst-port={port} comment=\"tikmeter portal\""),
        ),
        None => finding,
    }
    .mended(
        MendPlace::Admin,
        "What else the hand-over needs, the login page among it: tikmeter router portal-setup ROUTER --portal ADDRESS:PORT",
    )
}

/// The address that we have towards the router; devices behind it reach us there, if anywhere. Nothing is sent.
fn own_address(visit: &Visit<'_>) -> Option<IpAddr> {
    let socket = UdpSocket::bind(("0.0.0.0", 0)).ok()?;
    socket.connect((visit.target.host.as_str(), visit.target.port)).ok()?;
    Some(socket.local_addr().ok()?.ip())
}

fn text(row: &Reply<'_>, name: &[u8]) -> Vec<u8> {
    row.get(name).unwrap_or_default().to_vec()
}

fn is_off(row: &Reply<'_>) -> bool {
    row.get(b"disabled").and_then(value::boolean) == Some(true)
}
