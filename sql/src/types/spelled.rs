//! Types as SQL text spells them: the parser's tree as an SQL type.

use std::sync::Arc;

use datafusion::sql::sqlparser::ast::{
    self, ArrayElemTypeDef, CharacterLength, DataType, DateTimeField, ExactNumberInfo, IntervalFields,
    TimezoneInfo,
};
use millstream_catalog::{Kind, SqlType};

use super::names::interval_fields::{DAY, FULL, FULL_PRECISION, HOUR, MINUTE, MONTH, SECOND, YEAR};
use super::unsupported_type;
use crate::error::{SqlError, SqlResult, SqlState};

/// Digits of seconds that times hold.
const MOST_DIGITS: u64 = 6;

/// The SQL type that a tree spells. A type that Postgres has and Millstream has not is 0A000, any other 42704.
pub fn sql_type(data_type: &DataType) -> SqlResult<SqlType> {
    Ok(match data_type {
        DataType::Boolean | DataType::Bool => Kind::Boolean.into(),
        DataType::SmallInt(None) | DataType::Int2(None) => Kind::Int2.into(),
        DataType::Int(None) | DataType::Integer(None) | DataType::Int4(None) => Kind::Int4.into(),
        DataType::BigInt(None) | DataType::Int8(None) | DataType::Int64 => Kind::Int8.into(),
        DataType::Real | DataType::Float4 => Kind::Float4.into(),
        DataType::Float(ExactNumberInfo::Precision(digits)) => match digits {
            0 => {
                let message = "precision for type float must be at least 1 bit";
                return Err(SqlError::new(SqlState::InvalidParameterValue, message));
            }
            1..=24 => Kind::Float4.into(),
            25..=53 => Kind::Float8.into(),
            _ => {
                let message = "precision for type float must be less than 54 bits";
                return Err(SqlError::new(SqlState::InvalidParameterValue, message));
            }
        },
        DataType::DoublePrecision | DataType::Float8 | DataType::Float64 => Kind::Float8.into(),
        DataType::Float(_) | DataType::Double(ExactNumberInfo::None) => Kind::Float8.into(),
        DataType::Numeric(info) | DataType::Decimal(info) | DataType::Dec(info) => numeric(info)?,
        DataType::Text | DataType::String(_) => Kind::Text.into(),
        DataType::Varchar(length) | DataType::CharacterVarying(length) | DataType::CharVarying(length) => {
            SqlType::Scalar(Kind::Varchar, length_modifier(length.as_ref(), "varchar", None)?)
        }
        DataType::Char(length) | DataType::Character(length) => {
            SqlType::Scalar(Kind::Bpchar, length_modifier(length.as_ref(), "char", Some(1))?)
        }
        DataType::Bytea => Kind::Bytea.into(),
        DataType::Date => Kind::Date.into(),
        DataType::Time(digits, zone) => {
            let kind = if has_zone(zone) { Kind::Timetz } else { Kind::Time };
            SqlType::Scalar(kind, digits_modifier(*digits))
        }
        DataType::Timestamp(digits, zone) => {
            let kind = if has_zone(zone) { Kind::Timestamptz } else { Kind::Timestamp };
            SqlType::Scalar(kind, digits_modifier(*digits))
        }
        DataType::Interval { fields, precision } => {
            let fields = fields.as_ref().map(fields_mask);
            SqlType::Scalar(Kind::Interval, packed(fields, *precision))
        }
        DataType::Uuid => Kind::Uuid.into(),
        DataType::JSON => Kind::Json.into(),
        DataType::JSONB => Kind::Jsonb.into(),
        DataType::Regclass => Kind::Regclass.into(),
        DataType::Array(
            ArrayElemTypeDef::SquareBracket(element, _)
            | ArrayElemTypeDef::AngleBracket(element)
            | ArrayElemTypeDef::Parenthesis(element),
        ) => {
            let element = sql_type(element)?;
            match element {
                // PostgreSQL has one array type for any number of dimensions.
                SqlType::Array(_) => {
                    return Err(SqlError::unsupported(
                        "arrays of several dimensions are not built",
                        "use an array of one dimension, or jsonb",
                    ));
                }
                element => SqlType::Array(Arc::new(element)),
            }
        }
        DataType::Custom(name, arguments) => named(name, arguments)?,
        DataType::Bit(_)
        | DataType::BitVarying(_)
        | DataType::VarBit(_)
        | DataType::GeometricType(_)
        | DataType::TsVector
        | DataType::TsQuery
        | DataType::Array(_) => return Err(unsupported_type(&data_type.to_string().to_lowercase())),
        other => return Err(unknown(&other.to_string().to_lowercase())),
    })
}

