//! One flipped bit anywhere in a data directory is found and named, or changes no answer. It is never served.
//!
//! ```text
//!  a server fills a directory ─► cleanly closed │ killed │ power cut right after the last sync
//!                                        └─ copy, flip one bit, open, read everything, compare ─┘
//! ```
//!
//! | outcome | what was seen |
//! |---|---|
//! | found | an error XX001 that names the flipped file and a byte at or before the flip; all other answers as before |
//! | recomputed | all answers as before, but a view was not restored from the checkpoint that it had |
//! | same | all answers as before: padding, reserved room, what nobody needs any more |
//! | cut | only after a power cut, only in the last frame: the last commit is gone, all else as before |
//!
//! **What the format cannot promise** is that last line. A frame is known to have been durable when something written
//! later says so: another frame, a mark, a manifest. After a power cut right after a sync nothing was written later, and a
//! damaged frame looks like one that was never finished. It takes two faults at once, and costs the last frame at most.
//!
//! `MILLSTREAM_FLIPS` sets how many random flips there are, and as many header bytes unless `MILLSTREAM_HEADER_BYTES` sets
//! those (all, if there are no more); `MILLSTREAM_SEED` repeats the choice of bytes. The directories hold random identities and the time of day, so a failure
//! keeps the damaged directory and says where it is.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use arrow::util::pretty::pretty_format_batches;
use millstream::{Config, Database, Error};
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use rand::{Rng, SeedableRng};
use tempfile::TempDir;

/// Everything that can be read, the figures of late rows last.
const READS: [&str; 6] = [
    "SELECT *, _partition, _offset, _lsn, _commit_time, _watermark FROM a ORDER BY _lsn, _partition, _offset",
    "SELECT *, _partition, _offset, _lsn, _commit_time FROM b ORDER BY _lsn, _offset",
    "SELECT * FROM by_key ORDER BY k",
    "SELECT * FROM by_window ORDER BY window_start, k",
    "SELECT * FROM thirds ORDER BY n, x",
    "SELECT view, count FROM millstream.late_rows ORDER BY view",
];

/// A mark and a frame's header take so many bytes; frames start at multiples of it.
const HEADER_BYTES: usize = 64;

/// What opening and reading came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    Found,
    Recomputed,
    Same,
    Cut,
}

/// A data directory as a server left it, and what it must answer.
struct Image {
    name: &'static str,
    files: BTreeMap<PathBuf, Vec<u8>>,
    answers: Vec<String>,
    /// The LSN that each view is restored at.
    restored: Vec<(String, u64)>,
    /// Nothing shows that the last commit was durable: without it, these are the answers.
    without_last: Option<Vec<String>>,
}

/// One bit of a file.
#[derive(Debug, Clone)]
struct Flip {
    image: usize,
    file: PathBuf,
    byte: usize,
    bit: u8,
}

fn config(directory: &Path) -> Config {
    // So little memory for rows that the log is in several files; checkpoints come only when they are asked for.
    Config {
        workers: 1,
        tail_bytes: 256 << 10,
        checkpoint_interval: Duration::from_secs(3600),
        ..Config::new(directory)
    }
}

/// A directory that need not outlive the machine.
fn scratch() -> TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { TempDir::new_in(memory).unwrap() } else { TempDir::new().unwrap() }
}

async fn answer(database: &Database, sql: &str) -> Result<String, Error> {
    let batches = database.execute(sql).await?;
    Ok(pretty_format_batches(&batches).unwrap().to_string())
}

async fn answers(database: &Database) -> Vec<String> {
    let mut answers = Vec::new();
    for sql in READS {
        answers.push(answer(database, sql).await.unwrap());
    }
    answers
}

/// Rows for one of the streams; some come too late for their window.
fn insert(random: &mut StdRng, number: usize) -> String {
    let row = |random: &mut StdRng, row: usize| match number % 3 {
        2 => format!("({}, {}.5)", random.random_range(0..1000), random.random_range(0..1000)),
        _ => {
            let late = if random.random_bool(0.1) { 120 } else { random.random_range(0..15) };
            let second = (number * 3 + row).saturating_sub(late);
            let word = "zebra-finch"[..random.random_range(1..11)].to_owned();
            let (key, value) = (random.random_range(0..6), random.random_range(-50..50));
            format!("({key}, {value}, '{word}', '2024-01-01'::timestamp + INTERVAL '{second} seconds')")
        }
    };
    let rows: Vec<String> = (0..4).map(|at| row(random, at)).collect();
    format!("INSERT INTO {} VALUES {}", if number % 3 == 2 { "b" } else { "a" }, rows.join(", "))
}

