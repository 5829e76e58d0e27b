//! Checkpoints through a local directory, and what damage does to them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{
    ArrayRef, AsArray, BinaryArray, BooleanArray, Date32Array, Decimal128Array, Float32Array, Float64Array,
    Int16Array, Int32Array, Int64Array, IntervalMonthDayNanoArray, ListArray, StringArray,
    Time64MicrosecondArray, TimestampMicrosecondArray, UInt64Array,
};
use arrow::buffer::OffsetBuffer;
use arrow::compute::concat_batches;
use arrow::datatypes::{DataType, Field, Int64Type, IntervalMonthDayNano, IntervalUnit};
use object_store::memory::InMemory;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use super::*;
use crate::Error;
use crate::env::Machine;
use crate::flow::delta::NO_WATERMARK;
use crate::flow::{Delta, StateKind};
use crate::objects::Objects;
use crate::view::ViewWriter;

const VIEW: ObjectId = ObjectId(12);
const LOG: u64 = 0xfeed;

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

/// What a checkpoint is made of.
#[derive(Debug, Clone)]
struct Sample {
    head: Head,
    contents: Vec<RecordBatch>,
    states: Vec<OperatorState>,
}

fn sample(lsn: Lsn, seed: u64) -> Sample {
    println!("seed {seed}");
    let mut random = StdRng::seed_from_u64(seed);
    let batches: Vec<RecordBatch> =
        (0..3).map(|_| every_type(random.random_range(1..2000), &mut random)).collect();
    let state = |node, name: &str, batch, kind| OperatorState { node, name: name.into(), batch, kind };
    let head = Head {
        view: VIEW,
        name: "public.\"Hot items\"".into(),
        log_id: LOG,
        lsn,
        commit_time: 1_700_000_000_000_000,
        watermark: if seed.is_multiple_of(2) { NO_WATERMARK } else { -5 },
        fingerprint: u64::MAX - seed,
        schema: batches[0].schema(),
        key: Some(vec![3, 0]),
    };
    let states = vec![
        state(3, "late", every_type(100, &mut random), StateKind::Small),
        state(3, "closed", every_type(0, &mut random), StateKind::Small),
        state(4, "values", interval_lists(), StateKind::Small),
    ];
    Sample { head, contents: batches, states }
}

/// A checkpoint that stands on its own.
fn whole(sample: &Sample) -> Capture {
    let (mut writer, _) = ViewWriter::new(sample.head.schema.clone(), None, true).unwrap();
    let deltas = sample.contents.iter().cloned().map(Delta::insertions).collect();
    writer.apply(deltas, sample.head.lsn, 0, 0, false).unwrap();
    let contents = writer.capture(true).unwrap();
    Capture { head: sample.head.clone(), after: None, contents, states: sample.states.clone() }
}

fn assert_equal(read: &Checkpoint, written: &Sample) {
    assert_eq!(read.head, written.head);
    let all = |batches: &[RecordBatch]| concat_batches(&written.head.schema, batches).unwrap();
    assert_eq!(all(&read.contents), all(&written.contents));
    assert_eq!(read.states.len(), written.states.len());
    for (read, written) in read.states.iter().zip(&written.states) {
        assert_eq!((read.node, &read.name, &read.batch), (written.node, &written.name, &written.batch));
    }
}

fn local(root: &Path) -> CheckpointStore {
    CheckpointStore::new(Arc::new(Machine), Objects::local(Arc::new(Machine), root))
}

