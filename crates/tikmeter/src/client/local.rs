//! The server of this machine: what it wrote into its data folder for commands here.

use std::io::ErrorKind;
use std::net::{IpAddr, UdpSocket};
use std::path::{Path, PathBuf};

use reqwest::Url;
use secrecy::SecretString;

use crate::data_folder;
use crate::failure::Failure;

/// Where a running server says that it listens.
#[derive(Debug)]
pub(super) struct Announced {
    /// The folder it is in.
    pub(super) folder: PathBuf,
    /// The file that says so.
    pub(super) file: PathBuf,
    /// The address as written.
    pub(super) url: String,
}

/// The first server that announced itself in one of the folders. One whose folder is closed to this user is none:
/// its token could not be read either.
///
/// # Errors
/// When a file is there that cannot be read for another reason.
pub(super) fn announced(data: Option<&Path>) -> Result<Option<Announced>, Failure> {
    for folder in data_folder::for_commands(data) {
        let file = data_folder::url_file(&folder);
        match std::fs::read_to_string(&file) {
            Ok(text) => return Ok(Some(Announced { folder, file, url: text.trim().to_owned() })),
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::PermissionDenied) => {}
            Err(error) => {
                let file = file.display();
                return Err(Failure::said(format!(
                    "the server's address in {file} cannot be read ({error}); give --url"
                )));
            }
        }
    }
    Ok(None)
}

/// The first token in one of the folders.
///
/// # Errors
/// `Said` when there is none, or it cannot be read.
pub(super) fn token(data: Option<&Path>) -> Result<SecretString, Failure> {
    let files: Vec<_> =
        data_folder::for_commands(data).iter().map(|folder| data_folder::token_file(folder)).collect();
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

/// `None` when there is no such file.
fn read(file: &Path) -> Option<std::io::Result<SecretString>> {
    match std::fs::read_to_string(file) {
        Ok(text) => Some(Ok(text.trim().to_owned().into())),
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => Some(Err(error)),
    }
}

/// Whether only this machine answers there.
pub(super) fn is_loopback(url: &Url) -> bool {
    url.host_str() == Some("localhost") || ip(url).is_some_and(|address| address.is_loopback())
}

/// Whether this machine has that address now. One that a killed server left behind may be another machine's since.
pub(super) fn is_own_address(url: &Url) -> bool {
    ip(url).is_some_and(|address| UdpSocket::bind((address, 0)).is_ok())
}

fn ip(url: &Url) -> Option<IpAddr> {
    url.host_str()?.trim_matches(['[', ']']).parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_this_machine_can_be_bound_and_others_not() {
        for (url, own) in
            [("http://127.0.0.1:1", true), ("http://192.0.2.77:1", false), ("http://name:1", false)]
        {
            assert_eq!(is_own_address(&Url::parse(url).unwrap()), own, "{url}");
        }
    }

    #[test]
    fn nobody_announced_is_no_error() {
        let folder = tempfile::tempdir().unwrap();
        assert!(announced(Some(folder.path())).unwrap().is_none());
        std::fs::create_dir(folder.path().join("url")).unwrap();
        let broken = announced(Some(folder.path())).unwrap_err().to_string();
        assert!(broken.contains("/url cannot be read") && broken.contains("--url"), "{broken}");
    }
}
