//! Tokens, names, literals, positions.

use super::*;

#[test]
fn a_text_is_cut_at_its_semicolons_and_each_statement_keeps_its_own_text() {
    let text = " SELECT 'a;b' ; -- ; no\n ;; /* ; /* nested ; */ */ INSERT INTO t VALUES ($$;$$), ($x$ $$;$$ $x$) ;COMMIT";
    let texts: Vec<String> = parse(text).unwrap().into_iter().map(|parsed| parsed.text).collect();
    assert_eq!(texts, ["SELECT 'a;b'", "INSERT INTO t VALUES ($$;$$), ($x$ $$;$$ $x$)", "COMMIT"]);
}

#[test]
fn a_text_with_nothing_in_it_is_the_empty_statement() {
    for text in ["", "  \n\t", ";", " ; ;; ", "-- only a comment", "/* a */;"] {
        assert!(matches!(one(text).statement, Statement::Empty), "{text:?}");
    }
}

#[test]
fn names_are_folded_unless_quoted() {
    reads(&[
        (
            "DROP STREAM Bids",
            "Drop(Drop { kind: Stream, if_exists: false, names: [QualifiedName { schema: \"public\", name: \"bids\" }], cascade: false })",
        ),
        (
            "DROP VIEW IF EXISTS \"Bids\", X.\"Y z\" CASCADE",
            "Drop(Drop { kind: View, if_exists: true, names: [QualifiedName { schema: \"public\", name: \"Bids\" }, QualifiedName { schema: \"x\", name: \"Y z\" }], cascade: true })",
        ),
        (
            "drop materialized view \"a\"\"b\" restrict",
            "Drop(Drop { kind: MaterializedView, if_exists: false, names: [QualifiedName { schema: \"public\", name: \"a\\\"b\" }], cascade: false })",
        ),
        (
            "DROP SINK Ärger",
            "Drop(Drop { kind: Sink, if_exists: false, names: [QualifiedName { schema: \"public\", name: \"Ärger\" }], cascade: false })",
        ),
    ]);
}

#[test]
fn operators_are_cut_as_postgres_cuts_them() {
    for (text, expected) in [
        ("a>=-1", "a >= -1"),
        ("a<-1", "a < -1"),
        ("a>-1", "a > -1"),
        ("5% -2", "5 % -2"),
        ("1--1\n", "1"),
        ("2*/* x */3", "2 * 3"),
        ("a!=b", "a <> b"),
        ("a->>'b'", "a ->> 'b'"),
        ("'a' || -1::text", "'a' || -1::TEXT"),
        ("- - 1", "--1"),
        ("a.b.c", "a.b.c"),
        ("x[1:2]", "x[1:2]"),
        ("a::int::text", "a::INT::TEXT"),
        ("a ~* 'x' AND b !~ 'y'", "a ~* 'x' AND b !~ 'y'"),
        ("NOT a = b", "NOT a = b"),
        ("a IS NOT DISTINCT FROM b", "a IS NOT DISTINCT FROM b"),
        ("count(*) FILTER (WHERE a>1)", "count(*) FILTER (WHERE a > 1)"),
        ("CASE WHEN a THEN 1 ELSE -1 END", "CASE WHEN a THEN 1 ELSE -1 END"),
        (
            "a OPERATOR(pg_catalog.~) 'x' COLLATE pg_catalog.default",
            "a OPERATOR(pg_catalog.~) 'x' COLLATE pg_catalog.default",
        ),
    ] {
        let expression = parse_expression(text).unwrap_or_else(|error| panic!("{text}: {error:?}"));
        assert_eq!(expression.to_string(), expected, "{text}");
    }
}

#[test]
fn literals_come_out_with_their_escapes_undone() {
    for (text, expected) in [
        ("'it''s'", "it's"),
        ("''", ""),
        ("''''", "'"),
        ("'a\\n'", "a\\n"),
        ("E'a\\n\\t\\'b\\\\ \\x41\\101\\u00e9\\U0001F600'", "a\n\t'b\\ AAé😀"),
        ("e'\\ud83d\\ude00'", "😀"),
        ("E'\\q'", "q"),
        ("E'\\xc3\\xa9'", "é"),
        ("U&'d\\0061t\\+000061 \\\\'", "data \\"),
        ("N'x'", "x"),
        ("$$a'b$$", "a'b"),
        ("$t$a $$ b $t$", "a $$ b "),
        ("'a'\n  'b' -- c\n 'd'", "abd"),
        ("E'a\\n'\n'\\n'", "a\n\n"),
        ("'ö ; -- /*'", "ö ; -- /*"),
    ] {
        let Ok(Expr::Value(value)) = parse_expression(text) else {
            panic!("{text}: {:?}", parse_expression(text))
        };
        assert_eq!(value.into_string().as_deref(), Some(expected), "{text}");
    }
    for (text, expected) in [
        ("1_000", "1000"),
        ("0x1F", "31"),
        ("0b101", "5"),
        ("0o17", "15"),
        ("1.5e-3", "1.5e-3"),
        (".5", ".5"),
        ("5.", "5."),
    ] {
        assert_eq!(parse_expression(text).unwrap().to_string(), expected);
    }
}

