//! Aggregates against answers that PostgreSQL 15 gave (`tests.txt`), whole and merged from two parts: one
//! call in a line, fields divided by tabs.
//!
//! ```text
//!  name   types of arguments   type of the answer   values of a row divided by blanks, rows by ;   =answer
//! ```
//!
//! Answers of float8 may differ in the last digits, as ours are rounded once.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, IntervalMonthDayNanoArray, ListArray, StringArray, TimestampMicrosecondArray,
};
use arrow::datatypes::{Int32Type, IntervalMonthDayNano, IntervalMonthDayNanoType, TimestampMicrosecondType};
use millstream_catalog::{Kind, SqlType};

use crate::error::SqlResult;
use crate::functions::math::tests::{column_of, find, kind_named, text_of};
use crate::functions::registry::{Argument, Body, Param, Row};
use crate::types::environment::Environment;

fn answer(rows: &[Row], name: &str, kinds: &[Kind], table: &str) -> SqlResult<(String, String)> {
    let row = find(rows, name, kinds).unwrap_or_else(|| panic!("no row {name} {kinds:?}"));
    let Body::Aggregate(make) = &row.body else { panic!("no aggregate") };
    let Param::Of(returns) = row.returns else { panic!("no scalar") };
    let lines: Vec<Vec<Option<&str>>> = table
        .split(';')
        .filter(|line| !line.is_empty())
        .map(|line| line.split(' ').map(|value| (value != "\\N").then_some(value)).collect())
        .collect();
    let arguments: Vec<Argument> = (0..kinds.len())
        .map(|place| {
            let texts: Vec<Option<&str>> = lines.iter().map(|line| line[place]).collect();
            let array = column_of(kinds[place], &texts)?;
            Ok(Argument { array, constant: false, sql_type: kinds[place].into() })
        })
        .collect::<SqlResult<_>>()?;
    let types: Vec<SqlType> = kinds.iter().map(|kind| (*kind).into()).collect();
    let environment = Environment::default();
    let seen: Vec<usize> =
        (0..lines.len()).filter(|row| !arguments.iter().any(|argument| argument.is_null(*row))).collect();
    let make = || make(&types, &returns.into());
    let mut whole = make();
    whole.update_all(&arguments, &mut seen.iter().copied())?;
    let whole_answer = whole.finish(&environment).map(|array| text_of(array.as_ref(), 0));
    let (first, second) = seen.split_at(seen.len() / 3);
    let (mut left, mut right) = (make(), make());
    for row in first.iter().rev() {
        left.update(&arguments, *row)?;
    }
    for row in second {
        right.update(&arguments, *row)?;
    }
    let mut merged = make();
    merged.merge(&right.state()?)?;
    merged.merge(&left.state()?)?;
    let merged_answer = merged.finish(&environment).map(|array| text_of(array.as_ref(), 0));
    assert_eq!(whole_answer, merged_answer, "{name} {table}");
    assert_eq!(whole.state()?, merged.state()?, "{name} {table}");
    Ok((returns.sql_name().to_owned(), whole_answer?))
}

/// Equal, or floats that differ in the last digits only.
fn near(got: &str, expected: &str, returns: &str) -> bool {
    if got == expected {
        return true;
    }
    if returns != "double precision" && returns != "real" {
        return false;
    }
    match (got.parse::<f64>(), expected.parse::<f64>()) {
        (Ok(got), Ok(expected)) => {
            let bound = if returns == "real" { 1e-5 } else { 1e-7 };
            (got - expected).abs() <= bound * got.abs().max(expected.abs()) || (got - expected).abs() < 1e-13
        }
        _ => false,
    }
}

fn differences(recorded: &str) -> Vec<String> {
    let rows = super::rows();
    let mut wrong = vec![];
    for line in recorded.lines().filter(|line| !line.is_empty() && !line.starts_with("//")) {
        let fields: Vec<&str> = line.split('\t').collect();
        let kinds: Vec<Kind> = fields[1].split(',').filter(|kind| !kind.is_empty()).map(kind_named).collect();
        let expected = fields[4];
        let got = match answer(&rows, fields[0], &kinds, fields[3]) {
            Ok((returned, text)) => {
                if near(&text, &expected[1..], fields[2]) && returned == fields[2] {
                    continue;
                }
                format!("{returned} ={text}")
            }
            Err(error) => {
                let text = format!("!{} {}", error.state.code(), error.message);
                if text == expected {
                    continue;
                }
                text
            }
        };
        wrong.push(format!("{line}\n    got {got}"));
    }
    wrong
}

