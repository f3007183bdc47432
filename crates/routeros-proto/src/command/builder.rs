//! Building and encoding one command.

use super::tag::Tag;
use crate::redact::Redacted;
use crate::wire::SentenceWriter;

/// A command with its attributes and queries, in the order given.
///
/// The order of attributes means nothing to the router, the order of query words does (`routeros.md` §1.2). `Debug`
/// hides the values of passwords and login responses.
#[derive(Clone, PartialEq, Eq)]
pub struct Command {
    path: String,
    /// Everything after the path except the tag.
    words: Vec<Box<[u8]>>,
    tag: Option<Tag>,
}

impl Command {
    /// A command by its path with slashes, for example `/interface/print`.
    pub fn new(path: &str) -> Self {
        Self { path: path.to_owned(), words: Vec::new(), tag: None }
    }

    /// Adds `=name=value`.
    #[must_use]
    pub fn attr(self, name: impl AsRef<[u8]>, value: impl AsRef<[u8]>) -> Self {
        self.word(&[b"=", name.as_ref(), b"=", value.as_ref()])
    }

    /// Adds `=.proplist=a,b`: the only properties wanted.
    ///
    /// The answer may hold more, `.id` comes only when listed, and a property that an item does not have is simply
    /// absent from its row (`routeros.md` §1.5). Use names proven for the menu.
    #[must_use]
    pub fn proplist(self, names: &[&str]) -> Self {
        self.attr(".proplist", names.join(","))
    }

    /// Adds a query word as it is, with its leading `?`.
    #[must_use]
    pub fn query(self, word: impl AsRef<[u8]>) -> Self {
        self.word(&[word.as_ref()])
    }

    /// Adds a query for items whose `name` equals any of `values` (`routeros.md` §1.6).
    ///
    /// The operators stand directly behind each further value, so the router's stack never gets deep. No values at
    /// all ask for items that both have and lack `name`, that is for none: leaving the query out would ask for all.
    #[must_use]
    pub fn query_any_of(mut self, name: &str, values: &[impl AsRef<[u8]>]) -> Self {
        let name = name.as_bytes();
        if values.is_empty() {
            return self.word(&[b"?", name]).word(&[b"?-", name]);
        }
        for (i, value) in values.iter().enumerate() {
            self = self.word(&[b"?", name, b"=", value.as_ref()]);
            if i > 0 {
                self = self.word(&[b"?#|"]);
            }
        }
        self
    }

    /// Sets the tag that the router repeats in each reply. Without one, only one command may be in flight
    /// (`routeros.md` §1.7).
    #[must_use]
    pub fn tag(mut self, tag: Tag) -> Self {
        self.tag = Some(tag);
        self
    }

    /// Appends the command to `out`, whole.
    pub fn encode(&self, out: &mut Vec<u8>) {
        let mut sentence = SentenceWriter::new(out);
        sentence.word(self.path.as_bytes());
        for word in &self.words {
            sentence.word(word);
        }
        if let Some(tag) = self.tag {
            sentence.word(format!(".tag={tag}").as_bytes());
        }
        sentence.finish();
    }

    /// The path given to [`new`](Self::new).
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The command as it is sent, word by word but for its tag, for people: what is not ASCII is escaped, secrets are left out.
    pub fn shown(&self) -> String {
        let words = self.words.iter().map(|word| format!("{:?}", Redacted(word)));
        words.fold(self.path.clone(), |shown, word| shown + " " + word.trim_matches('"'))
    }

    fn word(mut self, pieces: &[&[u8]]) -> Self {
        self.words.push(pieces.concat().into_boxed_slice());
        self
    }
}

impl std::fmt::Debug for Command {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Command")
            .field("path", &self.path)
            .field("words", &self.words.iter().map(|word| Redacted(word)).collect::<Vec<_>>())
            .field("tag", &self.tag)
            .finish()
    }
}
