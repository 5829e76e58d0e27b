//! An engine for PostgreSQL's regular expressions, whose answers are PostgreSQL's to the letter.
//!
//! POSIX asks for the longest match, and PostgreSQL adds a preference (longer or shorter) to each part of an
//! expression, which the parts to its left take precedence in. Engines that try alternatives in order
//! (Perl's, Rust's `regex`) give other answers, so that a translation into one of those could not be right.
//! This engine does as PostgreSQL's documentation defines it, in three steps:
//!
//! ```text
//!  pattern ─ lexer, parser ─▶ tree of nodes ─ program ─▶ automata
//!
//! 1. search:   an automaton that starts anew at every character finds where the first match can end
//! (linear) 2. extent:   from the first place where one starts, the longest or shortest match, as the root
//! prefers 3. dissect:  the extent is divided among the nodes, from left to right, each as it prefers: gives
//! the groups
//! ```
//!
//! Steps 1 and 2 take time linear in the text (a match that is found excepted, whose start is looked for
//! between two known places); step 3 is done only where groups are wanted or referred back to, and gives up
//! after a fixed number of steps. Automata are made state by state as texts need them, and are thrown away
//! when they take too much memory.

mod automaton;
pub mod charset;
mod classes;
mod dissect;
mod iterate;
mod lexer;
mod names;
mod parser;
mod program;
mod tree;

#[cfg(test)]
mod tests;

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

use crate::error::{SqlError, SqlResult, SqlState};
use automaton::Automaton;
use classes::Classes;
pub use dissect::Execution;
pub use lexer::Flags;
use memchr::memmem::Finder;
use program::Program;
use tree::{Language, Node, Required, SHORTER};

/// The start and the end of a match or a group, in bytes; None for a group that took no part.
pub type Span = Option<(usize, usize)>;

/// A lookahead or lookbehind.
#[derive(Debug)]
struct Look {
    behind: bool,
    negative: bool,
    /// Which automaton decides.
    automaton: usize,
    /// Characters of the longest text that is looked for, if there is a longest one.
    most_characters: Option<u32>,
}

/// A compiled regular expression. It belongs to one thread: matching makes states in it.
#[derive(Debug)]
pub struct Regex {
    classes: Classes,
    root: Node,
    /// Number of groups.
    groups: usize,
    has_backreferences: bool,
    ignore_case: bool,
    looks: Vec<Look>,
    /// The languages of the automata, by number.
    languages: Vec<Rc<Language>>,
    /// Finds a text that stands in every match, if one is known, and the most characters that stand before it.
    required: Option<(Finder<'static>, Option<u32>)>,
    /// Automata that start once, and those that start anew at every character; made when first needed.
    anchored: Vec<OnceCell<RefCell<Automaton>>>,
    floating: Vec<OnceCell<RefCell<Automaton>>>,
}

impl Regex {
    /// Compiles a pattern; 2201B where it is no regular expression.
    pub fn new(pattern: &str, flags: Flags) -> SqlResult<Regex> {
        Self::compile(pattern, flags).map_err(|reason| {
            let message = format!("invalid regular expression: {reason}");
            SqlError::new(SqlState::InvalidRegularExpression, message)
        })
    }

    fn compile(pattern: &str, flags: Flags) -> Result<Regex, &'static str> {
        let parsed = parser::parse(pattern, flags)?;
        let mut languages = vec![];
        let mut root = parsed.root;
        root.number(&mut languages);
        let looks = parsed
            .looks
            .into_iter()
            .map(|look| {
                let most_characters = look.language.most_characters();
                languages.push(look.language);
                let automaton = languages.len() - 1;
                Look { behind: look.behind, negative: look.negative, automaton, most_characters }
            })
            .collect();
        let classes = Classes::new(&parsed.sets, languages.iter().any(|language| language.looks_around()))?;
        let single = |set: usize| match parsed.sets.get(set).map(Vec::as_slice) {
            Some(&[(first, last)]) if first == last => char::from_u32(first),
            _ => None,
        };
        // References back are no part of the language.
        let required = match parsed.has_backreferences {
            true => Required::default(),
            false => languages[root.automaton].required(&single),
        };
        let empty = || (0..languages.len()).map(|_| OnceCell::new()).collect();
        let regex = Regex {
            classes,
            groups: parsed.groups,
            has_backreferences: parsed.has_backreferences,
            ignore_case: parsed.ignore_case,
            looks,
            anchored: empty(),
            floating: empty(),
            root,
            required: (!required.text.is_empty())
                .then(|| (Finder::new(&required.text).into_owned(), required.before)),
            languages,
        };
        // The largest programs, so that a pattern that is too large is refused now.
        regex.automaton(regex.root.automaton, true)?;
        for look in &regex.looks {
            regex.automaton(look.automaton, look.behind)?;
        }
        Ok(regex)
    }

