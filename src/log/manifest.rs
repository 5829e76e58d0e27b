//! The manifest: what of the log is sealed, as one small JSON document at a time in the object store.
//!
//! ```text
//!  manifest/00000000000000000006.json      the one before, kept until the next
//!  manifest/00000000000000000007.json      the newest: all that the log holds up to its LSN
//!  streams/3/00000000000000000000-00000000000000065536.parquet     a segment that it names
//! ```
//!
//! A manifest holds everything of the log up to and with its LSN: the definitions of living objects, sink positions,
//! and for each stream where it stands and which segments hold its rows. The write-ahead log is needed only after that.
//! It is committed by a conditional put under the next number, so that of two servers on one store one is refused. The
//! first one is committed when the log is opened, before anything else is done to the store: a database knows by it that
//! the store is its own. Each later start commits the newest one again under the next number, so that a server that still
//! runs elsewhere can commit no more: only then is anything removed. A manifest
//! exists as a whole or not at all, and it vouches for itself and for the footer of every segment
//! ([`crate::document`]), which vouches for every column chunk. The format is told in `docs/segment-format.md`.

use std::collections::BTreeMap;

use bytes::Bytes;
use millstream_catalog::ObjectId;
use millstream_sql::{SqlError, SqlState};
use serde::{Deserialize, Serialize};

use super::Lsn;
use super::tail::TickMark;
use super::wal::Failure;
use crate::document::{self, Unreadable};
use crate::flow::delta::NO_WATERMARK;
use crate::objects::{Created, Objects};
use crate::{Error, Result};

/// The version that is written, and the only one that is read.
pub(crate) const FORMAT_VERSION: u64 = 1;

/// Where manifests are.
pub(crate) const DIRECTORY: &str = "manifest";

/// How many manifests are kept.
const KEPT: usize = 2;

/// All of the log up to an LSN. The order of members is that of the document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Manifest {
    pub format_version: u64,
    /// From 1, each one more than the one before.
    pub number: u64,
    /// The log's id, 16 hexadecimal digits.
    pub log_id: String,
    /// All commits up to this are in segments.
    pub lsn: Lsn,
    /// The time of that commit, µs since epoch.
    pub commit_time: i64,
    /// The least object id that was never given.
    pub next_object: u64,
    /// Living objects, in the order of their ids: an object depends only on earlier ones.
    pub definitions: Vec<Definition>,
    /// How far each sink got.
    pub sinks: Vec<SinkPosition>,
    pub streams: Vec<StreamManifest>,
    /// 8 hexadecimal digits. The last member.
    pub crc32c: String,
}

/// A living object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Definition {
    pub id: u64,
    /// The commit that made it.
    pub lsn: Lsn,
    /// The statement that makes it as it is now.
    pub sql: String,
}

/// How far a sink got.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SinkPosition {
    pub sink: u64,
    pub lsn: Lsn,
}

/// A stream, sealed up to the manifest's LSN.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct StreamManifest {
    pub id: u64,
    /// The number of the next row.
    pub next_row: u64,
    /// The watermark, µs since epoch; null for none.
    pub watermark: Option<i64>,
    /// The next offset of each partition.
    pub offsets: Vec<i64>,
    /// The newest commit that touched it.
    pub last_lsn: Lsn,
    /// The commit of the newest row that retention removed; 0 while it has removed none.
    pub removed_lsn: Lsn,
    /// The greatest event time of the rows that retention removed, µs since epoch; null while it has removed none.
    pub removed_event_time: Option<i64>,
    /// Ticks among the rows that are held: LSN, rows before it, watermark before and after it.
    pub ticks: Vec<(Lsn, u64, Option<i64>, i64)>,
    /// In row order, without gaps; rows before the first were removed by retention.
    pub segments: Vec<SegmentMeta>,
}

/// One segment: a Parquet object with consecutive rows of a stream.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct SegmentMeta {
    /// In the object store.
    pub path: String,
    pub bytes: u64,
    /// Length of the Parquet footer, its eight last bytes included.
    pub footer_bytes: u64,
    /// CRC32C of these bytes, 8 hexadecimal digits.
    pub footer_crc32c: String,
    pub first_row: u64,
    pub rows: u64,
    pub first_lsn: Lsn,
    pub last_lsn: Lsn,
    /// Commit times, µs since epoch.
    pub first_time: i64,
    pub last_time: i64,
    /// The next offset of each partition before the first row.
    pub offsets: Vec<i64>,
    /// Least and greatest event time, µs since epoch; null without event time.
    pub event_time: Option<(i64, i64)>,
    pub groups: Vec<GroupMeta>,
}

