//! Runs PostgreSQL's regression scripts on PostgreSQL and on Millstream and compares query by query.
//!
//! ```text
//!  script ─► statements ─┬─ query ──────────► both, compared        ─► Outcome
//!                        ├─ INSERT, COPY, SET, CREATE VIEW ─► both
//!                        ├─ CREATE TABLE, UPDATE, … ─► PostgreSQL, copied by the mirror
//!                        └─ functions, types, … ─► PostgreSQL; what hangs on them is out of scope
//! ```
//!
//! Each script gets a database of its own on PostgreSQL, made from one in which `test_setup.sql` has run, and the
//! settings that PostgreSQL's own runner makes.

use std::collections::HashMap;
use std::path::Path;
use std::time::Duration;

use super::compare::{self, Difference};
use super::mirror::Mirror;
use super::scope::Scope;
use super::script::{self, Statement};
use super::statement::{self, Kind, Token};
use super::wire::{Address, Answer, Connection, LATE, LOST};

/// The scripts that are run, in the order of PostgreSQL's own schedule.
pub const SCRIPTS: [&str; 32] = [
    "boolean",
    "char",
    "varchar",
    "text",
    "int2",
    "int4",
    "int8",
    "float4",
    "float8",
    "numeric",
    "uuid",
    "strings",
    "date",
    "time",
    "timestamp",
    "timestamptz",
    "interval",
    "json",
    "jsonb",
    "arrays",
    "select",
    "select_distinct",
    "select_distinct_on",
    "select_implicit",
    "select_having",
    "aggregates",
    "case",
    "union",
    "subselect",
    "join",
    "window",
    "with",
];

/// The database on PostgreSQL in which `test_setup.sql` has run.
const SETUP: &str = "millstream_regress_setup";
const SESSION: [&str; 3] =
    ["SET TimeZone = 'PST8PDT'", "SET DateStyle = 'Postgres, MDY'", "SET IntervalStyle = 'postgres_verbose'"];
/// How long Millstream has for an answer.
const TIMEOUT: Duration = Duration::from_secs(30);
/// How long PostgreSQL has: without its session a script has no temporary tables.
const POSTGRES_TIMEOUT: Duration = Duration::from_secs(600);

/// What became of a query.
#[derive(Clone, Debug)]
pub enum Outcome {
    Equal,
    OutOfScope(String),
    Different(Box<Different>),
}

/// A query whose answers differ.
#[derive(Clone, Debug)]
pub struct Different {
    pub cause: String,
    pub difference: Difference,
    pub expected: Answer,
    pub given: Answer,
    /// What Millstream said to a relation of the query that it could not make or fill.
    pub setup: Option<String>,
}

/// A query of a script and what became of it.
#[derive(Clone, Debug)]
pub struct Compared {
    pub script: String,
    pub line: usize,
    pub sql: String,
    pub outcome: Outcome,
}

/// A set-up statement that went otherwise on Millstream.
#[derive(Clone, Debug)]
pub struct SetupDifference {
    pub script: String,
    pub line: usize,
    pub sql: String,
    pub expected: String,
    pub given: String,
}

/// All that a run found.
#[derive(Clone, Debug, Default)]
pub struct Found {
    pub compared: Vec<Compared>,
    pub setup: Vec<SetupDifference>,
    /// Statements that are no queries and were not run on Millstream, by reason.
    pub skipped: Vec<(String, usize, String, String)>,
}

/// Both servers' addresses, and the directory with PostgreSQL's scripts.
pub struct Run<'a> {
    pub postgres: Address,
    pub millstream: Address,
    pub scripts: &'a Path,
    /// `STREAM`; `TABLE` where PostgreSQL is compared with itself.
    pub stream: &'static str,
}

