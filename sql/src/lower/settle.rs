//! What each operator promises of its output: append-only, keys, watermarks; where late rows are left out; and
//! which groups appear once, when their window closes.
//!
//! Rules, from the inputs up:
//! - A stream is append-only; its event-time column carries the stream's watermark without delay.
//! - A window's end and start carry the watermark of its time column, the start `size` later.
//! - Projections keep what they pass on unchanged. A union keeps watermarks only when all its inputs read the same
//!   one stream: over different streams there is no one log order of rows to measure them by.
//! - An aggregate's output is updating, except DISTINCT over append-only input, and except a closing one: its
//!   rows appear once, and its window columns then carry the watermark with the view's lateness added.

use std::collections::BTreeSet;

use millstream_catalog::Emit;

use super::{Draft, Terms, column_index};
use crate::error::{SqlError, SqlResult};
use crate::plan::{Close, Lateness, Operator, WatermarkColumn, WindowPart};
use crate::windows::WINDOW_TIME_BEFORE_END_US;

/// A column that carries a watermark, while a plan is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mark {
    pub column: usize,
    pub delay_us: i64,
    pub kind: MarkKind,
    /// The grace of the view that made the window is in `delay_us` already.
    pub settled: bool,
}

/// What kind of time a marked column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MarkKind {
    /// Event time of a row.
    Time,
    /// The start (or Flink's time) of a window.
    Edge,
    /// The exclusive end of a window.
    End,
}

impl Mark {
    /// The event-time column of a stream.
    pub(crate) fn event_time(column: usize) -> Self {
        Self { column, delay_us: 0, kind: MarkKind::Time, settled: false }
    }

    /// The mark as plans show it.
    pub(crate) fn column(&self) -> WatermarkColumn {
        let window_end = self.kind == MarkKind::End;
        WatermarkColumn { column: self.column, delay_us: self.delay_us, window_end }
    }

    fn is_window(&self) -> bool {
        self.kind != MarkKind::Time
    }
}

/// Settles the plan of one view, then seals its window columns: whoever reads them waits for this view's grace.
pub(super) fn settle_view(draft: Draft, terms: Terms) -> SqlResult<Draft> {
    let mut draft = settle(draft, terms)?;
    if terms.emit == Emit::OnWindowClose {
        let closed = draft.marks.iter().any(|mark| mark.is_window() && mark.settled) || closes(&draft);
        if !closed || !draft.append_only {
            return Err(cannot_close("a query without GROUP BY over a window"));
        }
    }
    for mark in &mut draft.marks {
        seal(mark, terms);
    }
    Ok(draft)
}

fn seal(mark: &mut Mark, terms: Terms) {
    if mark.is_window() && !mark.settled {
        mark.delay_us = mark.delay_us.saturating_add(terms.allowed_us);
        mark.settled = true;
    }
}

fn closes(draft: &Draft) -> bool {
    matches!(draft.operator, Operator::Aggregate { close: Some(_), .. }) || draft.inputs.iter().any(closes)
}

fn has_window(draft: &Draft) -> bool {
    matches!(draft.operator, Operator::Window { .. }) || draft.inputs.iter().any(has_window)
}

fn cannot_close(what: &str) -> SqlError {
    SqlError::unsupported(
        format!("EMIT ON WINDOW CLOSE cannot be used with {what}"),
        "group by window_end or window_start of a TUMBLE or HOP over a column with a watermark (WATERMARK FOR … in \
         CREATE STREAM), or use EMIT ON UPDATE",
    )
}

fn settle(draft: Draft, terms: Terms) -> SqlResult<Draft> {
    if draft.sealed {
        return Ok(draft);
    }
    let Draft { operator, inputs, schema, marks: source_marks, .. } = draft;
    let inputs = inputs.into_iter().map(|input| settle(input, terms)).collect::<SqlResult<Vec<_>>>()?;
    let streams: BTreeSet<_> = inputs.iter().flat_map(|input| input.streams.iter().copied()).collect();
    let mut draft = Draft { streams, ..Draft::new(operator, inputs, schema) };
    draft.append_only = draft.inputs.iter().all(|input| input.append_only);
    match &mut draft.operator {
        // Sources are settled where they are made: only there is the stream known.
        Operator::Source { stream, .. } => {
            draft.streams.insert(*stream);
            draft.marks = source_marks;
        }
        Operator::Values(_) => {}
        Operator::Filter(_) => {
            draft.key = draft.inputs[0].key.clone();
            draft.marks = draft.inputs[0].marks.clone();
        }
        Operator::Project(expressions) => {
            let input = &draft.inputs[0];
            let passed: Vec<Option<usize>> = expressions.iter().map(column_index).collect();
            let place = |old: usize| passed.iter().position(|column| *column == Some(old));
            let place_of_key =
                |column: &usize| place(*column).or_else(|| same_window(input, *column).find_map(place));
            draft.key = input.key.as_ref().and_then(|key| key.iter().map(place_of_key).collect());
            if let Some(key) = &mut draft.key {
                let mut seen = BTreeSet::new();
                key.retain(|column| seen.insert(*column));
            }
            draft.marks = passed
                .iter()
                .enumerate()
                .flat_map(|(column, old)| {
                    let of_old = input.marks.iter().filter(move |mark| Some(mark.column) == *old);
                    of_old.map(move |mark| Mark { column, ..*mark })
                })
                .collect();
        }
        Operator::Window { window, time_column, late } => {
            let input = &draft.inputs[0];
            let width = input.width();
            draft.key = input.key.clone().map(|mut key| {
                key.push(width);
                key
            });
            draft.marks = input.marks.clone();
            if let Some(time) = input.marks.iter().find(|mark| mark.column == *time_column) {
                let delay_us = time.delay_us;
                *late = Some(Lateness { allowed_us: terms.allowed_us, delay_us });
                let edge = |column, kind, behind: i64| Mark {
                    column,
                    delay_us: delay_us.saturating_add(behind),
                    kind,
                    settled: false,
                };
                draft.marks.push(edge(width, MarkKind::Edge, window.size_us));
                draft.marks.push(edge(width + 1, MarkKind::End, 0));
                if window.with_window_time {
                    draft.marks.push(edge(width + 2, MarkKind::Edge, WINDOW_TIME_BEFORE_END_US));
                }
            }
        }
        Operator::Aggregate { .. } => settle_aggregate(&mut draft, terms)?,
        Operator::Union => draft.marks = union_marks(&draft),
    }
    Ok(draft)
}

