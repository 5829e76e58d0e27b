//! A machine in memory for tests: it loses what was not synced, fails when told to, and its clock goes as it is told.
//!
//! ```text
//!  content   what was written            ── sync ──►            durable   what a power cut leaves for certain
//!  entries   names as programs see them  ── sync_directory ──►  kept      names that a power cut leaves for certain
//! ```
//!
//! A power cut leaves, of what is not durable, any subset: sectors of 512 bytes one by one, a write torn within a sector, a
//! length in between, and of a directory's changes a prefix or any subset, each change whole. A killed program leaves
//! all that was written. A sync that failed forgets what it should have written (as Linux does): a later sync that
//! succeeds does not make it durable. Files are copied when they are written after an image of the machine was taken.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::Mutex;
use rand::rngs::StdRng;
use rand::{Rng, RngCore, SeedableRng};

use super::{DiskFile, Env, Plant};

/// What a disk writes as one.
const SECTOR: usize = 512;

/// What a program can ask of the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "they are the methods of the traits")]
pub enum Call {
    MakeDirectory,
    RemoveDirectory,
    List,
    Create,
    Open,
    Rename,
    Remove,
    SyncDirectory,
    Length,
    FreeBytes,
    Lock,
    Read,
    Write,
    Allocate,
    Truncate,
    Sync,
}

impl Call {
    /// Whether it changes what a crash would leave.
    fn changes(self) -> bool {
        !matches!(self, Call::List | Call::Open | Call::Length | Call::FreeBytes | Call::Lock | Call::Read)
    }

    /// Whether it takes room on the disk.
    fn takes_room(self) -> bool {
        matches!(self, Call::MakeDirectory | Call::Create | Call::Rename | Call::Write | Call::Allocate)
    }
}

/// How a call fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fault {
    /// EIO.
    Broken,
    /// ENOSPC, for calls that take room.
    Full,
    /// A part is written, then EIO; for writes.
    ShortWrite,
}

/// Which call fails.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// The number of the call, from 1.
    pub at: u64,
    /// How it fails.
    pub fault: Fault,
    /// All later calls of its kind fail as well.
    pub for_good: bool,
}

/// How the machine ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Crash {
    /// The power goes: what was not synced may be lost.
    PowerCut,
    /// The program is killed: what was written stays.
    Kill,
}

/// The machine just before a call.
#[derive(Debug)]
pub struct Image {
    /// The number of the call.
    pub call: u64,
    /// [`Simulated::mark`] as it was.
    pub mark: u64,
    world: World,
}

impl Image {
    /// What a crash at this moment leaves.
    pub fn crash(&self, crash: Crash, seed: u64) -> Simulated {
        Simulated::with(self.world.crashed(crash, seed))
    }
}

/// The machine. Clones are the same machine.
#[derive(Debug, Clone)]
pub struct Simulated {
    world: Arc<Mutex<World>>,
    mark: Arc<AtomicU64>,
}

#[derive(Debug)]
struct World {
    files: BTreeMap<u64, Inode>,
    entries: BTreeMap<PathBuf, Entry>,
    kept: BTreeMap<PathBuf, Entry>,
    /// By directory, what happened to its names since it was synced.
    unsynced: BTreeMap<PathBuf, Vec<Change>>,
    locked: BTreeSet<PathBuf>,
    next_file: u64,
    clock: i64,
    random: StdRng,
    calls: u64,
    plan: Option<Plan>,
    /// The kind of call that fails for good.
    failing: Option<(Call, Fault)>,
    /// The write under way is a short one.
    next_short: bool,
    off_at: u64,
    fired: BTreeMap<(Call, Fault), u64>,
    room: u64,
    plants: Vec<Plant>,
    /// The share of the calls at which images are taken, in thousandths.
    recorded: u32,
    images: Vec<Image>,
}

