//! Disks that are full or broken, clocks that step back.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use super::support::*;
use crate::Error;
use crate::env::simulated::{Call, Crash, Fault, Plan, Simulated};
use crate::env::{DiskFile, Env, Machine};
use crate::log::{Durability, Log, LogConfig};

/// A machine whose disk and clock can be set.
#[derive(Debug, Default)]
struct Switches {
    /// No file may grow beyond so many bytes; 0: no limit.
    room: AtomicU64,
    broken_writes: AtomicBool,
    broken_truncates: AtomicBool,
    broken_syncs: AtomicBool,
    full_creates: AtomicBool,
    clock: AtomicI64,
    syncs: AtomicU64,
}

#[derive(Debug, Clone, Default)]
struct Faulty(Arc<Switches>);

#[derive(Debug)]
struct FaultyFile(Arc<Switches>, Arc<dyn DiskFile>);

impl Env for Faulty {
    fn now_us(&self) -> i64 {
        self.0.clock.load(Ordering::Relaxed)
    }
    fn random(&self) -> u64 {
        42
    }
    fn create_directory(&self, path: &Path) -> io::Result<()> {
        Machine.create_directory(path)
    }
    fn list(&self, directory: &Path) -> io::Result<Vec<String>> {
        Machine.list(directory)
    }
    fn create(&self, path: &Path) -> io::Result<Arc<dyn DiskFile>> {
        if self.0.full_creates.load(Ordering::Relaxed) {
            return Err(io::ErrorKind::StorageFull.into());
        }
        Ok(Arc::new(FaultyFile(self.0.clone(), Machine.create(path)?)))
    }
    fn open(&self, path: &Path) -> io::Result<Arc<dyn DiskFile>> {
        Ok(Arc::new(FaultyFile(self.0.clone(), Machine.open(path)?)))
    }
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        Machine.rename(from, to)
    }
    fn remove(&self, path: &Path) -> io::Result<()> {
        Machine.remove(path)
    }
    fn rename_new(&self, from: &Path, to: &Path) -> io::Result<()> {
        Machine.rename_new(from, to)
    }
    fn file_length(&self, path: &Path) -> io::Result<Option<u64>> {
        Machine.file_length(path)
    }
    fn remove_directory(&self, path: &Path) -> io::Result<()> {
        Machine.remove_directory(path)
    }
    fn free_bytes(&self, directory: &Path) -> io::Result<(u64, u64)> {
        Machine.free_bytes(directory)
    }
    fn sync_directory(&self, path: &Path) -> io::Result<()> {
        Machine.sync_directory(path)
    }
    fn lock(&self, path: &Path) -> io::Result<Option<Box<dyn Send + Sync>>> {
        Machine.lock(path)
    }
}

impl DiskFile for FaultyFile {
    fn length(&self) -> io::Result<u64> {
        self.1.length()
    }
    fn read_at(&self, buffer: &mut [u8], position: u64) -> io::Result<usize> {
        self.1.read_at(buffer, position)
    }
    fn write_at(&self, parts: &[&[u8]], position: u64) -> io::Result<()> {
        let (room, bytes) = (self.0.room.load(Ordering::Relaxed), parts.concat());
        if self.0.broken_writes.load(Ordering::Relaxed) {
            return Err(io::Error::other("a broken disk"));
        }
        if room > 0 && position + bytes.len() as u64 > room {
            let fits = room.saturating_sub(position) as usize;
            self.1.write_at(&[&bytes[..fits]], position)?;
            return Err(io::ErrorKind::StorageFull.into());
        }
        self.1.write_at(parts, position)
    }
    fn allocate(&self, _position: u64, _end: u64) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }
    fn truncate(&self, length: u64) -> io::Result<()> {
        if self.0.broken_truncates.load(Ordering::Relaxed) {
            return Err(io::Error::other("a broken disk"));
        }
        self.1.truncate(length)
    }
    fn sync(&self) -> io::Result<()> {
        self.0.syncs.fetch_add(1, Ordering::Relaxed);
        if self.0.broken_syncs.load(Ordering::Relaxed) {
            return Err(io::Error::other("a broken disk"));
        }
        std::thread::sleep(Duration::from_millis(2));
        self.1.sync()
    }
}

