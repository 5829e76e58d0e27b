//! The shape of system relations, and how their rows are put together.
//!
//! `data/columns.txt` has one line for each relation of PostgreSQL 15; `data/*.tsv` have the rows that are the
//! same in every database, as `COPY … WITH (HEADER)` writes them.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use arrow::array::{ArrayRef, RecordBatch, new_null_array};
use arrow::datatypes::{DataType, Schema, SchemaRef};
use async_trait::async_trait;
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::{Result, ScalarValue, internal_datafusion_err};
use datafusion::datasource::memory::MemorySourceConfig;
use datafusion::logical_expr::{Expr, TableType};
use datafusion::physical_plan::ExecutionPlan;
use millstream_catalog::{Kind, SqlType, TABLE_OID};

use super::{Facts, dependencies, information_schema, relations, routines, server};

/// A relation of Postgres's catalogs.
#[derive(Debug)]
pub struct Spec {
    /// `pg_catalog` or `information_schema`.
    pub schema: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Its number, as in Postgres.
    pub oid: u32,
    /// `r` for a table, `v` for a view.
    pub kind: &'static str,
    /// Its columns with their Postgres types.
    pub columns: Vec<(&'static str, &'static str)>,
    /// Its columns as Arrow has them, and the hidden `tableoid` after them in `pg_catalog`'s tables.
    pub arrow: SchemaRef,
}

static SPECS: LazyLock<Vec<Spec>> = LazyLock::new(|| {
    let lines = include_str!("data/columns.txt").lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(parse_spec).collect()
});

static BY_NAME: LazyLock<HashMap<(&'static str, &'static str), &'static Spec>> =
    LazyLock::new(|| SPECS.iter().map(|spec| ((spec.schema, spec.name), spec)).collect());

/// All relations.
pub fn specs() -> &'static [Spec] {
    &SPECS
}

/// The relation of that name.
pub fn spec(schema: &str, name: &str) -> Option<&'static Spec> {
    BY_NAME.get(&(schema, name)).copied()
}

fn parse_spec(line: &'static str) -> Option<Spec> {
    let mut words = line.split(' ');
    let (schema, name) = (words.next()?, words.next()?);
    let (oid, kind) = (words.next()?.parse().ok()?, words.next()?);
    let columns: Vec<_> = words.filter_map(|word| word.split_once(':')).collect();
    let fields = columns.iter().map(|(name, type_name)| column_type(type_name).field(name, true));
    let table_oid = (kind == "r").then(|| SqlType::from(Kind::Oid).field(TABLE_OID, true));
    let arrow = Arc::new(Schema::new(fields.chain(table_oid).collect::<Vec<_>>()));
    Some(Spec { schema, name, oid, kind, columns, arrow })
}

/// A relation of Postgres's catalogs, to be read. Its rows are made at each scan.
#[derive(Debug)]
pub struct CatalogTable {
    /// Its shape.
    pub spec: &'static Spec,
    /// What its rows tell of.
    pub facts: Arc<Facts>,
}

impl CatalogTable {
    /// All rows, in one batch.
    pub fn batch(&self) -> Result<RecordBatch> {
        let mut rows = Rows { spec: self.spec, rows: vec![] };
        match self.spec.schema {
            "pg_catalog" => {
                relations::fill(&self.facts, &mut rows);
                dependencies::fill(&self.facts, &mut rows);
                routines::fill(&mut rows);
                server::fill(&self.facts, &mut rows);
            }
            _ => information_schema::fill(&self.facts, &mut rows),
        }
        rows.into_batch()
    }
}

#[async_trait]
impl TableProvider for CatalogTable {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.spec.arrow)
    }

    fn table_type(&self) -> TableType {
        TableType::View
    }

    async fn scan(
        &self,
        _state: &dyn Session,
        projection: Option<&Vec<usize>>,
        _filters: &[Expr],
        _limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let partitions = [vec![self.batch()?]];
        Ok(MemorySourceConfig::try_new_exec(&partitions, self.schema(), projection.cloned())?)
    }
}

/// The type of a column of the catalogs; text where PostgreSQL's own is not built.
fn column_type(pg_name: &str) -> SqlType {
    let known = SqlType::by_name(pg_name);
    known.unwrap_or_else(|| {
        if pg_name.starts_with('_') { SqlType::array(Kind::Text) } else { Kind::Text.into() }
    })
}

/// A value of a row.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// NULL.
    Null,
    /// A truth value.
    Bool(bool),
    /// An integer of any width, an oid.
    Int(i64),
    /// Text, or anything else written as text.
    Text(String),
    /// An array.
    List(Vec<Cell>),
}

impl From<bool> for Cell {
    fn from(value: bool) -> Self {
        Cell::Bool(value)
    }
}

impl From<i32> for Cell {
    fn from(value: i32) -> Self {
        Cell::Int(value.into())
    }
}

impl From<u32> for Cell {
    fn from(value: u32) -> Self {
        Cell::Int(value.into())
    }
}

impl From<usize> for Cell {
    fn from(value: usize) -> Self {
        Cell::Int(value as i64)
    }
}

impl From<&str> for Cell {
    fn from(value: &str) -> Self {
        Cell::Text(value.to_owned())
    }
}

impl From<String> for Cell {
    fn from(value: String) -> Self {
        Cell::Text(value)
    }
}

impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Cell::Null, Into::into)
    }
}

impl<T: Into<Cell>> From<Vec<T>> for Cell {
    fn from(values: Vec<T>) -> Self {
        Cell::List(values.into_iter().map(Into::into).collect())
    }
}

