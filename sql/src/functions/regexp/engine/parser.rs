//! The grammar of patterns: tokens become a tree of nodes with their languages.
//!
//! A branch is parsed into one plain language as long as nothing in it needs a node of its own. At the first
//! part that does, what was read so far becomes the left child, and the rest of the branch is parsed by
//! itself as the right one.

use std::collections::HashMap;
use std::rc::Rc;

use super::TOO_COMPLEX;
use super::charset::{self, Class, Ranges, class_by_name, complement, normalized, push_range};
use super::lexer::{BAD_BOUND, BAD_BRACKET, BAD_REPEAT, Flags, Lexer, Token};
use super::names;
use super::tree::{
    Assertion, BACKREFERENCE, CAPTURE, LONGER, Language, MIXED, Node, Operator, SHORTER, combine, is_messy,
    preference, upward,
};

/// A lookaround as it was parsed.
#[derive(Debug)]
pub struct ParsedLook {
    pub behind: bool,
    pub negative: bool,
    pub language: Rc<Language>,
}

/// A pattern as it was parsed.
#[derive(Debug)]
pub struct Parsed {
    pub root: Node,
    pub groups: usize,
    pub has_backreferences: bool,
    pub ignore_case: bool,
    /// The sets of characters, by number.
    pub sets: Vec<Ranges>,
    pub looks: Vec<ParsedLook>,
}

/// How deep groups, and parts with nodes of their own within a branch, may be nested.
const DEPTH: usize = 500;
/// The greatest number in a bound.
const BOUND: u32 = 255;

type Result<T> = std::result::Result<T, &'static str>;

/// Parses a pattern; an error is PostgreSQL's description of what is wrong with it.
pub fn parse(pattern: &str, flags: Flags) -> Result<Parsed> {
    if flags.are_invalid() {
        return Err("invalid argument to regex function");
    }
    let lexer = Lexer::new(pattern, flags)?;
    let mut parser = Parser {
        lexer,
        groups: vec![None],
        has_backreferences: false,
        sets: vec![],
        set_numbers: HashMap::new(),
        looks: vec![],
        depth: 0,
    };
    let root = parser.alternatives(Token::End, false)?;
    Ok(Parsed {
        root,
        groups: parser.lexer.groups as usize,
        has_backreferences: parser.has_backreferences,
        ignore_case: parser.lexer.flags.ignore_case,
        sets: parser.sets,
        looks: parser.looks,
    })
}

struct Parser {
    lexer: Lexer,
    /// The languages of the groups that are closed, by number from 1.
    groups: Vec<Option<Rc<Language>>>,
    has_backreferences: bool,
    sets: Vec<Ranges>,
    set_numbers: HashMap<Ranges, usize>,
    looks: Vec<ParsedLook>,
    depth: usize,
}

/// What of a branch was read so far, as long as it is plain.
#[derive(Default)]
struct Prefix {
    parts: Vec<Rc<Language>>,
    flags: u8,
}

/// A quantifier: how often, and what it prefers (0: as what it stands after).
struct Quantifier {
    min: u32,
    max: Option<u32>,
    prefers: u8,
}

fn greediness(greedy: bool) -> u8 {
    if greedy { LONGER } else { SHORTER }
}

impl Parser {
    fn token(&self) -> Token {
        self.lexer.token
    }

    fn next(&mut self) -> Result<()> {
        self.lexer.next()
    }

    /// Branches with `|` between them, up to a token, which is left.
    fn alternatives(&mut self, stop: Token, in_look: bool) -> Result<Node> {
        self.depth += 1;
        if self.depth > DEPTH {
            return Err(TOO_COMPLEX);
        }
        let mut branches = vec![];
        let mut flags = LONGER;
        loop {
            let branch = self.branch(stop, in_look)?;
            flags |= upward(flags | branch.flags);
            branches.push(branch);
            if self.token() != Token::Bar {
                break;
            }
            self.next()?;
        }
        if self.token() != stop {
            return Err("parentheses () not balanced");
        }
        self.depth -= 1;
        if branches.len() == 1 {
            return Ok(branches.swap_remove(0));
        }
        let language =
            Rc::new(Language::Alternate(branches.iter().map(|branch| branch.language.clone()).collect()));
        Ok(match is_messy(flags) {
            true => Node::new(Operator::Alternate, flags, language, branches),
            false => Node::plain(language, flags),
        })
    }

