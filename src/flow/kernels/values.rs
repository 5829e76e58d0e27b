//! The types of values that kernels keep one by one (minima, multisets), each with an order and an equality that
//! are SQL's: NaN equals NaN and is above all numbers, -0 equals 0.

use std::cmp::Ordering;
use std::hash::Hash;
use std::marker::PhantomData;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, ArrowPrimitiveType, BinaryArray, BooleanArray, PrimitiveArray, StringArray,
};
use arrow::datatypes::{DataType, IntervalMonthDayNano};

/// A type of values: how to read one from a column, and how to make a column of them.
pub(super) trait Kind: Send + Sync + 'static {
    /// A value on its own.
    type Value: Clone + Default + Ord + Hash + Send + Sync + 'static;
    /// The Arrow array that holds such values.
    type Column: Array + 'static;
    /// The value of a row that is not NULL.
    fn value(column: &Self::Column, row: usize) -> Self::Value;
    /// How the value of a row that is not NULL compares to one.
    fn compare(column: &Self::Column, row: usize, value: &Self::Value) -> Ordering;
    /// A column of this type from values.
    fn build<'a>(data_type: &DataType, values: impl Iterator<Item = Option<&'a Self::Value>>) -> ArrayRef;
    /// Bytes that a value holds on the heap.
    fn heap_bytes(value: &Self::Value) -> usize;
}

/// Numbers, times and intervals.
pub(super) struct Primitive<T>(PhantomData<fn() -> T>);

/// Text.
pub(super) struct Text;

/// Bytes.
pub(super) struct Bytes;

/// Truth values.
pub(super) struct Truth;

/// What the allocator takes for each value on the heap, about.
const ALLOCATION: usize = 16;

/// A native value with a key that orders and hashes as SQL does.
pub(super) trait Native: Copy {
    /// The key.
    type Key: Copy + Default + Ord + Hash + Send + Sync + 'static;
    /// The key of a value.
    fn key(self) -> Self::Key;
    /// A value with this key.
    fn native(key: Self::Key) -> Self;
}

macro_rules! ordered_native {
    ($($native:ty),*) => { $(
        impl Native for $native {
            type Key = Self;
            #[inline(always)]
            fn key(self) -> Self { self }
            #[inline(always)]
            fn native(key: Self) -> Self { key }
        }
    )* };
}

ordered_native!(i16, i32, i64, i128, u64, IntervalMonthDayNano);

macro_rules! float_native {
    ($($native:ty, $key:ty, $unsigned:ty);*) => { $(
        impl Native for $native {
            type Key = $key;
            #[inline(always)]
            fn key(self) -> $key {
                let value = if self.is_nan() { <$native>::NAN.abs() } else { self + 0.0 };
                flip(value.to_bits() as i64, <$key>::BITS) as $key
            }
            #[inline(always)]
            fn native(key: $key) -> Self {
                <$native>::from_bits(flip(key as i64, <$key>::BITS) as $unsigned)
            }
        }
    )* };
}

/// Bits of a float to an integer of the same order, and back: negative numbers are turned round.
#[inline(always)]
fn flip(bits: i64, width: u32) -> i64 {
    let shift = 64 - width;
    let bits = (bits << shift) >> shift;
    bits ^ (((bits >> 63) as u64) >> (1 + shift)) as i64
}

float_native!(f32, i32, u32; f64, i64, u64);

impl<T> Kind for Primitive<T>
where
    T: ArrowPrimitiveType,
    T::Native: Native,
{
    type Value = <T::Native as Native>::Key;
    type Column = PrimitiveArray<T>;

    #[inline(always)]
    fn value(column: &Self::Column, row: usize) -> Self::Value {
        column.values()[row].key()
    }

    #[inline(always)]
    fn compare(column: &Self::Column, row: usize, value: &Self::Value) -> Ordering {
        column.values()[row].key().cmp(value)
    }

    fn build<'a>(data_type: &DataType, values: impl Iterator<Item = Option<&'a Self::Value>>) -> ArrayRef {
        let array: PrimitiveArray<T> = values.map(|value| value.map(|key| T::Native::native(*key))).collect();
        Arc::new(array.with_data_type(data_type.clone()))
    }

    fn heap_bytes(_value: &Self::Value) -> usize {
        0
    }
}

impl Kind for Text {
    type Value = Box<str>;
    type Column = StringArray;

    fn value(column: &StringArray, row: usize) -> Box<str> {
        column.value(row).into()
    }

