//! A group of commits on its way to a frame: LSNs are given, appends to one stream are put together, and what the
//! frame will do to each stream is worked out on copies, so that a frame that cannot be written changes nothing.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use millstream_catalog::ObjectId;
use millstream_sql::{SqlError, SqlState};

use super::assemble::{Gathering, Head, Piece};
use super::columns::push_buffers;
use super::record::{Append, Entry};
use super::tail::Update;
use super::{Lsn, StreamTail};
use crate::{Error, Result};

/// An entry that was checked and has all that the committer needs.
#[derive(Debug)]
pub(super) enum Prepared {
    Append { tail: Arc<StreamTail>, piece: Piece },
    Ddl { id: ObjectId, sql: String },
    Drop { ids: Vec<ObjectId>, sql: String },
    Tick { tail: Arc<StreamTail>, watermark: i64 },
    SinkProgress { sink: ObjectId, lsn: Lsn },
}

/// A group while it is put together.
#[derive(Debug)]
pub(super) struct Stage {
    first_lsn: Lsn,
    next_lsn: Lsn,
    time: i64,
    items: Vec<Item>,
    /// The item that the next rows of a stream may join; none after a tick, which stands between rows.
    open: HashMap<ObjectId, usize>,
    dropped: HashSet<ObjectId>,
}

#[derive(Debug)]
enum Item {
    Append { tail: Arc<StreamTail>, gathering: Gathering, last_lsn: Lsn },
    Tick { tail: Arc<StreamTail>, lsn: Lsn, watermark: i64 },
    Other(Entry),
}

/// A group that is ready to be written.
#[derive(Debug)]
pub(super) struct Staged {
    pub first_lsn: Lsn,
    pub time: i64,
    pub commits: u32,
    pub entries: Vec<Entry>,
    pub effects: Vec<Effect>,
    pub dropped: HashSet<ObjectId>,
}

/// What a frame does to one stream.
#[derive(Debug)]
pub(super) struct Effect {
    pub tail: Arc<StreamTail>,
    /// Where the stream stands afterwards.
    pub head: Head,
    pub updates: Vec<Update>,
    pub last_lsn: Lsn,
}

impl Effect {
    /// The memory that its rows take, in bytes.
    pub fn bytes(&self) -> usize {
        let rows = self.updates.iter().map(|update| match update {
            Update::Rows(chunk, _) => chunk.memory_bytes(),
            Update::Tick(_) => 0,
        });
        rows.sum()
    }
}

impl Stage {
    /// A group whose first commit is `first_lsn`.
    pub fn new(first_lsn: Lsn, time: i64) -> Self {
        let (items, open, dropped) = (Vec::new(), HashMap::new(), HashSet::new());
        Self { first_lsn, next_lsn: first_lsn, time, items, open, dropped }
    }

    /// Adds a commit. It is refused as a whole, and takes no LSN, when a stream of it is gone.
    pub fn add(&mut self, entries: Vec<Prepared>) -> Result<Lsn> {
        for entry in &entries {
            if let Prepared::Append { tail, .. } | Prepared::Tick { tail, .. } = entry
                && (tail.is_dropped() || self.dropped.contains(&tail.spec().id))
            {
                return Err(gone(tail.spec().id));
            }
        }
        let lsn = self.next_lsn;
        for entry in entries {
            self.entry(lsn, entry);
        }
        self.next_lsn += 1;
        Ok(lsn)
    }

    /// Number of commits.
    pub fn commits(&self) -> u64 {
        self.next_lsn - self.first_lsn
    }

    /// Works out the frame's entries and what they do.
    pub fn finish(self) -> Result<Staged> {
        let Stage { first_lsn, next_lsn, time, items, dropped, .. } = self;
        let commits = (next_lsn - first_lsn) as u32;
        let mut effects = Effects::default();
        let mut entries = Vec::with_capacity(items.len());
        for item in items {
            entries.push(match item {
                Item::Append { tail, gathering, last_lsn } => effects.append(tail, gathering, last_lsn)?,
                Item::Tick { tail, lsn, watermark } => effects.tick(tail, lsn, watermark),
                Item::Other(entry) => entry,
            });
        }
        Ok(Staged { first_lsn, time, commits, entries, effects: effects.list, dropped })
    }

