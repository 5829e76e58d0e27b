//! What ordered sets refuse.

use crate::functions::recorded::differences;

#[test]
fn a_part_that_is_none_is_refused_even_of_nothing_but_null() {
    let cases = "percentile_cont\tfloat8=1.5\tfloat8={1,2}\t-> float8\t!22003\n\
        percentile_cont\tfloat8=NaN\tfloat8={NULL}\t-> float8\t!22003\n\
        percentile_cont\tfloat8[]={0.5,2}\tfloat8={NULL}\t-> float8[]\t\\N\n\
        percentile_cont\tfloat8[]={0.5,2}\tfloat8={1}\t-> float8[]\t!22003\n\
        percentile_disc\tfloat8=\\N\ttext={a}\t-> text\t\\N\n\
        percentile_disc\tfloat8=0.34\ttext={a,b,c}\t-> text\tb\n\
        percentile_cont\tfloat8=0.3\tinterval={\"1 day\",\"1 mon\"}\t-> interval\t10 days -07:12:00\n\
        mode\tint4={2,1,1,2,NULL,NULL,NULL}\t-> int4\t1\n";
    let (count, found) = differences(&super::rows(), cases);
    assert!(found.is_empty() && count == 8, "{}", found.join("\n"));
}
