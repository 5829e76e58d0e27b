//! The state of binding one statement: scopes from the outermost query to the innermost, common table expressions,
//! what is known of parameters.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use arrow::datatypes::DataType;
use datafusion::common::Column;
use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::error::DataFusionError;
use datafusion::logical_expr::{Expr, LogicalPlan, Projection};
use datafusion::sql::sqlparser::ast;
use millstream_catalog::{Kind, SqlType};

use super::scope::{OutputColumn, Scope};
use super::typed::Typed;
use super::{AsOf, Binder};
use crate::error::{SqlError, SqlResult, SqlState};
use crate::types::environment::Environment;

/// Where in a query an expression stands, as messages name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Clause {
    Select,
    Where,
    On,
    GroupBy,
    Having,
    OrderBy,
    Values,
    Limit,
    From,
    /// The argument of an aggregate.
    Aggregate,
    /// PARTITION BY, ORDER BY or an argument of a window function.
    Window,
    /// FILTER of an aggregate.
    Filter,
    /// DEFAULT, WATERMARK and the like: an expression outside a query.
    Definition,
}

impl Clause {
    pub fn words(self) -> &'static str {
        match self {
            Clause::Select => "SELECT",
            Clause::Where => "WHERE",
            Clause::On => "JOIN conditions",
            Clause::GroupBy => "GROUP BY",
            Clause::Having => "HAVING",
            Clause::OrderBy => "ORDER BY",
            Clause::Values => "VALUES",
            Clause::Limit => "LIMIT",
            Clause::From => "functions in FROM",
            Clause::Aggregate => "aggregate function calls",
            Clause::Window => "window definitions",
            Clause::Filter => "FILTER",
            Clause::Definition => "definitions",
        }
    }
}

/// An expression that is computed by a node of its own, and the column that stands for it.
#[derive(Debug, Clone)]
pub(crate) struct Collected {
    pub expr: Expr,
    pub name: String,
    pub typed: Typed,
}

/// A query that is being bound.
#[derive(Debug)]
pub(crate) struct Level {
    pub scope: Scope,
    pub clause: Clause,
    pub aggregates: Vec<Collected>,
    pub windows: Vec<Collected>,
    /// Set-returning calls of the select list: list-valued expressions.
    pub sets: Vec<Collected>,
    /// Windows of the WINDOW clause.
    pub named_windows: HashMap<String, ast::NamedWindowExpr>,
}

impl Level {
    pub fn new(scope: Scope, clause: Clause) -> Self {
        Self {
            scope,
            clause,
            aggregates: vec![],
            windows: vec![],
            sets: vec![],
            named_windows: HashMap::new(),
        }
    }
}

/// A common table expression.
#[derive(Debug, Clone)]
pub(crate) struct Cte {
    pub plan: LogicalPlan,
    pub columns: Vec<OutputColumn>,
    /// Within a recursive query, what it reads itself by: how many of its columns, the last ones, are shown only when
    /// they are named.
    pub itself: Option<usize>,
}

/// Binds one statement.
pub(crate) struct Planner<'b, 'a> {
    pub binder: &'b Binder<'a>,
    pub environment: Arc<Environment>,
    /// Queries around the one at hand, itself last.
    pub levels: Vec<Level>,
    pub ctes: Vec<HashMap<String, Cte>>,
    /// The types of `$1`, …, as far as they are known or were told by their places.
    pub parameters: Vec<Option<SqlType>>,
    /// The moment at which relations are read that say none.
    pub as_of: Option<AsOf>,
    /// The qualifiers by which recursive queries read themselves.
    pub self_references: HashSet<String>,
    qualifiers: HashMap<String, usize>,
    next: usize,
}

/// A bound query: its plan and its output.
#[derive(Debug, Clone)]
pub(crate) struct BoundQuery {
    pub plan: LogicalPlan,
    pub columns: Vec<OutputColumn>,
}

impl<'b, 'a> Planner<'b, 'a> {
    pub fn new(binder: &'b Binder<'a>) -> Self {
        Self {
            binder,
            environment: Arc::clone(binder.environment),
            levels: vec![],
            ctes: vec![],
            parameters: binder.parameter_types.to_vec(),
            as_of: None,
            self_references: HashSet::new(),
            qualifiers: HashMap::new(),
            next: 0,
        }
    }

    /// A qualifier that no other relation of the statement has.
    pub fn qualifier(&mut self, name: &str) -> String {
        let used = self.qualifiers.entry(name.to_owned()).or_insert(0);
        *used += 1;
        match *used {
            1 => name.to_owned(),
            count => format!("{name}\0{count}"),
        }
    }

