//! A checkpoint as files and a manifest, and back. Pure: no I/O.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, BooleanArray, Int64Array, RecordBatch, StringArray};
use arrow::compute::filter_record_batch;
use arrow::datatypes::{DataType, Field, Int64Type, Schema, SchemaRef};
use bytes::Bytes;
use millstream_catalog::ObjectId;

use super::manifest::{
    File, Manifest, Role, checksum_text, columns_of, digits, directory_name, watermark_member,
};
use super::parquet::{GROUP_ROWS, read, write};
use super::{Capture, Checkpoint, CheckpointInfo, Head, Saved, manifest};
use crate::flow::delta::NO_WATERMARK;
use crate::flow::{OperatorState, StateKind, merge_layers, squash_layers};
use crate::view;
use crate::{Error, Result};

/// Rows of one file; more make a second file.
const FILE_ROWS: usize = 1 << 20;

/// The manifest of a checkpoint, and the files that it adds, by path.
#[derive(Debug, Clone)]
pub(super) struct Encoded {
    pub manifest: Manifest,
    pub files: Vec<(String, Bytes)>,
}

/// What earlier checkpoints added, to be put together with what this one adds.
#[derive(Debug, Default)]
pub(super) struct Squash {
    /// Rows of all contents files but those of the base, dead ones too; and the places of all that are no more.
    pub contents: Option<(Vec<RecordBatch>, Vec<u32>)>,
    /// By node and name: all layers but the base, oldest first.
    pub states: BTreeMap<(usize, String), Vec<RecordBatch>>,
}

/// Encodes a checkpoint. It takes a while (about a second for ten million rows of a few columns).
pub(super) fn encode(capture: &Capture, squash: Squash) -> Result<Encoded> {
    let Capture { head, after, contents, states } = capture;
    let mut adding = Adding { directory: directory_name(head.lsn), listed: vec![], files: vec![] };
    let earlier = after.as_ref().map(|saved| &*saved.manifest);
    let kept = |role: Role| -> Vec<File> {
        earlier.into_iter().flat_map(|earlier| earlier.files_of(role).cloned()).collect()
    };
    match contents {
        view::Capture::Whole(version) => {
            let batches = version.batches()?;
            for (number, batches) in pieces(&batches).into_iter().enumerate() {
                let what = (Role::Contents, Some(0), None);
                adding.add(format!("contents-{number}.parquet"), what, &head.schema, batches)?;
            }
        }
        view::Capture::Change { rows, dead } => {
            let (mut files, mut deletes) = (kept(Role::Contents), kept(Role::Deletes));
            let (mut rows, mut dead) = (rows.clone(), dead.clone());
            if let Some((earlier_rows, earlier_dead)) = squash.contents {
                // The rows keep their places.
                files.retain(|file| file.layer == Some(0));
                deletes.clear();
                rows.splice(0..0, earlier_rows);
                dead.extend(earlier_dead);
                dead.sort_unstable();
            }
            let layer = next_layer(files.iter().chain(&deletes));
            adding.listed.extend(files);
            if rows.iter().any(|batch| batch.num_rows() > 0) {
                for (number, batches) in pieces(&rows).into_iter().enumerate() {
                    let what = (Role::Contents, layer, None);
                    adding.add(format!("contents-{number}.parquet"), what, &head.schema, batches)?;
                }
            }
            let positions = positions(&adding.listed, &dead)?;
            adding.listed.extend(deletes);
            if let Some(batch) = positions {
                let what = (Role::Deletes, layer, None);
                adding.add("deletes-0.parquet".into(), what, &batch.schema(), &[batch])?;
            }
        }
    }
    // Layers that stay valid: those of parts of which no new base comes.
    let stays = |file: &File| {
        let (Some(node), Some(name), Some(_)) = (file.node, &file.name, file.layer) else { return false };
        let is_squashed = file.layer != Some(0) && squash.states.contains_key(&(node, name.clone()));
        let is_replaced = |state: &OperatorState| {
            (state.node, &state.name) == (node, name) && (state.kind != StateKind::Layer || is_squashed)
        };
        let due = after.as_ref().is_none_or(|saved| saved.wants_whole_state(node, name));
        !due && !states.iter().any(is_replaced)
    };
    let layers: Vec<File> = kept(Role::State).into_iter().filter(stays).collect();
    adding.listed.extend(layers.iter().cloned());
    for state in states {
        let own = |file: &&File| file.is_state(state.node, &state.name);
        let mut batch = state.batch.clone();
        if let (StateKind::Layer, Some(earlier)) =
            (state.kind, squash.states.get(&(state.node, state.name.clone())))
        {
            let all: Vec<RecordBatch> = earlier.iter().chain([&batch]).cloned().collect();
            batch = squash_layers(&all)?;
        }
        let layer = match state.kind {
            StateKind::Small => None,
            StateKind::Base => Some(0),
            StateKind::Layer => next_layer(layers.iter().filter(own)),
        };
        let name = state_file_name(state)?;
        let what = (Role::State, layer, Some(state));
        adding.add(name, what, &batch.schema(), std::slice::from_ref(&batch))?;
    }
    let manifest = Manifest {
        format_version: manifest::FORMAT_VERSION,
        log_id: digits(head.log_id),
        view: head.view.0,
        name: head.name.clone(),
        lsn: head.lsn,
        commit_time: head.commit_time,
        watermark: watermark_member(head.watermark),
        fingerprint: digits(head.fingerprint),
        columns: columns_of(&head.schema),
        key: head.key.clone(),
        files: adding.listed,
        crc32c: checksum_text(0),
    };
    Ok(Encoded { manifest, files: adding.files })
}