/// The rows of a relation under construction.
pub struct Rows {
    spec: &'static Spec,
    rows: Vec<Vec<Cell>>,
}

impl Rows {
    /// The name of the relation.
    pub fn name(&self) -> &'static str {
        self.spec.name
    }

    /// Adds the rows of a file of `COPY … WITH (HEADER)`.
    pub fn load(&mut self, file: &str) {
        let mut lines = file.lines();
        let header: Vec<&str> = lines.next().unwrap_or_default().split('\t').collect();
        for line in lines {
            let cells = line.split('\t').map(|text| match text {
                "\\N" => Cell::Null,
                text => Cell::Text(text.replace("\\n", "\n").replace("\\\\", "\\")),
            });
            let named = header.iter().copied().zip(cells);
            self.add(named.filter(|(name, _)| !name.is_empty()));
        }
    }

    /// One more row. Columns that are not named are what Postgres has where there is nothing to say: 0, false, ''
    /// in columns that are never NULL there, else NULL.
    pub fn add<'n>(&mut self, cells: impl IntoIterator<Item = (&'n str, Cell)>) {
        let mut row: Vec<Cell> = self.spec.columns.iter().map(|(_, kind)| self.nothing(kind)).collect();
        for (name, cell) in cells {
            let index = self.spec.columns.iter().position(|(column, _)| *column == name);
            debug_assert!(index.is_some(), "{} has no column {name}", self.spec.name);
            if let Some(index) = index {
                row[index] = cell;
            }
        }
        self.rows.push(row);
    }

    fn nothing(&self, kind: &str) -> Cell {
        match kind {
            _ if self.spec.schema != "pg_catalog" => Cell::Null,
            "bool" => Cell::Bool(false),
            "int2" | "int4" | "int8" | "oid" | "float4" | "float8" | "regproc" | "regtype" | "xid" => {
                Cell::Int(0)
            }
            "name" | "char" => Cell::Text(String::new()),
            "int2vector" | "oidvector" => Cell::List(vec![]),
            _ => Cell::Null,
        }
    }

    fn into_batch(self) -> Result<RecordBatch> {
        let wrong = || internal_datafusion_err!("a row of {} has a value of a wrong type", self.spec.name);
        let columns = self.spec.arrow.fields().iter().enumerate().map(|(index, field)| {
            if self.rows.is_empty() {
                return Ok(new_null_array(field.data_type(), 0));
            }
            let table_oid = Cell::from(self.spec.oid);
            let cells = self.rows.iter().map(|row| row.get(index).unwrap_or(&table_oid));
            let values = cells.map(|cell| scalar(cell, field.data_type()).ok_or_else(wrong));
            ScalarValue::iter_to_array(values.collect::<Result<Vec<_>>>()?)
        });
        let columns = columns.collect::<Result<Vec<ArrayRef>>>()?;
        Ok(RecordBatch::try_new(Arc::clone(&self.spec.arrow), columns)?)
    }
}

/// A cell as a value of a type; None if it cannot be one, which is a defect of whoever made the row.
fn scalar(cell: &Cell, data_type: &DataType) -> Option<ScalarValue> {
    Some(match (cell, data_type) {
        (Cell::Null, _) => ScalarValue::try_from(data_type).ok()?,
        (Cell::Text(text), DataType::Utf8) => ScalarValue::Utf8(Some(text.clone())),
        (Cell::Int(value), DataType::UInt32) => ScalarValue::UInt32(Some(u32::try_from(*value).ok()?)),
        (Cell::Int(value), DataType::Int64) => ScalarValue::Int64(Some(*value)),
        (Cell::Int(value), DataType::Int32) => ScalarValue::Int32(Some(i32::try_from(*value).ok()?)),
        (Cell::Int(value), DataType::Int16) => ScalarValue::Int16(Some(i16::try_from(*value).ok()?)),
        (Cell::Int(value), DataType::Float32) => ScalarValue::Float32(Some(*value as f32)),
        (Cell::Int(value), DataType::Float64) => ScalarValue::Float64(Some(*value as f64)),
        (Cell::Bool(value), DataType::Boolean) => ScalarValue::Boolean(Some(*value)),
        (Cell::Text(text), DataType::Boolean) => ScalarValue::Boolean(Some(text == "t")),
        (Cell::Text(text), DataType::List(field)) => {
            let words = text.split([' ', ',', '{', '}']).filter(|word| !word.is_empty());
            let cells: Vec<Cell> = words.map(Cell::from).collect();
            return scalar(&Cell::List(cells), &DataType::List(Arc::clone(field)));
        }
        (Cell::Text(_), DataType::Binary) => ScalarValue::Binary(None),
        (Cell::Text(text), _) => ScalarValue::try_from_string(text.clone(), data_type).ok()?,
        (Cell::List(cells), DataType::List(field)) => {
            let values =
                cells.iter().map(|cell| scalar(cell, field.data_type())).collect::<Option<Vec<_>>>()?;
            ScalarValue::List(ScalarValue::new_list_nullable(&values, field.data_type()))
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_relation_of_postgres_is_known_with_its_columns() {
        assert_eq!(specs().len(), 208);
        let class = spec("pg_catalog", "pg_class").unwrap();
        assert_eq!((class.oid, class.kind, class.columns.len()), (1259, "r", 33));
        assert_eq!(*class.arrow.field(0).data_type(), DataType::UInt32);
        assert!(spec("information_schema", "columns").is_some());
    }
}
