//! Random rows, windows, lateness, cuts, shards and restarts: the view is the oracle's at every cut.

use std::collections::BTreeMap;

use arrow::datatypes::DataType;
use datafusion::logical_expr::Operator as Op;
use datafusion::scalar::ScalarValue;
use millstream_sql::plan::{Aggregate, AggregateFunction as F, Close, Lateness, Operator};
use millstream_sql::windows::Window;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use super::harness::*;
use super::oracle::*;
use crate::flow::delta::NO_WATERMARK;

const CASES: usize = 80;

/// The aggregates of [`results`], in its order.
fn aggregates() -> Vec<Aggregate> {
    let distinct = |aggregate: Aggregate| Aggregate { distinct: true, ..aggregate };
    let positive = binary(column(V), Op::Gt, literal(ScalarValue::Int64(Some(0))));
    vec![
        count(),
        aggregate(F::Count, Some(V), DataType::Int64),
        aggregate(F::Sum, Some(V), DataType::Int64),
        aggregate(F::Avg, Some(F), DataType::Float64),
        aggregate(F::Min, Some(V), DataType::Int64),
        aggregate(F::Max, Some(S), DataType::Utf8),
        distinct(aggregate(F::Count, Some(V), DataType::Int64)),
        distinct(aggregate(F::Sum, Some(V), DataType::Int64)),
        Aggregate { filter: Some(positive), ..aggregate(F::Sum, Some(V), DataType::Int64) },
        aggregate(F::BoolAnd, Some(B), DataType::Boolean),
        aggregate(F::BoolOr, Some(B), DataType::Boolean),
        aggregate(F::VarPop, Some(F), DataType::Float64),
        distinct(aggregate(F::Sum, Some(F), DataType::Float64)),
        aggregate(F::Max, Some(F), DataType::Float64),
    ]
}

fn random_rows(random: &mut StdRng, delay: i64, ticks: bool) -> Vec<Row> {
    let texts = ["a", "b", "", "zebra", "ä"];
    let speed = random.random_range(0..4);
    let disorder = random.random_range(1..60);
    let mut now = random.random_range(-200..200i64);
    let mut rows: Vec<Row> = (0..random.random_range(1..250))
        .map(|_| {
            now += random.random_range(0..=speed);
            let maybe = |random: &mut StdRng| random.random_ratio(9, 10);
            Row {
                k: maybe(random).then(|| random.random_range(0..6)),
                s: maybe(random).then(|| texts[random.random_range(0..texts.len())]),
                t: maybe(random).then(|| now - random.random_range(0..disorder)),
                v: maybe(random).then(|| random.random_range(-5..10)),
                f: maybe(random).then(|| f64::from(random.random_range(-40..40)) / 4.0),
                b: maybe(random).then(|| random.random()),
                watermark: NO_WATERMARK,
            }
        })
        .collect();
    with_watermarks(&mut rows, delay);
    if ticks && rows.len() > 2 {
        // An ADVANCE WATERMARK in the middle.
        let at = random.random_range(0..rows.len());
        let ahead = rows[at].watermark.max(now - 50) + random.random_range(0..40);
        rows[at..].iter_mut().for_each(|row| row.watermark = row.watermark.max(ahead));
    }
    rows
}

pub(super) fn random_window(random: &mut StdRng) -> Window {
    let size = random.random_range(1..40i64);
    let slide = if random.random() { size } else { random.random_range(size.div_euclid(8).max(1)..=size) };
    Window {
        slide_us: slide,
        size_us: size,
        offset_us: random.random_range(-60..60),
        with_window_time: false,
    }
}

fn random_cuts(random: &mut StdRng, rows: &[Row], delay: i64) -> Vec<(usize, i64)> {
    let share = [1.0, 0.3, 0.05][random.random_range(0..3)];
    let mut ends: Vec<usize> = (0..rows.len()).filter(|_| random.random_bool(share)).collect();
    ends.push(rows.len());
    let at_end =
        rows.iter().map(|row| row.watermark).max().unwrap_or(NO_WATERMARK).max(watermark_after(rows, delay));
    ends.into_iter().map(|end| (end, rows.get(end).map_or(at_end, |row| row.watermark))).collect()
}

pub(super) struct Case {
    pub seed: u64,
    pub random: StdRng,
    pub rows: Vec<Row>,
    pub cuts: Vec<(usize, i64)>,
    pub restarts: Vec<usize>,
    pub shards: Vec<usize>,
    pub batch: usize,
}

