//! DataFusion's errors as a Postgres user should read them: the SQLSTATE that Postgres gives, its message where
//! there is one, and no wrappers. Errors of ours that went through DataFusion come out as they went in.

use arrow::error::ArrowError;
use datafusion::common::{Column, SchemaError};
use datafusion::error::DataFusionError;

use crate::error::{SqlError, SqlState};

/// The error that a user is shown.
pub fn from_datafusion(error: &DataFusionError) -> SqlError {
    SqlError { position: None, ..from_datafusion_in_text(error) }
}

/// The same with its position, where DataFusion knows it, for what was planned from the client's own text.
pub fn from_datafusion_in_text(error: &DataFusionError) -> SqlError {
    match error {
        DataFusionError::Diagnostic(diagnostic, inner) => {
            let found = from_datafusion_in_text(inner);
            let at = diagnostic.span.and_then(|span| position(span.start.column));
            SqlError { position: found.position.or(at), ..found }
        }
        DataFusionError::Context(_, inner) => from_datafusion_in_text(inner),
        DataFusionError::Shared(inner) => from_datafusion_in_text(inner),
        DataFusionError::Collection(errors) => match errors.first() {
            Some(first) => from_datafusion_in_text(first),
            None => SqlError::internal("an error without a cause"),
        },
        DataFusionError::External(inner) => {
            if let Some(ours) = inner.downcast_ref::<SqlError>() {
                return ours.clone();
            }
            if let Some(nested) = inner.downcast_ref::<DataFusionError>() {
                return from_datafusion_in_text(nested);
            }
            match inner.downcast_ref::<ArrowError>() {
                Some(arrow) => from_arrow(arrow),
                None => from_message(&inner.to_string(), SqlState::InternalError),
            }
        }
        DataFusionError::ArrowError(arrow, _) => from_arrow(arrow),
        DataFusionError::SchemaError(schema, _) => from_schema(schema),
        DataFusionError::Plan(message)
        | DataFusionError::Configuration(message)
        | DataFusionError::Internal(message) => from_message(message, SqlState::InternalError),
        DataFusionError::Execution(message) => from_message(message, SqlState::InvalidParameterValue),
        DataFusionError::NotImplemented(message) => from_message(message, SqlState::FeatureNotSupported),
        DataFusionError::ResourcesExhausted(message) => {
            SqlError::new(SqlState::OutOfMemory, "the query needs more memory than the budget allows")
                .with_detail(clean(message))
                .with_hint("make the query read or keep less, or raise the memory budget")
        }
        other => from_message(&other.to_string(), SqlState::InternalError),
    }
}

/// The position in characters from 1 that the column of a span is (see the lexer on locations); None for a tree that
/// was not read from text.
pub fn position(column: u64) -> Option<usize> {
    usize::try_from(column).ok().filter(|position| *position > 0)
}

fn from_arrow(error: &ArrowError) -> SqlError {
    match error {
        ArrowError::DivideByZero => SqlError::new(SqlState::DivisionByZero, "division by zero"),
        ArrowError::ArithmeticOverflow(message) => {
            let error = SqlError::new(SqlState::NumericOutOfRange, "value out of range");
            error.with_detail(clean(message))
        }
        ArrowError::ExternalError(inner) => {
            if let Some(ours) = inner.downcast_ref::<SqlError>() {
                return ours.clone();
            }
            match inner.downcast_ref::<DataFusionError>() {
                Some(nested) => from_datafusion_in_text(nested),
                None => from_message(&inner.to_string(), SqlState::InternalError),
            }
        }
        ArrowError::CastError(message)
        | ArrowError::ParseError(message)
        | ArrowError::ComputeError(message)
        | ArrowError::InvalidArgumentError(message) => from_message(message, SqlState::InternalError),
        ArrowError::OffsetOverflowError(_) => {
            SqlError::new(SqlState::ProgramLimit, "more than 2 GiB of text in one batch")
        }
        other => from_message(&other.to_string(), SqlState::InternalError),
    }
}

