//! From a typed logical plan to a flow plan: what a continuous query does, operator by operator.
//!
//! ```text
//!  LogicalPlan ─ translate ─► drafts ─ arrange ─► filters below windows, projections merged, windows folded into
//!                                                 the aggregates above them, unread columns gone
//!                            ─ settle ─► append-only, keys, watermarks, lateness, which groups close when
//!                            ─ finish ─► FlowPlan
//! ```
//!
//! A view over a view is one tree: the inner view is translated, arranged and settled by its own definition first
//! and then stands as a sealed draft in the outer one, so that its lateness and its EMIT stay its own.

mod arrange;
mod expressions;
mod prune;
mod settle;
mod translate;

use std::collections::BTreeSet;
use std::fmt::Write;
use std::sync::Arc;

use arrow::datatypes::{Field, Schema, SchemaRef};
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_expr::expressions::Column as ColumnExpr;
use millstream_catalog::{Catalog, DEFAULT_SCHEMA, Definition, Emit, MaterializedView, Object, ObjectId};

use crate::bind::{Binder, SchemaOnly, stored_query};
use crate::error::{SqlError, SqlResult};
use crate::functions::{FunctionSet, configuration};
use crate::plan::{FlowPlan, Node, Operator};
use crate::types::environment::Environment;

pub(crate) use expressions::physical;
pub(crate) use settle::Mark;

/// What a view is, as far as its plan depends on it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Terms {
    /// When contents change.
    pub emit: Emit,
    /// Grace, in microseconds.
    pub allowed_us: i64,
}

/// An operator on its way to becoming a [`Node`].
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    pub operator: Operator,
    pub inputs: Vec<Draft>,
    pub schema: SchemaRef,
    /// The rest is known once the draft is settled.
    pub append_only: bool,
    pub key: Option<Vec<usize>>,
    pub marks: Vec<Mark>,
    pub streams: BTreeSet<ObjectId>,
    /// The root of another view's plan: what is below is not rearranged.
    pub sealed: bool,
    /// The root of another view's plan whose errors are not for this one.
    pub skips_errors: bool,
}

impl Draft {
    pub(crate) fn new(operator: Operator, inputs: Vec<Draft>, schema: SchemaRef) -> Self {
        Self {
            operator,
            inputs,
            schema,
            append_only: true,
            key: None,
            marks: vec![],
            streams: BTreeSet::new(),
            sealed: false,
            skips_errors: false,
        }
    }

    /// Number of output columns.
    pub(crate) fn width(&self) -> usize {
        self.schema.fields().len()
    }
}

/// The plan of a materialized view, made anew from its definition (as recovery does).
pub fn flow_plan(catalog: &Catalog, object: &Object, functions: &FunctionSet) -> SqlResult<FlowPlan> {
    let Definition::MaterializedView(view) = &object.definition else {
        return Err(SqlError::internal(format!("{} {} has no flow plan", object.kind(), object.name)));
    };
    Ok(finish(view_draft(catalog, view, functions)?))
}

/// The settled plan of a view, down to its streams.
pub(crate) fn view_draft(
    catalog: &Catalog,
    view: &MaterializedView,
    functions: &FunctionSet,
) -> SqlResult<Draft> {
    let path = [DEFAULT_SCHEMA.to_owned()];
    let config = configuration();
    let environment = Arc::new(Environment::of_options(&view.options)?);
    let binder = Binder {
        environment: &environment,
        catalog,
        relations: &SchemaOnly,
        search_path: &path,
        parameter_types: &[],
        functions,
        config: &config,
        located: false,
    };
    let query = stored_query(&view.query)?;
    let plan = binder.finish(binder.bind(&query)?.plan)?;
    let names: Vec<&str> = view.columns.iter().map(|column| column.name.as_str()).collect();
    let terms = Terms { emit: view.emit, allowed_us: view.allowed_lateness_us };
    draft(&binder, &plan, &names, terms)
}

/// The settled plan of a query under a view's terms, with the view's column names.
pub(crate) fn draft(
    binder: &Binder<'_>,
    plan: &datafusion::logical_expr::LogicalPlan,
    names: &[&str],
    terms: Terms,
) -> SqlResult<Draft> {
    let translated = translate::translate(binder, plan)?;
    let arranged = arrange::arrange(translated)?;
    let all: BTreeSet<usize> = (0..arranged.width()).collect();
    // Pruning leaves projections behind that do nothing any more.
    let pruned = arrange::arrange(prune::prune(arranged, &all)?)?;
    let named = with_names(pruned, names);
    settle::settle_view(named, terms)
}

