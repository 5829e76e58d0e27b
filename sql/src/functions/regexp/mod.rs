//! Regular expressions: the operators `~`, `~*`, `!~`, `!~*`, the `regexp_…` functions, `substring` from a
//! pattern, and what SIMILAR TO is made of.

pub mod cache;
pub mod engine;
pub mod find;
pub mod flags;
pub mod functions;
pub mod similar;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use arrow::array::{ArrayRef, ListBuilder, StringArray, StringBuilder};
use millstream_catalog::Kind;

use crate::error::SqlResult;
use crate::functions::adapt::{Input, Text};
use crate::functions::registry::{Call, Param, Row, whole};
use crate::functions::text::lists::{TextLists, check_column, strict};
use crate::{lenient, strict};
use functions::{Wanted, matches, part, position, replace_from};
use similar::similar_to_escape;

const TEXT: Param = Param::Of(Kind::Text);
const TEXTS: Param = Param::ArrayOf(Kind::Text);

/// The registry rows.
pub fn rows() -> Vec<Row> {
    [operators(), searches(), positions(), parts(), replacements(), lists(), similar()].concat()
}

fn operators() -> Vec<Row> {
    vec![
        strict!("~", (s: Text, p: Text) -> Bool => matches(s, p, false)),
        strict!("~", (s: Name, p: Text) -> Bool => matches(s, p, false)),
        strict!("~", (s: Bpchar, p: Text) -> Bool => matches(s, p, false)),
        strict!("~*", (s: Text, p: Text) -> Bool => matches(s, p, true)),
        strict!("~*", (s: Name, p: Text) -> Bool => matches(s, p, true)),
        strict!("~*", (s: Bpchar, p: Text) -> Bool => matches(s, p, true)),
        strict!("!~", (s: Text, p: Text) -> Bool => Ok(!matches(s, p, false)?)),
        strict!("!~", (s: Name, p: Text) -> Bool => Ok(!matches(s, p, false)?)),
        strict!("!~", (s: Bpchar, p: Text) -> Bool => Ok(!matches(s, p, false)?)),
        strict!("!~*", (s: Text, p: Text) -> Bool => Ok(!matches(s, p, true)?)),
        strict!("!~*", (s: Name, p: Text) -> Bool => Ok(!matches(s, p, true)?)),
        strict!("!~*", (s: Bpchar, p: Text) -> Bool => Ok(!matches(s, p, true)?)),
    ]
}

fn searches() -> Vec<Row> {
    vec![
        strict!("regexp_like", (s: Text, p: Text) -> Bool => functions::like(s, p, "")),
        strict!("regexp_like", (s: Text, p: Text, options: Text) -> Bool => functions::like(s, p, options)),
        strict!("regexp_count", (s: Text, p: Text) -> Int4 => functions::count(s, p, 1, "")),
        strict!("regexp_count", (s: Text, p: Text, start: Int4) -> Int4 => functions::count(s, p, start, "")),
        strict!("regexp_count", (s: Text, p: Text, start: Int4, options: Text) -> Int4 =>
            functions::count(s, p, start, options)),
    ]
}

fn positions() -> Vec<Row> {
    vec![
        strict!("regexp_instr", (s: Text, p: Text) -> Int4 => position(s, p, &Wanted::default(), 0)),
        strict!("regexp_instr", (s: Text, p: Text, start: Int4) -> Int4 =>
            position(s, p, &Wanted { start, ..Wanted::default() }, 0)),
        strict!("regexp_instr", (s: Text, p: Text, start: Int4, n: Int4) -> Int4 =>
            position(s, p, &Wanted { start, n, ..Wanted::default() }, 0)),
        strict!("regexp_instr", (s: Text, p: Text, start: Int4, n: Int4, end: Int4) -> Int4 =>
            position(s, p, &Wanted { start, n, ..Wanted::default() }, end)),
        strict!("regexp_instr", (s: Text, p: Text, start: Int4, n: Int4, end: Int4, options: Text) -> Int4 =>
            position(s, p, &Wanted { start, n, options, group: 0 }, end)),
        strict!("regexp_instr",
            (s: Text, p: Text, start: Int4, n: Int4, end: Int4, options: Text, group: Int4) -> Int4 =>
            position(s, p, &Wanted { start, n, options, group }, end)),
    ]
}

