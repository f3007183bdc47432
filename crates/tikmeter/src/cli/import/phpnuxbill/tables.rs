//! Which tables of PHPNuxBill are taken, and how their values are read.

use std::collections::HashMap;

use super::dump::{self, Row};

const ROUTERS: &str = "tbl_routers";
const BANDWIDTHS: &str = "tbl_bandwidth";
const PLANS: &str = "tbl_plans";
const CUSTOMERS: &str = "tbl_customers";
const RECHARGES: &str = "tbl_user_recharges";
const SETTINGS: &str = "tbl_appconfig";

/// All that are taken.
pub(super) const TAKEN: [&str; 6] = [ROUTERS, BANDWIDTHS, PLANS, CUSTOMERS, RECHARGES, SETTINGS];

/// Their columns of which something is taken, and which of their rows. A customer's password is not among them.
pub(super) const COLUMNS: [(&str, &[&str], &str); 6] = [
    (ROUTERS, &["name", "ip_address", "username", "password", "enabled"], ""),
    (BANDWIDTHS, &["id", "rate_down", "rate_down_unit", "rate_up", "rate_up_unit", "burst"], ""),
    (
        PLANS,
        &[
            "id",
            "name_plan",
            "id_bw",
            "price",
            "type",
            "typebp",
            "limit_type",
            "data_limit",
            "data_unit",
            "validity",
            "validity_unit",
            "shared_users",
            "routers",
        ],
        "",
    ),
    (CUSTOMERS, &["id", "username", "pppoe_username", "fullname", "service_type", "status"], ""),
    (RECHARGES, &["id", "customer_id", "username", "plan_id", "expiration", "time", "routers", "type"], ""),
    // Others of its rows hold keys of payment services.
    (SETTINGS, &["setting", "value"], "WHERE setting = 'timezone'"),
];

/// The rows of the tables that are taken.
#[derive(Debug)]
pub(super) struct Tables(HashMap<String, Vec<Row>>);

/// Reads them.
///
/// # Errors
/// The file is no dump, or none of PHPNuxBill.
pub(super) fn read(dump: &[u8]) -> Result<Tables, String> {
    if dump.starts_with(&[0x1f, 0x8b]) {
        return Err("this file is compressed; unpack it first with gunzip".to_owned());
    }
    let tables = dump::read(dump, &TAKEN)?;
    if !tables.contains_key(CUSTOMERS) {
        return Err(format!("there is no table {CUSTOMERS} in it, so it is no dump of PHPNuxBill"));
    }
    Ok(Tables(tables.into_iter().map(|(name, table)| (name, table.rows)).collect()))
}

impl Tables {
    /// These rows, of tables by their names.
    ///
    /// # Errors
    /// They are not PHPNuxBill's.
    pub(super) fn of(rows: HashMap<String, Vec<Row>>) -> Result<Tables, String> {
        match rows.contains_key(CUSTOMERS) {
            true => Ok(Tables(rows)),
            false => Err(format!("it has no table {CUSTOMERS}, so it is no database of PHPNuxBill")),
        }
    }

    pub(super) fn routers(&self) -> &[Row] {
        self.rows(ROUTERS)
    }

    pub(super) fn bandwidths(&self) -> &[Row] {
        self.rows(BANDWIDTHS)
    }

    pub(super) fn plans(&self) -> &[Row] {
        self.rows(PLANS)
    }

    pub(super) fn customers(&self) -> &[Row] {
        self.rows(CUSTOMERS)
    }

    pub(super) fn recharges(&self) -> &[Row] {
        self.rows(RECHARGES)
    }

    /// The zone that its dates are in.
    pub(super) fn zone(&self) -> Option<String> {
        let of_zone = |row: &&Row| value(row, "setting") == "timezone";
        let zone = self.rows(SETTINGS).iter().find(of_zone).map(|row| value(row, "value").trim().to_owned());
        zone.filter(|zone| !zone.is_empty())
    }

    fn rows(&self, table: &str) -> &[Row] {
        self.0.get(table).map_or(&[], |rows| rows)
    }
}

/// A value as text; empty where it is NULL or there is no such column.
pub(super) fn value<'r>(row: &'r Row, column: &str) -> &'r str {
    row.get(column).and_then(Option::as_deref).unwrap_or_default()
}

/// A value as a whole number; `None` where it is none.
pub(super) fn number(row: &Row, column: &str) -> Option<u64> {
    value(row, column).trim().parse().ok()
}
