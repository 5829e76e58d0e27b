//! Arithmetic against answers that PostgreSQL 15 gave (`tests.txt`): one call in a line, fields divided by
//! tabs.
//!
//! ```text
//!  name   types of arguments   type of the answer   argument…   =answer
//!  name   types of arguments   -                    argument…   !SQLSTATE message
//! ```
//!
//! `\N` is NULL. A set's answers are divided by blanks.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, BinaryArray, BooleanArray, Float32Array, Float64Array, Int16Array, Int32Array,
    Int64Array, StringArray,
};
use arrow::datatypes::{DataType, Float32Type, Float64Type, Int16Type, Int32Type, Int64Type};
use millstream_catalog::{Kind, SqlType};

use crate::error::{SqlError, SqlResult};
use crate::functions::registry::{Argument, Body, Call, Class, Param, Row};
use crate::types::environment::Environment;
use crate::types::numeric::{Numeric, text};
use crate::types::{float, integer};

/// Texts as a column of a kind.
pub(crate) fn column_of(kind: Kind, texts: &[Option<&str>]) -> SqlResult<ArrayRef> {
    fn all<T>(texts: &[Option<&str>], read: impl Fn(&str) -> SqlResult<T>) -> SqlResult<Vec<Option<T>>> {
        texts.iter().map(|text| text.map(&read).transpose()).collect()
    }
    Ok(match kind {
        Kind::Int2 => Arc::new(Int16Array::from(all(texts, integer::parse_int2)?)),
        Kind::Int4 => Arc::new(Int32Array::from(all(texts, integer::parse_int4)?)),
        Kind::Int8 => Arc::new(Int64Array::from(all(texts, integer::parse_int8)?)),
        Kind::Float4 => Arc::new(Float32Array::from(all(texts, float::parse_float4)?)),
        Kind::Float8 => Arc::new(Float64Array::from(all(texts, float::parse_float8)?)),
        Kind::Boolean => Arc::new(BooleanArray::from(all(texts, |text| Ok(text.starts_with('t')))?)),
        Kind::Numeric => {
            let values = all(texts, |value| text::parse(value).map(|value| value.to_bytes()))?;
            Arc::new(BinaryArray::from_iter(values.iter().map(Option::as_ref)))
        }
        _ => Arc::new(StringArray::from(texts.to_vec())),
    })
}

/// The text of a value of a column.
pub(crate) fn text_of(array: &dyn Array, row: usize) -> String {
    if array.is_null(row) {
        return "\\N".to_owned();
    }
    match array.data_type() {
        DataType::Int16 => array.as_primitive::<Int16Type>().value(row).to_string(),
        DataType::Int32 => array.as_primitive::<Int32Type>().value(row).to_string(),
        DataType::Int64 => array.as_primitive::<Int64Type>().value(row).to_string(),
        DataType::Float32 => float::print_float4(array.as_primitive::<Float32Type>().value(row), None),
        DataType::Float64 => float::print_float8(array.as_primitive::<Float64Type>().value(row), None),
        DataType::Boolean => array.as_boolean().value(row).to_string(),
        DataType::Binary => Numeric::from_bytes(array.as_binary::<i32>().value(row)).to_string(),
        DataType::Utf8 => array.as_string::<i32>().value(row).to_owned(),
        DataType::List(_) => {
            let values = array.as_list::<i32>().value(row);
            (0..values.len()).map(|row| text_of(values.as_ref(), row)).collect::<Vec<_>>().join(" ")
        }
        other => panic!("no text of {other}"),
    }
}

pub(crate) fn kind_named(name: &str) -> Kind {
    SqlType::by_name(name).and_then(|sql_type| sql_type.kind()).unwrap_or(Kind::Text)
}

pub(crate) fn find<'a>(rows: &'a [Row], name: &str, kinds: &[Kind]) -> Option<&'a Row> {
    rows.iter().find(|row| {
        row.name == name && row.arguments == kinds.iter().map(|kind| Param::Of(*kind)).collect::<Vec<_>>()
    })
}

fn failure(error: &SqlError) -> String {
    format!("!{} {}", error.state.code(), error.message)
}

