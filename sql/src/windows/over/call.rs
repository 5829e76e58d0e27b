//! A call of a window function while it is bound: an expression that holds the parts of the call, so that what maps
//! expressions (grouping, parameters) maps them too. [`super::over_plan`] takes it apart; it is never computed.

use std::fmt;
use std::sync::Arc;

use arrow::datatypes::DataType;
use datafusion::error::Result;
use datafusion::logical_expr::expr::ScalarFunction;
use datafusion::logical_expr::{
    AggregateUDF, ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};
use millstream_catalog::{Kind, SqlType};

use crate::error::SqlError;
use crate::functions::wrapped;
use crate::types::environment::Zone;

/// What is called.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Function {
    RowNumber,
    Rank,
    DenseRank,
    PercentRank,
    CumeDist,
    Ntile,
    Lag,
    Lead,
    FirstValue,
    LastValue,
    NthValue,
    Aggregate(Arc<AggregateUDF>),
}

impl Function {
    /// The window functions that are no aggregates, by name.
    pub fn by_name(name: &str) -> Option<Function> {
        Some(match name {
            "row_number" => Function::RowNumber,
            "rank" => Function::Rank,
            "dense_rank" => Function::DenseRank,
            "percent_rank" => Function::PercentRank,
            "cume_dist" => Function::CumeDist,
            "ntile" => Function::Ntile,
            "lag" => Function::Lag,
            "lead" => Function::Lead,
            "first_value" => Function::FirstValue,
            "last_value" => Function::LastValue,
            "nth_value" => Function::NthValue,
            _ => return None,
        })
    }

    /// Its name.
    pub fn name(&self) -> &str {
        match self {
            Function::RowNumber => "row_number",
            Function::Rank => "rank",
            Function::DenseRank => "dense_rank",
            Function::PercentRank => "percent_rank",
            Function::CumeDist => "cume_dist",
            Function::Ntile => "ntile",
            Function::Lag => "lag",
            Function::Lead => "lead",
            Function::FirstValue => "first_value",
            Function::LastValue => "last_value",
            Function::NthValue => "nth_value",
            Function::Aggregate(function) => function.name(),
        }
    }
}

/// What a frame's bounds count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Units {
    Rows,
    Range,
    Groups,
}

/// Where a frame begins or ends; a distance is an expression of the call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Bound {
    /// The partition's first or last row.
    Unbounded,
    CurrentRow,
    Preceding,
    Following,
}

impl Bound {
    /// Whether it is at a distance.
    pub fn has_distance(self) -> bool {
        matches!(self, Bound::Preceding | Bound::Following)
    }
}

/// The rows that are not in a frame although they are between its bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Exclusion {
    NoOthers,
    CurrentRow,
    /// The current row and its peers.
    Group,
    /// The peers of the current row.
    Ties,
}

/// Which rows of the partition a function sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Frame {
    pub units: Units,
    pub start: Bound,
    pub end: Bound,
    pub exclusion: Exclusion,
    /// RANGE with a distance: the kind of the value that is ordered by, and the zone that its days are counted in.
    pub range: Option<(Kind, Zone)>,
}

impl Frame {
    /// RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW: what holds where nothing is said.
    pub const DEFAULT: Frame = Frame {
        units: Units::Range,
        start: Bound::Unbounded,
        end: Bound::CurrentRow,
        exclusion: Exclusion::NoOthers,
        range: None,
    };
}

/// Prints as SQL has it, distances as such: `ROWS BETWEEN distance PRECEDING AND CURRENT ROW`.
impl fmt::Display for Frame {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let units = match self.units {
            Units::Rows => "ROWS",
            Units::Range => "RANGE",
            Units::Groups => "GROUPS",
        };
        let bound = |bound: Bound, unbounded: &'static str| match bound {
            Bound::Unbounded => unbounded,
            Bound::CurrentRow => "CURRENT ROW",
            Bound::Preceding => "distance PRECEDING",
            Bound::Following => "distance FOLLOWING",
        };
        let (start, end) = (bound(self.start, "UNBOUNDED PRECEDING"), bound(self.end, "UNBOUNDED FOLLOWING"));
        let exclusion = match self.exclusion {
            Exclusion::NoOthers => "",
            Exclusion::CurrentRow => " EXCLUDE CURRENT ROW",
            Exclusion::Group => " EXCLUDE GROUP",
            Exclusion::Ties => " EXCLUDE TIES",
        };
        write!(formatter, "{units} BETWEEN {start} AND {end}{exclusion}")
    }
}

