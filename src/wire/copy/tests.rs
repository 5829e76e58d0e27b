//! COPY data in and out as tables of cases: what Postgres reads and writes, and the errors it gives.

use std::sync::Arc;

use arrow::array::Array;
use arrow::compute::concat_batches;
use arrow::datatypes::{DataType, Field, Schema};
use bytes::BytesMut;
use millstream_sql::text::statement::ForcedColumns;
use millstream_sql::types;

use super::*;
use crate::wire::column::Column;

fn text_options() -> CopyOptions {
    CopyOptions::new(CopyFormat::Text)
}

fn csv_options() -> CopyOptions {
    CopyOptions::new(CopyFormat::Csv)
}

fn decoder(relation: &str, schema: &SchemaRef, options: &CopyOptions) -> SqlResult<Decoder> {
    Decoder::new(relation, Arc::clone(schema), options, &Arc::default())
}

fn columns(schema: &SchemaRef, batch: &RecordBatch) -> Vec<Column> {
    let fields = schema.fields().iter().zip(batch.columns());
    fields.map(|(field, array)| Column::new(field, array, &Arc::default()).unwrap()).collect()
}

/// `id BIGINT, name TEXT`
fn two_columns() -> SchemaRef {
    Arc::new(Schema::new(vec![
        Field::new("id", DataType::Int64, true),
        Field::new("name", DataType::Utf8, true),
    ]))
}

/// The rows of some data that comes in pieces of a size, cells as text, NULL as `∅`, columns separated by `|`.
fn decode_pieces(
    schema: &SchemaRef,
    options: &CopyOptions,
    data: &[u8],
    piece: usize,
) -> SqlResult<Vec<String>> {
    let mut decoder = decoder("flights", schema, options)?;
    let mut batches = Vec::new();
    for piece in data.chunks(piece) {
        decoder.push(piece);
        while let Some(batch) = decoder.next_batch()? {
            batches.push(batch);
        }
    }
    batches.extend(decoder.end()?);
    let all = concat_batches(schema, &batches).unwrap();
    let mut columns = columns(schema, &all);
    let cell = |column: &mut Column, row| {
        if column.is_null(row) {
            return "∅".to_owned();
        }
        let mut out = BytesMut::new();
        column.put_text(row, &mut out).unwrap();
        String::from_utf8(out.to_vec()).unwrap()
    };
    let mut line = |row| columns.iter_mut().map(|column| cell(column, row)).collect::<Vec<_>>().join("|");
    Ok((0..all.num_rows()).map(&mut line).collect())
}

/// Decodes in one piece and byte by byte, which must agree.
fn decode(schema: &SchemaRef, options: &CopyOptions, data: &[u8]) -> SqlResult<Vec<String>> {
    let whole = decode_pieces(schema, options, data, usize::MAX);
    for piece in [1, 2, 3, 7] {
        assert_eq!(decode_pieces(schema, options, data, piece), whole, "in pieces of {piece}");
    }
    whole
}

#[test]
fn text_format() {
    let schema = two_columns();
    for (data, expected) in [
        (&b"1\ta\n2\tb\n"[..], &["1|a", "2|b"][..]),
        (b"1\ta\n2\tb", &["1|a", "2|b"]),
        (b"1\ta\r2\tb\r", &["1|a", "2|b"]),
        (b"1\ta\r\n2\tb\r\n", &["1|a", "2|b"]),
        (b"\\N\t\\N\n", &["∅|∅"]),
        (b"1\t\n", &["1|"]),
        (b"1\ta\\tb\\nc\\\\d\\x41\\101\\q\n", &["1|a\tb\nc\\dAAq"]),
        (b"1\ta\\\tb\n", &["1|a\tb"]),
        (b"1\ta\\\nb\n2\tc\n", &["1|a\nb", "2|c"]),
        (b"1\t\\\\N\n", &["1|\\N"]),
        (b"1\ta\n\\.\n2\tb\n", &["1|a"]),
        (b"1\ta\n\\.", &["1|a"]),
        (b"1\t\"quoted\"\n", &["1|\"quoted\""]),
        (b"1\t\\xc3\\xa9\n", &["1|é"]),
        (b"", &[]),
    ] {
        let rows = decode(&schema, &text_options(), data).unwrap();
        assert_eq!(rows, expected, "{:?}", String::from_utf8_lossy(data));
    }
}

