//! INSERT: rows of a query as rows of a stream, cast as Postgres casts in an assignment, with defaults filled in.

use std::sync::Arc;

use arrow::datatypes::DataType;
use datafusion::common::{DFSchema, ScalarValue};
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder, Values, cast as plain_cast};
use datafusion::sql::sqlparser::ast::{self, SetExpr};
use millstream_catalog::{Column, Definition, Object, Stream};

use super::names::parameter_index;
use super::{Binder, type_of};
use crate::analyze;
use crate::define::default_value;
use crate::error::{SqlError, SqlResult, SqlState, from_datafusion};
use crate::statement::Insert;
use crate::types::{is_text, literal, storable_type, type_name};

impl Binder<'_> {
    /// The stream that an INSERT writes and the plan of its rows: exactly the stream's columns, in order.
    pub fn insert(&self, insert: &Insert) -> SqlResult<(Arc<Object>, LogicalPlan)> {
        let object = self.object(&insert.target)?;
        let stream = target_stream(&object)?;
        let targets = target_columns(&object, stream, &insert.columns)?;
        let types = self.insert_parameter_types(insert, self.parameter_types.len())?;
        let binder = Binder { parameter_types: &types, ..*self };
        let rows = match &insert.source {
            Some(query) => binder.rows(query, stream, &targets, insert.columns.is_empty())?,
            None => binder.default_row()?,
        };
        let given = if insert.source.is_some() { rows.schema().fields().len() } else { 0 };
        let schema = Arc::clone(rows.schema());
        let mut columns = vec![];
        for (index, column) in stream.columns.iter().enumerate() {
            let place = targets.iter().take(given).position(|target| *target == index);
            let value = match place {
                Some(place) => {
                    let source = Expr::from(schema.qualified_field(place));
                    assign(source, &column.data_type, &column.name, &schema)?
                }
                None => self.filled_in(column)?,
            };
            columns.push(value.alias(&column.name));
        }
        let plan = LogicalPlanBuilder::from(rows)
            .project(columns)
            .and_then(LogicalPlanBuilder::build)
            .map_err(|error| self.error(&error))?;
        Ok((object, plan))
    }

    /// The types of `$1` … `$count` in an INSERT: a parameter that is a value by itself has its column's type.
    pub fn insert_parameter_types(&self, insert: &Insert, count: usize) -> SqlResult<Vec<Option<DataType>>> {
        let object = self.object(&insert.target)?;
        let stream = target_stream(&object)?;
        let targets = target_columns(&object, stream, &insert.columns)?;
        let mut types = self.parameter_types.to_vec();
        types.resize(count.max(types.len()), None);
        let Some(query) = &insert.source else { return Ok(types) };
        for row in rows_of(query) {
            for (cell, target) in row.iter().zip(&targets) {
                if let Some(slot @ None) = parameter_index(cell).and_then(|index| types.get_mut(index)) {
                    *slot = Some(stream.columns[*target].data_type.clone());
                }
            }
        }
        if types.iter().all(Option::is_some) {
            return Ok(types);
        }
        let binder = Binder { parameter_types: &types, ..*self };
        binder.parameter_types(query, count)
    }

    /// The rows to insert, as the query gives them.
    fn rows(
        &self,
        query: &ast::Query,
        stream: &Stream,
        targets: &[usize],
        all_columns: bool,
    ) -> SqlResult<LogicalPlan> {
        let plan = match query.body.as_ref() {
            SetExpr::Values(values) if plain_values(query) => {
                self.values(values, stream, targets, all_columns)?
            }
            _ => {
                let bound = self.bind(query)?.plan;
                let plan = unknown_constants(bound, stream, targets)?;
                analyze::plan(plan, self.config).map_err(|error| self.error(&error))?
            }
        };
        check_width(plan.schema().fields().len(), targets.len(), all_columns)?;
        Ok(plan)
    }

    /// VALUES cell by cell: each is typed by its column, not by the cells above and below it.
    fn values(
        &self,
        values: &ast::Values,
        stream: &Stream,
        targets: &[usize],
        all_columns: bool,
    ) -> SqlResult<LogicalPlan> {
        let width = values.rows.first().map_or(0, |row| row.len());
        if values.rows.iter().any(|row| row.len() != width) {
            return Err(SqlError::syntax("VALUES lists must all be the same length", None));
        }
        check_width(width, targets.len(), all_columns)?;
        let empty = DFSchema::empty();
        let mut rows = Vec::with_capacity(values.rows.len());
        for row in &values.rows {
            let mut cells = Vec::with_capacity(width);
            for (cell, target) in row.iter().zip(targets) {
                cells.push(self.cell(cell, &stream.columns[*target], &empty)?);
            }
            rows.push(cells);
        }
        let fields = (0..width).map(|index| {
            let column = &stream.columns[targets[index]];
            arrow::datatypes::Field::new(format!("column{}", index + 1), column.data_type.clone(), true)
        });
        let schema = arrow::datatypes::Schema::new(fields.collect::<Vec<_>>());
        let schema = DFSchema::try_from(schema).map_err(|error| self.error(&error))?;
        Ok(LogicalPlan::Values(Values { schema: Arc::new(schema), values: rows }))
    }

    fn cell(&self, cell: &ast::Expr, column: &Column, empty: &DFSchema) -> SqlResult<Expr> {
        match cell {
            ast::Expr::Identifier(name)
                if name.quote_style.is_none() && name.value.eq_ignore_ascii_case("default") =>
            {
                return self.filled_in(column);
            }
            ast::Expr::Value(value) => {
                // Constants, the common case, take no planning.
                if let Some(constant) = constant(&value.value, &column.data_type)? {
                    return Ok(Expr::Literal(constant, None));
                }
            }
            _ => {}
        }
        if has_subquery(cell) {
            return Err(SqlError::unsupported("a subquery in VALUES is not built", "use INSERT … SELECT"));
        }
        let expr = self.expression(cell, empty)?;
        assign(expr, &column.data_type, &column.name, empty)
    }

    /// A row without columns, for DEFAULT VALUES.
    fn default_row(&self) -> SqlResult<LogicalPlan> {
        LogicalPlanBuilder::empty(true).build().map_err(|error| self.error(&error))
    }

    /// What a column gets that the INSERT does not name.
    fn filled_in(&self, column: &Column) -> SqlResult<Expr> {
        match default_value(self.catalog, column, self.functions)? {
            Some(default) => Ok(default),
            None => null(&column.data_type),
        }
    }
}

