//! The settings there are: PostgreSQL 15's (`postgres.tsv`, the rows of its `pg_settings`), ours, and where our
//! defaults differ. Which of them have an effect here is for their readers to say; all are taken with PostgreSQL's
//! checks, so that what tools send neither fails nor passes for a typo.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::SERVER_VERSION;

/// A setting.
#[derive(Debug)]
pub struct Known {
    /// Its name, in the case that PostgreSQL shows.
    pub name: &'static str,
    /// Its default, numbers in the unit.
    pub default: &'static str,
    /// The unit of a number: `kB`, `ms`; empty for none.
    pub unit: &'static str,
    /// The chapter it belongs to.
    pub category: &'static str,
    /// What it does.
    pub description: &'static str,
    /// Who may set it: `internal`, `postmaster`, `sighup`, `backend`, `superuser-backend`, `superuser`, `user`.
    pub context: &'static str,
    /// `bool`, `integer`, `real`, `string` or `enum`.
    pub kind: &'static str,
    /// The least number; empty for none.
    pub min: &'static str,
    /// The greatest number; empty for none.
    pub max: &'static str,
    /// The values of an enum.
    pub values: Vec<&'static str>,
    /// Whether the client is told when it changes.
    pub reported: bool,
}

/// Settings that the client is told of at the start and at each change (PostgreSQL's GUC_REPORT).
const REPORTED: [&str; 12] = [
    "application_name",
    "client_encoding",
    "DateStyle",
    "default_transaction_read_only",
    "in_hot_standby",
    "integer_datetimes",
    "IntervalStyle",
    "is_superuser",
    "server_encoding",
    "server_version",
    "standard_conforming_strings",
    "TimeZone",
];

/// A setting's name as PostgreSQL writes it, and so as SHOW names its column.
pub fn written(name: &str) -> &str {
    REPORTED.into_iter().find(|known| known.eq_ignore_ascii_case(name)).unwrap_or(name)
}

/// Defaults that are not PostgreSQL's.
const DEFAULTS: [(&str, &str); 18] = [
    ("application_name", ""),
    ("client_encoding", "UTF8"),
    ("DateStyle", "ISO, MDY"),
    ("default_transaction_isolation", "serializable"),
    ("in_hot_standby", "off"),
    ("integer_datetimes", "on"),
    ("jit", "off"),
    ("lc_collate", "C"),
    ("lc_ctype", "C"),
    ("lc_messages", "C"),
    ("lc_monetary", "C"),
    ("lc_numeric", "C"),
    ("lc_time", "C"),
    ("search_path", "public"),
    ("server_encoding", "UTF8"),
    ("server_version", SERVER_VERSION),
    ("server_version_num", "150008"),
    ("TimeZone", "UTC"),
];

/// Settings that PostgreSQL's view leaves out, and our own: name, default, kind, context, description, values.
#[rustfmt::skip]
const MORE: [(&str, &str, &str, &str, &str, &[&str]); 8] = [
    ("is_superuser", "on", "bool", "internal", "there are no roles yet", &[]),
    ("millstream.read_consistency", "strict", "enum", "user",
        "strict: a read sees every commit acknowledged before it; eventual: the newest finished version",
        &["strict", "eventual"]),
    ("role", "none", "string", "user", "the current role", &[]),
    ("seed", "0", "real", "user", "the seed of random()", &[]),
    ("session_authorization", "", "string", "user", "the user of the session", &[]),
    ("transaction_deferrable", "off", "bool", "user", "taken and not used", &[]),
    ("transaction_isolation", "serializable", "enum", "user", "always strictly serializable",
        &["serializable", "repeatable read", "read committed", "read uncommitted"]),
    ("transaction_read_only", "off", "bool", "user", "whether the transaction may write", &[]),
];

static KNOWN: LazyLock<Vec<Known>> = LazyLock::new(|| {
    let lines = include_str!("postgres.tsv").lines().skip(1);
    let more = MORE.iter().map(|(name, default, kind, context, description, values)| Known {
        name,
        default,
        unit: "",
        category: if name.starts_with("millstream.") { "Millstream" } else { "Client Connection Defaults" },
        description,
        context,
        kind,
        min: "",
        max: "",
        values: values.to_vec(),
        reported: REPORTED.contains(name),
    });
    let mut known: Vec<Known> = lines.filter_map(read).chain(more).collect();
    known.sort_by_key(|known| known.name.to_lowercase());
    known
});

static BY_NAME: LazyLock<HashMap<String, &'static Known>> =
    LazyLock::new(|| KNOWN.iter().map(|known| (known.name.to_lowercase(), known)).collect());

/// All settings, by name.
pub fn all() -> &'static [Known] {
    &KNOWN
}

/// The setting of a name in lower case.
pub fn find(key: &str) -> Option<&'static Known> {
    BY_NAME.get(key).copied()
}

fn read(line: &'static str) -> Option<Known> {
    let mut cells = line.split('\t');
    let mut cell = || cells.next();
    let (name, default) = (cell()?, cell()?);
    let (unit, category, description) = (cell()?, cell()?, cell()?);
    let (context, kind, min, max) = (cell()?, cell()?, cell()?, cell()?);
    let values = cell()?.split(',').filter(|value| !value.is_empty()).collect();
    let ours = DEFAULTS.iter().find(|(ours, _)| *ours == name);
    let default = ours.map_or(default, |(_, default)| default);
    let reported = REPORTED.contains(&name);
    Some(Known { name, default, unit, category, description, context, kind, min, max, values, reported })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_that_is_treated_apart_is_a_setting() {
        for name in REPORTED.iter().chain(DEFAULTS.iter().map(|(name, _)| name)) {
            assert!(find(&name.to_lowercase()).is_some_and(|known| known.name == *name), "{name}");
        }
        assert!(all().len() > 300);
        assert_eq!(find("max_index_keys").map(|known| known.default), Some("32"));
    }
}
