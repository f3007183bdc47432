//! `tikmeter router portal-setup`: what a router needs so that its hotspot hands devices over to the portal. It is printed, and never sent:
//! login pages and firewalls are the operator's.
//!
//! What RouterOS takes is in its manual: the variables of login pages and their form for addresses (`$(mac-esc)`), `/ip/hotspot/walled-garden/ip`
//! with `action=accept`, that `/ip/hotspot/setup` masquerades the hotspot's network, which would hide who asks, and that a text
//! in `/ip/dhcp-server/option` stands between single quotes.

use std::net::SocketAddrV4;

use reqwest::Url;
use serde_json::json;

use crate::cli::caller::Caller;
use crate::failure::Failure;
use crate::output::printable;

const LOGIN_PAGE: &str = include_str!("../../../portal/login.html");

/// For which router.
#[derive(Debug, clap::Args)]
pub(crate) struct PortalSetupArgs {
    /// The router's name
    name: String,
    /// Where devices at its hotspot reach the portal: the address of its machine, and the port of its `portal.listen`
    #[arg(long, value_name = "ADDR:PORT", value_parser = reachable)]
    portal: SocketAddrV4,
    /// The portal speaks TLS (`portal.certificate`), and this is the name in its certificate
    #[arg(long, value_name = "NAME", value_parser = name_of_a_certificate)]
    https: Option<String>,
    /// Print the login page alone, for a file
    #[arg(long)]
    html: bool,
}

impl PortalSetupArgs {
    /// Prints it.
    ///
    /// # Errors
    /// When there is no such router.
    pub(crate) async fn run(&self, caller: &Caller) -> Result<(), Failure> {
        let answer = caller.client.get(&["routers", &self.name], &[]).await?;
        caller.note_simulated(answer.simulated);
        let place = Place::of(self.portal, self.https.as_deref())?;
        let (page, commands) = (place.login_page(&self.name), place.commands(&self.name)?);
        let text = if caller.terminal.json() {
            json!({ "login_html": page, "commands": commands }).to_string()
        } else if self.html {
            page.trim_end().to_owned()
        } else {
            told(&self.name, &page, &commands)
        };
        Ok(caller.terminal.line(&text)?)
    }
}

/// Hotspots know IPv4 alone; everybody's and one's own address are nobody's to be reached at.
fn reachable(text: &str) -> Result<SocketAddrV4, String> {
    let portal: SocketAddrV4 =
        text.parse().map_err(|_| "write an IPv4 address and a port, like 192.0.2.2:8080".to_owned())?;
    if portal.ip().is_unspecified() || portal.ip().is_loopback() || portal.port() == 0 {
        return Err(
            "no device can reach the portal there; name this machine's address in their network".to_owned()
        );
    }
    Ok(portal)
}

fn name_of_a_certificate(text: &str) -> Result<String, String> {
    let url = Url::parse(&format!("https://{text}/")).ok();
    match url.filter(|url| url.host_str() == Some(text)) {
        Some(_) => Ok(text.to_owned()),
        None => Err("write a host's name alone, in small letters, like wifi.example.net".to_owned()),
    }
}

/// Where devices reach the portal.
struct Place {
    at: SocketAddrV4,
    /// With TLS by its name.
    url: Url,
    is_tls: bool,
}

impl Place {
    fn of(at: SocketAddrV4, https: Option<&str>) -> Result<Place, Failure> {
        let url = match https {
            Some(name) => format!("https://{name}:{}/portal", at.port()),
            None => format!("http://{at}/portal"),
        };
        let url = Url::parse(&url)
            .map_err(|error| Failure::said(format!("no address can be made of {url}: {error}")))?;
        Ok(Place { at, url, is_tls: https.is_some() })
    }

    /// The router fills in `$(mac-esc)` and `$(ip)`; the rest of the address is written so that it holds no `$`.
    fn login_page(&self, router: &str) -> String {
        let mut url = self.url.clone();
        url.query_pairs_mut().append_pair("router", router);
        LOGIN_PAGE.replace("PORTAL", url.as_str())
    }

    fn commands(&self, router: &str) -> Result<Vec<String>, Failure> {
        let (ip, port) = (self.at.ip(), self.at.port());
        let to_the_portal =
            format!("protocol=tcp dst-address={ip} dst-port={port} comment=\"tikmeter portal\"");
        let mut commands = vec![
            format!("/ip/hotspot/walled-garden/ip/add action=accept {to_the_portal}"),
            format!("/ip/firewall/nat/add chain=srcnat action=accept {to_the_portal}"),
        ];
        if self.is_tls {
            commands.push(format!(
                "/ip/dhcp-server/option/add name=tikmeter-portal code=114 value=\"'{}'\"",
                self.captive(router)?
            ));
        }
        Ok(commands)
    }

