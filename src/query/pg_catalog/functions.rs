//! The functions that tools call on Postgres's catalogs. Each is a constant of the session, or of any argument.

use std::sync::Arc;

use arrow::datatypes::DataType;
use datafusion::common::ScalarValue;
use datafusion::logical_expr::{ColumnarValue, ScalarUDF, Volatility, create_udf};

use super::CatalogView;
use crate::session::settings::SERVER_VERSION;

/// All of them, each also under its name in `pg_catalog`.
pub fn functions(view: &CatalogView<'_>) -> Vec<ScalarUDF> {
    let version = format!("PostgreSQL {SERVER_VERSION} (Millstream {})", env!("CARGO_PKG_VERSION"));
    let text = |value: &str| ScalarValue::Utf8(Some(value.to_owned()));
    let yes = ScalarValue::Boolean(Some(true));
    let long = DataType::Int64;
    let named = [
        ("version", Vec::new(), text(&version)),
        ("current_database", Vec::new(), text(view.database)),
        ("current_catalog", Vec::new(), text(view.database)),
        ("current_schema", Vec::new(), text(millstream_catalog::DEFAULT_SCHEMA)),
        ("current_user", Vec::new(), text(view.user)),
        ("session_user", Vec::new(), text(view.user)),
        ("user", Vec::new(), text(view.user)),
        ("pg_is_in_recovery", Vec::new(), ScalarValue::Boolean(Some(false))),
        ("pg_get_userbyid", vec![long.clone()], text(view.user)),
        ("pg_table_is_visible", vec![long.clone()], yes),
        ("pg_encoding_to_char", vec![long.clone()], text("UTF8")),
        ("obj_description", vec![long, DataType::Utf8], ScalarValue::Utf8(None)),
    ];
    let mut functions = Vec::new();
    for (name, arguments, value) in named {
        for name in [name.to_owned(), format!("pg_catalog.{name}")] {
            let answer = value.clone();
            let give = move |_: &[ColumnarValue]| Ok(ColumnarValue::Scalar(answer.clone()));
            functions.push(create_udf(&name, arguments.clone(), value.data_type(), Volatility::Stable, Arc::new(give)));
        }
    }
    functions
}