fn null(data_type: &DataType) -> SqlResult<Expr> {
    let value = ScalarValue::try_from(data_type).map_err(|error| from_datafusion(&error))?;
    Ok(Expr::Literal(value, None))
}

fn target_stream(object: &Object) -> SqlResult<&Stream> {
    match &object.definition {
        Definition::Stream(stream) => Ok(stream),
        _ => {
            let message = format!("cannot insert into {} \"{}\"", object.kind(), object.name);
            Err(SqlError::new(SqlState::WrongObjectType, message).with_hint("INSERT INTO writes streams"))
        }
    }
}

/// Indexes of the columns that an INSERT or COPY names, in the order of its values; all columns when it names none.
pub fn target_columns(object: &Object, stream: &Stream, names: &[String]) -> SqlResult<Vec<usize>> {
    if names.is_empty() {
        return Ok((0..stream.columns.len()).collect());
    }
    let mut indexes = vec![];
    for name in names {
        let Some(index) = stream.columns.iter().position(|column| column.name == *name) else {
            let message = format!("column \"{name}\" of stream \"{}\" does not exist", object.name);
            return Err(SqlError::new(SqlState::UndefinedColumn, message));
        };
        if indexes.contains(&index) {
            let message = format!("column \"{name}\" specified more than once");
            return Err(SqlError::new(SqlState::DuplicateColumn, message));
        }
        indexes.push(index);
    }
    Ok(indexes)
}

fn check_width(given: usize, wanted: usize, all_columns: bool) -> SqlResult<()> {
    if given > wanted {
        return Err(SqlError::syntax("INSERT has more expressions than target columns", None));
    }
    if given < wanted && !all_columns {
        return Err(SqlError::syntax("INSERT has more target columns than expressions", None));
    }
    Ok(())
}

fn rows_of(query: &ast::Query) -> Vec<&[ast::Expr]> {
    match query.body.as_ref() {
        SetExpr::Values(values) => values.rows.iter().map(|row| row.as_slice()).collect(),
        _ => vec![],
    }
}

fn plain_values(query: &ast::Query) -> bool {
    query.with.is_none() && query.order_by.is_none() && query.limit_clause.is_none() && query.fetch.is_none()
}

