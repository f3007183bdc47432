//! `DATA/url`: tells commands on this machine where the server listens, as `DATA/token` gives them its token.

use std::io::Write;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::{Path, PathBuf};

use crate::data_folder;

/// The file, while its server runs; a clean stop takes it away. What a killed server left is replaced by the next.
#[derive(Debug)]
pub(super) struct UrlFile {
    path: PathBuf,
    text: String,
}

impl UrlFile {
    /// Writes where commands reach a server that listens on `address`. Counting goes on without the file, so that it
    /// cannot be written is only a warning.
    pub(super) fn write(folder: &Path, address: SocketAddr) -> Option<Self> {
        let file = UrlFile { path: data_folder::url_file(folder), text: format!("{}\n", url(address)) };
        match file.put(folder) {
            Ok(()) => Some(file),
            Err(error) => {
                tracing::warn!(
                    "{} cannot be written ({error}); commands need --url http://{address}",
                    file.path.display()
                );
                None
            }
        }
    }

    /// A new file, closed to others from its birth, takes the old one's place: nobody reads half an address.
    fn put(&self, folder: &Path) -> std::io::Result<()> {
        let mut new = tempfile::Builder::new().prefix("url.").tempfile_in(folder)?;
        new.write_all(self.text.as_bytes())?;
        new.persist(&self.path).map(|_| ()).map_err(|error| error.error)
    }

    fn is_ours(&self) -> bool {
        std::fs::read_to_string(&self.path).is_ok_and(|text| text == self.text)
    }
}

impl Drop for UrlFile {
    fn drop(&mut self) {
        if !self.is_ours() {
            return;
        }
        if let Err(error) = std::fs::remove_file(&self.path) {
            tracing::warn!("{} cannot be removed ({error}); delete it by hand", self.path.display());
        }
    }
}

/// Nobody connects to "every address": such a server is reached on this machine's own.
fn url(address: SocketAddr) -> String {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    format!("http://{}", SocketAddr::new(ip, address.port()))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn every_address_is_reached_on_this_machine() {
        for (address, told) in [
            ("127.0.0.1:8081", "http://127.0.0.1:8081"),
            ("0.0.0.0:90", "http://127.0.0.1:90"),
            ("[::]:90", "http://[::1]:90"),
            ("10.0.0.1:90", "http://10.0.0.1:90"),
        ] {
            assert_eq!(url(address.parse().unwrap()), told);
        }
    }

    #[test]
    fn it_is_its_owners_alone_and_goes_with_its_server() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("url");
        std::fs::write(&path, "http://left.by.a.killed.one").unwrap();
        let file = UrlFile::write(folder.path(), "127.0.0.1:90".parse().unwrap());
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "http://127.0.0.1:90\n");
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        drop(file);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn another_servers_address_is_not_taken_away() {
        let folder = tempfile::tempdir().unwrap();
        let old = UrlFile::write(folder.path(), "127.0.0.1:90".parse().unwrap());
        let new = UrlFile::write(folder.path(), "127.0.0.1:91".parse().unwrap());
        drop(old);
        assert!(folder.path().join("url").exists());
        drop(new);
        assert!(!folder.path().join("url").exists());
    }
}
