//! Frames: what the committer writes at once, as bytes. `docs/log-format.md` tells the same with its reasons.
//!
//! ```text
//!  header (64) │ directory │ zeros to 64 │ buffer │ zeros to 64 │ buffer │ … zeros to 64
//! ```
//!
//! All numbers are little-endian; a frame starts at a multiple of 64 in its file and is one long.
//!
//! | header byte | what |
//! |---|---|
//! | 0..4 | `MSFR` |
//! | 4..6 | format version, 1 |
//! | 6..8 | zero |
//! | 8..16 | length of the frame, header and padding included |
//! | 16..24 | LSN of the first commit |
//! | 24..32 | commit time of all its commits, µs since epoch |
//! | 32..40 | the newest LSN that was durable when this frame was written |
//! | 40..44 | number of commits |
//! | 44..48 | number of entries |
//! | 48..52 | length of the directory |
//! | 52..56 | CRC32C of the directory |
//! | 56..60 | zero |
//! | 60..64 | CRC32C of the log's id (8 bytes) followed by header bytes 0..60 |
//!
//! The directory is one item an entry, a kind byte first. `lsn` is 4 bytes, counted from the frame's first.
//!
//! | kind | then |
//! |---|---|
//! | 1 append | stream 8, first row number 8, watermark before it 8 (i64::MIN: none), rows 4, runs 4, buffers 2, flags 1 (1: the first buffer is a partition (i32) a row); a run: lsn 4, rows 4; a buffer: start 8 (from the first multiple of 64 after the directory), length 8, CRC32C 4 |
//! | 2 DDL | lsn, object 8, length 4, SQL text |
//! | 3 drop | lsn, count 4, objects 8 each, length 4, SQL text |
//! | 4 tick | lsn, stream 8, watermark 8 |
//! | 5 sink progress | lsn, sink 8, LSN reached 8 |
//!
//! A header of no commits and no entries is a **mark**, written over the end of the log once all before it is durable, and
//! written over by the next frame: it tells damage to the last frame from a frame that was never finished.
//!
//! Buffers are those of the columns in order, laid out as in [`super::columns`]. **Version rule**: the first six
//! bytes and the CRC keep their places in all versions; a whole header of an unknown version is refused by name,
//! never read as damage.

use arrow::buffer::{Buffer, ScalarBuffer};
use millstream_catalog::ObjectId;

use super::Lsn;

/// Frames and buffers start at multiples of this.
pub(super) const ALIGNMENT: usize = 64;
/// Bytes of a frame's header.
pub(super) const HEADER_BYTES: usize = 64;
/// The format that this build writes and reads.
pub(super) const FORMAT_VERSION: u16 = 1;

const MAGIC: &[u8; 4] = b"MSFR";
const ZEROS: [u8; ALIGNMENT] = [0; ALIGNMENT];
const WITH_PARTITIONS: u8 = 1;

/// The header's content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FrameHeader {
    pub length: u64,
    pub first_lsn: Lsn,
    pub commit_time: i64,
    pub durable_lsn: Lsn,
    pub commits: u32,
    pub entries: u32,
    pub directory_length: u32,
    pub directory_crc: u32,
}

/// One entry of a frame.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Entry {
    Append(Append),
    Ddl { lsn: Lsn, id: ObjectId, sql: String },
    Drop { lsn: Lsn, ids: Vec<ObjectId>, sql: String },
    Tick { lsn: Lsn, stream: ObjectId, watermark: i64 },
    SinkProgress { lsn: Lsn, sink: ObjectId, reached: Lsn },
}

/// Rows of one stream, of one commit or of several.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Append {
    pub stream: ObjectId,
    /// The number of the first row in its stream.
    pub first_row: u64,
    /// The stream's watermark before the first row.
    pub watermark: i64,
    pub rows: u32,
    /// (LSN, rows), LSNs rising.
    pub runs: Vec<(Lsn, u32)>,
    pub partitions: Option<ScalarBuffer<i32>>,
    /// The buffers of the columns.
    pub buffers: Vec<Buffer>,
}

/// Why bytes are no frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Unreadable {
    /// Not what was written: the byte (from the frame's start) and what is wrong there.
    Damaged(u64, &'static str),
    /// A whole header of another format.
    Version(u16),
}

/// A frame ready to be written.
#[derive(Debug)]
pub(super) struct EncodedFrame {
    head: Vec<u8>,
    body: Vec<Buffer>,
    length: u64,
}

