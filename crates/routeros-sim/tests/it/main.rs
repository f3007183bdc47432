//! The simulator, tested as its users see it: the world by its methods, the server over TCP.

mod client;
mod listening;
mod logins;
mod menus;
mod world;
