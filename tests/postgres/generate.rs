//! Runs generated expressions on PostgreSQL and on Millstream and compares value, type and SQLSTATE.
//!
//! ```text
//!  batch       SELECT upper('ß'::text)
//!  parameters  SELECT upper($1), the value in text and again in binary
//!  view        the values in a stream's row; a view of many expressions over it
//! ```
//!
//! PostgreSQL's answer to the batch query is the expected one in all three. What may differ is in
//! `recorded/exceptions.tsv`, with its reason, and nothing else may. A recorded set of answers replays without PostgreSQL.

use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, Instant};

use super::catalogs::glob;
use super::compare::{self, Difference};
use super::expressions::{Expression, Generator, Leaf, Printed, Shape, literal, sql_type};
use super::wire::{Address, Answer, Column, Connection, LATE, LOST, Parameter};

/// How expressions are given to Millstream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    Batch,
    View,
    TextParameters,
    BinaryParameters,
}

/// What is to be run.
#[derive(Clone, Debug)]
pub struct Plan {
    pub seed: u64,
    pub expressions: usize,
    pub modes: Vec<Mode>,
    /// Only expressions whose root matches this pattern.
    pub only: Option<String>,
}

/// An expression on which the servers differ.
#[derive(Clone, Debug)]
pub struct Differing {
    pub mode: Mode,
    pub root: String,
    pub query: String,
    pub settings: usize,
    pub cause: String,
    pub expected: Answer,
    pub given: Answer,
}

/// What a run found.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// Comparisons made, by mode in the order of [`Plan::modes`].
    pub compared: usize,
    pub differing: Vec<Differing>,
    /// Differences that an exception allows, by its pattern.
    pub excepted: BTreeMap<String, usize>,
    /// Expressions to which PostgreSQL itself gave no usable answer (too long, too large).
    pub left_out: usize,
}

/// A difference that is allowed.
#[derive(Clone, Debug)]
pub struct Exception {
    /// What may differ: `value`, `type`, `state` or `any`.
    what: String,
    /// Matched against the root, then the query.
    pattern: String,
    pub reason: String,
}

/// The allowed differences that are kept beside this file.
pub fn exceptions() -> Vec<Exception> {
    let lines = include_str!("recorded/exceptions.tsv").lines().filter(|line| !line.starts_with('#'));
    let exception = |line: &str| {
        let mut fields = line.split('\t').map(str::to_owned);
        Some(Exception { what: fields.next()?, pattern: fields.next()?, reason: fields.next()? })
    };
    lines.filter_map(exception).collect()
}

/// The settings under which a batch of expressions runs, in turn.
pub const SETTINGS: [[&str; 4]; 5] = [
    ["Europe/Berlin", "ISO, MDY", "postgres", "1"],
    ["America/New_York", "Postgres, MDY", "postgres_verbose", "1"],
    ["UTC", "German, DMY", "iso_8601", "1"],
    ["Asia/Kathmandu", "SQL, DMY", "sql_standard", "0"],
    ["Australia/Lord_Howe", "ISO, YMD", "postgres", "3"],
];
/// Expressions of one batch, all under the same settings.
const BATCH: usize = 400;
/// Expressions of one view.
const PER_VIEW: usize = 25;
/// The largest answer that is compared, in bytes.
const LARGEST: usize = 20_000;

/// The statements that make the settings of a batch.
pub fn settings(at: usize) -> [String; 4] {
    let [zone, dates, intervals, digits] = SETTINGS[at % SETTINGS.len()];
    [
        format!("SET TimeZone = '{zone}'"),
        format!("SET DateStyle = '{dates}'"),
        format!("SET IntervalStyle = '{intervals}'"),
        format!("SET extra_float_digits = {digits}"),
    ]
}

/// Both servers.
pub struct Servers {
    pub postgres: Connection,
    pub millstream: Connection,
}

impl Servers {
    /// Connects to both.
    pub fn open(postgres: &Address, millstream: &Address) -> Result<Servers, String> {
        let open = |address: &Address, seconds| {
            Connection::open(address, Duration::from_secs(seconds))
                .map_err(|error| format!("{}: {error}", address.host_port))
        };
        let mut servers = Servers { postgres: open(postgres, 120)?, millstream: open(millstream, 20)? };
        servers.postgres.prepare_session("SET statement_timeout = '2s'");
        Ok(servers)
    }

