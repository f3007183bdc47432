//! What a child is told to do, a line each, and what it answers, a line each.
//!
//! * `text WORDS`: these are the words of the next subscriber's samples (only the bound needs them)
//! * `say FIRST COUNT TIMES`: these routers say something, so many times; answered with when each did
//! * `reach ADDRESS ...`: these are the routers; from now on they say something themselves
//! * `memory`: answered with VmRSS

use std::net::SocketAddr;

use rustix::time::{ClockId, clock_gettime};

use crate::daemon::Memory;
use crate::figure::Result;

/// What can be ordered.
pub(crate) trait Tells {
    /// Takes words over; says nothing.
    fn learn(&self, words: &str);
    /// A router says what its subscribers move.
    fn say(&self, router: u32);
    /// Asks these routers what their subscribers move.
    fn reach(&self, routers: Vec<SocketAddr>);
}

/// Nanoseconds of the clock that all processes of the machine share.
pub(crate) fn now_ns() -> u64 {
    let now = clock_gettime(ClockId::Monotonic);
    now.tv_sec.unsigned_abs() * 1_000_000_000 + now.tv_nsec.unsigned_abs()
}

/// Obeys until the input ends; the first line says where viewers connect.
pub(crate) fn obey(addr: SocketAddr, tells: &impl Tells) -> Result<()> {
    println!("{addr}");
    for order in std::io::stdin().lines() {
        let order = order?;
        let (kind, rest) = order.split_once(' ').unwrap_or((&order, ""));
        match kind {
            "text" => tells.learn(rest),
            "say" => println!("{}", said(tells, rest)?),
            "reach" => tells.reach(rest.split(' ').map(str::parse).collect::<std::result::Result<_, _>>()?),
            "memory" => println!("{}", Memory::now()?.resident),
            unknown => return Err(format!("`{unknown}` is no order").into()),
        }
    }
    Ok(())
}

fn said(tells: &impl Tells, which: &str) -> Result<String> {
    let numbers: Vec<u32> = which.split(' ').map(str::parse).collect::<std::result::Result<_, _>>()?;
    let [first, count, times] = numbers[..] else { return Err("say FIRST COUNT TIMES".into()) };
    let mut at = Vec::new();
    for router in (0..times).flat_map(|_| first..first + count) {
        at.push(now_ns().to_string());
        tells.say(router);
    }
    Ok(at.join(" "))
}