#[derive(Debug, Clone)]
struct Inode {
    content: Arc<Vec<u8>>,
    durable: Arc<Vec<u8>>,
    /// Sectors of which a failed sync lost what they should have become.
    lost: BTreeSet<usize>,
    open: Arc<()>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Entry {
    Directory,
    File(u64),
}

/// Names that change together.
type Change = Vec<(PathBuf, Option<Entry>)>;

/// An open file.
#[derive(Debug)]
struct SimulatedFile {
    machine: Simulated,
    inode: u64,
    _open: Arc<()>,
}

impl Simulated {
    /// A machine with an empty disk.
    pub fn new(seed: u64) -> Self {
        Self::with(World {
            files: BTreeMap::new(),
            entries: BTreeMap::new(),
            kept: BTreeMap::new(),
            unsynced: BTreeMap::new(),
            locked: BTreeSet::new(),
            next_file: 1,
            clock: 1_700_000_000_000_000,
            random: StdRng::seed_from_u64(seed),
            calls: 0,
            plan: None,
            failing: None,
            next_short: false,
            off_at: u64::MAX,
            fired: BTreeMap::new(),
            room: u64::MAX / 4,
            plants: Vec::new(),
            recorded: 0,
            images: Vec::new(),
        })
    }

    fn with(world: World) -> Self {
        Self { world: Arc::new(Mutex::new(world)), mark: Arc::default() }
    }

    /// The machine as this program's surroundings.
    pub fn env(&self) -> Arc<dyn Env> {
        Arc::new(self.clone())
    }

    /// What a crash now leaves, as a machine of its own.
    pub fn crash(&self, crash: Crash, seed: u64) -> Simulated {
        Self::with(self.world.lock().crashed(crash, seed))
    }

    /// How many calls there were.
    pub fn calls(&self) -> u64 {
        self.world.lock().calls
    }

    /// From that call on, every call fails: the machine is off.
    pub fn off_at(&self, call: u64) {
        self.world.lock().off_at = call;
    }

    /// Whether it is off.
    pub fn is_off(&self) -> bool {
        let world = self.world.lock();
        world.calls >= world.off_at
    }

    /// Makes a call fail.
    pub fn fail(&self, plan: Plan) {
        self.world.lock().plan = Some(plan);
    }

    /// Nothing fails any more.
    pub fn heal(&self) {
        let mut world = self.world.lock();
        (world.plan, world.failing) = (None, None);
    }

    /// How often each fault came up.
    pub fn fired(&self) -> BTreeMap<(Call, Fault), u64> {
        self.world.lock().fired.clone()
    }

    /// Sets the size of the disk.
    pub fn set_room(&self, bytes: u64) {
        self.world.lock().room = bytes;
    }

    /// Bytes that files take.
    pub fn used(&self) -> u64 {
        self.world.lock().used()
    }

    /// Steps the clock.
    pub fn step_clock(&self, by_us: i64) {
        self.world.lock().clock += by_us;
    }

    /// Makes this machine's program have a bug.
    pub fn plant(&self, plant: Plant) {
        self.world.lock().plants.push(plant);
    }

    /// Takes images before some of the calls that change something: so many of a thousand.
    pub fn record(&self, thousandths: u32) {
        self.world.lock().recorded = thousandths;
    }

    /// The images that were taken.
    pub fn images(&self) -> Vec<Image> {
        std::mem::take(&mut self.world.lock().images)
    }

    /// A number that images hold: what the test had seen when they were taken.
    pub fn mark(&self) -> &AtomicU64 {
        &self.mark
    }

    /// All files, with their lengths.
    pub fn files(&self) -> Vec<(PathBuf, u64)> {
        let world = self.world.lock();
        let files = world.entries.iter().filter_map(|(path, entry)| match entry {
            Entry::File(inode) => Some((path.clone(), world.files[inode].content.len() as u64)),
            Entry::Directory => None,
        });
        files.collect()
    }

    /// Flips bits of a byte of a file, behind the program's back.
    pub fn flip(&self, path: &Path, offset: u64, bits: u8) {
        let mut world = self.world.lock();
        let Some(Entry::File(inode)) = world.entries.get(path).copied() else {
            panic!("no {}", path.display())
        };
        let file = world.files.get_mut(&inode).unwrap();
        Arc::make_mut(&mut file.content)[offset as usize] ^= bits;
        file.durable = file.content.clone();
    }

    /// Counts a call; an error if it is to fail. Images are taken before it.
    fn begin(&self, call: Call) -> io::Result<parking_lot::MutexGuard<'_, World>> {
        let mut world = self.world.lock();
        world.calls += 1;
        if world.calls >= world.off_at {
            return Err(io::Error::other("the machine is off"));
        }
        if call.changes() && world.recorded > 0 {
            let recorded = world.recorded;
            if world.random.random_range(0..1000) < recorded {
                let image =
                    Image { call: world.calls, mark: self.mark.load(Ordering::SeqCst), world: world.image() };
                world.images.push(image);
            }
        }
        match world.fault(call) {
            // The caller writes a part first.
            None | Some(Fault::ShortWrite) => Ok(world),
            Some(fault) => Err(error_of(fault)),
        }
    }
}

