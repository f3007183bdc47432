//! How many files and connections this process may have open. Systems often begin with 1,024, which is less than the connections alone
//! that the API and the portal take.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Two for each of a thousand routers, 1,024 for the portal, and as many for the API.
const ENOUGH: u64 = 4_096;

/// As many as the system lets us have; says so where that is few. How many of them clients of the API may have: half, so that they take
/// no router's place.
pub(crate) fn allow_many() -> usize {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let wanted = Rlimit { current: maximum, maximum };
    let raised = setrlimit(Resource::Nofile, wanted);
    let open = if raised.is_ok() { maximum } else { current };
    if let Some(open) = open.filter(|open| *open < ENOUGH) {
        tracing::warn!(
            "this process may open {open} files and connections, and with many routers or visitors needs more; let it have \
             {ENOUGH} (systemd: LimitNOFILE={ENOUGH}, shells: ulimit -n {ENOUGH})"
        );
    }
    open.map_or(usize::MAX, |open| usize::try_from(open / 2).unwrap_or(usize::MAX))
}