    fn entry(&mut self, lsn: Lsn, entry: Prepared) {
        let item = match entry {
            Prepared::Append { tail, piece } => return self.append(lsn, tail, piece),
            Prepared::Tick { tail, watermark } => {
                self.open.remove(&tail.spec().id);
                Item::Tick { tail, lsn, watermark }
            }
            Prepared::Ddl { id, sql } => Item::Other(Entry::Ddl { lsn, id, sql }),
            Prepared::Drop { ids, sql } => {
                self.dropped.extend(&ids);
                Item::Other(Entry::Drop { lsn, ids, sql })
            }
            Prepared::SinkProgress { sink, lsn: reached } => {
                Item::Other(Entry::SinkProgress { lsn, sink, reached })
            }
        };
        self.items.push(item);
    }

    fn append(&mut self, lsn: Lsn, tail: Arc<StreamTail>, piece: Piece) {
        let rows = piece.batch.num_rows();
        if rows == 0 {
            return;
        }
        let stream = tail.spec().id;
        if let Some(Item::Append { gathering, last_lsn, .. }) =
            self.open.get(&stream).map(|open| &mut self.items[*open])
            && gathering.takes(lsn, self.time, rows, piece.bytes)
        {
            *last_lsn = lsn;
            return gathering.push(lsn, self.time, piece);
        }
        let mut gathering = Gathering::default();
        gathering.push(lsn, self.time, piece);
        self.open.insert(stream, self.items.len());
        self.items.push(Item::Append { tail, gathering, last_lsn: lsn });
    }
}

#[derive(Debug, Default)]
struct Effects {
    list: Vec<Effect>,
    by_stream: HashMap<ObjectId, usize>,
}

impl Effects {
    fn append(&mut self, tail: Arc<StreamTail>, gathering: Gathering, last_lsn: Lsn) -> Result<Entry> {
        let spec = tail.spec().clone();
        let effect = self.of(tail);
        let watermark = effect.head.watermark;
        let chunk = effect.head.seal(&spec, gathering)?;
        let mut buffers = Vec::with_capacity(3 * chunk.batch.num_columns());
        for column in chunk.batch.columns() {
            push_buffers(column.as_ref(), &mut buffers)?;
        }
        let runs =
            (0..chunk.runs.count()).map(|run| (chunk.runs.lsn(run), chunk.runs.range(run).len() as u32));
        let entry = Entry::Append(Append {
            stream: spec.id,
            first_row: chunk.first_row,
            watermark,
            rows: chunk.rows() as u32,
            runs: runs.collect(),
            partitions: chunk.partitions.as_ref().map(|partitions| partitions.rows.clone()),
            buffers,
        });
        effect.updates.push(Update::Rows(chunk, effect.head.watermark));
        effect.last_lsn = last_lsn;
        Ok(entry)
    }

    fn tick(&mut self, tail: Arc<StreamTail>, lsn: Lsn, watermark: i64) -> Entry {
        let stream = tail.spec().id;
        let effect = self.of(tail);
        effect.updates.extend(effect.head.tick(lsn, watermark).map(Update::Tick));
        effect.last_lsn = lsn;
        Entry::Tick { lsn, stream, watermark }
    }

    fn of(&mut self, tail: Arc<StreamTail>) -> &mut Effect {
        let index = *self.by_stream.entry(tail.spec().id).or_insert_with(|| {
            let head = tail.head().lock().clone();
            self.list.push(Effect { tail, head, updates: Vec::new(), last_lsn: 0 });
            self.list.len() - 1
        });
        &mut self.list[index]
    }
}

/// 42P01 for a stream that was dropped meanwhile.
pub(super) fn gone(stream: ObjectId) -> Error {
    SqlError::new(SqlState::UndefinedTable, format!("stream {stream} does not exist"))
        .with_detail("it was dropped by another session")
        .into()
}
