//! Reading: several relations at one LSN.

use std::collections::HashMap;
use std::sync::Arc;

use millstream_catalog::{Catalog, Definition, ObjectId};
use millstream_sql::{SqlError, SqlState};

use super::Engine;
use super::job::Job;
use crate::log::{Lsn, StreamTail};
use crate::view::Version;
use crate::{Error, Result};

/// How new an answer has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ReadConsistency {
    /// Every commit acknowledged before the statement began is in the answer, and all of it is at one LSN.
    #[default]
    Strict,
    /// The newest finished version of each view, without waiting.
    Eventual,
}

/// Relations at one LSN.
pub struct Snapshot {
    /// The LSN; streams are read up to here.
    pub lsn: Lsn,
    /// The tails of the streams that were asked for.
    pub streams: HashMap<ObjectId, Arc<StreamTail>>,
    /// The versions of the views that were asked for, with their jobs (for look-ups by key).
    pub views: HashMap<ObjectId, (Arc<Job>, Arc<Version>)>,
}

/// How often a view may run past the LSN that was agreed on before the reader gives up.
const ATTEMPTS: usize = 100;

impl Engine {
    /// A snapshot of these streams and materialized views.
    pub async fn snapshot(
        &self,
        catalog: &Catalog,
        ids: &[ObjectId],
        read: ReadConsistency,
    ) -> Result<Snapshot> {
        let mut streams = HashMap::new();
        let mut jobs = Vec::new();
        for id in ids {
            match catalog.object(*id)?.definition {
                Definition::Stream(_) => {
                    let tail = self.log.stream(*id);
                    streams.insert(*id, tail.ok_or_else(dropped)?);
                }
                _ => jobs.push(self.job(*id)?),
            }
        }
        if read == ReadConsistency::Eventual {
            let newest = |job: Arc<Job>| Ok((job.id, (job.clone(), job.readable()?)));
            let views: Versions = jobs.into_iter().map(newest).collect::<Result<_>>()?;
            check_errors(&views)?;
            return Ok(Snapshot { lsn: self.log.synced_lsn(), streams, views });
        }
        if let Some(error) = jobs.iter().find_map(|job| job.outdated()) {
            return Err(error.clone());
        }
        if let ([job], true) = (jobs.as_slice(), streams.is_empty()) {
            let version = job.version_from(self.log.synced_lsn()).await?;
            job.check(&version)?;
            return Ok(Snapshot {
                lsn: version.lsn,
                streams,
                views: HashMap::from([(job.id, (job.clone(), version))]),
            });
        }
        for _ in 0..ATTEMPTS {
            let lsn = self.log.synced_lsn();
            if let Some(views) = versions_at(&jobs, lsn).await? {
                check_errors(&views)?;
                return Ok(Snapshot { lsn, streams, views });
            }
        }
        Err(Error::internal("the views that the query reads could not be met at one LSN"))
    }
}

/// The catalog that the reader holds is older than a DROP.
fn dropped() -> Error {
    SqlError::new(SqlState::UndefinedTable, "the stream was dropped").into()
}

type Versions = HashMap<ObjectId, (Arc<Job>, Arc<Version>)>;

/// The error of a row that one of the views holds.
fn check_errors(views: &Versions) -> Result<()> {
    let mut views: Vec<_> = views.values().collect();
    views.sort_by_key(|(job, _)| job.id);
    views.into_iter().try_for_each(|(job, version)| job.check(version))
}

async fn versions_at(jobs: &[Arc<Job>], lsn: Lsn) -> Result<Option<Versions>> {
    // Every view is asked to stop there before the first is waited for.
    jobs.iter().for_each(|job| job.cut_at(lsn));
    let mut views = HashMap::new();
    for job in jobs {
        let Some(version) = job.version_at(lsn).await? else { return Ok(None) };
        views.insert(job.id, (job.clone(), version));
    }
    Ok(Some(views))
}
