//! Rows that fail: at every cut, however the log was cut, sharded and restarted, the view has the rows that do not fail and
//! the errors of those that do, as the naive meaning has them.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Schema};
use datafusion::logical_expr::Operator as Op;
use datafusion::physical_expr::PhysicalExpr;
use datafusion::scalar::ScalarValue;
use millstream_sql::plan::{Aggregate, AggregateFunction as F, FlowPlan, Lateness, Node, Operator};
use millstream_sql::windows::Window;

use super::harness::*;
use super::oracle::*;
use super::properties::{Case, cases, random_window};
use crate::flow::errors::add_error;
use crate::flow::{ErrorChanges, ErrorRow, Flow, Place};

const ZERO: (&str, &str) = ("22012", "division by zero");

/// `dividend / column`, which fails where the column is 0.
fn quotient(dividend: i64, of: usize) -> Arc<dyn PhysicalExpr> {
    binary(literal(ScalarValue::Int64(Some(dividend))), Op::Divide, column(of))
}

fn projected(input: Node, columns: Vec<(&str, Arc<dyn PhysicalExpr>)>) -> Node {
    let field = |(name, expression): &(&str, Arc<dyn PhysicalExpr>)| {
        Field::new(*name, expression.data_type(&input.schema).unwrap(), true)
    };
    let schema = Arc::new(Schema::new(columns.iter().map(field).collect::<Vec<_>>()));
    let append_only = input.append_only;
    let expressions = columns.into_iter().map(|(_, expression)| expression).collect();
    node(Operator::Project(expressions), vec![input], schema, append_only)
}

/// The view and its errors after each cut.
fn run(case: &Case, plan: &FlowPlan) -> Vec<(View, ErrorChanges)> {
    let mut flow = Flow::new(plan, case.shards[0]).unwrap();
    let (mut view, mut errors, mut stored) = (View::default(), ErrorChanges::new(), Stored::default());
    let (mut found, mut from) = (vec![], 0);
    for (step, (to, watermark)) in case.cuts.iter().enumerate() {
        let output = flow.step(source(&case.rows, from, *to, *watermark, case.batch)).unwrap();
        view.apply(&output.deltas);
        for (error, weight) in output.errors {
            add_error(&mut errors, error, weight);
        }
        assert!(errors.values().all(|weight| *weight > 0), "an error was taken back that never came");
        found.push((view.clone(), errors.clone()));
        from = *to;
        if case.restarts.contains(&step) {
            stored.checkpoint(&mut flow, step % 5 == 4);
            flow = stored.restore(plan, case.shards[(step + 1) % case.shards.len()]);
        }
    }
    found
}

fn check(case: &Case, root: Node, oracle: impl Fn(&[Row], i64) -> (View, BTreeMap<(String, String), i64>)) {
    let plan = plan(root);
    for ((cut, watermark), (view, errors)) in case.cuts.iter().zip(run(case, &plan)) {
        let (rows, wanted) = oracle(&case.rows[..*cut], *watermark);
        super::properties::compare(&view, &rows, &format!("at {cut}, seed {}", case.seed));
        let mut found = BTreeMap::new();
        for (error, weight) in &errors {
            *found.entry((place(error), error.message.clone())).or_insert(0) += weight;
        }
        assert_eq!(found, wanted, "errors at {cut}, seed {}", case.seed);
        assert!(errors.keys().all(|error| [ZERO.0, "22003"].contains(&error.code.as_str())));
    }
}

fn place(error: &ErrorRow) -> String {
    match &error.place {
        Place::Row { row, lsn, partition, offset, stream } => {
            assert_eq!((*stream, *partition, *offset), (STREAM, 0, *row as i64));
            assert_eq!(*lsn, lsn_of(*row));
            format!("row {row}")
        }
        Place::Derived(text) => text.clone(),
    }
}

fn rows_where(rows: &[Row], fails: impl Fn(&Row) -> i64) -> BTreeMap<(String, String), i64> {
    let failing = rows.iter().enumerate().map(|(number, row)| (number, fails(row)));
    failing
        .filter(|(_, weight)| *weight > 0)
        .map(|(number, weight)| ((format!("row {number}"), ZERO.1.to_owned()), weight))
        .collect()
}

