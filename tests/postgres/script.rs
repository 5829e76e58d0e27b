//! Splits a psql script into its statements, as psql itself would send them.
//!
//! It knows what psql knows: quotes of all kinds, comments, parentheses, dollar quotes, `BEGIN ATOMIC … END` bodies, the
//! lines of `COPY … FROM stdin`, variables (`\set`, `\getenv`, `:name`, `:'name'`). Other backslash commands are left out:
//! they change how psql prints, and nothing here prints.

use std::collections::HashMap;

/// A statement of a script.
#[derive(Clone, Debug)]
pub struct Statement {
    /// The line on which it begins, from 1.
    pub line: usize,
    pub sql: String,
    /// The lines that follow `COPY … FROM stdin;`.
    pub data: Option<Vec<u8>>,
}

/// The statements of a script; `environment` answers `\getenv`.
pub fn statements(text: &str, environment: &HashMap<String, String>) -> Vec<Statement> {
    let mut splitter = Splitter {
        text: text.as_bytes(),
        at: 0,
        line: 1,
        environment,
        variables: HashMap::new(),
        sql: Vec::new(),
        begun_at: 1,
        parentheses: 0,
        blocks: Blocks::default(),
        backslashes: false,
        found: Vec::new(),
    };
    splitter.run();
    splitter.found
}

/// How deep a statement is within the BEGIN ATOMIC … END body of a function.
#[derive(Default)]
struct Blocks {
    words: Vec<String>,
    depth: u32,
}

impl Blocks {
    fn see(&mut self, word: &str) {
        let word = word.to_ascii_lowercase();
        if self.words.len() < 4 {
            self.words.push(word.clone());
        }
        let routine = |word: &String| word == "function" || word == "procedure";
        if self.words.first().is_some_and(|first| first == "create") && self.words.iter().any(routine) {
            match word.as_str() {
                "begin" => self.depth += 1,
                "case" if self.depth > 0 => self.depth += 1,
                "end" => self.depth = self.depth.saturating_sub(1),
                _ => {}
            }
        }
    }
}

struct Splitter<'a> {
    text: &'a [u8],
    at: usize,
    line: usize,
    environment: &'a HashMap<String, String>,
    variables: HashMap<String, String>,
    sql: Vec<u8>,
    begun_at: usize,
    parentheses: u32,
    blocks: Blocks,
    /// Whether `standard_conforming_strings` is off, which psql heeds.
    backslashes: bool,
    found: Vec<Statement>,
}

