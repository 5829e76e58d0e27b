//! Segments: sealed rows of one stream as a Parquet object, immutable.
//!
//! ```text
//!  PAR1 │ row group 0: column chunk, column chunk, … │ row group 1: … │ footer │ length, PAR1
//!          each chunk's CRC32C is in the footer (millstream.crc32c)     └ its CRC32C is in the manifest
//! ```
//!
//! The columns are the user's, in order, then `_partition`, `_offset`, `_lsn`, `_commit_time` and, on a stream with event
//! time, `_watermark`: plain Parquet for any reader. Rows stand in log order. So a chunk of the tail can be made again
//! from a row group ([`Segment::chunks`]), and a query can read the columns that it names ([`Segment::read`]).
//!
//! **Promise.** No byte is decoded before its checksum was compared: a damaged object is [`Error::Corrupt`] with its
//! path and the damaged chunk's first byte, never rows.

use std::collections::{HashSet, VecDeque};
use std::ops::Range;
use std::sync::{Arc, Weak};

use arrow::array::{
    Array, AsArray, Int32Array, Int64Array, RecordBatch, RecordBatchOptions, RecordBatchReader,
};
use arrow::buffer::ScalarBuffer;
use arrow::compute::{concat_batches, max, min};
use arrow::datatypes::{
    DataType, Field, Int32Type, Int64Type, Schema, SchemaRef, TimeUnit, TimestampMicrosecondType,
};
use bytes::{Buf, Bytes};
use millstream_catalog::HIDDEN_COLUMNS;
use parking_lot::Mutex;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};
use parquet::arrow::{ArrowWriter, ProjectionMask};
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::{KeyValue, ParquetMetaDataReader};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::reader::{ChunkReader, Length};
use parquet::schema::types::ColumnPath;

use super::chunk::{CHUNK_BYTES, CHUNK_ROWS, Chunk, Partitions};
use super::columns::batch_bytes;
use super::manifest::{GroupMeta, SegmentMeta, watermark_member};
use super::runs::RunsBuilder;
use super::slice::TailSlice;
use super::{Lsn, StreamSpec};
use crate::checkpoint::parquet_types::{from_stored, plain_schema, to_stored};
use crate::flow::delta::NO_WATERMARK;
use crate::objects::Objects;
use crate::{Error, Result};

/// The footer's key under which the CRC32C of each column chunk stands: 8 hexadecimal digits each, row group by row
/// group, in the order of the leaf columns.
const CHECKSUMS: &str = "millstream.crc32c";

/// So many rows tell how a column is encoded.
const SAMPLE_ROWS: usize = 1024;

/// Footers in memory take at most about so many bytes, unless a single one takes more.
const FOOTER_BYTES: usize = 32 << 20;

/// A segment that can be read.
#[derive(Debug)]
pub struct Segment {
    pub(crate) meta: SegmentMeta,
    spec: Arc<StreamSpec>,
    objects: Objects,
    footer: Mutex<Weak<Footer>>,
}

/// What the Parquet footer says.
#[derive(Debug)]
pub(crate) struct Footer {
    /// Schema and statistics.
    pub metadata: ArrowReaderMetadata,
    /// By row group, then by leaf column.
    checksums: Vec<u32>,
}

/// A segment that is not stored yet.
pub(super) struct Encoded {
    pub meta: SegmentMeta,
    pub bytes: Bytes,
}

/// The schema of a stream's segments.
pub(crate) fn segment_schema(spec: &StreamSpec) -> SchemaRef {
    let mut fields: Vec<Field> = spec.schema.fields().iter().map(|field| field.as_ref().clone()).collect();
    fields.push(Field::new(HIDDEN_COLUMNS[0], DataType::Int32, false));
    fields.push(Field::new(HIDDEN_COLUMNS[1], DataType::Int64, false));
    fields.push(Field::new(HIDDEN_COLUMNS[2], DataType::Int64, false));
    let commit_time = DataType::Timestamp(TimeUnit::Microsecond, Some("+00:00".into()));
    fields.push(Field::new(HIDDEN_COLUMNS[3], commit_time, false));
    if let Some(watermark) = &spec.watermark {
        let event_time = spec.schema.field(watermark.column).data_type().clone();
        fields.push(Field::new(HIDDEN_COLUMNS[4], event_time, true));
    }
    Arc::new(Schema::new(fields))
}

