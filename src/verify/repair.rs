//! Repair: what it costs is told, then it is done; what is cut off goes to `lost+found/`.
//!
//! Each step leaves a directory that can be verified and repaired again: the bytes are safe before they are cut, and the
//! files after the damage go from the last to the first.

use std::path::{Path, PathBuf};

use millstream_catalog::ObjectId;
use millstream_sql::{Statement, text};

use super::{Finding, Outcome, Remedy, Verify};
use crate::engine::ddl::semantics_of;
use crate::log::check::{CheckedLog, begin_after, write_header};
use crate::{Error, Result};

const LOST_AND_FOUND: &str = "lost+found";

/// Bytes copied at once.
const COPY_BYTES: usize = 1 << 20;

/// The header of a log file: a file that is cut before its end holds nothing.
const HEADER_BYTES: u64 = crate::log::WAL_HEADER_BYTES;

impl Verify {
    pub(super) async fn repair(
        &self,
        log: &CheckedLog,
        findings: &[Finding],
        say: &mut dyn FnMut(String),
    ) -> Result<Outcome> {
        for finding in findings {
            match &finding.remedy {
                None => {
                    say(format!(
                        "repair   nothing here mends this, so nothing is touched: {}",
                        finding.error
                    ));
                    return Ok(Outcome::Damaged);
                }
                Some(Remedy::CutLog { file, cut, later }) => {
                    say(format!("repair   will cut {} at byte {cut}", file.display()));
                    announce(log, later, say);
                }
                Some(Remedy::BeginAfterSealed { files, .. }) => announce(log, files, say),
                Some(Remedy::WriteHeader { file, .. }) => {
                    say(format!("repair   will write the header of {}: nothing is lost", file.display()));
                }
                Some(Remedy::LeaveIt) => {
                    say(format!(
                        "repair   nothing here mends this; reads that meet it fail: {}",
                        finding.error
                    ));
                }
                Some(Remedy::RemoveCheckpoint { view, lsn }) => say(format!(
                    "repair   will remove the checkpoint of view {} at LSN {lsn}: the view goes on from an older one, or \
                     from the start of the log",
                    name_of(log, *view)
                )),
            }
        }
        // Checkpoints first: none may stand of commits that are cut off.
        for finding in findings {
            if let (Some(Remedy::RemoveCheckpoint { view, lsn }), Some(store)) =
                (&finding.remedy, self.checkpoints()?)
            {
                store.remove_one(*view, *lsn).await?;
            }
        }
        for finding in findings {
            match &finding.remedy {
                Some(Remedy::WriteHeader { file, header }) => {
                    write_header(&self.env, file, *header)?;
                    say(format!("repair   wrote the header of {}", file.display()));
                }
                Some(Remedy::CutLog { file, cut, later }) => self.cut_log(file, *cut, later, say)?,
                Some(Remedy::BeginAfterSealed { files, sealed }) => {
                    self.move_away(files, say)?;
                    begin_after(&self.env, &self.config.data_directory.join("wal"), *sealed)?;
                    say(format!("repair   began a new log file with commit {}", sealed.lsn + 1));
                }
                _ => {}
            }
        }
        if findings.iter().any(|finding| matches!(finding.remedy, Some(Remedy::LeaveIt))) {
            say("repaired as far as can be: a server can be started on it".to_owned());
            return Ok(Outcome::Damaged);
        }
        say("repaired: a server can be started on it".to_owned());
        Ok(Outcome::Repaired)
    }

    fn cut_log(&self, file: &Path, cut: u64, later: &[PathBuf], say: &mut dyn FnMut(String)) -> Result<()> {
        if cut < HEADER_BYTES {
            let all: Vec<PathBuf> = std::iter::once(file.to_owned()).chain(later.iter().cloned()).collect();
            return self.move_away(&all, say);
        }
        let directory = self.lost_and_found()?;
        let kept = self.copy_tail(file, cut, &directory)?;
        say(format!("repair   kept {}", kept.display()));
        self.move_away(later, say)?;
        let opened = self.env.open(file).map_err(|error| Error::io("opening", file, &error))?;
        let cut_off = opened.truncate(cut).and_then(|()| opened.sync());
        cut_off.map_err(|error| Error::io("truncating", file, &error))?;
        say(format!("repair   cut {} at byte {cut}", file.display()));
        Ok(())
    }

