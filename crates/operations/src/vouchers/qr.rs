//! Codes that phones read, as drawings within a page.

use qrcode::{Color, EcLevel, QrCode};

use crate::error::OperationError;

/// Blank modules around it, as readers want them.
const QUIET: usize = 4;

/// The text as a drawing that grows with its place.
///
/// # Errors
/// `Invalid` when it is too long.
pub(super) fn qr_svg(text: &str) -> Result<String, OperationError> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).map_err(|error| {
        OperationError::Invalid(format!("the address is too long for a code that phones read ({error})"))
    })?;
    let (width, dark) = (code.width(), code.to_colors());
    let side = width + 2 * QUIET;
    let rows: String = dark.chunks(width).enumerate().map(|(row, modules)| drawn_row(row, modules)).collect();
    // Lines one module wide lie around their rows, hence the half; they take half of what rectangles would.
    Ok(format!(
        "<svg viewBox=\"0 -.5 {side} {side}\" shape-rendering=\"crispEdges\"><path stroke=\"#000\" d=\"{rows}\"/></svg>"
    ))
}

/// A line along the row, on where modules are dark.
fn drawn_row(row: usize, modules: &[Color]) -> String {
    let stretches = modules.chunk_by(|one, next| one == next).map(|stretch| match stretch[0] {
        Color::Dark => format!("h{}", stretch.len()),
        Color::Light => format!("m{} 0", stretch.len()),
    });
    format!("M{QUIET} {}", row + QUIET) + &stretches.collect::<String>()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The modules that the path draws, and its side.
    fn drawn(svg: &str) -> (Vec<(usize, usize)>, usize) {
        let side = svg.split('"').nth(1).unwrap().split(' ').nth(2).unwrap().parse().unwrap();
        let path = svg.split(" d=\"").nth(1).unwrap().split('"').next().unwrap();
        let mut modules = Vec::new();
        for row in path.split('M').skip(1) {
            let steps = row.find(['h', 'm']).unwrap();
            let (x, y) = row[..steps].split_once(' ').unwrap();
            let (mut x, y): (usize, usize) = (x.parse().unwrap(), y.parse().unwrap());
            for step in row[steps..].replace('h', ",h").replace('m', ",m").split(',').skip(1) {
                let length: usize = step[1..].trim_end_matches(" 0").parse().unwrap();
                if step.starts_with('h') {
                    modules.extend((x..x + length).map(|x| (x, y)));
                }
                x += length;
            }
        }
        (modules, side)
    }

    #[test]
    fn the_drawing_is_the_code() {
        let text = "http://10.5.50.1:8080/portal?code=ABCD2345";
        let code = QrCode::with_error_correction_level(text, EcLevel::M).unwrap();
        let (modules, side) = drawn(&qr_svg(text).unwrap());
        assert_eq!(side, code.width() + 8);
        for y in 0..side {
            for x in 0..side {
                let inside = |at: usize| (4..side - 4).contains(&at);
                let dark = inside(x) && inside(y) && code[(x - 4, y - 4)] == Color::Dark;
                assert_eq!(modules.contains(&(x, y)), dark, "{x} {y}");
            }
        }
    }

    #[test]
    fn what_is_too_long_is_told() {
        assert!(qr_svg(&"x".repeat(5_000)).unwrap_err().to_string().contains("too long"));
    }
}
