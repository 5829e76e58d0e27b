//! Frames: which rows of its partition a function sees from each row.
//!
//! ```text
//!  partition   a a b b b c d d
//!  peers       └─┘ └───┘ │ └─┘          rows that ORDER BY does not tell apart
//!  row             ▲
//!  ROWS   1 PRECEDING .. 1 FOLLOWING:    a[a b b]b c d d
//!  GROUPS 1 PRECEDING .. 1 FOLLOWING:   [a a b b b c]d d
//! ```
//!
//! Over the rows of one partition both bounds only ever move forward.

use std::ops::Range;

use arrow::array::{Array, ArrayRef};
use millstream_catalog::Kind;

use super::call::{Bound, Exclusion, Frame, Units};
use super::range::{Distance, Ranged};
use crate::error::{SqlError, SqlResult, SqlState};
use crate::types::leaf;

/// A partition of sorted rows.
#[derive(Debug, Clone, Copy)]
pub(super) struct Partition<'a> {
    /// Its first row.
    pub start: usize,
    /// The row after its last.
    pub end: usize,
    /// The first row of each of its groups of peers.
    pub groups: &'a [u32],
}

impl Partition<'_> {
    /// The rows of a group of peers.
    pub fn group(&self, index: usize) -> Range<usize> {
        let end = self.groups.get(index + 1).map_or(self.end, |next| *next as usize);
        self.groups[index] as usize..end
    }
}

/// A frame with its distances known.
#[derive(Debug)]
pub(super) struct Reach {
    units: Units,
    start: Edge,
    end: Edge,
    pub exclusion: Exclusion,
    /// RANGE with a distance: the values, and how they are ordered.
    ranged: Option<(Ranged, bool, bool)>,
}

/// A bound with its distance.
#[derive(Debug)]
enum Edge {
    Unbounded,
    CurrentRow,
    /// Rows, or groups: before (or after).
    Count(usize, bool),
    /// A distance of values: before (or after).
    Away(Distance, bool),
}

/// The columns of a frame's expressions.
#[derive(Debug, Default)]
pub(super) struct Columns {
    pub start: Option<ArrayRef>,
    pub end: Option<ArrayRef>,
    pub value: Option<ArrayRef>,
}

impl Reach {
    /// A frame over sorted rows, of which there is one at least: the distances are those of the first.
    pub fn new(frame: &Frame, columns: &Columns, ascending: bool, nulls_first: bool) -> SqlResult<Self> {
        let ranged = match (&frame.range, &columns.value) {
            (Some((kind, zone)), Some(value)) => {
                Some((Ranged::new(value, *kind, *zone)?, ascending, nulls_first))
            }
            _ => None,
        };
        let start = edge(frame.start, frame, columns.start.as_ref(), "starting")?;
        let end = edge(frame.end, frame, columns.end.as_ref(), "ending")?;
        Ok(Self { units: frame.units, start, end, exclusion: frame.exclusion, ranged })
    }

    /// Whether each frame begins where its partition does.
    pub fn starts_at_first(&self) -> bool {
        matches!(self.start, Edge::Unbounded)
    }

    /// The frame of each row of a partition, without a look at EXCLUDE; an empty one begins where it ends.
    pub fn frames(&self, partition: &Partition<'_>) -> SqlResult<Vec<Range<usize>>> {
        let mut frames = Vec::with_capacity(partition.end - partition.start);
        let (mut head, mut tail) = (partition.start, partition.start);
        for group in 0..partition.groups.len() {
            for row in partition.group(group) {
                let start = match &self.start {
                    Edge::Unbounded => partition.start,
                    Edge::CurrentRow => match self.units {
                        Units::Rows => row,
                        _ => partition.groups[group] as usize,
                    },
                    Edge::Count(count, before) => match (self.units, before) {
                        (Units::Rows, true) => row.saturating_sub(*count).max(partition.start),
                        (Units::Rows, false) => row.saturating_add(*count).min(partition.end),
                        (_, true) => partition.groups[group.saturating_sub(*count)] as usize,
                        (_, false) => match partition.groups.get(group.saturating_add(*count)) {
                            Some(first) => *first as usize,
                            None => partition.end,
                        },
                    },
                    Edge::Away(distance, before) => {
                        head = self.moved(partition, head, row, distance, *before, true)?;
                        head
                    }
                };
                let end = match &self.end {
                    Edge::Unbounded => partition.end,
                    Edge::CurrentRow => match self.units {
                        Units::Rows => row + 1,
                        _ => partition.group(group).end,
                    },
                    Edge::Count(count, before) => match (self.units, before) {
                        (Units::Rows, true) => (row + 1).saturating_sub(*count).max(partition.start),
                        (Units::Rows, false) => {
                            row.saturating_add(*count).saturating_add(1).min(partition.end)
                        }
                        (_, true) if *count > group => partition.start,
                        (_, true) => partition.group(group - count).end,
                        (_, false) => {
                            let last = group.saturating_add(*count).min(partition.groups.len() - 1);
                            partition.group(last).end
                        }
                    },
                    Edge::Away(distance, before) => {
                        tail = self.moved(partition, tail, row, distance, *before, false)?;
                        tail
                    }
                };
                frames.push(start..end.max(start));
            }
        }
        Ok(frames)
    }

