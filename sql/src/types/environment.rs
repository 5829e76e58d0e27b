//! The settings that values are read, printed and computed under: what a session says with SET, and what a view took
//! at its CREATE.

use std::collections::BTreeMap;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use chrono_tz::Tz;
use millstream_catalog::Kind;

use super::zone;
use crate::error::{SqlError, SqlResult, SqlState};

/// The order of the fields of a date like `01/02/03`, and the style in which dates are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum DateOrder {
    /// Month, day, year: PostgreSQL's default.
    #[default]
    Mdy,
    /// Day, month, year.
    Dmy,
    /// Year, month, day.
    Ymd,
}

/// How dates and timestamps are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum DateStyle {
    /// `1997-12-17 07:37:16-08`
    #[default]
    Iso,
    /// `12/17/1997 07:37:16.00 PST`
    Sql,
    /// `Wed Dec 17 07:37:16 1997 PST`
    Postgres,
    /// `17.12.1997 07:37:16.00 PST`
    German,
}

/// How intervals are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum IntervalStyle {
    /// `1 year 2 mons 3 days 04:05:06`
    #[default]
    Postgres,
    /// `@ 1 year 2 mons 3 days 4 hours 5 mins 6 secs`
    PostgresVerbose,
    /// `+1-2 +3 +4:05:06`
    SqlStandard,
    /// `P1Y2M3DT4H5M6S`
    Iso8601,
}

/// A time zone as `SET TimeZone` takes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Zone {
    /// A zone of the tz database, by name.
    Named(Tz),
    /// Seconds east of UTC, as `SET TIME ZONE '+02'` and ISO offsets give it.
    Fixed(i32),
}

impl Default for Zone {
    fn default() -> Self {
        Zone::Named(Tz::UTC)
    }
}

/// The settings that a value's text and a function's answer depend on.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Environment {
    /// `TimeZone`
    pub zone: Zone,
    /// The first half of `DateStyle`
    pub date_style: DateStyle,
    /// The second half of `DateStyle`
    pub date_order: DateOrder,
    /// `IntervalStyle`
    pub interval_style: IntervalStyle,
    /// `extra_float_digits` is 0 or less: 15 digits (6 of a real), less or more by so many; None: shortest exact text.
    pub float_digits: Option<i32>,
    /// `bytea_output` is `escape`.
    pub bytea_escape: bool,
    /// The time at which the transaction began, in microseconds since 1970: what `'now'` and `'today'` mean. None where
    /// there is none: in a view.
    pub now_us: Option<i64>,
    /// The time at which the statement began; None as above.
    pub statement_us: Option<i64>,
    /// The names looked up without a schema, first to last.
    pub search_path: Vec<String>,
    /// The names of the objects that values of `regclass` and its kin stand for.
    pub names: Names,
}

/// Numbers and names of relations, functions, schemas, roles: what values of `regclass` and its kin print as.
pub trait ObjectNames: Send + Sync {
    /// How the object of a number prints; None for one that is not there, which prints as its number.
    fn name(&self, kind: Kind, oid: u32) -> Option<String>;

    /// The number of the object that a text names.
    fn number(&self, kind: Kind, text: &str) -> Option<u32>;
}

/// The names that are known, if any are. They are no part of what an environment is compared by: the catalog that
/// they come from is the statement's own.
#[derive(Clone, Default)]
pub struct Names(pub Option<Arc<dyn ObjectNames>>);

impl Names {
    /// How the object of a number prints.
    pub fn name(&self, kind: Kind, oid: u32) -> Option<String> {
        self.0.as_ref()?.name(kind, oid)
    }

    /// The number of the object that a text names.
    pub fn number(&self, kind: Kind, text: &str) -> Option<u32> {
        self.0.as_ref()?.number(kind, text)
    }
}

impl PartialEq for Names {
    fn eq(&self, _other: &Self) -> bool {
        true
    }
}

impl Eq for Names {}

impl Hash for Names {
    fn hash<H: Hasher>(&self, _state: &mut H) {}
}

impl fmt::Debug for Names {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(if self.0.is_some() { "names" } else { "no names" })
    }
}

/// 0A000 about a value that depends on the time of the statement where there is none.
pub(crate) fn no_statement() -> SqlError {
    SqlError::unsupported(
        "a value here depends on the time of a statement, and a continuous query is none",
        "write the date, or the offset of the zone, in place of 'now', 'today' and a zone without a date",
    )
}

