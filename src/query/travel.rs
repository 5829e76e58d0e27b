//! Time travel: what a stream or a materialized view held at a moment of the past.
//!
//! ```text
//!  AS OF LSN n ───────────────────────────────► n ─┬─ stream: rows with _lsn <= n
//!  FOR SYSTEM_TIME AS OF t ─► newest commit <= t ──┘  view: the version at n that its job still has, or a snapshot that
//!                                                          holds at n; else an error that names what is held
//! ```
//!
//! **Never an answer of another time.** A view has no rows for a moment between two snapshots unless nothing that it reads
//! was committed between the snapshot and the moment.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::{AsArray, RecordBatch};
use arrow::datatypes::{Int64Type, SchemaRef, TimestampMicrosecondType};
use datafusion::common::ScalarValue;
use datafusion::common::tree_node::Transformed;
use datafusion::logical_expr::LogicalPlan;
use datafusion::logical_expr::execution_props::ExecutionProps;
use millstream_catalog::{Definition, Object, ObjectId};
use millstream_sql::bind::{AsOf, RelationSource, time_of};
use millstream_sql::{SqlError, SqlState};

use super::source::Rows;
use super::{deep_stack, now};
use crate::engine::Engine;
use crate::engine::job::{ERRORS, Job};
use crate::log::{Lsn, StreamTail};
use crate::view::{HeldErrors, Version};
use crate::{Error, Result};

/// What relations held at moments of the past.
pub(super) type Past = HashMap<(ObjectId, AsOf), Held>;

/// A moment, as far as it is known.
#[derive(Debug, Clone, Copy)]
enum Moment {
    /// After exactly this commit.
    Lsn(Lsn),
    /// After all commits up to this time (µs), of which only rows still tell which they are.
    Rough(i64),
}

/// What a relation held at a moment of the past.
pub(super) enum Held {
    Stream { tail: Arc<StreamTail>, through: Lsn },
    Version { job: Arc<Job>, version: Arc<Version> },
    Snapshot { view: String, lsn: Lsn, batches: Arc<[RecordBatch]> },
}

impl Held {
    /// Its rows, with the columns of the relation.
    pub fn rows(&self, schema: SchemaRef) -> Rows {
        match self {
            Held::Stream { tail, through } => {
                Rows::Stream { tail: tail.clone(), through: *through, own: vec![], schema }
            }
            Held::Version { job, version } => {
                Rows::View { job: job.clone(), version: version.clone(), schema }
            }
            Held::Snapshot { view, lsn, batches } => {
                Rows::Snapshot { view: view.clone(), lsn: *lsn, batches: batches.clone(), schema }
            }
        }
    }
}

/// The same plan with its moments that are parameters filled in.
pub(crate) fn with_moments(plan: LogicalPlan, parameters: &[ScalarValue]) -> Result<LogicalPlan> {
    let filled = plan.transform_up_with_subqueries(|node| {
        let LogicalPlan::TableScan(mut scan) = node else { return Ok(Transformed::no(node)) };
        let Some(source) = scan.source.as_ref().downcast_ref::<RelationSource>() else {
            return Ok(Transformed::no(LogicalPlan::TableScan(scan)));
        };
        let as_of = match &source.as_of {
            Some(as_of @ (AsOf::LsnParameter(_) | AsOf::TimeParameter(_))) => as_of,
            _ => return Ok(Transformed::no(LogicalPlan::TableScan(scan))),
        };
        let settled = as_of
            .with_parameters(parameters)
            .map_err(|error| datafusion::error::DataFusionError::External(Box::new(error)))?;
        scan.source = Arc::new(source.read_at(settled));
        Ok(Transformed::yes(LogicalPlan::TableScan(scan)))
    })?;
    Ok(filled.data)
}

impl Engine {
    /// What these relations held at these moments.
    pub(super) async fn past(&self, moments: Vec<(Arc<Object>, AsOf)>) -> Result<Past> {
        let began = now();
        let mut past = Past::new();
        for (object, as_of) in moments {
            let moment = self.moment(&as_of, began)?;
            let held = match (&object.definition, moment) {
                (Definition::Stream(_), moment) => self.stream_at(&object, moment).await?,
                (_, Moment::Lsn(lsn)) => self.view_at(&object, lsn).await?,
                (_, Moment::Rough(us)) => return Err(self.too_rough(&object, us)),
            };
            past.insert((object.id, as_of), held);
        }
        Ok(past)
    }