    /// A name for a column that the user does not see.
    pub fn fresh(&mut self, of: &str) -> String {
        self.next += 1;
        format!("{of}\0\0{}", self.next)
    }

    pub fn level(&mut self) -> &mut Level {
        self.levels.last_mut().expect("expressions are bound within a level")
    }

    pub fn clause(&self) -> Clause {
        self.levels.last().map_or(Clause::Definition, |level| level.clause)
    }

    /// Binds with the innermost query in another clause.
    pub fn within<T>(
        &mut self,
        clause: Clause,
        bind: impl FnOnce(&mut Self) -> SqlResult<T>,
    ) -> SqlResult<T> {
        let before = std::mem::replace(&mut self.level().clause, clause);
        let bound = bind(self);
        self.level().clause = before;
        bound
    }

    pub fn error(&self, error: &DataFusionError) -> SqlError {
        self.binder.error(error)
    }

    /// The type of a parameter, told by its place if it was not known.
    pub fn tell(&mut self, index: usize, sql_type: &SqlType) {
        if self.parameters.len() <= index {
            self.parameters.resize(index + 1, None);
        }
        let slot = &mut self.parameters[index];
        if slot.is_none() {
            *slot = Some(sql_type.plain());
        }
    }

    /// A projection, its output columns named.
    pub fn project(&self, plan: LogicalPlan, columns: Vec<Expr>) -> SqlResult<LogicalPlan> {
        Projection::try_new(columns, Arc::new(plan))
            .map(LogicalPlan::Projection)
            .map_err(|error| self.error(&error))
    }
}

/// The relations whose columns an expression takes from outside.
pub(crate) fn has_local_columns(expr: &Expr) -> bool {
    expr.exists(|part| Ok(matches!(part, Expr::Column(_)))).unwrap_or(true)
}

/// The columns that an expression takes from queries around it.
pub(crate) fn outer_columns(expr: &Expr) -> Vec<Column> {
    let mut found = vec![];
    let _ = expr.apply(|part| {
        match part {
            Expr::OuterReferenceColumn(_, column) => found.push(column.clone()),
            Expr::ScalarSubquery(subquery) => found.extend(taken_by(&subquery.subquery)),
            Expr::Exists(exists) => found.extend(taken_by(&exists.subquery.subquery)),
            Expr::InSubquery(test) => found.extend(taken_by(&test.subquery.subquery)),
            _ => {}
        }
        Ok(TreeNodeRecursion::Continue)
    });
    found
}

/// The columns that a plan takes from queries around it, its subqueries' included.
pub(crate) fn taken_by(plan: &LogicalPlan) -> Vec<Column> {
    let mut found: Vec<Column> = vec![];
    let _ = plan.apply_with_subqueries(|node| {
        node.apply_expressions(|expr| {
            expr.apply(|part| {
                if let Expr::OuterReferenceColumn(_, column) = part
                    && !found.contains(column)
                {
                    found.push(column.clone());
                }
                Ok(TreeNodeRecursion::Continue)
            })
        })
    });
    if !found.is_empty() {
        let _ = plan.apply_with_subqueries(|node| {
            found.retain(|column| !node.schema().has_column(column));
            Ok(TreeNodeRecursion::Continue)
        });
    }
    found
}

/// 42804, as PostgreSQL words it for a condition.
pub(crate) fn wants_boolean(what: &str, found: &SqlType) -> SqlError {
    let of = crate::types::names::format_type(found);
    let message = format!("argument of {what} must be type boolean, not type {of}");
    SqlError::new(SqlState::DatatypeMismatch, message)
}

/// An output column of text where nothing told the type of a quoted constant.
pub(crate) fn settled(sql_type: &SqlType) -> SqlType {
    if sql_type.is(Kind::Unknown) { Kind::Text.into() } else { sql_type.clone() }
}

/// The Arrow type that values of both Arrow types of a numeric can have without losing their scale.
pub(crate) fn common_numeric(types: &[DataType]) -> DataType {
    let mut whole = 0i16;
    let mut scale: Option<i8> = None;
    for data_type in types {
        match data_type {
            DataType::Decimal128(precision, of) if scale.is_none() || scale == Some(*of) => {
                scale = Some(*of);
                whole = whole.max(i16::from(*precision) - i16::from(*of));
            }
            _ => return DataType::Binary,
        }
    }
    match scale {
        Some(scale) if whole + i16::from(scale) <= 38 => {
            DataType::Decimal128((whole + i16::from(scale)).max(1) as u8, scale)
        }
        _ => DataType::Binary,
    }
}
