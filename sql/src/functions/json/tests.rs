//! What PostgreSQL 15 answered, against what is answered here: a line of `cases.jsonl` for each call.
//!
//! ```text
//!  ["->", [["jsonb", "{\"a\": 1}"], ["text", "a"]], {"v": "1"}]     v a value, rows a set, e an error
//! ```

use std::sync::Arc;

use arrow::array::*;
use arrow::datatypes::*;
use millstream_catalog::{Kind, SqlType};
use serde_json::Value;

use super::rows;
use crate::error::{SqlError, SqlResult};
use crate::functions::registry::{Argument, Body, Call, Class, Param, Row};
use crate::types::environment::Environment;
use crate::types::json::printer::PRINTER;
use crate::types::json::{check_json, parse_jsonb};

fn micros(text: &str) -> i64 {
    match text {
        "infinity" => return i64::MAX,
        "-infinity" => return i64::MIN,
        _ => {}
    }
    let (text, bc) = text.strip_suffix(" BC").map_or((text, false), |text| (text, true));
    let text = text.strip_suffix("+00").unwrap_or(text);
    let (date, time) = text.split_once(' ').unwrap_or((text, "00:00:00"));
    let parts: Vec<i64> = date.split('-').map(|part| part.parse().unwrap()).collect();
    let year = if bc { 1 - parts[0] } else { parts[0] } as i32;
    let day = chrono::NaiveDate::from_ymd_opt(year, parts[1] as u32, parts[2] as u32).unwrap();
    let days = day.signed_duration_since(chrono::NaiveDate::from_ymd_opt(1970, 1, 1).unwrap()).num_days();
    let time: Vec<f64> = time.split(':').map(|part| part.parse().unwrap()).collect();
    days * 86_400_000_000 + ((time[0] * 3600.0 + time[1] * 60.0 + time[2]) * 1e6).round() as i64
}

fn argument(name: &str, value: &Value) -> SqlResult<Argument> {
    let sql_type = SqlType::by_name(name).unwrap();
    let text = match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    };
    let text = text.as_deref();
    let array: ArrayRef = match &sql_type {
        SqlType::Scalar(kind, _) => match kind {
            Kind::Json => {
                text.map(check_json).transpose()?;
                Arc::new(StringArray::from(vec![text]))
            }
            Kind::Jsonb => Arc::new(StringArray::from(vec![text.map(parse_jsonb).transpose()?])),
            Kind::Boolean => Arc::new(BooleanArray::from(vec![text.map(|text| text == "true")])),
            Kind::Int2 => Arc::new(Int16Array::from(vec![text.map(|text| text.parse().unwrap())])),
            Kind::Int4 => Arc::new(Int32Array::from(vec![text.map(|text| text.parse().unwrap())])),
            Kind::Int8 => Arc::new(Int64Array::from(vec![text.map(|text| text.parse().unwrap())])),
            Kind::Oid => Arc::new(UInt32Array::from(vec![text.map(|text| text.parse().unwrap())])),
            Kind::Float4 => Arc::new(Float32Array::from(vec![text.map(|text| text.parse().unwrap())])),
            Kind::Float8 => Arc::new(Float64Array::from(vec![text.map(|text| text.parse().unwrap())])),
            Kind::Timestamp => Arc::new(TimestampMicrosecondArray::from(vec![text.map(micros)])),
            Kind::Timestamptz => {
                Arc::new(TimestampMicrosecondArray::from(vec![text.map(micros)]).with_timezone("+00:00"))
            }
            Kind::Date => Arc::new(Date32Array::from(vec![text.map(|text| match micros(text) {
                i64::MAX => i32::MAX,
                i64::MIN => i32::MIN,
                other => (other / 86_400_000_000) as i32,
            })])),
            Kind::Uuid => {
                let bytes = hex::decode(text.unwrap().replace('-', "")).unwrap();
                Arc::new(FixedSizeBinaryArray::try_from_iter([bytes].into_iter()).unwrap())
            }
            Kind::Bytea => {
                let bytes = hex::decode(&text.unwrap()[2..]).unwrap();
                Arc::new(BinaryArray::from_vec(vec![&bytes]))
            }
            _ => Arc::new(StringArray::from(vec![text])),
        },
        _ => {
            let items = value.as_array();
            let element = sql_type.element().unwrap();
            let empty = vec![];
            let values: ArrayRef = if element.is(Kind::Int4) {
                let items = items.unwrap_or(&empty).iter().map(|item| item.as_i64().map(|item| item as i32));
                Arc::new(Int32Array::from(items.collect::<Vec<_>>()))
            } else {
                let items = items.unwrap_or(&empty).iter().map(|item| item.as_str());
                Arc::new(StringArray::from(items.collect::<Vec<_>>()))
            };
            let offsets = arrow::buffer::OffsetBuffer::from_lengths([values.len()]);
            let field = Arc::new(Field::new_list_field(values.data_type().clone(), true));
            let nulls = arrow::buffer::NullBuffer::from(vec![items.is_some()]);
            Arc::new(ListArray::new(field, offsets, values, Some(nulls)))
        }
    };
    Ok(Argument { array, constant: true, sql_type })
}

