//! The calls of a window over the rows of a batch query: DataFusion plumbing around the modules beside it.

use std::cmp::Ordering;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, RecordBatch, UInt32Array};
use arrow::compute::{SortOptions, concat_batches, take_record_batch};
use arrow::datatypes::{DataType, SchemaRef};
use arrow::row::{RowConverter, Rows, SortField};
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::common::{Column, DFSchemaRef};
use datafusion::error::Result;
use datafusion::execution::memory_pool::{MemoryConsumer, MemoryReservation};
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::logical_expr::UserDefinedLogicalNodeCore;
use datafusion::physical_expr::aggregate::{AggregateExprBuilder, AggregateFunctionExpr};
use datafusion::physical_expr::expressions;
use datafusion::physical_expr::{EquivalenceProperties, PhysicalExpr};
use datafusion::physical_plan::execution_plan::{Boundedness, EmissionType, PlanProperties};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::{DisplayAs, DisplayFormatType, Distribution, ExecutionPlan, Partitioning};
use futures::stream::BoxStream;
use futures::{StreamExt, TryStreamExt};

use super::call::{Call, Function, Key};
use super::frame::{Columns, Partition, Reach};
use super::node::OverNode;
use super::pace::Pace;
use super::places::Place;
use super::sort;
use super::totals::Totals;
use crate::error::{SqlError, SqlState};
use crate::functions::wrapped;

/// Rows of a batch that is given on.
const OUTPUT_ROWS: usize = 8 * 1024;

/// A call and the indexes of its columns in the input.
#[derive(Debug, Clone)]
struct PhysicalCall {
    call: Call,
    aggregate: Option<Arc<AggregateFunctionExpr>>,
    arguments: Vec<usize>,
    filter: Option<usize>,
    start: Option<usize>,
    end: Option<usize>,
    value: Option<usize>,
}

/// What is computed: of partitions, in an order, by calls.
#[derive(Debug)]
struct Window {
    partition: Vec<usize>,
    order: Vec<(usize, Key)>,
    calls: Vec<PhysicalCall>,
    schema: SchemaRef,
}

/// Computes the calls of a window over all rows of its input.
#[derive(Debug)]
pub struct OverExec {
    input: Arc<dyn ExecutionPlan>,
    window: Arc<Window>,
    properties: Arc<PlanProperties>,
}

impl OverExec {
    /// The node over an input whose columns are those of the node's.
    pub fn try_new(node: &OverNode, input: Arc<dyn ExecutionPlan>) -> Result<Self> {
        let below: &DFSchemaRef = node.input.schema();
        let index = |column: &Column| below.index_of_column(column);
        let all = |columns: &[Column]| columns.iter().map(index).collect::<Result<Vec<usize>>>();
        let one = |column: &Option<Column>| column.as_ref().map(index).transpose();
        let mut calls = vec![];
        for call in &node.calls {
            let arguments = all(&call.arguments)?;
            let aggregate = match &call.call.function {
                Function::Aggregate(function) => {
                    let columns = arguments.iter().map(|index| -> Arc<dyn PhysicalExpr> {
                        Arc::new(expressions::Column::new(input.schema().field(*index).name(), *index))
                    });
                    let builder = AggregateExprBuilder::new(Arc::clone(function), columns.collect());
                    Some(Arc::new(builder.schema(input.schema()).alias(&call.name).build()?))
                }
                _ => None,
            };
            calls.push(PhysicalCall {
                call: call.call.clone(),
                aggregate,
                arguments,
                filter: one(&call.filter)?,
                start: one(&call.start)?,
                end: one(&call.end)?,
                value: one(&call.value)?,
            });
        }
        let order = node.order.iter().map(|(column, key)| Ok((index(column)?, *key)));
        let window = Window {
            partition: all(&node.partition)?,
            order: order.collect::<Result<_>>()?,
            calls,
            schema: Arc::clone(node.schema().inner()),
        };
        Ok(Self::of(Arc::new(window), input))
    }

