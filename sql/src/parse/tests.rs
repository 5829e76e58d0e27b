//! The parser through its front door: text in, statement or error out.

use super::*;
