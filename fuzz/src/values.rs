//! The notations of single values: what we write ourselves is read as the same.

use routeros_proto::value;

pub(crate) fn run(data: &[u8]) {
    if let Some(micros) = value::duration_micros(data) {
        let words = value::write_duration_words(micros);
        assert_eq!(value::duration_micros(words.as_bytes()), Some(micros), "{words}");
        let colons = value::write_duration_colon(micros);
        assert_eq!(value::duration_micros(colons.as_bytes()), Some(micros - micros % 1_000_000), "{colons}");
    }
    if let Some(id) = value::item_id(data) {
        let mut written = Vec::new();
        value::write_item_id(id, &mut written);
        assert_eq!(value::item_id(&written), Some(id));
    }
    if let Some(number) = value::unsigned(data) {
        assert_eq!(value::unsigned(number.to_string().as_bytes()), Some(number));
        assert!(value::rate_bps(data).is_some(), "a plain number is a rate");
    }
    if let Some(version) = value::version(data).filter(|version| version.stage != value::Stage::Other) {
        assert_eq!(value::version(version.to_string().as_bytes()), Some(version));
    }
    if let Some((up, down)) = value::octets_pair(data) {
        assert_eq!(value::octets_pair(format!("{up}/{down}").as_bytes()), Some((up, down)));
    }
    value::boolean(data);
    value::session_id(data);
}
