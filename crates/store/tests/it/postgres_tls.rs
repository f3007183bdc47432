//! TLS to the server: what each `sslmode` takes and refuses. The server of this test run is given a certificate for it.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener};
use std::path::Path;

use rcgen::{CertificateParams, Issuer, KeyPair};
use store::{InstallationRepository, Postgres};

use crate::postgres_server::{self, Database};

/// An authority, and what it signed for a host: its certificate, and the host's with its key.
struct Signed {
    authority: String,
    certificate: String,
    key: String,
}

fn signed_for(host: &str) -> Signed {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let issuer_key = KeyPair::generate().unwrap();
    let authority = params.self_signed(&issuer_key).unwrap().pem();
    let key = KeyPair::generate().unwrap();
    let leaf = CertificateParams::new(vec![host.to_owned()]).unwrap();
    let certificate = leaf.signed_by(&key, &Issuer::new(params, issuer_key)).unwrap().pem();
    Signed { authority, certificate, key: key.serialize_pem() }
}

/// Lets the server show that certificate from its next connection on.
fn show(signed: &Signed) {
    let file = |name: &str, text: &str| {
        format!(
            "COPY (SELECT line FROM unnest(string_to_array('{text}', E'\\n')) AS line) TO PROGRAM 'umask 077; cat > {name}'; "
        )
    };
    let put = file("tests.crt", &signed.certificate) + &file("tests.key", &signed.key);
    postgres_server::run(&postgres_server::server(), &put);
    for setting in ["ssl_cert_file = 'tests.crt'", "ssl_key_file = 'tests.key'", "ssl = on"] {
        postgres_server::run(&postgres_server::server(), &format!("ALTER SYSTEM SET {setting}"));
    }
    postgres_server::run(&postgres_server::server(), "SELECT pg_reload_conf()");
    let is_on = || {
        postgres_server::ask(&postgres_server::server(), |client| {
            client.query_one("SHOW ssl", &[]).unwrap().get::<_, String>(0) == "on"
        })
    };
    // The server takes its settings up when it comes to it.
    while !is_on() {
        std::thread::yield_now();
    }
}

/// Whether all connections to the database are, when it is opened by that URL.
async fn encrypted(database: &Database, url: &str) -> bool {
    let store = Postgres::open(url).unwrap();
    store.installation().await.unwrap();
    let name = database.name().to_owned();
    postgres_server::ask(&postgres_server::server(), move |client| {
        let sql =
            "SELECT bool_and(ssl) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE datname = $1";
        client.query_one(sql, &[&name]).unwrap().get(0)
    })
}

fn refused(url: &str) -> String {
    Postgres::open(url).err().unwrap().to_string()
}

#[tokio::test]
async fn a_certificate_is_checked_unless_anybody_will_do() {
    let signed = signed_for("127.0.0.1");
    show(&signed);
    let folder = tempfile::tempdir().unwrap();
    let written = |name: &str, text: &str| {
        let file = folder.path().join(name);
        std::fs::write(&file, text).unwrap();
        file.display().to_string()
    };
    let (ours, others) =
        (written("ours.pem", &signed.authority), written("others.pem", &signed_for("127.0.0.1").authority));
    let database = Database::create();
    let url = |words: &str| format!("{}?{words}", database.url());
    assert!(encrypted(&database, &url(&format!("sslmode=verify-full&sslrootcert={ours}"))).await);
    assert!(encrypted(&database, &url("sslmode=require")).await);
    assert!(!encrypted(&database, &url("sslmode=disable")).await);
    for words in [format!("sslmode=verify-full&sslrootcert={others}"), "sslmode=verify-full".to_owned()] {
        let told = refused(&url(&words));
        assert!(told.contains("certificate") && told.contains("sslrootcert=FILE"), "{told}");
    }
    let by_name = url(&format!("sslmode=verify-full&sslrootcert={ours}")).replace("127.0.0.1", "localhost");
    assert!(refused(&by_name).contains("certificate"));
    let nothing = written("nothing.pem", "");
    let told = refused(&url(&format!("sslmode=verify-full&sslrootcert={nothing}")));
    assert!(told.contains("nothing.pem") && Path::new(&nothing).exists(), "{told}");
}

#[test]
fn a_server_without_tls_is_sent_nothing_unless_that_was_said() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("postgres://u:secret@{}/db?sslmode=require", listener.local_addr().unwrap());
    let heard = std::thread::spawn(move || {
        let (mut client, _) = listener.accept().unwrap();
        let mut asked = [0; 8];
        client.read_exact(&mut asked).unwrap();
        client.write_all(b"N").unwrap();
        client.shutdown(Shutdown::Write).unwrap();
        let mut rest = Vec::new();
        client.read_to_end(&mut rest).unwrap();
        rest
    });
    let told = refused(&url);
    assert!(told.contains("sslmode=disable") && !told.contains("secret"), "{told}");
    assert!(heard.join().unwrap().is_empty());
}
