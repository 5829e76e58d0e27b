//! EXPLAIN: the batch plan of a query, the streaming plan of a view, and their running figures.

use arrow::datatypes::{Schema, SchemaRef};
use datafusion::logical_expr::LogicalPlan;
use datafusion::physical_plan::displayable;
use futures::StreamExt;
use millstream_catalog::{Definition, Kind, SqlType};
use millstream_sql::text::statement::{Explain, Explained};
use millstream_sql::{SqlError, SqlState, define, plan::explain};

use super::answer::{Rows, RowsTag};
use super::show::rows_of_text;
use super::{Session, find};
use crate::Result;
use crate::query::deep_stack;

/// The one column of every EXPLAIN, named as Postgres names it.
const COLUMN: &str = "QUERY PLAN";

/// The columns of an EXPLAIN.
pub fn schema(json: bool) -> SchemaRef {
    let kind = if json { Kind::Json } else { Kind::Text };
    Schema::new(vec![SqlType::from(kind).field(COLUMN, true)]).into()
}

/// The plan of a query as it is shown.
struct Shown {
    /// With VERBOSE, the plan as it was bound.
    logical: Option<String>,
    /// One operator a line, those below it further in.
    physical: String,
    /// With ANALYZE, rows and milliseconds.
    figures: Option<(usize, f64)>,
}

impl Session {
    /// Runs an EXPLAIN: one row a line, or one row of JSON.
    pub(super) async fn explain(&self, explain: &Explain) -> Result<Rows> {
        let text = match &explain.what {
            Explained::Query { query, analyze, verbose } => {
                let plan = self.bind_query(&self.engine.catalog(), "", query, &[])?;
                self.explain_query(plan, *analyze, *verbose).await?.text(explain.json)
            }
            Explained::Execute { name, arguments, analyze, verbose } => {
                let plan = self.prepared_plan(name, arguments)?;
                self.explain_query(plan, *analyze, *verbose).await?.text(explain.json)
            }
            Explained::Create(create) => {
                let catalog = self.engine.catalog();
                let define = || define::define_materialized_view(&catalog, create, self.engine.functions());
                let (_, plan) = deep_stack(define)?;
                explain::explain_flow(&plan)
            }
            Explained::MaterializedView { name, analyze } => {
                let catalog = self.engine.catalog();
                let object = find(&catalog, name, &self.settings.search_path())?;
                let Definition::MaterializedView(_) = object.definition else {
                    let message = format!("\"{name}\" is not a materialized view");
                    return Err(SqlError::new(SqlState::WrongObjectType, message).into());
                };
                let job = self.engine.job(object.id)?;
                let mut text = explain::explain_flow(&job.plan);
                if *analyze {
                    text.push('\n');
                    text.push_str(&running_figures(&job));
                }
                text
            }
        };
        let lines = match explain.json {
            true => vec![vec![text]],
            false => text.lines().map(|line| vec![line.to_owned()]).collect(),
        };
        rows_of_text(schema(explain.json), lines, RowsTag::Explain)
    }

    async fn explain_query(&self, plan: LogicalPlan, analyze: bool, verbose: bool) -> Result<Shown> {
        let catalog = self.engine.catalog();
        let within = self.within(&plan)?;
        let plan = self.engine.fill(&catalog, plan, self.settings.read_consistency(), &within).await?;
        let logical =
            verbose.then(|| millstream_sql::bind::readable(&plan.display_indent_schema().to_string()));
        let physical = self.engine.query().physical_plan(plan, within.began).await?;
        let shown = |shown: String| millstream_sql::functions::scalar::plain_names(&shown).into_owned();
        if !analyze {
            let physical = shown(displayable(physical.plan.as_ref()).indent(verbose).to_string());
            return Ok(Shown { logical, physical, figures: None });
        }
        let begun = std::time::Instant::now();
        let mut batches = self.engine.query().run(&physical);
        let mut rows = 0;
        while let Some(batch) = batches.next().await {
            rows += batch?.num_rows();
        }
        let metrics = datafusion::physical_plan::display::DisplayableExecutionPlan::with_metrics(
            physical.plan.as_ref(),
        );
        let elapsed_ms = begun.elapsed().as_secs_f64() * 1e3;
        let physical = shown(metrics.indent(verbose).to_string());
        Ok(Shown { logical, physical, figures: Some((rows, elapsed_ms)) })
    }
}

impl Shown {
    fn text(&self, json: bool) -> String {
        if json {
            return self.json();
        }
        let mut text = String::new();
        if let Some(logical) = &self.logical {
            text.push_str(&format!("{logical}\n\n"));
        }
        text.push_str(&self.physical);
        if let Some((rows, elapsed_ms)) = self.figures {
            text.push_str(&format!("rows: {rows}, time: {elapsed_ms:.3} ms\n"));
        }
        text
    }

    /// As PostgreSQL nests it: `[{"Plan": {"Node Type": …, "Plans": […]}}]`.
    fn json(&self) -> String {
        let mut lines = self.physical.lines().filter(|line| !line.trim().is_empty()).peekable();
        let mut top = serde_json::Map::new();
        if let Some(plan) = lines.next().map(|line| node(line, &mut lines)) {
            top.insert("Plan".to_owned(), plan);
        }
        if let Some(logical) = &self.logical {
            top.insert("Logical Plan".to_owned(), logical.as_str().into());
        }
        if let Some((rows, elapsed_ms)) = self.figures {
            top.insert("Rows".to_owned(), rows.into());
            top.insert("Execution Time".to_owned(), elapsed_ms.into());
        }
        let plans = serde_json::Value::Array(vec![top.into()]);
        serde_json::to_string_pretty(&plans).expect("a tree of text and numbers is JSON")
    }
}

/// The operator of a line, with those of the lines further in that follow it.
fn node<'a>(line: &str, rest: &mut std::iter::Peekable<impl Iterator<Item = &'a str>>) -> serde_json::Value {
    let depth = |line: &str| line.len() - line.trim_start().len();
    let (name, detail) = line.trim().split_once(": ").unwrap_or((line.trim(), ""));
    let mut node = serde_json::Map::new();
    node.insert("Node Type".to_owned(), name.into());
    if !detail.is_empty() {
        node.insert("Detail".to_owned(), detail.into());
    }
    let mut plans = vec![];
    while let Some(below) = rest.next_if(|below| depth(below) > depth(line)) {
        plans.push(self::node(below, rest));
    }
    if !plans.is_empty() {
        node.insert("Plans".to_owned(), plans.into());
    }
    node.into()
}

/// One line an operator, and one for the view.
fn running_figures(job: &crate::engine::job::Job) -> String {
    let stats = job.stats();
    let busy = stats.busy.as_secs_f64();
    let rate = if busy > 0.0 { stats.rows as f64 / busy } else { 0.0 };
    let mut text = format!(
        "running: {} rows in {} steps, {rate:.0} rows/s while busy, {} rows behind, at LSN {}, {} late\n",
        stats.rows,
        stats.steps,
        job.rows_behind(),
        job.newest().lsn,
        stats.late.pairs
    );
    for operator in &stats.operators {
        let share = if busy > 0.0 { operator.busy_ns as f64 / 1e7 / busy } else { 0.0 };
        text.push_str(&format!(
            "  [{}] {}: {} rows in, {} rows out, busy {share:.1} %, state {} bytes\n",
            operator.id, operator.name, operator.rows_in, operator.rows_out, operator.state_bytes
        ));
    }
    text
}