fn has_subquery(expr: &ast::Expr) -> bool {
    use datafusion::sql::sqlparser::ast::{Query, Visit, Visitor};
    use std::ops::ControlFlow;
    struct Found;
    impl Visitor for Found {
        type Break = ();

        fn pre_visit_query(&mut self, _query: &Query) -> ControlFlow<()> {
            ControlFlow::Break(())
        }
    }
    expr.visit(&mut Found).is_break()
}

/// A constant of the tree as a value of a column; None where planning has to say.
fn constant(value: &ast::Value, data_type: &DataType) -> SqlResult<Option<ScalarValue>> {
    Ok(match value {
        ast::Value::Null => Some(ScalarValue::try_from(data_type).map_err(|error| from_datafusion(&error))?),
        ast::Value::SingleQuotedString(text) => Some(literal(text, data_type)?),
        ast::Value::Number(text, _) => match data_type {
            DataType::Float32 | DataType::Float64 | DataType::Decimal128(_, _) => {
                Some(literal(text, data_type)?)
            }
            DataType::Int16 | DataType::Int32 | DataType::Int64
                if text.bytes().all(|byte| byte.is_ascii_digit()) =>
            {
                Some(literal(text, data_type).map_err(|_| {
                    SqlError::new(
                        SqlState::NumericOutOfRange,
                        format!("{} out of range", type_name(data_type)),
                    )
                })?)
            }
            _ => None,
        },
        ast::Value::Boolean(value) if matches!(data_type, DataType::Boolean) => {
            Some(ScalarValue::Boolean(Some(*value)))
        }
        _ => None,
    })
}

/// String constants in the output of a query become constants of the columns that they are for.
fn unknown_constants(plan: LogicalPlan, stream: &Stream, targets: &[usize]) -> SqlResult<LogicalPlan> {
    let LogicalPlan::Projection(projection) = &plan else { return Ok(plan) };
    let mut changed = false;
    let mut columns = projection.expr.clone();
    for (expr, target) in columns.iter_mut().zip(targets) {
        let name = expr.schema_name().to_string();
        let inner = match &*expr {
            Expr::Alias(alias) => alias.expr.as_ref(),
            other => other,
        };
        if let Expr::Literal(ScalarValue::Utf8(Some(text)), _) = inner {
            let value = literal(text, &stream.columns[*target].data_type)?;
            *expr = Expr::Literal(value, None).alias(name);
            changed = true;
        }
    }
    if !changed {
        return Ok(plan);
    }
    LogicalPlanBuilder::from(projection.input.as_ref().clone())
        .project(columns)
        .and_then(LogicalPlanBuilder::build)
        .map_err(|error| from_datafusion(&error))
}

/// Whether a value of one type may be stored in a column of another without an explicit cast.
pub fn assignable(from: &DataType, to: &DataType) -> bool {
    let Some(from) = storable_type(from) else { return false };
    if from == *to {
        return true;
    }
    match to {
        DataType::Utf8 => true,
        DataType::Int16
        | DataType::Int32
        | DataType::Int64
        | DataType::Float32
        | DataType::Float64
        | DataType::Decimal128(_, _) => from.is_numeric(),
        DataType::Timestamp(_, _) | DataType::Date32 => {
            matches!(from, DataType::Timestamp(_, _) | DataType::Date32)
        }
        DataType::Time64(_) => matches!(from, DataType::Timestamp(_, _)),
        _ => false,
    }
}

/// 42804 as Postgres words it.
pub fn not_assignable(column: &str, to: &DataType, from: &DataType) -> SqlError {
    let message = format!(
        "column \"{column}\" is of type {} but expression is of type {}",
        type_name(to),
        type_name(from)
    );
    SqlError::new(SqlState::DatatypeMismatch, message)
        .with_hint("you will need to rewrite or cast the expression")
}

/// An expression as the value of a column.
pub(crate) fn assign(expr: Expr, to: &DataType, column: &str, schema: &DFSchema) -> SqlResult<Expr> {
    if let Expr::Literal(ScalarValue::Utf8(Some(text)), _) = &expr
        && !is_text(to)
    {
        return Ok(Expr::Literal(literal(text, to)?, None));
    }
    let from = type_of(&expr, schema)?;
    if from == *to {
        return Ok(expr);
    }
    if matches!(from, DataType::Null) {
        return Ok(plain_cast(expr, to.clone()));
    }
    if !assignable(&from, to) {
        return Err(not_assignable(column, to, &from));
    }
    analyze::cast(expr, to, schema).map_err(|error| from_datafusion(&error))
}
