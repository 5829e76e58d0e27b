//! The functions that tools call: about the session and about objects.
//!
//! A function here is a name, the number of its arguments, a return type and a plain Rust function from one row's
//! values to a value. Arguments are taken as they come (`16384`, `'16384'` and an oid are the same to
//! `pg_get_viewdef`), since Postgres would have resolved them by overloads that DataFusion does not know.

mod arguments;
mod locks;
mod objects;
mod session;

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use arrow::array::new_empty_array;
use arrow::datatypes::{DataType, Field, FieldRef};
use datafusion::common::ScalarValue;
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::{
    ColumnarValue, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, TypeSignature,
    Volatility,
};
use millstream_catalog::{Kind, SqlType};
use millstream_sql::{SqlError, SqlState};

use super::Facts;
use arguments::Arguments;

/// What a function does with the arguments of one row.
type Body = fn(&Facts, &Arguments) -> Result<ScalarValue>;

/// A function as the tables of the modules here list it.
struct Function {
    name: &'static str,
    /// Least and greatest number of arguments.
    arity: (usize, usize),
    returns: fn(&[DataType]) -> DataType,
    body: Body,
}

impl Function {
    /// A function whose answers are of one type, given by what it returns of no arguments.
    fn new(
        name: &'static str,
        arity: std::ops::RangeInclusive<usize>,
        returns: fn(&[DataType]) -> DataType,
        body: Body,
    ) -> Self {
        Self { name, arity: (*arity.start(), *arity.end()), returns, body }
    }
}

/// All functions, bound to facts.
pub fn functions(facts: &Arc<Facts>) -> impl Iterator<Item = ScalarUDF> {
    listed().into_iter().map(|function| ScalarUDF::new_from_impl(Bound::new(function, Arc::clone(facts))))
}

fn listed() -> Vec<Function> {
    let mut functions = session::functions();
    functions.extend(objects::functions());
    functions.extend(locks::functions());
    functions
}

/// The names of all functions here.
pub fn names() -> impl Iterator<Item = &'static str> {
    listed().into_iter().map(|function| function.name)
}

/// The SQL types of answers that their Arrow types do not tell.
const TYPES: [(&str, Kind); 17] = [
    ("current_catalog", Kind::Name),
    ("current_database", Kind::Name),
    ("current_role", Kind::Name),
    ("current_schema", Kind::Name),
    ("current_user", Kind::Name),
    ("getdatabaseencoding", Kind::Name),
    ("pg_client_encoding", Kind::Name),
    ("pg_encoding_to_char", Kind::Name),
    ("pg_get_userbyid", Kind::Name),
    ("session_user", Kind::Name),
    ("to_regclass", Kind::Regclass),
    ("to_regnamespace", Kind::Regnamespace),
    ("to_regproc", Kind::Regproc),
    ("to_regprocedure", Kind::Regprocedure),
    ("to_regrole", Kind::Regrole),
    ("to_regtype", Kind::Regtype),
    ("user", Kind::Name),
];

/// The SQL type of a function's answer, if its Arrow type does not tell it.
fn said_type(name: &str) -> Option<SqlType> {
    if name == "current_schemas" {
        return Some(SqlType::array(Kind::Name));
    }
    if locks::IS_VOID.contains(&name) {
        return Some(Kind::Void.into());
    }
    TYPES.iter().find(|(known, _)| *known == name).map(|(_, kind)| (*kind).into())
}

/// A function with the facts that it answers from.
struct Bound {
    function: Function,
    facts: Arc<Facts>,
    signature: Signature,
}

impl Bound {
    fn new(function: Function, facts: Arc<Facts>) -> Self {
        let any = (function.arity.0.max(1)..=function.arity.1).map(TypeSignature::Any);
        let none = (function.arity.0 == 0).then_some(TypeSignature::Nullary);
        let signature = Signature::one_of(
            none.into_iter().chain(any).collect(),
            if locks::IS_VOLATILE.contains(&function.name) {
                Volatility::Volatile
            } else {
                Volatility::Stable
            },
        );
        Self { function, facts, signature }
    }
}

impl std::fmt::Debug for Bound {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}", self.function.name)
    }
}

impl PartialEq for Bound {
    fn eq(&self, other: &Self) -> bool {
        self.function.name == other.function.name && Arc::ptr_eq(&self.facts, &other.facts)
    }
}

impl Eq for Bound {}

impl Hash for Bound {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.function.name.hash(state);
    }
}

impl ScalarUDFImpl for Bound {
    fn name(&self) -> &str {
        self.function.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, arguments: &[DataType]) -> Result<DataType> {
        Ok((self.function.returns)(arguments))
    }

    fn return_field_from_args(&self, args: ReturnFieldArgs<'_>) -> Result<FieldRef> {
        let types: Vec<DataType> = args.arg_fields.iter().map(|field| field.data_type().clone()).collect();
        let data_type = self.return_type(&types)?;
        Ok(Arc::new(match said_type(self.function.name) {
            Some(sql_type) => sql_type.field_of(self.function.name, data_type, true),
            None => Field::new(self.function.name, data_type, true),
        }))
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let constant = args.args.iter().all(|argument| matches!(argument, ColumnarValue::Scalar(_)));
        let rows = if constant { 1 } else { args.number_rows };
        let value = |row| (self.function.body)(&self.facts, &Arguments(self::row(&args.args, row)?));
        column((0..rows).map(value).collect::<Result<_>>()?, constant, args.return_field.data_type())
    }
}

/// The arguments of one row.
pub(super) fn row(arguments: &[ColumnarValue], row: usize) -> Result<Vec<ScalarValue>> {
    let value = |argument: &ColumnarValue| match argument {
        ColumnarValue::Scalar(value) => Ok(value.clone()),
        ColumnarValue::Array(array) => ScalarValue::try_from_array(array, row),
    };
    arguments.iter().map(value).collect()
}

/// The answers of a function for each row, or for all of them if they are constant.
pub(super) fn column(
    mut values: Vec<ScalarValue>,
    constant: bool,
    data_type: &DataType,
) -> Result<ColumnarValue> {
    for value in &mut values {
        if value.is_null() {
            *value = ScalarValue::try_from(data_type)?;
        }
    }
    Ok(match (constant, values.len()) {
        (true, 1) => ColumnarValue::Scalar(values.remove(0)),
        (_, 0) => ColumnarValue::Array(new_empty_array(data_type)),
        _ => ColumnarValue::Array(ScalarValue::iter_to_array(values)?),
    })
}

/// An error that reaches the client as it is.
pub(super) fn refuse(state: SqlState, message: impl Into<String>) -> DataFusionError {
    DataFusionError::External(Box::new(SqlError::new(state, message)))
}

fn text(value: impl Into<String>) -> Result<ScalarValue> {
    Ok(ScalarValue::Utf8(Some(value.into())))
}

fn null() -> Result<ScalarValue> {
    Ok(ScalarValue::Null)
}

fn boolean(value: bool) -> Result<ScalarValue> {
    Ok(ScalarValue::Boolean(Some(value)))
}

fn integer(value: i32) -> Result<ScalarValue> {
    Ok(ScalarValue::Int32(Some(value)))
}

fn oid(value: u32) -> Result<ScalarValue> {
    Ok(ScalarValue::UInt32(Some(value)))
}

fn list(values: &[ScalarValue], element: &DataType) -> Result<ScalarValue> {
    Ok(ScalarValue::List(ScalarValue::new_list_nullable(values, element)))
}
