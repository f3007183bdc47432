//! A command that changes a router, and whose process is stopped as a whole after the command's row was made, while the router does not
//! answer, for longer than anybody waits: another process looks at the router and says that it was not done. It must not be done
//! when the first goes on. (That it acts on nothing old is shown where sessions are ended, by `a_router_that_dawdles_over_the_cookies_keeps_the_session`.)

use std::process::Output;
use std::thread::JoinHandle;

use routeros_sim::faults::{Cut, Fault};

use super::house::House;
use crate::program::{run, stderr};
use crate::server::Server;

/// See the module.
pub(super) struct Stopped {
    router: String,
    asking: JoinHandle<Output>,
}

impl Stopped {
    /// Has a session ended by the process of that name, and waits until it has begun; the router does not show its sessions.
    pub(super) fn begin(house: &House, answers: &Server, process: &str) -> Stopped {
        let router = house.router_of(process, 20);
        let silence = Fault::Cut { after_rows: 0, how: Cut::Hang };
        house.fleet.router(&router).faults().always_on("/ppp/active/print", silence);
        let login = format!("u{}-1", &router[1..]);
        let words =
            ["disconnect", &login, "--router", &router, "--url", &answers.url, "--token", &answers.token];
        let words = words.map(str::to_owned);
        let asking = std::thread::spawn(move || run(&words.each_ref().map(String::as_str)));
        house.until("the session is being ended", |house| begun(&house.url));
        Stopped { router, asking }
    }

    /// The process is stopped; the router shows everything again.
    pub(super) fn stands(&self, house: &House) {
        house.fleet.router(&self.router).faults().clear();
    }

    /// Who asked was told that nobody knows; who has the router now saw that it was not done, and it stays so although the
    /// first process goes on.
    pub(super) fn stays_undone(self, house: &House, answers: &Server, process: &str) -> String {
        let asked = self.asking.join().unwrap();
        let told = stderr(&asked);
        assert_eq!(asked.status.code(), Some(1), "{told}");
        assert!(told.contains(&format!("{process} began to do it and has not said")), "{told}");
        let commands = answers.json_when(&["router", "commands"], |commands| {
            of_it(commands, &self.router).is_some_and(|command| command["state"] != "begun")
        });
        let command = of_it(&commands, &self.router).unwrap();
        assert_eq!(command["state"], "not_done", "{command}");
        let sim = house.fleet.router(&self.router);
        let sessions = sim.with_world(|world| world.live_session_count());
        assert_eq!((sim.changes().len() as u64, sessions as u64), (0, super::fleet::SESSIONS), "{command}");
        told
    }
}

fn of_it<'c>(commands: &'c serde_json::Value, router: &str) -> Option<&'c serde_json::Value> {
    let mut commands = commands["items"].as_array().unwrap().iter();
    commands.find(|command| command["kind"] == "disconnect" && command["router"] == router)
}

fn begun(url: &str) -> bool {
    let sql = "SELECT EXISTS (SELECT 1 FROM tikmeter.command WHERE state = 'begun' AND kind = 'disconnect')";
    crate::postgres_server::ask(url, move |client| client.query_one(sql, &[]).unwrap().get(0))
}
