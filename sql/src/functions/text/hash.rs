//! Digests.

use md5::Md5;
use sha2::digest::Digest;
use sha2::{Sha224, Sha256, Sha384, Sha512};

use crate::functions::registry::Row;
use crate::strict;
use crate::types::bytea::push_hex;

/// The registry rows.
pub fn rows() -> Vec<Row> {
    vec![
        strict!("md5", (s: Text) -> Text => Ok(md5(s.as_bytes()))).safe(),
        strict!("md5", (s: Bytea) -> Text => Ok(md5(s))).safe(),
        strict!("sha224", (s: Bytea) -> Bytea => Ok(Sha224::digest(s).to_vec())).safe(),
        strict!("sha256", (s: Bytea) -> Bytea => Ok(Sha256::digest(s).to_vec())).safe(),
        strict!("sha384", (s: Bytea) -> Bytea => Ok(Sha384::digest(s).to_vec())).safe(),
        strict!("sha512", (s: Bytea) -> Bytea => Ok(Sha512::digest(s).to_vec())).safe(),
    ]
}

fn md5(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(32);
    push_hex(&mut text, &Md5::digest(bytes));
    text
}