#[test]
fn lexical_errors_say_what_does_not_end_and_where() {
    fails(&[
        ("SELECT 'abc", "42601", 8, "unterminated quoted string at or near \"'abc\""),
        ("SELECT E'abc\\'", "42601", 8, "unterminated quoted string at or near \"E'abc\\'\""),
        ("SELECT \"abc", "42601", 8, "unterminated quoted identifier at or near \"\"abc\""),
        ("SELECT \"\"", "42601", 8, "zero-length delimited identifier at or near \"\"\"\""),
        ("SELECT $a$ $b$", "42601", 8, "unterminated dollar-quoted string at or near \"$a$ $b$\""),
        ("SELECT /* a /* b */", "42601", 8, "unterminated /* comment at or near \"/* a /* b */\""),
        ("SELECT 1a", "42601", 8, "trailing junk after numeric literal at or near \"1a\""),
        ("SELECT 1__0", "42601", 8, "trailing junk after numeric literal at or near \"1__0\""),
        ("SELECT 0xZZ", "42601", 8, "invalid number at or near \"0xZZ\""),
        ("SELECT {", "42601", 8, "syntax error at or near \"{\""),
        ("SELECT \\", "42601", 8, "syntax error at or near \"\\\""),
        ("SELECT 'a' 'b'", "42601", 12, "syntax error at or near \"'b'\""),
        ("SELECT E'\\u12'", "22025", 8, "invalid Unicode escape"),
        ("SELECT E'\\xff'", "22021", 8, "invalid byte sequence for encoding \"UTF8\": 0xff"),
        ("SELECT E'\\000'", "22021", 8, "invalid byte sequence for encoding \"UTF8\": 0x00"),
        ("SELECT 'ab\0c'", "22021", 11, "invalid byte sequence for encoding \"UTF8\": 0x00"),
        ("SELECT \0", "22021", 8, "invalid byte sequence for encoding \"UTF8\": 0x00"),
        ("SELECT 1 -- \0", "22021", 13, "invalid byte sequence for encoding \"UTF8\": 0x00"),
    ]);
}

#[test]
fn positions_count_characters_of_the_whole_text() {
    fails(&[
        ("SELECT 'äöü', 1 +", "42601", 18, "syntax error at end of input"),
        ("SELECT 1;\n SELECT 'ä' FROM;", "42601", 27, "syntax error at or near \";\""),
        ("SELECT 1; SELEC 2", "42601", 11, "syntax error at or near \"SELEC\""),
        ("SELECT a FROM t WHERE", "42601", 22, "syntax error at end of input"),
        ("SELECT a, FROM t", "42601", 11, "syntax error at or near \"FROM\""),
        ("SELECT (1", "42601", 10, "syntax error at end of input"),
        ("SELECT 1)", "42601", 9, "syntax error at or near \")\""),
        ("SELECT * FROM t WHERE a = AND b", "42601", 27, "syntax error at or near \"AND\""),
        ("SELECT * FROM t GROUP a", "42601", 17, "syntax error at or near \"GROUP\""),
        ("SELECT 1 2", "42601", 10, "syntax error at or near \"2\""),
        ("'x'", "42601", 1, "syntax error at or near \"'x'\""),
        ("\"SELECT\" 1", "42601", 1, "syntax error at or near \"\"SELECT\"\""),
        ("hello", "42601", 1, "syntax error at or near \"hello\""),
    ]);
}

#[test]
fn identifiers_in_trees_carry_their_position() {
    let Statement::Query(query) = one("SELECT 'é',\n  abc FROM t").statement else { panic!() };
    let SetExpr::Select(select) = query.body.as_ref() else { panic!() };
    let ast::SelectItem::UnnamedExpr(Expr::Identifier(identifier)) = &select.projection[1] else { panic!() };
    assert_eq!(identifier.span.start.column, 15);
}
