//! Reads what `cargo test` prints: how many tests passed, which failed and with what words.

/// What one `cargo test --workspace` said.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) passed: u32,
    pub(crate) failed: u32,
    /// Names of ignored tests.
    pub(crate) ignored: Vec<String>,
    /// The `failures:` blocks, each headed by its test binary.
    pub(crate) failures: Vec<String>,
    /// Test binaries that started and never gave a result.
    pub(crate) without_result: Vec<String>,
}

#[derive(Default)]
struct Reader {
    counts: Counts,
    binary: Option<String>,
    has_result: bool,
    block: Option<Vec<String>>,
}

/// Reads the whole output; both streams must be in their true order.
pub(crate) fn read(output: &str) -> Counts {
    let mut reader = Reader::default();
    for line in output.lines() {
        reader.line(line);
    }
    reader.close_binary();
    reader.counts
}

impl Reader {
    fn line(&mut self, line: &str) {
        if let Some(name) = started(line) {
            self.close_binary();
            self.binary = Some(name.to_owned());
        } else if let Some(result) = line.strip_prefix("test result: ") {
            self.result(result);
        } else if line == "failures:" && self.block.is_none() {
            self.block =
                Some(vec![format!("--- {}", self.binary.as_deref().unwrap_or("unknown test binary"))]);
        } else if let Some(block) = &mut self.block {
            block.push(line.to_owned());
        } else if let Some(name) = ignored(line) {
            self.counts.ignored.push(name.to_owned());
        }
    }

    fn result(&mut self, result: &str) {
        self.has_result = true;
        self.counts.passed += number_before(result, " passed");
        self.counts.failed += number_before(result, " failed");
        self.close_block();
    }

    fn close_binary(&mut self) {
        self.close_block();
        if let Some(name) = self.binary.take().filter(|_| !self.has_result) {
            self.counts.without_result.push(name);
        }
        self.has_result = false;
    }

    fn close_block(&mut self) {
        if let Some(block) = self.block.take() {
            self.counts.failures.push(block.join("\n").trim_end().to_owned());
        }
    }
}

/// Cargo's own lines are indented and name the binary; a test's output cannot be told from them if it imitates both.
fn started(line: &str) -> Option<&str> {
    line.strip_prefix("     Running ").or_else(|| line.strip_prefix("   Doc-tests "))
}

fn ignored(line: &str) -> Option<&str> {
    let (name, outcome) = line.strip_prefix("test ")?.split_once(" ... ")?;
    outcome.starts_with("ignored").then_some(name)
}

fn number_before(text: &str, word: &str) -> u32 {
    let digits = text.split(word).next().unwrap_or_default();
    let start = digits.rfind(|c: char| !c.is_ascii_digit()).map_or(0, |at| at + 1);
    digits[start..].parse().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FAILED: &str = "
     Running unittests src/lib.rs (target/debug/deps/a-1)

running 3 tests
test good ... ok
test slow ... ignored, too slow
test bad ... FAILED

failures:

---- bad stdout ----
assertion failed: 1 == 2

failures:
    bad

test result: FAILED. 1 passed; 1 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s

   Doc-tests a

running 2 tests
test result: ok. 12 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s
";

    #[test]
    fn sums_all_binaries_and_keeps_the_failing_words() {
        let counts = read(FAILED);
        assert_eq!((counts.passed, counts.failed), (13, 1));
        assert_eq!(counts.ignored, ["slow"]);
        assert_eq!(counts.failures.len(), 1);
        assert!(counts.failures[0].starts_with("--- unittests src/lib.rs"));
        assert!(counts.failures[0].contains("assertion failed: 1 == 2"));
        assert!(counts.without_result.is_empty());
    }

    #[test]
    fn a_binary_that_died_before_its_result_is_named_wherever_it_stands() {
        let died = "     Running tests/it/main.rs (x)\ntest a ... ok\n     Running tests/two.rs (y)\n\
            test result: ok. 1 passed; 0 failed; 0 ignored;\n     Running tests/three.rs (z)\n";
        assert_eq!(read(died).without_result, ["tests/it/main.rs (x)", "tests/three.rs (z)"]);
    }

    #[test]
    fn merged_documentation_tests_give_several_results_under_one_heading() {
        let merged = "   Doc-tests a\ntest result: ok. 2 passed; 0 failed; 0 ignored;\n\
            test result: ok. 3 passed; 0 failed; 0 ignored;\n";
        let counts = read(merged);
        assert_eq!((counts.passed, counts.without_result.len()), (5, 0));
    }
}
