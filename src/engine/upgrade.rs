//! Opening what an earlier server made under other semantics ([`millstream_catalog::SEMANTICS`]).
//!
//! ```text
//!   a materialized view of earlier semantics
//!     its query can be planned, and all rows that it reads are held ─► defined anew (one commit), computed from the log
//!     else ─► stands still: the contents and columns of its newest checkpoint, for reads that do not ask for the newest commits
//! ```
//! Nothing is thrown away: a view that stands still keeps its checkpoints, and holds back no rows, until it is dropped. A
//! stream keeps the semantics that it was made under, and thus its types; what holds no rows needs nothing.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::{FieldRef, SchemaRef};
use millstream_catalog::{Catalog, Column, Definition, Object, ObjectId, SEMANTICS, SqlType};
use millstream_sql::plan::{FlowPlan, Node, Operator};
use millstream_sql::{SqlError, SqlState};

use super::Engine;
use super::ddl::logged;
use super::job::{Job, JobSpec, LeftOut};
use crate::checkpoint::Checkpoint;
use crate::log::{Durability, NewEntry};
use crate::{Error, Result};

/// What became of views of earlier semantics.
#[derive(Default)]
pub(super) struct Upgraded {
    /// Those that are computed anew: their checkpoints say nothing any more.
    pub anew: BTreeSet<ObjectId>,
    /// The jobs of those that stand still.
    pub standing: HashMap<ObjectId, Arc<Job>>,
}

impl Engine {
    /// Brings the views of a catalog forward: the catalog with those that are defined anew.
    pub(super) fn upgrade(&self, catalog: &Catalog) -> Result<(Catalog, Upgraded)> {
        let mut next = catalog.clone();
        let (mut entries, mut upgraded) = (Vec::new(), Upgraded::default());
        let is_old = |object: &&Arc<Object>| {
            matches!(object.definition, Definition::MaterializedView(_)) && object.semantics < SEMANTICS
        };
        for object in catalog.objects().filter(is_old) {
            match self.why_standing(catalog, object) {
                None => {
                    let current = Object { semantics: SEMANTICS, ..object.as_ref().clone() };
                    tracing::info!(view = %object.name, "the view is computed anew: it was made under other semantics");
                    entries.push(NewEntry::Ddl { id: object.id, sql: logged(&current) });
                    next = next.with_replaced(current)?;
                    upgraded.anew.insert(object.id);
                }
                Some(reason) => {
                    let (kept, job) = self.kept(catalog, object, reason)?;
                    next = next.with_replaced(kept)?;
                    upgraded.standing.insert(object.id, job);
                }
            }
        }
        if !entries.is_empty() {
            self.log.commit_blocking(entries, Durability::Sync)?;
        }
        Ok((next, upgraded))
    }

    /// Refuses a materialized view over one that stands still, whose query may mean something else by now.
    pub(super) fn check_current(&self, catalog: &Catalog, object: &Object) -> Result<()> {
        if !matches!(object.definition, Definition::MaterializedView(_)) {
            return Ok(());
        }
        let (mut seen, mut next) = (BTreeSet::new(), object.depends_on.clone());
        while let Some(id) = next.pop() {
            if seen.insert(id) {
                if let Ok(job) = self.job(id)
                    && let Some(error) = job.outdated()
                {
                    return Err(error.clone());
                }
                next.extend(&catalog.object(id)?.depends_on);
            }
        }
        Ok(())
    }

    /// Why a view of earlier semantics cannot be computed anew, if it cannot.
    fn why_standing(&self, catalog: &Catalog, object: &Object) -> Option<String> {
        if object.columns().is_empty() {
            return Some("its query cannot be planned any more".to_owned());
        }
        let spec = match self.job_spec(catalog, object) {
            Ok(spec) => spec,
            Err(error) => return Some(format!("its query cannot be planned any more: {error}")),
        };
        let trimmed = spec.plan.streams.iter().find(|id| {
            self.log.stream(**id).is_none_or(|tail| tail.first_row() > 0 || tail.removed_lsn() > 0)
        })?;
        let name = catalog.object(*trimmed).map(|stream| stream.name.to_string()).unwrap_or_default();
        Some(format!("retention has removed rows of stream \"{name}\", which it was computed from"))
    }

    /// A view that stands still, with the columns of its newest checkpoint.
    fn kept(&self, catalog: &Catalog, object: &Object, reason: String) -> Result<(Object, Arc<Job>)> {
        let semantics = object.semantics;
        let message = format!(
            "materialized view \"{}\" was made under semantics {semantics}: recreate it",
            object.name
        );
        let hint = "SET millstream.read_consistency = 'eventual' and AS OF read what it had then";
        let mut error = SqlError::new(SqlState::ObjectNotInPrerequisiteState, message).with_hint(hint);
        let newest = self.runtime_handle.block_on(self.checkpoints.newest(object.id, self.log.log_id()));
        let checkpoint = match newest {
            Ok(checkpoint) => checkpoint,
            Err(cause) => {
                tracing::error!(view = %object.name, error = %cause, "no checkpoint of a view that stands still can be used");
                error = error.with_detail(format!("{reason}; no checkpoint can be read: {cause}"));
                None
            }
        };
        if error.detail.is_none() {
            error = error.with_detail(reason);
        }
        let mut kept = object.clone();
        if let (Definition::MaterializedView(view), Some(checkpoint)) = (&mut kept.definition, &checkpoint) {
            view.columns = columns_of(&checkpoint.head.schema);
            view.key = checkpoint.head.key.clone().unwrap_or_default();
        }
        let spec = JobSpec {
            id: object.id,
            name: object.name.to_string(),
            schema: kept.schema(),
            plan: Arc::new(self.plan_of_none(catalog, object, &kept, checkpoint.as_ref())),
            durable: true,
            restored: true,
            snapshot_interval: None,
            left_out: LeftOut::Operators(BTreeSet::new()),
        };
        let job = Job::standing(&self.job_context, &spec, checkpoint, Error::from(error))?;
        Ok((kept, job))
    }

    /// A plan that computes nothing, with the streams of the view's own where they are known.
    fn plan_of_none(
        &self,
        catalog: &Catalog,
        object: &Object,
        kept: &Object,
        checkpoint: Option<&Checkpoint>,
    ) -> FlowPlan {
        let streams = self.job_spec(catalog, object).map(|spec| spec.plan.streams.clone());
        let schema = kept.schema();
        let root = Node {
            id: 0,
            operator: Operator::Values(RecordBatch::new_empty(schema.clone())),
            inputs: Vec::new(),
            schema,
            append_only: false,
            key: checkpoint.and_then(|checkpoint| checkpoint.head.key.clone()),
            watermarks: Vec::new(),
            skips_errors: false,
        };
        FlowPlan { root, streams: streams.unwrap_or_default(), fingerprint: 0 }
    }
}

fn columns_of(schema: &SchemaRef) -> Vec<Column> {
    let column = |field: &FieldRef| Column {
        name: field.name().clone(),
        sql_type: SqlType::of_field(field),
        data_type: field.data_type().clone(),
        nullable: field.is_nullable(),
        default: None,
    };
    schema.fields().iter().map(column).collect()
}