#[test]
fn csv_format() {
    let schema = two_columns();
    for (data, expected) in [
        (&b"1,a\n2,b\n"[..], &["1|a", "2|b"][..]),
        (b"1,a\r\n2,b\r\n", &["1|a", "2|b"]),
        (b"1,\"a,b\"\n", &["1|a,b"]),
        (b"1,\"say \"\"hi\"\"\"\n", &["1|say \"hi\""]),
        (b"1,\"two\nlines\"\n2,b\n", &["1|two\nlines", "2|b"]),
        (b"1,\"two\r\nlines\"\r\n2,b\r\n", &["1|two\r\nlines", "2|b"]),
        (b",\n", &["∅|∅"]),
        (b"1,\"\"\n", &["1|"]),
        (b"1,a\"b,c\"d\n", &["1|ab,cd"]),
        (b"1,\\N\n", &["1|\\N"]),
        (b"1,a\n\\.\n", &["1|a"]),
        (b"1,\"\\.\"\n", &["1|\\."]),
        (b"1,\xc3\xa9\n", &["1|é"]),
        (b"1,last", &["1|last"]),
        (b"1,a\r2,b\r", &["1|a", "2|b"]),
        (b"1,a\r2,b", &["1|a", "2|b"]),
        (b"1,\"a\nb\"\r2,b\r", &["1|a\nb", "2|b"]),
        (b"1, spaces \n", &["1| spaces "]),
    ] {
        let rows = decode(&schema, &csv_options(), data).unwrap();
        assert_eq!(rows, expected, "{:?}", String::from_utf8_lossy(data));
    }
}

#[test]
fn csv_options_are_kept() {
    let schema = two_columns();
    let options =
        CopyOptions { header: true, delimiter: b';', null: "NA".into(), escape: b'\\', ..csv_options() };
    let data = b"id;name\n1;NA\nNA;\"NA\"\n2;\"a\\\"b\\\\c\\d\"\n3;\n";
    assert_eq!(decode(&schema, &options, data).unwrap(), ["1|∅", "∅|NA", "2|a\"b\\c\\d", "3|"]);
    let single = CopyOptions { quote: b'\'', escape: b'\'', ..csv_options() };
    assert_eq!(decode(&schema, &single, b"1,'it''s, so'\n").unwrap(), ["1|it's, so"]);
}

#[test]
fn one_column_and_empty_lines() {
    let schema: SchemaRef = Arc::new(Schema::new(vec![Field::new("name", DataType::Utf8, true)]));
    assert_eq!(decode(&schema, &csv_options(), b"a\n\nb\n").unwrap(), ["a", "∅", "b"]);
    assert_eq!(decode(&schema, &text_options(), b"a\n\nb\n").unwrap(), ["a", "", "b"]);
}

#[test]
fn faults_say_what_and_where() {
    let schema = two_columns();
    for (options, data, state, message, context) in [
        (
            csv_options(),
            &b"1,a\n2\n"[..],
            "22P04",
            "missing data for column \"name\"",
            "COPY flights, line 2: \"2\"",
        ),
        (
            csv_options(),
            b"1,a,b\n",
            "22P04",
            "extra data after last expected column",
            "COPY flights, line 1: \"1,a,b\"",
        ),
        (
            csv_options(),
            b"1,\"x\ny\"\nabc,d\n",
            "22P02",
            "invalid input syntax for type bigint: \"abc\"",
            "COPY flights, line 3, column id: \"abc\"",
        ),
        (
            text_options(),
            b"99999999999999999999\ta\n",
            "22003",
            "value \"99999999999999999999\" is out of range for type bigint",
            "COPY flights, line 1, column id: \"99999999999999999999\"",
        ),
        (
            csv_options(),
            b"1,a\n2,\"b\n",
            "22P04",
            "unterminated CSV quoted field",
            "COPY flights, line 3: \"2,\"b\n\"",
        ),
        (
            csv_options(),
            b"1,\xff\n",
            "22021",
            "invalid byte sequence for encoding \"UTF8\": 0xff",
            "COPY flights, line 1",
        ),
        (
            csv_options(),
            b"1,a\0b\n",
            "22021",
            "invalid byte sequence for encoding \"UTF8\": 0x00",
            "COPY flights, line 1",
        ),
        (
            text_options(),
            b"1\ta\n2\t\\xff\n",
            "22021",
            "invalid byte sequence for encoding \"UTF8\": 0xff",
            "COPY flights, line 2, column name: \"\\xff\"",
        ),
        (
            text_options(),
            b"1\ta\n2\tb\r\n",
            "22P04",
            "literal carriage return found in data",
            "COPY flights, line 2",
        ),
        (csv_options(), b"1,a\r\n2,b\n", "22P04", "unquoted newline found in data", "COPY flights, line 2"),
        (
            csv_options(),
            b"\"\",a\n",
            "22P02",
            "invalid input syntax for type bigint: \"\"",
            "COPY flights, line 1, column id: \"\"",
        ),
    ] {
        let error = decode(&schema, &options, data).unwrap_err();
        assert_eq!((error.state.code(), error.message.as_str()), (state, message));
        assert_eq!(error.context.as_deref(), Some(context));
    }
}

