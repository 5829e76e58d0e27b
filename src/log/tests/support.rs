//! Streams, batches and directories for the tests.

use std::path::Path;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, BinaryArray, BooleanArray, Decimal128Array, Float64Array, Int16Array, Int64Array,
    IntervalMonthDayNanoArray, RecordBatch, StringArray, TimestampMicrosecondArray,
};
use arrow::datatypes::{DataType, Field, IntervalMonthDayNano, IntervalUnit, Schema, SchemaRef, TimeUnit};
use datafusion::common::ScalarValue;
use datafusion::logical_expr::Operator;
use datafusion::physical_expr::expressions::{Column, Literal, binary};
use millstream_catalog::ObjectId;
use rand::Rng;
use rand::rngs::StdRng;

use crate::log::{
    Durability, Log, LogConfig, Lsn, NewEntry, RecoveryReport, Replay, StreamSpec, StreamTail, WatermarkSpec,
};
use crate::{Error, Result};

/// How far the watermark of the test streams stays behind.
pub const DELAY_US: i64 = 1_000_000;

/// Every storable layout, and event time in column 1.
pub fn wide_schema() -> SchemaRef {
    let field = |name: &str, data_type| Field::new(name, data_type, name != "t" && name != "k");
    Arc::new(Schema::new(vec![
        field("k", DataType::Int64),
        field("t", DataType::Timestamp(TimeUnit::Microsecond, None)),
        field("b", DataType::Boolean),
        field("i", DataType::Int16),
        field("f", DataType::Float64),
        field("s", DataType::Utf8),
        field("y", DataType::Binary),
        field("d", DataType::Decimal128(38, 4)),
        field("n", DataType::Interval(IntervalUnit::MonthDayNano)),
    ]))
}

/// The first two columns of [`wide_schema`].
pub fn narrow_schema() -> SchemaRef {
    Arc::new(wide_schema().project(&[0, 1]).unwrap())
}

/// A stream; event time is in column 1.
pub fn stream(id: u64, schema: SchemaRef, partitions: u32, event_time: bool) -> StreamSpec {
    let delay = IntervalMonthDayNano::new(0, 0, DELAY_US * 1000);
    let delay = Arc::new(Literal::new(ScalarValue::IntervalMonthDayNano(Some(delay))));
    let expression = binary(Arc::new(Column::new("t", 1)), Operator::Minus, delay, &schema).unwrap();
    let watermark = event_time.then_some(WatermarkSpec { column: 1, expression });
    StreamSpec { id: ObjectId(id), schema, partitions, watermark }
}

/// Rows of the narrow schema.
pub fn narrow(rows: &[(i64, i64)]) -> RecordBatch {
    let keys = Int64Array::from_iter_values(rows.iter().map(|row| row.0));
    let times = TimestampMicrosecondArray::from_iter_values(rows.iter().map(|row| row.1));
    RecordBatch::try_new(narrow_schema(), vec![Arc::new(keys), Arc::new(times)]).unwrap()
}

/// Random rows of the wide schema; sometimes a slice, so that offsets are not zero.
pub fn wide(random: &mut StdRng, rows: usize) -> RecordBatch {
    let skipped = if random.random_bool(0.5) { random.random_range(0..20) } else { 0 };
    let all = rows + skipped;
    let nulls = if random.random_bool(0.5) { 0.3 } else { 0.0 };
    fn some<T>(random: &mut StdRng, nulls: f64, value: impl FnOnce(&mut StdRng) -> T) -> Option<T> {
        if random.random_bool(nulls) { None } else { Some(value(random)) }
    }
    let word = |random: &mut StdRng| "wörd-0123456789"[..random.random_range(3..15)].to_owned();
    let columns: Vec<ArrayRef> = vec![
        Arc::new(Int64Array::from_iter_values((0..all).map(|_| random.random_range(0..100)))),
        Arc::new(TimestampMicrosecondArray::from_iter_values(
            (0..all).map(|_| random.random_range(0..50_000_000)),
        )),
        Arc::new(BooleanArray::from_iter((0..all).map(|_| some(random, nulls, |r| r.random_bool(0.5))))),
        Arc::new(Int16Array::from_iter((0..all).map(|_| some(random, nulls, |r| r.random::<i16>())))),
        Arc::new(Float64Array::from_iter((0..all).map(|_| some(random, nulls, |r| r.random::<f64>())))),
        Arc::new(StringArray::from_iter((0..all).map(|_| some(random, nulls, word)))),
        Arc::new(BinaryArray::from_iter((0..all).map(|_| some(random, nulls, word)))),
        Arc::new(
            Decimal128Array::from_iter((0..all).map(|_| some(random, nulls, |r| r.random::<i64>() as i128)))
                .with_precision_and_scale(38, 4)
                .unwrap(),
        ),
        Arc::new(IntervalMonthDayNanoArray::from_iter((0..all).map(|_| {
            some(random, nulls, |r| IntervalMonthDayNano::new(r.random(), r.random(), r.random()))
        }))),
    ];
    RecordBatch::try_new(wide_schema(), columns).unwrap().slice(skipped, rows)
}

/// Makes streams from their DDL: `narrow`, `wide` or `plain` (no event time), and a number of partitions.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Words {
    pub seen: Vec<(Lsn, String)>,
    pub sinks: Vec<(ObjectId, Lsn)>,
}

/// The stream that a test's DDL text makes.
pub fn spec_of(id: ObjectId, sql: &str) -> Option<StreamSpec> {
    let (kind, partitions) = sql.split_once(' ')?;
    let partitions = partitions.parse().ok()?;
    Some(match kind {
        "narrow" => stream(id.0, narrow_schema(), partitions, true),
        "wide" => stream(id.0, wide_schema(), partitions, true),
        "plain" => stream(id.0, narrow_schema(), partitions, false),
        _ => return None,
    })
}

