//! Forms of PostgreSQL's grammar that sqlparser does not read, or reads otherwise.
//!
//! | form | read as |
//! |---|---|
//! | `substring(x FROM a FOR b)`, its clauses in any order, `substring(x SIMILAR p ESCAPE e)` | `substring(…)` |
//! | `trim(BOTH FROM x)`, `trim(FROM x)`, `trim(x, y)` | `trim` |
//! | `normalize(x, NFC)` | `normalize(x, 'NFC')` |
//! | `typename 'text'` of any type, `INTERVAL(p) 'text'` | a cast of the text |
//! | `f(VARIADIC array)` | the argument with the prefix `VARIADIC` |
//! | `x LIKE p ESCAPE e`, e being any expression | the operator over `like_escape(p, e)` |
//! | `x op ANY (…)`, op being any operator, LIKE included | `ANY` with that operator |
//! | `x BETWEEN SYMMETRIC a AND b` | two ranges |
//! | `x ISNULL`, `x NOTNULL` | `x IS NULL`, `x IS NOT NULL` |

use datafusion::sql::sqlparser::ast::{
    self, BinaryOperator, DataType, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArgumentList,
    FunctionArguments, Ident, IntervalFields, ObjectName, TrimWhereField, Value,
};
use datafusion::sql::sqlparser::dialect::{Dialect, Precedence};
use datafusion::sql::sqlparser::keywords::Keyword;
use datafusion::sql::sqlparser::parser::{Parser, ParserError};
use datafusion::sql::sqlparser::tokenizer::Token;
use millstream_catalog::SqlType;

type Read = Result<Expr, ParserError>;

/// The prefix that marks an argument given with VARIADIC.
pub const VARIADIC: &str = "VARIADIC";

/// An expression that begins with a word; None where sqlparser reads it itself.
pub(super) fn prefix(parser: &mut Parser) -> Option<Read> {
    let Token::Word(word) = &parser.peek_token_ref().token else { return None };
    let quoted = word.quote_style.is_some();
    let name = word.value.to_ascii_lowercase();
    let next = &parser.peek_nth_token_ref(1).token;
    if matches!(next, Token::SingleQuotedString(_)) {
        let known = name != "interval" && (quoted || SqlType::by_name(&name).is_some());
        let built_in = matches!(name.as_str(), "date" | "time" | "timestamp" | "timestamptz");
        if known && !built_in {
            return Some(typed_text(parser));
        }
    }
    if quoted {
        return None;
    }
    if name == "variadic" {
        return Some(variadic(parser));
    }
    if *next != Token::LParen {
        return None;
    }
    match name.as_str() {
        "substring" => Some(substring(parser)),
        "trim" => Some(trim(parser)),
        "normalize" => Some(normalize(parser)),
        "interval" => precise_interval(parser),
        "char" | "character" | "varchar" | "bpchar" | "numeric" | "decimal" | "timetz" | "timestamptz" => {
            let text = matches!(parser.peek_nth_token_ref(4).token, Token::SingleQuotedString(_));
            let closed = parser.peek_nth_token_ref(3).token == Token::RParen;
            (text && closed).then(|| {
                let data_type = parser.parse_data_type()?;
                text_of_type(parser, data_type)
            })
        }
        _ => None,
    }
}

/// What follows an expression; None where sqlparser reads it itself.
pub(super) fn infix(dialect: &dyn Dialect, parser: &mut Parser, left: &Expr) -> Option<Read> {
    let start = parser.index();
    let found = collated(parser, left)
        .or_else(|| null_test(parser, left))
        .or_else(|| pattern(dialect, parser, left))
        .or_else(|| {
            rewind(parser, start);
            symmetric(dialect, parser, left)
        })
        .or_else(|| {
            rewind(parser, start);
            quantified(parser, left)
        });
    if found.is_none() {
        rewind(parser, start);
    }
    found
}

/// `x::text COLLATE "C"`: sqlparser looks for COLLATE right behind what begins an expression alone.
fn collated(parser: &mut Parser, left: &Expr) -> Option<Read> {
    let collation = parser.parse_keyword(Keyword::COLLATE).then(|| parser.parse_object_name(false))?;
    Some(collation.map(|collation| Expr::Collate { expr: Box::new(left.clone()), collation }))
}

