//! SEARCH and CYCLE of a recursive query, spelled out as PostgreSQL's rewriter does.
//!
//! ```text
//!  SELECT a …                    ─► SELECT a, ROW(0, a) AS seq FROM (SELECT a …)
//!  UNION ALL                        UNION ALL
//!  SELECT … FROM t, q AS x       ─► SELECT a, ROW((seq).f1 + 1, a) FROM (SELECT …, x.seq FROM t, q AS x)
//!
//!  BREADTH   seq: ROW(depth, columns)
//!  DEPTH     seq: the columns of the row and of all rows that led to it, an array of records
//!  CYCLE     path: such an array; mark: whether the row is in the path already, and then nothing follows from it
//! ```

use std::collections::HashSet;

use datafusion::sql::sqlparser::ast::{self, Cte, Expr, Ident, SelectItem, SetExpr, TableFactor};

use super::planner::{Clause, Level, Planner};
use super::recursion::{boolean, reference_in};
use super::scope::Scope;
use super::stored_query;
use crate::error::{SqlError, SqlResult, SqlState};
use crate::text::clauses::{Cycle, Search, WithClauses, quoted, quoted_list};
use crate::text::dialect::fold_identifier;

/// The names of the columns that the clauses add to a query, in order.
pub(super) fn added(clauses: &WithClauses) -> Vec<String> {
    let sequence = clauses.search.iter().map(|search| search.sequence.clone());
    let cycle = clauses.cycle.iter().flat_map(|cycle| [cycle.mark.clone(), cycle.path.clone()]);
    sequence.chain(cycle).collect()
}

impl Planner<'_, '_> {
    /// The terms of a recursive query of these columns, with the columns that its clauses add.
    pub(super) fn spelled_out(
        &mut self,
        cte: &Cte,
        terms: (&SetExpr, &SetExpr),
        clauses: &WithClauses,
        columns: &[String],
    ) -> SqlResult<(SetExpr, SetExpr)> {
        let side = |side: &str, state: SqlState| {
            let message =
                format!("with a SEARCH or CYCLE clause, the {side} side of the UNION must be a SELECT");
            SqlError::new(state, message)
        };
        check(clauses, columns)?;
        let left = simple(terms.0).ok_or_else(|| side("left", SqlState::FeatureNotSupported))?;
        let right = simple(terms.1).ok_or_else(|| side("right", SqlState::SyntaxError))?;
        let values = match clauses.cycle.as_ref() {
            Some(Cycle { values: Some(values), .. }) => {
                self.levels.push(Level::new(Scope::default(), Clause::Values));
                let bound = self.expr(&values.0).and_then(|value| Ok(vec![value, self.expr(&values.1)?]));
                self.levels.pop();
                self.unify(bound?, "CYCLE")?;
                values.clone()
            }
            _ => (boolean(true), boolean(false)),
        };
        let name = fold_identifier(&cte.alias.name);
        let nested = || {
            let message = format!(
                "with a SEARCH or CYCLE clause, the recursive reference to WITH query \"{name}\" must be at the top level of its right-hand SELECT"
            );
            SqlError::new(SqlState::FeatureNotSupported, message)
        };
        let SetExpr::Select(select) = right else { return Err(nested()) };
        let seen_as = reference_in(select, &name).ok_or_else(nested)?;
        let mut inner = select.clone();
        for column in added(clauses) {
            let path = vec![seen_as.clone(), Ident::with_quote('"', column)];
            inner.projection.push(SelectItem::UnnamedExpr(Expr::CompoundIdentifier(path)));
        }
        let start = over(&start(clauses, &values, columns), "*TLOCRN*", columns, left.clone())?;
        let all: Vec<String> = columns.iter().cloned().chain(added(clauses)).collect();
        let step = over(&step(clauses, &values, columns), "*TROCRN*", &all, SetExpr::Select(inner))?;
        Ok((start, step))
    }
}

/// What a term is without the parentheses around it; None for a set operation.
fn simple(term: &SetExpr) -> Option<&SetExpr> {
    match term {
        SetExpr::Query(query) => {
            let plain = query.with.is_none()
                && query.order_by.is_none()
                && query.limit_clause.is_none()
                && query.fetch.is_none();
            match query.body.as_ref() {
                SetExpr::SetOperation { .. } => None,
                body if plain => simple(body),
                _ => Some(term),
            }
        }
        SetExpr::SetOperation { .. } => None,
        term => Some(term),
    }
}

/// The terms as text: select list and condition over the term that was written.
struct Spelled {
    list: String,
    condition: String,
}

