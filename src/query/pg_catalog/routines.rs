//! `pg_proc`, `pg_operator`, `pg_cast` and `pg_aggregate`: of PostgreSQL's rows (`data/*.tsv`) those that the registry
//! of functions and the matrix of casts have, and rows of our own for functions that PostgreSQL has not.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use millstream_catalog::SqlType;
use millstream_sql::functions;
use millstream_sql::functions::registry::{Class, Param, Row, Volatility};
use millstream_sql::types::cast::{Context, cast_method};

use super::names::type_text;
use super::table::{Cell, Rows};

const PROC: &str = include_str!("data/pg_proc.tsv");
const OPERATOR: &str = include_str!("data/pg_operator.tsv");
const CAST: &str = include_str!("data/pg_cast.tsv");
const AGGREGATE: &str = include_str!("data/pg_aggregate.tsv");

/// Places in the lines of `pg_proc.tsv`.
mod place {
    pub const OID: usize = 0;
    pub const NAME: usize = 1;
    pub const KIND: usize = 8;
    pub const SET: usize = 12;
    pub const RETURNS: usize = 17;
    pub const ARGUMENTS: usize = 18;
    pub const ALL_ARGUMENTS: usize = 19;
    pub const MODES: usize = 20;
    pub const NAMES: usize = 21;
}

/// Table functions of windows, which the planner knows: name and arguments as text.
const WINDOWS: [&str; 4] = ["tumble", "hop", "cumulate", "session"];
/// The numbers of functions that PostgreSQL has not begin here.
const FIRST_OWN_OID: u32 = 0x6000_0000;

/// A function as the catalogs tell of it.
pub struct Routine {
    /// Its number.
    pub oid: u32,
    /// Its name.
    pub name: &'static str,
    /// As `pg_get_function_result` prints it.
    pub result: String,
    /// As `pg_get_function_arguments` prints them.
    pub arguments: String,
    /// The cells of its row in `pg_proc`, by column.
    cells: Vec<(&'static str, Cell)>,
}

static ROUTINES: LazyLock<Vec<Routine>> = LazyLock::new(routines);
static BY_OID: LazyLock<HashMap<u32, &'static Routine>> =
    LazyLock::new(|| ROUTINES.iter().map(|routine| (routine.oid, routine)).collect());
static BY_NAME: LazyLock<HashMap<&'static str, Vec<u32>>> = LazyLock::new(|| {
    let mut names: HashMap<&'static str, Vec<u32>> = HashMap::new();
    ROUTINES.iter().for_each(|routine| names.entry(routine.name).or_default().push(routine.oid));
    names
});

/// The function of that number.
pub fn routine(oid: u32) -> Option<&'static Routine> {
    BY_OID.get(&oid).copied()
}

/// The numbers of the functions of that name.
pub fn named(name: &str) -> &'static [u32] {
    BY_NAME.get(name).map_or(&[], Vec::as_slice)
}

/// The operator's sign of a number.
pub fn operator_sign(oid: u32) -> Option<&'static str> {
    let mut lines = lines(OPERATOR);
    lines.find_map(|cells| (cells[0].parse() == Ok(oid)).then_some(cells[1]))
}

/// Adds the rows of a relation, if it is one of those here.
pub fn fill(rows: &mut Rows) {
    match rows.name() {
        "pg_proc" => ROUTINES.iter().for_each(|routine| rows.add(routine.cells.iter().cloned())),
        "pg_operator" => load(rows, OPERATOR, operator_is_known),
        "pg_cast" => load(rows, CAST, cast_is_known),
        "pg_aggregate" => load(rows, AGGREGATE, |cells| cells[0].parse().ok().and_then(routine).is_some()),
        _ => {}
    }
}

fn lines(file: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    file.lines().skip(1).map(|line| line.split('\t').collect())
}

