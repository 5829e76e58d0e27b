//! Views against a naive model.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use arrow::array::{Array, AsArray, Int64Array, StringArray};
use arrow::datatypes::{DataType, Field, Int64Type, Schema};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use super::*;

type Row = (Option<i64>, Option<String>, i64);

fn schema() -> SchemaRef {
    Arc::new(Schema::new(vec![
        Field::new("id", DataType::Int64, true),
        Field::new("name", DataType::Utf8, true),
        Field::new("value", DataType::Int64, false),
    ]))
}

fn batch(rows: &[Row]) -> RecordBatch {
    let ids: Int64Array = rows.iter().map(|row| row.0).collect();
    let names: StringArray = rows.iter().map(|row| row.1.as_deref()).collect();
    let values: Int64Array = rows.iter().map(|row| Some(row.2)).collect();
    RecordBatch::try_new(schema(), vec![Arc::new(ids), Arc::new(names), Arc::new(values)]).unwrap()
}

fn rows(batch: &RecordBatch) -> Vec<Row> {
    let ids = batch.column(0).as_primitive::<Int64Type>();
    let names = batch.column(1).as_string::<i32>();
    let values = batch.column(2).as_primitive::<Int64Type>();
    let id = |row| ids.is_valid(row).then(|| ids.value(row));
    let name = |row| names.is_valid(row).then(|| names.value(row).to_owned());
    (0..batch.num_rows()).map(|row| (id(row), name(row), values.value(row))).collect()
}

fn delta(changes: &[(Row, i64)]) -> Delta {
    let rows: Vec<Row> = changes.iter().map(|(row, _)| row.clone()).collect();
    Delta::weighted(batch(&rows), changes.iter().map(|(_, weight)| Some(*weight)).collect())
}

/// How many times each row is there.
type Bag = BTreeMap<Row, i64>;

fn add(bag: &mut Bag, row: Row, weight: i64) {
    let sum = bag.entry(row.clone()).or_default();
    *sum += weight;
    if *sum == 0 {
        bag.remove(&row);
    }
}

fn contents(version: &Arc<Version>) -> Bag {
    let mut bag = Bag::new();
    let mut count = 0;
    for batch in version.batches().unwrap() {
        count += batch.num_rows() as u64;
        rows(&batch).into_iter().for_each(|row| add(&mut bag, row, 1));
    }
    assert_eq!(count, version.row_count());
    bag
}

/// Adds a step's changes to a bag; an update's rows are neighbours with one key.
fn apply_changes(bag: &mut Bag, changes: &Changes) {
    for batch in &changes.batches {
        assert_eq!(batch.ops.len(), batch.batch.num_rows());
        let rows = rows(&batch.batch);
        for (at, (op, row)) in batch.ops.iter().zip(&rows).enumerate() {
            if *op == ChangeOp::UpdateBefore {
                assert_eq!(batch.ops[at + 1], ChangeOp::UpdateAfter);
                assert_eq!(rows[at + 1].0, row.0);
                assert_ne!(rows[at + 1], *row);
            }
            add(bag, row.clone(), op.weight());
        }
    }
    assert!(bag.values().all(|weight| *weight > 0));
}

fn one(id: i64, value: i64) -> Row {
    (Some(id), Some(format!("name {id}")), value)
}

/// One random change of the model: keyed, or of a bag.
fn random_change(random: &mut StdRng, model: &mut Bag, keyed: bool, changes: &mut Vec<(Row, i64)>) {
    let mut emit = |model: &mut Bag, row: Row, weight: i64| {
        add(model, row.clone(), weight);
        changes.push((row, weight));
    };
    let id = (!random.random_bool(0.05)).then(|| random.random_range(0..300));
    let name = (!random.random_bool(0.1)).then(|| "x".repeat(random.random_range(0..20)));
    if keyed {
        let old = model.keys().find(|row| row.0 == id).cloned();
        if let Some(old) = &old {
            emit(model, old.clone(), -1);
        }
        if old.is_none() || random.random_bool(0.6) {
            emit(model, (id, name, random.random_range(0..3)), 1);
        }
    } else if random.random_bool(0.45) && !model.is_empty() {
        let at = random.random_range(0..model.len());
        let (row, there) = model.iter().nth(at).map(|(row, there)| (row.clone(), *there)).unwrap();
        emit(model, row, -random.random_range(1..=there));
    } else {
        emit(model, (id.map(|id| id % 20), None, random.random_range(0..2)), random.random_range(1..4));
    }
}

