//! `millstream verify`: what is whole, what is damaged and where, and what a repair costs.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::harness::{Server, execute, rows, value};

const ROWS: i64 = 100;

fn verify(directory: &Path, flags: &[&str]) -> (bool, String) {
    let mut program = Command::new(env!("CARGO_BIN_EXE_millstream"));
    program.args(["verify", "--data-directory"]).arg(directory).args(flags);
    let output = program.output().unwrap();
    (output.status.success(), text(&output))
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// What a server says that must not start on a directory.
fn refusal(directory: &Path) -> String {
    let mut program = Command::new("timeout");
    program.args(["20", env!("CARGO_BIN_EXE_millstream"), "--listen", "127.0.0.1:0", "--data-directory"]);
    let output = program.arg(directory).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "the server starts: {}", text(&output));
    text(&output)
}

/// A server with a stream of rows that have a commit each, a view, and checkpoints of it; stopped.
async fn filled() -> Server {
    let mut server = Server::with_flags(&["--checkpoint-seconds", "0.1"]);
    let client = server.connect().await;
    execute(&client, "CREATE STREAM s (n BIGINT, name TEXT)").await;
    execute(&client, "CREATE MATERIALIZED VIEW v AS SELECT count(*) AS rows, sum(n) AS total FROM s").await;
    for n in 1..=ROWS {
        execute(&client, &format!("INSERT INTO s VALUES ({n}, 'row-{n:04}')")).await;
    }
    assert_eq!(value(&client, "SELECT rows FROM v").await, ROWS.to_string());
    drop(client);
    server.stop();
    server
}

fn log_file(server: &Server) -> PathBuf {
    server.directory().join("wal/00000000000000000001.wal")
}

fn find(bytes: &[u8], needle: &[u8]) -> usize {
    bytes.windows(needle.len()).position(|window| window == needle).unwrap()
}

fn flip(path: &Path, offset: usize) {
    let mut bytes = std::fs::read(path).unwrap();
    bytes[offset] ^= 1;
    std::fs::write(path, bytes).unwrap();
}

