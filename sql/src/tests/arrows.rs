//! The rooms of the crate and the arrows between them: a room uses only rooms before it, and no file is too long to
//! read.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The rooms, each using only those before it. `names` and `error` are below all.
const ROOMS: [&str; 11] =
    ["names", "error", "text", "types", "functions", "analyze", "windows", "bind", "plan", "lower", "define"];

/// Most lines of a file.
const LINES: usize = 700;

fn files(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// All source files: room, path below the crate, text without comments.
fn sources() -> Vec<(String, String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = vec![];
    files(&root, &mut found);
    assert!(found.len() > 100, "{} files", found.len());
    let source = |path: PathBuf| {
        let below = path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
        let first = below.split('/').next().unwrap();
        let room = first.strip_suffix(".rs").unwrap_or(first).to_owned();
        let text = std::fs::read_to_string(&path).unwrap();
        let code: Vec<&str> = text.lines().map(|line| line.split("//").next().unwrap_or("")).collect();
        (room, below, code.join("\n"))
    };
    found.into_iter().map(source).collect()
}

/// The rooms that a text names by `crate::`, alone or in braces.
fn used(text: &str) -> BTreeSet<String> {
    let name = |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let mut rooms = BTreeSet::new();
    for (at, prefix) in text.match_indices("crate::") {
        let rest = &text[at + prefix.len()..];
        let Some(list) = rest.strip_prefix('{') else {
            rooms.insert(name(rest));
            continue;
        };
        let mut depth = 0;
        for part in list.split_inclusive(['{', '}', ',']) {
            if depth == 0 {
                rooms.insert(name(part.trim_start()));
            }
            match part.chars().last() {
                Some('{') => depth += 1,
                Some('}') if depth == 0 => break,
                Some('}') => depth -= 1,
                _ => {}
            }
        }
    }
    rooms.remove("");
    rooms
}

#[test]
fn arrows_between_rooms_go_one_way() {
    let place = |room: &str| ROOMS.iter().position(|known| *known == room);
    let mut wrong = vec![];
    for (room, path, text) in sources() {
        if room == "lib" || room == "tests" {
            continue;
        }
        let here = place(&room).unwrap_or_else(|| panic!("{path} is in no known room"));
        for other in used(&text) {
            if place(&other).is_some_and(|there| there > here) {
                wrong.push(format!("{path} uses {other}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn arrows_are_seen_alone_and_in_braces() {
    let text =
        "use crate::bind::{Binder, call};\nuse crate::{error::{SqlError, SqlState}, lower, plan::Node};";
    assert_eq!(used(text).into_iter().collect::<Vec<_>>(), ["bind", "error", "lower", "plan"]);
}

#[test]
fn no_file_is_too_long_to_read() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = vec![];
    files(root, &mut found);
    let long = |path: &PathBuf| std::fs::read_to_string(path).unwrap().lines().count() > LINES;
    let wrong: Vec<PathBuf> = found.into_iter().filter(long).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}