fn error_of(fault: Fault) -> io::Error {
    match fault {
        Fault::Full => ErrorKind::StorageFull.into(),
        Fault::Broken | Fault::ShortWrite => io::Error::other("a broken disk"),
    }
}

impl World {
    /// How this call fails, if it does.
    fn fault(&mut self, call: Call) -> Option<Fault> {
        if let Some(plan) = self.plan {
            let fits = match plan.fault {
                Fault::Broken => true,
                Fault::Full => call.takes_room(),
                Fault::ShortWrite => call == Call::Write,
            };
            if self.calls == plan.at && fits {
                *self.fired.entry((call, plan.fault)).or_default() += 1;
                if plan.for_good {
                    self.failing = Some((call, plan.fault));
                }
                self.short(plan.fault);
                return Some(plan.fault);
            }
        }
        let (failing, fault) = self.failing?;
        if failing != call {
            return None;
        }
        *self.fired.entry((call, fault)).or_default() += 1;
        self.short(fault);
        Some(fault)
    }

    fn short(&mut self, fault: Fault) {
        self.next_short = fault == Fault::ShortWrite;
    }

    fn used(&self) -> u64 {
        self.entries
            .values()
            .map(|entry| match entry {
                Entry::File(inode) => self.files[inode].content.len() as u64,
                Entry::Directory => 0,
            })
            .sum()
    }

    /// A copy, without what only open files hold.
    fn image(&self) -> World {
        let unsynced = self.unsynced.values().flatten().flatten().filter_map(|(_, entry)| *entry);
        let named: BTreeSet<u64> = self
            .entries
            .values()
            .chain(self.kept.values())
            .copied()
            .chain(unsynced)
            .filter_map(|entry| match entry {
                Entry::File(inode) => Some(inode),
                Entry::Directory => None,
            })
            .collect();
        let file = |inode: &u64| (*inode, Inode { open: Arc::default(), ..self.files[inode].clone() });
        World {
            files: named.iter().map(file).collect(),
            entries: self.entries.clone(),
            kept: self.kept.clone(),
            unsynced: self.unsynced.clone(),
            locked: BTreeSet::new(),
            next_file: self.next_file,
            clock: self.clock,
            random: self.random.clone(),
            calls: 0,
            plan: None,
            failing: None,
            next_short: false,
            off_at: u64::MAX,
            fired: BTreeMap::new(),
            room: self.room,
            plants: self.plants.clone(),
            recorded: 0,
            images: Vec::new(),
        }
    }

    fn crashed(&self, crash: Crash, seed: u64) -> World {
        let mut world = self.image();
        let random = &mut StdRng::seed_from_u64(seed);
        world.random = StdRng::seed_from_u64(random.next_u64());
        if crash == Crash::Kill {
            return world;
        }
        // How much of what is not durable survives: nothing, all, or chance decides for each thing.
        let share = [0.0, 1.0, 0.5, 0.5, 0.9][random.random_range(0..5)];
        let mut kept = std::mem::take(&mut world.kept);
        for changes in std::mem::take(&mut world.unsynced).into_values() {
            let prefix = random.random_bool(0.5).then(|| random.random_range(0..=changes.len()));
            for (index, change) in changes.into_iter().enumerate() {
                let survives = match (share, prefix) {
                    (0.0 | 1.0, _) => share == 1.0,
                    (_, Some(prefix)) => index < prefix,
                    (_, None) => random.random_bool(share),
                };
                if survives {
                    change.into_iter().for_each(|(path, entry)| assign(&mut kept, path, entry));
                }
            }
        }
        // What lies in a directory that is not there is not there.
        let lies =
            |path: &Path| path.ancestors().skip(1).all(|above| is_root(above) || kept.contains_key(above));
        let reachable: Vec<PathBuf> = kept.keys().filter(|path| lies(path)).cloned().collect();
        world.entries = reachable.into_iter().map(|path| (path.clone(), kept[&path])).collect();
        world.kept = world.entries.clone();
        for file in world.files.values_mut() {
            let survived = survivors(random, share, file);
            (file.content, file.durable) = (survived.clone(), survived);
            file.lost.clear();
        }
        world.image()
    }

