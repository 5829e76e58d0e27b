//! What a log of these commits must hold, worked out row by row.

use std::collections::BTreeMap;

use super::ledger::{Part, Row};
use crate::flow::delta::NO_WATERMARK;
use crate::log::Lsn;

/// How far the watermark of a stream with event time stays behind.
pub const DELAY_US: i64 = 2_000_000;
/// Size of tumbling and hopping windows.
pub const SIZE_US: i64 = 10_000_000;
/// Slide of hopping windows.
pub const SLIDE_US: i64 = 5_000_000;
/// Lateness that `tumbles` allows.
pub const ALLOWED_US: i64 = 3_000_000;

/// The database after some commits.
#[derive(Debug, Default)]
pub struct Model {
    /// Living objects by id: their names.
    pub objects: BTreeMap<u64, String>,
    pub streams: BTreeMap<u64, StreamModel>,
    pub next_object: u64,
}

/// A stream.
#[derive(Debug, Default)]
pub struct StreamModel {
    pub name: String,
    pub timed: bool,
    pub rows: Vec<PlacedRow>,
    pub watermark: i64,
    offsets: Vec<i64>,
}

/// A row in its stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlacedRow {
    pub row: Row,
    pub lsn: Lsn,
    pub offset: i64,
    /// The watermark before it.
    pub watermark: i64,
}

/// The contents of a view as sorted rows of numbers, and how many rows came too late.
#[derive(Debug, PartialEq, Eq)]
pub struct ViewModel {
    pub rows: Vec<Vec<i128>>,
    pub late_rows: u64,
    pub late_pairs: u64,
}

impl Model {
    /// The database after these commits.
    pub fn of(commits: &[Vec<Part>]) -> Self {
        let mut model = Model::default();
        for (commit, lsn) in commits.iter().zip(1..) {
            commit.iter().for_each(|part| model.apply(part, lsn));
        }
        model
    }

    fn apply(&mut self, part: &Part, lsn: Lsn) {
        match part {
            Part::Define { id, name, partitions } => {
                self.objects.insert(*id, name.clone());
                self.next_object = self.next_object.max(id + 1);
                if *partitions > 0 {
                    let stream = StreamModel {
                        name: name.clone(),
                        timed: name == "timed",
                        watermark: NO_WATERMARK,
                        offsets: vec![0; *partitions],
                        ..StreamModel::default()
                    };
                    self.streams.insert(*id, stream);
                }
            }
            Part::Drop { ids } => ids.iter().for_each(|id| {
                self.objects.remove(id);
                self.streams.remove(id);
            }),
            Part::Tick { stream, watermark } => {
                let stream = self.streams.get_mut(stream).unwrap();
                stream.watermark = stream.watermark.max(*watermark);
            }
            Part::Rows { stream, rows } => {
                let stream = self.streams.get_mut(stream).unwrap();
                for row in rows {
                    let next = &mut stream.offsets[row.partition as usize];
                    let watermark = stream.watermark;
                    stream.rows.push(PlacedRow { row: *row, lsn, offset: *next, watermark });
                    *next += 1;
                    if stream.timed {
                        stream.watermark = watermark.max(row.at - DELAY_US);
                    }
                }
            }
        }
    }

    /// The stream of a name.
    pub fn stream(&self, name: &str) -> &StreamModel {
        self.streams.values().find(|stream| stream.name == name).unwrap()
    }

    /// The contents of a view by its name.
    pub fn view(&self, name: &str) -> ViewModel {
        match name {
            "sums" => {
                let mut groups: BTreeMap<i64, (i128, i128)> = BTreeMap::new();
                for placed in &self.stream("plain").rows {
                    let group = groups.entry(placed.row.k).or_default();
                    *group = (group.0 + i128::from(placed.row.v), group.1 + 1);
                }
                let rows = groups.into_iter().map(|(k, (total, n))| vec![k.into(), total, n]).collect();
                ViewModel { rows, late_rows: 0, late_pairs: 0 }
            }
            "tumbles" => self.windows(SIZE_US, ALLOWED_US, true, false),
            "finals" => self.windows(SIZE_US, 0, true, true),
            "hops" => self.windows(SLIDE_US, 0, false, false),
            other => panic!("no model of {other}"),
        }
    }

    /// Start, end, key if wanted, number of rows, their sum.
    fn windows(&self, slide: i64, allowed: i64, keyed: bool, closed_only: bool) -> ViewModel {
        let stream = self.stream("timed");
        let mut groups: BTreeMap<(i64, i64), (i128, i128)> = BTreeMap::new();
        let (mut late_rows, mut late_pairs) = (0, 0);
        let closed = |end: i64, watermark: i64| watermark != NO_WATERMARK && end + allowed <= watermark;
        for placed in &stream.rows {
            let last = placed.row.at.div_euclid(slide) * slide;
            let mut pairs = 0;
            let mut start = last;
            while start + SIZE_US > placed.row.at {
                match closed(start + SIZE_US, placed.watermark) {
                    true => pairs += 1,
                    false => {
                        let group = groups.entry((start, if keyed { placed.row.k } else { 0 })).or_default();
                        *group = (group.0 + 1, group.1 + i128::from(placed.row.v));
                    }
                }
                start -= slide;
            }
            late_pairs += pairs;
            late_rows += u64::from(pairs > 0);
        }
        let shown = groups
            .into_iter()
            .filter(|((start, _), _)| !closed_only || closed(start + SIZE_US, stream.watermark));
        let rows = shown.map(|((start, k), (n, total))| {
            let mut row = vec![i128::from(start), i128::from(start + SIZE_US)];
            row.extend(keyed.then_some(i128::from(k)));
            row.extend([n, total]);
            row
        });
        ViewModel { rows: rows.collect(), late_rows, late_pairs }
    }
}
