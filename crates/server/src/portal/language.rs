//! The language of pages: the one that the browser prefers of those there are. Programs are always answered in English.

use axum::extract::Request;
use axum::http::HeaderMap;
use axum::http::header::ACCEPT_LANGUAGE;
use axum::middleware::Next;
use axum::response::Response;

/// One that pages can be in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Language {
    /// Also where another one was asked for.
    #[default]
    English,
    Indonesian,
}

tokio::task_local! {
    /// Of the request that is answered: pages are made in many places, of refusals too, which know no request.
    static ASKED: Language;
}

impl Language {
    /// The one of the request that is answered.
    pub(super) fn asked() -> Self {
        ASKED.try_with(|asked| *asked).unwrap_or_default()
    }

    /// As HTML names it.
    pub(super) fn tag(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::Indonesian => "id",
        }
    }

    /// The one that the browser likes best of those there are.
    fn preferred(headers: &HeaderMap) -> Self {
        let lines = headers.get_all(ACCEPT_LANGUAGE).into_iter().filter_map(|line| line.to_str().ok());
        let wanted =
            lines.flat_map(|line| line.split(',')).filter_map(wish).filter(|(_, weight)| *weight > 0);
        // Of two that are liked as well, the first.
        let best = wanted.reduce(|best, next| if next.1 > best.1 { next } else { best });
        best.map(|(language, _)| language).unwrap_or_default()
    }
}

/// One part of what the browser sends, and how much it is liked, in thousandths; `None` for a language that is not there.
fn wish(part: &str) -> Option<(Language, u32)> {
    let mut pieces = part.split(';').map(str::trim);
    let primary = pieces.next()?.split('-').next()?.to_ascii_lowercase();
    let language = match &*primary {
        "en" => Language::English,
        // Java, and so old Android, writes the tag of before 1989.
        "id" | "in" => Language::Indonesian,
        _ => return None,
    };
    let weight = pieces.find_map(|piece| piece.strip_prefix("q=")).map_or(Some(1_000), thousandths);
    Some((language, weight?))
}

/// `0.85` is 850.
fn thousandths(text: &str) -> Option<u32> {
    let (whole, parts) = text.split_once('.').unwrap_or((text, ""));
    let parts = format!("{parts:0<3}");
    Some(whole.parse::<u32>().ok()?.min(1) * 1_000 + parts.get(..3)?.parse::<u32>().ok()?)
}

/// Lets pages know which language was asked for.
pub(super) async fn listen(request: Request, next: Next) -> Response {
    let language = Language::preferred(request.headers());
    ASKED.scope(language, next.run(request)).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_that_is_liked_best_of_those_there_are() {
        let preferred = |line: &'static str| {
            Language::preferred(&[(ACCEPT_LANGUAGE, line.parse().unwrap())].into_iter().collect())
        };
        for line in
            ["id", "id-ID,id;q=0.9,en-US;q=0.8,en;q=0.7", "in-ID", "fr, ID;q=0.3", "en;q=0.85, id;q=0.9"]
        {
            assert_eq!(preferred(line), Language::Indonesian, "{line}");
        }
        for line in ["en-GB,en;q=0.9,id;q=0.8", "fr", "", "*", "id;q=0", "id;q=x", "en, id", "idx", ";;,,q=1"]
        {
            assert_eq!(preferred(line), Language::English, "{line}");
        }
        assert_eq!(Language::preferred(&HeaderMap::new()), Language::English);
    }

    #[test]
    fn weights_are_read_as_they_are_written() {
        assert_eq!(
            ["1", "1.0", "0.85", "0.001", "0", "9"].map(thousandths),
            [1_000, 1_000, 850, 1, 0, 1_000].map(Some)
        );
        assert_eq!(["", "x", "0.x", "-1"].map(thousandths), [None; 4]);
    }
}
