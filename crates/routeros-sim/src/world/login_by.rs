//! The ways into the hotspot.

/// How somebody logged in, as in the `login-by` attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LoginBy {
    HttpChap,
    Cookie,
    MacCookie,
}

impl LoginBy {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::HttpChap => "http-chap",
            Self::Cookie => "cookie",
            Self::MacCookie => "mac-cookie",
        }
    }
}