/// The columns that tell the same window as one does: a window's start, end and time identify each other.
fn same_window(draft: &Draft, column: usize) -> Box<dyn Iterator<Item = usize> + '_> {
    match &draft.operator {
        Operator::Filter(_) => same_window(&draft.inputs[0], column),
        Operator::Aggregate { slices: Some(slices), .. }
            if matches!(slices.parts.get(column), Some(Some(_))) =>
        {
            Box::new((0..slices.parts.len()).filter(|part| slices.parts[*part].is_some()))
        }
        _ => Box::new(std::iter::empty()),
    }
}

fn settle_aggregate(draft: &mut Draft, terms: Terms) -> SqlResult<()> {
    let input = &draft.inputs[0];
    let input_append_only = input.append_only;
    let Operator::Aggregate { keys, aggregates, slices, close } = &mut draft.operator else { return Ok(()) };
    draft.key = Some((0..keys.len()).collect());
    // The window marks of the group keys, as marks of the output.
    let mut marks = vec![];
    if let Some(slices) = slices {
        let time = input.marks.iter().find(|mark| mark.column == slices.time_column);
        slices.late = time.map(|mark| Lateness { allowed_us: terms.allowed_us, delay_us: mark.delay_us });
        if let Some(late) = &slices.late {
            for (column, part) in slices.parts.iter().enumerate() {
                let (kind, behind) = match part {
                    None => continue,
                    Some(WindowPart::End) => (MarkKind::End, 0),
                    Some(WindowPart::Start) => (MarkKind::Edge, slices.window.size_us),
                    Some(WindowPart::Time) => (MarkKind::Edge, WINDOW_TIME_BEFORE_END_US),
                };
                let delay_us = late.delay_us.saturating_add(behind);
                marks.push(Mark { column, delay_us, kind, settled: false });
            }
        }
    }
    for (column, key) in keys.iter().enumerate() {
        let index = column_index(key);
        let of_key = input.marks.iter().filter(|mark| Some(mark.column) == index && mark.is_window());
        marks.extend(of_key.map(|mark| Mark { column, ..*mark }));
    }
    let distinct = aggregates.is_empty() && !keys.is_empty();
    draft.append_only = input_append_only && distinct;
    if terms.emit != Emit::OnWindowClose {
        return Ok(());
    }
    if !input_append_only {
        return Err(cannot_close("an aggregate over rows that can change"));
    }
    let first = marks.iter().find(|mark| mark.kind == MarkKind::End).or(marks.first());
    let Some(mark) = first else {
        // DISTINCT over rows that never change needs no window to be final.
        return match (distinct, slices.is_some() || has_window(input)) {
            (true, _) => Ok(()),
            (false, true) => Err(cannot_close("a window that has no watermark")),
            (false, false) => Err(cannot_close("a GROUP BY that has no window in it")),
        };
    };
    // A start's delay holds the window's size already; take it out again, so that the plan reads as its rule.
    let plus_us = match (&slices, mark.kind) {
        (Some(slices), MarkKind::Edge) => match slices.parts[mark.column] {
            Some(WindowPart::Start) => slices.window.size_us,
            Some(WindowPart::Time) => WINDOW_TIME_BEFORE_END_US,
            _ => 0,
        },
        _ => 0,
    };
    let allowed_us = if mark.settled { 0 } else { terms.allowed_us };
    let lateness = Lateness { allowed_us, delay_us: mark.delay_us.saturating_sub(plus_us) };
    *close = Some(Close { key: mark.column, plus_us, lateness });
    for mark in &mut marks {
        seal(mark, terms);
    }
    draft.marks = marks;
    draft.append_only = true;
    Ok(())
}

fn union_marks(draft: &Draft) -> Vec<Mark> {
    let Some(first) = draft.inputs.first() else { return vec![] };
    if draft.streams.len() != 1 || draft.inputs.iter().any(|input| input.streams.len() != 1) {
        return vec![];
    }
    let shared = |mark: &Mark| -> Option<Mark> {
        let mut shared = *mark;
        for input in &draft.inputs[1..] {
            let same = |other: &&Mark| {
                other.column == mark.column && other.kind == mark.kind && other.settled == mark.settled
            };
            shared.delay_us = shared.delay_us.max(input.marks.iter().find(same)?.delay_us);
        }
        Some(shared)
    };
    first.marks.iter().filter_map(shared).collect()
}
