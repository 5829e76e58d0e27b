//! Aggregates of the registry as aggregates of DataFusion, with DISTINCT and ORDER BY of their own.
//!
//! Without DISTINCT and ORDER BY, rows go straight into the accumulator. With either, the arguments are kept and the
//! accumulator sees them at the end: sorted as SQL sorts, and of equal ones the first.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::io::Cursor;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::compute::concat;
use arrow::datatypes::{DataType, Field, FieldRef, Schema};
use datafusion::error::Result;
use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion::logical_expr::{Accumulator, AggregateUDF, AggregateUDFImpl, Signature, Volatility};
use datafusion::scalar::ScalarValue;
use millstream_catalog::SqlType;

use super::registry::{Accumulator as Kept, Argument, MakeAccumulator};
use super::wrapped;
use crate::error::{SqlError, SqlResult};
use crate::types::compare::Comparator;
use crate::types::environment::Environment;
use crate::types::key::needs_key;

/// A key of an aggregate's ORDER BY.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct OrderKey {
    /// Which argument.
    pub place: usize,
    /// ASC.
    pub ascending: bool,
    /// NULLS FIRST.
    pub nulls_first: bool,
    /// Its type.
    pub sql_type: SqlType,
}

/// An aggregate with the SQL types that it is called with.
#[derive(Clone)]
pub struct Aggregate {
    /// Its name.
    pub name: String,
    /// Makes the state of a group.
    pub make: MakeAccumulator,
    /// Rows with a NULL argument are left out.
    pub strict: bool,
    /// The types of the arguments, those that are only ordered by included.
    pub arguments: Vec<SqlType>,
    /// How many of them the accumulator is given.
    pub count: usize,
    /// The type of the answer.
    pub returns: SqlType,
    /// Its Arrow type.
    pub data_type: DataType,
    /// DISTINCT.
    pub distinct: bool,
    /// ORDER BY, WITHIN GROUP included.
    pub order: Vec<OrderKey>,
    /// How many of the arguments are direct ones of WITHIN GROUP: the same for all rows of a group.
    pub direct: usize,
    /// The settings.
    pub environment: Arc<Environment>,
}

impl Aggregate {
    /// As a function of DataFusion.
    pub fn udaf(self) -> Arc<AggregateUDF> {
        Arc::new(AggregateUDF::new_from_impl(Udaf {
            aggregate: self,
            signature: Signature::variadic_any(Volatility::Immutable),
        }))
    }

    /// The aggregate that a function of DataFusion is, if it is one of ours.
    pub fn of(function: &AggregateUDF) -> Option<&Aggregate> {
        function.inner().downcast_ref::<Udaf>().map(|udaf| &udaf.aggregate)
    }

    /// A group's state over columns of arguments.
    pub fn group(&self) -> Group {
        Group { aggregate: self.clone(), kept: self.accumulator(), rows: vec![] }
    }

    fn accumulator(&self) -> Box<dyn Kept> {
        (self.make)(&self.arguments[..self.count], &self.returns)
    }

    /// Whether the answer shows the order in which rows came: all of it, or that of rows which ORDER BY does not tell
    /// apart, or which of values that are equal and look unlike (1.0 and 1.00) is the one shown.
    pub fn shows_order(&self) -> bool {
        const SHOWN: [&str; 7] = [
            "any_value",
            "array_agg",
            "json_agg",
            "json_object_agg",
            "jsonb_agg",
            "jsonb_object_agg",
            "string_agg",
        ];
        let told_apart = |key: &OrderKey| needs_key(&key.sql_type, &key.sql_type.data_type());
        let of_equal_ones =
            self.direct > 0 || crate::functions::ordered_set::NAMES.contains(&self.name.as_str());
        !self.distinct
            && (SHOWN.contains(&self.name.as_str()) || of_equal_ones && self.order.iter().any(told_apart))
    }

    fn collects(&self) -> bool {
        self.distinct || !self.order.is_empty()
    }

    fn same_as(&self, other: &Aggregate) -> bool {
        self.name == other.name
            && self.arguments == other.arguments
            && self.count == other.count
            && self.returns == other.returns
            && self.distinct == other.distinct
            && self.direct == other.direct
            && self.order == other.order
            && self.environment == other.environment
    }
}

/// The state of one group.
#[derive(Debug)]
pub struct Group {
    aggregate: Aggregate,
    kept: Box<dyn Kept>,
    /// Arguments that wait for the end, where they are sorted.
    rows: Vec<Vec<ArrayRef>>,
}

impl Group {
    /// Takes columns of arguments.
    pub fn update(&mut self, values: &[ArrayRef]) -> SqlResult<()> {
        if values.first().is_none_or(|column| column.is_empty()) {
            return Ok(());
        }
        if self.aggregate.collects() {
            self.rows.push(values.to_vec());
            return Ok(());
        }
        feed(&self.aggregate, self.kept.as_mut(), values, None)
    }

