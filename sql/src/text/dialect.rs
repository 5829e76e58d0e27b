//! The dialect that sqlparser parses by: Postgres's, with these differences.
//!
//! - A reserved word does not begin an expression. sqlparser would take `FROM` in `SELECT a, FROM t` for a column,
//!   and complain later, elsewhere or not at all.
//! - A literal is recognised by its token alone. sqlparser first tries every value as a data type, formats an
//!   error and throws it away, which is most of what parsing a list of literals costs.
//! - Forms of PostgreSQL's that sqlparser does not know are read by [`forms`].
//! - Work is counted, since backtracking can double with each level of nesting (see [`crate::text::limits`]).
//!
//! `dialect()` answers with Postgres's type, so that sqlparser's own Postgres branches stay on.

pub mod forms;

use std::any::TypeId;
use std::cell::Cell;

use datafusion::sql::sqlparser::ast::{Expr, Ident};
use datafusion::sql::sqlparser::dialect::{Dialect, PostgreSqlDialect, Precedence};
use datafusion::sql::sqlparser::keywords::{Keyword, RESERVED_FOR_COLUMN_ALIAS};
use datafusion::sql::sqlparser::parser::{Parser, ParserError};
use datafusion::sql::sqlparser::tokenizer::Token;
use millstream_catalog::{fold_name, is_reserved};

/// Reserved words that begin an expression all the same, or that sqlparser reads at an expression's place.
const BEGINNERS: [&str; 25] = [
    "all",
    "any",
    "array",
    "case",
    "cast",
    "current_catalog",
    "current_date",
    "current_role",
    "current_time",
    "current_timestamp",
    "current_user",
    "default",
    "distinct",
    "false",
    "localtime",
    "localtimestamp",
    "not",
    "null",
    "select",
    "session_user",
    "some",
    "table",
    "true",
    "user",
    "with",
];

/// An identifier as it is stored: folded unless it was quoted.
pub fn fold_identifier(identifier: &Ident) -> String {
    if identifier.quote_style.is_some() { identifier.value.clone() } else { fold_name(&identifier.value) }
}

/// Postgres's dialect with a budget of work for one statement.
#[derive(Debug)]
pub struct MillstreamDialect {
    postgres: PostgreSqlDialect,
    work_left: Cell<u64>,
    /// The name of the database, which may stand before a schema's; empty where it is not known.
    database: String,
}

impl MillstreamDialect {
    /// A dialect that begins at most `work` expressions.
    pub fn new(work: u64) -> Self {
        Self { postgres: PostgreSqlDialect {}, work_left: Cell::new(work), database: String::new() }
    }

    /// The same dialect, for the texts of a session of that database.
    pub fn in_database(mut self, database: &str) -> Self {
        database.clone_into(&mut self.database);
        self
    }

    /// The name of the database, which may stand before a schema's; empty where it is not known.
    pub fn database(&self) -> &str {
        &self.database
    }

    /// Whether the budget was used up: the statement is then too complex, whatever error came of it.
    pub fn exhausted(&self) -> bool {
        self.work_left.get() == 0
    }

    fn spend(&self) -> bool {
        self.work_left.set(self.work_left.get().saturating_sub(1));
        !self.exhausted()
    }
}

/// Passes questions on to Postgres's dialect.
macro_rules! as_in_postgres {
    ($($name:ident)*) => { $(fn $name(&self) -> bool { self.postgres.$name() })* };
}

impl Dialect for MillstreamDialect {
    fn dialect(&self) -> TypeId {
        TypeId::of::<PostgreSqlDialect>()
    }

