//! What a pattern means: a language for each part of it, and the tree of parts that a match is divided among.
//!
//! Most parts are plain: which characters of a match they take is of no interest, only how many. A node of
//! the tree is made where a group, a reference back, or two preferences that differ stand, and for what is
//! around it.

use std::rc::Rc;

/// The part prefers its longest match.
pub const LONGER: u8 = 1;
/// The part prefers its shortest match.
pub const SHORTER: u8 = 2;
/// Both preferences stand below.
pub const MIXED: u8 = 4;
/// A group stands here or below.
pub const CAPTURE: u8 = 8;
/// A reference back stands here or below.
pub const BACKREFERENCE: u8 = 16;

/// The flags that a part gives to what it is part of.
pub fn upward(flags: u8) -> u8 {
    let both = if flags & LONGER != 0 && flags & SHORTER != 0 { MIXED } else { 0 };
    (flags & (MIXED | CAPTURE | BACKREFERENCE)) | both
}

/// Whether a part needs nodes of its own.
pub fn is_messy(flags: u8) -> bool {
    flags & (MIXED | CAPTURE | BACKREFERENCE) != 0
}

/// The preference alone.
pub fn preference(flags: u8) -> u8 {
    flags & (LONGER | SHORTER)
}

/// The flags of two parts together: the first's preference is taken if it has one.
pub fn combine(first: u8, second: u8) -> u8 {
    let preferred = if preference(first) != 0 { first } else { second };
    upward(first | second) | preference(preferred)
}

/// What is true between two characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Assertion {
    /// Nothing stands before.
    TextStart,
    /// Nothing or a line feed stands before.
    LineStart,
    /// Nothing stands after.
    TextEnd,
    /// Nothing or a line feed stands after.
    LineEnd,
    /// A word starts.
    WordStart,
    /// A word ends.
    WordEnd,
    /// A word starts or ends.
    Boundary,
    /// No word starts or ends.
    NoBoundary,
}

/// A text that stands in each text of a language, and the most characters that stand before it; None where there is no
/// bound.
#[derive(Debug, Default, Clone)]
pub struct Required {
    /// The text; empty where none is plain to see.
    pub text: String,
    /// Characters before it.
    pub before: Option<u32>,
}

/// What [`Language::required`] goes through.
#[derive(Default)]
struct Runs {
    /// Characters that stand one after the other, up to here.
    run: Required,
    best: Required,
    /// The most characters up to here.
    passed: Option<u32>,
}

impl Runs {
    fn end(&mut self) {
        if self.run.text.len() > self.best.text.len() {
            self.best = self.run.clone();
        }
        self.run = Required { text: String::new(), before: self.passed };
    }

    fn pass(&mut self, characters: Option<u32>) {
        self.passed = self.passed.zip(characters).and_then(|(passed, more)| passed.checked_add(more));
    }
}

/// The texts that a part matches.
#[derive(Debug)]
pub enum Language {
    /// The empty text.
    Empty,
    /// One character of a set, by the set's number.
    Set(usize),
    /// The empty text, where the assertion holds.
    Assertion(Assertion),
    /// The empty text, where the lookaround of that number says so.
    Look(usize),
    /// One after the other.
    Concat(Vec<Rc<Language>>),
    /// Any of them.
    Alternate(Vec<Rc<Language>>),
    /// So many times; without an upper bound where the second number is None.
    Repeat(Rc<Language>, u32, Option<u32>),
}

impl Language {
    /// Several one after the other.
    pub fn concat(mut parts: Vec<Rc<Language>>) -> Rc<Language> {
        match parts.len() {
            0 => Rc::new(Language::Empty),
            1 => parts.swap_remove(0),
            _ => Rc::new(Language::Concat(parts)),
        }
    }

    /// So many times.
    pub fn repeat(part: &Rc<Language>, min: u32, max: Option<u32>) -> Rc<Language> {
        match (min, max) {
            (1, Some(1)) => part.clone(),
            (0, Some(0)) => Rc::new(Language::Empty),
            _ => Rc::new(Language::Repeat(part.clone(), min, max)),
        }
    }

    /// The language without what it asserts, which a reference back to it does not assert again.
    pub fn without_assertions(self: &Rc<Language>) -> Rc<Language> {
        let each = |parts: &[Rc<Language>]| parts.iter().map(Language::without_assertions).collect();
        match self.as_ref() {
            Language::Empty | Language::Set(_) => self.clone(),
            Language::Assertion(_) | Language::Look(_) => Rc::new(Language::Empty),
            Language::Concat(parts) => Rc::new(Language::Concat(each(parts))),
            Language::Alternate(parts) => Rc::new(Language::Alternate(each(parts))),
            Language::Repeat(part, min, max) => {
                Rc::new(Language::Repeat(part.without_assertions(), *min, *max))
            }
        }
    }

