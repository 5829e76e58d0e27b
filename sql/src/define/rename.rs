//! Definitions after a relation has got another name: its own, and those of the views that read it.
//!
//! Definitions are text, so that a new name is a new text: `FROM costly` becomes `FROM spare AS costly`, and whatever else
//! the query says of `costly` stays as it was.

use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{
    Ident, ObjectName, Query, TableAlias, TableFactor, VisitMut, VisitorMut,
};
use millstream_catalog::{DEFAULT_SCHEMA, Object, QualifiedName};

use crate::error::{SqlError, SqlResult};
use crate::text;
use crate::text::statement::Statement;

/// The statement that makes a stream or a view, from its stored text, under another name.
pub fn renamed(object: &Object, name: QualifiedName) -> SqlResult<Statement> {
    let mut stored = text::parse(&object.sql)?.into_iter().next().map(|parsed| parsed.statement);
    match &mut stored {
        Some(Statement::CreateStream(create)) => create.name = name,
        Some(Statement::CreateView(create)) => create.name = name,
        _ => return Err(SqlError::internal(format!("{} is defined by no such CREATE", object.name))),
    }
    stored.ok_or_else(|| SqlError::internal("a definition that is none"))
}

/// The statement that makes a view under which one of its relations has another name. None where the name is read in a way
/// that cannot be told apart from others: a WITH of the same name, a window function over it.
pub fn with_renamed_source(
    view: &Object,
    old: &QualifiedName,
    new: &QualifiedName,
) -> SqlResult<Option<Statement>> {
    let mut stored = text::parse(&view.sql)?.into_iter().next().map(|parsed| parsed.statement);
    let Some(Statement::CreateView(create)) = &mut stored else { return Ok(None) };
    let mut renaming = Renaming { old, new, hidden: false, places: 0 };
    let _ = create.query.visit(&mut renaming);
    Ok(stored.filter(|_| renaming.places > 0 && !renaming.hidden))
}

struct Renaming<'a> {
    old: &'a QualifiedName,
    new: &'a QualifiedName,
    /// A WITH has the name.
    hidden: bool,
    places: usize,
}

impl Renaming<'_> {
    fn is_meant(&self, name: &ObjectName) -> bool {
        let folded = |ident: &Ident| match ident.quote_style {
            Some(_) => ident.value.clone(),
            None => ident.value.to_lowercase(),
        };
        let parts: Vec<String> = name.0.iter().filter_map(|part| part.as_ident()).map(folded).collect();
        match parts.as_slice() {
            [name] => *name == self.old.name && self.old.schema == DEFAULT_SCHEMA,
            [.., schema, name] => *name == self.old.name && *schema == self.old.schema,
            [] => false,
        }
    }
}

impl VisitorMut for Renaming<'_> {
    type Break = ();

    fn pre_visit_query(&mut self, query: &mut Query) -> ControlFlow<()> {
        let names = query.with.iter().flat_map(|with| &with.cte_tables).map(|table| &table.alias.name.value);
        self.hidden |= names.into_iter().any(|name| name.eq_ignore_ascii_case(&self.old.name));
        ControlFlow::Continue(())
    }

    fn pre_visit_table_factor(&mut self, factor: &mut TableFactor) -> ControlFlow<()> {
        if let TableFactor::Table { name, alias, args: None, .. } = factor
            && self.is_meant(name)
        {
            let quoted = |text: &str| Ident::with_quote('"', text);
            *name = ObjectName::from(vec![quoted(&self.new.schema), quoted(&self.new.name)]);
            alias.get_or_insert_with(|| TableAlias {
                explicit: true,
                name: quoted(&self.old.name),
                columns: vec![],
                at: None,
            });
            self.places += 1;
        }
        ControlFlow::Continue(())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use millstream_catalog::{Definition, ObjectId, View};

    use super::*;

    fn renamed_text(query: &str) -> Option<String> {
        let definition = Definition::View(View { query: query.to_owned(), columns: vec![] });
        let view = Object {
            id: ObjectId(2),
            name: QualifiedName::new("public", "v"),
            sql: format!("CREATE VIEW public.v AS {query}"),
            created_lsn: 0,
            semantics: 2,
            depends_on: vec![],
            comments: BTreeMap::new(),
            definition,
        };
        let (old, new) = (QualifiedName::new("public", "costly"), QualifiedName::new("public", "Spare"));
        match with_renamed_source(&view, &old, &new).unwrap()? {
            Statement::CreateView(create) => Some(create.query.to_string()),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_view_reads_the_new_name_under_the_old_one() {
        let cases = BTreeMap::from([
            ("SELECT costly.a FROM costly", Some("SELECT costly.a FROM \"public\".\"Spare\" AS \"costly\"")),
            ("SELECT c.a FROM public.costly AS c", Some("SELECT c.a FROM \"public\".\"Spare\" AS c")),
            (
                "SELECT 1 FROM t WHERE a IN (SELECT a FROM Costly)",
                Some("SELECT 1 FROM t WHERE a IN (SELECT a FROM \"public\".\"Spare\" AS \"costly\")"),
            ),
            ("SELECT 1 FROM other.costly", None),
            ("SELECT 1 FROM \"Costly\"", None),
            ("WITH costly AS (SELECT 1) SELECT * FROM costly", None),
        ]);
        for (query, expected) in cases {
            assert_eq!(renamed_text(query).as_deref(), expected, "{query}");
        }
    }
}
