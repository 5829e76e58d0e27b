//! Single behaviours, by hand.

use arrow::array::{Array, ArrayRef, Decimal128Array, Int64Array, RecordBatch};
use arrow::datatypes::{DataType, Field, Schema};
use millstream_sql::plan::{Aggregate, AggregateFunction as F, FlowPlan, Lateness, Operator};
use millstream_sql::windows::Window;
use std::sync::Arc;

use super::harness::*;
use crate::flow::delta::NO_WATERMARK;
use crate::flow::{Flow, Place};

fn tumble(size_us: i64) -> Window {
    Window { slide_us: size_us, size_us, offset_us: 0, with_window_time: false }
}

const NONE: Lateness = Lateness { allowed_us: 0, delay_us: 0 };

fn sum_v() -> Aggregate {
    aggregate(F::Sum, Some(V), DataType::Int64)
}

#[test]
fn an_aggregate_without_keys_has_its_row_from_the_first_step_on() {
    let plan = plan(grouped(scan(), &[], vec![count(), sum_v()], None));
    let mut flow = Flow::new(&plan, 3).unwrap();
    let mut view = View::default();
    view.apply(&flow.step(vec![]).unwrap().deltas);
    assert_eq!(view.rows.len(), 1);
    assert!(view.rows.contains_key(&vec!["Int64(0)".to_owned(), "Int64(NULL)".to_owned()]));
    let mut flow = Flow::restore(&plan, 2, flow.checkpoint(|_, _| true).unwrap()).unwrap();
    assert!(flow.step(vec![]).unwrap().deltas.is_empty());
    view.apply(&flow.step(source(&[row(1, 1, 5)], 0, 1, 1, 10)).unwrap().deltas);
    assert!(view.rows.contains_key(&vec!["Int64(1)".to_owned(), "Int64(5)".to_owned()]));
    assert_eq!(view.rows.len(), 1);
}

#[test]
fn values_come_once() {
    let column: ArrayRef = Arc::new(Int64Array::from(vec![1, 2]));
    let rows = RecordBatch::try_from_iter([("x", column)]).unwrap();
    let schema = rows.schema();
    let plan = FlowPlan { streams: vec![], ..plan(node(Operator::Values(rows), vec![], schema, true)) };
    let mut flow = Flow::new(&plan, 1).unwrap();
    let output = flow.step(vec![]).unwrap();
    assert_eq!((output.deltas.len(), output.watermark), (1, NO_WATERMARK));
    assert!(flow.step(vec![]).unwrap().deltas.is_empty());
    let mut restored = Flow::restore(&plan, 1, flow.checkpoint(|_, _| true).unwrap()).unwrap();
    assert!(restored.step(vec![]).unwrap().deltas.is_empty());
}

#[test]
fn an_integer_sum_out_of_range_is_an_error_until_it_is_back() {
    let plan = plan(grouped(scan(), &[K], vec![sum_v()], None));
    let mut flow = Flow::new(&plan, 1).unwrap();
    // In between it may be out of range: order must not matter.
    let rows = [row(1, 0, i64::MAX), row(1, 0, 1), row(1, 0, -1), row(1, 0, 2), row(1, 0, -5)];
    assert!(flow.step(source(&rows, 0, 3, 0, 10)).unwrap().errors.is_empty());
    let output = flow.step(source(&rows, 3, 4, 0, 10)).unwrap();
    let (error, weight) = output.errors.first_key_value().unwrap();
    assert_eq!((error.code.as_str(), error.message.as_str(), *weight), ("22003", "bigint out of range", 1));
    assert_eq!(error.place, Place::Derived("(k)=(1)".to_owned()));
    assert_eq!(output.deltas[0].weights.as_ref().unwrap().values().to_vec(), [-1]);
    let output = flow.step(source(&rows, 4, 5, 0, 10)).unwrap();
    assert_eq!(output.errors.into_values().collect::<Vec<_>>(), [-1]);
    assert!(output.deltas[0].weights.is_none());
}

