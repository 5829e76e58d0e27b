//! Makes typed expressions: every function, operator and cast that is in scope, over the edge values of its types.
//!
//! ```text
//!  Expression ─ parts: text | leaf (type, value)          upper($1)      upper('ß'::text)      upper(c1)
//!             ─ result: its type, as far as it is known   the same parts, printed in three ways
//! ```
//!
//! An expression is kept as text with *leaves*, so that the same one can be printed with literals, with parameters, and
//! with the columns of a stream. The same seed makes the same expressions. Functions take their turns, so that none is
//! left to chance; their arguments are drawn.

use std::collections::BTreeMap;

use super::catalogs::{self, OutOfScope};
use super::values;

/// A literal of a type; None is NULL.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Leaf {
    /// As in `pg_type`: an array of `int4` is `_int4`.
    pub type_name: String,
    pub value: Option<String>,
}

/// A piece of an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    Text(String),
    Leaf(Leaf),
}

/// Where an expression stands in a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// One value.
    Scalar,
    /// A set of rows, in the select list.
    Set,
    /// An aggregate or window function over rows, whose columns are `x1`, `x2`, …
    Rows(Vec<Vec<Leaf>>),
}

/// An expression.
#[derive(Clone, Debug)]
pub struct Expression {
    pub parts: Vec<Part>,
    /// The function, operator or form at its root, under which differences are counted.
    pub root: String,
    pub shape: Shape,
}

/// How the leaves of an expression are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Printed {
    Literals,
    /// `$1`, `$2`, …
    Parameters,
    /// `c1`, `c2`, … counted from a number.
    Columns(usize),
}

impl Expression {
    /// The expression alone; of rows, the part before FROM.
    pub fn text(&self, printed: Printed) -> String {
        let mut leaves = 0;
        let mut text = String::new();
        for part in &self.parts {
            match part {
                Part::Text(piece) => text.push_str(piece),
                Part::Leaf(leaf) => {
                    leaves += 1;
                    match printed {
                        Printed::Literals => text.push_str(&literal(leaf)),
                        Printed::Parameters => text.push_str(&format!("${leaves}")),
                        Printed::Columns(first) => text.push_str(&format!("c{}", first + leaves)),
                    }
                }
            }
        }
        text
    }

    /// The query that gives its answer.
    pub fn query(&self) -> String {
        format!("SELECT {}{}", self.text(Printed::Literals), self.from())
    }

    /// The query over parameters in place of the literals.
    pub fn query_with_parameters(&self) -> String {
        format!("SELECT {}{}", self.text(Printed::Parameters), self.from())
    }

    fn from(&self) -> String {
        let Shape::Rows(rows) = &self.shape else { return String::new() };
        let row = |row: &Vec<Leaf>| format!("({})", row.iter().map(literal).collect::<Vec<_>>().join(", "));
        let rows: Vec<String> = rows.iter().map(row).collect();
        let names: Vec<String> =
            self.row_types().iter().enumerate().map(|(at, _)| format!("x{}", at + 1)).collect();
        format!(" FROM (VALUES {}) v({})", rows.join(", "), names.join(", "))
    }

    /// The types of `x1`, `x2`, … of an aggregate's rows.
    pub fn row_types(&self) -> Vec<String> {
        match &self.shape {
            Shape::Rows(rows) => rows.iter().take(1).flatten().map(|leaf| leaf.type_name.clone()).collect(),
            _ => Vec::new(),
        }
    }

    /// Its leaves in the order of their numbers.
    pub fn leaves(&self) -> Vec<&Leaf> {
        let mut leaves = Vec::new();
        for part in &self.parts {
            if let Part::Leaf(leaf) = part {
                leaves.push(leaf);
            }
        }
        leaves
    }
}

/// A leaf as SQL.
pub fn literal(leaf: &Leaf) -> String {
    match &leaf.value {
        None => format!("NULL::{}", sql_type(&leaf.type_name)),
        Some(value) => format!("{}::{}", quoted(value), sql_type(&leaf.type_name)),
    }
}

/// A text in quotes.
pub fn quoted(value: &str) -> String {
    format!("'{}'", value.replace('\'', "''"))
}