    fn set(&mut self, at: usize) {
        for sql in settings(at) {
            self.postgres.simple(&sql);
            self.millstream.simple(&sql);
        }
    }
}

/// Runs a plan; `progress` is told now and then how far it is.
pub fn run(servers: &mut Servers, plan: &Plan, mut progress: impl FnMut(usize, &Found)) -> Found {
    let exceptions = exceptions();
    let mut generator = Generator::new(plan.seed);
    let mut found = Found::default();
    let mut binaries = HashMap::new();
    let mut made = 0;
    let mut batch = 0;
    while made < plan.expressions {
        let wanted = BATCH.min(plan.expressions - made);
        let mut expressions = Vec::with_capacity(wanted);
        while expressions.len() < wanted {
            let expression = generator.next();
            if plan.only.as_ref().is_none_or(|pattern| glob(pattern, &expression.root)) {
                expressions.push(expression);
            }
        }
        made += wanted;
        servers.set(batch);
        let queries: Vec<String> = expressions.iter().map(Expression::query).collect();
        let expected = servers.postgres.pipelined(&queries);
        let mut kept = Vec::new();
        for (expression, expected) in expressions.into_iter().zip(expected) {
            if usable(&expected) { kept.push((expression, expected)) } else { found.left_out += 1 }
        }
        for mode in &plan.modes {
            let mut judge =
                Judge { found: &mut found, exceptions: &exceptions, mode: *mode, settings: batch };
            match mode {
                Mode::Batch => batch_mode(servers, &kept, &mut judge),
                Mode::View => view_mode(servers, &kept, &mut judge),
                Mode::TextParameters => parameter_mode(servers, &kept, None, &mut judge),
                Mode::BinaryParameters => parameter_mode(servers, &kept, Some(&mut binaries), &mut judge),
            }
        }
        batch += 1;
        progress(made, &found);
    }
    found
}

/// Whether an answer of PostgreSQL's is in scope and says something: it was in time, is not huge, is no array of several
/// dimensions.
fn usable(answer: &Answer) -> bool {
    let size: usize = answer.rows.iter().flatten().flatten().map(Vec::len).sum();
    let out_of_scope =
        |value: &Vec<u8>| value.starts_with(b"{{") || value.starts_with(b"[") && contains(value, b"]={");
    let values = answer.rows.iter().flatten().flatten();
    let late = matches!(answer.state(), LOST | LATE | "57014" | "53200");
    size <= LARGEST && !late && !values.into_iter().any(out_of_scope)
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

struct Judge<'a> {
    found: &'a mut Found,
    exceptions: &'a [Exception],
    mode: Mode,
    settings: usize,
}

impl Judge<'_> {
    fn see(&mut self, root: &str, query: &str, expected: &Answer, given: &Answer) {
        self.found.compared += 1;
        let Some(difference) = compare::difference(expected, given, &None) else { return };
        // What a view does not have yet is said, which is no difference of values.
        // A column of rows is refused there as in PostgreSQL's own views.
        let refused = |state: &str| state == "0A000" || state == "42P16";
        if self.mode == Mode::View && given.failure.as_ref().is_some_and(|failure| refused(&failure.state)) {
            *self.found.excepted.entry("not built in a view".to_owned()).or_default() += 1;
            return;
        }
        let is_null =
            |answer: &Answer| answer.failure.is_none() && answer.rows.iter().flatten().all(Option::is_none);
        let what = match difference {
            Difference::State { .. } if is_null(given) || is_null(expected) => "null",
            Difference::State { .. } if given.failure.is_some() && expected.failure.is_some() => "order",
            Difference::State { .. } => "state",
            Difference::Type { .. } => "type",
            _ => "value",
        };
        let allowed = self.exceptions.iter().find(|own| {
            let is_meant = own.what == what
                || own.what == "any"
                || (own.what == "state" && ["null", "order"].contains(&what));
            is_meant && (glob(&own.pattern, root) || glob(&own.pattern, query))
        });
        if let Some(exception) = allowed {
            *self.found.excepted.entry(exception.pattern.clone()).or_default() += 1;
            return;
        }
        let cause = compare::cause(&difference, given, |oid| oid.to_string());
        self.found.differing.push(Differing {
            mode: self.mode,
            root: root.to_owned(),
            query: query.to_owned(),
            settings: self.settings,
            cause,
            expected: expected.clone(),
            given: given.clone(),
        });
    }
}