/// Encodes consecutive rows, at least one; `offsets` are those of the partitions before the first. The name has `unique` in
/// it, so that no two segments have the same: what a manifest names is never written over.
pub(super) fn encode(
    directory: &str,
    unique: u64,
    spec: &StreamSpec,
    slices: &[TailSlice],
    offsets: Vec<i64>,
) -> Result<Encoded> {
    let schema = segment_schema(spec);
    let stored = to_stored(&RecordBatch::new_empty(schema.clone()))?.schema();
    let mut writer =
        ArrowWriter::try_new(Vec::new(), stored, Some(properties(spec, slices)?)).map_err(encoding)?;
    let mut groups = Vec::new();
    let mut event_time: Option<(i64, i64)> = None;
    for group in groups_of(slices) {
        for slice in &group {
            let columns = slice.batch.columns().iter().cloned();
            let hidden = (0..schema.fields().len() - slice.batch.num_columns()).map(|at| slice.hidden(at));
            let batch = RecordBatch::try_new(schema.clone(), columns.chain(hidden).collect())?;
            writer.write(&to_stored(&batch)?).map_err(encoding)?;
            event_time = widen(event_time, times_of(spec, &slice.batch));
        }
        writer.flush().map_err(encoding)?;
        groups.push(group_meta(&group));
    }
    let checksums = checksums(&mut writer)?;
    writer.append_key_value_metadata(KeyValue::new(CHECKSUMS.to_owned(), checksums));
    let bytes = Bytes::from(writer.into_inner().map_err(encoding)?);
    let footer = footer_length(&bytes).ok_or_else(|| Error::internal("a segment came out too short"))?;
    let (first, last) = (&slices[0], &slices[slices.len() - 1]);
    let rows: usize = slices.iter().map(TailSlice::num_rows).sum();
    let (first_row, rows) = (first.first_row, rows as u64);
    let (first_lsn, first_time) = first.runs().next().map(|(_, lsn, time)| (lsn, time)).unwrap_or_default();
    let (last_lsn, last_time) = last.runs().last().map(|(_, lsn, time)| (lsn, time)).unwrap_or_default();
    let meta = SegmentMeta {
        path: format!("{directory}/{first_row:020}-{:020}-{unique:016x}.parquet", first_row + rows),
        bytes: bytes.len() as u64,
        footer_bytes: footer as u64,
        footer_crc32c: format!("{:08x}", crc32c::crc32c(&bytes[bytes.len() - footer..])),
        first_row,
        rows,
        first_lsn,
        last_lsn,
        first_time,
        last_time,
        offsets,
        event_time,
        groups,
    };
    Ok(Encoded { meta, bytes })
}

/// Row groups are as large as the chunks of a tail: a reader holds a few at a time.
fn groups_of(slices: &[TailSlice]) -> Vec<Vec<TailSlice>> {
    let mut groups: Vec<Vec<TailSlice>> = Vec::new();
    let (mut rows, mut bytes) = (CHUNK_ROWS, 0);
    for slice in slices {
        let mut start = 0;
        while start < slice.num_rows() {
            if rows >= CHUNK_ROWS || bytes >= CHUNK_BYTES {
                groups.push(Vec::new());
                (rows, bytes) = (0, 0);
            }
            let count = (slice.num_rows() - start).min(CHUNK_ROWS - rows);
            let part = slice.part(start..start + count);
            rows += count;
            bytes += batch_bytes(&part.batch);
            groups.last_mut().into_iter().for_each(|group| group.push(part.clone()));
            start += count;
        }
    }
    groups
}

fn group_meta(group: &[TailSlice]) -> GroupMeta {
    let rows: usize = group.iter().map(TailSlice::num_rows).sum();
    let first = &group[0];
    let first_lsn = first.runs().next().map_or(0, |(_, lsn, _)| lsn);
    let watermark = first.watermarks.as_ref().map_or(NO_WATERMARK, |watermarks| watermarks[0]);
    let last_lsn = group[group.len() - 1].last_lsn();
    let bytes: usize = group.iter().map(|slice| batch_bytes(&slice.batch)).sum();
    GroupMeta(rows as u64, first_lsn, last_lsn, watermark_member(watermark), bytes as u64)
}

