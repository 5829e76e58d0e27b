//! Expressions that change a value's form: casts, key forms, printed text, rows and arrays. What the registry's rows do
//! not say because it depends on types that only a statement knows.

use std::sync::Arc;

use arrow::array::{Array, AsArray, Int64Array, ListArray, StructArray};
use arrow::datatypes::{DataType, Field, Fields};
use datafusion::common::ScalarValue;
use datafusion::logical_expr::Expr;
use millstream_catalog::{Kind, SqlType};

use super::typed::Typed;
use crate::error::{SqlError, SqlResult, SqlState};
use crate::functions::arguments::{expanded, only, print_column};
use crate::functions::generic;
use crate::functions::registry::{Call, Kernel, Volatility};
use crate::functions::scalar::{Facts, Function, Scalar};
use crate::functions::{casts, decimals, packed};
use crate::types::compare::Comparison;
use crate::types::environment::Environment;
use crate::types::key::{key_column, key_type, needs_key};
use crate::types::numeric::Numeric;
use crate::types::read::Reader;
use crate::types::{cast::cast_can_fail, names::format_type_with_modifier};

const SAFE: Facts = Facts { can_fail: false, monotonic: false, volatility: Volatility::Immutable };
const FALLIBLE: Facts = Facts { can_fail: true, ..SAFE };

/// A function of typed expressions.
#[allow(clippy::too_many_arguments)]
fn function(
    name: &str,
    identity: String,
    facts: Facts,
    arguments: Vec<Typed>,
    returns: SqlType,
    data_type: DataType,
    environment: &Arc<Environment>,
    kernel: Kernel,
) -> Typed {
    let function = Function {
        name: name.to_owned(),
        facts,
        arguments: arguments.iter().map(|argument| argument.sql_type.clone()).collect(),
        returns: returns.clone(),
        data_type: data_type.clone(),
        environment: Arc::clone(environment),
        uses_environment: matches!(name, "cast" | "printed"),
        identity,
        kernel,
    };
    let expr = function.call(arguments.into_iter().map(|argument| argument.expr).collect());
    Typed { expr, sql_type: returns, data_type }
}

/// A value as it is, of which nothing is known but its type: it may be NULL.
pub(crate) fn kept(typed: Typed) -> Typed {
    let kernel: Kernel = Arc::new(|call: &Call<'_>| {
        let argument = only(call)?;
        expanded(&argument.array, argument, call.rows)
    });
    let (returns, data_type) = (typed.sql_type.clone(), typed.data_type.clone());
    let identity = data_type.to_string();
    function("kept", identity, SAFE, vec![typed], returns, data_type, &Arc::default(), kernel)
}

/// A constant of a type, read from its text form.
pub(crate) fn constant(text: &str, to: &SqlType, environment: &Arc<Environment>) -> SqlResult<Typed> {
    let data_type = match to.plain() {
        // A numeric constant is a decimal where that is known to hold it.
        SqlType::Scalar(Kind::Numeric, _) if to.modifier() == -1 => {
            return Ok(numeric_constant(&Numeric::parse(text)?));
        }
        _ => to.data_type(),
    };
    let value = read_scalar(text, to, &data_type, environment)?;
    Ok(Typed { expr: Expr::Literal(value, None), sql_type: to.clone(), data_type })
}

/// The value that a text stands for, cut to its length as an explicit cast does.
pub fn read_scalar(
    text: &str,
    to: &SqlType,
    data_type: &DataType,
    environment: &Environment,
) -> SqlResult<ScalarValue> {
    let mut reader = Reader::new(to, data_type, environment)?.explicit();
    reader.push(Some(text))?;
    let array = reader.finish()?;
    ScalarValue::try_from_array(&array, 0).map_err(|error| SqlError::internal(error.to_string()))
}

