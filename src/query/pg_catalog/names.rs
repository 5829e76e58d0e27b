//! Numbers and names of objects: which OID an object has, and which object a name or an OID in text means.

use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

use arrow::datatypes::SchemaRef;
use millstream_catalog::{
    DEFAULT_SCHEMA, Definition, Kind, Object, ObjectId, QualifiedName, SqlType, quote_identifier,
};
use millstream_sql::types::environment::ObjectNames;
use millstream_sql::types::names;

use super::table::{self, Spec};
use super::{Facts, routines};

/// OIDs below this are Postgres's own.
const FIRST_USER_OID: u64 = 16384;
/// The relations of schema `millstream` have the numbers from here on.
const FIRST_SYSTEM_OID: u32 = 15000;
/// The type of a relation's rows has the relation's number and this bit.
const FIRST_ROW_TYPE: u32 = 0x2000_0000;
/// The schema of our own system relations.
pub const SYSTEM: &str = "millstream";
/// The role that owns all.
pub const OWNER: u32 = 10;
/// The database. It has this number in every server, as `postgres` has in Postgres.
pub const DATABASE: u32 = 5;
/// The access method that all contents have, by Postgres's name.
pub const HEAP: u32 = 2;

/// A relation as the catalogs show it.
#[derive(Clone)]
pub struct Relation<'a> {
    pub schema: &'a str,
    pub name: &'a str,
    pub oid: u32,
    /// `relkind`: r for a table, v for a view, m for a materialized view.
    pub kind: &'static str,
    pub source: Source<'a>,
}

/// What a relation is.
#[derive(Clone)]
pub enum Source<'a> {
    /// A stream or a view.
    Object(&'a Object),
    /// A relation of schema `millstream`.
    System(&'a SchemaRef),
    /// A relation of Postgres's catalogs.
    Catalog(&'static Spec),
}

/// A column as the catalogs show it.
pub struct ShownColumn<'a> {
    pub name: &'a str,
    /// The number of its type.
    pub type_oid: u32,
    /// `atttypmod`
    pub modifier: i32,
    pub nullable: bool,
    /// Its DEFAULT as `pg_get_expr` prints it.
    pub default: Option<String>,
}

impl Facts {
    /// All relations, those of users first. Sinks are none.
    pub fn relations(&self) -> impl Iterator<Item = Relation<'_>> {
        let objects = self.catalog.objects().filter_map(|object| Relation::of_object(object));
        let system = (0..self.system.len()).filter_map(|index| self.system_relation(index));
        objects.chain(system).chain(table::specs().iter().map(Relation::of_spec))
    }

    fn system_relation(&self, index: usize) -> Option<Relation<'_>> {
        let (name, columns) = self.system.get(index)?;
        let oid = FIRST_SYSTEM_OID + index as u32;
        Some(Relation { schema: SYSTEM, name, oid, kind: "r", source: Source::System(columns) })
    }

    /// The names of all schemas.
    pub fn schemas(&self) -> BTreeSet<&str> {
        let used = self.relations().map(|relation| relation.schema);
        used.chain([DEFAULT_SCHEMA]).collect()
    }

    /// The schemas that a name without one is looked up in; `millstream` comes after them, out of sight.
    pub fn search_path(&self) -> Vec<String> {
        let there = self.schemas();
        self.settings.search_path().into_iter().filter(|name| there.contains(name.as_str())).collect()
    }

    /// The relation of that number.
    pub fn relation(&self, oid: u32) -> Option<Relation<'_>> {
        if let Some(id) = u64::from(oid).checked_sub(FIRST_USER_OID) {
            return Relation::of_object(self.catalog.object(ObjectId(id)).ok()?);
        }
        let system = oid.checked_sub(FIRST_SYSTEM_OID).and_then(|index| self.system_relation(index as usize));
        system.or_else(|| table::specs().iter().find(|spec| spec.oid == oid).map(Relation::of_spec))
    }

    /// The relation of that name, looked up along the search path if it has no schema.
    fn named_relation(&self, schema: Option<&str>, name: &str) -> Option<Relation<'_>> {
        let find = |schema: &str| {
            let object = self.catalog.find(&QualifiedName::new(schema, name));
            let system = || self.system.iter().position(|(known, _)| schema == SYSTEM && *known == name);
            object
                .and_then(|object| Relation::of_object(object))
                .or_else(|| table::spec(schema, name).map(Relation::of_spec))
                .or_else(|| self.system_relation(system()?))
        };
        match schema {
            Some(schema) => find(schema),
            None => find("pg_catalog")
                .or_else(|| self.settings.search_path().iter().find_map(|schema| find(schema))),
        }
    }

    /// Whether a relation is found without its schema.
    pub fn is_visible(&self, oid: u32) -> Option<bool> {
        let relation = self.relation(oid)?;
        Some(self.named_relation(None, relation.name).is_some_and(|found| found.oid == oid))
    }

    /// A relation by name as in text given to `regclass`: `bids`, `public.bids`, `"Bids"`, `16384`.
    pub fn relation_oid(&self, text: &str) -> Option<u32> {
        if let Ok(oid) = text.parse() {
            return Some(oid);
        }
        let parts = identifiers(text)?;
        let relation = match parts.as_slice() {
            [name] => self.named_relation(None, name),
            [schema, name] | [_, schema, name] => self.named_relation(Some(schema), name),
            _ => None,
        };
        relation.map(|relation| relation.oid)
    }

    /// How `regclass` prints a relation: with its schema only where the search path would not find it.
    pub fn relation_text(&self, oid: u32) -> Option<String> {
        let relation = self.relation(oid)?;
        let name = quote_identifier(relation.name);
        Some(match self.is_visible(oid) {
            Some(true) => name,
            _ => format!("{}.{name}", quote_identifier(relation.schema)),
        })
    }
}

