//! What a statement of a script is, told from its words: a query, a set-up step, or something else.
//!
//! It works on tokens, not on a grammar: what it must tell apart is told by the first words, and a parser of ours would
//! refuse just the statements that are to be tried.

/// A token of a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Token {
    /// A word: lower case unless it was quoted.
    Word(String),
    /// A literal in single or dollar quotes, with its letters and quotes.
    Text(String),
    Number(String),
    Sign(String),
}

impl Token {
    /// Whether it is this word.
    pub fn is(&self, word: &str) -> bool {
        matches!(self, Token::Word(own) | Token::Sign(own) if own == word)
    }

    /// The word, if it is one.
    pub fn word(&self) -> Option<&str> {
        match self {
            Token::Word(word) => Some(word),
            _ => None,
        }
    }
}

/// The tokens of a statement; comments are left out.
pub fn tokens(sql: &str) -> Vec<Token> {
    let mut found = Vec::new();
    let mut rest = sql;
    while let Some(first) = rest.chars().next() {
        let size = match first {
            _ if first.is_whitespace() => first.len_utf8(),
            '-' if rest.starts_with("--") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |at| at + 2),
            _ => {
                let (token, size) = token(rest, first);
                found.push(token);
                size
            }
        };
        rest = &rest[size..];
    }
    found
}

fn token(rest: &str, first: char) -> (Token, usize) {
    let bytes = rest.as_bytes();
    let prefixed =
        matches!(first.to_ascii_lowercase(), 'e' | 'b' | 'x' | 'n') && bytes.get(1) == Some(&b'\'');
    let unicode = first.eq_ignore_ascii_case(&'u') && bytes.get(1) == Some(&b'&');
    match first {
        '\'' => (quoted(rest, 0, false), quoted_size(rest, 0, false)),
        _ if prefixed => {
            let escapes = first.eq_ignore_ascii_case(&'e');
            (quoted(rest, 1, escapes), quoted_size(rest, 1, escapes))
        }
        _ if unicode && bytes.get(2) == Some(&b'\'') => (quoted(rest, 2, false), quoted_size(rest, 2, false)),
        '"' => {
            let size = quoted_size(rest, 0, false);
            (Token::Word(rest[1..size.max(2) - 1].replace("\"\"", "\"")), size)
        }
        '$' if dollar_size(rest).is_some() => {
            let size = dollar_size(rest).unwrap_or(1);
            (Token::Text(rest[..size].to_owned()), size)
        }
        _ if first.is_alphabetic() || first == '_' => {
            let is_word = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == '$';
            let size = rest.find(|letter| !is_word(letter)).unwrap_or(rest.len());
            (Token::Word(rest[..size].to_lowercase()), size)
        }
        _ if first.is_ascii_digit() || first == '.' && bytes.get(1).is_some_and(u8::is_ascii_digit) => {
            let size = rest.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '.');
            let size = size.unwrap_or(rest.len());
            (Token::Number(rest[..size].to_owned()), size)
        }
        _ if "+-*/<>=~!@#%^&|?".contains(first) => {
            let size = rest.find(|letter: char| !"+-*/<>=~!@#%^&|?".contains(letter)).unwrap_or(rest.len());
            let size =
                rest[..size].find("--").or(rest[..size].find("/*")).filter(|at| *at > 0).unwrap_or(size);
            (Token::Sign(rest[..size].to_owned()), size)
        }
        _ if rest.starts_with("::") => (Token::Sign("::".to_owned()), 2),
        _ => (Token::Sign(first.to_string()), first.len_utf8()),
    }
}

fn quoted(rest: &str, prefix: usize, escapes: bool) -> Token {
    Token::Text(rest[..quoted_size(rest, prefix, escapes)].to_owned())
}

fn quoted_size(rest: &str, prefix: usize, escapes: bool) -> usize {
    let bytes = rest.as_bytes();
    let quote = bytes[prefix];
    let mut at = prefix + 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' if escapes => at += 2,
            byte if byte == quote && bytes.get(at + 1) == Some(&quote) => at += 2,
            byte if byte == quote => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}

fn dollar_size(rest: &str) -> Option<usize> {
    let end = rest[1..].find('$')? + 1;
    let tag = &rest[..=end];
    let is_tag = |letter: char| letter.is_alphanumeric() || letter == '_';
    if !tag[1..end].chars().all(is_tag) || tag[1..].starts_with(|letter: char| letter.is_ascii_digit()) {
        return None;
    }
    Some(rest[tag.len()..].find(tag)? + 2 * tag.len())
}

