//! The simulator, tested as its users see it: the world by its methods, the server over TCP.

mod client;
mod faults;
mod hotspot;
mod isp;
mod limits;
mod listening;
mod logins;
mod menus;
mod monitoring;
mod profiles;
mod queues;
mod rights;
mod rounds;
mod vouchers;
mod walled_garden;
mod world;
mod writing;
