//! Where a view's rows are in the files of its newest checkpoint.
//!
//! ```text
//!  files     contents-0 of LSN 100 │ contents-0 of LSN 200 │ …      rows of all files, one after another,
//!  places    0 1 2 3 4 5 6 7 8 9 10│11 12 13               │          are numbered from 0: their places
//!  order     chunk: 0 1 2 5 6 · · 9 10 11 │ chunk: 12 13 new new     rows stand in the order in which they came
//! ```
//!
//! Rows never change their order, in the columns or in the files. So the rows that files have are a prefix of all
//! rows, the new ones are the rest, and a chunk needs to know but how many of its first rows have places, and which: two
//! numbers where they are consecutive, four bytes a row where some between them died. A row that counts n times is n
//! rows of a file, with consecutive places.
//!
//! A new base numbers anew, and a base is due when files have more than twice the rows of the last one: places fit 32
//! bits for views of two billion rows. Beyond that nothing is tracked, and each checkpoint is a base.

/// The places of the first rows of a chunk.
#[derive(Debug, Clone, Default)]
pub(super) struct Places {
    /// How many rows, the first ones, have a place.
    pub rows: usize,
    first: u32,
    /// One a row; absent: consecutive from the first.
    each: Option<Vec<u32>>,
}

impl Places {
    /// The first place of a row; None for one that no file has.
    pub fn of(&self, row: usize) -> Option<u32> {
        (row < self.rows).then(|| match &self.each {
            Some(each) => each[row],
            None => self.first + row as u32,
        })
    }

    /// Gives the next row a place.
    pub fn push(&mut self, place: u32) {
        if self.rows == 0 {
            self.first = place;
        }
        if self.each.is_none() && self.first as u64 + self.rows as u64 != u64::from(place) {
            self.each = Some((self.first..self.first + self.rows as u32).collect());
        }
        if let Some(each) = &mut self.each {
            each.push(place);
        }
        self.rows += 1;
    }

    /// Gives the next rows consecutive places.
    pub fn push_range(&mut self, first: u32, rows: usize) {
        if self.rows == 0 {
            *self = Self { rows, first, each: None };
        } else if self.each.is_none() && self.first as u64 + self.rows as u64 == u64::from(first) {
            self.rows += rows;
        } else {
            (first..first + rows as u32).for_each(|place| self.push(place));
        }
    }

    /// Whether the places of all rows are consecutive.
    pub fn are_consecutive(&self) -> bool {
        self.each.is_none()
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.each.as_ref().map_or(0, |each| each.capacity() * size_of::<u32>())
    }
}

/// Hands out the places of living rows, in order.
#[derive(Debug)]
pub(super) struct LivingPlaces<'a> {
    next: u64,
    /// Ascending.
    dead: &'a [u32],
}

impl<'a> LivingPlaces<'a> {
    /// The places from one on, without the dead ones.
    pub fn new(first: u64, dead: &'a [u32]) -> Self {
        Self { next: first, dead }
    }

    /// The first of that many places, which must be consecutive; None when they are not.
    pub fn take(&mut self, count: u64) -> Option<u32> {
        while self.dead.first().is_some_and(|dead| u64::from(*dead) == self.next) {
            self.dead = &self.dead[1..];
            self.next += 1;
        }
        let first = self.next;
        self.next += count;
        let whole = self.dead.first().is_none_or(|dead| u64::from(*dead) >= self.next);
        (whole && self.next <= u64::from(u32::MAX)).then_some(first as u32)
    }

    /// Whether that many consecutive places come next.
    pub fn has_run(&mut self, count: u64) -> bool {
        let (next, dead) = (self.next, self.dead);
        let has = self.take(count).is_some();
        (self.next, self.dead) = (next, dead);
        has
    }

    /// The place after the last that was handed out, dead ones passed over.
    pub fn end(&mut self) -> u64 {
        while self.dead.first().is_some_and(|dead| u64::from(*dead) == self.next) {
            self.dead = &self.dead[1..];
            self.next += 1;
        }
        self.next
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_two_numbers_until_one_is_missing() {
        let mut places = Places::default();
        places.push_range(3, 4);
        places.push(7);
        assert!(places.are_consecutive());
        places.push(9);
        places.push_range(20, 2);
        let all: Vec<u32> = (0..places.rows).filter_map(|row| places.of(row)).collect();
        assert_eq!(all, [3, 4, 5, 6, 7, 9, 20, 21]);
        assert_eq!(places.of(8), None);
    }

    #[test]
    fn living_places_pass_over_the_dead() {
        let mut living = LivingPlaces::new(0, &[0, 3, 4, 9]);
        assert_eq!((living.take(1), living.take(1), living.take(1)), (Some(1), Some(2), Some(5)));
        assert!(living.has_run(3) && !living.has_run(4));
        assert_eq!((living.take(3), living.end()), (Some(6), 10));
        assert_eq!(living.take(2), Some(10));
    }
}
