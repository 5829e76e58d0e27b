//! The edge values of each type, as its own text.
//!
//! What a function does wrong it does at an edge: zero, the least and the greatest, NaN and the infinities, BC, the hours
//! that a time zone skips or repeats, the empty, the long, what is no ASCII. [`of_argument`] gives the values that make
//! sense for one argument of one function (formats, patterns, field names, small counts).

/// The values of a type that has some; `element[]` is written as `_element`, as in `pg_type`.
pub fn of_type(name: &str) -> &'static [&'static str] {
    match name {
        "bool" => &["t", "f"],
        "int2" => &["0", "1", "-1", "2", "7", "-7", "100", "32767", "-32768", "-32767"],
        "int4" => {
            &["0", "1", "-1", "2", "3", "-5", "10", "64", "1000", "2147483647", "-2147483648", "-2147483647"]
        }
        "int8" => &[
            "0",
            "1",
            "-1",
            "2",
            "3",
            "-5",
            "12",
            "1000",
            "4294967296",
            "9007199254740993",
            "9223372036854775807",
            "-9223372036854775808",
            "-9223372036854775807",
        ],
        "float4" => &[
            "0",
            "-0",
            "1",
            "-1",
            "0.5",
            "2.5",
            "-1.5",
            "3.1415927",
            "1e-45",
            "1.1754944e-38",
            "3.4028235e38",
            "-3.4028235e38",
            "16777217",
            "1e10",
            "NaN",
            "Infinity",
            "-Infinity",
        ],
        "float8" => &[
            "0",
            "-0",
            "1",
            "-1",
            "0.5",
            "2.5",
            "-1.5",
            "0.1",
            "0.30000000000000004",
            "3.141592653589793",
            "-45",
            "90",
            "1e15",
            "1e16",
            "123456789012345680",
            "5e-324",
            "2.2250738585072014e-308",
            "1.7976931348623157e308",
            "-1.7976931348623157e308",
            "9223372036854775807",
            "2147483648",
            "1e-7",
            "NaN",
            "Infinity",
            "-Infinity",
        ],
        "numeric" => &[
            "0",
            "0.00",
            "1",
            "-1",
            "0.5",
            "-0.5",
            "2.5",
            "-2.5",
            "1.10",
            "3.14159",
            "10",
            "100.0",
            "1e-10",
            "-1e-20",
            "99.995",
            "0.00000000000000000001",
            "1234567890.0987654321",
            "99999999999999999999999999999999999999",
            "1e30",
            "-1e40",
            "9223372036854775807",
            "9223372036854775808",
            "2147483647.5",
            "-32768.5",
            "123456789012345678901234567890.12345",
            "NaN",
            "Infinity",
            "-Infinity",
        ],
        "text" => TEXTS,
        "varchar" => &["", "a", "abc", "ABC  ", "  x", "čeština", "12.5", "2024-02-29", "{1,2}"],
        "bpchar" => &["", "a", "abc", "abc  ", "  x ", "Ü", "12"],
        "name" => &["a", "Tester", "pg_class", "with space", "žluť"],
        "char" => &["a", "", "Z", "1", " "],
        "bytea" => &[
            "\\x",
            "\\x00",
            "\\x01ff",
            "\\x616263",
            "\\xdeadbeef",
            "\\x2061622020",
            "\\xc3a9",
            "\\x0102030405060708090a",
        ],
        "date" => &[
            "2000-01-01",
            "1999-12-31",
            "2024-02-29",
            "2023-03-01",
            "2024-12-30",
            "1970-01-01",
            "0001-01-01",
            "0044-03-15 BC",
            "4713-01-01 BC",
            "5874897-12-31",
            "9999-12-31",
            "2021-01-03",
            "1900-02-28",
            "infinity",
            "-infinity",
        ],
        "time" => &[
            "00:00:00",
            "23:59:59.999999",
            "24:00:00",
            "12:34:56.789",
            "00:00:00.000001",
            "06:30:00",
            "11:59:59.5",
        ],
        "timetz" => &[
            "00:00:00+00",
            "23:59:59.999999-08",
            "12:34:56.789+05:30",
            "24:00:00+13",
            "06:00:00-12:30:15",
            "01:00:00+15:59",
        ],
        "timestamp" => &[
            "2000-01-01 00:00:00",
            "1999-12-31 23:59:59.999999",
            "2024-02-29 12:34:56.789012",
            "2024-03-31 02:30:00",
            "2024-10-27 02:30:00",
            "2024-03-10 02:30:00",
            "1970-01-01 00:00:00",
            "0001-01-01 00:00:00",
            "0044-03-15 12:00:00 BC",
            "4713-01-01 00:00:00 BC",
            "294246-12-31 23:59:59",
            "9999-12-31 23:59:59.5",
            "1900-01-01 00:00:00.000001",
            "infinity",
            "-infinity",
        ],
        "timestamptz" => &[
            "2000-01-01 00:00:00+00",
            "1999-12-31 23:59:59.999999-08",
            "2024-02-29 12:34:56.789012+05:30",
            "2024-03-31 00:59:59.999999+00",
            "2024-03-31 01:00:00+00",
            "2024-10-27 00:30:00+00",
            "2024-10-27 01:30:00+00",
            "2024-03-10 10:00:00+00",
            "1900-01-01 00:00:00+00",
            "0044-03-15 12:00:00+00 BC",
            "294246-12-30 00:00:00+00",
            "1970-01-01 00:00:00+00",
            "infinity",
            "-infinity",
        ],
        "interval" => &[
            "0",
            "1 day",
            "24:00:00",
            "1 mon",
            "30 days",
            "1 year 2 mons 3 days 04:05:06.789",
            "-1 year -2 mons +3 days -04:05:06",
            "-00:00:00.000001",
            "1 mon -30 days",
            "100 years",
            "23:59:59.999999",
            "-1 day 25:00:00",
            "12 mons",
            "15:30:00",
            "178000000 years",
            "-2147483648 mons",
            "106751991 days",
        ],
        "uuid" => &[
            "00000000-0000-0000-0000-000000000000",
            "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
            "ffffffff-ffff-ffff-ffff-ffffffffffff",
        ],
        "json" | "jsonb" => JSONS,
        "oid" => &["0", "1", "16384", "4294967295"],
        "_bool" => &["{}", "{t,f}", "{NULL,t}"],
        "_int2" => &["{}", "{1,2,3}", "{NULL}", "{-32768,32767}"],
        "_int4" => &[
            "{}",
            "{1}",
            "{1,2,3}",
            "{3,2,1,2}",
            "{NULL,1,NULL}",
            "{2147483647,-2147483648}",
            "{1,1,1}",
            "{NULL}",
        ],
        "_int8" => &["{}", "{1,2,3}", "{NULL,9223372036854775807}", "{3,1,3}"],
        "_float4" => &["{}", "{1.5,NaN}", "{NULL,0,-0}"],
        "_float8" => &["{}", "{0.1,0.25,1}", "{NaN,Infinity,-Infinity}", "{NULL,0,-0}", "{0,0.5,1}"],
        "_numeric" => &["{}", "{1,1.0,2.50}", "{NaN,NULL}", "{0.1,100}"],
        "_text" => &[
            "{}",
            "{a}",
            "{a,b,c}",
            "{NULL}",
            "{a,NULL,b}",
            "{\"\",\" x \"}",
            "{\"a,b\",\"{}\",\"\\\"q\\\"\"}",
            "{null,\"NULL\"}",
            "{ä,😇}",
            "{a,1,b,2}",
            "{0}",
            "{a,0}",
        ],
        "_varchar" => &["{}", "{a,b}", "{NULL,x}"],
        "_date" => &["{}", "{2024-02-29,infinity}", "{NULL,2000-01-01}"],
        "_timestamp" => &["{}", "{\"2024-02-29 12:00:00\",NULL}", "{infinity}"],
        "_timestamptz" => &["{}", "{\"2024-02-29 12:00:00+00\",NULL}"],
        "_interval" => &["{}", "{\"1 day\",24:00:00}", "{NULL,\"1 mon\"}"],
        "_uuid" => &["{}", "{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11,NULL}"],
        "_jsonb" => &["{}", "{\"{\\\"a\\\": 1}\",NULL}", "{1,\"\\\"x\\\"\"}"],
        "_bytea" => &["{}", "{\"\\\\x00ff\",NULL}"],
        _ => &[],
    }
}

