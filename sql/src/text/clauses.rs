//! Clauses of PostgreSQL's queries for which sqlparser's tree has no place, and what stands for them there.
//!
//! | clause | in the tokens | in the tree |
//! |---|---|---|
//! | `JOIN t USING (i) AS x` | `USING (i, "\0Ux")` | one more name in USING |
//! | `WITH q AS (…) SEARCH … CYCLE …` | `AS (…) FROM "\0Wclauses"` | `Cte::from` |
//! | `SELECT` of no columns | `SELECT "\0N"` | an empty select list |
//! | `FROM t *`, `FROM ONLY t` | `FROM t` | nothing inherits from a relation |
//!
//! No client can send the byte 0, so nothing else looks like a mark; [`query_text`] prints the clauses as they were.

use std::fmt;
use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{
    self, Cte, Expr, Ident, ObjectName, Query, SelectItem, SetExpr, VisitMut, VisitorMut,
};
use datafusion::sql::sqlparser::tokenizer::{Token, TokenWithSpan};

use super::cursor::{Cursor, End, is_word};
use super::dialect::{MillstreamDialect, fold_identifier};
use super::lexer;
use super::limits;
use crate::error::{SqlError, SqlResult};

const USING_ALIAS: &str = "\0U";
const WITH_CLAUSES: &str = "\0W";
const NO_COLUMNS: &str = "\0N";

/// What may follow SELECT where its list is empty; FROM is read by sqlparser.
const AFTER_NO_COLUMNS: [&str; 11] = [
    "UNION",
    "INTERSECT",
    "EXCEPT",
    "WHERE",
    "GROUP",
    "HAVING",
    "WINDOW",
    "ORDER",
    "LIMIT",
    "OFFSET",
    "FETCH",
];

/// `SEARCH … FIRST BY … SET …` of a recursive query.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Search {
    pub breadth_first: bool,
    pub by: Vec<String>,
    pub sequence: String,
}

/// `CYCLE … SET … TO … DEFAULT … USING …` of a recursive query.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Cycle {
    pub columns: Vec<String>,
    pub mark: String,
    /// The marks of a row that is a cycle and of one that is none; true and false where they are not said.
    pub values: Option<(Expr, Expr)>,
    pub path: String,
}

/// What follows the parentheses of a query of WITH.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct WithClauses {
    pub search: Option<Search>,
    pub cycle: Option<Cycle>,
}

impl fmt::Display for WithClauses {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(Search { breadth_first, by, sequence }) = &self.search {
            let order = if *breadth_first { "BREADTH" } else { "DEPTH" };
            write!(f, "SEARCH {order} FIRST BY {} SET {}", quoted_list(by), quoted(sequence))?;
        }
        if let Some(Cycle { columns, mark, values, path }) = &self.cycle {
            let space = if self.search.is_some() { " " } else { "" };
            write!(f, "{space}CYCLE {} SET {}", quoted_list(columns), quoted(mark))?;
            if let Some((value, default)) = values {
                write!(f, " TO {value} DEFAULT {default}")?;
            }
            write!(f, " USING {}", quoted(path))?;
        }
        Ok(())
    }
}

/// A name in double quotes.
pub(crate) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Names in double quotes, with commas between them.
pub(crate) fn quoted_list(names: &[String]) -> String {
    names.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(", ")
}

/// Where a token stands, at each depth of parentheses.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    Elsewhere,
    /// Behind SELECT, before its FROM.
    Select,
    /// Where FROM has the name of a relation, or a parenthesis.
    Item,
    /// Within the name of a relation.
    Name,
    /// In FROM, behind a relation.
    Behind,
}

/// Words that end FROM.
const AFTER_FROM: [&str; 9] =
    ["WHERE", "GROUP", "HAVING", "WINDOW", "ORDER", "LIMIT", "OFFSET", "FETCH", "FOR"];

