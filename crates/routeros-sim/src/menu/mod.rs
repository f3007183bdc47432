//! What the router shows: the menus, their rows and properties, as routeros.md §2 lists them.
//!
//! Nothing here talks to a socket. A print is a cursor over the world that fills a buffer piece by piece, so a
//! table of any size costs one buffer.

mod answer;
mod calendar;
mod catalog;
mod change;
mod column;
mod firewall_filter;
mod hotspot;
mod hotspot_login;
mod hotspot_profile;
mod hotspot_user;
mod interface;
mod ip_address;
mod ip_binding;
mod listener;
mod monitor;
mod outside;
mod ppp_active;
mod ppp_profile;
mod ppp_secret;
mod ppp_server;
mod print;
mod queue_simple;
mod rights;
mod schema;
mod script;
mod selection;
mod services;
mod settings;
mod system;
mod text;
mod users;
mod walled_garden;

pub(crate) use answer::{Answer, Complaint};
pub(crate) use catalog::{Found, Verb, find};
pub(crate) use change::change;
pub(crate) use column::Menu;
pub(crate) use listener::Listener;
pub(crate) use monitor::{Monitor, Sampled};
pub(crate) use outside::{REBOOT, UPDATE};
pub(crate) use print::{Filled, Hidden, Limits, Print};
pub(crate) use rights::{SENSITIVE, needed};
pub(crate) use selection::Selection;
