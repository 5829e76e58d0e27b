//! Answers of regular expressions that PostgreSQL 15 gave, recorded: one call for each line of `cases.jsonl`.

use crate::functions::text::tests::check;

#[test]
fn functions_answer_as_postgres_did() {
    check(&super::rows(), include_str!("cases.jsonl"));
}
