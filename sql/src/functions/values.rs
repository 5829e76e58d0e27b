//! Values of every type: read, printed, compared, keyed and sent as PostgreSQL 15 does, from recorded
//! answers.
//!
//! `value_cases.txt`: type, text, binary form, rank among the values of the type. `literal_cases.txt`: type,
//! input, the text that it prints as or `!` and the SQLSTATE with the DETAIL.

use arrow::array::{Array, ArrayRef};
use arrow::compute::concat;
use millstream_catalog::SqlType;

use crate::error::SqlResult;
use crate::functions::recorded::{column, text, type_of};
use crate::types::builder::ValueBuilder;
use crate::types::compare::{Comparator, Comparison, row_compare};
use crate::types::environment::Environment;
use crate::types::key::{key_column, key_type};
use crate::types::read::Reader;
use crate::types::{conform, wire};

fn cases(file: &str) -> impl Iterator<Item = Vec<String>> + '_ {
    let unescape = |part: &str| part.replace("<tab>", "\t").replace("<lf>", "\n");
    file.lines().map(move |line| line.split('\t').map(unescape).collect())
}

fn outcome(sql_type: &SqlType, input: &str) -> String {
    match column(sql_type, &[Some(input)]) {
        Ok(array) => text(sql_type, &array, 0),
        Err(error) => match error.detail {
            Some(detail) => format!("!{} {detail}", error.state.code()),
            None => format!("!{}", error.state.code()),
        },
    }
}

