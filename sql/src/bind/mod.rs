//! From sqlparser's tree to a DataFusion plan: names, types and windows resolved as Postgres (and, for windows,
//! Flink) would.
//!
//! ```text
//!  ast ─ names ─► ast, every relation known, every output column named as Postgres names it
//!      ─ DataFusion's SqlToRel, with our context and our window functions ─► raw plan
//!      ─ analyze ─► typed plan with checked arithmetic and Postgres's casts
//!      ─ storable output types ─► the plan that is given back
//! ```
//!
//! Two output columns may have one name in Postgres, not in a DataFusion plan (`crate::names`); [`output_schema`] gives
//! back what the user is shown.

mod access;
mod aggregate;
mod as_of;
mod call;
mod coerce;
mod column_name;
mod conditions;
pub(crate) mod convert;
mod default;
mod expression;
mod frame;
mod from;
mod grouping;
mod groups;
mod insert;
mod joins;
mod names;
mod operators;
mod order;
mod over;
pub(crate) mod overload;
mod parameters;
mod planner;
mod query;
mod recursion;
mod relations;
mod scope;
mod search_cycle;
mod select;
mod set_function;
mod set_operations;
mod sets;
mod subquery;
pub(crate) mod typed;
mod variadic;
pub(crate) mod weight;
mod window_function;
mod with;
mod within_group;

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::common::config::ConfigOptions;
use datafusion::common::{DFSchema, DFSchemaRef};
use datafusion::error::DataFusionError;
use datafusion::logical_expr::{Expr, ExprSchemable, LogicalPlan};
use datafusion::sql::sqlparser::ast;
use millstream_catalog::{Catalog, Column, Definition, Object, ObjectId, QualifiedName, SqlType};

pub use as_of::{AsOf, readable, reads_in_past, time_of};
pub use default::default_value;
pub(crate) use default::definition_binder;
pub use insert::{not_assignable, target_columns};
pub use relations::{RelationSource, Relations, SchemaOnly};

use crate::analyze;
use crate::error::{SqlError, SqlResult, SqlState, from_datafusion, from_datafusion_in_text, position};
use crate::functions::FunctionSet;
use crate::names::output_name;
use crate::text::time_travel::set_clause;
use crate::types::cast::Context;
use crate::types::environment::Environment;
use planner::{BoundQuery, Planner};
use typed::Typed;

/// What a plan is made from. Cheap to build, used for one statement.
#[derive(Clone, Copy)]
pub struct Binder<'a> {
    /// The objects that names mean.
    pub catalog: &'a Catalog,
    /// Gives the source of each relation.
    pub relations: &'a dyn Relations,
    /// The schemas that unqualified names are looked up in, in order. `pg_catalog` comes before them and
    /// `millstream` after them without being named, for system relations only.
    pub search_path: &'a [String],
    /// Types of `$1`, `$2`, …, where they are known.
    pub parameter_types: &'a [Option<SqlType>],
    /// The settings that values are read and computed under.
    pub environment: &'a Arc<Environment>,
    /// What can be called.
    pub functions: &'a FunctionSet,
    /// DataFusion's settings, from [`crate::functions::configuration`].
    pub config: &'a ConfigOptions,
    /// The tree was parsed from the client's text, so that the places in it are ones that errors can point at.
    pub located: bool,
}

/// A plan's schema as the user is shown it.
pub fn output_schema(schema: &DFSchema) -> SchemaRef {
    let rename = |field: &Arc<Field>| match output_name(field.name()) {
        name if name.len() == field.name().len() => field.as_ref().clone(),
        name => field.as_ref().clone().with_name(name),
    };
    Arc::new(Schema::new(schema.fields().iter().map(rename).collect::<Vec<_>>()))
}

/// What a name in FROM means.
pub(crate) enum Found {
    /// An object of the catalog.
    Object(Arc<Object>),
    /// A system relation.
    System(Arc<dyn datafusion::logical_expr::TableSource>),
}

/// A query, bound but not analyzed, and the objects that it reads.
pub(crate) struct Bound {
    pub plan: LogicalPlan,
    pub reads: BTreeSet<ObjectId>,
    /// The query with names qualified where the default search path would not find them: what views store.
    pub canonical: ast::Query,
}

impl<'a> Binder<'a> {
    /// The plan of a batch query: typed, checked.
    pub fn query(&self, query: &ast::Query) -> SqlResult<LogicalPlan> {
        let bound = self.bind(query)?;
        self.finish(bound.plan)
    }

    /// The types of `$1` … `$count` in a query: those that were given, and those that the query tells.
    pub fn parameter_types(&self, query: &ast::Query, count: usize) -> SqlResult<Vec<Option<SqlType>>> {
        let mut types = self.parameter_types.to_vec();
        types.resize(count.max(types.len()), None);
        if types.iter().all(Option::is_some) {
            return Ok(types);
        }
        let binder = Binder { parameter_types: &types, ..*self };
        weight::check(&binder, query, weight::Expand::Views)?;
        let mut planner = Planner::new(&binder);
        moment_parameters(query, &mut planner.parameters);
        planner.query(query).map_err(|error| self.in_text(error))?;
        Ok(planner.parameters)
    }

