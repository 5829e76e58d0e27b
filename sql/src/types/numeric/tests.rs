//! Storage, keys, order, text, conversions and the wire format of numerics.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use super::convert::{
    decimal128_to_numeric, float4_to_numeric, float8_to_numeric, numeric_to_decimal128, numeric_to_float4,
    numeric_to_float8, numeric_to_int4,
};
use super::rounding::apply_modifier;
use super::text::parse;
use super::{Numeric, wire};

fn samples() -> Vec<Numeric> {
    let mut texts: Vec<String> = [
        "-Infinity",
        "-1e100",
        "-170141183460469231731687303715884105729",
        "-170141183460469231731687303715884105728",
        "-100",
        "-99.99",
        "-10.5",
        "-10",
        "-1.50",
        "-1.5",
        "-1.01",
        "-1",
        "-0.5",
        "-1e-300",
        "0",
        "0.00",
        "1e-1600",
        "1e-300",
        "0.001",
        "0.01",
        "0.0100",
        "0.5",
        "0.99",
        "1",
        "1.0",
        "1.000000",
        "1.01",
        "9.9",
        "10",
        "10.00",
        "12345678901234567890",
        "12345678901234567890.5",
        "170141183460469231731687303715884105727",
        "170141183460469231731687303715884105728",
        "1e38",
        "1e39",
        "1e100",
        "Infinity",
        "NaN",
    ]
    .iter()
    .map(|text| (*text).to_owned())
    .collect();
    // Digits with a fixed rule: sums of powers that give all lengths and scales.
    for n in 0..60usize {
        let digits: String =
            (0..=n).map(|place| char::from(b'0' + ((place * 7 + n * 3) % 10) as u8)).collect();
        texts.push(format!("{}.{digits}", n * n));
        texts.push(format!("-1{digits}.{n}"));
        texts.push(format!("1{digits}e-{n}"));
    }
    texts.iter().map(|text| parse(text).unwrap()).collect()
}

fn hash(value: &Numeric) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

#[test]
fn bytes_give_the_same_value_and_scale_back() {
    let extremes = ["1.5e131071", "-1e-16383", "0e-16383"].map(|text| parse(text).unwrap());
    for value in samples().into_iter().chain(extremes) {
        let back = Numeric::from_bytes(&value.to_bytes());
        assert!(back.is_identical(&value), "{value} {back}");
        assert_eq!(back.to_bytes(), value.to_bytes());
        assert_eq!(parse(&value.to_string()).unwrap().to_bytes(), value.to_bytes(), "{value}");
    }
    for bytes in [&[][..], &[1], &[1, 2, 3], &[240], &[250, 0, 0, 0, 0]] {
        assert!(Numeric::from_bytes(bytes).is_nan());
    }
}

#[test]
fn keys_hashes_and_order_are_of_the_value() {
    let values = samples();
    let key = |value: &Numeric| {
        let mut key = vec![];
        value.key_bytes(&mut key);
        key
    };
    for left in &values {
        for right in &values {
            assert_eq!(key(left).cmp(&key(right)), left.cmp(right), "{left} {right}");
            if left == right {
                assert_eq!(hash(left), hash(right), "{left} {right}");
            }
            if let (Ok(a), Ok(b)) = (numeric_to_float8(left), numeric_to_float8(right))
                && a != b
                && !a.is_nan()
                && !b.is_nan()
            {
                assert_eq!(a.partial_cmp(&b), Some(left.cmp(right)), "{left} {right}");
            }
        }
    }
}

#[test]
fn the_wire_format_gives_values_back() {
    for value in samples() {
        let mut bytes = vec![];
        wire::send(&value, &mut bytes);
        let back = wire::receive(&bytes).unwrap();
        assert!(back.is_identical(&value), "{value} {back}");
    }
    // What PostgreSQL's numeric_send gives.
    for (text, hex) in [
        ("0", "0000000000000000"),
        ("0.00", "0000000000000002"),
        ("1", "00010000000000000001"),
        ("-12345.678", "0003000140000003000109291a7c"),
        ("0.0001", "0001ffff000000040001"),
        ("1000000", "00010001000000000064"),
        ("NaN", "00000000c0000000"),
        ("Infinity", "00000000d0000020"),
        ("-Infinity", "00000000f0000020"),
    ] {
        let mut bytes = vec![];
        wire::send(&parse(text).unwrap(), &mut bytes);
        assert_eq!(hex::encode(bytes), hex, "{text}");
    }
    assert_eq!(wire::receive(&[0, 1, 0, 0]).unwrap_err().state.code(), "22P03");
    assert_eq!(wire::receive(&[0, 1, 0, 0, 0, 0, 0, 0, 0x27, 0x10]).unwrap_err().state.code(), "22P03");
}

