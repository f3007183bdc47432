//! The server's live messages.

use futures_util::{SinkExt, StreamExt};
use secrecy::ExposeSecret;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::http::header::AUTHORIZATION;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::http::Client;
use super::problem;
use crate::failure::Failure;
use crate::output::printable;

/// A connection to `/api/v1/live`.
pub(crate) struct Live {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    address: String,
}

impl Client {
    /// Connects to the server's live messages.
    ///
    /// # Errors
    /// One sentence: no answer, or what the server refused.
    pub(crate) async fn live(&self) -> Result<Live, Failure> {
        let (mut url, address) = (self.url(&["live"], &[])?, self.address());
        // A server's address is http, so ws is there for it.
        url.set_scheme("ws").map_err(|()| Failure::usage(format!("{address} is no http address")))?;
        let broken = |error: &dyn std::fmt::Display| {
            Failure::said(format!("no live connection to {address} could be made: {error}"))
        };
        let mut request = url.as_str().into_client_request().map_err(|error| broken(&error))?;
        let token = HeaderValue::from_str(&format!("Bearer {}", self.token().expose_secret()));
        let mut token = token.map_err(|_| Failure::usage("the token holds what no header can hold"))?;
        token.set_sensitive(true);
        request.headers_mut().insert(AUTHORIZATION, token);
        match connect_async(request).await {
            Ok((socket, _)) => Ok(Live { socket, address }),
            Err(Error::Http(answer)) => {
                let body = answer.body().as_deref().unwrap_or_default();
                Err(Failure::Said(problem::sentence(answer.status(), &String::from_utf8_lossy(body))))
            }
            Err(error) => Err(broken(&error)),
        }
    }
}

impl Live {
    /// Asks for something.
    ///
    /// # Errors
    /// When the connection broke.
    pub(crate) async fn ask(&mut self, question: &serde_json::Value) -> Result<(), Failure> {
        let sent = self.socket.send(Message::text(question.to_string())).await;
        sent.map_err(|error| self.ended(&error.to_string()))
    }

    /// The next message.
    ///
    /// # Errors
    /// When the connection ended, with the server's reason.
    pub(crate) async fn next(&mut self) -> Result<String, Failure> {
        loop {
            match self.socket.next().await {
                Some(Ok(Message::Text(text))) => return Ok(text.to_string()),
                Some(Ok(Message::Close(Some(close)))) => return Err(self.ended(&close.reason)),
                Some(Ok(Message::Close(None))) | None => return Err(self.ended("it was closed")),
                Some(Ok(_)) => {}
                Some(Err(error)) => return Err(self.ended(&error.to_string())),
            }
        }
    }

    fn ended(&self, why: &str) -> Failure {
        Failure::said(format!(
            "the live connection to {} ended ({}); start it again",
            self.address,
            printable(why)
        ))
    }
}
