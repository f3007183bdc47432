//! Reading the file of profiles (`[vouchers] profiles`).

use std::fs::File;
use std::io::Read;
use std::path::Path;

use operations::parse_profiles;
use store::Profile;

/// Bytes that such a file may have.
const LARGEST: u64 = 1 << 20;

/// The profiles of the file, in its order.
///
/// # Errors
/// The first thing that is wrong, with the file and the line.
pub(crate) fn read(path: &Path) -> Result<Vec<Profile>, String> {
    let shown = path.display();
    let bytes = bytes(path).map_err(|why| format!("{shown} cannot be read: {why}"))?;
    parse_profiles(&bytes).map_err(|fault| format!("{shown}:{}: {}", fault.line, fault.said))
}

fn bytes(path: &Path) -> Result<Vec<u8>, String> {
    // A pipe would never end.
    let is_file = std::fs::metadata(path).map_err(|error| error.to_string())?.is_file();
    if !is_file {
        return Err("it is no file".to_owned());
    }
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(|error| error.to_string())?;
    file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    match bytes.len() as u64 {
        ..=LARGEST => Ok(bytes),
        _ => Err(format!("it has more than {LARGEST} bytes")),
    }
}
