//! Statements about the session: settings, transactions, prepared statements, and what is accepted without effect.

use datafusion::sql::sqlparser::tokenizer::Token;
use millstream_catalog::{DEFAULT_SCHEMA, QualifiedName, quote_identifier};

use super::alter::object_kind;
use super::cursor::Cursor;
use super::options::plain_value;
use super::show::setting_name;
use super::{insert, query};
use crate::error::{SqlError, SqlResult};
use crate::text::statement::{Comment, CommentTarget, Parsed, Statement};

/// SET [SESSION | LOCAL] name = value and its special forms.
pub(super) fn set(cursor: &mut Cursor<'_>) -> SqlResult<Statement> {
    cursor.expect("SET")?;
    if cursor.accept_all(&["SESSION", "CHARACTERISTICS", "AS", "TRANSACTION"]) {
        return transaction_setting(cursor, "default_", false);
    }
    if cursor.is("TRANSACTION") && matches!(cursor.peek_at(1), Token::Word(_)) && !cursor.is_at(1, "TO") {
        cursor.expect("TRANSACTION")?;
        return transaction_setting(cursor, "", true);
    }
    let local = match cursor.peek_at(1) {
        Token::Eq => false,
        _ => cursor.accept_any(&["SESSION", "LOCAL"]) == Some("LOCAL"),
    };
    if cursor.accept_all(&["TIME", "ZONE"]) {
        return Ok(Statement::Set { name: "timezone".to_owned(), value: zone_value(cursor)?, local });
    }
    if cursor.is("NAMES") && !matches!(cursor.peek_at(1), Token::Eq) {
        cursor.expect("NAMES")?;
        let value =
            if cursor.at_end() || cursor.accept("DEFAULT") { None } else { Some(plain_value(cursor)?) };
        return Ok(Statement::Set { name: "client_encoding".to_owned(), value, local });
    }
    if cursor.is("SCHEMA") && matches!(cursor.peek_at(1), Token::SingleQuotedString(_)) {
        cursor.expect("SCHEMA")?;
        let value = Some(quote_identifier(&cursor.string()?));
        return Ok(Statement::Set { name: "search_path".to_owned(), value, local });
    }
    if cursor.are(&["SESSION", "AUTHORIZATION"]) || cursor.are(&["ROLE"]) || cursor.are(&["AUTHORIZATION"]) {
        return set_role(cursor);
    }
    let name = setting_name(cursor)?;
    if !cursor.accept_token(&Token::Eq) && !cursor.accept("TO") {
        return Err(cursor.unexpected("= or TO"));
    }
    let value =
        if cursor.accept("DEFAULT") { None } else { Some(value_list(cursor, name == "search_path")?) };
    Ok(Statement::Set { name, value, local })
}

/// What follows SET TIME ZONE: LOCAL and DEFAULT (None), a name or a number, or an interval, which is kept as
/// `INTERVAL '…'`.
fn zone_value(cursor: &mut Cursor<'_>) -> SqlResult<Option<String>> {
    if cursor.accept_any(&["LOCAL", "DEFAULT"]).is_some() {
        return Ok(None);
    }
    if !cursor.is("INTERVAL") {
        return plain_value(cursor).map(Some);
    }
    cursor.expect("INTERVAL")?;
    if cursor.accept_token(&Token::LParen) {
        cursor.integer()?;
        cursor.expect_token(&Token::RParen)?;
    }
    let position = cursor.position();
    let text = cursor.string()?;
    if cursor.accept_any(&["YEAR", "MONTH", "DAY", "MINUTE", "SECOND"]).is_some() {
        let message = "time zone interval must be HOUR or HOUR TO MINUTE";
        return Err(SqlError::syntax(message, Some(position)));
    }
    if cursor.accept("HOUR") && cursor.accept("TO") {
        cursor.expect("MINUTE")?;
    }
    Ok(Some(format!("INTERVAL '{text}'")))
}