impl Run<'_> {
    /// Makes the database with the tables that all scripts use.
    pub fn set_up(&self) -> Result<(), String> {
        let mut server = open(&self.postgres, POSTGRES_TIMEOUT)?;
        server.simple(&format!("DROP DATABASE IF EXISTS {SETUP}"));
        let answer =
            server.simple(&format!("CREATE DATABASE {SETUP} TEMPLATE template0 LOCALE 'C' ENCODING 'UTF8'"));
        if let Some(failure) = answer.failure {
            return Err(format!("PostgreSQL cannot make a database: {}", failure.message));
        }
        let mut own =
            open(&Address { database: SETUP.to_owned(), ..self.postgres.clone() }, POSTGRES_TIMEOUT)?;
        for statement in self.statements("test_setup")? {
            // Its C functions need a library that only a build tree has; what needs them is out of scope.
            own.simple_with_copy(&statement.sql, statement.data.as_deref().unwrap_or_default());
        }
        Ok(())
    }

    /// The statements of a script; COPY from a file of the source tree becomes COPY FROM stdin with the file's lines.
    fn statements(&self, name: &str) -> Result<Vec<Statement>, String> {
        let path = self.scripts.join("sql").join(format!("{name}.sql"));
        let text = std::fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        let directory = self.scripts.to_string_lossy().into_owned();
        let environment = HashMap::from([("PG_ABS_SRCDIR".to_owned(), directory.clone())]);
        let mut statements = script::statements(&String::from_utf8_lossy(&text), &environment);
        for statement in &mut statements {
            let quoted = statement.sql.find(&format!("'{directory}/data/"));
            if let Some(at) = quoted.filter(|_| statement.sql.to_lowercase().starts_with("copy")) {
                let file = statement.sql[at + 1..].trim_end_matches('\'').to_owned();
                statement.data = Some(std::fs::read(&file).map_err(|error| format!("{file}: {error}"))?);
                statement.sql = format!("{}stdin", &statement.sql[..at]);
            }
        }
        Ok(statements)
    }

    /// Runs one script.
    pub fn script(&self, name: &str, found: &mut Found) -> Result<(), String> {
        let database = format!("millstream_regress_{name}");
        let mut server = open(&self.postgres, POSTGRES_TIMEOUT)?;
        server.simple(&format!("DROP DATABASE IF EXISTS {database}"));
        let made = server.simple(&format!("CREATE DATABASE {database} TEMPLATE {SETUP}"));
        if let Some(failure) = made.failure {
            return Err(format!("PostgreSQL cannot make a database: {}", failure.message));
        }
        let mut postgres =
            open(&Address { database: database.clone(), ..self.postgres.clone() }, POSTGRES_TIMEOUT)?;
        let mut millstream = open(&self.millstream, TIMEOUT)?;
        for sql in SESSION {
            postgres.prepare_session(sql);
            millstream.prepare_session(sql);
        }
        let statements = self.statements(name)?;
        let mut runner = Runner {
            name,
            postgres,
            millstream,
            mirror: Mirror::new(self.stream),
            scope: Scope::new(),
            scope_before: Scope::new(),
            in_block: false,
            touched: Vec::new(),
            found,
        };
        runner.mirror.refresh(&mut runner.postgres, &mut runner.millstream);
        for at in 0..statements.len() {
            runner.statement(&statements, at);
        }
        drop(runner);
        server.simple(&format!("DROP DATABASE IF EXISTS {database} WITH (FORCE)"));
        Ok(())
    }
}

fn open(address: &Address, timeout: Duration) -> Result<Connection, String> {
    Connection::open(address, timeout).map_err(|error| format!("{}: {error}", address.host_port))
}

struct Runner<'a> {
    name: &'a str,
    postgres: Connection,
    millstream: Connection,
    mirror: Mirror,
    scope: Scope,
    /// The scope at the beginning of the block: what a block made is gone when it is rolled back.
    scope_before: Scope,
    /// Whether Millstream too is in a transaction block.
    in_block: bool,
    /// The relations that the block has named.
    touched: Vec<String>,
    found: &'a mut Found,
}