const TEXTS: &[&str] = &[
    "",
    "a",
    "abc",
    "ABC",
    "Hello World",
    "  padded  ",
    "a,b,,c",
    "aaa",
    "x_y%z",
    "100%",
    "čeština",
    "ŽLUŤOUČKÝ",
    "😇 smile",
    "日本語",
    "e\u{301}",
    "ß",
    "İ",
    "line\nbreak",
    "tab\there",
    "back\\slash",
    "quo'te",
    "\"double\"",
    "0",
    "1",
    "-1",
    "12.50",
    "1e5",
    "NaN",
    "true",
    "null",
    "{\"a\": [1, 2]}",
    "{a,b}",
    "2024-02-29",
    "12:34:56",
    "1 day",
    "foo.bar",
    "The quick brown fox jumps over the lazy dog",
];

const JSONS: &[&str] = &[
    "null",
    "true",
    "0",
    "-1.50",
    "1e5",
    "\"\"",
    "\"text \\u00e9 \\\" \"",
    "[]",
    "{}",
    "[1, 2, 3]",
    "[null, true, \"x\", {\"a\": 1}]",
    "{\"a\": 1}",
    "{\"b\": 2, \"a\": {\"c\": [1, {\"d\": null}]}}",
    "{\"a\": null, \"b\": \"x\", \"a\": 2}",
    "[[1, 2], [3]]",
    "123456789012345678901234567890.123",
    "{\"\": 0, \"ä\": \"😇\"}",
    "[1, 1, 2]",
    "{\"a\": [1, 2], \"b\": true}",
    "false",
];

