//! Requests with our token, answers or one clear sentence.

use std::net::SocketAddr;
use std::time::Duration;

use futures_util::{StreamExt, stream};
use reqwest::header::{CONTENT_LENGTH, CONTENT_TYPE};
use reqwest::{Method, StatusCode, Url};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;

use super::access::AccessArgs;
use super::answer::Answer;
use super::problem;
use crate::failure::Failure;

/// How long a server may take to accept a connection.
const CONNECT: Duration = Duration::from_secs(5);
/// How long an answer may take. Recomputing the books of a large network takes minutes.
const ANSWER: Duration = Duration::from_secs(600);
/// Bytes of a file sent in one go.
const UPLOAD_PART: usize = 64 * 1024;
/// The header that marks simulated data.
const SIMULATED: &str = "tikmeter-simulated";

/// Parameters of a request; absent ones are left out.
pub(crate) type Query<'a> = [(&'a str, Option<&'a str>)];

/// A server and the token it wants.
#[derive(Debug)]
pub(crate) struct Client {
    http: reqwest::Client,
    base: Url,
    token: SecretString,
}

impl Client {
    /// A client for the server that the flags name. Nothing is sent yet.
    ///
    /// # Errors
    /// When the address is none, or no token is found.
    pub(crate) fn new(access: &AccessArgs) -> Result<Self, Failure> {
        let base = access.base()?;
        let token = access.token(&base)?;
        Self::with(base, token)
    }

    /// A client for the server at `address`.
    ///
    /// # Errors
    /// When no HTTP client can be made.
    pub(crate) fn of(address: SocketAddr, token: SecretString) -> Result<Self, Failure> {
        let base = Url::parse(&format!("http://{address}"))
            .map_err(|error| Failure::said(format!("{address} is no address to connect to: {error}")))?;
        Self::with(base, token)
    }

    fn with(base: Url, token: SecretString) -> Result<Self, Failure> {
        // A proxy would learn the token.
        let http = reqwest::Client::builder().no_proxy().connect_timeout(CONNECT).timeout(ANSWER).build();
        let http = http.map_err(|error| Failure::said(format!("no HTTP client could be made: {error}")))?;
        Ok(Client { http, base, token })
    }

    /// Asks for `/api/v1/` and these path segments.
    ///
    /// # Errors
    /// One sentence: no answer, or what the server refused.
    pub(crate) async fn get(&self, path: &[&str], query: &Query<'_>) -> Result<Answer, Failure> {
        self.answer(self.http.get(self.url(path, query)?)).await
    }

    /// Asks for a path that is not below `/api/v1/`.
    ///
    /// # Errors
    /// As [`Client::get`].
    pub(crate) async fn get_beside(&self, path: &[&str]) -> Result<Answer, Failure> {
        let mut url = self.base.clone();
        url.path_segments_mut()
            .map_err(|()| Failure::usage("--url cannot have paths below it"))?
            .pop_if_empty()
            .extend(path);
        self.answer(self.http.get(url)).await
    }

    /// Sends a command without a body.
    ///
    /// # Errors
    /// As [`Client::get`].
    pub(crate) async fn act(&self, method: Method, path: &[&str]) -> Result<Answer, Failure> {
        self.act_on(method, path, &[]).await
    }

    /// Sends a command without a body whose particulars are in its address.
    ///
    /// # Errors
    /// As [`Client::get`].
    pub(crate) async fn act_on(
        &self,
        method: Method,
        path: &[&str],
        query: &Query<'_>,
    ) -> Result<Answer, Failure> {
        self.answer(self.http.request(method, self.url(path, query)?)).await
    }

    /// Sends a command with a JSON body.
    ///
    /// # Errors
    /// As [`Client::get`].
    pub(crate) async fn send(
        &self,
        method: Method,
        path: &[&str],
        body: &impl Serialize,
    ) -> Result<Answer, Failure> {
        self.send_with(method, path, &[], body).await
    }

    /// The same, with parameters. It may take long.
    ///
    /// # Errors
    /// As [`Client::get`].
    pub(crate) async fn send_with(
        &self,
        method: Method,
        path: &[&str],
        query: &Query<'_>,
        body: &impl Serialize,
    ) -> Result<Answer, Failure> {
        self.answer(self.http.request(method, self.url(path, query)?).json(body)).await
    }

    /// The server's address, as people write it.
    pub(crate) fn address(&self) -> String {
        self.base.as_str().trim_end_matches('/').to_owned()
    }

    pub(super) fn token(&self) -> &SecretString {
        &self.token
    }

    pub(super) fn url(&self, path: &[&str], query: &Query<'_>) -> Result<Url, Failure> {
        let mut url = self.base.clone();
        // These two would be taken for steps through folders, not for names.
        if path.iter().any(|segment| matches!(*segment, "" | "." | "..")) {
            return Err(Failure::usage("a name must not be empty, `.` or `..`"));
        }
        let mut segments =
            url.path_segments_mut().map_err(|()| Failure::usage("--url cannot have paths below it"))?;
        segments.pop_if_empty().extend(["api", "v1"]).extend(path);
        drop(segments);
        let given: Vec<_> = query.iter().filter_map(|(name, value)| Some((name, (*value)?))).collect();
        if !given.is_empty() {
            url.query_pairs_mut().extend_pairs(given);
        }
        Ok(url)
    }