impl DateStyle {
    /// The style and the order that the words of a DateStyle give; what they do not say stays. None for a word that
    /// means nothing.
    pub fn read(text: &str, before: (DateStyle, DateOrder)) -> Option<(DateStyle, DateOrder)> {
        let (mut style, mut order) = before;
        let text = text.trim_matches('\'').to_lowercase();
        for word in text.split(',').flat_map(str::split_whitespace) {
            match word {
                "iso" => style = DateStyle::Iso,
                "sql" => style = DateStyle::Sql,
                "postgres" => style = DateStyle::Postgres,
                "german" => {
                    style = DateStyle::German;
                    order = DateOrder::Dmy;
                }
                "ymd" => order = DateOrder::Ymd,
                "dmy" | "euro" | "european" => order = DateOrder::Dmy,
                "mdy" | "us" | "noneuro" | "noneuropean" => order = DateOrder::Mdy,
                "default" => (style, order) = Default::default(),
                _ => return None,
            }
        }
        Some((style, order))
    }

    /// As SHOW prints both.
    pub fn text(self, order: DateOrder) -> String {
        let style = match self {
            DateStyle::Iso => "ISO",
            DateStyle::Sql => "SQL",
            DateStyle::Postgres => "Postgres",
            DateStyle::German => "German",
        };
        let order = match order {
            DateOrder::Mdy => "MDY",
            DateOrder::Dmy => "DMY",
            DateOrder::Ymd => "YMD",
        };
        format!("{style}, {order}")
    }
}

impl IntervalStyle {
    /// The style of a word; None for a word that means nothing.
    pub fn read(text: &str) -> Option<IntervalStyle> {
        Some(match text.trim_matches('\'').to_lowercase().as_str() {
            "postgres" | "default" => IntervalStyle::Postgres,
            "postgres_verbose" => IntervalStyle::PostgresVerbose,
            "sql_standard" => IntervalStyle::SqlStandard,
            "iso_8601" => IntervalStyle::Iso8601,
            _ => return None,
        })
    }

    /// As SHOW prints it.
    pub fn text(self) -> &'static str {
        match self {
            IntervalStyle::Postgres => "postgres",
            IntervalStyle::PostgresVerbose => "postgres_verbose",
            IntervalStyle::SqlStandard => "sql_standard",
            IntervalStyle::Iso8601 => "iso_8601",
        }
    }
}

impl Environment {
    /// The time at which the transaction began, in microseconds since 1970; 0A000 where there is none.
    pub fn now(&self) -> SqlResult<i64> {
        self.now_us.ok_or_else(no_statement)
    }

    /// The time at which the statement began, in microseconds since 1970; 0A000 where there is none.
    pub fn statement(&self) -> SqlResult<i64> {
        self.statement_us.ok_or_else(no_statement)
    }

    /// The settings that a view was made under, as its options say them (`timezone`, `datestyle`, …);
    /// 22023 for a value that is none.
    pub fn of_options(options: &BTreeMap<String, String>) -> SqlResult<Environment> {
        let mut environment = Environment::default();
        let invalid = |name: &str, value: &str| {
            let message = format!("invalid value for option \"{name}\": \"{value}\"");
            SqlError::new(SqlState::InvalidParameterValue, message)
        };
        if let Some(text) = options.get("timezone") {
            environment.zone = zone::read_setting(text).map_err(|_| invalid("timezone", text))?;
        }
        if let Some(text) = options.get("datestyle") {
            (environment.date_style, environment.date_order) =
                DateStyle::read(text, Default::default()).ok_or_else(|| invalid("datestyle", text))?;
        }
        if let Some(text) = options.get("intervalstyle") {
            environment.interval_style =
                IntervalStyle::read(text).ok_or_else(|| invalid("intervalstyle", text))?;
        }
        if let Some(text) = options.get("extra_float_digits") {
            let digits: Option<i32> = text.parse().ok().filter(|digits| (-15..=3).contains(digits));
            let digits = digits.ok_or_else(|| invalid("extra_float_digits", text))?;
            environment.float_digits = (digits <= 0).then_some(digits);
        }
        if let Some(text) = options.get("bytea_output") {
            environment.bytea_escape = match text.to_lowercase().as_str() {
                "escape" => true,
                "hex" => false,
                _ => return Err(invalid("bytea_output", text)),
            };
        }
        Ok(environment)
    }

    /// The options that a view made under these settings keeps: those that are not the defaults.
    pub fn options(&self) -> Vec<(&'static str, String)> {
        let mut options = vec![];
        if self.zone != Zone::default() {
            options.push(("timezone", zone::setting_text(self.zone)));
        }
        if (self.date_style, self.date_order) != Default::default() {
            options.push(("datestyle", self.date_style.text(self.date_order)));
        }
        if self.interval_style != IntervalStyle::default() {
            options.push(("intervalstyle", self.interval_style.text().to_owned()));
        }
        if let Some(digits) = self.float_digits {
            options.push(("extra_float_digits", digits.to_string()));
        }
        if self.bytea_escape {
            options.push(("bytea_output", "escape".to_owned()));
        }
        options
    }
}
