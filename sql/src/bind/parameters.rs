//! Parameters by name, and hints for functions of other systems.

use datafusion::common::ScalarValue;
use millstream_catalog::Kind;

use super::typed::Typed;
use crate::error::{SqlError, SqlResult, SqlState};

/// Functions whose parameters can be given by name (PostgreSQL's `proargnames`), with their defaults.
const NAMED: &[(&str, &[&str])] = &[
    ("make_interval", &["years", "months", "weeks", "days", "hours", "mins", "secs"]),
    ("make_date", &["year", "month", "day"]),
    ("make_time", &["hour", "min", "sec"]),
    ("make_timestamp", &["year", "month", "mday", "hour", "min", "sec"]),
    ("make_timestamptz", &["year", "month", "mday", "hour", "min", "sec", "timezone"]),
    ("jsonb_set", &["jsonb_in", "path", "replacement", "create_if_missing"]),
    ("jsonb_set_lax", &["jsonb_in", "path", "replacement", "create_if_missing", "null_value_treatment"]),
    ("jsonb_insert", &["jsonb_in", "path", "replacement", "insert_after"]),
    ("parse_ident", &["str", "strict"]),
    ("json_strip_nulls", &["target"]),
    ("jsonb_strip_nulls", &["target"]),
    ("regexp_match", &["string", "pattern", "flags"]),
    ("regexp_matches", &["string", "pattern", "flags"]),
    ("regexp_replace", &["string", "pattern", "replacement", "flags"]),
];

/// For each parameter, which of the arguments it is; None for one that is left to its default. Trailing defaults that
/// nothing follows are left out.
pub(crate) fn positions(function: &str, names: &[Option<String>]) -> SqlResult<Vec<Option<usize>>> {
    let Some(first) = names.iter().position(Option::is_some) else {
        return Ok((0..names.len()).map(Some).collect());
    };
    let Some((_, known)) = NAMED.iter().find(|(name, _)| *name == function) else {
        let message = format!("function {function} takes no arguments by name");
        return Err(SqlError::new(SqlState::UndefinedFunction, message));
    };
    let mut order: Vec<Option<usize>> = (0..first).map(Some).collect();
    for (index, name) in names.iter().enumerate().skip(first) {
        let Some(name) = name else {
            return Err(SqlError::syntax("positional argument cannot follow named argument", None));
        };
        let Some(place) = known.iter().position(|known| known == name) else {
            let message = format!("function {function} has no parameter \"{name}\"");
            return Err(SqlError::new(SqlState::UndefinedFunction, message));
        };
        if order.len() <= place {
            order.resize(place + 1, None);
        }
        if order[place].replace(index).is_some() {
            let message = format!("argument name \"{name}\" used more than once");
            return Err(SqlError::syntax(message, None));
        }
    }
    Ok(order)
}

/// The default of a parameter that is left out between others.
pub(crate) fn default_of(function: &str, place: usize) -> Typed {
    match (function, place) {
        ("make_interval", 6) => Typed::literal(ScalarValue::Float64(Some(0.0)), Kind::Float8),
        ("make_interval", _) => Typed::literal(ScalarValue::Int32(Some(0)), Kind::Int4),
        ("jsonb_set" | "jsonb_set_lax", 3) => Typed::literal(ScalarValue::Boolean(Some(true)), Kind::Boolean),
        _ => Typed::null(),
    }
}

/// What to write instead of a function of another system.
pub(crate) fn foreign_hint(name: &str) -> Option<&'static str> {
    Some(match name {
        "tumble_start" | "hop_start" | "session_start" => {
            "group by window_start of TUMBLE(…) or HOP(…) in FROM"
        }
        "tumble_end" | "hop_end" | "session_end" => "group by window_end of TUMBLE(…) or HOP(…) in FROM",
        "tumble_rowtime" | "hop_rowtime" | "session_rowtime" => {
            "use window_time of TUMBLE(…) or HOP(…) in FROM"
        }
        "proctime" => "a stream's hidden column _commit_time has the time of each row's commit",
        "current_watermark" => "a stream's hidden column _watermark has the watermark before each row",
        "listagg" | "group_concat" => "use string_agg(value, delimiter ORDER BY …)",
        "collect" | "collect_list" | "collect_set" => "use array_agg([DISTINCT] value)",
        "date_add" | "dateadd" => "add an interval: timestamp + INTERVAL '1 day'",
        "date_diff" | "datediff" => "subtract: a - b is an interval, or days of dates",
        "isnull" => "use coalesce(…) or IS NULL",
        "len" => "use length(…)",
        "getdate" | "sysdate" => "use now()",
        "to_varchar" => "use to_char(value, format) or a cast to text",
        "iif" | "if" => "use CASE WHEN … THEN … ELSE … END",
        "approx_count_distinct" => "use count(DISTINCT …), which is exact",
        _ => return None,
    })
}