    fn of(window: Arc<Window>, input: Arc<dyn ExecutionPlan>) -> Self {
        let emission = if window.numbers_only() { EmissionType::Incremental } else { EmissionType::Final };
        let properties = PlanProperties::new(
            EquivalenceProperties::new(Arc::clone(&window.schema)),
            Partitioning::UnknownPartitioning(1),
            emission,
            Boundedness::Bounded,
        );
        Self { input, window, properties: Arc::new(properties) }
    }
}

impl DisplayAs for OverExec {
    fn fmt_as(&self, _kind: DisplayFormatType, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let calls: Vec<&str> = self.window.calls.iter().map(|call| call.call.function.name()).collect();
        write!(formatter, "OverExec: {}", calls.join(", "))
    }
}

impl ExecutionPlan for OverExec {
    fn name(&self) -> &str {
        "OverExec"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
    }

    fn required_input_distribution(&self) -> Vec<Distribution> {
        vec![Distribution::SinglePartition]
    }

    fn maintains_input_order(&self) -> Vec<bool> {
        vec![false]
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        vec![&self.input]
    }

    fn apply_expressions(
        &self,
        _visit: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        Ok(TreeNodeRecursion::Continue)
    }

    fn with_new_children(
        self: Arc<Self>,
        children: Vec<Arc<dyn ExecutionPlan>>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let Some(input) = children.into_iter().next() else {
            return Err(wrapped(SqlError::internal("window functions need an input")));
        };
        Ok(Arc::new(Self::of(Arc::clone(&self.window), input)))
    }

    fn execute(&self, _partition: usize, context: Arc<TaskContext>) -> Result<SendableRecordBatchStream> {
        let input = self.input.execute(0, Arc::clone(&context))?;
        let window = Arc::clone(&self.window);
        let schema = Arc::clone(&self.window.schema);
        let rows: BoxStream<'static, Result<RecordBatch>> = if window.numbers_only() {
            window.numbered(input)
        } else {
            let memory = MemoryConsumer::new("OverExec").register(context.memory_pool());
            futures::stream::once(window.computed(input, memory)).try_flatten().boxed()
        };
        Ok(Box::pin(RecordBatchStreamAdapter::new(schema, rows)))
    }
}

impl Window {
    /// Whether it is only rows as they come with their numbers.
    fn numbers_only(&self) -> bool {
        self.partition.is_empty()
            && self.order.is_empty()
            && self.calls.iter().all(|call| call.call.function == Function::RowNumber)
    }