    fn parse_prefix(&self, parser: &mut Parser) -> Option<Result<Expr, ParserError>> {
        if !self.spend() {
            return Some(Err(ParserError::RecursionLimitExceeded));
        }
        if let Some(form) = forms::prefix(parser) {
            return Some(form);
        }
        match &parser.peek_token_ref().token {
            // `(VALUES …)` as a value: sqlparser would take it for a call of a function. `((SELECT …) UNION …)`: it would
            // look for an expression behind the second parenthesis.
            Token::LParen if forms::begins_values(parser) || forms::begins_set_operation(parser, 0) => {
                parser.next_token();
                let query = parser.parse_query();
                Some(query.and_then(|query| {
                    parser.expect_token(&Token::RParen)?;
                    Ok(Expr::Subquery(query))
                }))
            }
            Token::Number(..) | Token::SingleQuotedString(_) | Token::Placeholder(_) => {
                Some(parser.parse_value().map(Expr::Value))
            }
            // Behind BETWEEN: kept as a prefix of the lower bound, which prints as it was written.
            Token::Word(word)
                if word.quote_style.is_none() && word.value.eq_ignore_ascii_case("symmetric") =>
            {
                parser.advance_token();
                let bound = parser.parse_subexpr(self.prec_value(Precedence::Between));
                Some(
                    bound.map(|bound| Expr::Prefixed {
                        prefix: Ident::new("SYMMETRIC"),
                        value: Box::new(bound),
                    }),
                )
            }
            Token::Word(word)
                if word.quote_style.is_none() && word.value.eq_ignore_ascii_case("asymmetric") =>
            {
                parser.advance_token();
                Some(parser.parse_subexpr(self.prec_value(Precedence::Between)))
            }
            Token::Word(word)
                if word.quote_style.is_none()
                    && word.keyword != Keyword::NoKeyword
                    && is_reserved(&word.value)
                    && !BEGINNERS.contains(&word.value.to_ascii_lowercase().as_str()) =>
            {
                Some(parser.expected_ref("an expression", parser.peek_token_ref()))
            }
            _ => None,
        }
    }

    /// Asked once for each SELECT, so that those without a projection cost work too.
    fn supports_empty_projections(&self) -> bool {
        self.spend()
    }

    /// FOR, too, is reserved in Postgres; sqlparser would take it for the name of a column without a FROM after it.
    fn is_column_alias(&self, keyword: &Keyword, _parser: &mut Parser) -> bool {
        *keyword != Keyword::FOR && !RESERVED_FOR_COLUMN_ALIAS.contains(keyword)
    }

    /// `a JOIN b JOIN c ON … ON …` nests: c is joined to b first.
    fn supports_left_associative_joins_without_parens(&self) -> bool {
        false
    }

    fn identifier_quote_style(&self, identifier: &str) -> Option<char> {
        self.postgres.identifier_quote_style(identifier)
    }

    fn is_delimited_identifier_start(&self, character: char) -> bool {
        self.postgres.is_delimited_identifier_start(character)
    }

    fn is_identifier_start(&self, character: char) -> bool {
        self.postgres.is_identifier_start(character)
    }

    fn is_identifier_part(&self, character: char) -> bool {
        self.postgres.is_identifier_part(character)
    }

    fn is_custom_operator_part(&self, character: char) -> bool {
        self.postgres.is_custom_operator_part(character)
    }

    fn is_reserved_for_identifier(&self, keyword: Keyword) -> bool {
        self.postgres.is_reserved_for_identifier(keyword)
    }

    fn parse_infix(
        &self,
        parser: &mut Parser,
        left: &Expr,
        _precedence: u8,
    ) -> Option<Result<Expr, ParserError>> {
        forms::infix(self, parser, left)
    }

    fn get_next_precedence(&self, parser: &Parser) -> Option<Result<u8, ParserError>> {
        // `name := value` names an argument: it is no operator.
        if forms::is_clause(parser) || parser.peek_token_ref().token == Token::Assignment {
            return Some(Ok(self.prec_unknown()));
        }
        if forms::is_null_test(parser) {
            return Some(Ok(self.prec_value(Precedence::Is)));
        }
        self.postgres.get_next_precedence(parser)
    }

    fn prec_value(&self, precedence: Precedence) -> u8 {
        self.postgres.prec_value(precedence)
    }

    /// FROM behind a query of WITH, by which its SEARCH and CYCLE come (`parse::clauses`).
    fn supports_from_first_insert(&self) -> bool {
        true
    }

    fn supports_named_fn_args_with_assignment_operator(&self) -> bool {
        true
    }

    as_in_postgres! {
        supports_unicode_string_literal
        supports_filter_during_aggregation
        supports_group_by_expr
        allow_extract_custom
        allow_extract_single_quotes
        supports_create_index_with_clause
        supports_explain_with_utility_options
        supports_listen_notify
        supports_factorial_operator
        supports_bitwise_shift_operators
        supports_comment_on
        supports_load_extension
        supports_named_fn_args_with_colon_operator
        supports_nested_comments
        supports_string_escape_constant
        supports_numeric_literal_underscores
        supports_array_typedef_with_brackets
        supports_geometric_types
        supports_set_names
        supports_alter_column_type_using
        supports_notnull_operator
        supports_interval_options
        supports_insert_table_alias
        supports_create_table_like_parenthesized
        supports_select_wildcard_with_alias
        supports_comma_separated_trim
        supports_xml_expressions
        supports_comment_optimizer_hint
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_begin_an_expression_are_reserved() {
        assert!(BEGINNERS.iter().all(|word| is_reserved(word)));
    }
}
