//! Adding somebody by the name of an interface, as an operator types it.

use crate::program::stderr;
use crate::server::Server;

#[test]
fn a_login_like_an_interface_is_taken_once_it_is_said_what_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::serve(folder.path());
    let login = ["--user", "meter", "--password", "p", "--disabled"];
    server.text(&[&["router", "add", "tower", "127.0.0.1:1"][..], &login].concat());
    let eve = ["subscriber", "add", "eve", "--login", "interface:vlan7"];
    let refused = server.call(&eve);
    let said = stderr(&refused);
    assert_eq!(refused.status.code(), Some(1), "{said}");
    for way in ["--service static_ip --router NAME", "--service pppoe"] {
        assert!(said.contains(way), "{said}");
    }
    server.text(&[&eve[..], &["--service", "static_ip", "--router", "tower"]].concat());
    server.text(&["subscriber", "add", "dan", "--login", "interface:vlan7", "--service", "pppoe"]);
    let kind = |name| server.json(&["subscriber", "show", name])["logins"][0]["kind"].clone();
    assert_eq!([kind("eve"), kind("dan")], ["static_ip", "ppp"]);
}
