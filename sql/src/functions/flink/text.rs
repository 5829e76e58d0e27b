//! Flink's functions of texts.

use std::sync::Arc;

use arrow::array::StringArray;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use millstream_catalog::Kind;
use sha2::{Digest, Sha224, Sha256, Sha384, Sha512};

use super::nullable;
use crate::error::{SqlError, SqlResult, SqlState};
use crate::functions::registry::{Param, Row, whole};
use crate::types::text::{lower, upper};
use crate::{lenient, strict};

/// The longest text that one call gives, in bytes.
const VALUE_BYTES: usize = 64 << 20;

pub(super) fn rows() -> Vec<Row> {
    vec![
        nullable(lenient!("split_index", (s: Text, separator: Text, index: Int4) -> Text => {
            Ok(match (s, separator, index) {
                (Some(s), Some(separator), Some(index)) => {
                    split_index(s, separator, index).map(str::to_owned)
                }
                _ => None,
            })
        }))
        .safe(),
        strict!("instr", (s: Text, wanted: Text) -> Int4 => Ok(position(wanted, s, 1))).safe(),
        strict!("locate", (wanted: Text, s: Text) -> Int4 => Ok(position(wanted, s, 1))).safe(),
        strict!("locate", (wanted: Text, s: Text, start: Int4) -> Int4 => Ok(position(wanted, s, start)))
            .safe(),
        strict!("lcase", (s: Text) -> Text => Ok(lower(s))).safe(),
        strict!("ucase", (s: Text) -> Text => Ok(upper(s))).safe(),
        strict!("startswith", (s: Text, start: Text) -> Bool => Ok(s.starts_with(start))).safe(),
        strict!("endswith", (s: Text, end: Text) -> Bool => Ok(s.ends_with(end))).safe(),
        strict!("to_base64", (s: Text) -> Text => {
            check_size(s.len().div_ceil(3).saturating_mul(4))?;
            Ok(STANDARD.encode(s))
        }),
        strict!("from_base64", (s: Text) -> Text => from_base64(s)),
        lenient!("is_digit", (s: Text) -> Bool => Ok(Some(s.is_some_and(|s| all(s, char::is_numeric)))))
            .safe(),
        lenient!("is_alpha", (s: Text) -> Bool => Ok(Some(s.is_some_and(|s| all(s, char::is_alphabetic)))))
            .safe(),
        lenient!("is_decimal", (s: Text) -> Bool => Ok(Some(s.is_some_and(is_decimal)))).safe(),
        strict!("sha2", (s: Text, bits: Int4) -> Text => sha2(s, bits)),
        strict!("hex", (s: Text) -> Text => {
            check_size(s.len().saturating_mul(2))?;
            Ok(hex::encode_upper(s))
        }),
        whole("uuid", &[], Param::Of(Kind::Text), |call| {
            let answers = (0..call.rows).map(|_| Some(uuid::Uuid::new_v4().to_string()));
            Ok(Arc::new(answers.collect::<StringArray>()))
        })
        .volatile()
        .safe(),
    ]
}

fn check_size(bytes: usize) -> SqlResult<()> {
    if bytes > VALUE_BYTES {
        return Err(SqlError::new(SqlState::ProgramLimit, format!("a value would take {bytes} bytes")));
    }
    Ok(())
}

/// The part of a text between separators, counted from 0; None where there is none. No separator is any one
/// blank.
fn split_index<'a>(text: &'a str, separator: &str, index: i32) -> Option<&'a str> {
    let index = usize::try_from(index).ok()?;
    if text.is_empty() {
        None
    } else if separator.is_empty() {
        text.split(char::is_whitespace).nth(index)
    } else {
        text.split(separator).nth(index)
    }
}

