//! Sheets to print: one page of HTML that holds all it needs, with several vouchers beside and below each other.

use store::{VoucherBatchId, VoucherIssue, VoucherPhase};

use super::escaped::escaped;
use super::finding::ShownVoucher;
use super::qr::qr_svg;
use super::wording::terms_for_people;
use crate::counts::many;
use crate::error::OperationError;
use crate::operations::Operations;

/// Vouchers beside each other.
pub const SHEET_COLUMNS: std::ops::RangeInclusive<u8> = 1..=6;
/// Longest heading and address, in characters.
const LONGEST: usize = 200;
/// Signs of a code that stand together.
const TOGETHER: usize = 4;

/// What a sheet shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetRequest {
    /// What stands on each voucher: the shop's or the network's name.
    pub title: String,
    /// The portal's address for phones; a code that they read opens it with the voucher's code. None without it.
    pub portal: Option<String>,
    /// Vouchers beside each other, from [`SHEET_COLUMNS`].
    pub columns: u8,
}

impl Operations {
    /// The unused vouchers of a batch as a page to print.
    pub async fn voucher_sheet(
        &self,
        batch: VoucherBatchId,
        request: SheetRequest,
    ) -> Result<String, OperationError> {
        check(&request)?;
        let issue = self.whole_voucher_batch(batch).await?.issue;
        let all = self.all_of_batch(batch).await?;
        let (unused, others): (Vec<_>, Vec<_>) =
            all.into_iter().partition(|it| it.phase == VoucherPhase::Unused);
        if unused.is_empty() {
            return Err(OperationError::Conflict(format!(
                "no voucher of batch {batch} is unused, so there is nothing to print"
            )));
        }
        let drawing = move || page(batch, &issue, &unused, others.len() as u64, &request);
        let drawn = tokio::task::spawn_blocking(drawing).await;
        drawn.map_err(|broken| {
            tracing::error!(%broken, "drawing a sheet of vouchers broke off");
            OperationError::Conflict("drawing the sheet broke off; the log says why".to_owned())
        })?
    }
}

fn check(request: &SheetRequest) -> Result<(), OperationError> {
    let is_long = |text: &str| text.chars().count() > LONGEST || text.chars().any(char::is_control);
    if is_long(&request.title) {
        return Err(OperationError::Invalid(format!(
            "the heading has more than {LONGEST} characters, or control characters"
        )));
    }
    if !SHEET_COLUMNS.contains(&request.columns) {
        return Err(OperationError::Invalid(format!(
            "{} vouchers beside each other cannot be read; choose 1 to {}",
            request.columns,
            SHEET_COLUMNS.end()
        )));
    }
    let is_address = |text: &str| {
        (text.starts_with("http://") || text.starts_with("https://"))
            && !is_long(text)
            && !text.contains([' ', '#', '"', '<', '>', '\\'])
            && text.is_ascii()
    };
    match &request.portal {
        Some(portal) if !is_address(portal) => Err(OperationError::Invalid(format!(
            "\"{}\" is no address that a phone opens; write it like http://10.5.50.1:8080/portal",
            portal.escape_debug()
        ))),
        _ => Ok(()),
    }
}

