//! Every call failed, once and for good.

use std::collections::BTreeMap;
use std::time::Instant;

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use super::check::{check, streams};
use super::crashes::number;
use super::database::{Database, Sizes};
use super::ledger::Ledger;
use super::model::Model;
use super::workload::{NAMES, create_all, seen, step};
use crate::Error;
use crate::env::simulated::{Call, Crash, Fault, Plan, Simulated};

const SIZES: Sizes = Sizes { file_bytes: 4096, tail_bytes: 16 << 10, step_rows: 20 };

/// What a run with a fault did.
struct Run {
    /// Whether the call that was to fail was made.
    reached: bool,
    fired: BTreeMap<(Call, Fault), u64>,
    latched: bool,
    rows: u64,
}

/// A short life of a database, with faults.
fn live(seed: u64, plan: Plan, steps: usize) -> Result<Run, String> {
    let random = &mut StdRng::seed_from_u64(seed);
    let machine = Simulated::new(random.random());
    machine.fail(plan);
    let mut ledger = Ledger::default();
    ledger.settle(&machine, 0);
    let mut latched = false;
    let mut opened = None;
    let mut left = steps;
    // The second life opens what the first left.
    for life in 0..2 {
        let Ok(mut database) = Database::open(&machine, SIZES) else { break };
        ledger.settle(&machine, database.log.synced_lsn());
        let _ = create_all(&mut database, &mut ledger);
        while left > if life == 0 { steps / 3 } else { 0 } {
            left -= 1;
            if database.log.closed().is_some() {
                break;
            }
            let stepped = step(&mut database, &mut ledger, random);
            if let Err(error) = stepped {
                answers_are_right(&database, &ledger).map_err(|wrong| format!("after {error}: {wrong}"))?;
            }
        }
        seen(&database, &mut ledger);
        latched |= database.log.closed().is_some();
        if latched {
            break;
        }
        opened = Some(database).filter(|_| life == 1);
    }
    let reached = machine.calls() >= plan.at;
    let fired = machine.fired();
    machine.heal();
    if let Some(mut database) = opened {
        // Without being opened again, writes go on.
        goes_on(&mut database, &mut ledger, random)?;
    }
    let after = machine.crash(Crash::Kill, 0);
    let mut database = Database::open(&after, SIZES).map_err(|error| format!("opening after it: {error}"))?;
    let (end, now) = (database.log.synced_lsn(), ledger.now());
    if end < now.durable || end > now.sent {
        return Err(format!("the log ends with commit {end} after {now:?}"));
    }
    ledger.sealed = now.sent;
    let compared = check(&mut database, &ledger)?;
    ledger.settle(&after, end);
    goes_on(&mut database, &mut ledger, random)?;
    Ok(Run { reached, fired, latched, rows: compared.rows + compared.view_rows })
}

/// Takes some steps that must succeed, and compares.
fn goes_on(database: &mut Database, ledger: &mut Ledger, random: &mut StdRng) -> Result<(), String> {
    let whole = database.jobs.len();
    let on = create_all(database, ledger).and_then(|()| {
        (0..4).try_for_each(|_| step(database, ledger, random).map(drop))?;
        database.log.drive(true);
        Ok(())
    });
    on.map_err(|error| format!("it does not go on: {error}"))?;
    seen(database, ledger);
    let _ = whole;
    check(database, ledger).map(drop)
}

/// Reads are right, or fail.
fn answers_are_right(database: &Database, ledger: &Ledger) -> Result<(), String> {
    let end = database.log.synced_lsn();
    let model = Model::of(&ledger.commits[..end as usize]);
    let mut at_most = ledger.clone();
    at_most.sealed = ledger.now().sent;
    match streams(database, &at_most, &model) {
        Err(difference) if !difference.contains("it cannot be read") => Err(difference),
        _ => Ok(()),
    }
}

/// Fails the n-th call for all n, or for every so many-th.
fn all_calls(fault: Fault, for_good: bool) {
    let seed = number("MILLSTREAM_SEED", 1);
    let stride = number("MILLSTREAM_FAULT_STRIDE", 29);
    let steps = number("MILLSTREAM_FAULT_STEPS", 30) as usize;
    let begun = Instant::now();
    let mut fired: BTreeMap<(Call, Fault), u64> = BTreeMap::new();
    let (mut runs, mut latched, mut rows) = (0, 0, 0);
    let mut at = 1 + seed % stride;
    loop {
        let run = live(seed, Plan { at, fault, for_good }, steps);
        let run = run.unwrap_or_else(|wrong| {
            panic!("seed {seed}, {fault:?} at call {at}, for good {for_good}: {wrong}")
        });
        if !run.reached {
            break;
        }
        runs += u64::from(!run.fired.is_empty());
        latched += u64::from(run.latched);
        rows += run.rows;
        run.fired.into_iter().for_each(|(call, count)| *fired.entry(call).or_default() += count);
        at += stride;
    }
    println!(
        "{fault:?}, for good {for_good}: {at} calls, {runs} runs with a fault, {latched} logs closed, {rows} rows compared, {:?}",
        begun.elapsed()
    );
    println!("  fired {fired:?}");
}

#[test]
fn a_call_that_fails_once_breaks_nothing() {
    all_calls(Fault::Broken, false);
}

#[test]
fn a_call_that_fails_from_then_on_breaks_nothing() {
    all_calls(Fault::Broken, true);
}

#[test]
fn a_disk_that_is_full_once_breaks_nothing() {
    all_calls(Fault::Full, false);
}

#[test]
fn a_disk_that_is_full_from_then_on_breaks_nothing() {
    all_calls(Fault::Full, true);
}

#[test]
fn a_short_write_breaks_nothing() {
    all_calls(Fault::ShortWrite, false);
    all_calls(Fault::ShortWrite, true);
}

#[test]
fn a_full_disk_refuses_rows_with_53100_and_takes_them_again_once_there_is_room() {
    let random = &mut StdRng::seed_from_u64(number("MILLSTREAM_SEED", 1));
    let machine = Simulated::new(random.random());
    let mut ledger = Ledger::default();
    ledger.settle(&machine, 0);
    let mut database = Database::open(&machine, SIZES).unwrap();
    create_all(&mut database, &mut ledger).unwrap();
    let mut refused = 0;
    for _ in 0..20 {
        machine.set_room(machine.used() + random.random_range(0..3000));
        for _ in 0..12 {
            match step(&mut database, &mut ledger, random) {
                Ok(_) => {}
                Err(error @ Error::Sql(_)) => {
                    assert_eq!(error.state().code(), "53100", "{error}");
                    refused += 1;
                }
                Err(error) => panic!("{error}"),
            }
            answers_are_right(&database, &ledger).unwrap();
        }
        machine.set_room(u64::MAX / 4);
        assert!(database.log.closed().is_none());
        database.log.drive(true);
        goes_on(&mut database, &mut ledger, random).unwrap();
    }
    println!("{refused} steps were refused for want of room");
    assert!(refused > 10 && NAMES.iter().all(|name| database.find(name).is_some()));
}
