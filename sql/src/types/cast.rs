//! The cast matrix: which type becomes which, and when. Assignment, implicit and explicit casts, `can fail`, `keeps
//! order` and `pg_cast` follow from it.
//!
//! Source: PostgreSQL 15's `pg_cast` for the types that are built, and its rules for casts that stand in no table
//! (`find_coercion_pathway` of parse_coerce.c): every type becomes text by assignment and text becomes every type by
//! an explicit cast, through the types' text forms; arrays become arrays element by element.

use millstream_catalog::{Kind, SqlType};

/// How much must be said for a cast to be made; a later one allows what an earlier one does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Context {
    /// Anywhere.
    Implicit,
    /// When a value is stored in a column.
    Assignment,
    /// With CAST or `::`.
    Explicit,
}

/// How a cast is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Method {
    /// The value stays what it is.
    Same,
    /// By a function of its own.
    Function,
    /// Through the text form.
    Text,
    /// Element by element.
    Elements,
}

use Context::{Assignment as A, Explicit as E, Implicit as I};
use Kind::*;

const REGS: [Kind; 9] =
    [Regproc, Regprocedure, Regoper, Regoperator, Regclass, Regtype, Regnamespace, Regrole, Regcollation];

/// The casts between different scalar types that have a row in `pg_cast`.
pub const CASTS: &[(Kind, Kind, Context)] = &[
    (Int2, Int4, I),
    (Int2, Int8, I),
    (Int2, Float4, I),
    (Int2, Float8, I),
    (Int2, Numeric, I),
    (Int2, Oid, I),
    (Int4, Int2, A),
    (Int4, Int8, I),
    (Int4, Float4, I),
    (Int4, Float8, I),
    (Int4, Numeric, I),
    (Int4, Boolean, E),
    (Int4, Char, E),
    (Int4, Oid, I),
    (Int8, Int2, A),
    (Int8, Int4, A),
    (Int8, Float4, I),
    (Int8, Float8, I),
    (Int8, Numeric, I),
    (Int8, Oid, I),
    (Float4, Int2, A),
    (Float4, Int4, A),
    (Float4, Int8, A),
    (Float4, Float8, I),
    (Float4, Numeric, A),
    (Float8, Int2, A),
    (Float8, Int4, A),
    (Float8, Int8, A),
    (Float8, Float4, A),
    (Float8, Numeric, A),
    (Numeric, Int2, A),
    (Numeric, Int4, A),
    (Numeric, Int8, A),
    (Numeric, Float4, I),
    (Numeric, Float8, I),
    (Boolean, Int4, E),
    (Boolean, Text, A),
    (Boolean, Varchar, A),
    (Boolean, Bpchar, A),
    (Text, Varchar, I),
    (Text, Bpchar, I),
    (Text, Name, I),
    (Text, Char, A),
    (Text, Regclass, I),
    (Varchar, Text, I),
    (Varchar, Bpchar, I),
    (Varchar, Name, I),
    (Varchar, Char, A),
    (Varchar, Regclass, I),
    (Bpchar, Text, I),
    (Bpchar, Varchar, I),
    (Bpchar, Name, I),
    (Bpchar, Char, A),
    (Name, Text, I),
    (Name, Varchar, A),
    (Name, Bpchar, A),
    (Char, Text, I),
    (Char, Varchar, A),
    (Char, Bpchar, A),
    (Char, Int4, E),
    (Date, Timestamp, I),
    (Date, Timestamptz, I),
    (Time, Timetz, I),
    (Time, Interval, I),
    (Timetz, Time, A),
    (Timestamp, Date, A),
    (Timestamp, Time, A),
    (Timestamp, Timestamptz, I),
    (Timestamptz, Date, A),
    (Timestamptz, Time, A),
    (Timestamptz, Timestamp, A),
    (Timestamptz, Timetz, A),
    (Interval, Time, A),
    (Json, Jsonb, A),
    (Jsonb, Json, A),
    (Jsonb, Boolean, E),
    (Jsonb, Numeric, E),
    (Jsonb, Int2, E),
    (Jsonb, Int4, E),
    (Jsonb, Int8, E),
    (Jsonb, Float4, E),
    (Jsonb, Float8, E),
    (Oid, Int4, A),
    (Oid, Int8, A),
];

