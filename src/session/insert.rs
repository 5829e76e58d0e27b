//! INSERT: rows of constants straight into columns; all else as a query.

use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::Schema;
use datafusion::common::ScalarValue;
use datafusion::logical_expr::simplify::SimplifyContext;
use datafusion::optimizer::simplify_expressions::ExprSimplifier;
use datafusion::sql::sqlparser::ast;
use millstream_catalog::{Column, Kind, Object, SqlType, Stream};
use millstream_sql::text::statement::Insert;
use millstream_sql::types::environment::Environment;
use millstream_sql::types::read;
use millstream_sql::{SqlError, SqlState, bind};

use crate::Result;
use crate::engine::Engine;
use crate::engine::append::stream_of;
use crate::query::now;

/// The rows of `INSERT … VALUES` when every value is a plain literal: the batch has the stream's columns, all
/// nullable. None when it takes a planner to know the values.
///
/// This is what makes single-row INSERTs and long VALUES lists cheap: nothing is planned.
pub fn constant_rows(
    target: &Object,
    insert: &Insert,
    engine: &Engine,
    environment: &Environment,
) -> Result<Option<RecordBatch>> {
    let stream = stream_of(target)?;
    let Some(rows) = insert.source.as_deref().and_then(values_of) else { return Ok(None) };
    let places = places(target, stream, &insert.columns)?;
    let width = if insert.columns.is_empty() { None } else { Some(insert.columns.len()) };
    let mut columns: Vec<Vec<ScalarValue>> = vec![Vec::with_capacity(rows.len()); stream.columns.len()];
    let mut defaults: Vec<Option<ScalarValue>> = vec![None; stream.columns.len()];
    let given = rows[0].content.len();
    check_width(given, width, stream.columns.len())?;
    for row in rows {
        if row.content.len() != given {
            return Err(SqlError::syntax("VALUES lists must all be the same length", None).into());
        }
        for (index, column) in stream.columns.iter().enumerate() {
            let value = match places[index].and_then(|place| row.content.get(place)) {
                Some(expression) => match literal_of(expression) {
                    Some(Literal::Null) => ScalarValue::try_from(&column.data_type)?,
                    Some(Literal::Text(text)) => {
                        read::scalar(&text, &column.sql_type, &column.data_type, environment)?
                    }
                    // A boolean into a number, a number into a boolean: the planner says what is wrong with it.
                    Some(Literal::Number(text)) if is_number(&column.sql_type) => {
                        match number(&text, column, environment) {
                            Some(value) => value,
                            None => return Ok(None),
                        }
                    }
                    Some(Literal::Boolean(value))
                        if column.data_type == arrow::datatypes::DataType::Boolean =>
                    {
                        ScalarValue::Boolean(Some(value))
                    }
                    _ => return Ok(None),
                },
                None => match &defaults[index] {
                    Some(value) => value.clone(),
                    None => {
                        let value = default_scalar(engine, column)?;
                        defaults[index] = Some(value.clone());
                        value
                    }
                },
            };
            columns[index].push(value);
        }
    }
    let arrays = columns.into_iter().map(ScalarValue::iter_to_array).collect::<Result<Vec<_>, _>>()?;
    let fields: Vec<_> = stream.columns.iter().map(|column| column.field().with_nullable(true)).collect();
    Ok(Some(RecordBatch::try_new(Schema::new(fields).into(), arrays)?))
}

enum Literal {
    Null,
    Number(String),
    Text(String),
    Boolean(bool),
}

/// The rows of a bare VALUES, and nothing around it.
fn values_of(query: &ast::Query) -> Option<&[ast::Parens<Vec<ast::Expr>>]> {
    let bare = query.with.is_none()
        && query.order_by.is_none()
        && query.limit_clause.is_none()
        && query.fetch.is_none();
    match query.body.as_ref() {
        ast::SetExpr::Values(values) if bare && !values.rows.is_empty() => Some(&values.rows),
        _ => None,
    }
}