impl Splitter<'_> {
    fn run(&mut self) {
        while self.at < self.text.len() {
            self.piece();
        }
        self.finish();
    }

    fn rest(&self) -> &[u8] {
        &self.text[self.at..]
    }

    fn starts(&self, with: &str) -> bool {
        self.rest().starts_with(with.as_bytes())
    }

    /// Takes so many bytes; they belong to the statement if `keep`.
    fn take(&mut self, size: usize, keep: bool) {
        let piece = &self.text[self.at..(self.at + size).min(self.text.len())];
        self.line += piece.iter().filter(|byte| **byte == b'\n').count();
        if keep {
            self.sql.extend(piece);
        }
        self.at += piece.len();
    }

    fn piece(&mut self) {
        let byte = self.text[self.at];
        let empty = self.sql.is_empty();
        match byte {
            _ if byte.is_ascii_whitespace() => self.take(1, !empty),
            b'-' if self.starts("--") => {
                let size = self.rest().iter().position(|byte| *byte == b'\n').unwrap_or(self.rest().len());
                self.take(size, !empty);
            }
            b'/' if self.starts("/*") => {
                let size = comment_length(self.rest());
                self.take(size, !empty);
            }
            b'\\' => self.command(),
            _ => {
                if empty {
                    self.begun_at = self.line;
                }
                self.token(byte);
            }
        }
    }

    fn token(&mut self, byte: u8) {
        match byte {
            b'\'' => {
                let marked = matches!(self.sql.last(), Some(b'e' | b'E'))
                    && !self.sql.iter().rev().nth(1).is_some_and(|byte| is_word(*byte));
                let unicode = self.sql.ends_with(b"U&") || self.sql.ends_with(b"u&");
                let escapes = marked || self.backslashes && !unicode;
                let size = quoted_length(self.rest(), b'\'', escapes);
                self.take(size, true);
            }
            b'"' => {
                let size = quoted_length(self.rest(), b'"', false);
                self.take(size, true);
            }
            b'$' if !self.sql.last().is_some_and(|byte| is_word(*byte)) => {
                let size = dollar_length(self.rest()).unwrap_or(1);
                self.take(size, true);
            }
            b':' if self.starts("::") => self.take(2, true),
            b':' => self.variable(),
            b'(' => {
                self.parentheses += 1;
                self.take(1, true);
            }
            b')' => {
                self.parentheses = self.parentheses.saturating_sub(1);
                self.take(1, true);
            }
            b';' if self.parentheses == 0 && self.blocks.depth == 0 => {
                self.take(1, false);
                self.finish();
            }
            _ if is_word(byte) => {
                let size = self.rest().iter().take_while(|byte| is_word(**byte)).count();
                let word = String::from_utf8_lossy(&self.rest()[..size]).into_owned();
                self.blocks.see(&word);
                self.take(size, true);
            }
            _ => self.take(1, true),
        }
    }

    /// `:name`, `:'name'`, `:"name"`; what is not set stays as it is.
    fn variable(&mut self) {
        let rest = &self.rest()[1..];
        let quote = rest.first().copied().filter(|byte| matches!(byte, b'\'' | b'"'));
        let skip = usize::from(quote.is_some());
        let size = rest[skip.min(rest.len())..].iter().take_while(|byte| is_word(**byte)).count();
        let name = String::from_utf8_lossy(&rest[skip..skip + size]).into_owned();
        let closed = quote.is_none_or(|quote| rest.get(skip + size) == Some(&quote));
        match self.variables.get(&name) {
            Some(value) if closed => {
                let quoted = match quote {
                    Some(b'\'') => format!("'{}'", value.replace('\'', "''")),
                    Some(_) => format!("\"{value}\""),
                    None => value.clone(),
                };
                self.sql.extend(quoted.bytes());
                self.take(1 + size + 2 * skip, false);
            }
            _ => self.take(1, true),
        }
    }

    /// A backslash command: it ends with its line; the `\g` family sends the statement before it.
    fn command(&mut self) {
        let size = self.rest().iter().position(|byte| *byte == b'\n').unwrap_or(self.rest().len());
        let line = String::from_utf8_lossy(&self.rest()[..size]).into_owned();
        self.take(size, false);
        let mut words = line[1..].split_whitespace();
        let name = words.next().unwrap_or_default();
        let arguments: Vec<&str> = words.collect();
        match (name, arguments.as_slice()) {
            ("getenv", [variable, from]) => {
                if let Some(value) = self.environment.get(*from) {
                    self.variables.insert((*variable).to_owned(), value.clone());
                }
            }
            ("set", [variable, values @ ..]) => {
                let value = values.iter().map(|value| self.expanded(value)).collect();
                self.variables.insert((*variable).to_owned(), value);
            }
            _ if name.starts_with('g') && name != "getenv" => self.finish(),
            _ => {}
        }
    }

    fn expanded(&self, argument: &str) -> String {
        match argument.strip_prefix(':').and_then(|name| self.variables.get(name)) {
            Some(value) => value.clone(),
            None => argument.trim_matches('\'').to_owned(),
        }
    }

    fn finish(&mut self) {
        let sql = String::from_utf8_lossy(&std::mem::take(&mut self.sql)).trim().to_owned();
        self.blocks = Blocks::default();
        self.parentheses = 0;
        if sql.is_empty() {
            return;
        }
        let lower = sql.to_ascii_lowercase();
        let words: Vec<&str> = lower.split_whitespace().collect();
        match words.as_slice() {
            ["set", "standard_conforming_strings", "to" | "=", value] => self.backslashes = *value == "off",
            ["reset", "standard_conforming_strings"] => self.backslashes = false,
            _ => {}
        }
        let copies_in = lower.starts_with("copy")
            && lower.split_whitespace().collect::<Vec<_>>().windows(2).any(|pair| pair == ["from", "stdin"]);
        let data = copies_in.then(|| self.copy_lines());
        self.found.push(Statement { line: self.begun_at, sql, data });
    }

    /// The lines up to `\.`.
    fn copy_lines(&mut self) -> Vec<u8> {
        let rest = self.rest();
        let skip = rest.iter().position(|byte| *byte == b'\n').map_or(rest.len(), |at| at + 1);
        self.take(skip, false);
        let mut data = Vec::new();
        while self.at < self.text.len() {
            let rest = self.rest();
            let size = rest.iter().position(|byte| *byte == b'\n').map_or(rest.len(), |at| at + 1);
            let line = rest[..size].to_vec();
            self.take(size, false);
            if line.trim_ascii_end() == b"\\." {
                break;
            }
            data.extend(line);
        }
        data
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

fn comment_length(text: &[u8]) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < text.len() {
        if text[at..].starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else if text[at..].starts_with(b"*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    text.len()
}

/// The length of a quoted piece, both quotes included; a doubled quote is one of the text.
fn quoted_length(text: &[u8], quote: u8, escapes: bool) -> usize {
    let mut at = 1;
    while at < text.len() {
        match text[at] {
            b'\\' if escapes => at += 2,
            byte if byte == quote && text.get(at + 1) == Some(&quote) => at += 2,
            byte if byte == quote => return at + 1,
            _ => at += 1,
        }
    }
    text.len()
}

/// The length of `$tag$ … $tag$`, None where no such tag begins.
fn dollar_length(text: &[u8]) -> Option<usize> {
    let end = text[1..].iter().position(|byte| !is_word(*byte))? + 1;
    if text[end] != b'$' || text[1].is_ascii_digit() {
        return None;
    }
    let tag = &text[..=end];
    let close = text[tag.len()..].windows(tag.len()).position(|window| window == tag)?;
    Some(2 * tag.len() + close)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<String> {
        let environment = HashMap::from([("PG_DIR".to_owned(), "/d".to_owned())]);
        statements(text, &environment).into_iter().map(|statement| statement.sql).collect()
    }

    #[test]
    fn statements_end_where_psql_ends_them() {
        let text = "-- a; b\nSELECT ';', $$;$$, \"x;\", e'\\';' ; /* ; */ SELECT (1;2);\n\\pset null x\nSELECT 3 \\gset\nSELECT 4";
        assert_eq!(
            split(text),
            ["SELECT ';', $$;$$, \"x;\", e'\\';'", "SELECT (1;2)", "SELECT 3", "SELECT 4"]
        );
    }

    #[test]
    fn backslashes_escape_while_the_setting_says_so() {
        let text = "SET standard_conforming_strings = off;SELECT 'a\\';b';RESET standard_conforming_strings;SELECT 'a\\';b";
        assert_eq!(
            split(text),
            [
                "SET standard_conforming_strings = off",
                "SELECT 'a\\';b'",
                "RESET standard_conforming_strings",
                "SELECT 'a\\'",
                "b"
            ]
        );
    }

    #[test]
    fn variables_function_bodies_and_copied_lines() {
        let text = "\\getenv d PG_DIR\n\\set f :d '/x.data'\nCOPY t FROM :'f';\nCREATE FUNCTION f() BEGIN ATOMIC SELECT 1; END;\nCOPY t FROM stdin;\n1;\n\\.\nSELECT a[1:2], b::int";
        assert_eq!(
            split(text),
            [
                "COPY t FROM '/d/x.data'",
                "CREATE FUNCTION f() BEGIN ATOMIC SELECT 1; END",
                "COPY t FROM stdin",
                "SELECT a[1:2], b::int"
            ]
        );
        assert_eq!(statements(text, &HashMap::new())[2].data.as_deref(), Some(&b"1;\n"[..]));
    }
}