    /// An expression over a schema: typed, with checked arithmetic.
    pub(crate) fn expression(&self, expr: &ast::Expr, schema: &DFSchema) -> SqlResult<Typed> {
        let mut planner = Planner::new(self);
        planner.alone(scope_of(schema), |planner| planner.expr(expr)).map_err(|error| self.in_text(error))
    }

    /// An expression over a schema as a value of a column, with the cast of an assignment.
    pub(crate) fn assigned(&self, expr: &ast::Expr, column: &Column, schema: &DFSchema) -> SqlResult<Typed> {
        let mut planner = Planner::new(self);
        let typed = planner.alone(scope_of(schema), |planner| {
            let typed = planner.expr(expr)?;
            planner.assign(typed, column)
        });
        typed.map_err(|error| self.in_text(error))
    }

    /// The values of constant expressions as types; None for what is no constant.
    pub fn constants(
        &self,
        expressions: &[&ast::Expr],
        types: &[SqlType],
    ) -> SqlResult<Vec<Option<datafusion::scalar::ScalarValue>>> {
        let mut planner = Planner::new(self);
        let schema = DFSchema::empty();
        expressions
            .iter()
            .zip(types)
            .map(|(expr, to)| {
                let typed = planner.alone(scope::Scope::default(), |planner| {
                    let typed = planner.expr(expr)?;
                    let typed = planner.coerce(typed, to, Context::Assignment)?;
                    planner.stored(typed, &to.data_type())
                })?;
                let folded = analyze::folded(typed.expr, &schema).map_err(|error| self.error(&error))?;
                Ok(match folded {
                    Expr::Literal(value, _) => Some(value),
                    _ => None,
                })
            })
            .collect()
    }

    /// The moment that a constant expression names, as a timestamptz.
    pub(crate) fn moment(&self, expr: &ast::Expr) -> SqlResult<Typed> {
        let mut planner = Planner::new(self);
        planner.alone(scope::Scope::default(), |planner| {
            let typed = planner.expr(expr)?;
            let from = typed.sql_type.clone();
            planner.coerce(typed, &millstream_catalog::Kind::Timestamptz.into(), Context::Implicit).map_err(
                |error| match error.state {
                    SqlState::CannotCoerce => {
                        let of = crate::types::names::format_type(&from);
                        let message = format!("AS OF takes a timestamp, not {of}");
                        SqlError::new(SqlState::DatatypeMismatch, message)
                    }
                    _ => error,
                },
            )
        })
    }

    /// The objects that a query reads, directly or through views.
    pub fn reads(&self, query: &ast::Query) -> SqlResult<BTreeSet<ObjectId>> {
        Ok(self.bind(query)?.reads)
    }

    /// Binds a query without analyzing it; 54001 when it would grow too large.
    pub(crate) fn bind(&self, query: &ast::Query) -> SqlResult<Bound> {
        weight::check(self, query, weight::Expand::Views)?;
        self.bind_weighed(query)
    }

    fn bind_weighed(&self, query: &ast::Query) -> SqlResult<Bound> {
        let mut canonical = query.clone();
        let reads = names::resolve(self, &mut canonical)?;
        let mut planner = Planner::new(self);
        let bound = planner.query(query).map_err(|error| self.in_text(error))?;
        let plan = output(&planner, bound)?;
        Ok(Bound { plan, reads, canonical })
    }

    /// Analyzes a bound plan.
    pub(crate) fn finish(&self, plan: LogicalPlan) -> SqlResult<LogicalPlan> {
        let plannable = self.relations.rewrite(plan).map_err(|error| self.error(&error))?;
        analyze::plan(plannable, self.config).map_err(|error| self.error(&error))
    }

    /// What a name means: `schema.name`, or a name looked up along the search path.
    pub(crate) fn find(&self, schema: Option<&str>, name: &str) -> Option<Found> {
        if let Some(schema) = schema {
            if let Some(object) = self.catalog.find(&QualifiedName::new(schema, name)) {
                return Some(Found::Object(Arc::clone(object)));
            }
            return self.relations.system(schema, name).map(Found::System);
        }
        if let Some(source) = self.relations.system("pg_catalog", name) {
            return Some(Found::System(source));
        }
        for schema in self.search_path {
            if let Some(found) = self.find(Some(schema), name) {
                return Some(found);
            }
        }
        self.relations.system("millstream", name).map(Found::System)
    }

    /// The object that a statement names, looked up as in FROM.
    pub fn object(&self, name: &QualifiedName) -> SqlResult<Arc<Object>> {
        Ok(Arc::clone(self.catalog.get(name)?))
    }

