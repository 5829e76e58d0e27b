//! Checkpoints through a local directory, and what damage does to them.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use arrow::array::{
    ArrayRef, BinaryArray, BooleanArray, Date32Array, Decimal128Array, Float32Array, Float64Array,
    Int16Array, Int32Array, Int64Array, IntervalMonthDayNanoArray, ListArray, StringArray,
    Time64MicrosecondArray, TimestampMicrosecondArray, UInt64Array,
};
use arrow::buffer::OffsetBuffer;
use arrow::datatypes::{DataType, Field, IntervalMonthDayNano, IntervalUnit, Schema};
use object_store::memory::InMemory;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use super::*;
use crate::Error;
use crate::env::Machine;
use crate::flow::delta::NO_WATERMARK;
use crate::view::ViewWriter;

const VIEW: ObjectId = ObjectId(12);

/// Rows of every storable type, every third value NULL.
fn every_type(rows: usize, random: &mut StdRng) -> RecordBatch {
    let mut some = |row: usize| (row % 3 != 1).then(|| random.random::<i64>());
    let values: Vec<Option<i64>> = (0..rows).map(&mut some).collect();
    let all = || values.iter().copied();
    let intervals: IntervalMonthDayNanoArray = all()
        .map(|value| value.map(|value| IntervalMonthDayNano::new(value as i32, (value >> 32) as i32, value)))
        .collect();
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("boolean", Arc::new(all().map(|value| value.map(|value| value > 0)).collect::<BooleanArray>())),
        ("smallint", Arc::new(all().map(|value| value.map(|value| value as i16)).collect::<Int16Array>())),
        ("integer", Arc::new(all().map(|value| value.map(|value| value as i32)).collect::<Int32Array>())),
        ("bigint", Arc::new(all().collect::<Int64Array>())),
        ("real", Arc::new(all().map(|value| value.map(|value| value as f32)).collect::<Float32Array>())),
        (
            "double",
            Arc::new(all().map(|value| value.map(|value| value as f64 / 3.0)).collect::<Float64Array>()),
        ),
        (
            "numeric",
            Arc::new(
                all()
                    .map(|value| value.map(|value| value as i128 * 1_000_000_007))
                    .collect::<Decimal128Array>()
                    .with_precision_and_scale(38, 10)
                    .unwrap(),
            ),
        ),
        (
            "text",
            Arc::new(all().map(|value| value.map(|value| format!("é{value}"))).collect::<StringArray>()),
        ),
        (
            "bytea",
            Arc::new(all().map(|value| value.map(|value| value.to_le_bytes())).collect::<BinaryArray>()),
        ),
        ("date", Arc::new(all().map(|value| value.map(|value| value as i32)).collect::<Date32Array>())),
        (
            "time",
            Arc::new(
                all()
                    .map(|value| value.map(|value| value.rem_euclid(86_400_000_000)))
                    .collect::<Time64MicrosecondArray>(),
            ),
        ),
        ("timestamp", Arc::new(all().collect::<TimestampMicrosecondArray>())),
        ("timestamptz", Arc::new(all().collect::<TimestampMicrosecondArray>().with_timezone("+00:00"))),
        ("interval", Arc::new(intervals)),
    ];
    RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, column)| (name, column, true)))
        .unwrap()
}

/// A list of intervals, as the state of a min or max over intervals may be.
fn interval_lists() -> RecordBatch {
    let intervals: IntervalMonthDayNanoArray =
        (0..5).map(|value| (value != 2).then(|| IntervalMonthDayNano::new(value, -value, 7))).collect();
    let item = Arc::new(Field::new("item", DataType::Interval(IntervalUnit::MonthDayNano), true));
    let lists = ListArray::new(item, OffsetBuffer::from_lengths([2, 0, 3]), Arc::new(intervals), None);
    let counts = UInt64Array::from(vec![u64::MAX, 0, 1]);
    RecordBatch::try_from_iter([("values", Arc::new(lists) as ArrayRef), ("counts", Arc::new(counts))])
        .unwrap()
}