/// Whether `(VALUES (` comes next.
pub(super) fn begins_values(parser: &Parser) -> bool {
    matches!(
        &parser.peek_nth_token_ref(1).token,
        Token::Word(word) if word.keyword == Keyword::VALUES && word.quote_style.is_none()
    ) && parser.peek_nth_token_ref(2).token == Token::LParen
}

/// Whether a query within parentheses begins after so many tokens that itself begins with one in parentheses:
/// `((SELECT …) UNION SELECT …)`.
pub(super) fn begins_set_operation(parser: &Parser, after: usize) -> bool {
    let is = |ahead: usize, keywords: &[Keyword]| {
        matches!(&parser.peek_nth_token_ref(ahead).token,
            Token::Word(word) if word.quote_style.is_none() && keywords.contains(&word.keyword))
    };
    let first = after + 1;
    let mut ahead = after;
    while parser.peek_nth_token_ref(ahead).token == Token::LParen {
        ahead += 1;
    }
    let begins = [Keyword::SELECT, Keyword::VALUES, Keyword::WITH, Keyword::TABLE];
    if ahead <= first || !is(ahead, &begins) {
        return false;
    }
    let mut depth = 0;
    let mut ahead = first;
    loop {
        match parser.peek_nth_token_ref(ahead).token {
            Token::LParen => depth += 1,
            Token::RParen => depth -= 1,
            Token::EOF => return false,
            _ => {}
        }
        ahead += 1;
        if depth == 0 {
            break;
        }
    }
    let goes_on = [
        Keyword::UNION,
        Keyword::INTERSECT,
        Keyword::EXCEPT,
        Keyword::ORDER,
        Keyword::LIMIT,
        Keyword::OFFSET,
        Keyword::FETCH,
    ];
    is(ahead, &goes_on)
}

/// Goes back over what was read on the way to a No.
fn rewind(parser: &mut Parser, start: usize) {
    while parser.index() > start {
        parser.prev_token();
    }
}

/// Whether `x ISNULL` or `x NOTNULL` comes next.
pub(super) fn is_null_test(parser: &Parser) -> bool {
    let Token::Word(word) = &parser.peek_token_ref().token else { return false };
    word.quote_style.is_none()
        && (word.value.eq_ignore_ascii_case("isnull") || word.value.eq_ignore_ascii_case("notnull"))
}

fn null_test(parser: &mut Parser, left: &Expr) -> Option<Read> {
    if !is_null_test(parser) {
        return None;
    }
    let Token::Word(word) = &parser.peek_token_ref().token else { return None };
    let wants_null = word.value.eq_ignore_ascii_case("isnull");
    parser.advance_token();
    let value = Box::new(left.clone());
    Some(Ok(if wants_null { Expr::IsNull(value) } else { Expr::IsNotNull(value) }))
}

/// Whether the next word is the SIMILAR of `substring(x SIMILAR …)` and no operator.
pub(super) fn is_clause(parser: &Parser) -> bool {
    let word = |ahead: usize, keyword: Keyword| matches!(&parser.peek_nth_token_ref(ahead).token, Token::Word(word) if word.keyword == keyword);
    word(0, Keyword::SIMILAR) && !word(1, Keyword::TO)
}

/// A call of a function by name.
fn call(name: &str, arguments: Vec<Expr>) -> Expr {
    let args =
        arguments.into_iter().map(|argument| FunctionArg::Unnamed(FunctionArgExpr::Expr(argument))).collect();
    Expr::Function(Function {
        name: ObjectName::from(vec![Ident::new(name)]),
        uses_odbc_syntax: false,
        parameters: FunctionArguments::None,
        args: FunctionArguments::List(FunctionArgumentList {
            duplicate_treatment: None,
            args,
            clauses: vec![],
        }),
        filter: None,
        null_treatment: None,
        over: None,
        within_group: vec![],
    })
}

fn typed_text(parser: &mut Parser) -> Read {
    let name = parser.parse_object_name(false)?;
    let built_in = match name.0.last().and_then(ast::ObjectNamePart::as_ident) {
        // The quoted "char" is not char.
        Some(ident) if ident.quote_style.is_none() && ident.value.eq_ignore_ascii_case("char") => {
            DataType::Char(None)
        }
        _ => DataType::Custom(name, vec![]),
    };
    text_of_type(parser, built_in)
}