#[test]
fn random_steps_give_the_contents_of_a_naive_model_however_they_are_cut() {
    for seed in 0..60 {
        println!("seed {seed}");
        let mut random = StdRng::seed_from_u64(seed);
        let keyed = seed % 2 == 0;
        let key = keyed.then(|| vec![0]);
        let steps = if seed % 4 < 2 { 1 } else { random.random_range(2..200) };
        let (mut writer, reader) = ViewWriter::new(schema(), key.clone(), false).unwrap();
        let (mut large_writer, large_reader) = ViewWriter::new(schema(), key.clone(), false).unwrap();
        let (mut model, mut sum, mut large_sum) = (Bag::new(), Bag::new(), Bag::new());
        let mut held = Vec::new();
        let mut waiting = Vec::new();
        for lsn in 1..=400u64 {
            let mut changes = Vec::new();
            for _ in 0..random.random_range(1..=steps) {
                random_change(&mut random, &mut model, keyed, &mut changes);
            }
            // Where the net is taken first, the order within a step does not matter.
            if random.random_bool(0.3) {
                changes.reverse();
            }
            waiting.extend(changes.clone());
            let at = random.random_range(0..=changes.len());
            let deltas = vec![delta(&changes[..at]), delta(&changes[at..])];
            let change = writer.apply(deltas, lsn, lsn as i64, 0, true).unwrap().unwrap();
            assert_eq!((change.after, change.lsn), (lsn - 1, lsn));
            apply_changes(&mut sum, &change);
            assert_eq!(sum, model);
            let version = reader.version();
            assert_eq!(contents(&version), model);
            if random.random_bool(0.1) {
                held.push((version, model.clone()));
            }
            if random.random_bool(0.05) || lsn == 400 {
                let deltas = vec![delta(&std::mem::take(&mut waiting))];
                let change = large_writer.apply(deltas, lsn, 0, 0, true).unwrap().unwrap();
                apply_changes(&mut large_sum, &change);
                assert_eq!(large_sum, model);
                assert_eq!(contents(&large_reader.version()), model);
            }
            if random.random_bool(0.01) {
                let batches = reader.version().batches().unwrap();
                let reader = ViewWriter::restore(schema(), key.clone(), false, batches, lsn, 0, 0).unwrap().1;
                assert_eq!(contents(&reader.version()), model);
                assert_eq!(reader.version().lsn, lsn);
            }
        }
        for (version, model) in held {
            assert_eq!(contents(&version), model, "a version that a reader holds");
        }
        for (row, weight) in &model {
            let all = [
                ScalarValue::Int64(row.0),
                ScalarValue::Utf8(row.1.clone()),
                ScalarValue::Int64(Some(row.2)),
            ];
            let key = if keyed { &all[..1] } else { &all[..] };
            let found = reader.lookup(&reader.version(), key).unwrap().unwrap();
            assert_eq!(rows(&found), vec![row.clone(); *weight as usize]);
        }
        let absent = [ScalarValue::Int64(Some(-5)), ScalarValue::Utf8(None), ScalarValue::Int64(Some(0))];
        let key = if keyed { &absent[..1] } else { &absent[..] };
        assert_eq!(reader.lookup(&reader.version(), key).unwrap().unwrap().num_rows(), 0);
    }
}

/// The files of a view's checkpoints: rows by place, and which are no more.
#[derive(Default)]
struct Files {
    rows: Vec<RecordBatch>,
    dead: Vec<u32>,
}

