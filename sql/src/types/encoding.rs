//! Character encodings: their names and numbers, and texts converted from one into another.
//!
//! Texts are UTF-8 inside; other encodings are only those of `convert`, `convert_from` and `convert_to`.
//! Single-byte encodings are converted; those of several bytes for a character (Chinese, Japanese, Korean)
//! are known by name only.

use super::encoding_tables as tables;
use crate::error::{SqlError, SqlResult, SqlState};

/// How characters are written.
#[derive(Debug, Clone, Copy)]
enum Form {
    /// Bytes over 127 mean nothing in particular.
    Ascii,
    /// UTF-8
    Utf8,
    /// One byte for each character.
    Single(tables::Runs),
    /// Not built.
    Multi,
}

/// An encoding, by its number in PostgreSQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Encoding(usize);

/// UTF-8, in which all texts are.
pub const UTF8: Encoding = Encoding(6);

/// Names by number, and forms.
const ENCODINGS: &[(&str, Form)] = &[
    ("SQL_ASCII", Form::Ascii),
    ("EUC_JP", Form::Multi),
    ("EUC_CN", Form::Multi),
    ("EUC_KR", Form::Multi),
    ("EUC_TW", Form::Multi),
    ("EUC_JIS_2004", Form::Multi),
    ("UTF8", Form::Utf8),
    ("MULE_INTERNAL", Form::Multi),
    ("LATIN1", Form::Single(tables::LATIN1)),
    ("LATIN2", Form::Single(tables::LATIN2)),
    ("LATIN3", Form::Single(tables::LATIN3)),
    ("LATIN4", Form::Single(tables::LATIN4)),
    ("LATIN5", Form::Single(tables::LATIN5)),
    ("LATIN6", Form::Single(tables::LATIN6)),
    ("LATIN7", Form::Single(tables::LATIN7)),
    ("LATIN8", Form::Single(tables::LATIN8)),
    ("LATIN9", Form::Single(tables::LATIN9)),
    ("LATIN10", Form::Single(tables::LATIN10)),
    ("WIN1256", Form::Single(tables::WIN1256)),
    ("WIN1258", Form::Single(tables::WIN1258)),
    ("WIN866", Form::Single(tables::WIN866)),
    ("WIN874", Form::Single(tables::WIN874)),
    ("KOI8R", Form::Single(tables::KOI8R)),
    ("WIN1251", Form::Single(tables::WIN1251)),
    ("WIN1252", Form::Single(tables::WIN1252)),
    ("ISO_8859_5", Form::Single(tables::ISO_8859_5)),
    ("ISO_8859_6", Form::Single(tables::ISO_8859_6)),
    ("ISO_8859_7", Form::Single(tables::ISO_8859_7)),
    ("ISO_8859_8", Form::Single(tables::ISO_8859_8)),
    ("WIN1250", Form::Single(tables::WIN1250)),
    ("WIN1253", Form::Single(tables::WIN1253)),
    ("WIN1254", Form::Single(tables::WIN1254)),
    ("WIN1255", Form::Single(tables::WIN1255)),
    ("WIN1257", Form::Single(tables::WIN1257)),
    ("KOI8U", Form::Single(tables::KOI8U)),
    ("SJIS", Form::Multi),
    ("BIG5", Form::Multi),
    ("GBK", Form::Multi),
    ("UHC", Form::Multi),
    ("GB18030", Form::Multi),
    ("JOHAB", Form::Multi),
    ("SHIFT_JIS_2004", Form::Multi),
];