impl<'a> Relation<'a> {
    /// None for a sink.
    fn of_object(object: &'a Object) -> Option<Self> {
        let kind = match object.definition {
            Definition::Stream(_) => "r",
            Definition::View(_) => "v",
            Definition::MaterializedView(_) => "m",
            Definition::Sink(_) => return None,
        };
        let oid = relation_oid_of(object.id);
        Some(Relation {
            schema: &object.name.schema,
            name: &object.name.name,
            oid,
            kind,
            source: Source::Object(object),
        })
    }

    fn of_spec(spec: &'static Spec) -> Self {
        Relation {
            schema: spec.schema,
            name: spec.name,
            oid: spec.oid,
            kind: spec.kind,
            source: Source::Catalog(spec),
        }
    }

    /// The number of the type of its rows: none that a relation or a type of PostgreSQL has.
    pub fn row_type(&self) -> u32 {
        FIRST_ROW_TYPE | self.oid
    }

    /// Its columns, in order.
    pub fn columns(&self) -> Vec<ShownColumn<'a>> {
        let plain =
            |name, type_oid| ShownColumn { name, type_oid, modifier: -1, nullable: true, default: None };
        match self.source {
            Source::Object(object) => object
                .columns()
                .iter()
                .map(|column| ShownColumn {
                    name: &column.name,
                    type_oid: column.sql_type.oid(),
                    modifier: column.sql_type.modifier(),
                    nullable: column.nullable,
                    default: column.default.as_deref().map(|text| shown_default(text, &column.sql_type)),
                })
                .collect(),
            Source::System(schema) => schema
                .fields()
                .iter()
                .map(|field| plain(field.name(), SqlType::of_field(field).oid()))
                .collect(),
            Source::Catalog(spec) => spec
                .columns
                .iter()
                .map(|(name, kind)| plain(*name, type_oid_by_name(kind).unwrap_or(25)))
                .collect(),
        }
    }

    /// The query of a view as `pg_get_viewdef` gives it; None for what is no view.
    pub fn definition(&self) -> Option<String> {
        let Source::Object(object) = self.source else { return None };
        let query = match &object.definition {
            Definition::View(view) => &view.query,
            Definition::MaterializedView(view) => &view.query,
            Definition::Stream(_) | Definition::Sink(_) => return None,
        };
        Some(format!(" {};", millstream_sql::text::frames::as_written(query)))
    }
}

/// A DEFAULT as written, or, of a bare string, with the type that it was read as: `'none'::character varying`.
fn shown_default(text: &str, sql_type: &SqlType) -> String {
    let inner = text.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''));
    match inner.map(|inner| inner.replace("''", "")) {
        Some(inner) if !inner.contains('\'') => {
            format!("{text}::{}", names::format_type_with_modifier(&sql_type.plain()))
        }
        _ => text.to_owned(),
    }
}

/// The number of an object of users.
pub fn relation_oid_of(id: ObjectId) -> u32 {
    (FIRST_USER_OID + id.0) as u32
}