    /// The directory that a path is in must be there.
    fn parent_is_there(&self, path: &Path) -> io::Result<PathBuf> {
        let parent = path.parent().unwrap_or(Path::new("/")).to_owned();
        match self.entries.get(&parent) {
            Some(Entry::Directory) => Ok(parent),
            _ if is_root(&parent) => Ok(parent),
            _ => Err(ErrorKind::NotFound.into()),
        }
    }

    fn file(&self, path: &Path) -> io::Result<u64> {
        match self.entries.get(path) {
            Some(Entry::File(inode)) => Ok(*inode),
            Some(Entry::Directory) => Err(ErrorKind::IsADirectory.into()),
            None => Err(ErrorKind::NotFound.into()),
        }
    }

    fn change(&mut self, directory: PathBuf, change: Change) {
        for (path, entry) in &change {
            assign(&mut self.entries, path.clone(), *entry);
        }
        self.unsynced.entry(directory).or_default().push(change);
        if self.files.len() > 64 {
            self.forget();
        }
    }

    /// Lets go of files that have no name and are not open.
    fn forget(&mut self) {
        let named = self.image();
        self.files.retain(|inode, file| named.files.contains_key(inode) || Arc::strong_count(&file.open) > 1);
    }
}

fn is_root(path: &Path) -> bool {
    path == Path::new("/") || path == Path::new("")
}

fn assign(entries: &mut BTreeMap<PathBuf, Entry>, path: PathBuf, entry: Option<Entry>) {
    match entry {
        Some(entry) => drop(entries.insert(path, entry)),
        None => drop(entries.remove(&path)),
    }
}

/// The sectors in which two contents differ.
fn differing(left: &[u8], right: &[u8]) -> Vec<usize> {
    let sectors = left.len().max(right.len()).div_ceil(SECTOR);
    let of = |bytes: &[u8], sector: usize| -> Vec<u8> {
        bytes.get(sector * SECTOR..).map(|rest| rest[..rest.len().min(SECTOR)].to_vec()).unwrap_or_default()
    };
    let same = |sector: &usize| {
        let range = sector * SECTOR..(sector + 1) * SECTOR;
        match (left.get(range.clone()), right.get(range)) {
            (Some(left), Some(right)) => left == right,
            _ => of(left, *sector) == of(right, *sector),
        }
    };
    (0..sectors).filter(|sector| !same(sector)).collect()
}

/// What a power cut leaves of a file.
fn survivors(random: &mut StdRng, share: f64, file: &Inode) -> Arc<Vec<u8>> {
    if Arc::ptr_eq(&file.content, &file.durable) || share == 0.0 {
        return file.durable.clone();
    }
    let (durable, content) = (&file.durable, &file.content);
    let (least, most) = (durable.len().min(content.len()), durable.len().max(content.len()));
    let length = match random.random_range(0..4) {
        _ if share == 1.0 => content.len(),
        0 => durable.len(),
        1 | 2 => content.len(),
        _ => random.random_range(least..=most),
    };
    let mut survived = durable.to_vec();
    survived.resize(length, 0);
    let torn = random.random_bool(0.3);
    for sector in differing(durable, content) {
        if file.lost.contains(&sector) || share < 1.0 && !random.random_bool(share) {
            continue;
        }
        let start = sector * SECTOR;
        let mut end = (start + SECTOR).min(content.len()).min(length);
        if torn && share < 1.0 && random.random_bool(0.3) {
            end = end.min(start + random.random_range(0..SECTOR));
        }
        if start < end {
            survived[start..end].copy_from_slice(&content[start..end]);
        }
    }
    Arc::new(survived)
}

impl Env for Simulated {
    fn now_us(&self) -> i64 {
        let mut world = self.world.lock();
        world.clock += 1;
        world.clock
    }

    fn random(&self) -> u64 {
        self.world.lock().random.next_u64()
    }

    fn create_directory(&self, path: &Path) -> io::Result<()> {
        let missing: Vec<PathBuf> = {
            let world = self.world.lock();
            let missing =
                path.ancestors().take_while(|path| !is_root(path) && !world.entries.contains_key(*path));
            missing.map(Path::to_owned).collect()
        };
        for path in missing.into_iter().rev() {
            let mut world = self.begin(Call::MakeDirectory)?;
            let parent = world.parent_is_there(&path)?;
            world.change(parent.clone(), vec![(path, Some(Entry::Directory))]);
            drop(world);
            self.sync_directory(&parent)?;
        }
        Ok(())
    }