/// Segments, manifests, checkpoints and a log of several files, left in three ways.
async fn images(random: &mut StdRng) -> Vec<Image> {
    let directory = scratch();
    let database = Database::open(config(directory.path())).await.unwrap();
    for sql in [
        "CREATE STREAM a (k BIGINT, v BIGINT, name TEXT, at TIMESTAMP, WATERMARK FOR at AS at - INTERVAL '10 seconds')
         WITH (partitions = 2)",
        "CREATE STREAM b (n BIGINT, x DOUBLE PRECISION)",
        "CREATE MATERIALIZED VIEW by_key AS SELECT k, count(*) AS rows, sum(v) AS total, max(name) AS most
         FROM a GROUP BY k",
        "CREATE MATERIALIZED VIEW by_window AS SELECT window_start, k, count(*) AS rows, sum(v) AS total
         FROM TUMBLE(a, at, INTERVAL '20 seconds') GROUP BY window_start, window_end, k EMIT ON WINDOW CLOSE",
        "CREATE MATERIALIZED VIEW thirds AS SELECT n, x FROM b WHERE n % 3 = 0",
    ] {
        database.execute(sql).await.unwrap();
    }
    for number in 0..159 {
        database.execute(&insert(random, number)).await.unwrap();
        if number == 20 || number == 40 {
            // What the checkpoints hold is what was read before.
            answers(&database).await;
            database.execute("CHECKPOINT").await.unwrap();
            tokio::time::sleep(Duration::from_millis(300)).await;
        }
    }
    let before = answers(&database).await;
    database.execute(&insert(random, 159)).await.unwrap();
    let after = answers(&database).await;
    assert_ne!(before, after);
    // The mark behind the last frame is written once the log is quiet.
    tokio::time::sleep(Duration::from_millis(300)).await;
    let killed = files_of(directory.path());
    let mut power_cut = killed.clone();
    let (_, log) = power_cut.iter_mut().rfind(|(path, _)| path.starts_with("wal")).unwrap();
    let mark = *frame_starts(log).last().unwrap();
    assert_eq!(log[mark..mark + 4], *b"MSFR", "a quiet log is marked");
    log[mark..mark + HEADER_BYTES].fill(0);
    database.close().await;
    let closed = files_of(directory.path());
    let mut images = Vec::new();
    for (name, files, without_last) in
        [("closed", closed, None), ("killed", killed, None), ("power cut", power_cut, Some(before))]
    {
        let mut image = Image { name, files, answers: after.clone(), restored: Vec::new(), without_last };
        let copy = scratch();
        write(&image.files, copy.path());
        let database = Database::open(config(copy.path())).await.unwrap();
        assert_eq!(answers(&database).await, image.answers, "{name}, undamaged");
        image.restored = restored(&database);
        database.close().await;
        images.push(image);
    }
    let has =
        |part: &str| images[0].files.keys().filter(|path| path.to_string_lossy().contains(part)).count();
    assert!(has("wal/") > 1 && has("streams/") > 1 && has("manifest/") > 0 && has("views/") > 3);
    assert!(images[0].restored.iter().all(|(_, lsn)| *lsn > 0));
    images
}

fn restored(database: &Database) -> Vec<(String, u64)> {
    database.report().views.into_iter().map(|(name, lsn, _)| (name, lsn)).collect()
}

fn files_of(directory: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut directories = vec![directory.to_owned()];
    while let Some(next) = directories.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                directories.push(path);
            } else {
                let bytes = std::fs::read(&path).unwrap();
                files.insert(path.strip_prefix(directory).unwrap().to_owned(), bytes);
            }
        }
    }
    files
}