/// The number of a schema. Schemas have no ids, so those of users get one that their name decides.
pub fn schema_oid(name: &str) -> u32 {
    match name {
        "pg_catalog" => 11,
        DEFAULT_SCHEMA => 2200,
        "information_schema" => 13207,
        _ => {
            let hash = name
                .bytes()
                .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
            0x4000_0000 | (hash & 0x3fff_ffff)
        }
    }
}

/// Rows of `pg_type` and `pg_proc` as names need them.
struct Numbered {
    names: HashMap<u32, &'static str>,
    oids: HashMap<&'static str, u32>,
}

impl Numbered {
    fn new(file: &'static str) -> Self {
        let rows = file.lines().skip(1).filter_map(|line| {
            let (oid, rest) = line.split_once('\t')?;
            Some((oid.parse().ok()?, rest.split('\t').next()?))
        });
        let names: HashMap<u32, &'static str> = rows.collect();
        let oids = names.iter().map(|(oid, name)| (*name, *oid)).collect();
        Self { names, oids }
    }
}

static TYPES: LazyLock<Numbered> = LazyLock::new(|| Numbered::new(super::relations::PG_TYPE));

/// The number of a type by its name in `pg_type`.
pub fn type_oid_by_name(name: &str) -> Option<u32> {
    TYPES.oids.get(name).copied()
}

/// A type by text as given to `regtype`: `int8`, `bigint`, `text[]`, `pg_catalog.int4`, `20`.
pub fn type_oid(text: &str) -> Option<u32> {
    if let Some(element) = text.trim().strip_suffix("[]") {
        let element = SqlType::by_oid(type_oid(element)?)?.kind()?;
        return Some(element.array_oid()).filter(|oid| *oid != 0);
    }
    // With a schema or in quotes it is a name of pg_type, as in `"pg_catalog"."int4"`.
    if let Some(mut parts) = identifiers(text).filter(|parts| parts.len() > 1 || text.contains('"')) {
        let name = parts.pop()?;
        let known = parts.is_empty() || parts == ["pg_catalog"];
        return TYPES.oids.get(name.as_str()).copied().filter(|_| known);
    }
    let name = text.trim().to_lowercase();
    let unaliased = match name.as_str() {
        "int" => "integer",
        "float" | "double" => "double precision",
        "decimal" => "numeric",
        "timestamp" => "timestamp without time zone",
        "time" => "time without time zone",
        other => other,
    };
    let unaliased = unaliased.split('(').next().unwrap_or(unaliased).trim();
    SqlType::by_name(unaliased).map(|known| known.oid()).or_else(|| TYPES.oids.get(unaliased).copied())
}

/// A type as `format_type` prints it.
pub fn type_text(oid: u32, modifier: Option<i32>) -> String {
    if let Some(known) = SqlType::by_oid(oid) {
        return match modifier {
            Some(modifier) if modifier >= 0 => {
                names::format_type_with_modifier(&known.with_modifier(modifier))
            }
            _ => names::format_type(&known),
        };
    }
    let special = match oid {
        0 => "-",
        1560 => "bit",
        1562 => "bit varying",
        2276 => "\"any\"",
        _ => "",
    };
    match TYPES.names.get(&oid) {
        _ if !special.is_empty() => special.to_owned(),
        Some(name) => match name.strip_prefix('_') {
            Some(element) => format!("{element}[]"),
            None => (*name).to_owned(),
        },
        None => "???".to_owned(),
    }
}

/// A function by text as given to `regproc`, or with its arguments, as given to `regprocedure`. None where there is
/// none, or more than one.
pub fn function_oid(text: &str) -> Option<u32> {
    let (name, arguments) = match text.split_once('(') {
        Some((name, rest)) => (name, Some(rest.trim_end().strip_suffix(')')?)),
        None => (text, None),
    };
    let name = identifiers(name)?.pop()?;
    let Some(arguments) = arguments else {
        return match routines::named(&name) {
            [oid] => Some(*oid),
            _ => None,
        };
    };
    let wanted = arguments.split(',').map(str::trim).filter(|word| !word.is_empty());
    let wanted: Vec<String> = wanted
        .map(|word| type_oid(word).map_or_else(|| word.to_owned(), |oid| type_text(oid, None)))
        .collect();
    let wanted = wanted.join(", ");
    let found = routines::named(&name)
        .iter()
        .find(|oid| routines::routine(**oid).is_some_and(|routine| routine.arguments == wanted));
    found.copied()
}