fn fits(param: Param, sql_type: &SqlType) -> bool {
    match param {
        Param::Of(kind) => sql_type.is(kind),
        Param::ArrayOf(kind) => *sql_type == SqlType::array(kind),
        Param::AnyArray => sql_type.element().is_some(),
        Param::AnyElement | Param::Any => true,
        _ => matches!(sql_type, SqlType::Record(_)),
    }
}

fn find<'a>(rows: &'a [Row], name: &str, arguments: &[Argument]) -> &'a Row {
    let found = rows.iter().find(|row| {
        let count = row.arguments.len();
        let least = count - row.defaults;
        let enough = arguments.len() >= least && (arguments.len() <= count || row.variadic);
        row.name == name
            && enough
            && arguments.iter().enumerate().all(|(index, argument)| {
                row.arguments
                    .get(index)
                    .or(row.arguments.last())
                    .is_some_and(|param| fits(*param, &argument.sql_type))
            })
    });
    found.unwrap_or_else(|| panic!("no row of {name} {arguments:?}"))
}

fn texts(array: &dyn Array, sql_type: &SqlType) -> Vec<Option<String>> {
    let text = |row: usize| {
        let mut out = String::new();
        PRINTER(sql_type, array, row, &Environment::default(), &mut out).unwrap();
        match out.as_str() {
            "t" if sql_type.is(Kind::Boolean) => "true".to_owned(),
            "f" if sql_type.is(Kind::Boolean) => "false".to_owned(),
            _ => out,
        }
    };
    (0..array.len()).map(|row| array.is_valid(row).then(|| text(row))).collect()
}

fn answer(rows: &[Row], name: &str, arguments: &Value) -> SqlResult<Value> {
    let arguments: SqlResult<Vec<Argument>> = arguments
        .as_array()
        .unwrap()
        .iter()
        .map(|pair| argument(pair[0].as_str().unwrap(), &pair[1]))
        .collect();
    let arguments = arguments?;
    if name == "in" {
        let text = arguments[0].array.as_string::<i32>();
        return Ok(serde_json::json!({ "v": text.value(0) }));
    }
    let row = find(rows, name, &arguments);
    let Body::Kernel(kernel) = &row.body else { panic!("{name} has no kernel") };
    let returns = match row.returns {
        Param::Of(kind) => kind.into(),
        _ => Kind::Text.into(),
    };
    let environment = Environment::default();
    let call = Call { arguments: &arguments, rows: 1, returns: &returns, environment: &environment };
    let array = kernel(&call)?;
    if row.class == Class::Set {
        let list = array.as_list::<i32>();
        let items = list.value(0);
        let columns: Vec<Vec<Option<String>>> = match items.as_struct_opt() {
            _ if list.is_null(0) => vec![],
            Some(record) => record.columns().iter().map(|c| texts(c.as_ref(), &Kind::Text.into())).collect(),
            None => vec![texts(items.as_ref(), &Kind::Text.into())],
        };
        let count = columns.first().map_or(0, Vec::len);
        let rows: Vec<Vec<Option<String>>> =
            (0..count).map(|row| columns.iter().map(|column| column[row].clone()).collect()).collect();
        return Ok(serde_json::json!({ "rows": rows }));
    }
    Ok(serde_json::json!({ "v": texts(array.as_ref(), &returns)[0] }))
}

fn error_value(error: &SqlError) -> Value {
    serde_json::json!({
        "e": error.state.code(), "m": error.message, "d": error.detail, "h": error.hint, "c": error.context,
    })
}