    fn numbered(
        self: Arc<Self>,
        input: SendableRecordBatchStream,
    ) -> BoxStream<'static, Result<RecordBatch>> {
        let mut before = 0;
        let number = move |batch: Result<RecordBatch>| {
            let batch = batch?;
            let count = batch.num_rows() as i64;
            let numbers: ArrayRef =
                Arc::new(arrow::array::Int64Array::from_iter_values(before + 1..=before + count));
            before += count;
            let mut columns = batch.columns().to_vec();
            columns.extend(self.calls.iter().map(|_| Arc::clone(&numbers)));
            Ok(RecordBatch::try_new(Arc::clone(&self.schema), columns)?)
        };
        input.map(number).boxed()
    }

    async fn computed(
        self: Arc<Self>,
        mut input: SendableRecordBatchStream,
        memory: MemoryReservation,
    ) -> Result<BoxStream<'static, Result<RecordBatch>>> {
        let mut batches = vec![];
        while let Some(batch) = input.next().await {
            let batch = batch?;
            memory.try_grow(size(&batch)?)?;
            if batch.num_rows() > 0 {
                batches.push(batch);
            }
        }
        let schema = input.schema();
        drop(input);
        let held = memory.size();
        memory.try_grow(held)?;
        let rows = concat_batches(&schema, &batches)?;
        drop(batches);
        if rows.num_rows() == 0 {
            return Ok(futures::stream::empty().boxed());
        }
        if u32::try_from(rows.num_rows()).is_err() {
            let message = "window functions over more than 4,294,967,295 rows are not built";
            let error = SqlError::new(SqlState::ProgramLimit, message);
            return Err(wrapped(error.with_hint("leave out rows that are not needed")));
        }
        let mut pace = Pace::default();
        let (rows, starts, groups) = self.sorted(rows, &memory, &mut pace).await?;
        let mut columns = rows.columns().to_vec();
        for call in &self.calls {
            let column = self.call(call, &rows, &starts, &groups, &mut pace).await?;
            memory.try_grow(column.to_data().get_slice_memory_size()?)?;
            columns.push(column);
        }
        let all = RecordBatch::try_new(Arc::clone(&self.schema), columns)?;
        let parts = (0..all.num_rows()).step_by(OUTPUT_ROWS);
        let part = move |start: usize| {
            let _held = &memory;
            Ok(all.slice(start, OUTPUT_ROWS.min(all.num_rows() - start)))
        };
        Ok(futures::stream::iter(parts.map(part)).boxed())
    }

    /// The rows in order, the first row of each partition and of each group of peers.
    async fn sorted(
        &self,
        rows: RecordBatch,
        memory: &MemoryReservation,
        pace: &mut Pace,
    ) -> Result<(RecordBatch, Vec<u32>, Vec<u32>)> {
        let count = rows.num_rows();
        let order = self.order.iter().map(|(index, key)| {
            (*index, SortOptions { descending: !key.ascending, nulls_first: key.nulls_first })
        });
        let order: Vec<(usize, SortOptions)> = order.collect();
        // Partitions come in the order that ORDER BY says of their key, if it says one.
        let said = |index: usize| order.iter().find(|(key, _)| *key == index).map(|(_, options)| *options);
        let partition = self.partition.iter().map(|index| {
            (*index, said(*index).unwrap_or(SortOptions { descending: false, nulls_first: false }))
        });
        let partition: Vec<(usize, SortOptions)> = partition.collect();
        let all = keys(&rows, &[&partition[..], &order[..]].concat())?;
        let partition = keys(&rows, &partition)?;
        let key_bytes = [&partition, &all].into_iter().flatten().map(Rows::size).sum::<usize>()
            + count * size_of::<Sorted>();
        memory.try_grow(key_bytes)?;
        let places = match &all {
            Some(keys) => in_order(keys, pace).await,
            None => (0..count as u32).collect(),
        };
        let differ = |keys: &Option<Rows>, left: u32, right: u32| {
            keys.as_ref().is_some_and(|keys| keys.row(left as usize) != keys.row(right as usize))
        };
        let (mut starts, mut groups) = (vec![0], vec![0]);
        for row in 1..count {
            let (before, at) = (places[row - 1], places[row]);
            if differ(&all, before, at) {
                groups.push(row as u32);
                if differ(&partition, before, at) {
                    starts.push(row as u32);
                }
            }
        }
        drop((partition, all));
        let moved = places.iter().enumerate().any(|(index, place)| index != *place as usize);
        let rows = match moved {
            true => take_record_batch(&rows, &UInt32Array::from(places))?,
            false => rows,
        };
        memory.try_shrink(key_bytes)?;
        pace.spend(count).await;
        Ok((rows, starts, groups))
    }

    /// The column of a call.
    async fn call(
        &self,
        call: &PhysicalCall,
        rows: &RecordBatch,
        starts: &[u32],
        groups: &[u32],
        pace: &mut Pace,
    ) -> Result<ArrayRef> {
        let column = |index: usize| Arc::clone(rows.column(index));
        let arguments: Vec<ArrayRef> = call.arguments.iter().map(|index| column(*index)).collect();
        let function = &call.call.function;
        let (ascending, nulls_first) =
            self.order.first().map_or((true, false), |(_, key)| (key.ascending, key.nulls_first));
        let columns = Columns {
            start: call.start.map(column),
            end: call.end.map(column),
            value: call.value.map(column),
        };
        // Distances are looked at even where the function does not look at frames.
        let reach = Reach::new(&call.call.frame, &columns, ascending, nulls_first).map_err(wrapped)?;
        let with_frames = Place::looks_at_frames(function);
        let mut totals = match &call.aggregate {
            Some(aggregate) => {
                let filter = call.filter.map(column);
                let grows = reach.starts_at_first();
                Some(Totals::new(aggregate, arguments.clone(), filter.as_ref(), reach.exclusion, grows)?)
            }
            None => None,
        };
        let place = Place {
            function,
            arguments: &arguments,
            ignores_nulls: call.call.ignores_nulls,
            exclusion: reach.exclusion,
            rows: rows.num_rows(),
        };
        let mut answers = place.answers();
        let mut first_group = 0;
        for (index, start) in starts.iter().enumerate() {
            let end = starts.get(index + 1).map_or(rows.num_rows(), |next| *next as usize);
            let after = first_group + groups[first_group..].partition_point(|group| (*group as usize) < end);
            let partition = Partition { start: *start as usize, end, groups: &groups[first_group..after] };
            first_group = after;
            let frames: Vec<Range<usize>> = match with_frames {
                true => reach.frames(&partition).map_err(wrapped)?,
                false => vec![],
            };
            pace.spend(end - partition.start).await;
            match &mut totals {
                Some(totals) => totals.partition(&partition, &frames, pace).await?,
                None => place.partition(&partition, &frames, &mut answers).map_err(wrapped)?,
            }
        }
        let found = match totals {
            Some(totals) => totals.column()?,
            None => place.column(answers).map_err(wrapped)?,
        };
        in_form(found, &call.call)
    }
}