impl EncodedFrame {
    /// The length with all padding.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// The bytes, in order.
    pub fn parts(&self) -> Vec<&[u8]> {
        let mut parts: Vec<&[u8]> = Vec::with_capacity(1 + 2 * self.body.len());
        parts.push(&self.head);
        for buffer in &self.body {
            parts.push(buffer.as_slice());
            parts.push(&ZEROS[..padding(buffer.len())]);
        }
        parts
    }
}

/// What the header says beside the entries.
#[derive(Debug, Clone, Copy)]
pub(super) struct FrameInfo {
    pub log_id: u64,
    pub first_lsn: Lsn,
    pub commit_time: i64,
    pub durable_lsn: Lsn,
    pub commits: u32,
}

/// Encodes entries; their buffers are taken as they are, not copied.
pub(super) fn encode(info: FrameInfo, entries: &[Entry]) -> EncodedFrame {
    let mut writer = Writer { directory: vec![0; HEADER_BYTES], body: Vec::new(), body_length: 0, info };
    for entry in entries {
        writer.entry(entry);
    }
    let Writer { directory: mut head, body, body_length, .. } = writer;
    let directory = &head[HEADER_BYTES..];
    let directory_length =
        u32::try_from(directory.len()).expect("the committer bounds the entries of a frame");
    let directory_crc = crc32c::crc32c(directory);
    head.resize(head.len() + padding(head.len()), 0);
    let length = head.len() as u64 + body_length;
    let header = FrameHeader {
        length,
        first_lsn: info.first_lsn,
        commit_time: info.commit_time,
        durable_lsn: info.durable_lsn,
        commits: info.commits,
        entries: entries.len() as u32,
        directory_length,
        directory_crc,
    };
    head[..HEADER_BYTES].copy_from_slice(&header.encode(info.log_id));
    EncodedFrame { head, body, length }
}

/// A mark: a header alone, of no commits, that says up to where the log was durable. It stands where the next frame
/// will be written.
pub(super) fn mark(log_id: u64, durable_lsn: Lsn, commit_time: i64) -> EncodedFrame {
    let info = FrameInfo { log_id, first_lsn: durable_lsn + 1, commit_time, durable_lsn, commits: 0 };
    encode(info, &[])
}

struct Writer {
    directory: Vec<u8>,
    body: Vec<Buffer>,
    body_length: u64,
    info: FrameInfo,
}

impl Writer {
    fn entry(&mut self, entry: &Entry) {
        match entry {
            Entry::Append(append) => self.append(append),
            Entry::Ddl { lsn, id, sql } => {
                self.start(2, *lsn);
                self.u64(id.0);
                self.text(sql);
            }
            Entry::Drop { lsn, ids, sql } => {
                self.start(3, *lsn);
                self.u32(ids.len() as u32);
                ids.iter().for_each(|id| self.u64(id.0));
                self.text(sql);
            }
            Entry::Tick { lsn, stream, watermark } => {
                self.start(4, *lsn);
                self.u64(stream.0);
                self.u64(*watermark as u64);
            }
            Entry::SinkProgress { lsn, sink, reached } => {
                self.start(5, *lsn);
                self.u64(sink.0);
                self.u64(*reached);
            }
        }
    }

    fn append(&mut self, append: &Append) {
        debug_assert_eq!(append.runs.iter().map(|run| run.1).sum::<u32>(), append.rows);
        self.directory.push(1);
        self.u64(append.stream.0);
        self.u64(append.first_row);
        self.u64(append.watermark as u64);
        self.u32(append.rows);
        self.u32(append.runs.len() as u32);
        let partitions = append.partitions.as_ref().map(|partitions| partitions.inner().clone());
        let count = append.buffers.len() + usize::from(partitions.is_some());
        self.directory.extend((count as u16).to_le_bytes());
        self.directory.push(if partitions.is_some() { WITH_PARTITIONS } else { 0 });
        for (lsn, rows) in &append.runs {
            self.lsn(*lsn);
            self.u32(*rows);
        }
        for buffer in partitions.iter().chain(&append.buffers) {
            self.buffer(buffer);
        }
    }

    fn buffer(&mut self, buffer: &Buffer) {
        self.u64(self.body_length);
        self.u64(buffer.len() as u64);
        self.u32(crc32c::crc32c(buffer));
        if !buffer.is_empty() {
            self.body_length += (buffer.len() + padding(buffer.len())) as u64;
            self.body.push(buffer.clone());
        }
    }

    fn start(&mut self, kind: u8, lsn: Lsn) {
        self.directory.push(kind);
        self.lsn(lsn);
    }

