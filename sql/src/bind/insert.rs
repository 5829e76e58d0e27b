//! INSERT: rows of a query as rows of a stream, cast as Postgres casts in an assignment, with defaults filled in.

use std::sync::Arc;

use datafusion::common::DFSchema;
use datafusion::logical_expr::{Expr, LogicalPlan, Values};
use datafusion::sql::sqlparser::ast::{self, SetExpr};
use millstream_catalog::{Column, Definition, Object, SqlType, Stream};

use super::Binder;
use super::default::default_value;
use super::planner::{Clause, Level, Planner};
use super::query::is_default;
use super::scope::Scope;
use super::typed::Typed;
use crate::error::{SqlError, SqlResult, SqlState};
use crate::text::statement::Insert;
use crate::types::cast::Context;
use crate::types::names::format_type;

impl Planner<'_, '_> {
    /// An expression as the value of a column, cast as an assignment casts; 42804 where it does not.
    pub fn assign(&mut self, typed: Typed, column: &Column) -> SqlResult<Typed> {
        let from = typed.sql_type.clone();
        let typed =
            self.coerce(typed, &column.sql_type, Context::Assignment).map_err(|error| match error.state {
                SqlState::CannotCoerce => not_assignable(&column.name, &column.sql_type, &from),
                _ => error,
            })?;
        self.stored(typed, &column.data_type)
    }
}

impl Binder<'_> {
    /// The stream that an INSERT writes and the plan of its rows: exactly the stream's columns, in order.
    pub fn insert(&self, insert: &Insert) -> SqlResult<(Arc<Object>, LogicalPlan)> {
        let object = self.object(&insert.target)?;
        let stream = target_stream(&object)?;
        let targets = target_columns(&object, stream, &insert.columns)?;
        let mut planner = Planner::new(self);
        let plan = planner
            .inserted(insert, stream, &targets)
            .map_err(|error| SqlError { position: error.position.filter(|_| self.located), ..error })?;
        let plan = self.finish(plan)?;
        Ok((object, plan))
    }

    /// The types of `$1` … `$count` in an INSERT: a parameter that is a value by itself has its column's type.
    pub fn insert_parameter_types(&self, insert: &Insert, count: usize) -> SqlResult<Vec<Option<SqlType>>> {
        let object = self.object(&insert.target)?;
        let stream = target_stream(&object)?;
        let targets = target_columns(&object, stream, &insert.columns)?;
        let mut types = self.parameter_types.to_vec();
        types.resize(count.max(types.len()), None);
        if types.iter().all(Option::is_some) {
            return Ok(types);
        }
        let binder = Binder { parameter_types: &types, ..*self };
        let mut planner = Planner::new(&binder);
        planner.inserted(insert, stream, &targets)?;
        Ok(planner.parameters)
    }
}

impl Planner<'_, '_> {
    /// The rows of an INSERT as rows of its stream.
    fn inserted(&mut self, insert: &Insert, stream: &Stream, targets: &[usize]) -> SqlResult<LogicalPlan> {
        let all_columns = insert.columns.is_empty();
        let (plan, given): (LogicalPlan, Vec<Typed>) = match &insert.source {
            None => (self.joined_list(&[])?.plan, vec![]),
            Some(query) => match query.body.as_ref() {
                SetExpr::Values(values) if plain_values(query) => {
                    self.inserted_values(values, stream, targets, all_columns)?
                }
                _ => {
                    let bound = self.query(query)?;
                    check_width(bound.columns.len(), targets.len(), all_columns)?;
                    let constants = super::query::constants_of(&bound.plan, bound.columns.len());
                    let columns = bound.plan.schema().columns();
                    let given = columns
                        .into_iter()
                        .zip(&bound.columns)
                        .zip(constants)
                        .map(|((column, output), constant)| {
                            let typed =
                                Typed::column(column, output.sql_type.clone(), output.data_type.clone());
                            match constant {
                                Some(constant) if typed.is_unknown() => typed.with(constant),
                                _ => typed,
                            }
                        })
                        .collect();
                    (bound.plan, given)
                }
            },
        };
        let mut columns = vec![];
        for (index, column) in stream.columns.iter().enumerate() {
            let place = targets.iter().take(given.len()).position(|target| *target == index);
            let value = match place {
                Some(place) => self.assign(given[place].clone(), column)?,
                None => self.filled_in(column)?,
            };
            columns.push(value.expr.alias(&column.name));
        }
        self.project(plan, columns)
    }

    /// VALUES cell by cell: each is typed by its column, not by the cells above and below it.
    fn inserted_values(
        &mut self,
        values: &ast::Values,
        stream: &Stream,
        targets: &[usize],
        all_columns: bool,
    ) -> SqlResult<(LogicalPlan, Vec<Typed>)> {
        let width = values.rows.first().map_or(0, |row| row.len());
        if values.rows.iter().any(|row| row.len() != width) {
            return Err(SqlError::syntax("VALUES lists must all be the same length", None));
        }
        check_width(width, targets.len(), all_columns)?;
        self.levels.push(Level::new(Scope::default(), Clause::Values));
        let rows = values
            .rows
            .iter()
            .map(|row| {
                row.iter()
                    .zip(targets)
                    .map(|(cell, target)| self.cell(cell, &stream.columns[*target]))
                    .collect::<SqlResult<Vec<_>>>()
            })
            .collect::<SqlResult<Vec<_>>>();
        self.levels.pop();
        let rows = rows?;
        let fields: Vec<arrow::datatypes::Field> = targets
            .iter()
            .take(width)
            .enumerate()
            .map(|(index, target)| {
                let data_type = stream.columns[*target].data_type.clone();
                arrow::datatypes::Field::new(format!("column{}", index + 1), data_type, true)
            })
            .collect();
        let schema = DFSchema::try_from(arrow::datatypes::Schema::new(fields)).map_err(|e| self.error(&e))?;
        let given = schema
            .columns()
            .into_iter()
            .zip(targets)
            .map(|(name, target)| {
                let column = &stream.columns[*target];
                Typed::column(name, column.sql_type.clone(), column.data_type.clone())
            })
            .collect();
        let plan = LogicalPlan::Values(Values { schema: Arc::new(schema), values: rows });
        Ok((plan, given))
    }

    fn cell(&mut self, cell: &ast::Expr, column: &Column) -> SqlResult<Expr> {
        if is_default(cell) {
            return Ok(self.filled_in(column)?.expr);
        }
        if has_subquery(cell) {
            return Err(SqlError::unsupported("a subquery in VALUES is not built", "use INSERT … SELECT"));
        }
        let typed = self.expr(cell)?;
        Ok(self.assign(typed, column)?.expr)
    }

    /// What a column gets that the INSERT does not name.
    fn filled_in(&mut self, column: &Column) -> SqlResult<Typed> {
        match default_value(self.binder.catalog, column, self.binder.functions)? {
            Some(default) => Ok(Typed {
                expr: default,
                sql_type: column.sql_type.clone(),
                data_type: column.data_type.clone(),
            }),
            None => Ok(Typed::null_of(&column.sql_type, &column.data_type)),
        }
    }
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

/// 42804 as Postgres words it.
pub fn not_assignable(column: &str, to: &SqlType, from: &SqlType) -> SqlError {
    let message = format!(
        "column \"{column}\" is of type {} but expression is of type {}",
        format_type(to),
        format_type(from)
    );
    SqlError::new(SqlState::DatatypeMismatch, message)
        .with_hint("You will need to rewrite or cast the expression.")
}