fn text_of_type(parser: &mut Parser, data_type: DataType) -> Read {
    let value = parser.parse_value()?;
    Ok(Expr::TypedString(ast::TypedString { data_type, value, uses_odbc_syntax: false }))
}

fn variadic(parser: &mut Parser) -> Read {
    parser.advance_token();
    let value = Box::new(parser.parse_expr()?);
    Ok(Expr::Prefixed { prefix: Ident::new(VARIADIC), value })
}

/// `INTERVAL(2) '…'`
fn precise_interval(parser: &mut Parser) -> Option<Read> {
    let text = matches!(parser.peek_nth_token_ref(4).token, Token::SingleQuotedString(_));
    let closed = parser.peek_nth_token_ref(3).token == Token::RParen;
    let Token::Number(digits, _) = &parser.peek_nth_token_ref(2).token else { return None };
    let precision = Some(digits.parse().ok()?);
    (text && closed).then(|| {
        (0..4).for_each(|_| parser.advance_token());
        let fields: Option<IntervalFields> = None;
        text_of_type(parser, DataType::Interval { fields, precision })
    })
}

fn substring(parser: &mut Parser) -> Read {
    parser.advance_token();
    parser.expect_token(&Token::LParen)?;
    let text = parser.parse_expr()?;
    if parser.parse_keyword(Keyword::SIMILAR) {
        let pattern = parser.parse_expr()?;
        parser.expect_keyword_is(Keyword::ESCAPE)?;
        let escape = parser.parse_expr()?;
        parser.expect_token(&Token::RParen)?;
        return Ok(call("substring", vec![text, pattern, escape]));
    }
    if parser.consume_token(&Token::Comma) {
        let mut arguments = vec![text];
        arguments.extend(parser.parse_comma_separated(|parser| parser.parse_expr())?);
        parser.expect_token(&Token::RParen)?;
        return Ok(call("substring", arguments));
    }
    let (mut from, mut length) = (None, None);
    loop {
        if from.is_none() && parser.parse_keyword(Keyword::FROM) {
            from = Some(Box::new(parser.parse_expr()?));
        } else if length.is_none() && parser.parse_keyword(Keyword::FOR) {
            length = Some(Box::new(parser.parse_expr()?));
        } else {
            break;
        }
    }
    parser.expect_token(&Token::RParen)?;
    Ok(Expr::Substring {
        expr: Box::new(text),
        substring_from: from,
        substring_for: length,
        special: false,
        shorthand: false,
    })
}

fn trim(parser: &mut Parser) -> Read {
    parser.advance_token();
    parser.expect_token(&Token::LParen)?;
    let trim_where = match parser.parse_one_of_keywords(&[Keyword::BOTH, Keyword::LEADING, Keyword::TRAILING])
    {
        Some(Keyword::LEADING) => Some(TrimWhereField::Leading),
        Some(Keyword::TRAILING) => Some(TrimWhereField::Trailing),
        Some(_) => Some(TrimWhereField::Both),
        None => None,
    };
    let mut what = None;
    if !parser.parse_keyword(Keyword::FROM) {
        let first = parser.parse_expr()?;
        if parser.parse_keyword(Keyword::FROM) {
            what = Some(Box::new(first));
        } else {
            let trim_characters = match parser.consume_token(&Token::Comma) {
                true => Some(parser.parse_comma_separated(|parser| parser.parse_expr())?),
                false => None,
            };
            parser.expect_token(&Token::RParen)?;
            return Ok(Expr::Trim { trim_where, trim_what: None, expr: Box::new(first), trim_characters });
        }
    }
    // `trim(FROM x, y)` is as good as `trim(y FROM x)`.
    let expr = Box::new(parser.parse_expr()?);
    let trim_characters = match what.is_none() && parser.consume_token(&Token::Comma) {
        true => Some(parser.parse_comma_separated(|parser| parser.parse_expr())?),
        false => None,
    };
    parser.expect_token(&Token::RParen)?;
    Ok(Expr::Trim { trim_where, trim_what: what, expr, trim_characters })
}

