//! Reads a JUnit report as schemathesis writes it: a test case for each operation of the API.

/// One operation.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Case {
    /// `GET /api/v1/usage`
    pub(super) name: String,
    /// What was wrong; also when it was not asked at all.
    pub(super) fault: Option<String>,
}

pub(super) fn read(xml: &str) -> Vec<Case> {
    xml.split("<testcase ").skip(1).filter_map(case).collect()
}

fn case(text: &str) -> Option<Case> {
    let head = text.split('>').next()?;
    let name = unescaped(head.split("name=\"").nth(1)?.split('"').next()?);
    if head.ends_with('/') {
        return Some(Case { name, fault: None });
    }
    let inner = text.split("</testcase>").next()?;
    let faulty = ["<failure", "<error", "<skipped"].iter().any(|child| inner.contains(child));
    Some(Case { name, fault: faulty.then(|| unescaped(&inner[head.len() + 1..])) })
}

fn unescaped(text: &str) -> String {
    let pairs = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#10;", "\n"), ("&amp;", "&")];
    pairs.iter().fold(text.trim().to_owned(), |text, (from, to)| text.replace(from, to))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_operation_is_a_case_and_whatever_it_contains_decides() {
        let xml = "<testsuites><testsuite name=\"schemathesis\">\n\
            <testcase name=\"GET /a\" time=\"0.1\" />\n\
            <testcase name=\"GET /b\" time=\"0.1\"><failure message=\"1. x &amp; &lt;y&gt;\" /></testcase>\n\
            <testcase name=\"GET /c\" time=\"0.1\"><skipped /></testcase>\n\
            <testcase name=\"GET /d\" time=\"0.1\"><system-out>fine</system-out></testcase>\n\
            </testsuite></testsuites>";
        let cases = read(xml);
        let names: Vec<&str> = cases.iter().map(|case| case.name.as_str()).collect();
        assert_eq!(names, ["GET /a", "GET /b", "GET /c", "GET /d"]);
        assert_eq!(
            cases.iter().map(|case| case.fault.is_some()).collect::<Vec<_>>(),
            [false, true, true, false]
        );
        assert!(cases[1].fault.as_ref().unwrap().contains("1. x & <y>"));
        assert!(read("").is_empty());
    }
}
