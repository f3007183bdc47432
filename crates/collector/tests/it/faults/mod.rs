//! Everything that goes wrong between a router, us and the store, over real TCP and wall time: what is said about it,
//! what goes on meanwhile, and that not one octet is lost or counted twice afterwards.

mod asked;
mod books;
mod booth;
mod disconnects;
mod edited;
mod full;
mod heard;
mod holds;
mod idle;
mod limits;
mod limits_end;
mod logins;
mod moved;
mod names;
mod neighbours;
mod outcomes;
mod ownership;
mod patience;
mod pins;
mod plan_limits;
mod polled;
mod registry;
mod stalling;
mod store_trouble;
mod supervised;
mod tenure;
mod traffic;
mod trouble;
mod types;
mod unobserved;
mod unserved;
mod versions;
mod voucher_trouble;
mod vouchers;
