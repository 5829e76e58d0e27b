//! A language as a program of a few kinds of instruction, which an automaton follows in all ways at once.

use super::TOO_COMPLEX;
use super::tree::{Assertion, Language};

/// An instruction; the next one follows unless it says otherwise.
#[derive(Debug, Clone, Copy)]
pub enum Instruction {
    /// Takes one character of a set.
    Set(usize),
    /// Goes on only where the assertion holds.
    Assertion(Assertion),
    /// Goes on only where the lookaround holds.
    Look(usize),
    /// Goes on at both places.
    Split(usize, usize),
    /// Goes on there.
    Jump(usize),
    /// The text so far is of the language.
    Match,
}

/// The instructions.
#[derive(Debug)]
pub struct Program {
    /// The first is where it starts.
    pub instructions: Vec<Instruction>,
    /// Parts still to be visited before it is too complex: repetitions of nothing make none, but take time.
    budget: usize,
}

const INSTRUCTIONS: usize = 43_700;

impl Program {
    /// The program of a language; an error where it is too long.
    pub fn new(language: &Language) -> Result<Program, &'static str> {
        let mut program = Program { instructions: vec![], budget: 2 * INSTRUCTIONS };
        program.emit(language)?;
        program.push(Instruction::Match)?;
        program.instructions.shrink_to_fit();
        Ok(program)
    }

    fn push(&mut self, instruction: Instruction) -> Result<usize, &'static str> {
        if self.instructions.len() >= INSTRUCTIONS {
            return Err(TOO_COMPLEX);
        }
        self.instructions.push(instruction);
        Ok(self.instructions.len() - 1)
    }

    fn emit(&mut self, language: &Language) -> Result<(), &'static str> {
        self.budget = self.budget.checked_sub(1).ok_or(TOO_COMPLEX)?;
        match language {
            Language::Empty => {}
            Language::Set(set) => drop(self.push(Instruction::Set(*set))?),
            Language::Assertion(assertion) => drop(self.push(Instruction::Assertion(*assertion))?),
            Language::Look(look) => drop(self.push(Instruction::Look(*look))?),
            Language::Concat(parts) => {
                for part in parts {
                    self.emit(part)?;
                }
            }
            Language::Alternate(parts) => self.alternate(parts)?,
            Language::Repeat(part, min, max) => self.repeat(part, *min, *max)?,
        }
        Ok(())
    }

    fn alternate(&mut self, parts: &[std::rc::Rc<Language>]) -> Result<(), &'static str> {
        let mut ends = vec![];
        for (index, part) in parts.iter().enumerate() {
            if index + 1 == parts.len() {
                self.emit(part)?;
                break;
            }
            let split = self.push(Instruction::Split(0, 0))?;
            self.emit(part)?;
            ends.push(self.push(Instruction::Jump(0))?);
            self.instructions[split] = Instruction::Split(split + 1, self.instructions.len());
        }
        for end in ends {
            self.instructions[end] = Instruction::Jump(self.instructions.len());
        }
        Ok(())
    }

    fn repeat(&mut self, part: &Language, min: u32, max: Option<u32>) -> Result<(), &'static str> {
        for _ in 0..min {
            self.emit(part)?;
        }
        let Some(max) = max else {
            let split = self.push(Instruction::Split(0, 0))?;
            self.emit(part)?;
            self.push(Instruction::Jump(split))?;
            self.instructions[split] = Instruction::Split(split + 1, self.instructions.len());
            return Ok(());
        };
        let mut splits = vec![];
        for _ in min..max {
            splits.push(self.push(Instruction::Split(0, 0))?);
            self.emit(part)?;
        }
        for split in splits {
            self.instructions[split] = Instruction::Split(split + 1, self.instructions.len());
        }
        Ok(())
    }
}
