//! Frames of windows that sqlparser does not read: `EXCLUDE …`, and bounds that begin with a quoted constant.
//!
//! ```text
//!  (w ORDER BY a ROWS 2 PRECEDING EXCLUDE TIES)  ─►  (w PARTITION BY window_exclude('ties') ORDER BY a ROWS 2 PRECEDING)
//!  '1 day'::interval PRECEDING                   ─►  ('1 day'::interval) PRECEDING
//! ```
//!
//! The binder takes the call of [`EXCLUDE`] for what it stands for ([`excluded`]). A definition keeps it in its text, from
//! which [`as_written`] makes PostgreSQL's spelling again.

use datafusion::sql::sqlparser::ast::{self, FunctionArg, FunctionArgExpr, FunctionArguments, Value};
use datafusion::sql::sqlparser::tokenizer::{Token, TokenWithSpan};

use super::cursor::is_word;
use super::lexer::{self, byte_range};

/// The function whose call in PARTITION BY stands for EXCLUDE.
const EXCLUDE: &str = "window_exclude";

/// What a key of PARTITION BY excludes, in lower case, if it stands for EXCLUDE.
pub(crate) fn excluded(key: &ast::Expr) -> Option<&str> {
    let ast::Expr::Function(function) = key else { return None };
    let FunctionArguments::List(list) = &function.args else { return None };
    let named = function.name.to_string() == EXCLUDE;
    match list.args.as_slice() {
        [FunctionArg::Unnamed(FunctionArgExpr::Expr(ast::Expr::Value(value)))] if named => match &value.value
        {
            Value::SingleQuotedString(what) => Some(what),
            _ => None,
        },
        _ => None,
    }
}

/// Rewrites the frames in the tokens of a statement.
pub(super) fn rewrite(mut tokens: Vec<TokenWithSpan>) -> Vec<TokenWithSpan> {
    let mut index = 0;
    while index < tokens.len() {
        if is_word(&tokens[index].token, "PRECEDING") || is_word(&tokens[index].token, "FOLLOWING") {
            index = enclosed(&mut tokens, index);
        } else if is_word(&tokens[index].token, "EXCLUDE")
            && let Some((what, length)) = exclusion(&tokens, index)
        {
            tokens.drain(index..index + length);
            index = inserted(&mut tokens, index, what);
        }
        index += 1;
    }
    tokens
}

/// The text of a query with its frames as PostgreSQL spells them.
pub fn as_written(text: &str) -> String {
    let Some(tokens) = text.contains(EXCLUDE).then(|| lexer::lex(text, false).ok()).flatten() else {
        return text.to_owned();
    };
    let mut edits: Vec<(std::ops::Range<usize>, String)> = vec![];
    let from = |index: usize| tokens.get(index).map_or(text.len(), |token| byte_range(token).start);
    for index in 2..tokens.len().saturating_sub(4) {
        let Token::SingleQuotedString(what) = &tokens[index + 2].token else { continue };
        if !is_word(&tokens[index].token, EXCLUDE) || tokens[index + 3].token != Token::RParen {
            continue;
        }
        let (begin, end) = match tokens[index + 4].token {
            Token::Comma => (index, index + 5),
            _ => (index - 2, index + 4),
        };
        let mut depth = 0;
        let closes = (index + 4..tokens.len()).find(|at| {
            depth += match tokens[*at].token {
                Token::LParen => 1,
                Token::RParen => -1,
                _ => 0,
            };
            depth < 0
        });
        let Some(closes) = closes else { continue };
        edits.push((from(closes)..from(closes), format!(" EXCLUDE {}", what.to_uppercase())));
        edits.push((from(begin)..from(end), String::new()));
    }
    edits.sort_by_key(|(range, _)| std::cmp::Reverse(range.start));
    let mut written = text.to_owned();
    for (range, instead) in edits {
        written.replace_range(range, &instead);
    }
    written
}

/// Where the parenthesis opens that a token is in, and where the first of some words is before the token at that depth.
fn before(tokens: &[TokenWithSpan], index: usize, words: &[&str]) -> (Option<usize>, Option<usize>) {
    let (mut depth, mut nearest) = (0, None);
    for at in (0..index).rev() {
        match &tokens[at].token {
            Token::RParen => depth += 1,
            Token::LParen if depth == 0 => return (Some(at), nearest),
            Token::LParen => depth -= 1,
            token if depth == 0 && nearest.is_none() && words.iter().any(|word| is_word(token, word)) => {
                nearest = Some(at);
            }
            _ => {}
        }
    }
    (None, nearest)
}

