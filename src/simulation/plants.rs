//! Bugs that are planted, each of which the simulation must notice.

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use super::check::check;
use super::crashes::{Settings, number, run};
use super::database::{Database, Sizes};
use super::ledger::Ledger;
use super::workload::{create_all, rows, seen};
use crate::env::Plant;
use crate::env::simulated::{Crash, Simulated};

/// Crash points within which a planted bug must be found.
const PATIENCE: u64 = 2000;

fn is_found(plant: Plant) {
    let settings = Settings { seed: number("MILLSTREAM_SEED", 1), points: PATIENCE, plant: Some(plant) };
    match run(&settings) {
        Ok(report) => panic!("{plant:?} was not found\n{report}"),
        Err((violation, report)) => {
            // It is the plant that was found.
            let without = Settings { points: report.points.max(300), plant: None, ..settings };
            if let Err((violation, _)) = run(&without) {
                panic!("without {plant:?}: {violation}");
            }
            println!("{plant:?} is found at crash point {}: {violation}", report.points);
        }
    }
}

#[test]
fn skipping_the_sync_is_found() {
    is_found(Plant::SkipSync);
}

#[test]
fn skipping_the_sync_of_the_directory_is_found() {
    is_found(Plant::SkipDirectorySync);
}

#[test]
fn acknowledging_early_is_found() {
    is_found(Plant::AcknowledgeEarly);
}

#[test]
fn replaying_twice_is_found() {
    is_found(Plant::ReplayTwice);
}

#[test]
fn losing_the_last_frame_is_found() {
    is_found(Plant::LoseLastFrame);
}

#[test]
fn a_checkpoint_that_says_the_next_lsn_is_found() {
    is_found(Plant::CheckpointLsnPlusOne);
}

#[test]
fn a_checkpoint_that_says_the_lsn_before_is_found() {
    is_found(Plant::CheckpointLsnMinusOne);
}

#[test]
fn a_checkpoint_without_a_part_of_the_state_is_found() {
    is_found(Plant::DropSlice);
}

/// Flips bytes of log files, one at a time, and answers how many of the flips are served as if nothing were wrong.
fn flips_served(plant: Option<Plant>) -> Result<(), String> {
    let random = &mut StdRng::seed_from_u64(number("MILLSTREAM_SEED", 1));
    let sizes = Sizes { file_bytes: 4096, tail_bytes: 1 << 20, step_rows: 1000 };
    let machine = Simulated::new(random.random());
    plant.into_iter().for_each(|plant| machine.plant(plant));
    let mut ledger = Ledger::default();
    ledger.settle(&machine, 0);
    let mut database = Database::open(&machine, sizes).unwrap();
    create_all(&mut database, &mut ledger).unwrap();
    while database.log.synced_lsn() < 40 {
        rows(&mut database, &mut ledger, random).unwrap();
    }
    database.log.drive(true);
    seen(&database, &mut ledger);
    let end = database.log.synced_lsn();
    drop(database);
    let files: Vec<_> = machine
        .files()
        .into_iter()
        .filter(|(path, _)| path.extension().is_some_and(|e| e == "wal"))
        .collect();
    for _ in 0..200 {
        let damaged = machine.crash(Crash::Kill, 0);
        let (path, length) = &files[random.random_range(0..files.len())];
        let (offset, bits) = (random.random_range(0..*length), 1 << random.random_range(0..8));
        damaged.flip(path, offset, bits);
        let Ok(mut database) = Database::open(&damaged, sizes) else { continue };
        let place = format!("byte {offset} of {}", path.display());
        if database.log.synced_lsn() != end {
            return Err(format!("{place}: the log ends with {}", database.log.synced_lsn()));
        }
        check(&mut database, &ledger).map_err(|difference| format!("{place}: {difference}"))?;
    }
    Ok(())
}

#[test]
fn skipping_checksums_is_found() {
    flips_served(None).unwrap();
    let violation = flips_served(Some(Plant::SkipCrc)).unwrap_err();
    println!("SkipCrc is found: {violation}");
}
