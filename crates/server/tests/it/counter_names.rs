//! Logins that have the form of an interface or a queue: those of static addresses, or of the service that is named.

use serde_json::{Value, json};

use crate::harness::Desk;
use crate::imports::{export, faults, import};

async fn add(desk: &Desk, body: Value, status: u16) -> Value {
    desk.post("/api/v1/subscribers", &body.to_string()).await.expect(status).json()
}

async fn kind(desk: &Desk, username: &str) -> Value {
    desk.see(&format!("/api/v1/subscribers/{username}")).await["logins"][0]["kind"].clone()
}

#[tokio::test]
async fn nobody_is_added_with_a_login_that_can_never_count() {
    let desk = Desk::new().await;
    desk.add_router("tower").await;
    for body in [
        json!({"username": "eve", "login": "interface:vlan7", "router": "tower"}),
        json!({"username": "eve", "login": "queue:house", "service": null}),
        json!({"username": "interface:vlan7"}),
    ] {
        let said = add(&desk, body, 422).await["detail"].as_str().unwrap().to_owned();
        for told in
            ["nothing was changed", "name the service static_ip and its router", "name the service pppoe"]
        {
            assert!(said.contains(told), "{said}");
        }
    }
    assert_eq!(desk.see("/api/v1/subscribers").await["items"], json!([]));
    let counted =
        json!({"username": "eve", "login": "interface:vlan7", "router": "tower", "service": "static_ip"});
    add(&desk, counted, 201).await;
    add(&desk, json!({"username": "dan", "login": "queue:house", "service": "l2tp"}), 201).await;
    add(&desk, json!({"username": "ana"}), 201).await;
    let kinds = [kind(&desk, "eve").await, kind(&desk, "dan").await, kind(&desk, "ana").await];
    assert_eq!(kinds, ["static_ip", "ppp", "ppp"]);
    assert_eq!(desk.see("/api/v1/subscribers/ana").await["service"], "pppoe");
}

#[tokio::test]
async fn a_row_without_a_service_is_refused_where_its_login_can_never_count() {
    let desk = Desk::new().await;
    desk.add_router("tower").await;
    let file = "username,login,scope,service\n\
        eve,interface:vlan7,router:tower,\n\
        queue:house,,,\n\
        ana,,,\n";
    for file in [file, &file.replace(",service", "").replace(",\n", "\n")] {
        let refused = import(&desk, "", file.as_bytes()).await.expect(422);
        let told = faults(&refused);
        let places: Vec<_> = told.iter().map(|(row, column, _)| (*row, column.as_str().unwrap())).collect();
        assert_eq!(places, [(2, "login"), (3, "login")]);
        let [(.., eve), (.., house)] = &told[..] else { unreachable!("two were counted") };
        assert!(
            eve.starts_with("interface:vlan7 is how") && house.starts_with("queue:house is how"),
            "{eve}"
        );
        for way in ["static_ip in the column service", "router:NAME in the column scope", "write pppoe"] {
            assert!(eve.contains(way), "{eve}");
        }
    }
    let named = "username,login,scope,service\n\
        eve,interface:vlan7,router:tower,static_ip\n\
        dan,interface:vlan7,router:tower,pppoe\n";
    import(&desk, "", named.as_bytes()).await.expect(200);
    assert_eq!([kind(&desk, "eve").await, kind(&desk, "dan").await], ["static_ip", "ppp"]);
    let again = import(&desk, "", export(&desk).await.as_bytes()).await.expect(200);
    assert_eq!(again.json()["same"], 2, "an export names the service");
    let known = import(&desk, "", b"username,login\ndan,interface:vlan7\n").await.expect(200);
    assert_eq!(known.json()["same"], 1, "it is his already: {}", known.body);
}