fn times_of(spec: &StreamSpec, batch: &RecordBatch) -> Option<(i64, i64)> {
    let times =
        batch.column(spec.watermark.as_ref()?.column).as_primitive_opt::<TimestampMicrosecondType>()?;
    min(times).zip(max(times))
}

fn widen(range: Option<(i64, i64)>, other: Option<(i64, i64)>) -> Option<(i64, i64)> {
    match (range, other) {
        (Some((low, high)), Some((least, greatest))) => Some((low.min(least), high.max(greatest))),
        (range, other) => range.or(other),
    }
}

fn properties(spec: &StreamSpec, slices: &[TailSlice]) -> Result<WriterProperties> {
    let mut builder = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(1).map_err(encoding)?))
        .set_max_row_group_row_count(None)
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_offset_index_disabled(true)
        .set_created_by(concat!("millstream ", env!("CARGO_PKG_VERSION")).into());
    // These rise by little or not at all from row to row, or have too many values for a dictionary to be worth it.
    let own = spec.schema.fields().iter().enumerate();
    let sample = slices[0].part(0..slices[0].num_rows().min(SAMPLE_ROWS));
    let varied = own.filter(|(index, _)| is_varied(sample.batch.column(*index).as_ref()));
    let varied = varied.map(|(_, field)| field.name().as_str());
    for name in varied.chain(HIDDEN_COLUMNS) {
        // A name may hold dots: it is one part.
        let column = ColumnPath::new(vec![name.to_owned()]);
        builder = builder
            .set_column_dictionary_enabled(column.clone(), false)
            .set_column_encoding(column, Encoding::DELTA_BINARY_PACKED);
    }
    Ok(builder.build())
}

/// Whether most of the values are different whole numbers or times, as far as the first rows show.
fn is_varied(sample: &dyn Array) -> bool {
    let Ok(numbers) = arrow::compute::cast(sample, &DataType::Int64) else { return false };
    let Some(numbers) = numbers.as_primitive_opt::<Int64Type>() else { return false };
    let is_whole = matches!(sample.data_type(), DataType::Int32 | DataType::Int64 | DataType::Timestamp(..));
    let different: HashSet<Option<i64>> = numbers.iter().collect();
    is_whole && different.len() * 2 > sample.len()
}

/// The checksums of all column chunks written so far, as the footer holds them.
fn checksums(writer: &mut ArrowWriter<Vec<u8>>) -> Result<String> {
    writer.sync().map_err(|error| Error::internal(error.to_string()))?;
    let bytes = writer.inner();
    let chunks = writer.flushed_row_groups().iter().flat_map(|group| group.columns());
    let mut text = String::new();
    for chunk in chunks {
        let (start, length) = chunk.byte_range();
        let chunk = bytes
            .get(start as usize..(start + length) as usize)
            .ok_or_else(|| Error::internal("a column chunk is outside of its segment"))?;
        text.push_str(&format!("{:08x}", crc32c::crc32c(chunk)));
    }
    Ok(text)
}

/// Length of the footer with its last eight bytes: the metadata's length and the magic.
fn footer_length(bytes: &[u8]) -> Option<usize> {
    let end = bytes.len().checked_sub(8)?;
    let length = u32::from_le_bytes(bytes[end..end + 4].try_into().ok()?) as usize;
    (length <= end).then_some(length + 8)
}

fn encoding(error: ParquetError) -> Error {
    Error::internal(format!("a segment could not be encoded: {error}"))
}

/// The footers that were used last stay in memory; the others are read again when they are needed.
static RECENT_FOOTERS: Mutex<RecentFooters> =
    Mutex::new(RecentFooters { footers: VecDeque::new(), bytes: 0 });

struct RecentFooters {
    /// The newest last.
    footers: VecDeque<Arc<Footer>>,
    /// What they take.
    bytes: usize,
}

