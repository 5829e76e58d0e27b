//! Bugs that are planted, each of which the simulation must notice.

use super::crashes::{Settings, number, run};
use crate::env::Plant;

/// Crash points within which a planted bug must be found.
const PATIENCE: u64 = 2000;

fn is_found(plant: Plant) {
    let settings = Settings { seed: number("MILLSTREAM_SEED", 1), points: PATIENCE, plant: Some(plant) };
    match run(&settings) {
        Ok(report) => panic!("{plant:?} was not found\n{report}"),
        Err((violation, report)) => {
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