fn int(value: Option<i64>) -> String {
    show(&ScalarValue::Int64(value))
}

fn counted(rows: impl Iterator<Item = Values>) -> View {
    let mut view = View::default();
    rows.for_each(|row| *view.rows.entry(row).or_insert(0) += 1);
    view
}

#[test]
fn rows_that_fail_in_a_projection_are_errors_in_their_places() {
    cases("failing projection", |case| {
        let root = projected(scan(), vec![("k", column(K)), ("q", quotient(100, V))]);
        check(case, root, |rows, _| {
            let whole = rows.iter().filter(|row| row.v != Some(0));
            let view = counted(whole.map(|row| vec![int(row.k), int(row.v.map(|v| 100 / v))]));
            (view, rows_where(rows, |row| i64::from(row.v == Some(0))))
        });
    });
}

#[test]
fn rows_that_fail_in_a_filter_below_a_union_and_a_group_by_are_left_out_of_the_groups() {
    cases("failing filter below a union", |case| {
        let positive = binary(quotient(100, V), Op::Gt, literal(ScalarValue::Int64(Some(0))));
        let parts = vec![filtered(scan(), positive), scan()];
        let both = node(Operator::Union, parts, stream_schema(), true);
        let root = grouped(both, &[K], vec![count()], None);
        check(case, root, |rows, _| {
            let mut groups: BTreeMap<Option<i64>, i64> = BTreeMap::new();
            for row in rows {
                let passes = row.v.is_some_and(|v| v != 0 && 100 / v > 0);
                *groups.entry(row.k).or_default() += 1 + i64::from(passes);
            }
            let view = counted(groups.into_iter().map(|(k, n)| vec![int(k), int(Some(n))]));
            (view, rows_where(rows, |row| i64::from(row.v == Some(0))))
        });
    });
}

#[test]
fn rows_that_fail_in_a_key_or_an_argument_are_left_out_of_windows() {
    cases("failing argument", |case| {
        let window: Window = random_window(&mut case.random);
        let lateness: Lateness = case.lateness();
        let mut sum = aggregate(F::Sum, Some(V), DataType::Int64);
        sum.arguments = vec![quotient(100, V)];
        let root = sliced(scan(), window, T, Some(lateness), &[K], vec![count(), sum], None);
        check(case, root, |rows, _| {
            let assigned = assign(rows, &window, Some(&lateness));
            let mut groups: BTreeMap<(Option<i64>, i64, i64), (i64, Option<i64>)> = BTreeMap::new();
            let mut failing = vec![];
            for (row, (start, end)) in &assigned.pairs {
                if row.v == Some(0) {
                    let number = rows.iter().position(|other| std::ptr::eq(other, *row)).unwrap();
                    failing.push(number);
                    continue;
                }
                let (n, total) = groups.entry((row.k, *start, *end)).or_default();
                *n += 1;
                *total = row.v.map(|v| total.unwrap_or(0) + 100 / v).or(*total);
            }
            failing.sort_unstable();
            failing.dedup();
            let shown = |((k, start, end), (n, total)): ((Option<i64>, i64, i64), (i64, Option<i64>))| {
                vec![int(k), time(start), time(end), int(Some(n)), int(total)]
            };
            let failing = failing.into_iter().map(|row| ((format!("row {row}"), ZERO.1.to_owned()), 1));
            (counted(groups.into_iter().map(shown)), failing.collect())
        });
    });
}

#[test]
fn a_group_that_fails_above_an_aggregate_heals_when_it_changes() {
    cases("failing group", |case| {
        let inner = Node {
            key: Some(vec![0]),
            ..grouped(scan(), &[K], vec![aggregate(F::Sum, Some(V), DataType::Int64)], None)
        };
        let root = projected(inner, vec![("k", column(0)), ("q", quotient(100, 1))]);
        check(case, root, |rows, _| {
            let mut sums: BTreeMap<Option<i64>, Option<i64>> = BTreeMap::new();
            for row in rows {
                let sum = sums.entry(row.k).or_default();
                *sum = row.v.map(|v| sum.unwrap_or(0) + v).or(*sum);
            }
            let whole = sums.iter().filter(|(_, sum)| **sum != Some(0));
            let view = counted(whole.map(|(k, sum)| vec![int(*k), int(sum.map(|sum| 100 / sum))]));
            let failing = sums.iter().filter(|(_, sum)| **sum == Some(0));
            let key = |k: &Option<i64>| format!("(k)=({})", k.map_or("NULL".to_owned(), |k| k.to_string()));
            (view, failing.map(|(k, _)| ((key(k), ZERO.1.to_owned()), 1)).collect())
        });
    });
}

