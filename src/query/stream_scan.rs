//! Scans of a stream: row groups of its segments, read one at a time and only where they may hold what is asked for, then
//! the rows in memory.
//!
//! Row groups are left out by their LSNs, by what the manifest says of whole segments (LSN, commit time, offset, event
//! time), and by the column statistics of the Parquet footers; `EXPLAIN` shows how many were.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, AsArray, BooleanArray, Int64Array, RecordBatch, TimestampMicrosecondArray, UInt64Array,
};
use arrow::compute::{concat, filter_record_batch};
use arrow::datatypes::{DataType, Int64Type, Schema, SchemaRef};
use datafusion::catalog::Session;
use datafusion::common::pruning::PruningStatistics;
use datafusion::common::stats::Precision;
use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::common::{Column, DFSchema, Result, ScalarValue, Statistics};
use datafusion::execution::TaskContext;
use datafusion::logical_expr::utils::{conjunction, split_conjunction};
use datafusion::logical_expr::{Expr, ExprSchemable};
use datafusion::physical_expr::{EquivalenceProperties, PhysicalExpr};
use datafusion::physical_optimizer::pruning::{PruningPredicate, PruningPredicateBuilder};
use datafusion::physical_plan::execution_plan::{Boundedness, EmissionType};
use datafusion::physical_plan::metrics::{
    BaselineMetrics, Count, ExecutionPlanMetricsSet, MetricBuilder, MetricsSet,
};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::{
    DisplayAs, DisplayFormatType, ExecutionPlan, Partitioning, PlanProperties, SendableRecordBatchStream,
};
use futures::StreamExt;
use millstream_catalog::SqlType;
use millstream_sql::types::cast::cast_keeps_order;
use parquet::arrow::arrow_reader::statistics::StatisticsConverter;

use super::source::{build, external, project_slice};
use crate::log::segment::Footer;
use crate::log::{Lsn, Parts, Segment, StreamTail, TailSlice};

/// Reads a stream up to an LSN, in log order within each partition of the plan.
#[derive(Debug)]
pub(super) struct StreamScan {
    /// For each partition of the plan.
    units: Vec<Vec<Unit>>,
    /// Columns to read: indexes into the stream's columns followed by the hidden ones.
    columns: Arc<[usize]>,
    schema: SchemaRef,
    through: Lsn,
    figures: Figures,
    properties: Arc<PlanProperties>,
    metrics: ExecutionPlanMetricsSet,
}

/// Rows that are read at once.
#[derive(Debug, Clone)]
enum Unit {
    /// The first rows of a row group.
    Group { segment: Arc<Segment>, group: usize, rows: u64 },
    /// Rows in memory.
    Memory(TailSlice),
}

/// How much there is, and how much of it is not read.
#[derive(Debug, Clone, Copy, Default)]
struct Figures {
    segments: usize,
    segments_skipped: usize,
    groups: usize,
    groups_skipped: usize,
    memory_rows: usize,
}

impl Unit {
    fn rows(&self) -> u64 {
        match self {
            Unit::Group { rows, .. } => *rows,
            Unit::Memory(slice) => slice.num_rows() as u64,
        }
    }
}

