//! What definitions hold: the binder of their expressions, and the DEFAULT of a column.

use std::sync::{Arc, LazyLock};

use datafusion::common::DFSchema;
use datafusion::common::config::ConfigOptions;
use datafusion::logical_expr::Expr;
use millstream_catalog::{Catalog, Column, DEFAULT_SCHEMA, SqlType};

use super::{Binder, SchemaOnly, stored_expression};
use crate::error::{SqlError, SqlResult, SqlState};
use crate::functions::{FunctionSet, configuration};
use crate::types::environment::Environment;

/// The DEFAULT of a column, cast to the column's type; None for a column that has none.
pub fn default_value(catalog: &Catalog, column: &Column, functions: &FunctionSet) -> SqlResult<Option<Expr>> {
    let Some(text) = &column.default else { return Ok(None) };
    let schema = DFSchema::empty();
    let config = configuration();
    let binder = definition_binder(catalog, functions, &config, &[]);
    let typed = binder.assigned(&stored_expression(text)?, column, &schema)?;
    if !typed.expr.column_refs().is_empty() {
        return Err(SqlError::new(
            SqlState::FeatureNotSupported,
            "cannot use column reference in DEFAULT expression",
        ));
    }
    Ok(Some(typed.expr))
}

/// The binder of what is stored: the default search path and settings.
pub(crate) fn definition_binder<'a>(
    catalog: &'a Catalog,
    functions: &'a FunctionSet,
    config: &'a ConfigOptions,
    parameter_types: &'a [Option<SqlType>],
) -> Binder<'a> {
    static ENVIRONMENT: LazyLock<Arc<Environment>> = LazyLock::new(Arc::default);
    static PATH: LazyLock<[String; 1]> = LazyLock::new(|| [DEFAULT_SCHEMA.to_owned()]);
    Binder {
        catalog,
        relations: &SchemaOnly,
        search_path: PATH.as_slice(),
        parameter_types,
        environment: &ENVIRONMENT,
        functions,
        config,
        located: false,
    }
}