fn normalize(parser: &mut Parser) -> Read {
    parser.advance_token();
    parser.expect_token(&Token::LParen)?;
    let mut arguments = vec![parser.parse_expr()?];
    if parser.consume_token(&Token::Comma) {
        let form = match &parser.peek_token_ref().token {
            Token::Word(word) if word.quote_style.is_none() => Some(word.value.to_ascii_uppercase()),
            _ => None,
        };
        match form.filter(|form| matches!(form.as_str(), "NFC" | "NFD" | "NFKC" | "NFKD")) {
            Some(form) => {
                parser.advance_token();
                arguments.push(Expr::value(Value::SingleQuotedString(form)));
            }
            None => arguments.push(parser.parse_expr()?),
        }
    }
    parser.expect_token(&Token::RParen)?;
    Ok(call("normalize", arguments))
}

/// The operator of LIKE and its kin.
fn pattern_operator(parser: &mut Parser) -> Option<(bool, Keyword)> {
    let negated = parser.parse_keyword(Keyword::NOT);
    let word = parser.parse_one_of_keywords(&[Keyword::LIKE, Keyword::ILIKE, Keyword::SIMILAR])?;
    if word == Keyword::SIMILAR && !parser.parse_keyword(Keyword::TO) {
        return None;
    }
    Some((negated, word))
}

/// `x [NOT] LIKE p ESCAPE e` and `x [NOT] LIKE ANY (…)`.
fn pattern(dialect: &dyn Dialect, parser: &mut Parser, left: &Expr) -> Option<Read> {
    let (negated, word) = pattern_operator(parser)?;
    let sign = match (word, negated) {
        (Keyword::LIKE, false) => "~~",
        (Keyword::LIKE, true) => "!~~",
        (Keyword::ILIKE, false) => "~~*",
        (Keyword::ILIKE, true) => "!~~*",
        (_, false) => "~",
        (_, true) => "!~",
    };
    let operator = BinaryOperator::Custom(sign.to_owned());
    if word != Keyword::SIMILAR
        && let Some(found) = any_or_all(parser, left, operator.clone())
    {
        return Some(found);
    }
    Some(escaped(dialect, parser, left, (negated, word), operator))
}

fn escaped(
    dialect: &dyn Dialect,
    parser: &mut Parser,
    left: &Expr,
    (negated, word): (bool, Keyword),
    op: BinaryOperator,
) -> Read {
    let precedence = dialect.prec_value(Precedence::Like);
    let expr = Box::new(left.clone());
    let pattern = Box::new(parser.parse_subexpr(precedence)?);
    let escape = match parser.parse_keyword(Keyword::ESCAPE) {
        true => Some(parser.parse_subexpr(precedence)?),
        false => None,
    };
    let plain = match &escape {
        None => Some(None),
        Some(Expr::Value(value)) if matches!(value.value, Value::SingleQuotedString(_)) => {
            Some(Some(value.clone()))
        }
        Some(_) => None,
    };
    Ok(match (plain, word, escape) {
        (Some(escape_char), Keyword::LIKE, _) => {
            Expr::Like { negated, any: false, expr, pattern, escape_char }
        }
        (Some(escape_char), Keyword::ILIKE, _) => {
            Expr::ILike { negated, any: false, expr, pattern, escape_char }
        }
        (Some(escape_char), _, _) => Expr::SimilarTo { negated, expr, pattern, escape_char },
        (None, word, escape) => {
            let function = if word == Keyword::SIMILAR { "similar_to_escape" } else { "like_escape" };
            let right = Box::new(call(function, std::iter::once(*pattern).chain(escape).collect()));
            Expr::BinaryOp { left: expr, op, right }
        }
    })
}

/// `x [NOT] BETWEEN [A]SYMMETRIC a AND b`
fn symmetric(dialect: &dyn Dialect, parser: &mut Parser, left: &Expr) -> Option<Read> {
    let negated = parser.parse_keyword(Keyword::NOT);
    if !parser.parse_keyword(Keyword::BETWEEN) {
        return None;
    }
    let both = match &parser.peek_token_ref().token {
        Token::Word(word) if word.quote_style.is_some() => return None,
        Token::Word(word) if word.value.eq_ignore_ascii_case("symmetric") => true,
        Token::Word(word) if word.value.eq_ignore_ascii_case("asymmetric") => false,
        _ => return None,
    };
    parser.advance_token();
    Some(range(dialect, parser, left, negated, both))
}