/// All files with what is in them.
fn contents(directory: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => found.extend(contents(&path)),
            false => found.push((path.clone(), std::fs::read(&path).unwrap())),
        }
    }
    found.sort();
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn a_directory_that_is_whole_is_left_as_it_is() {
    let mut server = filled().await;
    let before = contents(server.directory());
    for flags in [&[][..], &["--repair"]] {
        let (whole, said) = verify(server.directory(), flags);
        assert!(whole && said.contains("whole: the log ends with commit 102"), "{said}");
        assert!(said.contains("commits 1 to 102, 100 rows") && said.contains("view v at LSN 102"), "{said}");
    }
    assert!(before == contents(server.directory()), "nothing is written");
    server.start_again();
    let (whole, said) = verify(server.directory(), &[]);
    assert!(!whole && said.contains("is in use by a server"), "{said}");
    let (whole, said) = verify(&server.directory().join("objects"), &[]);
    assert!(!whole && said.contains("is no data directory"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn damage_in_the_log_is_named_and_cut_off_when_that_is_asked_for() {
    let whole_log = {
        let server = filled().await;
        std::fs::read(log_file(&server)).unwrap()
    };
    // A column's bytes, and a frame's header.
    let in_column = find(&whole_log, b"row-0042");
    let header = whole_log[..in_column].windows(4).rposition(|window| window == b"MSFR").unwrap();
    for (distance, at) in [(in_column - header, "column"), (17, "header")] {
        let mut server = filled().await;
        let log = log_file(&server);
        let bytes = std::fs::read(&log).unwrap();
        let row = find(&bytes, b"row-0042");
        let frame = bytes[..row].windows(4).rposition(|window| window == b"MSFR").unwrap();
        flip(&log, frame + distance);

        let refused = refusal(server.directory());
        let place = refused.find("is damaged at byte").map(|at| &refused[at..]).expect(&refused);
        let place = place.lines().next().unwrap().to_owned();
        let damaged = std::fs::read(&log).unwrap();
        let before = contents(server.directory());
        let (whole, said) = verify(server.directory(), &[]);
        assert!(!whole && said.contains(&format!("{} {place}", log.display())), "{at}: {said}\n{refused}");
        assert!(before == contents(server.directory()), "{at}: nothing is written without --repair");

        let (repaired, said) = verify(server.directory(), &["--repair"]);
        assert!(repaired, "{said}");
        assert!(said.contains(&format!("will cut {} at byte {frame}", log.display())), "{said}");
        assert!(said.contains("lost     commits 44 to 102"), "{said}");
        assert!(said.contains("lost     stream s: 58 rows in frames that are whole"), "{said}");
        let kept = server.directory().join(format!("lost+found/00000000000000000001.wal.{frame}"));
        assert!(std::fs::read(kept).unwrap() == damaged[frame..], "{at}: the cut bytes are kept");

        server.start_again();
        let client = server.connect().await;
        assert_eq!(rows(&client, "SELECT count(*), max(n) FROM s").await, [["41", "41"]], "{at}");
        assert_eq!(rows(&client, "SELECT rows, total FROM v").await, [["41", "861"]], "{at}");
        execute(&client, "INSERT INTO s VALUES (1000, 'after')").await;
        assert_eq!(rows(&client, "SELECT rows, total FROM v").await, [["42", "1861"]], "{at}");
        drop(client);
        server.crash();
        let client = server.connect().await;
        assert_eq!(rows(&client, "SELECT rows, total FROM v").await, [["42", "1861"]], "{at}");
        drop(client);
        server.stop();
        let (whole, said) = verify(server.directory(), &[]);
        assert!(whole, "{said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_whose_header_is_damaged_gets_it_again() {
    let mut server = filled().await;
    let log = log_file(&server);
    let before = std::fs::read(&log).unwrap();
    flip(&log, 3);
    assert!(refusal(server.directory()).contains("is damaged at byte 0"));
    let (whole, said) = verify(server.directory(), &[]);
    assert!(!whole && said.contains("is damaged at byte 0"), "{said}");
    let (repaired, said) = verify(server.directory(), &["--repair"]);
    assert!(repaired && said.contains("nothing is lost"), "{said}");
    assert!(std::fs::read(&log).unwrap() == before);
    server.start_again();
    assert_eq!(value(&server.connect().await, "SELECT count(*) FROM s").await, ROWS.to_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_begins_with_damage_is_moved_away_as_a_whole() {
    let mut server = filled().await;
    let log = log_file(&server);
    // The file's header, and that of the first frame.
    flip(&log, 3);
    flip(&log, 70);
    assert!(refusal(server.directory()).contains("is damaged at byte 0"));
    let (repaired, said) = verify(server.directory(), &["--repair"]);
    assert!(repaired && said.contains("the log ends with commit 0"), "{said}");
    assert!(server.directory().join("lost+found/00000000000000000001.wal.0").exists());
    let begun = std::fs::read(&log).unwrap();
    assert!(begun[64..].iter().all(|byte| *byte == 0), "a new log begins, with nothing but its header");
    server.start_again();
    assert_eq!(value(&server.connect().await, "SELECT count(*) FROM millstream.streams").await, "0");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_torn_tail_is_harmless() {
    let mut server = filled().await;
    let log = log_file(&server);
    let mut bytes = std::fs::read(&log).unwrap();
    let end = bytes.iter().rposition(|byte| *byte != 0).unwrap() + 1;
    let end = end.next_multiple_of(64);
    bytes[end..end + 100].fill(0xab);
    std::fs::write(&log, bytes).unwrap();
    let before = contents(server.directory());
    for flags in [&[][..], &["--repair"]] {
        let (whole, said) = verify(server.directory(), flags);
        // From the mark on that ended the log, if there is one.
        let torn =
            [end - 64, end].iter().any(|at| said.contains(&format!("torn at byte {at}, which is harmless")));
        assert!(whole && torn, "{said}");
    }
    assert!(before == contents(server.directory()), "nothing is written");
    server.start_again();
    assert_eq!(value(&server.connect().await, "SELECT count(*) FROM s").await, ROWS.to_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_checkpoint_is_named_and_removed() {
    let mut server = filled().await;
    let objects = contents(&server.directory().join("objects"));
    let is = |path: &Path, end: &str| path.extension().is_some_and(|extension| extension == end);
    let of_a_view = |path: &Path| path.components().any(|part| part.as_os_str() == "views");
    let (parquet, bytes) = objects.iter().rfind(|(path, _)| of_a_view(path) && is(path, "parquet")).unwrap();
    flip(parquet, bytes.len() / 2);
    let (manifest, _) = objects.iter().find(|(path, _)| of_a_view(path) && is(path, "json")).unwrap();
    let names = |said: &str, path: &Path| {
        assert!(said.contains(&format!("damage   {} is damaged at byte", path.display())), "{said}");
    };
    let (whole, said) = verify(server.directory(), &[]);
    assert!(!whole, "{said}");
    names(&said, parquet);
    // What only a damaged manifest names cannot be found any more, so this one is damaged second.
    flip(manifest, 20);
    let (whole, said) = verify(server.directory(), &[]);
    assert!(!whole, "{said}");
    names(&said, manifest);
    let (repaired, said) = verify(server.directory(), &["--repair"]);
    assert!(repaired && said.contains("will remove the checkpoint of view v at LSN"), "{said}");
    let (whole, said) = verify(server.directory(), &[]);
    assert!(whole, "{said}");
    server.start_again();
    assert_eq!(rows(&server.connect().await, "SELECT rows, total FROM v").await, [["100", "5050"]]);
}

#[tokio::test(flavor = "multi_thread")]
async fn sealed_rows_are_checked_and_a_log_that_lags_behind_them_begins_anew() {
    let mut server = filled().await;
    server.start_again();
    let client = server.connect().await;
    execute(&client, "CHECKPOINT").await;
    let sealed = "SELECT segments FROM millstream.streams WHERE name = 's'";
    for _ in 0..200 {
        if value(&client, sealed).await != "0" {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert_eq!(value(&client, sealed).await, "1", "CHECKPOINT seals the log");
    drop(client);
    server.stop();
    let objects = contents(&server.directory().join("objects"));
    let below = |path: &Path, directory: &str| path.components().any(|part| part.as_os_str() == directory);
    let (segment, bytes) = objects.iter().find(|(path, _)| below(path, "streams")).unwrap();
    let (whole, said) = verify(server.directory(), &[]);
    assert!(whole && said.contains(&format!("ok       {}: commits", segment.display())), "{said}");

    for at in [100, bytes.len() - 30] {
        flip(segment, at);
        let (whole, said) = verify(server.directory(), &["--repair"]);
        assert!(!whole && said.contains(&format!("damage   {} is damaged", segment.display())), "{said}");
        assert!(said.contains("nothing here mends this"), "{said}");
        flip(segment, at);
    }
    let (manifest, _) = objects.iter().rfind(|(path, _)| below(path, "manifest")).unwrap();
    flip(manifest, 30);
    let (whole, said) = verify(server.directory(), &[]);
    assert!(!whole && said.contains(&format!("{} is damaged", manifest.display())), "{said}");
    flip(manifest, 30);

    // The log's files are lost: what is sealed is still there.
    let wal = server.directory().join("wal");
    for entry in std::fs::read_dir(&wal).unwrap() {
        std::fs::remove_file(entry.unwrap().path()).unwrap();
    }
    assert!(refusal(server.directory()).contains("sealed up to commit 102"));
    let (whole, said) = verify(server.directory(), &[]);
    assert!(!whole && said.contains("all up to 102 was sealed"), "{said}");
    let (repaired, said) = verify(server.directory(), &["--repair"]);
    assert!(repaired, "{said}");
    server.start_again();
    let client = server.connect().await;
    assert_eq!(rows(&client, "SELECT count(*), max(n) FROM s").await, [["100", "100"]]);
    execute(&client, "INSERT INTO s VALUES (1000, 'after')").await;
    assert_eq!(rows(&client, "SELECT rows, total FROM v").await, [["101", "6050"]]);
}