/// What a line's call gives, written as in the line.
fn answer(rows: &[Row], name: &str, kinds: &[Kind], arguments: &[&str]) -> (String, String) {
    let Some(row) = find(rows, name, kinds) else { return ("-".into(), "no such row".into()) };
    let Body::Kernel(kernel) = &row.body else { return ("-".into(), "no kernel".into()) };
    let mut columns = vec![];
    for (kind, argument) in kinds.iter().zip(arguments) {
        let value = (*argument != "\\N").then_some(*argument);
        match column_of(*kind, &[value, value]) {
            Ok(array) => columns.push(Argument { array, constant: false, sql_type: (*kind).into() }),
            Err(error) => return ("-".into(), failure(&error)),
        }
    }
    let Param::Of(returns) = row.returns else { return ("-".into(), "no scalar".into()) };
    let environment = Environment::default();
    let returned: SqlType = returns.into();
    let call = Call { arguments: &columns, rows: 2, returns: &returned, environment: &environment };
    let plain = kernel(&call).map(|array| text_of(array.as_ref(), 1));
    // Constants take other loops.
    for mask in 1..1usize << columns.len() {
        for (place, column) in columns.iter_mut().enumerate() {
            column.constant = mask >> place & 1 == 1;
        }
        let call = Call { arguments: &columns, rows: 2, returns: &returned, environment: &environment };
        let other = kernel(&call).map(|array| {
            assert_eq!(array.len(), 2, "{name}");
            text_of(array.as_ref(), 1)
        });
        if row.volatility != crate::functions::registry::Volatility::Volatile {
            assert_eq!(plain, other, "{name} {arguments:?} {mask}");
        }
    }
    if row.class != Class::Set
        && let Ok(array) = kernel(&call_of(&columns, &returned, &environment))
    {
        let wanted = returned.data_type();
        assert!(array.data_type() == &wanted || returns == Kind::Numeric, "{name}");
    }
    if !row.can_fail {
        assert!(plain.is_ok(), "{name} {arguments:?} is said to be safe: {plain:?}");
    }
    match plain {
        Ok(text) => (returns.sql_name().into(), format!("={text}")),
        Err(error) => ("-".into(), failure(&error)),
    }
}

fn call_of<'a>(arguments: &'a [Argument], returns: &'a SqlType, environment: &'a Environment) -> Call<'a> {
    Call { arguments, rows: 2, returns, environment }
}

/// Lines whose call gives another answer than they say.
pub(crate) fn differences(recorded: &str) -> Vec<String> {
    let rows = super::rows();
    let mut wrong = vec![];
    for line in recorded.lines().filter(|line| !line.is_empty() && !line.starts_with("//")) {
        let fields: Vec<&str> = line.split('\t').collect();
        let (name, kinds, returns) = (fields[0], fields[1], fields[2]);
        let kinds: Vec<Kind> = kinds.split(',').filter(|kind| !kind.is_empty()).map(kind_named).collect();
        let expected = fields[fields.len() - 1];
        let (returned, got) = answer(&rows, name, &kinds, &fields[3..fields.len() - 1]);
        if got != expected || (returned != returns && expected.starts_with('=')) {
            wrong.push(format!("{line}\n    got {returned} {got}"));
        }
    }
    wrong
}

#[test]
fn answers_are_those_of_postgres() {
    let wrong = differences(include_str!("tests.txt"));
    assert!(wrong.is_empty(), "{} differ\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
#[ignore = "reads the file that MATH_CASES names"]
fn answers_are_those_of_a_file() {
    let Ok(path) = std::env::var("MATH_CASES") else { return };
    let wrong = differences(&std::fs::read_to_string(path).unwrap());
    println!("{} differ", wrong.len());
    for line in wrong.iter().take(60) {
        println!("{}", line.chars().take(700).collect::<String>());
    }
}

#[test]
fn every_signature_stands_once() {
    let rows = super::rows();
    for (place, row) in rows.iter().enumerate() {
        let twin =
            rows[..place].iter().find(|other| other.name == row.name && other.arguments == row.arguments);
        assert!(twin.is_none(), "{row:?} twice");
    }
}

#[test]
fn a_seed_gives_the_numbers_of_postgres() {
    use super::random::{random, set_seed};
    for (seed, numbers) in [
        (0.5, [0.985_167_717_534_799_9, 0.825_301_858_027_981, 0.129_746_100_124_504_16]),
        (-0.123, [0.168_108_657_174_678_38, 0.218_523_919_075_036_54, 0.781_743_635_909_008_9]),
    ] {
        set_seed(seed).unwrap();
        assert_eq!([random(), random(), random()], numbers, "{seed}");
    }
    let error = set_seed(2.0).unwrap_err();
    assert_eq!(error.message, "setseed parameter 2 is out of allowed range [-1,1]");
}
