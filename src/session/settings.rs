//! Settings of a session: those that change behaviour here, and those that drivers send and Postgres would take.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use millstream_sql::types::environment::{DateStyle, Environment, IntervalStyle};
use millstream_sql::types::zone;
use millstream_sql::{SqlError, SqlState};

use crate::Result;
use crate::engine::ReadConsistency;
use crate::log::Durability;

/// A setting: name, default, what it does, whether the client is told when it changes, whether it is read-only.
struct Known {
    name: &'static str,
    default: &'static str,
    description: &'static str,
    reported: bool,
    fixed: bool,
}

const fn known(name: &'static str, default: &'static str, description: &'static str) -> Known {
    Known { name, default, description, reported: false, fixed: false }
}

const fn reported(name: &'static str, default: &'static str, description: &'static str) -> Known {
    Known { name, default, description, reported: true, fixed: false }
}

const fn fixed(name: &'static str, default: &'static str, description: &'static str) -> Known {
    Known { name, default, description, reported: true, fixed: true }
}

/// The version of Postgres whose habits we keep: drivers parse it.
pub const SERVER_VERSION: &str = "15.8";

const KNOWN: &[Known] = &[
    reported("application_name", "", "name of the client, for SHOW and logs"),
    reported("client_encoding", "UTF8", "only UTF8"),
    known("client_min_messages", "notice", "lowest severity of notices that are sent"),
    reported("DateStyle", "ISO, MDY", "how dates are written, and the order of their fields"),
    known("default_table_access_method", "heap", "as Postgres says"),
    known("default_transaction_isolation", "serializable", "always strictly serializable"),
    known("default_transaction_read_only", "off", "whether transactions may write"),
    known("extra_float_digits", "1", "digits of floats: 1 and more for the digits that they need, less for 15 digits and fewer"),
    known("idle_in_transaction_session_timeout", "0", "taken and not used"),
    fixed("in_hot_standby", "off", "this is no standby"),
    fixed("integer_datetimes", "on", "timestamps are 64-bit microseconds"),
    reported("IntervalStyle", "postgres", "how intervals are written"),
    known("lock_timeout", "0", "taken and not used: there are no locks"),
    known(
        "millstream.read_consistency",
        "strict",
        "strict: a read sees every commit acknowledged before it; eventual: the newest finished version",
    ),
    known("search_path", "public", "schemas in which unqualified names are looked up"),
    fixed("server_encoding", "UTF8", "always UTF8"),
    fixed("server_version", SERVER_VERSION, "the version of Postgres whose protocol and habits are kept"),
    fixed("server_version_num", "150008", "the same as a number"),
    fixed("is_superuser", "on", "there are no roles yet"),
    reported("standard_conforming_strings", "on", "backslashes in '…' are plain"),
    known("statement_timeout", "0", "longest time that a statement may take, 0 for none"),
    known(
        "synchronous_commit",
        "on",
        "off acknowledges before the sync; readers never see past it either way",
    ),
    reported("TimeZone", "UTC", "the zone that timestamps are shown in"),
    known("transaction_isolation", "serializable", "always strictly serializable"),
    known("transaction_read_only", "off", "whether the transaction may write"),
    known("bytea_output", "hex", "how bytea is written"),
    known("jit", "off", "taken and not used"),
    known("row_security", "off", "taken and not used"),
    known("max_identifier_length", "63", "as Postgres says"),
    known("lc_collate", "C", "text compares by bytes"),
    known("lc_ctype", "C", "text compares by bytes"),
    known("session_authorization", "", "taken and not used"),
];

/// The settings of one session.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Settings {
    changed: BTreeMap<String, String>,
    before_local: BTreeMap<String, Option<String>>,
    /// What ROLLBACK goes back to.
    before_transaction: Option<BTreeMap<String, String>>,
    unreported: Vec<String>,
}

impl Settings {
    /// The value of a setting, by name in any case; 42704 when there is none.
    pub fn get(&self, name: &str) -> Result<String> {
        let key = name.to_lowercase();
        if let Some(value) = self.changed.get(&key) {
            return Ok(value.clone());
        }
        find(&key).map(|known| known.default.to_owned()).ok_or_else(|| unknown(name))
    }

