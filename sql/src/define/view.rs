//! CREATE VIEW and CREATE MATERIALIZED VIEW.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use arrow::datatypes::Schema;
use datafusion::common::DFSchema;
use datafusion::logical_expr::LogicalPlan;
use millstream_catalog::{
    Catalog, Column, Definition, Emit, MaterializedView, Object, QualifiedName, SEMANTICS, View,
    quote_identifier,
};

use super::options::{VIEW_OPTIONS, duration_option, known_options, option_list};
use super::{check_name, duplicate_column};
use crate::bind::weight::{self, Expand};
use crate::bind::{AsOf, Binder, definition_binder as binder, output_columns, reads_in_past};
use crate::error::{SqlError, SqlResult, SqlState, from_datafusion};
use crate::functions::{FunctionSet, configuration};
use crate::lower::{self, Terms};
use crate::plan::FlowPlan;
use crate::text::canonical::{query_text, separate_operators, statement_text};
use crate::text::statement::{CreateMaterializedView, CreateView, Statement};
use crate::types::environment::Environment;

/// The moments of the past that a definition may read at.
#[derive(PartialEq)]
enum Moments {
    None,
    /// All that are no parameters.
    Written,
}

/// CREATE VIEW.
pub fn define_view(catalog: &Catalog, create: &CreateView, functions: &FunctionSet) -> SqlResult<Object> {
    check_replaceable(catalog, &create.name, create.or_replace, "view")?;
    let config = configuration();
    let binder = Binder { located: true, ..binder(catalog, functions, &config, &[]) };
    let bound = binder.bind(&create.query)?;
    let plan = binder.finish(bound.plan)?;
    refuse_parameters(&plan)?;
    refuse_moments(&plan, Moments::Written)?;
    let columns = named_columns(&plan, &create.columns)?;
    let mut canonical = bound.canonical;
    separate_operators(&mut canonical);
    let query = query_text(&canonical)?;
    let kept =
        CreateView { or_replace: false, if_not_exists: false, query: Box::new(canonical), ..create.clone() };
    let sql = statement_text(
        format!("CREATE VIEW {}{} AS {query}", create.name, column_list(&create.columns)),
        |found| matches!(found, Statement::CreateView(found) if *found == kept),
    )?;
    Ok(Object {
        id: catalog.next_id(),
        name: create.name.clone(),
        sql,
        created_lsn: 0,
        semantics: SEMANTICS,
        depends_on: bound.reads.into_iter().collect(),
        comments: BTreeMap::new(),
        definition: Definition::View(View { query, columns }),
    })
}

/// CREATE MATERIALIZED VIEW: the object and its flow plan.
pub fn define_materialized_view(
    catalog: &Catalog,
    create: &CreateMaterializedView,
    functions: &FunctionSet,
) -> SqlResult<(Object, FlowPlan)> {
    check_replaceable(catalog, &create.name, create.or_replace, "materialized view")?;
    let options = known_options(&create.options, &VIEW_OPTIONS, "materialized view")?;
    let allowed_lateness_us = match options.get("allowed_lateness") {
        Some(text) => duration_option("allowed_lateness", text)?,
        None => 0,
    };
    let snapshot_interval_us = match options.get("snapshot_interval") {
        Some(text) => Some(duration_option("snapshot_interval", text)?),
        None => None,
    };
    if let Some(text) = options.get("on_error")
        && !["fail", "skip"].contains(&text.as_str())
    {
        let message = format!("option \"on_error\" must be 'fail' or 'skip', not \"{text}\"");
        return Err(SqlError::new(SqlState::InvalidParameterValue, message));
    }
    let config = configuration();
    let environment = Arc::new(Environment::of_options(&options)?);
    let binder =
        Binder { located: true, environment: &environment, ..binder(catalog, functions, &config, &[]) };
    weight::check(&binder, &create.query, Expand::AllViews)?;
    let bound = binder.bind(&create.query)?;
    let plan = binder.finish(bound.plan)?;
    refuse_parameters(&plan)?;
    refuse_moments(&plan, Moments::None)?;
    let columns = named_columns(&plan, &create.columns)?;
    let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    let terms = Terms { emit: create.emit, allowed_us: allowed_lateness_us };
    let flow = lower::finish(lower::draft(&binder, &plan, &names, terms)?);
    let mut canonical = bound.canonical;
    separate_operators(&mut canonical);
    let query = query_text(&canonical)?;
    let emit = match create.emit {
        Emit::OnUpdate => "",
        Emit::OnWindowClose => " EMIT ON WINDOW CLOSE",
    };
    let kept = CreateMaterializedView {
        or_replace: false,
        if_not_exists: false,
        query: Box::new(canonical),
        ..create.clone()
    };
    let sql = statement_text(
        format!(
            "CREATE MATERIALIZED VIEW {}{}{} AS {query}{emit}",
            create.name,
            column_list(&create.columns),
            option_list(&options)
        ),
        |found| matches!(found, Statement::CreateMaterializedView(found) if *found == kept),
    )?;
    let view = MaterializedView {
        query,
        columns,
        emit: create.emit,
        allowed_lateness_us,
        snapshot_interval_us,
        options,
        append_only: flow.root.append_only,
        key: flow.root.key.clone().unwrap_or_default(),
    };
    let object = Object {
        id: catalog.next_id(),
        name: create.name.clone(),
        sql,
        created_lsn: 0,
        semantics: SEMANTICS,
        depends_on: bound.reads.into_iter().collect(),
        comments: BTreeMap::new(),
        definition: Definition::MaterializedView(view),
    };
    Ok((object, flow))
}

