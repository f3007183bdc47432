//! `tikmeter status`: the whole installation at a glance.

use serde::Deserialize;

use crate::cli::caller::Caller;
use crate::failure::Failure;
use crate::output::{grouped, instant, many, printable};

#[derive(Deserialize)]
struct Status {
    version: String,
    simulated: bool,
    started_at: String,
    store: Store,
    events: Option<Events>,
    redis: Vec<RedisUse>,
    routers: Routers,
    node: String,
    processes: Vec<Process>,
    subscribers: u64,
    held_entries: u64,
}

#[derive(Deserialize)]
struct Store {
    state: String,
    message: Option<String>,
}

#[derive(Deserialize)]
struct Process {
    name: String,
    role: String,
    alive: bool,
    silent_ms: u64,
    routers: u64,
}

#[derive(Deserialize)]
struct Events {
    state: String,
    message: Option<String>,
    waiting: u64,
    oldest_at: Option<String>,
    lost: u64,
}

#[derive(Deserialize)]
struct RedisUse {
    r#use: String,
    up: bool,
    message: Option<String>,
}

#[derive(Deserialize)]
struct Routers {
    total: u64,
    online: u64,
    trouble: u64,
}

/// Shows it.
///
/// # Errors
/// One sentence.
pub(crate) async fn run(caller: &Caller) -> Result<(), Failure> {
    let answer = caller.client.get(&["status"], &[]).await?;
    caller.show(&answer, text)
}

fn text(status: &Status) -> String {
    let events = status.events.as_ref().map(events).unwrap_or_default();
    let trouble = match status.routers.trouble {
        0 => String::new(),
        trouble => format!(", {} in trouble (see: tikmeter router list)", grouped(trouble)),
    };
    let simulated =
        if status.simulated { "The data are simulated; no figure is a real subscriber's.\n" } else { "" };
    let held = match status.held_entries {
        0 => String::new(),
        held => format!(
            "held        {}, in no total until you decide (see: tikmeter held list)\n",
            many(held, "entry")
        ),
    };
    let redis: String = status.redis.iter().filter(|of| !of.up).map(redis_use).collect();
    format!(
        "Tikmeter {} since {}\n{simulated}database    {}\n{events}{redis}routers     {}, {} online{trouble}\nsubscribers {}\n{held}{}",
        printable(&status.version),
        instant(Some(&status.started_at)),
        state(&status.store.state, status.store.message.as_deref()),
        grouped(status.routers.total),
        grouped(status.routers.online),
        grouped(status.subscribers),
        processes(status)
    )
}

fn state(state: &str, message: Option<&str>) -> String {
    let message = message.map(|message| format!(": {}", printable(message)));
    format!("{}{}", printable(state), message.unwrap_or_default())
}

fn events(events: &Events) -> String {
    let waiting = match events.waiting {
        0 => String::new(),
        waiting => format!(
            "\n            {} not told yet, since {}",
            many(waiting, "event"),
            instant(events.oldest_at.as_deref())
        ),
    };
    let lost = match events.lost {
        0 => String::new(),
        lost => format!(
            "\n            {} given up so far, because they could not be told in time",
            many(lost, "event")
        ),
    };
    format!("events      {}{waiting}{lost}\n", state(&events.state, events.message.as_deref()))
}

/// Of what goes over Redis besides events.
fn redis_use(of: &RedisUse) -> String {
    let what = printable(&of.r#use).replace('_', " ");
    format!("over Redis  {what}: {}\n", printable(of.message.as_deref().unwrap_or("does not go")))
}

/// Nothing where one process has the database for itself.
fn processes(status: &Status) -> String {
    let line = |process: &Process| {
        let this = if process.name == status.node { " (this one)" } else { "" };
        let silent = match process.alive {
            true => String::new(),
            false => {
                format!("; silent for {} s, others take its routers", grouped(process.silent_ms / 1_000))
            }
        };
        format!(
            "process     {}{this}, {}, {}{silent}\n",
            printable(&process.name),
            printable(&process.role),
            many(process.routers, "router")
        )
    };
    status.processes.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trouble_and_simulation_are_said() {
        let status = Status {
            version: "0.1.0".into(),
            simulated: true,
            started_at: "2026-11-21T14:02:05Z".into(),
            store: Store { state: "stalled".into(), message: Some("The disk is full.".into()) },
            events: Some(Events {
                state: "trouble".into(),
                message: Some("Redis does not answer.".into()),
                waiting: 2,
                oldest_at: Some("2026-11-21T14:02:05Z".into()),
                lost: 7,
            }),
            redis: vec![
                RedisUse { r#use: "answers".into(), up: true, message: None },
                RedisUse {
                    r#use: "commands_taken".into(),
                    up: false,
                    message: Some("Redis does not answer.".into()),
                },
            ],
            routers: Routers { total: 3, online: 2, trouble: 1 },
            node: "east".into(),
            processes: vec![
                Process {
                    name: "east".into(),
                    role: "all".into(),
                    alive: true,
                    silent_ms: 1_000,
                    routers: 3,
                },
                Process {
                    name: "west".into(),
                    role: "collector".into(),
                    alive: false,
                    silent_ms: 61_000,
                    routers: 1,
                },
            ],
            subscribers: 1_200,
            held_entries: 1,
        };
        let text = text(&status);
        let held = "held        1 entry, in no total until you decide (see: tikmeter held list)\n";
        let west = "process     west, collector, 1 router; silent for 61 s, others take its routers\n";
        let events = "events      trouble: Redis does not answer.\n            2 events not told yet, since 2026-11-21";
        for part in [
            held,
            events,
            "7 events given up so far",
            west,
            "over Redis  commands taken: Redis does not answer.\n",
            "east (this one), all, 3 routers\n",
            "simulated",
            "stalled: The disk is full.",
            "3, 2 online, 1 in trouble",
            "1,200",
        ] {
            assert!(text.contains(part), "{text}");
        }
        assert!(!text.contains("answers"), "{text}");
    }
}