const FIELDS: &[&str] = &[
    "century",
    "day",
    "decade",
    "dow",
    "doy",
    "epoch",
    "hour",
    "isodow",
    "isoyear",
    "julian",
    "microseconds",
    "millennium",
    "milliseconds",
    "minute",
    "month",
    "quarter",
    "second",
    "timezone",
    "timezone_hour",
    "timezone_minute",
    "week",
    "year",
    "YEAR",
    "years",
    "fortnight",
    "",
];
const ZONES: &[&str] = &[
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "+05:30",
    "EST",
    "PST8PDT",
    "utc",
    "Nowhere/Town",
    "<+03>-03",
];
const TIME_FORMATS: &[&str] = &[
    "YYYY-MM-DD HH24:MI:SS",
    "YYYY-MM",
    "Day, DD Mon YYYY",
    "FMDay FMMonth FMDD",
    "HH12:MI:SS AM",
    "IYYY-IW-ID",
    "Q J DDD",
    "US MS FF3 FF6",
    "TZ OF TZH:TZM",
    "Y,YYY BC",
    "DDth \"of\" month",
    "SSSS SSSSS",
    "CC W WW D",
    "RM rm",
    "yyyy\\\"x",
    "",
    "YYYYMMDDHH24MISS",
    "TMMonth",
    "DY dy Dy",
];
const NUMBER_FORMATS: &[&str] = &[
    "999",
    "9999.99",
    "FM9999.00",
    "0000",
    "S999",
    "999MI",
    "999PR",
    "9,999,999",
    "L999",
    "9.99EEEE",
    "RN",
    "FMRN",
    "999th",
    "99V99",
    "FM999990.099",
    "SG99",
    "PL9",
    "$999",
    "0.0",
    "9G999D99",
    "",
];
const PATTERNS: &[&str] = &[
    "a",
    "b+",
    "(a)(b)?",
    "^.",
    "[[:alpha:]]+",
    "\\d+",
    "\\s",
    "(?i)HELLO",
    "o|e",
    ".*",
    "",
    "x*",
    "(",
    "[",
    "\\m\\w+\\M",
    "(.)\\1",
    "a{2}",
    "[^a-z]",
    "(?:b)(c)",
    "é|ü|č",
    "\\y",
    "$",
];
const LIKES: &[&str] = &["%", "a%", "_b_", "%a%", "", "\\%", "100\\%", "A%", "%ä", "____", "x\\_y%", "a\\"];
const FLAGS: &[&str] = &["", "g", "i", "gi", "n", "x", "c", "s", "z"];
const ENCODINGS: &[&str] = &["hex", "base64", "escape", "HEX", "rot13"];
const CHARSETS: &[&str] = &["UTF8", "LATIN1", "SQL_ASCII", "WIN1252", "nonsense"];
const PATHS: &[&str] = &["{a}", "{a,c,0}", "{0}", "{-1}", "{}", "{b}", "{a,NULL}", "{1,a}", "{x,y}", "{3,a}"];
const KEYS: &[&str] = &["a", "b", "", "ä", "x", "0"];
const COUNTS: &[&str] = &["0", "1", "-1", "2", "3", "5", "10", "33"];
const PLACES: &[&str] = &["0", "1", "2", "-1", "-2", "3", "7", "100", "-100", "2147483647", "-2147483648"];
const STEPS: &[&str] = &["1", "2", "-1", "3", "0", "7"];
const FRACTIONS: &[&str] = &["0", "0.5", "1", "0.25", "0.123456789", "0.99", "-0.1", "1.5", "NaN"];
const YEARS: &[&str] = &["2024", "2023", "1", "0", "-44", "1999", "294277", "5874898"];
const SMALL: &[&str] = &["0", "1", "2", "12", "13", "28", "29", "30", "31", "59", "60", "-1"];

