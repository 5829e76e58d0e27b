//! A text matched: how far a part can reach, and how a match is divided among its parts.

use std::cell::RefCell;
use std::collections::VecDeque;

use super::automaton::{Automaton, DEAD};
use super::tree::{Node, Operator, SHORTER};
use super::{Regex, Span};
use crate::error::{SqlError, SqlResult, SqlState};
use crate::types::text::lower_character;

/// Steps of all kinds that the dissection of one match may take: some seconds.
const STEPS: u64 = 400_000_000;

/// Characters that a lookbehind goes back for each place anew.
const NEAR: u32 = 256;
/// Ends of a part that are remembered at a time.
const ENDS: usize = 1024;

/// Where a lookbehind's automaton stands in the text, so that it needs not start anew at every place.
#[derive(Debug, Clone, Copy)]
struct Behind {
    place: usize,
    state: u32,
    generation: u64,
}

/// An automaton at a place of the text.
#[derive(Clone, Copy)]
struct Visit {
    place: usize,
    state: u32,
    /// The generation of the state's number.
    generation: u64,
    /// Whether no match is under way.
    idle: bool,
    /// Whether a match ends here.
    matched: bool,
}

/// One search in one text.
#[derive(Debug)]
pub struct Execution<'a> {
    regex: &'a Regex,
    /// The text.
    pub text: &'a str,
    /// The match and the groups.
    pub spans: Vec<Span>,
    behinds: RefCell<Vec<Option<Behind>>>,
    steps: u64,
}

impl<'a> Execution<'a> {
    /// A search that found nothing yet.
    pub fn new(regex: &'a Regex, text: &'a str) -> Self {
        let behinds = RefCell::new(vec![None; regex.looks.len()]);
        Execution { regex, text, spans: vec![None; regex.groups + 1], behinds, steps: 0 }
    }

    /// Finds the first match at or after a byte, see [`Regex::find`].
    pub fn find(&mut self, start: usize, wanted: usize) -> SqlResult<bool> {
        self.regex.find(self, start, wanted)
    }

    /// Forgets what the last search found and spent, but not where the lookbehinds stand in the text.
    pub fn reset(&mut self) {
        self.steps = 0;
        self.forget_groups();
    }

    /// Forgets the groups' matches.
    pub fn forget_groups(&mut self) {
        self.spans.fill(None);
    }

    /// Forgets the matches of the groups in a node.
    pub fn forget_groups_of(&mut self, node: &Node) {
        if node.group > 0 {
            self.spans[node.group] = None;
        }
        for child in &node.children {
            self.forget_groups_of(child);
        }
    }

    /// The place after the next character; beyond the text's length where there is none.
    pub fn after(&self, place: usize) -> usize {
        place + self.text[place..].chars().next().map_or(1, char::len_utf8)
    }

    /// The place before the character that ends here.
    pub fn before(&self, place: usize) -> usize {
        place - self.text[..place].chars().next_back().map_or(0, char::len_utf8)
    }

    fn spend(&mut self, steps: usize) -> SqlResult<()> {
        self.steps += steps as u64 + 1;
        if self.steps > STEPS {
            let message = "regular expression takes too many steps to match";
            return Err(SqlError::new(SqlState::StatementTooComplex, message));
        }
        Ok(())
    }