#[test]
fn a_change_that_changes_nothing_is_not_told() {
    let plan = plan(grouped(scan(), &[K], vec![aggregate(F::Max, Some(V), DataType::Int64)], None));
    let mut flow = Flow::new(&plan, 1).unwrap();
    let rows = [row(1, 0, 9), row(1, 0, 3), row(1, 0, 10)];
    assert_eq!(flow.step(source(&rows, 0, 1, 0, 10)).unwrap().deltas[0].num_rows(), 1);
    assert!(flow.step(source(&rows, 1, 2, 0, 10)).unwrap().deltas.is_empty());
    let deltas = flow.step(source(&rows, 2, 3, 0, 10)).unwrap().deltas;
    assert_eq!(deltas[0].weights.as_ref().unwrap().values().to_vec(), [-1, 1]);
}

#[test]
fn closed_windows_give_up_their_state() {
    let plan = plan(sliced(scan(), tumble(10), T, Some(NONE), &[K], vec![count()], None));
    let mut flow = Flow::new(&plan, 2).unwrap();
    let mut rows: Vec<Row> = (0..10_000).map(|i| row(i % 50, i, 1)).collect();
    with_watermarks(&mut rows, 0);
    let mut most = 0;
    for from in (0..10_000).step_by(100) {
        flow.step(source(&rows, from, from + 100, from as i64 + 99, 1000)).unwrap();
        most = most.max(flow.stats().last().unwrap().state_bytes);
    }
    assert!(most < 200_000, "{most} bytes");
    let groups =
        flow.checkpoint(|_, _| true).unwrap().into_iter().find(|state| state.name == "groups").unwrap();
    assert_eq!(groups.batch.num_rows(), 10);
}

#[test]
fn groups_over_closed_windows_give_up_their_state() {
    let inner = sliced(scan(), tumble(10), T, Some(NONE), &[K], vec![count()], None);
    let plan = plan(grouped(inner, &[2], vec![aggregate(F::Max, Some(3), DataType::Int64)], None));
    let mut flow = Flow::new(&plan, 2).unwrap();
    let mut view = View::default();
    let mut rows: Vec<Row> = (0..3000).map(|i| row(i * i % 7, i, 1)).collect();
    with_watermarks(&mut rows, 0);
    for from in (0..3000).step_by(60) {
        let step = source(&rows, from, from + 60, from as i64 + 59, 1000);
        view.apply_keyed(&flow.step(step).unwrap().deltas, 1);
        flow = Flow::restore(&plan, 3, flow.checkpoint(|_, _| true).unwrap()).unwrap();
    }
    assert_eq!(view.rows.len(), 300);
    let held = flow.checkpoint(|_, _| true).unwrap().into_iter().filter(|state| state.name == "groups");
    let held: Vec<(usize, usize)> = held.map(|state| (state.node, state.batch.num_rows())).collect();
    // Of the last window only: its keys, and the group over them.
    assert_eq!(held.len(), 2);
    assert_eq!(held[1], (2, 1));
}

#[test]
fn groups_that_ended_give_up_their_state() {
    // One row that moves from key to key.
    let moving = grouped(scan(), &[], vec![aggregate(F::Max, Some(V), DataType::Int64)], None);
    let plan = plan(grouped(moving, &[0], vec![count()], None));
    let mut flow = Flow::new(&plan, 1).unwrap();
    let mut view = View::default();
    let rows: Vec<Row> = (0..5000).map(|i| row(0, i, i)).collect();
    for from in 0..rows.len() {
        view.apply_keyed(&flow.step(source(&rows, from, from + 1, 0, 10)).unwrap().deltas, 1);
    }
    assert_eq!(view.rows.len(), 1);
    assert!(flow.stats().last().unwrap().state_bytes < 400_000);
}

