//! Windows of time: what TUMBLE and HOP mean, which windows a row belongs to (the kernel that both executors share),
//! and TUMBLE and HOP in DataFusion's plans. Windows of OVER, which are of rows, are in [`over`].
//!
//! A window is `[start, start + size)`; starts are the multiples of `slide`, counted from the Unix epoch plus
//! `offset`. A row of NULL time is in no window.
//!
//! ```text
//!   size 10, slide 4      t = 9
//!   ├────────────┤        [0, 10)
//!       ├────────────┤    [4, 14)
//!           ├────────────┤[8, 18)   ◄─ last_start
//! ```

mod assignment;
pub mod exec;
mod node;
pub mod over;
mod spec;

pub use assignment::{Assignment, add_windows, assign_windows, window_times};
pub use node::WindowNode;
pub use spec::{WINDOW_END, WINDOW_START, WINDOW_TIME, WINDOW_TIME_BEFORE_END_US, Window, duration_text};
