//! Functions on text, arrays and types that Postgres has and DataFusion lacks.

use arrow::datatypes::DataType::{self, Int32, Utf8};
use datafusion::common::ScalarValue;
use datafusion::error::Result;
use millstream_catalog::{pg_type, quote_identifier};
use millstream_sql::SqlState;

use super::arguments::Arguments;
use super::{Function, integer, list, null, refuse, text};

pub fn functions() -> Vec<Function> {
    vec![
        Function::new(
            "quote_ident",
            1..=1,
            |_| Utf8,
            |_, args| match args.text(0) {
                Some(name) => text(quote_identifier(&name)),
                None => null(),
            },
        ),
        Function::new(
            "quote_literal",
            1..=1,
            |_| Utf8,
            |_, args| match args.text(0) {
                Some(value) => text(quote_literal(&value)),
                None => null(),
            },
        ),
        Function::new(
            "quote_nullable",
            1..=1,
            |_| Utf8,
            |_, args| text(args.text(0).map_or_else(|| "NULL".to_owned(), |value| quote_literal(&value))),
        ),
        Function::new(
            "format",
            1..=64,
            |_| Utf8,
            |_, args| match args.text(0) {
                Some(pattern) => text(format(&pattern, args)?),
                None => null(),
            },
        ),
        Function::new(
            "pg_size_pretty",
            1..=1,
            |_| Utf8,
            |_, args| match args.integer(0) {
                Some(bytes) => text(size_pretty(bytes)),
                None => null(),
            },
        ),
        Function::new(
            "pg_typeof",
            1..=1,
            |_| Utf8,
            |_, args| match args.0.first().map(ScalarValue::data_type) {
                None | Some(DataType::Null) => text("unknown"),
                Some(data_type) => text(pg_type::of(&data_type).sql_name),
            },
        ),
        Function::new(
            "array_upper",
            2..=2,
            |_| Int32,
            |_, args| match (args.length(0), args.integer(1)) {
                (Some(length), Some(1)) if length > 0 => integer(length as i32),
                _ => null(),
            },
        ),
        Function::new(
            "array_lower",
            2..=2,
            |_| Int32,
            |_, args| match (args.length(0), args.integer(1)) {
                (Some(length), Some(1)) if length > 0 => integer(1),
                _ => null(),
            },
        ),
        // `generate_subscripts(a, 1)` is `unnest(array_subscripts(a))`.
        Function::new(
            "array_subscripts",
            1..=1,
            |_| DataType::new_list(Int32, true),
            |_, args| {
                let subscripts = 1..=args.length(0).unwrap_or(0) as i32;
                list(
                    &subscripts.map(|subscript| ScalarValue::Int32(Some(subscript))).collect::<Vec<_>>(),
                    &Int32,
                )
            },
        ),
        Function::new("json_build_object", 1..=64, |_| Utf8, |_, args| json_object(args)),
    ]
}

/// `{"name" : value, …}` of names and values in turn.
fn json_object(args: &Arguments) -> Result<ScalarValue> {
    let members = (0..args.0.len()).step_by(2).map(|at| {
        let name = serde_json::Value::from(args.text(at).unwrap_or_default());
        let value = match args.0.get(at + 1) {
            Some(ScalarValue::Boolean(Some(value))) => value.to_string(),
            Some(value) if value.data_type().is_numeric() && !value.is_null() => value.to_string(),
            _ => serde_json::Value::from(args.text(at + 1)).to_string(),
        };
        format!("{name} : {value}")
    });
    text(format!("{{{}}}", members.collect::<Vec<_>>().join(", ")))
}

fn quote_literal(value: &str) -> String {
    let quoted = format!("'{}'", value.replace('\'', "''").replace('\\', "\\\\"));
    if value.contains('\\') { format!("E{quoted}") } else { quoted }
}

/// Postgres's `format`: `%s`, `%I`, `%L`, `%%`, and `%n$s`.
fn format(pattern: &str, args: &Arguments) -> Result<String> {
    let mut out = String::new();
    let mut rest = pattern;
    let mut next = 1;
    while let Some(at) = rest.find('%') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        if digits > 0 && rest[digits..].starts_with('$') {
            next = rest[..digits].parse().unwrap_or(usize::MAX);
            rest = &rest[digits + 1..];
        }
        let kind = rest.chars().next();
        rest = kind.map_or("", |kind| &rest[kind.len_utf8()..]);
        if kind == Some('%') {
            out.push('%');
            continue;
        }
        if next >= args.0.len() {
            return Err(refuse(SqlState::InvalidParameterValue, "too few arguments for format()"));
        }
        let value = args.text(next);
        next += 1;
        match (kind, value) {
            (Some('s'), value) => out.push_str(&value.unwrap_or_default()),
            (Some('I'), Some(value)) => out.push_str(&quote_identifier(&value)),
            (Some('L'), value) => {
                out.push_str(&value.map_or_else(|| "NULL".to_owned(), |value| quote_literal(&value)))
            }
            _ => {
                let message = "unrecognized format() type specifier";
                return Err(refuse(SqlState::InvalidParameterValue, message));
            }
        }
    }
    out.push_str(rest);
    Ok(out)
}

/// A number of bytes as Postgres prints it: the unit changes at ten times the next, halves are rounded away.
fn size_pretty(bytes: i64) -> String {
    let limit = 10 * 1024;
    if bytes.unsigned_abs() < limit as u64 {
        return format!("{bytes} bytes");
    }
    // As Postgres does it: one bit more is kept than is shown, for rounding.
    let mut size = bytes >> 9;
    for unit in ["kB", "MB", "GB", "TB"] {
        if size.unsigned_abs() < 2 * limit as u64 - 1 {
            return format!("{} {unit}", half_rounded(size));
        }
        size >>= 10;
    }
    format!("{} PB", half_rounded(size))
}

fn half_rounded(size: i64) -> i64 {
    (if size < 0 { size - 1 } else { size + 1 }) / 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_rounded_as_postgres_rounds_them() {
        let cases = [
            (0, "0 bytes"),
            (10239, "10239 bytes"),
            (10240, "10 kB"),
            (1_000_000, "977 kB"),
            (1 << 40, "1024 GB"),
        ];
        for (bytes, expected) in cases {
            assert_eq!(size_pretty(bytes), expected);
        }
    }

    #[test]
    fn formats_and_quotes_are_postgres_ones() {
        let args = Arguments(["%s of %I: %L%%", "x", "My Table", "it's"].map(ScalarValue::from).to_vec());
        assert_eq!(format(&args.text(0).unwrap(), &args).unwrap(), "x of \"My Table\": 'it''s'%");
        assert_eq!(quote_literal("a\\b"), "E'a\\\\b'");
    }
}