fn from_schema(error: &SchemaError) -> SqlError {
    let at = |column: &Column| position(column.spans().first()?.start.column);
    match error {
        SchemaError::AmbiguousReference { field } => SqlError {
            position: at(field),
            ..SqlError::new(
                SqlState::AmbiguousColumn,
                format!("column reference \"{}\" is ambiguous", field.name),
            )
        },
        SchemaError::FieldNotFound { field, valid_fields } => {
            let known = |relation: &datafusion::common::TableReference| {
                valid_fields
                    .iter()
                    .filter_map(|field| field.relation.as_ref())
                    .any(|other| relation.resolved_eq(other))
            };
            let missing = match &field.relation {
                Some(relation) if !known(relation) && !valid_fields.is_empty() => SqlError::new(
                    SqlState::UndefinedTable,
                    format!("missing FROM-clause entry for table \"{}\"", relation.table()),
                ),
                Some(relation) => SqlError::new(
                    SqlState::UndefinedColumn,
                    format!("column {}.{} does not exist", relation.table(), field.name),
                ),
                None => SqlError::new(
                    SqlState::UndefinedColumn,
                    format!("column \"{}\" does not exist", field.name),
                ),
            };
            SqlError { position: at(field), ..missing }
        }
        SchemaError::DuplicateQualifiedField { qualifier, name } => SqlError::new(
            SqlState::DuplicateColumn,
            format!(
                "column {}.{name} is there twice: relation \"{0}\" specified more than once",
                qualifier.table()
            ),
        )
        .with_hint("give one of the relations an alias"),
        SchemaError::DuplicateUnqualifiedField { name } => SqlError::new(
            SqlState::DuplicateColumn,
            format!("column \"{}\" specified more than once", crate::names::output_name(name)),
        ),
    }
}

/// A text of DataFusion's or Arrow's as its users should read it.
struct Said {
    /// Words that it says.
    needle: &'static str,
    state: SqlState,
    /// The message that is given instead.
    message: &'static str,
}

const fn said(needle: &'static str, state: SqlState, message: &'static str) -> Said {
    Said { needle, state, message }
}

/// What is still said while a plan is made ready and run: all that the binder refuses itself does not come here. The
/// first that fits wins; a test has the whole text of each.
#[rustfmt::skip]
const SAID: &[Said] = &[
    said("ivide by zero", SqlState::DivisionByZero, "division by zero"),
    said("returned more than one row", SqlState::CardinalityViolation,
        "more than one row returned by a subquery used as an expression"),
    said("more than one row", SqlState::CardinalityViolation,
        "more than one row returned by a subquery used as an expression"),
    said("LIMIT must", SqlState::InvalidRowCountInLimit, "LIMIT must not be negative"),
    said("OFFSET must", SqlState::InvalidRowCountInOffset, "OFFSET must not be negative"),
    said("unique expression names", SqlState::DuplicateColumn, "a column name is specified more than once"),
    said("regex parse error", SqlState::InvalidRegularExpression, "invalid regular expression"),
    said("Compiled regex exceeds", SqlState::ProgramLimit, "regular expression is too large"),
    said("too large to store in a Decimal", SqlState::NumericOutOfRange, "numeric field overflow"),
    said("Can't cast value", SqlState::NumericOutOfRange, "value out of range"),
    said("verflow", SqlState::NumericOutOfRange, "value out of range"),
    said("out of range", SqlState::NumericOutOfRange, "value out of range"),
    said("Error parsing timestamp", SqlState::InvalidDatetime, "invalid input syntax for type timestamp"),
    said("Cannot cast string", SqlState::InvalidTextRepresentation, "invalid input syntax"),
    said("Unsupported CAST", SqlState::CannotCoerce, "cannot cast between these types"),
    said("Physical plan does not support logical expression", SqlState::FeatureNotSupported,
        "this form of subquery is not supported"),
];

/// What is said in plain text; text that nobody expects is an internal error, and its words are the DETAIL.
fn from_message(message: &str, otherwise: SqlState) -> SqlError {
    if let Some(known) = SAID.iter().find(|known| message.contains(known.needle)) {
        return SqlError::new(known.state, known.message);
    }
    let what = match otherwise {
        SqlState::FeatureNotSupported => "this query is not supported",
        SqlState::InvalidParameterValue => "a function was given a value that it does not take",
        _ => "the query could not be planned or run",
    };
    SqlError::new(otherwise, what).with_detail(clean(message))
}

/// Arrow's type names in a message, in SQL's words.
fn type_words(text: &str) -> String {
    let words = [
        ("Utf8View", "text"),
        ("LargeUtf8", "text"),
        ("Utf8", "text"),
        ("Int64", "bigint"),
        ("Int32", "integer"),
        ("Int16", "smallint"),
        ("Float64", "double precision"),
        ("Float32", "real"),
        ("Boolean", "boolean"),
        ("Date32", "date"),
        ("Timestamp(Microsecond, None)", "timestamp"),
        ("Timestamp(µs, \"+00:00\")", "timestamp with time zone"),
        ("Timestamp(µs)", "timestamp"),
        ("Interval(MonthDayNano)", "interval"),
        ("Binary", "bytea"),
    ];
    words.iter().fold(text.to_owned(), |text, (arrow, sql)| text.replace(arrow, sql))
}