    fn automaton(&self, number: usize, floating: bool) -> SqlResult<&'a RefCell<Automaton>> {
        self.regex.automaton(number, floating).map_err(|reason| {
            let message = format!("invalid regular expression: {reason}");
            SqlError::new(SqlState::InvalidRegularExpression, message)
        })
    }

    /// Follows an automaton from a place on, as long as `visit`, which sees each place, says so and a match
    /// is possible.
    #[inline]
    fn follow(
        &self,
        automaton: &mut Automaton,
        start: usize,
        state: u32,
        mut visit: impl FnMut(Visit) -> bool,
    ) -> SqlResult<()> {
        let classes = &self.regex.classes;
        let (mut place, mut state) = (start, state);
        let mut characters = self.text[start..].chars();
        loop {
            let character = characters.next();
            let class = character.map(|character| classes.of(character));
            let (idle, generation) = (automaton.is_idle(state), automaton.generation());
            let (next, matched) =
                automaton.step(state, class, classes, &mut |look| self.look(look, place))?;
            let go_on = visit(Visit { place, state, generation, idle, matched });
            let Some(character) = character.filter(|_| go_on && next != DEAD) else { return Ok(()) };
            place += character.len_utf8();
            state = next;
        }
    }

    fn start(&self, automaton: &mut Automaton, place: usize) -> u32 {
        let before = self.text[..place].chars().next_back();
        automaton.start(self.regex.classes.neighbour_of(before))
    }

    /// Where the first match at or after a place ends at the earliest, and from where on it can start: None
    /// where nothing matches.
    pub fn search(&self, from: usize) -> SqlResult<Option<(usize, usize)>> {
        let mut automaton = self.automaton(self.regex.root.automaton, true)?.borrow_mut();
        let state = self.start(&mut automaton, from);
        let (mut first, mut last) = (from, None);
        self.follow(&mut automaton, from, state, |visit| {
            if visit.idle {
                first = visit.place;
            }
            if visit.matched {
                last = Some(visit.place);
            }
            !visit.matched
        })?;
        Ok(last.map(|last| (first, last)))
    }

    /// The end of the longest match from a place on that ends at `limit` at the latest.
    pub fn longest(&mut self, number: usize, start: usize, limit: usize) -> SqlResult<Option<usize>> {
        let mut automaton = self.automaton(number, false)?.borrow_mut();
        let state = self.start(&mut automaton, start);
        let (mut end, mut reached) = (None, start);
        self.follow(&mut automaton, start, state, |visit| {
            if visit.matched {
                end = Some(visit.place);
            }
            reached = visit.place;
            visit.place < limit
        })?;
        drop(automaton);
        self.spend(reached - start)?;
        Ok(end)
    }

    /// The end of the shortest match from a place on that ends between `least` and `limit`.
    pub fn shortest(
        &mut self,
        number: usize,
        start: usize,
        least: usize,
        limit: usize,
    ) -> SqlResult<Option<usize>> {
        let (end, reached) = self.shortest_match(number, start, least, limit)?;
        self.spend(reached - start)?;
        Ok(end)
    }

    fn shortest_match(
        &self,
        number: usize,
        start: usize,
        least: usize,
        limit: usize,
    ) -> SqlResult<(Option<usize>, usize)> {
        let mut automaton = self.automaton(number, false)?.borrow_mut();
        let state = self.start(&mut automaton, start);
        let (mut end, mut reached) = (None, start);
        self.follow(&mut automaton, start, state, |visit| {
            if visit.matched && (least..=limit).contains(&visit.place) {
                end = Some(visit.place);
            }
            reached = visit.place;
            end.is_none() && visit.place < limit
        })?;
        Ok((end, reached))
    }

    /// Whether a lookaround holds at a place.
    fn look(&self, number: usize, place: usize) -> SqlResult<bool> {
        let look = &self.regex.looks[number];
        let found = if look.behind {
            self.ends_at(number, look.automaton, place)?
        } else {
            self.shortest_match(look.automaton, place, place, self.text.len())?.0.is_some()
        };
        Ok(found != look.negative)
    }

    /// Whether a match of a lookbehind, from wherever, ends at a place.
    fn ends_at(&self, number: usize, automaton: usize, place: usize) -> SqlResult<bool> {
        match self.regex.looks[number].most_characters {
            Some(most) if most <= NEAR => self.ends_near(most, automaton, place),
            _ => self.ends_far(number, automaton, place),
        }
    }

    /// Looks back no further than the longest text that can match.
    fn ends_near(&self, most: u32, automaton: usize, place: usize) -> SqlResult<bool> {
        let back = self.text[..place].char_indices().rev().take(most as usize).last();
        let from = back.map_or(place, |(from, _)| from);
        let mut automaton = self.automaton(automaton, true)?.borrow_mut();
        let state = self.start(&mut automaton, from);
        let mut ends = false;
        self.follow(&mut automaton, from, state, |visit| {
            ends = visit.matched && visit.place == place;
            visit.place < place
        })?;
        Ok(ends)
    }

    /// Goes through the text from its start, or from where it was looked at before.
    fn ends_far(&self, number: usize, automaton: usize, place: usize) -> SqlResult<bool> {
        let mut automaton = self.automaton(automaton, true)?.borrow_mut();
        let known = self.behinds.borrow()[number];
        let known = known.filter(|known| known.place <= place && known.generation == automaton.generation());
        let (from, state) = match known {
            Some(known) => (known.place, known.state),
            None => (0, self.start(&mut automaton, 0)),
        };
        let mut ends = false;
        let mut stand = None;
        self.follow(&mut automaton, from, state, |visit| {
            if visit.place == place {
                ends = visit.matched;
                stand = Some(Behind { place, state: visit.state, generation: visit.generation });
            }
            visit.place < place
        })?;
        self.behinds.borrow_mut()[number] = stand;
        Ok(ends)
    }

    /// Divides a match among the parts of a node and notes the groups; false where it cannot be divided.
    pub fn dissect(&mut self, node: &Node, begin: usize, end: usize) -> SqlResult<bool> {
        self.spend(0)?;
        let divided = match node.operator {
            Operator::Plain => true,
            Operator::Backreference { group, min, max } => self.repeats(group, min, max, begin, end),
            Operator::Concat if node.children[0].flags & SHORTER != 0 => {
                self.concat_shorter(node, begin, end)?
            }
            Operator::Concat => self.concat_longer(node, begin, end)?,
            Operator::Alternate => self.alternate(node, begin, end)?,
            Operator::Iterate { min, max } if node.children[0].flags & SHORTER != 0 => {
                self.iterate_shorter(&node.children[0], (min, max), begin, end)?
            }
            Operator::Iterate { min, max } => {
                self.iterate_longer(&node.children[0], (min, max), begin, end)?
            }
            Operator::Group => self.dissect(&node.children[0], begin, end)?,
        };
        if divided && node.group > 0 {
            self.spans[node.group] = Some((begin, end));
        }
        Ok(divided)
    }

    fn concat_longer(&mut self, node: &Node, begin: usize, end: usize) -> SqlResult<bool> {
        let [left, right] = &node.children[..] else { return Ok(false) };
        let mut limit = end;
        loop {
            let ends = self.last_ends(left.automaton, begin, limit)?;
            for &middle in ends.iter().rev() {
                if self.divide(left, right, begin, middle, end)? {
                    return Ok(true);
                }
            }
            match ends.front() {
                Some(first) if ends.len() == ENDS && *first > begin => limit = self.before(*first),
                _ => return Ok(false),
            }
        }
    }

    /// The last places, up to a limit, where a match from a place on can end.
    fn last_ends(&mut self, number: usize, start: usize, limit: usize) -> SqlResult<VecDeque<usize>> {
        let mut automaton = self.automaton(number, false)?.borrow_mut();
        let state = self.start(&mut automaton, start);
        let (mut ends, mut reached) = (VecDeque::new(), start);
        self.follow(&mut automaton, start, state, |visit| {
            if visit.matched {
                if ends.len() == ENDS {
                    ends.pop_front();
                }
                ends.push_back(visit.place);
            }
            reached = visit.place;
            visit.place < limit
        })?;
        drop(automaton);
        self.spend(reached - start)?;
        Ok(ends)
    }

    fn concat_shorter(&mut self, node: &Node, begin: usize, end: usize) -> SqlResult<bool> {
        let [left, right] = &node.children[..] else { return Ok(false) };
        let mut least = begin;
        // Mostly the first end is the one; the more were in vain, the more are found at once.
        let mut count = 1;
        loop {
            let ends = self.first_ends(left.automaton, begin, least, end, count)?;
            for &middle in &ends {
                if self.divide(left, right, begin, middle, end)? {
                    return Ok(true);
                }
            }
            match ends.last() {
                Some(last) if ends.len() == count && *last < end => least = self.after(*last),
                _ => return Ok(false),
            }
            count = ENDS.min(8 * count);
        }
    }

    /// The first so many places between `least` and `limit` where a match from a place on can end.
    fn first_ends(
        &mut self,
        number: usize,
        start: usize,
        least: usize,
        limit: usize,
        count: usize,
    ) -> SqlResult<Vec<usize>> {
        let mut automaton = self.automaton(number, false)?.borrow_mut();
        let state = self.start(&mut automaton, start);
        let (mut ends, mut reached) = (vec![], start);
        self.follow(&mut automaton, start, state, |visit| {
            if visit.matched && (least..=limit).contains(&visit.place) {
                ends.push(visit.place);
            }
            reached = visit.place;
            ends.len() < count && visit.place < limit
        })?;
        drop(automaton);
        self.spend(reached - start)?;
        Ok(ends)
    }

    fn divide(
        &mut self,
        left: &Node,
        right: &Node,
        begin: usize,
        middle: usize,
        end: usize,
    ) -> SqlResult<bool> {
        if self.longest(right.automaton, middle, end)? != Some(end) {
            return Ok(false);
        }
        if !self.dissect(left, begin, middle)? {
            return Ok(false);
        }
        if self.dissect(right, middle, end)? {
            return Ok(true);
        }
        self.forget_groups_of(left);
        Ok(false)
    }

    fn alternate(&mut self, node: &Node, begin: usize, end: usize) -> SqlResult<bool> {
        for child in &node.children {
            if self.longest(child.automaton, begin, end)? == Some(end) && self.dissect(child, begin, end)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether a text is what a group matched, so many times.
    fn repeats(&self, group: usize, min: u32, max: Option<u32>, begin: usize, end: usize) -> bool {
        let Some((from, to)) = self.spans[group] else { return false };
        let repeated = &self.text[from..to];
        if repeated.is_empty() {
            return begin == end && max.is_none_or(|max| min <= max);
        }
        if begin == end {
            return min == 0;
        }
        let ignore_case = self.regex.ignore_case;
        let equal = |a: char, b: char| a == b || (ignore_case && lower_character(a) == lower_character(b));
        let mut rest = self.text[begin..end].chars();
        let mut count = 0_u32;
        while !rest.as_str().is_empty() {
            for wanted in repeated.chars() {
                if !rest.next().is_some_and(|found| equal(found, wanted)) {
                    return false;
                }
            }
            count = count.saturating_add(1);
        }
        count >= min && max.is_none_or(|max| count <= max)
    }
}