    /// Moves whole files, the last first.
    fn move_away(&self, files: &[PathBuf], say: &mut dyn FnMut(String)) -> Result<()> {
        let directory = self.lost_and_found()?;
        for path in files.iter().rev() {
            let to = self.free_name(&directory, path, 0)?;
            self.env.rename(path, &to).map_err(|error| Error::io("moving", path, &error))?;
            self.sync_directory(&directory)?;
            self.sync_directory(path.parent().unwrap_or(path))?;
            say(format!("repair   moved {} to {}", path.display(), to.display()));
        }
        Ok(())
    }

    fn lost_and_found(&self) -> Result<PathBuf> {
        let directory = self.config.data_directory.join(LOST_AND_FOUND);
        let made = self.env.create_directory(&directory);
        made.map_err(|error| Error::io("creating", &directory, &error)).map(|()| directory)
    }

    /// Copies the bytes of a file from an offset on, durably.
    fn copy_tail(&self, file: &Path, from: u64, directory: &Path) -> Result<PathBuf> {
        let to = self.free_name(directory, file, from)?;
        let reading = |error| Error::io("reading", file, &error);
        let writing = |error| Error::io("writing", &to, &error);
        let source = self.env.open(file).map_err(reading)?;
        let target = self.env.create(&to).map_err(writing)?;
        let length = source.length().map_err(reading)?;
        let mut buffer = vec![0; COPY_BYTES];
        let mut at = from;
        while at < length {
            let wanted = (length - at).min(COPY_BYTES as u64) as usize;
            let read = source.read_at(&mut buffer[..wanted], at).map_err(reading)?;
            if read == 0 {
                break;
            }
            target.write_at(&[&buffer[..read]], at - from).map_err(writing)?;
            at += read as u64;
        }
        target.sync().map_err(writing)?;
        self.sync_directory(directory)?;
        Ok(to)
    }

    /// `<file>.<offset>`, with a number after it where an earlier repair has left one of that name.
    fn free_name(&self, directory: &Path, file: &Path, offset: u64) -> Result<PathBuf> {
        let taken = self.env.list(directory).map_err(|error| Error::io("reading", directory, &error))?;
        let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let plain = format!("{name}.{offset}");
        let mut candidates = std::iter::once(plain.clone()).chain((1..).map(|n| format!("{plain}.{n}")));
        let free = candidates.find(|candidate| !taken.contains(candidate));
        free.map(|name| directory.join(name)).ok_or_else(|| Error::internal("no name is free"))
    }

    fn sync_directory(&self, directory: &Path) -> Result<()> {
        let synced = self.env.sync_directory(directory);
        synced.map_err(|error| Error::io("syncing", directory, &error))
    }
}

/// Says what it will cost to end the log where it is whole.
fn announce(log: &CheckedLog, moved: &[PathBuf], say: &mut dyn FnMut(String)) {
    let last = log.last_lsn();
    say(format!("repair   the log ends with commit {last} then"));
    for path in moved {
        say(format!("repair   will move {} to {LOST_AND_FOUND}/", path.display()));
    }
    let behind = &log.behind;
    match behind.commits {
        Some((_, end)) if end <= last => say("lost     nothing: all behind the damage is sealed".to_owned()),
        Some((_, end)) => say(format!("lost     commits {} to {end}", last + 1)),
        None => {
            say(format!("lost     what came after commit {last}; no header behind the damage can be read"))
        }
    }
    for (stream, rows) in &behind.rows {
        say(format!("lost     stream {}: {rows} rows in frames that are whole", name_of(log, *stream)));
    }
    if behind.definitions > 0 {
        say(format!("lost     {} definitions or drops of objects", behind.definitions));
    }
    if behind.damaged_frames > 0 {
        let frames = behind.damaged_frames;
        say(format!("lost     {frames} damaged frames, whose rows cannot be told"));
    }
}

/// The name of an object as it was last defined; its number where that is not known.
fn name_of(log: &CheckedLog, id: ObjectId) -> String {
    let statement = log.definitions.get(&id).and_then(|text| Some(semantics_of(text).ok()?.1));
    let parsed = statement.and_then(|sql| text::parse(sql).ok()?.into_iter().next());
    let name = parsed.and_then(|parsed| match parsed.statement {
        Statement::CreateStream(create) => Some(create.name),
        Statement::CreateView(create) => Some(create.name),
        Statement::CreateMaterializedView(create) => Some(create.name),
        Statement::CreateSink(create) => Some(create.name),
        _ => None,
    });
    name.map_or_else(|| id.to_string(), |name| name.to_string())
}
