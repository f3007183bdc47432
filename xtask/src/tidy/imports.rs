//! What one Rust file needs from other files of its crate, read from its text.
//!
//! Counted are `use` and written-out paths that begin with `crate`, `self`, `super` or a child module. What is only
//! there for tests is left out: a test may know who uses the file it tests.

use super::lexer::{self, Token};

/// A path from the crate's root, without `crate`.
pub(super) type ModulePath = Vec<String>;

/// The imports of one file.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Imports {
    /// Items this file works with.
    pub(super) needs: Vec<ModulePath>,
    /// Re-exports: the name under which others find an item, and where it really lies.
    pub(super) passes_on: Vec<(String, ModulePath)>,
    /// Child modules that exist in test builds only.
    pub(super) test_modules: Vec<ModulePath>,
}

/// Reads the file that is the module `module` of its crate.
pub(super) fn read(source: &str, module: &[String]) -> Imports {
    let tokens = lexer::tokens(source);
    let children = tokens.windows(3).filter_map(|window| match window {
        [Token::Word("mod"), Token::Word(name), Token::Mark(';')] => Some(*name),
        _ => None,
    });
    let children = children.collect();
    let scope = Scope { module: module.to_vec(), children, inline: Vec::new(), depth: 0 };
    let mut reader = Reader { tokens: &tokens, at: 0, scope, imports: Imports::default() };
    while reader.at < tokens.len() {
        reader.step();
    }
    reader.imports
}

/// Where in the file we are, which decides what `self` and `super` mean.
struct Scope<'a> {
    module: ModulePath,
    children: Vec<&'a str>,
    /// Modules written inside the file, each with the depth of braces around it.
    inline: Vec<(&'a str, usize)>,
    depth: usize,
}

impl Scope<'_> {
    fn open(&mut self) {
        self.depth += 1;
    }

    fn close(&mut self) {
        self.depth = self.depth.saturating_sub(1);
        self.inline.pop_if(|(_, depth)| *depth == self.depth);
    }

    /// `None` for paths that lead out of the crate.
    fn absolute(&self, path: &[&str]) -> Option<ModulePath> {
        let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        let first = *path.first()?;
        if first == "crate" {
            return Some(owned(&path[1..]));
        }
        if self.inline.is_empty() && self.children.contains(&first) {
            return Some([self.module.clone(), owned(path)].concat());
        }
        let relative = path.iter().take_while(|word| matches!(**word, "self" | "super")).count();
        let ups = path[..relative].iter().filter(|word| **word == "super").count();
        let here =
            [self.module.clone(), owned(&self.inline.iter().map(|(name, _)| *name).collect::<Vec<_>>())]
                .concat();
        let base = &here[..here.len().saturating_sub(ups)];
        (relative > 0).then(|| [base.to_vec(), owned(&path[relative..])].concat())
    }
}

struct Reader<'a> {
    tokens: &'a [Token<'a>],
    at: usize,
    scope: Scope<'a>,
    imports: Imports,
}

impl<'a> Reader<'a> {
    fn step(&mut self) {
        match &self.tokens[self.at..] {
            [
                Token::Mark('#'),
                Token::Mark('['),
                Token::Word("cfg"),
                Token::Mark('('),
                Token::Word("test"),
                Token::Mark(')'),
                ..,
            ] => self.skip_test_item(),
            [Token::Word("mod"), Token::Word(name), Token::Mark('{'), ..] => {
                self.scope.inline.push((name, self.scope.depth));
                self.at += 2;
            }
            [Token::Mark('{'), ..] => self.brace(Scope::open),
            [Token::Mark('}'), ..] => self.brace(Scope::close),
            [Token::Word("use"), Token::Word(_) | Token::Path | Token::Mark('{'), ..] => self.use_item(),
            [Token::Word(_), Token::Path, ..] => self.written_out(),
            _ => self.at += 1,
        }
    }

