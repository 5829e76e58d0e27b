//! What the functions of regular expressions do with one row's values.

use crate::error::{SqlError, SqlResult, SqlState};
use crate::types::text::{characters, check_size};

use super::cache::compiled;
use super::engine::{Execution, Flags, Regex, Span};
use super::find::Matches;
use super::flags::{Options, parse, parse_single};

/// The operator `~`.
pub fn matches(text: &str, pattern: &str, ignore_case: bool) -> SqlResult<bool> {
    compiled(pattern, Flags { ignore_case, ..Flags::default() })?.is_match(text)
}

/// `regexp_like`
pub fn like(text: &str, pattern: &str, options: &str) -> SqlResult<bool> {
    compiled(pattern, parse_single(options, "regexp_like()")?.flags)?.is_match(text)
}

fn bad_parameter(name: &str, value: i32) -> SqlError {
    let message = format!("invalid value for parameter \"{name}\": {value}");
    SqlError::new(SqlState::InvalidParameterValue, message)
}

/// A parameter that counts from 1, less 1.
fn positive(name: &str, value: i32) -> SqlResult<usize> {
    usize::try_from(value)
        .ok()
        .and_then(|value| value.checked_sub(1))
        .ok_or_else(|| bad_parameter(name, value))
}

/// `regexp_count`
pub fn count(text: &str, pattern: &str, start: i32, options: &str) -> SqlResult<i32> {
    let skip = positive("start", start)?;
    let regex = compiled(pattern, parse_single(options, "regexp_count()")?.flags)?;
    let mut matches = Matches::new(&regex, text, skip, false);
    let mut count = 0;
    while matches.find_next()?.is_some() {
        count += 1;
    }
    Ok(count)
}

/// What `regexp_instr` and `regexp_substr` look for.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// The character from which on it is searched, from 1.
    pub start: i32,
    /// Which match, from 1.
    pub n: i32,
    /// The options.
    pub options: &'a str,
    /// Which group; 0 for the whole match.
    pub group: i32,
}

impl Default for Wanted<'_> {
    fn default() -> Self {
        Wanted { start: 1, n: 1, options: "", group: 0 }
    }
}

/// The span of the n-th match or of a group of it; None where there is no such match or group.
fn nth(
    text: &str,
    pattern: &str,
    wanted: &Wanted<'_>,
    function: &str,
    skip: usize,
    n: usize,
) -> SqlResult<Span> {
    let group = usize::try_from(wanted.group).map_err(|_| bad_parameter("subexpr", wanted.group))?;
    let regex = compiled(pattern, parse_single(wanted.options, function)?.flags)?;
    // Of a pattern without groups the first group is the whole match.
    let groups = regex.groups();
    let (group, known) = if groups == 0 { (0, group <= 1) } else { (group, group <= groups) };
    let mut matches = Matches::new(&regex, text, skip, group > 0);
    for _ in 0..n {
        if matches.find_next()?.is_none() {
            return Ok(None);
        }
    }
    if matches.find_next()?.is_none() || !known {
        return Ok(None);
    }
    Ok(matches.spans().get(group).copied().flatten())
}

/// `regexp_instr`: where it starts, or where what follows it starts if `end` is 1; 0 where it is not.
pub fn position(text: &str, pattern: &str, wanted: &Wanted<'_>, end: i32) -> SqlResult<i32> {
    let (skip, n) = (positive("start", wanted.start)?, positive("n", wanted.n)?);
    if end != 0 && end != 1 {
        return Err(bad_parameter("endoption", end));
    }
    let Some(span) = nth(text, pattern, wanted, "regexp_instr()", skip, n)? else { return Ok(0) };
    let byte = if end == 1 { span.1 } else { span.0 };
    crate::functions::text::length::count(characters(&text[..byte]) + 1)
}

/// `regexp_substr`: the text of the match or group.
pub fn part<'a>(text: &'a str, pattern: &str, wanted: &Wanted<'_>) -> SqlResult<Option<&'a str>> {
    let (skip, n) = (positive("start", wanted.start)?, positive("n", wanted.n)?);
    let span = nth(text, pattern, wanted, "regexp_substr()", skip, n)?;
    Ok(span.map(|(start, end)| &text[start..end]))
}

/// `substring(text from pattern)`: the first group, or the whole match of a pattern without groups.
pub fn substring<'a>(text: &'a str, pattern: &str) -> SqlResult<Option<&'a str>> {
    let regex = compiled(pattern, Flags::default())?;
    let group = regex.groups().min(1);
    let mut execution = Execution::new(&regex, text);
    if !execution.find(0, group + 1)? {
        return Ok(None);
    }
    Ok(execution.spans.get(group).copied().flatten().map(|(start, end)| &text[start..end]))
}

/// The groups of a match, or the whole match of a pattern without groups; a group that took no part is None.
fn groups<'a>(text: &'a str, spans: &[Span]) -> impl Iterator<Item = Option<&'a str>> {
    let skip = usize::from(spans.len() > 1);
    spans[skip..].iter().map(move |span| span.map(|(start, end)| &text[start..end]))
}