fn owned(text: SqlResult<Option<&str>>) -> SqlResult<Option<String>> {
    text.map(|text| text.map(str::to_owned))
}

/// Functions whose answer is a part of the text, or NULL where nothing matches. They are strict for all that.
fn parts() -> Vec<Row> {
    let rows = vec![
        lenient!("substring", (s: Text, p: Text) -> Text => {
            let (Some(s), Some(p)) = (s, p) else { return Ok(None) };
            owned(functions::substring(s, p))
        }),
        lenient!("substring", (s: Text, p: Text, escape: Text) -> Text => {
            let (Some(s), Some(p), Some(escape)) = (s, p, escape) else { return Ok(None) };
            let pattern = similar_to_escape(p, escape)?;
            owned(functions::substring(s, &pattern))
        }),
        lenient!("regexp_substr", (s: Text, p: Text) -> Text => {
            let (Some(s), Some(p)) = (s, p) else { return Ok(None) };
            owned(part(s, p, &Wanted::default()))
        }),
        lenient!("regexp_substr", (s: Text, p: Text, start: Int4) -> Text => {
            let (Some(s), Some(p), Some(start)) = (s, p, start) else { return Ok(None) };
            owned(part(s, p, &Wanted { start, ..Wanted::default() }))
        }),
        lenient!("regexp_substr", (s: Text, p: Text, start: Int4, n: Int4) -> Text => {
            let (Some(s), Some(p), Some(start), Some(n)) = (s, p, start, n) else { return Ok(None) };
            owned(part(s, p, &Wanted { start, n, ..Wanted::default() }))
        }),
        lenient!("regexp_substr", (s: Text, p: Text, start: Int4, n: Int4, options: Text) -> Text => {
            let (Some(s), Some(p), Some(start), Some(n), Some(options)) = (s, p, start, n, options) else {
                return Ok(None);
            };
            owned(part(s, p, &Wanted { start, n, options, group: 0 }))
        }),
        lenient!("regexp_substr",
            (s: Text, p: Text, start: Int4, n: Int4, options: Text, group: Int4) -> Text => {
            let (Some(s), Some(p), Some(start)) = (s, p, start) else { return Ok(None) };
            let (Some(n), Some(options), Some(group)) = (n, options, group) else { return Ok(None) };
            owned(part(s, p, &Wanted { start, n, options, group }))
        }),
    ];
    rows.into_iter().map(strict).collect()
}

fn replacements() -> Vec<Row> {
    vec![
        strict!("regexp_replace", (s: Text, p: Text, new: Text) -> Text => functions::replace(s, p, new, ""))
            .grows(),
        strict!("regexp_replace", (s: Text, p: Text, new: Text, options: Text) -> Text =>
            functions::replace(s, p, new, options))
        .grows(),
        strict!("regexp_replace", (s: Text, p: Text, new: Text, start: Int4) -> Text =>
            replace_from(s, p, new, start, None, ""))
        .grows(),
        strict!("regexp_replace", (s: Text, p: Text, new: Text, start: Int4, n: Int4) -> Text =>
            replace_from(s, p, new, start, Some(n), ""))
        .grows(),
        strict!("regexp_replace",
            (s: Text, p: Text, new: Text, start: Int4, n: Int4, options: Text) -> Text =>
            replace_from(s, p, new, start, Some(n), options))
        .grows(),
    ]
}

