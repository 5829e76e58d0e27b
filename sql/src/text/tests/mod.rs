//! The parser through its front door: text in, statement or error out.

mod bounds;
mod definitions;
mod lexical;
mod queries;
mod sessions;

use super::*;
use crate::text::limits::PLANNING_STACK_BYTES;
use crate::text::statement::*;
use datafusion::sql::sqlparser::ast::{Expr, SetExpr, TableFactor};
use millstream_catalog::Emit;

/// A statement in one line: our own words, with sqlparser's trees printed as SQL.
fn shown(statement: &Statement) -> String {
    match statement {
        Statement::Query(query) => format!("query {query}"),
        Statement::Insert(insert) => {
            let source = insert.source.as_ref().map_or("defaults".to_owned(), |source| source.to_string());
            let returning: Vec<String> = insert.returning.iter().map(|item| item.to_string()).collect();
            format!("insert {} {:?} {source} {returning:?}", insert.target, insert.columns)
        }
        Statement::CreateStream(stream) => {
            let columns: Vec<String> = stream.columns.iter().map(column).collect();
            let watermark =
                stream.watermark.as_ref().map(|(name, expression)| format!("{name} as {expression}"));
            format!(
                "stream {} {} [{}] {watermark:?} {:?} {:?}",
                stream.name,
                stream.if_not_exists,
                columns.join(", "),
                stream.partition_by,
                stream.options
            )
        }
        Statement::CreateView(view) => {
            format!(
                "view {} {} {} {:?} {}",
                view.name, view.or_replace, view.if_not_exists, view.columns, view.query
            )
        }
        Statement::CreateMaterializedView(view) => materialized(view),
        Statement::Subscribe(subscribe) => subscription(subscribe),
        Statement::CopyTo(copy) => {
            let source = match &copy.source {
                CopySource::Query(query) => query.to_string(),
                CopySource::Subscribe(subscribe) => subscription(subscribe),
            };
            format!("copy to: {source} {}", options(&copy.options))
        }
        Statement::CopyFrom(copy) => {
            let matched = if copy.options.header_match { " match" } else { "" };
            format!("copy from: {} {:?} {}{matched}", copy.target, copy.columns, options(&copy.options))
        }
        Statement::Declare { name, source, hold } => {
            let source = match source {
                CursorSource::Query(query) => query.to_string(),
                CursorSource::Subscribe(subscribe) => subscription(subscribe),
            };
            format!("declare {name} {hold}: {source}")
        }
        Statement::Explain(Explain { what: Explained::Query { query, analyze, verbose }, .. }) => {
            format!("explain {analyze} {verbose} {query}")
        }
        Statement::Explain(Explain { what: Explained::Create(view), .. }) => {
            format!("explain {}", materialized(view))
        }
        Statement::Execute { name, arguments } => {
            let arguments: Vec<String> = arguments.iter().map(|argument| argument.to_string()).collect();
            format!("execute {name} {arguments:?}")
        }
        Statement::Prepare { name, prepared, types } => format!("prepare {name} {types:?} {}", prepared.text),
        other => format!("{other:?}"),
    }
}

fn column(column: &ColumnDefinition) -> String {
    let default = column.default.as_ref().map_or(String::new(), |default| format!(" default {default}"));
    let not_null = if column.not_null { " not null" } else { "" };
    format!("{} {}{not_null}{default}", column.name, column.data_type)
}

fn materialized(view: &CreateMaterializedView) -> String {
    let emit = if view.emit == Emit::OnUpdate { "update" } else { "close" };
    let flags = format!("{} {}", view.or_replace, view.if_not_exists);
    format!("mv {} {flags} {:?} {:?} {emit} {}", view.name, view.columns, view.options, view.query)
}

fn subscription(subscribe: &Subscribe) -> String {
    let source = match &subscribe.source {
        SubscribeSource::Relation(name) => name.to_string(),
        SubscribeSource::Query(query) => format!("({query})"),
    };
    let Subscribe { snapshot, progress, as_of, up_to, .. } = subscribe;
    format!("subscribe {source} {snapshot} {progress} {as_of:?} {up_to:?}")
}

fn options(options: &CopyOptions) -> String {
    let CopyOptions { format, header, delimiter, null, quote, escape, .. } = options;
    let [delimiter, quote, escape] = [delimiter, quote, escape].map(|byte| char::from(*byte));
    format!("{format:?} {header} {delimiter:?} {null:?} {quote:?} {escape:?}")
}

fn one(text: &str) -> Parsed {
    let mut statements = parse(text).unwrap_or_else(|error| panic!("{text}: {error:?}"));
    assert_eq!(statements.len(), 1, "{text}");
    statements.remove(0)
}

#[track_caller]
fn reads(cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        assert_eq!(shown(&one(text).statement), *expected, "{text}");
    }
}

/// Each text fails with the SQLSTATE, at the position (0 for none), with the message.
#[track_caller]
fn fails(cases: &[(&str, &str, usize, &str)]) {
    for (text, state, position, message) in cases {
        let error = match parse(text) {
            Ok(statements) => panic!("{text}: {}", shown(&statements[0].statement)),
            Err(error) => error,
        };
        let found = (error.state.code(), error.position.unwrap_or(0), error.message.as_str());
        assert_eq!(found, (*state, *position, *message), "{text}: {error:?}");
        // PostgreSQL's own errors of options of COPY have no hint.
        let of_copy = text.starts_with("COPY ") && !message.ends_with("built");
        assert!(*state != "0A000" || error.hint.is_some() || of_copy, "{text}: no hint");
    }
}

/// Runs on a thread with the stack that the limits are made for.
fn with_planning_stack(work: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(PLANNING_STACK_BYTES).spawn(work);
    thread.expect("a thread").join().expect("no panic");
}