fn literal_of(expression: &ast::Expr) -> Option<Literal> {
    match expression {
        ast::Expr::Value(value) => match &value.value {
            ast::Value::Null => Some(Literal::Null),
            ast::Value::Number(text, _) => Some(Literal::Number(text.clone())),
            ast::Value::SingleQuotedString(text) => Some(Literal::Text(text.clone())),
            ast::Value::Boolean(value) => Some(Literal::Boolean(*value)),
            _ => None,
        },
        ast::Expr::UnaryOp { op: ast::UnaryOperator::Minus, expr } => match literal_of(expr)? {
            Literal::Number(text) if text.starts_with('-') => None,
            // Integers and numerics have one zero.
            Literal::Number(text) if is_zero(&text) => Some(Literal::Number(text)),
            Literal::Number(text) => Some(Literal::Number(format!("-{text}"))),
            _ => None,
        },
        // TIMESTAMP '…': the type is the column's anyway, and a wrong one is met by the planner.
        _ => None,
    }
}

/// A number of the column's own kind; None where a cast has to decide (a fraction into an integer).
fn number(text: &str, column: &Column, environment: &Environment) -> Option<ScalarValue> {
    read::scalar(text, &column.sql_type, &column.data_type, environment).ok()
}

fn is_zero(number: &str) -> bool {
    let digits = number.split(['e', 'E']).next().unwrap_or_default();
    digits.chars().all(|digit| matches!(digit, '0' | '.' | '_'))
}

fn is_number(sql_type: &SqlType) -> bool {
    matches!(
        sql_type.kind(),
        Some(Kind::Int2 | Kind::Int4 | Kind::Int8 | Kind::Float4 | Kind::Float8 | Kind::Numeric)
    )
}

/// The value that a column gets when none is given: its DEFAULT, computed now, or NULL.
pub fn default_scalar(engine: &Engine, column: &Column) -> Result<ScalarValue> {
    let Some(expression) = bind::default_value(&engine.catalog(), column, engine.functions())? else {
        return Ok(ScalarValue::try_from(&column.data_type)?);
    };
    let schema = Arc::new(datafusion::common::DFSchema::empty());
    let context = SimplifyContext::builder()
        .with_schema(Arc::clone(&schema))
        .with_query_execution_start_time(Some(now()));
    let expression = ExprSimplifier::new(context.build()).simplify(expression)?;
    let properties = datafusion::logical_expr::execution_props::ExecutionProps::new();
    let physical = datafusion::physical_expr::create_physical_expr(
        &expression,
        &schema,
        &properties,
        &datafusion::logical_expr::physical_planning_context::PhysicalPlanningContext::default(),
    )?;
    let row = RecordBatch::try_new_with_options(
        Schema::empty().into(),
        Vec::new(),
        &arrow::array::RecordBatchOptions::new().with_row_count(Some(1)),
    )?;
    Ok(ScalarValue::try_from_array(&physical.evaluate(&row)?.into_array(1)?, 0)?)
}

/// For each column of the stream, its place in a row; None for its default.
fn places(target: &Object, stream: &Stream, names: &[String]) -> Result<Vec<Option<usize>>> {
    if names.is_empty() {
        return Ok((0..stream.columns.len()).map(Some).collect());
    }
    for (index, name) in names.iter().enumerate() {
        if !stream.columns.iter().any(|column| column.name == *name) {
            let message = format!("column \"{name}\" of relation \"{}\" does not exist", target.name.name);
            return Err(SqlError::new(SqlState::UndefinedColumn, message).into());
        }
        if names[..index].contains(name) {
            let message = format!("column \"{name}\" specified more than once");
            return Err(SqlError::new(SqlState::DuplicateColumn, message).into());
        }
    }
    Ok(stream.columns.iter().map(|column| names.iter().position(|name| *name == column.name)).collect())
}

fn check_width(given: usize, named: Option<usize>, all: usize) -> Result<()> {
    let message = match named {
        Some(named) if given > named => "INSERT has more expressions than target columns",
        Some(named) if given < named => "INSERT has more target columns than expressions",
        None if given > all => "INSERT has more expressions than target columns",
        _ => return Ok(()),
    };
    Err(SqlError::new(SqlState::SyntaxError, message).into())
}
