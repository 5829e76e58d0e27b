//! The moment of the past at which a relation is read.
//!
//! DataFusion's planner knows relations by their names alone, so the moment travels in the name: `s\0 AS OF LSN 5`. What it
//! means (which rows, whether they are held still) is for those who run the plan.

use std::fmt;
use std::ops::ControlFlow;
use std::sync::Arc;

use arrow::datatypes::DataType;
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::common::{DFSchema, ScalarValue};
use datafusion::logical_expr::execution_props::ExecutionProps;
use datafusion::logical_expr::{Expr, LogicalPlan};
use datafusion::sql::sqlparser::ast::{self, TableVersion, Visit, Visitor};
use millstream_catalog::Object;

use super::names::parameter_index;
use super::{Binder, RelationSource, SchemaOnly, stored_expression};
use crate::analyze;
use crate::error::{SqlError, SqlResult, SqlState, from_datafusion};
use crate::functions::FunctionSet;
use crate::functions::configuration;
use crate::text::time_travel::parameter;
use crate::types::timestamptz;

const LSN: &str = "LSN ";
const TIME: &str = "TIMESTAMP ";

/// A moment of the past.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum AsOf {
    /// After exactly this commit.
    Lsn(u64),
    /// After all commits up to a time: a constant expression as SQL text, `now()` and the like included.
    Time(String),
    /// After all commits up to a time, in microseconds since the Unix epoch.
    Micros(i64),
    /// [`AsOf::Lsn`], the value of a parameter (index from 0).
    LsnParameter(usize),
    /// [`AsOf::Micros`], the value of a parameter (index from 0).
    TimeParameter(usize),
}

impl fmt::Display for AsOf {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AsOf::Lsn(lsn) => write!(formatter, "{LSN}{lsn}"),
            AsOf::Time(text) => write!(formatter, "{TIME}{text}"),
            AsOf::Micros(us) => write!(formatter, "{TIME}{us}"),
            AsOf::LsnParameter(index) => write!(formatter, "{LSN}${}", index + 1),
            AsOf::TimeParameter(index) => write!(formatter, "{TIME}${}", index + 1),
        }
    }
}

impl AsOf {
    /// The moment that a clause names.
    pub(super) fn of(version: &TableVersion) -> SqlResult<AsOf> {
        if let Some(index) = parameter(version).and_then(parameter_index) {
            return Ok(match version {
                TableVersion::VersionAsOf(_) => AsOf::LsnParameter(index),
                _ => AsOf::TimeParameter(index),
            });
        }
        match version {
            TableVersion::VersionAsOf(number) => number.to_string().parse().map(AsOf::Lsn).map_err(|_| {
                SqlError::new(SqlState::InvalidParameterValue, format!("an LSN is a number, not {number}"))
            }),
            TableVersion::ForSystemTimeAsOf(time) if is_constant(time) => Ok(AsOf::Time(time.to_string())),
            TableVersion::ForSystemTimeAsOf(time) => Err(no_constant(&time.to_string())),
            other => Err(SqlError::internal(format!("a clause that is not read here: {other}"))),
        }
    }

    /// The clause again.
    pub(super) fn clause(&self) -> SqlResult<TableVersion> {
        let number = |text: String| ast::Expr::value(ast::Value::Number(text, false));
        let parameter = |index: &usize| ast::Expr::value(ast::Value::Placeholder(format!("${}", index + 1)));
        Ok(match self {
            AsOf::Lsn(lsn) => TableVersion::VersionAsOf(number(lsn.to_string())),
            AsOf::Time(text) => TableVersion::ForSystemTimeAsOf(stored_expression(text)?),
            AsOf::LsnParameter(index) => TableVersion::VersionAsOf(parameter(index)),
            AsOf::TimeParameter(index) => TableVersion::ForSystemTimeAsOf(parameter(index)),
            AsOf::Micros(_) => return Err(SqlError::internal("a moment that was settled before planning")),
        })
    }