fn batch_mode(servers: &mut Servers, kept: &[(Expression, Answer)], judge: &mut Judge<'_>) {
    let queries: Vec<String> = kept.iter().map(|(expression, _)| expression.query()).collect();
    let given = servers.millstream.pipelined(&queries);
    for (((expression, expected), query), given) in kept.iter().zip(&queries).zip(&given) {
        judge.see(&expression.root, query, expected, given);
    }
}

/// Leaves as parameters: in text as they are written, in binary as PostgreSQL itself sends them.
fn parameter_mode(
    servers: &mut Servers,
    kept: &[(Expression, Answer)],
    mut binaries: Option<&mut HashMap<Leaf, Option<Parameter>>>,
    judge: &mut Judge<'_>,
) {
    let mut statements = Vec::new();
    let mut places = Vec::new();
    for (at, (expression, _)) in kept.iter().enumerate() {
        let leaves = expression.leaves();
        if leaves.is_empty() {
            continue;
        }
        let parameter = |leaf: &&Leaf| match binaries.as_deref_mut() {
            Some(binaries) => {
                let known =
                    binaries.entry((*leaf).clone()).or_insert_with(|| binary(&mut servers.postgres, leaf));
                known.clone()
            }
            None => text_parameter(leaf),
        };
        let parameters: Option<Vec<Parameter>> = leaves.iter().map(parameter).collect();
        if let Some(parameters) = parameters {
            statements.push((expression.query_with_parameters(), parameters));
            places.push(at);
        }
    }
    let given = servers.millstream.pipelined_extended(&statements);
    // PostgreSQL's own answer to parameters differs where a leaf is no value of its type, or is seen by the planner.
    let expected = servers.postgres.pipelined_extended(&statements);
    for ((at, given), expected) in places.into_iter().zip(&given).zip(&expected) {
        let (expression, _) = &kept[at];
        if usable(expected) {
            judge.see(&expression.root, &expression.query(), expected, given);
        }
    }
}

/// The type OIDs of leaves.
fn oid_of(type_name: &str) -> Option<u32> {
    thread_local! {
        static OIDS: HashMap<String, u32> = {
            let mut oids = HashMap::new();
            super::catalogs::read(include_str!("recorded/pg_type.tsv"), |entry| {
                if let Ok(oid) = entry.field("oid").parse() {
                    oids.insert(entry.field("name").to_owned(), oid);
                }
            });
            oids
        };
    }
    OIDS.with(|oids| oids.get(type_name).copied())
}

fn text_parameter(leaf: &Leaf) -> Option<Parameter> {
    let value = leaf.value.as_ref().map(|value| value.as_bytes().to_vec());
    Some(Parameter { type_oid: oid_of(&leaf.type_name)?, value, binary: false })
}

/// A leaf in binary, as PostgreSQL sends it; None where it is no value of its type.
fn binary(postgres: &mut Connection, leaf: &Leaf) -> Option<Parameter> {
    let answer = postgres.extended(&format!("SELECT {}", literal(leaf)), &[], true);
    if answer.failure.is_some() {
        return None;
    }
    let value = answer.rows.first()?.first()?.clone();
    Some(Parameter { type_oid: oid_of(&leaf.type_name)?, value, binary: true })
}

/// Expressions as the columns of views over a stream that holds their leaves.
fn view_mode(servers: &mut Servers, kept: &[(Expression, Answer)], judge: &mut Judge<'_>) {
    let (mut together, mut alone) = (Vec::new(), Vec::new());
    for pair in kept {
        let scalar = pair.0.shape == Shape::Scalar && pair.1.failure.is_none();
        if scalar { together.push(pair) } else { alone.push(pair) }
    }
    for pairs in together.chunks(PER_VIEW) {
        if !views_of(servers, pairs, judge) {
            pairs.iter().for_each(|pair| view_of(servers, pair, judge));
        }
    }
    // A view each takes as long as many queries, so of these some stand for all.
    alone.iter().step_by(5).for_each(|pair| view_of(servers, pair, judge));
}

