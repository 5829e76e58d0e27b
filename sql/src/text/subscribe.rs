//! SUBSCRIBE [TO] name | (query) [WITH (snapshot = …, progress = …)] [AS OF LSN n] [UP TO LSN m].

use datafusion::sql::sqlparser::tokenizer::Token;

use super::cursor::Cursor;
use super::options::{boolean, with_options};
use super::query::{begins_query, query};
use crate::error::{SqlError, SqlResult, SqlState};
use crate::text::statement::{Subscribe, SubscribeSource};

/// A subscription, from the word SUBSCRIBE to the end of its clauses.
pub(super) fn subscribe(cursor: &mut Cursor<'_>) -> SqlResult<Subscribe> {
    cursor.expect("SUBSCRIBE")?;
    cursor.accept("TO");
    let source = if *cursor.peek() == Token::LParen {
        cursor.expect_token(&Token::LParen)?;
        let query = query(cursor)?;
        cursor.expect_token(&Token::RParen)?;
        SubscribeSource::Query(query)
    } else if begins_query(cursor) {
        return Err(cursor.unexpected("a name, or a query in parentheses"));
    } else {
        SubscribeSource::Relation(cursor.qualified_name()?)
    };
    let mut subscribe = Subscribe { source, snapshot: true, progress: false, as_of: None, up_to: None };
    let position = cursor.position();
    for (name, value) in with_options(cursor)? {
        let value = boolean(&value).ok_or_else(|| {
            let message = format!("parameter \"{name}\" requires a Boolean value");
            SqlError { position: Some(position), ..SqlError::new(SqlState::InvalidParameterValue, message) }
        });
        match name.as_str() {
            "snapshot" => subscribe.snapshot = value?,
            "progress" => subscribe.progress = value?,
            _ => {
                let error = SqlError::syntax(format!("option \"{name}\" not recognized"), Some(position));
                return Err(error.with_hint("SUBSCRIBE takes snapshot and progress"));
            }
        }
    }
    loop {
        if subscribe.as_of.is_none() && cursor.accept("AS") {
            cursor.expect_all(&["OF", "LSN"])?;
            subscribe.as_of = Some(cursor.integer()?);
        } else if subscribe.up_to.is_none() && cursor.accept("UP") {
            cursor.expect_all(&["TO", "LSN"])?;
            subscribe.up_to = Some(cursor.integer()?);
        } else {
            return Ok(subscribe);
        }
    }
}