impl RecentFooters {
    fn push(&mut self, footer: Arc<Footer>) {
        self.bytes += footer.bytes();
        self.footers.push_back(footer);
        while self.bytes > FOOTER_BYTES && self.footers.len() > 1 {
            let oldest = self.footers.pop_front();
            self.bytes -= oldest.map_or(0, |footer| footer.bytes());
        }
    }
}

impl Footer {
    /// The memory that it takes, about.
    fn bytes(&self) -> usize {
        self.metadata.metadata().memory_size() + 4 * self.checksums.len()
    }
}

impl Segment {
    pub(super) fn new(meta: SegmentMeta, spec: Arc<StreamSpec>, objects: Objects) -> Self {
        Self { meta, spec, objects, footer: Mutex::new(Weak::new()) }
    }

    /// The schema of its columns.
    pub(crate) fn schema(&self) -> SchemaRef {
        segment_schema(&self.spec)
    }

    /// The stream's column with event time.
    pub(crate) fn event_time_column(&self) -> Option<usize> {
        self.spec.watermark.as_ref().map(|watermark| watermark.column)
    }

    /// Whether a row of the stream is in it.
    pub(crate) fn holds(&self, row: u64) -> bool {
        (self.meta.first_row..self.meta.end_row()).contains(&row)
    }

    /// The rows of a row group, by their numbers in the stream.
    pub(crate) fn rows_of(&self, group: usize) -> Range<u64> {
        let before: u64 = self.meta.groups[..group].iter().map(GroupMeta::rows).sum();
        let first = self.meta.first_row + before;
        first..first + self.meta.groups[group].rows()
    }

    /// Bytes of some of a row group's columns (indexes into [`Segment::schema`]) in the object.
    pub(crate) fn stored_bytes(footer: &Footer, group: usize, columns: &[usize]) -> u64 {
        let mask = ProjectionMask::roots(footer.metadata.parquet_schema(), columns.iter().copied());
        let chunks = footer.metadata.metadata().row_group(group).columns().iter().enumerate();
        chunks.filter(|(leaf, _)| mask.leaf_included(*leaf)).map(|(_, chunk)| chunk.byte_range().1).sum()
    }

    /// The footer, from memory or from the object.
    pub(crate) async fn footer(&self) -> Result<Arc<Footer>> {
        if let Some(footer) = self.footer.lock().upgrade() {
            return Ok(footer);
        }
        let SegmentMeta { path, bytes, footer_bytes, .. } = &self.meta;
        let start = bytes.saturating_sub(*footer_bytes);
        let read = self.objects.get_ranges(path, &[start..*bytes]).await?;
        let read = read.and_then(|mut ranges| ranges.pop()).ok_or_else(|| self.missing())?;
        if format!("{:08x}", crc32c::crc32c(&read)) != self.meta.footer_crc32c {
            return Err(self.corrupt(start, "the segment's footer does not match its checksum"));
        }
        let footer = Arc::new(self.decode_footer(&read).map_err(|message| self.corrupt(start, message))?);
        *self.footer.lock() = Arc::downgrade(&footer);
        RECENT_FOOTERS.lock().push(footer.clone());
        Ok(footer)
    }

    fn decode_footer(&self, bytes: &[u8]) -> Result<Footer, String> {
        let wrong = |error: ParquetError| error.to_string();
        let metadata = bytes.get(..bytes.len().saturating_sub(8)).ok_or("the footer is too short")?;
        let metadata = ParquetMetaDataReader::decode_metadata(metadata).map_err(wrong)?;
        let values = metadata.file_metadata().key_value_metadata();
        let text = values
            .and_then(|values| values.iter().find(|value| value.key == CHECKSUMS))
            .and_then(|value| value.value.as_deref())
            .ok_or("the footer has no checksums")?;
        let digits = text.as_bytes().chunks(8);
        let number = |digits: &[u8]| {
            let digits = std::str::from_utf8(digits).ok()?;
            u32::from_str_radix(digits, 16).ok()
        };
        let checksums =
            digits.map(number).collect::<Option<Vec<u32>>>().ok_or("the footer's checksums are none")?;
        let chunks: usize = metadata.row_groups().iter().map(|group| group.num_columns()).sum();
        let rows = metadata.row_groups().iter().map(|group| group.num_rows() as u64);
        if checksums.len() != chunks || !rows.eq(self.meta.groups.iter().map(GroupMeta::rows)) {
            return Err("the footer's row groups are not those of the manifest".to_owned());
        }
        let metadata =
            ArrowReaderMetadata::try_new(Arc::new(metadata), ArrowReaderOptions::new()).map_err(wrong)?;
        Ok(Footer { metadata, checksums })
    }