async fn newest(store: &CheckpointStore) -> crate::Result<Option<Checkpoint>> {
    store.newest(VIEW, LOG).await
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
    assert!(newest(&store).await.unwrap().is_none());
    for seed in 0..4 {
        let written = sample(seed + 1, seed);
        let info = store.write(&whole(&written)).await.unwrap().info();
        let rows: usize = written.contents.iter().map(RecordBatch::num_rows).sum();
        assert_eq!((info.lsn, info.rows, info.files), (seed + 1, rows as u64, 4));
        assert_equal(&newest(&store).await.unwrap().unwrap(), &written);
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
    let mut written = Sample { contents: vec![], states: vec![], ..sample(1, 1) };
    written.head.key = None;
    store.write(&whole(&written)).await.unwrap();
    assert_equal(&newest(&store).await.unwrap().unwrap(), &written);
}

#[tokio::test]
async fn a_remote_store_holds_the_same() {
    let objects = Objects::new(Arc::new(InMemory::new()), "some/prefix".into());
    let store = CheckpointStore::new(Arc::new(Machine), objects);
    for lsn in 1..5 {
        store.write(&whole(&sample(lsn, lsn))).await.unwrap();
    }
    assert_equal(&newest(&store).await.unwrap().unwrap(), &sample(4, 4));
    let listed = store.list().await.unwrap();
    let path = &listed[0].path;
    assert!(path.ends_with("some/prefix/views/12/00000000000000000004.json"), "{path}");
    assert_eq!(listed.len(), 2);
    store.remove(VIEW).await.unwrap();
    assert!(newest(&store).await.unwrap().is_none());
}

#[tokio::test]
async fn damage_is_found_and_an_older_whole_checkpoint_is_used() {
    let directory = tempfile::tempdir().unwrap();
    let root = directory.path();
    let store = local(root);
    store.write(&whole(&sample(1, 1))).await.unwrap();
    let all_files = files(root);
    assert_eq!(all_files.len(), 5);
    // Any file, at any place: the checkpoint is not used, and the file is named.
    let mut random = StdRng::seed_from_u64(3);
    for file in &all_files {
        let path = root.join(file);
        let bytes = fs::read(&path).unwrap();
        for at in [0, bytes.len() - 1, random.random_range(0..bytes.len())] {
            damage(&path, at);
            let Err(Error::Corrupt { path: named, .. }) = newest(&store).await else {
                panic!("{file} at {at}")
            };
            assert_eq!(named, path);
            fs::write(&path, &bytes).unwrap();
        }
        fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
        assert!(matches!(newest(&store).await, Err(Error::Corrupt { path: named, .. }) if named == path));
        if !file.ends_with("json") {
            fs::remove_file(&path).unwrap();
            assert!(matches!(newest(&store).await, Err(Error::Corrupt { path: named, .. }) if named == path));
        }
        fs::write(&path, &bytes).unwrap();
    }
    store.write(&whole(&sample(2, 2))).await.unwrap();
    damage(&contents_file(root, 2), 100);
    assert_equal(&newest(&store).await.unwrap().unwrap(), &sample(1, 1));
    // The replay comes to the damaged LSN again and writes it anew.
    store.write(&whole(&sample(2, 2))).await.unwrap();
    assert_equal(&newest(&store).await.unwrap().unwrap(), &sample(2, 2));
    damage(&contents_file(root, 1), 100);
    damage(&contents_file(root, 2), 100);
    let error = newest(&store).await.unwrap_err();
    assert!(error.to_string().contains(contents_file(root, 2).to_str().unwrap()), "{error}");
}

#[tokio::test]
async fn a_crash_before_the_manifest_leaves_the_older_checkpoint_and_the_rest_is_swept() {
    let directory = tempfile::tempdir().unwrap();
    let root = directory.path();
    let store = local(root);
    store.write(&whole(&sample(1, 1))).await.unwrap();
    store.write(&whole(&sample(7, 7))).await.unwrap();
    let manifest = root.join("views/12/00000000000000000007.json");
    fs::rename(&manifest, root.join("views/12/00000000000000000007.json.new")).unwrap();
    assert_equal(&newest(&store).await.unwrap().unwrap(), &sample(1, 1));
    assert_eq!(store.list().await.unwrap().len(), 1);
    // The same LSN again, with other files in the place of the orphans.
    store.write(&whole(&sample(7, 8))).await.unwrap();
    assert_equal(&newest(&store).await.unwrap().unwrap(), &sample(7, 8));
    // And orphans of an LSN that is never written again.
    fs::create_dir(root.join("views/12/00000000000000000008")).unwrap();
    fs::write(contents_file(root, 8), b"half").unwrap();
    fs::write(root.join("views/12/00000000000000000008.json.new"), b"half").unwrap();
    store.write(&whole(&sample(9, 9))).await.unwrap();
    assert_equal(&newest(&store).await.unwrap().unwrap(), &sample(9, 9));
    assert!(!contents_file(root, 8).parent().unwrap().exists());
    assert_eq!(files(root).len(), 2 * 5);
}

#[tokio::test]
async fn a_checkpoint_that_is_there_and_later_ones_are_replaced() {
    let directory = tempfile::tempdir().unwrap();
    let store = local(directory.path());
    store.write(&whole(&sample(5, 1))).await.unwrap();
    store.write(&whole(&sample(9, 1))).await.unwrap();
    store.write(&whole(&sample(5, 2))).await.unwrap();
    assert_equal(&newest(&store).await.unwrap().unwrap(), &sample(5, 2));
    assert_eq!(files(directory.path()).len(), 5);
}

#[tokio::test]
async fn a_checkpoint_of_another_log_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let store = local(directory.path());
    let mut other = sample(2, 2);
    other.head.log_id = 7;
    store.write(&whole(&other)).await.unwrap();
    let error = store.newest(VIEW, 8).await.unwrap_err().to_string();
    let message = "is of the log 0000000000000007, and this database's log is 0000000000000008";
    assert!(error.contains(message), "{error}");
    assert_equal(&store.newest(VIEW, 7).await.unwrap().unwrap(), &other);
    // Who writes there makes the place his own.
    store.write(&whole(&sample(3, 3))).await.unwrap();
    assert_equal(&newest(&store).await.unwrap().unwrap(), &sample(3, 3));
    assert_eq!(store.list_of(VIEW).await.unwrap().len(), 1);
}