/// One value as it is; a list with commas between, names quoted where they need it (`"$user", public`).
fn value_list(cursor: &mut Cursor<'_>, is_list: bool) -> SqlResult<String> {
    let single = matches!(cursor.peek_at(1), Token::EOF) && !matches!(cursor.peek(), Token::Word(_));
    if single {
        return plain_value(cursor);
    }
    let mut values = Vec::new();
    loop {
        let quoted = match cursor.peek() {
            Token::Word(word) => word.quote_style.is_some(),
            token => matches!(token, Token::SingleQuotedString(_)),
        };
        let value = plain_value(cursor)?;
        let several = is_list || !values.is_empty() || *cursor.peek() == Token::Comma;
        values.push(if quoted && several { quote_identifier(&value) } else { value });
        if !cursor.accept_token(&Token::Comma) {
            return Ok(values.join(", "));
        }
    }
}

/// SET ROLE and SESSION AUTHORIZATION: back to the default is no change, all else is not built.
fn set_role(cursor: &mut Cursor<'_>) -> SqlResult<Statement> {
    cursor.accept("SESSION");
    cursor.next();
    if cursor.accept_any(&["NONE", "DEFAULT"]).is_some() {
        return Ok(Statement::Ignored("SET"));
    }
    Err(cursor
        .unsupported("roles are not supported", "there are no roles yet: every connection may do everything"))
}

/// The modes of SET TRANSACTION as the setting that they stand for. Every transaction is serializable, so the isolation
/// level matters only when nothing else was said.
fn transaction_setting(cursor: &mut Cursor<'_>, prefix: &str, local: bool) -> SqlResult<Statement> {
    if cursor.is("SNAPSHOT") {
        let hint = "SUBSCRIBE … AS OF LSN n starts at a known commit";
        return Err(cursor.unsupported("SET TRANSACTION SNAPSHOT is not supported", hint));
    }
    let modes = transaction_modes(cursor)?;
    if !modes.said {
        return Err(cursor.unexpected("a transaction mode"));
    }
    let (name, value) = match (modes.read_only, modes.isolation) {
        (Some(read_only), _) => ("read_only", if read_only { "on" } else { "off" }),
        (None, Some(level)) => ("isolation", level),
        (None, None) => ("deferrable", if modes.deferrable { "on" } else { "off" }),
    };
    Ok(Statement::Set { name: format!("{prefix}transaction_{name}"), value: Some(value.to_owned()), local })
}

#[derive(Default)]
struct Modes {
    said: bool,
    read_only: Option<bool>,
    isolation: Option<&'static str>,
    deferrable: bool,
}

fn transaction_modes(cursor: &mut Cursor<'_>) -> SqlResult<Modes> {
    let mut modes = Modes::default();
    loop {
        if cursor.accept_all(&["ISOLATION", "LEVEL"]) {
            modes.isolation = Some(if cursor.accept("SERIALIZABLE") {
                "serializable"
            } else if cursor.accept_all(&["REPEATABLE", "READ"]) {
                "repeatable read"
            } else if cursor.accept_all(&["READ", "COMMITTED"]) {
                "read committed"
            } else if cursor.accept_all(&["READ", "UNCOMMITTED"]) {
                "read uncommitted"
            } else {
                return Err(cursor.unexpected("an isolation level"));
            });
        } else if cursor.accept("READ") {
            modes.read_only = match cursor.accept_any(&["ONLY", "WRITE"]) {
                Some(word) => Some(word == "ONLY"),
                None => return Err(cursor.unexpected("ONLY or WRITE")),
            };
        } else if cursor.accept("DEFERRABLE") {
            modes.deferrable = true;
        } else if cursor.accept_all(&["NOT", "DEFERRABLE"]) {
            modes.deferrable = false;
        } else {
            return Ok(modes);
        }
        modes.said = true;
        if cursor.accept_token(&Token::Comma) && !matches!(cursor.peek(), Token::Word(_)) {
            return Err(cursor.unexpected("a transaction mode"));
        }
    }
}

/// RESET name | ALL.
pub(super) fn reset(cursor: &mut Cursor<'_>) -> SqlResult<Statement> {
    cursor.expect("RESET")?;
    if cursor.accept("ALL") {
        return Ok(Statement::Reset(None));
    }
    if cursor.accept("ROLE") || cursor.accept_all(&["SESSION", "AUTHORIZATION"]) {
        return Ok(Statement::Ignored("RESET"));
    }
    Ok(Statement::Reset(Some(setting_name(cursor)?)))
}

