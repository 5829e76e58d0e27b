//! json_agg, jsonb_agg, json_object_agg, jsonb_object_agg.
//!
//! The state of a group is the text of its answer without the brackets, as far as that is known before the
//! settings are ([`defer`]). As bytes: one for what is known of it, then the text.
//!
//! ```text
//!  json_agg          1, 2, 3                 → [1, 2, 3]
//!  json_object_agg   "a" : 1, "b" : 2        → { "a" : 1, "b" : 2 }
//! ```

use std::sync::Arc;

use arrow::array::{ArrayRef, StringArray};
use millstream_catalog::{Kind, SqlType};

use crate::error::{SqlError, SqlResult};
use crate::functions::registry::{Accumulator, Argument, Param, Row, Volatility, aggregate};
use crate::types::environment::Environment;
use crate::types::json::build::{self, Layout};
use crate::types::json::{canonical, check_size, defer, wrong_kind};

/// The rows of aggregates.
pub fn rows() -> Vec<Row> {
    let (json, jsonb) = (Param::Of(Kind::Json), Param::Of(Kind::Jsonb));
    vec![
        aggregate("json_agg", &[Param::AnyElement], json, |types, _| collect(false, false, types)),
        aggregate("jsonb_agg", &[Param::AnyElement], jsonb, |types, _| collect(false, true, types)).grows(),
        aggregate("json_object_agg", &[Param::Any, Param::Any], json, |types, _| collect(true, false, types)),
        aggregate("jsonb_object_agg", &[Param::Any, Param::Any], jsonb, |types, _| {
            collect(true, true, types)
        })
        .grows(),
    ]
    .into_iter()
    .map(|row| row.stable().takes_null())
    // PostgreSQL says of this one alone that it is immutable.
    .map(
        |row| {
            if row.name == "jsonb_object_agg" {
                Row { volatility: Volatility::Immutable, ..row }
            } else {
                row
            }
        },
    )
    .collect()
}

/// The state of a group.
#[derive(Debug)]
struct Collected {
    /// Fields, not elements.
    object: bool,
    /// The answer is jsonb.
    binary: bool,
    /// What stands between two elements.
    separator: &'static str,
    text: String,
    /// Whether there was a row.
    any: bool,
    /// Whether the text is yet to be put into jsonb's form.
    raw: bool,
}

const ANY: u8 = 1;
const RAW: u8 = 2;

fn collect(object: bool, binary: bool, types: &[SqlType]) -> Box<dyn Accumulator> {
    let nested = types.first().is_some_and(|first| first.element().is_some() || first.kind().is_none());
    // json_agg gives arrays and records lines of their own.
    let separator = if nested && !object && !binary { ", \n " } else { ", " };
    Box::new(Collected { object, binary, separator, text: String::new(), any: false, raw: object && binary })
}

impl Collected {
    /// What stands before the next element, if one was there; NULL stays in its line.
    fn separate(&mut self, is_null: bool) {
        if self.any {
            self.text.push_str(if is_null { ", " } else { self.separator });
        }
    }

    fn value(&mut self, argument: &Argument, row: usize) -> SqlResult<()> {
        let (sql_type, array, at) = (&argument.sql_type, argument.array.as_ref(), argument.at(row));
        if !self.binary || self.raw || argument.is_null(row) || build::is_canonical(sql_type) {
            return build::write(sql_type, array, at, None, Layout::Flat, &mut self.text);
        }
        let mut text = String::new();
        build::write(sql_type, array, at, None, Layout::Flat, &mut text)?;
        if defer::is_unfinished(&text) {
            self.raw = true;
            self.text.push_str(&text);
            Ok(())
        } else {
            canonical::write(&text, &mut self.text)
        }
    }
}

impl Accumulator for Collected {
    fn update(&mut self, arguments: &[Argument], row: usize) -> SqlResult<()> {
        let missing = || SqlError::internal("an argument is missing");
        let first = arguments.first().ok_or_else(missing)?;
        self.separate(!self.object && first.is_null(row));
        self.any = true;
        if self.object {
            if first.is_null(row) {
                return Err(wrong_kind("field name must not be null"));
            }
            let (array, at) = (first.array.as_ref(), first.at(row));
            build::write_key(&first.sql_type, array, at, None, &mut self.text)?;
            self.text.push_str(" : ");
            self.value(arguments.get(1).ok_or_else(missing)?, row)?;
        } else {
            self.value(first, row)?;
        }
        check_size(self.text.len())
    }

    fn state(&self) -> SqlResult<Vec<u8>> {
        let flags = if self.any { ANY } else { 0 } | if self.raw { RAW } else { 0 };
        Ok([&[flags], self.text.as_bytes()].concat())
    }

    fn merge(&mut self, state: &[u8]) -> SqlResult<()> {
        let damaged = || SqlError::internal("the state of an aggregate of JSON is damaged");
        let (flags, text) = state.split_first().ok_or_else(damaged)?;
        if flags & ANY == 0 {
            return Ok(());
        }
        self.separate(text.starts_with(b"null"));
        check_size(self.text.len() + text.len())?;
        self.text.push_str(std::str::from_utf8(text).map_err(|_| damaged())?);
        self.any = true;
        self.raw |= flags & RAW != 0;
        Ok(())
    }

    fn finish(&self, environment: &Environment) -> SqlResult<ArrayRef> {
        if !self.any {
            return Ok(Arc::new(StringArray::new_null(1)));
        }
        let brackets = match (self.object, self.binary) {
            (true, false) => ("{ ", " }"),
            (true, true) => ("{", "}"),
            (false, _) => ("[", "]"),
        };
        let mut answer = [brackets.0, &self.text, brackets.1].concat();
        if defer::is_unfinished(&answer) {
            answer = defer::resolve(&answer, environment)?;
        }
        if self.raw {
            let mut form = String::with_capacity(answer.len());
            canonical::write(&answer, &mut form)?;
            answer = form;
        }
        check_size(answer.len())?;
        Ok(Arc::new(StringArray::from(vec![answer])))
    }

    fn size(&self) -> usize {
        std::mem::size_of::<Self>() + self.text.capacity()
    }
}
