//! A program followed in all ways at once, character by character.
//!
//! A state is the set of instructions that come next, not yet followed through jumps and assertions, for
//! these may depend on the character that comes next. A step follows them, says whether a match ends here,
//! and takes the character. Steps are remembered, so that most of them are one look into a table.

use std::collections::HashMap;

use super::classes::{Classes, NEIGHBOURS, Neighbour};
use super::program::{Instruction, Program};
use super::tree::Assertion;
use crate::error::SqlResult;

/// The state from which nothing matches any more.
pub const DEAD: u32 = 0;
/// A step that was not made yet.
const UNKNOWN: u32 = u32::MAX;
/// Bytes that the states may take before they are thrown away.
const STATE_BYTES: usize = 1 << 20;

/// What decides lookarounds: the number of one, and whether it holds where the step is made.
pub type Decide<'a> = &'a mut dyn FnMut(usize) -> SqlResult<bool>;

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct State {
    /// The instructions that come next, sorted.
    next: Box<[u32]>,
    /// What stands before.
    before: Neighbour,
}

/// A program with the states made so far.
#[derive(Debug)]
pub struct Automaton {
    program: Program,
    /// Whether it starts anew at every character.
    floating: bool,
    /// Steps of a state: one for each class of characters, and one for the end of the text.
    stride: usize,
    states: Vec<State>,
    /// The states at places where a match starts, for each neighbour before it.
    starts: [u32; NEIGHBOURS],
    numbers: HashMap<State, u32>,
    /// For each state its steps: the next state doubled, plus one where a match ends before the character.
    steps: Vec<u32>,
    bytes: usize,
    /// How often the states were thrown away: numbers of states are good only within one generation.
    generation: u64,
    /// Where instructions were seen in the step being made; kept to save its allocation.
    seen: Vec<bool>,
    stack: Vec<u32>,
}

impl Automaton {
    /// An automaton without states.
    pub fn new(program: Program, floating: bool, classes: usize) -> Automaton {
        let seen = vec![false; program.instructions.len()];
        let mut automaton = Automaton {
            program,
            floating,
            stride: classes + 1,
            states: vec![],
            starts: [UNKNOWN; NEIGHBOURS],
            numbers: HashMap::new(),
            steps: vec![],
            bytes: 0,
            generation: 0,
            seen,
            stack: vec![],
        };
        automaton.clear();
        automaton
    }

    fn clear(&mut self) {
        self.states.clear();
        self.starts = [UNKNOWN; NEIGHBOURS];
        self.numbers.clear();
        self.steps.clear();
        self.bytes = 0;
        self.generation += 1;
        // The dead state is numbered first; it is never stepped from.
        self.states.push(State { next: Box::default(), before: Neighbour::Other });
        self.steps.resize(self.stride, UNKNOWN);
    }

    /// Which numbering of the states is in force.
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// Bytes of memory held.
    pub fn size(&self) -> usize {
        size_of::<Self>() + self.bytes + 24 * self.program.instructions.len() + 4 * self.stride
    }

    /// The state at a place where the match starts.
    pub fn start(&mut self, before: Neighbour) -> u32 {
        let known = self.starts[before as usize];
        if known != UNKNOWN {
            return known;
        }
        let next: Box<[u32]> = if self.floating { Box::default() } else { Box::new([0]) };
        let number = self.number(State { next, before });
        self.starts[before as usize] = number;
        number
    }

    /// Whether no match is under way in a state of a floating automaton.
    #[inline]
    pub fn is_idle(&self, state: u32) -> bool {
        self.states[state as usize].next.is_empty()
    }