/// A list of files that grows.
struct Adding {
    directory: String,
    listed: Vec<File>,
    files: Vec<(String, Bytes)>,
}

impl Adding {
    fn add(
        &mut self,
        name: String,
        (role, layer, state): (Role, Option<u32>, Option<&OperatorState>),
        schema: &SchemaRef,
        batches: &[RecordBatch],
    ) -> Result<()> {
        let path = format!("{}/{name}", self.directory);
        if self.files.iter().any(|(other, _)| *other == path) {
            return Err(Error::internal(format!("a checkpoint has two files {path}")));
        }
        let bytes = write(schema, batches, role == Role::Contents)?;
        self.listed.push(File {
            path: path.clone(),
            role,
            layer,
            node: state.map(|state| state.node),
            name: state.map(|state| state.name.clone()),
            bytes: bytes.len() as u64,
            crc32c: checksum_text(crc32c::crc32c(&bytes)),
            rows: batches.iter().map(|batch| batch.num_rows() as u64).sum(),
        });
        self.files.push((path, bytes));
        Ok(())
    }
}

fn next_layer<'a>(files: impl Iterator<Item = &'a File>) -> Option<u32> {
    Some(files.filter_map(|file| file.layer).max().map_or(0, |layer| layer + 1))
}

/// Places as rows of a deletes file: in which file, and which row of it from 0. None when there are none.
fn positions(files: &[File], dead: &[u32]) -> Result<Option<RecordBatch>> {
    let (mut paths, mut rows) = (Vec::with_capacity(dead.len()), Vec::with_capacity(dead.len()));
    let (mut start, mut rest) = (0, dead);
    for file in files {
        let end = start + file.rows;
        let (own, after) = rest.split_at(rest.partition_point(|place| u64::from(*place) < end));
        paths.extend(std::iter::repeat_n(file.path.as_str(), own.len()));
        rows.extend(own.iter().map(|place| i64::from(*place) - start as i64));
        (start, rest) = (end, after);
    }
    if !rest.is_empty() {
        return Err(Error::internal("a row died that no file of the checkpoint has"));
    }
    if rows.is_empty() {
        return Ok(None);
    }
    let columns: Vec<ArrayRef> = vec![Arc::new(StringArray::from(paths)), Arc::new(Int64Array::from(rows))];
    Ok(Some(RecordBatch::try_new(deletes_schema(), columns)?))
}

fn deletes_schema() -> SchemaRef {
    Arc::new(Schema::new(vec![
        Field::new("file", DataType::Utf8, false),
        Field::new("position", DataType::Int64, false),
    ]))
}

/// What is wrong with which file; no file: with the manifest.
pub(super) type Damage = (Option<String>, String);

/// The view's columns and rows. `files` has the bytes of each file of the manifest, in its order; those of state are not
/// looked at. Also the places of rows that are no more.
pub(super) fn decode_contents(
    manifest: &Manifest,
    files: &[Option<Bytes>],
) -> Result<(SchemaRef, Vec<RecordBatch>, Vec<u32>), Damage> {
    let dead = dead_places(manifest, files)?;
    let mut schema: Option<SchemaRef> = None;
    let mut contents = Vec::new();
    let mut place = 0;
    for (file, bytes) in manifest.files.iter().zip(files).filter(|(file, _)| file.role == Role::Contents) {
        let (own, batches) = decode_file(file, bytes, GROUP_ROWS)?;
        if schema.get_or_insert(own.clone()) != &own {
            return Err((Some(file.path.clone()), "its columns are not those of the other files".into()));
        }
        for batch in batches {
            let living = living_rows(batch, place, &dead);
            place += living.0;
            contents.extend(living.1.map_err(|error| (Some(file.path.clone()), error.to_string()))?);
        }
    }
    let schema = schema.ok_or_else(|| (None, "no file has the view's contents".to_owned()))?;
    let names = schema.fields().iter().map(|field| field.name());
    if !names.eq(manifest.columns.iter().map(|column| &column.name)) {
        return Err((None, "its columns are not those of its files".into()));
    }
    Ok((schema, contents, dead))
}

