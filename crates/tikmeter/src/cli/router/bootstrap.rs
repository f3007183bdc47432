//! `tikmeter router bootstrap`: a user for Tikmeter on a router, that may do what it is to do and no more. It is printed, and never sent: who
//! may what on a router is its operator's.
//!
//! What RouterOS takes is in its manual (routeros.md §1.8): `policy` of a group, `address` of a user, and which signs names and
//! passwords have. Paths are written with spaces, which version 6 takes as well.

use std::collections::BTreeMap;
use std::net::IpAddr;

use clap::ValueEnum;
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

use super::abilities::{Ability, rights};
use crate::failure::Failure;
use crate::output::Terminal;

/// For what, and who.
#[derive(Debug, clap::Args)]
pub(crate) struct BootstrapArgs {
    /// It counts, watches and looks; that is always so
    #[arg(long)]
    read: bool,
    /// It sets speeds, too
    #[arg(long)]
    limits: bool,
    /// It ends sessions, too, and keeps people out
    #[arg(long)]
    disconnect: bool,
    /// It lets devices in by vouchers, too
    #[arg(long)]
    vouchers: bool,
    /// The same in one word: for example limits,disconnect
    #[arg(long = "for", value_name = "WHAT", value_delimiter = ',')]
    abilities: Vec<Ability>,
    /// Where the router sees Tikmeter come from: an address or a network; the user is refused from anywhere else
    #[arg(long, value_name = "ADDRESS[/BITS]", value_parser = origin)]
    address: Option<String>,
    /// What the user is called on the router
    #[arg(long, value_name = "NAME", default_value = "tikmeter", value_parser = name_on_a_router)]
    user: String,
    /// What its group is called
    #[arg(long, value_name = "NAME", default_value = "tikmeter", value_parser = name_on_a_router)]
    group: String,
    /// With what each right is for, or the commands alone
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// Both can be pasted into a router's terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Explained in comments
    Text,
    /// The commands alone
    Commands,
}

impl BootstrapArgs {
    /// Prints it.
    ///
    /// # Errors
    /// When it could not be printed.
    pub(crate) fn run(&self, terminal: &Terminal) -> Result<(), Failure> {
        let password = operations::random_password();
        let text = match self.format {
            _ if terminal.json() => self.json(&password),
            Format::Commands => self.commands(&password).join("\n"),
            Format::Text => self.text(&password),
        };
        Ok(terminal.line(&text)?)
    }

    /// Reading is always among them.
    fn abilities(&self) -> Vec<Ability> {
        let flags = [
            (true, Ability::Read),
            (self.limits, Ability::Limits),
            (self.disconnect, Ability::Disconnect),
            (self.vouchers, Ability::Vouchers),
        ];
        let wanted = flags.iter().filter(|(wanted, ability)| *wanted || self.abilities.contains(ability));
        wanted.map(|(_, ability)| *ability).collect()
    }

    fn policy(&self) -> String {
        rights(&self.abilities()).iter().map(|(right, _)| *right).collect::<Vec<_>>().join(",")
    }

    fn commands(&self, password: &SecretString) -> [String; 2] {
        let (group, policy) = (&self.group, self.policy());
        let address = self.address.as_ref().map(|address| format!(" address={address}")).unwrap_or_default();
        [
            format!("/user group add name={group} policy={policy}"),
            format!(
                "/user add name={user} group={group} password={password}{address}",
                user = self.user,
                password = password.expose_secret()
            ),
        ]
    }

    fn json(&self, password: &SecretString) -> String {
        let changes: BTreeMap<&str, Vec<&str>> =
            self.abilities().iter().map(|ability| (ability.word(), ability.changes())).collect();
        json!({
            "user": self.user,
            "group": self.group,
            "password": password.expose_secret(),
            "address": self.address,
            "policy": self.policy(),
            "commands": self.commands(password),
            "changes": changes,
        })
        .to_string()
    }

    fn text(&self, password: &SecretString) -> String {
        let mut lines = vec![
            "# Nothing was sent to a router. Log in to it as its admin and paste all of this into a terminal.".to_owned(),
            "# The password is shown here, and kept nowhere: add the router with it before it is gone.".to_owned(),
            "#".to_owned(),
        ];
        lines.extend(rights(&self.abilities()).iter().map(|(right, what)| format!("# {right:<6} {what}")));
        lines.extend(self.sent());
        lines.extend(self.cautions());
        lines.extend(self.commands(password));
        lines.extend(self.next_steps());
        lines.join("\n")
    }

    /// By what it changes something.
    fn sent(&self) -> Vec<String> {
        let abilities = self.abilities();
        let changing = abilities.iter().filter(|ability| !ability.changes().is_empty());
        let sent = changing.map(|ability| {
            let commands = ability.changes().join(" ");
            format!("#        {}: {commands}", ability.word())
        });
        let mut lines: Vec<String> = sent.collect();
        if !lines.is_empty() {
            lines.push(
                "#        RouterOS has one right for all changes but those of users and groups: these are the commands that Tikmeter \
                 sends, the router does not keep this user from others."
                    .to_owned(),
            );
        }
        lines
    }

    fn cautions(&self) -> Vec<String> {
        let mut lines = vec![
            "# Not granted, so refused: to restart the router, to make or change users and groups, to change passwords, to see \
             passwords, ping and fetch, sniff and torch; to log in by Winbox, web, SSH, Telnet, FTP or REST."
                .to_owned(),
        ];
        if self.address.is_none() {
            lines.push(
                "# From anywhere: with --address the router takes this user from Tikmeter's own address only.".to_owned(),
            );
        }
        lines.push("#".to_owned());
        lines
    }

