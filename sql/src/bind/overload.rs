//! Which function or operator a call means: PostgreSQL's rules for overloads.
//!
//! Sources: `func_match_argtypes`, `func_select_candidate`, `func_get_detail` (parse_func.c) and `oper`
//! (parse_oper.c) of PostgreSQL 15, as its manual describes them in chapter 10.

use std::sync::Arc;

use millstream_catalog::{Kind, SqlType};

use crate::error::{SqlError, SqlResult, SqlState};
use crate::functions::registry::{Param, Row};
use crate::types::cast::{Context, cast_method};
use crate::types::names::format_type;

/// A row that fits, and the types that its arguments become.
#[derive(Debug, Clone)]
pub(crate) struct Chosen {
    pub row: Arc<Row>,
    /// One for each argument that was given; a variadic parameter stands as often as it is used.
    pub arguments: Vec<SqlType>,
    /// The type of the answer (of one row of a set).
    pub returns: SqlType,
}

/// What a search gave.
pub(crate) enum Search {
    Found(Chosen),
    Missing,
    Ambiguous,
}

/// Functions and signs that PostgreSQL also has for a type of another category that is not here (`xid`, `bit`, `macaddr`, multiranges),
/// so that one quoted constant tells it nothing.
const MEANS_MORE: [&str; 8] = ["age", "bit_and", "bit_count", "bit_or", "bit_xor", "trunc", "unnest", "~"];

/// The same for two.
const MEANS_MORE_OF_TWO: [&str; 1] = ["&&"];

/// A row with its parameters spelled out for a number of arguments.
#[derive(Clone)]
struct Candidate {
    row: Arc<Row>,
    parameters: Vec<Param>,
}

fn candidates(rows: &[Arc<Row>], count: usize) -> Vec<Candidate> {
    let mut found = vec![];
    for row in rows {
        let declared = row.arguments.len();
        if row.variadic {
            // The variadic parameter stands at least once.
            if count >= declared && declared > 0 {
                let last = row.arguments[declared - 1];
                let mut parameters = row.arguments.clone();
                parameters.resize(count, last);
                found.push(Candidate { row: Arc::clone(row), parameters });
            }
            continue;
        }
        if count <= declared && count + row.defaults >= declared {
            found.push(Candidate { row: Arc::clone(row), parameters: row.arguments[..count].to_vec() });
        }
    }
    found
}

/// The row of a function for arguments of these types (`unknown` where a quoted constant's type is not told).
pub(crate) fn function(rows: &[Arc<Row>], types: &[SqlType]) -> SqlResult<Search> {
    search(candidates(rows, types.len()), types)
}

/// The row of an operator for operands of these types.
pub(crate) fn operator(rows: &[Arc<Row>], types: &[SqlType]) -> SqlResult<Search> {
    let candidates = candidates(rows, types.len());
    if let [left, right] = types {
        // An unknown operand is first taken to be of the other's type.
        let assumed = match (left.is(Kind::Unknown), right.is(Kind::Unknown)) {
            (true, false) => Some(right.plain()),
            (false, true) => Some(left.plain()),
            _ => None,
        };
        if let Some(assumed) = assumed {
            let both = [assumed.clone(), assumed];
            if let Some(exact) = candidates.iter().find(|candidate| is_exact(candidate, &both)) {
                return chosen(exact, &both);
            }
        }
    }
    search(candidates, types)
}