    fn list(&self, directory: &Path) -> io::Result<Vec<String>> {
        let world = self.begin(Call::List)?;
        if !is_root(directory) && world.entries.get(directory) != Some(&Entry::Directory) {
            return Err(ErrorKind::NotFound.into());
        }
        let within = world.entries.keys().filter(|path| path.parent() == Some(directory));
        Ok(within.filter_map(|path| Some(path.file_name()?.to_string_lossy().into_owned())).collect())
    }

    fn create(&self, path: &Path) -> io::Result<Arc<dyn DiskFile>> {
        let mut world = self.begin(Call::Create)?;
        let parent = world.parent_is_there(path)?;
        if world.entries.contains_key(path) {
            return Err(ErrorKind::AlreadyExists.into());
        }
        let inode = world.next_file;
        world.next_file += 1;
        let open: Arc<()> = Arc::default();
        let (content, durable) = (Arc::default(), Arc::default());
        let file = Inode { content, durable, lost: BTreeSet::new(), open: open.clone() };
        world.files.insert(inode, file);
        world.change(parent, vec![(path.to_owned(), Some(Entry::File(inode)))]);
        Ok(Arc::new(SimulatedFile { machine: self.clone(), inode, _open: open }))
    }

    fn open(&self, path: &Path) -> io::Result<Arc<dyn DiskFile>> {
        let world = self.begin(Call::Open)?;
        let inode = world.file(path)?;
        let open = world.files[&inode].open.clone();
        Ok(Arc::new(SimulatedFile { machine: self.clone(), inode, _open: open }))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut world = self.begin(Call::Rename)?;
        let inode = world.file(from)?;
        let parent = world.parent_is_there(to)?;
        assert_eq!(from.parent(), to.parent(), "names change within one directory");
        world.change(parent, vec![(from.to_owned(), None), (to.to_owned(), Some(Entry::File(inode)))]);
        Ok(())
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        let mut world = self.begin(Call::Remove)?;
        world.file(path)?;
        let parent = world.parent_is_there(path)?;
        world.change(parent, vec![(path.to_owned(), None)]);
        Ok(())
    }

    fn sync_directory(&self, path: &Path) -> io::Result<()> {
        let mut world = self.begin(Call::SyncDirectory)?;
        if !is_root(path) && world.entries.get(path) != Some(&Entry::Directory) {
            return Err(ErrorKind::NotFound.into());
        }
        for change in world.unsynced.remove(path).unwrap_or_default() {
            change.into_iter().for_each(|(path, entry)| assign(&mut world.kept, path, entry));
        }
        Ok(())
    }

    fn rename_new(&self, from: &Path, to: &Path) -> io::Result<()> {
        if self.world.lock().entries.contains_key(to) {
            return Err(ErrorKind::AlreadyExists.into());
        }
        self.rename(from, to)
    }

    fn file_length(&self, path: &Path) -> io::Result<Option<u64>> {
        let world = self.begin(Call::Length)?;
        match world.entries.get(path) {
            Some(Entry::File(inode)) => Ok(Some(world.files[inode].content.len() as u64)),
            Some(Entry::Directory) => Ok(None),
            None => Err(ErrorKind::NotFound.into()),
        }
    }

    fn remove_directory(&self, path: &Path) -> io::Result<()> {
        let mut world = self.begin(Call::RemoveDirectory)?;
        if world.entries.get(path) != Some(&Entry::Directory) {
            return Err(ErrorKind::NotFound.into());
        }
        if world.entries.keys().any(|other| other.parent() == Some(path)) {
            return Err(ErrorKind::DirectoryNotEmpty.into());
        }
        let parent = world.parent_is_there(path)?;
        world.change(parent, vec![(path.to_owned(), None)]);
        Ok(())
    }

    fn free_bytes(&self, _directory: &Path) -> io::Result<(u64, u64)> {
        let world = self.begin(Call::FreeBytes)?;
        Ok((world.room.saturating_sub(world.used()), world.room))
    }

    fn planted(&self, plant: Plant) -> bool {
        self.world.lock().plants.contains(&plant)
    }

    fn lock(&self, path: &Path) -> io::Result<Option<Box<dyn Send + Sync>>> {
        let mut world = self.begin(Call::Lock)?;
        world.parent_is_there(path)?;
        Ok(match world.locked.insert(path.to_owned()) {
            true => Some(Box::new(Lock { machine: self.clone(), path: path.to_owned() })),
            false => None,
        })
    }
}