    /// The longest text that stands in each of its texts, as far as that is plain to see. `single` gives the character of a
    /// set that has one.
    pub fn required(&self, single: &dyn Fn(usize) -> Option<char>) -> Required {
        let mut runs = Runs { passed: Some(0), ..Runs::default() };
        runs.end();
        self.runs(single, &mut runs);
        runs.end();
        runs.best
    }

    /// Goes on with a run of characters that stand one after the other, and ends it where it cannot.
    fn runs(&self, single: &dyn Fn(usize) -> Option<char>, runs: &mut Runs) {
        match self {
            Language::Empty | Language::Assertion(_) | Language::Look(_) => {}
            Language::Set(set) => {
                let character = single(*set);
                runs.pass(Some(1));
                match character {
                    Some(character) => runs.run.text.push(character),
                    None => runs.end(),
                }
            }
            Language::Concat(parts) => parts.iter().for_each(|part| part.runs(single, runs)),
            Language::Alternate(_) => {
                runs.pass(self.most_characters());
                runs.end();
            }
            Language::Repeat(part, min, _) => {
                runs.end();
                let before = runs.passed;
                if *min > 0 {
                    // The first time.
                    part.runs(single, runs);
                    runs.end();
                }
                runs.passed = before;
                runs.pass(self.most_characters());
                runs.end();
            }
        }
    }

    /// Characters of its longest text; None where there is no longest one.
    pub fn most_characters(&self) -> Option<u32> {
        match self {
            Language::Empty | Language::Assertion(_) | Language::Look(_) => Some(0),
            Language::Set(_) => Some(1),
            Language::Concat(parts) => {
                parts.iter().try_fold(0_u32, |sum, part| sum.checked_add(part.most_characters()?))
            }
            Language::Alternate(parts) => {
                parts.iter().try_fold(0, |most, part| Some(part.most_characters()?.max(most)))
            }
            Language::Repeat(part, _, max) => match (part.most_characters()?, max) {
                (0, _) => Some(0),
                (most, max) => most.checked_mul((*max)?),
            },
        }
    }

    /// Whether it asserts anything of the characters around a place.
    pub fn looks_around(&self) -> bool {
        match self {
            Language::Empty | Language::Set(_) | Language::Look(_) => false,
            Language::Assertion(_) => true,
            Language::Concat(parts) | Language::Alternate(parts) => {
                parts.iter().any(|part| part.looks_around())
            }
            Language::Repeat(part, _, _) => part.looks_around(),
        }
    }
}

/// How a node's match is divided among its children.
#[derive(Debug, Clone, Copy)]
pub enum Operator {
    /// Not at all.
    Plain,
    /// It repeats what a group matched.
    Backreference { group: usize, min: u32, max: Option<u32> },
    /// Its two children, one after the other.
    Concat,
    /// One of its children.
    Alternate,
    /// Its child so many times.
    Iterate { min: u32, max: Option<u32> },
    /// All of it is its only child's; for a group directly inside a group.
    Group,
}

/// A part of the pattern that a match is divided by.
#[derive(Debug)]
pub struct Node {
    /// How it is divided.
    pub operator: Operator,
    /// Preferences, and what stands below.
    pub flags: u8,
    /// The number of the group that it is; 0 for none.
    pub group: usize,
    /// What it matches.
    pub language: Rc<Language>,
    /// The parts.
    pub children: Vec<Node>,
    /// The number of its automaton.
    pub automaton: usize,
}

impl Node {
    /// A node of any kind, without a group.
    pub fn new(operator: Operator, flags: u8, language: Rc<Language>, children: Vec<Node>) -> Node {
        Node { operator, flags, group: 0, language, children, automaton: 0 }
    }

    /// A node that is not divided.
    pub fn plain(language: Rc<Language>, flags: u8) -> Node {
        Node::new(Operator::Plain, flags, language, vec![])
    }

    /// Two nodes one after the other.
    pub fn concat(left: Node, right: Node, flags: u8) -> Node {
        let language = Language::concat(vec![left.language.clone(), right.language.clone()]);
        Node::new(Operator::Concat, flags, language, vec![left, right])
    }

    /// Gives numbers to the automata of the node and of all below it.
    pub fn number(&mut self, languages: &mut Vec<Rc<Language>>) {
        self.automaton = languages.len();
        languages.push(self.language.clone());
        for child in &mut self.children {
            child.number(languages);
        }
    }
}