/// One view of many expressions; false where it could not be made or read.
fn views_of(servers: &mut Servers, pairs: &[&(Expression, Answer)], judge: &mut Judge<'_>) -> bool {
    let leaves: Vec<&Leaf> = pairs.iter().flat_map(|(expression, _)| expression.leaves()).collect();
    let mut first = 0;
    let mut columns = Vec::new();
    for (at, (expression, _)) in pairs.iter().enumerate() {
        columns.push(format!("{} AS v{at}", expression.text(Printed::Columns(first))));
        first += expression.leaves().len();
    }
    let given = Stored::new(&leaves, &[], columns.join(", ")).view(&mut servers.millstream);
    if given.failure.is_some() || given.rows.len() != 1 {
        return false;
    }
    for (at, pair) in pairs.iter().enumerate() {
        let (expression, expected) = pair;
        let column = given.columns.as_ref().and_then(|columns| columns.get(at)).cloned();
        let value = given.rows[0].get(at).cloned().flatten();
        let own = Answer {
            columns: column.map(|column| vec![column]),
            rows: vec![vec![value]],
            ..Answer::default()
        };
        match compare::difference(expected, &own, &None) {
            None => judge.see(&expression.root, &expression.query(), expected, &own),
            Some(_) => view_of(servers, pair, judge),
        }
    }
    true
}

/// One view of one expression. What differs is compared with PostgreSQL's answer over a table too: columns are not
/// computed when a query is planned, as constants are, and have types of their own.
fn view_of(servers: &mut Servers, (expression, expected): &(Expression, Answer), judge: &mut Judge<'_>) {
    let leaves = expression.leaves();
    // In a window's or aggregate's view the leaves stay literals: its rows are the stream's.
    let stored = match &expression.shape {
        Shape::Rows(rows) if !rows.is_empty() => {
            Stored::new(&[], rows, format!("{} AS v0", expression.text(Printed::Literals)))
        }
        _ => Stored::new(&leaves, &[], format!("{} AS v0", expression.text(Printed::Columns(0)))),
    };
    let given = stored.view(&mut servers.millstream);
    let over_a_table =
        compare::difference(expected, &given, &None).map(|_| stored.table(&mut servers.postgres));
    judge.see(&expression.root, &expression.query(), over_a_table.as_ref().unwrap_or(expected), &given);
}

/// Rows to be stored, one of leaves or those of an aggregate, and what is selected from them.
struct Stored {
    columns: String,
    rows: String,
    select: String,
}

impl Stored {
    fn new(leaves: &[&Leaf], rows: &[Vec<Leaf>], select: String) -> Stored {
        let mut columns: Vec<String> = Vec::new();
        let mut inserted: Vec<String> = Vec::new();
        if rows.is_empty() {
            columns.push("c0 int4".to_owned());
            columns.extend(
                leaves
                    .iter()
                    .enumerate()
                    .map(|(at, leaf)| format!("c{} {}", at + 1, sql_type(&leaf.type_name))),
            );
            let values: Vec<String> =
                std::iter::once("0".to_owned()).chain(leaves.iter().map(|leaf| literal(leaf))).collect();
            inserted.push(format!("({})", values.join(", ")));
        } else {
            columns.extend(
                rows[0]
                    .iter()
                    .enumerate()
                    .map(|(at, leaf)| format!("x{} {}", at + 1, sql_type(&leaf.type_name))),
            );
            inserted.extend(
                rows.iter()
                    .map(|row| format!("({})", row.iter().map(literal).collect::<Vec<_>>().join(", "))),
            );
        }
        Stored { columns: columns.join(", "), rows: inserted.join(", "), select }
    }

