//! Trees as the text that definitions keep, and the proof that this text gives the same tree again.
//!
//! The log holds definitions as text and every start parses them. Text that does not read back must therefore be
//! found before it is committed, where it costs one statement, and not at the next start, where it costs the database.

use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{self, Expr, UnaryOperator, VisitMut, VisitorMut};

use crate::error::{SqlError, SqlResult, SqlState};
use crate::text;
use crate::text::statement::Statement;

/// Sets parentheses where sqlparser prints an operator right before another: `- -1` would come out as `--1`, which is
/// a comment, and `~ -1` as the operator `~-`.
pub(crate) fn separate_operators(tree: &mut impl VisitMut) {
    struct Separate;
    impl VisitorMut for Separate {
        type Break = ();

        fn post_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
            if let Expr::UnaryOp { op, expr: operand } = expr
                && !matches!(op, UnaryOperator::Not | UnaryOperator::PGPostfixFactorial)
                && operand.to_string().starts_with(is_operator)
            {
                let inner = std::mem::replace(operand.as_mut(), Expr::Value(ast::Value::Null.into()));
                **operand = Expr::Nested(Box::new(inner));
            }
            ControlFlow::Continue(())
        }
    }
    let _ = tree.visit(&mut Separate);
}

fn is_operator(character: char) -> bool {
    "+-*/<>=~!@#%^&|`?".contains(character)
}

/// The text of a query, to be parsed by [`text::parse_query`].
pub(crate) fn query_text(query: &ast::Query) -> SqlResult<String> {
    let text = text::clauses::query_text(query);
    let found = text::parse_query(&text);
    read_back(text, found, |found| **found == *query)
}

/// The text of an expression, to be parsed by [`text::parse_expression`].
pub(crate) fn expression_text(expr: &Expr) -> SqlResult<String> {
    let text = expr.to_string();
    let found = text::parse_expression(&text);
    read_back(text, found, |found| found == expr)
}

/// The text of a statement, once it is sure that it reads as what was meant.
pub(crate) fn statement_text(text: String, same: impl FnOnce(&Statement) -> bool) -> SqlResult<String> {
    let found = text::parse(&text);
    read_back(text, found, |found| matches!(found.as_slice(), [one] if same(&one.statement)))
}

fn read_back<T>(text: String, found: SqlResult<T>, same: impl FnOnce(&T) -> bool) -> SqlResult<String> {
    match found {
        Ok(found) if same(&found) => Ok(text),
        // Parentheses were added.
        Err(error) if error.state == SqlState::StatementTooComplex => {
            Err(SqlError { position: None, ..error })
        }
        _ => Err(SqlError::internal(format!("the definition does not read back as it was meant: {text}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(text: &str) -> String {
        let mut tree = text::parse_expression(text).unwrap();
        separate_operators(&mut tree);
        expression_text(&tree).unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    #[test]
    fn operators_stay_apart() {
        for (text, expected) in [
            ("- -1", "-(-1)"),
            ("- - - x", "-(-(-x))"),
            ("-(-1)", "-(-1)"),
            ("a - -1", "a - -1"),
            ("- - 1.5", "-(-1.5)"),
            ("~ - a", "~(-a)"),
            ("+ + a", "+(+a)"),
            ("- -a ^ 2", "-(-a ^ 2)"),
            ("f(- -1)", "f(-(-1))"),
            ("NOT - -a > 1", "NOT -(-a) > 1"),
            ("(SELECT - -max(a) FROM t)", "(SELECT -(-max(a)) FROM t)"),
        ] {
            assert_eq!(kept(text), expected, "{text}");
        }
    }

    #[test]
    fn all_forms_of_expression_read_back() {
        for text in [
            r"E'a\nb''\\'",
            "$$it's$$",
            r"U&'d\0061'",
            "'--' || '/*'",
            "\"We\"\"ird\".\"select\"",
            "1e3 + .5 + 0x1F + 1_000",
            "a::numeric(10,2)::text",
            "CAST(a AS SMALLINT)",
            "a::int[]",
            "a::double precision",
            "b::char(2)",
            "at::timestamp with time zone",
            "(ARRAY[a, 1])[1]",
            "a = ANY(ARRAY[1, 3])",
            "ROW(1, 2)",
            "(a, 1) = (3, 1)",
            "a IS DISTINCT FROM 3",
            "a NOTNULL AND b IS NULL",
            "a IS NOT TRUE",
            "EXTRACT(year FROM at)",
            "SUBSTRING(b FROM 1 FOR 2)",
            "TRIM(BOTH 'x' FROM b)",
            "POSITION('x' IN b)",
            "OVERLAY(b PLACING 'zz' FROM 1 FOR 1)",
            "CEIL(f) + FLOOR(f)",
            "at AT TIME ZONE 'UTC'",
            "a NOT IN (1, 2) AND a NOT BETWEEN 1 AND 5",
            "b NOT LIKE 'x_' ESCAPE '!' OR b ILIKE 'X%' OR b SIMILAR TO 'x%'",
            "b ~ 'x' OR b !~* 'x' OR b ~~ 'x%'",
            "CASE a WHEN 3 THEN 'x' ELSE 'y' END",
            "interval '1' day + interval '1 day 2 hours'",
            "timestamp '2024-01-01' - date '2024-01-01'",
            "a % 2 ^ 3 | 1 & 1 # 1 << 1 >> 2",
            "@ -5 + |/ 4",
            "EXISTS (SELECT 1 FROM h) AND a IN (SELECT a FROM h)",
            "count(*) FILTER (WHERE a > 1) OVER ()",
            "sum(DISTINCT a) OVER (PARTITION BY b ORDER BY a DESC NULLS LAST ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)",
            "string_agg(b, ',' ORDER BY b)",
            "percentile_cont(0.5) WITHIN GROUP (ORDER BY a)",
            "current_date",
            "b COLLATE \"C\"",
            "x'ff'",
            "COALESCE(a, GREATEST(b, NULLIF(c, 1)))",
            "a OPERATOR(pg_catalog.+) 1",
        ] {
            kept(text);
        }
    }
}
