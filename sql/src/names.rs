//! Names of output columns. Two may have one name in Postgres, not in a DataFusion plan: the second is called
//! `name\0index` there.

use std::collections::HashSet;

/// A column's name as the user is shown it.
pub(crate) fn output_name(name: &str) -> &str {
    name.split('\0').next().unwrap_or(name)
}

/// The names that a plan has for columns, no two the same.
pub(crate) fn plan_names(names: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut taken = HashSet::new();
    let number = |(index, name): (usize, String)| {
        if taken.insert(name.clone()) { name } else { format!("{name}\0{index}") }
    };
    names.into_iter().enumerate().map(number).collect()
}