    fn brace(&mut self, change: fn(&mut Scope<'a>)) {
        change(&mut self.scope);
        self.at += 1;
    }

    fn use_item(&mut self) {
        // `pub use` and `pub(crate) use`: no other item can stand before a `use` without a `;` or a brace.
        let before = self.at.checked_sub(1).map(|at| self.tokens[at]);
        let public = matches!(before, Some(Token::Word("pub") | Token::Mark(')')));
        self.at += 1;
        for (name, path) in self.use_tree(&[]) {
            let Some(path) = self.scope.absolute(&path) else { continue };
            if public {
                self.imports.passes_on.push((name.to_owned(), path));
            } else {
                self.imports.needs.push(path);
            }
        }
    }

    /// The leaves of a use tree: the name each brings in, and its path.
    fn use_tree(&mut self, prefix: &[&'a str]) -> Vec<(&'a str, Vec<&'a str>)> {
        let mut path = prefix.to_vec();
        loop {
            match self.next() {
                Some(Token::Path) => {}
                Some(Token::Mark('{')) => return self.use_group(&path),
                Some(Token::Mark('*')) => return vec![("*", path)],
                Some(Token::Word("as")) => {
                    let name = if let Some(Token::Word(name)) = self.next() { name } else { "_" };
                    return vec![(name, path)];
                }
                // `a::{self}` is `a`; `self::a` keeps its `self`.
                Some(Token::Word("self")) if !path.is_empty() => {}
                Some(Token::Word(word)) => path.push(word),
                _ => {
                    self.at -= 1;
                    return path.last().map(|name| (*name, path.clone())).into_iter().collect();
                }
            }
        }
    }

    fn use_group(&mut self, prefix: &[&'a str]) -> Vec<(&'a str, Vec<&'a str>)> {
        let mut leaves = Vec::new();
        loop {
            match self.tokens.get(self.at) {
                Some(Token::Mark(',')) => self.at += 1,
                Some(Token::Word(_) | Token::Path | Token::Mark('{' | '*')) => {
                    leaves.extend(self.use_tree(prefix))
                }
                _ => {
                    self.at += 1;
                    return leaves;
                }
            }
        }
    }

    fn written_out(&mut self) {
        // `pub(in crate::a)` says who may see an item; it needs nothing from there.
        let restriction = self.at >= 2
            && self.tokens[self.at - 1] == Token::Word("in")
            && self.tokens[self.at - 2] == Token::Mark('(');
        let mut path = Vec::new();
        while let Some(Token::Word(word)) = self.tokens.get(self.at) {
            path.push(*word);
            self.at += 1;
            match self.tokens.get(self.at) {
                Some(Token::Path) => self.at += 1,
                _ => break,
            }
        }
        if !restriction && let Some(path) = self.scope.absolute(&path) {
            self.imports.needs.push(path);
        }
    }

    fn skip_test_item(&mut self) {
        let (mut round, mut braces) = (0_usize, 0_usize);
        while let Some(token) = self.next() {
            match token {
                Token::Mark('(' | '[') => round += 1,
                Token::Mark(')' | ']') => round = round.saturating_sub(1),
                Token::Mark('{') => braces += 1,
                Token::Mark('}') => {
                    braces = braces.saturating_sub(1);
                    if braces == 0 {
                        return;
                    }
                }
                Token::Mark(';') if round == 0 && braces == 0 => return self.note_test_module(),
                _ => {}
            }
        }
    }

    fn note_test_module(&mut self) {
        if let [.., Token::Word("mod"), Token::Word(name), Token::Mark(';')] = &self.tokens[..self.at] {
            self.imports.test_modules.push([self.scope.module.clone(), vec![(*name).to_owned()]].concat());
        }
    }

    fn next(&mut self) -> Option<Token<'a>> {
        let token = self.tokens.get(self.at).copied();
        self.at += 1;
        token
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn imports(source: &str) -> Imports {
        read(source, &["a".to_owned(), "b".to_owned()])
    }

    fn needs(source: &str) -> Vec<String> {
        imports(source).needs.iter().map(|path| path.join("::")).collect()
    }

    #[test]
    fn use_trees_are_spread_out() {
        let source =
            "use crate::x::{self, y::{Z, W as V}, *};\nuse std::fmt;\nuse super::c::D;\nuse self::e;";
        assert_eq!(needs(source), ["x", "x::y::Z", "x::y::W", "x", "a::c::D", "a::b::e"]);
    }

    #[test]
    fn written_out_paths_and_children_count() {
        let source =
            "mod child;\nfn f() { crate::x::g(); child::h::<u8>(); other::i(); super::super::k::l(); }";
        assert_eq!(needs(source), ["x::g", "a::b::child::h", "k::l"]);
    }

    #[test]
    fn super_inside_an_inline_module_means_the_file_itself() {
        let source = "mod inner { use super::X; use super::super::Y; } use super::Z;";
        assert_eq!(needs(source), ["a::b::X", "a::Y", "a::Z"]);
    }

    #[test]
    fn re_exports_are_kept_apart() {
        let found = imports("mod c;\npub use c::{D, E as F};\npub(crate) use crate::g::H;\nuse crate::i::J;");
        let passed: Vec<String> =
            found.passes_on.iter().map(|(n, path)| format!("{n}={}", path.join("::"))).collect();
        assert_eq!(passed, ["D=a::b::c::D", "F=a::b::c::E", "H=g::H"]);
        assert_eq!(found.needs.len(), 1);
    }

    #[test]
    fn what_only_tests_need_is_left_out() {
        let source = "#[cfg(test)]\nuse crate::x::{A};\n#[cfg(test)]\n#[path = \"t\"]\nmod t;\n\
            #[cfg(test)]\nmod tests { fn f() { let a = [0; 2]; crate::y::g(); } }\nuse crate::z::B;";
        let found = imports(source);
        assert_eq!(found.needs, [vec!["z".to_owned(), "B".to_owned()]]);
        assert_eq!(found.test_modules, [vec!["a".to_owned(), "b".to_owned(), "t".to_owned()]]);
    }

    #[test]
    fn words_in_comments_and_visibility_are_no_imports() {
        let source =
            "/// See [`crate::x::Y`].\npub(in crate::a) fn f() -> impl Fn() + use<> { \"crate::z::w\" }";
        assert_eq!(needs(source), Vec::<String>::new());
    }

    #[test]
    fn broken_code_ends() {
        for cut in ["use crate::{a, b", "use crate::a as", "#[cfg(test)] mod t {", "crate::", "} } use"] {
            imports(cut);
        }
    }
}