    fn lsn(&mut self, lsn: Lsn) {
        self.u32((lsn - self.info.first_lsn) as u32);
    }

    fn text(&mut self, text: &str) {
        self.u32(text.len() as u32);
        self.directory.extend(text.as_bytes());
    }

    fn u32(&mut self, value: u32) {
        self.directory.extend(value.to_le_bytes());
    }

    fn u64(&mut self, value: u64) {
        self.directory.extend(value.to_le_bytes());
    }
}

impl FrameHeader {
    fn encode(&self, log_id: u64) -> [u8; HEADER_BYTES] {
        let mut bytes = [0; HEADER_BYTES];
        bytes[0..4].copy_from_slice(MAGIC);
        bytes[4..6].copy_from_slice(&FORMAT_VERSION.to_le_bytes());
        bytes[8..16].copy_from_slice(&self.length.to_le_bytes());
        bytes[16..24].copy_from_slice(&self.first_lsn.to_le_bytes());
        bytes[24..32].copy_from_slice(&self.commit_time.to_le_bytes());
        bytes[32..40].copy_from_slice(&self.durable_lsn.to_le_bytes());
        bytes[40..44].copy_from_slice(&self.commits.to_le_bytes());
        bytes[44..48].copy_from_slice(&self.entries.to_le_bytes());
        bytes[48..52].copy_from_slice(&self.directory_length.to_le_bytes());
        bytes[52..56].copy_from_slice(&self.directory_crc.to_le_bytes());
        let crc = header_crc(log_id, &bytes);
        bytes[60..64].copy_from_slice(&crc.to_le_bytes());
        bytes
    }

    /// Reads a header of this log. The log's id in the CRC keeps bytes that a user stored from passing for a frame.
    pub fn decode(log_id: u64, bytes: &[u8; HEADER_BYTES]) -> Result<FrameHeader, Unreadable> {
        if bytes[0..4] != *MAGIC {
            return Err(Unreadable::Damaged(0, "no frame starts here"));
        }
        if header_crc(log_id, bytes) != u32_at(bytes, 60) {
            return Err(Unreadable::Damaged(0, "the frame's header does not match its checksum"));
        }
        let version = u16::from_le_bytes([bytes[4], bytes[5]]);
        if version != FORMAT_VERSION {
            return Err(Unreadable::Version(version));
        }
        let header = FrameHeader {
            length: u64_at(bytes, 8),
            first_lsn: u64_at(bytes, 16),
            commit_time: u64_at(bytes, 24) as i64,
            durable_lsn: u64_at(bytes, 32),
            commits: u32_at(bytes, 40),
            entries: u32_at(bytes, 44),
            directory_length: u32_at(bytes, 48),
            directory_crc: u32_at(bytes, 52),
        };
        let whole =
            header.body_start() as u64 <= header.length && header.length.is_multiple_of(ALIGNMENT as u64);
        if whole { Ok(header) } else { Err(Unreadable::Damaged(8, "the frame's lengths do not fit")) }
    }

    fn body_start(&self) -> usize {
        let end = HEADER_BYTES + self.directory_length as usize;
        end + padding(end)
    }
}

fn header_crc(log_id: u64, header: &[u8; HEADER_BYTES]) -> u32 {
    crc32c::crc32c_append(crc32c::crc32c(&log_id.to_le_bytes()), &header[..60])
}

/// Reads the entries of a whole frame; buffers are slices of the frame. Checksums are always `checked`, except where a
/// test plants that bug.
pub(super) fn decode(header: &FrameHeader, frame: &Buffer, checked: bool) -> Result<Vec<Entry>, Unreadable> {
    let directory_end = HEADER_BYTES + header.directory_length as usize;
    let directory = &frame.as_slice()[HEADER_BYTES..directory_end];
    if checked && crc32c::crc32c(directory) != header.directory_crc {
        return Err(Unreadable::Damaged(
            HEADER_BYTES as u64,
            "the frame's directory does not match its checksum",
        ));
    }
    let mut reader = Reader {
        rest: directory,
        first_lsn: header.first_lsn,
        body_start: header.body_start(),
        frame,
        checked,
    };
    let mut entries = Vec::with_capacity(header.entries as usize);
    for _ in 0..header.entries {
        entries.push(reader.entry()?);
    }
    if !reader.rest.is_empty() {
        return Err(MISSHAPEN);
    }
    Ok(entries)
}

const MISSHAPEN: Unreadable = Unreadable::Damaged(HEADER_BYTES as u64, "the frame's directory is misshapen");

