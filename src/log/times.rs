//! The commit time of each LSN: one entry a frame, 8 bytes.

use super::Lsn;

/// Entries of a block: it is found by binary search, then its entry.
const BLOCK_ENTRIES: usize = 4096;

/// Commit times by LSN, never falling.
#[derive(Debug, Default)]
pub(super) struct CommitTimes {
    blocks: Vec<Block>,
    /// From this commit on each time is the commit's own; before, some are answered too early.
    exact_from: Lsn,
}

#[derive(Debug)]
struct Block {
    first_lsn: Lsn,
    first_time: i64,
    /// (LSN, time) from the block's first.
    entries: Vec<(u32, u32)>,
}

impl CommitTimes {
    /// Notes that the commits from this LSN on have this time. LSNs rise, times never fall.
    pub fn push(&mut self, lsn: Lsn, time: i64) {
        if let Some(block) = self.blocks.last_mut().filter(|block| block.entries.len() < BLOCK_ENTRIES) {
            let delta = (u32::try_from(lsn - block.first_lsn), u32::try_from(time - block.first_time));
            if let (Ok(lsn), Ok(time)) = delta {
                if block.entries.last().is_none_or(|last| last.1 != time) {
                    block.entries.push((lsn, time));
                }
                return;
            }
        }
        self.blocks.push(Block { first_lsn: lsn, first_time: time, entries: vec![(0, 0)] });
    }

    /// The time of a commit; `None` before the first.
    pub fn at(&self, lsn: Lsn) -> Option<i64> {
        let block = &self.blocks[..self.blocks.partition_point(|block| block.first_lsn <= lsn)].last()?;
        let delta = lsn - block.first_lsn;
        let entry = block.entries.partition_point(|entry| u64::from(entry.0) <= delta) - 1;
        Some(block.first_time + i64::from(block.entries[entry].1))
    }

    /// The commit from which on each time is exact.
    pub fn exact_from(&self) -> Lsn {
        self.exact_from
    }

    /// Notes that not all commits before this one were told; its own time was.
    pub fn note_exact_from(&mut self, lsn: Lsn) {
        self.exact_from = self.exact_from.max(lsn);
    }

    /// Keeps one entry a block of the commits before an LSN: their times are answered too early from now on, by as much
    /// as the block is long.
    pub fn thin(&mut self, lsn: Lsn) {
        let old = self.blocks.partition_point(|block| block.first_lsn <= lsn).saturating_sub(1);
        for block in &mut self.blocks[..old] {
            if block.entries.len() > 1 {
                block.entries = vec![(0, 0)];
            }
        }
        if let Some(first_whole) = self.blocks.get(old).filter(|_| old > 0) {
            self.exact_from = self.exact_from.max(first_whole.first_lsn);
        }
    }

    /// The newest commit whose time is at most this; 0 if there is none.
    pub fn through(&self, time: i64) -> Lsn {
        let block = self.blocks.partition_point(|block| block.first_time <= time);
        let next = self.blocks.get(block).map(|block| block.first_lsn);
        let Some(last) = block.checked_sub(1).map(|last| &self.blocks[last]) else { return 0 };
        let after = last.entries.iter().find(|entry| last.first_time + i64::from(entry.1) > time);
        match after {
            Some((lsn, _)) => last.first_lsn + u64::from(*lsn) - 1,
            None => next.map_or(Lsn::MAX, |next| next - 1),
        }
    }

    /// The newest time.
    pub fn last(&self) -> Option<i64> {
        let block = self.blocks.last()?;
        Some(block.first_time + i64::from(block.entries.last()?.1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_lsn_has_the_time_of_the_frame_it_is_in() {
        let mut times = CommitTimes::default();
        assert_eq!(times.at(1), None);
        let frames: Vec<(Lsn, i64)> =
            (0..10_000u64).map(|i| (1 + i * 3, i as i64 * if i < 5000 { 1 } else { 1_000_000 })).collect();
        frames.iter().for_each(|(lsn, time)| times.push(*lsn, *time));
        for (lsn, time) in frames {
            assert_eq!((times.at(lsn), times.at(lsn + 2)), (Some(time), Some(time)));
        }
        assert_eq!(times.at(0), None);
        assert_eq!((times.through(-1), times.through(0), times.through(1)), (0, 3, 6));
        assert_eq!(times.through(i64::MAX), Lsn::MAX);
        times.thin(20_000);
        assert_eq!((times.at(1), times.at(12_200)), (Some(0), Some(0)));
        assert_eq!(times.at(29_998), Some(9999 * 1_000_000));
        assert_eq!(times.last(), Some(9999 * 1_000_000));
    }
}
