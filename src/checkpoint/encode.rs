//! A checkpoint as files, and back. Pure: no I/O.

use bytes::Bytes;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use millstream_catalog::ObjectId;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::{EnabledStatistics, WriterProperties};

use super::manifest::{self, Manifest, checksum_text, columns_of, watermark_member};
use super::parquet_types::{from_stored, plain_schema, to_stored};
use super::{Checkpoint, CheckpointInfo};
use crate::flow::OperatorState;
use crate::flow::delta::NO_WATERMARK;
use crate::{Error, Result};

/// Rows of one file of contents; more make a second file.
const FILE_ROWS: usize = 1 << 20;
/// Rows of one row group.
const GROUP_ROWS: usize = 1 << 18;

/// The files of a checkpoint, ready to be stored.
#[derive(Debug, Clone)]
pub struct EncodedCheckpoint {
    pub(super) manifest: Manifest,
    /// In the order of the manifest.
    pub(super) files: Vec<Bytes>,
}

impl EncodedCheckpoint {
    /// Bytes of all files, the manifest not counted.
    pub fn bytes(&self) -> u64 {
        self.files.iter().map(|file| file.len() as u64).sum()
    }
}

/// Encodes a checkpoint. It takes a while (about a second for ten million rows of a few columns): call it where blocking
/// is allowed.
pub fn encode(checkpoint: &Checkpoint) -> Result<EncodedCheckpoint> {
    let directory = directory_name(checkpoint.lsn);
    let mut files = Vec::new();
    let mut listed: Vec<manifest::File> = Vec::new();
    let mut add = |name: String, state: Option<manifest::State>, rows: usize, bytes: Vec<u8>| {
        let path = format!("{directory}/{name}");
        let crc32c = checksum_text(crc32c::crc32c(&bytes));
        listed.push(manifest::File { path, bytes: bytes.len() as u64, crc32c, rows: rows as u64, state });
        files.push(Bytes::from(bytes));
    };
    for (number, batches) in pieces(&checkpoint.contents).into_iter().enumerate() {
        let rows = batches.iter().map(RecordBatch::num_rows).sum();
        let bytes = write_parquet(&checkpoint.schema, batches, true)?;
        add(format!("contents-{number}.parquet"), None, rows, bytes);
    }
    for (at, state) in checkpoint.states.iter().enumerate() {
        let rows = state.batch.num_rows();
        let same = |other: &&OperatorState| (other.node, &other.name) == (state.node, &state.name);
        let name = state_file_name(state, checkpoint.states[..at].iter().filter(same).count())?;
        let bytes = write_parquet(&state.batch.schema(), std::slice::from_ref(&state.batch), false)?;
        add(name, Some(manifest::State { node: state.node, name: state.name.clone() }), rows, bytes);
    }
    let manifest = Manifest {
        format_version: manifest::FORMAT_VERSION,
        view: checkpoint.view.0,
        name: checkpoint.name.clone(),
        lsn: checkpoint.lsn,
        commit_time: checkpoint.commit_time,
        watermark: watermark_member(checkpoint.watermark),
        fingerprint: format!("{:016x}", checkpoint.fingerprint),
        columns: columns_of(&checkpoint.schema),
        key: checkpoint.key.clone(),
        files: listed,
        crc32c: checksum_text(0),
    };
    Ok(EncodedCheckpoint { manifest, files })
}

/// The checkpoint of a manifest and its files (in the manifest's order, their checksums checked). The error says what is
/// wrong with which file.
pub(super) fn decode(manifest: &Manifest, files: Vec<Bytes>) -> Result<Checkpoint, (String, String)> {
    let mut schema: Option<SchemaRef> = None;
    let mut contents = Vec::new();
    let mut states = Vec::new();
    for (file, bytes) in manifest.files.iter().zip(files) {
        let batch_rows = if file.state.is_some() { usize::MAX } else { GROUP_ROWS };
        let damaged = |message: String| (file.path.clone(), message);
        let (read_schema, batches) =
            read_parquet(bytes, batch_rows).map_err(|error| damaged(error.to_string()))?;
        let rows: u64 = batches.iter().map(|batch| batch.num_rows() as u64).sum();
        if rows != file.rows {
            return Err(damaged(format!("it has {rows} rows and should have {}", file.rows)));
        }
        match &file.state {
            Some(state) => {
                let empty = || RecordBatch::new_empty(read_schema.clone());
                let batch = batches.into_iter().next().unwrap_or_else(empty);
                states.push(OperatorState { node: state.node, name: state.name.clone(), batch });
            }
            None => {
                if schema.get_or_insert(read_schema.clone()) != &read_schema {
                    return Err(damaged("its columns are not those of the other files".into()));
                }
                contents.extend(batches);
            }
        }
    }
    let whole = |message: &str| (String::new(), message.to_owned());
    let schema = schema.ok_or_else(|| whole("no file has the view's contents"))?;
    let names = schema.fields().iter().map(|field| field.name());
    if !names.eq(manifest.columns.iter().map(|column| &column.name)) {
        return Err(whole("its columns are not those of its files"));
    }
    let fingerprint = u64::from_str_radix(&manifest.fingerprint, 16)
        .map_err(|_| whole("its fingerprint is not a number"))?;
    Ok(Checkpoint {
        view: ObjectId(manifest.view),
        name: manifest.name.clone(),
        lsn: manifest.lsn,
        commit_time: manifest.commit_time,
        watermark: manifest.watermark.unwrap_or(NO_WATERMARK),
        fingerprint,
        schema,
        key: manifest.key.clone(),
        contents,
        states,
    })
}