fn start(clauses: &WithClauses, values: &(Expr, Expr), columns: &[String]) -> Spelled {
    let mut list = quoted_list(columns);
    if let Some(Search { breadth_first, by, sequence }) = &clauses.search {
        let first = match breadth_first {
            true => format!("ROW(0::bigint, {})", quoted_list(by)),
            false => format!("ARRAY[ROW({})]", quoted_list(by)),
        };
        list.push_str(&format!(", {first} AS {}", quoted(sequence)));
    }
    if let Some(Cycle { columns, mark, path, .. }) = &clauses.cycle {
        let (value, default) = values;
        list.push_str(&format!(
            ", CASE WHEN false THEN {value} ELSE {default} END AS {}, ARRAY[ROW({})] AS {}",
            quoted(mark),
            quoted_list(columns),
            quoted(path)
        ));
    }
    Spelled { list, condition: "true".to_owned() }
}

fn step(clauses: &WithClauses, values: &(Expr, Expr), columns: &[String]) -> Spelled {
    let mut list = quoted_list(columns);
    let mut condition = "true".to_owned();
    if let Some(Search { breadth_first, by, sequence }) = &clauses.search {
        let (sequence, by) = (quoted(sequence), quoted_list(by));
        let next = match breadth_first {
            true => format!("ROW(({sequence}).f1 + 1, {by})"),
            false => format!("array_append({sequence}, ROW({by}))"),
        };
        list.push_str(&format!(", {next}"));
    }
    if let Some(Cycle { columns, mark, path, .. }) = &clauses.cycle {
        let (value, default) = values;
        let (mark, path, row) = (quoted(mark), quoted(path), format!("ROW({})", quoted_list(columns)));
        list.push_str(&format!(
            ", CASE WHEN {row} = ANY ({path}) THEN {value} ELSE {default} END, array_append({path}, {row})"
        ));
        condition = format!("{mark} <> {value}");
    }
    Spelled { list, condition }
}

/// `SELECT … FROM (term) AS name(columns) WHERE …`
fn over(spelled: &Spelled, name: &str, columns: &[String], term: SetExpr) -> SqlResult<SetExpr> {
    let Spelled { list, condition } = spelled;
    let (name, columns) = (quoted(name), quoted_list(columns));
    let text = format!("SELECT {list} FROM (SELECT 1) AS {name}({columns}) WHERE {condition}");
    let mut query = stored_query(&text)?;
    if let SetExpr::Select(select) = query.body.as_mut()
        && let Some(ast::TableWithJoins { relation: TableFactor::Derived { subquery, .. }, .. }) =
            select.from.first_mut()
    {
        *subquery.body = term;
    }
    Ok(*query.body)
}

/// The errors of `analyzeCTE`.
fn check(clauses: &WithClauses, columns: &[String]) -> SqlResult<()> {
    let listed = |kind: &str, named: &[String]| {
        let mut seen = HashSet::new();
        for name in named {
            if !columns.contains(name) {
                let message = format!("{kind} column \"{name}\" not in WITH query column list");
                return Err(SqlError::syntax(message, None));
            }
            if !seen.insert(name) {
                let message = format!("{kind} column \"{name}\" specified more than once");
                return Err(SqlError::new(SqlState::DuplicateColumn, message));
            }
        }
        Ok(())
    };
    let fresh = |kind: &str, name: &String| match columns.contains(name) {
        true => {
            let message = format!("{kind} column name \"{name}\" already used in WITH query column list");
            Err(SqlError::syntax(message, None))
        }
        false => Ok(()),
    };
    let apart = |one: (&str, &String), other: (&str, &String)| match one.1 == other.1 {
        true => {
            let message = format!("{} column name and {} column name are the same", one.0, other.0);
            Err(SqlError::syntax(message, None))
        }
        false => Ok(()),
    };
    if let Some(search) = &clauses.search {
        listed("search", &search.by)?;
        fresh("search sequence", &search.sequence)?;
    }
    if let Some(cycle) = &clauses.cycle {
        listed("cycle", &cycle.columns)?;
        fresh("cycle mark", &cycle.mark)?;
        fresh("cycle path", &cycle.path)?;
        apart(("cycle mark", &cycle.mark), ("cycle path", &cycle.path))?;
    }
    if let (Some(search), Some(cycle)) = (&clauses.search, &clauses.cycle) {
        apart(("search sequence", &search.sequence), ("cycle mark", &cycle.mark))?;
        apart(("search sequence", &search.sequence), ("cycle path", &cycle.path))?;
    }
    Ok(())
}
