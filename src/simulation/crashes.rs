//! Crashes at every moment, recoveries that crash, and what is there afterwards.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Instant;

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use super::check::{Compared, check};
use super::database::{Database, Sizes};
use super::ledger::{Ledger, Mark};
use super::workload::{Step, create_all, seen, step};
use crate::env::Plant;
use crate::env::simulated::{Crash, Image, Simulated};

/// What a run did.
#[derive(Debug, Default)]
pub struct Report {
    pub seed: u64,
    pub points: u64,
    pub crashes: BTreeMap<Crash, u64>,
    /// Crashes while a crash was recovered from, by depth.
    pub within_recovery: [u64; 3],
    /// Recoveries that found less than was sent.
    pub lost_unacknowledged: u64,
    pub steps: BTreeMap<Step, u64>,
    pub compared: Compared,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "seed {}: {} crash points, {:?}", self.seed, self.points, self.crashes)?;
        writeln!(f, "  crashes within recovery, first, second and third: {:?}", self.within_recovery)?;
        writeln!(f, "  recoveries without some of what was not acknowledged: {}", self.lost_unacknowledged)?;
        writeln!(f, "  steps {:?}", self.steps)?;
        write!(f, "  compared {} rows of streams, {} of views", self.compared.rows, self.compared.view_rows)
    }
}

/// How a run goes.
#[derive(Debug, Clone)]
pub struct Settings {
    pub seed: u64,
    pub points: u64,
    pub plant: Option<Plant>,
}

/// Runs crash points from a seed. The error tells the first violation.
pub fn run(settings: &Settings) -> Result<Report, (String, Report)> {
    let mut report = Report { seed: settings.seed, ..Report::default() };
    let random = &mut StdRng::seed_from_u64(settings.seed);
    while report.points < settings.points {
        let world = random.random();
        if let Err(violation) = world_of(world, settings, &mut report) {
            let violation =
                format!("seed {}, world {world}, point {}: {violation}", settings.seed, report.points);
            return Err((violation, report));
        }
    }
    Ok(report)
}

/// One world, from an empty disk through some crashes, each of which it goes on from.
fn world_of(seed: u64, settings: &Settings, report: &mut Report) -> Result<(), String> {
    let random = &mut StdRng::seed_from_u64(seed);
    let mut machine = Simulated::new(random.random());
    if let Some(plant) = settings.plant {
        machine.plant(plant);
    }
    let sizes = Sizes {
        file_bytes: [1024, 4096, 16384][random.random_range(0..3)],
        tail_bytes: [4096, 65536, 1 << 20][random.random_range(0..3)],
        step_rows: [3, 20, 1000][random.random_range(0..3)],
    };
    let mut ledger = Ledger::default();
    for _ in 0..random.random_range(2..7) {
        machine.record(200);
        ledger.settle(&machine, ledger.now().durable);
        let mut database = Database::open(&machine, sizes).map_err(|error| format!("opening: {error}"))?;
        create_all(&mut database, &mut ledger).map_err(|error| format!("creating: {error}"))?;
        for _ in 0..random.random_range(5..40) {
            let step =
                step(&mut database, &mut ledger, random).map_err(|error| format!("a step: {error}"))?;
            *report.steps.entry(step).or_default() += 1;
        }
        drop(database);
        let images = machine.images();
        let mut next = None;
        let chosen = random.random_range(0..images.len().max(1));
        for (index, image) in images.iter().enumerate() {
            if report.points >= settings.points {
                return Ok(());
            }
            let survived = point(image, &ledger, sizes, random, report)?;
            if index == chosen {
                next = Some(survived);
            }
        }
        match next {
            Some(survived) => (machine, ledger) = survived,
            None => return Ok(()),
        }
    }
    Ok(())
}

/// One crash point: answers the machine after its recovery, killed, with its ledger.
fn point(
    image: &Image,
    ledger: &Ledger,
    sizes: Sizes,
    random: &mut StdRng,
    report: &mut Report,
) -> Result<(Simulated, Ledger), String> {
    let mut ledger = ledger.clone();
    let mark = ledger.at(image.mark);
    ledger.sealed = mark.sealed;
    let mut crash = crash_kind(random);
    report.points += 1;
    *report.crashes.entry(crash).or_default() += 1;
    let seed = random.random();
    let mut machine = image.crash(crash, seed);
    // What is shown must stay, and what was only written stays as long as the power does.
    let (mut floor, mut written) = (mark.durable, if crash == Crash::Kill { mark.written } else { 0 });
    for depth in 0..3 {
        if !random.random_bool([0.3, 0.5, 0.5][depth]) {
            break;
        }
        machine.off_at(random.random_range(2..120));
        if let Ok(mut database) = Database::open(&machine, sizes) {
            floor = floor.max(database.log.synced_lsn());
            let _ = database.catch_up();
            let views: Vec<_> = database.jobs.keys().copied().collect();
            let _ = views.into_iter().try_for_each(|view| database.checkpoint(view));
            ledger.sealed = ledger.sealed.max(database.log.synced_lsn());
            let _ = database.log.seal();
        }
        report.within_recovery[depth] += u64::from(machine.is_off());
        crash = crash_kind(random);
        *report.crashes.entry(crash).or_default() += 1;
        if crash == Crash::PowerCut {
            written = 0;
        }
        machine = machine.crash(crash, random.random());
    }
    let opened = Database::open(&machine, sizes);
    let mut database =
        opened.map_err(|error| format!("{crash:?} at call {} cannot be recovered: {error}", image.call))?;
    let what = |difference: String| format!("{crash:?} at call {}, {mark:?}: {difference}", image.call);
    let end = database.log.synced_lsn();
    within(end, floor.max(written), mark).map_err(what)?;
    report.lost_unacknowledged += u64::from(end < mark.sent);
    let compared = check(&mut database, &ledger).map_err(what)?;
    report.compared.rows += compared.rows;
    report.compared.view_rows += compared.view_rows;
    seen(&database, &mut ledger);
    let after = machine.crash(Crash::Kill, seed);
    ledger.settle(&after, end);
    Ok((after, ledger))
}

fn within(end: u64, floor: u64, mark: Mark) -> Result<(), String> {
    if end < floor {
        return Err(format!("the log ends with commit {end}, but {floor} was acknowledged"));
    }
    if end > mark.sent {
        return Err(format!("the log ends with commit {end}, but only {} were sent", mark.sent));
    }
    Ok(())
}

fn crash_kind(random: &mut StdRng) -> Crash {
    if random.random_bool(0.75) { Crash::PowerCut } else { Crash::Kill }
}

/// A number from the environment.
pub fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|number| number.parse().ok()).unwrap_or(default)
}

#[test]
fn nothing_acknowledged_is_lost_at_any_crash() {
    let settings = Settings {
        seed: number("MILLSTREAM_SEED", 1),
        points: number("MILLSTREAM_CRASH_POINTS", 300),
        plant: None,
    };
    let begun = Instant::now();
    match run(&settings) {
        Ok(report) => println!("{report}\n  {:?} a crash point", begun.elapsed() / settings.points as u32),
        Err((violation, report)) => panic!("{violation}\n{report}"),
    }
}