impl Files {
    fn store(&mut self, capture: Capture) {
        match capture {
            Capture::Whole(version) => *self = Files { rows: version.batches().unwrap(), dead: vec![] },
            Capture::Change { rows, dead } => {
                self.rows.extend(rows);
                self.dead.extend(dead);
                self.dead.sort_unstable();
                assert!(self.dead.windows(2).all(|pair| pair[0] < pair[1]), "no row dies twice");
            }
        }
    }

    fn places(&self) -> u64 {
        self.rows.iter().map(|batch| batch.num_rows() as u64).sum()
    }

    /// The living rows, in batches of any size.
    fn living(&self, random: &mut StdRng) -> Vec<RecordBatch> {
        let all = arrow::compute::concat_batches(&schema(), &self.rows).unwrap();
        let living: Vec<u32> =
            (0..self.places() as u32).filter(|place| self.dead.binary_search(place).is_err()).collect();
        let living = take_record_batch(&all, &UInt32Array::from(living)).unwrap();
        let (mut batches, mut from) = (Vec::new(), 0);
        while from < living.num_rows() {
            let rows = random.random_range(1..=living.num_rows() - from);
            batches.push(living.slice(from, rows));
            from += rows;
        }
        batches
    }
}

#[test]
fn what_checkpoints_stored_is_the_view_through_changes_and_restarts() {
    for seed in 0..60 {
        println!("seed {seed}");
        let mut random = StdRng::seed_from_u64(seed);
        let keyed = seed % 2 == 0;
        let key = keyed.then(|| vec![0]);
        let steps = if seed % 4 < 2 { 3 } else { random.random_range(2..300) };
        let (mut writer, _) = ViewWriter::new(schema(), key.clone(), false).unwrap();
        let (mut model, mut files) = (Bag::new(), Files::default());
        let (mut captured, mut whole) = (false, 0);
        for lsn in 1..=300u64 {
            let mut changes = Vec::new();
            for _ in 0..random.random_range(1..=steps) {
                random_change(&mut random, &mut model, keyed, &mut changes);
            }
            writer.apply(vec![delta(&changes)], lsn, 0, 0, false).unwrap();
            if !random.random_bool(0.2) {
                continue;
            }
            let capture = writer.capture(!captured || random.random_bool(0.05)).unwrap();
            whole += usize::from(matches!(capture, Capture::Whole(_)));
            // Lost now and then: the next one is whole.
            captured = !random.random_bool(0.05);
            if !captured {
                continue;
            }
            files.store(capture);
            let mut stored = Bag::new();
            let batches = files.living(&mut random);
            batches.iter().flat_map(rows).for_each(|row| add(&mut stored, row, 1));
            assert_eq!(stored, model);
            if random.random_bool(0.3) {
                writer = ViewWriter::restore(schema(), key.clone(), false, batches, lsn, 0, 0).unwrap().0;
                assert!(writer.stored(files.places(), &files.dead));
                assert_eq!(contents(&writer.version()), model);
            }
        }
        assert!(whole < 20, "{whole}");
    }
}

#[test]
fn a_checkpoint_of_a_few_changes_has_but_these() {
    let all: Vec<(Row, i64)> = (0..100_000).map(|id| (one(id, 0), 1)).collect();
    let (mut writer, _) = ViewWriter::new(schema(), Some(vec![0]), false).unwrap();
    writer.apply(vec![delta(&all)], 1, 0, 0, false).unwrap();
    assert!(matches!(writer.capture(false).unwrap(), Capture::Whole(_)));
    let changes: Vec<(Row, i64)> =
        (0..10).flat_map(|id| [(one(id * 7, 0), -1), (one(id * 7, 1), 1)]).collect();
    writer.apply(vec![delta(&changes)], 2, 0, 0, false).unwrap();
    let Capture::Change { rows, dead } = writer.capture(false).unwrap() else { panic!("a whole view") };
    assert_eq!(rows.iter().map(RecordBatch::num_rows).sum::<usize>(), 10);
    assert_eq!(dead, (0..10).map(|id| id * 7).collect::<Vec<u32>>());
}