impl StreamScan {
    /// A scan of a stream's rows up to an LSN. `table` is the schema that the filters are over; row groups that cannot
    /// hold a row for which they are true are left out.
    pub(super) async fn new(
        state: &dyn Session,
        tail: &StreamTail,
        through: Lsn,
        table: &SchemaRef,
        columns: &[usize],
        filters: &[Expr],
    ) -> Result<Self> {
        let Parts { segments, memory_row, slices } = tail.parts(0, through);
        let mut figures = Figures {
            segments: segments.len(),
            groups: segments.iter().map(|(_, groups)| groups.len()).sum(),
            memory_rows: slices.iter().map(TailSlice::num_rows).sum(),
            ..Figures::default()
        };
        let predicate = match segments.is_empty() {
            true => None,
            false => predicate(state, table, filters)?,
        };
        let mut units = Vec::new();
        let kept =
            kept(&predicate, &segments.iter().map(|(s, _)| Containers::segment(s)).collect::<Vec<_>>());
        for ((segment, groups), _) in segments.iter().zip(kept).filter(|(_, kept)| *kept) {
            let mut wanted = vec![true; groups.len()];
            if predicate.is_some() {
                let footer = segment.footer().await.map_err(external)?;
                let containers =
                    groups.clone().map(|group| Containers::group(segment, &footer, group, table));
                wanted = self::kept(&predicate, &containers.collect::<Result<Vec<_>>>()?);
            }
            for (group, _) in groups.clone().zip(wanted).filter(|(_, wanted)| *wanted) {
                let held = segment.rows_of(group);
                let rows = held.end.min(memory_row) - held.start;
                units.push(Unit::Group { segment: segment.clone(), group, rows });
            }
        }
        let read = units.iter().filter_map(|unit| match unit {
            Unit::Group { segment, .. } => Some(Arc::as_ptr(segment)),
            Unit::Memory(_) => None,
        });
        let mut read: Vec<_> = read.collect();
        figures.groups_skipped = figures.groups - read.len();
        read.dedup();
        figures.segments_skipped = figures.segments - read.len();
        units.extend(slices.into_iter().map(Unit::Memory));
        let schema: SchemaRef = Arc::new(table.project(columns)?);
        let units = spread(units, state.config().target_partitions());
        let properties = PlanProperties::new(
            EquivalenceProperties::new(schema.clone()),
            Partitioning::UnknownPartitioning(units.len()),
            EmissionType::Incremental,
            Boundedness::Bounded,
        );
        Ok(Self {
            units,
            columns: columns.into(),
            schema,
            through,
            figures,
            properties: Arc::new(properties),
            metrics: ExecutionPlanMetricsSet::new(),
        })
    }
}

impl DisplayAs for StreamScan {
    fn fmt_as(&self, _kind: DisplayFormatType, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Figures { segments, segments_skipped, groups, groups_skipped, memory_rows } = self.figures;
        let names: Vec<&str> = self.schema.fields().iter().map(|field| field.name().as_str()).collect();
        write!(
            formatter,
            "StreamScan: columns=[{}], through LSN {}, segments={segments}, segments_skipped={segments_skipped}, \
             row_groups={groups}, row_groups_skipped={groups_skipped}, rows_in_memory={memory_rows}",
            names.join(", "),
            self.through,
        )
    }
}

impl ExecutionPlan for StreamScan {
    fn name(&self) -> &str {
        "StreamScan"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        Vec::new()
    }

    fn apply_expressions(
        &self,
        _visit: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        Ok(TreeNodeRecursion::Continue)
    }

    fn with_new_children(
        self: Arc<Self>,
        _children: Vec<Arc<dyn ExecutionPlan>>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        Ok(self)
    }

    fn execute(&self, partition: usize, _context: Arc<TaskContext>) -> Result<SendableRecordBatchStream> {
        let bytes = MetricBuilder::new(&self.metrics).counter("bytes_read", partition);
        let metrics = BaselineMetrics::new(&self.metrics, partition);
        let (columns, schema, through) = (self.columns.clone(), self.schema.clone(), self.through);
        let units = futures::stream::iter(self.units[partition].clone());
        let batches = units.then(move |unit| {
            let (columns, schema, bytes) = (columns.clone(), schema.clone(), bytes.clone());
            async move { read(unit, &columns, &schema, through, &bytes).await }
        });
        let counted = batches.map(move |batch| {
            if let Ok(batch) = &batch {
                metrics.record_output(batch.num_rows());
            }
            batch
        });
        Ok(Box::pin(RecordBatchStreamAdapter::new(self.schema.clone(), counted)))
    }

    fn partition_statistics(&self, partition: Option<usize>) -> Result<Arc<Statistics>> {
        let units = match partition {
            Some(partition) => &self.units[partition..=partition],
            None => &self.units[..],
        };
        let rows: u64 = units.iter().flatten().map(Unit::rows).sum();
        let mut statistics = Statistics::new_unknown(&self.schema);
        statistics.num_rows = Precision::Inexact(rows as usize);
        Ok(Arc::new(statistics))
    }

    fn metrics(&self) -> Option<MetricsSet> {
        Some(self.metrics.clone_inner())
    }
}

