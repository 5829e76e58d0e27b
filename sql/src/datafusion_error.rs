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
        DataFusionError::Plan(message) => from_message(message, SqlState::SyntaxError),
        DataFusionError::Configuration(message) => {
            SqlError::new(SqlState::InvalidParameterValue, clean(message))
        }
        DataFusionError::NotImplemented(message) => {
            SqlError::new(SqlState::FeatureNotSupported, clean(message))
        }
        DataFusionError::Execution(message) => from_message(message, SqlState::InvalidParameterValue),
        DataFusionError::ResourcesExhausted(message) => {
            SqlError::new(SqlState::OutOfMemory, "the query needs more memory than the budget allows")
                .with_detail(clean(message))
                .with_hint("make the query read or keep less, or raise the memory budget")
        }
        DataFusionError::SQL(error, _) => SqlError::syntax(clean(&error.to_string()), None),
        other => SqlError::internal(clean(&other.to_string())),
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
            SqlError::new(SqlState::NumericOutOfRange, "value out of range").with_detail(clean(message))
        }
        ArrowError::ExternalError(inner) => {
            if let Some(ours) = inner.downcast_ref::<SqlError>() {
                return ours.clone();
            }
            match inner.downcast_ref::<DataFusionError>() {
                Some(nested) => from_datafusion_in_text(nested),
                None => SqlError::internal(clean(&inner.to_string())),
            }
        }
        ArrowError::CastError(message)
        | ArrowError::ParseError(message)
        | ArrowError::ComputeError(message) => from_message(message, SqlState::InvalidTextRepresentation),
        ArrowError::InvalidArgumentError(message) if message.contains("too large to store in a Decimal") => {
            SqlError::new(SqlState::NumericOutOfRange, "numeric field overflow")
        }
        ArrowError::OffsetOverflowError(_) => {
            SqlError::new(SqlState::ProgramLimit, "more than 2 GiB of text in one batch")
        }
        other => SqlError::internal(clean(&other.to_string())),
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
            format!("column \"{}\" specified more than once", crate::bind::output_name(name)),
        ),
    }
}

/// What DataFusion says in plain text, by the words that it says it in. The first that fits wins.
fn from_message(message: &str, otherwise: SqlState) -> SqlError {
    let has = |part: &str| message.contains(part);
    if has("unique expression names") {
        return SqlError::new(SqlState::DuplicateColumn, "a column name is specified more than once");
    }
    if let Some(rest) = message.split("Invalid function '").nth(1) {
        let name = rest.split('\'').next().unwrap_or_default();
        let error = SqlError::new(SqlState::UndefinedFunction, format!("function {name} does not exist"));
        return match rest.split("Did you mean '").nth(1).and_then(|rest| rest.split('\'').next()) {
            Some(near) => error.with_hint(format!("perhaps you meant {near}")),
            None => error,
        };
    }
    if has("must be in GROUP BY")
        || has("must appear in the GROUP BY")
        || has("could not be resolved from available")
    {
        return grouping(message);
    }
    if has("Aggregate functions are not allowed in the WHERE") {
        return SqlError::new(SqlState::GroupingError, "aggregate functions are not allowed in WHERE");
    }
    if has("non-boolean predicate") {
        return SqlError::new(SqlState::DatatypeMismatch, "argument of WHERE must be type boolean");
    }
    if has("Divide by zero") || has("divide by zero") {
        return SqlError::new(SqlState::DivisionByZero, "division by zero");
    }
    if has("different number of columns")
        || has("same number of columns")
        || has("different number of fields")
    {
        return SqlError::syntax("each side of a set operation must have the same number of columns", None);
    }
    if has("Inconsistent data length across values") {
        return SqlError::syntax("VALUES lists must all be the same length", None);
    }
    if has("SELECT * with no tables") {
        return SqlError::syntax("SELECT * with no tables specified is not valid", None);
    }
    if has("Error parsing timestamp") || has("Error parsing date") || has("Parser error: Invalid timezone") {
        return SqlError::new(SqlState::InvalidDatetime, clean(message));
    }
    if has("LIMIT must") {
        return SqlError::new(SqlState::InvalidRowCountInLimit, "LIMIT must not be negative");
    }
    if has("OFFSET must") {
        return SqlError::new(SqlState::InvalidRowCountInOffset, "OFFSET must not be negative");
    }
    if has("Step cannot be zero") || has("Step interval cannot be zero") {
        return SqlError::new(SqlState::InvalidParameterValue, "step size cannot equal zero");
    }
    if has("Regular expression did not compile") || has("regex parse error") || has("Compiled regex exceeds")
    {
        return bad_regular_expression(message);
    }
    if has("nested inside") {
        return SqlError::new(SqlState::GroupingError, "aggregate function calls cannot be nested");
    }
    if let Some(rest) = message.split("column out of bounds, specified: ").nth(1) {
        let place = rest.split(',').next().unwrap_or_default();
        let message = format!("ORDER BY position {place} is not in select list");
        return SqlError::new(SqlState::InvalidColumnReference, message);
    }
    if let Some(rest) = message.split("Cannot find column with position ").nth(1) {
        let place = rest.split(' ').next().unwrap_or_default();
        let message = format!("GROUP BY position {place} is not in select list");
        return SqlError::new(SqlState::InvalidColumnReference, message);
    }
    if has("ORDER BY expressions") && has("must appear in select list") {
        let message = "for SELECT DISTINCT, ORDER BY expressions must appear in select list";
        return SqlError::new(SqlState::InvalidColumnReference, message);
    }
    if has("but only") && has("names given as column alias") {
        return SqlError::new(SqlState::InvalidColumnReference, clean(message));
    }
    if let Some(call) = function_call(message) {
        return SqlError::new(SqlState::UndefinedFunction, format!("function {call} does not exist"))
            .with_hint("no function matches the given name and argument types; you might need to add explicit type casts");
    }
    let types = [
        "No function matches",
        "coerce arguments",
        "Cannot coerce arithmetic",
        "Cannot infer common",
        "Cannot get result type",
        "arguments but received",
        "argument(s) but received",
        "zero argument",
        "at least one argument",
        "does not support",
        "only supports",
    ];
    if types.iter().any(|part| has(part)) {
        let text = message.split("Candidate functions").next().unwrap_or(message);
        return SqlError::new(SqlState::UndefinedFunction, operator(text)).with_hint(
            "no function or operator matches these types; you might need to add explicit type casts",
        );
    }
    let mismatches = [
        "Failed to coerce",
        "Incompatible inputs for Union",
        "common type",
        "Inconsistent data type",
        "must be boolean",
        "compatible",
        "to an integer or null",
    ];
    if has("Incompatible inputs for Union") {
        let between =
            |from: &str, to: &str| message.split(from).nth(1).and_then(|rest| rest.split(to).next());
        let types = between("of type ", ", but").zip(between("incompatible type ", " on column"));
        let message = match types {
            Some((first, second)) => {
                format!("UNION types {} and {} cannot be matched", type_words(first), type_words(second))
            }
            None => clean(message),
        };
        return SqlError::new(SqlState::DatatypeMismatch, message);
    }
    if mismatches.iter().any(|part| has(part)) {
        return SqlError::new(SqlState::DatatypeMismatch, clean(message));
    }
    if has("Unsupported CAST") || has("not supported for casting") || has("Casting from") {
        return SqlError::new(SqlState::CannotCoerce, clean(message));
    }
    if has("Can't cast value")
        || has("overflow")
        || has("Overflow")
        || has("out of range")
        || has("too large")
    {
        return SqlError::new(SqlState::NumericOutOfRange, "value out of range").with_detail(clean(message));
    }
    if has("Cannot cast") || has("cannot cast") {
        return SqlError::new(SqlState::InvalidTextRepresentation, clean(message));
    }
    if has("more than one row") {
        let message = "more than one row returned by a subquery used as an expression";
        return SqlError::new(SqlState::CardinalityViolation, message);
    }
    SqlError::new(otherwise, clean(message))
}