#[tokio::test]
async fn checkpoints_of_views_that_are_no_more_are_removed_if_they_are_of_this_log() {
    let directory = tempfile::tempdir().unwrap();
    let store = local(directory.path());
    for (view, log_id) in [(1, LOG), (2, LOG), (3, 99)] {
        let mut sample = sample(4, 4);
        (sample.head.view, sample.head.log_id) = (ObjectId(view), log_id);
        store.write(&whole(&sample)).await.unwrap();
    }
    store.remove_orphans(LOG, |view| view == ObjectId(2)).await.unwrap();
    let left: Vec<u64> = store.list().await.unwrap().iter().map(|info| info.view.0).collect();
    assert_eq!(left, [2, 3]);
}

#[tokio::test]
async fn an_unknown_format_is_refused_by_its_number() {
    let directory = tempfile::tempdir().unwrap();
    let store = local(directory.path());
    store.write(&whole(&sample(1, 1))).await.unwrap();
    fs::write(directory.path().join("views/12/00000000000000000002.json"), b"{\"format_version\": 1}")
        .unwrap();
    let error = newest(&store).await.unwrap_err();
    assert!(error.to_string().contains("00000000000000000002.json has format version 1"), "{error}");
}

#[test]
fn parts_of_a_state_have_plain_names() {
    let mut bad = sample(1, 1);
    bad.states[0].name = "a/b".into();
    assert!(encode::encode(&whole(&bad), encode::Squash::default()).is_err());
}

/// A keyed view and one part of a state, changed at random and stored in checkpoints that follow each other.
struct Changing {
    random: StdRng,
    writer: ViewWriter,
    view: BTreeMap<i64, i64>,
    groups: BTreeMap<i64, i64>,
    changed: BTreeSet<i64>,
    saved: Option<Saved>,
    lsn: Lsn,
}

fn pairs(rows: impl Iterator<Item = (i64, i64)>) -> RecordBatch {
    let (keys, values): (Vec<i64>, Vec<i64>) = rows.unzip();
    let columns: [(&str, ArrayRef); 2] =
        [("key", Arc::new(Int64Array::from(keys))), ("value", Arc::new(Int64Array::from(values)))];
    RecordBatch::try_from_iter(columns).unwrap()
}

