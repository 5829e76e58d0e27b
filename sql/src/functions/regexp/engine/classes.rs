//! The characters told apart by a pattern: all that stand in the same of its sets are one class.
//!
//! An automaton has one transition for each class, not for each character.

use std::collections::HashMap;

use super::TOO_COMPLEX;
use super::charset::{self, Class, Ranges};

/// What a place's neighbour is, as far as assertions ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Neighbour {
    /// There is none: the text starts or ends.
    Edge,
    /// A line feed.
    Newline,
    /// A letter, a digit or an underscore.
    Word,
    /// Any other character, or one that nothing asks about.
    Other,
}

/// How many kinds of neighbours there are.
pub const NEIGHBOURS: usize = 4;

/// The classes of a pattern.
#[derive(Debug)]
pub struct Classes {
    ascii: [u16; 128],
    /// The first characters of intervals, and the intervals' classes.
    starts: Vec<u32>,
    interval_classes: Vec<u16>,
    /// For each class what it is as a neighbour.
    neighbours: Vec<Neighbour>,
    /// For each set of the pattern one bit for each class.
    members: Vec<Box<[u64]>>,
    /// Whether neighbours matter.
    asserts: bool,
}

/// Bytes that the bits of the sets may take.
const MEMBER_BYTES: usize = 4 << 20;

impl Classes {
    /// The classes of sets; `asserts` says whether the pattern has assertions.
    pub fn new(sets: &[Ranges], asserts: bool) -> Result<Classes, &'static str> {
        let word = charset::class(Class::Word, false);
        let newline = [(0x0a, 0x0a)];
        // The two sets of assertions stand after those of the pattern.
        let mut all: Vec<&[(u32, u32)]> = sets.iter().map(Vec::as_slice).collect();
        if asserts {
            all.extend([&word[..], &newline[..]]);
        }
        let mut events: Vec<(u32, usize)> = vec![];
        for (set, ranges) in all.iter().enumerate() {
            for &(first, last) in *ranges {
                events.push((first, set));
                events.push((last.saturating_add(1), set));
            }
        }
        events.sort_unstable();

        let mut classes = Classes {
            ascii: [0; 128],
            starts: vec![0],
            interval_classes: vec![],
            neighbours: vec![],
            members: vec![],
            asserts,
        };
        let mut signatures: HashMap<Vec<usize>, u16> = HashMap::new();
        let mut by_class: Vec<Vec<usize>> = vec![];
        let mut inside: Vec<usize> = vec![];
        let mut class_of = |inside: &[usize], by_class: &mut Vec<Vec<usize>>| -> Result<u16, &'static str> {
            if let Some(class) = signatures.get(inside) {
                return Ok(*class);
            }
            let class = u16::try_from(by_class.len()).map_err(|_| TOO_COMPLEX)?;
            signatures.insert(inside.to_vec(), class);
            by_class.push(inside.to_vec());
            Ok(class)
        };
        let mut events = events.into_iter().peekable();
        loop {
            let start = classes.starts.last().copied().unwrap_or(0);
            while let Some((_, set)) = events.next_if(|(place, _)| *place == start) {
                // A set's events alternate: in, out.
                match inside.binary_search(&set) {
                    Ok(index) => drop(inside.remove(index)),
                    Err(index) => inside.insert(index, set),
                }
            }
            classes.interval_classes.push(class_of(&inside, &mut by_class)?);
            match events.peek() {
                Some((place, _)) => classes.starts.push(*place),
                None => break,
            }
        }

        let count = by_class.len();
        let words = count.div_ceil(64);
        if sets.len().saturating_mul(words) > MEMBER_BYTES / 8 {
            return Err(TOO_COMPLEX);
        }
        classes.members = vec![vec![0; words].into_boxed_slice(); sets.len()];
        for (class, signature) in by_class.iter().enumerate() {
            for &set in signature.iter().filter(|set| **set < sets.len()) {
                classes.members[set][class / 64] |= 1 << (class % 64);
            }
            classes.neighbours.push(if signature.contains(&(sets.len() + 1)) {
                Neighbour::Newline
            } else if signature.contains(&sets.len()) {
                Neighbour::Word
            } else {
                Neighbour::Other
            });
        }
        for number in 0..128_u32 {
            classes.ascii[number as usize] = classes.search(number);
        }
        Ok(classes)
    }

    fn search(&self, number: u32) -> u16 {
        let interval = self.starts.partition_point(|start| *start <= number);
        self.interval_classes[interval.saturating_sub(1)]
    }

    /// The class of a character.
    #[inline]
    pub fn of(&self, character: char) -> u16 {
        match self.ascii.get(character as usize) {
            Some(class) => *class,
            None => self.search(u32::from(character)),
        }
    }

    /// Number of classes.
    pub fn count(&self) -> usize {
        self.neighbours.len()
    }

    /// Whether a set has the characters of a class.
    #[inline]
    pub fn contains(&self, set: usize, class: u16) -> bool {
        let class = usize::from(class);
        self.members[set][class / 64] & (1 << (class % 64)) != 0
    }

    /// What a class is as a neighbour.
    pub fn neighbour(&self, class: u16) -> Neighbour {
        self.neighbours[usize::from(class)]
    }

    /// What a character, or the text's edge, is as a neighbour.
    pub fn neighbour_of(&self, character: Option<char>) -> Neighbour {
        match character {
            _ if !self.asserts => Neighbour::Other,
            Some(character) => self.neighbour(self.of(character)),
            None => Neighbour::Edge,
        }
    }

    /// What the text's end is as a neighbour.
    pub fn edge(&self) -> Neighbour {
        self.neighbour_of(None)
    }

    /// Bytes of memory held.
    pub fn size(&self) -> usize {
        let members: usize = self.members.iter().map(|bits| 8 * bits.len() + 16).sum();
        size_of::<Self>() + 6 * self.starts.len() + self.neighbours.len() + members
    }
}
