//! Changing jsonb (and stripping json).

use std::borrow::Cow;

use millstream_catalog::Kind;

use super::{argument, boolean, int4, spread, text, texts, texts_of, textual};
use crate::error::{SqlError, SqlResult, SqlState};
use crate::functions::registry::{Argument, Param, Row, whole};
use crate::types::json::edit::{Change, change, concat, delete_element, delete_keys};
use crate::types::json::{shape, wrong_kind};

const JSON: Param = Param::Of(Kind::Json);
const JSONB: Param = Param::Of(Kind::Jsonb);
const TEXT: Param = Param::Of(Kind::Text);
const INT4: Param = Param::Of(Kind::Int4);
const BOOLEAN: Param = Param::Of(Kind::Boolean);
const TEXTS: Param = Param::ArrayOf(Kind::Text);

/// The rows of changing.
pub fn rows() -> Vec<Row> {
    let mut rows = vec![];
    for name in ["||", "jsonb_concat"] {
        rows.push(textual(name, &[JSONB, JSONB], JSONB, |arguments, row| {
            owned(concat(text(arguments, 0, row)?, text(arguments, 1, row)?))
        }));
    }
    for name in ["-", "jsonb_delete"] {
        rows.push(textual(name, &[JSONB, TEXT], JSONB, |arguments, row| {
            owned(delete_keys(text(arguments, 0, row)?, &[text(arguments, 1, row)?]))
        }));
        rows.push(textual(name, &[JSONB, INT4], JSONB, |arguments, row| {
            owned(delete_element(text(arguments, 0, row)?, int4(arguments, 1, row)?))
        }));
    }
    rows.push(textual("-", &[JSONB, TEXTS], JSONB, |arguments, row| {
        delete_many(arguments, &texts(arguments, 1, row)?, row)
    }));
    // A NULL among the names, which come as arguments of their own, is no NULL array.
    let many = whole("jsonb_delete", &[JSONB, TEXT], JSONB, |call| {
        texts_of(call, false, &|arguments, row| {
            let array = arguments.get(1).filter(|argument| argument.sql_type.element().is_some());
            if argument(arguments, 0)?.is_null(row) || array.is_some_and(|array| array.is_null(row)) {
                return Ok(None);
            }
            delete_many(arguments, &spread(arguments, 1, row)?, row)
        })
    });
    rows.push(many.variadic());
    for name in ["#-", "jsonb_delete_path"] {
        rows.push(textual(name, &[JSONB, TEXTS], JSONB, |arguments, row| {
            owned(change(text(arguments, 0, row)?, &texts(arguments, 1, row)?, Change::Delete))
        }));
    }
    rows.extend([
        textual("jsonb_set", &[JSONB, TEXTS, JSONB, BOOLEAN], JSONB, |arguments, row| {
            let create = boolean(arguments, 3, row, true)?;
            set(arguments, row, Change::Set { value: text(arguments, 2, row)?, create })
        })
        .defaults(1),
        textual("jsonb_insert", &[JSONB, TEXTS, JSONB, BOOLEAN], JSONB, |arguments, row| {
            let after = boolean(arguments, 3, row, false)?;
            set(arguments, row, Change::Insert { value: text(arguments, 2, row)?, after })
        })
        .defaults(1),
        whole("jsonb_set_lax", &[JSONB, TEXTS, JSONB, BOOLEAN, TEXT], JSONB, |call| {
            texts_of(call, false, &set_lax)
        })
        .defaults(2),
        textual("json_strip_nulls", &[JSON], JSON, |arguments, row| {
            owned(shape::strip_json(text(arguments, 0, row)?))
        }),
        textual("jsonb_strip_nulls", &[JSONB], JSONB, |arguments, row| {
            owned(shape::strip_jsonb(text(arguments, 0, row)?))
        }),
        textual("jsonb_pretty", &[JSONB], TEXT, |arguments, row| {
            owned(shape::pretty(text(arguments, 0, row)?))
        })
        .grows(),
    ]);
    rows
}

type Answer<'a> = SqlResult<Option<Cow<'a, str>>>;

fn owned<'a>(answer: SqlResult<String>) -> Answer<'a> {
    answer.map(|answer| Some(Cow::Owned(answer)))
}

fn delete_many<'a>(arguments: &'a [Argument], names: &[Option<&str>], row: usize) -> Answer<'a> {
    let names: Vec<&str> = names.iter().flatten().copied().collect();
    owned(delete_keys(text(arguments, 0, row)?, &names))
}

fn set<'a>(arguments: &'a [Argument], row: usize, what: Change<'_>) -> Answer<'a> {
    owned(change(text(arguments, 0, row)?, &texts(arguments, 1, row)?, what))
}

/// `jsonb_set_lax`: as `jsonb_set`, but the last argument says what a NULL for the new value means.
fn set_lax(arguments: &[Argument], row: usize) -> Answer<'_> {
    let null = |index: usize| arguments.get(index).is_some_and(|argument| argument.is_null(row));
    if null(0) || null(1) || null(3) {
        return Ok(None);
    }
    let unknown = || {
        let message = "null_value_treatment must be \"delete_key\", \"return_target\", \"use_json_null\", or \
                       \"raise_exception\"";
        wrong_kind(message)
    };
    if null(4) {
        return Err(unknown());
    }
    let create = boolean(arguments, 3, row, true)?;
    if !null(2) {
        return set(arguments, row, Change::Set { value: text(arguments, 2, row)?, create });
    }
    let treatment = if arguments.len() > 4 { text(arguments, 4, row)? } else { "use_json_null" };
    match treatment {
        "raise_exception" => {
            let detail = "Exception was raised because null_value_treatment is \"raise_exception\".";
            let hint = "To avoid, either change the null_value_treatment argument or ensure that an SQL NULL is \
                        not passed.";
            let error = SqlError::new(SqlState::NullNotAllowed, "JSON value must not be null");
            Err(error.with_detail(detail).with_hint(hint))
        }
        "use_json_null" => set(arguments, row, Change::Set { value: "null", create }),
        "delete_key" => set(arguments, row, Change::Delete),
        "return_target" => Ok(Some(Cow::Borrowed(text(arguments, 0, row)?))),
        _ => Err(unknown()),
    }
}
