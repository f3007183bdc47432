//! A router that says exactly what a test wants: for what the simulator, being consistent, never says.

use std::net::SocketAddr;

use routeros_proto::{Decoder, Limits, ReplyWriter, Request};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Rows of an answer: attributes by name.
pub(crate) type Rows = Vec<Vec<(&'static str, &'static str)>>;

/// Answers each command of one connection with the rows that `answer` gives for its path and how often it came
/// before; the login always succeeds.
pub(crate) async fn router(answer: impl Fn(&str, usize) -> Rows + Send + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        serve(stream, answer).await;
    });
    addr
}

/// Ends when the client does.
async fn serve(mut stream: TcpStream, answer: impl Fn(&str, usize) -> Rows) {
    let mut decoder = Decoder::new(Limits::default());
    let mut seen: Vec<String> = Vec::new();
    loop {
        let mut out = Vec::new();
        while let Some(sentence) = decoder.next().unwrap() {
            let path = String::from_utf8(Request::parse(sentence).unwrap().path().to_vec()).unwrap();
            let before = seen.iter().filter(|one| **one == path).count();
            write_rows(&answer(&path, before), &mut out);
            seen.push(path);
        }
        let space = decoder.space(4096);
        let read = match stream.write_all(&out).await {
            Ok(()) => stream.read(space).await.unwrap_or(0),
            Err(_) => 0,
        };
        if read == 0 {
            return;
        }
        decoder.advance(read);
    }
}

fn write_rows(rows: &Rows, out: &mut Vec<u8>) {
    for row in rows {
        let mut writer = ReplyWriter::row(out, None);
        for (name, value) in row {
            writer.attribute(name.as_bytes(), value.as_bytes());
        }
        writer.finish();
    }
    ReplyWriter::done(out, None).finish();
}
