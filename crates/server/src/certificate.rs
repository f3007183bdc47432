//! The certificate that a socket shows: two PEM files, which are read again when they change.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use rustls::ServerConfig;
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use sha2::{Digest, Sha256};
use tokio_rustls::TlsAcceptor;

/// Bytes that such a file may have; a chain has some thousand.
const LARGEST: u64 = 1 << 20;

static PROVIDER: LazyLock<Arc<CryptoProvider>> = LazyLock::new(|| Arc::new(aws_lc_rs::default_provider()));

/// What those who come are shown, as the files had it when they were read last.
pub struct ServedCertificate {
    certificate: PathBuf,
    key: PathBuf,
    shown: RwLock<Shown>,
}

struct Shown {
    /// Of both files' bytes.
    digest: [u8; 32],
    config: Arc<ServerConfig>,
}

impl ServedCertificate {
    /// Reads them.
    ///
    /// # Errors
    /// A sentence that names the file that cannot be used, or says that the two do not belong together.
    pub fn of_files(certificate: &Path, key: &Path) -> Result<Self, String> {
        let shown = shown(certificate, key)?;
        Ok(ServedCertificate {
            certificate: certificate.to_owned(),
            key: key.to_owned(),
            shown: RwLock::new(shown),
        })
    }

    /// Reads them again; whether there is another one to be shown. Connections that are open keep what they were shown.
    ///
    /// # Errors
    /// As [`ServedCertificate::of_files`]; the one of before is shown further on.
    pub fn read_again(&self) -> Result<bool, String> {
        let now = shown(&self.certificate, &self.key)?;
        let mut shown = self.shown.write().unwrap_or_else(PoisonError::into_inner);
        let is_new = shown.digest != now.digest;
        *shown = now;
        Ok(is_new)
    }

    /// Greets by it.
    pub(crate) fn acceptor(&self) -> TlsAcceptor {
        let shown = self.shown.read().unwrap_or_else(PoisonError::into_inner);
        TlsAcceptor::from(Arc::clone(&shown.config))
    }
}

fn shown(certificate: &Path, key: &Path) -> Result<Shown, String> {
    let (chain, secret) = (bytes(certificate)?, bytes(key)?);
    let digest = Sha256::new().chain_update(Sha256::digest(&chain)).chain_update(Sha256::digest(&secret));
    let certificates = chain_of(&chain).map_err(|why| cannot(certificate, &why))?;
    let secret = PrivateKeyDer::from_pem_slice(&secret)
        .map_err(|why| cannot(key, &format!("no private key in PEM is in it ({why})")))?;
    let builder = ServerConfig::builder_with_provider(PROVIDER.clone()).with_safe_default_protocol_versions();
    let builder = builder.map_err(|why| format!("TLS cannot be had ({why})"))?.with_no_client_auth();
    let mut config = builder.with_single_cert(certificates, secret).map_err(|why| {
        format!("{} and {} do not belong together ({why})", certificate.display(), key.display())
    })?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Shown { digest: digest.finalize().into(), config: Arc::new(config) })
}

fn chain_of(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, String> {
    let read = CertificateDer::pem_slice_iter(pem).collect::<Result<Vec<_>, _>>();
    let chain = read.map_err(|why| why.to_string())?;
    if chain.is_empty() { Err("no certificate in PEM is in it".to_owned()) } else { Ok(chain) }
}

fn bytes(path: &Path) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(LARGEST).read_to_end(&mut bytes));
    read.map_err(|why| cannot(path, &why.to_string())).map(|_| bytes)
}

fn cannot(path: &Path, why: &str) -> String {
    format!("{} cannot be used: {why}", path.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Folder(tempfile::TempDir);

    impl Folder {
        fn new() -> Self {
            Folder(tempfile::tempdir().unwrap())
        }

        fn path(&self, name: &str) -> PathBuf {
            self.0.path().join(name)
        }

        /// Writes a new pair.
        fn renew(&self) {
            let made = rcgen::generate_simple_self_signed(["portal.test".to_owned()]).unwrap();
            std::fs::write(self.path("cert.pem"), made.cert.pem()).unwrap();
            std::fs::write(self.path("key.pem"), made.signing_key.serialize_pem()).unwrap();
        }

        fn served(&self) -> Result<ServedCertificate, String> {
            ServedCertificate::of_files(&self.path("cert.pem"), &self.path("key.pem"))
        }
    }

    #[test]
    fn another_certificate_is_shown_and_a_broken_one_is_not() {
        let folder = Folder::new();
        folder.renew();
        let served = folder.served().unwrap();
        assert_eq!(served.read_again(), Ok(false));
        let of_before = std::fs::read(folder.path("key.pem")).unwrap();
        folder.renew();
        assert_eq!((served.read_again(), served.read_again()), (Ok(true), Ok(false)));
        std::fs::write(folder.path("key.pem"), of_before).unwrap();
        let told = served.read_again().unwrap_err();
        assert!(told.contains("do not belong together"), "{told}");
        folder.renew();
        assert_eq!(served.read_again(), Ok(true));
    }

    #[test]
    fn what_is_wrong_is_named() {
        let folder = Folder::new();
        assert!(folder.served().err().unwrap().contains("cert.pem cannot be used: "), "not there");
        folder.renew();
        std::fs::write(folder.path("cert.pem"), "nothing").unwrap();
        assert!(folder.served().err().unwrap().contains("no certificate in PEM"));
        folder.renew();
        std::fs::write(folder.path("key.pem"), "nothing").unwrap();
        assert!(folder.served().err().unwrap().contains("key.pem cannot be used: no private key"));
    }
}
