//! Which groups of a table a checkpoint has not stored as they are now.
//!
//! A checkpoint stores the groups that changed since the one before, and the keys of those that are gone. Until a table
//! is stored for the first time nothing is tracked: all of it is new, and a flow that is never checkpointed pays nothing.

use arrow::array::ArrayRef;

/// More gone groups than this, and than the table has, are not remembered one by one.
const GONE_GROUPS: usize = 1 << 16;

/// What has changed in a table since it was stored.
#[derive(Debug, Default)]
pub(crate) struct Unsaved {
    /// A checkpoint has rows of the table, or may have.
    stored: bool,
    /// Only what is noted here has changed.
    tracked: bool,
    /// One bit a group, lowest first; short where no later group has changed.
    changed: Vec<u64>,
    /// Keys of groups that are gone.
    gone: Vec<(usize, Vec<ArrayRef>)>,
    gone_groups: usize,
}

impl Unsaved {
    /// Whether changes have to be noted.
    pub(crate) fn is_tracked(&self) -> bool {
        self.tracked
    }

    /// Whether a checkpoint may have rows of the table.
    pub(crate) fn is_stored(&self) -> bool {
        self.stored
    }

    /// Whether all of the table has to be stored in the place of what is stored of it.
    pub(crate) fn replaces(&self) -> bool {
        self.stored && !self.tracked
    }

    /// Notes a change of a group.
    #[inline(always)]
    pub(crate) fn note(&mut self, group: usize) {
        let word = group / 64;
        if word >= self.changed.len() {
            self.changed.resize(word + 1, 0);
        }
        self.changed[word] |= 1 << (group % 64);
    }

    /// Whether a change of the group was noted.
    pub(crate) fn has(&self, group: usize) -> bool {
        self.changed.get(group / 64).is_some_and(|word| word >> (group % 64) & 1 == 1)
    }

    /// The groups whose change was noted, ascending.
    pub(crate) fn groups(&self) -> Vec<usize> {
        let mut groups = vec![];
        for (index, word) in self.changed.iter().enumerate() {
            let mut word = *word;
            while word != 0 {
                groups.push(index * 64 + word.trailing_zeros() as usize);
                word &= word - 1;
            }
        }
        groups
    }

    /// Notes that groups are gone, by their keys. `left` groups are still there.
    pub(crate) fn note_gone(&mut self, count: usize, keys: Vec<ArrayRef>, left: usize) {
        if !self.tracked || count == 0 {
            return;
        }
        self.gone_groups += count;
        self.gone.push((count, keys));
        if self.gone_groups > GONE_GROUPS.max(left) {
            *self = Self { stored: true, ..Self::default() };
        }
    }

    /// The keys of groups that are gone, batch by batch.
    pub(crate) fn gone(&self) -> &[(usize, Vec<ArrayRef>)] {
        &self.gone
    }

    /// Groups have new numbers: element i of `order` is the old number of the new group i.
    pub(crate) fn renumber(&mut self, order: &[usize]) {
        if !self.tracked {
            return;
        }
        let before = std::mem::take(&mut self.changed);
        let changed =
            |group: &usize| before.get(group / 64).is_some_and(|word| word >> (group % 64) & 1 == 1);
        for (group, old) in order.iter().enumerate() {
            if changed(old) {
                self.note(group);
            }
        }
    }

    /// Everything is stored as it is now.
    pub(crate) fn saved(&mut self) {
        *self = Self { stored: true, tracked: true, ..Self::default() };
    }

    /// Bytes held.
    pub(crate) fn bytes(&self) -> usize {
        let keys = self.gone.iter().flat_map(|(_, keys)| keys);
        self.changed.capacity() * 8 + keys.map(|key| key.get_array_memory_size()).sum::<usize>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_kept_through_new_numbers() {
        let mut unsaved = Unsaved::default();
        assert!(!unsaved.is_tracked() && !unsaved.replaces());
        unsaved.saved();
        [3, 64, 200].into_iter().for_each(|group| unsaved.note(group));
        assert_eq!(unsaved.groups(), [3, 64, 200]);
        unsaved.renumber(&[200, 1, 3, 65]);
        assert_eq!(unsaved.groups(), [0, 2]);
        assert!(unsaved.has(2) && !unsaved.has(1) && !unsaved.has(1000));
    }

    #[test]
    fn too_many_gone_groups_make_the_table_be_stored_anew() {
        let mut unsaved = Unsaved::default();
        unsaved.saved();
        unsaved.note_gone(GONE_GROUPS, vec![], 0);
        assert!(!unsaved.replaces());
        unsaved.note_gone(1, vec![], 0);
        assert!(unsaved.replaces() && unsaved.gone().is_empty());
        unsaved.saved();
        assert!(!unsaved.replaces());
    }
}