    /// Takes out rows that were taken in, where [`Accumulator::slide`] said that this can be.
    fn retract(&mut self, values: &[ArrayRef]) -> SqlResult<()> {
        let length = values.first().map_or(0, |column| column.len());
        let arguments = arguments(&self.aggregate, values);
        for row in 0..length {
            if is_seen(&self.aggregate, &arguments, row) {
                self.kept.retract(&arguments, row)?;
            }
        }
        Ok(())
    }

    /// Takes a part's state.
    pub fn merge(&mut self, state: &[u8]) -> SqlResult<()> {
        if self.aggregate.collects() {
            self.rows.extend(read_rows(state)?);
            return Ok(());
        }
        self.kept.merge(state)
    }

    /// The state as bytes.
    pub fn state(&self) -> SqlResult<Vec<u8>> {
        if self.aggregate.collects() { write_rows(&self.rows) } else { self.kept.state() }
    }

    /// The answer: an array of one value.
    pub fn finish(&self) -> SqlResult<ArrayRef> {
        if !self.aggregate.collects() {
            return self.kept.finish(&self.aggregate.environment);
        }
        let mut kept = self.aggregate.accumulator();
        if !self.rows.is_empty() {
            let columns = (0..self.aggregate.arguments.len())
                .map(|index| {
                    let parts: Vec<&dyn Array> =
                        self.rows.iter().map(|columns| columns[index].as_ref()).collect();
                    concat(&parts).map_err(|error| SqlError::internal(error.to_string()))
                })
                .collect::<SqlResult<Vec<_>>>()?;
            let rows = sorted(&self.aggregate, &columns)?;
            feed(&self.aggregate, kept.as_mut(), &columns, Some(&rows))?;
        }
        kept.finish(&self.aggregate.environment)
    }

    /// Bytes of memory held.
    pub fn size(&self) -> usize {
        let rows: usize = self.rows.iter().flatten().map(|column| column.get_array_memory_size()).sum();
        size_of::<Self>() + self.kept.size() + rows
    }
}

fn feed(
    aggregate: &Aggregate,
    kept: &mut dyn Kept,
    values: &[ArrayRef],
    rows: Option<&[usize]>,
) -> SqlResult<()> {
    let arguments = arguments(aggregate, values);
    let present = |row: &usize| is_seen(aggregate, &arguments, *row);
    match rows {
        Some(rows) => kept.update_all(&arguments, &mut rows.iter().copied().filter(present)),
        None => {
            let length = values.first().map_or(0, |column| column.len());
            if !aggregate.strict || arguments.iter().all(|argument| argument.array.null_count() == 0) {
                return kept.update_range(&arguments, 0..length);
            }
            kept.update_all(&arguments, &mut (0..length).filter(present))
        }
    }
}

fn arguments(aggregate: &Aggregate, values: &[ArrayRef]) -> Vec<Argument> {
    values
        .iter()
        .take(aggregate.count)
        .zip(&aggregate.arguments)
        .map(|(array, sql_type)| Argument {
            array: Arc::clone(array),
            constant: false,
            sql_type: sql_type.clone(),
        })
        .collect()
}

/// Whether the accumulator is given a row.
fn is_seen(aggregate: &Aggregate, arguments: &[Argument], row: usize) -> bool {
    !aggregate.strict || !arguments.iter().any(|argument| argument.is_null(row))
}

/// The rows in order, each of equal ones once under DISTINCT.
fn sorted(aggregate: &Aggregate, columns: &[ArrayRef]) -> SqlResult<Vec<usize>> {
    let length = columns.first().map_or(0, |column| column.len());
    let mut keys = vec![];
    for key in &aggregate.order {
        let comparator = Comparator::new(&key.sql_type, &columns[key.place], &columns[key.place])?;
        keys.push((comparator, key.ascending, key.nulls_first));
    }
    if aggregate.distinct {
        let arguments = aggregate.arguments.iter().zip(columns).take(aggregate.count);
        for (place, (sql_type, column)) in arguments.enumerate() {
            if !aggregate.order.iter().any(|key| key.place == place) {
                let comparator = Comparator::new(sql_type, column, column)?;
                keys.push((comparator, true, false));
            }
        }
    }
    let compare = |left: &usize, right: &usize| {
        for (comparator, ascending, nulls_first) in &keys {
            let nulls = (comparator.left_null(*left), comparator.right_null(*right));
            let order = match nulls {
                (true, true) => std::cmp::Ordering::Equal,
                (true, false) if *nulls_first => std::cmp::Ordering::Less,
                (true, false) => std::cmp::Ordering::Greater,
                (false, true) if *nulls_first => std::cmp::Ordering::Greater,
                (false, true) => std::cmp::Ordering::Less,
                (false, false) => {
                    let order = comparator.compare(*left, *right);
                    if *ascending { order } else { order.reverse() }
                }
            };
            if order.is_ne() {
                return order;
            }
        }
        std::cmp::Ordering::Equal
    };
    let mut rows: Vec<usize> = (0..length).collect();
    rows.sort_by(compare);
    if aggregate.distinct {
        rows.dedup_by(|later, earlier| compare(earlier, later).is_eq());
    }
    Ok(rows)
}