    /// Sets or, with None, resets. `local` holds until the transaction ends.
    pub fn set(&mut self, name: &str, value: Option<&str>, local: bool) -> Result<()> {
        let key = name.to_lowercase();
        let Some(known) = find(&key) else {
            // Settings of extensions are taken, as Postgres does; our own are checked.
            if key.contains('.') && !key.starts_with("millstream.") {
                self.changed.insert(key, value.unwrap_or_default().to_owned());
                return Ok(());
            }
            return Err(unknown(name));
        };
        if known.fixed {
            let message = format!("parameter \"{}\" cannot be changed", known.name);
            return Err(SqlError::new(SqlState::ObjectNotInPrerequisiteState, message).into());
        }
        if let Some(value) = value {
            check(known.name, value)?;
        }
        if local {
            self.before_local.entry(key.clone()).or_insert_with(|| self.changed.get(&key).cloned());
        }
        match value {
            // Encodings have many spellings, of which clients are told one.
            Some(_) if known.name == "client_encoding" => drop(self.changed.insert(key, "UTF8".to_owned())),
            Some(value) if known.name == "DateStyle" => {
                let now = DateStyle::read(&self.get("DateStyle")?, Default::default()).unwrap_or_default();
                let (style, order) = DateStyle::read(value, now).unwrap_or_default();
                drop(self.changed.insert(key, style.text(order)));
            }
            Some(value) if known.name == "TimeZone" && !value.eq_ignore_ascii_case("default") => {
                let text = zone::read_setting(value).map_or_else(|_| value.to_owned(), zone::setting_text);
                drop(self.changed.insert(key, text));
            }
            Some(value) if value.eq_ignore_ascii_case("default") => drop(self.changed.remove(&key)),
            Some(value) => drop(self.changed.insert(key, value.to_owned())),
            None => drop(self.changed.remove(&key)),
        }
        if known.reported {
            self.unreported.push(known.name.to_owned());
        }
        Ok(())
    }

    /// Back to the defaults.
    pub fn reset_all(&mut self) {
        let names = std::mem::take(&mut self.changed).into_keys();
        self.unreported
            .extend(names.filter_map(|key| find(&key)).filter(|k| k.reported).map(|k| k.name.to_owned()));
    }

    /// BEGIN: a ROLLBACK undoes what is SET from here on.
    pub fn begin_transaction(&mut self) {
        self.before_transaction = Some(self.changed.clone());
    }

    /// The transaction ends: SET LOCAL is undone; SET, too, unless it was committed.
    pub fn end_transaction(&mut self, committed: bool) {
        let before = self.changed.clone();
        for (key, value) in std::mem::take(&mut self.before_local) {
            match value {
                Some(value) => drop(self.changed.insert(key, value)),
                None => drop(self.changed.remove(&key)),
            }
        }
        match self.before_transaction.take() {
            Some(saved) if !committed => self.changed = saved,
            _ => {}
        }
        self.changed.remove("transaction_read_only");
        let names = KNOWN.iter().filter(|known| known.reported);
        let differs = |known: &&Known| {
            let key = known.name.to_lowercase();
            before.get(&key) != self.changed.get(&key)
        };
        self.unreported.extend(names.filter(differs).map(|known| known.name.to_owned()));
    }

    /// Whether a boolean setting is on.
    pub fn is_on(&self, name: &str) -> bool {
        self.get(name).is_ok_and(|value| boolean(&value) == Some(true))
    }

    /// Whether transactions begin as READ ONLY.
    pub fn read_only(&self) -> bool {
        self.is_on("default_transaction_read_only")
    }

    /// Name, value and description of each, by name.
    pub fn all(&self) -> Vec<(String, String, String)> {
        let mut all: Vec<_> = KNOWN
            .iter()
            .map(|known| {
                let value = self.changed.get(&known.name.to_lowercase());
                let value = value.map_or(known.default, String::as_str).to_owned();
                (known.name.to_owned(), value, known.description.to_owned())
            })
            .collect();
        all.sort();
        all
    }

    /// Those that the client is told at the start.
    pub fn reported(&self) -> Vec<(String, String)> {
        let known = KNOWN.iter().filter(|known| known.reported);
        known.filter_map(|known| Some((known.name.to_owned(), self.get(known.name).ok()?))).collect()
    }

    /// Those that the client is to be told now.
    pub fn take_changed(&mut self) -> Vec<(String, String)> {
        let names = std::mem::take(&mut self.unreported);
        names.into_iter().filter_map(|name| Some((name.clone(), self.get(&name).ok()?))).collect()
    }

    /// `synchronous_commit`.
    pub fn durability(&self) -> Durability {
        match self.get("synchronous_commit").as_deref() {
            Ok("off") => Durability::Async,
            _ => Durability::Sync,
        }
    }