    /// Number of groups.
    pub fn groups(&self) -> usize {
        self.groups
    }

    /// Bytes of memory held.
    pub fn size(&self) -> usize {
        let automata = self.anchored.iter().chain(&self.floating);
        let made = automata.filter_map(OnceCell::get).map(|automaton| automaton.borrow().size());
        size_of::<Self>() + self.classes.size() + made.sum::<usize>() + 256 * self.languages.len()
    }

    /// Whether it matches anywhere in a text.
    pub fn is_match(&self, text: &str) -> SqlResult<bool> {
        self.find(&mut Execution::new(self, text), 0, 0)
    }

    /// Finds the first match at or after a byte. The execution's spans are then the whole match and the
    /// groups, of which at least as many as are wanted are told; with 0 wanted only whether there is a match
    /// is found out, which is less work.
    fn find(&self, execution: &mut Execution<'_>, start: usize, wanted: usize) -> SqlResult<bool> {
        execution.reset();
        if self.has_backreferences {
            self.find_dissected(execution, start)
        } else {
            self.find_plain(execution, start, wanted)
        }
    }

    fn prefers_shorter(&self) -> bool {
        self.root.flags & SHORTER != 0
    }

    /// The match of an expression without references back: its extent does not depend on the groups.
    fn find_plain(&self, execution: &mut Execution<'_>, start: usize, wanted: usize) -> SqlResult<bool> {
        let mut start = start;
        if let Some((text, before)) = &self.required {
            let Some(found) = text.find(&execution.text.as_bytes()[start..]) else { return Ok(false) };
            // No match begins earlier than so many characters before the first place where what it must hold stands.
            if let Some(before) = before {
                let mut begin = start + found;
                for _ in 0..*before {
                    if begin <= start {
                        break;
                    }
                    begin = execution.before(begin);
                }
                start = begin.max(start);
            }
        }
        let Some((first, last)) = execution.search(start)? else { return Ok(false) };
        if wanted == 0 {
            return Ok(true);
        }
        let mut begin = first;
        while begin <= last {
            let end = if self.prefers_shorter() {
                execution.shortest(self.root.automaton, begin, begin, execution.text.len())?
            } else {
                execution.longest(self.root.automaton, begin, execution.text.len())?
            };
            if let Some(end) = end {
                if wanted > 1 && !execution.dissect(&self.root, begin, end)? {
                    return Err(SqlError::internal("a match that cannot be divided among its parts"));
                }
                execution.spans[0] = Some((begin, end));
                return Ok(true);
            }
            begin = execution.after(begin);
        }
        Ok(false)
    }

    /// The match of an expression with references back: each extent is one only if it can be dissected.
    fn find_dissected(&self, execution: &mut Execution<'_>, start: usize) -> SqlResult<bool> {
        let length = execution.text.len();
        let mut from = start;
        loop {
            let Some((first, last)) = execution.search(from)? else { return Ok(false) };
            let mut begin = first;
            while begin <= last {
                if self.dissect_from(execution, begin)? {
                    return Ok(true);
                }
                begin = execution.after(begin);
            }
            from = execution.after(last);
            // As in PostgreSQL, an empty match at the very end is not looked for after others were ruled out.
            if from >= length {
                return Ok(false);
            }
        }
    }

    fn dissect_from(&self, execution: &mut Execution<'_>, begin: usize) -> SqlResult<bool> {
        let (mut least, mut most) = (begin, execution.text.len());
        loop {
            let end = if self.prefers_shorter() {
                execution.shortest(self.root.automaton, begin, least, most)?
            } else {
                execution.longest(self.root.automaton, begin, most)?
            };
            let Some(end) = end else { return Ok(false) };
            execution.forget_groups();
            if execution.dissect(&self.root, begin, end)? {
                execution.spans[0] = Some((begin, end));
                return Ok(true);
            }
            if self.prefers_shorter() {
                if end >= most {
                    return Ok(false);
                }
                least = execution.after(end);
            } else {
                if end == begin {
                    return Ok(false);
                }
                most = execution.before(end);
            }
        }
    }

    fn automaton(&self, number: usize, floating: bool) -> Result<&RefCell<Automaton>, &'static str> {
        let cells = if floating { &self.floating } else { &self.anchored };
        let cell = &cells[number];
        if let Some(automaton) = cell.get() {
            return Ok(automaton);
        }
        let program = Program::new(&self.languages[number])?;
        Ok(cell.get_or_init(|| RefCell::new(Automaton::new(program, floating, self.classes.count()))))
    }
}

/// What the parser says of a pattern that would take too much memory.
const TOO_COMPLEX: &str = "regular expression is too complex";