/// A function's name by its number: with its schema where the name alone would be another's, too.
pub fn function_text(oid: u32) -> Option<String> {
    let name = routines::routine(oid)?.name;
    Some(match routines::named(name) {
        [_] => quote_identifier(name),
        _ => format!("pg_catalog.{}", quote_identifier(name)),
    })
}

impl ObjectNames for Facts {
    fn name(&self, kind: Kind, oid: u32) -> Option<String> {
        match kind {
            Kind::Regclass => self.relation_text(oid),
            Kind::Regtype => match oid.checked_sub(FIRST_ROW_TYPE) {
                Some(relation) => self.relation_text(relation),
                None => Some(type_text(oid, None)).filter(|text| text != "???"),
            },
            Kind::Regproc => function_text(oid),
            Kind::Regprocedure => {
                let routine = routines::routine(oid)?;
                Some(format!("{}({})", quote_identifier(routine.name), routine.arguments.replace(", ", ",")))
            }
            Kind::Regoper | Kind::Regoperator => routines::operator_sign(oid).map(str::to_owned),
            Kind::Regnamespace => {
                self.schemas().into_iter().find(|name| schema_oid(name) == oid).map(quote_identifier)
            }
            Kind::Regrole => (oid == OWNER).then(|| quote_identifier(&self.user)),
            Kind::Regcollation => match oid {
                100 => Some("\"default\"".to_owned()),
                950 => Some("\"C\"".to_owned()),
                951 => Some("\"POSIX\"".to_owned()),
                _ => None,
            },
            _ => None,
        }
    }

    fn number(&self, kind: Kind, text: &str) -> Option<u32> {
        match kind {
            Kind::Regclass => self.relation_oid(text),
            Kind::Regtype => type_oid(text),
            Kind::Regproc | Kind::Regprocedure => function_oid(text),
            Kind::Regnamespace => {
                let name = identifiers(text)?.pop()?;
                self.schemas().contains(name.as_str()).then(|| schema_oid(&name))
            }
            Kind::Regrole => (identifiers(text)?.pop()? == self.user).then_some(OWNER),
            Kind::Regcollation => match identifiers(text)?.pop()?.as_str() {
                "default" => Some(100),
                "C" => Some(950),
                "POSIX" => Some(951),
                _ => None,
            },
            _ => None,
        }
    }
}

/// The identifiers of a dotted name, folded unless they are quoted. None for text that is no name.
pub fn identifiers(text: &str) -> Option<Vec<String>> {
    let mut parts = vec![];
    let mut rest = text.trim();
    loop {
        let part;
        if let Some(quoted) = rest.strip_prefix('"') {
            let mut name = String::new();
            let mut characters = quoted.char_indices().peekable();
            let end = loop {
                match characters.next()? {
                    (_, '"') if characters.peek().is_some_and(|(_, next)| *next == '"') => {
                        characters.next();
                        name.push('"');
                    }
                    (at, '"') => break at + 1,
                    (_, other) => name.push(other),
                }
            };
            part = name;
            rest = quoted[end..].trim_start();
        } else {
            let end = rest.find(|c: char| c == '.' || c.is_whitespace()).unwrap_or(rest.len());
            part = rest[..end].to_lowercase();
            rest = rest[end..].trim_start();
        }
        if part.is_empty() {
            return None;
        }
        parts.push(part);
        match rest.strip_prefix('.') {
            Some(more) => rest = more.trim_start(),
            None => return rest.is_empty().then_some(parts),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_postgres_reads_them() {
        assert_eq!(
            identifiers("Public.\"My \"\"x\"\".y\""),
            Some(vec!["public".into(), "My \"x\".y".into()])
        );
        assert_eq!(identifiers("\"a\" . B "), Some(vec!["a".into(), "b".into()]));
        assert_eq!(identifiers("a..b"), None);
        assert_eq!(identifiers("a b"), None);
        assert_eq!(type_oid("bigint[]"), Some(1016));
        assert_eq!(type_oid("pg_catalog.int4"), Some(23));
        assert_eq!(type_oid("\"pg_catalog\".\"int8\"[]"), Some(1016));
        assert_eq!(type_oid("\"char\""), Some(18));
        assert_eq!(type_oid("public.int4"), None);
        assert_eq!(type_text(1700, Some((10 << 16 | 2) + 4)), "numeric(10,2)");
        assert_eq!(function_oid("pg_catalog.array_in"), Some(750));
    }
}
