//! What happens in a simulated world, by chance.

use std::sync::Arc;

use arrow::array::{Int64Array, RecordBatch, TimestampMicrosecondArray};
use millstream_catalog::{Definition, ObjectId};
use rand::Rng;
use rand::rngs::StdRng;

use super::database::{Database, grouped};
use super::ledger::{Ledger, Part, Row};
use super::model::{ALLOWED_US, DELAY_US, SIZE_US, SLIDE_US};
use crate::engine::append::append_entry;
use crate::log::{Durability, Lsn, NewEntry};
use crate::{Error, Result};

/// Where event time begins.
const EVENT_START_US: i64 = 1_700_000_000_000_000;

/// The names that are made at the start, and made again some time after they were dropped.
pub const NAMES: [&str; 7] = ["plain", "timed", "kept", "sums", "tumbles", "finals", "hops"];

/// The statement that makes an object.
pub fn statement(name: &str) -> String {
    let columns = "id BIGINT NOT NULL, k BIGINT NOT NULL, v BIGINT NOT NULL, at TIMESTAMP NOT NULL";
    let seconds = |us: i64| us / 1_000_000;
    let (size, slide, delay) = (seconds(SIZE_US), seconds(SLIDE_US), seconds(DELAY_US));
    let window = format!("TUMBLE(timed, at, INTERVAL '{size} seconds')");
    match name {
        "plain" => format!("CREATE STREAM plain ({columns}) PARTITION BY (k) WITH (partitions = 3)"),
        "timed" => {
            format!("CREATE STREAM timed ({columns}, WATERMARK FOR at AS at - INTERVAL '{delay} seconds')")
        }
        "kept" => format!("CREATE STREAM kept ({columns}) WITH (retention_bytes = 4096)"),
        "sums" => "CREATE MATERIALIZED VIEW sums AS SELECT k, sum(v) AS total, count(*) AS n FROM plain \
                   GROUP BY k"
            .to_owned(),
        "tumbles" => format!(
            "CREATE MATERIALIZED VIEW tumbles WITH (allowed_lateness = '{} seconds') AS SELECT window_start, \
             window_end, k, count(*) AS n, sum(v) AS total FROM {window} GROUP BY window_start, window_end, k",
            seconds(ALLOWED_US)
        ),
        "finals" => format!(
            "CREATE MATERIALIZED VIEW finals AS SELECT window_start, window_end, k, count(*) AS n, sum(v) AS total \
             FROM {window} GROUP BY window_start, window_end, k EMIT ON WINDOW CLOSE"
        ),
        "hops" => format!(
            "CREATE MATERIALIZED VIEW hops AS SELECT window_start, window_end, count(*) AS n, sum(v) AS total \
             FROM HOP(timed, at, INTERVAL '{slide} seconds', INTERVAL '{size} seconds') \
             GROUP BY window_start, window_end"
        ),
        other => panic!("no statement for {other}"),
    }
}

/// What a step did, for the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    Commit,
    Group,
    Create,
    Drop,
    Turn,
    Checkpoint,
    Seal,
    Sync,
}

/// Makes all objects that are missing.
pub fn create_all(database: &mut Database, ledger: &mut Ledger) -> Result<()> {
    for name in NAMES {
        if database.find(name).is_none() {
            create(database, ledger, name)?;
        }
    }
    Ok(())
}

fn create(database: &mut Database, ledger: &mut Ledger, name: &str) -> Result<()> {
    let object = database.prepare(&statement(name))?;
    let partitions = match &object.definition {
        Definition::Stream(stream) => stream.partitions.max(1) as usize,
        _ => 0,
    };
    let machine = database.machine.clone();
    ledger.send(&machine, vec![Part::Define { id: object.id.0, name: name.to_owned(), partitions }]);
    let created = database.create(object);
    end(database, ledger, vec![(created, true)]).into_iter().collect()
}

/// One step. An error is the database's own answer; it is in the ledger already.
pub fn step(database: &mut Database, ledger: &mut Ledger, random: &mut StdRng) -> Result<Step> {
    if random.random_bool(0.2) {
        database.machine.step_clock(random.random_range(-5_000_000..20_000_000));
    }
    match random.random_range(0..100) {
        0..45 => {
            let durability = match random.random_bool(0.25) {
                true => Durability::Async,
                false => Durability::Sync,
            };
            commits(database, ledger, random, &[durability]).map(|()| Step::Commit)
        }
        45..55 => {
            let count = random.random_range(2..5);
            let durability = |random: &mut StdRng| match random.random_bool(0.4) {
                true => Durability::Async,
                false => Durability::Sync,
            };
            let durabilities: Vec<Durability> = (0..count).map(|_| durability(random)).collect();
            commits(database, ledger, random, &durabilities).map(|()| Step::Group)
        }
        55..58 => {
            let missing: Vec<&str> = NAMES.into_iter().filter(|name| database.find(name).is_none()).collect();
            let dependent = |name: &&&str| match **name {
                "sums" => database.find("plain").is_some(),
                "tumbles" | "finals" | "hops" => database.find("timed").is_some(),
                _ => true,
            };
            match missing.iter().find(dependent) {
                Some(name) => create(database, ledger, name).map(|()| Step::Create),
                None => Ok(Step::Create),
            }
        }
        58..60 => {
            let names = ["kept", "sums", "tumbles", "finals", "hops", "plain", "timed"];
            let name = names[random.random_range(0..names.len())];
            drop_one(database, ledger, name).map(|()| Step::Drop)
        }
        60..78 => {
            let views: Vec<ObjectId> = database.jobs.keys().copied().collect();
            for id in views {
                if random.random_bool(0.7) {
                    database.turn(id)?;
                    seen(database, ledger);
                }
            }
            seen(database, ledger);
            Ok(Step::Turn)
        }
        78..86 => {
            let views: Vec<ObjectId> = database.jobs.keys().copied().collect();
            for id in views {
                if random.random_bool(0.5) {
                    database.turn(id)?;
                    database.checkpoint(id)?;
                }
            }
            Ok(Step::Checkpoint)
        }
        86..94 => {
            ledger.sealing(&database.machine);
            database.log.seal()?;
            Ok(Step::Seal)
        }
        _ => {
            database.log.drive(true);
            seen(database, ledger);
            Ok(Step::Sync)
        }
    }
}

