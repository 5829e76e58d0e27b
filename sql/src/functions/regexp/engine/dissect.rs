//! A text matched: how far a part can reach, and how a match is divided among its parts.

use std::cell::RefCell;

use super::automaton::{Automaton, DEAD};
use super::tree::{Node, Operator, SHORTER};
use super::{Regex, Span};
use crate::error::{SqlError, SqlResult, SqlState};
use crate::types::text::lower_character;

/// Steps of all kinds that the dissection of one match may take: some seconds.
const STEPS: u64 = 400_000_000;

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

    /// Forgets the groups' matches.
    pub fn forget_groups(&mut self) {
        self.spans.fill(None);
    }

    fn forget_groups_of(&mut self, node: &Node) {
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

    /// Follows an automaton from a place on, as long as `visit`, which sees each place, says so and a match is possible.
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

    /// Where the first match at or after a place ends at the earliest, and from where on it can start: None where
    /// nothing matches.
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
        while let Some(middle) = self.longest(left.automaton, begin, limit)? {
            if self.divide(left, right, begin, middle, end)? {
                return Ok(true);
            }
            if middle == begin {
                break;
            }
            limit = self.before(middle);
        }
        Ok(false)
    }

    fn concat_shorter(&mut self, node: &Node, begin: usize, end: usize) -> SqlResult<bool> {
        let [left, right] = &node.children[..] else { return Ok(false) };
        let mut least = begin;
        while let Some(middle) = self.shortest(left.automaton, begin, least, end)? {
            if self.divide(left, right, begin, middle, end)? {
                return Ok(true);
            }
            if middle == end {
                break;
            }
            least = self.after(middle);
        }
        Ok(false)
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

type Bounds = (u32, Option<u32>);

/// The division of a match among the repetitions of one part.
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
    fn iterate_longer(&mut self, part: &Node, bounds: Bounds, begin: usize, end: usize) -> SqlResult<bool> {
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
    fn iterate_shorter(&mut self, part: &Node, bounds: Bounds, begin: usize, end: usize) -> SqlResult<bool> {
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
