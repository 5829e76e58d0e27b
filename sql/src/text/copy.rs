//! COPY, both ways, with the options of Postgres's new syntax (in parentheses) and of its old one (keywords in a
//! row, which is what `\copy … csv header` in psql sends).

use datafusion::sql::sqlparser::tokenizer::Token;
use millstream_catalog::quote_identifier;

use super::cursor::Cursor;
use super::options::boolean;
use super::query::query;
use super::subscribe::subscribe;
use crate::error::{SqlError, SqlResult, SqlState};
use crate::text::statement::{
    CopyFormat, CopyFrom, CopyOptions, CopySource, CopyTo, ForcedColumns, Statement,
};

/// COPY target [(columns)] FROM STDIN, COPY source TO STDOUT.
pub(super) fn copy(cursor: &mut Cursor<'_>) -> SqlResult<Statement> {
    cursor.expect("COPY")?;
    if *cursor.peek() == Token::LParen {
        let source = parenthesised(cursor)?;
        cursor.expect("TO")?;
        return copy_to(cursor, source, Given::default());
    }
    let mut given = Given::default();
    if cursor.is("BINARY") && matches!(cursor.peek_at(1), Token::Word(_)) && !cursor.is_at(1, "FROM") {
        cursor.expect("BINARY")?;
        given.format = Some(CopyFormat::Binary);
    }
    let target = cursor.qualified_name()?;
    let columns = if *cursor.peek() == Token::LParen { cursor.names_in_parentheses()? } else { vec![] };
    if cursor.accept("TO") {
        let names: Vec<String> = columns.iter().map(|column| quote_identifier(column)).collect();
        let list = if names.is_empty() { "*".to_owned() } else { names.join(", ") };
        let (schema, name) = (quote_identifier(&target.schema), quote_identifier(&target.name));
        let query = super::parse_query(&format!("SELECT {list} FROM {schema}.{name}"))?;
        return copy_to(cursor, CopySource::Query(query), given);
    }
    cursor.expect("FROM")?;
    endpoint(cursor, "STDIN")?;
    let options = options(cursor, given, Way::From)?;
    if cursor.is("WHERE") {
        let hint = "COPY all rows, and filter them in a view";
        return Err(cursor.unsupported("COPY FROM … WHERE is not supported", hint));
    }
    Ok(Statement::CopyFrom(CopyFrom { target, columns, options }))
}

fn parenthesised(cursor: &mut Cursor<'_>) -> SqlResult<CopySource> {
    cursor.expect_token(&Token::LParen)?;
    if ["INSERT", "UPDATE", "DELETE"].iter().any(|word| cursor.is(word)) {
        let hint = "run the statement, then COPY a query";
        return Err(cursor.unsupported("COPY of a statement that changes data is not supported", hint));
    }
    let source = if cursor.is("SUBSCRIBE") {
        CopySource::Subscribe(subscribe(cursor)?)
    } else {
        CopySource::Query(query(cursor)?)
    };
    cursor.expect_token(&Token::RParen)?;
    Ok(source)
}

fn copy_to(cursor: &mut Cursor<'_>, source: CopySource, given: Given) -> SqlResult<Statement> {
    endpoint(cursor, "STDOUT")?;
    let options = options(cursor, given, Way::To)?;
    Ok(Statement::CopyTo(CopyTo { source, options }))
}

/// STDIN or STDOUT (Postgres takes either word both ways); files and programs of the server are refused.
fn endpoint(cursor: &mut Cursor<'_>, expected: &str) -> SqlResult<()> {
    if cursor.is("PROGRAM") || matches!(cursor.peek(), Token::SingleQuotedString(_)) {
        let hint = "psql's \\copy reads and writes files of the client";
        return Err(cursor.unsupported("COPY with a file or program of the server is not supported", hint));
    }
    if cursor.accept_any(&["STDIN", "STDOUT"]).is_some() { Ok(()) } else { Err(cursor.unexpected(expected)) }
}

/// Which way a COPY goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    From,
    To,
}