    fn moment(&self, as_of: &AsOf, began: chrono::DateTime<chrono::Utc>) -> Result<Moment> {
        match as_of {
            AsOf::Lsn(lsn) => {
                let newest = self.log().synced_lsn();
                if *lsn <= newest {
                    return Ok(Moment::Lsn(*lsn));
                }
                let message = format!("LSN {lsn} is in the future: the newest commit is LSN {newest}");
                Err(SqlError::new(SqlState::InvalidParameterValue, message).into())
            }
            AsOf::Micros(us) => self.moment_at(*us, began.timestamp_micros()),
            AsOf::Time(text) => {
                let mut statement = ExecutionProps::new();
                statement.query_execution_start_time = Some(began);
                let us = deep_stack(|| time_of(text, self.functions(), &statement))?;
                self.moment_at(us, began.timestamp_micros())
            }
            AsOf::LsnParameter(index) | AsOf::TimeParameter(index) => {
                let message = format!("there is no parameter ${}", index + 1);
                Err(SqlError::new(SqlState::UndefinedParameter, message).into())
            }
        }
    }

    /// The newest commit that is not after a time.
    fn moment_at(&self, us: i64, now_us: i64) -> Result<Moment> {
        let newest = self.log().synced_lsn();
        let time = |lsn| self.log().commit_time(lsn);
        if us > now_us && time(newest).is_none_or(|last| us > last) {
            let message = format!("{} is in the future: the newest commit is LSN {newest}", shown_time(us));
            return Err(SqlError::new(SqlState::InvalidParameterValue, message).into());
        }
        let exact_from = self.log().times_exact_from();
        match exact_from > 1 && time(exact_from).is_none_or(|first| us < first) {
            true => Ok(Moment::Rough(us)),
            false => Ok(Moment::Lsn(self.log().lsn_at(us))),
        }
    }

    fn too_rough(&self, object: &Object, us: i64) -> Error {
        let lsn = self.log().times_exact_from();
        let (name, time) = (&object.name, shown_time(us));
        let message = format!(
            "materialized view \"{name}\" at {time}: the commits of that time are not told apart any more"
        );
        SqlError::new(SqlState::InvalidParameterValue, message)
            .with_detail(format!("times of commits are known from LSN {lsn} on"))
            .with_hint(format!("SHOW SNAPSHOTS FROM {name} lists LSNs that can be read, with their times"))
            .into()
    }

    async fn stream_at(&self, object: &Object, moment: Moment) -> Result<Held> {
        let tail = self
            .log()
            .stream(object.id)
            .ok_or_else(|| Error::from(SqlError::new(SqlState::UndefinedTable, "the stream was dropped")))?;
        let through = match moment {
            Moment::Lsn(lsn) => lsn,
            Moment::Rough(us) => last_row_through(&tail, us).await?,
        };
        let first = first_lsn_held(&tail);
        if through < first {
            let message = match moment {
                Moment::Lsn(lsn) => format!("stream \"{}\" at LSN {lsn} is not held any more", object.name),
                Moment::Rough(us) => {
                    format!("stream \"{}\" at {} is not held any more", object.name, shown_time(us))
                }
            };
            return Err(SqlError::new(SqlState::InvalidParameterValue, message)
                .with_detail(format!("the first rows that retention has left are of LSN {first}"))
                .with_hint("a longer retention keeps more of the past")
                .into());
        }
        Ok(Held::Stream { tail, through })
    }