#[test]
fn a_group_whose_sum_is_out_of_range_is_an_error_until_it_is_not() {
    cases("sum out of range", |case| {
        for row in &mut case.rows {
            row.v = row.v.map(|v| v * (i64::MAX / 20));
        }
        // Over all rows of a changing input, too: what is out of range comes and goes again.
        let changing: bool = rand::Rng::random(&mut case.random);
        let input = if changing { super::properties::changing() } else { scan() };
        let sum = aggregate(F::Sum, Some(V), DataType::Int64);
        let root = grouped(input, &[S], vec![sum], None);
        check(case, root, |rows, _| {
            let newest = if changing { super::properties::newest(rows) } else { rows.to_vec() };
            let mut sums: BTreeMap<Option<&str>, Option<i128>> = BTreeMap::new();
            for row in &newest {
                let sum = sums.entry(row.s).or_default();
                *sum = row.v.map(|v| sum.unwrap_or(0) + i128::from(v)).or(*sum);
            }
            let mut errors = BTreeMap::new();
            let mut view = View::default();
            for (s, sum) in sums {
                match sum.map(i64::try_from).transpose() {
                    Ok(sum) => {
                        let text = show(&ScalarValue::Utf8(s.map(str::to_owned)));
                        view.rows.insert(vec![text, int(sum)], 1);
                    }
                    Err(_) => {
                        let key = format!("(s)=({})", s.unwrap_or("NULL"));
                        errors.insert((key, "bigint out of range".to_owned()), 1);
                    }
                }
            }
            (view, errors)
        });
    });
}

#[test]
fn a_batch_of_which_all_rows_fail_is_no_row_and_as_many_errors() {
    let rows: Vec<Row> = (0..1000).map(|number| row(number, number, 0)).collect();
    let plan = plan(projected(scan(), vec![("q", quotient(1, V))]));
    let mut flow = Flow::new(&plan, 2).unwrap();
    let output = flow.step(source(&rows, 0, 1000, 999, 300)).unwrap();
    assert!(output.deltas.is_empty());
    assert_eq!(output.errors.len(), 1000);
    let first = output.errors.keys().next().unwrap();
    assert!(matches!(first.place, Place::Row { row: 0, .. }), "the least place comes first: {first:?}");
}

#[test]
fn a_sum_of_decimals_past_128_bits_comes_back() {
    let most = 10i128.pow(38) - 1;
    let aggregate =
        Aggregate { output_type: DataType::Decimal128(38, 0), ..aggregate(F::Sum, None, DataType::Int64) };
    let argument = DataType::Decimal128(38, 0);
    let mode = crate::flow::kernels::Mode { retractable: true, ordered: false };
    let mut kernel = crate::flow::kernels::new_kernel(&aggregate, Some(&argument), mode).unwrap();
    kernel.resize(1);
    let values = |values: Vec<i128>| -> arrow::array::ArrayRef {
        let array = arrow::array::Decimal128Array::from(values);
        Arc::new(array.with_precision_and_scale(38, 0).unwrap())
    };
    kernel.update(&[0; 3], Some(&values(vec![most; 3])), None).unwrap();
    kernel.update(&[0], Some(&values(vec![most])), Some(&[1_000_000])).unwrap();
    assert!(kernel.evaluate(&[0]).is_err());
    let state = kernel.state(&[0]).unwrap();
    let mut again = crate::flow::kernels::new_kernel(&aggregate, Some(&argument), mode).unwrap();
    again.resize(1);
    again.merge(&[0], &state).unwrap();
    again.update(&[0], Some(&values(vec![most])), Some(&[-1_000_002])).unwrap();
    assert_eq!(&again.evaluate(&[0]).unwrap(), &values(vec![most]));
}
