//! An expression with its SQL type: what the binder makes of every part of a statement.
//!
//! DataFusion knows the Arrow type of an expression, which does not tell `text` from `json` or `varchar(3)`; the binder
//! carries the SQL type beside it. A numeric has two Arrow types (see [`SqlType`]), so that the Arrow type is carried too.

use std::sync::Arc;

use arrow::datatypes::{DataType, FieldRef};
use datafusion::common::{Column, ScalarValue};
use datafusion::logical_expr::Expr;
use datafusion::logical_expr::expr::FieldMetadata;
use millstream_catalog::{Kind, SqlType, TYPE_KEY};

/// An expression, its SQL type and the Arrow type of its values.
#[derive(Debug, Clone)]
pub(crate) struct Typed {
    pub expr: Expr,
    pub sql_type: SqlType,
    pub data_type: DataType,
}

impl Typed {
    /// An expression whose values have the one Arrow type of its SQL type.
    pub fn new(expr: Expr, sql_type: impl Into<SqlType>) -> Self {
        let sql_type = sql_type.into();
        let data_type = sql_type.data_type();
        Self { expr, sql_type, data_type }
    }

    /// A constant.
    pub fn literal(value: ScalarValue, sql_type: impl Into<SqlType>) -> Self {
        Self::new(Expr::Literal(value, None), sql_type)
    }

    /// A quoted constant whose type its place will tell.
    pub fn unknown(text: Option<String>) -> Self {
        Self::literal(ScalarValue::Utf8(text), Kind::Unknown)
    }

    /// NULL of a type.
    pub fn null_of(sql_type: &SqlType, data_type: &DataType) -> Self {
        let value = ScalarValue::try_from(data_type).unwrap_or(ScalarValue::Null);
        Self { expr: Expr::Literal(value, None), sql_type: sql_type.clone(), data_type: data_type.clone() }
    }

    /// NULL whose type its place will tell.
    pub fn null() -> Self {
        Self::unknown(None)
    }

    /// Whether its type is still to be told.
    pub fn is_unknown(&self) -> bool {
        self.sql_type.is(Kind::Unknown)
    }

    /// The text of a quoted constant whose type is still to be told; the inner None is NULL.
    pub fn unknown_text(&self) -> Option<Option<&str>> {
        match (&self.expr, self.is_unknown()) {
            (Expr::Literal(ScalarValue::Utf8(text), _), true) => Some(text.as_deref()),
            _ => None,
        }
    }

    /// Whether it is NULL as a constant.
    pub fn is_null_literal(&self) -> bool {
        matches!(&self.expr, Expr::Literal(value, _) if value.is_null())
    }

    /// Whether it is of that kind.
    pub fn is(&self, kind: Kind) -> bool {
        self.sql_type.is(kind)
    }

    /// Whether it is a numeric in its wide form.
    pub fn is_wide(&self) -> bool {
        self.is(Kind::Numeric) && self.data_type == DataType::Binary
    }

    /// The precision and scale of a numeric that is an Arrow decimal.
    pub fn decimal(&self) -> Option<(u8, i8)> {
        match (&self.data_type, self.is(Kind::Numeric)) {
            (DataType::Decimal128(precision, scale), true) => Some((*precision, *scale)),
            _ => None,
        }
    }

    /// The same type of another expression.
    pub fn with(&self, expr: Expr) -> Self {
        Self { expr, ..self.clone() }
    }

    /// The field of an output column.
    pub fn field(&self, name: &str) -> FieldRef {
        Arc::new(self.sql_type.field_of(name, self.data_type.clone(), true))
    }

    /// A column of a relation.
    pub fn column(column: Column, sql_type: SqlType, data_type: DataType) -> Self {
        Self { expr: Expr::Column(column), sql_type, data_type }
    }
}

/// An expression under a name, its SQL type in the field's metadata where the Arrow type does not say it.
pub(crate) fn named(expr: Expr, name: &str, sql_type: &SqlType, data_type: &DataType) -> Expr {
    let said = SqlType::of_data_type(data_type) == *sql_type;
    // A column brings the metadata of where it comes from, which may say another type.
    let brings = matches!(expr, Expr::Column(_) | Expr::Alias(_) | Expr::OuterReferenceColumn(..))
        && matches!(
            data_type,
            DataType::Utf8
                | DataType::Binary
                | DataType::UInt32
                | DataType::List(_)
                | DataType::Decimal128(..)
                | DataType::FixedSizeBinary(_)
        );
    if said && !brings {
        return expr.alias(name);
    }
    let metadata = FieldMetadata::new([(TYPE_KEY.to_owned(), sql_type.to_string())].into());
    expr.alias_with_metadata(name, Some(metadata))
}