/// A column in the Arrow type that the call promised.
fn in_form(column: ArrayRef, call: &Call) -> Result<ArrayRef> {
    if *column.data_type() == call.data_type {
        return Ok(column);
    }
    // Names of fields within nested types are no part of a value.
    if column.data_type().is_nested() || matches!(call.data_type, DataType::Decimal128(..)) {
        return Ok(arrow::compute::cast(&column, &call.data_type)?);
    }
    let message =
        format!("{} gave {} and promised {}", call.function.name(), column.data_type(), call.data_type);
    Err(wrapped(SqlError::internal(message)))
}

/// A row, and the first bytes of its key.
#[derive(Clone, Copy)]
struct Sorted {
    head: u128,
    row: u32,
}

/// The rows in the order of their keys. Most comparisons are decided by the first bytes, which lie beside each other.
async fn in_order(keys: &Rows, pace: &mut Pace) -> Vec<u32> {
    const HEAD: usize = size_of::<u128>();
    let length = keys.iter().next().map_or(0, |key| key.data().len());
    let mut is_whole = length <= HEAD;
    let mut sorted: Vec<Sorted> = keys
        .iter()
        .zip(0..)
        .map(|(key, row)| {
            let bytes = key.data();
            is_whole &= bytes.len() == length;
            let mut head = [0; HEAD];
            let known = bytes.len().min(HEAD);
            head[..known].copy_from_slice(&bytes[..known]);
            Sorted { head: u128::from_be_bytes(head), row }
        })
        .collect();
    sort::sort(&mut sorted, pace, |left, right| match left.head.cmp(&right.head) {
        Ordering::Equal if !is_whole => keys.row(left.row as usize).cmp(&keys.row(right.row as usize)),
        order => order,
    })
    .await;
    sorted.into_iter().map(|sorted| sorted.row).collect()
}

/// The keys of all rows as bytes that are ordered as the rows are.
fn keys(rows: &RecordBatch, columns: &[(usize, SortOptions)]) -> Result<Option<Rows>> {
    if columns.is_empty() {
        return Ok(None);
    }
    let fields = columns.iter().map(|(index, options)| {
        SortField::new_with_options(rows.column(*index).data_type().clone(), *options)
    });
    let converter = RowConverter::new(fields.collect())?;
    let columns: Vec<ArrayRef> = columns.iter().map(|(index, _)| Arc::clone(rows.column(*index))).collect();
    Ok(Some(converter.convert_columns(&columns)?))
}

/// The bytes of a batch's values.
fn size(batch: &RecordBatch) -> Result<usize> {
    let mut bytes = 0;
    for column in batch.columns() {
        bytes += column.to_data().get_slice_memory_size()?;
    }
    Ok(bytes)
}
