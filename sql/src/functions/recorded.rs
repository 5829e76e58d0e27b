//! Runs recorded cases: what PostgreSQL answered, against what the rows of the registry answer.
//!
//! ```text
//!  array_append <tab> int4[]={1,2} <tab> int4=3 <tab> -> int4[] <tab> {1,2,3}
//! ```
//!
//! `\N` is NULL, an expected `!22P02` is an error. Each case is run with its arguments as columns and as
//! constants; an aggregate takes its arguments from one line each. Types are as `SqlType` reads them, or
//! `(int4,text)` for a record.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, BooleanArray};
use millstream_catalog::{Kind, SqlType};

use crate::error::{SqlError, SqlResult};
use crate::functions::registry::{Argument, Body, Call, Param, Row};
use crate::types::environment::Environment;
use crate::types::print::Printer;
use crate::types::read::Reader;

/// A type as cases write it.
pub fn type_of(text: &str) -> SqlType {
    if let Some(element) = text.strip_suffix("[]") {
        return SqlType::Array(Arc::new(type_of(element)));
    }
    if let Some(fields) = text.strip_prefix('(').and_then(|text| text.strip_suffix(')')) {
        let fields = fields.split(',').filter(|field| !field.is_empty()).enumerate();
        return SqlType::Record(fields.map(|(i, field)| (format!("f{}", i + 1), type_of(field))).collect());
    }
    if let Some(modifier) = text.strip_prefix("numeric(") {
        let (precision, scale) = modifier.trim_end_matches(')').split_once(',').unwrap();
        return SqlType::numeric(precision.parse().unwrap(), scale.parse().unwrap());
    }
    SqlType::read(text).unwrap_or_else(|| panic!("no type {text}"))
}

/// A column of values of a type.
pub fn column(sql_type: &SqlType, texts: &[Option<&str>]) -> SqlResult<ArrayRef> {
    let environment = Environment::default();
    let mut reader = Reader::new(sql_type, &sql_type.data_type(), &environment)?;
    texts.iter().try_for_each(|text| reader.push(*text))?;
    reader.finish()
}

/// The text of the value of a row.
pub fn text(sql_type: &SqlType, array: &ArrayRef, row: usize) -> String {
    if array.is_null(row) {
        return "\\N".to_owned();
    }
    let environment = Environment::default();
    let mut text = String::new();
    Printer::new(sql_type, array, &environment).unwrap().print(row, &mut text).unwrap();
    text
}

fn fits(param: Param, sql_type: &SqlType) -> bool {
    let array = sql_type.element().is_some();
    match param {
        Param::Of(kind) => sql_type.is(kind),
        Param::ArrayOf(kind) => sql_type.element().is_some_and(|element| element.is(kind)),
        Param::AnyArray | Param::AnyCompatibleArray => array,
        Param::AnyNonArray | Param::AnyCompatibleNonArray => !array,
        Param::AnyElement | Param::AnyCompatible | Param::Any => true,
        Param::Record => matches!(sql_type, SqlType::Record(_)),
    }
}

/// The row of a name that best fits the arguments.
pub fn find<'a>(rows: &'a [Row], name: &str, arguments: &[SqlType]) -> &'a Row {
    let fitting = rows.iter().filter(|row| {
        let fits = row.arguments.iter().zip(arguments).all(|(param, found)| fits(*param, found));
        let variadic = row.variadic && arguments.len() >= row.arguments.len();
        row.name == name && fits && (variadic || row.arguments.len() == arguments.len())
    });
    let loose = |row: &&Row| {
        row.arguments
            .iter()
            .zip(arguments)
            .filter(|(param, found)| {
                // An array is rather an array than an element.
                matches!(param, Param::AnyElement | Param::AnyCompatible | Param::AnyNonArray | Param::Any)
                    && found.element().is_some()
            })
            .count()
    };
    fitting.min_by_key(loose).unwrap_or_else(|| panic!("no row {name} {arguments:?}"))
}

/// Runs a kernel over the arguments, thrice each, as columns or as constants.
fn run(
    row: &Row,
    name: &str,
    types: &[SqlType],
    texts: &[&str],
    returns: &SqlType,
    constants: u32,
) -> SqlResult<String> {
    let mut arguments = vec![];
    for (index, (sql_type, text)) in types.iter().zip(texts).enumerate() {
        let text = (*text != "\\N").then_some(*text);
        let constant = constants & (1 << index) != 0;
        // A column is a part of a longer one, so that offsets do not begin at 0; its first row is NULL where
        // NULL is no error.
        let first = if matches!(name, "array_fill" | "array_position") { text } else { None };
        let array = match constant {
            true => column(sql_type, &[text])?,
            false => column(sql_type, &[text, first, text, text, None])?.slice(1, 3),
        };
        arguments.push(Argument { array, constant, sql_type: sql_type.clone() });
    }
    let environment = Environment::default();
    let call = Call { arguments: &arguments, rows: 3, returns, environment: &environment };
    let Body::Kernel(kernel) = &row.body else {
        return Err(SqlError::internal(format!("{name} is no kernel")));
    };
    let list;
    let (answer_type, set) = if row.class == crate::functions::registry::Class::Set {
        list = SqlType::Array(Arc::new(returns.clone()));
        (&list, true)
    } else {
        (returns, false)
    };
    let answer = kernel(&call)?;
    assert_eq!(answer.len(), 3, "{name} {texts:?}");
    assert_eq!(answer.data_type(), &answer_type.data_type(), "{name} {texts:?}");
    let texts: Vec<String> = (0..3).map(|row| text(answer_type, &answer, row)).collect();
    assert_eq!(texts[1], texts[2]);
    if set && texts[1] == "\\N" {
        return Ok("{}".to_owned());
    }
    Ok(texts[1].clone())
}