fn checkpoint(lsn: Lsn, seed: u64) -> Checkpoint {
    println!("seed {seed}");
    let mut random = StdRng::seed_from_u64(seed);
    let batches: Vec<RecordBatch> =
        (0..3).map(|_| every_type(random.random_range(0..2000), &mut random)).collect();
    let state = |node, name: &str, batch| OperatorState { node, name: name.into(), batch };
    Checkpoint {
        view: VIEW,
        name: "public.\"Hot items\"".into(),
        lsn,
        commit_time: 1_700_000_000_000_000,
        watermark: if seed.is_multiple_of(2) { NO_WATERMARK } else { -5 },
        fingerprint: u64::MAX - seed,
        schema: batches[0].schema(),
        key: Some(vec![3, 0]),
        contents: batches,
        states: vec![
            state(3, "groups", every_type(100, &mut random)),
            state(3, "groups", every_type(0, &mut random)),
            state(4, "values", interval_lists()),
        ],
    }
}

fn assert_equal(read: &Checkpoint, written: &Checkpoint) {
    let head = |checkpoint: &Checkpoint| {
        let Checkpoint { view, name, lsn, commit_time, watermark, fingerprint, schema, key, .. } =
            checkpoint.clone();
        (view, name, lsn, commit_time, watermark, fingerprint, schema, key)
    };
    assert_eq!(head(read), head(written));
    let whole = |checkpoint: &Checkpoint| {
        arrow::compute::concat_batches(&checkpoint.schema, &checkpoint.contents).unwrap()
    };
    assert_eq!(whole(read), whole(written));
    assert_eq!(read.states.len(), written.states.len());
    for (read, written) in read.states.iter().zip(&written.states) {
        assert_eq!((read.node, &read.name, &read.batch), (written.node, &written.name, &written.batch));
    }
}

fn local(root: &Path) -> CheckpointStore {
    CheckpointStore::local(Arc::new(Machine), root).unwrap()
}

/// All files below a directory, sorted, relative to it.
fn files(root: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut waiting = vec![root.to_owned()];
    while let Some(directory) = waiting.pop() {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                waiting.push(path);
            } else {
                found.push(path.strip_prefix(root).unwrap().to_str().unwrap().to_owned());
            }
        }
    }
    found.sort();
    found
}

fn damage(path: &Path, at: usize) {
    let mut bytes = fs::read(path).unwrap();
    bytes[at] ^= 0x40;
    fs::write(path, bytes).unwrap();
}

fn contents_file(root: &Path, lsn: Lsn) -> PathBuf {
    root.join(format!("views/12/{lsn:020}/contents-0.parquet"))
}