fn lists() -> Vec<Row> {
    let both = |name, returns, kernel: fn(&Call<'_>) -> SqlResult<ArrayRef>| {
        let row = |arguments: &[Param]| strict(whole(name, arguments, returns, kernel));
        [row(&[TEXT, TEXT]), row(&[TEXT, TEXT, TEXT])]
    };
    let split_to_array: fn(&Call<'_>) -> SqlResult<ArrayRef> =
        |call| split_rows(call, "regexp_split_to_array()");
    let split_to_table: fn(&Call<'_>) -> SqlResult<ArrayRef> =
        |call| split_rows(call, "regexp_split_to_table()");
    let mut rows = vec![];
    rows.extend(both("regexp_match", TEXTS, match_rows));
    rows.extend(both("regexp_matches", TEXTS, matches_rows).map(Row::set));
    rows.extend(both("regexp_split_to_array", TEXTS, split_to_array));
    rows.extend(both("regexp_split_to_table", TEXT, split_to_table).map(Row::set));
    rows
}

/// What is done with the text, the pattern and the options of one row; None where one of them is NULL.
type EachRow<'a> = &'a mut dyn FnMut(Option<(&str, &str, &str)>) -> SqlResult<()>;

/// Goes through the two or three texts of each row; options that are not given are empty.
fn each_row(call: &Call<'_>, each: EachRow<'_>) -> SqlResult<()> {
    let columns = call
        .arguments
        .iter()
        .map(|argument| Text::array(argument.array.as_ref()))
        .collect::<SqlResult<Vec<&StringArray>>>()?;
    for row in 0..call.rows {
        if call.any_null(row) {
            each(None)?;
            continue;
        }
        let value = |index: usize| match (call.arguments.get(index), columns.get(index)) {
            (Some(argument), Some(column)) => column.value(argument.at(row)),
            _ => "",
        };
        each(Some((value(0), value(1), value(2))))?;
    }
    Ok(())
}

fn match_rows(call: &Call<'_>) -> SqlResult<ArrayRef> {
    let mut answers = TextLists::new(call.rows);
    each_row(call, &mut |row| {
        let found = match row {
            Some((text, pattern, options)) => {
                functions::first_match(text, pattern, options, &mut |group| answers.push_option(group))?
            }
            None => false,
        };
        if found {
            answers.end()
        } else {
            answers.null()
        }
        Ok(())
    })?;
    Ok(answers.finish())
}

fn matches_rows(call: &Call<'_>) -> SqlResult<ArrayRef> {
    let mut answers = ListBuilder::new(ListBuilder::new(StringBuilder::new()));
    each_row(call, &mut |row| {
        let Some((text, pattern, options)) = row else {
            answers.append(false);
            return Ok(());
        };
        functions::all_matches(text, pattern, options, &mut |groups| {
            let lists = answers.values();
            for group in groups {
                check_column(lists.values(), group.map_or(0, str::len))?;
                lists.values().append_option(group);
            }
            lists.append(true);
            Ok(())
        })?;
        answers.append(true);
        Ok(())
    })?;
    Ok(Arc::new(answers.finish()))
}

fn split_rows(call: &Call<'_>, function: &str) -> SqlResult<ArrayRef> {
    let mut answers = TextLists::new(call.rows);
    each_row(call, &mut |row| {
        let Some((text, pattern, options)) = row else {
            answers.null();
            return Ok(());
        };
        functions::split(text, pattern, options, function, &mut |part| answers.push(part))?;
        answers.end();
        Ok(())
    })?;
    Ok(answers.finish())
}

fn similar() -> Vec<Row> {
    vec![
        strict!("similar_to_escape", (p: Text) -> Text => similar_to_escape(p, "\\")).grows(),
        strict!("similar_to_escape", (p: Text, escape: Text) -> Text => similar_to_escape(p, escape)).grows(),
        lenient!("similar_escape", (p: Text, escape: Text) -> Text =>
            p.map(|p| similar_to_escape(p, escape.unwrap_or("\\"))).transpose())
        .grows(),
    ]
}
