//! Commands that stand in documents: those of the tutorial are run as they stand, and all others are such that the program knows.

use std::collections::BTreeSet;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::program::run;

/// How long something that stays has until it answers.
const TRIES: u32 = 300;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A fenced block: what stands behind the fence's mark, and its lines.
struct Block {
    mark: String,
    text: String,
}

fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let Some(mark) = line.strip_prefix("```").filter(|mark| mark.starts_with("sh")) else { continue };
        let inside: Vec<&str> = lines.by_ref().take_while(|line| !line.starts_with("```")).collect();
        blocks.push(Block { mark: mark.to_owned(), text: inside.join("\n") });
    }
    blocks
}

/// Something that runs beside, until the end of the test.
struct Beside(Child);

impl Drop for Beside {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// A shell that finds the built program first and nothing of ours in its environment.
fn shell(script: &str, folder: &Path) -> Command {
    let program = Path::new(env!("CARGO_BIN_EXE_tikmeter")).parent().unwrap().to_owned();
    let path = std::env::var("PATH").unwrap();
    let mut command = Command::new("sh");
    // What stays is the program itself, so that it can be ended.
    command.args(["-e", "-c", script]).current_dir(folder).stdin(Stdio::null());
    command.env("PATH", format!("{}:{path}", program.display()));
    command.env("TIKMETER_DATA", "data").env("TIKMETER_PORTAL_LISTEN", "off");
    command
}

#[test]
fn the_tutorial_works_as_it_stands() {
    let text = std::fs::read_to_string(root().join("docs/tutorial/first-hour.md")).unwrap();
    let (folder, router, server) = (tempfile::tempdir().unwrap(), free_port(), free_port());
    let (mut beside, mut commands) = (Vec::new(), 0);
    for block in blocks(&text) {
        // Whoever reads it has these ports for themselves.
        let script = block.text.replace("28728", &router.to_string());
        if block.mark == "sh stays" {
            let mut command = shell(&format!("exec {script}"), folder.path());
            command.env("TIKMETER_LISTEN", format!("127.0.0.1:{server}"));
            beside.push(Beside(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()));
            continue;
        }
        if commands == 0 {
            until_it_answers(folder.path());
        }
        commands += script.lines().filter(|line| line.starts_with("tikmeter ")).count();
        let done = shell(&format!("set -x\n{script}"), folder.path()).output().unwrap();
        let said = [done.stdout, done.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
        assert!(done.status.success(), "{script}\n{said}");
    }
    assert!(beside.len() == 2 && commands > 20, "{commands} commands");
}

fn until_it_answers(folder: &Path) {
    for _ in 0..TRIES {
        if shell("tikmeter status", folder).output().unwrap().status.success() {
            return;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("the server never answered");
}

/// Commands of documents: words up to what a shell would make of them something else.
fn commands(text: &str) -> BTreeSet<Vec<String>> {
    let joined = text.replace("\\\n", " ");
    let mut found = BTreeSet::new();
    for block in blocks(&joined) {
        for line in block.text.lines() {
            let Some(at) = line.find("tikmeter ") else { continue };
            let before = line[..at].trim_end();
            let begins = before.is_empty() || before.ends_with('|') || before.ends_with("sudo");
            if begins {
                found.insert(words(&line[at + "tikmeter ".len()..]));
            }
        }
    }
    found
}

/// The words of one command; its redirections and the comment behind it are no part of it.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    for sign in line.chars() {
        match (quote, sign) {
            (Some(open), _) if sign == open => quote = None,
            (Some(_), _) => word.get_or_insert_default().push(sign),
            (None, '\'' | '"') => (quote, word) = (Some(sign), Some(word.unwrap_or_default())),
            (None, ' ') => words.extend(word.take()),
            (None, '#' | '|' | '>' | '<' | ';' | '&') if word.is_none() => return words,
            (None, _) => word.get_or_insert_default().push(sign),
        }
    }
    words.extend(word);
    words
}

/// Every command in every document is one that the program takes, flags and all: it is asked with a server that is not there, and a wrong
/// word is told before that.
#[test]
fn every_command_of_every_document_is_known_to_the_program() {
    let mut documents = vec![root().join("README.md")];
    for folder in ["docs/tutorial", "docs/how-to", "docs/explanation", "docs/reference"] {
        let files = std::fs::read_dir(root().join(folder)).unwrap().map(|file| file.unwrap().path());
        documents.extend(files.filter(|file| file.extension().is_some_and(|ending| ending == "md")));
    }
    let mut count = 0;
    for document in documents {
        for words in commands(&std::fs::read_to_string(&document).unwrap()) {
            count += 1;
            // The help of a command is told where all before it is known, and nothing is done.
            let mut asked: Vec<&str> = words.iter().map(String::as_str).collect();
            asked.extend(["--print-nothing-and-fail"]);
            let told = run(&asked);
            let said = String::from_utf8(told.stderr).unwrap();
            let is_the_only_fault = said.contains("unexpected argument '--print-nothing-and-fail'");
            assert!(is_the_only_fault, "{}: tikmeter {}\n{said}", document.display(), words.join(" "));
        }
    }
    assert!(count > 60, "{count} commands");
}

#[test]
fn words_are_those_of_a_shell() {
    assert_eq!(words("plan add 'a b' --cycle \"day 1\" # once"), ["plan", "add", "a b", "--cycle", "day 1"]);
    assert_eq!(words("audit --csv > file.csv"), ["audit", "--csv"]);
    assert_eq!(words("limit list | head -1"), ["limit", "list"]);
}