fn search(candidates: Vec<Candidate>, types: &[SqlType]) -> SqlResult<Search> {
    // An overload for a type that is not here makes a call ambiguous all the same.
    let means_more = |candidate: &Candidate| MEANS_MORE.contains(&candidate.row.name);
    if matches!(types, [only] if only.is(Kind::Unknown)) && candidates.iter().any(means_more) {
        return Ok(Search::Ambiguous);
    }
    let means_more = |candidate: &Candidate| MEANS_MORE_OF_TWO.contains(&candidate.row.name);
    if matches!(types, [_, _])
        && types.iter().all(|found| found.is(Kind::Unknown))
        && candidates.iter().any(means_more)
    {
        return Ok(Search::Ambiguous);
    }
    if let Some(exact) = candidates.iter().find(|candidate| is_exact(candidate, types)) {
        return chosen(exact, types);
    }
    let fitting: Vec<Candidate> =
        candidates.into_iter().filter(|candidate| can_coerce(candidate, types)).collect();
    match fitting.len() {
        0 => return Ok(Search::Missing),
        1 => return chosen(&fitting[0], types),
        _ => {}
    }
    match select(fitting, types) {
        Some(best) => chosen(&best, types),
        None => Ok(Search::Ambiguous),
    }
}

fn param_is(param: Param, found: &SqlType) -> bool {
    match param {
        Param::Of(kind) => found.is(kind),
        Param::ArrayOf(kind) => matches!(found, SqlType::Array(element) if element.is(kind)),
        Param::Record => matches!(found, SqlType::Record(_)),
        _ => false,
    }
}

fn is_exact(candidate: &Candidate, types: &[SqlType]) -> bool {
    candidate.parameters.iter().zip(types).all(|(param, found)| param_is(*param, found))
}

/// The type that a parameter is, if it is one.
pub(crate) fn concrete(param: Param) -> Option<SqlType> {
    match param {
        Param::Of(kind) => Some(kind.into()),
        Param::ArrayOf(kind) => Some(SqlType::array(kind)),
        _ => None,
    }
}

fn can_coerce(candidate: &Candidate, types: &[SqlType]) -> bool {
    let each = candidate.parameters.iter().zip(types).all(|(param, found)| match param {
        Param::Of(_) | Param::ArrayOf(_) => match concrete(*param) {
            Some(wanted) => {
                cast_method(found, &wanted, Context::Implicit).is_some() || found.is(Kind::Unknown)
            }
            None => false,
        },
        Param::Any | Param::AnyElement | Param::AnyCompatible => true,
        Param::AnyNonArray | Param::AnyCompatibleNonArray => !matches!(found, SqlType::Array(_)),
        Param::AnyArray | Param::AnyCompatibleArray => found.element().is_some() || found.is(Kind::Unknown),
        Param::Record => matches!(found, SqlType::Record(_)),
    });
    each && !matches!(solve(&candidate.parameters, types), Err(Unsolved::Mismatch))
}