#[test]
fn batches_are_full_and_no_row_is_lost_between_them() {
    let schema = two_columns();
    let rows = BATCH_ROWS * 2 + 17;
    let data: String = (0..rows).map(|row| format!("{row},name {row}\n")).collect();
    let mut decoder = decoder("flights", &schema, &csv_options()).unwrap();
    let mut sizes = Vec::new();
    for piece in data.as_bytes().chunks(8192) {
        decoder.push(piece);
        while let Some(batch) = decoder.next_batch().unwrap() {
            sizes.push(batch.num_rows());
        }
    }
    sizes.push(decoder.end().unwrap().unwrap().num_rows());
    assert_eq!(sizes, [BATCH_ROWS, BATCH_ROWS, 17]);
}

#[test]
fn what_is_written_reads_back() {
    let schema: SchemaRef = Arc::new(Schema::new(vec![
        Field::new("n", DataType::Int64, true),
        Field::new("s", DataType::Utf8, true),
        Field::new("f", DataType::Float64, true),
        Field::new("d", DataType::Decimal128(10, 2), true),
        Field::new("b", DataType::Boolean, true),
        Field::new("at", types::timestamptz(), true),
        Field::new("raw", DataType::Binary, true),
    ]));
    let lines = [
        "1,plain,1.5,2.50,t,2013-01-01 10:00:00+00,\\x00ff",
        "2,\"a,b \"\"c\"\"\nd\te\\f\r\",1e+20,-0.01,f,1969-12-31 23:59:59.5+00,\\x",
        ",\"\",NaN,,,,",
        "4,\\N,-Infinity,0.00,t,0099-03-01 00:00:00+00,\\x61",
    ]
    .join("\n");
    let mut decoder = decoder("t", &schema, &csv_options()).unwrap();
    decoder.push(lines.as_bytes());
    assert!(decoder.next_batch().unwrap().is_none());
    let batch = decoder.end().unwrap().unwrap();
    assert_eq!(batch.num_rows(), 4);
    assert!(batch.column(0).is_null(2) && !batch.column(1).is_null(2));
    for options in [
        text_options(),
        csv_options(),
        CopyOptions { delimiter: b'|', null: "null".into(), quote: b'\'', escape: b'\\', ..csv_options() },
        CopyOptions { delimiter: b',', ..text_options() },
        CopyOptions { header: true, ..csv_options() },
        CopyOptions { header: true, header_match: true, ..csv_options() },
        CopyOptions { force_quote: ForcedColumns::All, ..csv_options() },
        CopyOptions::new(CopyFormat::Binary),
    ] {
        let mut columns = columns(&schema, &batch);
        let mut encoder = Encoder::new(&options, &schema).unwrap();
        let mut out = BytesMut::new();
        encoder.put_header(&mut out);
        for row in 0..batch.num_rows() {
            encoder.put_row(&mut columns, row, &mut out).unwrap();
        }
        encoder.put_trailer(&mut out);
        let mut decoder = super::tests::decoder("t", &schema, &options).unwrap();
        decoder.push(&out);
        assert!(decoder.next_batch().unwrap().is_none());
        assert_eq!(decoder.end().unwrap().unwrap(), batch, "{}", String::from_utf8_lossy(&out));
    }
}

#[test]
fn values_that_need_quotes_get_them() {
    let cells: arrow::array::ArrayRef = Arc::new(arrow::array::StringArray::from(vec![
        Some("a,b"),
        Some(""),
        None,
        Some("\\."),
        Some("a\tb\\"),
    ]));
    let schema: SchemaRef = Arc::new(Schema::new(vec![Field::new("s", DataType::Utf8, true)]));
    let written = |options: CopyOptions| {
        let mut columns = [Column::new(schema.field(0), &cells, &Arc::default()).unwrap()];
        let mut encoder = Encoder::new(&options, &schema).unwrap();
        let mut out = BytesMut::new();
        (0..5).for_each(|row| encoder.put_row(&mut columns, row, &mut out).unwrap());
        String::from_utf8(out.to_vec()).unwrap()
    };
    assert_eq!(written(csv_options()), "\"a,b\"\n\"\"\n\n\"\\.\"\na\tb\\\n");
    assert_eq!(written(text_options()), "a,b\n\n\\N\n\\\\.\na\\tb\\\\\n");
}