/// Options as they were given, before the format's defaults fill the rest.
#[derive(Default)]
struct Given {
    format: Option<CopyFormat>,
    header: Option<Header>,
    delimiter: Option<String>,
    null: Option<String>,
    quote: Option<String>,
    escape: Option<String>,
    encoding: Option<String>,
    freeze: Option<bool>,
    force_quote: Option<ForcedColumns>,
    force_not_null: Option<ForcedColumns>,
    force_null: Option<ForcedColumns>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Header {
    No,
    Yes,
    Match,
}

/// The options, checked against each other and the way of the COPY.
fn options(cursor: &mut Cursor<'_>, mut given: Given, way: Way) -> SqlResult<CopyOptions> {
    let start = cursor.position();
    let with = cursor.accept("WITH");
    if *cursor.peek() == Token::LParen {
        new_syntax(cursor, &mut given)?;
    } else {
        let before = cursor.index();
        old_syntax(cursor, &mut given)?;
        if with && cursor.index() == before {
            return Err(cursor.unexpected("options of COPY"));
        }
    }
    given.checked(way).map_err(|error| SqlError { position: error.position.or(Some(start)), ..error })
}

/// `(FORMAT csv, HEADER, NULL 'NA', …)`
fn new_syntax(cursor: &mut Cursor<'_>, given: &mut Given) -> SqlResult<()> {
    cursor.expect_token(&Token::LParen)?;
    loop {
        let position = cursor.position();
        let name = cursor.label()?;
        match name.as_str() {
            "format" => {
                let format = match word_or_string(cursor)?.as_str() {
                    "text" => CopyFormat::Text,
                    "csv" => CopyFormat::Csv,
                    "binary" => CopyFormat::Binary,
                    other => {
                        let message = format!("COPY format \"{other}\" not recognized");
                        let error = SqlError::new(SqlState::InvalidParameterValue, message);
                        return Err(SqlError { position: Some(position), ..error });
                    }
                };
                set(&mut given.format, format, position)?;
            }
            "header" => {
                let header = header(cursor, position)?;
                set(&mut given.header, header, position)?;
            }
            "delimiter" => set(&mut given.delimiter, cursor.string()?, position)?,
            "null" => set(&mut given.null, cursor.string()?, position)?,
            "quote" => set(&mut given.quote, cursor.string()?, position)?,
            "escape" => set(&mut given.escape, cursor.string()?, position)?,
            "encoding" => set(&mut given.encoding, word_or_string(cursor)?, position)?,
            "freeze" => {
                let freeze = match cursor.peek() {
                    Token::Comma | Token::RParen => true,
                    _ => {
                        boolean(&word_or_string(cursor)?).ok_or_else(|| needs_boolean("freeze", position))?
                    }
                };
                set(&mut given.freeze, freeze, position)?;
            }
            "force_quote" => {
                let columns = if cursor.accept_token(&Token::Mul) {
                    ForcedColumns::All
                } else {
                    ForcedColumns::Named(cursor.names_in_parentheses()?)
                };
                set(&mut given.force_quote, columns, position)?;
            }
            "force_not_null" => {
                let columns = ForcedColumns::Named(cursor.names_in_parentheses()?);
                set(&mut given.force_not_null, columns, position)?;
            }
            "force_null" => {
                let columns = ForcedColumns::Named(cursor.names_in_parentheses()?);
                set(&mut given.force_null, columns, position)?;
            }
            "default" | "on_error" | "log_verbosity" | "reject_limit" => {
                return Err(unsupported_option(&name, position));
            }
            _ => {
                let message = format!("option \"{name}\" not recognized");
                return Err(SqlError::syntax(message, Some(position)));
            }
        }
        if !cursor.accept_token(&Token::Comma) {
            break;
        }
    }
    cursor.expect_token(&Token::RParen)
}

/// `CSV HEADER NULL AS 'NA' …`
fn old_syntax(cursor: &mut Cursor<'_>, given: &mut Given) -> SqlResult<()> {
    loop {
        let position = cursor.position();
        let string = |cursor: &mut Cursor<'_>| {
            cursor.accept("AS");
            cursor.string()
        };
        // USING DELIMITERS is older still.
        if cursor.are(&["USING", "DELIMITERS"]) {
            cursor.next();
        }
        let word = cursor.accept_any(&[
            "CSV",
            "BINARY",
            "HEADER",
            "DELIMITERS",
            "DELIMITER",
            "NULL",
            "QUOTE",
            "ESCAPE",
            "ENCODING",
            "FREEZE",
            "FORCE",
        ]);
        match word {
            Some("CSV") => set(&mut given.format, CopyFormat::Csv, position)?,
            Some("BINARY") => set(&mut given.format, CopyFormat::Binary, position)?,
            Some("HEADER") => set(&mut given.header, Header::Yes, position)?,
            Some("DELIMITERS" | "DELIMITER") => set(&mut given.delimiter, string(cursor)?, position)?,
            Some("NULL") => set(&mut given.null, string(cursor)?, position)?,
            Some("QUOTE") => set(&mut given.quote, string(cursor)?, position)?,
            Some("ESCAPE") => set(&mut given.escape, string(cursor)?, position)?,
            Some("ENCODING") => set(&mut given.encoding, cursor.string()?, position)?,
            Some("FREEZE") => set(&mut given.freeze, true, position)?,
            Some("FORCE") => {
                let slot = match cursor.accept_any(&["QUOTE", "NOT", "NULL"]) {
                    Some("QUOTE") => &mut given.force_quote,
                    Some("NOT") => {
                        cursor.expect("NULL")?;
                        &mut given.force_not_null
                    }
                    Some(_) => &mut given.force_null,
                    None => return Err(cursor.unexpected("QUOTE, NOT NULL or NULL")),
                };
                set(slot, forced_columns(cursor)?, position)?;
            }
            _ => return Ok(()),
        }
    }
}