/// `regexp_match`: gives the groups of the first match to `push`; false where nothing matches.
pub fn first_match(
    text: &str,
    pattern: &str,
    options: &str,
    push: &mut dyn FnMut(Option<&str>) -> SqlResult<()>,
) -> SqlResult<bool> {
    let regex = compiled(pattern, parse_single(options, "regexp_match()")?.flags)?;
    let mut matches = Matches::new(&regex, text, 0, true);
    if matches.find_next()?.is_none() {
        return Ok(false);
    }
    groups(text, matches.spans()).try_for_each(push)?;
    Ok(true)
}

/// What is done with the groups of one match.
pub type EachMatch<'a> = &'a mut dyn FnMut(&mut dyn Iterator<Item = Option<&str>>) -> SqlResult<()>;

/// `regexp_matches`: gives the groups of each match to `each`.
pub fn all_matches(text: &str, pattern: &str, options: &str, each: EachMatch<'_>) -> SqlResult<()> {
    let options = parse(options)?;
    let regex = compiled(pattern, options.flags)?;
    let mut matches = Matches::new(&regex, text, 0, true);
    while matches.find_next()?.is_some() {
        each(&mut groups(text, matches.spans()))?;
        if !options.global {
            break;
        }
    }
    Ok(())
}

/// `regexp_split_to_table` and `regexp_split_to_array`: gives the parts between the matches to `push`. Empty
/// matches at either end of the text, or right after another match, split nothing.
pub fn split(
    text: &str,
    pattern: &str,
    options: &str,
    function: &str,
    push: &mut dyn FnMut(&str) -> SqlResult<()>,
) -> SqlResult<()> {
    let regex = compiled(pattern, parse_single(options, function)?.flags)?;
    let mut matches = Matches::new(&regex, text, 0, false);
    // Where the last match ended, and the last one that split.
    let (mut last_end, mut part_start) = (0, 0);
    while let Some((start, end)) = matches.find_next()? {
        if start < text.len() && end > last_end {
            push(&text[part_start..start])?;
            part_start = end;
        }
        last_end = end;
    }
    push(&text[part_start..])
}

/// `regexp_replace` with options that are letters.
pub fn replace(text: &str, pattern: &str, new: &str, options: &str) -> SqlResult<String> {
    if let Some(digit) = options.chars().next().filter(char::is_ascii_digit) {
        let message = format!("invalid regular expression option: \"{digit}\"");
        let hint = "If you meant to use regexp_replace() with a start parameter, cast the fourth argument to \
                    integer explicitly.";
        return Err(SqlError::new(SqlState::InvalidParameterValue, message).with_hint(hint));
    }
    let options = parse(options)?;
    replace_matches(text, pattern, new, options, 0, usize::from(!options.global))
}

/// `regexp_replace` from a character on; of the n-th match, or of all where n is 0.
pub fn replace_from(
    text: &str,
    pattern: &str,
    new: &str,
    start: i32,
    n: Option<i32>,
    options: &str,
) -> SqlResult<String> {
    let skip = positive("start", start)?;
    let n = n.map(|n| usize::try_from(n).map_err(|_| bad_parameter("n", n))).transpose()?;
    let options = parse(options)?;
    replace_matches(text, pattern, new, options, skip, n.unwrap_or(usize::from(!options.global)))
}

fn replace_matches(
    text: &str,
    pattern: &str,
    new: &str,
    options: Options,
    skip: usize,
    n: usize,
) -> SqlResult<String> {
    let regex = compiled(pattern, options.flags)?;
    let pieces = pieces(new, &regex);
    let needs_groups = pieces.iter().any(|piece| matches!(piece, Piece::Group(1..)));
    let mut matches = Matches::new(&regex, text, skip, needs_groups);
    let mut answer = String::with_capacity(text.len());
    let (mut copied, mut found) = (0, 0);
    while let Some((start, end)) = matches.find_next()? {
        found += 1;
        if n > 0 && found != n {
            continue;
        }
        answer.push_str(&text[copied..start]);
        for piece in &pieces {
            match piece {
                Piece::Text(piece) => answer.push_str(piece),
                Piece::Group(group) => {
                    if let Some((start, end)) = matches.spans().get(*group).copied().flatten() {
                        answer.push_str(&text[start..end]);
                    }
                }
            }
            check_size(answer.len())?;
        }
        copied = end;
        if n > 0 {
            break;
        }
    }
    answer.push_str(&text[copied..]);
    check_size(answer.len())?;
    Ok(answer)
}

/// A part of what is put in the place of a match.
enum Piece<'a> {
    Text(&'a str),
    /// What a group matched; 0 for the whole match.
    Group(usize),
}

/// `\1` to `\9` are groups, `\&` the whole match, `\\` is a backslash; any other backslash stands for itself.
fn pieces<'a>(new: &'a str, regex: &Regex) -> Vec<Piece<'a>> {
    let mut pieces = vec![];
    let mut rest = new;
    while let Some((before, after)) = rest.split_once('\\') {
        pieces.push(Piece::Text(before));
        let (piece, length) = match after.bytes().next() {
            Some(digit @ b'1'..=b'9') => (Piece::Group(usize::from(digit - b'0')), 1),
            Some(b'&') => (Piece::Group(0), 1),
            Some(b'\\') => (Piece::Text("\\"), 1),
            _ => (Piece::Text("\\"), 0),
        };
        pieces.push(piece);
        rest = &after[length..];
    }
    pieces.push(Piece::Text(rest));
    pieces.retain(|piece| match piece {
        Piece::Text(text) => !text.is_empty(),
        Piece::Group(group) => *group <= regex.groups(),
    });
    pieces
}
