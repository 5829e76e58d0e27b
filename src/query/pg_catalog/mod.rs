//! Postgres's catalogs and the functions over them, as far as psql's lists (`\d`, `\dt`, `\dv`, `\dm`, `\dn`) and what
//! drivers ask at connect need them. `\d name` needs more and is not built yet.

mod functions;
mod tables;

pub use functions::functions;
pub use tables::system_table;

use millstream_catalog::Catalog;

/// What the catalogs show.
pub struct CatalogView<'a> {
    /// The objects.
    pub catalog: &'a Catalog,
    /// The database's name.
    pub database: &'a str,
    /// The session's user.
    pub user: &'a str,
    /// Name, value and description of the settings.
    pub settings: Vec<(String, String, String)>,
}

/// The first number that Postgres gives to objects of users; ours follow by their own number.
const FIRST_OID: i64 = 16_384;
/// The number of schema `public`, Postgres's own.
const PUBLIC_OID: i64 = 2_200;
/// The number of the one role.
const OWNER_OID: i64 = 10;
