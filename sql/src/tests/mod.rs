//! Golden text for plans, and the errors of definitions and queries, over a small catalog.

mod arrows;
mod clauses;
mod definitions;
mod errors;
mod flow;
mod inserts;
mod queries;

use std::sync::LazyLock;

use datafusion::sql::sqlparser::ast;
use millstream_catalog::{Catalog, Emit, QualifiedName, SqlType};

use crate::bind::{Binder, SchemaOnly};
use crate::define::{define_materialized_view, define_stream, define_view};
use crate::error::SqlResult;
use crate::functions::FunctionSet;
use crate::functions::configuration;
use crate::plan::explain::explain_flow;
use crate::text::statement::{CreateMaterializedView, CreateStream, CreateView, Statement};

static FUNCTIONS: LazyLock<FunctionSet> = LazyLock::new(FunctionSet::new);

fn query(text: &str) -> Box<ast::Query> {
    crate::text::parse_query(text).unwrap()
}

/// `columns` as in CREATE STREAM; `watermark` as `column AS expression`.
fn create_stream(name: &str, columns: &str, watermark: Option<&str>) -> CreateStream {
    let watermark = watermark.map_or(String::new(), |watermark| format!(", WATERMARK FOR {watermark}"));
    let text = format!("CREATE STREAM {} ({columns}{watermark})", QualifiedName::public(name));
    match crate::text::parse(&text).unwrap().remove(0).statement {
        Statement::CreateStream(create) => create,
        other => panic!("{other:?}"),
    }
}

fn create_view(name: &str, text: &str) -> CreateMaterializedView {
    let (text, emit) = match text.strip_suffix(" EMIT ON WINDOW CLOSE") {
        Some(text) => (text, Emit::OnWindowClose),
        None => (text, Emit::OnUpdate),
    };
    CreateMaterializedView {
        name: QualifiedName::public(name),
        or_replace: false,
        if_not_exists: false,
        columns: vec![],
        query: query(text),
        emit,
        options: Default::default(),
    }
}

/// `bids` (with a watermark), `clicks` (without), `flights`.
fn catalog() -> Catalog {
    let streams = [
        create_stream(
            "bids",
            "auction bigint, bidder bigint, price bigint, channel text, date_time timestamp",
            Some("date_time AS date_time - INTERVAL '4 seconds'"),
        ),
        create_stream("clicks", "url text, at timestamptz, n int", None),
        create_stream(
            "flights",
            "origin text, sched_dep timestamp, dep_delay double precision, fare numeric(10,2), canceled boolean",
            Some("sched_dep AS sched_dep - INTERVAL '1 hour'"),
        ),
    ];
    streams.iter().fold(Catalog::default(), |catalog, create| {
        let object = define_stream(&catalog, create, &FUNCTIONS).unwrap();
        catalog.with(object).unwrap()
    })
}

fn with_materialized_view(catalog: &Catalog, name: &str, text: &str) -> Catalog {
    let (object, _) = define_materialized_view(catalog, &create_view(name, text), &FUNCTIONS).unwrap();
    catalog.with(object).unwrap()
}

fn with_view(catalog: &Catalog, name: &str, text: &str) -> Catalog {
    let create = CreateView {
        name: QualifiedName::public(name),
        or_replace: false,
        if_not_exists: false,
        columns: vec![],
        query: query(text),
    };
    catalog.with(define_view(catalog, &create, &FUNCTIONS).unwrap()).unwrap()
}

/// The streaming plan of a view over a catalog, or its error as `SQLSTATE message`.
fn flow_over(catalog: &Catalog, text: &str) -> String {
    match define_materialized_view(catalog, &create_view("v", text), &FUNCTIONS) {
        Ok((object, plan)) => {
            let again = crate::lower::flow_plan(catalog, &object, &FUNCTIONS).unwrap();
            assert_eq!(again.fingerprint, plan.fingerprint, "replanning gives another plan");
            explain_flow(&plan)
        }
        Err(error) => format!("{} {error}", error.state.code()),
    }
}

fn flow(text: &str) -> String {
    flow_over(&catalog(), text)
}

fn plan_over(catalog: &Catalog, text: &str) -> SqlResult<datafusion::logical_expr::LogicalPlan> {
    let config = configuration();
    let path = ["public".to_owned()];
    let binder = Binder {
        catalog,
        relations: &SchemaOnly,
        search_path: &path,
        parameter_types: &[],
        environment: &Default::default(),
        functions: &FUNCTIONS,
        config: &config,
        located: true,
    };
    binder.query(&query(text))
}

/// The error of a query as `SQLSTATE@position message`, or the plan.
fn plan(text: &str) -> String {
    match plan_over(&catalog(), text) {
        Ok(plan) => plan.display_indent().to_string(),
        Err(error) => match error.position {
            Some(position) => format!("{}@{position} {error}", error.state.code()),
            None => format!("{} {error}", error.state.code()),
        },
    }
}

/// Names and types of a query's output.
fn columns(text: &str) -> String {
    match plan_over(&catalog(), text) {
        Ok(plan) => {
            let schema = crate::bind::output_schema(plan.schema());
            let column = |field: &std::sync::Arc<arrow::datatypes::Field>| {
                format!("{} {}", field.name(), crate::types::names::format_type(&SqlType::of_field(field)))
            };
            schema.fields().iter().map(column).collect::<Vec<_>>().join(", ")
        }
        Err(error) => format!("{} {error}", error.state.code()),
    }
}