pub(super) fn cases(name: &str, check: impl Fn(&mut Case)) {
    let fixed = std::env::var("FLOW_SEED").ok().and_then(|seed| seed.parse::<u64>().ok());
    for _ in 0..if fixed.is_some() { 1 } else { CASES } {
        let seed = fixed.unwrap_or_else(rand::random);
        let mut random = StdRng::seed_from_u64(seed);
        let delay = random.random_range(0..50);
        let ticks = random.random();
        let rows = random_rows(&mut random, delay, ticks);
        let cuts = random_cuts(&mut random, &rows, delay);
        let restarts = (0..cuts.len()).filter(|_| random.random_ratio(1, 4)).collect();
        let shards = (0..3).map(|_| random.random_range(1..5)).collect();
        let batch = [1, 7, 1000][random.random_range(0..3)];
        let mut case = Case { seed, random, rows, cuts, restarts, shards, batch };
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| check(&mut case)));
        if outcome.is_err() {
            panic!("{name} failed with FLOW_SEED={seed}");
        }
    }
}

impl Case {
    fn run<'a>(&'a self, plan: &'a millstream_sql::plan::FlowPlan, keys: Option<usize>) -> Run<'a> {
        let (rows, cuts, restarts, shards) = (&self.rows, &self.cuts, &self.restarts, &self.shards);
        Run { plan, rows, cuts, restarts, shards, batch: self.batch, keys }
    }

    pub(super) fn lateness(&mut self) -> Lateness {
        Lateness {
            allowed_us: [0, 5, 20][self.random.random_range(0..3)],
            delay_us: [0, 3][self.random.random_range(0..2)],
        }
    }
}

pub(super) fn compare(found: &View, wanted: &View, what: &str) {
    let missing: Vec<_> =
        wanted.rows.iter().filter(|(row, count)| found.rows.get(*row) != Some(count)).collect();
    let surplus: Vec<_> =
        found.rows.iter().filter(|(row, count)| wanted.rows.get(*row) != Some(count)).collect();
    assert!(missing.is_empty() && surplus.is_empty(), "{what}\nmissing {missing:#?}\nsurplus {surplus:#?}");
}

#[test]
fn windowed_aggregates_are_the_oracles_at_every_cut() {
    cases("windowed", |case| {
        let window = random_window(&mut case.random);
        let lateness = case.lateness();
        let keys = case.random.random_range(0..3usize);
        let (fused, closing): (bool, bool) = case.random.random();
        let close = closing.then_some(Close { key: keys + 1, plus_us: 0, lateness });
        let root = if fused {
            sliced(scan(), window, T, Some(lateness), &[K, S][..keys], aggregates(), close)
        } else {
            let ordinary: Vec<usize> = [K, S][..keys].iter().copied().chain([6, 7]).collect();
            grouped(windowed(scan(), window, T, Some(lateness)), &ordinary, aggregates(), close)
        };
        let plan = plan(root);
        let (views, flow) = case.run(&plan, Some(keys + 2)).views();
        for ((cut, watermark), view) in case.cuts.iter().zip(&views) {
            let assigned = assign(&case.rows[..*cut], &window, Some(&lateness));
            let shown = |end: i64| !closing || is_closed(end, *watermark, &lateness);
            let wanted = windowed_view(&assigned.pairs, keys, shown);
            compare(
                view,
                &wanted,
                &format!(
                    "at {cut}, fused {fused}, closing {closing}, {window:?}, {lateness:?}, seed {}",
                    case.seed
                ),
            );
        }
        let assigned = assign(&case.rows, &window, Some(&lateness));
        let late = flow.late();
        assert_eq!(
            (late.pairs, late.rows),
            (assigned.late_pairs, assigned.late_rows.len() as u64),
            "seed {}",
            case.seed
        );
        assert_eq!(late.last, assigned.late_rows[assigned.late_rows.len().saturating_sub(10)..]);
    });
}

#[test]
fn plain_groups_are_the_oracles_at_every_cut() {
    cases("plain", |case| {
        let keys = case.random.random_range(0..3usize);
        let plan = plan(grouped(scan(), &[K, S][..keys], aggregates(), None));
        let (views, _) = case.run(&plan, Some(keys)).views();
        for ((cut, _), view) in case.cuts.iter().zip(&views) {
            let mut groups: BTreeMap<Values, Vec<&Row>> = BTreeMap::new();
            if keys == 0 {
                groups.insert(vec![], vec![]);
            }
            case.rows[..*cut].iter().for_each(|row| groups.entry(ordinary(row, keys)).or_default().push(row));
            let wanted = view_of(groups.into_iter().map(|(key, rows)| (key, results(&rows))));
            compare(view, &wanted, &format!("at {cut}, {keys} keys, seed {}", case.seed));
        }
    });
}

