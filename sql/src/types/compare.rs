//! Values of any SQL type compared as PostgreSQL's btree operators compare them.
//!
//! | type | order |
//! |---|---|
//! | real, double precision | NaN is the greatest and equal to itself; -0 = 0 |
//! | numeric | by value, whatever the scale; NaN the greatest |
//! | interval | by length, a month being 30 days |
//! | char(n) | blanks at the end do not count |
//! | text and its kin | by bytes |
//! | array | element by element, then by length; NULL = NULL, and greater than all else |
//! | record | field by field; NULL as in arrays |
//! | oidvector | by length, then element by element |
//!
//! A [`Comparator`] is made once for two columns and then compares rows of them without asking for types
//! again. It compares values that are not NULL; [`Comparator::compare_nulls`] knows NULL as arrays and
//! records do.

use std::cmp::Ordering;

use arrow::array::{
    Array, ArrayRef, AsArray, BinaryArray, BooleanArray, FixedSizeBinaryArray, PrimitiveArray, StringArray,
};
use arrow::buffer::{NullBuffer, OffsetBuffer};
use arrow::datatypes::{
    DataType, Date32Type, Decimal128Type, Float32Type, Float64Type, Int16Type, Int32Type, Int64Type,
    IntervalMonthDayNano, IntervalMonthDayNanoType, Time64MicrosecondType, TimestampMicrosecondType,
    UInt32Type,
};
use millstream_catalog::{Kind, SqlType};

use super::builder::wrong_type;
use super::decimal::{self, power};
use super::interval::Interval;
use super::leaf;
use crate::error::{SqlError, SqlResult, SqlState};

/// One of the six comparison operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Comparison {
    /// All six.
    pub const ALL: [Comparison; 6] = [
        Comparison::Equal,
        Comparison::NotEqual,
        Comparison::Less,
        Comparison::LessOrEqual,
        Comparison::Greater,
        Comparison::GreaterOrEqual,
    ];

    /// The operator's sign.
    pub fn sign(self) -> &'static str {
        match self {
            Comparison::Equal => "=",
            Comparison::NotEqual => "<>",
            Comparison::Less => "<",
            Comparison::LessOrEqual => "<=",
            Comparison::Greater => ">",
            Comparison::GreaterOrEqual => ">=",
        }
    }

    /// The operator of a sign.
    pub fn of_sign(sign: &str) -> Option<Comparison> {
        Comparison::ALL.into_iter().find(|comparison| comparison.sign() == sign)
    }

    /// Whether it asks for equality only, so that a type needs no order for it.
    pub fn is_equality(self) -> bool {
        matches!(self, Comparison::Equal | Comparison::NotEqual)
    }

    /// Whether it holds of two values that stand in that order.
    #[inline]
    pub fn holds(self, order: Ordering) -> bool {
        match self {
            Comparison::Equal => order.is_eq(),
            Comparison::NotEqual => order.is_ne(),
            Comparison::Less => order.is_lt(),
            Comparison::LessOrEqual => order.is_le(),
            Comparison::Greater => order.is_gt(),
            Comparison::GreaterOrEqual => order.is_ge(),
        }
    }
}

/// Compares rows of one column with rows of another (or of the same) of one SQL type.
#[derive(Debug)]
pub struct Comparator {
    pair: Pair,
    left_nulls: Option<NullBuffer>,
    right_nulls: Option<NullBuffer>,
}

