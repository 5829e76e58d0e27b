//! `millstream verify`: checks a data directory that no server has open, and with `--repair` makes it one that a server
//! opens.
//!
//! ```text
//!  manifest, segments ── footers, each column chunk, rows and LSNs ────┐
//!  log files ── headers, directories, each column buffer, LSNs dense ──┤
//!  checkpoints ── manifest, each file's size and checksum, decoded ────┼─► a line a file, findings with file and byte
//!                                                                      └─► --repair: cut, moved, removed; told first
//! ```
//!
//! **Promises.** Without `--repair` nothing is written. With it, what is cut off the log is told before it is done, by
//! commits, streams and rows as far as they can still be read, and the bytes go to `lost+found/` in the data directory,
//! named by file and offset. A checkpoint is not evidence: one that is damaged, or of commits that were cut off, is removed,
//! and its view is computed from the log again. Sealed rows are nowhere else, so nothing here mends a segment: its damage is
//! named, and a server refuses the reads that meet it. Without a whole manifest nothing is touched.

mod repair;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use millstream_catalog::ObjectId;
use millstream_sql::{SqlError, SqlState};

use crate::config::Config;
use crate::env::Env;
use crate::log::check::{CheckedFile, CheckedLog, FileEnd, Sealed, check, check_segment, sealed_by};
use crate::log::{FileHeader, Lsn, WAL_HEADER_BYTES, manifest};
use crate::objects::Objects;
use crate::{Error, Result};

/// What is to be checked, and whether it is to be repaired.
pub struct Verify {
    /// The data directory and the object store.
    pub config: Config,
    /// Clock and disk.
    pub env: Arc<dyn Env>,
    /// Whether to cut what is damaged.
    pub repair: bool,
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// A server opens it, and nothing is lost.
    Whole,
    /// There are findings.
    Damaged,
    /// There were findings; a server opens it now, without what was told.
    Repaired,
}

/// Something that is not as it was written.
#[derive(Debug)]
pub(crate) struct Finding {
    /// What is wrong: [`Error::Corrupt`] where a byte of a file is.
    pub error: Error,
    /// What mends it; None where nothing here does.
    pub remedy: Option<Remedy>,
}

/// What mends a finding.
#[derive(Debug)]
pub(crate) enum Remedy {
    /// Cut the log at a byte of a file, and leave out the files after it.
    CutLog { file: PathBuf, cut: u64, later: Vec<PathBuf> },
    /// Write the header of a file of the log as it was.
    WriteHeader { file: PathBuf, header: FileHeader },
    /// Leave out all files of the log, and go on after what is sealed.
    BeginAfterSealed { files: Vec<PathBuf>, sealed: Sealed },
    /// Remove a checkpoint.
    RemoveCheckpoint { view: ObjectId, lsn: Lsn },
    /// Nothing, but a server goes on with the rest.
    LeaveIt,
}

impl Verify {
    /// Checks, and repairs if that was asked for. Tells of each file and finding by `say`, a line at a time. An error is
    /// one of the directory as a whole: not there, in use, not readable.
    pub async fn run(&self, say: &mut dyn FnMut(String)) -> Result<Outcome> {
        let _lock = self.lock()?;
        let mut findings = Vec::new();
        let sealed = self.check_sealed(&mut findings, say).await?;
        let log = check(&self.env, &self.config.data_directory.join("wal"), sealed)?;
        for path in &log.free {
            say(format!("ok       {}: all in it is sealed; the next start removes it", path.display()));
        }
        for path in &log.unfinished {
            say(format!(
                "ok       {}: not finished when it was made; the next start removes it",
                path.display()
            ));
        }
        for file in &log.files {
            tell_file(file, say);
            findings.extend(header_of(file));
        }
        findings.extend(damage_of(&log, sealed, &self.config.data_directory.join("wal")));
        log.unread.iter().for_each(|path| say(format!("unread   {}: it comes after damage", path.display())));
        let last_lsn = log.last_lsn();
        self.check_checkpoints(last_lsn, &mut findings, say).await?;
        for finding in &findings {
            say(format!("damage   {}", finding.error));
        }
        if findings.is_empty() {
            say(format!("whole: the log ends with commit {last_lsn}"));
            return Ok(Outcome::Whole);
        }
        if !self.repair {
            say(format!(
                "{} findings; --repair says what it would cost before it mends them",
                findings.len()
            ));
            return Ok(Outcome::Damaged);
        }
        self.repair(&log, &findings, say).await
    }