/// A numeric constant, as a decimal where it is one of at most 38 digits.
pub(crate) fn numeric_constant(value: &Numeric) -> Typed {
    if let Some((coefficient, scale)) = value.parts()
        && scale <= 38
        && let Ok(coefficient) = i128::try_from(coefficient)
    {
        let digits = coefficient.unsigned_abs().checked_ilog10().map_or(1, |log| log + 1);
        let precision = digits.max(u32::from(scale)).max(1);
        if precision <= 38 {
            let data_type = DataType::Decimal128(precision as u8, scale as i8);
            let value = ScalarValue::Decimal128(Some(coefficient), precision as u8, scale as i8);
            return Typed { expr: Expr::Literal(value, None), sql_type: Kind::Numeric.into(), data_type };
        }
    }
    let value = ScalarValue::Binary(Some(value.to_bytes()));
    Typed { expr: Expr::Literal(value, None), sql_type: Kind::Numeric.into(), data_type: DataType::Binary }
}

/// A cast between types that have one, its modifier applied.
pub(crate) fn cast(
    typed: Typed,
    to: &SqlType,
    explicit: bool,
    environment: &Arc<Environment>,
) -> SqlResult<Typed> {
    let plain_numeric = to.is(Kind::Numeric) && to.modifier() == -1;
    let data_type = match (plain_numeric, typed.sql_type.kind()) {
        (true, Some(Kind::Int2)) => DataType::Decimal128(5, 0),
        (true, Some(Kind::Int4)) => DataType::Decimal128(10, 0),
        (true, Some(Kind::Int8)) => DataType::Decimal128(19, 0),
        _ => to.data_type(),
    };
    // Whole numbers and decimals that only become wider are Arrow's own casts.
    if let (Some(from), Some(target)) = (typed.sql_type.kind(), to.kind()) {
        let whole = |kind: Kind| matches!(kind, Kind::Int2 | Kind::Int4 | Kind::Int8);
        let size = |kind: Kind| kind.size();
        let widens = whole(from) && whole(target) && size(from) <= size(target);
        let floats = target == Kind::Float8 && (whole(from) || from == Kind::Float4);
        if widens || floats {
            let expr = datafusion::logical_expr::cast(typed.expr, data_type.clone());
            return Ok(Typed { expr, sql_type: to.clone(), data_type });
        }
    }
    let from = typed.sql_type.clone();
    let facts = Facts {
        can_fail: cast_can_fail(&from, to),
        monotonic: crate::types::cast::cast_keeps_order(&from, to),
        volatility: Volatility::Immutable,
    };
    let kernel = casts::kernel(&from, &typed.data_type, to, &data_type, explicit)?;
    let identity = format!("{from}>{to}:{data_type}:{explicit}");
    let name = format!("cast_{}", format_type_with_modifier(to).replace(' ', "_"));
    Ok(function(&name, identity, facts, vec![typed], to.clone(), data_type, environment, kernel))
}

/// A numeric in another of its two forms, or as a decimal of another scale.
pub(crate) fn numeric_form(
    typed: Typed,
    data_type: &DataType,
    environment: &Arc<Environment>,
) -> SqlResult<Typed> {
    if typed.data_type == *data_type {
        return Ok(typed);
    }
    if let (
        Expr::Literal(ScalarValue::Decimal128(Some(value), _, from), _),
        DataType::Decimal128(precision, scale),
    ) = (&typed.expr, data_type)
        && scale >= from
        && let Some(factor) = 10i128.checked_pow(u32::from((scale - from).unsigned_abs()))
        && let Some(value) = value.checked_mul(factor)
    {
        let value = ScalarValue::Decimal128(Some(value), *precision, *scale);
        let expr = Expr::Literal(value, None);
        return Ok(Typed { expr, sql_type: typed.sql_type, data_type: data_type.clone() });
    }
    let from = typed.data_type.clone();
    let kernel = decimals::numeric_form(&from, data_type)?;
    let widens = match (&from, data_type) {
        (_, DataType::Binary) => true,
        (DataType::Decimal128(p, s), DataType::Decimal128(to_p, to_s)) => {
            to_s >= s && i16::from(*p) - i16::from(*s) <= i16::from(*to_p) - i16::from(*to_s)
        }
        _ => from.is_integer(),
    };
    let facts = Facts { can_fail: !widens, monotonic: true, ..SAFE };
    let name = match data_type {
        DataType::Decimal128(precision, scale) => format!("decimal_{precision}_{scale}"),
        _ => "numeric".to_owned(),
    };
    let identity = format!("{from}>{data_type}");
    let sql_type = match typed.is(Kind::Numeric) {
        true => typed.sql_type.clone(),
        false => Kind::Numeric.into(),
    };
    Ok(function(&name, identity, facts, vec![typed], sql_type, data_type.clone(), environment, kernel))
}