    fn branch(&mut self, stop: Token, in_look: bool) -> Result<Node> {
        self.depth += 1;
        if self.depth > DEPTH {
            return Err(TOO_COMPLEX);
        }
        let mut prefix = Prefix::default();
        let node = loop {
            if self.branch_ends(stop) {
                break Node::plain(Language::concat(prefix.parts), prefix.flags);
            }
            if let Some(node) = self.part(stop, in_look, &mut prefix)? {
                break node;
            }
        };
        self.depth -= 1;
        Ok(node)
    }

    fn branch_ends(&self, stop: Token) -> bool {
        let token = self.token();
        token == stop || matches!(token, Token::Bar | Token::End)
    }

    /// Parses an assertion, or an atom with its quantifier. Where that needs a node, the whole branch is
    /// given back.
    fn part(&mut self, stop: Token, in_look: bool, prefix: &mut Prefix) -> Result<Option<Node>> {
        if let Some(language) = self.assertion()? {
            prefix.parts.push(Rc::new(language));
            return Ok(None);
        }
        let opens_group = matches!(self.token(), Token::Open { capture: true }) && !in_look;
        let is_backreference = matches!(self.token(), Token::Backreference(_));
        let atom = self.atom(in_look)?;
        let quantifier = self.quantifier()?;
        if (quantifier.min, quantifier.max) == (0, Some(0)) {
            prefix.parts.push(Rc::new(Language::Empty));
            return Ok(None);
        }
        let flags = prefix.flags | quantifier.prefers | atom.flags;
        if !opens_group && !is_backreference && !is_messy(upward(flags)) {
            prefix.parts.push(Language::repeat(&atom.language, quantifier.min, quantifier.max));
            prefix.flags = flags;
            return Ok(None);
        }
        let together = combine(quantifier.prefers, atom.flags);
        let repeated = if is_backreference {
            repeated_reference(atom, &quantifier)
        } else {
            repeated(atom, &quantifier)
        };
        let is_first = prefix.parts.is_empty();
        let before = Node::plain(Language::concat(std::mem::take(&mut prefix.parts)), prefix.flags);
        if self.branch_ends(stop) {
            if is_first {
                return Ok(Some(repeated));
            }
            let flags = prefix.flags | combine(prefix.flags, repeated.flags);
            return Ok(Some(Node::concat(before, repeated, flags)));
        }
        let rest = self.branch(stop, in_look)?;
        let rest_flags = together | combine(together, rest.flags);
        let flags = prefix.flags | combine(prefix.flags, rest_flags);
        Ok(Some(match is_first {
            true => Node::concat(repeated, rest, flags),
            false => Node::concat(before, Node::concat(repeated, rest, rest_flags), flags),
        }))
    }

    /// An assertion, if one stands here.
    fn assertion(&mut self) -> Result<Option<Language>> {
        let anchors = self.lexer.flags.newline_anchors;
        let assertion = match self.token() {
            Token::Caret if anchors => Assertion::LineStart,
            Token::Caret | Token::TextStart => Assertion::TextStart,
            Token::Dollar if anchors => Assertion::LineEnd,
            Token::Dollar | Token::TextEnd => Assertion::TextEnd,
            Token::WordStart => Assertion::WordStart,
            Token::WordEnd => Assertion::WordEnd,
            Token::Boundary => Assertion::Boundary,
            Token::NoBoundary => Assertion::NoBoundary,
            Token::Look { behind, negative } => {
                self.next()?;
                let node = self.alternatives(Token::Close, true)?;
                self.next()?;
                self.looks.push(ParsedLook { behind, negative, language: node.language });
                return Ok(Some(Language::Look(self.looks.len() - 1)));
            }
            _ => return Ok(None),
        };
        self.next()?;
        Ok(Some(Language::Assertion(assertion)))
    }

    fn atom(&mut self, in_look: bool) -> Result<Node> {
        match self.token() {
            Token::Open { capture } => self.group(capture && !in_look, in_look),
            Token::Backreference(group) => self.backreference(group, in_look),
            _ => {
                let ranges = self.characters()?;
                let number = self.set(ranges);
                Ok(Node::plain(Rc::new(Language::Set(number)), 0))
            }
        }
    }