    /// What a view over a stream of the rows holds.
    fn view(&self, millstream: &mut Connection) -> Answer {
        millstream.simple("DROP MATERIALIZED VIEW IF EXISTS generated_view");
        millstream.simple("DROP STREAM IF EXISTS generated");
        let statements = [
            format!("CREATE STREAM generated ({})", self.columns),
            format!("CREATE MATERIALIZED VIEW generated_view AS SELECT {} FROM generated", self.select),
            format!("INSERT INTO generated VALUES {}", self.rows),
            "SELECT * FROM generated_view".to_owned(),
        ];
        last_answer(millstream, &statements)
    }

    /// What PostgreSQL selects from a table of the rows.
    fn table(&self, postgres: &mut Connection) -> Answer {
        postgres.simple("DROP TABLE IF EXISTS generated");
        let statements = [
            format!("CREATE TEMPORARY TABLE generated ({})", self.columns),
            format!("INSERT INTO generated VALUES {}", self.rows),
            format!("SELECT {} FROM generated", self.select),
        ];
        last_answer(postgres, &statements)
    }
}

/// The answer to the last of some statements, or to the first that fails.
fn last_answer(connection: &mut Connection, statements: &[String]) -> Answer {
    let mut answer = Answer::default();
    for sql in statements {
        answer = connection.simple(sql);
        if answer.failure.is_some() {
            break;
        }
    }
    answer
}

/// What a run found, as text: totals, differences by function and by cause, and each difference.
pub fn report(found: &Found, begun: Instant) -> String {
    use std::fmt::Write;
    let mut text = String::new();
    let excepted: usize = found.excepted.values().sum();
    let _ = writeln!(
        text,
        "{} compared, {} different, {excepted} excepted, {} left out, in {:.1} s",
        found.compared,
        found.differing.len(),
        found.left_out,
        begun.elapsed().as_secs_f64()
    );
    for (pattern, count) in &found.excepted {
        let _ = writeln!(text, "excepted {count:>6}  {pattern}");
    }
    let tally = |key: &dyn Fn(&Differing) -> String| {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        found.differing.iter().for_each(|own| *counts.entry(key(own)).or_default() += 1);
        let mut counts: Vec<_> = counts.into_iter().collect();
        counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        counts
    };
    let _ = writeln!(text, "\nby cause");
    for (cause, count) in tally(&|own| format!("{:?}: {}", own.mode, own.cause)) {
        let _ = writeln!(text, "{count:>6}  {cause}");
    }
    let _ = writeln!(text, "\nby function");
    for (root, count) in tally(&|own| own.root.clone()) {
        let _ = writeln!(text, "{count:>6}  {root}");
    }
    let _ = writeln!(text, "\ndifferences");
    let mut shown: HashMap<(String, String), usize> = HashMap::new();
    for own in &found.differing {
        // Of one kind three say as much as a thousand.
        let times = shown.entry((own.root.clone(), own.cause.clone())).or_default();
        *times += 1;
        if *times > 3 {
            continue;
        }
        let _ = writeln!(
            text,
            "== {:?} {} (settings {}): {}",
            own.mode,
            own.root,
            own.settings % SETTINGS.len(),
            own.cause
        );
        let _ = writeln!(text, "{};", own.query);
        let _ = writeln!(
            text,
            "   PostgreSQL  {}\n   Millstream  {}",
            shortly(&own.expected),
            shortly(&own.given)
        );
    }
    text
}

/// An answer on one line.
pub fn shortly(answer: &Answer) -> String {
    if let Some(failure) = &answer.failure {
        return format!("{} {}", failure.state, failure.message);
    }
    let value = |value: &Option<Vec<u8>>| match value {
        None => "NULL".to_owned(),
        Some(bytes) => format!("«{}»", String::from_utf8_lossy(bytes).chars().take(300).collect::<String>()),
    };
    let rows: Vec<String> =
        answer.rows.iter().take(10).map(|row| row.iter().map(value).collect::<Vec<_>>().join(", ")).collect();
    let oids: Vec<String> =
        answer.columns.iter().flatten().map(|column| column.type_oid.to_string()).collect();
    format!("{} : {}", rows.join(" | "), oids.join(", "))
}

