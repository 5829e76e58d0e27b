//! Calls of the rows with what PostgreSQL 15 answered, recorded from it.

use arrow::array::{Array, ArrayRef, AsArray};
use millstream_catalog::Kind;

use super::rows;
use crate::error::SqlResult;
use crate::functions::adapt::{
    self, Date, Float8, Input as _, Int4, IntervalOf, Output, Text, Time, Timestamp, Timestamptz, TimetzOf,
};
use crate::functions::registry::{Argument, Body, Call, Class, Param};
use crate::types::datetime::{date, time, timestamp};
use crate::types::environment::{Environment, IntervalStyle};
use crate::types::{interval, zone};

fn one<T: Output>(value: Option<T::Value>) -> ArrayRef {
    let mut builder = T::builder(1);
    match value {
        Some(value) => T::append(&mut builder, value).unwrap(),
        None => T::append_null(&mut builder),
    }
    T::finish(builder)
}

fn read(kind: Kind, text: Option<&str>, environment: &Environment) -> ArrayRef {
    match kind {
        Kind::Int4 => one::<Int4>(text.map(|text| text.parse().unwrap())),
        Kind::Float8 => one::<Float8>(text.map(|text| text.parse().unwrap())),
        Kind::Date => one::<Date>(text.map(|text| date::parse(text, environment).unwrap())),
        Kind::Time => one::<Time>(text.map(|text| time::parse(text, environment).unwrap())),
        Kind::Timetz => one::<TimetzOf>(text.map(|text| time::parse_timetz(text, environment).unwrap())),
        Kind::Timestamp => one::<Timestamp>(text.map(|text| timestamp::parse(text, environment).unwrap())),
        Kind::Timestamptz => {
            one::<Timestamptz>(text.map(|text| timestamp::parse_timestamptz(text, environment).unwrap()))
        }
        Kind::Interval => {
            one::<IntervalOf>(text.map(|text| interval::parse(text, -1, IntervalStyle::Postgres).unwrap()))
        }
        _ => one::<Text>(text.map(str::to_owned)),
    }
}

fn show(kind: Kind, array: &dyn Array, row: usize, environment: &Environment) -> String {
    if array.is_null(row) {
        return "NULL".to_owned();
    }
    macro_rules! value {
        ($marker:ident) => {
            adapt::$marker::get(adapt::$marker::array(array).unwrap(), row)
        };
    }
    match kind {
        Kind::Boolean => if value!(Bool) { "t" } else { "f" }.to_owned(),
        Kind::Int4 => value!(Int4).to_string(),
        Kind::Int8 => value!(Int8).to_string(),
        Kind::Float8 => value!(Float8).to_string(),
        Kind::Date => date::print(value!(Date), environment),
        Kind::Time => time::print(value!(Time)),
        Kind::Timetz => time::print_timetz(value!(TimetzOf)),
        Kind::Timestamp => timestamp::print(value!(Timestamp), environment),
        Kind::Timestamptz => timestamp::print_timestamptz(value!(Timestamptz), environment),
        Kind::Interval => interval::print(value!(IntervalOf), environment.interval_style),
        _ => value!(Text).to_owned(),
    }
}

fn answer(name: &str, zone: &str, arguments: &[(Kind, Option<&str>)]) -> SqlResult<String> {
    let environment =
        Environment { zone: zone::read_setting(zone)?, now_us: Some(0), ..Environment::default() };
    let params: Vec<Param> = arguments.iter().map(|(kind, _)| Param::Of(*kind)).collect();
    let row = rows()
        .into_iter()
        .find(|row| {
            row.name == name
                && (row.arguments == params || row.defaults > 0 && row.arguments.starts_with(&params))
        })
        .unwrap();
    let arguments: Vec<Argument> = arguments
        .iter()
        .map(|(kind, text)| Argument {
            array: read(*kind, *text, &environment),
            constant: true,
            sql_type: (*kind).into(),
        })
        .collect();
    let (Param::Of(kind), Body::Kernel(kernel)) = (row.returns, &row.body) else { unreachable!() };
    let call = Call { arguments: &arguments, rows: 1, returns: &kind.into(), environment: &environment };
    let array = kernel(&call)?;
    if row.class == Class::Set {
        let list = array.as_list::<i32>().value(0);
        let shown = (0..list.len()).map(|row| show(kind, list.as_ref(), row, &environment));
        return Ok(shown.collect::<Vec<_>>().join("|"));
    }
    Ok(show(kind, array.as_ref(), 0, &environment))
}

#[test]
fn rows_answer_as_postgres_does() {
    for (name, zone, arguments, wanted) in CASES {
        let found = match answer(name, zone, arguments) {
            Ok(text) => text,
            Err(error) => format!("ERR {} {}", error.state.code(), error.message),
        };
        assert_eq!(found, *wanted, "{name} of {arguments:?} in {zone}");
    }
}

