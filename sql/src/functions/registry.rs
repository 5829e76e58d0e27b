//! The registry: one row for each function and operator, with all that is known of it.
//!
//! A [`Row`] is PostgreSQL's signature (name, argument types, result), the facts that planning needs (volatility, can
//! it fail, can it grow, is it monotonic) and a kernel over Arrow columns. Guards, caps, coercion, EXPLAIN, `pg_proc`
//! and the completeness test read these rows; nothing else says the same again.
//!
//! Operators are rows too, under the operator's own sign (`+`, `||`, `->>`); a prefix operator has one argument.
//! Modules of functions give their rows by a `rows()` that [`crate::functions::all`] collects.
//!
//! ```text
//!  strict!("repeat", (s: Text, n: Int4) -> Text => text::repeat(s, n)).grows()
//!  strict!("to_char", env, (t: Timestamp, f: Text) -> Text => to_char::timestamp(env, t, f))
//!  whole("array_append", &[AnyCompatibleArray, AnyCompatible], AnyCompatibleArray, array::append)
//! ```

use std::ops::Range;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef};
use arrow::buffer::NullBuffer;
use millstream_catalog::{Kind, SqlType};

use crate::error::{SqlError, SqlResult};
use crate::types::environment::Environment;

/// What stands for an argument or a result in a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Param {
    /// That scalar type.
    Of(Kind),
    /// An array of that scalar type.
    ArrayOf(Kind),
    /// `anyelement`
    AnyElement,
    /// `anyarray`
    AnyArray,
    /// `anynonarray`
    AnyNonArray,
    /// `anycompatible`
    AnyCompatible,
    /// `anycompatiblearray`
    AnyCompatibleArray,
    /// `anycompatiblenonarray`
    AnyCompatibleNonArray,
    /// `"any"`: any type at all, taken as it is.
    Any,
    /// `record`
    Record,
}

/// When a function's answer is the same for the same arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Volatility {
    /// Always.
    Immutable,
    /// Within one statement.
    Stable,
    /// Never surely.
    Volatile,
}

/// What a row is called as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// A function of one row's values.
    Scalar,
    /// An operator.
    Operator,
    /// A function that gives a set of rows: its kernel gives a List of them for each row.
    Set,
    /// An aggregate.
    Aggregate,
}

/// A column of arguments: one value for each row, or one value for all of them.
#[derive(Debug, Clone)]
pub struct Argument {
    /// The values; one only, where it is constant.
    pub array: ArrayRef,
    /// Whether the one value stands for all rows.
    pub constant: bool,
    /// Its SQL type.
    pub sql_type: SqlType,
}

/// One call over a batch of rows.
#[derive(Debug)]
pub struct Call<'a> {
    /// The arguments, of the types that the signature says.
    pub arguments: &'a [Argument],
    /// Number of rows of the answer.
    pub rows: usize,
    /// The type of the answer (for a set: of one row of it).
    pub returns: &'a SqlType,
    /// The settings.
    pub environment: &'a Environment,
}

impl Argument {
    /// Where the value of a row stands in the array.
    #[inline]
    pub fn at(&self, row: usize) -> usize {
        if self.constant { 0 } else { row }
    }

    /// Whether the value of a row is NULL.
    #[inline]
    pub fn is_null(&self, row: usize) -> bool {
        self.array.is_null(self.at(row))
    }
}

impl Call<'_> {
    /// Whether any argument of a row is NULL.
    #[inline]
    pub fn any_null(&self, row: usize) -> bool {
        self.arguments.iter().any(|argument| argument.is_null(row))
    }

    /// The rows of which [`Call::any_null`] holds, found out at once.
    pub fn nulls(&self) -> Nulls {
        let mut union = None;
        for argument in self.arguments {
            match argument.constant {
                true if argument.is_null(0) => return Nulls { all: true, some: None },
                true => {}
                false => union = NullBuffer::union(union.as_ref(), argument.array.nulls()),
            }
        }
        Nulls { all: false, some: union }
    }
}

