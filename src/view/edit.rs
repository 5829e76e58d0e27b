//! What a step does to the columns and the index, worked out by what identifies a row.

use super::changes::{ChangeOp, ChangeRows};
use super::columns::{Columns, Slot};
use super::index::{Index, KeyHash, RowEncoder};
use super::step::{Groups, KeyedNet, Step, added, net_weight};
use crate::{Error, Result};

/// Rows that go, by slot, and rows that come, by index into the step's batch.
#[derive(Debug, Default)]
pub(super) struct Edit {
    /// Slots of rows that die.
    pub killed: Vec<Slot>,
    /// Rows to append.
    pub rows: Vec<u32>,
    /// How often each of them counts; absent: once.
    pub weights: Option<Vec<i64>>,
    /// The handle of each of them; empty without an index.
    pub handles: Vec<u32>,
    /// The net change, if it is wanted.
    pub changes: Option<ChangeRows>,
}

impl Edit {
    fn new(wanted: bool) -> Self {
        Self { changes: wanted.then(ChangeRows::default), ..Self::default() }
    }

    fn change(&mut self, op: ChangeOp, row: u32) {
        if let Some(changes) = &mut self.changes {
            changes.push(op, row);
        }
    }
}

/// A view whose rows have no identity: they only come.
pub(super) fn append(step: &Step, wanted: bool) -> Result<Edit> {
    let mut edit = Edit::new(wanted);
    edit.rows = (0..step.batch.num_rows() as u32).collect();
    if let Some(weights) = &step.weights {
        if weights.iter().any(|weight| *weight < 0) {
            return Err(Error::internal("a row of an append-only view is taken back"));
        }
        edit.rows.retain(|row| weights[*row as usize] > 0);
        edit.weights = Some(edit.rows.iter().map(|row| weights[*row as usize]).collect());
    }
    if wanted {
        for row in 0..step.batch.num_rows() as u32 {
            (0..step.weight(row as usize)).for_each(|_| edit.change(ChangeOp::Insert, row));
        }
    }
    Ok(edit)
}

/// A view with a key, and a step in which rows only come.
pub(super) fn insert(
    step: &Step,
    hashes: &[KeyHash],
    key: &RowEncoder,
    index: &mut Index,
    wanted: bool,
) -> Result<Edit> {
    let mut edit = Edit::new(wanted);
    edit.rows = (0..hashes.len() as u32).collect();
    edit.handles.reserve(hashes.len());
    for (row, hash) in hashes.iter().enumerate() {
        let handle = index.insert(*hash).ok_or_else(|| alive(step, key, row))?;
        edit.handles.push(handle);
        edit.change(ChangeOp::Insert, row as u32);
    }
    Ok(edit)
}

/// A view with a key.
pub(super) fn replace(
    step: &Step,
    hashes: &[KeyHash],
    key: &RowEncoder,
    values: &RowEncoder,
    index: &mut Index,
    wanted: bool,
) -> Result<Edit> {
    let groups = Groups::new(hashes);
    let net = KeyedNet::new(step, &groups, key, values)?;
    let mut edit = Edit::new(wanted);
    for group in 0..groups.len() {
        let hash = groups.hash(group);
        let left = net.net(group)?;
        match (left.old, left.new) {
            (None, None) => {}
            (Some(old), None) => {
                let slot = index.remove(hash).ok_or_else(|| absent(step, key, old as usize))?;
                edit.killed.push(slot);
                edit.change(ChangeOp::Delete, old);
            }
            (None, Some(new)) => {
                let handle = index.insert(*hash).ok_or_else(|| alive(step, key, new as usize))?;
                edit.rows.push(new);
                edit.handles.push(handle);
                edit.change(ChangeOp::Insert, new);
            }
            (Some(old), Some(new)) => {
                let (handle, slot) = index.find(hash).ok_or_else(|| absent(step, key, old as usize))?;
                edit.killed.push(slot);
                edit.rows.push(new);
                edit.handles.push(handle);
                edit.change(ChangeOp::UpdateBefore, old);
                edit.change(ChangeOp::UpdateAfter, new);
            }
        }
    }
    Ok(edit)
}

/// A view whose rows are identified by all their columns and count. A row that counts anew is a new row.
pub(super) fn count(
    step: &Step,
    hashes: &[KeyHash],
    row: &RowEncoder,
    columns: &Columns,
    index: &mut Index,
    wanted: bool,
) -> Result<Edit> {
    let groups = Groups::new(hashes);
    let mut edit = Edit::new(wanted);
    let mut weights = Vec::new();
    for group in 0..groups.len() {
        let hash = groups.hash(group);
        let net = net_weight(step, &groups, group)?;
        if net == 0 {
            continue;
        }
        let first = groups.first(group);
        let there = index.find(hash);
        let after = added(there.map_or(0, |(_, slot)| columns.weight(slot)), net)?;
        if after < 0 {
            return Err(absent(step, row, first as usize));
        }
        if let Some((_, slot)) = there {
            edit.killed.push(slot);
        }
        if after == 0 {
            index.remove(hash);
        } else {
            let handle = match there {
                Some((handle, _)) => handle,
                None => index.insert(*hash).ok_or_else(|| alive(step, row, first as usize))?,
            };
            edit.rows.push(first);
            edit.handles.push(handle);
            weights.push(after);
        }
        if wanted {
            let op = if net > 0 { ChangeOp::Insert } else { ChangeOp::Delete };
            (0..net.unsigned_abs()).for_each(|_| edit.change(op, first));
        }
    }
    edit.weights = weights.iter().any(|weight| *weight != 1).then_some(weights);
    Ok(edit)
}

fn alive(step: &Step, key: &RowEncoder, row: usize) -> Error {
    let key = key.describe(&step.batch, row);
    Error::internal(format!("view row {key} is inserted while there is one"))
}

fn absent(step: &Step, key: &RowEncoder, row: usize) -> Error {
    let key = key.describe(&step.batch, row);
    Error::internal(format!("view row {key} is taken back and is not there"))
}
