//! Bytes and sentences: the layer below commands and replies, the same in both directions.

pub(crate) mod attribute;
mod decode_error;
mod decoder;
pub mod length;
mod limits;
mod read_buffer;
mod sentence;
mod writer;

pub use decode_error::DecodeError;
pub use decoder::Decoder;
pub use limits::Limits;
pub use sentence::Sentence;
pub use writer::SentenceWriter;