fn set<T>(slot: &mut Option<T>, value: T, position: usize) -> SqlResult<()> {
    if slot.replace(value).is_some() {
        return Err(SqlError::syntax("conflicting or redundant options", Some(position)));
    }
    Ok(())
}

/// `*`, or names with commas between.
fn forced_columns(cursor: &mut Cursor<'_>) -> SqlResult<ForcedColumns> {
    if cursor.accept_token(&Token::Mul) {
        return Ok(ForcedColumns::All);
    }
    let mut names = vec![cursor.name()?];
    while cursor.accept_token(&Token::Comma) {
        names.push(cursor.name()?);
    }
    Ok(ForcedColumns::Named(names))
}

fn header(cursor: &mut Cursor<'_>, position: usize) -> SqlResult<Header> {
    if matches!(cursor.peek(), Token::Comma | Token::RParen) {
        return Ok(Header::Yes);
    }
    match word_or_string(cursor)?.as_str() {
        "match" => Ok(Header::Match),
        value => match boolean(value) {
            Some(true) => Ok(Header::Yes),
            Some(false) => Ok(Header::No),
            None => {
                let message = "header requires a Boolean value or \"match\"";
                Err(SqlError::syntax(message, Some(position)))
            }
        },
    }
}

fn word_or_string(cursor: &mut Cursor<'_>) -> SqlResult<String> {
    Ok(super::options::plain_value(cursor)?.to_ascii_lowercase())
}

fn needs_boolean(name: &str, position: usize) -> SqlError {
    SqlError::syntax(format!("{name} requires a Boolean value"), Some(position))
}

fn unsupported_option(name: &str, position: usize) -> SqlError {
    let hint = "FORMAT, HEADER, DELIMITER, NULL, QUOTE, ESCAPE, ENCODING and FORCE_… are";
    let error = SqlError::unsupported(format!("COPY option \"{name}\" is not supported"), hint);
    SqlError { position: Some(position), ..error }
}