/// BEGIN [WORK | TRANSACTION] [modes], START TRANSACTION [modes].
pub(super) fn begin(cursor: &mut Cursor<'_>) -> SqlResult<Statement> {
    if cursor.accept("START") {
        cursor.expect("TRANSACTION")?;
    } else {
        cursor.expect("BEGIN")?;
        cursor.accept_any(&["WORK", "TRANSACTION"]);
    }
    let modes = transaction_modes(cursor)?;
    Ok(Statement::Begin { read_only: modes.read_only.unwrap_or(false) })
}

/// COMMIT | END [WORK | TRANSACTION].
pub(super) fn commit(cursor: &mut Cursor<'_>) -> SqlResult<Statement> {
    cursor.next();
    if cursor.is("PREPARED") {
        return Err(two_phase(cursor));
    }
    cursor.accept_any(&["WORK", "TRANSACTION"]);
    chain(cursor)?;
    Ok(Statement::Commit)
}

/// ROLLBACK | ABORT [WORK | TRANSACTION] [TO [SAVEPOINT] name].
pub(super) fn rollback(cursor: &mut Cursor<'_>) -> SqlResult<Statement> {
    let abort = cursor.is("ABORT");
    cursor.next();
    if cursor.is("PREPARED") {
        return Err(two_phase(cursor));
    }
    cursor.accept_any(&["WORK", "TRANSACTION"]);
    if !abort && cursor.accept("TO") {
        savepoint_word(cursor);
        return Ok(Statement::RollbackTo(cursor.name()?));
    }
    chain(cursor)?;
    Ok(Statement::Rollback)
}

fn chain(cursor: &mut Cursor<'_>) -> SqlResult<()> {
    if cursor.are(&["AND", "CHAIN"]) {
        return Err(cursor.unsupported("AND CHAIN is not supported", "BEGIN the next transaction"));
    }
    cursor.accept_all(&["AND", "NO", "CHAIN"]);
    Ok(())
}

fn two_phase(cursor: &Cursor<'_>) -> crate::error::SqlError {
    cursor.unsupported("two-phase commit is not supported", "COMMIT is one durable commit of the log")
}

/// Passes the word SAVEPOINT, unless it is the name of one.
fn savepoint_word(cursor: &mut Cursor<'_>) {
    if matches!(cursor.peek_at(1), Token::Word(_)) {
        cursor.accept("SAVEPOINT");
    }
}

/// SAVEPOINT name.
pub(super) fn savepoint(cursor: &mut Cursor<'_>) -> SqlResult<Statement> {
    cursor.expect("SAVEPOINT")?;
    Ok(Statement::Savepoint(cursor.name()?))
}

/// RELEASE [SAVEPOINT] name.
pub(super) fn release(cursor: &mut Cursor<'_>) -> SqlResult<Statement> {
    cursor.expect("RELEASE")?;
    savepoint_word(cursor);
    Ok(Statement::Release(cursor.name()?))
}

/// PREPARE name [(types)] AS statement. The statement is parsed once here, for its errors.
pub(super) fn prepare(cursor: &mut Cursor<'_>) -> SqlResult<Statement> {
    cursor.expect("PREPARE")?;
    if cursor.is("TRANSACTION") && matches!(cursor.peek_at(1), Token::SingleQuotedString(_)) {
        return Err(two_phase(cursor));
    }
    let name = cursor.name()?;
    let mut types = Vec::new();
    if cursor.accept_token(&Token::LParen) {
        loop {
            types.push(cursor.data_type()?);
            if !cursor.accept_token(&Token::Comma) {
                break;
            }
        }
        cursor.expect_token(&Token::RParen)?;
    }
    cursor.expect("AS")?;
    let preparable = ["INSERT", "UPDATE", "DELETE"].iter().any(|word| cursor.is(word));
    if !preparable && !query::begins_query(cursor) {
        return Err(cursor.unexpected("a query or INSERT"));
    }
    let text = cursor.rest().to_owned();
    let statement = if cursor.is("INSERT") {
        insert::insert(cursor)?
    } else if query::begins_query(cursor) {
        insert::query_or_data_change(cursor)?
    } else {
        insert::data_change(cursor)?
    };
    let prepared = Box::new(Parsed { statement, text, parameters: 0, unnamed_parameters: vec![] });
    Ok(Statement::Prepare { name, prepared, types })
}