#[test]
fn answers_are_those_of_postgres() {
    let wrong = differences(include_str!("tests.txt"));
    assert!(wrong.is_empty(), "{} differ\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
#[ignore = "reads the file that AGGREGATE_CASES names"]
fn answers_are_those_of_a_file() {
    let Ok(path) = std::env::var("AGGREGATE_CASES") else { return };
    let wrong = differences(&std::fs::read_to_string(path).unwrap());
    println!("{} differ", wrong.len());
    for line in wrong.iter().take(60) {
        println!("{}", line.chars().take(700).collect::<String>());
    }
}

/// Least and greatest of a column.
fn extremes(sql_type: &SqlType, array: ArrayRef) -> (ArrayRef, ArrayRef) {
    let rows = super::rows();
    let param = match sql_type {
        SqlType::Array(_) => Param::AnyArray,
        other => Param::Of(other.kind().unwrap()),
    };
    let of = |name: &str| {
        let row = rows.iter().find(|row| row.name == name && row.arguments == [param]).unwrap();
        let Body::Aggregate(make) = &row.body else { panic!("no aggregate") };
        let argument = Argument { array: array.clone(), constant: false, sql_type: sql_type.clone() };
        let (mut first, mut second) =
            (make(std::slice::from_ref(sql_type), sql_type), make(std::slice::from_ref(sql_type), sql_type));
        for row in 0..array.len() {
            first.update(std::slice::from_ref(&argument), row).unwrap();
        }
        second.merge(&first.state().unwrap()).unwrap();
        let answer = second.finish(&Environment::default()).unwrap();
        assert_eq!(answer.data_type(), &sql_type.data_type());
        assert!(
            make(std::slice::from_ref(sql_type), sql_type)
                .finish(&Environment::default())
                .unwrap()
                .is_null(0)
        );
        answer
    };
    (of("min"), of("max"))
}

#[test]
fn extremes_are_of_the_order_of_the_type() {
    let list: ArrayRef = Arc::new(ListArray::from_iter_primitive::<Int32Type, _, _>([
        Some(vec![Some(1), Some(2)]),
        Some(vec![Some(1), None]),
        Some(vec![Some(1)]),
        Some(vec![Some(1), Some(-3), Some(9)]),
    ]));
    let (least, greatest) = extremes(&SqlType::array(Kind::Int4), list);
    assert_eq!(text_of(least.as_ref(), 0), "1");
    assert_eq!(text_of(greatest.as_ref(), 0), "1 \\N");

    let padded: ArrayRef = Arc::new(StringArray::from(vec!["b  ", "a", "a ", "b"]));
    let (least, greatest) = extremes(&Kind::Bpchar.into(), padded);
    assert_eq!((text_of(least.as_ref(), 0).as_str(), text_of(greatest.as_ref(), 0).as_str()), ("a", "b"));

    let day = IntervalMonthDayNano::new(0, 29, 0);
    let month = IntervalMonthDayNano::new(1, 0, 0);
    let hours = IntervalMonthDayNano::new(0, 30, 1_000);
    let intervals: ArrayRef = Arc::new(IntervalMonthDayNanoArray::from(vec![month, hours, day]));
    let (least, greatest) = extremes(&Kind::Interval.into(), intervals);
    assert_eq!(least.as_primitive::<IntervalMonthDayNanoType>().value(0), day);
    assert_eq!(greatest.as_primitive::<IntervalMonthDayNanoType>().value(0), hours);

    let times: ArrayRef =
        Arc::new(TimestampMicrosecondArray::from(vec![5, i64::MAX, i64::MIN]).with_timezone("+00:00"));
    let (least, greatest) = extremes(&Kind::Timestamptz.into(), times);
    assert_eq!(least.as_primitive::<TimestampMicrosecondType>().value(0), i64::MIN);
    assert_eq!(greatest.as_primitive::<TimestampMicrosecondType>().value(0), i64::MAX);

    let numerics = column_of(Kind::Numeric, &[Some("1.00"), Some("1.0"), Some("1.000")]).unwrap();
    let (least, greatest) = extremes(&Kind::Numeric.into(), numerics);
    assert_eq!((text_of(least.as_ref(), 0).as_str(), text_of(greatest.as_ref(), 0).as_str()), ("1.0", "1.0"));
}

#[test]
fn sums_of_floats_do_not_depend_on_order() {
    let rows = super::rows();
    for (values, expected) in [
        ("1e16;1;-1e16", "1"),
        ("1;1e16;-1e16", "1"),
        ("1e308;1e308;-1e308", "1e+308"),
        ("0.1;0.1;0.1;0.1;0.1;0.1;0.1;0.1;0.1;0.1", "1"),
        ("5e-324;1e300;-1e300", "5e-324"),
        ("-0;-0", "-0"),
        ("-0;0", "0"),
    ] {
        assert_eq!(answer(&rows, "sum", &[Kind::Float8], values).unwrap().1, expected, "{values}");
    }
    let error = answer(&rows, "sum", &[Kind::Float8], "1e308;1e308").unwrap_err();
    assert_eq!((error.state.code(), error.message.as_str()), ("22003", "value out of range: overflow"));
}