#[test]
fn texts_are_read_as_recorded() {
    let mut wrong = vec![];
    for case in cases(include_str!("literal_cases.txt")) {
        let found = outcome(&type_of(&case[0]), &case[1]);
        // Details are the scalar types' own to test.
        let same = found == case[2]
            || (!case[0].starts_with('(') && !case[0].ends_with("[]") && found.starts_with(&case[2]));
        if !same {
            wrong.push(format!("{case:?} is {found}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn values_are_printed_and_sent_as_recorded() {
    let mut wrong = vec![];
    for case in cases(include_str!("value_cases.txt")) {
        let sql_type = type_of(&case[0]);
        let array = column(&sql_type, &[Some(&case[1])]).unwrap();
        let printed = text(&sql_type, &array, 0);
        if printed != case[1] {
            wrong.push(format!("{case:?} is printed {printed}"));
        }
        let mut bytes = vec![];
        wire::send(&sql_type, array.as_ref(), 0, &mut bytes).unwrap();
        let sent = hex::encode(&bytes);
        if sent != case[2] {
            wrong.push(format!("{case:?} is sent {sent}"));
        }
        let received =
            received(&sql_type, &hex::decode(&case[2]).unwrap()).map(|array| text(&sql_type, &array, 0));
        if received.as_ref() != Ok(&case[1]) {
            wrong.push(format!("{case:?} is received {received:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn received(sql_type: &SqlType, bytes: &[u8]) -> SqlResult<ArrayRef> {
    let environment = Environment::default();
    let mut reader = Reader::new(sql_type, &sql_type.data_type(), &environment)?;
    reader.push_binary(Some(bytes))?;
    reader.finish()
}

#[test]
fn values_and_their_keys_are_ordered_as_recorded() {
    let all: Vec<Vec<String>> = cases(include_str!("value_cases.txt")).collect();
    for group in all.chunk_by(|left, right| left[0] == right[0]).filter(|group| group[0][0] != "json") {
        let sql_type = type_of(&group[0][0]);
        let texts: Vec<Option<&str>> = group.iter().map(|case| Some(case[1].as_str())).collect();
        let array = column(&sql_type, &texts).unwrap();
        let keys = key_column(&sql_type, &array).unwrap();
        assert_eq!(keys.data_type(), &key_type(&sql_type, array.data_type()));
        let values = Comparator::new(&sql_type, &array, &array).unwrap();
        let plain = SqlType::of_data_type(keys.data_type());
        let keys = Comparator::new(&plain, &keys, &keys).unwrap();
        // As parts of a record, too.
        let record =
            SqlType::Record([("a".to_owned(), sql_type.clone()), ("b".to_owned(), sql_type.clone())].into());
        let mut pairs = ValueBuilder::new(&record.data_type()).unwrap();
        for row in 0..group.len() {
            pairs.fields().unwrap()[0].append_from(array.as_ref(), row).unwrap();
            pairs.fields().unwrap()[1].append_from(array.as_ref(), 0).unwrap();
            pairs.close_record().unwrap();
        }
        let pairs = pairs.finish().unwrap();
        let pair_values = Comparator::new(&record, &pairs, &pairs).unwrap();
        let pair_keys = key_column(&record, &pairs).unwrap();
        let pair_keys =
            Comparator::new(&millstream_catalog::Kind::Bytea.into(), &pair_keys, &pair_keys).unwrap();
        for (i, left) in group.iter().enumerate() {
            for (j, right) in group.iter().enumerate() {
                let rank = |case: &[String]| case[3].parse::<i32>().unwrap();
                let order = rank(left).cmp(&rank(right));
                let told = format!("{sql_type} {} {}", left[1], right[1]);
                assert_eq!(values.compare(i, j), order, "{told}");
                assert_eq!(values.equal(i, j), order.is_eq(), "{told}");
                assert_eq!(keys.compare(i, j), order, "key of {told}");
                assert_eq!(pair_values.compare(i, j), order, "record of {told}");
                assert_eq!(pair_keys.compare(i, j), order, "key of record of {told}");
            }
        }
    }
}

#[test]
fn malformed_bytes_are_errors_and_never_panic() {
    let mut state = 12_345u64;
    let mut random = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize
    };
    for case in cases(include_str!("value_cases.txt")) {
        let sql_type = type_of(&case[0]);
        let bytes = hex::decode(&case[2]).unwrap();
        for length in 0..bytes.len() {
            let _ = received(&sql_type, &bytes[..length]);
        }
        let longer = [bytes.as_slice(), &[0]].concat();
        let _ = received(&sql_type, &longer);
        for _ in 0..50 {
            let mut changed = bytes.clone();
            if let Some(last) = changed.len().checked_sub(1) {
                changed[random() % (last + 1)] = random() as u8;
            }
            if let Ok(array) = received(&sql_type, &changed) {
                text(&sql_type, &array, 0);
            }
        }
    }
    let state = |sql_type: &str, hex: &str| {
        received(&type_of(sql_type), &hex::decode(hex).unwrap()).map_err(|error| error.state.code()).err()
    };
    assert_eq!(state("int4", "0000"), Some("08P01"));
    assert_eq!(state("int4", "0000000000"), Some("22P03"));
    assert_eq!(state("int4[]", "ffffffff0000000000000017"), Some("22P03"));
    assert_eq!(state("int4[]", "000000010000000000000014000000000000000100"), Some("42804"));
    assert_eq!(state("int4[]", "0000000200000000000000170000000100000001"), Some("0A000"));
    assert_eq!(state("int4[]", "0000000100000000000000177fffffff00000001"), Some("08P01"));
    assert_eq!(state("text", "ff"), Some("22021"));
    assert_eq!(state("text", "6100"), Some("22021"));
    assert_eq!(state("jsonb", "02"), Some("XX000"));
    assert_eq!(state("date", "7ffffffe"), Some("22008"));
    assert_eq!(state("timestamp", "7ffffffffffffffe"), Some("22008"));
}

#[test]
fn both_forms_of_numerics_compare_by_value() {
    let (wide, small) = (type_of("numeric"), type_of("numeric(10,2)"));
    let other = type_of("numeric(38,4)");
    let texts = [Some("1.50"), Some("-2"), Some("0"), Some("99999999.99")];
    let arrays: Vec<ArrayRef> =
        [&wide, &small, &other].into_iter().map(|sql_type| column(sql_type, &texts).unwrap()).collect();
    for left in &arrays {
        for right in &arrays {
            let values = Comparator::new(&wide, left, right).unwrap();
            (0..4).for_each(|row| assert!(values.equal(row, row)));
            assert!(values.compare(0, 1).is_gt() && values.compare(2, 3).is_lt());
            let same = conform::conform(left, right.data_type()).unwrap();
            concat(&[same.as_ref(), right.as_ref()]).unwrap();
            assert!((0..4).all(|row| Comparator::new(&wide, &same, right).unwrap().equal(row, row)));
        }
    }
}

#[test]
fn rows_with_null_compare_to_unknown() {
    use std::cmp::Ordering::{Equal, Greater, Less};
    let row =
        |comparison, fields: &[Option<std::cmp::Ordering>]| row_compare(comparison, fields.iter().copied());
    assert_eq!(row(Comparison::Equal, &[None, Some(Less)]), Some(false));
    assert_eq!(row(Comparison::Equal, &[Some(Equal), None]), None);
    assert_eq!(row(Comparison::NotEqual, &[None, Some(Less)]), Some(true));
    assert_eq!(row(Comparison::Less, &[None, Some(Less)]), None);
    assert_eq!(row(Comparison::Less, &[Some(Less), None]), Some(true));
    assert_eq!(row(Comparison::GreaterOrEqual, &[Some(Equal), Some(Greater)]), Some(true));
    assert_eq!(row(Comparison::GreaterOrEqual, &[Some(Equal), Some(Equal)]), Some(true));
    assert_eq!(row(Comparison::Less, &[]), Some(false));
}
