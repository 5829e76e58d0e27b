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
//! Two output columns may have one name in Postgres, not in a DataFusion plan: the second is called
//! `name\0index` there. [`output_name`] and [`output_schema`] give back what the user is shown.

mod as_of;
mod chains;
mod column_name;
mod context;
mod insert;
mod literals;
mod names;
mod parameters;
mod relations;
mod spelling;
pub(crate) mod weight;
mod window_function;

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::common::config::ConfigOptions;
use datafusion::common::datatype::DataTypeExt;
use datafusion::common::{DFSchema, DFSchemaRef};
use datafusion::error::DataFusionError;
use datafusion::logical_expr::{Expr, ExprSchemable, LogicalPlan, LogicalPlanBuilder};
use datafusion::sql::planner::{PlannerContext, SqlToRel};
use datafusion::sql::sqlparser::ast;
use millstream_catalog::{Catalog, Definition, Object, ObjectId, QualifiedName};

pub use as_of::{AsOf, readable, reads_in_past, time_of};
pub(crate) use insert::assign;
pub use insert::{assignable, not_assignable, target_columns};
pub use relations::{RelationSource, Relations, SchemaOnly};

use crate::analyze;
use crate::error::{SqlError, SqlResult, SqlState, from_datafusion, from_datafusion_in_text, position};
use crate::functions::{FunctionSet, mark_expressions};
use crate::parse::time_travel::set_clause;
use crate::types::{sent_type, storable_type};

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
    pub parameter_types: &'a [Option<DataType>],
    /// What can be called.
    pub functions: &'a FunctionSet,
    /// DataFusion's settings, from [`configuration`].
    pub config: &'a ConfigOptions,
    /// The tree was parsed from the client's text, so that the places in it are ones that errors can point at.
    pub located: bool,
}

/// The settings that plans are made with: Postgres's text type, UTC, decimal literals, positions kept.
pub fn configuration() -> ConfigOptions {
    let mut options = ConfigOptions::new();
    options.sql_parser.map_string_types_to_utf8view = false;
    options.sql_parser.parse_float_as_decimal = true;
    options.sql_parser.collect_spans = true;
    options.execution.time_zone = Some(crate::types::UTC.to_owned());
    options
}