/// The values for one argument of a function, where its type alone says too little.
pub fn of_argument(function: &str, place: usize, type_name: &str) -> Option<&'static [&'static str]> {
    Some(match (function, place, type_name) {
        ("extract" | "date_part" | "date_trunc", 0, "text") => FIELDS,
        ("timezone", 0, "text") | ("date_trunc", 2, "text") | ("make_timestamptz", 6, "text") => ZONES,
        ("to_date" | "to_timestamp", 1, "text") => TIME_FORMATS,
        ("to_date" | "to_timestamp", 0, "text") => &[
            "2024-02-29 12:34:56",
            "2024-02",
            "Thursday, 29 Feb 2024",
            "29 FEB 24",
            "12:34:56 PM",
            "2024-09-4",
            "20240229123456",
            "",
            "44-03-15 BC",
            "2023-02-29",
            "1,999 AD",
            "abc",
        ],
        ("to_number", 0, _) => &["12,345.67", "-12", " 1.5 ", "<7>", "1e3", "12th", "", "$1", "+3", "XIV"],
        ("to_number", 1, _) => NUMBER_FORMATS,
        (
            "regexp_match"
            | "regexp_matches"
            | "regexp_replace"
            | "regexp_split_to_array"
            | "regexp_split_to_table",
            1,
            _,
        ) => PATTERNS,
        (
            "regexp_count" | "regexp_instr" | "regexp_like" | "regexp_substr" | "~" | "~*" | "!~" | "!~*",
            1,
            "text",
        ) => PATTERNS,
        ("regexp_replace", 2, "text") => &["", "X", "[\\1]", "<\\&>", "\\\\", "\\2\\1", "é"],
        (
            "regexp_match"
            | "regexp_matches"
            | "regexp_split_to_array"
            | "regexp_split_to_table"
            | "regexp_like",
            2,
            "text",
        ) => FLAGS,
        ("regexp_replace" | "regexp_count", 3, "text")
        | ("regexp_substr" | "regexp_instr", 4 | 5, "text") => FLAGS,
        ("regexp_replace", 5, "text") => FLAGS,
        ("~~" | "!~~" | "~~*" | "!~~*", 1, "text") => LIKES,
        ("encode" | "decode", 1, _) => ENCODINGS,
        ("decode", 0, _) => &["", "616263", "YWJj", "\\141bc", "zz", "YQ==", "6", "\\\\x"],
        ("convert_from" | "convert_to" | "length", 1, "name") => CHARSETS,
        ("normalize" | "is_normalized", 1, _) => &["NFC", "NFD", "NFKC", "NFKD", "nfx"],
        (
            "#>"
            | "#>>"
            | "#-"
            | "json_extract_path"
            | "json_extract_path_text"
            | "jsonb_extract_path"
            | "jsonb_extract_path_text",
            1,
            "_text",
        ) => PATHS,
        ("jsonb_set" | "jsonb_insert" | "jsonb_set_lax", 1, _) => PATHS,
        ("jsonb_set_lax", 4, _) => {
            &["use_json_null", "delete_key", "return_target", "raise_exception", "nothing"]
        }
        ("->" | "->>" | "?" | "-", 1, "text") => KEYS,
        ("->" | "->>", 1, "int4") => PLACES,
        ("repeat" | "lpad" | "rpad", 1, "int4") => COUNTS,
        // Other lower bounds are out of scope.
        ("array_fill", 2, "_int4") => &["{1}"],
        ("array_fill", 1, "_int4") => &["{3}", "{0}", "{1}", "{NULL}", "{}", "{-1}"],
        ("generate_series", _, "int4" | "int8" | "numeric") => STEPS,
        ("generate_series", 0 | 1, "timestamp") => {
            &["2024-02-28 00:00:00", "2024-03-01 12:00:00", "2024-03-31 00:00:00", "infinity"]
        }
        ("generate_series", 0 | 1, "timestamptz") => {
            &["2024-03-30 00:00:00+00", "2024-04-01 12:00:00+00", "2024-10-26 22:00:00+00"]
        }
        ("generate_series", 2, "interval") => &["1 day", "12:00:00", "1 mon", "-1 day", "0", "7 days"],
        ("generate_subscripts" | "array_length" | "array_lower" | "array_upper", 1, "int4") => {
            &["0", "1", "2", "-1"]
        }
        ("percentile_cont" | "percentile_disc", 0, "float8") => FRACTIONS,
        ("percentile_cont" | "percentile_disc", 0, "_float8") => {
            &["{0,0.5,1}", "{0.25,NULL}", "{}", "{0.9}", "{1.1}"]
        }
        ("make_date" | "make_timestamp" | "make_timestamptz", 0, "int4") => YEARS,
        ("make_date" | "make_timestamp" | "make_timestamptz" | "make_time", _, "int4") => SMALL,
        ("make_time" | "make_timestamp" | "make_timestamptz", _, "float8") => {
            &["0", "1.5", "59.999999", "60", "-1", "30.0000005", "NaN"]
        }
        ("make_interval", _, "int4") => &["0", "1", "-1", "13", "100", "2147483647"],
        ("make_interval", _, "float8") => &["0", "1.5", "-0.000001", "1e10", "NaN"],
        ("date_bin", 0, _) => {
            &["15 minutes", "1 day", "02:00:00", "1 mon", "-1 hour", "0", "00:00:00.000001"]
        }
        ("round" | "trunc", 1, "int4") => {
            &["0", "1", "2", "-1", "-3", "5", "20", "-20", "2000", "-2147483648"]
        }
        ("split_part", 2, _) | ("left" | "right", 1, _) => PLACES,
        ("split_part", 1, _) | ("string_to_array" | "string_to_table", 1, _) => {
            &[",", "", "a", "bc", " ", "😇"]
        }
        ("factorial", 0, _) => &["0", "1", "5", "20", "33", "100", "-1"],
        ("power" | "pow" | "^", 1, "numeric") => {
            &["0", "1", "2", "-1", "0.5", "10", "-2.5", "100", "NaN", "Infinity", "-Infinity"]
        }
        ("exp", 0, "numeric") => {
            &["0", "1", "-1", "0.5", "100", "-100", "5000", "NaN", "Infinity", "-Infinity"]
        }
        ("width_bucket", 3, "int4") => &["1", "5", "10", "0", "-1", "2147483647"],
        ("chr", 0, _) => &["65", "0", "8364", "128519", "55296", "1114111", "1114112", "-1"],
        ("parse_ident", 0, _) => &["a.b", "\"A\".b", "a..b", "", "a b", "1a", "a.\"b\"\"c\""],
        ("parse_ident", 1, _) => &["t", "f"],
        ("pg_size_bytes", 0, _) => &["1", "10 kB", "1.5 GB", "-3MB", "2 tb", "1e3 bytes", "x", ""],
        ("get_byte" | "set_byte", 1, _) => &["0", "1", "3", "-1"],
        ("get_bit" | "set_bit", 1, _) => &["0", "7", "9", "15", "-1"],
        ("set_bit", 2, _) => &["0", "1", "2"],
        ("unistr", 0, _) => {
            &["abc", "\\0441\\043B", "\\u0441", "d\\+000061", "\\\\", "\\wrong", "\\D83D\\DE07"]
        }
        ("overlay" | "substr" | "substring", 1.., "int4") => PLACES,
        ("<<" | ">>", 1, "int4") => &["0", "1", "3", "31", "32", "63", "64", "-1"],
        ("nth_value", 1, _) | ("ntile", 0, _) => &["1", "2", "3", "0", "-1"],
        ("lag" | "lead", 1, _) => &["1", "2", "0", "-1"],
        ("trim_array", 1, _) => &["0", "1", "2", "3", "-1", "9"],
        _ => return None,
    })
}

/// The formats of `to_char` for a type.
pub fn formats(type_name: &str) -> &'static [&'static str] {
    match type_name {
        "timestamp" | "timestamptz" | "interval" => TIME_FORMATS,
        _ => NUMBER_FORMATS,
    }
}