#[test]
fn no_signature_stands_twice() {
    let rows = rows();
    for (index, row) in rows.iter().enumerate() {
        let twice =
            rows[..index].iter().any(|other| other.name == row.name && other.arguments == row.arguments);
        assert!(!twice, "{row:?}");
    }
}

#[test]
fn flinks_fields_and_differences() {
    let (text, moment) = (|text| (Kind::Text, Some(text)), |text| (Kind::Timestamp, Some(text)));
    let diff =
        |unit, from, to| answer("timestampdiff", "UTC", &[text(unit), moment(from), moment(to)]).unwrap();
    assert_eq!(diff("DAY", "2020-01-01", "2020-03-01 23:00"), "60");
    assert_eq!(diff("MONTH", "2020-01-31", "2020-02-29"), "0");
    assert_eq!(diff("MONTH", "2020-03-01", "2020-01-01"), "-2");
    assert_eq!(diff("YEAR", "2019-06-15 12:00", "2020-06-15 11:59"), "0");
    assert_eq!(diff("SQL_TSI_WEEK", "2020-01-01", "2020-01-15"), "2");
    let add = |unit, count, at| {
        answer("timestampadd", "UTC", &[text(unit), (Kind::Int4, Some(count)), moment(at)]).unwrap()
    };
    assert_eq!(add("MONTH", "1", "2020-01-31"), "2020-02-29 00:00:00");
    let of = |name, at| answer(name, "UTC", &[moment(at)]).unwrap();
    assert_eq!(of("dayofweek", "2024-03-10 12:00"), "1");
    assert_eq!(of("quarter", "2024-03-10 12:00"), "1");
    assert_eq!(of("second", "2024-03-10 12:00:59.9"), "59");
    let to = |name, unit| answer(name, "UTC", &[moment("2024-03-10 12:34:56"), text(unit)]).unwrap();
    assert_eq!(to("floor_to", "month"), "2024-03-01 00:00:00");
    assert_eq!(to("ceil_to", "hour"), "2024-03-10 13:00:00");
}

