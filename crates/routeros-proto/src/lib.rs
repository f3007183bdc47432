//! The MikroTik RouterOS API protocol without any input or output.
//!
//! Bytes become [`Sentence`]s ([`Decoder`]), sentences become [`Reply`]s, and replies become [`Event`]s of a command
//! ([`Untagged`] for one command at a time, [`Tagged`] for many). The other direction is [`Command`]. A program that
//! plays the router uses [`Request`], [`Query`], [`ReplyWriter`] and [`ServerLogin`]. Both login methods are covered
//! by [`ClientLogin`] and [`ServerLogin`]; [`value`] reads and writes the notations of single values.
//!
//! Nothing here opens a socket, reads a clock, spawns a task or logs. The caller moves the bytes, so that the same
//! code serves blocking programs, every async runtime, tests and fuzzers. No sequence of received bytes panics.
//!
//! ```
//! use routeros_proto::{Command, Decoder, Event, Limits, Reply, Untagged, value};
//!
//! // What we send: any number of commands may be appended to one buffer and written at once.
//! let mut wire = Vec::new();
//! Command::new("/interface/print").proplist(&["name", "rx-byte"]).query("?type=pppoe-in").encode(&mut wire);
//!
//! // What the router answered, as it came from the socket.
//! let received = b"\x03!re\x0d=name=<pppoe>\x0b=rx-byte=42\x00\x05!done\x00";
//!
//! let mut decoder = Decoder::new(Limits::default());
//! let mut in_flight = Untagged::new();
//! in_flight.sent();
//! decoder.feed(received);
//! let mut octets = 0;
//! let mut complete = false;
//! while let Some(sentence) = decoder.next()? {
//!     match in_flight.accept(Reply::parse(sentence)) {
//!         Event::Row(row) => octets += row.get(b"rx-byte").and_then(value::unsigned).unwrap_or(0),
//!         Event::Done(_) => complete = true,
//!         Event::Trapped(trap) => panic!("the rows so far are only a part of the table: {}", trap.message),
//!         _ => {}
//!     }
//! }
//! assert!(complete);
//! assert_eq!(octets, 42);
//! # Ok::<(), routeros_proto::DecodeError>(())
//! ```

/// The example of the README is compiled with the tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

mod command;
mod login;
mod redact;
mod reply;
mod server;
pub mod value;
mod wire;

pub use command::{Command, Tag};
pub use login::{ClientLogin, LoginStep, ServerLogin, ServerLoginStep, challenge_response};
pub use reply::{Event, Finished, Ignored, Reply, ReplyKind, Tagged, Trap, Untagged};
pub use server::{Query, QueryError, ReplyWriter, Request};
pub use value::Version;
pub use wire::{DecodeError, Decoder, Limits, Sentence, SentenceWriter, length};