const STYLE: &str = "
@page { margin: 8mm }
* { box-sizing: border-box }
body { margin: 0; font-family: system-ui, sans-serif; color: #000; background: #fff }
header { padding: 1em; background: #eee }
main { display: grid }
article { break-inside: avoid; border: 1px dashed #777; padding: 2.5mm; display: flex; gap: 2mm; align-items: center }
article > div { flex: 1; min-width: 0 }
h2 { margin: 0; font-size: 9pt }
p { margin: .6mm 0 0; font-size: 8pt }
.code { font: bold 13pt ui-monospace, monospace; overflow-wrap: anywhere }
.price { font-size: 10pt; font-weight: bold }
svg { flex: none; width: 24mm; height: 24mm }
@media print { header { display: none } }
";

fn page(
    batch: VoucherBatchId,
    issue: &VoucherIssue,
    unused: &[ShownVoucher],
    others: u64,
    request: &SheetRequest,
) -> Result<String, OperationError> {
    let title = escaped(&request.title);
    let count = many(unused.len() as u64, "voucher");
    let left_out = match others {
        0 => String::new(),
        others => format!(" {} not unused and left out.", are(others)),
    };
    let columns = request.columns;
    let mut page = format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Vouchers {batch}</title><style>{STYLE}main {{ \
         grid-template-columns: repeat({columns}, 1fr) }}</style></head>\n<body><header>Batch {batch}: {count}.{left_out} Print \
         this page; this line is not printed.</header>\n<main>\n"
    );
    let terms = terms(issue);
    for shown in unused {
        page.push_str(&card(&title, &shown.issued.voucher.code, &terms, request.portal.as_deref())?);
    }
    page.push_str("</main></body></html>\n");
    Ok(page)
}

fn are(others: u64) -> String {
    format!("{} {}", many(others, "other"), if others == 1 { "is" } else { "are" })
}

/// The same on each.
fn terms(issue: &VoucherIssue) -> String {
    let line = |class: &str, text: &str| format!("<p{class}>{}</p>", escaped(text));
    let plan = issue.plan.as_deref().map(|plan| line("", plan));
    let given = line("", &terms_for_people(&issue.terms).join(" \u{b7} "));
    let price = issue.price.as_deref().map(|price| line(" class=\"price\"", price));
    [plan, Some(given), price].into_iter().flatten().collect()
}

fn card(title: &str, code: &str, terms: &str, portal: Option<&str>) -> Result<String, OperationError> {
    let drawing = portal.map(|portal| qr_svg(&opening(portal, code))).transpose()?.unwrap_or_default();
    let code = escaped(&apart(code));
    Ok(format!(
        "<article><div><h2>{title}</h2><p class=\"code\">{code}</p>{terms}</div>{drawing}</article>\n"
    ))
}

/// The portal's address with the code.
fn opening(portal: &str, code: &str) -> String {
    let sign = if portal.contains('?') { '&' } else { '?' };
    format!("{portal}{sign}code={code}")
}

/// A code in groups, as people read it; the portal overlooks the blanks.
fn apart(code: &str) -> String {
    let signs: Vec<char> = code.chars().collect();
    signs.chunks(TOGETHER).map(String::from_iter).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request() -> SheetRequest {
        SheetRequest { title: "Kiosk".to_owned(), portal: None, columns: 3 }
    }

    #[test]
    fn codes_are_read_in_groups_and_open_the_portal() {
        assert_eq!(
            (apart("ABCD2345"), apart("ABCD23456"), apart("ABC")),
            ("ABCD 2345".to_owned(), "ABCD 2345 6".to_owned(), "ABC".to_owned())
        );
        assert_eq!(opening("http://10.5.50.1/portal", "ABC"), "http://10.5.50.1/portal?code=ABC");
        assert_eq!(opening("http://10.5.50.1/?x=1", "ABC"), "http://10.5.50.1/?x=1&code=ABC");
    }

    #[test]
    fn what_cannot_be_printed_is_told() {
        check(&request()).unwrap();
        let told = |request| check(&request).unwrap_err().to_string();
        assert!(told(SheetRequest { columns: 0, ..request() }).contains("1 to 6"));
        assert!(told(SheetRequest { columns: 7, ..request() }).contains("1 to 6"));
        assert!(told(SheetRequest { title: "x".repeat(201), ..request() }).contains("heading"));
        for wrong in [
            "10.5.50.1",
            "javascript:alert(1)",
            "http://a b",
            "http://\u{f1}",
            "https://x/#y",
            "http://x\"onload=y",
        ] {
            let portal = Some(wrong.to_owned());
            assert!(told(SheetRequest { portal, ..request() }).contains("is no address"), "{wrong}");
        }
    }
}