/// What a name is without case and without all that is neither letter nor digit, sorted; and the number.
const NAMES: &[(&str, usize)] = &[
    ("abc", 19),
    ("alt", 20),
    ("big5", 36),
    ("euccn", 2),
    ("eucjis2004", 5),
    ("eucjp", 1),
    ("euckr", 3),
    ("euctw", 4),
    ("gb18030", 39),
    ("gbk", 37),
    ("iso88591", 8),
    ("iso885910", 13),
    ("iso885913", 14),
    ("iso885914", 15),
    ("iso885915", 16),
    ("iso885916", 17),
    ("iso88592", 9),
    ("iso88593", 10),
    ("iso88594", 11),
    ("iso88595", 25),
    ("iso88596", 26),
    ("iso88597", 27),
    ("iso88598", 28),
    ("iso88599", 12),
    ("johab", 40),
    ("koi8", 22),
    ("koi8r", 22),
    ("koi8u", 34),
    ("latin1", 8),
    ("latin10", 17),
    ("latin2", 9),
    ("latin3", 10),
    ("latin4", 11),
    ("latin5", 12),
    ("latin6", 13),
    ("latin7", 14),
    ("latin8", 15),
    ("latin9", 16),
    ("mskanji", 35),
    ("muleinternal", 7),
    ("shiftjis", 35),
    ("shiftjis2004", 41),
    ("sjis", 35),
    ("sqlascii", 0),
    ("tcvn", 19),
    ("tcvn5712", 19),
    ("uhc", 38),
    ("unicode", 6),
    ("utf8", 6),
    ("vscii", 19),
    ("win", 23),
    ("win1250", 29),
    ("win1251", 23),
    ("win1252", 24),
    ("win1253", 30),
    ("win1254", 31),
    ("win1255", 32),
    ("win1256", 18),
    ("win1257", 33),
    ("win1258", 19),
    ("win866", 20),
    ("win874", 21),
    ("win932", 35),
    ("win936", 37),
    ("win949", 38),
    ("win950", 36),
    ("windows1250", 29),
    ("windows1251", 23),
    ("windows1252", 24),
    ("windows1253", 30),
    ("windows1254", 31),
    ("windows1255", 32),
    ("windows1256", 18),
    ("windows1257", 33),
    ("windows1258", 19),
    ("windows866", 20),
    ("windows874", 21),
    ("windows932", 35),
    ("windows936", 37),
    ("windows949", 38),
    ("windows950", 36),
];

impl Encoding {
    /// The encoding of a name, however it is spelled.
    pub fn by_name(name: &str) -> Option<Encoding> {
        let plain: String = name
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .map(|letter| letter.to_ascii_lowercase())
            .collect();
        let found = NAMES.binary_search_by(|(known, _)| (*known).cmp(&plain)).ok()?;
        Some(Encoding(NAMES[found].1))
    }

    /// The encoding of a number.
    pub fn by_number(number: i32) -> Option<Encoding> {
        usize::try_from(number).ok().filter(|number| *number < ENCODINGS.len()).map(Encoding)
    }

    /// Its number.
    pub fn number(self) -> i32 {
        i32::try_from(self.0).unwrap_or(-1)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        ENCODINGS[self.0].0
    }

    fn form(self) -> Form {
        ENCODINGS[self.0].1
    }
}

fn unsupported(from: Encoding, to: Encoding) -> SqlError {
    let hint = "convert between UTF8 and a single-byte encoding";
    SqlError::unsupported(
        format!("conversion from encoding \"{}\" to \"{}\" is not supported", from.name(), to.name()),
        hint,
    )
}

fn bytes_text(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("0x{byte:02x}")).collect::<Vec<_>>().join(" ")
}

fn invalid(encoding: Encoding, bytes: &[u8]) -> SqlError {
    let message =
        format!("invalid byte sequence for encoding \"{}\": {}", encoding.name(), bytes_text(bytes));
    SqlError::new(SqlState::CharacterNotInRepertoire, message)
}

fn untranslatable(bytes: &[u8], from: Encoding, to: Encoding) -> SqlError {
    let message = format!(
        "character with byte sequence {} in encoding \"{}\" has no equivalent in encoding \"{}\"",
        bytes_text(bytes),
        from.name(),
        to.name()
    );
    SqlError::new(SqlState::UntranslatableCharacter, message)
}

/// Checks that bytes are a text of an encoding, and counts its characters.
pub fn verify(bytes: &[u8], encoding: Encoding) -> SqlResult<usize> {
    match encoding.form() {
        Form::Utf8 => Ok(read_utf8(bytes)?.chars().count()),
        Form::Ascii | Form::Single(_) => match bytes.contains(&0) {
            true => Err(invalid(encoding, &[0])),
            false => Ok(bytes.len()),
        },
        Form::Multi => Err(unsupported(encoding, UTF8)),
    }
}

/// Bytes that are UTF-8 without zeros.
pub fn read_utf8(bytes: &[u8]) -> SqlResult<&str> {
    let (valid, text) = match std::str::from_utf8(bytes) {
        Ok(text) => (bytes.len(), Some(text)),
        Err(error) => (error.valid_up_to(), None),
    };
    if bytes[..valid].contains(&0) {
        return Err(invalid(UTF8, &[0]));
    }
    text.ok_or_else(|| {
        let rest = &bytes[valid..];
        // As many bytes are shown as the first one says that the character has.
        let length = match rest.first() {
            Some(0xc0..=0xdf) => 2,
            Some(0xe0..=0xef) => 3,
            Some(0xf0..=0xf7) => 4,
            _ => 1,
        };
        invalid(UTF8, &rest[..length.min(rest.len())])
    })
}