/// The message without DataFusion's prefixes and advice, beginning in lower case.
fn clean(message: &str) -> String {
    let mut text = message.lines().next().unwrap_or_default().trim();
    let prefixes = [
        "Error during planning: ",
        "Execution error: ",
        "Arrow error: ",
        "Schema error: ",
        "External error: ",
        "Internal error: ",
        "This feature is not implemented: ",
        "Optimizer rule ",
        "Compute error: ",
        "Cast error: ",
        "Parser error: ",
        "Invalid argument error: ",
        "SQL error: ",
        "sql parser error: ",
    ];
    while let Some(rest) = prefixes.iter().find_map(|prefix| text.strip_prefix(prefix)) {
        text = rest;
    }
    let text = text.split(". This issue was likely caused by").next().unwrap_or(text);
    let text = type_words(text.trim_end_matches('.'));
    let mut characters = text.chars();
    match characters.next() {
        // A word in capitals stays (`LIMIT …`); a sentence begins in lower case.
        Some(first) if characters.clone().next().is_none_or(|second| !second.is_uppercase()) => {
            first.to_lowercase().chain(characters).collect()
        }
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_errors_come_out_as_they_went_in() {
        let ours = SqlError::new(SqlState::NumericOutOfRange, "bigint out of range");
        let wrapped = DataFusionError::Context(
            "somewhere".into(),
            Box::new(DataFusionError::ArrowError(
                Box::new(ArrowError::ExternalError(Box::new(DataFusionError::External(Box::new(
                    ours.clone(),
                ))))),
                None,
            )),
        );
        assert_eq!(from_datafusion(&wrapped), ours);
    }

    /// A whole text for each row of the table, in its order: an upgrade that words one otherwise fails here.
    const TEXTS: &[&str] = &[
        "Divide by zero error",
        "Execution error: the subquery returned more than one row",
        "Select returned more than one row",
        "LIMIT must be >= 0, '-1' was provided",
        "OFFSET must be >=0, '-1' was provided",
        "Projections require unique expression names but the expression \"a\" is there twice",
        "regex parse error: (",
        "Compiled regex exceeds size limit of 10485760 bytes.",
        "1000 is too large to store in a Decimal128 of precision 3. Max is 999",
        "Can't cast value 300 to type Int8",
        "Arithmetic overflow: Overflow happened on: 1 + 9223372036854775807",
        "the value is out of range",
        "Parser error: Error parsing timestamp from 'x': error parsing date",
        "Cannot cast string 'x' to value of Int64 type",
        "Unsupported CAST from Boolean to Date32",
        "Physical plan does not support logical expression Exists(…)",
    ];

    #[test]
    fn every_text_that_is_known_is_found_by_its_own_row() {
        assert_eq!(TEXTS.len(), SAID.len());
        for (text, known) in TEXTS.iter().zip(SAID) {
            let first = SAID.iter().find(|other| text.contains(other.needle)).unwrap();
            assert_eq!(first.message, known.message, "{text}");
            let error = from_datafusion(&DataFusionError::Execution((*text).to_owned()));
            assert_eq!((error.state, error.message.as_str()), (known.state, known.message), "{text}");
            assert!(error.detail.is_none());
        }
    }

    #[test]
    fn a_text_that_nobody_knows_is_no_message() {
        let error = from_datafusion(&DataFusionError::Plan("LogicalPlan::Foo in Utf8View".into()));
        assert_eq!(error.message, "the query could not be planned or run");
        assert_eq!(error.state, SqlState::InternalError);
    }

    #[test]
    fn arithmetic_and_memory_have_postgres_sqlstates() {
        let code = |error: DataFusionError| from_datafusion(&error).state.code();
        assert_eq!(code(ArrowError::DivideByZero.into()), "22012");
        assert_eq!(code(ArrowError::ArithmeticOverflow("x".into()).into()), "22003");
        assert_eq!(code(DataFusionError::ResourcesExhausted("x".into())), "53200");
        assert_eq!(code(DataFusionError::NotImplemented("x".into())), "0A000");
    }
}
