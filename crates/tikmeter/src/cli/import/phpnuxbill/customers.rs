//! Customers as a file of subscribers, each with their last recharge: its service, plan, router and end.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use operations::{csv_cell, name_to_text};

use crate::cli::import::left::Left;

use super::dump::Row;
use super::plans::Plans;
use super::routers::Routers;
use super::tables::{Tables, number, value};

const HEADINGS: &str = "username,name,login,scope,service,plan,status,expiry_at\n";

/// The customers, and what they may name.
pub(super) struct Customers<'d> {
    pub(super) tables: &'d Tables,
    pub(super) routers: &'d Routers,
    pub(super) plans: &'d Plans,
    /// The zone of the dates, as it was said.
    pub(super) zone: Option<&'d str>,
}

impl Customers<'_> {
    /// The file.
    ///
    /// # Errors
    /// Dates are there and nobody says in which zone, or it is none.
    pub(super) fn file(&self, left: &mut Left) -> Result<String, String> {
        let mut file = HEADINGS.to_owned();
        for customer in self.tables.customers() {
            let username = value(customer, "username").trim();
            match self.line(customer, left)? {
                Some(cells) => {
                    file += &cells.map(|text| cell(&text)).join(",");
                    file.push('\n');
                }
                None => left.note(
                    format!("the customer {username}"),
                    "they have no recharge and no service PPPoE or Hotspot, so nothing says how they are counted".to_owned(),
                ),
            }
        }
        Ok(file)
    }

    fn line(&self, customer: &Row, left: &mut Left) -> Result<Option<[String; 8]>, String> {
        let username = value(customer, "username").trim();
        let recharge = self.last_recharge(customer, left);
        let of_recharge = recharge.and_then(|recharge| service(value(recharge, "type")));
        let Some(service) = of_recharge.or_else(|| service(value(customer, "service_type"))) else {
            return Ok(None);
        };
        let own = value(customer, "pppoe_username").trim();
        let login = if service == "pppoe" && !own.is_empty() { own } else { username };
        let router = recharge.map(|recharge| value(recharge, "routers").trim()).unwrap_or_default();
        let scope = if self.routers.has(router) { format!("router:{router}") } else { "all".to_owned() };
        let plan = recharge.map(|recharge| value(recharge, "plan_id"));
        let plan = plan.and_then(|id| self.plans.name(id)).unwrap_or_default();
        let expiry = recharge.map(|recharge| self.expiry(recharge)).transpose()?.unwrap_or_default();
        let (name, status) = (value(customer, "fullname").trim(), status(value(customer, "status")));
        let login = name_to_text(login.as_bytes());
        let plain = [username, name, &login, &scope, service, plan, status, &expiry];
        Ok(Some(plain.map(str::to_owned)))
    }

    /// The one that was made last; a customer may have several plans at once there.
    fn last_recharge(&self, customer: &Row, left: &mut Left) -> Option<&Row> {
        let (id, username) = (value(customer, "id"), value(customer, "username"));
        let theirs = |recharge: &&Row| match value(recharge, "customer_id") {
            "" | "0" => value(recharge, "username") == username,
            of => of == id,
        };
        let all: Vec<&Row> = self.tables.recharges().iter().filter(theirs).collect();
        if all.len() > 1 {
            left.note(
                format!("the customer {username}"),
                format!("of their {} plans the last one is taken", all.len()),
            );
        }
        all.into_iter().max_by_key(|recharge| number(recharge, "id"))
    }

    fn expiry(&self, recharge: &Row) -> Result<String, String> {
        let date = value(recharge, "expiration").trim();
        if date.is_empty() || date.starts_with("0000") {
            return Ok(String::new());
        }
        let time = Some(value(recharge, "time").trim()).filter(|time| !time.is_empty()).unwrap_or("23:59:59");
        let text = format!("{date}T{time}");
        let Some(zone) = self.zone else {
            return Err("the dates in it are in a zone that it does not say; say it with --zone, for example Asia/Jakarta".to_owned());
        };
        let zone = TimeZone::get(zone)
            .map_err(|_| format!("\"{}\" is no zone; say one with --zone", zone.escape_debug()))?;
        let at: DateTime = text.parse().map_err(|_| format!("\"{}\" is no date", text.escape_debug()))?;
        let at = at.to_zoned(zone).map_err(|error| format!("{text}: {error}"))?;
        Ok(at.timestamp().to_string())
    }
}

fn cell(text: &str) -> String {
    format!("\"{}\"", csv_cell(text).replace('"', "\"\""))
}

fn service(named: &str) -> Option<&'static str> {
    match named.to_ascii_lowercase().as_str() {
        "pppoe" => Some("pppoe"),
        "hotspot" => Some("hotspot"),
        _ => None,
    }
}

/// An older one has no such column.
fn status(named: &str) -> &'static str {
    match named {
        "" | "Active" => "active",
        "Inactive" => "inactive",
        _ => "suspended",
    }
}