#[test]
fn a_projection_gives_its_columns_and_none_gives_counts() {
    let (mut writer, reader) = ViewWriter::new(schema(), Some(vec![0]), false).unwrap();
    let five: Vec<Row> = (0..5).map(|id| one(id, id)).collect();
    writer.apply(vec![Delta::insertions(batch(&five))], 1, 0, 0, false).unwrap();
    writer.apply(vec![delta(&[(one(2, 2), -1)])], 2, 0, 0, false).unwrap();
    let version = reader.version();
    let scanned: Vec<RecordBatch> = version.scan(Some(vec![2, 0])).map(Result::unwrap).collect();
    assert_eq!(scanned.len(), 1);
    assert_eq!(scanned[0].schema().field(0).name(), "value");
    assert_eq!(scanned[0].num_rows(), 4);
    let counted: usize = version.scan(Some(vec![])).map(|batch| batch.unwrap().num_rows()).sum();
    assert_eq!(counted, 4);
    assert!(version.bytes() > 0 && version.bytes() < 1000, "{}", version.bytes());
}

#[test]
fn a_view_of_one_row_has_a_key_of_no_columns() {
    let (mut writer, reader) = ViewWriter::new(schema(), Some(vec![]), false).unwrap();
    writer.apply(vec![Delta::insertions(batch(&[one(0, 0)]))], 1, 0, 0, false).unwrap();
    let update = delta(&[(one(0, 0), -1), (one(0, 7), 1)]);
    let changes = writer.apply(vec![update], 2, 0, 0, true).unwrap().unwrap();
    assert_eq!(changes.batches[0].ops, [ChangeOp::UpdateBefore, ChangeOp::UpdateAfter]);
    assert_eq!(contents(&reader.version()), Bag::from([(one(0, 7), 1)]));
    assert_eq!(rows(&reader.lookup(&reader.version(), &[]).unwrap().unwrap()), [one(0, 7)]);
}

#[test]
fn what_came_and_went_in_one_step_is_no_change() {
    let (mut writer, reader) = ViewWriter::new(schema(), Some(vec![0]), false).unwrap();
    writer.apply(vec![Delta::insertions(batch(&[one(1, 1)]))], 1, 0, 0, false).unwrap();
    let mut steps = vec![(one(1, 1), -1)];
    steps.extend((2..40).flat_map(|value| [(one(1, value), 1), (one(1, value), -1)]));
    steps.push((one(1, 1), 1));
    let changes = writer.apply(vec![delta(&steps)], 2, 0, 0, true).unwrap().unwrap();
    assert!(changes.is_empty());
    assert_eq!(reader.version().lsn, 2);
    assert_eq!(contents(&reader.version()), Bag::from([(one(1, 1), 1)]));
}

#[test]
fn changes_of_many_rows_come_in_batches_that_split_no_update() {
    let (mut writer, _) = ViewWriter::new(schema(), Some(vec![0]), false).unwrap();
    let old: Vec<Row> = (0..20_001).map(|id| one(id, 0)).collect();
    let changes = writer.apply(vec![Delta::insertions(batch(&old))], 1, 0, 0, true).unwrap().unwrap();
    assert_eq!((changes.batches.len(), changes.num_rows()), (3, 20_001));
    let mut steps = vec![(one(0, 0), -1)];
    steps.extend((1..20_001).flat_map(|id| [(one(id, 0), -1), (one(id, 1), 1)]));
    let changes = writer.apply(vec![delta(&steps)], 2, 0, 0, true).unwrap().unwrap();
    assert_eq!(changes.num_rows(), 40_001);
    apply_changes(&mut old.into_iter().map(|row| (row, 1)).collect(), &changes);
}