/// Replaces the clauses in the tokens of a statement.
pub(super) fn rewrite(
    dialect: &MillstreamDialect,
    text: &str,
    tokens: Vec<TokenWithSpan>,
    end: End,
) -> SqlResult<Vec<TokenWithSpan>> {
    let mut rewritten: Vec<TokenWithSpan> = Vec::with_capacity(tokens.len() + 2);
    let mut places = vec![Place::Elsewhere];
    let mut index = 0;
    while index < tokens.len() {
        let token = &tokens[index];
        let at = |kind: Token| TokenWithSpan::new(kind, token.span);
        let mark = |kind: &str, text: &str| at(Token::make_word(&format!("{kind}{text}"), Some('"')));
        let place = places.last().copied().unwrap_or(Place::Elsewhere);
        let next = |ahead: usize| tokens.get(index + ahead).map(|next| &next.token);
        // A relation without those that inherit from it, or with them: there are none.
        if place == Place::Item && is_word(&token.token, "ONLY") {
            match (next(1), only_in_parentheses(&tokens, index)) {
                (Some(Token::LParen), Some(end)) => {
                    rewritten.extend_from_slice(&tokens[index + 2..end]);
                    set(&mut places, Place::Behind);
                    index = end + 1;
                    continue;
                }
                (Some(Token::Word(_)), _) => {
                    index += 1;
                    continue;
                }
                _ => {}
            }
        }
        if place == Place::Name && token.token == Token::Mul {
            set(&mut places, Place::Behind);
            index += 1;
            continue;
        }
        go_on(&mut places, &rewritten, &token.token);
        rewritten.push(token.clone());
        index += 1;
        if token.token == Token::RParen {
            if begins_clause(&tokens, index) {
                let mut cursor = Cursor::new(dialect, text, tokens[index..].to_vec(), end);
                let clauses = with_clauses(&mut cursor)?;
                rewritten.push(at(Token::make_word("FROM", None)));
                rewritten.push(mark(WITH_CLAUSES, &clauses.to_string()));
                index += cursor.index();
            } else if let Some(alias) = using_alias(&tokens, index) {
                let closing = rewritten.len() - 1;
                rewritten.splice(closing..closing, [at(Token::Comma), mark(USING_ALIAS, &alias)]);
                index += 2;
            }
        } else if is_word(&token.token, "SELECT") {
            if tokens.get(index).is_some_and(|next| is_word(&next.token, "ALL")) {
                rewritten.push(tokens[index].clone());
                index += 1;
            }
            let empty = match tokens.get(index).map(|next| &next.token) {
                None | Some(Token::RParen) => true,
                Some(next) => AFTER_NO_COLUMNS.iter().any(|word| is_word(next, word)),
            };
            if empty {
                rewritten.push(mark(NO_COLUMNS, ""));
            }
        }
    }
    Ok(rewritten)
}

fn set(places: &mut [Place], place: Place) {
    if let Some(last) = places.last_mut() {
        *last = place;
    }
}

/// Takes a token into the account of where the next one stands.
fn go_on(places: &mut Vec<Place>, before: &[TokenWithSpan], token: &Token) {
    let place = places.last().copied().unwrap_or(Place::Elsewhere);
    match token {
        Token::LParen => {
            set(places, if place == Place::Item || place == Place::Name { Place::Behind } else { place });
            places.push(if place == Place::Item { Place::Item } else { Place::Elsewhere });
        }
        Token::RParen if places.len() > 1 => {
            places.pop();
        }
        Token::Period if place == Place::Name => {}
        Token::Word(_) if is_word(token, "SELECT") => set(places, Place::Select),
        Token::Word(_) if place == Place::Select && is_word(token, "FROM") => {
            let distinct = before.last().is_some_and(|before| is_word(&before.token, "DISTINCT"));
            if !distinct {
                set(places, Place::Item);
            }
        }
        Token::Word(_) if place == Place::Item && is_word(token, "LATERAL") => {}
        Token::Word(_) if place == Place::Item => set(places, Place::Name),
        Token::Word(_) if place == Place::Name && before.last().is_some_and(|b| b.token == Token::Period) => {
        }
        Token::Comma if matches!(place, Place::Name | Place::Behind) => set(places, Place::Item),
        Token::Word(_) if matches!(place, Place::Name | Place::Behind) => {
            let ends = AFTER_FROM.iter().any(|word| is_word(token, word));
            let next = if ends { Place::Elsewhere } else { Place::Behind };
            set(places, if is_word(token, "JOIN") { Place::Item } else { next });
        }
        _ if place == Place::Name => set(places, Place::Behind),
        _ => {}
    }
}