/// The two columns by their Arrow type.
#[derive(Debug)]
enum Pair {
    Boolean(BooleanArray, BooleanArray),
    Int16(PrimitiveArray<Int16Type>, PrimitiveArray<Int16Type>),
    Int32(PrimitiveArray<Int32Type>, PrimitiveArray<Int32Type>),
    Int64(PrimitiveArray<Int64Type>, PrimitiveArray<Int64Type>),
    UInt32(PrimitiveArray<UInt32Type>, PrimitiveArray<UInt32Type>),
    Float32(PrimitiveArray<Float32Type>, PrimitiveArray<Float32Type>),
    Float64(PrimitiveArray<Float64Type>, PrimitiveArray<Float64Type>),
    Date32(PrimitiveArray<Date32Type>, PrimitiveArray<Date32Type>),
    Time64(PrimitiveArray<Time64MicrosecondType>, PrimitiveArray<Time64MicrosecondType>),
    Timestamp(PrimitiveArray<TimestampMicrosecondType>, PrimitiveArray<TimestampMicrosecondType>),
    Interval(PrimitiveArray<IntervalMonthDayNanoType>, PrimitiveArray<IntervalMonthDayNanoType>),
    /// Two columns of numbers, the left one of which is scaled up by the first factor, the right by the
    /// second.
    Decimal(PrimitiveArray<Decimal128Type>, i128, PrimitiveArray<Decimal128Type>, i128),
    /// Numerics of which one column at least is wide.
    Numeric(ArrayRef, ArrayRef),
    Text(StringArray, StringArray),
    Bpchar(StringArray, StringArray),
    Jsonb(StringArray, StringArray),
    Binary(BinaryArray, BinaryArray),
    Fixed(FixedSizeBinaryArray, FixedSizeBinaryArray),
    List(Box<Comparator>, OffsetBuffer<i32>, OffsetBuffer<i32>),
    /// As a list, but the shorter is the lesser whatever it holds.
    Shortlex(Box<Comparator>, OffsetBuffer<i32>, OffsetBuffer<i32>),
    Record(Vec<Comparator>),
    /// One of the columns holds nothing but NULL, and has no type.
    Nothing,
}

impl Comparator {
    /// Compares for order and equality; 42883 where the type has no order (json).
    pub fn new(sql_type: &SqlType, left: &ArrayRef, right: &ArrayRef) -> SqlResult<Self> {
        if let Some(name) = lacks(sql_type, &[Kind::Json, Kind::Xid]) {
            let message = format!("could not identify a comparison function for type {name}");
            return Err(SqlError::new(SqlState::UndefinedFunction, message));
        }
        Self::build(sql_type, left, right)
    }

    /// Compares for equality only; 42883 where the type has none (json).
    pub fn equality(sql_type: &SqlType, left: &ArrayRef, right: &ArrayRef) -> SqlResult<Self> {
        if let Some(name) = lacks(sql_type, &[Kind::Json]) {
            let message = format!("could not identify an equality operator for type {name}");
            return Err(SqlError::new(SqlState::UndefinedFunction, message));
        }
        Self::build(sql_type, left, right)
    }

    /// What the operator needs of the type.
    pub fn of(
        comparison: Comparison,
        sql_type: &SqlType,
        left: &ArrayRef,
        right: &ArrayRef,
    ) -> SqlResult<Self> {
        if comparison.is_equality() {
            Self::equality(sql_type, left, right)
        } else {
            Self::new(sql_type, left, right)
        }
    }

    /// Whether the operator holds of two values that are not NULL.
    #[inline]
    pub fn test(&self, comparison: Comparison, left: usize, right: usize) -> bool {
        match comparison {
            Comparison::Equal => self.equal(left, right),
            Comparison::NotEqual => !self.equal(left, right),
            _ => comparison.holds(self.compare(left, right)),
        }
    }

