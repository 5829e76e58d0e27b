//! Views: versioned columnar contents.
