//! Where the rows of a relation come from, as the planner sees it.

use std::sync::Arc;

use arrow::datatypes::{Field, Fields, Schema, SchemaRef};
use datafusion::error::Result;
use datafusion::logical_expr::{LogicalPlan, TableSource};
use millstream_catalog::{Definition, HIDDEN_COLUMNS, Object};

use super::AsOf;
use crate::error::SqlResult;

/// Gives the source of each relation: providers at one LSN for batch queries, bare schemas for views.
///
/// # Contract
/// Sources of catalog objects are [`RelationSource`]s, for the planner to say at which moment they are read.
/// The schema of a source is the object's schema; `with_hidden` (asked for streams only) adds the hidden columns,
/// as [`millstream_catalog::Stream::schema_with_hidden`] has them. Sources of materialized views give their
/// contents. Views and sinks are never asked for.
pub trait Relations {
    /// The source of a stream or a materialized view.
    fn source(&self, object: &Arc<Object>, with_hidden: bool) -> SqlResult<Arc<dyn TableSource>>;

    /// The source of a system relation (`pg_catalog`, `information_schema`, `millstream`), if there is one.
    fn system(&self, schema: &str, name: &str) -> Option<Arc<dyn TableSource>>;

    /// A bound query before it is typed: the place to make plannable what the planner cannot plan over these sources.
    fn rewrite(&self, plan: LogicalPlan) -> Result<LogicalPlan> {
        Ok(plan)
    }
}

/// Relations without rows: what views are planned over.
#[derive(Debug, Clone, Copy, Default)]
pub struct SchemaOnly;

/// A source that knows its object and its schema, nothing more.
#[derive(Debug, Clone)]
pub struct RelationSource {
    /// The stream or materialized view.
    pub object: Arc<Object>,
    /// The moment of the past at which it is read; None: now.
    pub as_of: Option<AsOf>,
    schema: SchemaRef,
}

impl Relations for SchemaOnly {
    fn source(&self, object: &Arc<Object>, with_hidden: bool) -> SqlResult<Arc<dyn TableSource>> {
        let schema = match &object.definition {
            Definition::Stream(stream) if with_hidden => stream.schema_with_hidden(),
            _ => object.schema(),
        };
        Ok(Arc::new(RelationSource { object: Arc::clone(object), as_of: None, schema }))
    }

    fn system(&self, _schema: &str, _name: &str) -> Option<Arc<dyn TableSource>> {
        None
    }
}

impl RelationSource {
    /// The same relation with rows that are not committed, whose hidden columns are NULL.
    pub fn with_uncommitted(&self) -> Self {
        let hidden = |field: &Field| HIDDEN_COLUMNS.contains(&field.name().as_str());
        let fields = self.schema.fields().iter().map(|field| match hidden(field) {
            true => Arc::new(field.as_ref().clone().with_nullable(true)),
            false => Arc::clone(field),
        });
        let schema = Schema::new_with_metadata(fields.collect::<Fields>(), self.schema.metadata().clone());
        Self { schema: Arc::new(schema), ..self.clone() }
    }

    /// The same relation at a moment of the past.
    pub fn read_at(&self, as_of: AsOf) -> Self {
        Self { as_of: Some(as_of), ..self.clone() }
    }
}

impl TableSource for RelationSource {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }
}
