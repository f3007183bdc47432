//! Pages out of templates: what is put into one is a text, and made harmless, unless it is said to be HTML already.

use super::texts::Text;

/// HTML that is fit to be shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Html(String);

/// What a slot of a template is filled with.
#[derive(Clone, Copy)]
pub(super) enum Slot<'a> {
    /// Any text, from wherever.
    Text(&'a str),
    /// A part of the page.
    Part(&'a Html),
}

impl Html {
    /// A template with its slots `{{name}}` filled, and its texts `{{=Name}}` said.
    ///
    /// # Panics
    /// When nobody fills one: the template and its caller are both ours.
    pub(super) fn filled(template: &str, slots: &[(&str, Slot<'_>)]) -> Html {
        let mut pieces = template.split("{{");
        let mut html = pieces.next().unwrap_or_default().to_owned();
        for piece in pieces {
            let (name, rest) = piece.split_once("}}").unwrap_or((piece, ""));
            if let Some(text) = name.strip_prefix('=') {
                html.push_str(&harmless(Text::named(text).told()));
                html.push_str(rest);
                continue;
            }
            let slot = slots.iter().find(|(known, _)| *known == name);
            match slot.unwrap_or_else(|| panic!("nobody fills {name}")).1 {
                Slot::Text(text) => html.push_str(&harmless(text)),
                Slot::Part(part) => html.push_str(&part.0),
            }
            html.push_str(rest);
        }
        Html(html)
    }

    /// A file of ours, as it is.
    pub(super) fn ours(file: &'static str) -> Html {
        Html(file.to_owned())
    }

    /// For the answer.
    pub(super) fn into_text(self) -> String {
        self.0
    }
}

/// Within an element or an attribute's quotes.
fn harmless(text: &str) -> String {
    let mut harmless = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '&' => harmless.push_str("&amp;"),
            '<' => harmless.push_str("&lt;"),
            '>' => harmless.push_str("&gt;"),
            '"' => harmless.push_str("&quot;"),
            '\'' => harmless.push_str("&#39;"),
            other => harmless.push(other),
        }
    }
    harmless
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_never_html_and_a_part_is() {
        let part = Html::filled("<b>{{of}}</b>", &[("of", Slot::Text("a&b"))]);
        let slots = [("x", Slot::Text("\"><script>'{{y}}")), ("y", Slot::Part(&part))];
        let html = Html::filled("<i title=\"{{x}}\">{{y}}</i>{{y}}", &slots).into_text();
        let told = "<i title=\"&quot;&gt;&lt;script&gt;&#39;{{y}}\"><b>a&amp;b</b></i><b>a&amp;b</b>";
        assert_eq!(html, told);
    }

    #[test]
    #[should_panic(expected = "nobody fills y")]
    fn a_slot_that_nobody_fills_is_a_fault() {
        let _ = Html::filled("{{x}}{{y}}", &[("x", Slot::Text("1"))]);
    }
}
