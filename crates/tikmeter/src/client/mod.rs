//! Talking to a running server over its HTTP API.

mod access;
mod answer;
mod http;
mod live;
mod local;
mod pages;
mod problem;

pub(crate) use access::AccessArgs;
pub(crate) use answer::Answer;
pub(crate) use http::{Client, Query, Upload};
pub(crate) use live::Live;
pub(crate) use pages::{Page, Pages, all_pages};
