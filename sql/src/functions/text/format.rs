//! `format`: a text with the arguments put where it says.
//!
//! ```text
//!  %[position$][flags][width]type      type: s as it is, I as an identifier, L as a literal
//!  width: digits, * (the next argument) or *n$ (the n-th); flags: - for left
//! ```

use std::sync::Arc;

use arrow::array::{ArrayRef, StringBuilder};
use millstream_catalog::Kind;

use crate::error::{SqlError, SqlResult, SqlState};
use crate::functions::adapt::{Input, Output, Text};
use crate::functions::registry::{Call, Param, Row, whole};
use crate::functions::text::quote::{quote_ident, quote_literal};
use crate::types::text::{characters, check_size, is_space};

const TEXT: Param = Param::Of(Kind::Text);

/// The registry rows. The arguments come printed.
pub fn rows() -> Vec<Row> {
    vec![
        whole("format", &[TEXT], TEXT, format_rows).stable(),
        whole("format", &[TEXT, Param::Any], TEXT, format_rows).variadic().stable().grows(),
    ]
}

fn format_rows(call: &Call<'_>) -> SqlResult<ArrayRef> {
    let columns = call
        .arguments
        .iter()
        .map(|argument| Text::array(argument.array.as_ref()))
        .collect::<SqlResult<Vec<_>>>()?;
    let mut answers = StringBuilder::with_capacity(call.rows, call.rows * 16);
    let mut values: Vec<Option<&str>> = Vec::with_capacity(columns.len());
    for row in 0..call.rows {
        values.clear();
        values.extend(call.arguments.iter().zip(&columns).map(|(argument, column)| {
            if argument.is_null(row) { None } else { Some(column.value(argument.at(row))) }
        }));
        match values.split_first() {
            Some((Some(pattern), arguments)) => Text::append(&mut answers, format(pattern, arguments)?)?,
            _ => Text::append_null(&mut answers),
        }
    }
    Ok(Arc::new(answers.finish()))
}

fn bad(message: impl Into<String>) -> SqlError {
    SqlError::new(SqlState::InvalidParameterValue, message)
}

const HINT: &str = "For a single \"%\" use \"%%\".";

fn out_of_range() -> SqlError {
    SqlError::new(SqlState::NumericOutOfRange, "number is out of range")
}

/// What stands between `%` and the type.
#[derive(Default)]
struct Specifier {
    position: Option<usize>,
    /// The position of the argument that is the width; 0 for the next.
    width_position: Option<usize>,
    left: bool,
    width: i32,
}

struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    fn peek(&self) -> SqlResult<char> {
        self.rest.chars().next().ok_or_else(|| bad("unterminated format() type specifier").with_hint(HINT))
    }

    fn take(&mut self, character: char) -> bool {
        match self.rest.strip_prefix(character) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// A number, after which something must stand.
    fn digits(&mut self) -> SqlResult<Option<i32>> {
        let length = self.rest.bytes().take_while(u8::is_ascii_digit).count();
        if length == 0 {
            return Ok(None);
        }
        let (digits, rest) = self.rest.split_at(length);
        self.rest = rest;
        let number = digits.parse().map_err(|_| out_of_range())?;
        self.peek()?;
        Ok(Some(number))
    }

    fn specifier(&mut self) -> SqlResult<Specifier> {
        let mut specifier = Specifier::default();
        let position = |number: i32| match usize::try_from(number) {
            Ok(position @ 1..) => Ok(Some(position)),
            _ => Err(bad("format specifies argument 0, but arguments are numbered from 1")),
        };
        if let Some(number) = self.digits()? {
            if !self.take('$') {
                specifier.width = number;
                return Ok(specifier);
            }
            specifier.position = position(number)?;
            self.peek()?;
        }
        while self.take('-') {
            specifier.left = true;
            self.peek()?;
        }
        if self.take('*') {
            self.peek()?;
            specifier.width_position = Some(0);
            if let Some(number) = self.digits()? {
                if !self.take('$') {
                    return Err(bad("width argument position must be ended by \"$\""));
                }
                specifier.width_position = position(number)?;
                self.peek()?;
            }
        } else if let Some(number) = self.digits()? {
            specifier.width = number;
        }
        Ok(specifier)
    }
}

/// The pattern with the arguments put in; arguments that are not used are no error.
pub fn format(pattern: &str, arguments: &[Option<&str>]) -> SqlResult<String> {
    let mut answer = String::with_capacity(pattern.len());
    let mut reader = Reader { rest: pattern };
    let mut next = 1;
    let argument = |position: usize| {
        arguments.get(position - 1).copied().ok_or_else(|| bad("too few arguments for format()"))
    };
    while let Some((before, after)) = reader.rest.split_once('%') {
        answer.push_str(before);
        reader.rest = after;
        reader.peek()?;
        if reader.take('%') {
            answer.push('%');
            continue;
        }
        let specifier = reader.specifier()?;
        let conversion = reader.peek()?;
        if !matches!(conversion, 's' | 'I' | 'L') {
            let message = format!("unrecognized format() type specifier \"{conversion}\"");
            return Err(bad(message).with_hint(HINT));
        }
        reader.take(conversion);
        let mut width = specifier.width;
        if let Some(position) = specifier.width_position {
            next = if position > 0 { position } else { next };
            width = argument(next)?.map_or(Ok(0), read_width)?;
            next += 1;
        }
        next = specifier.position.unwrap_or(next);
        let value = argument(next)?;
        next += 1;
        let text: std::borrow::Cow<'_, str> = match (conversion, value) {
            ('s', value) => value.unwrap_or("").into(),
            ('L', None) => "NULL".into(),
            ('L', Some(value)) => quote_literal(value).into(),
            (_, Some(value)) => quote_ident(value),
            (_, None) => {
                let message = "null values cannot be formatted as an SQL identifier";
                return Err(SqlError::new(SqlState::NullNotAllowed, message));
            }
        };
        push_padded(&mut answer, &text, width, specifier.left)?;
    }
    answer.push_str(reader.rest);
    check_size(answer.len())?;
    Ok(answer)
}

/// A width that an argument gives, printed.
fn read_width(text: &str) -> SqlResult<i32> {
    let number = text.trim_matches(is_space);
    let digits = number.strip_prefix(['-', '+']).unwrap_or(number);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        let message = format!("invalid input syntax for type integer: \"{text}\"");
        return Err(SqlError::new(SqlState::InvalidTextRepresentation, message));
    }
    number.parse().map_err(|_| {
        let message = format!("value \"{text}\" is out of range for type integer");
        SqlError::new(SqlState::NumericOutOfRange, message)
    })
}

fn push_padded(answer: &mut String, text: &str, width: i32, left: bool) -> SqlResult<()> {
    if width == i32::MIN {
        return Err(out_of_range());
    }
    let left = left || width < 0;
    let wide = usize::try_from(width.unsigned_abs()).unwrap_or(usize::MAX);
    let missing = if width == 0 { 0 } else { wide.saturating_sub(characters(text)) };
    check_size(answer.len().saturating_add(text.len()).saturating_add(missing))?;
    let blanks = std::iter::repeat_n(' ', missing);
    if left {
        answer.push_str(text);
        answer.extend(blanks);
    } else {
        answer.extend(blanks);
        answer.push_str(text);
    }
    Ok(())
}