/// A sum, a difference, a product or a sign of decimals, exact within the type that is given.
pub(crate) fn decimal_operator(
    sign: &str,
    operands: Vec<Typed>,
    to: DataType,
    environment: &Arc<Environment>,
) -> SqlResult<Typed> {
    if sign == "+" && operands.len() == 1 {
        return operands.into_iter().next().ok_or_else(|| SqlError::internal("a sign without operand"));
    }
    let kernel = decimals::decimal_operator(sign, operands.len(), &to)?;
    let name = match (sign, operands.len()) {
        ("+", _) => "decimal_add",
        ("-", 1) => "decimal_negate",
        ("-", _) => "decimal_subtract",
        _ => "decimal_multiply",
    };
    let identity = to.to_string();
    Ok(function(name, identity, SAFE, operands, Kind::Numeric.into(), to, environment, kernel))
}

/// `round`, `trunc`, `ceil`, `floor` and `abs` of a decimal, as a decimal of the scale that is given.
pub(crate) fn rounded_decimal(
    name: &str,
    typed: Typed,
    to: DataType,
    environment: &Arc<Environment>,
) -> SqlResult<Typed> {
    let kernel = decimals::rounded_decimal(name, &typed.data_type, &to)?;
    let shown = format!("decimal_{name}");
    let identity = format!("{}>{to}", typed.data_type);
    Ok(function(&shown, identity, SAFE, vec![typed], Kind::Numeric.into(), to, environment, kernel))
}

/// The form in which values are compared: bytes that are equal and ordered as SQL says.
pub(crate) fn key(typed: Typed, environment: &Arc<Environment>) -> Typed {
    if !needs_key(&typed.sql_type, &typed.data_type) {
        return typed;
    }
    let data_type = key_type(&typed.sql_type, &typed.data_type);
    let sql_type = typed.sql_type.clone();
    let returns = match typed.sql_type.kind() {
        Some(kind @ (Kind::Float4 | Kind::Float8)) => kind.into(),
        Some(Kind::Interval) => Kind::Numeric.into(),
        _ => Kind::Bytea.into(),
    };
    let kernel: Kernel = {
        let sql_type = sql_type.clone();
        Arc::new(move |call: &Call<'_>| {
            let argument = only(call)?;
            expanded(&key_column(&sql_type, &argument.array)?, argument, call.rows)
        })
    };
    let identity = sql_type.to_string();
    function("key", identity, SAFE, vec![typed], returns, data_type, environment, kernel)
}

/// Of equal values the one that stands for all: an aggregate over their bytes, and the value back from it.
pub(crate) fn representative(
    typed: Typed,
    column: &str,
    environment: &Arc<Environment>,
) -> SqlResult<(Expr, Expr)> {
    let (sql_type, data_type) = (typed.sql_type.clone(), typed.data_type.clone());
    let to_bytes: Kernel = Arc::new(|call: &Call<'_>| {
        let argument = only(call)?;
        expanded(&packed::to_bytes(&argument.array)?, argument, call.rows)
    });
    let identity = format!("{sql_type}:{data_type}");
    let bytes = function(
        "value_bytes",
        identity.clone(),
        SAFE,
        vec![typed],
        Kind::Bytea.into(),
        DataType::Binary,
        environment,
        to_bytes,
    );
    let least = datafusion::functions_aggregate::min_max::min_udaf().call(vec![bytes.expr]);
    let back: Kernel = {
        let data_type = data_type.clone();
        Arc::new(move |call: &Call<'_>| {
            let argument = only(call)?;
            expanded(&packed::from_bytes(&argument.array, &data_type)?, argument, call.rows)
        })
    };
    let kept = Typed::new(Expr::Column(datafusion::common::Column::new_unqualified(column)), Kind::Bytea);
    let restored =
        function("value_of_bytes", identity, FALLIBLE, vec![kept], sql_type, data_type, environment, back);
    Ok((least, restored.expr))
}

