//! Names of types: as SQL text gives them, and as messages and `format_type` print them.

use millstream_catalog::{Kind, SqlType};

/// A type without its modifier, as messages name it: `character varying`, `integer[]`.
pub fn format_type(sql_type: &SqlType) -> String {
    match sql_type {
        SqlType::Scalar(kind, _) => kind.sql_name().to_owned(),
        SqlType::Array(element) => format!("{}[]", format_type(element)),
        SqlType::Record(_) => "record".to_owned(),
    }
}

/// A type with its modifier, as `format_type(atttypid, atttypmod)` prints it: `numeric(10,2)`, `character varying(3)`.
pub fn format_type_with_modifier(sql_type: &SqlType) -> String {
    match sql_type {
        SqlType::Scalar(kind, modifier) => format_scalar(*kind, *modifier),
        SqlType::Array(element) => format!("{}[]", format_type_with_modifier(element)),
        SqlType::Record(_) => "record".to_owned(),
    }
}

fn format_scalar(kind: Kind, modifier: i32) -> String {
    if modifier < 0 {
        return match kind {
            // `bpchar` without a length has no name in SQL.
            Kind::Bpchar => "bpchar".to_owned(),
            _ => kind.sql_name().to_owned(),
        };
    }
    match kind {
        Kind::Varchar | Kind::Bpchar => format!("{}({})", kind.sql_name(), modifier - 4),
        Kind::Numeric => match SqlType::Scalar(kind, modifier).precision() {
            Some((precision, scale)) => format!("numeric({precision},{scale})"),
            None => "numeric".to_owned(),
        },
        Kind::Time => format!("time({modifier}) without time zone"),
        Kind::Timetz => format!("time({modifier}) with time zone"),
        Kind::Timestamp => format!("timestamp({modifier}) without time zone"),
        Kind::Timestamptz => format!("timestamp({modifier}) with time zone"),
        Kind::Interval => format_interval(modifier),
        _ => kind.sql_name().to_owned(),
    }
}

/// The bits of an interval's modifier: which fields it has (`INTERVAL_MASK` of PostgreSQL's datetime.h) above 16 bits of
/// digits of seconds.
pub mod interval_fields {
    /// Every field.
    pub const FULL: i32 = 0x7fff;
    /// Any number of digits.
    pub const FULL_PRECISION: i32 = 0xffff;
    /// The bit of MONTH.
    pub const MONTH: i32 = 1 << 1;
    /// The bit of YEAR.
    pub const YEAR: i32 = 1 << 2;
    /// The bit of DAY.
    pub const DAY: i32 = 1 << 3;
    /// The bit of HOUR.
    pub const HOUR: i32 = 1 << 10;
    /// The bit of MINUTE.
    pub const MINUTE: i32 = 1 << 11;
    /// The bit of SECOND.
    pub const SECOND: i32 = 1 << 12;
}

fn format_interval(modifier: i32) -> String {
    use interval_fields::{DAY, FULL, FULL_PRECISION, HOUR, MINUTE, MONTH, SECOND, YEAR};
    let (fields, precision) = ((modifier >> 16) & FULL, modifier & FULL_PRECISION);
    let names = [
        (YEAR, " year"),
        (MONTH, " month"),
        (DAY, " day"),
        (HOUR, " hour"),
        (MINUTE, " minute"),
        (SECOND, " second"),
        (YEAR | MONTH, " year to month"),
        (DAY | HOUR, " day to hour"),
        (DAY | HOUR | MINUTE, " day to minute"),
        (DAY | HOUR | MINUTE | SECOND, " day to second"),
        (HOUR | MINUTE, " hour to minute"),
        (HOUR | MINUTE | SECOND, " hour to second"),
        (MINUTE | SECOND, " minute to second"),
    ];
    let name = names.iter().find(|(mask, _)| *mask == fields).map_or("", |(_, name)| name);
    if precision == FULL_PRECISION {
        format!("interval{name}")
    } else {
        format!("interval{name}({precision})")
    }
}