/// The draft with these output names.
fn with_names(draft: Draft, names: &[&str]) -> Draft {
    let same = |(field, name): (&Arc<Field>, &&str)| field.name() == *name;
    if draft.schema.fields().iter().zip(names).all(same) {
        return draft;
    }
    let rename = |(field, name): (&Arc<Field>, &&str)| field.as_ref().clone().with_name(*name);
    let schema: SchemaRef =
        Arc::new(Schema::new(draft.schema.fields().iter().zip(names).map(rename).collect::<Vec<_>>()));
    let renames_itself = matches!(draft.operator, Operator::Aggregate { .. } | Operator::Project(_));
    if renames_itself && !draft.sealed {
        return Draft { schema, ..draft };
    }
    let columns = columns_of(&draft.schema);
    Draft::new(Operator::Project(columns), vec![draft], schema)
}

/// Every column of a schema as an expression.
pub(crate) fn columns_of(schema: &Schema) -> Vec<Arc<dyn PhysicalExpr>> {
    let column = |(index, field): (usize, &Arc<Field>)| -> Arc<dyn PhysicalExpr> {
        Arc::new(ColumnExpr::new(field.name(), index))
    };
    schema.fields().iter().enumerate().map(column).collect()
}

/// A schema whose columns all take NULL: operators make batches of it without asking what an expression promises.
pub(crate) fn nullable(fields: impl IntoIterator<Item = Field>) -> SchemaRef {
    Arc::new(Schema::new(fields.into_iter().map(|field| field.with_nullable(true)).collect::<Vec<_>>()))
}

/// Numbers the nodes, depth first from the inputs, and takes the fingerprint.
pub(crate) fn finish(draft: Draft) -> FlowPlan {
    let streams = draft.streams.iter().copied().collect();
    let mut next = 0;
    let root = node(draft, &mut next);
    let mut text = String::from("millstream flow plan 2\n");
    describe(&root, &mut text);
    FlowPlan { root, streams, fingerprint: fnv(&text) }
}

fn node(draft: Draft, next: &mut usize) -> Node {
    let inputs: Vec<Node> = draft.inputs.into_iter().map(|input| node(input, next)).collect();
    let id = *next;
    *next += 1;
    Node {
        id,
        operator: draft.operator,
        inputs,
        schema: draft.schema,
        append_only: draft.append_only,
        key: draft.key,
        watermarks: draft.marks.iter().map(Mark::column).collect(),
        skips_errors: draft.skips_errors,
    }
}

/// Everything of a plan that its state depends on, as text. Names of relations are left out: a rename keeps state.
fn describe(node: &Node, text: &mut String) {
    let expressions = |expressions: &[Arc<dyn PhysicalExpr>]| {
        expressions.iter().map(|expr| format!("{expr}")).collect::<Vec<_>>().join(", ")
    };
    let _ = write!(text, "{} ", node.id);
    let _ = match &node.operator {
        Operator::Source { stream, columns, .. } => write!(text, "source {stream} {columns:?}"),
        Operator::Values(batch) => write!(text, "values {:?}", batch.columns()),
        Operator::Filter(predicate) => write!(text, "filter {predicate}"),
        Operator::Project(columns) => write!(text, "project {}", expressions(columns)),
        Operator::Window { window, time_column, late } => {
            write!(text, "window {window:?} {time_column} {late:?}")
        }
        Operator::Aggregate { keys, aggregates, slices, close } => {
            let _ = write!(text, "aggregate {} {slices:?} {close:?}", expressions(keys));
            for aggregate in aggregates {
                let filter = aggregate.filter.as_ref().map(|filter| format!("{filter}"));
                let _ = write!(
                    text,
                    " | {:?} {} distinct={} filter={filter:?} {:?}",
                    aggregate.function,
                    expressions(&aggregate.arguments),
                    aggregate.distinct,
                    aggregate.output_type
                );
                if let Some(any) = &aggregate.any {
                    let _ = write!(text, " {any:?} {:?} distinct={}", any.order, any.distinct);
                }
            }
            Ok(())
        }
        Operator::Union => write!(text, "union"),
    };
    for field in node.schema.fields() {
        let _ = write!(text, " {:?}", field.data_type());
    }
    let _ = writeln!(text, " {} {:?}", node.append_only, node.key);
    for input in &node.inputs {
        describe(input, text);
    }
}

/// FNV-1a: stable across builds and machines, unlike the standard library's hashers.
fn fnv(text: &str) -> u64 {
    text.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// The index of the input column that an expression is, if it is nothing else.
pub(crate) fn column_index(expr: &Arc<dyn PhysicalExpr>) -> Option<usize> {
    expr.downcast_ref::<ColumnExpr>().map(ColumnExpr::index)
}
