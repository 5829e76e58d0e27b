//! Aggregates against answers that PostgreSQL 15 gave (`tests.txt`), whole and merged from two parts: one call in a
//! line, fields divided by tabs.
//!
//! ```text
//!  name   types of arguments   type of the answer   values of a row divided by blanks, rows by ;   =answer
//! ```
//!
//! Answers of float8 may differ in the last digits, as ours are rounded once.

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
        let kinds: Vec<Kind> =
            fields[1].split(',').filter(|kind| !kind.is_empty()).map(kind_named).collect();
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
