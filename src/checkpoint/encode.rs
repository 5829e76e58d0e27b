//! Checkpoints as files, and back. Pure: bytes in, bytes out.

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use bytes::Bytes;
use millstream_sql::types::type_name;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::Compression;
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;

use super::Checkpoint;
use super::manifest::{FORMAT_VERSION, Manifest, ManifestColumn, ManifestFile};
use crate::{Error, Result};

/// A checkpoint's manifest and its files, in the manifest's order.
pub struct Encoded {
    pub manifest: Manifest,
    pub files: Vec<Bytes>,
}

/// The files of a checkpoint.
pub fn encode(checkpoint: &Checkpoint, name: &str) -> Result<Encoded> {
    let folder = format!("{:020}", checkpoint.lsn);
    let column = |field: &std::sync::Arc<arrow::datatypes::Field>| ManifestColumn {
        name: field.name().clone(),
        r#type: type_name(field.data_type()),
    };
    let manifest = Manifest {
        format_version: FORMAT_VERSION,
        view: checkpoint.view.0,
        name: name.to_owned(),
        lsn: checkpoint.lsn,
        commit_time: checkpoint.commit_time,
        watermark: checkpoint.watermark,
        fingerprint: format!("{:016x}", checkpoint.fingerprint),
        columns: checkpoint.schema.fields().iter().map(column).collect(),
        rows: checkpoint.contents.iter().map(|batch| batch.num_rows() as u64).sum(),
        files: Vec::new(),
    };
    let mut encoded = Encoded { manifest, files: Vec::new() };
    let contents = write_parquet(&checkpoint.schema, &checkpoint.contents)?;
    encoded.add(format!("{folder}/contents.parquet"), contents, None, None);
    for (index, state) in checkpoint.states.iter().enumerate() {
        let bytes = write_parquet(&state.batch.schema(), std::slice::from_ref(&state.batch))?;
        let path = format!("{folder}/state-{}-{index}.parquet", state.node);
        encoded.add(path, bytes, Some(state.node), Some(state.name.clone()));
    }
    Ok(encoded)
}

impl Encoded {
    fn add(&mut self, path: String, bytes: Bytes, node: Option<usize>, part: Option<String>) {
        let crc32c = crc32c::crc32c(&bytes);
        self.manifest.files.push(ManifestFile { path, bytes: bytes.len() as u64, crc32c, node, part });
        self.files.push(bytes);
    }
}

fn write_parquet(schema: &SchemaRef, batches: &[RecordBatch]) -> Result<Bytes> {
    let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
    let failed = |error: ParquetError| Error::internal(format!("a checkpoint cannot be written as Parquet: {error}"));
    let mut writer = ArrowWriter::try_new(Vec::new(), schema.clone(), Some(properties)).map_err(failed)?;
    for batch in batches {
        // The view's own schema wins over what a batch says about nullability.
        let batch = RecordBatch::try_new(schema.clone(), batch.columns().to_vec())?;
        writer.write(&batch).map_err(failed)?;
    }
    Ok(writer.into_inner().map_err(failed)?.into())
}

/// The batches of a Parquet file with this schema; the error says what is wrong with the bytes.
pub fn read_parquet(bytes: Bytes) -> std::result::Result<(SchemaRef, Vec<RecordBatch>), String> {
    let builder = ParquetRecordBatchReaderBuilder::try_new(bytes).map_err(|error| error.to_string())?;
    let schema = builder.schema().clone();
    let reader = builder.with_batch_size(1 << 16).build().map_err(|error| error.to_string())?;
    let batches = reader.collect::<std::result::Result<Vec<_>, _>>().map_err(|error| error.to_string())?;
    Ok((schema, batches))
}
