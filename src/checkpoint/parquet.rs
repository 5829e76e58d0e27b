//! Batches as Parquet files, and back. Pure: no I/O.

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use bytes::Bytes;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::{EnabledStatistics, WriterProperties};

use super::parquet_types::{from_stored, plain_schema, to_stored};
use crate::{Error, Result};

/// Rows of one row group.
pub(super) const GROUP_ROWS: usize = 1 << 18;

/// A file of these batches. Statistics are for those who query a snapshot.
pub(super) fn write(schema: &SchemaRef, batches: &[RecordBatch], statistics: bool) -> Result<Bytes> {
    if schema.fields().is_empty() && batches.iter().any(|batch| batch.num_rows() > 0) {
        return Err(Error::internal("rows without columns cannot be stored"));
    }
    let statistics = if statistics { EnabledStatistics::Chunk } else { EnabledStatistics::None };
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(1).map_err(failed)?))
        .set_max_row_group_row_count(Some(GROUP_ROWS))
        .set_statistics_enabled(statistics)
        .set_created_by(concat!("millstream ", env!("CARGO_PKG_VERSION")).into())
        .build();
    let stored = to_stored(&RecordBatch::new_empty(schema.clone()))?.schema();
    let mut writer = ArrowWriter::try_new(Vec::new(), stored, Some(properties)).map_err(failed)?;
    for batch in batches {
        writer.write(&to_stored(batch)?).map_err(failed)?;
    }
    Ok(writer.into_inner().map_err(failed)?.into())
}

/// The batches of a file, each of at most so many rows.
pub(super) fn read(bytes: Bytes, batch_rows: usize) -> Result<(SchemaRef, Vec<RecordBatch>)> {
    let builder = ParquetRecordBatchReaderBuilder::try_new(bytes).map_err(failed)?;
    let schema: SchemaRef = plain_schema(builder.schema()).into();
    let reader = builder.with_batch_size(batch_rows).build().map_err(failed)?;
    let mut batches = Vec::new();
    for batch in reader {
        batches.push(from_stored(&batch?)?);
    }
    Ok((schema, batches))
}

fn failed(error: parquet::errors::ParquetError) -> Error {
    Error::internal(error.to_string())
}
