//! Comparing jsonb: the order of its btree, `@>`, `<@`, `?`, `?|`, `?&`.

use std::cmp::Ordering;
use std::sync::Arc;

use arrow::array::BooleanBuilder;
use millstream_catalog::Kind;

use super::{text, texts};
use crate::error::SqlResult;
use crate::functions::registry::{Argument, Body, Call, Param, Row};
use crate::strict;
use crate::types::json::{contain, edit, order};

/// What an operator wants of the order of its sides.
type Holds = fn(Ordering) -> bool;

/// The rows of comparisons.
pub fn rows() -> Vec<Row> {
    let jsonb = Param::Of(Kind::Jsonb);
    let name = Param::Of(Kind::Text);
    let names = Param::ArrayOf(Kind::Text);
    let mut rows =
        vec![strict!("jsonb_cmp", (a: Jsonb, b: Jsonb) -> Int4 => Ok(order::compare(a, b) as i32)).safe()];
    let orders: [(&str, &str, Holds); 6] = [
        ("=", "jsonb_eq", Ordering::is_eq),
        ("<>", "jsonb_ne", Ordering::is_ne),
        ("<", "jsonb_lt", Ordering::is_lt),
        ("<=", "jsonb_le", Ordering::is_le),
        (">", "jsonb_gt", Ordering::is_gt),
        (">=", "jsonb_ge", Ordering::is_ge),
    ];
    for (sign, function, holds) in orders {
        rows.extend(both(sign, function, &[jsonb, jsonb], move |arguments, row| {
            Ok(holds(order::compare(text(arguments, 0, row)?, text(arguments, 1, row)?)))
        }));
    }
    rows.extend(both("@>", "jsonb_contains", &[jsonb, jsonb], |arguments, row| {
        Ok(contain::contains(text(arguments, 0, row)?, text(arguments, 1, row)?))
    }));
    rows.extend(both("<@", "jsonb_contained", &[jsonb, jsonb], |arguments, row| {
        Ok(contain::contains(text(arguments, 1, row)?, text(arguments, 0, row)?))
    }));
    rows.extend(both("?", "jsonb_exists", &[jsonb, name], |arguments, row| {
        Ok(edit::exists(text(arguments, 0, row)?, text(arguments, 1, row)?))
    }));
    rows.extend(both("?|", "jsonb_exists_any", &[jsonb, names], |arguments, row| {
        let value = text(arguments, 0, row)?;
        Ok(texts(arguments, 1, row)?.iter().flatten().any(|name| edit::exists(value, name)))
    }));
    rows.extend(both("?&", "jsonb_exists_all", &[jsonb, names], |arguments, row| {
        let value = text(arguments, 0, row)?;
        Ok(texts(arguments, 1, row)?.iter().flatten().all(|name| edit::exists(value, name)))
    }));
    rows
}

/// The rows of an operator and of its function, which never fail and give a boolean.
fn both(
    sign: &'static str,
    function: &'static str,
    arguments: &[Param],
    answer: impl Fn(&[Argument], usize) -> SqlResult<bool> + Clone + Send + Sync + 'static,
) -> [Row; 2] {
    [sign, function].map(|name| {
        let answer = answer.clone();
        let kernel = move |call: &Call<'_>| {
            let mut answers = BooleanBuilder::with_capacity(call.rows);
            for row in 0..call.rows {
                if call.any_null(row) {
                    answers.append_null();
                } else {
                    answers.append_value(answer(call.arguments, row)?);
                }
            }
            let array: arrow::array::ArrayRef = Arc::new(answers.finish());
            Ok(array)
        };
        Row::new(name, arguments.to_vec(), Param::Of(Kind::Boolean), Body::Kernel(Arc::new(kernel))).safe()
    })
}
