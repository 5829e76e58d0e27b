//! What names mean at a place in a query: the relations of FROM and their columns.
//!
//! Each relation in FROM gets a qualifier of its own within the statement, so that no two columns of a plan are
//! alike; users' aliases are looked up here. A join with USING merges columns: an unqualified name and `*` see the
//! merged one, a qualified name its own.

use arrow::datatypes::DataType;
use datafusion::common::Column;
use datafusion::logical_expr::Expr;
use millstream_catalog::SqlType;

use super::typed::Typed;
use crate::error::{SqlError, SqlResult, SqlState};

/// A column that can be named.
#[derive(Debug, Clone)]
pub(crate) struct ScopeColumn {
    /// The name that users know.
    pub name: String,
    /// A column of the plan, or what a join with USING merged.
    pub typed: Typed,
    /// Shown only when named.
    pub hidden: bool,
}

/// A relation of FROM.
#[derive(Debug, Clone)]
pub(crate) struct Item {
    /// The alias or the name by which its columns are qualified.
    pub name: String,
    /// The schema that may stand before the name; None where there is an alias.
    pub schema: Option<String>,
    /// The qualifier of its columns in the plan.
    pub qualifier: String,
    /// Its columns, in order.
    pub columns: Vec<ScopeColumn>,
    /// Its one column is the relation itself: a function of FROM that gives scalars.
    pub scalar: bool,
}

/// The relations of a FROM.
#[derive(Debug, Clone, Default)]
pub(crate) struct Scope {
    /// The relations, for qualified names.
    pub items: Vec<Item>,
    /// The columns that unqualified names and `*` mean, merged ones first.
    pub columns: Vec<ScopeColumn>,
}

impl Scope {
    /// A scope of one relation.
    pub fn of(item: Item) -> Self {
        Self { columns: item.columns.clone(), items: vec![item] }
    }

    /// Shows the last columns only when they are named.
    pub fn hide_last(&mut self, count: usize) {
        for columns in self.items.iter_mut().map(|item| &mut item.columns).chain([&mut self.columns]) {
            let first = columns.len().saturating_sub(count);
            columns[first..].iter_mut().for_each(|column| column.hidden = true);
        }
    }

    /// Both scopes side by side; 42712 when a name stands in both.
    pub fn beside(mut self, other: Scope) -> SqlResult<Self> {
        for item in &other.items {
            let clash = |known: &&Item| known.name == item.name && known.schema == item.schema;
            if self.items.iter().find(clash).is_some() && !item.name.is_empty() {
                let message = format!("table name \"{}\" specified more than once", item.name);
                return Err(SqlError::new(SqlState::DuplicateAlias, message));
            }
        }
        self.items.extend(other.items);
        self.columns.extend(other.columns);
        Ok(self)
    }

    /// The column of an unqualified name; 42702 when two have it.
    pub fn column(&self, name: &str) -> SqlResult<Option<&ScopeColumn>> {
        let mut found = self.columns.iter().filter(|column| column.name == name);
        let Some(first) = found.next() else { return Ok(None) };
        if found.next().is_some() {
            let message = format!("column reference \"{name}\" is ambiguous");
            return Err(SqlError::new(SqlState::AmbiguousColumn, message));
        }
        Ok(Some(first))
    }

    /// The relation of a qualifier; 42P09 when two have it.
    pub fn item(&self, schema: Option<&str>, name: &str) -> SqlResult<Option<&Item>> {
        let fits = |item: &&Item| item.name == name && (schema.is_none() || item.schema.as_deref() == schema);
        let mut found = self.items.iter().filter(fits);
        let Some(first) = found.next() else { return Ok(None) };
        if found.next().is_some() {
            let message = format!("table reference \"{name}\" is ambiguous");
            return Err(SqlError::new(SqlState::AmbiguousAlias, message));
        }
        Ok(Some(first))
    }

    /// Whether a column of a plan comes from here.
    pub fn owns(&self, column: &Column) -> bool {
        let Some(relation) = &column.relation else { return false };
        self.items.iter().any(|item| item.qualifier == relation.table())
    }
}

impl Item {
    /// The column of a name; 42702 when two have it.
    pub fn column(&self, name: &str) -> SqlResult<Option<&ScopeColumn>> {
        let mut found = self.columns.iter().filter(|column| column.name == name);
        let Some(first) = found.next() else { return Ok(None) };
        if found.next().is_some() {
            let message = format!("column reference \"{name}\" is ambiguous");
            return Err(SqlError::new(SqlState::AmbiguousColumn, message));
        }
        Ok(Some(first))
    }
}

/// An output column of a query.
#[derive(Debug, Clone)]
pub(crate) struct OutputColumn {
    /// The name that users know.
    pub name: String,
    pub sql_type: SqlType,
    pub data_type: DataType,
}

/// Columns of the plan as expressions that are taken from outside a subquery.
pub(crate) fn outer(expr: &Expr, typed: &Typed) -> Expr {
    use datafusion::common::tree_node::{Transformed, TreeNode};
    let field = |column: &Column| typed.field(&column.name);
    let mapped = expr.clone().transform(|part| {
        Ok(match part {
            Expr::Column(column) => Transformed::yes(Expr::OuterReferenceColumn(field(&column), column)),
            other => Transformed::no(other),
        })
    });
    match mapped {
        Ok(mapped) => mapped.data,
        Err(_) => expr.clone(),
    }
}
