//! Answers that PostgreSQL 15 gave, recorded: one call for each line of `cases.jsonl`.
//!
//! ```text
//!  ["split_part", ["text", "text", "int4"], ["a,b", ",", "2"], "b"]
//!  ["chr", ["int4"], ["0"], {"error": "54000"}]
//! ```

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, BinaryArray, BooleanArray, Int32Array, Int64Array, ListArray, StringArray,
};
use millstream_catalog::{Kind, SqlType};
use serde_json::{Value, json};

use crate::functions::registry::{Argument, Body, Call, Param, Row};
use crate::types::environment::Environment;
use crate::types::{boolean, bytea};

fn column(kind: Kind, value: Option<&str>) -> ArrayRef {
    match kind {
        Kind::Int4 => Arc::new(Int32Array::from(vec![value.map(|value| value.parse().unwrap())])),
        Kind::Int8 => Arc::new(Int64Array::from(vec![value.map(|value| value.parse().unwrap())])),
        Kind::Boolean => {
            Arc::new(BooleanArray::from(vec![value.map(|value| boolean::parse(value).unwrap())]))
        }
        Kind::Bytea => {
            let bytes = value.map(|value| bytea::parse(value).unwrap());
            Arc::new(BinaryArray::from(vec![bytes.as_deref()]))
        }
        _ => Arc::new(StringArray::from(vec![value])),
    }
}

fn print(array: &dyn Array, row: usize) -> Value {
    let any = array.as_any();
    if array.is_null(row) {
        Value::Null
    } else if let Some(array) = any.downcast_ref::<StringArray>() {
        json!(array.value(row))
    } else if let Some(array) = any.downcast_ref::<Int32Array>() {
        json!(array.value(row).to_string())
    } else if let Some(array) = any.downcast_ref::<Int64Array>() {
        json!(array.value(row).to_string())
    } else if let Some(array) = any.downcast_ref::<BooleanArray>() {
        json!(boolean::print(array.value(row)))
    } else if let Some(array) = any.downcast_ref::<BinaryArray>() {
        json!(bytea::print(array.value(row), &Environment::default()))
    } else {
        let list = any.downcast_ref::<ListArray>().unwrap().value(row);
        Value::Array((0..list.len()).map(|row| print(list.as_ref(), row)).collect())
    }
}

fn fits(row: &Row, name: &str, kinds: &[Kind]) -> bool {
    let enough = kinds.len() <= row.arguments.len() && kinds.len() + row.defaults >= row.arguments.len();
    let equal = row.arguments.iter().zip(kinds).all(|(param, kind)| *param == Param::Of(*kind));
    let variadic = row.variadic && kinds.len() >= row.arguments.len();
    row.name == name && matches!(row.body, Body::Kernel(_)) && (variadic || (enough && equal))
}

/// Calls what each line says and compares the answers.
pub(crate) fn check(rows: &[Row], cases: &str) {
    let mut wrong = vec![];
    for line in cases.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let name = case[0].as_str().unwrap();
        let kind = |value: &Value| SqlType::by_name(value.as_str().unwrap()).unwrap().kind().unwrap();
        let kinds: Vec<Kind> = case[1].as_array().unwrap().iter().map(kind).collect();
        let row = rows.iter().find(|row| fits(row, name, &kinds)).unwrap_or_else(|| panic!("no row: {line}"));
        let values = case[2].as_array().unwrap();
        let arguments: Vec<Argument> = std::iter::zip(&kinds, values)
            .map(|(kind, value)| Argument {
                array: column(*kind, value.as_str()),
                constant: true,
                sql_type: (*kind).into(),
            })
            .collect();
        let returns = match row.returns {
            Param::ArrayOf(kind) => SqlType::array(kind),
            Param::Of(kind) => kind.into(),
            _ => panic!("no plain result: {line}"),
        };
        let environment = Environment::default();
        let call = Call { arguments: &arguments, rows: 1, returns: &returns, environment: &environment };
        let Body::Kernel(kernel) = &row.body else { panic!("no kernel: {line}") };
        let answer = match kernel(&call) {
            Ok(array) => print(array.as_ref(), 0),
            Err(error) if row.can_fail => json!({ "error": error.state.code() }),
            Err(error) => panic!("a row that cannot fail did: {error}: {line}"),
        };
        if answer != case[3] {
            wrong.push(format!("{answer} of {line}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn functions_answer_as_postgres_did() {
    check(&super::rows(), include_str!("cases.jsonl"));
}

#[test]
fn large_answers_are_refused_before_they_are_made() {
    let cases = r#"["repeat", ["text", "int4"], ["abc", "2147483647"], {"error": "54000"}]
["lpad", ["text", "int4"], ["abc", "2147483647"], {"error": "54000"}]
["rpad", ["text", "int4", "text"], ["abc", "2147483647", "é"], {"error": "54000"}]
["format", ["text", "text"], ["%2000000000s", "b"], {"error": "54000"}]"#;
    check(&super::rows(), cases);
}