/// A column's name as the user is shown it.
pub fn output_name(name: &str) -> &str {
    name.split('\0').next().unwrap_or(name)
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
    /// The plan of a batch query: typed, checked, its output columns of types that are sent (structs aside).
    pub fn query(&self, query: &ast::Query) -> SqlResult<LogicalPlan> {
        let bound = self.bind(query)?;
        self.finish(bound.plan)
    }

    /// The types of `$1` … `$count` in a query: those that were given, and those that the query tells.
    pub fn parameter_types(&self, query: &ast::Query, count: usize) -> SqlResult<Vec<Option<DataType>>> {
        let mut types = self.parameter_types.to_vec();
        types.resize(count.max(types.len()), None);
        names::cast_parameters(query, &mut types)?;
        if types.iter().all(Option::is_some) {
            return Ok(types);
        }
        let binder = Binder { parameter_types: &types, ..*self };
        let plan = binder.bind(query)?.plan;
        let found = plan.get_parameter_types().map_err(|error| self.error(&error))?;
        let others = parameters::untold(&plan).map_err(|error| self.error(&error))?;
        for (index, known) in types.iter_mut().enumerate() {
            if known.is_none() {
                let name = format!("${}", index + 1);
                let inferred = found.get(&name).cloned().flatten().or_else(|| others.get(&name).cloned());
                *known = inferred.and_then(|data_type| sent_type(&data_type));
            }
        }
        Ok(types)
    }

    /// An expression over a schema: typed, with checked arithmetic.
    pub fn expression(&self, expr: &ast::Expr, schema: &DFSchema) -> SqlResult<Expr> {
        let context = context::Context::new(self, false);
        let planner = SqlToRel::new(&context);
        let mut expr = expr.clone();
        literals::rewrite(&mut expr).map_err(|error| self.in_text(error))?;
        let raw = planner
            .sql_to_expr(expr, schema, &mut self.planner_context())
            .map_err(|error| self.error(&error))?;
        analyze::expression(raw, schema, self.config).map_err(|error| self.error(&error))
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
        match self.bind_with(query, false) {
            // Columns of one name beside a wildcard are found only once it is expanded; and expressions that are
            // told apart by parentheses or a cast's type only have one name for DataFusion.
            Err(error) if error.state == SqlState::DuplicateColumn => self.bind_with(query, true),
            result => result,
        }
    }

    fn bind_with(&self, query: &ast::Query, names_clash: bool) -> SqlResult<Bound> {
        let mut query = query.clone();
        let resolved = names::resolve(self, &mut query, names_clash)?;
        if names_clash {
            mark_expressions(&mut query);
        }
        let context = context::Context::new(self, resolved.hidden);
        let statement = ast::Statement::Query(Box::new(query));
        let plan = SqlToRel::new(&context)
            .sql_statement_to_plan_with_context(statement, &mut self.planner_context())
            .map_err(|error| self.error(&error))?;
        if matches!(plan, LogicalPlan::Ddl(_) | LogicalPlan::Dml(_)) {
            let hint = "create a materialized view, or INSERT INTO a stream";
            return Err(SqlError::unsupported("SELECT INTO is not built", hint));
        }
        Ok(Bound { plan, reads: resolved.reads, canonical: resolved.canonical })
    }

    /// Analyzes a bound plan and gives its output types that are sent.
    pub(crate) fn finish(&self, plan: LogicalPlan) -> SqlResult<LogicalPlan> {
        let plannable = self.relations.rewrite(plan).map_err(|error| self.error(&error))?;
        let typed = analyze::plan(plannable, self.config).map_err(|error| self.error(&error))?;
        self.sendable(typed)
    }

    /// Casts output columns whose types are not sent to those that are.
    fn sendable(&self, plan: LogicalPlan) -> SqlResult<LogicalPlan> {
        let schema = Arc::clone(plan.schema());
        let target = |field: &Field| sent_type(field.data_type()).filter(|to| to != field.data_type());
        if schema.fields().iter().all(|field| target(field).is_none()) {
            return Ok(plan);
        }
        let columns = schema.iter().map(|(qualifier, field)| {
            let column = Expr::from((qualifier, field));
            match target(field) {
                None => Ok(column),
                Some(to) => {
                    let cast = analyze::cast(column, &to, &schema)?;
                    Ok(cast.alias_qualified(qualifier.cloned(), field.name()))
                }
            }
        });
        let columns: Vec<Expr> =
            columns.collect::<Result<_, DataFusionError>>().map_err(|error| self.error(&error))?;
        LogicalPlanBuilder::from(plan)
            .project(columns)
            .and_then(LogicalPlanBuilder::build)
            .map_err(|error| self.error(&error))
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

    /// The plan of a view, for use in place of its name, at a moment of the past or now. Views are bound in the default
    /// search path.
    pub(crate) fn view(&self, query: &str, as_of: Option<&AsOf>) -> SqlResult<LogicalPlan> {
        let path = [millstream_catalog::DEFAULT_SCHEMA.to_owned()];
        let binder = Binder { search_path: &path, parameter_types: &[], located: false, ..*self };
        let mut query = stored_query(query)?;
        if let Some(as_of) = as_of {
            set_clause(&mut query, as_of.clause()?);
        }
        Ok(binder.bind_weighed(&query)?.plan)
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
        position(identifier.span.start.column).filter(|_| self.located)
    }

    fn planner_context(&self) -> PlannerContext {
        if self.parameter_types.is_empty() {
            return PlannerContext::new();
        }
        let field = |data_type: &Option<DataType>| data_type.clone().map(DataType::into_nullable_field_ref);
        PlannerContext::new().with_prepare_param_data_types(self.parameter_types.iter().map(field).collect())
    }
}

/// The tree of a query that a view stores.
pub(crate) fn stored_query(text: &str) -> SqlResult<Box<ast::Query>> {
    crate::parse::parse_query(text)
        .map_err(|error| SqlError::internal(format!("a stored query does not parse: {error}: {text}")))
}

/// The tree of an expression that a definition stores.
pub(crate) fn stored_expression(text: &str) -> SqlResult<ast::Expr> {
    crate::parse::parse_expression(text)
        .map_err(|error| SqlError::internal(format!("a stored expression does not parse: {error}: {text}")))
}

/// The columns of a plan's output as a relation has them; 42701 when two have one name.
pub(crate) fn output_columns(schema: &DFSchemaRef) -> SqlResult<Vec<millstream_catalog::Column>> {
    let mut seen = HashSet::new();
    let mut columns = vec![];
    for field in schema.fields() {
        let name = output_name(field.name());
        if !seen.insert(name) {
            let message = format!("column \"{name}\" specified more than once");
            return Err(SqlError::new(SqlState::DuplicateColumn, message));
        }
        if storable_type(field.data_type()).as_ref() != Some(field.data_type()) {
            let of = crate::types::type_name(field.data_type());
            return Err(SqlError::unsupported(
                format!("column \"{name}\" has type {of}, which cannot be stored"),
                "cast it to text, or leave it out",
            ));
        }
        columns.push(millstream_catalog::Column {
            name: name.to_owned(),
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
