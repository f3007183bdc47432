//! Sockets that show a certificate: the API over TLS, and what it shares with the portal.

use std::net::SocketAddr;
use std::path::PathBuf;

use server::ServedCertificate;

use crate::config::listen;
use crate::config::loaded::Loaded;
use crate::config::problem::Problem;

/// The API over TLS, beside plain HTTP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct HttpsSettings {
    /// Where it listens; other machines may reach it.
    pub(crate) listen: SocketAddr,
    /// The files of its certificate and key.
    pub(crate) certificate: (PathBuf, PathBuf),
}

impl Loaded {
    /// How it is served over TLS; `None` where it is not.
    pub(super) fn https(&self) -> Result<Option<HttpsSettings>, Problem> {
        let listen = match self.get("https.listen") {
            Some(_) => Some(self.parsed("https.listen", listen::address)?),
            None => None,
        };
        match (listen, self.certificate("https")?) {
            (None, None) => Ok(None),
            (Some(listen), Some(certificate)) => Ok(Some(HttpsSettings { listen, certificate })),
            (Some(_), None) => Err(self.lacks("https.listen", "certificate")),
            (None, Some(_)) => Err(self.lacks("https.certificate", "listen")),
        }
    }

    fn lacks(&self, given: &str, other: &str) -> Problem {
        let origin = self.get(given).map_or("configuration", |entry| entry.origin.as_str());
        Problem::new(origin, format!("`{given}` does nothing alone: `https.{other}` has no value"))
    }

    /// The files of a section's certificate and key, which must be of use now.
    pub(super) fn certificate(&self, section: &str) -> Result<Option<(PathBuf, PathBuf)>, Problem> {
        let lacking =
            |name: &str| format!("a certificate and its key go together: `{section}.{name}` has no value");
        let of = |name: &str| self.get(&format!("{section}.{name}"));
        let (certificate, key) = match (of("certificate"), of("key")) {
            (None, None) => return Ok(None),
            (Some(certificate), Some(key)) => (certificate, key),
            (Some(one), None) => return Err(Problem::new(&one.origin, lacking("key"))),
            (None, Some(one)) => return Err(Problem::new(&one.origin, lacking("certificate"))),
        };
        let files = (PathBuf::from(&certificate.text), PathBuf::from(&key.text));
        match ServedCertificate::of_files(&files.0, &files.1) {
            Ok(_) => Ok(Some(files)),
            Err(why) => Err(Problem::new(&certificate.origin, format!("`{section}.certificate`: {why}"))),
        }
    }
}
