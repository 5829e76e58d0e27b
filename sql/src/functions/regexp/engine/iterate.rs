//! How a match is divided among the repetitions of one part.

use super::dissect::Execution;
use super::tree::Node;
use crate::error::SqlResult;

/// The least and the greatest number of repetitions.
pub type Bounds = (u32, Option<u32>);

impl Execution<'_> {
    fn characters(&self, begin: usize, end: usize) -> usize {
        self.text[begin..end].chars().count()
    }

    /// The least and the greatest number of repetitions to be tried; none at all is not among them.
    fn repetitions(&self, bounds: Bounds, begin: usize, end: usize) -> (usize, usize) {
        let (min, max) = (bounds.0.max(1) as usize, bounds.1.map_or(usize::MAX, |max| max as usize));
        // Repetitions of the empty text are counted only where there must be more than there are characters.
        (min, max.min(self.characters(begin, end)).max(min))
    }

    /// Whether the k-th repetition may be empty, having started at `place`.
    fn may_be_empty(&self, k: usize, min: usize, place: usize, end: usize) -> bool {
        k < min && min - k >= self.characters(place, end)
    }

    /// Dissects the repetitions that are not verified yet; how many are in the end.
    fn verify(&mut self, part: &Node, ends: &[usize], mut verified: usize) -> SqlResult<usize> {
        while verified + 1 < ends.len() {
            self.forget_groups_of(part);
            if !self.dissect(part, ends[verified], ends[verified + 1])? {
                break;
            }
            verified += 1;
        }
        Ok(verified)
    }

    /// The empty text is preferably one empty repetition, so that the groups in it are empty, not NULL.
    pub fn iterate_longer(
        &mut self,
        part: &Node,
        bounds: Bounds,
        begin: usize,
        end: usize,
    ) -> SqlResult<bool> {
        if self.some_longer(part, bounds, begin, end)? {
            return Ok(true);
        }
        self.forget_groups_of(part);
        Ok(bounds.0 == 0 && begin == end)
    }

    fn some_longer(&mut self, part: &Node, bounds: Bounds, begin: usize, end: usize) -> SqlResult<bool> {
        let (min, max) = self.repetitions(bounds, begin, end);
        // Where the repetitions end; the first number is where the first starts.
        let mut ends = vec![begin];
        let mut verified = 0;
        let mut limit = end;
        loop {
            let k = ends.len();
            let start = ends[k - 1];
            match self.longest(part.automaton, start, limit)? {
                None => {}
                Some(reached) => {
                    verified = verified.min(k - 1);
                    ends.push(reached);
                    if reached != end {
                        if k >= max {
                            ends.pop();
                        } else if reached != start || self.may_be_empty(k, min, reached, end) {
                            limit = end;
                            continue;
                        }
                    } else if k >= min {
                        verified = self.verify(part, &ends, verified)?;
                        if verified == k {
                            return Ok(true);
                        }
                    }
                }
            }
            // The last repetition, or one before it, must be shorter.
            loop {
                let k = ends.len() - 1;
                if k == 0 {
                    return Ok(false);
                }
                let (start, reached) = (ends[k - 1], ends[k]);
                ends.pop();
                if reached > start {
                    limit = self.before(reached);
                    if limit > start || self.may_be_empty(k, min, start, end) {
                        break;
                    }
                }
            }
        }
    }

    /// The empty text is no repetition, where there need be none.
    pub fn iterate_shorter(
        &mut self,
        part: &Node,
        bounds: Bounds,
        begin: usize,
        end: usize,
    ) -> SqlResult<bool> {
        if bounds.0 == 0 && begin == end {
            return Ok(true);
        }
        let (min, max) = self.repetitions(bounds, begin, end);
        let mut ends = vec![begin];
        let mut verified = 0;
        let mut least = begin;
        loop {
            let k = ends.len();
            let start = ends[k - 1];
            if least == start && least != end && !self.may_be_empty(k, min, least, end) {
                least = self.after(least);
            }
            if k >= max {
                least = end;
            }
            if let Some(reached) = self.shortest(part.automaton, start, least, end)? {
                verified = verified.min(k - 1);
                ends.push(reached);
                if reached != end {
                    if k < max {
                        least = reached;
                        continue;
                    }
                    ends.pop();
                } else if k >= min {
                    verified = self.verify(part, &ends, verified)?;
                    if verified == k {
                        return Ok(true);
                    }
                }
            }
            // The last repetition, or one before it, must be longer.
            loop {
                let k = ends.len() - 1;
                if k == 0 {
                    return Ok(false);
                }
                let reached = ends[k];
                ends.pop();
                if reached < end {
                    least = self.after(reached);
                    break;
                }
            }
        }
    }
}