#[test]
fn text_is_read_as_numeric_in_reads_it() {
    for (text, expected) in [
        (" 1.50 ", "1.50"),
        ("+.5", "0.5"),
        ("5.", "5"),
        ("-0.0", "0.0"),
        ("1e5", "100000"),
        ("1e 5", "100000"),
        ("1.5e-3", "0.0015"),
        ("0e200000", "0"),
        ("iNf", "Infinity"),
        ("+inf", "Infinity"),
        ("-INFINITY", "-Infinity"),
        ("nan", "NaN"),
        ("\t1\n", "1"),
        ("00012", "12"),
        ("12.340e2", "1234.0"),
        ("1.23e1", "12.3"),
    ] {
        assert_eq!(parse(text).map(|value| value.to_string()), Ok(expected.to_owned()), "{text:?}");
    }
    for text in [
        "", " ", ".", "1e", "1e+ 5", "+nan", "-nan", "1.2.3", "1 2", "0x1", "1_0", "infin", "--1", "e5",
        "1e5.0",
    ] {
        assert_eq!(parse(text).unwrap_err().state.code(), "22P02", "{text:?}");
    }
    for text in ["1e-16384", "0e-20000", "1e131072", "1e99999999999", "1e-99999999999"] {
        assert_eq!(parse(text).unwrap_err().state.code(), "22003", "{text:?}");
    }
    assert!(parse("1e131071").is_ok());
}

#[test]
fn modifiers_round_and_refuse() {
    let apply = |text: &str, precision, scale| {
        apply_modifier(&parse(text).unwrap(), precision, scale)
            .map(|value| value.to_string())
            .map_err(|error| error.detail.unwrap_or_default())
    };
    assert_eq!(apply("123.456", 5, -1).as_deref(), Ok("120"));
    assert_eq!(apply("0.001234", 3, 5).as_deref(), Ok("0.00123"));
    assert_eq!(apply("12345", 2, -3).as_deref(), Ok("12000"));
    assert_eq!(apply("0.5", 3, 3).as_deref(), Ok("0.500"));
    assert_eq!(apply("0", 2, 2).as_deref(), Ok("0.00"));
    assert_eq!(apply("NaN", 3, 0).as_deref(), Ok("NaN"));
    assert_eq!(apply("99.994", 4, 2).as_deref(), Ok("99.99"));
    let bound = |precision, scale, bound: &str| {
        Err(format!(
            "A field with precision {precision}, scale {scale} must round to an absolute value less than {bound}."
        ))
    };
    assert_eq!(apply("99.995", 4, 2), bound(4, 2, "10^2"));
    assert_eq!(apply("1.5", 3, 5), bound(3, 5, "10^-2"));
    assert_eq!(apply("5", 3, 3), bound(3, 3, "1"));
    let infinite = apply("-inf", 5, 2).unwrap_err();
    assert_eq!(infinite, "A field with precision 5, scale 2 cannot hold an infinite value.");
}

#[test]
fn conversions_are_those_of_postgres() {
    let text = |value: Numeric| value.to_string();
    assert_eq!(float8_to_numeric(0.1).map(text).as_deref(), Ok("0.1"));
    assert_eq!(float8_to_numeric(1e20).map(text).as_deref(), Ok("100000000000000000000"));
    assert_eq!(float8_to_numeric(123_456_789.123_456_79).map(text).as_deref(), Ok("123456789.123457"));
    assert_eq!(float4_to_numeric(1.5e-20).map(text).as_deref(), Ok("0.000000000000000000015"));
    assert_eq!(float4_to_numeric(1_234_567.0).map(text).as_deref(), Ok("1234570"));
    assert_eq!(numeric_to_float8(&parse("0.1").unwrap()), Ok(0.1));
    assert_eq!(numeric_to_float8(&parse("1e400").unwrap()).unwrap_err().state.code(), "22003");
    assert_eq!(numeric_to_float4(&parse("1e-60").unwrap()).unwrap_err().state.code(), "22003");
    for (value, whole) in
        [("2.5", Ok(3)), ("-2.5", Ok(-3)), ("2147483647.4", Ok(i32::MAX)), ("2147483647.5", Err("22003"))]
    {
        assert_eq!(numeric_to_int4(&parse(value).unwrap()).map_err(|error| error.state.code()), whole);
    }
    assert_eq!(numeric_to_int4(&Numeric::NaN).unwrap_err().state.code(), "0A000");
    assert_eq!(decimal128_to_numeric(12345, -2).to_string(), "1234500");
    assert_eq!(numeric_to_decimal128(&parse("1.005").unwrap(), 10, 2), Ok(Some(101)));
    assert_eq!(numeric_to_decimal128(&parse("1250").unwrap(), 3, -2), Ok(Some(13)));
}