impl Given {
    /// Fills in the defaults and checks, as Postgres does, that the options fit each other.
    fn checked(self, way: Way) -> SqlResult<CopyOptions> {
        let invalid = |message: String| Err(SqlError::new(SqlState::InvalidParameterValue, message));
        let not_supported = |message: &str| Err(SqlError::new(SqlState::FeatureNotSupported, message));
        let mut options = CopyOptions::new(self.format.unwrap_or_default());
        let csv = options.format == CopyFormat::Csv;

        if options.format == CopyFormat::Binary {
            let syntax = |message: &str| Err(SqlError::syntax(message, None));
            if self.delimiter.is_some() {
                return syntax("cannot specify DELIMITER in BINARY mode");
            }
            if self.null.is_some() {
                return syntax("cannot specify NULL in BINARY mode");
            }
            if matches!(self.header, Some(Header::Yes | Header::Match)) {
                return not_supported("cannot specify HEADER in BINARY mode");
            }
        }
        if let Some(encoding) = &self.encoding {
            let plain = encoding.to_ascii_lowercase().replace(['-', '_'], "");
            if !matches!(plain.as_str(), "utf8" | "unicode" | "sqlascii") {
                let message = format!("COPY encoding \"{encoding}\" is not supported");
                return Err(SqlError::unsupported(message, "convert the data to UTF-8"));
            }
        }
        options.header = matches!(self.header, Some(Header::Yes | Header::Match));
        options.header_match = self.header == Some(Header::Match);
        if options.header_match && way == Way::To {
            return not_supported("cannot use \"match\" with HEADER in COPY TO");
        }

        if let Some(delimiter) = &self.delimiter {
            options.delimiter = match single_byte(delimiter) {
                Some(byte) => byte,
                None => return not_supported("COPY delimiter must be a single one-byte character"),
            };
        }
        if matches!(options.delimiter, b'\n' | b'\r') {
            return invalid("COPY delimiter cannot be newline or carriage return".to_owned());
        }
        if !csv && b"\\.abcdefghijklmnopqrstuvwxyz0123456789".contains(&options.delimiter) {
            return invalid(format!("COPY delimiter cannot be \"{}\"", char::from(options.delimiter)));
        }
        if let Some(null) = self.null {
            if null.contains(['\n', '\r']) {
                return invalid("COPY null representation cannot use newline or carriage return".to_owned());
            }
            options.null = null;
        }
        if !csv && self.quote.is_some() {
            return not_supported("COPY quote available only in CSV mode");
        }
        if !csv && self.escape.is_some() {
            return not_supported("COPY escape available only in CSV mode");
        }
        if let Some(quote) = &self.quote {
            options.quote = match single_byte(quote) {
                Some(byte) => byte,
                None => return not_supported("COPY quote must be a single one-byte character"),
            };
            options.escape = options.quote;
        }
        if let Some(escape) = &self.escape {
            options.escape = match single_byte(escape) {
                Some(byte) => byte,
                None => return not_supported("COPY escape must be a single one-byte character"),
            };
        }
        let forced = [
            (&self.force_quote, "quote", Way::To, "TO"),
            (&self.force_not_null, "not null", Way::From, "FROM"),
            (&self.force_null, "null", Way::From, "FROM"),
        ];
        for (columns, name, its_way, word) in forced {
            if columns.is_some() && !csv {
                return not_supported(&format!("COPY force {name} available only in CSV mode"));
            }
            if columns.is_some() && way != its_way {
                return not_supported(&format!("COPY force {name} only available using COPY {word}"));
            }
        }
        options.force_quote = self.force_quote.unwrap_or_default();
        options.force_not_null = self.force_not_null.unwrap_or_default();
        options.force_null = self.force_null.unwrap_or_default();
        if csv && options.delimiter == options.quote {
            return invalid("COPY delimiter and quote must be different".to_owned());
        }
        if options.null.as_bytes().contains(&options.delimiter) {
            return invalid("COPY delimiter must not appear in the NULL specification".to_owned());
        }
        if csv && options.null.as_bytes().contains(&options.quote) {
            return invalid("CSV quote character must not appear in the NULL specification".to_owned());
        }
        Ok(options)
    }
}

fn single_byte(text: &str) -> Option<u8> {
    match text.as_bytes() {
        [byte] => Some(*byte),
        _ => None,
    }
}
