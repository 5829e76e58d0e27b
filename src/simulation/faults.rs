//! Every call failed once and for good.