/// The places of rows that are no more, ascending.
fn dead_places(manifest: &Manifest, files: &[Option<Bytes>]) -> Result<Vec<u32>, Damage> {
    let mut starts: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
    let mut places = 0;
    for file in manifest.files_of(Role::Contents) {
        starts.insert(&file.path, (places, file.rows));
        places += file.rows;
    }
    let mut dead = vec![];
    for (file, bytes) in manifest.files.iter().zip(files).filter(|(file, _)| file.role == Role::Deletes) {
        let damaged = |message: &str| (Some(file.path.clone()), message.to_owned());
        for batch in decode_file(file, bytes, GROUP_ROWS)?.1 {
            let names = batch.column_by_name("file").and_then(|column| column.as_string_opt::<i32>());
            let rows =
                batch.column_by_name("position").and_then(|column| column.as_primitive_opt::<Int64Type>());
            let (Some(names), Some(rows)) = (names, rows) else {
                return Err(damaged("its columns are not file and position"));
            };
            for row in 0..batch.num_rows() {
                let at = rows.value(row) as u64;
                match starts.get(names.value(row)) {
                    Some((start, rows)) if at < *rows => dead.push((start + at) as u32),
                    _ => return Err(damaged("it names a row that no file has")),
                }
            }
        }
    }
    dead.sort_unstable();
    if dead.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err((None, "a row is deleted twice".into()));
    }
    Ok(dead)
}

/// What is to be put together, of the files of a manifest (in its order; those of a base need not be there).
pub(super) fn decode_squash(
    manifest: &Manifest,
    files: &[Option<Bytes>],
    contents: bool,
    states: &[(usize, String)],
) -> Result<Squash, Damage> {
    let mut squash = Squash::default();
    let added =
        || manifest.files.iter().zip(files).filter(|(file, _)| file.layer.is_some_and(|layer| layer > 0));
    if contents {
        let mut rows = vec![];
        for (file, bytes) in added().filter(|(file, _)| file.role == Role::Contents) {
            rows.extend(decode_file(file, bytes, GROUP_ROWS)?.1);
        }
        squash.contents = Some((rows, dead_places(manifest, files)?));
    }
    for (node, name) in states {
        let mut layers: Vec<_> = added().filter(|(file, _)| file.is_state(*node, name)).collect();
        layers.sort_by_key(|(file, _)| file.layer);
        let mut batches = vec![];
        for (file, bytes) in layers {
            let (schema, read) = decode_file(file, bytes, usize::MAX)?;
            batches.push(read.into_iter().next().unwrap_or_else(|| RecordBatch::new_empty(schema)));
        }
        squash.states.insert((*node, name.clone()), batches);
    }
    Ok(squash)
}

/// The rows of a batch whose first is at a place, without the dead ones; and how many places it has.
fn living_rows(batch: RecordBatch, place: u64, dead: &[u32]) -> (u64, Result<Option<RecordBatch>>) {
    let rows = batch.num_rows();
    let from = dead.partition_point(|dead| u64::from(*dead) < place);
    let to = dead.partition_point(|dead| u64::from(*dead) < place + rows as u64);
    let living = if from == to {
        Ok((rows > 0).then_some(batch))
    } else {
        let mut mask = vec![true; rows];
        dead[from..to].iter().for_each(|dead| mask[(u64::from(*dead) - place) as usize] = false);
        match filter_record_batch(&batch, &BooleanArray::from(mask)) {
            Ok(batch) => Ok((batch.num_rows() > 0).then_some(batch)),
            Err(error) => Err(error.into()),
        }
    };
    (rows as u64, living)
}