/// Puts a bound that begins with a quoted constant into parentheses; the place of its last word then.
fn enclosed(tokens: &mut Vec<TokenWithSpan>, index: usize) -> usize {
    let (_, word) = before(tokens, index, &["BETWEEN", "AND", "ROWS", "RANGE", "GROUPS"]);
    let Some(first) = word.map(|word| word + 1).filter(|first| *first < index) else { return index };
    if !matches!(tokens[first].token, Token::SingleQuotedString(_)) {
        return index;
    }
    let span = tokens[first].span;
    tokens.insert(index, TokenWithSpan::new(Token::RParen, span));
    tokens.insert(first, TokenWithSpan::new(Token::LParen, span));
    index + 2
}

/// What EXCLUDE at the end of a frame excludes, and how many tokens it is.
fn exclusion(tokens: &[TokenWithSpan], index: usize) -> Option<(&'static str, usize)> {
    const FORMS: [(&str, &[&str]); 4] = [
        ("current row", &["CURRENT", "ROW"]),
        ("group", &["GROUP"]),
        ("ties", &["TIES"]),
        ("no others", &["NO", "OTHERS"]),
    ];
    let word = |at: usize, word: &str| tokens.get(at).is_some_and(|token| is_word(&token.token, word));
    let after_frame = index > 0 && ["ROW", "PRECEDING", "FOLLOWING"].iter().any(|last| word(index - 1, last));
    let (what, words) = FORMS.iter().find(|(_, words)| {
        words.iter().enumerate().all(|(ahead, expected)| word(index + 1 + ahead, expected))
    })?;
    let length = words.len() + 1;
    let closes = tokens.get(index + length).is_some_and(|token| token.token == Token::RParen);
    (after_frame && closes).then_some((*what, length))
}

/// Puts an exclusion into the PARTITION BY of the window that a token is in; the token's place then.
fn inserted(tokens: &mut Vec<TokenWithSpan>, index: usize, what: &str) -> usize {
    let (Some(opens), partition) = before(tokens, index, &["PARTITION"]) else { return index };
    let span = tokens[opens].span;
    let mut added = vec![
        Token::make_word(EXCLUDE, None),
        Token::LParen,
        Token::SingleQuotedString(what.to_owned()),
        Token::RParen,
    ];
    let place = match partition {
        Some(partition) => {
            added.push(Token::Comma);
            partition + 2
        }
        None => {
            added.splice(0..0, [Token::make_word("PARTITION", None), Token::make_word("BY", None)]);
            let begins = ["ORDER", "ROWS", "RANGE", "GROUPS"];
            let named = !begins.iter().any(|word| is_word(&tokens[opens + 1].token, word));
            opens + 1 + usize::from(named)
        }
    };
    let count = added.len();
    tokens.splice(place..place, added.into_iter().map(|token| TokenWithSpan::new(token, span)));
    index + count
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::parse_query;

    #[test]
    fn frames_are_read_and_come_out_as_they_were_written() {
        for text in [
            "SELECT sum(a) OVER (ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING EXCLUDE CURRENT ROW) FROM t",
            "SELECT sum(a) OVER (w GROUPS 1 PRECEDING EXCLUDE GROUP) FROM t WINDOW w AS (ORDER BY b)",
            "SELECT sum(a) OVER (PARTITION BY f(b, c), d ORDER BY (e) RANGE UNBOUNDED PRECEDING EXCLUDE TIES) FROM t",
            "SELECT sum(a) OVER (ORDER BY b ROWS CURRENT ROW EXCLUDE NO OTHERS), sum(a) OVER (ORDER BY b ROWS CURRENT ROW EXCLUDE TIES) FROM t",
            "SELECT exclude AS ties FROM t AS exclude (ties)",
        ] {
            let kept = parse_query(text).unwrap().to_string();
            assert_eq!(as_written(&kept), text);
            assert_eq!(parse_query(&kept).unwrap().to_string(), kept, "{text}");
        }
    }

    #[test]
    fn a_bound_may_begin_with_a_quoted_constant() {
        for (text, kept) in [
            ("'1 day'::interval PRECEDING", "('1 day'::INTERVAL) PRECEDING"),
            (
                "BETWEEN '1' PRECEDING AND '2' || '3' FOLLOWING",
                "BETWEEN ('1') PRECEDING AND ('2' || '3') FOLLOWING",
            ),
            ("BETWEEN 1 PRECEDING AND 2 FOLLOWING", "BETWEEN 1 PRECEDING AND 2 FOLLOWING"),
        ] {
            let query = parse_query(&format!("SELECT sum(a) OVER (ORDER BY b RANGE {text}) FROM t")).unwrap();
            assert_eq!(query.to_string(), format!("SELECT sum(a) OVER (ORDER BY b RANGE {kept}) FROM t"));
        }
    }
}