/// `func_select_candidate`: None where no candidate is better than all others.
fn select(mut candidates: Vec<Candidate>, types: &[SqlType]) -> Option<Candidate> {
    let known = |index: usize| !types[index].is(Kind::Unknown);
    let keep_best = |candidates: &mut Vec<Candidate>, score: &dyn Fn(&Candidate) -> usize| {
        let best = candidates.iter().map(score).max().unwrap_or(0);
        candidates.retain(|candidate| score(candidate) == best);
    };
    keep_best(&mut candidates, &|candidate| {
        let exact = |index: &usize| known(*index) && param_is(candidate.parameters[*index], &types[*index]);
        (0..types.len()).filter(exact).count()
    });
    if candidates.len() == 1 {
        return candidates.pop();
    }
    let is_preferred = |param: Param, category: char| {
        concrete(param).is_some_and(|wanted| wanted.is_preferred() && wanted.category() == category)
    };
    keep_best(&mut candidates, &|candidate| {
        let good = |index: &usize| {
            let (param, found) = (candidate.parameters[*index], &types[*index]);
            known(*index) && (param_is(param, found) || is_preferred(param, found.category()))
        };
        (0..types.len()).filter(good).count()
    });
    if candidates.len() == 1 {
        return candidates.pop();
    }
    if (0..types.len()).all(known) {
        return None;
    }
    // Unknown arguments: a category for each.
    let category_of = |param: Param| match param {
        Param::AnyArray | Param::AnyCompatibleArray => 'P',
        other => concrete(other).map_or('P', |wanted| wanted.category()),
    };
    let mut resolved = true;
    let mut categories: Vec<Option<(char, bool)>> = vec![None; types.len()];
    for index in (0..types.len()).filter(|index| !known(*index)) {
        let slots = || candidates.iter().map(|candidate| candidate.parameters[index]);
        if slots().any(|param| category_of(param) == 'S') {
            categories[index] = Some(('S', slots().any(|param| is_preferred(param, 'S'))));
            continue;
        }
        let first = slots().next().map(category_of);
        match first {
            Some(category) if slots().all(|param| category_of(param) == category) => {
                categories[index] = Some((category, slots().any(|param| is_preferred(param, category))));
            }
            _ => resolved = false,
        }
    }
    if resolved {
        let fits = |candidate: &Candidate| {
            categories.iter().enumerate().all(|(index, category)| match category {
                Some((category, preferred)) => {
                    let param = candidate.parameters[index];
                    category_of(param) == *category && (!preferred || is_preferred(param, *category))
                }
                None => true,
            })
        };
        let kept: Vec<Candidate> = candidates.iter().filter(|candidate| fits(candidate)).cloned().collect();
        if !kept.is_empty() {
            candidates = kept;
        }
        if candidates.len() == 1 {
            return candidates.pop();
        }
    }
    // All known arguments of one type: the unknown ones are taken to be of it.
    let mut same: Option<SqlType> = None;
    for index in (0..types.len()).filter(|index| known(*index)) {
        let plain = types[index].plain();
        match &same {
            Some(other) if *other != plain => return None,
            _ => same = Some(plain),
        }
    }
    let all = vec![same?; types.len()];
    let mut fitting = candidates.into_iter().filter(|candidate| can_coerce(candidate, &all));
    let only = fitting.next()?;
    fitting.next().is_none().then_some(only)
}

/// The types that polymorphic parameters stand for.
struct Solution {
    element: Option<SqlType>,
    compatible: Option<SqlType>,
}

impl Solution {
    fn of(&self, param: Param) -> Option<SqlType> {
        let array =
            |element: &Option<SqlType>| element.clone().map(|element| SqlType::Array(Arc::new(element)));
        match param {
            Param::AnyElement | Param::AnyNonArray => self.element.clone(),
            Param::AnyArray => array(&self.element),
            Param::AnyCompatible | Param::AnyCompatibleNonArray => self.compatible.clone(),
            Param::AnyCompatibleArray => array(&self.compatible),
            other => concrete(other),
        }
    }
}

/// Why polymorphic parameters stand for no types.
enum Unsolved {
    /// The arguments do not agree.
    Mismatch,
    /// There is nothing but quoted constants.
    Undetermined,
}

/// `enforce_generic_type_consistency`, for one-dimensional arrays.
fn solve(parameters: &[Param], types: &[SqlType]) -> Result<Solution, Unsolved> {
    let mut element: Option<SqlType> = None;
    let mut compatible: Vec<SqlType> = vec![];
    let (mut any_element, mut any_compatible) = (false, false);
    for (param, found) in parameters.iter().zip(types) {
        match param {
            Param::AnyElement | Param::AnyNonArray => {
                any_element = true;
                if !found.is(Kind::Unknown) {
                    merge(&mut element, found.plain())?;
                }
            }
            Param::AnyArray => {
                any_element = true;
                if !found.is(Kind::Unknown) {
                    merge(&mut element, found.element().ok_or(Unsolved::Mismatch)?.plain())?;
                }
            }
            Param::AnyCompatible | Param::AnyCompatibleNonArray => {
                any_compatible = true;
                if !found.is(Kind::Unknown) {
                    compatible.push(found.plain());
                }
            }
            Param::AnyCompatibleArray => {
                any_compatible = true;
                if !found.is(Kind::Unknown) {
                    compatible.push(found.element().ok_or(Unsolved::Mismatch)?.plain());
                }
            }
            _ => {}
        }
    }
    if any_element && element.is_none() {
        return Err(Unsolved::Undetermined);
    }
    let common = common_type(&compatible).filter(|common| {
        compatible
            .iter()
            .all(|found| found == common || cast_method(found, common, Context::Implicit).is_some())
    });
    let compatible = match (any_compatible, common) {
        (true, None) if compatible.is_empty() => Some(Kind::Text.into()),
        (true, None) => return Err(Unsolved::Mismatch),
        (_, common) => common,
    };
    Ok(Solution { element, compatible })
}