    fn number(&mut self, state: State) -> u32 {
        if state.next.is_empty() && !self.floating {
            return DEAD;
        }
        if let Some(number) = self.numbers.get(&state) {
            return *number;
        }
        if self.bytes > STATE_BYTES && self.states.len() > 16 {
            self.clear();
        }
        let number = u32::try_from(self.states.len()).unwrap_or(DEAD);
        self.bytes += 8 * state.next.len() + 4 * self.stride + 96;
        self.states.push(state.clone());
        self.numbers.insert(state, number);
        self.steps.resize(self.steps.len() + self.stride, UNKNOWN);
        number
    }

    /// The state after a character of a class (None: the end of the text), and whether a match ends before
    /// it.
    #[inline]
    pub fn step(
        &mut self,
        state: u32,
        class: Option<u16>,
        classes: &Classes,
        decide: Decide<'_>,
    ) -> SqlResult<(u32, bool)> {
        let column = class.map_or(self.stride - 1, usize::from);
        let known = self.steps[state as usize * self.stride + column];
        if known != UNKNOWN {
            return Ok((known >> 1, known & 1 == 1));
        }
        self.make_step(state, class, classes, decide)
    }

    fn make_step(
        &mut self,
        state: u32,
        class: Option<u16>,
        classes: &Classes,
        decide: Decide<'_>,
    ) -> SqlResult<(u32, bool)> {
        let generation = self.generation;
        let before = self.states[state as usize].before;
        let after = class.map_or_else(|| classes.edge(), |class| classes.neighbour(class));
        self.stack.clear();
        self.stack.extend(self.states[state as usize].next.iter().rev());
        if self.floating {
            self.stack.push(0);
        }
        let mut visited: Vec<u32> = vec![];
        let mut next: Vec<u32> = vec![];
        let mut matched = false;
        let mut undecided = false;
        let mut result = Ok(());
        while let Some(place) = self.stack.pop() {
            if std::mem::replace(&mut self.seen[place as usize], true) {
                continue;
            }
            visited.push(place);
            match self.program.instructions[place as usize] {
                Instruction::Match => matched = true,
                Instruction::Set(set) => {
                    if class.is_some_and(|class| classes.contains(set, class)) {
                        next.push(place + 1);
                    }
                }
                Instruction::Jump(to) => self.stack.push(to as u32),
                Instruction::Split(first, second) => self.stack.extend([second as u32, first as u32]),
                Instruction::Assertion(assertion) => {
                    if holds(assertion, before, after) {
                        self.stack.push(place + 1);
                    }
                }
                Instruction::Look(look) => {
                    undecided = true;
                    match decide(look) {
                        Ok(true) => self.stack.push(place + 1),
                        Ok(false) => {}
                        Err(error) => {
                            result = Err(error);
                            break;
                        }
                    }
                }
            }
        }
        for place in visited {
            self.seen[place as usize] = false;
        }
        result?;
        next.sort_unstable();
        next.dedup();
        let number = match class {
            Some(_) => self.number(State { next: next.into_boxed_slice(), before: after }),
            None => DEAD,
        };
        // What a lookaround said holds here only; and a state of thrown away numbers has no place to note a
        // step.
        if !undecided && generation == self.generation {
            let column = class.map_or(self.stride - 1, usize::from);
            self.steps[state as usize * self.stride + column] = (number << 1) | u32::from(matched);
        }
        Ok((number, matched))
    }
}

fn holds(assertion: Assertion, before: Neighbour, after: Neighbour) -> bool {
    let word_before = before == Neighbour::Word;
    let word_after = after == Neighbour::Word;
    match assertion {
        Assertion::TextStart => before == Neighbour::Edge,
        Assertion::LineStart => matches!(before, Neighbour::Edge | Neighbour::Newline),
        Assertion::TextEnd => after == Neighbour::Edge,
        Assertion::LineEnd => matches!(after, Neighbour::Edge | Neighbour::Newline),
        Assertion::WordStart => !word_before && word_after,
        Assertion::WordEnd => word_before && !word_after,
        Assertion::Boundary => word_before != word_after,
        Assertion::NoBoundary => word_before == word_after,
    }
}
