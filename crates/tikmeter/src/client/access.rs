//! Which server, and with which token.

use std::path::{Path, PathBuf};

use reqwest::Url;
use secrecy::SecretString;

use crate::config::Layer;
use crate::data_folder;
use crate::failure::Failure;

/// Where a server listens unless told otherwise.
const DEFAULT_URL: &str = "http://127.0.0.1:8081";

/// How to reach a running server; the same for all commands that talk to one.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Server")]
pub(crate) struct AccessArgs {
    /// The server's address [default: http://127.0.0.1:8081]
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

    /// The server's base address.
    ///
    /// # Errors
    /// `Usage` when it is no http address.
    pub(crate) fn base(&self) -> Result<Url, Failure> {
        let given = self.url.as_deref().unwrap_or(DEFAULT_URL);
        let with_scheme = if given.contains("://") { given.to_owned() } else { format!("http://{given}") };
        let url = Url::parse(&with_scheme).map_err(|error| {
            Failure::usage(format!("--url {given} is no address ({error}); write it like {DEFAULT_URL}"))
        })?;
        match url.scheme() {
            "http" if url.has_host() => Ok(url),
            other => Err(Failure::usage(format!(
                "--url {given}: this version speaks plain http only, not {other}; write it like {DEFAULT_URL}"
            ))),
        }
    }

    /// The token for the server at `base`: the given one, else that of the local server. The latter goes to this
    /// machine only, for it opens everything.
    ///
    /// # Errors
    /// `Said` when there is none.
    pub(crate) fn token(&self, base: &Url) -> Result<SecretString, Failure> {
        match &self.token {
            Some(token) => Ok(token.clone()),
            None if is_this_machine(base) => self.local_token(),
            None => Err(Failure::said(format!(
                "{base} is another machine and needs a token of its own: give --token or TIKMETER_TOKEN \
                 (`tikmeter token create` on that server makes one)"
            ))),
        }
    }

    fn local_token(&self) -> Result<SecretString, Failure> {
        let data = self.data.clone().or_else(|| std::env::var_os("TIKMETER_DATA").map(PathBuf::from));
        let files = data_folder::token_files(data.as_deref());
        let found = files.iter().find_map(|file| Some((file, read(file)?)));
        match found {
            Some((_, Ok(token))) => Ok(token),
            Some((file, Err(error))) => Err(Failure::said(format!(
                "the token in {} cannot be read ({error}); run this as the server's user, or give --token",
                file.display()
            ))),
            None => Err(Failure::said(format!(
                "no token: {} does not exist. Is `tikmeter serve` running? Name its data folder by --data, or give --token \
                 or TIKMETER_TOKEN",
                files.iter().map(|file| file.display().to_string()).collect::<Vec<_>>().join(" nor ")
            ))),
        }
    }
}

/// `None` when there is no such file.
fn read(file: &Path) -> Option<std::io::Result<SecretString>> {
    match std::fs::read_to_string(file) {
        Ok(text) => Some(Ok(text.trim().to_owned().into())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => Some(Err(error)),
    }
}

fn is_this_machine(url: &Url) -> bool {
    match url.host_str() {
        Some("localhost") => true,
        Some(host) => host
            .trim_matches(['[', ']'])
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback()),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    fn access(url: Option<&str>, data: Option<&Path>) -> AccessArgs {
        AccessArgs { url: url.map(str::to_owned), token: None, data: data.map(Path::to_owned) }
    }

    #[test]
    fn an_address_needs_no_scheme_and_https_is_refused_in_words() {
        assert_eq!(access(None, None).base().unwrap().as_str(), "http://127.0.0.1:8081/");
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
}