#[tokio::test]
async fn what_is_written_is_read_in_every_type() {
    let directory = tempfile::tempdir().unwrap();
    let store = local(&directory.path().join("a/b"));
    assert!(store.newest(VIEW).await.unwrap().is_none());
    for seed in 0..4 {
        let written = checkpoint(seed + 1, seed);
        let info = store.write(&written).await.unwrap();
        let rows: usize = written.contents.iter().map(RecordBatch::num_rows).sum();
        assert_eq!((info.lsn, info.rows, info.files), (seed + 1, rows as u64, 4));
        assert_equal(&store.newest(VIEW).await.unwrap().unwrap(), &written);
    }
    let listed = store.list().await.unwrap();
    assert_eq!(listed.iter().map(|info| info.lsn).collect::<Vec<_>>(), [4, 3], "the newest two are kept");
    assert_eq!(files(directory.path()).len(), 2 * 5);
    store.remove(VIEW).await.unwrap();
    assert!(files(directory.path()).is_empty());
    assert!(store.list().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_view_without_rows_keeps_its_columns() {
    let directory = tempfile::tempdir().unwrap();
    let store = local(directory.path());
    let written = Checkpoint { contents: vec![], states: vec![], key: None, ..checkpoint(1, 1) };
    store.write(&written).await.unwrap();
    assert_equal(&store.newest(VIEW).await.unwrap().unwrap(), &written);
}

#[tokio::test]
async fn a_remote_store_holds_the_same() {
    let store = CheckpointStore::new(Arc::new(InMemory::new()), "some/prefix".into());
    for lsn in 1..5 {
        store.write(&checkpoint(lsn, lsn)).await.unwrap();
    }
    assert_equal(&store.newest(VIEW).await.unwrap().unwrap(), &checkpoint(4, 4));
    let listed = store.list().await.unwrap();
    assert_eq!(listed[0].path, "some/prefix/views/12/00000000000000000004.json");
    assert_eq!(listed.len(), 2);
    store.remove(VIEW).await.unwrap();
    assert!(store.newest(VIEW).await.unwrap().is_none());
}

#[tokio::test]
async fn damage_is_found_and_an_older_whole_checkpoint_is_used() {
    let directory = tempfile::tempdir().unwrap();
    let root = directory.path();
    let store = local(root);
    store.write(&checkpoint(1, 1)).await.unwrap();
    let whole = files(root);
    assert_eq!(whole.len(), 5);
    // Any file, at any place: the checkpoint is not used, and the file is named.
    let mut random = StdRng::seed_from_u64(3);
    for file in &whole {
        let path = root.join(file);
        let bytes = fs::read(&path).unwrap();
        for at in [0, bytes.len() - 1, random.random_range(0..bytes.len())] {
            damage(&path, at);
            let Err(Error::Corrupt { path: named, .. }) = store.newest(VIEW).await else {
                panic!("{file} at {at}")
            };
            assert_eq!(named, path);
            fs::write(&path, &bytes).unwrap();
        }
        fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
        assert!(matches!(store.newest(VIEW).await, Err(Error::Corrupt { path: named, .. }) if named == path));
        if !file.ends_with("json") {
            fs::remove_file(&path).unwrap();
            assert!(
                matches!(store.newest(VIEW).await, Err(Error::Corrupt { path: named, .. }) if named == path)
            );
        }
        fs::write(&path, &bytes).unwrap();
    }
    store.write(&checkpoint(2, 2)).await.unwrap();
    damage(&contents_file(root, 2), 100);
    assert_equal(&store.newest(VIEW).await.unwrap().unwrap(), &checkpoint(1, 1));
    // The replay comes to the damaged LSN again and writes it anew.
    store.write(&checkpoint(2, 2)).await.unwrap();
    assert_equal(&store.newest(VIEW).await.unwrap().unwrap(), &checkpoint(2, 2));
    damage(&contents_file(root, 1), 100);
    damage(&contents_file(root, 2), 100);
    let error = store.newest(VIEW).await.unwrap_err();
    assert!(error.to_string().contains(contents_file(root, 2).to_str().unwrap()), "{error}");
}

#[tokio::test]
async fn a_crash_before_the_manifest_leaves_the_older_checkpoint_and_the_rest_is_swept() {
    let directory = tempfile::tempdir().unwrap();
    let root = directory.path();
    let store = local(root);
    store.write(&checkpoint(1, 1)).await.unwrap();
    store.write(&checkpoint(7, 7)).await.unwrap();
    let manifest = root.join("views/12/00000000000000000007.json");
    fs::rename(&manifest, root.join("views/12/00000000000000000007.json.new")).unwrap();
    assert_equal(&store.newest(VIEW).await.unwrap().unwrap(), &checkpoint(1, 1));
    assert_eq!(store.list().await.unwrap().len(), 1);
    // The same LSN again, with other files in the place of the orphans.
    store.write(&checkpoint(7, 8)).await.unwrap();
    assert_equal(&store.newest(VIEW).await.unwrap().unwrap(), &checkpoint(7, 8));
    // And orphans of an LSN that is never written again.
    fs::create_dir(root.join("views/12/00000000000000000008")).unwrap();
    fs::write(contents_file(root, 8), b"half").unwrap();
    fs::write(root.join("views/12/00000000000000000008.json.new"), b"half").unwrap();
    store.write(&checkpoint(9, 9)).await.unwrap();
    assert_equal(&store.newest(VIEW).await.unwrap().unwrap(), &checkpoint(9, 9));
    assert!(!contents_file(root, 8).parent().unwrap().exists());
    assert_eq!(files(root).len(), 2 * 5);
}

#[tokio::test]
async fn a_checkpoint_that_is_there_is_not_written_again_unless_the_plan_is_another() {
    let directory = tempfile::tempdir().unwrap();
    let store = local(directory.path());
    store.write(&checkpoint(5, 1)).await.unwrap();
    let written = |root: &Path| fs::metadata(contents_file(root, 5)).unwrap().modified().unwrap();
    let before = written(directory.path());
    store.write(&checkpoint(5, 1)).await.unwrap();
    assert_eq!(written(directory.path()), before);
    store.write(&checkpoint(5, 2)).await.unwrap();
    assert_equal(&store.newest(VIEW).await.unwrap().unwrap(), &checkpoint(5, 2));
}

#[tokio::test]
async fn an_unknown_format_is_refused_by_its_number() {
    let directory = tempfile::tempdir().unwrap();
    let store = local(directory.path());
    store.write(&checkpoint(1, 1)).await.unwrap();
    fs::write(directory.path().join("views/12/00000000000000000002.json"), b"{\"format_version\": 2}")
        .unwrap();
    let error = store.newest(VIEW).await.unwrap_err();
    assert!(error.to_string().contains("00000000000000000002.json has format version 2"), "{error}");
}

#[test]
fn parts_of_a_state_have_plain_names() {
    let mut bad = checkpoint(1, 1);
    bad.states[0].name = "a/b".into();
    assert!(encode(&bad).is_err());
}

#[tokio::test]
async fn a_hundred_thousand_groups_come_back_as_a_view() {
    let rows = 100_000;
    let schema = Arc::new(Schema::new(vec![
        Field::new("window_start", DataType::Int64, false),
        Field::new("origin", DataType::Utf8, true),
        Field::new("departures", DataType::Int64, false),
        Field::new("mean_delay", DataType::Float64, true),
    ]));
    let columns: Vec<ArrayRef> = vec![
        Arc::new((0..rows).map(|row| Some(row / 3)).collect::<Int64Array>()),
        Arc::new((0..rows).map(|row| Some(["EWR", "JFK", "LGA"][row as usize % 3])).collect::<StringArray>()),
        Arc::new((0..rows).map(|row| Some(row % 97)).collect::<Int64Array>()),
        Arc::new((0..rows).map(|row| (row % 5 != 0).then_some(row as f64 / 7.0)).collect::<Float64Array>()),
    ];
    let batch = RecordBatch::try_new(schema.clone(), columns).unwrap();
    let state = OperatorState { node: 2, name: "groups".into(), batch: batch.clone() };
    let written = Checkpoint {
        schema,
        contents: vec![batch],
        states: vec![state],
        key: Some(vec![0, 1]),
        ..checkpoint(9, 9)
    };
    let directory = tempfile::tempdir().unwrap();
    let store = local(directory.path());
    let start = Instant::now();
    store.write(&written).await.unwrap();
    let stored = Instant::now();
    let read = store.newest(VIEW).await.unwrap().unwrap();
    let loaded = Instant::now();
    let (_, reader) =
        ViewWriter::restore(read.schema, read.key, false, read.contents, read.lsn, 0, NO_WATERMARK).unwrap();
    println!(
        "written in {:?}, read in {:?}, restored in {:?}",
        stored - start,
        loaded - stored,
        loaded.elapsed()
    );
    assert_eq!(reader.version().row_count(), rows as u64);
    let kept = reader.version().batches().unwrap();
    assert_eq!(arrow::compute::concat_batches(&written.schema, &kept).unwrap(), written.contents[0]);
}