struct Reader<'a> {
    rest: &'a [u8],
    first_lsn: Lsn,
    body_start: usize,
    frame: &'a Buffer,
    checked: bool,
}

impl Reader<'_> {
    fn entry(&mut self) -> Result<Entry, Unreadable> {
        Ok(match self.bytes::<1>()?[0] {
            1 => Entry::Append(self.append()?),
            2 => Entry::Ddl { lsn: self.lsn()?, id: ObjectId(self.u64()?), sql: self.text()? },
            3 => {
                let lsn = self.lsn()?;
                let ids = (0..self.u32()?).map(|_| self.u64().map(ObjectId)).collect::<Result<_, _>>()?;
                Entry::Drop { lsn, ids, sql: self.text()? }
            }
            4 => {
                Entry::Tick { lsn: self.lsn()?, stream: ObjectId(self.u64()?), watermark: self.u64()? as i64 }
            }
            5 => Entry::SinkProgress { lsn: self.lsn()?, sink: ObjectId(self.u64()?), reached: self.u64()? },
            _ => return Err(MISSHAPEN),
        })
    }

    fn append(&mut self) -> Result<Append, Unreadable> {
        let stream = ObjectId(self.u64()?);
        let first_row = self.u64()?;
        let watermark = self.u64()? as i64;
        let rows = self.u32()?;
        let run_count = self.u32()?;
        let buffer_count = u16::from_le_bytes(self.bytes()?);
        let [flags] = self.bytes()?;
        let mut runs = Vec::with_capacity((run_count as usize).min(self.rest.len() / 8));
        for _ in 0..run_count {
            runs.push((self.lsn()?, self.u32()?));
        }
        let mut buffers = Vec::with_capacity(buffer_count as usize);
        for _ in 0..buffer_count {
            buffers.push(self.buffer()?);
        }
        let mut partitions = None;
        if flags & WITH_PARTITIONS != 0 {
            if buffers.is_empty() || buffers[0].len() != 4 * rows as usize {
                return Err(MISSHAPEN);
            }
            partitions = Some(ScalarBuffer::new(buffers.remove(0), 0, rows as usize));
        }
        if runs.iter().map(|run| u64::from(run.1)).sum::<u64>() != u64::from(rows) {
            return Err(MISSHAPEN);
        }
        Ok(Append { stream, first_row, watermark, rows, runs, partitions, buffers })
    }

    fn buffer(&mut self) -> Result<Buffer, Unreadable> {
        let start = self.u64()?;
        let length = self.u64()?;
        let crc = self.u32()?;
        let start = start.saturating_add(self.body_start as u64);
        if start.saturating_add(length) > self.frame.len() as u64 {
            return Err(MISSHAPEN);
        }
        let buffer = self.frame.slice_with_length(start as usize, length as usize);
        if self.checked && crc32c::crc32c(&buffer) != crc {
            return Err(Unreadable::Damaged(start, "a column's bytes do not match their checksum"));
        }
        Ok(buffer)
    }

    fn lsn(&mut self) -> Result<Lsn, Unreadable> {
        Ok(self.first_lsn + u64::from(self.u32()?))
    }

    fn text(&mut self) -> Result<String, Unreadable> {
        let length = self.u32()? as usize;
        let (text, rest) = self.rest.split_at_checked(length).ok_or(MISSHAPEN)?;
        self.rest = rest;
        String::from_utf8(text.to_vec()).map_err(|_| MISSHAPEN)
    }

    fn u32(&mut self) -> Result<u32, Unreadable> {
        self.bytes().map(u32::from_le_bytes)
    }

    fn u64(&mut self) -> Result<u64, Unreadable> {
        self.bytes().map(u64::from_le_bytes)
    }

    fn bytes<const N: usize>(&mut self) -> Result<[u8; N], Unreadable> {
        let (bytes, rest) = self.rest.split_first_chunk().ok_or(MISSHAPEN)?;
        self.rest = rest;
        Ok(*bytes)
    }
}

/// Zeros needed after so many bytes to come to a multiple of [`ALIGNMENT`].
pub(super) fn padding(length: usize) -> usize {
    length.wrapping_neg() % ALIGNMENT
}

fn u32_at(bytes: &[u8; HEADER_BYTES], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

fn u64_at(bytes: &[u8; HEADER_BYTES], at: usize) -> u64 {
    u64::from(u32_at(bytes, at)) | u64::from(u32_at(bytes, at + 4)) << 32
}