/// EXECUTE name [(arguments)].
pub(super) fn execute(cursor: &mut Cursor<'_>) -> SqlResult<Statement> {
    cursor.expect("EXECUTE")?;
    let name = cursor.name()?;
    let mut arguments = Vec::new();
    if cursor.accept_token(&Token::LParen) {
        loop {
            arguments.push(cursor.expression()?);
            if !cursor.accept_token(&Token::Comma) {
                break;
            }
        }
        cursor.expect_token(&Token::RParen)?;
    }
    Ok(Statement::Execute { name, arguments })
}

/// DEALLOCATE [PREPARE] name | ALL.
pub(super) fn deallocate(cursor: &mut Cursor<'_>) -> SqlResult<Statement> {
    cursor.expect("DEALLOCATE")?;
    if matches!(cursor.peek_at(1), Token::Word(_)) {
        cursor.accept("PREPARE");
    }
    if cursor.accept("ALL") {
        return Ok(Statement::Deallocate(None));
    }
    Ok(Statement::Deallocate(Some(cursor.name()?)))
}

/// DISCARD ALL | PLANS | SEQUENCES | TEMP.
pub(super) fn discard(cursor: &mut Cursor<'_>) -> SqlResult<Statement> {
    cursor.expect("DISCARD")?;
    match cursor.accept_any(&["ALL", "PLANS", "SEQUENCES", "TEMPORARY", "TEMP"]) {
        Some("ALL") => Ok(Statement::Discard),
        // There are neither cached plans nor sequences nor temporary tables to forget.
        Some(_) => Ok(Statement::Ignored("DISCARD")),
        None => Err(cursor.unexpected("ALL, PLANS, SEQUENCES or TEMP")),
    }
}

/// FLUSH, CHECKPOINT.
pub(super) fn maintenance(cursor: &mut Cursor<'_>) -> SqlResult<Statement> {
    if cursor.accept("FLUSH") {
        return Ok(Statement::Flush);
    }
    cursor.expect("CHECKPOINT")?;
    Ok(Statement::Checkpoint)
}

/// COMMENT ON … IS …; LISTEN and UNLISTEN, which tools send and which change nothing here.
pub(super) fn ignored(cursor: &mut Cursor<'_>) -> SqlResult<Statement> {
    if cursor.accept("LISTEN") {
        cursor.name()?;
        return Ok(Statement::Ignored("LISTEN"));
    }
    if cursor.accept("UNLISTEN") {
        if !cursor.accept_token(&Token::Mul) {
            cursor.name()?;
        }
        return Ok(Statement::Ignored("UNLISTEN"));
    }
    cursor.expect_all(&["COMMENT", "ON"])?;
    let on = if cursor.accept("COLUMN") {
        let mut parts = vec![cursor.label()?];
        while cursor.accept_token(&Token::Period) {
            parts.push(cursor.label()?);
        }
        let column = parts.pop().unwrap_or_default();
        match parts.as_slice() {
            [name] => CommentTarget::Column(QualifiedName::new(DEFAULT_SCHEMA, name), column),
            [.., schema, name] => CommentTarget::Column(QualifiedName::new(schema, name), column),
            [] => return Err(SqlError::syntax("column name must be qualified", Some(cursor.position()))),
        }
    } else if let Some(kind) = object_kind(cursor) {
        CommentTarget::Relation(kind, cursor.qualified_name()?)
    } else {
        // The kind of object, its name and, for some kinds, arguments or another name.
        let kind = cursor.label()?.to_ascii_lowercase();
        let start = cursor.index();
        while !cursor.is("IS") && !cursor.at_end() {
            cursor.next();
        }
        if cursor.index() == start {
            return Err(cursor.unexpected("an object"));
        }
        CommentTarget::Other(kind)
    };
    cursor.expect("IS")?;
    let text = if cursor.accept("NULL") { None } else { Some(cursor.string()?) };
    Ok(Statement::Comment(Comment { on, text }))
}