/// One row group: number of rows, first and last LSN, the watermark before its first row (null for none), bytes of its
/// rows in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct GroupMeta(pub u64, pub Lsn, pub Lsn, pub Option<i64>, pub u64);

impl GroupMeta {
    /// Number of rows.
    pub fn rows(&self) -> u64 {
        self.0
    }

    /// LSN of the first row.
    pub fn first_lsn(&self) -> Lsn {
        self.1
    }

    /// LSN of the last row.
    pub fn last_lsn(&self) -> Lsn {
        self.2
    }

    /// The stream's watermark just before the first row.
    pub fn watermark(&self) -> i64 {
        self.3.unwrap_or(NO_WATERMARK)
    }

    /// Bytes of its rows in memory, about.
    pub fn bytes(&self) -> u64 {
        self.4
    }
}

impl SegmentMeta {
    /// The number of the row after the last.
    pub fn end_row(&self) -> u64 {
        self.first_row + self.rows
    }
}

impl StreamManifest {
    /// The ticks as the tail holds them.
    pub(super) fn tick_marks(&self) -> Vec<TickMark> {
        let mark = |(lsn, row, before, after): &(Lsn, u64, Option<i64>, i64)| TickMark {
            lsn: *lsn,
            row: *row,
            before: before.unwrap_or(NO_WATERMARK),
            after: *after,
        };
        self.ticks.iter().map(mark).collect()
    }

    /// Whether its segments follow each other and end where the stream stands.
    fn is_dense(&self) -> bool {
        let follow = self.segments.windows(2).all(|pair| pair[0].end_row() == pair[1].first_row);
        let whole = |segment: &SegmentMeta| {
            segment.groups.iter().map(|group| group.rows()).sum::<u64>() == segment.rows && segment.rows > 0
        };
        let ends = self.segments.last().is_none_or(|last| last.end_row() == self.next_row);
        follow && ends && self.segments.iter().all(whole)
    }
}

/// A tick as a manifest holds it.
pub(super) fn tick_member(tick: &TickMark) -> (Lsn, u64, Option<i64>, i64) {
    (tick.lsn, tick.row, watermark_member(tick.before), tick.after)
}

/// A watermark as a manifest holds it.
pub(super) fn watermark_member(watermark: i64) -> Option<i64> {
    (watermark != NO_WATERMARK).then_some(watermark)
}

/// The path of a manifest.
pub(crate) fn path(number: u64) -> String {
    format!("{DIRECTORY}/{number:020}.json")
}

/// The number of a manifest by its path; `None` for other objects.
pub(crate) fn number_of(path: &str) -> Option<u64> {
    let digits = path.strip_prefix(DIRECTORY)?.strip_prefix('/')?.strip_suffix(".json")?;
    (digits.len() == 20 && digits.bytes().all(|byte| byte.is_ascii_digit())).then(|| digits.parse().ok())?
}

/// The numbers of the manifests that are there, ascending.
pub(crate) async fn numbers(objects: &Objects) -> Result<Vec<u64>> {
    let listed = objects.list(DIRECTORY).await?;
    Ok(listed.iter().filter_map(|object| number_of(&object.path)).collect())
}

/// The newest manifest, if anything was ever sealed. One that is damaged is an error, never passed over: the segments
/// that an older one names may be gone.
pub(crate) async fn newest(objects: &Objects) -> Result<Option<Manifest>> {
    match numbers(objects).await?.last() {
        Some(number) => read(objects, *number).await.map(Some),
        None => Ok(None),
    }
}

/// One manifest.
pub(crate) async fn read(objects: &Objects, number: u64) -> Result<Manifest> {
    let path = path(number);
    let missing = || objects.corrupt(&path, 0, "it is missing");
    let bytes = objects.get(&path).await?.ok_or_else(missing)?;
    let manifest: Manifest = match document::read(&bytes, FORMAT_VERSION) {
        Ok(manifest) => manifest,
        Err(Unreadable::Damaged(message)) => return Err(objects.corrupt(&path, 0, message)),
        Err(Unreadable::Version(version)) => {
            let message = format!(
                "manifest {} is in format {version}, which this server does not know",
                objects.shown(&path).display()
            );
            let hint =
                format!("this server reads format {FORMAT_VERSION}; use the one that wrote the manifest");
            return Err(SqlError::unsupported(message, hint).into());
        }
    };
    if manifest.number != number || !manifest.streams.iter().all(StreamManifest::is_dense) {
        return Err(objects.corrupt(&path, 0, "its parts do not fit together"));
    }
    Ok(manifest)
}

