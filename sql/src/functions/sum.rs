//! sum(bigint), checked: DataFusion's wraps around. Sums are kept by DataFusion's decimal sum and fitted into a
//! bigint at the end, so that an overflow on the way to a sum that fits is none.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, BooleanArray, Int64Array};
use arrow::compute::cast;
use arrow::datatypes::{DECIMAL128_MAX_PRECISION, DataType, Decimal128Type, Field, FieldRef};
use datafusion::common::{Result, ScalarValue};
use datafusion::functions_aggregate::sum::sum_udaf;
use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion::logical_expr::utils::AggregateOrderSensitivity;
use datafusion::logical_expr::{
    Accumulator, AggregateUDF, AggregateUDFImpl, EmitTo, GroupsAccumulator, ReversedUDAF, Signature,
};

use super::wrapped;
use crate::error::{SqlError, SqlState};

/// What a sum of bigints is kept in.
const WIDE: DataType = DataType::Decimal128(DECIMAL128_MAX_PRECISION, 0);

/// DataFusion's sum, with 22003 for a bigint sum that does not fit.
pub(super) fn checked_sum() -> Arc<AggregateUDF> {
    Arc::new(AggregateUDF::new_from_impl(CheckedSum { inner: sum_udaf() }))
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct CheckedSum {
    inner: Arc<AggregateUDF>,
}

/// The arguments for a sum over [`WIDE`] in place of bigint; `use_them` gets the originals for another type.
fn widened<T>(args: AccumulatorArgs<'_>, use_them: impl FnOnce(AccumulatorArgs<'_>) -> Result<T>) -> Result<T> {
    if !is_bigint(&args) {
        return use_them(args);
    }
    let fields: Vec<FieldRef> = args.expr_fields.iter().map(wide_field).collect();
    use_them(AccumulatorArgs { return_field: wide_field(&args.return_field), expr_fields: &fields, ..args })
}

fn is_bigint(args: &AccumulatorArgs<'_>) -> bool {
    args.return_field.data_type() == &DataType::Int64
}

fn wide_field(field: &FieldRef) -> FieldRef {
    Arc::new(Field::clone(field).with_data_type(WIDE))
}

fn wide(values: &[ArrayRef]) -> Result<Vec<ArrayRef>> {
    Ok(values.iter().map(|column| cast(column, &WIDE)).collect::<Result<_, _>>()?)
}

fn fitted(sum: i128) -> Result<i64> {
    let error = || wrapped(SqlError::new(SqlState::NumericOutOfRange, "bigint out of range"));
    i64::try_from(sum).map_err(|_| error())
}

impl AggregateUDFImpl for CheckedSum {
    fn name(&self) -> &str {
        self.inner.name()
    }

    fn signature(&self) -> &Signature {
        self.inner.signature()
    }

    fn return_type(&self, types: &[DataType]) -> Result<DataType> {
        self.inner.return_type(types)
    }

    fn accumulator(&self, args: AccumulatorArgs<'_>) -> Result<Box<dyn Accumulator>> {
        let bigint = is_bigint(&args);
        let inner = widened(args, |args| self.inner.accumulator(args))?;
        Ok(if bigint { Box::new(Checked(inner)) } else { inner })
    }

    fn state_fields(&self, args: StateFieldsArgs<'_>) -> Result<Vec<FieldRef>> {
        if args.return_field.data_type() != &DataType::Int64 {
            return self.inner.state_fields(args);
        }
        self.inner.state_fields(StateFieldsArgs { return_field: wide_field(&args.return_field), ..args })
    }

    fn groups_accumulator_supported(&self, args: AccumulatorArgs<'_>) -> bool {
        self.inner.groups_accumulator_supported(args)
    }

    fn create_groups_accumulator(&self, args: AccumulatorArgs<'_>) -> Result<Box<dyn GroupsAccumulator>> {
        let bigint = is_bigint(&args);
        let inner = widened(args, |args| self.inner.create_groups_accumulator(args))?;
        Ok(if bigint { Box::new(CheckedGroups(inner)) } else { inner })
    }

    fn create_sliding_accumulator(&self, args: AccumulatorArgs<'_>) -> Result<Box<dyn Accumulator>> {
        let bigint = is_bigint(&args);
        let inner = widened(args, |args| self.inner.create_sliding_accumulator(args))?;
        Ok(if bigint { Box::new(Checked(inner)) } else { inner })
    }

    fn reverse_expr(&self) -> ReversedUDAF {
        ReversedUDAF::Identical
    }

    fn order_sensitivity(&self) -> AggregateOrderSensitivity {
        AggregateOrderSensitivity::Insensitive
    }
}

/// One sum of bigints.
#[derive(Debug)]
struct Checked(Box<dyn Accumulator>);

impl Accumulator for Checked {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        self.0.update_batch(&wide(values)?)
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        match self.0.evaluate()? {
            ScalarValue::Decimal128(sum, ..) => Ok(ScalarValue::Int64(sum.map(fitted).transpose()?)),
            other => Ok(other),
        }
    }

    fn size(&self) -> usize {
        self.0.size()
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        self.0.state()
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        self.0.merge_batch(states)
    }

    fn retract_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        self.0.retract_batch(&wide(values)?)
    }

    fn supports_retract_batch(&self) -> bool {
        self.0.supports_retract_batch()
    }
}

/// Sums of bigints by group.
struct CheckedGroups(Box<dyn GroupsAccumulator>);

impl GroupsAccumulator for CheckedGroups {
    fn update_batch(
        &mut self, values: &[ArrayRef], groups: &[usize], filter: Option<&BooleanArray>, count: usize,
    ) -> Result<()> {
        self.0.update_batch(&wide(values)?, groups, filter, count)
    }

    fn evaluate(&mut self, emit_to: EmitTo) -> Result<ArrayRef> {
        let sums = self.0.evaluate(emit_to)?;
        let sums = sums.as_primitive::<Decimal128Type>().iter().map(|sum| sum.map(fitted).transpose());
        Ok(Arc::new(sums.collect::<Result<Int64Array>>()?))
    }

    fn state(&mut self, emit_to: EmitTo) -> Result<Vec<ArrayRef>> {
        self.0.state(emit_to)
    }

    fn merge_batch(&mut self, states: &[ArrayRef], groups: &[usize], count: usize) -> Result<()> {
        self.0.merge_batch(states, groups, count)
    }

    fn convert_to_state(&self, values: &[ArrayRef], filter: Option<&BooleanArray>) -> Result<Vec<ArrayRef>> {
        self.0.convert_to_state(&wide(values)?, filter)
    }

    fn size(&self) -> usize {
        self.0.size()
    }
}