    /// Rows of one row group: the columns with these indexes into [`Segment::schema`], ascending.
    pub(crate) async fn read(&self, group: usize, columns: &[usize]) -> Result<RecordBatch> {
        let footer = self.footer().await?;
        let parquet = footer.metadata.parquet_schema();
        let mask = ProjectionMask::roots(parquet, columns.iter().copied());
        let row_group = footer.metadata.metadata().row_group(group);
        let leaves: Vec<usize> =
            (0..row_group.num_columns()).filter(|leaf| mask.leaf_included(*leaf)).collect();
        let ranges: Vec<Range<u64>> = leaves
            .iter()
            .map(|leaf| {
                let (start, length) = row_group.column(*leaf).byte_range();
                start..start + length
            })
            .collect();
        let read = match ranges.is_empty() {
            true => Vec::new(),
            false => {
                let read = self.objects.get_ranges(&self.meta.path, &ranges).await?;
                read.ok_or_else(|| self.missing())?
            }
        };
        let columns_before: usize =
            footer.metadata.metadata().row_groups()[..group].iter().map(|group| group.num_columns()).sum();
        for ((leaf, range), bytes) in leaves.iter().zip(&ranges).zip(&read) {
            if crc32c::crc32c(bytes) != footer.checksums[columns_before + leaf] {
                return Err(self.corrupt(range.start, "a column's bytes do not match their checksum"));
            }
        }
        let start = ranges.first().map_or(0, |range| range.start);
        let pieces = Pieces { length: self.meta.bytes, pieces: ranges.into_iter().zip(read).collect() };
        let rows = self.meta.groups[group].rows() as usize;
        let wrong = |message: String| self.corrupt(start, message);
        let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(pieces, footer.metadata.clone())
            .with_row_groups(vec![group])
            .with_projection(mask)
            .with_batch_size(rows.max(1));
        let reader = builder.build().map_err(|error| wrong(error.to_string()))?;
        let schema = Arc::new(plain_schema(&reader.schema()));
        let mut batches = Vec::new();
        for batch in reader {
            batches.push(from_stored(&batch.map_err(|error| wrong(error.to_string()))?)?);
        }
        let batch = match batches.len() {
            1 => batches.remove(0),
            0 => RecordBatch::new_empty(schema),
            _ => concat_batches(&batches[0].schema(), &batches)?,
        };
        if batch.num_rows() != rows {
            return Err(wrong(format!("a row group has {} rows instead of {rows}", batch.num_rows())));
        }
        Ok(batch)
    }

    /// A row group as chunks of the tail: more than one where its commits are too far apart for one.
    pub(super) async fn chunks(&self, group: usize) -> Result<Vec<Arc<Chunk>>> {
        let all: Vec<usize> = (0..self.schema().fields().len()).collect();
        let batch = self.read(group, &all).await?;
        self.chunks_of(group, &batch).ok_or_else(|| {
            self.corrupt(0, format!("row group {group} does not hold the rows of the stream in log order"))
        })
    }