/// Where the parenthesis of `ONLY (a.b)` closes.
fn only_in_parentheses(tokens: &[TokenWithSpan], only: usize) -> Option<usize> {
    let inside = tokens
        .get(only + 2..)?
        .iter()
        .position(|token| !matches!(token.token, Token::Word(_) | Token::Period))?;
    let end = only + 2 + inside;
    (inside > 0 && tokens[end].token == Token::RParen).then_some(end)
}

/// Whether SEARCH or CYCLE of a query of WITH begins at a place: after these words nothing else has these forms.
fn begins_clause(tokens: &[TokenWithSpan], index: usize) -> bool {
    let word = |at: usize, word: &str| tokens.get(at).is_some_and(|token| is_word(&token.token, word));
    if word(index, "SEARCH") {
        return (word(index + 1, "BREADTH") || word(index + 1, "DEPTH")) && word(index + 2, "FIRST");
    }
    if !word(index, "CYCLE") {
        return false;
    }
    let mut at = index + 1;
    while matches!(tokens.get(at).map(|token| &token.token), Some(Token::Word(_))) {
        match tokens.get(at + 1).map(|token| &token.token) {
            Some(Token::Comma) => at += 2,
            _ => return word(at + 1, "SET"),
        }
    }
    false
}

fn with_clauses(cursor: &mut Cursor<'_>) -> SqlResult<WithClauses> {
    let mut clauses = WithClauses::default();
    if cursor.accept("SEARCH") {
        let breadth_first = cursor.accept("BREADTH");
        if !breadth_first {
            cursor.expect("DEPTH")?;
        }
        cursor.expect_all(&["FIRST", "BY"])?;
        let by = names(cursor)?;
        cursor.expect("SET")?;
        clauses.search = Some(Search { breadth_first, by, sequence: cursor.name()? });
    }
    if cursor.accept("CYCLE") {
        let columns = names(cursor)?;
        cursor.expect("SET")?;
        let mark = cursor.name()?;
        let values = match cursor.accept("TO") {
            false => None,
            true => {
                let value = cursor.expression()?;
                cursor.expect("DEFAULT")?;
                Some((value, cursor.expression()?))
            }
        };
        cursor.expect("USING")?;
        clauses.cycle = Some(Cycle { columns, mark, values, path: cursor.name()? });
    }
    Ok(clauses)
}

fn names(cursor: &mut Cursor<'_>) -> SqlResult<Vec<String>> {
    let mut names = vec![cursor.name()?];
    while cursor.accept_token(&Token::Comma) {
        names.push(cursor.name()?);
    }
    Ok(names)
}

/// The alias of `USING (…) AS alias` whose AS is at a place.
fn using_alias(tokens: &[TokenWithSpan], index: usize) -> Option<String> {
    let Token::Word(alias) = &tokens.get(index + 1)?.token else { return None };
    if !is_word(&tokens.get(index)?.token, "AS") {
        return None;
    }
    // Back over the names to the parenthesis.
    let names = tokens[..index - 1]
        .iter()
        .rev()
        .take_while(|token| matches!(token.token, Token::Word(_) | Token::Comma | Token::Period))
        .count();
    let opens = (index - 1).checked_sub(names + 1)?;
    let is_using =
        tokens[opens].token == Token::LParen && opens > 0 && is_word(&tokens[opens - 1].token, "USING");
    is_using.then(|| {
        fold_identifier(&Ident {
            value: alias.value.clone(),
            quote_style: alias.quote_style,
            span: tokens[index + 1].span,
        })
    })
}

