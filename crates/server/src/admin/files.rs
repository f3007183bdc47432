//! The files that `web/` is built into.

/// One of them.
pub(super) struct File {
    /// Below `/admin/`.
    pub(super) path: &'static str,
    pub(super) plain: &'static [u8],
    /// The same compressed, where that is worth it.
    pub(super) gzip: Option<&'static [u8]>,
}

/// All of them; none where they were not there when this binary was built.
pub(super) const ALL: &[File] = include!(concat!(env!("OUT_DIR"), "/web_dist.rs"));

impl File {
    /// What a browser is told it is. Nothing is sniffed, so a kind that is not in this list is only ever saved.
    pub(super) fn media_type(&self) -> &'static str {
        match self.path.rsplit_once('.').map(|(_, end)| end) {
            Some("html") => "text/html; charset=utf-8",
            Some("js") => "text/javascript; charset=utf-8",
            Some("css") => "text/css; charset=utf-8",
            Some("svg") => "image/svg+xml",
            Some("md") => "text/plain; charset=utf-8",
            _ => "application/octet-stream",
        }
    }

    /// The name of such a file changes with what is in it.
    pub(super) fn is_named_by_content(&self) -> bool {
        self.path.starts_with(ASSETS)
    }
}

/// Where the files are whose names change with what is in them.
pub(super) const ASSETS: &str = "assets/";