/// The reason stands after `error: `, in a picture of the expression over several lines.
fn bad_regular_expression(message: &str) -> SqlError {
    let reason = message.split("error: ").last().and_then(|rest| rest.lines().next()).unwrap_or_default();
    let reason = match message.contains("error: ") {
        true => reason.trim_end_matches([')', ' ']),
        false => "it does not compile, or is too large",
    };
    SqlError::new(SqlState::InvalidRegularExpression, format!("invalid regular expression: {reason}"))
}

fn grouping(message: &str) -> SqlError {
    // `…: While expanding wildcard, column "t.a" must …` or `… Expression t.a could not be resolved …`
    let named = message
        .split("column \"")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .or_else(|| message.split("expression \"").nth(1).and_then(|rest| rest.split('"').next()));
    match named {
        Some(name) => SqlError::new(
            SqlState::GroupingError,
            format!(
                "column \"{name}\" must appear in the GROUP BY clause or be used in an aggregate function"
            ),
        ),
        None => SqlError::new(SqlState::GroupingError, clean(message)),
    }
}

/// The call that fits no signature, as `upper(bigint, bigint)`.
fn function_call(message: &str) -> Option<String> {
    let quoted = |after: &str| message.split(after).nth(1)?.split('\'').next();
    if let Some(call) = quoted("argument types '") {
        return Some(type_words(call));
    }
    let name = quoted("unction '")?;
    let argument = message.split("(DataType: ").nth(1)?.split(").").next()?.split("),").next()?;
    Some(format!("{name}({})", type_words(argument.trim_end_matches(')'))))
}

/// `Cannot coerce arithmetic expression Utf8 + Int64 to valid types` as Postgres says it.
fn operator(message: &str) -> String {
    let between = |from: &str, to: &str| {
        let rest = message.split(from).nth(1)?;
        rest.split(to).next().map(str::trim)
    };
    let found = between("arithmetic expression ", " to valid types")
        .or_else(|| between("for comparison operation ", "\n"))
        .or_else(|| between("for operation ", "\n"));
    match found {
        Some(expression) => format!("operator does not exist: {}", type_words(expression)),
        None => clean(message),
    }
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

    #[test]
    fn arithmetic_and_memory_have_postgres_sqlstates() {
        let code = |error: DataFusionError| from_datafusion(&error).state.code();
        assert_eq!(code(ArrowError::DivideByZero.into()), "22012");
        assert_eq!(code(ArrowError::ArithmeticOverflow("x".into()).into()), "22003");
        assert_eq!(code(DataFusionError::ResourcesExhausted("x".into())), "53200");
        assert_eq!(code(DataFusionError::NotImplemented("x".into())), "0A000");
    }
}