    /// Compares two values that are not NULL.
    #[inline]
    pub fn compare(&self, left: usize, right: usize) -> Ordering {
        match &self.pair {
            Pair::Boolean(a, b) => a.value(left).cmp(&b.value(right)),
            Pair::Int16(a, b) => a.value(left).cmp(&b.value(right)),
            Pair::Int32(a, b) => a.value(left).cmp(&b.value(right)),
            Pair::Int64(a, b) => a.value(left).cmp(&b.value(right)),
            Pair::UInt32(a, b) => a.value(left).cmp(&b.value(right)),
            Pair::Float32(a, b) => compare_floats(a.value(left).into(), b.value(right).into()),
            Pair::Float64(a, b) => compare_floats(a.value(left), b.value(right)),
            Pair::Date32(a, b) => a.value(left).cmp(&b.value(right)),
            Pair::Time64(a, b) => a.value(left).cmp(&b.value(right)),
            Pair::Timestamp(a, b) => a.value(left).cmp(&b.value(right)),
            Pair::Interval(a, b) => interval_length(a.value(left)).cmp(&interval_length(b.value(right))),
            Pair::Decimal(a, up, b, other_up) => {
                decimal::order(a.value(left), *up, b.value(right), *other_up)
            }
            Pair::Numeric(a, b) => {
                // Both were found to be columns of numerics when the pair was made.
                match (leaf::numeric_at(a, left), leaf::numeric_at(b, right)) {
                    (Ok(a), Ok(b)) => a.cmp(&b),
                    _ => Ordering::Equal,
                }
            }
            Pair::Text(a, b) => a.value(left).as_bytes().cmp(b.value(right).as_bytes()),
            Pair::Bpchar(a, b) => trimmed(a.value(left)).cmp(trimmed(b.value(right))),
            Pair::Jsonb(a, b) => leaf::compare_jsonb(a.value(left), b.value(right)),
            Pair::Binary(a, b) => a.value(left).cmp(b.value(right)),
            Pair::Fixed(a, b) => a.value(left).cmp(b.value(right)),
            Pair::List(elements, a, b) => {
                let (left, left_end) = (a[left] as usize, a[left + 1] as usize);
                let (right, right_end) = (b[right] as usize, b[right + 1] as usize);
                let lengths = (left_end - left).cmp(&(right_end - right));
                elements.compare_runs(left..left_end, right..right_end).then(lengths)
            }
            Pair::Shortlex(elements, a, b) => {
                let (left, left_end) = (a[left] as usize, a[left + 1] as usize);
                let (right, right_end) = (b[right] as usize, b[right + 1] as usize);
                let lengths = (left_end - left).cmp(&(right_end - right));
                lengths.then_with(|| elements.compare_runs(left..left_end, right..right_end))
            }
            Pair::Record(fields) => {
                let orders = fields.iter().map(|field| field.compare_nulls(left, right));
                orders.into_iter().find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
            }
            Pair::Nothing => Ordering::Equal,
        }
    }

    /// Whether two values that are not NULL are equal.
    #[inline]
    pub fn equal(&self, left: usize, right: usize) -> bool {
        match &self.pair {
            Pair::Text(a, b) => a.value(left) == b.value(right),
            Pair::List(_, a, b) | Pair::Shortlex(_, a, b)
                if a[left + 1] - a[left] != b[right + 1] - b[right] =>
            {
                false
            }
            _ => self.compare(left, right).is_eq(),
        }
    }

    /// Compares two values that may be NULL: NULL equals NULL and is greater than all else.
    #[inline]
    pub fn compare_nulls(&self, left: usize, right: usize) -> Ordering {
        match (self.left_null(left), self.right_null(right)) {
            (false, false) => self.compare(left, right),
            (left, right) => left.cmp(&right),
        }
    }

    /// Whether the value of a row of the left column is NULL.
    #[inline]
    pub fn left_null(&self, row: usize) -> bool {
        self.left_nulls.as_ref().is_some_and(|nulls| nulls.is_null(row))
    }

    /// Whether the value of a row of the right column is NULL.
    #[inline]
    pub fn right_null(&self, row: usize) -> bool {
        self.right_nulls.as_ref().is_some_and(|nulls| nulls.is_null(row))
    }

    /// The comparators of the fields, where records are compared.
    pub fn fields(&self) -> &[Comparator] {
        match &self.pair {
            Pair::Record(fields) => fields,
            _ => &[],
        }
    }