    fn group(&mut self, capture: bool, in_look: bool) -> Result<Node> {
        let mut group = 0;
        if capture {
            self.lexer.groups += 1;
            group = self.lexer.groups as usize;
            self.groups.push(None);
        }
        self.next()?;
        let mut node = self.alternatives(Token::Close, in_look)?;
        self.next()?;
        if capture {
            self.groups[group] = Some(node.language.clone());
            node.flags |= CAPTURE;
            if node.group != 0 {
                node = Node::new(Operator::Group, node.flags, node.language.clone(), vec![node]);
            }
            node.group = group;
        }
        Ok(node)
    }

    fn backreference(&mut self, group: u32, in_look: bool) -> Result<Node> {
        let group = group as usize;
        let referred = self.groups.get(group).cloned().flatten();
        let Some(language) = referred.filter(|_| !in_look) else {
            return Err("invalid backreference number");
        };
        self.has_backreferences = true;
        self.next()?;
        let operator = Operator::Backreference { group, min: 1, max: Some(1) };
        Ok(Node::new(operator, BACKREFERENCE, language.without_assertions(), vec![]))
    }

    /// The characters that one of the simple atoms stands for.
    fn characters(&mut self) -> Result<Ranges> {
        let ignore_case = self.lexer.flags.ignore_case;
        let mut ranges = vec![];
        match self.token() {
            Token::Plain(character) => push_range(&mut ranges, character, character, ignore_case),
            // An extended expression, unlike an advanced one, takes a `)` that closes nothing for itself.
            Token::Close if self.lexer.flags.extended && !self.lexer.flags.advanced => {
                ranges.push((u32::from(')'), u32::from(')')));
            }
            Token::Close => return Err("parentheses () not balanced"),
            Token::Dot => ranges = complement(self.newline()),
            Token::Class(class) => ranges = charset::class(class, ignore_case).to_vec(),
            Token::NotClass(class) => ranges = complement(&charset::class(class, ignore_case)),
            Token::Bracket { complement: is_complement } => {
                ranges = normalized(self.bracket()?);
                if is_complement {
                    ranges.extend(self.newline());
                    ranges = complement(&normalized(ranges));
                }
            }
            _ => return Err(BAD_REPEAT),
        }
        self.next()?;
        Ok(normalized(ranges))
    }

