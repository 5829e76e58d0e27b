//! The set of objects at one LSN.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::{CatalogError, ObjectId, QualifiedName, relation::Object};

/// The objects of a database at one LSN: an immutable value, cheap to clone.
///
/// Invariants: names are unique across kinds; every id in `depends_on` is present; an id is never given twice.
#[derive(Debug, Clone, Default)]
pub struct Catalog {
    objects: Arc<BTreeMap<ObjectId, Arc<Object>>>,
    names: Arc<BTreeMap<QualifiedName, ObjectId>>,
    next_id: u64,
}

impl Catalog {
    /// An empty catalog whose next object takes this id: to put objects back that were stored with their ids
    /// ([`Catalog::with`], in the order of their ids), when those of dropped ones must not be given again.
    pub fn starting_at(next_id: ObjectId) -> Self {
        Self { next_id: next_id.0, ..Self::default() }
    }

    /// The id that the next created object takes.
    pub fn next_id(&self) -> ObjectId {
        ObjectId(self.next_id)
    }

    /// The same objects, and a next id that is at least this.
    pub fn with_next_id(&self, next_id: ObjectId) -> Self {
        Self { next_id: self.next_id.max(next_id.0), ..self.clone() }
    }

    /// All objects, oldest first.
    pub fn objects(&self) -> impl Iterator<Item = &Arc<Object>> {
        self.objects.values()
    }

    /// The object of that id.
    pub fn object(&self, id: ObjectId) -> Result<&Arc<Object>, CatalogError> {
        self.objects.get(&id).ok_or(CatalogError::UnknownId(id))
    }

    /// The object of that name, if there is one.
    pub fn find(&self, name: &QualifiedName) -> Option<&Arc<Object>> {
        self.names.get(name).map(|id| &self.objects[id])
    }

    /// The object of that name.
    pub fn get(&self, name: &QualifiedName) -> Result<&Arc<Object>, CatalogError> {
        self.find(name).ok_or_else(|| CatalogError::Missing(name.clone()))
    }

    /// The catalog with one more object.
    pub fn with(&self, object: Object) -> Result<Catalog, CatalogError> {
        if self.names.contains_key(&object.name) {
            return Err(CatalogError::Duplicate(object.name));
        }
        for id in &object.depends_on {
            self.object(*id)?;
        }
        let mut next = self.clone();
        next.next_id = next.next_id.max(object.id.0 + 1);
        Arc::make_mut(&mut next.names).insert(object.name.clone(), object.id);
        Arc::make_mut(&mut next.objects).insert(object.id, Arc::new(object));
        Ok(next)
    }

    /// The catalog with another definition of an object: the object of that id goes, this one takes its place. Its
    /// dependents stand; the caller has seen to it that the new definition fits them.
    pub fn with_replaced(&self, object: Object) -> Result<Catalog, CatalogError> {
        self.without(&[object.id])?.with(object)
    }

    /// The objects to drop so that `ids` can go: themselves and, with `cascade`, all that depend on them,
    /// dependents first. Without `cascade`, an object that others outside the set depend on is refused.
    pub fn drop_order(&self, ids: &[ObjectId], cascade: bool) -> Result<Vec<Arc<Object>>, CatalogError> {
        let mut doomed: Vec<ObjectId> = ids.to_vec();
        let mut next = 0;
        while next < doomed.len() {
            let id = doomed[next];
            next += 1;
            let dependents: Vec<&Arc<Object>> = self
                .objects()
                .filter(|object| object.depends_on.contains(&id) && !doomed.contains(&object.id))
                .collect();
            if !dependents.is_empty() && !cascade {
                return Err(self.depended_on(id, &dependents)?);
            }
            doomed.extend(dependents.iter().map(|object| object.id));
        }
        doomed.sort_unstable();
        doomed.dedup();
        doomed.into_iter().rev().map(|id| self.object(id).cloned()).collect()
    }

    /// The catalog without these objects. The caller has settled dependents with [`Catalog::drop_order`].
    pub fn without(&self, ids: &[ObjectId]) -> Result<Catalog, CatalogError> {
        let mut next = self.clone();
        for id in ids {
            let object = self.object(*id)?;
            Arc::make_mut(&mut next.names).remove(&object.name);
            Arc::make_mut(&mut next.objects).remove(id);
        }
        Ok(next)
    }

    fn depended_on(&self, id: ObjectId, dependents: &[&Arc<Object>]) -> Result<CatalogError, CatalogError> {
        let object = self.object(id)?;
        let line = |dependent: &&Arc<Object>| {
            format!("{} {} depends on {} {}", dependent.kind(), dependent.name, object.kind(), object.name)
        };
        Ok(CatalogError::DependedOn {
            kind: object.kind(),
            name: object.name.clone(),
            dependents: dependents.iter().map(line).collect(),
        })
    }
}