/// Checks the cases of a file; gives the complaints.
fn check(cases: &str) -> Vec<String> {
    let rows = rows();
    let mut complaints = vec![];
    for line in cases.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let name = case[0].as_str().unwrap();
        let got = match answer(&rows, name, &case[1]) {
            Ok(value) => value,
            Err(error) => error_value(&error),
        };
        let mut wanted = case[2].clone();
        // The context of a stack of functions is PostgreSQL's own.
        if wanted
            .get("c")
            .is_some_and(|context| context.as_str().is_some_and(|c| !c.starts_with("JSON data")))
        {
            wanted["c"] = Value::Null;
        }
        let number = |value: &Value| value["v"].as_str().and_then(|text| text.parse::<f64>().ok());
        let same_number =
            name.starts_with("float") && number(&got).is_some() && number(&got) == number(&wanted);
        // PostgreSQL gives the distance of two bytes, of which only the sign is promised.
        let same_number = same_number
            || name == "jsonb_cmp" && number(&got).map(f64::signum) == number(&wanted).map(f64::signum);
        if got != wanted && !same_number {
            complaints.push(format!("{line}\n    got {got}"));
        }
    }
    complaints
}

#[test]
fn answers_are_postgres_answers() {
    let complaints = match std::env::var("JSON_CASES") {
        Ok(path) => check(&std::fs::read_to_string(path).unwrap()),
        Err(_) => check(include_str!("cases.jsonl")),
    };
    assert!(complaints.is_empty(), "{} differ\n{}", complaints.len(), complaints.join("\n"));
}

/// An aggregate over a column, once in one part and once in two; both must agree.
fn aggregate(name: &str, arguments: &[Argument], environment: &Environment) -> SqlResult<Option<String>> {
    let rows = rows();
    let row = find(&rows, name, arguments);
    let Body::Aggregate(make) = &row.body else { panic!("{name} is no aggregate") };
    let types: Vec<SqlType> = arguments.iter().map(|argument| argument.sql_type.clone()).collect();
    let returns = Kind::Text.into();
    let (mut all, mut first, mut second) =
        (make(&types, &returns), make(&types, &returns), make(&types, &returns));
    let count = arguments[0].array.len();
    for at in 0..count {
        all.update(arguments, at)?;
        if at < count / 2 { first.update(arguments, at)? } else { second.update(arguments, at)? }
    }
    let mut merged = make(&types, &returns);
    merged.merge(&first.state()?)?;
    merged.merge(&second.state()?)?;
    let text = |array: ArrayRef| texts(array.as_ref(), &returns).remove(0);
    let (all, merged) = (text(all.finish(environment)?), text(merged.finish(environment)?));
    assert_eq!(all, merged);
    Ok(all)
}

fn column(array: impl Array + 'static, sql_type: SqlType) -> Argument {
    Argument { array: Arc::new(array), constant: false, sql_type }
}

#[test]
fn aggregates_collect_elements_and_fields() {
    let environment = Environment::default();
    let of = |name: &str, arguments: &[Argument]| aggregate(name, arguments, &environment);
    let integers = column(Int32Array::from(vec![Some(1), None, Some(3)]), Kind::Int4.into());
    let names = column(StringArray::from(vec!["bb", "a", "bb"]), Kind::Text.into());
    let floats = column(Float64Array::from(vec![1e20, f64::NAN, 0.5]), Kind::Float8.into());
    let some = |text: &str| Ok(Some(text.to_owned()));
    assert_eq!(of("json_agg", std::slice::from_ref(&integers)), some("[1, null, 3]"));
    assert_eq!(of("jsonb_agg", std::slice::from_ref(&integers)), some("[1, null, 3]"));
    assert_eq!(of("json_agg", std::slice::from_ref(&floats)), some("[1e+20, \"NaN\", 0.5]"));
    assert_eq!(of("jsonb_agg", std::slice::from_ref(&floats)), some("[100000000000000000000, \"NaN\", 0.5]"));
    let pair = [names.clone(), integers.clone()];
    assert_eq!(of("json_object_agg", &pair), some("{ \"bb\" : 1, \"a\" : null, \"bb\" : 3 }"));
    assert_eq!(of("jsonb_object_agg", &pair), some("{\"a\": null, \"bb\": 3}"));
    let pair = [floats, names.clone()];
    let fields = "{ \"1e+20\" : \"bb\", \"NaN\" : \"a\", \"0.5\" : \"bb\" }";
    assert_eq!(of("json_object_agg", &pair), some(fields));
    let error = of("json_object_agg", &[integers.clone(), names.clone()]).unwrap_err();
    assert_eq!((error.state.code(), error.message.as_str()), ("22023", "field name must not be null"));
    let none = column(Int32Array::from(Vec::<i32>::new()), Kind::Int4.into());
    assert_eq!(of("json_agg", std::slice::from_ref(&none)), Ok(None));
    assert_eq!(of("jsonb_object_agg", &[none.clone(), none]), Ok(None));
    let json = column(StringArray::from(vec![" {\"b\":1, \"a\" :2} "]), Kind::Json.into());
    assert_eq!(of("json_agg", std::slice::from_ref(&json)), some("[ {\"b\":1, \"a\" :2} ]"));
    assert_eq!(of("jsonb_agg", &[json]), some("[{\"a\": 2, \"b\": 1}]"));
    let fields: Arc<[(String, SqlType)]> =
        [("x".to_owned(), Kind::Int4.into()), ("\"y\"".to_owned(), Kind::Text.into())].into();
    let record = SqlType::Record(fields);
    let DataType::Struct(arrow_fields) = record.data_type() else { panic!() };
    let columns = vec![integers.array.clone(), names.array.clone()];
    let records = column(StructArray::new(arrow_fields, columns, None), record);
    let lines = "[{\"x\":1,\"\\\"y\\\"\":\"bb\"}, \n {\"x\":null,\"\\\"y\\\"\":\"a\"}, \n \
                 {\"x\":3,\"\\\"y\\\"\":\"bb\"}]";
    assert_eq!(of("json_agg", std::slice::from_ref(&records)), some(lines));
    let form = "[{\"x\": 1, \"\\\"y\\\"\": \"bb\"}, {\"x\": null, \"\\\"y\\\"\": \"a\"}, \
                {\"x\": 3, \"\\\"y\\\"\": \"bb\"}]";
    assert_eq!(of("jsonb_agg", &[records]), some(form));
}