impl Runner<'_> {
    fn statement(&mut self, statements: &[Statement], at: usize) {
        let statement = &statements[at];
        let tokens = statement::tokens(&statement.sql);
        let names = self.mirror.named(&tokens);
        if self.postgres.status != b'I' {
            self.touched.extend(names.iter().cloned());
        }
        match statement::kind(&tokens) {
            Kind::Query => self.query(statement, &tokens, &names),
            Kind::Insert(target) | Kind::CopyIn(target) => self.insert(statement, &names, &target),
            Kind::Setting => self.on_both(statement),
            Kind::Session => {
                self.ensure(&names);
                self.on_both(statement);
            }
            Kind::CreateView => self.create_view(statement, &tokens),
            Kind::Begin => self.begin(statements, at),
            Kind::Commit | Kind::Rollback => self.end(statement, &tokens),
            Kind::CreateTable | Kind::Drop => {
                self.only_postgres(statement);
                let new = self.refresh();
                // A table that is made anew under its old name within the statement cannot be told from the old one.
                self.mirror.changed(&names);
                self.ensure(&new);
                let reason = "run on PostgreSQL; its relations are copied";
                self.skip(statement, reason);
            }
            Kind::Change => {
                self.only_postgres(statement);
                self.refresh();
                self.mirror.changed(&names);
                self.skip(
                    statement,
                    "UPDATE, DELETE and the like: run on PostgreSQL; its relations are copied",
                );
            }
            Kind::Internal => {
                self.only_postgres(statement);
                self.refresh();
                self.skip(statement, "indexes, statistics, planner settings: run on PostgreSQL alone");
            }
            Kind::Foreign("EXPLAIN") => self.skip(statement, "EXPLAIN of PostgreSQL's plans"),
            Kind::Foreign(reason) => {
                self.scope.creates(&tokens, reason);
                self.only_postgres(statement);
                self.refresh();
                if reason == "DO" {
                    self.mirror.all_changed();
                }
                self.skip(statement, reason);
            }
        }
    }

    fn refresh(&mut self) -> Vec<String> {
        self.mirror.refresh(&mut self.postgres, &mut self.millstream)
    }

    fn ensure(&mut self, names: &[String]) {
        if self.postgres.status != b'E' {
            self.mirror.ensure(&mut self.postgres, &mut self.millstream, &self.scope, names);
        }
    }

    fn only_postgres(&mut self, statement: &Statement) -> Answer {
        self.postgres.simple_with_copy(&statement.sql, statement.data.as_deref().unwrap_or_default())
    }

    fn skip(&mut self, statement: &Statement, reason: &str) {
        let line = (self.name.to_owned(), statement.line, statement.sql.clone(), reason.to_owned());
        self.found.skipped.push(line);
    }

    fn query(&mut self, statement: &Statement, tokens: &[Token], names: &[String]) {
        self.ensure(names);
        let expected = self.postgres.simple(&statement.sql);
        let unfit = names.iter().find_map(|name| self.mirror.unfit(name).cloned());
        let reason = unfit
            .or_else(|| self.scope.query(tokens))
            .or_else(|| self.scope.answer(&expected))
            .or_else(|| self.not_decided(statement, tokens, &expected));
        let outcome = match reason {
            Some(reason) => Outcome::OutOfScope(reason),
            None => self.compared(statement, tokens, names, expected),
        };
        let sql = statement.sql.clone();
        self.found.compared.push(Compared {
            script: self.name.to_owned(),
            line: statement.line,
            sql,
            outcome,
        });
    }

    fn compared(
        &mut self,
        statement: &Statement,
        tokens: &[Token],
        names: &[String],
        expected: Answer,
    ) -> Outcome {
        let given = self.millstream.simple(&statement.sql);
        if self.in_block && self.millstream.status != self.postgres.status {
            self.leave_block();
        }
        if matches!(given.state(), LOST | LATE) {
            self.in_block = false;
        }
        let keys = statement::sort_keys(tokens);
        match compare::difference(&expected, &given, &keys) {
            None => Outcome::Equal,
            Some(difference) => {
                let failed = |name: &String| Some(format!("{name}: {}", self.mirror.failure(name)?));
                let setup = names.iter().find_map(failed);
                let cause = match &setup {
                    Some(setup) => format!("set-up: {}", compare::beginning(setup)),
                    None => compare::cause(&difference, &given, |oid| self.scope.type_name(oid)),
                };
                Outcome::Different(Box::new(Different { cause, difference, expected, given, setup }))
            }
        }
    }

    /// Why PostgreSQL's own answer is not the only right one: it gives another with other plans, or a moment later.
    fn not_decided(&mut self, statement: &Statement, tokens: &[Token], expected: &Answer) -> Option<String> {
        if expected.failure.is_some() {
            return None;
        }
        let in_block = self.postgres.status == b'T';
        if in_block {
            self.postgres.simple("SAVEPOINT again");
        }
        let plans = [
            "enable_hashagg",
            "enable_hashjoin",
            "enable_indexscan",
            "enable_bitmapscan",
            "statement_timeout",
        ];
        let show = |postgres: &mut Connection, name: &str| {
            postgres.simple(&format!("SHOW {name}")).text(0, 0).unwrap_or_default()
        };
        let before = plans.map(|name| show(&mut self.postgres, name));
        for (name, value) in plans.iter().zip(["off", "off", "off", "off", "3s"]) {
            self.postgres.simple(&format!("SET {name} = '{value}'"));
        }
        let again = self.postgres.simple(&statement.sql);
        if in_block {
            self.postgres.simple("ROLLBACK TO again");
            self.postgres.simple("RELEASE again");
        } else {
            for (name, value) in plans.iter().zip(before) {
                self.postgres.simple(&format!("SET {name} = '{value}'"));
            }
        }
        if again.state() == "57014" {
            // The other plan takes too long to say anything.
            return None;
        }
        compare::difference(expected, &again, &statement::sort_keys(tokens))
            .map(|_| "not decided: PostgreSQL's own answers differ between plans or moments".to_owned())
    }

    fn insert(&mut self, statement: &Statement, names: &[String], target: &str) {
        self.ensure(names);
        let expected = self.only_postgres(statement);
        let targets = [target.to_owned()];
        if !self.mirror.takes_inserts(target) {
            // Rules and triggers may have put rows anywhere.
            self.mirror.all_changed();
            self.skip(statement, "an INSERT into a table with rules of its own; the table is copied");
            return;
        }
        if expected.state().starts_with("23") {
            self.skip(statement, "an INSERT that breaks a constraint");
            return;
        }
        let data = statement.data.as_deref().unwrap_or_default();
        let given = self.millstream.simple_with_copy(&statement.sql, data);
        if self.setup_differs(statement, &expected, &given) {
            self.mirror.changed(&targets);
        }
        if self.in_block && self.millstream.status != self.postgres.status {
            self.leave_block();
        }
    }

    fn on_both(&mut self, statement: &Statement) {
        let expected = self.only_postgres(statement);
        if expected.state() == "25P02" {
            return;
        }
        // A setting outlives a connection that has to be made anew, unless it is one of a block.
        let setting = statement::kind(&statement::tokens(&statement.sql)) == Kind::Setting;
        let given = match setting && self.postgres.status == b'I' {
            true => self.millstream.prepare_session(&statement.sql),
            false => self.millstream.simple(&statement.sql),
        };
        self.setup_differs(statement, &expected, &given);
    }

    fn setup_differs(&mut self, statement: &Statement, expected: &Answer, given: &Answer) -> bool {
        let differs = expected.state() != given.state();
        if differs {
            let said = |answer: &Answer| {
                let failure = answer.failure.as_ref();
                failure.map_or("succeeded".to_owned(), |own| format!("{} {}", own.state, own.message))
            };
            self.found.setup.push(SetupDifference {
                script: self.name.to_owned(),
                line: statement.line,
                sql: statement.sql.clone(),
                expected: said(expected),
                given: said(given),
            });
        }
        differs
    }

    fn create_view(&mut self, statement: &Statement, tokens: &[Token]) {
        let expected = self.only_postgres(statement);
        self.refresh();
        if expected.failure.is_some() {
            return;
        }
        let view = tokens.iter().position(|token| token.is("view")).unwrap_or(0);
        let name =
            tokens[view + 1..].iter().filter_map(Token::word).find(|word| *word != "pg_temp").unwrap_or("");
        let lower = statement.sql.to_lowercase();
        let at = lower.find("view").unwrap_or(0);
        let recursive = if lower[..at].contains("recursive") { "RECURSIVE " } else { "" };
        let sql = format!("CREATE {recursive}{}", &statement.sql[at..]);
        self.mirror.add_view(name, &sql, self.scope.query(&tokens[view + 1..]));
        self.ensure(&[name.to_owned()]);
    }

    /// A block is run as one on Millstream too if it only reads and inserts; else its statements run one by one.
    fn begin(&mut self, statements: &[Statement], at: usize) {
        self.only_postgres(&statements[at]);
        self.scope_before = self.scope.clone();
        let mut names = Vec::new();
        let mut plain = true;
        for statement in &statements[at + 1..] {
            let tokens = statement::tokens(&statement.sql);
            names.extend(self.mirror.named(&tokens));
            match statement::kind(&tokens) {
                Kind::Commit => break,
                Kind::Query | Kind::Insert(_) | Kind::Internal | Kind::Setting | Kind::Session => {}
                Kind::Foreign("EXPLAIN") => {}
                _ => {
                    plain = false;
                    break;
                }
            }
        }
        self.touched = names.clone();
        self.in_block = false;
        if plain {
            self.ensure(&names);
            self.in_block = self.millstream.simple("BEGIN").failure.is_none();
        }
    }

    fn end(&mut self, statement: &Statement, tokens: &[Token]) {
        self.only_postgres(statement);
        let touched = std::mem::take(&mut self.touched);
        if self.in_block {
            self.in_block = false;
            self.millstream.simple(&statement.sql);
        }
        self.refresh();
        if statement::kind(tokens) == Kind::Rollback {
            self.scope = self.scope_before.clone();
            self.mirror.changed(&touched);
        }
    }

    /// Millstream's block has failed and PostgreSQL's has not: it goes on without one.
    fn leave_block(&mut self) {
        self.in_block = false;
        self.millstream.simple("ROLLBACK");
        let touched = self.touched.clone();
        self.mirror.changed(&touched);
    }
}
