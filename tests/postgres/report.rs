//! What a run over PostgreSQL's scripts found, as text.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::compare::Difference;
use super::regress::{Compared, Different, Found, Outcome};
use super::wire::Answer;

/// How many queries there are of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    pub queries: usize,
    pub in_scope: usize,
    pub equal: usize,
}

impl Totals {
    /// Of the queries in scope, the part that is equal, in percent.
    pub fn percent(&self) -> f64 {
        if self.in_scope == 0 { 0.0 } else { 100.0 * self.equal as f64 / self.in_scope as f64 }
    }

    fn add(&mut self, outcome: &Outcome) {
        self.queries += 1;
        self.in_scope += usize::from(!matches!(outcome, Outcome::OutOfScope(_)));
        self.equal += usize::from(matches!(outcome, Outcome::Equal));
    }
}

/// The totals of a run.
pub fn totals(found: &Found) -> Totals {
    let mut totals = Totals::default();
    found.compared.iter().for_each(|compared| totals.add(&compared.outcome));
    totals
}

/// Totals by script and differences by cause.
pub fn summary(found: &Found) -> String {
    let mut text = String::new();
    let mut scripts: Vec<(&str, Totals)> = Vec::new();
    for compared in &found.compared {
        if scripts.last().is_none_or(|(name, _)| *name != compared.script) {
            scripts.push((&compared.script, Totals::default()));
        }
        if let Some((_, totals)) = scripts.last_mut() {
            totals.add(&compared.outcome);
        }
    }
    scripts.push(("all", totals(found)));
    let _ = writeln!(text, "{:<20} {:>8} {:>9} {:>8} {:>7}", "script", "queries", "in scope", "equal", "%");
    for (name, totals) in scripts {
        let Totals { queries, in_scope, equal } = totals;
        let _ = writeln!(text, "{name:<20} {queries:>8} {in_scope:>9} {equal:>8} {:>7.1}", totals.percent());
    }
    let mut causes: BTreeMap<&str, Vec<&Compared>> = BTreeMap::new();
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    for compared in &found.compared {
        match &compared.outcome {
            Outcome::Different(own) => causes.entry(&own.cause).or_default().push(compared),
            Outcome::OutOfScope(reason) => *reasons.entry(reason).or_default() += 1,
            Outcome::Equal => {}
        }
    }
    let _ = writeln!(text, "\ndifferences by cause");
    let mut causes: Vec<_> = causes.into_iter().collect();
    causes.sort_by_key(|(_, compared)| std::cmp::Reverse(compared.len()));
    for (cause, compared) in causes {
        let first = compared[0];
        let _ = writeln!(text, "{:>5}  {cause}  ({}:{})", compared.len(), first.script, first.line);
    }
    let _ = writeln!(text, "\nout of scope by reason");
    let mut reasons: Vec<_> = reasons.into_iter().collect();
    reasons.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    for (reason, count) in reasons {
        let _ = writeln!(text, "{count:>5}  {reason}");
    }
    let _ = writeln!(text, "\nset-up statements that went otherwise: {}", found.setup.len());
    text
}

/// Each query that differs, with both answers.
pub fn differences(found: &Found) -> String {
    let mut text = String::new();
    for compared in &found.compared {
        if let Outcome::Different(own) = &compared.outcome {
            let Different { cause, difference, expected, given, setup } = own.as_ref();
            let _ = writeln!(text, "== {}:{} {cause}\n{}", compared.script, compared.line, compared.sql);
            if let Some(setup) = setup {
                let _ = writeln!(text, "-- set-up: {setup}");
            }
            if let Difference::Value { expected, given, .. } = difference {
                let _ = writeln!(text, "-- {given} should be {expected}");
            }
            let _ = writeln!(text, "-- PostgreSQL\n{}-- Millstream\n{}", shown(expected), shown(given));
        }
    }
    for setup in &found.setup {
        let _ = writeln!(text, "== {}:{} set-up\n{}", setup.script, setup.line, setup.sql);
        let _ = writeln!(text, "-- PostgreSQL\n{}\n-- Millstream\n{}\n", setup.expected, setup.given);
    }
    text
}

/// Each query that is out of scope, and each statement that was not run, with its reason.
pub fn out_of_scope(found: &Found) -> String {
    let one_line = |sql: &str| sql.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut text = String::from("# queries\n");
    for compared in &found.compared {
        if let Outcome::OutOfScope(reason) = &compared.outcome {
            let _ = writeln!(
                text,
                "{}:{}\t{reason}\t{}",
                compared.script,
                compared.line,
                one_line(&compared.sql)
            );
        }
    }
    text.push_str("# other statements, not run on Millstream as they are\n");
    for (script, line, sql, reason) in &found.skipped {
        let _ = writeln!(text, "{script}:{line}\t{reason}\t{}", one_line(sql));
    }
    text
}

/// An answer, cut short.
fn shown(answer: &Answer) -> String {
    const ROWS: usize = 12;
    if let Some(failure) = &answer.failure {
        return format!("{} {}\n", failure.state, failure.message);
    }
    let columns = answer.columns.iter().flatten();
    let heads: Vec<String> = columns.map(|column| format!("{}:{}", column.name, column.type_oid)).collect();
    let mut text = heads.join(" | ") + "\n";
    for row in answer.rows.iter().take(ROWS) {
        let value = |value: &Option<Vec<u8>>| match value {
            None => "NULL".to_owned(),
            Some(bytes) => String::from_utf8_lossy(bytes).chars().take(200).collect(),
        };
        text.push_str(&row.iter().map(value).collect::<Vec<_>>().join(" | "));
        text.push('\n');
    }
    if answer.rows.len() > ROWS {
        let _ = writeln!(text, "… {} rows", answer.rows.len());
    }
    text
}
