//! `tikmeter voucher` against a whole server.

use serde_json::json;

use crate::program::stderr;
use crate::server::Server;

#[test]
fn they_are_made_listed_printed_exported_revoked_and_counted() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::serve(folder.path());
    server.text(&["plan", "add", "hour", "--validity", "1h", "--price", "5.50", "--rate-down", "2M"]);
    let made =
        server.text(&["voucher", "create", "3", "--plan", "hour", "--seller", "kiosk", "--quota", "1G"]);
    assert!(
        made.contains(
            "Batch 1: 3 vouchers made. Each: 1 hour, 1 device, download 2.00 Mbps, data 1.0 GB, price 5.50."
        ),
        "{made}"
    );
    let listed = server.json(&["voucher", "list", "--batch", "1", "--state", "unused"]);
    let codes: Vec<&str> =
        listed["items"].as_array().unwrap().iter().map(|voucher| voucher["code"].as_str().unwrap()).collect();
    assert_eq!((codes.len(), codes[0].len()), (3, 8));
    assert!(server.text(&["voucher", "list"]).contains(codes[0]));
    let shown = server.text(&["voucher", "show", &codes[0].to_lowercase()]);
    assert!(shown.contains("is unused; time left: 1 h 0 min.") && shown.contains("seller kiosk"), "{shown}");
    let sheet =
        server.text(&["voucher", "print", "1", "--title", "Eva's", "--portal", "http://10.5.50.1/portal"]);
    assert_eq!((sheet.matches("<article>").count(), sheet.matches("<svg ").count()), (3, 3));
    let table = server.text(&["voucher", "export", "--seller", "kiosk"]);
    assert_eq!(
        (table.lines().count(), table.lines().next().unwrap().starts_with("code,batch,state,")),
        (4, true)
    );
    for (act, part) in [("pause", "is not used yet and was not paused"), ("resume", "was not resumed")] {
        let refused = server.call(&["voucher", act, codes[0]]);
        assert_eq!(refused.status.code(), Some(1));
        assert!(stderr(&refused).contains(part), "{}", stderr(&refused));
    }
    for (act, done) in [("pause", "0 vouchers paused."), ("resume", "0 vouchers resumed.")] {
        let told = server.text(&["voucher", act, "--batch", "1"]);
        assert!(told.contains(done) && told.contains("kiosk"), "{told}");
        assert_eq!(server.call(&["voucher", act]).status.code(), Some(2), "one of them, or a batch");
    }
    assert!(server.text(&["voucher", "revoke", codes[0]]).contains("is revoked"));
    let unasked = server.call(&["voucher", "revoke", "--batch", "1"]);
    assert_eq!(unasked.status.code(), Some(2), "{}", stderr(&unasked));
    let revoked = server.json(&["voucher", "revoke", "--batch", "1", "--yes"]);
    assert_eq!((&revoked["revoked"], &revoked["batch"]["states"]["revoked"]), (&json!(2), &json!(3)));
    assert!(server.text(&["voucher", "batches", "--plan", "hour"]).contains("kiosk"));
    assert!(
        server
            .text(&["voucher", "sales", "--from", "2026-01-01", "--to", "2026-01-31"])
            .contains("Nothing was sold")
    );
    let acts = server.text(&["audit", "--action", "voucher.make"]);
    assert!(acts.contains("voucher.make"), "{acts}");
    let guessable =
        server.call(&["voucher", "create", "100", "--validity", "1h", "--signs", "digits", "--length", "8"]);
    assert!(stderr(&guessable).contains("16,777,216 codes of 8"), "{}", stderr(&guessable));
}
