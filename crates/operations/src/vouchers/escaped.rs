//! Text within HTML.

/// As text or as the value of an attribute in quotes: nothing in it is taken for a tag.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            sign => out.push(sign),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_is_a_tag() {
        assert_eq!(escaped("<b a='x' c=\"y\">&amp;"), "&lt;b a=&#39;x&#39; c=&quot;y&quot;&gt;&amp;amp;");
        assert_eq!(escaped("ñandú 3"), "ñandú 3");
    }
}
