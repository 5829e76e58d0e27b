//! `sum(bigint)` over a whole batch without a decimal for every row.
//!
//! The binder sums bigints as decimals, whose sums no run of rows passes (`BIGINT_AS_NUMERIC`). A batch query without
//! groups adds up the bigints themselves, by halves that 64 bits hold for as many rows as an array can have.

use std::ops::Range;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Decimal128Array, Int64Array};
use arrow::datatypes::{DataType, Int64Type};
use datafusion::common::DFSchema;
use datafusion::common::tree_node::Transformed;
use datafusion::error::Result;
use datafusion::logical_expr::{Expr, ExprSchemable};
use millstream_catalog::Kind;

use super::BIGINT_AS_NUMERIC;
use crate::error::{SqlError, SqlResult};
use crate::functions::aggregate::Aggregate;
use crate::functions::registry::{Accumulator, Argument, wrong_array};
use crate::types::environment::Environment;

/// The type of such a sum: DataFusion's of decimals of that width.
const TOTAL: DataType = DataType::Decimal128(38, 0);

/// A sum of bigints as decimals as one of the bigints.
pub(super) fn direct(expr: Expr, schema: &DFSchema) -> Result<Transformed<Expr>> {
    let Expr::AggregateFunction(mut call) = expr else { return Ok(Transformed::no(expr)) };
    let bigint = match call.params.args.as_slice() {
        [Expr::Cast(cast)] if *cast.field.data_type() == BIGINT_AS_NUMERIC => {
            Some(cast.expr.as_ref().clone())
        }
        _ => None,
    };
    let is_bigint = |expr: &Expr| expr.get_type(schema).is_ok_and(|data_type| data_type == DataType::Int64);
    match bigint {
        Some(bigint) if call.func.name() == "sum" && !call.params.distinct && is_bigint(&bigint) => {
            let aggregate = Aggregate {
                name: "sum".to_owned(),
                make: Arc::new(|_, _| Box::new(Total { count: 0, total: 0 })),
                strict: false,
                arguments: vec![Kind::Int8.into()],
                count: 1,
                returns: Kind::Numeric.into(),
                data_type: TOTAL,
                distinct: false,
                order: vec![],
                direct: 0,
                environment: Arc::new(Environment::default()),
            };
            call.func = aggregate.udaf();
            call.params.args = vec![bigint];
            Ok(Transformed::yes(Expr::AggregateFunction(call)))
        }
        _ => Ok(Transformed::no(Expr::AggregateFunction(call))),
    }
}

/// Values and their sum.
#[derive(Debug)]
struct Total {
    count: u64,
    total: i128,
}

impl Total {
    fn take(&mut self, values: &[i64]) {
        // Half by half, the upper one without its sign, so that nothing is carried: the compiler takes several at once.
        const SIGN: u64 = 1 << 63;
        let (mut lower, mut upper) = (0u64, 0u64);
        for value in values {
            let value = *value as u64 ^ SIGN;
            lower += value & u64::from(u32::MAX);
            upper += value >> 32;
        }
        let count = values.len() as u64;
        self.count += count;
        self.total += i128::from(lower) + (i128::from(upper) << 32) - i128::from(count) * i128::from(SIGN);
    }
}

fn bigints(argument: &Argument) -> SqlResult<&Int64Array> {
    argument
        .array
        .as_primitive_opt::<Int64Type>()
        .ok_or_else(|| wrong_array("Int64", argument.array.as_ref()))
}

impl Accumulator for Total {
    fn update(&mut self, arguments: &[Argument], row: usize) -> SqlResult<()> {
        let (argument, array) = (&arguments[0], bigints(&arguments[0])?);
        let at = argument.at(row);
        if array.is_valid(at) {
            self.take(&[array.value(at)]);
        }
        Ok(())
    }

    fn update_range(&mut self, arguments: &[Argument], rows: Range<usize>) -> SqlResult<()> {
        let (argument, array) = (&arguments[0], bigints(&arguments[0])?);
        if argument.constant || array.null_count() > 0 {
            return self.update_all(arguments, &mut rows.into_iter());
        }
        let values = array.values().get(rows).ok_or_else(|| SqlError::internal("rows that are not there"))?;
        self.take(values);
        Ok(())
    }

    fn state(&self) -> SqlResult<Vec<u8>> {
        Ok([&self.count.to_be_bytes()[..], &self.total.to_be_bytes()].concat())
    }

    fn merge(&mut self, state: &[u8]) -> SqlResult<()> {
        let damaged = || SqlError::internal("a damaged state of an aggregate");
        let (count, total) = state.split_first_chunk::<8>().ok_or_else(damaged)?;
        self.count += u64::from_be_bytes(*count);
        self.total += i128::from_be_bytes(total.try_into().map_err(|_| damaged())?);
        Ok(())
    }

    fn finish(&self, _environment: &Environment) -> SqlResult<ArrayRef> {
        let sum = Decimal128Array::from(vec![(self.count > 0).then_some(self.total)]);
        Ok(Arc::new(sum.with_data_type(TOTAL)))
    }

    fn size(&self) -> usize {
        size_of::<Self>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_pass_64_bits_both_ways() {
        let values = [i64::MAX, i64::MAX, -1, i64::MIN, i64::MIN, i64::MIN, 0, 7];
        let mut total = Total { count: 0, total: 0 };
        total.take(&values);
        assert_eq!(total.total, values.iter().map(|value| i128::from(*value)).sum::<i128>());
        assert_eq!(total.count, 8);
    }
}