/// Puts clauses back into a tree, and refuses what sqlparser takes at their place.
pub(super) fn restore(query: &mut Query) -> SqlResult<()> {
    struct Restore;

    impl VisitorMut for Restore {
        type Break = SqlError;

        fn pre_visit_query(&mut self, query: &mut Query) -> ControlFlow<SqlError> {
            empty_lists(&mut query.body);
            for cte in query.with.iter().flat_map(|with| &with.cte_tables) {
                if let Some(from) = cte.from.as_ref().filter(|from| !from.value.starts_with(WITH_CLAUSES)) {
                    let message = format!("syntax error at or near \"{from}\"");
                    let error = SqlError::syntax(message, Some(from.span.start.column as usize));
                    return ControlFlow::Break(error);
                }
            }
            ControlFlow::Continue(())
        }
    }

    match VisitMut::visit(query, &mut Restore) {
        ControlFlow::Break(error) => Err(error),
        ControlFlow::Continue(()) => Ok(()),
    }
}

fn empty_lists(body: &mut SetExpr) {
    let mut body = body;
    loop {
        match body {
            SetExpr::Select(select) => {
                let is_mark = |item: &SelectItem| matches!(item, SelectItem::UnnamedExpr(Expr::Identifier(name)) if name.value == NO_COLUMNS);
                if select.projection.iter().any(is_mark) {
                    select.projection.clear();
                }
                return;
            }
            SetExpr::SetOperation { left, right, .. } => {
                empty_lists(right);
                body = left;
            }
            _ => return,
        }
    }
}

/// The clauses behind a query of WITH.
pub(crate) fn of_cte(cte: &Cte) -> SqlResult<Option<WithClauses>> {
    let Some(text) = cte.from.as_ref().and_then(|from| from.value.strip_prefix(WITH_CLAUSES)) else {
        return Ok(None);
    };
    let tokens = lexer::lex(text, false)?;
    let dialect = MillstreamDialect::new(limits::work_budget(tokens.len()));
    let end = End { byte: text.len(), position: text.chars().count() + 1, found: "" };
    with_clauses(&mut Cursor::new(&dialect, text, tokens, end)).map(Some)
}

/// The columns of USING, and the alias of the join.
pub(crate) fn using(names: &[ObjectName]) -> SqlResult<(Vec<String>, Option<String>)> {
    let mut columns = vec![];
    let mut alias = None;
    for name in names {
        let [ast::ObjectNamePart::Identifier(ident)] = name.0.as_slice() else {
            return Err(SqlError::syntax("USING names columns", None));
        };
        match ident.value.strip_prefix(USING_ALIAS) {
            Some(name) => alias = Some(name.to_owned()),
            None => columns.push(fold_identifier(ident)),
        }
    }
    Ok((columns, alias))
}

/// The text of a query as it could have been written.
pub(crate) fn query_text(query: &Query) -> String {
    let printed = query.to_string();
    if !printed.contains('\0') {
        return printed;
    }
    let mut text = String::with_capacity(printed.len());
    let mut rest = printed.as_str();
    while let Some(place) = rest.find('\0') {
        let kind = &rest[place..place + 2];
        // The mark is a quoted name: its own quotes are doubled.
        let inside = &rest[place + 2..];
        let (content, after) = unquoted(inside);
        let before = rest[..place].strip_suffix('"').unwrap_or(&rest[..place]);
        if kind == USING_ALIAS {
            text.push_str(before.strip_suffix(", ").unwrap_or(before));
            text.push_str(") AS ");
            text.push_str(&quoted(&content));
            rest = after.strip_prefix(')').unwrap_or(after);
        } else {
            text.push_str(before.strip_suffix("FROM ").unwrap_or(before));
            text.push_str(&content);
            rest = after;
        }
    }
    text.push_str(rest);
    text
}