/// A value's key form with the value behind it: bytes ordered as values are, and of equal ones the least (with
/// `greatest`, the greatest) is the one that stands for all.
pub(crate) fn ordered_bytes(typed: Typed, greatest: bool, environment: &Arc<Environment>) -> Typed {
    let sql_type = typed.sql_type.clone();
    let identity = format!("{sql_type}:{greatest}");
    let kernel: Kernel = Arc::new(move |call: &Call<'_>| {
        let argument = only(call)?;
        expanded(&packed::ordered(&sql_type, &argument.array, greatest)?, argument, call.rows)
    });
    function(
        if greatest { "ordered_for_max" } else { "ordered_for_min" },
        identity,
        SAFE,
        vec![typed],
        Kind::Bytea.into(),
        DataType::Binary,
        environment,
        kernel,
    )
}

/// The value in what [`ordered_bytes`] made.
pub(crate) fn of_ordered_bytes(
    found: Typed,
    like: &Typed,
    greatest: bool,
    environment: &Arc<Environment>,
) -> Typed {
    let data_type = like.data_type.clone();
    let kernel: Kernel = {
        let data_type = data_type.clone();
        Arc::new(move |call: &Call<'_>| {
            let argument = only(call)?;
            let values = packed::parted_bytes(&argument.array, greatest)?;
            expanded(&packed::from_bytes(&values, &data_type)?, argument, call.rows)
        })
    };
    let identity = format!("{}:{data_type}:{greatest}", like.sql_type);
    let sql_type = like.sql_type.plain();
    function("unordered", identity, FALLIBLE, vec![found], sql_type, data_type, environment, kernel)
}

/// A value as the text that a client is sent.
pub(crate) fn printed(typed: Typed, environment: &Arc<Environment>) -> Typed {
    let kernel: Kernel = Arc::new(|call: &Call<'_>| print_column(call, false));
    let identity = format!("{}:{}", typed.sql_type, typed.data_type);
    function("printed", identity, SAFE, vec![typed], Kind::Text.into(), DataType::Utf8, environment, kernel)
}

/// A row value of named fields; numerics in their wide form.
pub(crate) fn record(fields: Vec<(String, Typed)>, environment: &Arc<Environment>) -> SqlResult<Typed> {
    let fields = fields
        .into_iter()
        .map(|(name, typed)| {
            let wide = typed.is(Kind::Numeric) && typed.data_type != DataType::Binary;
            let typed = if wide { numeric_form(typed, &DataType::Binary, environment)? } else { typed };
            let typed =
                if typed.is_unknown() { Typed { sql_type: Kind::Text.into(), ..typed } } else { typed };
            Ok((name, Typed { sql_type: typed.sql_type.plain(), ..typed }))
        })
        .collect::<SqlResult<Vec<_>>>()?;
    plain_struct_named(fields, Some(environment))
}

/// A struct of fields as they are.
pub(crate) fn plain_struct(fields: Vec<(String, Typed)>) -> SqlResult<Typed> {
    plain_struct_named(fields, None)
}

fn plain_struct_named(
    fields: Vec<(String, Typed)>,
    environment: Option<&Arc<Environment>>,
) -> SqlResult<Typed> {
    let sql_type =
        SqlType::Record(fields.iter().map(|(name, typed)| (name.clone(), typed.sql_type.clone())).collect());
    let inner: Fields = fields
        .iter()
        .enumerate()
        .map(|(index, (_, typed))| Field::new(format!("f{}", index + 1), typed.data_type.clone(), true))
        .collect();
    let data_type = DataType::Struct(inner.clone());
    let kernel: Kernel = Arc::new(move |call: &Call<'_>| {
        if call.arguments.is_empty() {
            return Ok(Arc::new(StructArray::new_empty_fields(call.rows, None)));
        }
        let columns = call
            .arguments
            .iter()
            .map(|argument| expanded(&argument.array, argument, call.rows))
            .collect::<SqlResult<Vec<_>>>()?;
        let array = StructArray::try_new(inner.clone(), columns, None);
        Ok(Arc::new(array.map_err(|error| SqlError::internal(error.to_string()))?))
    });
    let environment = environment.cloned().unwrap_or_default();
    let arguments: Vec<Typed> = fields.into_iter().map(|(_, typed)| typed).collect();
    let identity = data_type.to_string();
    Ok(function("row", identity, SAFE, arguments, sql_type, data_type, &environment, kernel))
}

