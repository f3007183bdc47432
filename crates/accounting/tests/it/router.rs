//! A pretend router: lines with counters, calls on them, an uptime. It knows the truth and prints tables; it knows
//! nothing of accounting's decisions.

use accounting::Octets;
use accounting::snapshot::{CounterRow, CounterRows, Owner, OwnerSession, Service};

/// Number of a line, valid for the whole scene.
pub(crate) type LineId = usize;

/// What happens to the counter of a static binding when its caller comes and goes (routeros.md U2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BindingCounters {
    Survive,
    ResetOnConnect,
    ResetOnDisconnect,
}

/// One connection, and what really passed in it.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) login: String,
    pub(crate) acct_session_id: Option<u64>,
    pub(crate) started_ms: u64,
    pub(crate) passed: Octets,
}

/// An interface: dynamic with one call, or a static binding with one call at a time.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) handle: u64,
    pub(crate) name: String,
    pub(crate) login: String,
    pub(crate) permanent: bool,
    pub(crate) octets: Octets,
    /// Index of the call on it now.
    pub(crate) call: Option<usize>,
    /// False: the router has no such interface any more.
    pub(crate) exists: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct Router {
    pub(crate) device: String,
    pub(crate) now_ms: u64,
    pub(crate) boot_ms: u64,
    pub(crate) lines: Vec<Line>,
    /// Every call there ever was.
    pub(crate) calls: Vec<Call>,
    pub(crate) gives_session_ids: bool,
    pub(crate) bindings: BindingCounters,
    boots: u64,
    next_handle: u64,
    next_running: u64,
}

const FIRST_HANDLE: u64 = 0xF0_0000;

impl Router {
    pub(crate) fn new() -> Self {
        Router {
            device: "SERIAL-1".into(),
            now_ms: 5_000_000,
            boot_ms: 4_000_000,
            lines: Vec::new(),
            calls: Vec::new(),
            gives_session_ids: true,
            bindings: BindingCounters::Survive,
            boots: 1,
            next_handle: FIRST_HANDLE,
            next_running: 0,
        }
    }

    pub(crate) fn uptime_s(&self) -> u64 {
        (self.now_ms - self.boot_ms) / 1_000
    }

    /// Time passes for everybody else: its machine is paused, and on its own axis nothing moves.
    pub(crate) fn stand_still(&mut self, millis: u64) {
        self.now_ms += millis;
        self.boot_ms += millis;
        for call in &mut self.calls {
            call.started_ms += millis;
        }
    }

    /// A login dials in on a dynamic interface.
    pub(crate) fn dial(&mut self, login: &str) -> LineId {
        let handle = self.next_handle;
        self.next_handle += 1;
        let name = self.free_name(login);
        let call = self.start_call(login);
        self.lines.push(Line {
            handle,
            name,
            login: login.into(),
            permanent: false,
            octets: Octets::ZERO,
            call: Some(call),
            exists: true,
        });
        self.lines.len() - 1
    }

    /// A static binding without a caller.
    pub(crate) fn bind(&mut self, name: &str, login: &str) -> LineId {
        let handle = 0x10 + self.lines.len() as u64;
        self.lines.push(Line {
            handle,
            name: name.into(),
            login: login.into(),
            permanent: true,
            octets: Octets::ZERO,
            call: None,
            exists: true,
        });
        self.lines.len() - 1
    }

    /// The binding's login connects on it.
    pub(crate) fn dial_on(&mut self, binding: LineId) {
        let login = self.lines[binding].login.clone();
        let call = self.start_call(&login);
        if self.bindings == BindingCounters::ResetOnConnect {
            self.lines[binding].octets = Octets::ZERO;
        }
        self.lines[binding].call = Some(call);
    }

    pub(crate) fn hang_up(&mut self, line: LineId) {
        let reset = self.bindings == BindingCounters::ResetOnDisconnect;
        let line = &mut self.lines[line];
        line.call = None;
        line.exists = line.permanent;
        if reset {
            line.octets = Octets::ZERO;
        }
    }

    /// Traffic passes on a line.
    pub(crate) fn pass(&mut self, line: LineId, input: u64, output: u64) {
        let octets = Octets::new(input, output);
        self.lines[line].octets += octets;
        let call = self.lines[line].call.expect("only a line with a caller carries traffic");
        self.calls[call].passed += octets;
    }

    /// Somebody resets the counters of a line by hand.
    pub(crate) fn reset_counters(&mut self, line: LineId) {
        self.lines[line].octets = Octets::ZERO;
    }

    /// All dynamic lines are gone, bindings start at zero, ids begin anew.
    pub(crate) fn reboot(&mut self) {
        self.boot_ms = self.now_ms;
        self.boots += 1;
        self.next_handle = FIRST_HANDLE;
        self.next_running = 0;
        for line in &mut self.lines {
            line.call = None;
            line.octets = Octets::ZERO;
            line.exists &= line.permanent;
        }
    }

    pub(crate) fn counters(&self, shown: impl Fn(LineId) -> bool) -> CounterRows {
        let mut rows = CounterRows::with_capacity(self.lines.len());
        for (id, line) in self.lines.iter().enumerate().filter(|(_, line)| line.exists) {
            if shown(id) {
                rows.push(CounterRow {
                    handle: line.handle,
                    name: line.name.as_bytes(),
                    octets: line.octets,
                });
            }
        }
        rows
    }

    pub(crate) fn owners(&self, shown: impl Fn(LineId) -> bool) -> Vec<Owner> {
        let lines = self.lines.iter().enumerate().filter(|(id, line)| line.exists && shown(*id));
        lines
            .map(|(_, line)| Owner {
                counter_name: line.name.as_bytes().into(),
                permanent: line.permanent,
                session: line.call.map(|call| self.session(&self.calls[call])),
            })
            .collect()
    }

    pub(crate) fn session(&self, call: &Call) -> OwnerSession {
        OwnerSession {
            login: call.login.as_bytes().into(),
            service: Service::Pppoe,
            acct_session_id: call.acct_session_id,
            session_time_s: Some((self.now_ms - call.started_ms) / 1_000),
            calling_station_id: b"AA:BB:CC:00:00:01"[..].into(),
            framed_address: b"10.0.0.1"[..].into(),
        }
    }

    fn start_call(&mut self, login: &str) -> usize {
        let running = self.next_running;
        self.next_running += 1;
        let acct_session_id =
            self.gives_session_ids.then_some(0x8100_0000 | (self.boots % 16) << 20 | running);
        self.calls.push(Call {
            login: login.into(),
            acct_session_id,
            started_ms: self.now_ms,
            passed: Octets::ZERO,
        });
        self.calls.len() - 1
    }

    fn free_name(&self, login: &str) -> String {
        let taken = |name: &str| self.lines.iter().any(|line| line.exists && line.name == name);
        let plain = format!("<pppoe-{login}>");
        let suffixed = (1..).map(|number| format!("<pppoe-{login}-{number}>"));
        std::iter::once(plain).chain(suffixed).find(|name| !taken(name)).expect("endless")
    }
}