/// What stands before the quote that closes a name, doubled quotes undone, and what stands after it.
fn unquoted(text: &str) -> (String, &str) {
    let mut content = String::new();
    let mut rest = text;
    while let Some(place) = rest.find('"') {
        content.push_str(&rest[..place]);
        rest = &rest[place + 1..];
        match rest.strip_prefix('"') {
            Some(more) => {
                content.push('"');
                rest = more;
            }
            None => return (content, rest),
        }
    }
    (content, rest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::parse_query;

    fn printed(text: &str) -> String {
        query_text(&parse_query(text).unwrap_or_else(|error| panic!("{text}: {error}")))
    }

    #[test]
    fn clauses_print_as_they_were_written_and_read_back() {
        for (text, expected) in [
            ("SELECT * FROM a JOIN b USING (i) AS X", "SELECT * FROM a JOIN b USING(i) AS \"x\""),
            (
                "SELECT x.* FROM a LEFT JOIN b USING (i, \"J\") AS \"a\"\"b\" JOIN c ON true",
                "SELECT x.* FROM a LEFT JOIN b USING(i, \"J\") AS \"a\"\"b\" JOIN c ON true",
            ),
            (
                "WITH RECURSIVE q(a) AS (SELECT 1 UNION ALL SELECT a FROM q) SEARCH DEPTH FIRST BY a SET s SELECT * FROM q",
                "WITH RECURSIVE q (a) AS (SELECT 1 UNION ALL SELECT a FROM q) SEARCH DEPTH FIRST BY \"a\" SET \"s\" SELECT * FROM q",
            ),
            (
                "WITH RECURSIVE q AS (SELECT 1 AS a UNION SELECT a FROM q) SEARCH BREADTH FIRST BY a SET s CYCLE a SET c TO 'Y' DEFAULT 'N' USING p SELECT * FROM q",
                "WITH RECURSIVE q AS (SELECT 1 AS a UNION SELECT a FROM q) SEARCH BREADTH FIRST BY \"a\" SET \"s\" CYCLE \"a\" SET \"c\" TO 'Y' DEFAULT 'N' USING \"p\" SELECT * FROM q",
            ),
            ("SELECT * FROM t*, ONLY u AS v, ONLY (s.w)", "SELECT * FROM t, u AS v, s.w"),
            (
                "SELECT (SELECT max(a) FROM s.t * AS u) FROM (a* CROSS JOIN ONLY b) WHERE c * d",
                "SELECT (SELECT max(a) FROM s.t AS u) FROM (a CROSS JOIN b) WHERE c * d",
            ),
        ] {
            assert_eq!(printed(text), expected);
            assert_eq!(printed(expected), expected);
        }
    }

    #[test]
    fn select_lists_may_be_empty() {
        for text in ["SELECT", "SELECT UNION ALL SELECT", "SELECT * FROM (SELECT) AS s", "SELECT WHERE true"]
        {
            let query = parse_query(text).unwrap();
            assert_eq!(*parse_query(&query_text(&query)).unwrap(), *query, "{text}");
        }
        assert_eq!(parse_query("SELECT EXCEPT SELECT 1").unwrap().to_string().matches('1').count(), 1);
    }

    #[test]
    fn multiplication_stays() {
        assert_eq!(printed("SELECT a * b FROM t WHERE t * 2 > 1"), "SELECT a * b FROM t WHERE t * 2 > 1");
        assert_eq!(printed("SELECT extract(day FROM a * b)"), "SELECT EXTRACT(DAY FROM a * b)");
    }

    #[test]
    fn a_query_of_with_reads_from_nothing() {
        let error = parse_query("WITH a AS (SELECT 1) FROM b SELECT * FROM a").unwrap_err();
        assert_eq!(error.message, "syntax error at or near \"b\"");
    }
}
