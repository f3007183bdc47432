//! Which tables of PHPNuxBill are taken, and how their values are read.

use std::collections::HashMap;

use super::dump::{self, Row, Table};

const ROUTERS: &str = "tbl_routers";
const BANDWIDTHS: &str = "tbl_bandwidth";
const PLANS: &str = "tbl_plans";
const CUSTOMERS: &str = "tbl_customers";
const RECHARGES: &str = "tbl_user_recharges";
const SETTINGS: &str = "tbl_appconfig";

/// All that are taken.
pub(super) const TAKEN: [&str; 6] = [ROUTERS, BANDWIDTHS, PLANS, CUSTOMERS, RECHARGES, SETTINGS];

/// The rows of the tables that are taken.
#[derive(Debug)]
pub(super) struct Tables(HashMap<String, Table>);

/// Reads them.
///
/// # Errors
/// The file is no dump, or none of PHPNuxBill.
pub(super) fn read(dump: &[u8]) -> Result<Tables, String> {
    if dump.starts_with(&[0x1f, 0x8b]) {
        return Err("this file is compressed; unpack it first with gunzip".to_owned());
    }
    let tables = Tables(dump::read(dump, &TAKEN)?);
    if !tables.0.contains_key(CUSTOMERS) {
        return Err(format!("there is no table {CUSTOMERS} in it, so it is no dump of PHPNuxBill"));
    }
    Ok(tables)
}

impl Tables {
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
        self.0.get(table).map_or(&[], |table| &table.rows)
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