/// Commits a manifest's document under its number. Where that was refused the same document can be committed again. It
/// is final that another server has taken the store over, and that a local disk is in a state that is not known.
pub(super) async fn commit(objects: &Objects, number: u64, document: Bytes) -> Result<(), Failure> {
    match objects.create(&path(number), document).await.map_err(Failure::Refused)? {
        Created::Done => {}
        Created::Taken => return Err(taken(objects, number)),
        Created::Unsure(error) if objects.is_local() => return Err(Failure::Final(error)),
        Created::Unsure(error) => return Err(Failure::Refused(error)),
    }
    // Whoever has gone on for long meanwhile has removed a manifest of this number again.
    match numbers(objects).await.map_err(Failure::Refused)?.last() {
        Some(newest) if *newest > number => Err(taken(objects, *newest)),
        _ => Ok(()),
    }
}

fn taken(objects: &Objects, number: u64) -> Failure {
    let message = format!("another server has written manifest {number} of {}", objects.url());
    let error = SqlError::new(SqlState::ObjectNotInPrerequisiteState, message);
    Failure::Final(error.with_hint("two servers must not share an object store").into())
}

/// The manifest with which a log takes a store that has none: nothing is sealed yet, but another database is refused.
pub(super) fn first(log_id: u64) -> Manifest {
    Manifest {
        format_version: FORMAT_VERSION,
        number: 1,
        log_id: format!("{log_id:016x}"),
        lsn: 0,
        commit_time: 0,
        next_object: 0,
        definitions: Vec::new(),
        sinks: Vec::new(),
        streams: Vec::new(),
        crc32c: document::unsealed(),
    }
}

/// Removes the manifests before the newest few.
pub(super) async fn remove_old(objects: &Objects, newest: u64) -> Result<()> {
    for number in numbers(objects).await? {
        if number + (KEPT as u64) <= newest {
            objects.delete(&path(number)).await?;
        }
    }
    Ok(())
}

/// What the log defines at an LSN, as far as it is durable.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Definitions {
    /// Living objects: the commit that made each, and its text.
    pub objects: BTreeMap<ObjectId, (Lsn, String)>,
    /// The least object id that was never given.
    pub next_object: u64,
    /// How far each sink got.
    pub sinks: BTreeMap<ObjectId, Lsn>,
}

impl Definitions {
    /// An object was made, or changed.
    pub fn define(&mut self, lsn: Lsn, id: ObjectId, sql: &str) {
        let made = self.objects.get(&id).map_or(lsn, |(made, _)| *made);
        self.objects.insert(id, (made, sql.to_owned()));
        self.next_object = self.next_object.max(id.0 + 1);
    }

    /// Objects were dropped.
    pub fn drop_objects(&mut self, ids: &[ObjectId]) {
        for id in ids {
            self.objects.remove(id);
            self.sinks.remove(id);
        }
    }

    /// What a manifest says.
    pub fn of(manifest: &Manifest) -> Self {
        let objects = manifest.definitions.iter();
        let sinks = manifest.sinks.iter();
        Self {
            objects: objects.map(|object| (ObjectId(object.id), (object.lsn, object.sql.clone()))).collect(),
            next_object: manifest.next_object,
            sinks: sinks.map(|sink| (ObjectId(sink.sink), sink.lsn)).collect(),
        }
    }

    /// The members of a manifest.
    pub fn members(&self) -> (Vec<Definition>, Vec<SinkPosition>) {
        let definition = |(id, (lsn, sql)): (&ObjectId, &(Lsn, String))| Definition {
            id: id.0,
            lsn: *lsn,
            sql: sql.clone(),
        };
        let sink = |(sink, lsn): (&ObjectId, &Lsn)| SinkPosition { sink: sink.0, lsn: *lsn };
        (self.objects.iter().map(definition).collect(), self.sinks.iter().map(sink).collect())
    }
}

/// A log id of a manifest; an error's message if it is none.
pub(crate) fn log_id_of(manifest: &Manifest) -> Result<u64> {
    u64::from_str_radix(&manifest.log_id, 16)
        .map_err(|_| Error::internal(format!("manifest {} has no log id", manifest.number)))
}