/// The fields of a row value that stands as `ROW(…)`, for comparisons field by field.
pub(crate) fn constructed(typed: &Typed) -> Option<Vec<Typed>> {
    let SqlType::Record(fields) = &typed.sql_type else { return None };
    let Expr::ScalarFunction(call) = &typed.expr else { return None };
    if Scalar::of(&typed.expr)?.name != "row" {
        return None;
    }
    let DataType::Struct(inner) = &typed.data_type else { return None };
    let parts =
        call.args.iter().zip(fields.iter()).zip(inner.iter()).map(|((expr, (_, sql_type)), field)| Typed {
            expr: expr.clone(),
            sql_type: sql_type.clone(),
            data_type: field.data_type().clone(),
        });
    Some(parts.collect())
}

/// The fields of any row value.
pub(crate) fn record_fields(typed: &Typed) -> Option<Vec<Typed>> {
    if let Some(fields) = constructed(typed) {
        return Some(fields);
    }
    let SqlType::Record(fields) = &typed.sql_type else { return None };
    let DataType::Struct(inner) = &typed.data_type else { return None };
    let parts = fields.iter().zip(inner.iter()).enumerate().map(|(index, ((_, sql_type), field))| Typed {
        expr: struct_field(typed.expr.clone(), index, field.data_type()),
        sql_type: sql_type.clone(),
        data_type: field.data_type().clone(),
    });
    Some(parts.collect())
}

/// `(row).field`
pub(crate) fn field(typed: Typed, name: &str) -> SqlResult<Typed> {
    let of = crate::types::names::format_type(&typed.sql_type);
    let SqlType::Record(fields) = &typed.sql_type else {
        let message = format!("column notation .{name} applied to type {of}, which is not a composite type");
        return Err(SqlError::new(SqlState::WrongObjectType, message));
    };
    let Some(index) = fields.iter().position(|(known, _)| known == name) else {
        let message = format!("could not identify column \"{name}\" in record data type");
        return Err(SqlError::new(SqlState::UndefinedColumn, message));
    };
    record_fields(&typed)
        .and_then(|fields| fields.into_iter().nth(index))
        .ok_or_else(|| SqlError::internal("a row without fields"))
}

/// A field of a struct, by place.
pub(crate) fn struct_field(expr: Expr, index: usize, data_type: &DataType) -> Expr {
    let kernel: Kernel = Arc::new(move |call: &Call<'_>| {
        let argument = only(call)?;
        let Some(rows) = argument.array.as_struct_opt() else {
            return Err(SqlError::internal("a field of what is no row"));
        };
        let column = rows.column(index);
        // Where the row is NULL, so is its field.
        let column = match rows.nulls() {
            None => Arc::clone(column),
            Some(nulls) => {
                let whole = arrow::array::BooleanArray::new(nulls.inner().clone(), None);
                let missing =
                    arrow::compute::not(&whole).map_err(|error| SqlError::internal(error.to_string()))?;
                arrow::compute::nullif(column, &missing)
                    .map_err(|error| SqlError::internal(error.to_string()))?
            }
        };
        expanded(&column, argument, call.rows)
    });
    let typed = Typed { expr, sql_type: SqlType::Record(Arc::new([])), data_type: DataType::Null };
    let environment = Arc::default();
    let identity = format!("{index}:{data_type}");
    let returns = SqlType::of_data_type(data_type);
    function(
        &format!("field_{}", index + 1),
        identity,
        SAFE,
        vec![typed],
        returns,
        data_type.clone(),
        &environment,
        kernel,
    )
    .expr
}