    async fn view_at(&self, object: &Object, lsn: Lsn) -> Result<Held> {
        if lsn < object.created_lsn {
            let (name, made) = (&object.name, object.created_lsn);
            let message = format!("materialized view \"{name}\" at LSN {lsn} was not there yet");
            return Err(SqlError::new(SqlState::InvalidParameterValue, message)
                .with_detail(format!("it was made by LSN {made}"))
                .with_hint("its query can be run over streams AS OF that LSN")
                .into());
        }
        let job = self.job(object.id)?;
        if let Some(version) = job.version_at(lsn).await? {
            job.check(&version)?;
            return Ok(Held::Version { job, version });
        }
        // A step that took several commits left out LSNs at which nothing had changed for the view.
        let before = job
            .reader()
            .held()
            .into_iter()
            .map(|range| *range.end())
            .filter(|end| *end > 0 && *end < lsn)
            .max();
        if let Some(before) = before
            && self.is_unchanged(&job, before, lsn).await?
            && let Some(version) = job.version_at(before).await?
        {
            job.check(&version)?;
            return Ok(Held::Version { job, version });
        }
        let mut stored: Vec<_> = self.checkpoints().list().await?;
        stored.retain(|info| info.view == object.id);
        for info in stored.iter().filter(|info| info.lsn <= lsn) {
            if self.is_unchanged(&job, info.lsn, lsn).await?
                && let Some((_, batches, _)) = self.checkpoints().contents_at(object.id, info.lsn).await?
            {
                if let Some(errors) = self.checkpoints().state_at(object.id, info.lsn, ERRORS).await? {
                    job.check_errors(&HeldErrors::from_batch(&errors)?)?;
                }
                return Ok(Held::Snapshot { view: object.name.to_string(), lsn, batches: batches.into() });
            }
        }
        let snapshots = stored.iter().map(|info| info.lsn..=info.lsn);
        let mut held: Vec<_> = snapshots.chain(job.reader().held()).collect();
        held.sort_by_key(|range| (*range.start(), *range.end()));
        held.dedup();
        let range = |range: &std::ops::RangeInclusive<Lsn>| match range.start() == range.end() {
            true => range.start().to_string(),
            false => format!("{} to {}", range.start(), range.end()),
        };
        let held: Vec<String> = held.iter().map(range).collect();
        let message = format!("materialized view \"{}\" at LSN {lsn} is not held any more", object.name);
        Err(SqlError::new(SqlState::InvalidParameterValue, message)
            .with_detail(format!("held are LSN {}", held.join(", ")))
            .with_hint(format!(
                "SHOW SNAPSHOTS FROM {} lists what is stored; its query can be run over streams AS OF that LSN",
                object.name
            ))
            .into())
    }

    /// Whether no commit after one LSN up to another changed anything for a view, as far as is known: no rows, and no time.
    async fn is_unchanged(&self, job: &Job, after: Lsn, through: Lsn) -> Result<bool> {
        let tails = job.plan.streams.iter().map(|id| self.log().stream(*id));
        let Some(tails) = tails.collect::<Option<Vec<_>>>() else { return Ok(false) };
        // It may have to look into segments.
        let looking = tokio::task::spawn_blocking(move || {
            for tail in tails {
                // Of what retention has removed nobody knows any more.
                if tail.removed_lsn() > after {
                    return Ok(false);
                }
                let rows = tail.rows_between(after, through)?;
                if rows > 0 || tail.watermark_at(after)? != tail.watermark_at(through)? {
                    return Ok(false);
                }
            }
            Ok(true)
        });
        looking.await.map_err(|error| Error::internal(format!("looking into a stream failed: {error}")))?
    }
}

/// The first LSN at which a stream is whole: 0 while retention has removed none of its rows.
fn first_lsn_held(tail: &StreamTail) -> Lsn {
    match tail.first_row() {
        0 => 0,
        // Of a commit that two segments shared, a part may be gone.
        _ => tail.first_lsn().unwrap_or(tail.last_lsn() + 1).max(tail.removed_lsn() + 1),
    }
}

/// The LSN of the last row of a stream that was committed at a time or before, by the times in its sealed rows; 0 if there
/// is none.
async fn last_row_through(tail: &StreamTail, us: i64) -> Result<Lsn> {
    let segments = tail.segments();
    let after = segments.partition_point(|segment| segment.meta.first_time <= us);
    let Some(segment) = after.checked_sub(1).map(|last| &segments[last]) else { return Ok(0) };
    if segment.meta.last_time <= us {
        return Ok(segment.meta.last_lsn);
    }
    let own = tail.spec().schema.fields().len();
    let mut found = segment.meta.first_lsn;
    for group in 0..segment.meta.groups.len() {
        // `_lsn` and `_commit_time`, after `_partition` and `_offset`.
        let rows = segment.read(group, &[own + 2, own + 3]).await?;
        let (lsns, times) = (
            rows.column(0).as_primitive_opt::<Int64Type>(),
            rows.column(1).as_primitive_opt::<TimestampMicrosecondType>(),
        );
        let (Some(lsns), Some(times)) = (lsns, times) else {
            return Err(segment.corrupt(0, "its rows have no LSN and commit time"));
        };
        let count = times.values().partition_point(|time| *time <= us);
        if let Some(last) = count.checked_sub(1) {
            found = lsns.value(last) as Lsn;
        }
        if count < rows.num_rows() {
            break;
        }
    }
    Ok(found)
}

fn shown_time(us: i64) -> String {
    match chrono::DateTime::from_timestamp_micros(us) {
        Some(time) => time.format("%Y-%m-%d %H:%M:%S%.6f+00").to_string(),
        None => format!("{us} µs"),
    }
}
