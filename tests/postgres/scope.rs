//! Which queries of PostgreSQL's scripts are out of scope, and why.
//!
//! A query is out of scope if it hangs on something that Millstream does not have. That is told by its words, by what
//! the script made before, and by PostgreSQL's own answer; `recorded/out_of_scope.tsv` says which functions and types
//! are meant, this file has what is no function and no type.

use std::collections::HashMap;

use super::catalogs::{self, OutOfScope};
use super::statement::Token;
use super::wire::Answer;

/// Words that take a query out of scope wherever they stand.
const WORDS: [(&str, &str); 11] = [
    ("tablesample", "TABLESAMPLE"),
    ("ctid", "system columns of a heap"),
    ("xmin", "system columns of a heap"),
    ("xmax", "system columns of a heap"),
    ("cmin", "system columns of a heap"),
    ("cmax", "system columns of a heap"),
    ("tableoid", "system columns of a heap"),
    ("information_schema", "the server's own catalogs"),
    ("xmlserialize", "xml"),
    ("xmlelement", "xml"),
    ("xmlparse", "xml"),
];

/// Functions of the server that are values all the same.
const PLAIN_PG_FUNCTIONS: [&str; 5] =
    ["pg_typeof", "pg_size_pretty", "pg_size_bytes", "pg_client_encoding", "pg_column_size"];

/// Spellings of types in SQL that differ from their names in the catalogs.
const TYPE_SPELLINGS: [(&str, &str); 1] = [("bits", "bit")];

/// What decides the scope of a script's queries.
#[derive(Clone)]
pub struct Scope {
    list: OutOfScope,
    type_names: HashMap<u32, String>,
    functions: HashMap<String, String>,
    /// What the script made: the name and why it is out of scope.
    foreign: HashMap<String, Foreign>,
}

/// Something that a script made and Millstream has not.
#[derive(Clone, Debug)]
struct Foreign {
    reason: String,
    /// Whether it is meant only where it is called.
    called: bool,
}

impl Scope {
    /// The scope at the beginning of a script.
    pub fn new() -> Scope {
        let mut type_names = HashMap::new();
        catalogs::read(include_str!("recorded/pg_type.tsv"), |entry| {
            if let Ok(oid) = entry.field("oid").parse() {
                type_names.insert(oid, entry.field("name").to_owned());
            }
        });
        let list = OutOfScope::recorded();
        let functions = list.functions_by_name();
        Scope { list, type_names, functions, foreign: HashMap::new() }
    }

    /// The name of a type, its number where it is none of PostgreSQL's own.
    pub fn type_name(&self, oid: u32) -> String {
        self.type_names.get(&oid).cloned().unwrap_or_else(|| oid.to_string())
    }

    /// Why a type of an answer is out of scope.
    pub fn type_out_of_scope(&self, oid: u32) -> Option<String> {
        match self.type_names.get(&oid) {
            Some(name) => self.list.type_named(name).map(str::to_owned),
            None if oid < 16384 => Some("a row type of the server's own catalogs".to_owned()),
            None => Some("a type of the script's own (composite, enum, domain, range)".to_owned()),
        }
    }

    /// Takes note of what a CREATE … statement of the script makes.
    pub fn creates(&mut self, tokens: &[Token], reason: &str) {
        let skipped =
            ["create", "or", "replace", "function", "procedure", "aggregate", "type", "domain", "sequence"];
        let temporary = ["temp", "temporary", "pg_temp", "public", "."];
        let is_name =
            |token: &&Token| !skipped.iter().chain(&temporary).any(|word| token.is(word)) && !token.is("if");
        if tokens.iter().any(|token| token.is("operator")) && !tokens.iter().any(|token| token.is("function"))
        {
            if let Some(Token::Sign(sign)) = tokens.iter().find(|token| matches!(token, Token::Sign(_))) {
                self.add(sign, reason, false);
            }
            return;
        }
        if let Some(Token::Word(name)) = tokens.iter().find(is_name) {
            let called = reason.contains("function") || reason.contains("aggregate");
            self.add(name, reason, called);
        }
    }

    fn add(&mut self, name: &str, reason: &str, called: bool) {
        self.foreign.insert(name.to_owned(), Foreign { reason: reason.to_owned(), called });
    }

    /// Why a query is out of scope, told by its words.
    pub fn query(&self, tokens: &[Token]) -> Option<String> {
        (0..tokens.len()).find_map(|at| self.token(tokens, at))
    }

