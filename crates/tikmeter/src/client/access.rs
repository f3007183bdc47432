//! Which server, and with which token.

use std::path::PathBuf;

use reqwest::Url;
use secrecy::SecretString;

use super::local;
use crate::config::Layer;
use crate::failure::Failure;

/// Where a server listens unless told otherwise.
const DEFAULT_URL: &str = "http://127.0.0.1:8081";

/// How to reach a running server; the same for all commands that talk to one.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Server")]
pub(crate) struct AccessArgs {
    /// The server's address [default: what the local server wrote to DATA/url, else http://127.0.0.1:8081]
    #[arg(long, global = true, env = "TIKMETER_URL", value_name = "URL")]
    pub(crate) url: Option<String>,
    /// The API token [default: what the local server wrote to DATA/token]
    #[arg(long, global = true, env = "TIKMETER_TOKEN", value_name = "TOKEN", hide_env_values = true)]
    token: Option<SecretString>,
    /// The server's data folder [env: TIKMETER_DATA] [default: /var/lib/tikmeter when writable, else ./data]
    // Its variable is a key of the configuration, which tells variables from flags.
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
}

impl AccessArgs {
    /// The flags that are keys of the configuration too.
    pub(crate) fn as_configuration(&self) -> Layer {
        let mut layer = Layer::default();
        if let Some(data) = &self.data {
            layer.set("server", "data", &data.display().to_string(), "--data");
        }
        layer
    }

    /// The server's base address: the given one, else that of the local server, else the usual one.
    ///
    /// # Errors
    /// `Usage` when it is no http address; `Said` when the local server's cannot be read.
    pub(crate) fn base(&self) -> Result<Url, Failure> {
        if let Some(given) = &self.url {
            return parse(given).map_err(|text| Failure::usage(format!("--url {text}")));
        }
        match local::announced(self.folder().as_deref())? {
            Some(found) => parse(&found.url).map_err(|text| {
                Failure::said(format!(
                    "{} holds a wrong address: {text}; or give --url",
                    found.file.display()
                ))
            }),
            None => parse(DEFAULT_URL).map_err(Failure::said),
        }
    }

    /// The token for the server at `base`: the given one, else that of the local server. The latter goes to this
    /// machine only, for it opens everything.
    ///
    /// # Errors
    /// `Said` when there is none.
    pub(crate) fn token(&self, base: &Url) -> Result<SecretString, Failure> {
        if let Some(token) = &self.token {
            return Ok(token.clone());
        }
        let announced = if self.url.is_none() { local::announced(self.folder().as_deref())? } else { None };
        match announced {
            Some(found) if local::is_loopback(base) || local::is_own_address(base) => {
                local::token(Some(&found.folder))
            }
            None if local::is_loopback(base) => local::token(self.folder().as_deref()),
            _ => Err(Failure::said(format!(
                "{base} is another machine and needs a token of its own: give --token or TIKMETER_TOKEN \
                 (`tikmeter token create` on that server makes one)"
            ))),
        }
    }

    /// The data folder, if one was given by flag or variable.
    pub(crate) fn folder(&self) -> Option<PathBuf> {
        self.data.clone().or_else(|| std::env::var_os("TIKMETER_DATA").map(PathBuf::from))
    }
}

/// The address in `given`, which needs no scheme; else what is wrong with it.
fn parse(given: &str) -> Result<Url, String> {
    let with_scheme = if given.contains("://") { given.to_owned() } else { format!("http://{given}") };
    let url = Url::parse(&with_scheme)
        .map_err(|error| format!("{given} is no address ({error}); write it like {DEFAULT_URL}"))?;
    match url.scheme() {
        "http" if url.has_host() => Ok(url),
        other => Err(format!(
            "{given}: this version speaks plain http only, not {other}; write it like {DEFAULT_URL}"
        )),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use secrecy::ExposeSecret;

    use super::*;

    fn access(url: Option<&str>, data: Option<&Path>) -> AccessArgs {
        AccessArgs { url: url.map(str::to_owned), token: None, data: data.map(Path::to_owned) }
    }

    #[test]
    fn an_address_needs_no_scheme_and_https_is_refused_in_words() {
        let empty = tempfile::tempdir().unwrap();
        assert_eq!(access(None, Some(empty.path())).base().unwrap().as_str(), "http://127.0.0.1:8081/");
        assert_eq!(
            access(Some("tower.example:90"), None).base().unwrap().as_str(),
            "http://tower.example:90/"
        );
        let refused = access(Some("https://tower.example"), None).base().unwrap_err();
        assert!(refused.to_string().contains("plain http only"), "{refused}");
    }

    #[test]
    fn the_local_token_never_leaves_this_machine() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("token"), "tkm_secret\n").unwrap();
        for (url, given) in [
            ("http://127.0.0.1:1", true),
            ("http://[::1]:1", true),
            ("http://localhost", true),
            ("http://10.0.0.1", false),
        ] {
            let access = access(Some(url), Some(folder.path()));
            let token = access.token(&access.base().unwrap());
            assert_eq!(token.is_ok_and(|token| token.expose_secret() == "tkm_secret"), given, "{url}");
        }
    }

    #[test]
    fn a_missing_token_names_the_file_and_what_to_do() {
        let folder = tempfile::tempdir().unwrap();
        let access = access(None, Some(folder.path()));
        let missing = access.token(&access.base().unwrap()).unwrap_err().to_string();
        assert!(missing.contains("/token does not exist") && missing.contains("tikmeter serve"), "{missing}");
    }

    #[test]
    fn the_local_servers_address_is_found_beside_its_token_and_a_given_one_wins() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("token"), "tkm_secret\n").unwrap();
        let place = folder.path().join("url");
        std::fs::write(&place, "http://127.0.0.1:4711\n").unwrap();
        let local = access(None, Some(folder.path()));
        assert_eq!(local.base().unwrap().as_str(), "http://127.0.0.1:4711/");
        assert!(local.token(&local.base().unwrap()).is_ok());
        let given = access(Some("http://127.0.0.1:1"), Some(folder.path()));
        assert_eq!(given.base().unwrap().as_str(), "http://127.0.0.1:1/");

        std::fs::write(&place, "http://192.0.2.77:1\n").unwrap();
        assert!(local.token(&local.base().unwrap()).is_err(), "not this machine's address");
        std::fs::write(&place, "https://127.0.0.1").unwrap();
        let wrong = local.base().unwrap_err().to_string();
        assert!(wrong.contains("/url holds a wrong address"), "{wrong}");
    }
}