    /// The moment with the value of its parameter, if it is one.
    pub fn with_parameters(&self, values: &[ScalarValue]) -> SqlResult<AsOf> {
        let value = |index: &usize, wanted: &DataType| {
            let value = values.get(*index).ok_or_else(|| {
                SqlError::new(SqlState::UndefinedParameter, format!("there is no parameter ${}", index + 1))
            })?;
            match value {
                ScalarValue::Utf8(Some(text)) => {
                    let environment = crate::types::environment::Environment::default();
                    let sql_type = millstream_catalog::SqlType::of_data_type(wanted);
                    crate::bind::convert::read_scalar(text, &sql_type, wanted, &environment)
                }
                value => value.cast_to(wanted).map_err(|error| from_datafusion(&error)),
            }
        };
        match self {
            AsOf::LsnParameter(index) => match value(index, &DataType::Int64)? {
                ScalarValue::Int64(Some(lsn)) => match u64::try_from(lsn) {
                    Ok(lsn) => Ok(AsOf::Lsn(lsn)),
                    Err(_) => Err(SqlError::new(
                        SqlState::InvalidParameterValue,
                        format!("an LSN is not negative: {lsn}"),
                    )),
                },
                _ => Err(null()),
            },
            AsOf::TimeParameter(index) => micros(value(index, &timestamptz())?).map(AsOf::Micros),
            settled => Ok(settled.clone()),
        }
    }
}

/// The time of a constant expression, in microseconds since the Unix epoch; `now()` is when the statement began.
pub fn time_of(text: &str, functions: &FunctionSet, statement: &ExecutionProps) -> SqlResult<i64> {
    let (catalog, config, schema) =
        (millstream_catalog::Catalog::default(), configuration(), DFSchema::empty());
    let environment = Arc::default();
    let binder = Binder {
        catalog: &catalog,
        relations: &SchemaOnly,
        search_path: &[],
        parameter_types: &[],
        environment: &environment,
        functions,
        config: &config,
        located: false,
    };
    let typed = binder.moment(&stored_expression(text)?)?;
    let constant =
        analyze::folded_at(typed.expr, &schema, statement).map_err(|error| from_datafusion(&error))?;
    match constant {
        Expr::Literal(value, _) => micros(value),
        _ => Err(no_constant(text)),
    }
}

fn micros(value: ScalarValue) -> SqlResult<i64> {
    match value {
        ScalarValue::TimestampMicrosecond(Some(us), _) => Ok(us),
        _ => Err(null()),
    }
}

/// Whether an expression names no columns and runs no queries.
fn is_constant(expr: &ast::Expr) -> bool {
    struct Names;
    impl Visitor for Names {
        type Break = ();

        fn pre_visit_query(&mut self, _query: &ast::Query) -> ControlFlow<()> {
            ControlFlow::Break(())
        }

        fn pre_visit_expr(&mut self, expr: &ast::Expr) -> ControlFlow<()> {
            match expr {
                ast::Expr::Identifier(_) | ast::Expr::CompoundIdentifier(_) => ControlFlow::Break(()),
                _ => ControlFlow::Continue(()),
            }
        }
    }
    expr.visit(&mut Names).is_continue()
}

fn no_constant(text: &str) -> SqlError {
    let message = format!("the moment of AS OF must be a constant, not {text}");
    SqlError::unsupported(message, "write a timestamp, or one relative to now()")
}

fn null() -> SqlError {
    SqlError::new(SqlState::InvalidParameterValue, "the moment of AS OF is NULL")
}

/// The relations that a bound plan reads at moments of the past, views' own included, and the moments; each once.
pub fn reads_in_past(plan: &LogicalPlan) -> SqlResult<Vec<(Arc<Object>, AsOf)>> {
    let mut found: Vec<(Arc<Object>, AsOf)> = Vec::new();
    let walked = plan.apply_with_subqueries(|node| {
        if let LogicalPlan::TableScan(scan) = node
            && let Some(relation) = scan.source.as_ref().downcast_ref::<RelationSource>()
            && let Some(as_of) = &relation.as_of
            && !found.iter().any(|(object, moment)| object.id == relation.object.id && moment == as_of)
        {
            found.push((Arc::clone(&relation.object), as_of.clone()));
        }
        Ok(TreeNodeRecursion::Continue)
    });
    walked.map_err(|error| from_datafusion(&error))?;
    Ok(found)
}

/// A plan's text for people: moments are part of names there.
pub fn readable(plan: &str) -> String {
    crate::functions::scalar::plain_names(plan).replace('\0', "")
}