/// `ARRAY[…]` of elements of one type.
pub(crate) fn array(
    elements: Vec<Typed>,
    element: &SqlType,
    environment: &Arc<Environment>,
) -> SqlResult<Typed> {
    let element = element.plain();
    let field = Arc::new(Field::new_list_field(element.data_type(), true));
    let data_type = DataType::List(Arc::clone(&field));
    let sql_type = SqlType::Array(Arc::new(element));
    let kernel: Kernel = Arc::new(move |call: &Call<'_>| {
        let columns = call
            .arguments
            .iter()
            .map(|argument| expanded(&argument.array, argument, call.rows))
            .collect::<SqlResult<Vec<_>>>()?;
        let width = columns.len();
        let offsets = arrow::buffer::OffsetBuffer::from_lengths(std::iter::repeat_n(width, call.rows));
        let values = match width {
            0 => arrow::array::new_empty_array(field.data_type()),
            _ => {
                let parts: Vec<&dyn Array> = columns.iter().map(AsRef::as_ref).collect();
                let places: Vec<(usize, usize)> =
                    (0..call.rows).flat_map(|row| (0..width).map(move |column| (column, row))).collect();
                arrow::compute::interleave(&parts, &places)
                    .map_err(|error| SqlError::internal(error.to_string()))?
            }
        };
        let list = ListArray::try_new(Arc::clone(&field), offsets, values, None);
        Ok(Arc::new(list.map_err(|error| SqlError::internal(error.to_string()))?))
    });
    let identity = data_type.to_string();
    Ok(function("array", identity, SAFE, elements, sql_type, data_type, environment, kernel))
}

/// A value as the one element of a list: a function of one value in FROM.
pub(crate) fn one_element(typed: Typed) -> SqlResult<Typed> {
    let element = typed.sql_type.clone();
    let field = Arc::new(Field::new_list_field(typed.data_type.clone(), true));
    let data_type = DataType::List(Arc::clone(&field));
    let kernel: Kernel = Arc::new(move |call: &Call<'_>| {
        let argument = only(call)?;
        let values = expanded(&argument.array, argument, call.rows)?;
        let offsets = arrow::buffer::OffsetBuffer::from_lengths(std::iter::repeat_n(1, call.rows));
        let list = ListArray::try_new(Arc::clone(&field), offsets, values, None);
        Ok(Arc::new(list.map_err(|error| SqlError::internal(error.to_string()))?))
    });
    let environment = Arc::default();
    let identity = data_type.to_string();
    let sql_type = SqlType::Array(Arc::new(element));
    Ok(function("one_element", identity, SAFE, vec![typed], sql_type, data_type, &environment, kernel))
}

/// 1, 2, …, as many as the longest of lists has elements: WITH ORDINALITY.
pub(crate) fn ordinals(lists: Vec<Expr>) -> Expr {
    let field = Arc::new(Field::new_list_field(DataType::Int64, true));
    let data_type = DataType::List(Arc::clone(&field));
    let arguments = lists
        .into_iter()
        .map(|expr| Typed { expr, sql_type: SqlType::array(Kind::Int8), data_type: DataType::Null })
        .collect();
    let kernel: Kernel = Arc::new(move |call: &Call<'_>| {
        let mut lengths = vec![];
        for row in 0..call.rows {
            let mut longest = 0;
            for argument in call.arguments {
                let Some(list) = argument.array.as_list_opt::<i32>() else {
                    return Err(SqlError::internal("a set that is no list"));
                };
                let at = argument.at(row);
                if list.is_valid(at) {
                    longest = longest.max(list.value_length(at) as usize);
                }
            }
            lengths.push(longest);
        }
        let values: Int64Array = lengths.iter().flat_map(|length| 1..=*length as i64).collect();
        let offsets = arrow::buffer::OffsetBuffer::from_lengths(lengths);
        let list = ListArray::try_new(Arc::clone(&field), offsets, Arc::new(values), None);
        Ok(Arc::new(list.map_err(|error| SqlError::internal(error.to_string()))?))
    });
    let environment = Arc::default();
    let returns = SqlType::array(Kind::Int8);
    function("ordinals", String::new(), SAFE, arguments, returns, data_type, &environment, kernel).expr
}