    fn token(&self, tokens: &[Token], at: usize) -> Option<String> {
        let before = at.checked_sub(1).and_then(|at| tokens.get(at));
        let after = tokens.get(at + 1);
        let follows = |word: &str| after.is_some_and(|token| token.is(word));
        match &tokens[at] {
            Token::Word(word) => self.word(word, before, after),
            Token::Sign(sign) => {
                let several = sign == "]" && follows("[");
                match sign.as_str() {
                    _ if self.foreign.contains_key(sign) => {
                        self.foreign.get(sign).map(|own| own.reason.clone())
                    }
                    "@?" | "@@" => Some("jsonpath".to_owned()),
                    "[" if follows("[") => Some("arrays of several dimensions".to_owned()),
                    _ if several => Some("arrays of several dimensions".to_owned()),
                    _ => None,
                }
            }
            Token::Text(text) => literal(text),
            Token::Number(_) => None,
        }
    }

    fn word(&self, word: &str, before: Option<&Token>, after: Option<&Token>) -> Option<String> {
        let follows = |sign: &str| after.is_some_and(|token| token.is(sign));
        let preceded = |sign: &str| before.is_some_and(|token| token.is(sign));
        if let Some((_, reason)) = WORDS.iter().find(|(own, _)| *own == word) {
            return Some((*reason).to_owned());
        }
        if word == "only" && !preceded("row") && !preceded("rows") {
            return Some("inheritance".to_owned());
        }
        let locks = ["update", "share", "no", "key"];
        if word == "for" && after.and_then(Token::word).is_some_and(|next| locks.contains(&next)) {
            return Some("row locks (FOR UPDATE)".to_owned());
        }
        if let Some(own) = self.foreign.get(word)
            && (!own.called || follows("("))
        {
            return Some(own.reason.clone());
        }
        if word == "in"
            && let Some(own) = self.foreign.get("=")
        {
            return Some(own.reason.clone());
        }
        if follows("(")
            && !preceded(".")
            && let Some(reason) = self.functions.get(word)
        {
            return Some(reason.clone());
        }
        if word.starts_with("pg_") && !PLAIN_PG_FUNCTIONS.contains(&word) && !preceded("as") {
            return Some("the server's own catalogs and functions".to_owned());
        }
        if word == "collate"
            && let Some(name) = after.and_then(Token::word)
            && !matches!(name, "C" | "POSIX" | "default" | "c" | "posix")
        {
            return Some("collations".to_owned());
        }
        let typed = preceded("::") || matches!(after, Some(Token::Text(_))) || preceded("as") && follows(")");
        let spelling = TYPE_SPELLINGS.iter().find(|(own, _)| *own == word).map_or(word, |(_, name)| name);
        if typed && !matches!(word, "any" | "unknown" | "path" | "line") || preceded("::") {
            return self.list.type_named(spelling).map(str::to_owned);
        }
        None
    }

    /// Why a query is out of scope, told by PostgreSQL's answer.
    pub fn answer(&self, answer: &Answer) -> Option<String> {
        if answer.state() == "25P02" {
            return Some("in a transaction that has failed".to_owned());
        }
        if answer.state() == "54001" {
            return Some("the depth of PostgreSQL's stack".to_owned());
        }
        let columns = answer.columns.iter().flatten();
        if let Some(reason) = columns.clone().find_map(|column| self.type_out_of_scope(column.type_oid)) {
            return Some(reason);
        }
        let arrays: Vec<usize> = columns
            .enumerate()
            .filter(|(_, column)| self.type_name(column.type_oid).starts_with('_'))
            .map(|(at, _)| at)
            .collect();
        let values =
            answer.rows.iter().flat_map(|row| arrays.iter().filter_map(|at| row.get(*at)?.as_deref()));
        values.filter_map(|value| array_value(&String::from_utf8_lossy(value))).next()
    }
}

/// Why an array's text is out of scope.
pub fn array_value(text: &str) -> Option<String> {
    if text.starts_with("{{") {
        return Some("arrays of several dimensions".to_owned());
    }
    text.starts_with('[').then(|| "arrays with lower bounds of their own".to_owned())
}

fn literal(text: &str) -> Option<String> {
    if text.starts_with(['b', 'B', 'x', 'X']) {
        return Some("bit strings".to_owned());
    }
    let inner = text.trim_start_matches(['e', 'E', 'n', 'N']).trim_start_matches('\'');
    // `{{` begins no JSON, and `[1:2]=` neither.
    if inner.starts_with("{{") {
        return Some("arrays of several dimensions".to_owned());
    }
    let bounds = inner.strip_prefix('[')?.split_once("]={")?.0;
    let digits =
        bounds.chars().all(|letter| letter.is_ascii_digit() || matches!(letter, ':' | '-' | '[' | ']'));
    digits.then(|| "arrays with lower bounds of their own".to_owned())
}