#[test]
fn window_time_is_a_millisecond_before_the_end() {
    let window = Window { with_window_time: true, ..tumble(10_000) };
    let mut node = windowed(scan(), window, T, None);
    let mut fields: Vec<Field> = node.schema.fields().iter().map(|field| field.as_ref().clone()).collect();
    fields.push(Field::new("window_time", time_type(), false));
    node.schema = Arc::new(Schema::new(fields));
    let mut flow = Flow::new(&plan(node), 1).unwrap();
    let deltas = flow.step(source(&[row(1, -1, 1)], 0, 1, 0, 10)).unwrap().deltas;
    let times = arrow::compute::cast(deltas[0].batch.column(8), &DataType::Int64).unwrap();
    assert_eq!(times.as_any().downcast_ref::<Int64Array>().unwrap().value(0), -1000);
}

#[test]
fn decimal_averages_are_as_batch_plans_give_them() {
    use super::super::kernels::{Mode, new_kernel};
    let (from, to) = (DataType::Decimal128(10, 2), DataType::Decimal128(14, 6));
    let average = aggregate(F::Avg, Some(0), to.clone());
    let mut kernel = new_kernel(&average, Some(&from), Mode { retractable: true, ordered: true }).unwrap();
    kernel.resize(1);
    let values: ArrayRef = Arc::new(
        Decimal128Array::from(vec![Some(100), None, Some(200), Some(201)])
            .with_precision_and_scale(10, 2)
            .unwrap(),
    );
    kernel.update(&[0; 4], Some(&values), Some(&[1, 1, 2, 1])).unwrap();
    kernel.update(&[0], Some(&values.slice(2, 1)), Some(&[-1])).unwrap();
    let result = kernel.evaluate(&[0]).unwrap();
    assert_eq!(result.data_type(), &to);
    // (1.00 + 2.00 + 2.01) / 3 = 1.67
    assert_eq!(result.as_any().downcast_ref::<Decimal128Array>().unwrap().value(0), 1_670_000);
}

#[test]
fn large_steps_run_on_shards_and_give_the_same() {
    let rows: Vec<Row> = (0..20_000).map(|i| row(i % 97, i / 10, i)).collect();
    let plan = plan(sliced(scan(), tumble(300), T, Some(NONE), &[K], vec![count(), sum_v()], None));
    let view = |shards: usize, batch: usize| {
        let mut flow = Flow::new(&plan, shards).unwrap();
        let mut view = View::default();
        view.apply_keyed(&flow.step(source(&rows, 0, 12_000, 1200, batch)).unwrap().deltas, 3);
        view.apply_keyed(&flow.step(source(&rows, 12_000, 20_000, 2000, batch)).unwrap().deltas, 3);
        view
    };
    let one = view(1, 8192);
    assert_eq!(one.rows.len(), 97 * 7);
    assert_eq!(view(4, 1000), one);
}

#[test]
fn a_checkpoint_has_but_the_groups_that_changed() {
    let plan = plan(grouped(scan(), &[K], vec![count(), sum_v()], None));
    let rows: Vec<Row> = (0..20_000).map(|k| row(k, 0, k)).chain((5..15).map(|k| row(k, 0, 1))).collect();
    let mut flow = Flow::new(&plan, 2).unwrap();
    let mut stored = Stored::default();
    flow.step(source(&rows, 0, 20_000, 0, 4096)).unwrap();
    // The watermarks are one row more.
    assert_eq!(stored.checkpoint(&mut flow, false), 20_001);
    flow.step(source(&rows, 20_000, 20_010, 0, 4096)).unwrap();
    assert_eq!(stored.checkpoint(&mut flow, false), 11);
    assert_eq!(stored.checkpoint(&mut flow, false), 1);
    let mut restored = stored.restore(&plan, 3);
    assert_eq!(stored.checkpoint(&mut restored, false), 1);
    assert_eq!(stored.checkpoint(&mut restored, true), 20_001);
}
