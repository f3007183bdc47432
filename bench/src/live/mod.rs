//! Live samples told to very many WebSockets: the server that tells them as a child process, so that nothing but it is in its
//! memory, and the viewers in this one.
//!
//! * [`orders`]: what a child is told to do, and what it answers
//! * [`towers`]: routers in this process, whose bytes both read; [`numbers`]: who is watched on them, and what those move
//! * `served`: the child with our server; `bare`, with its `bare_ear`: the child with as little as one can do
//! * [`child`]: either of them, seen from here; [`viewers`]: who looks

mod bare;
mod bare_ear;
pub(crate) mod child;
pub(crate) mod numbers;
pub(crate) mod orders;
mod served;
mod side;
pub(crate) mod towers;
pub(crate) mod viewers;

pub(crate) use side::{EACH, LIVE, ROUTERS, Side};

use crate::figure::Result;

/// Is that child until its input ends.
pub(crate) fn run(side: Side) -> Result<()> {
    child::as_many_sockets_as_may_be()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    match side {
        Side::Ours => {
            let served = runtime.block_on(served::Served::start())?;
            orders::obey(served.addr, &served)
        }
        Side::Bare => {
            let bare = runtime.block_on(bare::Bare::start())?;
            orders::obey(bare.addr, &bare)
        }
    }
}