struct Lock {
    machine: Simulated,
    path: PathBuf,
}

impl Drop for Lock {
    fn drop(&mut self) {
        self.machine.world.lock().locked.remove(&self.path);
    }
}

impl SimulatedFile {
    /// Changes the content from a position on, as far as there is room.
    fn store(world: &mut World, inode: u64, bytes: &[u8], position: usize) -> io::Result<()> {
        let left = world.room.saturating_sub(world.used()) as usize;
        let Some(file) = world.files.get_mut(&inode) else { return Ok(()) };
        let end = (position + bytes.len()).min(file.content.len() + left);
        let content = Arc::make_mut(&mut file.content);
        if content.len() < end {
            content.resize(end, 0);
        }
        if position < end {
            content[position..end].copy_from_slice(&bytes[..end - position]);
            (position / SECTOR..=(end - 1) / SECTOR).for_each(|sector| {
                file.lost.remove(&sector);
            });
        }
        if end < position + bytes.len() { Err(ErrorKind::StorageFull.into()) } else { Ok(()) }
    }
}

impl DiskFile for SimulatedFile {
    fn length(&self) -> io::Result<u64> {
        let world = self.machine.begin(Call::Length)?;
        Ok(world.files[&self.inode].content.len() as u64)
    }

    fn read_at(&self, buffer: &mut [u8], position: u64) -> io::Result<usize> {
        let world = self.machine.begin(Call::Read)?;
        let content = &world.files[&self.inode].content;
        let start = (position as usize).min(content.len());
        let end = (start + buffer.len()).min(content.len());
        buffer[..end - start].copy_from_slice(&content[start..end]);
        Ok(end - start)
    }

    fn write_at(&self, parts: &[&[u8]], position: u64) -> io::Result<()> {
        let mut world = self.machine.begin(Call::Write)?;
        let bytes = parts.concat();
        if std::mem::take(&mut world.next_short) {
            let part = world.random.random_range(0..=bytes.len());
            Self::store(&mut world, self.inode, &bytes[..part], position as usize)?;
            return Err(error_of(Fault::ShortWrite));
        }
        // A crash may come in the middle.
        if let Some(image) =
            world.images.last().filter(|image| image.call == world.calls).map(|image| image.mark)
            && world.random.random_bool(0.5)
        {
            let part = world.random.random_range(0..=bytes.len());
            let mut torn = world.image();
            // What does not fit is not written either way.
            let _ = Self::store(&mut torn, self.inode, &bytes[..part], position as usize);
            let call = world.calls;
            world.images.push(Image { call, mark: image, world: torn });
        }
        Self::store(&mut world, self.inode, &bytes, position as usize)
    }

    fn allocate(&self, _position: u64, end: u64) -> io::Result<()> {
        let mut world = self.machine.begin(Call::Allocate)?;
        let length = world.files[&self.inode].content.len();
        if end as usize > length {
            if world.room.saturating_sub(world.used()) < end - length as u64 {
                return Err(ErrorKind::StorageFull.into());
            }
            let file = world.files.get_mut(&self.inode).expect("an open file is there");
            Arc::make_mut(&mut file.content).resize(end as usize, 0);
        }
        Ok(())
    }

    fn truncate(&self, length: u64) -> io::Result<()> {
        let mut world = self.machine.begin(Call::Truncate)?;
        let file = world.files.get_mut(&self.inode).expect("an open file is there");
        Arc::make_mut(&mut file.content).resize(length as usize, 0);
        Ok(())
    }

    fn sync(&self) -> io::Result<()> {
        let mut world = match self.machine.begin(Call::Sync) {
            Ok(world) => world,
            Err(error) => {
                let mut world = self.machine.world.lock();
                if world.calls >= world.off_at {
                    return Err(error);
                }
                let file = world.files.get_mut(&self.inode).expect("an open file is there");
                file.lost.extend(differing(&file.durable, &file.content));
                return Err(error);
            }
        };
        let file = world.files.get_mut(&self.inode).expect("an open file is there");
        if file.lost.is_empty() {
            file.durable = file.content.clone();
            return Ok(());
        }
        let mut durable = file.content.to_vec();
        for sector in &file.lost {
            for at in sector * SECTOR..((sector + 1) * SECTOR).min(durable.len()) {
                durable[at] = file.durable.get(at).copied().unwrap_or(0);
            }
        }
        file.durable = Arc::new(durable);
        Ok(())
    }
}