fn merge(known: &mut Option<SqlType>, found: SqlType) -> Result<(), Unsolved> {
    match known {
        Some(other) if *other != found => Err(Unsolved::Mismatch),
        _ => {
            *known = Some(found);
            Ok(())
        }
    }
}

/// `select_common_type`: the type that values of these types can all become; None where there is none. `unknown`
/// takes no part; of nothing else it is text.
pub(crate) fn common_type(types: &[SqlType]) -> Option<SqlType> {
    let mut common: Option<SqlType> = None;
    for found in types {
        if found.is(Kind::Unknown) {
            continue;
        }
        let found = found.plain();
        let Some(present) = &common else {
            common = Some(found);
            continue;
        };
        if *present == found {
            continue;
        }
        if present.category() != found.category() {
            return None;
        }
        let can = |from: &SqlType, to: &SqlType| cast_method(from, to, Context::Implicit).is_some();
        // One that cannot become the other is an error of who coerces it (42846).
        if !present.is_preferred() && can(present, &found) && !can(&found, present) {
            common = Some(found);
        }
    }
    common.or_else(|| Some(Kind::Text.into()))
}

fn chosen(candidate: &Candidate, types: &[SqlType]) -> SqlResult<Search> {
    let row = &candidate.row;
    let solution = match solve(&candidate.parameters, types) {
        Ok(solution) => solution,
        Err(Unsolved::Mismatch) => return Ok(Search::Missing),
        Err(Unsolved::Undetermined) => return Err(undetermined()),
    };
    let mut arguments = vec![];
    for (param, found) in candidate.parameters.iter().zip(types) {
        arguments.push(match param {
            Param::Any if found.is(Kind::Unknown) => Kind::Text.into(),
            Param::Any | Param::Record => found.clone(),
            other => solution.of(*other).ok_or_else(undetermined)?,
        });
    }
    let returns = match row.returns {
        Param::Record | Param::Any => SqlType::Record(
            row.columns
                .iter()
                .map(|(name, param)| {
                    let of = solution.of(*param).ok_or_else(undetermined)?;
                    Ok(((*name).to_owned(), of))
                })
                .collect::<SqlResult<_>>()?,
        ),
        other => solution.of(other).ok_or_else(undetermined)?,
    };
    Ok(Search::Found(Chosen { row: Arc::clone(row), arguments, returns }))
}

/// 42804: quoted constants alone do not say what an `anyelement` is.
pub(crate) fn undetermined() -> SqlError {
    let message = "could not determine polymorphic type because input has type unknown";
    SqlError::new(SqlState::DatatypeMismatch, message)
}

/// 42883, as PostgreSQL words it.
pub(crate) fn no_function(name: &str, types: &[SqlType]) -> SqlError {
    let types: Vec<String> = types.iter().map(format_type).collect();
    let message = format!("function {name}({}) does not exist", types.join(", "));
    SqlError::new(SqlState::UndefinedFunction, message).with_hint(
        "No function matches the given name and argument types. You might need to add explicit type casts.",
    )
}

/// 42883, as PostgreSQL words it.
pub(crate) fn no_operator(sign: &str, types: &[SqlType]) -> SqlError {
    let message = match types {
        [operand] => format!("operator does not exist: {sign} {}", format_type(operand)),
        [left, right] => {
            format!("operator does not exist: {} {sign} {}", format_type(left), format_type(right))
        }
        _ => format!("operator does not exist: {sign}"),
    };
    SqlError::new(SqlState::UndefinedFunction, message).with_hint(
        "No operator matches the given name and argument types. You might need to add explicit type casts.",
    )
}