    fn compare(column: &StringArray, row: usize, value: &Box<str>) -> Ordering {
        column.value(row).cmp(value)
    }

    fn build<'a>(_data_type: &DataType, values: impl Iterator<Item = Option<&'a Box<str>>>) -> ArrayRef {
        Arc::new(values.map(|value| value.map(|text| &**text)).collect::<StringArray>())
    }

    fn heap_bytes(value: &Box<str>) -> usize {
        value.len() + ALLOCATION
    }
}

impl Kind for Bytes {
    type Value = Box<[u8]>;
    type Column = BinaryArray;

    fn value(column: &BinaryArray, row: usize) -> Box<[u8]> {
        column.value(row).into()
    }

    fn compare(column: &BinaryArray, row: usize, value: &Box<[u8]>) -> Ordering {
        column.value(row).cmp(value)
    }

    fn build<'a>(_data_type: &DataType, values: impl Iterator<Item = Option<&'a Box<[u8]>>>) -> ArrayRef {
        Arc::new(values.map(|value| value.map(|bytes| &**bytes)).collect::<BinaryArray>())
    }

    fn heap_bytes(value: &Box<[u8]>) -> usize {
        value.len() + ALLOCATION
    }
}

impl Kind for Truth {
    type Value = bool;
    type Column = BooleanArray;

    fn value(column: &BooleanArray, row: usize) -> bool {
        column.value(row)
    }

    fn compare(column: &BooleanArray, row: usize, value: &bool) -> Ordering {
        column.value(row).cmp(value)
    }

    fn build<'a>(_data_type: &DataType, values: impl Iterator<Item = Option<&'a bool>>) -> ArrayRef {
        Arc::new(values.map(|value| value.copied()).collect::<BooleanArray>())
    }

    fn heap_bytes(_value: &bool) -> usize {
        0
    }
}

/// Names the [`Kind`] of an Arrow type as a type within an expression; None for a type that has none.
macro_rules! with_kind {
    ($data_type:expr, $kind:ident => $body:expr) => {{
        use arrow::datatypes::{
            DataType, Date32Type, Decimal128Type, Float32Type, Float64Type, Int16Type, Int32Type, Int64Type,
            IntervalMonthDayNanoType, IntervalUnit, Time64MicrosecondType, TimeUnit,
            TimestampMicrosecondType, UInt64Type,
        };
        use $crate::flow::kernels::values::{Bytes, Primitive, Text, Truth};
        macro_rules! arm {
            ($type:ty) => {{
                type $kind = $type;
                Some($body)
            }};
        }
        match $data_type {
            DataType::Int16 => arm!(Primitive<Int16Type>),
            DataType::Int32 => arm!(Primitive<Int32Type>),
            DataType::Int64 => arm!(Primitive<Int64Type>),
            DataType::UInt64 => arm!(Primitive<UInt64Type>),
            DataType::Float32 => arm!(Primitive<Float32Type>),
            DataType::Float64 => arm!(Primitive<Float64Type>),
            DataType::Decimal128(_, _) => arm!(Primitive<Decimal128Type>),
            DataType::Date32 => arm!(Primitive<Date32Type>),
            DataType::Time64(TimeUnit::Microsecond) => arm!(Primitive<Time64MicrosecondType>),
            DataType::Timestamp(TimeUnit::Microsecond, _) => arm!(Primitive<TimestampMicrosecondType>),
            DataType::Interval(IntervalUnit::MonthDayNano) => arm!(Primitive<IntervalMonthDayNanoType>),
            DataType::Utf8 => arm!(Text),
            DataType::Binary => arm!(Bytes),
            DataType::Boolean => arm!(Truth),
            _ => None,
        }
    }};
}

pub(super) use with_kind;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn float_keys_order_as_sql_does() {
        let ordered = [f64::NEG_INFINITY, -2.5, -1e-300, 0.0, 1e-300, 1.0, f64::INFINITY, f64::NAN];
        assert!(ordered.windows(2).all(|pair| pair[0].key() < pair[1].key()));
        assert_eq!((-0.0f64).key(), 0.0f64.key());
        assert_eq!((-f64::NAN).key(), f64::NAN.key());
        assert!(ordered.iter().take(7).all(|value| f64::native(value.key()) == *value));
        let small = [f32::NEG_INFINITY, -2.5, -1e-30, 0.0, 1e-30, 1.0, f32::INFINITY, f32::NAN];
        assert!(small.windows(2).all(|pair| pair[0].key() < pair[1].key()));
        assert!(small.iter().take(7).all(|value| f32::native(value.key()) == *value));
    }
}