    /// The line feed, where `.` and complements leave it out.
    fn newline(&self) -> &'static [(u32, u32)] {
        if self.lexer.flags.newline_stops { &[(0x0a, 0x0a)] } else { &[] }
    }

    fn set(&mut self, ranges: Ranges) -> usize {
        if let Some(number) = self.set_numbers.get(&ranges) {
            return *number;
        }
        self.sets.push(ranges.clone());
        self.set_numbers.insert(ranges, self.sets.len() - 1);
        self.sets.len() - 1
    }

    fn quantifier(&mut self) -> Result<Quantifier> {
        let (min, max, prefers) = match self.token() {
            Token::Star { greedy } => (0, None, greediness(greedy)),
            Token::Plus { greedy } => (1, None, greediness(greedy)),
            Token::Question { greedy } => (0, Some(1), greediness(greedy)),
            Token::Brace => {
                self.next()?;
                self.bound()?
            }
            _ => return Ok(Quantifier { min: 1, max: Some(1), prefers: 0 }),
        };
        self.next()?;
        Ok(Quantifier { min, max, prefers })
    }

    /// `m}`, `m,}` or `m,n}`, up to the brace, which is left.
    fn bound(&mut self) -> Result<(u32, Option<u32>, u8)> {
        let min = self.count()?;
        if self.token() != Token::Comma {
            return match self.token() {
                // Without a comma it prefers what its operand prefers.
                Token::BraceEnd { .. } => Ok((min, Some(min), 0)),
                _ => Err(BAD_BOUND),
            };
        }
        self.next()?;
        let max = match self.token() {
            Token::Digit(_) => Some(self.count()?),
            _ => None,
        };
        if max.is_some_and(|max| min > max) {
            return Err(BAD_BOUND);
        }
        match self.token() {
            Token::BraceEnd { greedy } => Ok((min, max, greediness(greedy))),
            _ => Err(BAD_BOUND),
        }
    }

    fn count(&mut self) -> Result<u32> {
        let mut number = 0;
        while let Token::Digit(digit) = self.token() {
            number = number * 10 + digit;
            if number > BOUND {
                return Err(BAD_BOUND);
            }
            self.next()?;
        }
        Ok(number)
    }

    /// What stands between brackets, up to the closing one, which is left.
    fn bracket(&mut self) -> Result<Ranges> {
        let mut ranges = vec![];
        self.next()?;
        while self.token() != Token::BracketEnd {
            self.bracket_part(&mut ranges)?;
        }
        Ok(ranges)
    }

    fn bracket_part(&mut self, ranges: &mut Ranges) -> Result<()> {
        const BAD_RANGE: &str = "invalid character range";
        let ignore_case = self.lexer.flags.ignore_case;
        let first = match self.token() {
            Token::Range => return Err(BAD_RANGE),
            Token::Plain(character) => {
                self.next()?;
                character
            }
            Token::Collating => self.named_character()?,
            Token::Equivalence => {
                let character = self.named_character()?;
                push_range(ranges, character, character, ignore_case);
                return Ok(());
            }
            Token::Named => {
                let name = self.name()?;
                let class = class_by_name(&name).ok_or("invalid character class")?;
                ranges.extend_from_slice(&charset::class(class, ignore_case));
                return Ok(());
            }
            Token::Class(class) => return self.class_in_bracket(ranges, class, false),
            Token::NotClass(class) => return self.class_in_bracket(ranges, class, true),
            _ => return Err(BAD_BRACKET),
        };
        let mut last = first;
        if self.token() == Token::Range {
            self.next()?;
            last = match self.token() {
                Token::Plain(character) => {
                    self.next()?;
                    character
                }
                Token::Range => {
                    self.next()?;
                    u32::from('-')
                }
                Token::Collating => self.named_character()?,
                _ => return Err(BAD_RANGE),
            };
        }
        if first > last {
            return Err(BAD_RANGE);
        }
        push_range(ranges, first, last, ignore_case);
        Ok(())
    }

    fn class_in_bracket(&mut self, ranges: &mut Ranges, class: Class, is_complement: bool) -> Result<()> {
        let class = charset::class(class, self.lexer.flags.ignore_case);
        match is_complement {
            true => ranges.extend(complement(&class)),
            false => ranges.extend_from_slice(&class),
        }
        self.next()
    }

    fn name(&mut self) -> Result<String> {
        let mut name = String::new();
        self.next()?;
        while let Token::Plain(character) = self.token() {
            name.extend(char::from_u32(character));
            self.next()?;
        }
        self.next()?;
        Ok(name)
    }

    fn named_character(&mut self) -> Result<u32> {
        names::character(&self.name()?).ok_or("invalid collating element")
    }
}

/// The node of a reference back with its quantifier, which it deals with itself.
fn repeated_reference(mut atom: Node, quantifier: &Quantifier) -> Node {
    let (min, max) = (quantifier.min, quantifier.max);
    if let Operator::Backreference { group, .. } = atom.operator {
        atom.operator = Operator::Backreference { group, min, max };
    }
    atom.flags |= combine(quantifier.prefers, atom.flags);
    atom.language = Language::repeat(&atom.language, min, max);
    atom
}

/// The node of any other atom with its quantifier.
fn repeated(atom: Node, quantifier: &Quantifier) -> Node {
    let (min, max) = (quantifier.min, quantifier.max);
    let flags = combine(quantifier.prefers, atom.flags);
    let language = Language::repeat(&atom.language, min, max);
    let own = atom.flags & (LONGER | SHORTER | MIXED);
    let prefers_the_same = quantifier.prefers == 0 || own == 0 || quantifier.prefers == own;
    if (min, max) == (1, Some(1)) && prefers_the_same {
        return atom;
    }
    if atom.flags & (CAPTURE | BACKREFERENCE) == 0 {
        return Node::plain(language, preference(flags));
    }
    if min > 0 && atom.flags & BACKREFERENCE == 0 {
        // Only the last repetition's groups are seen: the ones before it are plain.
        let before = Language::repeat(&atom.language, min - 1, max.map(|max| max - 1));
        return Node::concat(Node::plain(before, preference(flags)), atom, flags);
    }
    Node::new(Operator::Iterate { min, max }, flags, language, vec![atom])
}
