//! The name of an output column that was given none, as Postgres chooses it (its `FigureColname`).

use datafusion::sql::sqlparser::ast::{AccessExpr, Expr, SelectItem, SetExpr, TrimWhereField};
use millstream_catalog::SqlType;

use crate::text::dialect::fold_identifier;
use crate::types::spelled::sql_type;

/// `count` for `count(*)`, the column's name for a column or a cast of one, `?column?` for what has no name.
pub(super) fn column_name(expr: &Expr) -> String {
    figure(expr).map_or_else(|| "?column?".to_owned(), |(name, _)| name)
}

/// A name, and whether it is a strong one (a type's name, as that of a cast constant, is weak).
fn figure(expr: &Expr) -> Option<(String, bool)> {
    let strong = |name: &str| Some((name.to_owned(), true));
    match expr {
        Expr::Identifier(name) => Some((fold_identifier(name), true)),
        Expr::CompoundIdentifier(names) => names.last().map(|name| (fold_identifier(name), true)),
        Expr::Nested(inner) | Expr::Collate { expr: inner, .. } => figure(inner),
        Expr::Cast { expr: inner, data_type, .. } => match figure(inner) {
            Some((name, true)) => Some((name, true)),
            _ => Some((type_column_name(data_type), false)),
        },
        Expr::TypedString(typed) => Some((type_column_name(&typed.data_type), false)),
        Expr::Interval(_) => Some(("interval".to_owned(), false)),
        Expr::Function(function) => {
            let part = function.name.0.last()?;
            part.as_ident().map(|name| (fold_identifier(name), true))
        }
        Expr::Case { else_result, .. } => match else_result.as_deref().and_then(figure) {
            Some((name, true)) => Some((name, true)),
            _ => Some(("case".to_owned(), false)),
        },
        Expr::Exists { negated: false, .. } => strong("exists"),
        Expr::CompoundFieldAccess { access_chain, root } => match access_chain.last()? {
            AccessExpr::Dot(Expr::Identifier(field)) => Some((fold_identifier(field), true)),
            AccessExpr::Dot(_) => None,
            AccessExpr::Subscript(_) => match access_chain.iter().rev().find_map(dotted) {
                Some(field) => Some((field, true)),
                None => figure(root),
            },
        },
        Expr::Subquery(query) => match query.body.as_ref() {
            SetExpr::Select(select) => match select.projection.first()? {
                SelectItem::UnnamedExpr(inner) => figure(inner),
                SelectItem::ExprWithAlias { alias, .. } => Some((fold_identifier(alias), true)),
                _ => None,
            },
            SetExpr::Values(_) => strong("column1"),
            _ => None,
        },
        Expr::Array(_) => strong("array"),
        Expr::Extract { .. } => strong("extract"),
        Expr::Ceil { .. } => strong("ceil"),
        Expr::Floor { .. } => strong("floor"),
        Expr::Position { .. } => strong("position"),
        Expr::Substring { shorthand: true, .. } => strong("substr"),
        Expr::Substring { .. } => strong("substring"),
        Expr::Overlay { .. } => strong("overlay"),
        Expr::Trim { trim_where: Some(TrimWhereField::Leading), .. } => strong("ltrim"),
        Expr::Trim { trim_where: Some(TrimWhereField::Trailing), .. } => strong("rtrim"),
        Expr::Trim { .. } => strong("btrim"),
        Expr::AtTimeZone { .. } => strong("timezone"),
        Expr::Tuple(_) => strong("row"),
        _ => None,
    }
}

/// The name of a field that is taken of a row.
fn dotted(access: &AccessExpr) -> Option<String> {
    match access {
        AccessExpr::Dot(Expr::Identifier(field)) => Some(fold_identifier(field)),
        _ => None,
    }
}

/// Postgres's internal name of a type, which is what a column of a cast constant is called.
fn type_column_name(data_type: &datafusion::sql::sqlparser::ast::DataType) -> String {
    match sql_type(data_type) {
        Ok(SqlType::Scalar(kind, _)) => kind.name().to_owned(),
        // An array's is that of its element.
        Ok(SqlType::Array(element)) => match element.kind() {
            Some(kind) => kind.name().to_owned(),
            None => data_type.to_string().to_lowercase(),
        },
        _ => data_type.to_string().to_lowercase(),
    }
}