    /// `millstream.read_consistency`.
    pub fn read_consistency(&self) -> ReadConsistency {
        match self.get("millstream.read_consistency").as_deref() {
            Ok("eventual") => ReadConsistency::Eventual,
            _ => ReadConsistency::Strict,
        }
    }

    /// `statement_timeout`; None for none.
    pub fn statement_timeout(&self) -> Option<Duration> {
        let text = self.get("statement_timeout").ok()?;
        parse_duration(&text).filter(|timeout| !timeout.is_zero())
    }

    /// The settings that values are read, printed and computed under; `now_us` is the time of the statement.
    pub fn environment(&self, now_us: i64) -> Arc<Environment> {
        let text = |name: &str| self.get(name).unwrap_or_default();
        let (date_style, date_order) =
            DateStyle::read(&text("DateStyle"), Default::default()).unwrap_or_default();
        let digits = text("extra_float_digits").trim().parse::<i32>().unwrap_or(1);
        Arc::new(Environment {
            zone: zone::read_setting(&text("TimeZone")).unwrap_or_default(),
            date_style,
            date_order,
            interval_style: IntervalStyle::read(&text("IntervalStyle")).unwrap_or_default(),
            float_digits: (digits <= 0).then_some(digits),
            bytea_escape: text("bytea_output").eq_ignore_ascii_case("escape"),
            now_us,
            search_path: self.search_path(),
        })
    }

    /// `search_path`, as schema names.
    pub fn search_path(&self) -> Vec<String> {
        let path = self.get("search_path").unwrap_or_default();
        let names = path.split(',').map(|name| name.trim().trim_matches('"').to_owned());
        names.filter(|name| !name.is_empty() && name != "$user").collect()
    }
}

fn find(key: &str) -> Option<&'static Known> {
    KNOWN.iter().find(|known| known.name.eq_ignore_ascii_case(key))
}

fn unknown(name: &str) -> crate::Error {
    SqlError::new(SqlState::UndefinedObject, format!("unrecognized configuration parameter \"{name}\""))
        .into()
}

fn check(name: &str, value: &str) -> Result<()> {
    let fits = match name {
        "statement_timeout" => parse_duration(value).is_some(),
        "millstream.read_consistency" => matches!(value, "strict" | "eventual"),
        "synchronous_commit" => matches!(value, "on" | "off" | "local" | "remote_write" | "remote_apply"),
        "client_encoding" => {
            matches!(value.trim_matches('\'').to_lowercase().replace('-', "").as_str(), "utf8" | "unicode")
        }
        "TimeZone" => value.eq_ignore_ascii_case("default") || zone::read_setting(value).is_ok(),
        "extra_float_digits" => value.trim().parse::<i32>().is_ok_and(|digits| (-15..=3).contains(&digits)),
        "client_min_messages" => matches!(
            value.trim_matches('\'').to_lowercase().as_str(),
            "debug5" | "debug4" | "debug3" | "debug2" | "debug1" | "debug" | "info" | "log" | "notice"
                | "warning" | "error" | "default"
        ),
        "transaction_read_only" | "default_transaction_read_only" => boolean(value).is_some(),
        // Accepting another value without following it would corrupt what clients send and read.
        "standard_conforming_strings" => boolean(value) == Some(true),
        "DateStyle" => DateStyle::read(value, Default::default()).is_some(),
        "IntervalStyle" => IntervalStyle::read(value).is_some(),
        "bytea_output" => matches!(value.to_lowercase().as_str(), "hex" | "escape" | "default"),
        _ => true,
    };
    if fits {
        return Ok(());
    }
    let message = format!("invalid value for parameter \"{name}\": \"{value}\"");
    let error = SqlError::new(SqlState::InvalidParameterValue, message);
    Err(match name {
        "millstream.read_consistency" => error.with_hint("available values: strict, eventual").into(),
        _ => error.into(),
    })
}

fn boolean(value: &str) -> Option<bool> {
    match value.trim_matches('\'').to_lowercase().as_str() {
        "on" | "true" | "yes" | "1" | "default" => Some(true),
        "off" | "false" | "no" | "0" => Some(false),
        _ => None,
    }
}

/// A duration as Postgres reads settings: a number of milliseconds, or a number with ms, s, min, h.
pub fn parse_duration(text: &str) -> Option<Duration> {
    let text = text.trim().trim_matches('\'');
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let number: u64 = text[..digits].parse().ok()?;
    let millis = match text[digits..].trim() {
        "" | "ms" => 1,
        "s" => 1_000,
        "min" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => return None,
    };
    number.checked_mul(millis).map(Duration::from_millis)
}