    fn compare_runs(&self, left: std::ops::Range<usize>, right: std::ops::Range<usize>) -> Ordering {
        let orders = left.zip(right).map(|(left, right)| self.compare_nulls(left, right));
        orders.into_iter().find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
    }

    fn build(sql_type: &SqlType, left: &ArrayRef, right: &ArrayRef) -> SqlResult<Self> {
        let pair = match (left.data_type(), right.data_type()) {
            (DataType::Null, _) | (_, DataType::Null) => Pair::Nothing,
            _ => Pair::new(sql_type, left, right)?,
        };
        Ok(Self { pair, left_nulls: left.logical_nulls(), right_nulls: right.logical_nulls() })
    }
}

impl Pair {
    fn new(sql_type: &SqlType, left: &ArrayRef, right: &ArrayRef) -> SqlResult<Self> {
        macro_rules! both {
            ($variant:ident, $opt:ident $(::<$generic:ty>)?) => {
                match (left.$opt$(::<$generic>)?(), right.$opt$(::<$generic>)?()) {
                    (Some(left), Some(right)) => Ok(Pair::$variant(left.clone(), right.clone())),
                    _ => Err(mismatch(sql_type, left, right)),
                }
            };
        }
        match sql_type {
            SqlType::Array(element) => lists(element, left, right)
                .map(|(elements, left, right)| Pair::List(Box::new(elements), left, right)),
            SqlType::Record(fields) => {
                let (Some(left), Some(right)) = (left.as_struct_opt(), right.as_struct_opt()) else {
                    return Err(mismatch(sql_type, left, right));
                };
                if left.num_columns() != fields.len() || right.num_columns() != fields.len() {
                    let message = "cannot compare record types with different numbers of columns";
                    return Err(SqlError::new(SqlState::DatatypeMismatch, message));
                }
                let columns = left.columns().iter().zip(right.columns());
                let fields = fields.iter().zip(columns);
                let fields = fields.map(|((_, field), (left, right))| Comparator::build(field, left, right));
                Ok(Pair::Record(fields.collect::<SqlResult<_>>()?))
            }
            SqlType::Scalar(kind, _) => match kind {
                Kind::Boolean => both!(Boolean, as_boolean_opt),
                Kind::Int2 => both!(Int16, as_primitive_opt::<Int16Type>),
                Kind::Int4 => both!(Int32, as_primitive_opt::<Int32Type>),
                Kind::Int8 => both!(Int64, as_primitive_opt::<Int64Type>),
                Kind::Float4 => both!(Float32, as_primitive_opt::<Float32Type>),
                Kind::Float8 => both!(Float64, as_primitive_opt::<Float64Type>),
                Kind::Date => both!(Date32, as_primitive_opt::<Date32Type>),
                Kind::Time => both!(Time64, as_primitive_opt::<Time64MicrosecondType>),
                Kind::Timestamp | Kind::Timestamptz => {
                    both!(Timestamp, as_primitive_opt::<TimestampMicrosecondType>)
                }
                Kind::Interval => both!(Interval, as_primitive_opt::<IntervalMonthDayNanoType>),
                Kind::Numeric => numerics(sql_type, left, right),
                Kind::Bpchar => both!(Bpchar, as_string_opt::<i32>),
                Kind::Jsonb => both!(Jsonb, as_string_opt::<i32>),
                Kind::Text
                | Kind::Varchar
                | Kind::Name
                | Kind::Char
                | Kind::Json
                | Kind::Unknown
                | Kind::Cstring
                | Kind::Void => both!(Text, as_string_opt::<i32>),
                Kind::Bytea => both!(Binary, as_binary_opt::<i32>),
                Kind::Uuid | Kind::Timetz => both!(Fixed, as_fixed_size_binary_opt),
                Kind::Int2vector => lists(&Kind::Int2.into(), left, right)
                    .map(|(elements, left, right)| Pair::List(Box::new(elements), left, right)),
                Kind::Oidvector => lists(&Kind::Oid.into(), left, right)
                    .map(|(elements, left, right)| Pair::Shortlex(Box::new(elements), left, right)),
                millstream_catalog::oid_kinds!() => both!(UInt32, as_primitive_opt::<UInt32Type>),
            },
        }
    }
}

