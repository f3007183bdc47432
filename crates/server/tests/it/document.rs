//! The OpenAPI document as the tests read it: which operations there are and what each may answer.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::Request;
use serde_json::Value;

/// One operation of the document.
#[derive(Clone, Debug)]
pub(crate) struct Operation {
    /// Lower case.
    pub(crate) method: String,
    pub(crate) path: String,
    /// Declared to need no token.
    pub(crate) open: bool,
    /// Status to media types.
    answers: BTreeMap<u16, Vec<String>>,
}

impl Operation {
    /// Something that can be sent there; the path's parts are filled with names that nothing has.
    pub(crate) fn example(&self, token: Option<&str>) -> Request<Body> {
        let path: Vec<_> =
            self.path.split('/').map(|part| if part.starts_with('{') { "7" } else { part }).collect();
        let mut request = Request::builder().method(self.method.to_uppercase().as_str()).uri(path.join("/"));
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let takes_body = matches!(self.method.as_str(), "post" | "patch");
        let body = if takes_body { Body::from("{}") } else { Body::empty() };
        request.header("content-type", "application/json").body(body).unwrap()
    }

    /// Fails unless the document says that this may be answered.
    pub(crate) fn expect_declared(&self, status: u16, media_type: &str) {
        let told = self.answers.get(&status);
        let what = format!("{} {} answered {status} {media_type}", self.method, self.path);
        let Some(media_types) = told else { panic!("{what}, which the document does not declare") };
        let fits = |one: &String| media_type.split(';').next() == Some(one.as_str());
        assert!(
            media_types.is_empty() && media_type.is_empty() || media_types.iter().any(fits),
            "{what}, not {media_types:?}"
        );
    }

    fn fits(&self, method: &str, path: &str) -> bool {
        let (mine, theirs): (Vec<_>, Vec<_>) = (self.path.split('/').collect(), path.split('/').collect());
        self.method == method
            && mine.len() == theirs.len()
            && mine.iter().zip(&theirs).all(|(mine, theirs)| mine.starts_with('{') || mine == theirs)
    }
}

/// Every operation of `document`.
pub(crate) fn operations(document: &Value) -> Vec<Operation> {
    let paths = document["paths"].as_object().unwrap();
    let of_path = |(path, item): (&String, &Value)| -> Vec<Operation> {
        item.as_object().unwrap().iter().map(|(method, told)| operation(method, path, told)).collect()
    };
    paths.iter().flat_map(of_path).collect()
}

/// The operation that a request meets, if any.
pub(crate) fn met<'a>(operations: &'a [Operation], method: &str, path: &str) -> Option<&'a Operation> {
    let method = method.to_lowercase();
    operations.iter().find(|one| one.fits(&method, path))
}

fn operation(method: &str, path: &str, told: &Value) -> Operation {
    let answers = told["responses"].as_object().unwrap().iter().map(|(status, answer)| {
        let types = answer["content"].as_object().map(|types| types.keys().cloned().collect());
        (status.parse().unwrap(), types.unwrap_or_default())
    });
    Operation {
        method: method.to_owned(),
        path: path.to_owned(),
        open: told["security"]
            .as_array()
            .is_some_and(|needs| needs.iter().all(|need| need == &serde_json::json!({}))),
        answers: answers.collect(),
    }
}