    /// Moves a bound of a RANGE forward to where it is for a row.
    fn moved(
        &self,
        partition: &Partition<'_>,
        mut bound: usize,
        row: usize,
        distance: &Distance,
        before: bool,
        is_start: bool,
    ) -> SqlResult<usize> {
        let Some((ranged, ascending, nulls_first)) = &self.ranged else {
            return Err(SqlError::internal("a distance without values"));
        };
        let row_is_null = ranged.is_null(row);
        while bound < partition.end {
            let bound_is_null = ranged.is_null(bound);
            let stays = if bound_is_null || row_is_null {
                // NULL is as far from all else as can be, and has its peers about it.
                match (is_start, nulls_first) {
                    (true, true) => !bound_is_null || row_is_null,
                    (true, false) => bound_is_null || !row_is_null,
                    (false, true) => !bound_is_null && row_is_null,
                    (false, false) => bound_is_null && !row_is_null,
                }
            } else {
                // In descending order what comes before is greater.
                let subtract = before == *ascending;
                let at_most = *ascending != is_start;
                let within = ranged.within(bound, row, distance, subtract, at_most)?;
                if is_start { within } else { !within }
            };
            if stays {
                break;
            }
            bound += 1;
        }
        Ok(bound)
    }
}

fn edge(bound: Bound, frame: &Frame, column: Option<&ArrayRef>, what: &str) -> SqlResult<Edge> {
    let before = match bound {
        Bound::Unbounded => return Ok(Edge::Unbounded),
        Bound::CurrentRow => return Ok(Edge::CurrentRow),
        Bound::Preceding => true,
        Bound::Following => false,
    };
    let Some(column) = column else { return Err(SqlError::internal("a bound without its distance")) };
    if column.is_null(0) {
        let message = format!("frame {what} offset must not be null");
        return Err(SqlError::new(SqlState::NullNotAllowed, message));
    }
    let array = column.as_ref();
    let whole = || leaf::primitive_at::<arrow::datatypes::Int64Type>(array, 0);
    if frame.units != Units::Range {
        let count = usize::try_from(whole()?).map_err(|_| {
            let message = format!("frame {what} offset must not be negative");
            SqlError::new(SqlState::InvalidFrameOffset, message)
        })?;
        return Ok(Edge::Count(count, before));
    }
    let distance = match frame.range {
        Some((Kind::Int2 | Kind::Int4 | Kind::Int8, _)) => Distance::Whole(whole()?),
        Some((Kind::Float4 | Kind::Float8, _)) => {
            Distance::Float(leaf::primitive_at::<arrow::datatypes::Float64Type>(array, 0)?)
        }
        Some((Kind::Numeric, _)) => Distance::Numeric(leaf::numeric_at(array, 0)?),
        _ => Distance::Interval(leaf::interval_at(array, 0)?),
    };
    Ok(Edge::Away(distance, before))
}

/// The rows of a frame, in up to three ranges: what is between its bounds without what EXCLUDE names.
pub(super) fn kept(
    frame: &Range<usize>,
    row: usize,
    peers: &Range<usize>,
    exclusion: Exclusion,
) -> [Range<usize>; 3] {
    let between = |start: usize, end: usize| {
        let start = start.max(frame.start);
        start..end.min(frame.end).max(start)
    };
    let nothing = 0..0;
    match exclusion {
        Exclusion::NoOthers => [frame.clone(), nothing.clone(), nothing],
        Exclusion::CurrentRow => [between(0, row), between(row + 1, usize::MAX), nothing],
        Exclusion::Group => [between(0, peers.start), between(peers.end, usize::MAX), nothing],
        Exclusion::Ties => [between(0, peers.start), between(row, row + 1), between(peers.end, usize::MAX)],
    }
}
