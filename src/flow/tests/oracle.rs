//! The naive meaning: every row put into every window, every group's rows kept, every aggregate computed from them.

use std::collections::{BTreeMap, HashMap, HashSet};

use datafusion::scalar::ScalarValue;
use millstream_sql::plan::Lateness;
use millstream_sql::windows::Window;

use super::harness::{Row, Values, View, show};
use crate::flow::delta::NO_WATERMARK;

/// The windows that hold a time, by the definition, earliest first.
pub(super) fn windows_of(time: i64, window: &Window) -> Vec<(i64, i64)> {
    let mut found = vec![];
    for start in time - window.size_us - 1..=time {
        if (start - window.offset_us).rem_euclid(window.slide_us) == 0
            && start <= time
            && time < start + window.size_us
        {
            found.push((start, start + window.size_us));
        }
    }
    found
}

pub(super) fn is_closed(end: i64, watermark: i64, lateness: &Lateness) -> bool {
    watermark != NO_WATERMARK && end + lateness.allowed_us <= watermark - lateness.delay_us
}

/// Pairs of rows and windows that are not late; late pairs, late rows, and the last ten of these.
pub(super) struct Assigned<'a> {
    pub pairs: Vec<(&'a Row, (i64, i64))>,
    pub late_pairs: u64,
    pub late_rows: Vec<u64>,
}

pub(super) fn assign<'a>(rows: &'a [Row], window: &Window, lateness: Option<&Lateness>) -> Assigned<'a> {
    let mut assigned = Assigned { pairs: vec![], late_pairs: 0, late_rows: vec![] };
    for (number, row) in rows.iter().enumerate() {
        let Some(time) = row.t else { continue };
        let mut is_late = false;
        for bounds in windows_of(time, window) {
            if lateness.is_some_and(|lateness| is_closed(bounds.1, row.watermark, lateness)) {
                assigned.late_pairs += 1;
                is_late = true;
            } else {
                assigned.pairs.push((row, bounds));
            }
        }
        if is_late {
            assigned.late_rows.push(number as u64);
        }
    }
    assigned
}

/// The results of the property tests' aggregates over a group's rows.
pub(super) fn results(rows: &[&Row]) -> Values {
    let vs: Vec<i64> = rows.iter().filter_map(|row| row.v).collect();
    let fs: Vec<f64> = rows.iter().filter_map(|row| row.f).collect();
    let distinct: HashSet<i64> = vs.iter().copied().collect();
    let positive: Vec<i64> = vs.iter().copied().filter(|v| *v > 0).collect();
    let floats: HashSet<u64> = fs.iter().map(|f| f.to_bits()).collect();
    let some = |empty: bool, value: i64| ScalarValue::Int64((!empty).then_some(value));
    let mean = fs.iter().sum::<f64>() / fs.len() as f64;
    let variance = fs.iter().map(|f| (f - mean) * (f - mean)).sum::<f64>() / fs.len() as f64;
    let float = |value: f64| ScalarValue::Float64((!fs.is_empty()).then_some(value));
    [
        ScalarValue::Int64(Some(rows.len() as i64)),
        ScalarValue::Int64(Some(vs.len() as i64)),
        some(vs.is_empty(), vs.iter().sum()),
        float(mean),
        ScalarValue::Int64(vs.iter().min().copied()),
        ScalarValue::Utf8(rows.iter().filter_map(|row| row.s).max().map(str::to_owned)),
        ScalarValue::Int64(Some(distinct.len() as i64)),
        some(distinct.is_empty(), distinct.iter().sum()),
        some(positive.is_empty(), positive.iter().sum()),
        ScalarValue::Boolean(rows.iter().filter_map(|row| row.b).reduce(|a, b| a && b)),
        ScalarValue::Boolean(rows.iter().filter_map(|row| row.b).reduce(|a, b| a || b)),
        float(variance),
        float(floats.iter().map(|bits| f64::from_bits(*bits)).sum()),
        float(fs.iter().copied().fold(f64::NEG_INFINITY, f64::max)),
    ]
    .iter()
    .map(show)
    .collect()
}

/// The key columns among (k, s) that a test groups by.
pub(super) fn ordinary(row: &Row, keys: usize) -> Values {
    let all = [ScalarValue::Int64(row.k), ScalarValue::Utf8(row.s.map(str::to_owned))];
    all[..keys].iter().map(show).collect()
}

pub(super) fn time(value: i64) -> String {
    show(&ScalarValue::TimestampMicrosecond(Some(value), None))
}

/// GROUP BY the first `keys` of (k, s), window_start, window_end; windows for which `shown` is false are left out.
pub(super) fn windowed_view(pairs: &[(&Row, (i64, i64))], keys: usize, shown: impl Fn(i64) -> bool) -> View {
    let mut groups: BTreeMap<Values, Vec<&Row>> = BTreeMap::new();
    for (row, (start, end)) in pairs.iter().filter(|(_, (_, end))| shown(*end)) {
        let mut key = ordinary(row, keys);
        key.extend([time(*start), time(*end)]);
        groups.entry(key).or_default().push(row);
    }
    view_of(groups.into_iter().map(|(key, rows)| (key, results(&rows))))
}

pub(super) fn view_of(groups: impl Iterator<Item = (Values, Values)>) -> View {
    let mut rows = HashMap::new();
    for (mut key, results) in groups {
        key.extend(results);
        *rows.entry(key).or_insert(0) += 1;
    }
    View { rows }
}