/// What is done with a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Compared.
    Query,
    /// Run on PostgreSQL; its new relation is copied.
    CreateTable,
    /// Run on both.
    CreateView,
    /// Run on both; the name of the table.
    Insert(String),
    /// COPY … FROM stdin, on both.
    CopyIn(String),
    /// DROP TABLE or VIEW, on both.
    Drop,
    /// SET and RESET of what a client sees, on both.
    Setting,
    Begin,
    Commit,
    Rollback,
    /// PREPARE, EXECUTE, cursors, SHOW: run on both, not counted.
    Session,
    /// Changes relations in a way that a stream has not: run on PostgreSQL, then copied.
    Change,
    /// What only PostgreSQL needs (indexes, statistics, planner settings).
    Internal,
    /// Makes something that Millstream has not: run on PostgreSQL alone. The names that it makes are out of scope.
    Foreign(&'static str),
}

const CLIENT_SETTINGS: [&str; 10] = [
    "datestyle",
    "intervalstyle",
    "timezone",
    "time",
    "extra_float_digits",
    "bytea_output",
    "standard_conforming_strings",
    "escape_string_warning",
    "backslash_quote",
    "search_path",
];

/// What a statement is.
pub fn kind(tokens: &[Token]) -> Kind {
    let words: Vec<&str> = tokens.iter().map(|token| token.word().unwrap_or("")).collect();
    let word = |at: usize| words.get(at).copied().unwrap_or("");
    let first = words.iter().zip(tokens).find(|(_, token)| !token.is("(")).map_or("", |(word, _)| *word);
    match first {
        "select" | "values" | "table" if selects_into(tokens) => Kind::CreateTable,
        "select" | "values" | "table" => Kind::Query,
        "with" if changes_data(tokens) => Kind::Change,
        "with" if selects_into(tokens) => Kind::CreateTable,
        "with" => Kind::Query,
        "insert" if words.contains(&"conflict") || words.contains(&"returning") => Kind::Change,
        "insert" => Kind::Insert(word(2).to_owned()),
        "copy" if words.contains(&"stdin") => Kind::CopyIn(word(1).to_owned()),
        "create" => created(&words),
        "drop" if matches!(word(1), "table" | "view") => Kind::Drop,
        "drop" => Kind::Internal,
        "set" | "reset" => setting(&words),
        "begin" | "start" => Kind::Begin,
        "commit" | "end" => Kind::Commit,
        "rollback" | "abort" if !words.contains(&"to") => Kind::Rollback,
        "prepare" | "execute" | "deallocate" | "declare" | "fetch" | "close" | "show" | "move" => {
            Kind::Session
        }
        "update" | "delete" | "truncate" | "merge" | "alter" => Kind::Change,
        "do" => Kind::Foreign("DO"),
        "explain" => Kind::Foreign("EXPLAIN"),
        _ => Kind::Internal,
    }
}

fn created(words: &[&str]) -> Kind {
    let skipped =
        ["or", "replace", "temp", "temporary", "unlogged", "recursive", "global", "local", "unique"];
    let what = words[1..].iter().find(|word| !skipped.contains(word)).copied().unwrap_or("");
    match what {
        "table" => Kind::CreateTable,
        "view" => Kind::CreateView,
        "function" | "procedure" => Kind::Foreign("a function of its own"),
        "aggregate" => Kind::Foreign("an aggregate of its own"),
        "operator" => Kind::Foreign("an operator of its own"),
        "type" => Kind::Foreign("a type of its own"),
        "domain" => Kind::Foreign("a domain"),
        "cast" => Kind::Foreign("a cast of its own"),
        "rule" => Kind::Foreign("a rule"),
        "trigger" => Kind::Foreign("a trigger"),
        "sequence" => Kind::Foreign("a sequence"),
        _ => Kind::Internal,
    }
}

fn setting(words: &[&str]) -> Kind {
    let name = words[1..].iter().find(|word| !matches!(**word, "local" | "session")).copied().unwrap_or("");
    if CLIENT_SETTINGS.contains(&name) { Kind::Setting } else { Kind::Internal }
}

/// SELECT … INTO at the top level.
fn selects_into(tokens: &[Token]) -> bool {
    at_top(tokens).any(|at| tokens[at].is("into"))
        && !at_top(tokens).any(|at| tokens[at].is("insert") || tokens[at].is("merge"))
}

