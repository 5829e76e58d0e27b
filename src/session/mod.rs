//! Sessions: from statements to answers.

pub mod answer;