#[test]
fn deep_values_are_taken_and_deeper_ones_refused() {
    for (open, inside, close) in [("[", "", "]"), ("{\"a\":", "1", "}")] {
        let nested = |levels: usize| [open.repeat(levels), inside.to_owned(), close.repeat(levels)].concat();
        assert_eq!(check_json(&nested(60_000)).unwrap_err().state.code(), "54001");
        assert_eq!(parse_jsonb(&nested(60_000)).unwrap_err().state.code(), "54001");
        let deep = parse_jsonb(&nested(6_000)).unwrap();
        let pretty = crate::types::json::shape::pretty(&deep);
        assert_eq!(pretty.unwrap_err().state.code(), "54000");
        let deep = parse_jsonb(&nested(1_000)).unwrap();
        assert!(crate::types::json::contain::contains(&deep, &deep));
        assert!(crate::types::json::order::compare(&deep, "[1, 2]").is_lt() == (open == "["));
        assert!(crate::types::json::shape::strip_jsonb(&deep).unwrap() == deep);
    }
}

#[test]
fn objects_give_columns() {
    use crate::types::json::columns::{ColumnText, json_to_column_rows, json_to_columns};
    let columns = [
        ("a", Kind::Int4.into()),
        ("b", Kind::Text.into()),
        ("c", Kind::Json.into()),
        ("d", SqlType::array(Kind::Text)),
        ("e", Kind::Text.into()),
        ("f", Kind::Text.into()),
    ];
    let text = |text: &str| ColumnText::Text(text.to_owned());
    let json = "{\"a\":1,\"a\":\"2\",\"b\": {\"x\" :1},\"c\":\"\\u0041\",\
                \"d\":[1,\"a b\",null,{\"q\":[]},[2]],\"e\":null}";
    let wanted = vec![
        text("2"),
        text("{\"x\" :1}"),
        text("\"A\""),
        text("{\"1\",\"a b\",NULL,\"{\\\"q\\\":[]}\",\"[2]\"}"),
        ColumnText::Null,
        ColumnText::Missing,
    ];
    assert_eq!(json_to_columns(json, &columns), Ok(wanted));
    let array = |json: &str| json_to_columns(json, &columns[3..4]).map(|mut found| found.remove(0));
    assert_eq!(array("{\"d\":[[1],[2]]}"), Ok(text("{{\"1\"},{\"2\"}}")));
    assert_eq!(array("{\"d\":\"{1,2}\"}"), Ok(text("{1,2}")));
    assert_eq!(array("{\"d\":[]}"), Ok(text("{}")));
    let error = array("{\"d\":[[1],2]}").unwrap_err();
    assert_eq!(error.hint.as_deref(), Some("See the array element [1] of key \"d\"."));
    assert_eq!(array("{\"d\":5}").unwrap_err().message, "expected JSON array");
    assert_eq!(
        json_to_columns("[1]", &columns).unwrap_err().message,
        "cannot call populate_composite on an array"
    );
    let rows = json_to_column_rows("[{\"a\":1},{}]", &columns[..1], "json_to_recordset");
    assert_eq!(rows, Ok(vec![vec![text("1")], vec![ColumnText::Missing]]));
    let error = json_to_column_rows("[1]", &columns, "jsonb_to_recordset").unwrap_err();
    assert_eq!(error.message, "argument of jsonb_to_recordset must be an array of objects");
}