impl Replay for Words {
    fn ddl(&mut self, lsn: Lsn, id: ObjectId, sql: &str) -> Result<Option<StreamSpec>> {
        self.seen.push((lsn, format!("{id} {sql}")));
        Ok(spec_of(id, sql))
    }

    fn drop_objects(&mut self, lsn: Lsn, ids: &[ObjectId], sql: &str) -> Result<()> {
        self.seen.push((lsn, format!("{ids:?} {sql}")));
        Ok(())
    }

    fn next_object(&mut self, _id: ObjectId) {}

    fn sink_progress(&mut self, sink: ObjectId, lsn: Lsn) {
        self.sinks.push((sink, lsn));
    }
}

/// A configuration with small files.
pub fn config(directory: &Path) -> LogConfig {
    LogConfig { segment_bytes: 32 * 1024, ..LogConfig::new(directory) }
}

/// Opens the log of a directory.
pub fn open(directory: &Path) -> Log {
    try_open(directory).unwrap().0
}

/// Opens the log of a directory, if it can be.
pub fn try_open(directory: &Path) -> Result<(Log, RecoveryReport, Words)> {
    let mut words = Words::default();
    let (log, report) = Log::open(config(directory), &mut words)?;
    Ok((log, report, words))
}

/// Commits a stream's DDL and creates it.
pub fn create(log: &Log, id: u64, sql: &str) -> Arc<StreamTail> {
    let id = ObjectId(id);
    log.commit_blocking(vec![NewEntry::Ddl { id, sql: sql.to_owned() }], Durability::Sync).unwrap();
    log.create_stream(spec_of(id, sql).unwrap());
    log.stream(id).unwrap()
}

/// An append without partitions.
pub fn rows(stream: u64, batch: RecordBatch) -> NewEntry {
    NewEntry::Append { stream: ObjectId(stream), batch, partitions: None }
}

/// Commits one append.
pub fn append(log: &Log, stream: u64, batch: RecordBatch) -> Lsn {
    log.commit_blocking(vec![rows(stream, batch)], Durability::Sync).unwrap()
}

/// All that readers can see of a stream, one line a row.
pub fn contents(log: &Log, stream: u64) -> Vec<String> {
    let tail = log.stream(ObjectId(stream)).unwrap();
    let mut lines = Vec::new();
    for slice in tail.read(0, log.synced_lsn()).unwrap() {
        let hidden: Vec<ArrayRef> = (0..5).map(|column| slice.hidden(column)).collect();
        let columns: Vec<ArrayRef> = slice.batch.columns().iter().chain(&hidden).cloned().collect();
        let watermarks = slice.watermarks.clone();
        for row in 0..slice.num_rows() {
            let cells: Vec<String> = columns
                .iter()
                .map(|column| match ScalarValue::try_from_array(column, row).unwrap() {
                    value if value.is_null() => "NULL".to_owned(),
                    value => format!("{value:?}"),
                })
                .collect();
            let number = slice.first_row + row as u64;
            lines.push(format!("{number}: {} {:?}", cells.join(" "), watermarks.as_ref().map(|w| w[row])));
        }
        assert!(columns.iter().all(|column| column.len() == slice.num_rows()));
    }
    lines
}

/// All that there is in a log: streams by id, watermark, last commit, rows.
pub fn everything(log: &Log, streams: &[u64]) -> Vec<String> {
    let mut all = vec![format!("synced {}", log.synced_lsn())];
    all.extend((0..=log.synced_lsn()).map(|lsn| format!("{:?}", log.commit_time(lsn))));
    for id in streams {
        let tail = log.stream(ObjectId(*id));
        all.push(match &tail {
            Some(tail) => {
                format!("{id}: {} {} {}", tail.watermark(), tail.last_lsn(), tail.row_count())
            }
            None => format!("{id}: none"),
        });
        if let Some(tail) = tail {
            all.extend((0..=log.synced_lsn()).map(|lsn| {
                let cut = tail.cut(lsn, log.synced_lsn(), 3, usize::MAX);
                format!("{} {} {cut}", tail.watermark_at(lsn).unwrap(), tail.rows_between(0, lsn).unwrap())
            }));
            all.extend(contents(log, *id));
        }
    }
    all
}

/// Copies a data directory as a crash of the process would leave it.
pub fn copy_directory(from: &Path, to: &Path) {
    std::fs::create_dir_all(to.join("wal")).unwrap();
    for entry in std::fs::read_dir(from.join("wal")).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), to.join("wal").join(entry.file_name())).unwrap();
    }
}

/// The log files of a directory, in order.
pub fn files(directory: &Path) -> Vec<std::path::PathBuf> {
    let mut files: Vec<_> =
        std::fs::read_dir(directory.join("wal")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// Where the frames of a file start, and where the last ends.
pub fn frame_starts(bytes: &[u8]) -> Vec<usize> {
    let mut starts = vec![64];
    while bytes.len() >= starts[starts.len() - 1] + 64 {
        let at = starts[starts.len() - 1];
        // A mark is a header of no commits.
        if bytes[at..at + 4] != *b"MSFR" || bytes[at + 40..at + 44] == [0; 4] {
            break;
        }
        starts.push(at + u64::from_le_bytes(bytes[at + 8..at + 16].try_into().unwrap()) as usize);
    }
    starts
}

/// The SQLSTATE of an error.
pub fn state(error: &Error) -> &'static str {
    error.state().code()
}
