//! Routers.

use std::collections::HashSet;

use serde::Serialize;

use crate::cli::import::left::Left;

use super::dump::Row;
use super::tables::{Tables, value};

/// A router as it is sent.
#[derive(Debug, Serialize)]
pub(super) struct Router {
    name: String,
    host: String,
    port: Option<u16>,
    username: String,
    password: String,
    enabled: bool,
}

/// All of them.
#[derive(Debug)]
pub(super) struct Routers {
    pub(super) all: Vec<Router>,
    names: HashSet<String>,
}

impl Routers {
    pub(super) fn of(tables: &Tables, left: &mut Left) -> Routers {
        let mut routers = Routers { all: Vec::new(), names: HashSet::new() };
        for row in tables.routers() {
            let name = value(row, "name").trim();
            match router(name, row) {
                Ok(router) => {
                    routers.names.insert(name.to_owned());
                    routers.all.push(router);
                }
                Err(why) => left.note(format!("the router {name}"), why),
            }
        }
        routers
    }

    /// Whether it has one of that name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.names.contains(name)
    }
}

fn router(name: &str, row: &Row) -> Result<Router, String> {
    let (host, port) = address(value(row, "ip_address").trim())?;
    operations::check_router_name(name).map_err(|error| error.to_string())?;
    operations::check_host(&host).map_err(|error| error.to_string())?;
    let username = value(row, "username").to_owned();
    operations::check_user(&username).map_err(|error| error.to_string())?;
    let enabled = value(row, "enabled") != "0";
    Ok(Router {
        name: name.to_owned(),
        host,
        port,
        username,
        password: value(row, "password").to_owned(),
        enabled,
    })
}

/// A host, and behind a colon perhaps the port of its API.
fn address(text: &str) -> Result<(String, Option<u16>), String> {
    match text.split_once(':') {
        None => Ok((text.to_owned(), None)),
        Some((host, port)) => {
            let port = port.parse().map_err(|_| format!("\"{}\" is no address", text.escape_debug()))?;
            Ok((host.to_owned(), Some(port)))
        }
    }
}