/// Groups as a flow's state has them; None is a group that is gone.
fn groups(rows: &[(i64, Option<i64>)], layer: bool) -> RecordBatch {
    let number = |of: fn(&(i64, Option<i64>)) -> Option<i64>| -> ArrayRef {
        Arc::new(rows.iter().map(of).collect::<Int64Array>())
    };
    let dead: Int16Array = rows.iter().map(|row| Some(i16::from(row.1.is_none()))).collect();
    let mut columns = vec![
        ("start", number(|_| Some(0)), false),
        ("tag", number(|_| Some(0)), false),
        ("weight", number(|_| Some(1)), false),
        ("key_0", number(|row| Some(row.0)), true),
        ("state_0", number(|row| row.1), true),
    ];
    if layer {
        columns.push(("_dead", Arc::new(dead), false));
    }
    RecordBatch::try_from_iter_with_nullable(columns).unwrap()
}

fn two_columns(batch: &RecordBatch, first: usize) -> Vec<(i64, i64)> {
    let column = |index: usize| batch.column(index).as_primitive::<Int64Type>().values().to_vec();
    column(first).into_iter().zip(column(first + 1)).collect()
}

impl Changing {
    fn new(seed: u64) -> Self {
        println!("seed {seed}");
        let writer = ViewWriter::new(pairs([].into_iter()).schema(), Some(vec![0]), false).unwrap().0;
        Self {
            random: StdRng::seed_from_u64(seed),
            writer,
            view: BTreeMap::new(),
            groups: BTreeMap::new(),
            changed: BTreeSet::new(),
            saved: None,
            lsn: 0,
        }
    }

    fn change(&mut self, changes: usize) {
        let (mut rows, mut weights) = (vec![], vec![]);
        for _ in 0..changes {
            let key = self.random.random_range(0..400);
            if let Some(old) = self.view.remove(&key) {
                rows.push((key, old));
                weights.push(-1);
            }
            if self.random.random_bool(0.8) {
                let new = self.random.random();
                self.view.insert(key, new);
                rows.push((key, new));
                weights.push(1);
            }
            if self.random.random_bool(0.2) {
                self.groups.remove(&key);
            } else {
                self.groups.insert(key, self.random.random());
            }
            self.changed.insert(key);
        }
        self.lsn += 1;
        let delta = Delta::weighted(pairs(rows.into_iter()), weights.into());
        self.writer.apply(vec![delta], self.lsn, 0, 0, false).unwrap();
    }

    fn capture(&mut self) -> Capture {
        let after = self.saved.take();
        let contents = self.writer.capture(after.as_ref().is_none_or(Saved::wants_whole_contents)).unwrap();
        let whole = after.as_ref().is_none_or(|saved| saved.wants_whole_state(3, "groups"));
        let changed = std::mem::take(&mut self.changed);
        let rows: Vec<(i64, Option<i64>)> = match whole {
            true => self.groups.iter().map(|(key, value)| (*key, Some(*value))).collect(),
            false => changed.iter().map(|key| (*key, self.groups.get(key).copied())).collect(),
        };
        let kind = if whole { StateKind::Base } else { StateKind::Layer };
        let states =
            vec![OperatorState { node: 3, name: "groups".into(), batch: groups(&rows, !whole), kind }];
        let head =
            Head { lsn: self.lsn, schema: self.writer.version().schema().clone(), ..sample(1, 1).head };
        Capture { head, after, contents, states }
    }