fn range(dialect: &dyn Dialect, parser: &mut Parser, left: &Expr, negated: bool, both: bool) -> Read {
    let precedence = dialect.prec_value(Precedence::Between);
    let low = parser.parse_subexpr(precedence)?;
    parser.expect_keyword_is(Keyword::AND)?;
    let high = parser.parse_subexpr(precedence)?;
    let between = |low: &Expr, high: &Expr| {
        Box::new(Expr::Between {
            expr: Box::new(left.clone()),
            negated,
            low: Box::new(low.clone()),
            high: Box::new(high.clone()),
        })
    };
    let one = between(&low, &high);
    if !both {
        return Ok(*one);
    }
    let op = if negated { BinaryOperator::And } else { BinaryOperator::Or };
    let either = Expr::BinaryOp { left: one, op, right: between(&high, &low) };
    Ok(Expr::Nested(Box::new(either)))
}

/// `x op ANY (…)` of an operator that is no comparison.
fn quantified(parser: &mut Parser, left: &Expr) -> Option<Read> {
    let sign = match &parser.peek_token_ref().token {
        Token::CustomBinaryOperator(sign) => sign.clone(),
        token @ (Token::Plus
        | Token::Minus
        | Token::Mul
        | Token::Div
        | Token::Mod
        | Token::Caret
        | Token::Sharp
        | Token::Pipe
        | Token::Ampersand
        | Token::StringConcat
        | Token::ShiftLeft
        | Token::ShiftRight
        | Token::Overlap
        | Token::CaretAt
        | Token::Tilde
        | Token::TildeAsterisk
        | Token::ExclamationMarkTilde
        | Token::ExclamationMarkTildeAsterisk
        | Token::DoubleTilde
        | Token::DoubleTildeAsterisk
        | Token::ExclamationMarkDoubleTilde
        | Token::ExclamationMarkDoubleTildeAsterisk
        | Token::AtArrow
        | Token::ArrowAt
        | Token::Question
        | Token::QuestionAnd
        | Token::QuestionPipe) => token.to_string(),
        token => {
            let operator = match token {
                Token::Eq => BinaryOperator::Eq,
                Token::Neq => BinaryOperator::NotEq,
                Token::Lt => BinaryOperator::Lt,
                Token::LtEq => BinaryOperator::LtEq,
                Token::Gt => BinaryOperator::Gt,
                Token::GtEq => BinaryOperator::GtEq,
                _ => return None,
            };
            if !begins_set_operation(parser, 2) {
                return None;
            }
            parser.advance_token();
            return any_or_all(parser, left, operator);
        }
    };
    let quantifier = match &parser.peek_nth_token_ref(1).token {
        Token::Word(word) => matches!(word.keyword, Keyword::ANY | Keyword::SOME | Keyword::ALL),
        _ => false,
    };
    if !quantifier || parser.peek_nth_token_ref(2).token != Token::LParen {
        return None;
    }
    parser.advance_token();
    any_or_all(parser, left, BinaryOperator::Custom(sign))
}

/// `ANY (…)`, `SOME (…)` or `ALL (…)`, if it comes next.
fn any_or_all(parser: &mut Parser, left: &Expr, compare_op: BinaryOperator) -> Option<Read> {
    if parser.peek_nth_token_ref(1).token != Token::LParen {
        return None;
    }
    let word = parser.parse_one_of_keywords(&[Keyword::ANY, Keyword::SOME, Keyword::ALL])?;
    Some(operand(parser).map(|right| {
        let (left, right) = (Box::new(left.clone()), Box::new(right));
        match word {
            Keyword::ALL => Expr::AllOp { left, compare_op, right },
            _ => Expr::AnyOp { left, compare_op, right, is_some: word == Keyword::SOME },
        }
    }))
}

fn operand(parser: &mut Parser) -> Read {
    let set_operation = begins_set_operation(parser, 0);
    parser.expect_token(&Token::LParen)?;
    let begins_query = set_operation
        || matches!(&parser.peek_token_ref().token, Token::Word(word)
            if matches!(word.keyword, Keyword::SELECT | Keyword::WITH | Keyword::VALUES));
    let operand = match begins_query {
        true => Expr::Subquery(parser.parse_query()?),
        false => parser.parse_expr()?,
    };
    parser.expect_token(&Token::RParen)?;
    Ok(operand)
}
