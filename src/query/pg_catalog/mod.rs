//! Postgres's catalogs, as far as they are built.

use std::sync::Arc;

use datafusion::catalog::TableProvider;
use datafusion::logical_expr::ScalarUDF;
use datafusion::sql::sqlparser::ast;
use millstream_catalog::Catalog;

/// What the catalogs show.
pub struct CatalogView<'a> {
    /// The objects.
    pub catalog: &'a Catalog,
    /// The database's name.
    pub database: &'a str,
    /// The session's user.
    pub user: &'a str,
    /// Name, value and description of the settings.
    pub settings: Vec<(String, String, String)>,
}

/// The relation of that name, if there is one.
pub fn system_table(_view: &CatalogView<'_>, _schema: &str, _name: &str) -> Option<Arc<dyn TableProvider>> {
    None
}

/// Functions of the catalogs.
pub fn functions(_view: &CatalogView<'_>) -> Vec<ScalarUDF> {
    Vec::new()
}

/// Makes a query of psql or a driver one that DataFusion can plan.
pub fn rewrite_query(_query: &mut ast::Query, _catalog: &Catalog) {}