fn write_rows(rows: &[Vec<ArrayRef>]) -> SqlResult<Vec<u8>> {
    let Some(first) = rows.first() else { return Ok(vec![]) };
    let failed = |error: arrow::error::ArrowError| SqlError::internal(error.to_string());
    let fields: Vec<Field> = first
        .iter()
        .enumerate()
        .map(|(index, column)| Field::new(index.to_string(), column.data_type().clone(), true))
        .collect();
    let schema = Arc::new(Schema::new(fields));
    let mut writer = arrow::ipc::writer::StreamWriter::try_new(vec![], &schema).map_err(failed)?;
    for columns in rows {
        let batch = RecordBatch::try_new(Arc::clone(&schema), columns.clone()).map_err(failed)?;
        writer.write(&batch).map_err(failed)?;
    }
    writer.into_inner().map_err(failed)
}

fn read_rows(state: &[u8]) -> SqlResult<Vec<Vec<ArrayRef>>> {
    if state.is_empty() {
        return Ok(vec![]);
    }
    let failed = |error: arrow::error::ArrowError| SqlError::internal(error.to_string());
    let reader = arrow::ipc::reader::StreamReader::try_new(Cursor::new(state), None).map_err(failed)?;
    reader.map(|batch| Ok(batch.map_err(failed)?.columns().to_vec())).collect()
}

struct Udaf {
    aggregate: Aggregate,
    signature: Signature,
}

impl fmt::Debug for Aggregate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}({:?})", self.name, self.arguments)
    }
}

impl fmt::Debug for Udaf {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.aggregate.fmt(formatter)
    }
}

impl PartialEq for Udaf {
    fn eq(&self, other: &Self) -> bool {
        self.aggregate.same_as(&other.aggregate)
    }
}

impl Eq for Udaf {}

impl Hash for Udaf {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.aggregate.name.hash(state);
        self.aggregate.arguments.hash(state);
        // DataFusion finds common expressions by hash and by the names of functions: what differs must hash apart.
        self.aggregate.count.hash(state);
        self.aggregate.returns.hash(state);
        self.aggregate.distinct.hash(state);
        self.aggregate.order.hash(state);
    }
}

impl AggregateUDFImpl for Udaf {
    fn name(&self) -> &str {
        &self.aggregate.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        Ok(self.aggregate.data_type.clone())
    }

    fn accumulator(&self, _args: AccumulatorArgs) -> Result<Box<dyn Accumulator>> {
        Ok(Box::new(Batch { group: self.aggregate.group(), slides: false }))
    }

    fn create_sliding_accumulator(&self, _args: AccumulatorArgs) -> Result<Box<dyn Accumulator>> {
        let mut group = self.aggregate.group();
        let slides = !self.aggregate.collects() && group.kept.slide();
        Ok(Box::new(Batch { group, slides }))
    }

    fn state_fields(&self, args: StateFieldsArgs) -> Result<Vec<FieldRef>> {
        Ok(vec![Arc::new(Field::new(format!("{}[state]", args.name), DataType::Binary, true))])
    }
}

/// A group's state in a batch query, or that of a moving frame.
#[derive(Debug)]
struct Batch {
    group: Group,
    /// Rows may be taken out again.
    slides: bool,
}

impl Accumulator for Batch {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        self.group.update(values).map_err(wrapped)
    }

    fn retract_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        self.group.retract(values).map_err(wrapped)
    }

    fn supports_retract_batch(&self) -> bool {
        self.slides
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        ScalarValue::try_from_array(&self.group.finish().map_err(wrapped)?, 0)
    }

    fn size(&self) -> usize {
        self.group.size()
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        Ok(vec![ScalarValue::Binary(Some(self.group.state().map_err(wrapped)?))])
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        let Some(parts) = states.first().and_then(|states| states.as_binary_opt::<i32>()) else {
            return Err(wrapped(SqlError::internal("a state that is no bytes")));
        };
        for part in parts.iter().flatten() {
            self.group.merge(part).map_err(wrapped)?;
        }
        Ok(())
    }
}
