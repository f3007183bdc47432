//! One command being answered, a buffer at a time.

use crate::faults::{CommandFaults, Cut};
use crate::menu::{Answer, Filled, Limits, Print};
use crate::world::{Sighting, World};

/// How much is built before it is written.
pub(crate) const BUFFER: usize = 64 * 1024;

pub(crate) enum Body {
    /// Rows to come, under this path.
    Print { print: Box<Print>, path: Vec<u8> },
    /// The whole answer.
    Ready { bytes: Vec<u8>, then_close: bool },
}

pub(crate) struct Job {
    pub(crate) answer: Answer,
    pub(crate) faults: CommandFaults,
    body: Body,
    begun: bool,
}

/// What follows once the buffer is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    Again,
    Finished,
    Close,
    /// Say nothing more, keep the socket.
    Hang,
}

/// One step of a job.
pub(crate) struct Step {
    pub(crate) next: Next,
    /// To be noted when the last byte goes out: what a print showed that ended cleanly.
    pub(crate) shown: Vec<Sighting>,
}

impl Step {
    fn then(next: Next) -> Self {
        Self { next, shown: Vec::new() }
    }
}

impl Job {
    pub(crate) fn print(answer: Answer, faults: CommandFaults, path: &[u8], print: Print) -> Self {
        let body = Body::Print { print: Box::new(print), path: path.to_vec() };
        Self { answer, faults, body, begun: false }
    }

    pub(crate) fn ready(answer: Answer, faults: CommandFaults, bytes: Vec<u8>, then_close: bool) -> Self {
        Self { answer, faults, body: Body::Ready { bytes, then_close }, begun: false }
    }

    /// The path of a print whose first row is still to come; `None` from the second call on.
    pub(crate) fn about_to_print(&mut self) -> Option<&[u8]> {
        match &self.body {
            Body::Print { path, .. } if !std::mem::replace(&mut self.begun, true) => Some(path),
            Body::Print { .. } | Body::Ready { .. } => None,
        }
    }

    /// Appends the next piece to `out`.
    pub(crate) fn step(&mut self, world: &World, out: &mut Vec<u8>) -> Step {
        match &mut self.body {
            Body::Ready { bytes, then_close } => {
                ready(bytes, *then_close, &self.answer, self.faults.cut.take(), out)
            }
            Body::Print { print, .. } => step_print(print, &self.answer, &mut self.faults.cut, world, out),
        }
    }
}

fn ready(
    bytes: &[u8],
    then_close: bool,
    answer: &Answer,
    cut: Option<(u64, Cut)>,
    out: &mut Vec<u8>,
) -> Step {
    let half = &bytes[..bytes.len() / 2];
    let next = match cut {
        None if then_close => Next::Close,
        None => Next::Finished,
        Some((_, Cut::Drop)) => return Step::then(Next::Close),
        Some((_, Cut::HalfSentence)) => return broken(out, half, Next::Close),
        Some((_, Cut::Hang)) => return broken(out, half, Next::Hang),
        Some((_, Cut::Garbage(garbage))) => {
            out.extend_from_slice(&garbage);
            Next::Finished
        }
        Some((_, Cut::Fatal(text))) => return fatal(out, &text),
        Some((_, Cut::Trap(text))) => {
            answer.failed(out, None, &text);
            return Step::then(Next::Finished);
        }
    };
    out.extend_from_slice(bytes);
    Step::then(next)
}

fn step_print(
    print: &mut Print,
    answer: &Answer,
    cut: &mut Option<(u64, Cut)>,
    world: &World,
    out: &mut Vec<u8>,
) -> Step {
    let rows = cut.as_ref().map_or(u64::MAX, |(rows, _)| *rows);
    let filled = print.fill(world, answer, out, Limits { octets: BUFFER, rows });
    match (filled, cut.take()) {
        (Filled::Buffer, cut_to_come) => {
            *cut = cut_to_come;
            Step::then(Next::Again)
        }
        (Filled::Rows | Filled::Table, Some((_, how))) => break_print(print, answer, how, world, out),
        (Filled::Rows | Filled::Table, None) => {
            print.end(world, answer, out);
            Step { next: Next::Finished, shown: print.take_sightings() }
        }
    }
}

fn break_print(print: &mut Print, answer: &Answer, how: Cut, world: &World, out: &mut Vec<u8>) -> Step {
    match how {
        Cut::Trap(text) => {
            answer.failed(out, None, &text);
            Step::then(Next::Finished)
        }
        Cut::Drop => Step::then(Next::Close),
        Cut::HalfSentence => broken(out, &half_a_row(print, answer, world), Next::Close),
        Cut::Hang => broken(out, &half_a_row(print, answer, world), Next::Hang),
        Cut::Garbage(garbage) => {
            print.spoil();
            broken(out, &garbage, Next::Again)
        }
        Cut::Fatal(text) => fatal(out, &text),
    }
}

fn half_a_row(print: &mut Print, answer: &Answer, world: &World) -> Vec<u8> {
    let mut sentence = Vec::new();
    print.fill(world, answer, &mut sentence, Limits { octets: 1, rows: u64::MAX });
    if sentence.is_empty() {
        answer.done(&mut sentence);
    }
    sentence.truncate(sentence.len() / 2);
    sentence
}

fn broken(out: &mut Vec<u8>, bytes: &[u8], next: Next) -> Step {
    out.extend_from_slice(bytes);
    Step::then(next)
}

fn fatal(out: &mut Vec<u8>, text: &str) -> Step {
    routeros_proto::ReplyWriter::fatal_bare(out, text);
    Step::then(Next::Close)
}