/// The rows that a strict function answers with NULL.
#[derive(Debug)]
pub struct Nulls {
    all: bool,
    some: Option<NullBuffer>,
}

impl Nulls {
    /// Whether a row is one of them.
    #[inline]
    pub fn contain(&self, row: usize) -> bool {
        self.all || self.some.as_ref().is_some_and(|some| some.is_null(row))
    }
}

/// A kernel: the answers of a call, one for each row.
pub type Kernel = Arc<dyn Fn(&Call<'_>) -> SqlResult<ArrayRef> + Send + Sync>;

/// Makes the state of one group of an aggregate.
pub type MakeAccumulator = Arc<dyn Fn(&[SqlType], &SqlType) -> Box<dyn Accumulator> + Send + Sync>;

/// The state of one group of an aggregate. DISTINCT, FILTER and ORDER BY are dealt with by who drives it: rows come as
/// the aggregate is to see them, in order.
pub trait Accumulator: Send + Sync + std::fmt::Debug {
    /// Takes a row of the arguments. Rows with a NULL argument come only where [`Row::strict`] is false.
    fn update(&mut self, arguments: &[Argument], row: usize) -> SqlResult<()>;

    /// Takes many rows; the default takes one after the other.
    fn update_all(&mut self, arguments: &[Argument], rows: &mut dyn Iterator<Item = usize>) -> SqlResult<()> {
        for row in rows {
            self.update(arguments, row)?;
        }
        Ok(())
    }

    /// Takes all rows of a range, of whose arguments none is NULL where NULLs are left out.
    fn update_range(&mut self, arguments: &[Argument], mut rows: Range<usize>) -> SqlResult<()> {
        self.update_all(arguments, &mut rows)
    }

    /// Makes ready for [`Accumulator::retract`], before the first row; false where rows are never taken out again.
    fn slide(&mut self) -> bool {
        false
    }

    /// Takes out a row that was taken in, as where a frame moves on.
    fn retract(&mut self, _arguments: &[Argument], _row: usize) -> SqlResult<()> {
        Err(SqlError::internal("an aggregate out of which no row can be taken"))
    }

    /// The state as bytes, for [`Accumulator::merge`].
    fn state(&self) -> SqlResult<Vec<u8>>;

    /// Takes the state of another part of the group, whose rows came after.
    fn merge(&mut self, state: &[u8]) -> SqlResult<()>;

    /// The answer: an array of one value of the result's type.
    fn finish(&self, environment: &Environment) -> SqlResult<ArrayRef>;

    /// Bytes of memory held.
    fn size(&self) -> usize;
}

/// What a row does.
#[derive(Clone)]
pub enum Body {
    /// A kernel over columns.
    Kernel(Kernel),
    /// An aggregate.
    Aggregate(MakeAccumulator),
    /// Known to the planner, which makes an expression or a plan of its own of it.
    Planned,
}

/// A function or operator.
#[derive(Clone)]
pub struct Row {
    /// The name, or the operator's sign.
    pub name: &'static str,
    /// What it is called as.
    pub class: Class,
    /// The types of its arguments.
    pub arguments: Vec<Param>,
    /// The last argument may stand any number of times.
    pub variadic: bool,
    /// The type of its answer (of one row of a set).
    pub returns: Param,
    /// Names and types of the columns, for a set of rows of several columns.
    pub columns: Vec<(&'static str, Param)>,
    /// Number of trailing arguments that have defaults.
    pub defaults: usize,
    /// When its answer is the same.
    pub volatility: Volatility,
    /// Of an argument that is NULL the answer is NULL; an aggregate does not see such rows.
    pub strict: bool,
    /// It gives an error for some values.
    pub can_fail: bool,
    /// Its answer can be much larger than its arguments.
    pub grows: bool,
    /// A greater first argument never gives a lesser answer, the others being constants.
    pub monotonic: bool,
    /// Its answer depends on the settings.
    pub uses_environment: bool,
    /// What it does.
    pub body: Body,
}

impl std::fmt::Debug for Row {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}({:?}) -> {:?}", self.name, self.arguments, self.returns)
    }
}