/// A type's name in SQL.
pub fn sql_type(name: &str) -> String {
    match name.strip_prefix('_') {
        Some(element) => format!("{}[]", sql_type(element)),
        None if name == "char" => "\"char\"".to_owned(),
        None => name.to_owned(),
    }
}

/// Random numbers: splitmix64.
#[derive(Clone, Debug)]
pub struct Random(pub u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`, 0 where that is 0.
    pub fn below(&mut self, end: usize) -> usize {
        if end == 0 { 0 } else { (self.next() % end as u64) as usize }
    }

    /// True in so many of a hundred cases.
    pub fn percent(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub(super) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

/// Types that take the place of `anyelement` and its kin.
pub(super) const ANY: [&str; 15] = [
    "int4",
    "text",
    "numeric",
    "float8",
    "bool",
    "date",
    "timestamp",
    "timestamptz",
    "interval",
    "uuid",
    "int8",
    "varchar",
    "int2",
    "bytea",
    "jsonb",
];
/// Functions that are no functions of their arguments, or are about the server, or name things of its catalogs.
const NOT_VALUES: [&str; 30] = [
    "pg_*",
    "has_*",
    "*_description",
    "to_reg*",
    "current_*",
    "session_user",
    "version",
    "set_config",
    "format_type",
    "now",
    "statement_timestamp",
    "transaction_timestamp",
    "clock_timestamp",
    "timeofday",
    "random",
    "gen_random_uuid",
    "inet_*",
    "regclass",
    "nameconcatoid",
    "name",
    "lastval",
    "txid_*",
    "row_to_json",
    "oid",
    "row_security*",
    "setseed",
    "bool",
    "char",
    "bpchar",
    "varchar",
];

/// A function, operator or aggregate of the recorded catalogs.
#[derive(Clone, Debug)]
struct Callable {
    name: String,
    arguments: Vec<String>,
    result: String,
    /// `f` function, `a` aggregate, `w` window function, `o` operator.
    kind: char,
    set: bool,
    variadic: bool,
    defaults: usize,
    /// Of an ordered-set aggregate, the number of direct arguments.
    direct: Option<usize>,
}

/// Makes expressions, one after the other.
pub struct Generator {
    pub(super) random: Random,
    callables: Vec<Callable>,
    /// The callables that give a type, by that type.
    givers: BTreeMap<String, Vec<usize>>,
    turn: usize,
    order: Vec<usize>,
}

impl Generator {
    /// The generator of a seed.
    pub fn new(seed: u64) -> Generator {
        let callables = callables();
        let mut givers: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (at, callable) in callables.iter().enumerate() {
            if matches!(callable.kind, 'f' | 'o') && !callable.set {
                givers.entry(callable.result.clone()).or_default().push(at);
            }
        }
        Generator { random: Random(seed), callables, givers, turn: 0, order: Vec::new() }
    }

    /// The next expression.
    pub fn next(&mut self) -> Expression {
        if self.random.percent(30) {
            return self.form();
        }
        if self.turn == self.order.len() {
            self.turn = 0;
            self.order = (0..self.callables.len()).collect();
            for at in (1..self.order.len()).rev() {
                let other = self.random.below(at + 1);
                self.order.swap(at, other);
            }
        }
        let callable = self.callables[self.order[self.turn]].clone();
        self.turn += 1;
        self.call_of(&callable)
    }

    fn call_of(&mut self, callable: &Callable) -> Expression {
        let root = match callable.kind {
            'o' => format!("{} ({})", callable.name, callable.arguments.join(", ")),
            _ => format!("{}({})", callable.name, callable.arguments.join(", ")),
        };
        match callable.kind {
            'a' => self.aggregate(callable, root),
            'w' => self.window(callable, root),
            _ => {
                let mut parts = Vec::new();
                self.call(callable, 1, &mut parts);
                let shape = if callable.set { Shape::Set } else { Shape::Scalar };
                Expression { parts, root, shape }
            }
        }
    }

    /// A call of a function or operator, its arguments nested `depth` deep at most.
    fn call(&mut self, callable: &Callable, depth: usize, parts: &mut Vec<Part>) {
        let types = self.resolved(&callable.arguments, callable);
        let mut arguments: Vec<Vec<Part>> = Vec::new();
        for (place, type_name) in types.iter().enumerate() {
            let mut argument = Vec::new();
            self.argument(&callable.name, place, type_name, &types, depth, &mut argument);
            arguments.push(argument);
        }
        if callable.kind == 'o' {
            let right = arguments.pop().unwrap_or_default();
            text(parts, "(");
            if let Some(left) = arguments.pop() {
                parts.extend(left);
                text(parts, " ");
            }
            text(parts, &format!("{} ", callable.name));
            parts.extend(right);
            text(parts, ")");
            return;
        }
        // `extract` and `overlaps` are only called by their own syntax; `position` and the like are reserved words.
        let name = match callable.name.as_str() {
            "extract" | "overlaps" | "position" | "substring" | "overlay" | "normalize" | "numeric"
            | "float4" | "float8" | "int2" | "int4" | "int8" | "text" | "date" | "time" | "timestamp"
            | "timestamptz" | "timetz" | "interval" => {
                format!("pg_catalog.\"{}\"", callable.name)
            }
            name => name.to_owned(),
        };
        text(parts, &format!("{name}("));
        for (at, argument) in arguments.into_iter().enumerate() {
            if at > 0 {
                text(parts, ", ");
            }
            parts.extend(argument);
        }
        text(parts, ")");
    }

    /// The types of a call's arguments: defaults left out, variadic ones repeated, polymorphic ones chosen.
    fn resolved(&mut self, declared: &[String], callable: &Callable) -> Vec<String> {
        let mut declared = declared.to_vec();
        let fewer = self.random.below(callable.defaults + 1);
        declared.truncate(declared.len() - fewer);
        let element = (*self.random.pick(&ANY)).to_owned();
        let other = (*self.random.pick(&ANY)).to_owned();
        if callable.variadic
            && let Some(last) = declared.pop()
        {
            let one = last.strip_prefix('_').unwrap_or(&last).to_owned();
            let count = 1 + self.random.below(3);
            declared.extend(std::iter::repeat_n(one, count));
        }
        let mut resolve = |name: &String| match name.as_str() {
            "any" => (*self.random.pick(&ANY)).to_owned(),
            "anyelement" | "anynonarray" | "anycompatible" | "anycompatiblenonarray" => element.clone(),
            "anyarray" | "anycompatiblearray" if values::of_type(&format!("_{element}")).is_empty() => {
                format!("_{}", "int4")
            }
            "anyarray" | "anycompatiblearray" => format!("_{element}"),
            "record" => other.clone(),
            _ => name.clone(),
        };
        let mut types: Vec<String> = declared.iter().map(&mut resolve).collect();
        // An element beside an array is the array's element.
        let array =
            declared.iter().position(|name| matches!(name.as_str(), "anyarray" | "anycompatiblearray"));
        if let Some(at) = array {
            let own = types[at].trim_start_matches('_').to_owned();
            for (name, resolved) in declared.iter().zip(types.iter_mut()) {
                if matches!(
                    name.as_str(),
                    "anyelement" | "anycompatible" | "anynonarray" | "anycompatiblenonarray"
                ) {
                    *resolved = own.clone();
                }
            }
        }
        types
    }

    pub(super) fn argument(
        &mut self,
        function: &str,
        place: usize,
        type_name: &str,
        types: &[String],
        depth: usize,
        parts: &mut Vec<Part>,
    ) {
        let special = match (function, place) {
            ("to_char", 1) => Some(values::formats(&types[0])),
            _ => values::of_argument(function, place, type_name),
        };
        if let Some(special) = special {
            let value =
                if self.random.percent(4) { None } else { Some((*self.random.pick(special)).to_owned()) };
            parts.push(Part::Leaf(Leaf { type_name: type_name.to_owned(), value }));
            return;
        }
        // Sizes and counts are not computed: a random one may be a gigabyte.
        let sized = matches!(
            function,
            "repeat"
                | "lpad"
                | "rpad"
                | "array_fill"
                | "generate_series"
                | "format"
                | "regexp_replace"
                | "factorial"
        );
        if depth > 0
            && !sized
            && self.random.percent(30)
            && let Some(givers) = self.givers.get(type_name)
            && !givers.is_empty()
        {
            let at = *self.random.pick(&givers.clone());
            let callable = self.callables[at].clone();
            self.call(&callable, depth - 1, parts);
            return;
        }
        let leaf = self.leaf(type_name);
        match &leaf.value {
            // A literal without a type: its type follows from the call.
            Some(value) if self.random.percent(6) => text(parts, &bare(value)),
            _ => parts.push(Part::Leaf(leaf)),
        }
    }

    pub(super) fn leaf(&mut self, type_name: &str) -> Leaf {
        let values = values::of_type(type_name);
        let null = values.is_empty() || self.random.percent(7);
        let value = if null { None } else { Some((*self.random.pick(values)).to_owned()) };
        Leaf { type_name: type_name.to_owned(), value }
    }

    pub(super) fn some_type(&mut self) -> String {
        let all = [
            "bool",
            "int2",
            "int4",
            "int8",
            "float4",
            "float8",
            "numeric",
            "text",
            "varchar",
            "bpchar",
            "bytea",
            "date",
            "time",
            "timetz",
            "timestamp",
            "timestamptz",
            "interval",
            "uuid",
            "json",
            "jsonb",
            "_int4",
            "_text",
            "_numeric",
            "_float8",
            "name",
        ];
        (*self.random.pick(&all)).to_owned()
    }

    fn rows(&mut self, types: &[String]) -> Vec<Vec<Leaf>> {
        let count = [0, 1, 2, 3, 3, 4, 6][self.random.below(7)].max(1);
        let mut rows: Vec<Vec<Leaf>> = Vec::new();
        for at in 0..count {
            let again = at > 0 && self.random.percent(15);
            let row = if again {
                rows[at - 1].clone()
            } else {
                types.iter().map(|type_name| self.leaf(type_name)).collect()
            };
            rows.push(row);
        }
        rows
    }

    fn aggregate(&mut self, callable: &Callable, root: String) -> Expression {
        let types = self.resolved(&callable.arguments, callable);
        let direct = callable.direct.unwrap_or(0).min(types.len());
        let mut parts = Vec::new();
        text(&mut parts, &format!("{}(", callable.name));
        for (at, type_name) in types[..direct].iter().enumerate() {
            self.argument(&callable.name, at, type_name, &types, 0, &mut parts);
        }
        let mut columns = types[direct..].to_vec();
        let names: Vec<String> = (1..=columns.len()).map(|at| format!("x{at}")).collect();
        let order = format!("x{}", columns.len() + 1);
        columns.push("int4".to_owned());
        if callable.direct.is_some() {
            let descending = if self.random.percent(30) { " DESC" } else { "" };
            text(&mut parts, &format!(") WITHIN GROUP (ORDER BY {}{descending})", names.join(", ")));
        } else {
            let star = names.is_empty();
            let distinct = !star && names.len() == 1 && self.random.percent(15);
            let list = if star { "*".to_owned() } else { names.join(", ") };
            let ordered = match self.random.below(4) {
                _ if star => String::new(),
                0 if !distinct => format!(" ORDER BY {order} DESC NULLS LAST, x1"),
                1 => " ORDER BY x1".to_owned(),
                _ => String::new(),
            };
            text(&mut parts, &format!("{}{list}{ordered})", if distinct { "DISTINCT " } else { "" }));
        }
        if self.random.percent(15) {
            text(&mut parts, &format!(" FILTER (WHERE {order} > 0)"));
        }
        if callable.direct.is_none()
            && !parts.iter().any(
                |part| matches!(part, Part::Text(own) if own.contains("DISTINCT") || own.contains("ORDER")),
            )
            && self.random.percent(10)
        {
            text(&mut parts, &format!(" OVER (ORDER BY {order}, x1)"));
        }
        let shape = Shape::Rows(self.rows(&columns));
        Expression { parts, root, shape }
    }

    fn window(&mut self, callable: &Callable, root: String) -> Expression {
        let types = self.resolved(&callable.arguments, callable);
        let mut parts = Vec::new();
        let over_column =
            matches!(callable.name.as_str(), "lag" | "lead" | "first_value" | "last_value" | "nth_value");
        let first =
            if over_column { types.first().cloned().unwrap_or("int4".to_owned()) } else { "int4".to_owned() };
        text(&mut parts, &format!("{}(", callable.name));
        for (at, type_name) in types.iter().enumerate() {
            if at > 0 {
                text(&mut parts, ", ");
            }
            if at == 0 && over_column {
                text(&mut parts, "x1");
            } else {
                self.argument(&callable.name, at, type_name, &types, 0, &mut parts);
            }
        }
        let frame = [
            "",
            " ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING",
            " RANGE BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING",
            " GROUPS 1 PRECEDING",
        ];
        let frame = *self.random.pick(&frame);
        let order = if first.starts_with('_') || matches!(first.as_str(), "json") { "x2" } else { "x2, x1" };
        text(&mut parts, &format!(") OVER (ORDER BY {order}{frame})"));
        let shape = Shape::Rows(self.rows(&[first, "int4".to_owned()]));
        Expression { parts, root, shape }
    }
}

pub(super) fn text(parts: &mut Vec<Part>, piece: &str) {
    if let Some(Part::Text(last)) = parts.last_mut() {
        last.push_str(piece);
    } else {
        parts.push(Part::Text(piece.to_owned()));
    }
}

/// A literal without a type: a number as a number, else quoted.
fn bare(value: &str) -> String {
    let digits = value.trim_start_matches('-');
    let number = !digits.is_empty() && digits.chars().all(|letter| letter.is_ascii_digit() || letter == '.');
    if number && !digits.starts_with('.') && digits.matches('.').count() < 2 {
        format!("({value})")
    } else {
        quoted(value)
    }
}

/// The functions, operators and aggregates that are in scope and whose arguments have values.
fn callables() -> Vec<Callable> {
    let list = OutOfScope::recorded();
    let mut found = Vec::new();
    let mut direct: BTreeMap<(String, String), usize> = BTreeMap::new();
    catalogs::read(include_str!("recorded/pg_aggregate.tsv"), |entry| {
        if entry.field("kind") == "o" {
            let key = (entry.field("name").to_owned(), entry.field("arguments").to_owned());
            direct.insert(key, entry.field("direct").parse().unwrap_or(0));
        }
    });
    catalogs::read(include_str!("recorded/pg_proc.tsv"), |entry| {
        let name = entry.field("name");
        let skipped = NOT_VALUES.iter().any(|pattern| catalogs::glob(pattern, name))
            || entry.field("volatility") == "v";
        if skipped
            || list.function(entry).is_some()
            || name == "age" && !entry.field("arguments").contains(' ')
        {
            return;
        }
        let arguments: Vec<String> =
            entry.field("arguments").split(' ').filter(|own| !own.is_empty()).map(str::to_owned).collect();
        if !arguments.iter().all(|own| has_values(own)) {
            return;
        }
        let key = (name.to_owned(), entry.field("arguments").to_owned());
        found.push(Callable {
            name: name.to_owned(),
            arguments,
            result: entry.field("result").to_owned(),
            kind: entry.field("kind").chars().next().unwrap_or('f'),
            set: entry.field("set") == "t",
            variadic: !entry.field("variadic").is_empty(),
            defaults: entry.field("defaults").parse().unwrap_or(0),
            direct: direct.get(&key).copied(),
        });
    });
    catalogs::read(include_str!("recorded/pg_operator.tsv"), |entry| {
        let arguments: Vec<String> = [entry.field("left"), entry.field("right")]
            .iter()
            .filter(|own| !own.is_empty())
            .map(|own| (*own).to_owned())
            .collect();
        if list.operator(entry).is_some() || !arguments.iter().all(|own| has_values(own)) {
            return;
        }
        found.push(Callable {
            name: entry.field("name").to_owned(),
            arguments,
            result: entry.field("result").to_owned(),
            kind: 'o',
            set: false,
            variadic: false,
            defaults: 0,
            direct: None,
        });
    });
    found
}

fn has_values(type_name: &str) -> bool {
    let polymorphic = [
        "any",
        "anyelement",
        "anyarray",
        "anynonarray",
        "anycompatible",
        "anycompatiblearray",
        "anycompatiblenonarray",
    ];
    polymorphic.contains(&type_name) || !values::of_type(type_name).is_empty()
}
