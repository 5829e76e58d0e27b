//! Closing windows by hand: how far the watermark must go.

use millstream_catalog::Object;
use millstream_sql::plan::{Lateness, Node, Operator};
use millstream_sql::windows::Window;

use super::Engine;
use crate::{Error, Result};

impl Engine {
    /// The least watermark of a stream, in µs, at which every window that a view has opened for its rows is closed;
    /// None while the stream has no event time yet. It is finite: rows that come later, for later windows, are
    /// not late.
    pub fn watermark_that_closes(&self, stream: &Object) -> Result<Option<i64>> {
        let tail = self.log.stream(stream.id);
        let tail = tail.ok_or_else(|| Error::internal(format!("stream {} has no tail", stream.name)))?;
        let jobs = self.jobs();
        let readers = jobs.iter().filter(|job| job.plan.streams.contains(&stream.id));
        let reach = readers.map(|job| reach(&job.plan.root)).max().unwrap_or(0);
        // A watermark that is level with the last row says that it has been.
        Ok(tail.greatest_event_time().map(|last| last.saturating_add(reach.max(1))))
    }
}

/// How long after a row's event time the last window that holds it, or what was computed of it, closes at most, in µs.
fn reach(node: &Node) -> i64 {
    let own = match &node.operator {
        Operator::Window { window, late, .. } => after(window, *late),
        Operator::Aggregate { slices, close, .. } => {
            let window = slices.as_ref().map_or(0, |slices| after(&slices.window, slices.late));
            window.max(close.map_or(0, |close| close.plus_us.saturating_add(grace(close.lateness))))
        }
        _ => 0,
    };
    let below = node.inputs.iter().map(reach).max().unwrap_or(0);
    own.saturating_add(below)
}

fn after(window: &Window, late: Option<Lateness>) -> i64 {
    window.size_us.saturating_add(late.map_or(0, grace))
}

fn grace(lateness: Lateness) -> i64 {
    lateness.allowed_us.saturating_add(lateness.delay_us)
}