impl Row {
    /// A row that can fail, is immutable and strict.
    pub fn new(name: &'static str, arguments: Vec<Param>, returns: Param, body: Body) -> Self {
        let sign = name.bytes().all(|byte| b"+-*/<>=~!@#%^&|`?".contains(&byte));
        let class = match body {
            Body::Aggregate(_) => Class::Aggregate,
            _ if sign => Class::Operator,
            _ => Class::Scalar,
        };
        Self {
            name,
            class,
            arguments,
            variadic: false,
            returns,
            columns: vec![],
            defaults: 0,
            volatility: Volatility::Immutable,
            strict: true,
            can_fail: true,
            grows: false,
            monotonic: false,
            uses_environment: false,
            body,
        }
    }

    /// It never gives an error.
    pub fn safe(self) -> Self {
        Self { can_fail: false, ..self }
    }

    /// Its answer can be much larger than its arguments.
    pub fn grows(self) -> Self {
        Self { grows: true, ..self }
    }

    /// A greater first argument never gives a lesser answer.
    pub fn monotonic(self) -> Self {
        Self { monotonic: true, ..self }
    }

    /// Its answer is the same within one statement.
    pub fn stable(self) -> Self {
        Self { volatility: Volatility::Stable, uses_environment: true, ..self }
    }

    /// Its answer is never surely the same.
    pub fn volatile(self) -> Self {
        Self { volatility: Volatility::Volatile, ..self }
    }

    /// It sees NULLs.
    pub fn takes_null(self) -> Self {
        Self { strict: false, ..self }
    }

    /// The last argument may stand any number of times (at least once).
    pub fn variadic(self) -> Self {
        Self { variadic: true, ..self }
    }

    /// So many trailing arguments may be left out: the kernel is then called with fewer.
    pub fn defaults(self, defaults: usize) -> Self {
        Self { defaults, ..self }
    }

    /// It gives a set: the kernel's answer is a List of `returns` for each row.
    pub fn set(self) -> Self {
        Self { class: Class::Set, ..self }
    }

    /// It gives a set of rows of these columns: the kernel's answer is a List of Struct for each row.
    pub fn columns(self, columns: &[(&'static str, Param)]) -> Self {
        Self { class: Class::Set, columns: columns.to_vec(), returns: Param::Record, ..self }
    }
}

/// A row whose kernel is given whole columns and deals with NULL itself.
pub fn whole(
    name: &'static str,
    arguments: &[Param],
    returns: Param,
    kernel: impl Fn(&Call<'_>) -> SqlResult<ArrayRef> + Send + Sync + 'static,
) -> Row {
    Row::new(name, arguments.to_vec(), returns, Body::Kernel(Arc::new(kernel))).takes_null()
}

/// A row that the planner makes something of itself.
pub fn planned(name: &'static str, arguments: &[Param], returns: Param) -> Row {
    Row::new(name, arguments.to_vec(), returns, Body::Planned)
}

/// A row of an aggregate.
pub fn aggregate(
    name: &'static str,
    arguments: &[Param],
    returns: Param,
    make: impl Fn(&[SqlType], &SqlType) -> Box<dyn Accumulator> + Send + Sync + 'static,
) -> Row {
    Row::new(name, arguments.to_vec(), returns, Body::Aggregate(Arc::new(make)))
}

/// An array of an argument that is not of the Arrow type that its SQL type says.
pub fn wrong_array(wanted: &str, found: &dyn Array) -> SqlError {
    SqlError::internal(format!("an argument of {} where {wanted} is wanted", found.data_type()))
}
