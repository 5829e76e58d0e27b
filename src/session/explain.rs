//! EXPLAIN: the batch plan of a query, the streaming plan of a view, and their running figures.

use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::physical_plan::displayable;
use futures::StreamExt;
use millstream_catalog::Definition;
use millstream_sql::text::statement::Explain;
use millstream_sql::{SqlError, SqlState, define, plan::explain};

use super::answer::{Rows, RowsTag};
use super::show::text_rows;
use super::{Session, find};
use crate::Result;
use crate::query::deep_stack;

/// The one column of every EXPLAIN, named as Postgres names it.
const COLUMN: &str = "QUERY PLAN";

/// The columns of an EXPLAIN.
pub fn schema() -> SchemaRef {
    Schema::new(vec![Field::new(COLUMN, DataType::Utf8, true)]).into()
}

impl Session {
    /// Runs an EXPLAIN: one row a line.
    pub(super) async fn explain(&self, what: &Explain) -> Result<Rows> {
        let text = match what {
            Explain::Query { query, analyze, verbose } => {
                self.explain_query(query, *analyze, *verbose).await?
            }
            Explain::Create(create) => {
                let catalog = self.engine.catalog();
                let define = || define::define_materialized_view(&catalog, create, self.engine.functions());
                let (_, plan) = deep_stack(define)?;
                explain::explain_flow(&plan)
            }
            Explain::MaterializedView { name, analyze } => {
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
        text_rows(&[COLUMN], text.lines().map(|line| vec![line.to_owned()]).collect(), RowsTag::Explain)
    }

    async fn explain_query(
        &self,
        query: &datafusion::sql::sqlparser::ast::Query,
        analyze: bool,
        verbose: bool,
    ) -> Result<String> {
        let catalog = self.engine.catalog();
        let plan = self.bind_query(&catalog, "", query, &[])?;
        let within = self.within(&plan)?;
        let plan = self.engine.fill(&catalog, plan, self.settings.read_consistency(), &within).await?;
        let mut text = String::new();
        if verbose {
            let logical = plan.display_indent_schema().to_string();
            text.push_str(&format!("{}\n\n", millstream_sql::bind::readable(&logical)));
        }
        let physical = self.engine.query().physical_plan(plan, within.began).await?;
        if !analyze {
            let shown = displayable(physical.plan.as_ref()).indent(verbose).to_string();
            text.push_str(&millstream_sql::functions::scalar::plain_names(&shown));
            return Ok(text);
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
        let shown = metrics.indent(verbose).to_string();
        text.push_str(&millstream_sql::functions::scalar::plain_names(&shown));
        text.push_str(&format!("rows: {rows}, time: {:.3} ms\n", begun.elapsed().as_secs_f64() * 1e3));
        Ok(text)
    }
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