#[test]
fn a_key_that_is_inserted_while_it_is_there_stops_the_view_and_is_named() {
    let (mut writer, reader) = ViewWriter::new(schema(), Some(vec![0, 1]), false).unwrap();
    writer.apply(vec![Delta::insertions(batch(&[one(5, 1)]))], 1, 0, 0, false).unwrap();
    let error =
        writer.apply(vec![Delta::insertions(batch(&[one(6, 2), one(5, 2)]))], 2, 0, 0, false).unwrap_err();
    assert!(error.to_string().contains("(id = 5, name = name 5)"), "{error}");
    assert_eq!(reader.version().lsn, 1);
    assert_eq!(contents(&reader.version()), Bag::from([(one(5, 1), 1)]));
    let error = writer.apply(vec![], 3, 0, 0, false).unwrap_err();
    assert!(error.to_string().contains("stopped at LSN 1"), "{error}");
    let key = [ScalarValue::Int64(Some(5)), ScalarValue::from("name 5")];
    assert!(reader.lookup(&reader.version(), &key).unwrap().is_none(), "the index is no version's");
}

#[test]
fn rows_taken_back_that_are_not_there_are_a_defect() {
    for key in [Some(vec![0]), None] {
        let (mut writer, _) = ViewWriter::new(schema(), key, false).unwrap();
        let error = writer.apply(vec![delta(&[(one(5, 1), -1)])], 1, 0, 0, false).unwrap_err();
        assert!(error.to_string().contains("not there"), "{error}");
    }
    let (mut writer, _) = ViewWriter::new(schema(), None, true).unwrap();
    let error = writer.apply(vec![delta(&[(one(5, 1), -1)])], 1, 0, 0, false).unwrap_err();
    assert!(error.to_string().contains("append-only"), "{error}");
    let (mut writer, _) = ViewWriter::new(schema(), Some(vec![0]), false).unwrap();
    let error = writer.apply(vec![delta(&[(one(5, 1), 2)])], 1, 0, 0, false).unwrap_err();
    assert!(error.to_string().contains("several rows"), "{error}");
}

#[test]
fn rows_that_do_not_fit_the_schema_stop_the_view() {
    let (mut writer, reader) = ViewWriter::new(schema(), Some(vec![0]), false).unwrap();
    let other = batch(&[one(1, 1)]).project(&[2, 1, 1]).unwrap();
    let error = writer.apply(vec![Delta::insertions(other)], 1, 0, 0, false).unwrap_err();
    assert!(error.to_string().contains("does not fit"), "{error}");
    assert!(writer.apply(vec![], 2, 0, 0, false).is_err());
    assert_eq!(reader.version().lsn, 0);
}

#[test]
fn recent_versions_are_found_by_lsn() {
    let (mut writer, reader) = ViewWriter::new(schema(), Some(vec![0]), false).unwrap();
    for lsn in (10..=400).step_by(10) {
        let changes = [(one(1, lsn - 10), -1), (one(1, lsn), 1)];
        let changes = if lsn == 10 { &changes[1..] } else { &changes[..] };
        writer.apply(vec![delta(changes)], lsn as u64, 0, 0, false).unwrap();
    }
    let value = |lsn| reader.version_at(lsn).map(|version| contents(&version).into_keys().next().unwrap().2);
    assert_eq!(value(400), Some(400));
    assert_eq!(value(250), Some(250));
    assert_eq!(value(240), None, "no longer held");
    assert_eq!(value(395), None, "within a step");
    assert_eq!(value(401), None, "still to come");
    writer.publish_lsn(450, 7, 8).unwrap();
    assert_eq!(value(423), Some(400));
    assert_eq!(value(250), Some(250), "an advance without data drops no version");
    let version = reader.version();
    assert_eq!((version.lsn, version.commit_time, version.watermark), (450, 7, 8));
    assert!(reader.lookup(&version, &[ScalarValue::Int64(Some(1))]).unwrap().is_some());
    let old = reader.version_at(390).unwrap();
    assert!(reader.lookup(&old, &[ScalarValue::Int64(Some(1))]).unwrap().is_none());
    assert!(writer.publish_lsn(449, 0, 0).is_err());
}

