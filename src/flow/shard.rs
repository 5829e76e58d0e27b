//! Shards: an aggregate's groups are spread over shards by a hash of their keys, and a step runs them fork-join on
//! the thread pool that it was called on. Small steps run where they are: a fork costs more than a few rows.

use arrow::array::{ArrayRef, UInt32Array};
use datafusion::common::hash_utils::{RandomState, create_hashes};
use rayon::prelude::*;

use super::delta::Delta;
use crate::Result;

/// Rows of a block: their keys, arguments and groups fit the second-level cache.
const BLOCK_ROWS: usize = 64 * 1024;

/// Fewer rows than this are not worth a fork.
const FORK_ROWS: usize = 4096;

/// Not the seed of `GroupValues`, whose tables would have long collision chains if a shard held only hashes of a kind.
const SEED: RandomState = RandomState::with_seed(0x6d69_6c6c);

/// The shard of each row by its keys.
pub(crate) fn shards_of(keys: &[ArrayRef], rows: usize, shards: usize) -> Result<Vec<u32>> {
    Ok(hashes(keys, rows)?.into_iter().map(|hash| shard_of(hash, shards)).collect())
}

/// The rows of each shard by their keys, ascending.
pub(crate) fn rows_by_shard(keys: &[ArrayRef], rows: usize, shards: usize) -> Result<Vec<UInt32Array>> {
    let hashes = hashes(keys, rows)?;
    let rows_of = |shard: u32| {
        // Without a branch on the hash, which no processor predicts.
        let mut chosen = vec![0; rows];
        let mut count = 0;
        for (row, hash) in hashes.iter().enumerate() {
            chosen[count] = row as u32;
            count += usize::from(shard_of(*hash, shards) == shard);
        }
        chosen.truncate(count);
        UInt32Array::from(chosen)
    };
    Ok((0..shards as u32).map(rows_of).collect())
}

fn hashes(keys: &[ArrayRef], rows: usize) -> Result<Vec<u64>> {
    let mut hashes = vec![0; rows];
    create_hashes(keys, &SEED, &mut hashes)?;
    Ok(hashes)
}

fn shard_of(hash: u64, shards: usize) -> u32 {
    (((hash >> 32) * shards as u64) >> 32) as u32
}

/// Deltas in blocks, in order, that fit a core's cache: what one stage makes of a block the next takes while it is
/// warm.
pub(crate) fn blocks(deltas: Vec<Delta>) -> Vec<Vec<Delta>> {
    let mut blocks = vec![];
    let (mut block, mut rows) = (vec![], 0);
    for delta in deltas {
        rows += delta.num_rows();
        block.push(delta);
        if rows >= BLOCK_ROWS {
            blocks.push(std::mem::take(&mut block));
            rows = 0;
        }
    }
    blocks.push(block);
    blocks
}

/// Runs `work` on each shard with its part of the input. Results are in the order of the shards.
pub(crate) fn each_shard<S: Send, I: Send, R: Send>(
    shards: &mut [S],
    inputs: Vec<I>,
    rows: usize,
    work: impl Fn(&mut S, I) -> Result<R> + Sync,
) -> Result<Vec<R>> {
    if shards.len() > 1 && rows >= FORK_ROWS {
        shards.par_iter_mut().zip(inputs).map(|(shard, input)| work(shard, input)).collect()
    } else {
        shards.iter_mut().zip(inputs).map(|(shard, input)| work(shard, input)).collect()
    }
}

/// Runs `work` on each item, on several threads when there are `shards` and enough rows. Results are in order.
pub(crate) fn each_item<I: Send, R: Send>(
    items: Vec<I>,
    rows: usize,
    shards: usize,
    work: impl Fn(I) -> Result<R> + Sync + Send,
) -> Result<Vec<R>> {
    if shards > 1 && items.len() > 1 && rows >= FORK_ROWS {
        items.into_par_iter().map(work).collect()
    } else {
        items.into_iter().map(work).collect()
    }
}
