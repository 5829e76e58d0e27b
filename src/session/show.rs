//! SHOW and DESCRIBE: each is a query over the system relations, or a setting.

use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use futures::StreamExt;
use millstream_catalog::{CatalogError, Definition};
use millstream_sql::text;
use millstream_sql::text::statement::Show;

use super::answer::{Rows, RowsTag};
use super::settings::table::written;
use super::{Session, find};
use crate::Result;

impl Session {
    /// The settings, to read.
    pub fn settings(&self) -> &super::settings::Settings {
        &self.settings
    }

    /// The columns that a SHOW gives.
    pub(super) fn show_schema(&self, show: &Show) -> SchemaRef {
        match query_of(show) {
            Some(sql) => {
                let catalog = self.engine.catalog();
                let plan = text::parse_query(&sql)
                    .map_err(crate::Error::from)
                    .and_then(|query| self.bound(&catalog, &sql, &[], |binder| binder.query(&query)));
                plan.map_or_else(
                    |_| text_schema(&["name"]),
                    |plan| Arc::new(plan.schema().as_arrow().clone()),
                )
            }
            None => text_schema(&names_of(show)),
        }
    }

    /// Runs a SHOW.
    pub(super) async fn show(&self, show: &Show) -> Result<Rows> {
        let catalog = self.engine.catalog();
        if let Show::Snapshots(Some(name)) = show {
            let object = find(&catalog, name, &self.settings.search_path())?;
            if !matches!(object.definition, Definition::MaterializedView(_)) {
                let wanted = "materialized view";
                return Err(CatalogError::WrongKind { name: object.name.clone(), wanted }.into());
            }
        }
        if let Some(sql) = query_of(show) {
            let query = text::parse_query(&sql)?;
            let plan = self.bound(&catalog, &sql, &[], |binder| binder.query(&query))?;
            return self.plan_rows(&catalog, plan, RowsTag::Show).await;
        }
        let rows: Vec<Vec<String>> = match show {
            Show::Create(name) => {
                let object = find(&catalog, name, &self.settings.search_path())?;
                vec![vec![object.name.to_string(), object.sql.clone()]]
            }
            Show::Columns(name) => {
                let object = find(&catalog, name, &self.settings.search_path())?;
                let columns = object.columns().iter();
                columns
                    .map(|column| {
                        let type_name = millstream_sql::types::type_name(&column.data_type);
                        let nullable = if column.nullable { "YES" } else { "NO" };
                        let default = column.default.clone().unwrap_or_default();
                        vec![column.name.clone(), type_name, nullable.to_owned(), default]
                    })
                    .collect()
            }
            Show::All => self
                .settings
                .all()
                .map(|setting| {
                    let known = setting.known;
                    vec![known.name.to_owned(), setting.shown(), known.description.to_owned()]
                })
                .collect(),
            Show::Setting(name) => vec![vec![self.settings.get(name)?]],
            _ => Vec::new(),
        };
        text_rows(&names_of(show), rows, RowsTag::Show)
    }
}

fn query_of(show: &Show) -> Option<String> {
    let sql = match show {
        Show::Streams => "SELECT * FROM millstream.streams ORDER BY schema, name",
        // There are no tables yet; the list is honest about it.
        Show::Tables => "SELECT schema, name FROM millstream.streams WHERE false",
        Show::Views => "SELECT schema, name, materialized FROM millstream.views ORDER BY schema, name",
        Show::MaterializedViews => {
            "SELECT schema, name, append_only, rows, lsn FROM millstream.views WHERE materialized ORDER BY schema, name"
        }
        Show::Sinks => "SELECT * FROM millstream.sinks ORDER BY schema, name",
        Show::Jobs => "SELECT * FROM millstream.jobs ORDER BY name",
        Show::Snapshots(None) => "SELECT * FROM millstream.snapshots ORDER BY view, lsn DESC",
        Show::Snapshots(Some(name)) => {
            return Some(format!(
                "SELECT lsn, commit_time, rows, bytes, path, format FROM millstream.snapshots \
                 WHERE view = '{}' ORDER BY lsn DESC",
                name.to_string().replace('\'', "''")
            ));
        }
        Show::Create(_) | Show::Columns(_) | Show::All | Show::Setting(_) => return None,
    };
    Some(sql.to_owned())
}

fn names_of(show: &Show) -> Vec<&str> {
    match show {
        Show::Create(_) => vec!["name", "create_sql"],
        Show::Columns(_) => vec!["name", "type", "nullable", "default"],
        Show::All => vec!["name", "setting", "description"],
        Show::Setting(name) => vec![written(name)],
        _ => Vec::new(),
    }
}

fn text_schema(names: &[&str]) -> SchemaRef {
    Schema::new(names.iter().map(|name| Field::new(*name, DataType::Utf8, true)).collect::<Vec<_>>()).into()
}

/// Rows of text.
pub(super) fn text_rows(names: &[&str], rows: Vec<Vec<String>>, tag: RowsTag) -> Result<Rows> {
    rows_of_text(text_schema(names), rows, tag)
}

/// Rows of a schema whose columns are all kept as text.
pub(super) fn rows_of_text(schema: SchemaRef, rows: Vec<Vec<String>>, tag: RowsTag) -> Result<Rows> {
    let column = |index: usize| -> ArrayRef {
        Arc::new(StringArray::from_iter_values(rows.iter().map(|row| row[index].as_str())))
    };
    let columns = (0..schema.fields().len()).map(column).collect();
    let batch = RecordBatch::try_new(schema.clone(), columns)?;
    Ok(Rows {
        schema,
        batches: futures::stream::iter([Ok(batch)]).boxed(),
        tag,
        live: false,
        environment: Arc::default(),
    })
}
