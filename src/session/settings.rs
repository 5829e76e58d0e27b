//! Settings of a session: those that change behaviour here, and those that drivers send and Postgres would take.

pub(super) mod table;
mod value;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use millstream_sql::types::environment::{DateStyle, Environment, IntervalStyle, Names};
use millstream_sql::types::zone;
use millstream_sql::{SqlError, SqlState};

use self::table::{Known, find};
use crate::Result;
use crate::engine::ReadConsistency;
use crate::log::Durability;

/// The version of Postgres whose habits we keep: drivers parse it.
pub const SERVER_VERSION: &str = "15.8";

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
        let changed = self.changed.get(&key).map(String::as_str);
        match find(&key) {
            Some(known) => Ok(value::shown(known, changed.unwrap_or(known.default))),
            None => changed.map(str::to_owned).ok_or_else(|| unknown(name)),
        }
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
        if let Some(when) = not_now(known.context) {
            let message = format!("parameter \"{}\" cannot be {when}", known.name);
            return Err(SqlError::new(SqlState::CannotChangeParameter, message).into());
        }
        let value = match value {
            Some(value) if known.kind != "string" && value.eq_ignore_ascii_case("default") => None,
            Some(value) => Some(checked(known, value)?),
            None => None,
        };
        if local {
            self.before_local.entry(key.clone()).or_insert_with(|| self.changed.get(&key).cloned());
        }
        match value {
            // Encodings have many spellings, of which clients are told one.
            Some(_) if known.name == "client_encoding" => drop(self.changed.insert(key, "UTF8".to_owned())),
            Some(value) if known.name == "DateStyle" => {
                let now = DateStyle::read(&self.get("DateStyle")?, Default::default()).unwrap_or_default();
                let (style, order) = DateStyle::read(&value, now).unwrap_or_default();
                drop(self.changed.insert(key, style.text(order)));
            }
            Some(value) if known.name == "TimeZone" && value.eq_ignore_ascii_case("default") => {
                drop(self.changed.remove(&key));
            }
            Some(value) if known.name == "TimeZone" => {
                let text = zone::read_setting(&value).map_or(value, zone::setting_text);
                drop(self.changed.insert(key, text));
            }
            Some(value) => drop(self.changed.insert(key, value)),
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
        for name in ["transaction_read_only", "transaction_isolation", "transaction_deferrable"] {
            self.changed.remove(name);
        }
        let names = table::all().iter().filter(|known| known.reported);
        let differs = |known: &&Known| {
            let key = known.name.to_lowercase();
            before.get(&key) != self.changed.get(&key)
        };
        self.unreported.extend(names.filter(differs).map(|known| known.name.to_owned()));
    }

    /// Whether a boolean setting is on.
    pub fn is_on(&self, name: &str) -> bool {
        self.get(name).is_ok_and(|value| value == "on")
    }

    /// Whether transactions begin as READ ONLY.
    pub fn read_only(&self) -> bool {
        self.is_on("default_transaction_read_only")
    }

    /// All settings, by name.
    pub fn all(&self) -> impl Iterator<Item = Setting<'_>> {
        table::all().iter().map(|known| {
            let changed = self.changed.get(&known.name.to_lowercase());
            let value = changed.map_or(known.default, String::as_str);
            Setting { known, value, is_default: changed.is_none() }
        })
    }

    /// Whether a message of that severity is sent to the client.
    pub fn sends(&self, severity: &str) -> bool {
        let rank = |word: &str| MESSAGES.iter().position(|known| *known == word);
        let least = self.get("client_min_messages").ok().and_then(|word| rank(&word));
        // INFO is what the client has asked for: it is always sent.
        severity == "INFO" || rank(&severity.to_lowercase()) >= least
    }

    /// Those that the client is told at the start.
    pub fn reported(&self) -> Vec<(String, String)> {
        let known = table::all().iter().filter(|known| known.reported);
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
            now_us: Some(now_us),
            statement_us: Some(now_us),
            search_path: self.search_path(),
            names: Names::default(),
        })
    }

    /// `search_path`, as schema names.
    pub fn search_path(&self) -> Vec<String> {
        let path = self.get("search_path").unwrap_or_default();
        let names = path.split(',').map(|name| name.trim().trim_matches('"').to_owned());
        names.filter(|name| !name.is_empty() && name != "$user").collect()
    }
}

/// A setting with its value.
pub struct Setting<'a> {
    /// What it is.
    pub known: &'static Known,
    /// Its value, a number in the setting's unit.
    pub value: &'a str,
    /// Whether nobody has set it.
    pub is_default: bool,
}

impl Setting<'_> {
    /// Its value as SHOW prints it.
    pub fn shown(&self) -> String {
        value::shown(self.known, self.value)
    }
}

/// Severities of messages, the least first, as `client_min_messages` names them.
const MESSAGES: [&str; 10] =
    ["debug5", "debug4", "debug3", "debug2", "debug1", "info", "log", "notice", "warning", "error"];

/// Why a setting of that context cannot be set by a session, as the end of a sentence.
fn not_now(context: &str) -> Option<&'static str> {
    match context {
        "internal" => Some("changed"),
        "postmaster" => Some("changed without restarting the server"),
        "sighup" => Some("changed now"),
        "backend" | "superuser-backend" => Some("set after connection start"),
        _ => None,
    }
}

fn unknown(name: &str) -> crate::Error {
    SqlError::new(SqlState::UndefinedObject, format!("unrecognized configuration parameter \"{name}\""))
        .into()
}

/// A value as it is kept; 22023 for what the setting cannot be.
fn checked(known: &Known, text: &str) -> Result<String> {
    let kept = value::kept(known, text)?;
    let fits = match known.name {
        "client_encoding" => {
            let plain = text.trim_matches('\'').to_lowercase().replace(['-', '_'], "");
            matches!(plain.as_str(), "utf8" | "unicode" | "sqlascii")
        }
        "TimeZone" if !text.eq_ignore_ascii_case("default") => {
            zone::read_setting(text)?;
            true
        }
        // Accepting another value without following it would corrupt what clients send and read.
        "array_nulls" => kept == "on",
        "transform_null_equals" => kept == "off",
        "DateStyle" => DateStyle::read(text, Default::default()).is_some(),
        _ => true,
    };
    if fits {
        return Ok(kept);
    }
    let message = format!("invalid value for parameter \"{}\": \"{text}\"", known.name);
    Err(SqlError::new(SqlState::InvalidParameterValue, message).into())
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