/// A recorded line: settings, root, query, SQLSTATE, type, then a value for each row.
fn line(settings: usize, expression: &Expression, expected: &Answer) -> Option<String> {
    let oid =
        expected.columns.as_ref().and_then(|columns| columns.first()).map_or(0, |column| column.type_oid);
    let value = |row: &Vec<Option<Vec<u8>>>| match row.first()? {
        None => Some("\\N".to_owned()),
        Some(bytes) => Some(escaped(std::str::from_utf8(bytes).ok()?)),
    };
    let values: Vec<String> = expected.rows.iter().map(value).collect::<Option<_>>()?;
    let mut fields = vec![
        (settings % SETTINGS.len()).to_string(),
        escaped(&expression.root),
        escaped(&expression.query()),
        expected.state().to_owned(),
        oid.to_string(),
    ];
    fields.extend(values);
    Some(fields.join("\t"))
}

/// Records PostgreSQL's answers to so many expressions, those with long answers left out.
pub fn record(postgres: &mut Connection, seed: u64, count: usize) -> String {
    let mut generator = Generator::new(seed);
    let mut lines = vec!["settings\troot\tquery\tstate\ttype\tvalues".to_owned()];
    let mut batch = 0;
    while lines.len() <= count {
        for sql in settings(batch) {
            postgres.simple(&sql);
        }
        for expression in (0..BATCH / 4).map(|_| generator.next()) {
            let expected = postgres.simple(&expression.query());
            // A second answer that differs says that the first is not the only right one.
            let same = postgres.simple(&expression.query()) == expected;
            let line = line(batch, &expression, &expected).filter(|line| line.len() <= 400);
            if let Some(line) = line.filter(|_| same && usable(&expected) && lines.len() <= count) {
                lines.push(line);
            }
        }
        batch += 1;
    }
    lines.join("\n") + "\n"
}

/// Runs recorded expressions on Millstream alone.
pub fn replay(millstream: &mut Connection, recorded: &str) -> Found {
    let exceptions = exceptions();
    let mut found = Found::default();
    let lines: Vec<Vec<&str>> = recorded.lines().skip(1).map(|line| line.split('\t').collect()).collect();
    for same in lines.chunk_by(|one, other| one[0] == other[0]) {
        let at = same[0][0].parse().unwrap_or(0);
        for sql in settings(at) {
            millstream.simple(&sql);
        }
        let queries: Vec<String> = same.iter().map(|fields| unescaped(fields[2])).collect();
        let given = millstream.pipelined(&queries);
        let mut judge = Judge { found: &mut found, exceptions: &exceptions, mode: Mode::Batch, settings: at };
        for ((fields, query), given) in same.iter().zip(&queries).zip(&given) {
            judge.see(&unescaped(fields[1]), query, &recorded_answer(fields), given);
        }
    }
    found
}

fn recorded_answer(fields: &[&str]) -> Answer {
    if !fields[3].is_empty() {
        return Answer::failed(fields[3], "as recorded");
    }
    let type_oid = fields[4].parse().unwrap_or(0);
    let value = |field: &&str| vec![(*field != "\\N").then(|| unescaped(field).into_bytes())];
    let columns = Some(vec![Column { name: String::new(), type_oid }]);
    Answer { columns, rows: fields[5..].iter().map(value).collect(), ..Answer::default() }
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('\t', "\\t").replace('\n', "\\n").replace('\r', "\\r")
}

fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => match letters.next() {
                Some('t') => plain.push('\t'),
                Some('n') => plain.push('\n'),
                Some('r') => plain.push('\r'),
                Some(other) => plain.push(other),
                None => {}
            },
            _ => plain.push(letter),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_exceptions_each_with_a_reason() {
        let exceptions = exceptions();
        assert!(exceptions.len() <= 30, "{} exceptions", exceptions.len());
        assert!(exceptions.iter().all(|own| !own.reason.is_empty()));
    }

    #[test]
    fn a_seed_makes_the_same_expressions() {
        let queries = |seed| {
            let mut generator = Generator::new(seed);
            (0..500).map(|_| generator.next().query()).collect::<Vec<_>>()
        };
        assert_eq!(queries(7), queries(7));
        assert_ne!(queries(7), queries(8));
    }

    #[test]
    fn recorded_texts_come_back() {
        for text in ["a\tb\nc\\", "\\N", "\\t"] {
            assert_eq!(unescaped(&escaped(text)), text);
        }
    }
}