/// One row for each (k, s), as [`changing`] gives it.
pub(super) fn newest(rows: &[Row]) -> Vec<Row> {
    let mut groups: BTreeMap<(Option<i64>, Option<&str>), Vec<&Row>> = BTreeMap::new();
    rows.iter().for_each(|row| groups.entry((row.k, row.s)).or_default().push(row));
    let collapse = |((k, s), rows): ((Option<i64>, Option<&'static str>), Vec<&Row>)| Row {
        k,
        s,
        t: rows.iter().filter_map(|row| row.t).max(),
        v: rows.iter().filter_map(|row| row.v).min(),
        f: rows.iter().filter_map(|row| row.f).reduce(f64::max),
        b: rows.iter().filter_map(|row| row.b).reduce(|a, b| a && b),
        watermark: NO_WATERMARK,
    };
    let typed: BTreeMap<(Option<i64>, Option<&'static str>), Vec<&Row>> =
        groups.into_values().map(|rows| ((rows[0].k, rows[0].s), rows)).collect();
    typed.into_iter().map(collapse).collect()
}

/// A node with the columns of the stream, one row for each (k, s), that changes as rows come.
pub(super) fn changing() -> millstream_sql::plan::Node {
    let collapsed = vec![
        aggregate(F::Max, Some(T), time_type()),
        aggregate(F::Min, Some(V), DataType::Int64),
        aggregate(F::Max, Some(F), DataType::Float64),
        aggregate(F::BoolAnd, Some(B), DataType::Boolean),
    ];
    grouped(scan(), &[K, S], collapsed, None)
}

#[test]
fn groups_over_changing_rows_are_the_oracles_at_every_cut() {
    cases("changing", |case| {
        // By s or v, which changes: groups come and go.
        let by_value: bool = case.random.random();
        let key = if by_value { V } else { K };
        let plan = plan(grouped(changing(), &[key], aggregates(), None));
        let (views, _) = case.run(&plan, Some(1)).views();
        for ((cut, _), view) in case.cuts.iter().zip(&views) {
            let rows = newest(&case.rows[..*cut]);
            let mut groups: BTreeMap<Values, Vec<&Row>> = BTreeMap::new();
            let of = |row: &Row| show(&ScalarValue::Int64(if by_value { row.v } else { row.k }));
            rows.iter().for_each(|row| groups.entry(vec![of(row)]).or_default().push(row));
            let wanted = view_of(groups.into_iter().map(|(key, rows)| (key, results(&rows))));
            compare(view, &wanted, &format!("at {cut}, seed {}", case.seed));
        }
    });
}

#[test]
fn windows_over_changing_rows_are_the_oracles_at_every_cut() {
    cases("changing windows", |case| {
        let window = random_window(&mut case.random);
        let fused: bool = case.random.random();
        let keys = case.random.random_range(0..2usize);
        let root = if fused {
            sliced(changing(), window, T, None, &[K][..keys], aggregates(), None)
        } else {
            let ordinary: Vec<usize> = [K][..keys].iter().copied().chain([6, 7]).collect();
            grouped(windowed(changing(), window, T, None), &ordinary, aggregates(), None)
        };
        let plan = plan(root);
        let (views, _) = case.run(&plan, Some(keys + 2)).views();
        for ((cut, _), view) in case.cuts.iter().zip(&views) {
            let rows = newest(&case.rows[..*cut]);
            let assigned = assign(&rows, &window, None);
            let wanted = windowed_view(&assigned.pairs, keys, |_| true);
            compare(view, &wanted, &format!("at {cut}, fused {fused}, {window:?}, seed {}", case.seed));
        }
    });
}

#[test]
fn groups_over_updating_windows_are_the_oracles_at_every_cut() {
    cases("closing over updating", |case| {
        let window = random_window(&mut case.random);
        let lateness = case.lateness();
        let inner = sliced(scan(), window, T, Some(lateness), &[K], vec![count()], None);
        // How many keys had how many rows, for each window (closing: once it is closed).
        let outer = vec![count(), aggregate(F::Max, Some(0), DataType::Int64)];
        let close = Close { key: 0, plus_us: 0, lateness };
        let closing: bool = case.random.random();
        let plan = plan(grouped(inner, &[2, 3], outer, closing.then_some(close)));
        let (views, _) = case.run(&plan, Some(2)).views();
        for ((cut, watermark), view) in case.cuts.iter().zip(&views) {
            let assigned = assign(&case.rows[..*cut], &window, Some(&lateness));
            let mut counts: BTreeMap<(i64, Option<i64>), i64> = BTreeMap::new();
            let shown = |end: i64| !closing || is_closed(end, *watermark, &lateness);
            for (row, (_, end)) in assigned.pairs.iter().filter(|(_, (_, end))| shown(*end)) {
                *counts.entry((*end, row.k)).or_default() += 1;
            }
            let mut groups: BTreeMap<(i64, i64), (i64, Option<i64>)> = BTreeMap::new();
            for ((end, k), count) in counts {
                let (keys, most) = groups.entry((end, count)).or_default();
                *keys += 1;
                *most = (*most).max(k);
            }
            let shown = |((end, count), (keys, most)): ((i64, i64), (i64, Option<i64>))| {
                let int = |value| show(&ScalarValue::Int64(value));
                (vec![time(end), int(Some(count))], vec![int(Some(keys)), int(most)])
            };
            let wanted = view_of(groups.into_iter().map(shown));
            compare(view, &wanted, &format!("at {cut}, {window:?}, seed {}", case.seed));
        }
    });
}

#[test]
fn unions_and_filters_add_up() {
    cases("union", |case| {
        let zero = || literal(ScalarValue::Int64(Some(0)));
        let parts = vec![
            filtered(scan(), binary(column(V), Op::Gt, zero())),
            filtered(scan(), binary(column(V), Op::LtEq, zero())),
        ];
        let both = node(Operator::Union, parts, stream_schema(), true);
        let plan = plan(grouped(both, &[K], aggregates(), None));
        let (views, _) = case.run(&plan, Some(1)).views();
        for ((cut, _), view) in case.cuts.iter().zip(&views) {
            let mut groups: BTreeMap<Values, Vec<&Row>> = BTreeMap::new();
            let present = case.rows[..*cut].iter().filter(|row| row.v.is_some());
            present.for_each(|row| groups.entry(ordinary(row, 1)).or_default().push(row));
            let wanted = view_of(groups.into_iter().map(|(key, rows)| (key, results(&rows))));
            compare(view, &wanted, &format!("at {cut}, seed {}", case.seed));
        }
    });
}

#[test]
fn float_sums_do_not_depend_on_cuts_shards_or_restarts() {
    cases("floats", |case| {
        for row in &mut case.rows {
            row.f = row.f.map(|f| f * 1e3 / 7.0 + case.random.random_range(-1e-6..1e-6));
        }
        let window = random_window(&mut case.random);
        let lateness = case.lateness();
        let closing: bool = case.random.random();
        let close = closing.then_some(Close { key: 2, plus_us: 0, lateness });
        let bits = vec![
            aggregate(F::Sum, Some(F), DataType::Float64),
            aggregate(F::Avg, Some(F), DataType::Float64),
            aggregate(F::StddevSamp, Some(F), DataType::Float64),
        ];
        let plan = plan(sliced(scan(), window, T, Some(lateness), &[K], bits, close));
        let exactly = |cuts: &[(usize, i64)], restarts: &[usize], shards: &[usize]| {
            let mut flow = crate::flow::Flow::new(&plan, shards[0]).unwrap();
            let (mut rows, mut from) = (BTreeMap::<Vec<String>, i64>::new(), 0);
            for (step, (to, watermark)) in cuts.iter().enumerate() {
                for delta in flow.step(source(&case.rows, from, *to, *watermark, case.batch)).unwrap().deltas
                {
                    for row in 0..delta.num_rows() {
                        let exact =
                            |column: &arrow::array::ArrayRef| match ScalarValue::try_from_array(column, row)
                                .unwrap()
                            {
                                ScalarValue::Float64(Some(value)) => format!("{:x}", value.to_bits()),
                                value => format!("{value:?}"),
                            };
                        let key = delta.batch.columns().iter().map(exact).collect();
                        *rows.entry(key).or_default() +=
                            delta.weights.as_ref().map_or(1, |weights| weights.value(row));
                    }
                }
                from = *to;
                if restarts.contains(&step) {
                    flow = crate::flow::Flow::restore(
                        &plan,
                        shards[step % shards.len()],
                        flow.checkpoint(|_, _| true).unwrap(),
                    )
                    .unwrap();
                }
            }
            rows.retain(|_, count| *count != 0);
            rows
        };
        let whole = exactly(&case.cuts[case.cuts.len() - 1..], &[], &[1]);
        assert_eq!(
            exactly(&case.cuts, &case.restarts, &case.shards),
            whole,
            "{window:?} closing {closing} seed {}",
            case.seed
        );
    });
}