    /// The query of a view, for use in place of its name, at a moment of the past or now. Views are bound in the default
    /// search path.
    pub(crate) fn view_query(&self, query: &str, as_of: Option<&AsOf>) -> SqlResult<BoundQuery> {
        let path = [millstream_catalog::DEFAULT_SCHEMA.to_owned()];
        let binder = Binder { search_path: &path, parameter_types: &[], located: false, ..*self };
        let mut query = stored_query(query)?;
        if let Some(as_of) = as_of {
            set_clause(&mut query, as_of.clause()?);
        }
        let mut planner = Planner::new(&binder);
        let bound = planner.query(&query)?;
        planner.settle(bound)
    }

    pub(crate) fn error(&self, error: &DataFusionError) -> SqlError {
        if self.located { from_datafusion_in_text(error) } else { from_datafusion(error) }
    }

    /// An error of ours whose position is one in the tree's text.
    fn in_text(&self, error: SqlError) -> SqlError {
        SqlError { position: error.position.filter(|_| self.located), ..error }
    }

    /// Where an identifier stands in the client's text.
    fn position(&self, identifier: &ast::Ident) -> Option<usize> {
        self.column_position(identifier.span.start.column)
    }

    /// The position of a token that the parser gave a column.
    fn column_position(&self, column: u64) -> Option<usize> {
        position(column).filter(|_| self.located)
    }
}

/// The output of a query under the names that the plan has for it, SQL types in the fields' metadata.
fn output(planner: &Planner<'_, '_>, bound: BoundQuery) -> SqlResult<LogicalPlan> {
    let names = crate::names::plan_names(bound.columns.iter().map(|column| column.name.clone()));
    let columns = bound
        .plan
        .schema()
        .columns()
        .into_iter()
        .zip(&bound.columns)
        .zip(&names)
        .map(|((column, output), name)| {
            let sql_type = planner::settled(&output.sql_type);
            typed::named(Expr::Column(column), name, &sql_type, &output.data_type)
        })
        .collect();
    planner.project(bound.plan, columns)
}

/// The columns of a schema as what names mean.
fn scope_of(schema: &DFSchema) -> scope::Scope {
    let columns: Vec<scope::ScopeColumn> = schema
        .iter()
        .map(|(qualifier, field)| scope::ScopeColumn {
            name: field.name().clone(),
            typed: Typed::column(
                datafusion::common::Column::new(qualifier.cloned(), field.name()),
                SqlType::of_field(field),
                field.data_type().clone(),
            ),
            hidden: false,
        })
        .collect();
    scope::Scope::of(scope::Item {
        name: String::new(),
        schema: None,
        qualifier: String::new(),
        columns,
        scalar: false,
    })
}

/// Types of parameters that are moments: `AS OF LSN $1`.
fn moment_parameters(query: &ast::Query, types: &mut [Option<SqlType>]) {
    names::moment_parameters(&mut query.clone(), types);
}

/// The tree of a query that a view stores.
pub(crate) fn stored_query(text: &str) -> SqlResult<Box<ast::Query>> {
    crate::text::parse_query(text)
        .map_err(|error| SqlError::internal(format!("a stored query does not parse: {error}: {text}")))
}

/// The tree of an expression that a definition stores.
pub(crate) fn stored_expression(text: &str) -> SqlResult<ast::Expr> {
    crate::text::parse_expression(text)
        .map_err(|error| SqlError::internal(format!("a stored expression does not parse: {error}: {text}")))
}

/// The columns of a plan's output as a relation has them; 42701 when two have one name.
pub(crate) fn output_columns(schema: &DFSchemaRef) -> SqlResult<Vec<Column>> {
    if schema.fields().is_empty() {
        return Err(SqlError::unsupported("a relation without columns is not built", "give it a column"));
    }
    let mut seen = HashSet::new();
    let mut columns = vec![];
    for field in schema.fields() {
        let name = output_name(field.name());
        if !seen.insert(name) {
            let message = format!("column \"{name}\" specified more than once");
            return Err(SqlError::new(SqlState::DuplicateColumn, message));
        }
        let sql_type = SqlType::of_field(field);
        if matches!(sql_type, SqlType::Record(_)) {
            return Err(SqlError::new(
                SqlState::InvalidTableDefinition,
                format!("column \"{name}\" has pseudo-type record"),
            ));
        }
        columns.push(Column {
            name: name.to_owned(),
            sql_type,
            data_type: field.data_type().clone(),
            nullable: true,
            default: None,
        });
    }
    Ok(columns)
}

/// 42809 for a relation that cannot be read.
pub(crate) fn refuse_sink(object: &Object) -> SqlResult<()> {
    if matches!(object.definition, Definition::Sink(_)) {
        let message = format!("\"{}\" is a sink, not a relation", object.name);
        let hint = "read the stream that it writes into";
        return Err(SqlError::new(SqlState::WrongObjectType, message).with_hint(hint));
    }
    Ok(())
}

/// The type of an expression over a schema.
pub(crate) fn type_of(expr: &Expr, schema: &DFSchema) -> SqlResult<DataType> {
    expr.get_type(schema).map_err(|error| from_datafusion(&error))
}
