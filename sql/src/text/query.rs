//! Queries: what sqlparser does not read of them, before and after it does.
//!
//! - `TABLE t` becomes `SELECT * FROM t`, and within a window function's arguments plain `t`, token by token.
//! - VALUES is read here, literal by literal: rows of literals are most of what a loading client sends, and
//!   sqlparser takes 2 µs for each of them.
//! - `FROM TABLE(f(…))` becomes `FROM f(…)`.
//! - `AS OF LSN n` and its kin become what `time_travel` makes of them.
//! - What streams need and is not built (`SESSION(t PARTITION BY …)`) is 0A000 and not a riddle.

use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{
    self, Expr, FunctionArguments, Parens, SetExpr, TableFactor, UnaryOperator, Value, ValueWithSpan, Visit,
    VisitMut, Visitor, VisitorMut,
};
use datafusion::sql::sqlparser::tokenizer::{Token, TokenWithSpan};

use super::cursor::{Cursor, is_word};
use super::lexer::position_of;
use super::{clauses, time_travel};
use crate::error::{SqlError, SqlResult};
use crate::text::limits;

/// The table functions whose first argument is a relation.
pub(super) const WINDOW_FUNCTIONS: [&str; 4] = ["TUMBLE", "HOP", "CUMULATE", "SESSION"];

/// Words that begin statements in which every `TABLE name` is a query or a relation argument.
const QUERY_STATEMENTS: [&str; 9] =
    ["SELECT", "VALUES", "TABLE", "WITH", "INSERT", "DECLARE", "COPY", "SUBSCRIBE", "PREPARE"];

/// Whether a query begins at the cursor, perhaps in parentheses.
pub(super) fn begins_query(cursor: &Cursor<'_>) -> bool {
    let mut ahead = 0;
    while *cursor.peek_at(ahead) == Token::LParen {
        ahead += 1;
    }
    // `values` may also name a column, as in INSERT INTO t (values).
    let values = cursor.is_at(ahead, "VALUES") && (ahead == 0 || *cursor.peek_at(ahead + 1) == Token::LParen);
    values || ["SELECT", "WITH", "TABLE"].iter().any(|word| cursor.is_at(ahead, word))
}

/// A query from the cursor on, up to what cannot belong to it.
pub(super) fn query(cursor: &mut Cursor<'_>) -> SqlResult<Box<ast::Query>> {
    if !begins_query(cursor) {
        return Err(cursor.unexpected("a query"));
    }
    if cursor.is("VALUES")
        && let Some(query) = values(cursor)?
    {
        return Ok(query);
    }
    let mut query = cursor.run(|parser| parser.parse_query())?;
    normalise(&mut query)?;
    Ok(query)
}

/// `VALUES (…), (…)` with nothing of a query after it; None, and back at the start, if there is more.
fn values(cursor: &mut Cursor<'_>) -> SqlResult<Option<Box<ast::Query>>> {
    let start = cursor.index();
    cursor.expect("VALUES")?;
    let mut rows: Vec<Parens<Vec<Expr>>> = Vec::new();
    loop {
        if *cursor.peek() != Token::LParen {
            return Err(cursor.unexpected("("));
        }
        let opening = cursor.next();
        let mut row = Vec::with_capacity(rows.first().map_or(4, |row| row.content.len()));
        loop {
            row.push(cell(cursor)?);
            if !cursor.accept_token(&Token::Comma) {
                break;
            }
        }
        if *cursor.peek() != Token::RParen {
            return Err(cursor.unexpected(")"));
        }
        let closing = cursor.next();
        rows.push(Parens { opening_token: opening.into(), content: row, closing_token: closing.into() });
        if !cursor.accept_token(&Token::Comma) {
            break;
        }
    }
    let over = matches!(cursor.peek(), Token::EOF | Token::RParen)
        || ["RETURNING", "ON", "EMIT", "WITH"].iter().any(|word| cursor.is(word));
    if !over {
        cursor.rewind(start);
        return Ok(None);
    }
    let values = ast::Values { explicit_row: false, value_keyword: false, rows };
    Ok(Some(Box::new(plain_query(SetExpr::Values(values)))))
}

/// One cell of VALUES: a literal by its token, all else by sqlparser.
fn cell(cursor: &mut Cursor<'_>) -> SqlResult<Expr> {
    let ends = |token: &Token| matches!(token, Token::Comma | Token::RParen);
    if ends(cursor.peek_at(1)) {
        if let Some(literal) = literal(cursor) {
            return Ok(literal);
        }
    } else if matches!((cursor.peek(), cursor.peek_at(1)), (Token::Minus, Token::Number(..)))
        && ends(cursor.peek_at(2))
    {
        cursor.next();
        if let Some(number) = literal(cursor) {
            return Ok(Expr::UnaryOp { op: UnaryOperator::Minus, expr: Box::new(number) });
        }
    }
    cursor.expression()
}

