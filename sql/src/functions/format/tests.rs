//! The formatting functions against PostgreSQL's recorded answers, and the rows of the registry through a
//! kernel.

use std::sync::Arc;

use arrow::array::{Array, AsArray, Int32Array, StringArray, TimestampMicrosecondArray};
use millstream_catalog::Kind;

use super::recorded::RECORDED;
use super::*;
use crate::functions::registry::{Argument, Body, Call, Param, Volatility};
use crate::types::environment::{Environment, Zone};
use crate::types::interval::Interval;

/// An answer of PostgreSQL.
#[derive(Debug)]
pub(super) enum Recorded {
    /// A text.
    Gives(&'static str),
    /// NULL.
    Null,
    /// A SQLSTATE and a message.
    Fails(&'static str, &'static str),
}

fn environment(zone: &str) -> Environment {
    let zone = match zone.parse() {
        Ok(offset) => Zone::Fixed(offset),
        Err(_) => Zone::Named(zone.parse().unwrap()),
    };
    Environment { zone, ..Environment::default() }
}

fn answer(kind: &str, value: &str, format: &str, zone: &str) -> SqlResult<Option<String>> {
    let environment = environment(zone);
    match kind {
        "ts" => to_char_timestamp(value.parse().unwrap(), format),
        "tz" => to_char_timestamptz(&environment, value.parse().unwrap(), format),
        "iv" => {
            let parts: Vec<i64> = value.split(',').map(|part| part.parse().unwrap()).collect();
            let interval = Interval { months: parts[0] as i32, days: parts[1] as i32, micros: parts[2] };
            to_char_interval(interval, format)
        }
        "i4" => to_char_int4(value.parse().unwrap(), format).map(Some),
        "i8" => to_char_int8(value.parse().unwrap(), format).map(Some),
        "f4" => to_char_float4(value.parse().unwrap(), format).map(Some),
        "f8" => to_char_float8(value.parse().unwrap(), format).map(Some),
        "nu" => to_char_numeric(value, format).map(Some),
        "tn" => to_number(value, format),
        "td" => to_date(value, format).map(|days| Some(days.to_string())),
        "tt" => to_timestamp(&environment, value, format).map(|micros| Some(micros.to_string())),
        _ => panic!("{kind} is no kind of call"),
    }
}

#[test]
fn answers_are_those_of_postgres() {
    let mut wrong = Vec::new();
    for (kind, value, format, zone, expected) in RECORDED {
        let found = answer(kind, value, format, zone);
        let right = match (expected, &found) {
            (Recorded::Gives(expected), Ok(Some(found))) => expected == found,
            (Recorded::Null, Ok(None)) => true,
            (Recorded::Fails(state, message), Err(error)) => {
                *state == error.state.code() && *message == error.message
            }
            _ => false,
        };
        if !right {
            wrong.push(format!("{kind} {value:?} {format:?} {zone}: {found:?}, not {expected:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn long_templates_are_cut_as_numeric_is() {
    let length = |digits: usize| to_char_numeric("0.5", &format!("9.{}x", "9".repeat(digits))).unwrap().len();
    assert_eq!(length(16_383), 16_387);
    // Past the digits that a numeric can have, the text ends.
    assert_eq!(length(16_384), 16_386);
    let long = "5".repeat(2_050);
    assert_eq!(to_number(&format!("1.{long}"), &format!("9.{}", "9".repeat(2_050))), Ok(Some("1.56".into())));
    let digits = format!("{:.*}", 350, 0.1_f64);
    let scientific = to_char_float8(0.1, &format!("9.{}EEEE", "9".repeat(400))).unwrap();
    assert_eq!(scientific.len(), 1 + 2 + 400 + 4);
    assert!(scientific.ends_with(&format!("{}e-01", "0".repeat(50))) && digits.starts_with("0.1000"));
}

#[test]
fn an_answer_past_the_cap_is_refused() {
    assert!(check_size(VALUE_BYTES).is_ok());
    assert_eq!(check_size(VALUE_BYTES + 1).unwrap_err().state, SqlState::ProgramLimit);
    let template = "Q".repeat(1 << 12);
    assert_eq!(to_char_timestamp(0, &template).map(|text| text.unwrap().len()), Ok(1 << 12));
}

#[test]
fn rows_give_null_for_null_and_for_infinity() {
    let rows = rows();
    let row = rows
        .iter()
        .find(|row| row.name == "to_char" && row.arguments[0] == Param::Of(Kind::Timestamp))
        .unwrap();
    assert!(row.strict && row.volatility == Volatility::Stable);
    let Body::Kernel(kernel) = &row.body else { panic!("to_char is a kernel") };
    let moments = TimestampMicrosecondArray::from(vec![Some(0), None, Some(i64::MAX)]);
    let arguments = [
        Argument { array: Arc::new(moments), constant: false, sql_type: Kind::Timestamp.into() },
        Argument {
            array: Arc::new(StringArray::from(vec!["YYYY"])),
            constant: true,
            sql_type: Kind::Text.into(),
        },
    ];
    let environment = Environment::default();
    let returns = Kind::Text.into();
    let call = Call { arguments: &arguments, rows: 3, returns: &returns, environment: &environment };
    let answers = kernel(&call).unwrap();
    let answers = answers.as_string::<i32>();
    assert_eq!(answers.value(0), "1970");
    assert!(answers.is_null(1) && answers.is_null(2));
}

#[test]
fn a_template_may_change_from_row_to_row() {
    let rows = rows();
    let row =
        rows.iter().find(|row| row.name == "to_char" && row.arguments[0] == Param::Of(Kind::Int4)).unwrap();
    let Body::Kernel(kernel) = &row.body else { panic!("to_char is a kernel") };
    let arguments = [
        Argument {
            array: Arc::new(Int32Array::from(vec![7, 7, 7])),
            constant: false,
            sql_type: Kind::Int4.into(),
        },
        Argument {
            array: Arc::new(StringArray::from(vec!["9", "FM00", "RN"])),
            constant: false,
            sql_type: Kind::Text.into(),
        },
    ];
    let environment = Environment::default();
    let returns = Kind::Text.into();
    let call = Call { arguments: &arguments, rows: 3, returns: &returns, environment: &environment };
    let answers = kernel(&call).unwrap();
    let answers: Vec<_> = answers.as_string::<i32>().iter().map(Option::unwrap).collect();
    assert_eq!(answers, [" 7", "07", "            VII"]);
}