impl Manifest {
    /// What there is to say about the checkpoint, whose manifest is at that path.
    pub(super) fn info(&self, path: String) -> CheckpointInfo {
        CheckpointInfo {
            view: ObjectId(self.view),
            name: self.name.clone(),
            lsn: self.lsn,
            commit_time: self.commit_time,
            rows: self.files.iter().filter(|file| file.state.is_none()).map(|file| file.rows).sum(),
            files: self.files.len(),
            bytes: self.files.iter().map(|file| file.bytes).sum(),
            path,
        }
    }
}

/// The directory of a checkpoint's files, beside its manifest: names sort as LSNs do.
pub(super) fn directory_name(lsn: u64) -> String {
    format!("{lsn:020}")
}

/// `state-<node>-<name>.parquet`; of parts with one name, the later ones get a number.
fn state_file_name(state: &OperatorState, earlier: usize) -> Result<String> {
    let plain = |character: char| character.is_ascii_alphanumeric() || "_-".contains(character);
    if state.name.is_empty() || !state.name.chars().all(plain) {
        return Err(Error::internal(format!("\"{}\" is no name for a part of a state", state.name)));
    }
    let number = if earlier == 0 { String::new() } else { format!(".{earlier}") };
    Ok(format!("state-{}-{}{number}.parquet", state.node, state.name))
}

/// The batches of each file: at least one file.
fn pieces(batches: &[RecordBatch]) -> Vec<&[RecordBatch]> {
    let mut pieces = Vec::new();
    let (mut start, mut rows) = (0, 0);
    for (at, batch) in batches.iter().enumerate() {
        if rows > 0 && rows + batch.num_rows() > FILE_ROWS {
            pieces.push(&batches[start..at]);
            (start, rows) = (at, 0);
        }
        rows += batch.num_rows();
    }
    pieces.push(&batches[start..]);
    pieces
}

fn write_parquet(schema: &SchemaRef, batches: &[RecordBatch], for_people: bool) -> Result<Vec<u8>> {
    if schema.fields().is_empty() && batches.iter().any(|batch| batch.num_rows() > 0) {
        return Err(Error::internal("rows without columns cannot be stored"));
    }
    // Statistics serve those who query the snapshot; state is only ever read whole.
    let statistics = if for_people { EnabledStatistics::Chunk } else { EnabledStatistics::None };
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(1).map_err(parquet_error)?))
        .set_max_row_group_row_count(Some(GROUP_ROWS))
        .set_statistics_enabled(statistics)
        .set_created_by(concat!("millstream ", env!("CARGO_PKG_VERSION")).into())
        .build();
    let stored = to_stored(&RecordBatch::new_empty(schema.clone()))?.schema();
    let mut writer = ArrowWriter::try_new(Vec::new(), stored, Some(properties)).map_err(parquet_error)?;
    for batch in batches {
        writer.write(&to_stored(batch)?).map_err(parquet_error)?;
    }
    writer.into_inner().map_err(parquet_error)
}

fn read_parquet(bytes: Bytes, batch_rows: usize) -> Result<(SchemaRef, Vec<RecordBatch>)> {
    let builder = ParquetRecordBatchReaderBuilder::try_new(bytes).map_err(parquet_error)?;
    let schema: SchemaRef = plain_schema(builder.schema()).into();
    let reader = builder.with_batch_size(batch_rows).build().map_err(parquet_error)?;
    let mut batches = Vec::new();
    for batch in reader {
        batches.push(from_stored(&batch?)?);
    }
    Ok((schema, batches))
}

fn parquet_error(error: parquet::errors::ParquetError) -> Error {
    Error::internal(error.to_string())
}