/// Name, zone, arguments, answer.
#[rustfmt::skip]
const CASES: &[(&str, &str, &[(Kind, Option<&str>)], &str)] = &[
    ("*", "UTC", &[(Kind::Float8, Some("3")), (Kind::Interval, Some("-7000 years"))], "-21000 years"),
    ("+", "UTC", &[(Kind::Date, Some("4713-01-01 BC")), (Kind::Int4, Some("100000"))], "4440-10-17 BC"),
    ("+", "UTC", &[(Kind::Date, Some("1000-12-31")), (Kind::Timetz, Some("00:00+05:45"))], "1000-12-30 18:15:00+00"),
    ("+", "UTC", &[(Kind::Date, Some("5874897-12-31")), (Kind::Time, Some("00:00"))], "ERR 22008 date out of range for timestamp"),
    ("+", "UTC", &[(Kind::Interval, Some("-1 day 25:00")), (Kind::Time, Some("01:02:03"))], "02:02:03"),
    ("+", "UTC", &[(Kind::Interval, Some("30 days")), (Kind::Timestamp, Some("100-01-01 00:00:00"))], "0100-01-31 00:00:00"),
    ("+", "UTC", &[(Kind::Timetz, Some("01:30-08")), (Kind::Date, Some("1999-12-31"))], "1999-12-31 09:30:00+00"),
    ("+", "UTC", &[(Kind::Timestamptz, Some("2100-12-31 12:34:56.789012+00")), (Kind::Interval, Some("0"))], "2100-12-31 12:34:56.789012+00"),
    ("-", "UTC", &[(Kind::Date, Some("2020-02-29")), (Kind::Date, Some("1999-12-31"))], "7365"),
    ("-", "UTC", &[(Kind::Interval, Some("100 years")), (Kind::Interval, Some("1 mon 30 days 24:00"))], "99 years 11 mons -30 days -24:00:00"),
    ("-", "UTC", &[(Kind::Time, Some("02:30")), (Kind::Interval, Some("1000000 days"))], "02:30:00"),
    ("/", "UTC", &[(Kind::Interval, Some("00:00:00.000001")), (Kind::Float8, Some("-1e-10"))], "-02:46:40"),
    (">=", "UTC", &[(Kind::Date, Some("1999-12-31")), (Kind::Timestamp, Some("2020-06-15 00:00:08.64"))], "f"),
    (">=", "UTC", &[(Kind::Timestamptz, Some("2020-06-15 00:00:00.0009-05")), (Kind::Date, Some("4714-11-24 BC"))], "t"),
    ("=", "UTC", &[(Kind::Interval, Some("-1 day")), (Kind::Interval, Some("-1 day"))], "t"),
    ("<", "UTC", &[(Kind::Timetz, Some("24:00-08")), (Kind::Timetz, Some("01:02:03+00"))], "f"),
    ("age", "UTC", &[(Kind::Timestamp, Some("2024-11-03 01:30")), (Kind::Timestamp, Some("2020-06-15 00:00:00.01"))], "4 years 4 mons 18 days 01:29:59.99"),
    ("date_bin", "UTC", &[(Kind::Interval, Some("10 years -11 mons")), (Kind::Timestamp, Some("9999-12-31 12:34:56.789012")), (Kind::Timestamp, Some("4713-01-01 12:34:56.789012 BC"))], "ERR 0A000 timestamps cannot be binned into intervals containing months or years"),
    ("timezone", "UTC", &[(Kind::Text, Some("America/St_Johns")), (Kind::Timestamp, Some("0044-03-15 12:34:56.789012 BC"))], "0044-03-15 16:05:48.789012+00 BC"),
    ("timezone", "UTC", &[(Kind::Text, Some("Australia/Lord_Howe")), (Kind::Timestamptz, Some("9999-12-31 00:00:00-05"))], "9999-12-31 16:00:00"),
    ("overlaps", "UTC", &[(Kind::Timestamp, Some("2024-11-03 00:00:00")), (Kind::Timestamp, Some("0044-03-15 00:00:00 BC")), (Kind::Timestamp, Some("4713-01-01 12:34:56.789012 BC")), (Kind::Timestamp, Some("4714-11-24 00:00:00 BC"))], "f"),
    ("overlaps", "UTC", &[(Kind::Time, Some("00:00")), (Kind::Interval, Some("1 mon")), (Kind::Time, Some("24:00")), (Kind::Time, Some("24:00"))], "f"),
    ("date_trunc", "UTC", &[(Kind::Text, Some("ms")), (Kind::Timestamptz, Some("4713-01-01 12:34:56.789012 BC"))], "4713-01-01 12:34:56.789+00 BC"),
    ("date_trunc", "UTC", &[(Kind::Text, Some("dow")), (Kind::Interval, Some("30 days"))], "ERR 22023 unit \"dow\" not recognized for type interval"),
    ("justify_interval", "UTC", &[(Kind::Interval, None)], "NULL"),
    ("justify_hours", "UTC", &[(Kind::Interval, Some("30 days"))], "30 days"),
    ("age", "UTC", &[(Kind::Timestamp, Some("0001-12-31 00:00:00 BC")), (Kind::Timestamp, Some("2001-01-01 00:00:00"))], "-2000 years -1 days"),
    ("date_bin", "UTC", &[(Kind::Interval, Some("0")), (Kind::Timestamp, Some("2100-12-31 00:00:00")), (Kind::Timestamp, Some("2024-11-03 12:34:56.789012"))], "ERR 22008 stride must be greater than zero"),
    ("timezone", "UTC", &[(Kind::Text, Some("UTC")), (Kind::Timestamp, Some("2088-07-01"))], "2088-07-01 00:00:00+00"),
    ("timezone", "UTC", &[(Kind::Text, Some("Pacific/Apia")), (Kind::Timestamptz, Some("1999-12-31 00:00:00+05:30"))], "1999-12-30 07:30:00"),
    ("overlaps", "UTC", &[(Kind::Timestamp, Some("4713-01-01 12:34:56.789012 BC")), (Kind::Timestamp, Some("2500-01-15 12:00")), (Kind::Timestamp, Some("1970-01-01 12:34:56.789012")), (Kind::Timestamp, Some("2100-12-31 00:00:00"))], "t"),
    ("overlaps", "UTC", &[(Kind::Time, Some("02:30")), (Kind::Interval, None), (Kind::Time, Some("01:02:03")), (Kind::Time, Some("12:34:56.789"))], "t"),
    ("date_trunc", "UTC", &[(Kind::Text, Some("hour")), (Kind::Interval, Some("1 day"))], "1 day"),
    ("justify_interval", "UTC", &[(Kind::Interval, Some("35 days"))], "1 mon 5 days"),
    ("justify_hours", "UTC", &[(Kind::Interval, Some("2147483647 mons"))], "178956970 years 7 mons"),
    ("age", "UTC", &[(Kind::Timestamp, Some("2020-02-29 00:00:00")), (Kind::Timestamp, Some("0100-12-31 00:00:00 BC"))], "2118 years 1 mon 29 days"),
    ("date_bin", "UTC", &[(Kind::Interval, Some("13 mons -31 days 1:00")), (Kind::Timestamp, Some("4713-01-01 00:00:00 BC")), (Kind::Timestamp, Some("1999-12-31 12:34:56.789012"))], "ERR 0A000 timestamps cannot be binned into intervals containing months or years"),
    ("timezone", "UTC", &[(Kind::Text, Some("America/St_Johns")), (Kind::Timestamp, Some("2088-07-01"))], "2088-07-01 02:30:00+00"),
    ("timezone", "UTC", &[(Kind::Text, Some("Asia/Kathmandu")), (Kind::Timestamptz, Some("2500-01-15 12:00"))], "2500-01-15 17:45:00"),
    ("overlaps", "UTC", &[(Kind::Timestamp, Some("0101-01-01 12:34:56.789012 BC")), (Kind::Timestamp, Some("2020-06-15 00:00:08.64")), (Kind::Timestamp, Some("1000-12-31 00:00:00")), (Kind::Timestamp, Some("2024-11-03 02:00"))], "t"),
    ("overlaps", "UTC", &[(Kind::Time, None), (Kind::Interval, Some("-1 year -2 mons -3 days -04:05:06.789")), (Kind::Time, Some("24:00")), (Kind::Time, Some("00:00:00.000001"))], "NULL"),
    ("date_trunc", "UTC", &[(Kind::Text, Some("dow")), (Kind::Interval, Some("2147483647 days"))], "ERR 22023 unit \"dow\" not recognized for type interval"),
    ("justify_interval", "UTC", &[(Kind::Interval, Some("2147483647 mons"))], "178956970 years 7 mons"),
    ("justify_hours", "UTC", &[(Kind::Interval, Some("1 day"))], "1 day"),
    ("age", "UTC", &[(Kind::Timestamp, Some("0101-01-01 12:34:56.789012 BC")), (Kind::Timestamp, Some("0001-12-31 12:34:56.789012 BC"))], "-100 years -11 mons -30 days"),
    ("date_bin", "UTC", &[(Kind::Interval, Some("1 year 2 mons 3 days 04:05:06.789")), (Kind::Timestamp, Some("0101-01-01 00:00:00 BC")), (Kind::Timestamp, Some("1999-12-31 12:34:56.789012"))], "ERR 0A000 timestamps cannot be binned into intervals containing months or years"),
    ("timezone", "UTC", &[(Kind::Text, Some("Asia/Kathmandu")), (Kind::Timestamp, Some("1900-03-01 12:34:56.789012"))], "1900-03-01 06:53:40.789012+00"),
    ("timezone", "UTC", &[(Kind::Text, Some("+02")), (Kind::Timestamptz, Some("2024-03-10 02:30-05"))], "2024-03-10 05:30:00"),
    ("overlaps", "UTC", &[(Kind::Timestamp, Some("9999-12-31 12:34:56.789012")), (Kind::Timestamp, Some("0001-12-31 00:00:00 BC")), (Kind::Timestamp, Some("1001-01-01 12:34:56.789012")), (Kind::Timestamp, Some("2037-07-01"))], "t"),
    ("overlaps", "UTC", &[(Kind::Time, None), (Kind::Interval, Some("-1 year -2 mons -3 days -04:05:06.789")), (Kind::Time, Some("01:30")), (Kind::Time, Some("01:02:03"))], "NULL"),
    ("date_trunc", "UTC", &[(Kind::Text, Some("foo")), (Kind::Interval, Some("-2147483648 days"))], "ERR 22023 unit \"foo\" not recognized for type interval"),
    ("justify_interval", "UTC", &[(Kind::Interval, Some("10 years -11 mons"))], "9 years 1 mon"),
    ("justify_hours", "UTC", &[(Kind::Interval, Some("-1 day 25:00"))], "01:00:00"),
    ("age", "UTC", &[(Kind::Timestamp, Some("4713-01-01 00:00:00 BC")), (Kind::Timestamp, Some("2100-07-01"))], "-6812 years -6 mons"),
    ("date_bin", "UTC", &[(Kind::Interval, Some("1 mon 30 days 24:00")), (Kind::Timestamp, Some("2020-02-29 00:00:00")), (Kind::Timestamp, Some("100-01-01 00:00:00"))], "ERR 0A000 timestamps cannot be binned into intervals containing months or years"),
    ("timezone", "UTC", &[(Kind::Text, Some("Africa/Casablanca")), (Kind::Timestamp, Some("1900-03-01 00:00:00"))], "1900-03-01 00:30:20+00"),
    ("timezone", "UTC", &[(Kind::Text, Some("America/New_York")), (Kind::Timestamptz, Some("0044-03-15 00:00:00 BC"))], "0044-03-14 19:03:58 BC"),
    ("overlaps", "UTC", &[(Kind::Timestamp, Some("2020-02-29 12:34:56.789012")), (Kind::Timestamp, Some("0101-01-01 00:00:00 BC")), (Kind::Timestamp, Some("2000-01-01 12:34:56.789012")), (Kind::Timestamp, Some("0001-12-31 12:34:56.789012 BC"))], "t"),
    ("overlaps", "UTC", &[(Kind::Time, Some("23:59:59.999999")), (Kind::Interval, Some("-7000 years")), (Kind::Time, Some("23:59:59.999999")), (Kind::Time, Some("24:00"))], "t"),
    ("date_trunc", "UTC", &[(Kind::Text, Some("week")), (Kind::Interval, Some("24:00"))], "ERR 0A000 unit \"week\" not supported for type interval"),
    ("justify_interval", "UTC", &[(Kind::Interval, Some("-1 mon 40 days -100:00"))], "5 days 20:00:00"),
    ("justify_hours", "UTC", &[(Kind::Interval, Some("-1 year -2 mons -3 days -04:05:06.789"))], "-1 years -2 mons -3 days -04:05:06.789"),
    ("age", "UTC", &[(Kind::Timestamp, Some("0101-01-01 12:34:56.789012 BC")), (Kind::Timestamp, Some("2024-11-03 01:30"))], "-2124 years -10 mons -1 days -12:55:03.210988"),
    ("date_bin", "UTC", &[(Kind::Interval, Some("00:00:00.000001")), (Kind::Timestamp, Some("2024-03-10 12:34:56.789012")), (Kind::Timestamp, Some("2024-03-10 00:00:00"))], "2024-03-10 12:34:56.789012"),
    ("timezone", "UTC", &[(Kind::Text, Some("EST")), (Kind::Timestamp, Some("-infinity"))], "-infinity"),
    ("timezone", "UTC", &[(Kind::Text, Some("UTC")), (Kind::Timestamptz, Some("0100-12-31 12:34:56.789012 BC"))], "0100-12-31 12:34:56.789012 BC"),
    ("overlaps", "UTC", &[(Kind::Timestamp, Some("1999-12-31 00:00:00")), (Kind::Timestamp, None), (Kind::Timestamp, Some("2020-06-15 00:00:00.01")), (Kind::Timestamp, Some("1850-01-01 00:00"))], "t"),
    ("overlaps", "UTC", &[(Kind::Time, Some("24:00")), (Kind::Interval, Some("-1 mon 40 days -100:00")), (Kind::Time, Some("00:00:00.000001")), (Kind::Time, Some("23:59:59.999999"))], "t"),
    ("date_trunc", "UTC", &[(Kind::Text, Some("week")), (Kind::Interval, Some("-7000 years"))], "ERR 0A000 unit \"week\" not supported for type interval"),
    ("justify_interval", "UTC", &[(Kind::Interval, Some("29 days 23:59:59.999999"))], "29 days 23:59:59.999999"),
    ("justify_hours", "UTC", &[(Kind::Interval, Some("1 day"))], "1 day"),
    ("make_date", "UTC", &[(Kind::Int4, Some("-44")), (Kind::Int4, Some("3")), (Kind::Int4, Some("15"))], "0044-03-15 BC"),
    ("make_date", "UTC", &[(Kind::Int4, Some("2021")), (Kind::Int4, Some("2")), (Kind::Int4, Some("29"))], "ERR 22008 date field value out of range: 2021-02-29"),
    ("make_time", "UTC", &[(Kind::Int4, Some("24")), (Kind::Int4, Some("0")), (Kind::Float8, Some("0.1"))], "ERR 22008 time field value out of range: 24:00:0.1"),
    ("make_interval", "UTC", &[(Kind::Int4, Some("1")), (Kind::Int4, Some("2")), (Kind::Int4, Some("3"))], "1 year 2 mons 21 days"),
    ("make_timestamptz", "UTC", &[(Kind::Int4, Some("2020")), (Kind::Int4, Some("6")), (Kind::Int4, Some("15")), (Kind::Int4, Some("12")), (Kind::Int4, Some("0")), (Kind::Float8, Some("1.5")), (Kind::Text, Some("Europe/Berlin"))], "2020-06-15 10:00:01.5+00"),
    ("*", "Pacific/Apia", &[(Kind::Float8, Some("-1")), (Kind::Interval, Some("-1 mon"))], "1 mon"),
    ("*", "Pacific/Apia", &[(Kind::Interval, Some("-35 days 49:00")), (Kind::Float8, Some("0"))], "00:00:00"),
    ("*", "Pacific/Apia", &[(Kind::Interval, Some("-1 day")), (Kind::Float8, Some("-0.7"))], "16:48:00"),
    ("+", "Pacific/Apia", &[(Kind::Date, Some("2000-01-01")), (Kind::Interval, Some("1 mon 30 days 24:00"))], "2000-03-03 00:00:00"),
    ("+", "Pacific/Apia", &[(Kind::Date, Some("0001-01-01")), (Kind::Interval, Some("1 year 2 mons 3 days 04:05:06.789"))], "0002-03-04 04:05:06.789"),
    ("+", "Pacific/Apia", &[(Kind::Interval, None), (Kind::Date, Some("0101-01-01 BC"))], "NULL"),
    ("+", "Pacific/Apia", &[(Kind::Interval, Some("1 mon")), (Kind::Interval, None)], "NULL"),
    ("+", "Pacific/Apia", &[(Kind::Interval, Some("2147483647 mons")), (Kind::Timetz, Some("12:34:56.789+00"))], "12:34:56.789+00"),
    ("+", "Pacific/Apia", &[(Kind::Time, Some("01:30")), (Kind::Interval, Some("1000000 days"))], "01:30:00"),
    ("-", "Pacific/Apia", &[(Kind::Date, Some("2000-01-01")), (Kind::Interval, Some("0.5 sec"))], "1999-12-31 23:59:59.5"),
    ("-", "Pacific/Apia", &[(Kind::Timetz, Some("23:59:59.999999-08")), (Kind::Interval, Some("1 mon 30 days 24:00"))], "23:59:59.999999-08"),
    ("-", "Pacific/Apia", &[(Kind::Time, Some("00:00:00.000001")), (Kind::Interval, Some("1 day -23:59"))], "23:59:00.000001"),
    ("-", "Pacific/Apia", &[(Kind::Time, Some("00:00")), (Kind::Time, Some("00:00:00.000001"))], "-00:00:00.000001"),
    ("-", "Pacific/Apia", &[(Kind::Timestamp, Some("1999-12-31 12:34:56.789012")), (Kind::Timestamp, Some("2300-03-12 02:30"))], "-109643 days -13:55:03.210988"),
    ("+", "America/St_Johns", &[(Kind::Date, Some("2024-03-10")), (Kind::Int4, Some("366"))], "2025-03-11"),
    ("+", "America/St_Johns", &[(Kind::Date, Some("5874897-12-31")), (Kind::Timetz, Some("01:30-15:59:59"))], "ERR 22008 date out of range for timestamp"),
    ("+", "America/St_Johns", &[(Kind::Date, Some("100-01-01")), (Kind::Time, Some("23:59:59.999999"))], "0100-01-01 23:59:59.999999"),
    ("+", "America/St_Johns", &[(Kind::Interval, Some("00:00:00.000001")), (Kind::Date, None)], "NULL"),
    ("+", "America/St_Johns", &[(Kind::Timetz, Some("02:30-15:59:59")), (Kind::Interval, Some("1000000 days"))], "02:30:00-15:59:59"),
    ("+", "America/St_Johns", &[(Kind::Timetz, Some("12:34:56.789-15:59:59")), (Kind::Interval, Some("00:00:00.000001"))], "12:34:56.789001-15:59:59"),
    ("+", "America/St_Johns", &[(Kind::Time, Some("24:00")), (Kind::Date, Some("2024-11-03"))], "2024-11-04 00:00:00"),
    ("+", "America/St_Johns", &[(Kind::Time, Some("01:02:03")), (Kind::Interval, Some("-1 mon"))], "01:02:03"),
    ("+", "America/St_Johns", &[(Kind::Timestamptz, Some("100-01-01 12:34:56.789012-05")), (Kind::Interval, Some("1 year 2 mons 3 days 04:05:06.789"))], "0101-03-04 18:09:11.578012-03:30:52"),
    ("-", "America/St_Johns", &[(Kind::Time, Some("23:59:59.999999")), (Kind::Time, Some("23:59:59.999999"))], "00:00:00"),
    ("-", "America/St_Johns", &[(Kind::Timestamp, Some("0001-01-01 00:00:00")), (Kind::Interval, Some("13 mons -31 days 1:00"))], "0002-12-31 23:00:00 BC"),
    ("-", "America/St_Johns", &[(Kind::Timestamp, Some("0100-12-31 12:34:56.789012 BC")), (Kind::Timestamp, Some("0001-01-01 00:00:00"))], "-36160 days -11:25:03.210988"),
    ("/", "America/St_Johns", &[(Kind::Interval, Some("0.5 sec")), (Kind::Float8, Some("0.333333333333"))], "00:00:01.5"),
    ("=", "America/St_Johns", &[(Kind::Timetz, Some("00:00-08")), (Kind::Timetz, Some("24:00+00"))], "f"),
    ("+", "America/New_York", &[(Kind::Int4, Some("100000")), (Kind::Date, Some("4714-11-24 BC"))], "4440-09-09 BC"),
    ("+", "America/New_York", &[(Kind::Interval, Some("1000000 days")), (Kind::Timetz, Some("02:30+00"))], "02:30:00+00"),
    ("+", "America/New_York", &[(Kind::Interval, Some("-2147483648 mons")), (Kind::Timestamptz, Some("4714-11-24 00:00:00 BC"))], "ERR 22008 timestamp out of range"),
    ("+", "America/New_York", &[(Kind::Timestamp, Some("2024-03-10 00:00:00")), (Kind::Interval, Some("-1 mon 40 days -100:00"))], "2024-03-16 20:00:00"),
    ("+", "America/New_York", &[(Kind::Timestamp, Some("4714-11-24 12:34:56.789012 BC")), (Kind::Interval, Some("29 days 23:59:59.999999"))], "4714-12-24 12:34:56.789011 BC"),
    ("-", "America/New_York", &[(Kind::Date, Some("2100-12-31")), (Kind::Interval, Some("-1 mon 40 days -100:00"))], "2100-12-26 04:00:00"),
    ("-", "America/New_York", &[(Kind::Timetz, None), (Kind::Interval, Some("00:00:00.000001"))], "NULL"),
    ("-", "America/New_York", &[(Kind::Timestamptz, Some("0001-12-31 00:00:00 BC")), (Kind::Interval, Some("1 year 2 mons 3 days 04:05:06.789"))], "0002-10-27 19:54:53.211-04:56:02 BC"),
    ("-", "America/New_York", &[(Kind::Timestamptz, Some("2020-02-29 12:34:56.789012+05:30")), (Kind::Interval, Some("-1 year -2 mons -3 days -04:05:06.789"))], "2021-05-02 06:10:03.578012-04"),
    ("-", "America/New_York", &[(Kind::Timestamptz, Some("2024-11-03 01:30+05:30")), (Kind::Timestamptz, Some("0001-12-31 00:00:00 BC"))], "739192 days 15:03:58"),
    ("=", "America/New_York", &[(Kind::Date, Some("0001-01-01")), (Kind::Timestamp, Some("4713-01-01 12:34:56.789012 BC"))], "f"),
    ("<", "America/New_York", &[(Kind::Timestamp, Some("2500-06-15 12:00")), (Kind::Timestamptz, Some("0001-01-01 00:00:00+00"))], "f"),
    ("generate_series", "America/New_York", &[(Kind::Timestamptz, Some("2024-03-09 02:30")), (Kind::Timestamptz, Some("2024-03-12")), (Kind::Interval, Some("1 day"))], "2024-03-09 02:30:00-05|2024-03-10 03:30:00-04|2024-03-11 03:30:00-04"),
    ("generate_series", "America/New_York", &[(Kind::Timestamptz, Some("2020-01-31")), (Kind::Timestamptz, Some("2020-06-30")), (Kind::Interval, Some("1 mon"))], "2020-01-31 00:00:00-05|2020-02-29 00:00:00-05|2020-03-29 00:00:00-04|2020-04-29 00:00:00-04|2020-05-29 00:00:00-04|2020-06-29 00:00:00-04"),
    ("generate_series", "America/New_York", &[(Kind::Timestamptz, Some("2020-01-05")), (Kind::Timestamptz, Some("2020-01-04")), (Kind::Interval, Some("-12:00"))], "2020-01-05 00:00:00-05|2020-01-04 12:00:00-05|2020-01-04 00:00:00-05"),
    ("generate_series", "America/New_York", &[(Kind::Timestamptz, Some("2020-01-01")), (Kind::Timestamptz, Some("2020-01-05")), (Kind::Interval, Some("0"))], "ERR 22023 step size cannot equal zero"),
    ("+", "Europe/Berlin", &[(Kind::Int4, Some("0")), (Kind::Date, Some("1000-12-31"))], "1000-12-31"),
    ("+", "Europe/Berlin", &[(Kind::Interval, Some("-1 day")), (Kind::Interval, None)], "NULL"),
    ("+", "Europe/Berlin", &[(Kind::Interval, Some("1 mon -1 day")), (Kind::Timestamptz, Some("2088-07-01"))], "2088-07-31 00:00:00+02"),
    ("+", "Europe/Berlin", &[(Kind::Interval, Some("-7000 years")), (Kind::Timestamp, Some("0001-12-31 12:34:56.789012 BC"))], "ERR 22008 timestamp out of range"),
    ("-", "Europe/Berlin", &[(Kind::Date, Some("9999-12-31")), (Kind::Int4, Some("0"))], "9999-12-31"),
    ("-", "Europe/Berlin", &[(Kind::Timestamp, Some("2020-06-15 00:00:00.01")), (Kind::Interval, Some("00:00:00.000001"))], "2020-06-15 00:00:00.009999"),
    (">=", "Europe/Berlin", &[(Kind::Timestamp, Some("2024-11-03 00:00:00")), (Kind::Timestamptz, Some("2000-01-01 00:00:00-05"))], "t"),
    (">=", "Europe/Berlin", &[(Kind::Timetz, Some("02:30-08")), (Kind::Timetz, Some("02:30+00"))], "t"),
    ("date_trunc", "Europe/Berlin", &[(Kind::Text, Some("century")), (Kind::Timestamptz, None)], "NULL"),
    ("+", "Asia/Kathmandu", &[(Kind::Interval, Some("0.5 sec")), (Kind::Time, Some("00:00"))], "00:00:00.5"),
    ("+", "Asia/Kathmandu", &[(Kind::Timetz, None), (Kind::Date, Some("2100-12-31"))], "NULL"),
    ("+", "Asia/Kathmandu", &[(Kind::Time, Some("12:34:56.789")), (Kind::Date, Some("1970-01-01"))], "1970-01-01 12:34:56.789"),
    ("-", "Asia/Kathmandu", &[(Kind::Date, Some("1900-03-01")), (Kind::Date, Some("4713-01-01 BC"))], "2415042"),
    ("-", "Asia/Kathmandu", &[(Kind::Date, Some("9999-12-31")), (Kind::Int4, Some("-1"))], "10000-01-01"),
    ("-", "Asia/Kathmandu", &[(Kind::Interval, Some("-1 day")), (Kind::Interval, Some("-2147483648 mons"))], "ERR 22008 interval out of range"),
    ("=", "Asia/Kathmandu", &[(Kind::Timestamptz, Some("1999-12-31 12:34:56.789012-05")), (Kind::Date, Some("-infinity"))], "f"),
    ("date_part", "Asia/Kathmandu", &[(Kind::Text, Some("julian")), (Kind::Date, Some("-infinity"))], "-inf"),
    ("date_part", "Asia/Kathmandu", &[(Kind::Text, Some("week")), (Kind::Interval, Some("-1 day 25:00"))], "ERR 0A000 unit \"week\" not supported for type interval"),
    ("date_part", "Asia/Kathmandu", &[(Kind::Text, Some("foo")), (Kind::Date, Some("infinity"))], "ERR 22023 unit \"foo\" not recognized for type timestamp without time zone"),
    ("date_part", "Asia/Kathmandu", &[(Kind::Text, Some("quarter")), (Kind::Interval, Some("1 day -23:59"))], "1"),
    ("date_part", "Asia/Kathmandu", &[(Kind::Text, Some("ms")), (Kind::Interval, Some("13 mons -31 days 1:00"))], "0"),
    ("date_trunc", "Asia/Kathmandu", &[(Kind::Text, Some("dow")), (Kind::Timestamptz, Some("2020-06-15 00:00:00.01+00"))], "ERR 22023 unit \"dow\" not recognized for type timestamp with time zone"),
    ("date_part", "Asia/Kathmandu", &[(Kind::Text, Some("week")), (Kind::Interval, Some("0.5 sec"))], "ERR 0A000 unit \"week\" not supported for type interval"),
    ("<", "Australia/Lord_Howe", &[(Kind::Date, Some("1001-01-01")), (Kind::Timestamp, Some("2020-06-15 00:00:08.64"))], "t"),
    ("<", "Australia/Lord_Howe", &[(Kind::Interval, Some("1000000 days")), (Kind::Interval, Some("29 days 23:59:59.999999"))], "f"),
    (">=", "Australia/Lord_Howe", &[(Kind::Interval, Some("-24:00")), (Kind::Interval, Some("-24:00"))], "t"),
    ("date_trunc", "Australia/Lord_Howe", &[(Kind::Text, Some("hour")), (Kind::Timestamptz, Some("2100-07-01"))], "2100-07-01 00:00:00+10:30"),
    ("=", "Europe/Dublin", &[(Kind::Timestamp, Some("0001-12-31 00:00:00 BC")), (Kind::Timestamptz, Some("1970-01-01 00:00:00+05:30"))], "f"),
    ("date_trunc", "Europe/Dublin", &[(Kind::Text, Some("foo")), (Kind::Timestamptz, Some("2024-11-03 00:59:59+00"))], "ERR 22023 unit \"foo\" not recognized for type timestamp with time zone"),
    ("date_trunc", "Africa/Casablanca", &[(Kind::Text, Some("decade")), (Kind::Timestamptz, Some("1999-12-31 00:00:00+05:30"))], "1990-01-01 00:00:00+00"),
];