/// GREATEST and LEAST over values of one type.
pub(crate) fn greatest_least(parts: Vec<Typed>, greatest: bool, environment: &Arc<Environment>) -> Typed {
    let (sql_type, data_type) = (parts[0].sql_type.clone(), parts[0].data_type.clone());
    let name = if greatest { "greatest" } else { "least" };
    let kernel: Kernel = Arc::new(move |call: &Call<'_>| generic::choose::greatest_least(call, greatest));
    let identity = data_type.to_string();
    function(name, identity, SAFE, parts, sql_type, data_type, environment, kernel)
}

/// `x <op> ANY (array)` and ALL; with a resolved operator where it is no comparison.
pub(crate) fn any_all(
    sign: &str,
    value: Typed,
    array: Typed,
    all: bool,
    operator: Option<Expr>,
    environment: &Arc<Environment>,
) -> SqlResult<Typed> {
    let comparison = Comparison::of_sign(sign);
    let kernel: Kernel = match (comparison, &operator) {
        (Some(comparison), None) => {
            Arc::new(move |call: &Call<'_>| generic::quantified::any_all(call, comparison, all))
        }
        (_, Some(operator)) => {
            let Some(function) = Scalar::of(operator) else {
                return Err(SqlError::unsupported(
                    format!("{sign} ANY of an array is not built"),
                    "unnest the array in a subquery",
                ));
            };
            let inner = Arc::clone(&function.kernel);
            Arc::new(move |call: &Call<'_>| generic::quantified::any_all_with(call, &inner, all))
        }
        (None, None) => return Err(SqlError::internal("an operator that is none")),
    };
    let facts = if operator.is_some() { FALLIBLE } else { SAFE };
    let name = if all { "all" } else { "any" };
    let identity = format!("{sign}:{}:{}", value.data_type, array.data_type);
    let arguments = vec![value, array];
    let name = format!("{name}{sign}");
    Ok(function(
        &name,
        identity,
        facts,
        arguments,
        Kind::Boolean.into(),
        DataType::Boolean,
        environment,
        kernel,
    ))
}

/// Rows of JSON objects, each field as a column of its type: `json_to_recordset`.
pub(crate) fn json_records(
    argument: Typed,
    columns: &[(String, SqlType)],
    is_set: bool,
    environment: &Arc<Environment>,
) -> SqlResult<Expr> {
    let record =
        SqlType::Record(columns.iter().map(|(name, sql_type)| (name.clone(), sql_type.clone())).collect());
    let field = Arc::new(Field::new_list_field(record.data_type(), true));
    let data_type = DataType::List(Arc::clone(&field));
    let columns = columns.to_vec();
    let kernel: Kernel = Arc::new(move |call: &Call<'_>| casts::json_records(call, &columns, is_set, &field));
    let identity = format!("{is_set}:{record:?}");
    let returns = SqlType::Array(Arc::new(record));
    Ok(function("json_records", identity, FALLIBLE, vec![argument], returns, data_type, environment, kernel)
        .expr)
}

/// What `count(x)` counts: `ROW(…)` is there, whatever its fields; of a row of a relation that an outer join found none
/// for, nothing.
pub(crate) fn countable(typed: Typed) -> Typed {
    let Some(fields) = constructed(&typed) else { return typed };
    let one = Expr::Literal(ScalarValue::Int64(Some(1)), None);
    let unnamed = |(index, (name, _)): (usize, &(String, SqlType))| *name == format!("f{}", index + 1);
    if matches!(&typed.sql_type, SqlType::Record(named) if named.iter().enumerate().all(unnamed)) {
        return Typed::new(one, Kind::Int8);
    }
    let any = fields.into_iter().map(|field| field.expr.is_not_null()).reduce(Expr::or);
    let Some(any) = any else { return typed };
    let case = datafusion::logical_expr::expr::Case {
        expr: None,
        when_then_expr: vec![(Box::new(any), Box::new(one))],
        else_expr: None,
    };
    Typed::new(Expr::Case(case), Kind::Int8)
}

/// DataFusion's time of the statement, as microseconds of UTC.
pub(crate) fn microseconds(typed: Typed) -> Typed {
    let data_type = SqlType::from(Kind::Timestamptz).data_type();
    let expr = datafusion::logical_expr::cast(typed.expr, data_type);
    Typed::new(expr, Kind::Timestamptz)
}