    fn next_steps(&self) -> [String; 3] {
        let (user, group, policy) = (&self.user, &self.group, self.policy());
        [
            "#".to_owned(),
            format!("# If there is a group {group} already: /user group set {group} policy={policy}"),
            format!(
                "# Then here, with the password in a file: tikmeter router add NAME HOST --user {user} --password-file FILE"
            ),
        ]
    }
}

/// An address or a network that somebody can come from.
fn origin(text: &str) -> Result<String, String> {
    let (address, bits) = text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
    let wrong = || "write an address or a network, like 192.0.2.10 or 192.0.2.0/28".to_owned();
    let address: IpAddr = address.parse().map_err(|_| wrong())?;
    let most = if address.is_ipv4() { 32 } else { 128 };
    let bits = bits.map_or(Ok(most), |bits| bits.parse::<u8>().map_err(|_| wrong()))?;
    match bits {
        _ if address.is_unspecified() || bits == 0 => {
            Err("that is everywhere; name this machine's address as the router sees it".to_owned())
        }
        bits if bits <= most => Ok(format!("{address}/{bits}")),
        _ => Err(wrong()),
    }
}

/// Terminals read nothing more into such a name.
fn name_on_a_router(text: &str) -> Result<String, String> {
    let at_the_edge = |sign: char| sign.is_ascii_alphanumeric();
    let within = |sign: char| at_the_edge(sign) || "_.-@".contains(sign);
    let is_one = text.starts_with(at_the_edge) && text.ends_with(at_the_edge) && text.chars().all(within);
    let told = "letters, digits and _ . - @ between them make a name on a router";
    if is_one { Ok(text.to_owned()) } else { Err(told.to_owned()) }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        args: BootstrapArgs,
    }

    fn args(words: &[&str]) -> Result<BootstrapArgs, clap::Error> {
        Line::try_parse_from(std::iter::once(&"x").chain(words)).map(|line| line.args)
    }

    fn commands(words: &[&str]) -> [String; 2] {
        args(words).unwrap().commands(&"s3cret".to_owned().into())
    }

    #[test]
    fn each_ability_has_the_rights_that_it_needs_and_no_more() {
        let read = [
            "/user group add name=tikmeter policy=api,read",
            "/user add name=tikmeter group=tikmeter password=s3cret",
        ];
        assert_eq!(commands(&[]), read);
        assert_eq!(commands(&["--read"]), read);
        assert_eq!(commands(&["--for", "read"]), read);
        for words in [&["--limits"][..], &["--disconnect"], &["--vouchers"], &["--for", "vouchers,limits"]] {
            assert_eq!(
                commands(words)[0],
                "/user group add name=tikmeter policy=api,read,write",
                "{words:?}"
            );
        }
        let named = commands(&["--user", "meter-1", "--group", "meters", "--address", "192.0.2.10"]);
        assert_eq!(named[0], "/user group add name=meters policy=api,read");
        assert_eq!(named[1], "/user add name=meter-1 group=meters password=s3cret address=192.0.2.10/32");
    }

    /// A terminal takes a line that begins with `#` for a comment.
    #[test]
    fn the_text_is_the_commands_among_comments_and_says_what_each_right_is_for() {
        let args = args(&["--limits", "--disconnect"]).unwrap();
        let text = args.text(&"s3cret".to_owned().into());
        let pasted: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
        assert_eq!(pasted, args.commands(&"s3cret".to_owned().into()));
        assert_eq!(text.matches("s3cret").count(), 1, "{text}");
        for part in [
            "# api ",
            "# read ",
            "# write  change what is there, for limits, disconnect",
            "limits: /queue/simple/add",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
        assert!(!text.contains("vouchers: "), "{text}");
        assert!(
            text.contains("From anywhere") && text.contains("/user group set tikmeter policy=api,read,write"),
            "{text}"
        );
    }

    #[test]
    fn names_and_addresses_say_no_more_to_a_terminal_than_they_are() {
        for name in ["", "a b", "a;", "a\"", "$x", "a=b", "[x]", "a\n/system reboot", "-a", "a#"] {
            assert!(args(&["--user", name]).is_err() && args(&["--group", name]).is_err(), "{name}");
        }
        for (given, kept) in [
            ("192.0.2.10", "192.0.2.10/32"),
            ("192.0.2.0/28", "192.0.2.0/28"),
            ("2001:db8::1", "2001:db8::1/128"),
        ] {
            assert_eq!(args(&["--address", given]).unwrap().address.as_deref(), Some(kept));
        }
        for wrong in ["0.0.0.0", "::", "192.0.2.0/0", "192.0.2.0/33", "tower", "192.0.2.1 disabled=no"] {
            assert!(args(&["--address", wrong]).is_err(), "{wrong}");
        }
        assert!(args(&["--for", "reboot"]).is_err());
    }

    #[test]
    fn every_password_is_another_one() {
        let words =
            |_| args(&["--format", "commands"]).unwrap().commands(&operations::random_password())[1].clone();
        let [one, other] = [0, 1].map(words);
        let password = one.split("password=").nth(1).unwrap();
        assert!(
            one != other && password.len() >= 24 && password.chars().all(|sign| sign.is_ascii_alphanumeric())
        );
    }
}