    /// Where phones ask (RFC 8908). Terminals read `$`, `?`, `"` and `'` themselves, so none of them is in it.
    fn captive(&self, router: &str) -> Result<String, Failure> {
        let mut url = self.url.clone();
        let no_base = |()| Failure::said(format!("nothing can be below {}", self.url));
        url.path_segments_mut().map_err(no_base)?.clear().extend(["api", "captive", router]);
        Ok(url.as_str().replace('$', "%24").replace('\'', "%27"))
    }
}

fn told(router: &str, page: &str, commands: &[String]) -> String {
    let [garden, nat, option @ ..] = commands else { return String::new() };
    let named = match option {
        [] => String::new(),
        [option, ..] => format!(
            "\n\n4. Phones are told where to ask whether they are in (DHCP option 114): name the option in dhcp-option of the hotspot's \
             network in /ip/dhcp-server/network. The portal's name has to lead to its address for devices that are not in, also \
             in the router's own DNS\n\n{option}"
        ),
    };
    format!(
        "Nothing was sent to router {router}. To have its hotspot hand devices over to the portal:\n\n\
         1. Before they log in, devices may reach the portal:\n\n{garden}\n\n\
         2. The portal sees the devices' own addresses: this rule has to stand above the one that masquerades the hotspot's \
         network (move it there with Winbox, or with /ip/firewall/nat/move)\n\n{nat}\n\n\
         3. The login page sends them there: put this as login.html into the folder that the server profile names \
         (/ip/hotspot/profile, html-directory; keep what is there). `tikmeter router portal-setup {router} --html` prints it alone.\n\n{page}{named}",
        router = printable(router),
        page = page.trim_end(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn portal() -> SocketAddrV4 {
        "192.0.2.2:8080".parse().unwrap()
    }

    fn place(https: Option<&str>) -> Place {
        Place::of(portal(), https).unwrap()
    }

    #[test]
    fn the_login_page_hands_mac_address_and_router_over() {
        let page = place(None).login_page("tower");
        let address = "http://192.0.2.2:8080/portal?router=tower&amp;mac=$(mac-esc)&amp;ip=$(ip)";
        assert_eq!(
            page.matches(address).count(),
            2,
            "for browsers that refresh, and for those that do not: {page}"
        );
        assert!(!page.contains("PORTAL") && !page.contains("<script"), "{page}");
    }

    /// Routers read `$(...)`, `"` and `<` themselves.
    #[test]
    fn a_routers_name_is_written_so_that_nobody_reads_more_into_it() {
        let page = place(None).login_page("t $(error)\"><&'x");
        assert!(page.contains("router=t+%24%28error%29%22%3E%3C%26%27x&amp;mac="), "{page}");
    }

    #[test]
    fn only_an_address_that_devices_can_reach_is_taken() {
        assert_eq!(reachable("192.0.2.2:8080"), Ok(portal()));
        for other in ["0.0.0.0:8080", "127.0.0.1:8080", "192.0.2.2:0", "[2001:db8::1]:8080", "portal:8080"] {
            assert!(reachable(other).is_err(), "{other}");
        }
    }

    #[test]
    fn the_way_to_the_portal_is_open_and_shows_who_asks() {
        let told = told("tower", "PAGE\n", &place(None).commands("tower").unwrap());
        for part in [
            "/ip/hotspot/walled-garden/ip/add action=accept protocol=tcp dst-address=192.0.2.2 dst-port=8080",
            "/ip/firewall/nat/add chain=srcnat action=accept protocol=tcp dst-address=192.0.2.2 dst-port=8080",
            "PAGE",
            "Nothing was sent",
        ] {
            assert!(told.contains(part), "{told}");
        }
    }

    #[test]
    fn with_tls_phones_are_told_where_to_ask() {
        let place = place(Some("wifi.example.net"));
        let commands = place.commands("t $('x\"?").unwrap();
        let option = "/ip/dhcp-server/option/add name=tikmeter-portal code=114 \
                      value=\"'https://wifi.example.net:8080/api/captive/t%20%24(%27x%22%3F'\"";
        assert_eq!(commands[2], option);
        assert!(told("tower", "", &commands).contains(option));
        assert!(
            place.login_page("tower").contains("https://wifi.example.net:8080/portal?router=tower&amp;mac=")
        );
        for name in ["wifi.example.net:1", "", "a/b", "WIFI.example", "a b"] {
            assert!(name_of_a_certificate(name).is_err(), "{name}");
        }
        assert!(name_of_a_certificate("wifi.example.net").is_ok());
    }
}