/// With OR REPLACE an object of the same kind may be there: the engine takes its place.
fn check_replaceable(catalog: &Catalog, name: &QualifiedName, replace: bool, kind: &str) -> SqlResult<()> {
    match catalog.find(name) {
        Some(object) if replace && object.kind() == kind => Ok(()),
        Some(object) if replace => {
            let message = format!("\"{name}\" is a {}, not a {kind}", object.kind());
            Err(SqlError::new(SqlState::WrongObjectType, message))
        }
        _ => check_name(catalog, name),
    }
}

/// Output columns under the names given in parentheses, which may be fewer.
fn named_columns(plan: &LogicalPlan, names: &[String]) -> SqlResult<Vec<Column>> {
    let fields = plan.schema().fields();
    if names.len() > fields.len() {
        return Err(SqlError::syntax("CREATE VIEW specifies more column names than columns", None));
    }
    let renamed: Vec<_> = fields
        .iter()
        .enumerate()
        .map(|(index, field)| match names.get(index) {
            Some(name) => field.as_ref().clone().with_name(name),
            None => field.as_ref().clone(),
        })
        .collect();
    let mut seen = HashSet::new();
    for field in &renamed {
        let name = crate::names::output_name(field.name());
        if !seen.insert(name) {
            return Err(duplicate_column(name));
        }
    }
    // No two have one name, so that a schema of them can be made.
    let plain =
        |field: &arrow::datatypes::Field| field.clone().with_name(crate::names::output_name(field.name()));
    let schema = Schema::new(renamed.iter().map(plain).collect::<Vec<_>>());
    let schema = DFSchema::try_from(schema).map_err(|error| from_datafusion(&error))?;
    output_columns(&Arc::new(schema))
}

fn refuse_parameters(plan: &LogicalPlan) -> SqlResult<()> {
    let names = plan.get_parameter_names().map_err(|error| from_datafusion(&error))?;
    match names.iter().next() {
        Some(name) => Err(SqlError::new(
            SqlState::UndefinedParameter,
            format!("there is no parameter {name} in a view"),
        )),
        None => Ok(()),
    }
}

fn refuse_moments(plan: &LogicalPlan, allowed: Moments) -> SqlResult<()> {
    for (object, as_of) in reads_in_past(plan)? {
        if allowed == Moments::None {
            return Err(SqlError::unsupported(
                format!(
                    "a continuous query cannot read {} \"{}\" AS OF a moment",
                    object.kind(),
                    object.name
                ),
                "it follows what it reads from the beginning; a plain view or a query can read the past",
            ));
        }
        if let AsOf::LsnParameter(index) | AsOf::TimeParameter(index) = as_of {
            let message = format!("there is no parameter ${} in a view", index + 1);
            return Err(SqlError::new(SqlState::UndefinedParameter, message));
        }
    }
    Ok(())
}

fn column_list(names: &[String]) -> String {
    if names.is_empty() {
        return String::new();
    }
    let names: Vec<String> = names.iter().map(|name| quote_identifier(name)).collect();
    format!(" ({})", names.join(", "))
}