/// Converts bytes from one encoding into another.
pub fn convert(bytes: &[u8], from: Encoding, to: Encoding) -> SqlResult<Vec<u8>> {
    if bytes.is_empty() {
        return Ok(vec![]);
    }
    verify(bytes, from)?;
    if from == to || matches!(to.form(), Form::Ascii) {
        return Ok(bytes.to_vec());
    }
    match (from.form(), to.form()) {
        (Form::Ascii, _) => {
            verify(bytes, to)?;
            Ok(bytes.to_vec())
        }
        (Form::Multi, _) | (_, Form::Multi) => Err(unsupported(from, to)),
        (Form::Utf8, Form::Single(runs)) => encode(read_utf8(bytes)?, runs, from, to),
        (Form::Single(runs), Form::Utf8) => decode(bytes, runs, from, to).map(String::into_bytes),
        (Form::Single(_), Form::Single(_)) if have_conversion(from, to) => Err(unsupported(from, to)),
        _ => {
            let message = format!(
                "default conversion function for encoding \"{}\" to \"{}\" does not exist",
                from.name(),
                to.name()
            );
            Err(SqlError::new(SqlState::UndefinedFunction, message))
        }
    }
}

/// The pairs of single-byte encodings that PostgreSQL converts by tables of their own, which are not built
/// here: the Cyrillic ones, and LATIN2 with WIN1250.
fn have_conversion(from: Encoding, to: Encoding) -> bool {
    const CYRILLIC: [&str; 4] = ["KOI8R", "WIN1251", "WIN866", "ISO_8859_5"];
    const CENTRAL: [&str; 2] = ["LATIN2", "WIN1250"];
    let both = |group: &[&str]| group.contains(&from.name()) && group.contains(&to.name());
    both(&CYRILLIC) || both(&CENTRAL)
}

fn decode(bytes: &[u8], runs: tables::Runs, from: Encoding, to: Encoding) -> SqlResult<String> {
    let mut text = String::with_capacity(bytes.len());
    for &byte in bytes {
        match character(byte, runs) {
            Some(character) => text.push(character),
            None => return Err(untranslatable(&[byte], from, to)),
        }
    }
    Ok(text)
}

fn character(byte: u8, runs: tables::Runs) -> Option<char> {
    if byte < 0x80 {
        return Some(char::from(byte));
    }
    let mut place = u32::from(byte) - 0x80;
    for &(length, first) in runs {
        if place < u32::from(length) {
            return if first == 0 { None } else { char::from_u32(first + place) };
        }
        place -= u32::from(length);
    }
    None
}

fn encode(text: &str, runs: tables::Runs, from: Encoding, to: Encoding) -> SqlResult<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    for character in text.chars() {
        let byte = match u8::try_from(u32::from(character)) {
            Ok(byte) if byte < 0x80 => Some(byte),
            _ => byte_of(character, runs),
        };
        bytes.push(
            byte.ok_or_else(|| untranslatable(character.encode_utf8(&mut [0; 4]).as_bytes(), from, to))?,
        );
    }
    Ok(bytes)
}

fn byte_of(character: char, runs: tables::Runs) -> Option<u8> {
    let number = u32::from(character);
    let mut byte = 0x80_u32;
    for &(length, first) in runs {
        if first != 0 && (first..first + u32::from(length)).contains(&number) {
            return u8::try_from(byte + number - first).ok();
        }
        byte += u32::from(length);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_has_128_bytes() {
        for (name, form) in ENCODINGS {
            if let Form::Single(runs) = form {
                assert_eq!(runs.iter().map(|(length, _)| u32::from(*length)).sum::<u32>(), 128, "{name}");
            }
        }
        assert!(NAMES.is_sorted());
    }

    #[test]
    fn single_bytes_go_there_and_back() {
        let encoding = Encoding::by_name("win-1252").unwrap();
        assert_eq!(convert("€é".as_bytes(), UTF8, encoding).unwrap(), [0x80, 0xe9]);
        assert_eq!(convert(&[0x80, 0xe9], encoding, UTF8).unwrap(), "€é".as_bytes());
        assert_eq!(convert(&[0x81], encoding, UTF8).unwrap_err().state, SqlState::UntranslatableCharacter);
        assert_eq!(
            convert(&[b'a', 0xe2, 0x28], UTF8, UTF8).unwrap_err().message,
            "invalid byte sequence for encoding \"UTF8\": 0xe2 0x28"
        );
    }
}