fn literal(cursor: &mut Cursor<'_>) -> Option<Expr> {
    let value = match cursor.peek() {
        Token::Number(digits, long) => Value::Number(digits.clone(), *long),
        Token::SingleQuotedString(text) => Value::SingleQuotedString(text.clone()),
        Token::Placeholder(name) => Value::Placeholder(name.clone()),
        token if is_word(token, "NULL") => Value::Null,
        token if is_word(token, "TRUE") => Value::Boolean(true),
        token if is_word(token, "FALSE") => Value::Boolean(false),
        _ => return None,
    };
    let span = cursor.skip();
    Some(Expr::Value(ValueWithSpan { value, span }))
}

/// A query that is nothing but its body.
fn plain_query(body: SetExpr) -> ast::Query {
    ast::Query {
        with: None,
        body: Box::new(body),
        order_by: None,
        limit_clause: None,
        fetch: None,
        locks: vec![],
        for_clause: None,
        settings: None,
        format_clause: None,
        pipe_operators: vec![],
    }
}

/// Bounds what a query joins, turns `TABLE(f(…))` into `f(…)` and puts clauses of time travel back.
pub(super) fn normalise(query: &mut ast::Query) -> SqlResult<()> {
    let mut relations = Relations::default();
    let _ = Visit::visit(query, &mut relations);
    if relations.count > limits::MAX_RELATIONS {
        let detail = format!("it reads {} relations, {} are allowed", relations.count, limits::MAX_RELATIONS);
        return Err(limits::too_complex(detail, None));
    }
    if relations.table_functions {
        let _ = VisitMut::visit(query, &mut Unwrap);
    }
    clauses::restore(query)?;
    time_travel::restore(query)
}

/// Counts the relations of a query.
#[derive(Default)]
struct Relations {
    count: usize,
    table_functions: bool,
}

impl Visitor for Relations {
    type Break = ();

    fn pre_visit_table_factor(&mut self, factor: &TableFactor) -> ControlFlow<()> {
        self.count += 1;
        self.table_functions |= matches!(factor, TableFactor::TableFunction { .. });
        ControlFlow::Continue(())
    }
}

/// Turns `TABLE(f(…))` into `f(…)`.
struct Unwrap;

impl VisitorMut for Unwrap {
    type Break = ();

    fn pre_visit_table_factor(&mut self, factor: &mut TableFactor) -> ControlFlow<()> {
        if let TableFactor::TableFunction { expr: Expr::Function(function), alias } = factor
            && let FunctionArguments::List(list) = &mut function.args
        {
            *factor = TableFactor::Table {
                name: std::mem::replace(&mut function.name, ast::ObjectName(vec![])),
                alias: alias.take(),
                args: Some(ast::TableFunctionArgs { args: std::mem::take(&mut list.args), settings: None }),
                with_hints: vec![],
                version: None,
                partitions: vec![],
                with_ordinality: false,
                json_path: None,
                sample: None,
                index_hints: vec![],
            };
        }
        ControlFlow::Continue(())
    }
}

/// `ORDER BY x USING <` as `ORDER BY x ASC`: no other operator is one that orders.
pub(super) fn rewrite_order_using(mut tokens: Vec<TokenWithSpan>) -> Vec<TokenWithSpan> {
    let mut index = 0;
    while index + 1 < tokens.len() {
        if is_word(&tokens[index].token, "USING") {
            let order = match &tokens[index + 1].token {
                Token::Lt => Some("ASC"),
                Token::Gt => Some("DESC"),
                Token::CustomBinaryOperator(operator) if operator == "~<~" => Some("ASC"),
                Token::CustomBinaryOperator(operator) if operator == "~>~" => Some("DESC"),
                _ => None,
            };
            if let Some(order) = order {
                tokens[index].token = Token::make_word(order, None);
                tokens.remove(index + 1);
            }
        }
        index += 1;
    }
    tokens
}