/// Where the wanted text stands from a character on, in characters from 1; 0 for nowhere.
fn position(wanted: &str, text: &str, start: i32) -> i32 {
    let Some(skipped) = usize::try_from(start).ok().and_then(|start| start.checked_sub(1)) else {
        return 0;
    };
    let mut starts = text.char_indices().map(|(at, _)| at).chain([text.len()]);
    let Some(from) = starts.nth(skipped) else { return 0 };
    match text[from..].find(wanted) {
        Some(at) => {
            let characters = skipped + text[from..from + at].chars().count() + 1;
            i32::try_from(characters).unwrap_or(i32::MAX)
        }
        None => 0,
    }
}

fn from_base64(text: &str) -> SqlResult<String> {
    let bytes = STANDARD.decode(text).map_err(|error| {
        SqlError::new(SqlState::InvalidParameterValue, "invalid base64 sequence")
            .with_detail(error.to_string())
    })?;
    String::from_utf8(bytes).map_err(|_| {
        SqlError::new(SqlState::CharacterNotInRepertoire, "invalid byte sequence for encoding \"UTF8\"")
    })
}

fn all(text: &str, test: fn(char) -> bool) -> bool {
    !text.is_empty() && text.chars().all(test)
}

/// Whether the text is a decimal number: a sign, digits with a point, an exponent.
fn is_decimal(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (significand, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((significand, exponent)) => (significand, Some(exponent)),
        None => (unsigned, None),
    };
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = significand.split_once('.').unwrap_or((significand, ""));
    let exponent_is_right = exponent.is_none_or(|exponent| {
        let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        !exponent.is_empty() && digits(exponent)
    });
    !(whole.is_empty() && fraction.is_empty()) && digits(whole) && digits(fraction) && exponent_is_right
}

fn sha2(text: &str, bits: i32) -> SqlResult<String> {
    match bits {
        224 => Ok(hex::encode(Sha224::digest(text))),
        256 | 0 => Ok(hex::encode(Sha256::digest(text))),
        384 => Ok(hex::encode(Sha384::digest(text))),
        512 => Ok(hex::encode(Sha512::digest(text))),
        _ => {
            let message = format!("hash length {bits} is none of 224, 256, 384 and 512");
            Err(SqlError::new(SqlState::InvalidParameterValue, message))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_counted_from_nought() {
        let path = "https://host/a/b";
        assert_eq!(split_index(path, "/", 3), Some("a"));
        assert_eq!(split_index(path, "/", 1), Some(""));
        assert_eq!(split_index(path, "/", 5), None);
        assert_eq!(split_index(path, "/", -1), None);
        assert_eq!(split_index("a--b", "--", 1), Some("b"));
        assert_eq!(split_index("a b\tc", "", 2), Some("c"));
        assert_eq!(split_index("", "x", 0), None);
    }

    #[test]
    fn positions_are_of_characters() {
        assert_eq!(position("c", "äbcabc", 1), 3);
        assert_eq!(position("c", "äbcabc", 4), 6);
        assert_eq!(position("", "ab", 3), 3);
        assert_eq!(position("", "ab", 4), 0);
        assert_eq!(position("a", "ab", 0), 0);
        assert_eq!(position("x", "ab", 1), 0);
    }

    #[test]
    fn decimals_are_told_from_other_texts() {
        for yes in ["0", "-1", "+1.5", ".5", "5.", "1e10", "1.5E-3"] {
            assert!(is_decimal(yes), "{yes}");
        }
        for no in ["", "-", ".", "1e", "e5", "1.2.3", " 1", "NaN", "0x1"] {
            assert!(!is_decimal(no), "{no}");
        }
        assert!(all("12", char::is_numeric) && !all("", char::is_numeric) && !all("a1", char::is_alphabetic));
    }

    #[test]
    fn encodings_go_both_ways() {
        assert_eq!(from_base64(&STANDARD.encode("hällo")), Ok("hällo".to_owned()));
        assert!(from_base64("a").is_err() && from_base64("/w==").is_err());
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(sha2("", 256), Ok(empty.to_owned()));
        assert!(sha2("", 1).is_err());
    }
}