fn write(files: &BTreeMap<PathBuf, Vec<u8>>, directory: &Path) {
    for (path, bytes) in files {
        let path = directory.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
}

/// Where the frames of a log file start; the last is a mark, or where the next frame would be.
fn frame_starts(bytes: &[u8]) -> Vec<usize> {
    let mut starts = vec![HEADER_BYTES];
    loop {
        let at = starts[starts.len() - 1];
        let Some(header) = bytes.get(at..at + HEADER_BYTES) else { return starts };
        let commits = u32::from_le_bytes(header[40..44].try_into().unwrap());
        if header[0..4] != *b"MSFR" || commits == 0 {
            return starts;
        }
        starts.push(at + u64::from_le_bytes(header[8..16].try_into().unwrap()) as usize);
    }
}

/// What a file is for: `wal`, `streams` (segments), `manifest`, `views` (checkpoints).
fn kind(path: &Path) -> &str {
    let parts: Vec<&str> = path.iter().filter_map(|part| part.to_str()).collect();
    parts[usize::from(parts[0] == "objects")]
}

/// Any byte of any file, half of them where something was written.
fn random_flip(random: &mut StdRng, images: &[Image]) -> Flip {
    let image = random.random_range(0..images.len());
    let files: Vec<_> = images[image].files.iter().filter(|(_, bytes)| !bytes.is_empty()).collect();
    let kinds = ["wal", "streams", "manifest", "views"];
    let wanted = kinds[random.random_range(0..kinds.len())];
    let files: Vec<_> = files.into_iter().filter(|(path, _)| kind(path) == wanted).collect();
    let (file, bytes) = files[random.random_range(0..files.len())];
    let written = bytes.iter().rposition(|byte| *byte != 0).map_or(1, |last| last + 1);
    let end = if random.random_bool(0.9) { written } else { bytes.len() };
    Flip { image, file: file.clone(), byte: random.random_range(0..end), bit: random.random_range(0..8) }
}

/// Every header byte of an image: headers of log files and frames, both ends of Parquet files, whole documents.
fn header_bytes(image: &Image) -> Vec<(PathBuf, usize)> {
    let mut places = Vec::new();
    for (path, bytes) in &image.files {
        let length = bytes.len();
        let headers: Vec<std::ops::Range<usize>> = match kind(path) {
            "wal" => {
                let frames = frame_starts(bytes).into_iter().map(|at| at..(at + HEADER_BYTES).min(length));
                frames.chain([0..HEADER_BYTES]).collect()
            }
            _ if path.extension().is_some_and(|extension| extension == "json") => vec![0..length],
            _ => vec![
                0..length.min(HEADER_BYTES),
                length.saturating_sub(HEADER_BYTES).max(HEADER_BYTES)..length,
            ],
        };
        places.extend(headers.into_iter().flatten().map(|byte| (path.clone(), byte)));
    }
    places
}

/// Whether the format vouches for this byte, so that nothing but an error will do: all of the newest manifest, and of the
/// segments that it names all but the first four bytes.
fn is_vouched_for(image: &Image, flip: &Flip) -> bool {
    let mut manifests = image.files.iter().filter(|(path, _)| kind(path) == "manifest");
    let Some((newest, document)) = manifests.next_back() else { return false };
    let name = flip.file.file_name().unwrap().to_string_lossy();
    let named = || String::from_utf8_lossy(document).contains(&*name);
    flip.file == *newest || kind(&flip.file) == "streams" && flip.byte >= 4 && named()
}

/// Whether an error names the flipped file, and a byte in it that is not after the flip.
fn check_error(error: &Error, flip: &Flip) -> Result<(), String> {
    let (code, text) = (error.state().code(), error.to_string());
    let named = text.contains(&*flip.file.to_string_lossy());
    let offset = text.split("damaged at byte ").nth(1).and_then(|rest| {
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        digits.parse::<usize>().ok()
    });
    match offset {
        Some(offset) if code == "XX001" && named && offset <= flip.byte => Ok(()),
        _ => Err(format!("{code}: {text}")),
    }
}

/// Opens a copy with the bit flipped, and reads everything.
async fn outcome(image: &Image, flip: &Flip, directory: &Path) -> Result<Outcome, String> {
    write(&image.files, directory);
    let mut bytes = image.files[&flip.file].clone();
    bytes[flip.byte] ^= 1 << flip.bit;
    std::fs::write(directory.join(&flip.file), bytes).unwrap();
    let database = match Database::open(config(directory)).await {
        Ok(database) => database,
        Err(error) => return check_error(&error, flip).map(|()| Outcome::Found),
    };
    let mut got = Vec::new();
    for sql in READS {
        got.push(answer(&database, sql).await);
    }
    let views = restored(&database);
    database.close().await;
    let found = got.iter().filter_map(|answer| answer.as_ref().err()).collect::<Vec<_>>();
    found.iter().try_for_each(|error| check_error(error, flip))?;
    if let Some(expected) = &image.without_last {
        let last_log = image.files.iter().rfind(|(path, _)| kind(path) == "wal").unwrap();
        let starts = frame_starts(last_log.1);
        let in_last = flip.file == *last_log.0 && flip.byte >= starts[starts.len() - 2];
        let is_cut =
            got.iter().zip(expected).all(|(got, expected)| got.as_ref().is_ok_and(|got| got == expected));
        if in_last && is_cut {
            return Ok(Outcome::Cut);
        }
    }
    // A view that stands still has no figures of late rows.
    let compared = if found.is_empty() { READS.len() } else { READS.len() - 1 };
    for at in 0..compared {
        if let Ok(got) = &got[at]
            && *got != image.answers[at]
        {
            return Err(format!("served: {}\n{got}\ninstead of\n{}", READS[at], image.answers[at]));
        }
    }
    let outcome = match found.is_empty() {
        false => Outcome::Found,
        true if views != image.restored => Outcome::Recomputed,
        true => Outcome::Same,
    };
    if outcome != Outcome::Found && is_vouched_for(image, flip) {
        return Err(format!("{outcome:?}, though the format vouches for this byte"));
    }
    Ok(outcome)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flipped_bit_is_found_or_changes_no_answer() {
    let number = |name: &str, default| std::env::var(name).map_or(default, |text| text.parse().unwrap());
    let flips: usize = number("MILLSTREAM_FLIPS", 60);
    let header_bytes_wanted = number("MILLSTREAM_HEADER_BYTES", flips);
    let seed: u64 =
        std::env::var("MILLSTREAM_SEED").map_or_else(|_| rand::random(), |seed| seed.parse().unwrap());
    println!("MILLSTREAM_SEED={seed} MILLSTREAM_FLIPS={flips}");
    let mut random = StdRng::seed_from_u64(seed);
    let images = images(&mut random).await;
    let mut planned: Vec<Flip> = (0..flips).map(|_| random_flip(&mut random, &images)).collect();
    let mut headers = header_bytes(&images[0]);
    headers.shuffle(&mut random);
    let header_count = headers.len();
    let header_flip = |(file, byte), bit| Flip { image: 0, file, byte, bit };
    planned.extend(
        headers
            .into_iter()
            .take(header_bytes_wanted)
            .map(|place| header_flip(place, random.random_range(0..8))),
    );
    let begun = Instant::now();
    let mut counts: BTreeMap<(String, Outcome), usize> = BTreeMap::new();
    let mut violations = Vec::new();
    for flip in &planned {
        let (image, copy) = (&images[flip.image], scratch());
        let limit = Duration::from_secs(60);
        let outcome = tokio::time::timeout(limit, outcome(image, flip, copy.path())).await;
        match outcome.unwrap_or_else(|_| Err("opening or reading does not end".to_owned())) {
            Ok(outcome) => *counts.entry((kind(&flip.file).to_owned(), outcome)).or_default() += 1,
            Err(why) => {
                let kept = if violations.len() < 3 { Some(copy.keep()) } else { None };
                violations.push(format!("{} {flip:?} in {kept:?}: {why}", image.name));
            }
        }
    }
    for ((kind, outcome), count) in &counts {
        println!("{kind:>10} {outcome:?}: {count}");
    }
    let headers = header_bytes_wanted.min(header_count);
    println!("{flips} random flips, {headers} of {header_count} header bytes, {:?}", begun.elapsed());
    assert!(
        violations.is_empty(),
        "{} violations:\n{}",
        violations.len(),
        violations[..violations.len().min(20)].join("\n")
    );
    if flips >= 60 {
        for (kind, outcome) in [
            ("wal", Outcome::Found),
            ("streams", Outcome::Found),
            ("manifest", Outcome::Found),
            ("views", Outcome::Recomputed),
        ] {
            assert!(counts.contains_key(&(kind.to_owned(), outcome)), "no flip in {kind} was {outcome:?}");
        }
    }
}
