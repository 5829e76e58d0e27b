//! Arrays against recorded answers of PostgreSQL 15, and what cannot be recorded.

use arrow::array::AsArray;
use millstream_catalog::Kind;

use crate::functions::recorded::{column, differences, find, text, type_of};
use crate::functions::registry::{Argument, Body, Call};
use crate::types::environment::Environment;

#[test]
fn answers_are_as_recorded() {
    let rows =
        [super::rows(), crate::functions::generic::rows(), crate::functions::ordered_set::rows()].concat();
    let (count, found) = differences(&rows, include_str!("cases.txt"));
    assert!(found.is_empty() && count > 100, "{}", found.join("\n"));
}

#[test]
fn an_array_too_large_is_refused_before_it_is_made() {
    let rows = super::rows();
    let environment = Environment::default();
    let argument = |sql_type: &str, texts: &[Option<&str>], constant| Argument {
        array: column(&type_of(sql_type), texts).unwrap(),
        constant,
        sql_type: type_of(sql_type),
    };
    let long = "x".repeat(1 << 20);
    let arguments = [argument("text", &[Some(&long)], true), argument("int4[]", &[Some("{100}")], true)];
    let types: Vec<_> = arguments.iter().map(|argument| argument.sql_type.clone()).collect();
    let Body::Kernel(kernel) = &find(&rows, "array_fill", &types).body else { panic!("no kernel") };
    let returns = type_of("text[]");
    let call = Call { arguments: &arguments, rows: 1, returns: &returns, environment: &environment };
    assert_eq!(kernel(&call).unwrap_err().state.code(), "54000");
}

#[test]
fn a_numeric_of_either_form_goes_into_an_array_of_the_other() {
    let rows = super::rows();
    let environment = Environment::default();
    let arguments = [
        Argument {
            array: column(&type_of("numeric(10,2)[]"), &[Some("{1.5}"), None]).unwrap(),
            constant: false,
            sql_type: type_of("numeric(10,2)[]"),
        },
        Argument {
            array: column(&type_of("numeric"), &[Some("2.25")]).unwrap(),
            constant: true,
            sql_type: type_of("numeric"),
        },
    ];
    let returns = type_of("numeric[]");
    let call = Call { arguments: &arguments, rows: 2, returns: &returns, environment: &environment };
    let types: Vec<_> = arguments.iter().map(|argument| argument.sql_type.clone()).collect();
    let Body::Kernel(kernel) = &find(&rows, "array_append", &types).body else { panic!("no kernel") };
    let answer = kernel(&call).unwrap();
    assert_eq!(text(&returns, &answer, 0), "{1.50,2.25}");
    assert_eq!(text(&returns, &answer, 1), "{2.25}");
}

#[test]
fn greatest_passes_over_null_and_distinct_knows_it() {
    let environment = Environment::default();
    let float8 = type_of("float8");
    let argument = |texts: &[Option<&str>]| Argument {
        array: column(&float8, texts).unwrap(),
        constant: texts.len() == 1,
        sql_type: float8.clone(),
    };
    let arguments =
        [argument(&[Some("1"), None, Some("NaN"), Some("-0")]), argument(&[Some("0")]), argument(&[None; 4])];
    let call = Call { arguments: &arguments, rows: 4, returns: &float8, environment: &environment };
    let greatest = crate::functions::generic::greatest_least(&call, true).unwrap();
    let texts: Vec<_> = (0..4).map(|row| text(&float8, &greatest, row)).collect();
    assert_eq!(texts, ["1", "0", "NaN", "-0"]);
    let boolean = Kind::Boolean.into();
    let call = Call { arguments: &arguments[..2], rows: 4, returns: &boolean, environment: &environment };
    let distinct = crate::functions::generic::distinct(&call).unwrap();
    let distinct: Vec<_> = distinct.as_boolean().iter().map(Option::unwrap).collect();
    assert_eq!(distinct, [true, true, true, false]);
}
