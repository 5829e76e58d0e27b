//! From rows to an append: NOT NULL is checked and partitions are chosen, before the log sees anything.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use arrow::array::{Array, Int32Array, RecordBatch};
use arrow::row::{RowConverter, SortField};
use millstream_catalog::{Definition, Object, Stream};
use millstream_sql::{SqlError, SqlState};

use crate::Result;
use crate::log::NewEntry;

/// The entry that appends these rows to a stream. The batch has the stream's columns, in order, with its types.
pub fn append_entry(object: &Object, batch: RecordBatch) -> Result<NewEntry> {
    let stream = stream_of(object)?;
    check_not_null(object, stream, &batch)?;
    // The schema's own flags win over what the caller's batch happens to say about nullability.
    let batch = RecordBatch::try_new(stream.schema(), batch.columns().to_vec())?;
    let partitions = partitions_of(stream, &batch)?;
    Ok(NewEntry::Append { stream: object.id, batch, partitions })
}

/// The stream behind an object; 42809 when it is something else.
pub fn stream_of(object: &Object) -> Result<&Stream> {
    let hint = match &object.definition {
        Definition::Stream(stream) => return Ok(stream),
        Definition::MaterializedView(_) => "a materialized view changes only with the streams that it reads",
        Definition::View(_) | Definition::Sink(_) => "insert into the stream that it reads",
    };
    let message = format!("cannot insert into {} \"{}\"", object.kind(), object.name);
    Err(SqlError::new(SqlState::WrongObjectType, message).with_hint(hint).into())
}

fn check_not_null(object: &Object, stream: &Stream, batch: &RecordBatch) -> Result<()> {
    for (column, values) in stream.columns.iter().zip(batch.columns()) {
        if !column.nullable && values.null_count() > 0 {
            let message = format!(
                "null value in column \"{}\" of relation \"{}\" violates not-null constraint",
                column.name, object.name.name
            );
            return Err(SqlError::new(SqlState::NotNullViolation, message).into());
        }
    }
    Ok(())
}

/// The partition of each row: by hash of PARTITION BY, else round robin by batch; None for the only partition.
/// The hash is CRC-32C over Arrow's row encoding, so that it is the same on every machine.
fn partitions_of(stream: &Stream, batch: &RecordBatch) -> Result<Option<Int32Array>> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    if stream.partitions <= 1 {
        return Ok(None);
    }
    if stream.partition_by.is_empty() {
        let partition = NEXT.fetch_add(1, Ordering::Relaxed) % stream.partitions;
        return Ok(Some(Int32Array::from_value(partition as i32, batch.num_rows())));
    }
    let keys: Vec<_> = stream.partition_by.iter().map(|column| Arc::clone(batch.column(*column))).collect();
    let fields = keys.iter().map(|key| SortField::new(key.data_type().clone())).collect();
    let rows = RowConverter::new(fields)?.convert_columns(&keys)?;
    let partition = |row: arrow::row::Row<'_>| (crc32c::crc32c(row.as_ref()) % stream.partitions) as i32;
    Ok(Some(rows.iter().map(partition).collect::<Vec<i32>>().into()))
}