/// One commit of rows, durable.
pub fn rows(database: &mut Database, ledger: &mut Ledger, random: &mut StdRng) -> Result<()> {
    commits(database, ledger, random, &[Durability::Sync])
}

fn drop_one(database: &mut Database, ledger: &mut Ledger, name: &str) -> Result<()> {
    let Some(object) = database.find(name) else { return Ok(()) };
    let doomed = database.catalog.drop_order(&[object.id], true)?;
    let ids: Vec<ObjectId> = doomed.iter().map(|object| object.id).collect();
    let machine = database.machine.clone();
    ledger.send(&machine, vec![Part::Drop { ids: ids.iter().map(|id| id.0).collect() }]);
    let dropped = database.drop_objects(&ids);
    end(database, ledger, vec![(dropped, true)]).into_iter().collect()
}

/// What is visible is durable, so it must stay.
pub fn seen(database: &Database, ledger: &mut Ledger) {
    let machine = database.machine.clone();
    ledger.acknowledged(&machine, database.log.synced_lsn(), true);
}

/// Notes how the last commits ended. Those that were refused are taken out; what became of others that failed will be
/// seen when the log is opened again.
fn end(database: &Database, ledger: &mut Ledger, answers: Vec<(Result<Lsn>, bool)>) -> Vec<Result<()>> {
    let machine = database.machine.clone();
    let mut index = ledger.commits.len() - answers.len();
    let mut results = Vec::new();
    for (answer, durable) in answers {
        match answer {
            Ok(lsn) => {
                index += 1;
                assert_eq!(lsn as usize, index, "LSNs are dense");
                ledger.acknowledged(&machine, lsn, durable);
                if let Some(time) = database.log.commit_time(lsn) {
                    ledger.times[index - 1] = time;
                }
                results.push(Ok(()));
            }
            Err(error) => {
                match error {
                    Error::Latched(_) | Error::ShuttingDown => index += 1,
                    _ => ledger.take_back(&machine, index),
                }
                results.push(Err(error));
            }
        }
    }
    results
}

fn commits(
    database: &Database,
    ledger: &mut Ledger,
    random: &mut StdRng,
    durabilities: &[Durability],
) -> Result<()> {
    let streams: Vec<_> =
        ["plain", "timed", "kept"].into_iter().filter_map(|name| database.find(name)).collect();
    if streams.is_empty() {
        return Ok(());
    }
    let mut commits = Vec::new();
    let mut sent = Vec::new();
    for durability in durabilities {
        let (mut entries, mut parts) = (Vec::new(), Vec::new());
        for _ in 0..random.random_range(1..4) {
            let object = &streams[random.random_range(0..streams.len())];
            let stream = object.id.0;
            ledger.event_us += random.random_range(0..1_500_000);
            let now = EVENT_START_US + ledger.event_us;
            if object.name.name == "timed" && random.random_bool(0.1) {
                let watermark = now - random.random_range(0..4_000_000);
                entries.push(NewEntry::Tick { stream: object.id, watermark });
                parts.push(Part::Tick { stream, watermark });
                continue;
            }
            let count = if random.random_bool(0.5) { 1 } else { random.random_range(1..7) };
            let mut rows: Vec<Row> = (0..count)
                .map(|index| Row {
                    id: ledger.next_row + index,
                    k: random.random_range(0..4),
                    v: random.random_range(-50..50),
                    at: now + random.random_range(-9_000_000..3_000_000),
                    partition: 0,
                })
                .collect();
            ledger.next_row += count;
            let longs = |of: fn(&Row) -> i64| Int64Array::from_iter_values(rows.iter().map(of));
            let times = TimestampMicrosecondArray::from_iter_values(rows.iter().map(|row| row.at));
            let columns: Vec<arrow::array::ArrayRef> = vec![
                Arc::new(longs(|row| row.id)),
                Arc::new(longs(|row| row.k)),
                Arc::new(longs(|row| row.v)),
                Arc::new(times),
            ];
            let entry = append_entry(object, RecordBatch::try_new(object.schema(), columns)?)?;
            if let NewEntry::Append { partitions: Some(partitions), .. } = &entry {
                let partitions = partitions.values().to_vec();
                rows.iter_mut().zip(partitions).for_each(|(row, partition)| row.partition = partition);
            }
            entries.push(entry);
            parts.push(Part::Rows { stream, rows });
        }
        sent.push(parts);
        commits.push((entries, *durability));
    }
    let any_durable = durabilities.contains(&Durability::Sync);
    sent.into_iter().for_each(|parts| ledger.send(&database.machine, parts));
    // Rows that are not sealed yet are sealed when there is no room for more.
    ledger.sealing(&database.machine);
    let answers = grouped(database, commits, false);
    let answers = answers.into_iter().zip(durabilities);
    let answers = answers
        .map(|(answer, durability)| (answer, any_durable && *durability == Durability::Sync))
        .collect();
    end(database, ledger, answers).into_iter().collect()
}