#[test]
fn random_bytes_never_panic() {
    use rand::{Rng, SeedableRng, rngs::StdRng};
    let seed = 2013;
    println!("seed {seed}");
    let mut random = StdRng::seed_from_u64(seed);
    let alphabet = b"\"\\\n\r,\tN.x19a\xc3\xff\0";
    for _ in 0..3000 {
        let length = random.random_range(0..60);
        let data: Vec<u8> = (0..length).map(|_| alphabet[random.random_range(0..alphabet.len())]).collect();
        for options in [text_options(), csv_options(), CopyOptions { escape: b'\\', ..csv_options() }] {
            let schema: SchemaRef = Arc::new(Schema::new(vec![Field::new("name", DataType::Utf8, true)]));
            let whole = decode_pieces(&schema, &options, &data, usize::MAX);
            assert_eq!(decode_pieces(&schema, &options, &data, 1), whole, "{data:?}");
        }
    }
}

/// Not a check but a figure: run with `--nocapture`.
#[test]
fn throughput_of_csv() {
    let schema: SchemaRef = Arc::new(Schema::new(vec![
        Field::new("time_hour", types::timestamp(), true),
        Field::new("origin", DataType::Utf8, true),
        Field::new("flight", DataType::Int64, true),
        Field::new("dep_delay", DataType::Float64, true),
        Field::new("arr_delay", DataType::Int32, true),
        Field::new("tailnum", DataType::Utf8, true),
    ]));
    let data: String = (0..100_000)
        .map(|row| {
            format!("2013-01-{:02} 05:15:00,EWR,{row},{}.5,{},N14{row}\n", row % 28 + 1, row % 90, row % 300)
        })
        .collect();
    let begin = std::time::Instant::now();
    let mut decoder = decoder("flights", &schema, &csv_options()).unwrap();
    let mut rows = 0;
    for piece in data.as_bytes().chunks(8192) {
        decoder.push(piece);
        while let Some(batch) = decoder.next_batch().unwrap() {
            rows += batch.num_rows();
        }
    }
    rows += decoder.end().unwrap().unwrap().num_rows();
    let seconds = begin.elapsed().as_secs_f64();
    println!(
        "CSV: {:.0} MB/s, {:.2} M rows/s",
        data.len() as f64 / 1e6 / seconds,
        rows as f64 / 1e6 / seconds
    );
    assert_eq!(rows, 100_000);
}

#[test]
fn a_header_that_must_match_is_looked_at() {
    let schema = two_columns();
    let options = CopyOptions { header: true, header_match: true, ..csv_options() };
    assert_eq!(decode(&schema, &options, b"id,name\n1,a\n").unwrap(), ["1|a"]);
    for (data, expected) in [
        (
            &b"name,id\n1,a\n"[..],
            "column name mismatch in header line field 1: got \"name\", expected \"id\"",
        ),
        (b"id\n1,a\n", "wrong number of fields in header line: got 1, expected 2"),
        (b"id,name,more\n", "wrong number of fields in header line: got 3, expected 2"),
        (b"id,\n", "column name mismatch in header line field 2: got null value (\"\"), expected \"name\""),
    ] {
        let error = decode(&schema, &options, data).unwrap_err();
        assert_eq!((error.state, error.message.as_str()), (SqlState::BadCopyFormat, expected));
    }
}

#[test]
fn forced_columns_are_null_or_not_as_they_are_told() {
    let schema = two_columns();
    let named = |name: &str| ForcedColumns::Named(vec![name.to_owned()]);
    let options = CopyOptions { force_null: named("name"), ..csv_options() };
    assert_eq!(decode(&schema, &options, b"1,\"\"\n").unwrap(), ["1|∅"]);
    let options = CopyOptions { force_not_null: named("name"), ..csv_options() };
    assert_eq!(decode(&schema, &options, b"1,\n").unwrap(), ["1|"]);
    let options = CopyOptions { force_null: named("other"), ..csv_options() };
    assert_eq!(decode(&schema, &options, b"").unwrap_err().state, SqlState::InvalidColumnReference);
}

#[test]
fn binary_data_are_whole_or_refused() {
    let schema = two_columns();
    let options = CopyOptions::new(CopyFormat::Binary);
    let mut data = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0".to_vec();
    data.extend(b"\0\x02\0\0\0\x08\0\0\0\0\0\0\0\x07\0\0\0\x01a");
    data.extend(b"\0\x02\xff\xff\xff\xff\xff\xff\xff\xff");
    let whole = data.len();
    data.extend(b"\xff\xff");
    assert_eq!(decode(&schema, &options, &data).unwrap(), ["7|a", "∅|∅"]);
    assert_eq!(decode(&schema, &options, &data[..whole]).unwrap(), ["7|a", "∅|∅"]);
    for (data, expected) in [
        (&data[..whole - 1], "unexpected EOF in COPY data"),
        (b"id,name\n1,a\n", "COPY file signature not recognized"),
        (b"", "COPY file signature not recognized"),
    ] {
        let error = decode(&schema, &options, data).unwrap_err();
        assert_eq!((error.state, error.message.as_str()), (SqlState::BadCopyFormat, expected));
    }
}