/// The comparison of two ROW constructors field by field, where NULL is unknown: None is unknown. Each field
/// is the order of its two values, None where one of them is NULL.
///
/// `=` is false where any field surely differs, unknown where any is unknown, and so `<>` the other way
/// round; the others are decided by the first field that is not surely equal.
pub fn row_compare(
    comparison: Comparison,
    fields: impl IntoIterator<Item = Option<Ordering>>,
) -> Option<bool> {
    let mut known = true;
    for field in fields {
        match (comparison, field) {
            (_, Some(Ordering::Equal)) => {}
            (_, Some(order)) => return Some(comparison.holds(order)),
            (Comparison::Equal | Comparison::NotEqual, None) => known = false,
            (_, None) => return None,
        }
    }
    known.then(|| comparison.holds(Ordering::Equal))
}

/// Compares two floats: NaN is the greatest and equals itself, -0 equals 0.
#[inline]
pub fn compare_floats(left: f64, right: f64) -> Ordering {
    left.partial_cmp(&right).unwrap_or_else(|| left.is_nan().cmp(&right.is_nan()))
}

/// The text of a `char(n)` without the blanks at its end.
#[inline]
pub fn trimmed(text: &str) -> &[u8] {
    text.trim_end_matches(' ').as_bytes()
}

/// The microseconds that an interval of Arrow's form is compared by.
#[inline]
pub fn interval_length(value: IntervalMonthDayNano) -> i128 {
    Interval::of_stored(value).length()
}

fn numerics(sql_type: &SqlType, left: &ArrayRef, right: &ArrayRef) -> SqlResult<Pair> {
    match (left.data_type(), right.data_type()) {
        (DataType::Decimal128(_, scale), DataType::Decimal128(_, other)) => {
            let difference = i32::from(*other) - i32::from(*scale);
            let (left, right) =
                (left.as_primitive::<Decimal128Type>(), right.as_primitive::<Decimal128Type>());
            Ok(Pair::Decimal(left.clone(), power(difference), right.clone(), power(-difference)))
        }
        (DataType::Decimal128(..) | DataType::Binary, DataType::Decimal128(..) | DataType::Binary) => {
            Ok(Pair::Numeric(left.clone(), right.clone()))
        }
        _ => Err(mismatch(sql_type, left, right)),
    }
}

fn lists(
    element: &SqlType,
    left: &ArrayRef,
    right: &ArrayRef,
) -> SqlResult<(Comparator, OffsetBuffer<i32>, OffsetBuffer<i32>)> {
    let (Some(left), Some(right)) = (left.as_list_opt::<i32>(), right.as_list_opt::<i32>()) else {
        return Err(mismatch(element, left, right));
    };
    let elements = Comparator::build(element, left.values(), right.values())?;
    Ok((elements, left.offsets().clone(), right.offsets().clone()))
}

fn mismatch(sql_type: &SqlType, left: &dyn Array, right: &dyn Array) -> SqlError {
    let found = if left.data_type() == &sql_type.data_type() { right } else { left };
    wrong_type(&sql_type.data_type().to_string(), found.data_type())
}

/// The name of the type, in it or of it, that is one of those that cannot be compared.
fn lacks(sql_type: &SqlType, kinds: &[Kind]) -> Option<&'static str> {
    match sql_type {
        SqlType::Scalar(kind, _) => kinds.contains(kind).then(|| kind.sql_name()),
        SqlType::Array(element) => lacks(element, kinds),
        SqlType::Record(fields) => fields.iter().find_map(|(_, field)| lacks(field, kinds)),
    }
}