fn header(file: &'static str) -> Vec<&'static str> {
    file.lines().next().unwrap_or_default().split('\t').collect()
}

fn load(rows: &mut Rows, file: &'static str, keep: impl Fn(&[&str]) -> bool) {
    let header = header(file);
    for cells in lines(file).filter(|cells| keep(cells)) {
        rows.add(header.iter().copied().zip(cells.into_iter().map(cell)));
    }
}

/// A cell of a file of `COPY … WITH (HEADER)`.
fn cell(text: &str) -> Cell {
    match text {
        "\\N" => Cell::Null,
        text => Cell::Text(text.replace("\\n", "\n").replace("\\\\", "\\")),
    }
}

/// The number of what stands for an argument or a result.
fn oid_of(param: Param) -> u32 {
    match param {
        Param::Of(kind) => kind.oid(),
        Param::ArrayOf(kind) => kind.array_oid(),
        Param::AnyElement => 2283,
        Param::AnyArray => 2277,
        Param::AnyNonArray => 2776,
        Param::AnyCompatible => 5077,
        Param::AnyCompatibleArray => 5078,
        Param::AnyCompatibleNonArray => 5079,
        Param::Any => 2276,
        Param::Record => 2249,
    }
}

fn argument_oids(row: &Row) -> String {
    row.arguments.iter().map(|param| oid_of(*param).to_string()).collect::<Vec<_>>().join(" ")
}

/// Functions that `pg_type` names: how values are read and written.
fn of_types() -> HashSet<u32> {
    let lines = super::relations::PG_TYPE.lines();
    let mut lines = lines.map(|line| line.split('\t').collect::<Vec<_>>());
    let header = lines.next().unwrap_or_default();
    let wanted = |name: &&str| {
        matches!(
            *name,
            "typsubscript"
                | "typinput"
                | "typoutput"
                | "typreceive"
                | "typsend"
                | "typmodin"
                | "typmodout"
                | "typanalyze"
        )
    };
    let places: Vec<usize> = (0..header.len()).filter(|place| wanted(&header[*place])).collect();
    lines
        .flat_map(|cells| places.iter().filter_map(|place| cells[*place].parse().ok()).collect::<Vec<_>>())
        .collect()
}

fn routines() -> Vec<Routine> {
    let registry: Vec<&Row> =
        functions::all().iter().map(AsRef::as_ref).filter(|row| row.class != Class::Operator).collect();
    let signature = |name: &str, arguments: &str| format!("{name}({arguments})");
    let fixed: HashSet<String> = registry
        .iter()
        .filter(|row| !row.variadic)
        .flat_map(|row| {
            // What is left out at the end is a signature of its own in PostgreSQL.
            let oids: Vec<String> = row.arguments.iter().map(|param| oid_of(*param).to_string()).collect();
            (oids.len() - row.defaults.min(oids.len())..=oids.len())
                .map(|count| signature(row.name, &oids[..count].join(" ")))
                .collect::<Vec<_>>()
        })
        .collect();
    let by_name: HashSet<&str> = registry
        .iter()
        .filter(|row| row.variadic)
        .map(|row| row.name)
        .chain(super::functions::names())
        .collect();
    let of_types = of_types();
    // A cast by a function can be written as its call: `float8(x)`.
    let of_casts: HashSet<&str> =
        lines(CAST).filter(|cells| cast_is_known(cells) && cells[3] != "0").map(|cells| cells[3]).collect();
    let header = header(PROC);
    let mut found: Vec<Routine> = lines(PROC)
        .filter(|cells| {
            by_name.contains(cells[place::NAME])
                || fixed.contains(&signature(cells[place::NAME], cells[place::ARGUMENTS]))
                || cells[place::OID].parse().is_ok_and(|oid| of_types.contains(&oid))
                || of_casts.contains(cells[place::OID])
        })
        .filter_map(|cells| known(&header, &cells))
        .collect();
    let there: HashSet<&str> = found.iter().map(|routine| routine.name).collect();
    let own: Vec<Routine> =
        registry.iter().filter(|row| !there.contains(row.name)).map(|row| own(row)).collect();
    found.extend(own);
    found.extend(WINDOWS.map(window));
    // Two signatures of one number cannot be: the first stays.
    let mut seen = HashSet::new();
    found.retain(|routine| seen.insert(routine.oid));
    found
}

/// A line of PostgreSQL's.
fn known(header: &[&'static str], cells: &[&'static str]) -> Option<Routine> {
    let numbers = |place: usize| -> Vec<u32> {
        let words = cells[place].split([' ', ',', '{', '}']);
        words.filter_map(|word| word.parse().ok()).collect()
    };
    let words = |place: usize| -> Vec<&str> {
        match cells[place] {
            "\\N" => vec![],
            text => text.trim_matches(['{', '}']).split(',').map(|word| word.trim_matches('"')).collect(),
        }
    };
    let all = numbers(place::ALL_ARGUMENTS);
    let types = if all.is_empty() { numbers(place::ARGUMENTS) } else { all };
    let (modes, names) = (words(place::MODES), words(place::NAMES));
    let shown: Vec<(String, &str)> = types
        .iter()
        .enumerate()
        .map(|(index, oid)| {
            let mode = modes.get(index).copied().unwrap_or("i");
            let prefix = match mode {
                "o" => "OUT ",
                "b" => "INOUT ",
                "v" => "VARIADIC ",
                _ => "",
            };
            let name = names
                .get(index)
                .filter(|name| !name.is_empty())
                .map_or(String::new(), |name| format!("{name} "));
            (format!("{prefix}{name}{}", type_text(*oid, None)), mode)
        })
        .collect();
    let arguments: Vec<&str> =
        shown.iter().filter(|(_, mode)| *mode != "t").map(|(text, _)| text.as_str()).collect();
    let result = type_text(cells[place::RETURNS].parse().ok()?, None);
    let result = if cells[place::SET] == "t" { format!("SETOF {result}") } else { result };
    Some(Routine {
        oid: cells[place::OID].parse().ok()?,
        name: cells[place::NAME],
        result: if cells[place::KIND] == "p" { String::new() } else { result },
        arguments: arguments.join(", "),
        cells: header.iter().copied().zip(cells.iter().map(|text| cell(text))).collect(),
    })
}

/// A function that PostgreSQL has not.
fn own(row: &Row) -> Routine {
    let arguments = argument_oids(row);
    let (strict, volatility) = (row.strict, row.volatility);
    let shown: Vec<String> = row.arguments.iter().map(|param| type_text(oid_of(*param), None)).collect();
    own_routine(
        row.name,
        (arguments, shown.join(", ")),
        oid_of(row.returns),
        if row.class == Class::Aggregate { "a" } else { "f" },
        row.class == Class::Set,
        (strict, volatility),
    )
}

fn window(name: &'static str) -> Routine {
    let shown = "data relation, time_column descriptor, size interval".to_owned();
    own_routine(name, (String::new(), shown), 2249, "f", true, (true, Volatility::Immutable))
}

fn own_routine(
    name: &'static str,
    (oids, shown): (String, String),
    returns: u32,
    kind: &'static str,
    is_set: bool,
    (strict, volatility): (bool, Volatility),
) -> Routine {
    let letters = name.bytes().chain(oids.bytes());
    let hash = letters.fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    let oid = FIRST_OWN_OID | (hash & 0x0fff_ffff);
    let result = type_text(returns, None);
    let volatile = match volatility {
        Volatility::Immutable => "i",
        Volatility::Stable => "s",
        Volatility::Volatile => "v",
    };
    let count = oids.split(' ').filter(|word| !word.is_empty()).count();
    Routine {
        oid,
        name,
        result: if is_set { format!("SETOF {result}") } else { result },
        arguments: shown,
        cells: vec![
            ("oid", oid.into()),
            ("proname", name.into()),
            ("pronamespace", 11.into()),
            ("proowner", 10.into()),
            ("prolang", 12.into()),
            ("procost", 1.into()),
            ("prokind", kind.into()),
            ("proisstrict", strict.into()),
            ("proretset", is_set.into()),
            ("provolatile", volatile.into()),
            ("proparallel", "s".into()),
            ("pronargs", count.into()),
            ("prorettype", returns.into()),
            ("proargtypes", Cell::Text(oids)),
            ("prosrc", name.into()),
        ],
    }
}

/// Whether an operator is the registry's, or a comparison of types that are built.
fn operator_is_known(cells: &[&str]) -> bool {
    static KNOWN: LazyLock<HashSet<String>> = LazyLock::new(|| {
        let operators = functions::all().iter().filter(|row| row.class == Class::Operator);
        operators.map(|row| format!("{} {}", row.name, argument_oids(row))).collect()
    });
    let (name, left, right) = (cells[1], cells[7], cells[8]);
    let types = if left == "0" { right.to_owned() } else { format!("{left} {right}") };
    let built =
        |oid: &str| oid.parse().ok().and_then(SqlType::by_oid).is_some() || matches!(oid, "2277" | "2249");
    let compares = matches!(name, "=" | "<>" | "<" | "<=" | ">" | ">=") && built(left) && built(right);
    compares || KNOWN.contains(&format!("{name} {types}"))
}

fn cast_is_known(cells: &[&str]) -> bool {
    let built = |oid: &str| oid.parse().ok().and_then(SqlType::by_oid);
    let (Some(from), Some(to)) = (built(cells[1]), built(cells[2])) else { return false };
    from == to || cast_method(&from, &to, Context::Explicit).is_some()
}

#[cfg(test)]
mod tests {
    use millstream_catalog::Kind;

    use super::*;

    #[test]
    fn functions_have_their_numbers_and_signatures() {
        let lower = routine(870).unwrap();
        assert_eq!((lower.name, lower.arguments.as_str(), lower.result.as_str()), ("lower", "text", "text"));
        assert!(named("array_in").contains(&750));
        assert!(!named("tumble").is_empty());
        assert!(ROUTINES.len() > 800);
    }

    #[test]
    fn every_kind_is_a_row_of_pg_type() {
        let oids: HashSet<u32> = super::super::relations::PG_TYPE
            .lines()
            .skip(1)
            .filter_map(|line| line.split('\t').next()?.parse().ok())
            .collect();
        for kind in Kind::ALL {
            assert!(oids.contains(&kind.oid()), "{kind:?}");
            assert!(kind.array_oid() == 0 || oids.contains(&kind.array_oid()), "{kind:?}[]");
        }
    }
}
