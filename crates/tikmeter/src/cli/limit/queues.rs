//! `tikmeter limit queues`.

use serde::Deserialize;

use crate::cli::caller::Caller;
use crate::client::Page;
use crate::failure::Failure;
use crate::output::{Table, octets, printable, rate};

#[derive(Deserialize)]
struct Queue {
    name: String,
    target: String,
    is_understood: bool,
    up_bps: Option<u64>,
    down_bps: Option<u64>,
    upload_octets: Option<u64>,
    download_octets: Option<u64>,
    is_ours: bool,
    is_dynamic: bool,
    is_off: bool,
}

#[derive(Deserialize)]
struct Router {
    name: String,
    enabled: bool,
}

/// Shows them, of one router or of all that are polled, one after the other.
///
/// # Errors
/// One sentence, also where some of the routers did not answer.
pub(super) async fn run(caller: &Caller, router: Option<&str>) -> Result<(), Failure> {
    if let Some(router) = router {
        let answer = caller.client.get(&["routers", router, "queues"], &[]).await?;
        return caller.show(&answer, |page: &Page<Queue>| table(&page.items));
    }
    let routers: Page<Router> = caller.client.get(&["routers"], &[]).await?.read()?;
    let mut silent = 0;
    for Router { name, .. } in routers.items.iter().filter(|router| router.enabled) {
        caller.terminal.remark(&format!("{}:", printable(name)));
        match caller.client.get(&["routers", name, "queues"], &[]).await {
            Ok(answer) => caller.show(&answer, |page: &Page<Queue>| table(&page.items))?,
            Err(failure) => {
                silent += 1;
                caller.terminal.remark(&printable(&failure.to_string()));
            }
        }
    }
    match silent {
        0 => Ok(()),
        silent => {
            Err(Failure::said(format!("{silent} of the routers did not show their queues; each says why")))
        }
    }
}

fn table(queues: &[Queue]) -> String {
    if queues.is_empty() {
        return "The router has no simple queue.".to_owned();
    }
    let headings = ["queue", "target", ">upload", ">download", ">sent", ">received", ""];
    let mut table = Table::new(&headings);
    for queue in queues {
        let speed = |bps: Option<u64>| match (queue.is_understood, bps) {
            (false, _) => "?".to_owned(),
            (true, None) => "free".to_owned(),
            (true, Some(bps)) => rate(bps),
        };
        let volume = |count: Option<u64>| count.map_or_else(|| "-".to_owned(), octets);
        table.row([
            queue.name.clone(),
            queue.target.clone(),
            speed(queue.up_bps),
            speed(queue.down_bps),
            volume(queue.upload_octets),
            volume(queue.download_octets),
            whose(queue),
        ]);
    }
    table.to_string()
}

fn whose(queue: &Queue) -> String {
    let said = [(queue.is_ours, "ours"), (queue.is_dynamic, "of the router"), (queue.is_off, "off")];
    let said: Vec<&str> = said.into_iter().filter(|(is, _)| *is).map(|(_, word)| word).collect();
    said.join(", ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_not_understood_is_never_shown_as_free() {
        let queue = json!({"name": "q\u{1b}", "target": "10.0.0.7/32", "is_understood": false, "up_bps": null, "down_bps": null,
            "upload_octets": 1_000, "download_octets": null, "is_ours": true, "is_dynamic": false, "is_off": true, "comment": ""});
        let text = table(&[serde_json::from_value(queue).unwrap()]);
        assert!(text.contains("q\\x1b") && text.contains("ours, off") && !text.contains("free"), "{text}");
        assert_eq!(text.matches('?').count(), 2, "{text}");
    }
}