/// Runs an aggregate over the arguments of rows; each argument is an array of the values that it has.
fn accumulate(
    row: &Row,
    types: &[SqlType],
    texts: &[&str],
    returns: &SqlType,
    split: bool,
) -> SqlResult<String> {
    let mut arguments = vec![];
    let mut count = 0;
    let direct = types.len() > 1;
    for (index, (sql_type, text)) in types.iter().zip(texts).enumerate() {
        let constant = direct && index == 0;
        let argument = if constant {
            let text = (*text != "\\N").then_some(*text);
            Argument { array: column(sql_type, &[text])?, constant, sql_type: sql_type.clone() }
        } else {
            let items = crate::types::literal::array(text)?;
            let items: Vec<Option<&str>> = items.iter().map(|item| item.as_deref()).collect();
            count = items.len();
            Argument { array: column(sql_type, &items)?, constant, sql_type: sql_type.clone() }
        };
        arguments.push(argument);
    }
    let Body::Aggregate(make) = &row.body else { panic!("no aggregate") };
    let mut accumulator = make(types, returns);
    let seen = |row_number: &usize| !row.strict || arguments.iter().all(|a| !a.is_null(*row_number));
    if split {
        let half = count / 2;
        accumulator.update_all(&arguments, &mut (0..half).filter(seen))?;
        let mut other = make(types, returns);
        other.update_all(&arguments, &mut (half..count).filter(seen))?;
        accumulator.merge(&other.state()?)?;
    } else {
        for row in (0..count).filter(seen) {
            accumulator.update(&arguments, row)?;
        }
    }
    let answer = accumulator.finish(&Environment::default())?;
    assert_eq!(answer.data_type(), &returns.data_type());
    Ok(text(returns, &answer, 0))
}

/// Runs the cases; the differences, one line each.
pub fn differences(rows: &[Row], cases: &str) -> (usize, Vec<String>) {
    let mut found = vec![];
    let mut count = 0;
    for line in cases.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        count += 1;
        let parts: Vec<&str> = line.split('\t').collect();
        let arrow = parts.iter().position(|part| part.starts_with("-> ")).expect(line);
        let returns = type_of(&parts[arrow][3..]);
        let expected = parts[arrow + 1];
        let (types, texts): (Vec<SqlType>, Vec<&str>) = parts[1..arrow]
            .iter()
            .map(|part| part.split_once('=').map(|(name, text)| (type_of(name), text)).unwrap())
            .unzip();
        let special = parts[0].strip_prefix("any:").map(|sign| (sign, false));
        let special = special.or(parts[0].strip_prefix("all:").map(|sign| (sign, true)));
        for constants in 0..1u32 << types.len().min(3) {
            let answer = if let Some((sign, all)) = special {
                quantified(sign, all, &types, &texts, constants)
            } else {
                let row = find(rows, parts[0], &types);
                match row.body {
                    Body::Aggregate(_) => accumulate(row, &types, &texts, &returns, constants & 1 == 1),
                    _ => run(row, parts[0], &types, &texts, &returns, constants),
                }
            };
            let answer = answer.unwrap_or_else(|error| {
                if error.state.code() == "XX000" {
                    found.push(format!("{line}: {error}"));
                }
                format!("!{}", error.state.code())
            });
            if answer != expected {
                found.push(format!("{line}\n    is {answer} ({constants:b})"));
                break;
            }
        }
    }
    (count, found)
}

fn quantified(sign: &str, all: bool, types: &[SqlType], texts: &[&str], constants: u32) -> SqlResult<String> {
    use crate::functions::generic::{any_all, any_all_with};
    use crate::types::compare::{Comparator, Comparison};
    let comparison = Comparison::of_sign(sign).unwrap();
    let make: crate::functions::registry::Kernel = Arc::new(move |call: &Call<'_>| {
        let [l, r] = call.arguments else { unreachable!() };
        let c = Comparator::of(comparison, &l.sql_type, &l.array, &r.array)?;
        let answers =
            (0..call.rows).map(|row| (!call.any_null(row)).then(|| c.test(comparison, l.at(row), r.at(row))));
        Ok(Arc::new(answers.collect::<BooleanArray>()) as ArrayRef)
    });
    let whole = |kernel: Box<dyn Fn(&Call<'_>) -> SqlResult<ArrayRef> + Send + Sync>| {
        crate::functions::registry::whole("x", &[], Param::Of(Kind::Boolean), kernel)
    };
    let boolean = Kind::Boolean.into();
    let one = whole(Box::new(move |call| any_all(call, comparison, all)));
    let other = whole(Box::new(move |call| any_all_with(call, &make, all)));
    let a = run(&one, "any", types, texts, &boolean, constants)?;
    let b = run(&other, "any", types, texts, &boolean, constants)?;
    assert_eq!(a, b, "{sign} {all} {texts:?}");
    Ok(a)
}

#[test]
fn answers_of_a_recorded_file_are_given() {
    let Ok(path) = std::env::var("RECORDED") else { return };
    let rows: Vec<Row> = [
        crate::functions::array::rows(),
        crate::functions::generic::rows(),
        crate::functions::ordered_set::rows(),
    ]
    .into_iter()
    .flatten()
    .collect();
    let (count, found) = differences(&rows, &std::fs::read_to_string(path).unwrap());
    found.iter().take(60).for_each(|line| println!("{line}"));
    println!("{count} cases, {} differences", found.len());
    assert!(found.is_empty());
}