/// Types that the parser takes for names.
fn named(name: &ast::ObjectName, arguments: &[String]) -> SqlResult<SqlType> {
    let parts: Vec<&ast::Ident> = name.0.iter().filter_map(|part| part.as_ident()).collect();
    let folded = |part: &ast::Ident| match part.quote_style {
        Some(_) => part.value.clone(),
        None => part.value.to_lowercase(),
    };
    let name = name.to_string();
    let quoted = match parts.as_slice() {
        [name] => name.quote_style.is_some(),
        [schema, name] if folded(schema) == "pg_catalog" => {
            name.quote_style.is_some() || folded(name) == "char"
        }
        _ => return Err(unknown(&name)),
    };
    let folded = parts.last().map(|part| folded(part)).unwrap_or_default();
    if quoted {
        // The quoted "char" is a type of its own.
        return SqlType::by_name(&folded).ok_or_else(|| unknown(&name));
    }
    let number = |index: usize| arguments.get(index).and_then(|text| text.trim().parse::<u64>().ok());
    let found = match folded.as_str() {
        "bool" => Kind::Boolean.into(),
        "smallserial" => Kind::Int2.into(),
        "char" if arguments.is_empty() => SqlType::Scalar(Kind::Bpchar, 5),
        "bpchar" | "varchar" | "char" => {
            let kind = if folded == "varchar" { Kind::Varchar } else { Kind::Bpchar };
            let modifier = number(0).map_or(-1, |length| length as i32 + 4);
            SqlType::Scalar(kind, modifier)
        }
        "numeric" | "decimal" => match (number(0), number(1)) {
            (Some(precision), Some(scale)) => {
                numeric(&ExactNumberInfo::PrecisionAndScale(precision, scale as i64))?
            }
            (Some(precision), None) => numeric(&ExactNumberInfo::Precision(precision))?,
            _ => Kind::Numeric.into(),
        },
        "timestamp" | "timestamptz" | "time" | "timetz" => {
            let kind = match folded.as_str() {
                "timestamp" => Kind::Timestamp,
                "timestamptz" => Kind::Timestamptz,
                "time" => Kind::Time,
                _ => Kind::Timetz,
            };
            SqlType::Scalar(kind, digits_modifier(number(0)))
        }
        "interval" => SqlType::Scalar(Kind::Interval, packed(None, number(0))),
        "citext" => Kind::Text.into(),
        "unknown" => return Err(unknown("unknown")),
        "bit" | "varbit" | "money" | "inet" | "cidr" | "macaddr" | "macaddr8" | "xml" | "point" | "line"
        | "lseg" | "box" | "path" | "polygon" | "circle" | "serial" | "bigserial" | "hstore" | "tsvector"
        | "tsquery" | "int4range" | "int8range" | "numrange" | "tsrange" | "tstzrange" | "daterange"
        | "jsonpath" | "txid_snapshot" | "pg_lsn" | "refcursor" | "anyarray" | "aclitem" | "tid" | "cid" => {
            return Err(unsupported_type(&folded));
        }
        other => return SqlType::by_name(other).ok_or_else(|| unknown(&name)),
    };
    Ok(found)
}

fn unknown(name: &str) -> SqlError {
    SqlError::new(SqlState::UndefinedObject, format!("type \"{name}\" does not exist"))
}

fn has_zone(zone: &TimezoneInfo) -> bool {
    matches!(zone, TimezoneInfo::Tz | TimezoneInfo::WithTimeZone)
}

fn digits_modifier(digits: Option<u64>) -> i32 {
    // PostgreSQL warns and takes its most.
    digits.map_or(-1, |digits| digits.min(MOST_DIGITS) as i32)
}