    /// Sends a CSV file; `sent` hears of the bytes as they leave.
    ///
    /// # Errors
    /// As [`Client::get`]. A file that the server read and refused is none.
    pub(crate) async fn upload(
        &self,
        path: &[&str],
        query: &Query<'_>,
        file: Vec<u8>,
        sent: impl Fn(u64) + Send + Sync + 'static,
    ) -> Result<Upload, Failure> {
        let length = file.len();
        let parts: Vec<Vec<u8>> = file.chunks(UPLOAD_PART).map(<[u8]>::to_vec).collect();
        drop(file);
        let parts = stream::iter(parts).map(move |part| {
            sent(part.len() as u64);
            Ok::<_, std::convert::Infallible>(part)
        });
        let request = self
            .http
            .post(self.url(path, query)?)
            .header(CONTENT_TYPE, "text/csv")
            .header(CONTENT_LENGTH, length)
            .body(reqwest::Body::wrap_stream(parts));
        let response = self.send_as_us(request).await?;
        let refused = response.status() == StatusCode::UNPROCESSABLE_ENTITY;
        let response = if refused { response } else { self.good(response).await? };
        let simulated = is_simulated(&response);
        let text = response.text().await.map_err(|error| no_answer(&error, &self.base))?;
        let answer = Answer { text, simulated };
        Ok(if refused { Upload::Refused(answer) } else { Upload::Taken(answer) })
    }

    /// Asks for something that may be too long to hold.
    ///
    /// # Errors
    /// As [`Client::get`].
    pub(crate) async fn download(&self, path: &[&str], query: &Query<'_>) -> Result<Download, Failure> {
        let response = self.ask(self.http.get(self.url(path, query)?)).await?;
        Ok(Download { simulated: is_simulated(&response), response, base: self.base.clone() })
    }

    async fn answer(&self, request: reqwest::RequestBuilder) -> Result<Answer, Failure> {
        let response = self.ask(request).await?;
        let simulated = is_simulated(&response);
        Ok(Answer { text: response.text().await.map_err(|error| no_answer(&error, &self.base))?, simulated })
    }

    /// Sends a request; the answer is a good one.
    async fn ask(&self, request: reqwest::RequestBuilder) -> Result<reqwest::Response, Failure> {
        let response = self.send_as_us(request).await?;
        self.good(response).await
    }

    async fn send_as_us(&self, request: reqwest::RequestBuilder) -> Result<reqwest::Response, Failure> {
        let sent = request.bearer_auth(self.token.expose_secret()).send().await;
        sent.map_err(|error| no_answer(&error, &self.base))
    }

    /// The same answer, if it is a good one.
    async fn good(&self, response: reqwest::Response) -> Result<reqwest::Response, Failure> {
        let status = response.status();
        if status.is_success() {
            return Ok(response);
        }
        let text = response.text().await.map_err(|error| no_answer(&error, &self.base))?;
        Err(Failure::Said(problem::sentence(status, &text)))
    }
}

fn is_simulated(response: &reqwest::Response) -> bool {
    response.headers().get(SIMULATED).is_some_and(|value| value == "true")
}

fn no_answer(error: &reqwest::Error, base: &Url) -> Failure {
    Failure::said(problem::no_answer(error, base))
}

/// What became of a file that was sent.
#[derive(Debug)]
pub(crate) enum Upload {
    /// It was taken.
    Taken(Answer),
    /// It was read and has faults; the answer tells them.
    Refused(Answer),
}

/// A good answer that comes part by part.
#[derive(Debug)]
pub(crate) struct Download {
    response: reqwest::Response,
    base: Url,
    /// True when the server says that its data are simulated.
    pub(crate) simulated: bool,
}

impl Download {
    /// The next part; `None` after the last.
    ///
    /// # Errors
    /// One sentence when the answer breaks off: what came before it is not all.
    pub(crate) async fn next(&mut self) -> Result<Option<Vec<u8>>, Failure> {
        match self.response.chunk().await {
            Ok(part) => Ok(part.map(|part| part.to_vec())),
            Err(error) => {
                let because = problem::no_answer(&error, &self.base);
                Err(Failure::said(format!(
                    "the answer was cut off, so what was written is not all of it: {because}"
                )))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(base: &str) -> Client {
        Client {
            http: reqwest::Client::new(),
            base: Url::parse(base).unwrap(),
            token: "tkm_x".to_owned().into(),
        }
    }

    #[test]
    fn names_that_hurt_stay_within_their_segment() {
        let url = |name| client("http://h:1").url(&["routers", name], &[]).unwrap().to_string();
        assert_eq!(url("a/b?c#d e%"), "http://h:1/api/v1/routers/a%2Fb%3Fc%23d%20e%25");
        assert!(client("http://h:1").url(&["routers", ".."], &[]).is_err());
    }

    #[test]
    fn absent_parameters_are_left_out_and_the_rest_is_encoded() {
        let url = client("http://h/below/")
            .url(&["usage"], &[("router", None), ("username", Some("a&b=c"))])
            .unwrap();
        assert_eq!(url.as_str(), "http://h/below/api/v1/usage?username=a%26b%3Dc");
        assert_eq!(
            client("http://h").url(&["usage"], &[("router", None)]).unwrap().as_str(),
            "http://h/api/v1/usage"
        );
    }
}