    /// The lock of the data directory. A directory that never was opened has none, and without repair gets none.
    fn lock(&self) -> Result<Option<Box<dyn Send + Sync>>> {
        let directory = &self.config.data_directory;
        let names = self.env.list(directory).map_err(|error| Error::io("reading", directory, &error))?;
        if !names.iter().any(|name| name == "wal") {
            let message = format!("{} is no data directory: it has no wal/", directory.display());
            return Err(SqlError::new(SqlState::UndefinedObject, message).into());
        }
        let path = directory.join("LOCK");
        if !self.repair && !names.iter().any(|name| name == "LOCK") {
            return Ok(None);
        }
        let locked = self.env.lock(&path).map_err(|error| Error::io("locking", &path, &error))?;
        locked.map(Some).ok_or_else(|| {
            let message = format!("the data directory {} is in use by a server", directory.display());
            SqlError::new(SqlState::ObjectNotInPrerequisiteState, message)
                .with_hint("stop the server first")
                .into()
        })
    }

    /// Checks the newest manifest and every segment that it names; answers what is sealed.
    async fn check_sealed(&self, findings: &mut Vec<Finding>, say: &mut dyn FnMut(String)) -> Result<Sealed> {
        let Some(objects) = self.objects()? else { return Ok(Sealed::default()) };
        let manifest = match manifest::newest(&objects).await {
            Ok(Some(manifest)) => manifest,
            Ok(None) => return Ok(Sealed::default()),
            Err(error) => {
                // Without it nobody knows where the log goes on: the findings would be of our making.
                findings.push(Finding { error: error.clone(), remedy: None });
                say(format!("damage   {error}"));
                return Err(error);
            }
        };
        let path = manifest::path(manifest.number);
        say(format!(
            "ok       {}: all commits up to {} are sealed",
            objects.shown(&path).display(),
            manifest.lsn
        ));
        let definitions: Vec<(ObjectId, Lsn, &str)> = manifest
            .definitions
            .iter()
            .map(|object| (ObjectId(object.id), object.lsn, object.sql.as_str()))
            .collect();
        let specs = crate::engine::stream_specs(&definitions)?;
        for stream in &manifest.streams {
            let Some(spec) = specs.get(&ObjectId(stream.id)) else {
                let error =
                    objects.corrupt(&path, 0, format!("it has segments of {} and no such stream", stream.id));
                findings.push(Finding { error, remedy: None });
                continue;
            };
            for segment in &stream.segments {
                match check_segment(&objects, segment, spec).await {
                    Ok(()) => say(format!(
                        "ok       {}: commits {} to {}, {} rows, {} bytes",
                        objects.shown(&segment.path).display(),
                        segment.first_lsn,
                        segment.last_lsn,
                        segment.rows,
                        segment.bytes
                    )),
                    Err(error) => findings.push(Finding { error, remedy: Some(Remedy::LeaveIt) }),
                }
            }
        }
        sealed_by(&manifest)
    }

    /// The object store, if there is one; none is made.
    fn objects(&self) -> Result<Option<Objects>> {
        let local = self.config.data_directory.join("objects");
        if self.config.object_store_url.is_none() && self.env.list(&local).is_err() {
            return Ok(None);
        }
        // It is not settled: nothing is written.
        crate::engine::object_store(&self.config).map(Some)
    }