/// Prints as `sum`, `first_value IGNORE NULLS`, `sum ROWS BETWEEN …`: what holds where nothing is said is left out.
impl fmt::Display for Call {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.function.name())?;
        if self.ignores_nulls {
            formatter.write_str(" IGNORE NULLS")?;
        }
        if self.frame == Frame::DEFAULT { Ok(()) } else { write!(formatter, " {}", self.frame) }
    }
}

/// How a key of ORDER BY orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    pub ascending: bool,
    pub nulls_first: bool,
}

/// A call without its expressions.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct Call {
    pub function: Function,
    pub frame: Frame,
    pub order: Vec<Key>,
    /// FILTER
    pub filtered: bool,
    /// IGNORE NULLS
    pub ignores_nulls: bool,
    pub sql_type: SqlType,
    pub data_type: DataType,
    signature: Signature,
    partitions: usize,
    arguments: usize,
}

/// The expressions of a call.
#[derive(Debug, Clone, Default)]
pub(crate) struct Parts {
    pub partition: Vec<Expr>,
    pub order: Vec<Expr>,
    pub arguments: Vec<Expr>,
    pub filter: Option<Expr>,
    pub start: Option<Expr>,
    pub end: Option<Expr>,
    /// The value that RANGE with a distance compares.
    pub value: Option<Expr>,
}

impl Call {
    /// A call of a function whose answer is of that type.
    pub fn new(function: Function, frame: Frame, sql_type: SqlType, data_type: DataType) -> Self {
        Self {
            function,
            frame,
            order: vec![],
            filtered: false,
            ignores_nulls: false,
            sql_type,
            data_type,
            signature: Signature::variadic_any(Volatility::Volatile),
            partitions: 0,
            arguments: 0,
        }
    }

    /// The call with its parts as an expression.
    pub fn with_parts(mut self, parts: Parts) -> Expr {
        self.partitions = parts.partition.len();
        self.arguments = parts.arguments.len();
        self.filtered = parts.filter.is_some();
        let Parts { partition, order, arguments, filter, start, end, value } = parts;
        let mut all = partition;
        all.extend(order);
        all.extend(arguments);
        all.extend(filter.into_iter().chain(start).chain(end).chain(value));
        let function = Arc::new(ScalarUDF::new_from_impl(self));
        Expr::ScalarFunction(ScalarFunction::new_udf(function, all))
    }

    /// The call that an expression is, and its parts.
    pub fn of(expr: &Expr) -> Option<(&Call, Parts)> {
        let Expr::ScalarFunction(function) = expr else { return None };
        let call = function.func.inner().downcast_ref::<Call>()?;
        let mut all = function.args.iter().cloned();
        let mut take = |count: usize| all.by_ref().take(count).collect::<Vec<Expr>>();
        let partition = take(call.partitions);
        let order = take(call.order.len());
        let arguments = take(call.arguments);
        let mut one = |there: bool| if there { all.next() } else { None };
        let filter = one(call.filtered);
        let start = one(call.frame.start.has_distance());
        let end = one(call.frame.end.has_distance());
        let value = one(call.frame.range.is_some());
        Some((call, Parts { partition, order, arguments, filter, start, end, value }))
    }
}

impl fmt::Debug for Call {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} over {:?} {:?}", self.function.name(), self.frame, self.order)
    }
}

impl ScalarUDFImpl for Call {
    fn name(&self) -> &str {
        self.function.name()
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        Ok(self.data_type.clone())
    }

    fn invoke_with_args(&self, _arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        Err(wrapped(SqlError::internal(format!("{} was not taken out", self.function.name()))))
    }
}