    fn chunks_of(&self, group: usize, batch: &RecordBatch) -> Option<Vec<Arc<Chunk>>> {
        let own = self.spec.schema.fields().len();
        let partitions = batch.column(own).as_primitive_opt::<Int32Type>()?;
        let offsets = batch.column(own + 1).as_primitive_opt::<Int64Type>()?;
        let lsns = batch.column(own + 2).as_primitive_opt::<Int64Type>()?.values();
        let times = batch.column(own + 3).as_primitive_opt::<TimestampMicrosecondType>()?.values();
        let watermarks = match &self.spec.watermark {
            Some(_) => Some(watermarks(batch.column(own + 4).as_ref())?),
            None => None,
        };
        let in_order = |values: &[i64]| values.windows(2).all(|pair| pair[0] <= pair[1]);
        if !in_order(lsns) || !in_order(times) {
            return None;
        }
        let options = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
        let columns = batch.columns()[..own].to_vec();
        let rows = RecordBatch::try_new_with_options(self.spec.schema.clone(), columns, &options).ok()?;
        let first_row = self.rows_of(group).start;
        let mut chunks = Vec::new();
        let mut start = 0;
        while start < batch.num_rows() {
            let mut runs = RunsBuilder::default();
            let mut end = start;
            while end < batch.num_rows() && runs.fits(lsns[end] as Lsn, times[end]) {
                let same = |row: usize| (lsns[row], times[row]) == (lsns[end], times[end]);
                let next = (end..batch.num_rows()).find(|row| !same(*row)).unwrap_or(batch.num_rows());
                runs.push(lsns[end] as Lsn, times[end], (next - end) as u32);
                end = next;
            }
            let range = start..end;
            let batch =
                if range == (0..rows.num_rows()) { rows.clone() } else { rows.slice(start, end - start) };
            let watermarks = watermarks.as_ref().map(|values| values.slice(start, end - start));
            let partitions = match self.spec.partitions {
                0 | 1 => None,
                count => Some(partitions_of(partitions, offsets, range, count as usize)?),
            };
            let bytes = batch_bytes(&batch);
            let first_row = first_row + start as u64;
            chunks.push(Arc::new(Chunk {
                batch,
                first_row,
                runs: runs.finish(),
                partitions,
                watermarks,
                bytes,
            }));
            start = end;
        }
        Some(chunks)
    }

    /// The error for damage in this segment.
    pub(crate) fn corrupt(&self, offset: u64, message: impl Into<String>) -> Error {
        self.objects.corrupt(&self.meta.path, offset, message)
    }

    fn missing(&self) -> Error {
        self.corrupt(0, "the segment is missing, though the manifest names it")
    }
}

/// The watermark before each row.
fn watermarks(column: &dyn Array) -> Option<ScalarBuffer<i64>> {
    let values = column.as_primitive_opt::<TimestampMicrosecondType>()?;
    if values.null_count() == 0 {
        return Some(values.values().clone());
    }
    Some(values.iter().map(|value| value.unwrap_or(NO_WATERMARK)).collect())
}

/// The partitions of some rows; the offset of a partition that none of them is in is not known, nor asked for.
fn partitions_of(
    partitions: &Int32Array,
    offsets: &Int64Array,
    rows: Range<usize>,
    count: usize,
) -> Option<Partitions> {
    let mut first: Vec<Option<i64>> = vec![None; count];
    for row in rows.clone() {
        let partition = usize::try_from(partitions.value(row)).ok().filter(|at| *at < count)?;
        first[partition].get_or_insert(offsets.value(row));
    }
    let offsets: Vec<i64> = first.into_iter().map(|offset| offset.unwrap_or(0)).collect();
    Some(Partitions { rows: partitions.values().slice(rows.start, rows.len()), offsets: offsets.into() })
}

/// The parts of an object that were read, for the Parquet reader: it asks for nothing else.
struct Pieces {
    length: u64,
    pieces: Vec<(Range<u64>, Bytes)>,
}

impl Pieces {
    fn from(&self, start: u64) -> Result<Bytes, ParquetError> {
        let piece = self.pieces.iter().find(|(range, _)| range.contains(&start));
        let piece = piece.map(|(range, bytes)| bytes.slice((start - range.start) as usize..));
        piece.ok_or_else(|| ParquetError::General(format!("byte {start} was not read")))
    }
}

impl Length for Pieces {
    fn len(&self) -> u64 {
        self.length
    }
}

impl ChunkReader for Pieces {
    type T = bytes::buf::Reader<Bytes>;

    fn get_read(&self, start: u64) -> Result<Self::T, ParquetError> {
        Ok(self.from(start)?.reader())
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes, ParquetError> {
        let bytes = self.from(start)?;
        if bytes.len() < length {
            return Err(ParquetError::General(format!("{length} bytes from {start} were not read")));
        }
        Ok(bytes.slice(..length))
    }
}