    /// Checks all checkpoints. Those of commits that the log has not are findings too: a log that grows again would give
    /// the same numbers to other commits.
    async fn check_checkpoints(
        &self,
        last_lsn: Lsn,
        findings: &mut Vec<Finding>,
        say: &mut dyn FnMut(String),
    ) -> Result<()> {
        let Some(store) = self.checkpoints()? else { return Ok(()) };
        for (view, lsn, checked) in store.check().await? {
            let error = match checked {
                Ok(info) if info.lsn > last_lsn => {
                    let message =
                        format!("checkpoint {} is of LSN {lsn}, past the log's end {last_lsn}", info.path);
                    SqlError::new(SqlState::DataCorrupted, message).into()
                }
                Ok(info) => {
                    let (name, rows, bytes) = (&info.name, info.rows, info.bytes);
                    say(format!(
                        "ok       {}: view {name} at LSN {lsn}, {rows} rows, {bytes} bytes",
                        info.path
                    ));
                    continue;
                }
                Err(error) => error,
            };
            findings.push(Finding { error, remedy: Some(Remedy::RemoveCheckpoint { view, lsn }) });
        }
        Ok(())
    }

    /// The store of checkpoints, if there is one.
    fn checkpoints(&self) -> Result<Option<crate::checkpoint::CheckpointStore>> {
        let objects = self.objects()?;
        Ok(objects.map(|objects| crate::checkpoint::CheckpointStore::new(self.env.clone(), objects)))
    }
}

fn tell_file(file: &CheckedFile, say: &mut dyn FnMut(String)) {
    let CheckedFile { path, first_lsn, last_lsn, rows, bytes, .. } = file;
    let path = path.display();
    let commits = match last_lsn >= first_lsn {
        true => format!("commits {first_lsn} to {last_lsn}, {rows} rows"),
        false => "no commits".to_owned(),
    };
    if let Some((offset, message)) = &file.passed {
        say(format!(
            "ok       {path}: at byte {offset} {message}, which is harmless: all commits there are sealed, and the next \
             start passes over them"
        ));
    }
    match &file.end {
        FileEnd::Whole => say(format!("ok       {path}: {commits}, {bytes} bytes")),
        FileEnd::Torn { offset, bytes } => {
            say(format!(
                "ok       {path}: {commits}; torn at byte {offset}, which is harmless: the next start cuts off \
                 {bytes} bytes of commits that were never acknowledged"
            ));
        }
        FileEnd::Damaged { .. } | FileEnd::Unreadable(_) => {
            say(format!("damaged  {path}: whole are {commits}"))
        }
    }
}

/// A damaged header that can be written again.
fn header_of(file: &CheckedFile) -> Option<Finding> {
    let header = file.header?;
    let message = "the file's header does not match its checksum".to_owned();
    Some(Finding {
        error: Error::Corrupt { path: file.path.clone(), offset: 0, message },
        remedy: Some(Remedy::WriteHeader { file: file.path.clone(), header }),
    })
}

/// What is wrong with the log's files, if anything is.
fn damage_of(log: &CheckedLog, sealed: Sealed, directory: &Path) -> Option<Finding> {
    let files = || log.files.iter().map(|file| file.path.clone()).chain(log.unread.iter().cloned()).collect();
    let behind_sealed = log.files_end() < sealed.lsn;
    let (is_first, is_sealed) = (log.files.len() == 1, sealed.log_id.is_some());
    match log.files.last().map(|file| (&file.path, &file.end)) {
        Some((path, FileEnd::Damaged { offset, cut, message })) => Some(Finding {
            error: Error::Corrupt { path: path.clone(), offset: *offset, message: message.clone() },
            // A log that is cut at its first byte is no log: only the store says whose it is.
            remedy: Some(match behind_sealed || is_first && *cut < WAL_HEADER_BYTES && is_sealed {
                true => Remedy::BeginAfterSealed { files: files(), sealed },
                false => Remedy::CutLog { file: path.clone(), cut: *cut, later: log.unread.clone() },
            }),
        }),
        Some((_, FileEnd::Unreadable(error))) => Some(Finding { error: error.clone(), remedy: None }),
        last if behind_sealed || last.is_none() && is_sealed => {
            let message = format!(
                "the log ends with commit {}, but all up to {} was sealed: later commits may be missing",
                log.files_end(),
                sealed.lsn
            );
            Some(Finding {
                error: Error::Corrupt { path: directory.to_owned(), offset: 0, message },
                remedy: Some(Remedy::BeginAfterSealed { files: files(), sealed }),
            })
        }
        _ => None,
    }
}
