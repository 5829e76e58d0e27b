//! Functions that give sets of rows, in the select list and in FROM.

use std::sync::Arc;

use arrow::datatypes::DataType;
use datafusion::logical_expr::Expr;
use datafusion::sql::sqlparser::ast::{self, TableAlias};
use millstream_catalog::{Kind, SqlType};

use super::call::is_array_function;
use super::call::written;
use super::convert;
use super::from::refuse_types;
use super::overload::{self, Search};
use super::planner::{Clause, Collected, Planner};
use super::scope::OutputColumn;
use super::sets::SetItem;
use super::typed::Typed;
use crate::error::{SqlError, SqlResult, SqlState};
use crate::functions::all;
use crate::functions::registry::{Class, Row};
use crate::text::dialect::fold_identifier;
use crate::types::cast::Context;

impl Planner<'_, '_> {
    /// A set in the select list: its rows become rows of the query.
    pub(super) fn collect_set(&mut self, call: Typed) -> SqlResult<Typed> {
        match self.clause() {
            Clause::Select | Clause::OrderBy => {}
            clause => {
                let message = format!("set-returning functions are not allowed in {}", clause.words());
                return Err(SqlError::new(SqlState::FeatureNotSupported, message));
            }
        }
        let row_type = call.sql_type.data_type();
        let name = match self.level().sets.iter().find(|set| set.expr == call.expr) {
            Some(known) => known.name.clone(),
            None => {
                let name = self.fresh("set");
                let typed = call.clone();
                self.level().sets.push(Collected { expr: call.expr, name: name.clone(), typed });
                name
            }
        };
        let column = Expr::Column(datafusion::common::Column::new_unqualified(name));
        Ok(Typed { expr: column, sql_type: call.sql_type, data_type: row_type })
    }

    /// A function in FROM: its rows, and whether they are scalars.
    pub fn set_function(
        &mut self,
        function: &ast::Function,
        alias: Option<&TableAlias>,
    ) -> SqlResult<(SetItem, bool)> {
        let written = written(function)?;
        let arguments = self.arguments(&written)?;
        if let Some(set) = self.record_set(&written.name, &arguments, alias)? {
            return Ok((set, false));
        }
        refuse_types(alias)?;
        let set = self.set_of(&written.name, arguments)?;
        let scalar = !matches!(set.row_type, DataType::Struct(_));
        Ok((set, scalar))
    }

    /// `json_to_record(…) AS x(a int, b text)` and its kin: the columns are given with the alias.
    fn record_set(
        &mut self,
        name: &str,
        arguments: &[Typed],
        alias: Option<&TableAlias>,
    ) -> SqlResult<Option<SetItem>> {
        let is_set = match name {
            "json_to_record" | "jsonb_to_record" => false,
            "json_to_recordset" | "jsonb_to_recordset" => true,
            _ => return Ok(None),
        };
        let [argument] = arguments else { return Ok(None) };
        let mut columns = vec![];
        for column in alias.iter().flat_map(|alias| &alias.columns) {
            let Some(data_type) = &column.data_type else { continue };
            columns.push((fold_identifier(&column.name), crate::types::spelled::sql_type(data_type)?));
        }
        if columns.is_empty() {
            let message = "a column definition list is required for functions returning \"record\"";
            return Err(SqlError::syntax(message, None));
        }
        let wanted = if name.starts_with("jsonb") { Kind::Jsonb } else { Kind::Json };
        let argument = self.coerce(argument.clone(), &wanted.into(), Context::Implicit)?;
        let list = convert::json_records(argument, &columns, is_set, &self.environment)?;
        let outputs: Vec<OutputColumn> = columns
            .into_iter()
            .map(|(name, sql_type)| OutputColumn { name, data_type: sql_type.data_type(), sql_type })
            .collect();
        let record = SqlType::Record(
            outputs.iter().map(|output| (output.name.clone(), output.sql_type.clone())).collect(),
        );
        Ok(Some(SetItem { list, row_type: record.data_type(), outputs }))
    }

    /// The rows of a function by name.
    pub fn set_of(&mut self, name: &str, arguments: Vec<Typed>) -> SqlResult<SetItem> {
        let types: Vec<SqlType> = arguments.iter().map(|argument| argument.sql_type.clone()).collect();
        let rows: Vec<Arc<Row>> =
            all().rows(name).iter().filter(|row| row.class == Class::Set).cloned().collect();
        let call = match overload::function(&rows, &types)? {
            Search::Found(chosen) => {
                let call = self.call(chosen, arguments)?;
                let row_type = call.sql_type.data_type();
                return Ok(SetItem {
                    outputs: outputs_of(name, &call.sql_type, &row_type),
                    list: call.expr,
                    row_type,
                });
            }
            _ => self.one_row(name, arguments)?,
        };
        if call.data_type.is_nested()
            && let DataType::List(element) = &call.data_type
            && !matches!(call.sql_type, SqlType::Array(ref e) if !matches!(**e, SqlType::Record(_)) && is_array_function(name))
            && self.binder.functions.scalar(name).is_some()
            && all().rows(name).is_empty()
        {
            let element = element.data_type().clone();
            let sql_type = call.sql_type.element().unwrap_or(Kind::Text.into());
            let outputs = outputs_of(name, &sql_type, &element);
            return Ok(SetItem { list: call.expr, row_type: element, outputs });
        }
        // A function of one value: one row.
        let row_type = call.data_type.clone();
        let outputs = outputs_of(name, &call.sql_type, &row_type);
        let list = convert::one_element(call)?;
        Ok(SetItem { list: list.expr, row_type, outputs })
    }

    fn one_row(&mut self, name: &str, arguments: Vec<Typed>) -> SqlResult<Typed> {
        let written = ast::Ident::new(name);
        if arguments.is_empty()
            && let Some(special) = self.nullary(&written.value)?
        {
            return Ok(special);
        }
        self.named_call(name, arguments)
    }
}

/// The columns of a row of a set.
fn outputs_of(name: &str, sql_type: &SqlType, row_type: &DataType) -> Vec<OutputColumn> {
    match sql_type {
        SqlType::Record(fields) => fields
            .iter()
            .enumerate()
            .map(|(index, (name, field))| {
                let data_type = match row_type {
                    DataType::Struct(inner) => inner[index].data_type().clone(),
                    _ => field.data_type(),
                };
                OutputColumn { name: name.clone(), sql_type: field.clone(), data_type }
            })
            .collect(),
        _ => vec![OutputColumn {
            name: name.to_owned(),
            sql_type: sql_type.clone(),
            data_type: row_type.clone(),
        }],
    }
}