#[test]
fn a_million_updates_of_few_groups_stay_small_and_cheap() {
    let (mut writer, reader) = ViewWriter::new(schema(), Some(vec![0]), false).unwrap();
    let groups = 20i64;
    let first: Vec<Row> = (0..groups).map(|id| one(id, id)).collect();
    writer.apply(vec![Delta::insertions(batch(&first))], 1, 0, 0, false).unwrap();
    let steps = 1_000_000i64;
    // The deltas are made in advance, by thousands, so that only the view is measured.
    let mut spent = Duration::ZERO;
    for thousand in 0..steps / 1000 {
        let values: Vec<i64> = (thousand * 1000..(thousand + 1) * 1000).collect();
        let old: Vec<Row> = values.iter().map(|value| one(value % groups, *value)).collect();
        let new: Vec<Row> = values.iter().map(|value| one(value % groups, value + groups)).collect();
        let interleaved: Vec<Row> = old.into_iter().zip(new).flat_map(|(old, new)| [old, new]).collect();
        let all = batch(&interleaved);
        let deltas: Vec<Delta> = (0..1000)
            .map(|step| Delta::weighted(all.slice(step * 2, 2), Int64Array::from(vec![-1, 1])))
            .collect();
        let start = Instant::now();
        for (step, delta) in deltas.into_iter().enumerate() {
            let lsn = 2 + thousand as u64 * 1000 + step as u64;
            writer.apply(vec![delta], lsn, 0, 0, false).unwrap();
        }
        spent += start.elapsed();
        assert!(writer.columns.chunks() <= 8, "{} chunks", writer.columns.chunks());
    }
    println!("{:?} a step", spent / steps as u32);
    let version = reader.version();
    assert_eq!(version.row_count(), groups as u64);
    assert!(version.bytes() < 10_000, "{} bytes", version.bytes());
    assert!(reader.index_bytes() < 10_000, "{} bytes", reader.index_bytes());
    assert!(spent / (steps as u32) < Duration::from_micros(500), "{spent:?}");
}

#[test]
fn single_row_appends_are_coalesced_into_few_chunks_in_order() {
    let (mut writer, reader) = ViewWriter::new(schema(), None, true).unwrap();
    let all = batch(&(0..100_000).map(|id| one(id, id)).collect::<Vec<_>>());
    let start = Instant::now();
    for row in 0..all.num_rows() {
        writer.apply(vec![Delta::insertions(all.slice(row, 1))], row as u64 + 1, 0, 0, false).unwrap();
    }
    println!("{:?} a step", start.elapsed() / 100_000);
    assert!(writer.columns.chunks() <= 16, "{} chunks", writer.columns.chunks());
    let ids: Vec<Row> = reader.version().batches().unwrap().iter().flat_map(rows).collect();
    assert!(ids.iter().map(|row| row.2).eq(0..100_000));
    assert!(reader.lookup_columns().is_none());
}

#[test]
fn rows_that_leave_in_the_order_in_which_they_came_leave_no_chunks_behind() {
    let (mut writer, reader) = ViewWriter::new(schema(), Some(vec![0]), false).unwrap();
    let window = 5000;
    for step in 0..2000i64 {
        let mut changes: Vec<(Row, i64)> = (step * 50..step * 50 + 50).map(|id| (one(id, 0), 1)).collect();
        // One of a thousand stays for good.
        let leaving = step * 50 - window..step * 50 + 50 - window;
        changes.extend(leaving.filter(|id| *id >= 0 && id % 1000 != 0).map(|id| (one(id, 0), -1)));
        writer.apply(vec![delta(&changes)], step as u64 + 1, 0, 0, false).unwrap();
        assert!(writer.columns.chunks() <= 30, "{} chunks at step {step}", writer.columns.chunks());
    }
    let version = reader.version();
    assert_eq!(version.row_count(), 5000 + 95);
    assert!(version.bytes() < 3 * 5095 * 40, "{} bytes", version.bytes());
}