/// Rewrites `TABLE name` in the tokens of a statement.
pub(super) fn rewrite_table_keyword(tokens: Vec<TokenWithSpan>) -> Vec<TokenWithSpan> {
    let is_table = |index: usize| {
        is_word(&tokens[index].token, "TABLE")
            && matches!(tokens.get(index + 1), Some(TokenWithSpan { token: Token::Word(_), .. }))
    };
    if !(0..tokens.len()).any(is_table) {
        return tokens;
    }
    let first = tokens.iter().map(|token| &token.token).find(|token| **token != Token::LParen);
    let everywhere = first.is_some_and(|first| {
        QUERY_STATEMENTS.iter().any(|word| is_word(first, word))
            || (is_word(first, "EXPLAIN") && !tokens.iter().any(|token| is_word(&token.token, "CREATE")))
    });
    let mut rewritten = Vec::with_capacity(tokens.len() + 2);
    // For each open parenthesis, whether it holds the arguments of a window function.
    let mut arguments: Vec<bool> = Vec::new();
    let mut before: [Option<&Token>; 2] = [None, None];
    for (index, token) in tokens.iter().enumerate() {
        match &token.token {
            Token::LParen => {
                let window = before[0].is_some_and(|name| WINDOW_FUNCTIONS.iter().any(|w| is_word(name, w)));
                arguments.push(window);
            }
            Token::RParen => {
                arguments.pop();
            }
            _ => {}
        }
        let begins = match before[0] {
            None | Some(Token::LParen) => true,
            Some(Token::Comma | Token::RArrow) => arguments.last() == Some(&true),
            Some(word) => {
                ["UNION", "INTERSECT", "EXCEPT", "ALL", "DISTINCT", "AS"].iter().any(|w| is_word(word, w))
            }
        };
        let argument = arguments.last() == Some(&true);
        if is_table(index) && (begins || everywhere) {
            if !argument {
                let at = |token_kind| TokenWithSpan::new(token_kind, token.span);
                rewritten.push(at(Token::make_word("SELECT", None)));
                rewritten.push(at(Token::Mul));
                rewritten.push(at(Token::make_word("FROM", None)));
            }
        } else {
            rewritten.push(token.clone());
        }
        before = [Some(&token.token), before[0]];
    }
    rewritten
}

/// Refuses what is part of the language but not built, before sqlparser calls it a syntax error. EMIT belongs to a
/// statement that creates.
pub(super) fn refuse_unbuilt(tokens: &[TokenWithSpan], creates: bool) -> SqlResult<()> {
    let word =
        |index: usize, expected: &str| tokens.get(index).is_some_and(|token| is_word(&token.token, expected));
    let refuse = |index: usize, message: &str, hint: &str| {
        let error = SqlError::unsupported(message, hint);
        Err(SqlError { position: Some(position_of(&tokens[index])), ..error })
    };
    for (index, token) in tokens.iter().enumerate() {
        let Token::Word(found) = &token.token else { continue };
        if found.quote_style.is_some() {
            continue;
        }
        match found.value.as_bytes() {
            [b'e' | b'E', ..]
                if !creates
                    && is_word(&token.token, "EMIT")
                    && word(index + 1, "ON")
                    && (word(index + 2, "UPDATE") || word(index + 2, "WINDOW")) =>
            {
                let error = SqlError::syntax("syntax error at or near \"EMIT\"", Some(position_of(token)));
                return Err(error.with_hint("EMIT belongs at the end of CREATE MATERIALIZED VIEW … AS query"));
            }
            [b'p' | b'P', ..] if is_word(&token.token, "PARTITION") && word(index + 1, "BY") => {
                let argument = index
                    .checked_sub(3)
                    .is_some_and(|name| tokens[name + 1].token == Token::LParen && word(name, "SESSION"));
                if argument {
                    let hint = "TUMBLE and HOP are built";
                    return refuse(index, "SESSION windows are not built yet", hint);
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// Takes `EMIT ON …` off the end of a statement's tokens: the last EMIT outside all parentheses, after the AS that
/// begins the query.
pub(super) fn split_emit(tokens: &mut Vec<TokenWithSpan>) -> Vec<TokenWithSpan> {
    let mut depth = 0i32;
    let mut in_query = false;
    let mut found = None;
    for (index, token) in tokens.iter().enumerate() {
        match &token.token {
            Token::LParen => depth += 1,
            Token::RParen => depth -= 1,
            Token::Word(_) if depth != 0 => {}
            token if !in_query => in_query = is_word(token, "AS"),
            token if is_word(token, "EMIT") => {
                let word = |ahead: usize, expected: &str| {
                    tokens.get(index + ahead).is_some_and(|token| is_word(&token.token, expected))
                };
                // `FROM a JOIN b emit ON update.x = …` is legal, if odd.
                let update = word(2, "UPDATE") && (tokens.len() == index + 3 || word(3, "WITH"));
                if word(1, "ON") && (update || word(2, "WINDOW")) {
                    found = Some(index);
                }
            }
            _ => {}
        }
    }
    found.map(|index| tokens.split_off(index)).unwrap_or_default()
}