/// The checkpoint of a manifest, which is at that path, and its files (in the manifest's order, their checksums checked).
pub(super) fn decode(
    manifest: Manifest,
    path: PathBuf,
    files: Vec<Option<Bytes>>,
) -> Result<Checkpoint, Damage> {
    let (schema, contents, dead) = decode_contents(&manifest, &files)?;
    let mut parts: BTreeMap<(usize, &str), Vec<(u32, &File, RecordBatch)>> = BTreeMap::new();
    let mut states = Vec::new();
    for (file, bytes) in manifest.files.iter().zip(&files).filter(|(file, _)| file.role == Role::State) {
        let (Some(node), Some(name)) = (file.node, &file.name) else {
            return Err((None, format!("it does not say what state {} is", file.path)));
        };
        let batch = decode_state(file, bytes)?;
        match file.layer {
            Some(layer) => parts.entry((node, name)).or_default().push((layer, file, batch)),
            None => {
                states.push(OperatorState { node, name: name.clone(), batch, kind: StateKind::Small });
            }
        }
    }
    for ((node, name), mut layers) in parts {
        layers.sort_by_key(|(layer, _, _)| *layer);
        let newest = layers.last().map(|(_, file, _)| file.path.clone());
        if layers.first().is_none_or(|(layer, _, _)| *layer != 0) {
            return Err((newest, "the base that it adds to is missing".into()));
        }
        let layers: Vec<RecordBatch> = layers.into_iter().map(|(_, _, batch)| batch).collect();
        let batch = merge_layers(&layers).map_err(|error| (newest, error.to_string()))?;
        states.push(OperatorState { node, name: name.to_owned(), batch, kind: StateKind::Base });
    }
    let number = |digits: &str| {
        u64::from_str_radix(digits, 16).map_err(|_| (None, format!("\"{digits}\" is no number")))
    };
    let head = Head {
        view: ObjectId(manifest.view),
        name: manifest.name.clone(),
        log_id: number(&manifest.log_id)?,
        lsn: manifest.lsn,
        commit_time: manifest.commit_time,
        watermark: manifest.watermark.unwrap_or(NO_WATERMARK),
        fingerprint: number(&manifest.fingerprint)?,
        schema,
        key: manifest.key.clone(),
    };
    let saved = Saved { manifest: Arc::new(manifest), path };
    Ok(Checkpoint { head, contents, states, dead, saved })
}

/// A part of a state, or a layer of one.
pub(super) fn decode_state(file: &File, bytes: &Option<Bytes>) -> Result<RecordBatch, Damage> {
    let (schema, batches) = decode_file(file, bytes, usize::MAX)?;
    Ok(batches.into_iter().next().unwrap_or_else(|| RecordBatch::new_empty(schema)))
}

fn decode_file(
    file: &File,
    bytes: &Option<Bytes>,
    batch_rows: usize,
) -> Result<(SchemaRef, Vec<RecordBatch>), Damage> {
    let damaged = |message: String| (Some(file.path.clone()), message);
    let bytes = bytes.clone().ok_or_else(|| damaged("it was not read".into()))?;
    let (schema, batches) = read(bytes, batch_rows).map_err(|error| damaged(error.to_string()))?;
    let rows: u64 = batches.iter().map(|batch| batch.num_rows() as u64).sum();
    if rows != file.rows {
        return Err(damaged(format!("it has {rows} rows and should have {}", file.rows)));
    }
    Ok((schema, batches))
}

impl Manifest {
    /// What there is to say about the checkpoint, whose manifest is at that path.
    pub(super) fn info(&self, path: &Path) -> CheckpointInfo {
        let rows = |role: Role| -> u64 { self.files_of(role).map(|file| file.rows).sum() };
        let written: Vec<&File> = self.files.iter().filter(|file| self.wrote(file)).collect();
        CheckpointInfo {
            view: ObjectId(self.view),
            name: self.name.clone(),
            lsn: self.lsn,
            commit_time: self.commit_time,
            rows: rows(Role::Contents).saturating_sub(rows(Role::Deletes)),
            files: self.files.len(),
            bytes: self.files.iter().map(|file| file.bytes).sum(),
            written_files: written.len(),
            written_bytes: written.iter().map(|file| file.bytes).sum(),
            written_rows: written.iter().map(|file| file.rows).sum(),
            base: written.iter().any(|file| file.role == Role::Contents && file.layer == Some(0)),
            path: path.display().to_string(),
        }
    }
}

/// `state-<node>-<name>.parquet`.
fn state_file_name(state: &OperatorState) -> Result<String> {
    let plain = |character: char| character.is_ascii_alphanumeric() || "_-".contains(character);
    if state.name.is_empty() || !state.name.chars().all(plain) {
        return Err(Error::internal(format!("\"{}\" is no name for a part of a state", state.name)));
    }
    Ok(format!("state-{}-{}.parquet", state.node, state.name))
}

/// The batches of each file: at least one file.
fn pieces(batches: &[RecordBatch]) -> Vec<&[RecordBatch]> {
    let mut pieces = Vec::new();
    let (mut start, mut rows) = (0, 0);
    for (at, batch) in batches.iter().enumerate() {
        if rows > 0 && rows + batch.num_rows() > FILE_ROWS {
            pieces.push(&batches[start..at]);
            (start, rows) = (at, 0);
        }
        rows += batch.num_rows();
    }
    pieces.push(&batches[start..]);
    pieces
}