#[test]
fn a_large_view_is_restored_and_updated_row_by_row() {
    let all = batch(&(0..300_000).map(|id| one(id, id)).collect::<Vec<_>>());
    let batches = (0..30).map(|part| all.slice(part * 10_000, 10_000)).collect();
    let start = Instant::now();
    let (mut writer, reader) = ViewWriter::restore(schema(), Some(vec![0]), false, batches, 9, 8, 7).unwrap();
    println!("restored in {:?}", start.elapsed());
    let version = reader.version();
    assert_eq!((version.lsn, version.commit_time, version.watermark), (9, 8, 7));
    assert_eq!(reader.version_at(9).unwrap().row_count(), 300_000);
    assert!(reader.version_at(8).is_none());
    let start = Instant::now();
    let mut random = StdRng::seed_from_u64(1);
    let mut values: BTreeMap<i64, i64> = BTreeMap::new();
    for step in 0..20_000i64 {
        let id = random.random_range(0..300_000);
        let old = values.insert(id, -step).unwrap_or(id);
        writer
            .apply(vec![delta(&[(one(id, -step), 1), (one(id, old), -1)])], 10 + step as u64, 0, 0, false)
            .unwrap();
    }
    println!("{:?} a step", start.elapsed() / 20_000);
    assert_eq!(version.row_count(), 300_000);
    assert!(
        version.batches().unwrap().iter().flat_map(rows).all(|row| row.0 == Some(row.2)),
        "an old version"
    );
    for (id, value) in values {
        let found = reader.lookup(&reader.version(), &[ScalarValue::Int64(Some(id))]).unwrap().unwrap();
        assert_eq!(rows(&found), [one(id, value)]);
    }
    assert!(writer.columns.chunks() <= 24, "{} chunks", writer.columns.chunks());
}

#[test]
fn a_chunk_is_never_larger_than_its_bound() {
    let rows_in = columns::CHUNK_ROWS * 2 + 5;
    let all = batch(&(0..rows_in as i64).map(|id| (Some(id), None, id)).collect::<Vec<_>>());
    let (mut writer, reader) = ViewWriter::new(schema(), Some(vec![0]), false).unwrap();
    writer.apply(vec![Delta::insertions(all)], 1, 0, 0, false).unwrap();
    let batches = reader.version().batches().unwrap();
    assert!(batches.iter().all(|batch| batch.num_rows() <= columns::CHUNK_ROWS));
    assert_eq!(batches.iter().map(RecordBatch::num_rows).sum::<usize>(), rows_in);
    let found =
        reader.lookup(&reader.version(), &[ScalarValue::Int64(Some(rows_in as i64 - 1))]).unwrap().unwrap();
    assert_eq!(rows(&found), [(Some(rows_in as i64 - 1), None, rows_in as i64 - 1)]);
}

#[test]
fn readers_on_other_threads_see_whole_versions_only() {
    let (mut writer, reader) = ViewWriter::new(schema(), Some(vec![0]), false).unwrap();
    let groups = 50i64;
    let first: Vec<Row> = (0..groups).map(|id| one(id, 0)).collect();
    writer.apply(vec![Delta::insertions(batch(&first))], 1, 0, 0, false).unwrap();
    std::thread::scope(|scope| {
        let readers: Vec<_> = (0..2)
            .map(|_| {
                let reader = reader.clone();
                scope.spawn(move || {
                    let mut looked_up = 0;
                    loop {
                        let version = reader.version();
                        // Each step sets all rows to one value.
                        let values: Vec<i64> =
                            version.batches().unwrap().iter().flat_map(rows).map(|row| row.2).collect();
                        assert_eq!(values.len(), groups as usize);
                        assert!(values.iter().all(|value| *value == version.lsn as i64 - 1));
                        if let Some(found) = reader.lookup(&version, &[ScalarValue::Int64(Some(7))]).unwrap()
                        {
                            assert_eq!(rows(&found), [one(7, version.lsn as i64 - 1)]);
                            looked_up += 1;
                        }
                        if version.lsn == 2001 {
                            return looked_up;
                        }
                    }
                })
            })
            .collect();
        for step in 1..=2000i64 {
            let changes: Vec<(Row, i64)> =
                (0..groups).flat_map(|id| [(one(id, step - 1), -1), (one(id, step), 1)]).collect();
            writer.apply(vec![delta(&changes)], step as u64 + 1, 0, 0, false).unwrap();
        }
        assert!(readers.into_iter().map(|reader| reader.join().unwrap()).all(|looked_up| looked_up > 0));
    });
}