    fn assert_is(&self, read: &Checkpoint) {
        let mut rows: Vec<(i64, i64)> =
            read.contents.iter().flat_map(|batch| two_columns(batch, 0)).collect();
        rows.sort_unstable();
        assert_eq!(rows, self.view.clone().into_iter().collect::<Vec<_>>());
        let mut state = two_columns(&read.states[0].batch, 3);
        state.sort_unstable();
        assert_eq!(state, self.groups.clone().into_iter().collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn checkpoints_that_follow_each_other_are_the_view_and_its_state() {
    for seed in 0..12 {
        let objects = Objects::new(Arc::new(InMemory::new()), "".into());
        let store = CheckpointStore::new(Arc::new(Machine), objects.clone());
        let mut changing = Changing::new(seed);
        let (mut bases, mut most_files) = (0, 0);
        for round in 0..150 {
            // Few changes of many rows: files are put together before there is a new base.
            let changes = match (round, seed % 2) {
                (0, _) => 600,
                (_, 0) => 1,
                _ => [1, 1, 3, 40][changing.random.random_range(0..4)],
            };
            changing.change(changes);
            let capture = changing.capture();
            if changing.random.random_bool(if seed % 2 == 0 { 0.0 } else { 0.05 }) {
                // It is lost: the next one stands on its own.
                continue;
            }
            let saved = store.write(&capture).await.unwrap();
            let info = saved.info();
            bases += usize::from(info.base);
            most_files = most_files.max(info.files);
            assert_eq!(info.rows, changing.view.len() as u64);
            assert_eq!(store.list_of(VIEW).await.unwrap()[0], info);
            changing.saved = Some(saved);
            let read = newest(&store).await.unwrap().unwrap();
            changing.assert_is(&read);
            if round % 20 == 19 {
                let Checkpoint { head, contents, dead, saved, .. } = read;
                let key = Some(vec![0]);
                let restored = ViewWriter::restore(head.schema, key, false, contents, head.lsn, 0, 0);
                changing.writer = restored.unwrap().0;
                assert!(changing.writer.stored(saved.places(), &dead));
                changing.saved = Some(saved);
            }
            let kept = store.list_of(VIEW).await.unwrap();
            let (_, contents, _) = store.contents_at(VIEW, info.lsn).await.unwrap().unwrap();
            assert_eq!(contents.iter().map(RecordBatch::num_rows).sum::<usize>(), changing.view.len());
            assert!(kept.len() <= 2);
        }
        println!("{bases} bases, at most {most_files} files");
        assert!(bases < 60 && most_files < 140);
        // Nothing lies about that no checkpoint names.
        let listed = objects.list("views").await.unwrap().len();
        let named: usize = store.list_of(VIEW).await.unwrap().iter().map(|info| info.files + 1).sum();
        assert!(listed <= named, "{listed} objects, {named} named");
    }
}

#[tokio::test]
async fn damage_of_any_file_of_a_chain_is_noticed() {
    let directory = tempfile::tempdir().unwrap();
    let root = directory.path();
    let store = local(root);
    let mut changing = Changing::new(5);
    for changes in [300, 5, 5] {
        changing.change(changes);
        let capture = changing.capture();
        changing.saved = Some(store.write(&capture).await.unwrap());
    }
    let kinds = files(root);
    assert!(
        ["contents", "deletes", "state", ".json"]
            .iter()
            .all(|kind| kinds.iter().any(|file| file.contains(kind)))
    );
    let mut random = StdRng::seed_from_u64(7);
    // Without the older checkpoint there is nothing to pass over to.
    let newest_manifest = kinds.iter().rfind(|file| file.ends_with(".json")).unwrap();
    for file in kinds.iter().filter(|file| file.ends_with(".json") && *file != newest_manifest) {
        fs::remove_file(root.join(file)).unwrap();
    }
    let (mut noticed, mut harmless) = (0, 0);
    for file in files(root) {
        let path = root.join(&file);
        let bytes = fs::read(&path).unwrap();
        for _ in 0..40 {
            damage(&path, random.random_range(0..bytes.len()));
            match newest(&store).await {
                Err(Error::Corrupt { path: named, .. }) => {
                    assert_eq!(named, path);
                    noticed += 1;
                }
                Err(error) => panic!("{error}"),
                Ok(read) => {
                    changing.assert_is(&read.unwrap());
                    harmless += 1;
                }
            }
            fs::write(&path, &bytes).unwrap();
        }
    }
    println!("{noticed} noticed, {harmless} harmless");
    assert!(noticed > 300);
}