fn open_faulty(directory: &Path) -> (Log, Arc<Switches>) {
    let faulty = Faulty::default();
    let config = LogConfig { env: Arc::new(faulty.clone()), ..config(directory) };
    (Log::open(config, &mut Words::default()).unwrap().0, faulty.0)
}

#[test]
fn a_full_disk_refuses_a_commit_whole_and_takes_the_next_once_there_is_room() {
    let directory = tempfile::tempdir().unwrap();
    let (log, switches) = open_faulty(directory.path());
    create(&log, 1, "narrow 1");
    append(&log, 1, narrow(&[(1, 1)]));
    let before = everything(&log, &[1]);
    let length = std::fs::metadata(&files(directory.path())[0]).unwrap().len();
    switches.room.store(length + 100, Ordering::Relaxed);
    for _ in 0..3 {
        let error =
            log.commit_blocking(vec![rows(1, narrow(&[(2, 9_000_000)]))], Durability::Sync).unwrap_err();
        assert_eq!(state(&error), "53100");
    }
    assert_eq!(everything(&log, &[1]), before);
    switches.room.store(0, Ordering::Relaxed);
    append(&log, 1, narrow(&[(3, 3)]));
    let after = everything(&log, &[1]);
    drop(log);
    assert_eq!(everything(&open(directory.path()), &[1]), after);
}

#[test]
fn a_full_disk_at_the_change_of_files_refuses_and_goes_on() {
    let directory = tempfile::tempdir().unwrap();
    let (log, switches) = open_faulty(directory.path());
    create(&log, 1, "narrow 1");
    append(&log, 1, narrow(&(0..3000).map(|i| (i, i)).collect::<Vec<_>>()));
    switches.full_creates.store(true, Ordering::Relaxed);
    let error = log.commit_blocking(vec![rows(1, narrow(&[(2, 2)]))], Durability::Sync).unwrap_err();
    assert_eq!(state(&error), "53100");
    switches.full_creates.store(false, Ordering::Relaxed);
    append(&log, 1, narrow(&[(3, 3)]));
    assert_eq!(files(directory.path()).len(), 2);
    let after = everything(&log, &[1]);
    drop(log);
    assert_eq!(everything(&open(directory.path()), &[1]), after);
}

#[test]
fn a_failed_sync_closes_the_log_for_writes_and_is_not_tried_again() {
    let directory = tempfile::tempdir().unwrap();
    let (log, switches) = open_faulty(directory.path());
    create(&log, 1, "narrow 1");
    let visible = everything(&log, &[1]);
    switches.broken_syncs.store(true, Ordering::Relaxed);
    let failed = log.commit_blocking(vec![rows(1, narrow(&[(1, 1)]))], Durability::Sync);
    assert!(matches!(failed, Err(Error::Latched(_))), "{failed:?}");
    let syncs = switches.syncs.load(Ordering::Relaxed);
    switches.broken_syncs.store(false, Ordering::Relaxed);
    let refused = log.commit_blocking(vec![rows(1, narrow(&[(2, 2)]))], Durability::Sync);
    assert!(matches!(refused, Err(Error::Latched(_))), "{refused:?}");
    assert_eq!(everything(&log, &[1]), visible, "reads go on");
    log.shutdown();
    assert_eq!(switches.syncs.load(Ordering::Relaxed), syncs);
    assert!(matches!(log.closed(), Some(Error::Latched(_))));
}