async fn read(
    unit: Unit,
    columns: &[usize],
    schema: &SchemaRef,
    through: Lsn,
    bytes: &Count,
) -> Result<RecordBatch> {
    let (segment, group, rows) = match unit {
        Unit::Memory(slice) => return project_slice(&slice, columns, schema),
        Unit::Group { segment, group, rows } => (segment, group, rows),
    };
    let meta = &segment.meta.groups[group];
    let own = segment.schema();
    let lsn = own.index_of(millstream_catalog::HIDDEN_COLUMNS[2])?;
    let is_cut = meta.last_lsn() > through;
    let mut wanted: Vec<usize> = columns.to_vec();
    if is_cut {
        wanted.push(lsn);
    }
    wanted.sort_unstable();
    wanted.dedup();
    let footer = segment.footer().await.map_err(external)?;
    let batch = segment.read(group, &wanted).await.map_err(external)?;
    bytes.add(Segment::stored_bytes(&footer, group, &wanted) as usize);
    let place = |column: &usize| wanted.binary_search(column).unwrap_or_default();
    let projected = columns.iter().map(|column| batch.column(place(column)).clone()).collect();
    let mut answer = build(schema, projected, batch.num_rows())?;
    if rows < answer.num_rows() as u64 {
        answer = answer.slice(0, rows as usize);
    }
    if is_cut {
        let lsns = batch.column(place(&lsn)).as_primitive::<Int64Type>();
        let mask: BooleanArray =
            lsns.values()[..answer.num_rows()].iter().map(|lsn| Some(*lsn as Lsn <= through)).collect();
        answer = filter_record_batch(&answer, &mask)?;
    }
    Ok(answer)
}

/// The filters as one that can be asked about statistics, if there are any that can.
fn predicate(state: &dyn Session, table: &SchemaRef, filters: &[Expr]) -> Result<Option<PruningPredicate>> {
    // A literal of other nullability or a function that cannot be planned alone is no reason to fail: it skips nothing.
    let schema = DFSchema::try_from(table.as_ref().clone())?;
    let parts = filters.iter().flat_map(split_conjunction).map(unqualified);
    let Some(filter) = conjunction(parts.filter(|part| has_monotonic_casts(part, &schema))) else {
        return Ok(None);
    };
    let Ok(expression) = state.create_physical_expr(filter, &schema) else { return Ok(None) };
    let predicate = PruningPredicateBuilder::new().with_file_schema(table.clone()).try_build(expression);
    Ok(predicate.ok().filter(|predicate| !predicate.always_true()))
}

/// Whether each of Arrow's casts keeps the order of values: DataFusion takes that of every cast but those of text, and
/// looks for the cast bounds. SQL's casts are functions, into which it does not look.
fn has_monotonic_casts(filter: &Expr, schema: &DFSchema) -> bool {
    let keeps_order = |from: &DataType, to: &DataType| {
        cast_keeps_order(&SqlType::of_data_type(from), &SqlType::of_data_type(to))
    };
    let is_wrong = filter.exists(|expression| {
        let (from, to) = match expression {
            Expr::Cast(cast) => (cast.expr.get_type(schema), expression.get_type(schema)),
            Expr::TryCast(cast) => (cast.expr.get_type(schema), expression.get_type(schema)),
            _ => return Ok(false),
        };
        Ok(!matches!((from, to), (Ok(from), Ok(to)) if keeps_order(&from, &to)))
    });
    !is_wrong.unwrap_or(true)
}

/// A filter whose columns carry no name of a relation.
fn unqualified(filter: &Expr) -> Expr {
    use datafusion::common::tree_node::Transformed;
    let stripped = filter.clone().transform(|expression| {
        Ok(match expression {
            Expr::Column(column) => Transformed::yes(Expr::Column(Column::new_unqualified(column.name))),
            other => Transformed::no(other),
        })
    });
    stripped.map_or_else(|_| filter.clone(), |stripped| stripped.data)
}

/// Which containers may hold a row for which the predicate is true.
fn kept(predicate: &Option<PruningPredicate>, containers: &[Containers]) -> Vec<bool> {
    let all = vec![true; containers.len()];
    let Some(predicate) = predicate else { return all };
    let Ok(joined) = Joined::new(containers) else { return all };
    // What cannot be evaluated over statistics will say so over the rows.
    predicate.prune(&joined).unwrap_or(all)
}

/// The least and greatest values and the number of NULLs of the columns of a segment or a row group.
struct Containers {
    columns: HashMap<String, (ArrayRef, ArrayRef, Option<u64>)>,
    rows: u64,
}