fn length_modifier(length: Option<&CharacterLength>, name: &str, default: Option<i32>) -> SqlResult<i32> {
    let length = match length {
        None => return Ok(default.map_or(-1, |length| length + 4)),
        Some(CharacterLength::Max) => return Ok(-1),
        Some(CharacterLength::IntegerLength { length, .. }) => *length,
    };
    let refuse = |what: &str| {
        let message = format!("length for type {name} {what}");
        Err(SqlError::new(SqlState::InvalidParameterValue, message))
    };
    match length {
        0 => refuse("must be at least 1"),
        10_485_761.. => refuse("cannot exceed 10485760"),
        length => Ok(length as i32 + 4),
    }
}

fn numeric(info: &ExactNumberInfo) -> SqlResult<SqlType> {
    let (precision, scale) = match info {
        ExactNumberInfo::None => return Ok(Kind::Numeric.into()),
        ExactNumberInfo::Precision(precision) => (*precision, 0),
        ExactNumberInfo::PrecisionAndScale(precision, scale) => (*precision, *scale),
    };
    if !(1..=1000).contains(&precision) {
        let message = format!("NUMERIC precision {precision} must be between 1 and 1000");
        return Err(SqlError::new(SqlState::InvalidParameterValue, message));
    }
    if !(-1000..=1000).contains(&scale) {
        let message = format!("NUMERIC scale {scale} must be between -1000 and 1000");
        return Err(SqlError::new(SqlState::InvalidParameterValue, message));
    }
    Ok(SqlType::numeric(precision as i32, scale as i32))
}

fn fields_mask(fields: &IntervalFields) -> i32 {
    match fields {
        IntervalFields::Year => YEAR,
        IntervalFields::Month => MONTH,
        IntervalFields::Day => DAY,
        IntervalFields::Hour => HOUR,
        IntervalFields::Minute => MINUTE,
        IntervalFields::Second => SECOND,
        IntervalFields::YearToMonth => YEAR | MONTH,
        IntervalFields::DayToHour => DAY | HOUR,
        IntervalFields::DayToMinute => DAY | HOUR | MINUTE,
        IntervalFields::DayToSecond => DAY | HOUR | MINUTE | SECOND,
        IntervalFields::HourToMinute => HOUR | MINUTE,
        IntervalFields::HourToSecond => HOUR | MINUTE | SECOND,
        IntervalFields::MinuteToSecond => MINUTE | SECOND,
    }
}

fn packed(fields: Option<i32>, digits: Option<u64>) -> i32 {
    if fields.is_none() && digits.is_none() {
        return -1;
    }
    let digits = digits.map_or(FULL_PRECISION, |digits| digits.min(MOST_DIGITS) as i32);
    (fields.unwrap_or(FULL) << 16) | digits
}

/// The modifier of an INTERVAL literal: `INTERVAL '1-2' YEAR TO MONTH`.
pub fn interval_modifier(interval: &ast::Interval) -> SqlResult<i32> {
    let bit = |field: &DateTimeField| -> SqlResult<i32> {
        Ok(match field {
            DateTimeField::Year | DateTimeField::Years => YEAR,
            DateTimeField::Month | DateTimeField::Months => MONTH,
            DateTimeField::Day | DateTimeField::Days => DAY,
            DateTimeField::Hour | DateTimeField::Hours => HOUR,
            DateTimeField::Minute | DateTimeField::Minutes => MINUTE,
            DateTimeField::Second | DateTimeField::Seconds => SECOND,
            other => return Err(SqlError::syntax(format!("INTERVAL takes no unit {other}"), None)),
        })
    };
    let digits = interval.fractional_seconds_precision.or(match interval.leading_field {
        Some(DateTimeField::Second | DateTimeField::Seconds) | None => interval.leading_precision,
        _ => None,
    });
    let fields = match (&interval.leading_field, &interval.last_field) {
        (None, _) => return Ok(packed(None, digits)),
        (Some(only), None) => bit(only)?,
        (Some(first), Some(last)) => {
            let (first, last) = (bit(first)?, bit(last)?);
            let order = [YEAR, MONTH, DAY, HOUR, MINUTE, SECOND];
            let place = |wanted: i32| order.iter().position(|field| *field == wanted);
            match (place(first), place(last)) {
                (Some(from), Some(to)) if from < to => {
                    order[from..=to].iter().fold(0, |mask, field| mask | field)
                }
                _ => return Err(SqlError::syntax("the fields of an INTERVAL go from large to small", None)),
            }
        }
    };
    Ok(packed(Some(fields), digits))
}