/// WITH whose main statement or one of whose parts is INSERT, UPDATE, DELETE or MERGE.
fn changes_data(tokens: &[Token]) -> bool {
    let verbs = ["insert", "update", "delete", "merge"];
    let is_verb = |token: &Token| token.word().is_some_and(|word| verbs.contains(&word));
    let begins = |at: usize| at == 0 || tokens[at - 1].is("(") || tokens[at - 1].is(")");
    (0..tokens.len()).any(|at| is_verb(&tokens[at]) && begins(at))
}

/// The places of the tokens outside parentheses.
pub fn at_top(tokens: &[Token]) -> impl Iterator<Item = usize> {
    let mut depth = 0u32;
    tokens.iter().enumerate().filter_map(move |(at, token)| {
        if token.is("(") || token.is("[") {
            depth += 1;
        } else if token.is(")") || token.is("]") {
            depth = depth.saturating_sub(1);
        }
        (depth == 0).then_some(at)
    })
}

/// A key of the ORDER BY at the top level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SortKey {
    /// A column of the output, by place from 0.
    Place(usize),
    /// A column of the output, by name.
    Name(String),
    /// Something else: only the whole order can be compared.
    Expression,
}

/// The keys of the ORDER BY at the top level, None without one.
pub fn sort_keys(tokens: &[Token]) -> Option<Vec<SortKey>> {
    let tops: Vec<usize> = at_top(tokens).collect();
    let order = tops
        .iter()
        .rev()
        .copied()
        .find(|at| tokens[*at].is("order") && tokens.get(at + 1).is_some_and(|token| token.is("by")))?;
    let ends = ["limit", "offset", "fetch", "for"];
    let end = |at: &usize| tokens[*at].word().is_some_and(|word| ends.contains(&word));
    let last = tops.iter().copied().filter(|at| *at > order).find(end).unwrap_or(tokens.len());
    let mut keys = Vec::new();
    let mut key: Vec<&Token> = Vec::new();
    let commas: Vec<usize> = tops.into_iter().filter(|at| *at > order && tokens[*at].is(",")).collect();
    for (at, token) in tokens.iter().enumerate().take(last).skip(order + 2) {
        if commas.contains(&at) {
            keys.push(sort_key(&key));
            key.clear();
        } else {
            key.push(token);
        }
    }
    keys.push(sort_key(&key));
    Some(keys)
}

fn sort_key(tokens: &[&Token]) -> SortKey {
    let words = ["asc", "desc", "nulls", "first", "last"];
    let own: Vec<&&Token> =
        tokens.iter().filter(|token| !token.word().is_some_and(|word| words.contains(&word))).collect();
    match own.as_slice() {
        [Token::Number(number)] => number
            .parse::<usize>()
            .map_or(SortKey::Expression, |place| SortKey::Place(place.saturating_sub(1))),
        [Token::Word(name)] => SortKey::Name(name.clone()),
        [Token::Word(_), dot, Token::Word(name)] if dot.is(".") => SortKey::Name(name.clone()),
        _ => SortKey::Expression,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(sql: &str) -> Kind {
        kind(&tokens(sql))
    }

    #[test]
    fn kinds() {
        assert_eq!(told("(SELECT 1) UNION SELECT 2"), Kind::Query);
        assert_eq!(told("select * into x from y"), Kind::CreateTable);
        assert_eq!(told("WITH a AS (INSERT INTO b VALUES (1) RETURNING *) SELECT 1"), Kind::Change);
        assert_eq!(told("WITH a AS (SELECT 1) SELECT 1"), Kind::Query);
        assert_eq!(told("INSERT INTO Tbl (f1) VALUES ('a')"), Kind::Insert("tbl".to_owned()));
        assert_eq!(told("CREATE OR REPLACE TEMP VIEW v AS SELECT 1"), Kind::CreateView);
        assert_eq!(told("SET enable_sort = off"), Kind::Internal);
        assert_eq!(told("SET LOCAL timezone TO 'UTC'"), Kind::Setting);
    }

    #[test]
    fn keys_of_the_top_order() {
        let keys = |sql: &str| sort_keys(&tokens(sql));
        assert_eq!(keys("SELECT a FROM (SELECT 1 ORDER BY 1) t"), None);
        let expected = [SortKey::Place(0), SortKey::Name("b".to_owned()), SortKey::Expression];
        assert_eq!(
            keys("SELECT a, t.b FROM t ORDER BY 1 DESC, t.b NULLS LAST, f(a, b) LIMIT 2"),
            Some(expected.to_vec())
        );
    }
}