impl Containers {
    /// What the manifest knows of a segment.
    fn segment(segment: &Segment) -> Self {
        let meta = &segment.meta;
        let schema = segment.schema();
        let mut columns = HashMap::new();
        let mut add = |name: &str, low: i64, high: i64| {
            let Ok(field) = schema.field_with_name(name) else { return };
            let value = |value: i64| -> ArrayRef {
                match field.data_type() {
                    DataType::Int64 => Arc::new(Int64Array::from(vec![value])),
                    other => {
                        Arc::new(TimestampMicrosecondArray::from(vec![value]).with_data_type(other.clone()))
                    }
                }
            };
            columns.insert(name.to_owned(), (value(low), value(high), Some(0)));
        };
        let [_, offset, lsn, commit_time, _] = millstream_catalog::HIDDEN_COLUMNS;
        add(lsn, meta.first_lsn as i64, meta.last_lsn as i64);
        add(commit_time, meta.first_time, meta.last_time);
        if meta.offsets.len() == 1 {
            add(offset, meta.first_row as i64, meta.end_row() as i64 - 1);
        }
        if let (Some(column), Some((low, high))) = (segment.event_time_column(), meta.event_time) {
            add(schema.field(column).name(), low, high);
        }
        Self { columns, rows: meta.rows }
    }

    /// What the footer knows of a row group.
    fn group(segment: &Segment, footer: &Footer, group: usize, table: &Schema) -> Result<Self> {
        let metadata = footer.metadata.metadata();
        let row_group = metadata.row_group(group);
        let schema = footer.metadata.schema();
        let mut columns = HashMap::new();
        // NaN is the greatest number of SQL, but is not in the statistics of Parquet.
        let counts = |data_type: &DataType| !data_type.is_floating() && !data_type.is_nested();
        for field in table.fields().iter().filter(|field| counts(field.data_type())) {
            let parquet = footer.metadata.parquet_schema();
            let Ok(converter) = StatisticsConverter::try_new(field.name(), schema, parquet) else { continue };
            let low = converter.row_group_mins([row_group])?;
            let high = converter.row_group_maxes([row_group])?;
            let nulls = converter.row_group_null_counts([row_group])?;
            let nulls = nulls.iter().next().flatten();
            columns.insert(field.name().clone(), (low, high, nulls));
        }
        Ok(Self { columns, rows: segment.meta.groups[group].rows() })
    }
}

/// Several containers, as the predicate wants them: one array a column.
struct Joined {
    columns: HashMap<String, (ArrayRef, ArrayRef, ArrayRef)>,
    rows: ArrayRef,
}

impl Joined {
    fn new(containers: &[Containers]) -> Result<Self> {
        let mut columns = HashMap::new();
        for name in containers.first().into_iter().flat_map(|first| first.columns.keys()) {
            let each: Option<Vec<_>> =
                containers.iter().map(|container| container.columns.get(name)).collect();
            let Some(each) = each else { continue };
            let lows: Vec<_> = each.iter().map(|(low, _, _)| low.as_ref()).collect();
            let highs: Vec<_> = each.iter().map(|(_, high, _)| high.as_ref()).collect();
            let nulls: UInt64Array = each.iter().map(|(_, _, nulls)| *nulls).collect();
            columns.insert(name.clone(), (concat(&lows)?, concat(&highs)?, Arc::new(nulls) as ArrayRef));
        }
        let rows: UInt64Array = containers.iter().map(|container| Some(container.rows)).collect();
        Ok(Self { columns, rows: Arc::new(rows) })
    }
}

impl PruningStatistics for Joined {
    fn min_values(&self, column: &Column) -> Option<ArrayRef> {
        Some(self.columns.get(&column.name)?.0.clone())
    }

    fn max_values(&self, column: &Column) -> Option<ArrayRef> {
        Some(self.columns.get(&column.name)?.1.clone())
    }

    fn num_containers(&self) -> usize {
        self.rows.len()
    }

    fn null_counts(&self, column: &Column) -> Option<ArrayRef> {
        Some(self.columns.get(&column.name)?.2.clone())
    }

    fn row_counts(&self) -> Option<ArrayRef> {
        Some(self.rows.clone())
    }

    fn contained(
        &self,
        _column: &Column,
        _values: &std::collections::HashSet<ScalarValue>,
    ) -> Option<BooleanArray> {
        None
    }
}

/// Units in order over at most `count` partitions, neighbours together.
fn spread(units: Vec<Unit>, count: usize) -> Vec<Vec<Unit>> {
    let rows: u64 = units.iter().map(Unit::rows).sum();
    let count = if rows < 100_000 { 1 } else { count.max(1) };
    let share = rows.div_ceil(count as u64).max(1);
    let mut partitions = vec![Vec::new()];
    let mut filled = 0;
    for unit in units {
        if filled >= share && partitions.len() < count {
            partitions.push(Vec::new());
            filled = 0;
        }
        filled += unit.rows();
        partitions.last_mut().into_iter().for_each(|last| last.push(unit.clone()));
    }
    partitions
}