/// How one type becomes another in a context; None where it does not.
pub fn cast_method(from: &SqlType, to: &SqlType, context: Context) -> Option<Method> {
    match (from, to) {
        (SqlType::Scalar(from, _), SqlType::Scalar(to, _)) => scalar_method(*from, *to, context),
        (_, SqlType::Array(to)) if from.element().is_some() => {
            let element = from.element()?;
            if element == **to && !matches!(from, SqlType::Scalar(..)) {
                return Some(Method::Same);
            }
            match cast_method(&element, to, context)? {
                Method::Same => Some(Method::Same),
                _ => Some(Method::Elements),
            }
        }
        (SqlType::Array(_) | SqlType::Record(_), SqlType::Scalar(to, _)) if is_string(*to) => {
            (context >= A).then_some(Method::Text)
        }
        (SqlType::Scalar(from, _), SqlType::Array(_) | SqlType::Record(_)) if is_string(*from) => {
            (context >= E).then_some(Method::Text)
        }
        (SqlType::Record(from), SqlType::Record(to)) if from.len() == to.len() => {
            let same = from.iter().zip(to.iter()).all(|(from, to)| from.1.plain() == to.1.plain());
            same.then_some(Method::Same)
        }
        _ => None,
    }
}

fn is_string(kind: Kind) -> bool {
    matches!(kind, Text | Varchar | Bpchar | Name | Unknown | Cstring)
}

fn scalar_method(from: Kind, to: Kind, context: Context) -> Option<Method> {
    if from == to {
        return Some(Method::Same);
    }
    if from == Unknown {
        return Some(Method::Text);
    }
    if let Some((_, _, needs)) = CASTS.iter().find(|(source, target, _)| *source == from && *target == to) {
        return (context >= *needs).then_some(Method::Function);
    }
    let reg = |kind: Kind| REGS.contains(&kind);
    match (from, to) {
        (Int2 | Int4 | Int8, to) if reg(to) => Some(Method::Function),
        (Oid, to) if reg(to) => Some(Method::Same),
        (from, Oid) if reg(from) => Some(Method::Same),
        (from, Int4 | Int8) if reg(from) => (context >= A).then_some(Method::Function),
        (from, to) if reg(from) && reg(to) => {
            let kin = matches!(
                (from, to),
                (Regproc, Regprocedure)
                    | (Regprocedure, Regproc)
                    | (Regoper, Regoperator)
                    | (Regoperator, Regoper)
            );
            kin.then_some(Method::Same)
        }
        (Int2vector | Oidvector, to) if is_string(to) => (context >= A).then_some(Method::Text),
        // Text forms: to text by assignment, from text by an explicit cast.
        (_, to) if is_string(to) => (context >= A).then_some(Method::Text),
        (from, _) if is_string(from) => (context >= E).then_some(Method::Text),
        _ => None,
    }
}

/// Whether a cast gives an error for some values.
pub fn cast_can_fail(from: &SqlType, to: &SqlType) -> bool {
    let (Some(source), Some(target)) = (from.kind(), to.kind()) else {
        return !(from.plain() == to.plain() || to.kind().is_some_and(is_string));
    };
    let whole = |kind: Kind| match kind {
        Int2 => Some(2),
        Int4 => Some(4),
        Int8 => Some(8),
        _ => None,
    };
    if let (Some(from), Some(to)) = (whole(source), whole(target)) {
        return from > to;
    }
    if source == target {
        return to.modifier() != -1 && matches!(target, Numeric) && from.modifier() != to.modifier();
    }
    match target {
        Text | Varchar | Bpchar | Name => false,
        Float4 | Float8 => !matches!(source, Int2 | Int4 | Int8),
        Numeric => !(matches!(source, Int2 | Int4 | Int8) && to.modifier() == -1),
        Int4 => source != Boolean,
        Timetz => source != Time,
        Interval => source != Time,
        Time => !matches!(source, Timestamp | Timetz | Interval),
        Json => source != Jsonb,
        Oid => !(source == Oid || REGS.contains(&source)),
        _ => true,
    }
}

/// Whether a greater value never becomes a lesser one.
pub fn cast_keeps_order(from: &SqlType, to: &SqlType) -> bool {
    let (Some(source), Some(target)) = (from.kind(), to.kind()) else { return false };
    let number = |kind: Kind| matches!(kind, Int2 | Int4 | Int8 | Float4 | Float8 | Numeric);
    let moment = |kind: Kind| matches!(kind, Date | Timestamp);
    (number(source) && number(target)) || (moment(source) && moment(target)) || source == target
}