#[test]
fn a_failed_write_closes_the_log_and_so_does_a_full_disk_that_cannot_be_cleared() {
    for broken_writes in [true, false] {
        let directory = tempfile::tempdir().unwrap();
        let (log, switches) = open_faulty(directory.path());
        create(&log, 1, "narrow 1");
        switches.broken_writes.store(broken_writes, Ordering::Relaxed);
        switches.room.store(100, Ordering::Relaxed);
        switches.broken_truncates.store(true, Ordering::Relaxed);
        for _ in 0..2 {
            let failed = log.commit_blocking(vec![rows(1, narrow(&[(1, 1)]))], Durability::Sync);
            assert!(matches!(failed, Err(Error::Latched(_))), "{failed:?}");
        }
        assert_eq!(log.wait_past(1, Duration::from_secs(60)), 1, "nobody waits for what cannot come");
    }
}

#[test]
fn commit_times_do_not_fall_when_the_clock_steps_back() {
    let directory = tempfile::tempdir().unwrap();
    let (log, switches) = open_faulty(directory.path());
    create(&log, 1, "narrow 1");
    let mut times = Vec::new();
    for clock in [100, 50, 120, 10] {
        switches.clock.store(clock, Ordering::Relaxed);
        times.push(log.commit_time(append(&log, 1, narrow(&[(1, 1)]))).unwrap());
    }
    assert_eq!(times, vec![100, 100, 120, 120]);
}

#[test]
fn commits_that_wait_together_share_a_sync() {
    let directory = tempfile::tempdir().unwrap();
    let (log, switches) = open_faulty(directory.path());
    create(&log, 1, "narrow 1");
    let before = switches.syncs.load(Ordering::Relaxed);
    std::thread::scope(|scope| {
        for thread in 0..16 {
            let log = log.clone();
            scope.spawn(move || (0..20).map(|i| append(&log, 1, narrow(&[(thread, i)]))).max());
        }
    });
    let syncs = switches.syncs.load(Ordering::Relaxed) - before;
    assert!(syncs < 320 / 4, "{syncs} syncs for 320 commits");
    let after = everything(&log, &[1]);
    drop(log);
    assert_eq!(everything(&open(directory.path()), &[1]), after);
}

/// What was written but not synced by a server that was killed may be in the system's memory only.
#[test]
fn what_is_recovered_is_synced_before_it_is_shown() {
    let directory = tempfile::tempdir().unwrap();
    let log = open(directory.path());
    create(&log, 1, "narrow 1");
    drop(log);
    let (log, switches) = open_faulty(directory.path());
    assert_eq!((log.synced_lsn(), switches.syncs.load(Ordering::Relaxed)), (1, 1));
}

/// The program is started again after a sync failed, on the machine whose memory has what the disk has not.
#[test]
fn what_a_failed_sync_left_in_memory_is_written_again_before_it_is_shown() {
    let mut failed = 0;
    for at in 1..12 {
        let machine = Simulated::new(at);
        let settings =
            |machine: &Simulated| LogConfig { env: machine.env(), threads: false, ..LogConfig::new("/data") };
        let open = |machine: &Simulated| Log::open(settings(machine), &mut Words::default()).unwrap().0;
        let log = open(&machine);
        drop(create(&log, 1, "narrow 1"));
        append(&log, 1, narrow(&[(1, 1)]));
        machine.fail(Plan { at: machine.calls() + at, fault: Fault::Broken, for_good: false });
        let entries = vec![rows(1, narrow(&vec![(2, 2); 500]))];
        let is_sync = log.commit_blocking(entries, Durability::Sync).is_err()
            && machine.fired().keys().any(|(call, _)| *call == Call::Sync);
        failed += u32::from(is_sync);
        let machine = machine.crash(Crash::Kill, 1);
        let log = open(&machine);
        let shown = contents(&log, 1);
        append(&log, 1, narrow(&[(3, 3)]));
        let machine = machine.crash(Crash::PowerCut, at);
        let log = open(&machine);
        assert_eq!(contents(&log, 1)[..shown.len()], shown, "call {at}");
        assert_eq!(contents(&log, 1).len(), shown.len() + 1, "call {at}");
    }
    assert!(failed > 0, "a sync failed");
}
