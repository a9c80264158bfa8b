//! RFC 8785's own examples, the rules of the subset, and agreement with another implementation on arbitrary values.

use proptest::prelude::*;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::*;

fn canonical(json: &str) -> String {
    String::from_utf8(of_value(&parse(json.as_bytes()).unwrap()).unwrap()).unwrap()
}

#[test]
fn members_are_sorted_by_utf_16_code_units() {
    // RFC 8785 §3.2.3: the emoji (U+1F600, surrogates D83D DE00) sorts before U+FB33.
    let json = r#"{"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One","\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}"#;
    let expected = "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u{80}\":\"Control\",\"ö\":\"Latin Small Letter O With Diaeresis\",\"€\":\"Euro Sign\",\"😀\":\"Emoji: Grinning Face\",\"\u{fb33}\":\"Hebrew Letter Dalet With Dagesh\"}";
    assert_eq!(canonical(json), expected);
}

#[test]
fn text_is_escaped_only_where_it_must_be() {
    // RFC 8785 §3.2.2.2.
    assert_eq!(canonical(r#""\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/""#), r#""€$\u000f\nA'B\"\\\\\"/""#);
    assert_eq!(canonical(r#""\b\t\f\r\u001f\u007f\u2028""#), "\"\\b\\t\\f\\r\\u001f\u{7f}\u{2028}\"");
}

#[test]
fn numbers_have_one_form() {
    for (json, expected) in [
        ("0", "0"),
        ("-0", "0"),
        ("-0.0", "0"),
        ("10.0", "10"),
        ("1e3", "1000"),
        ("4.50", "4.5"),
        ("1E-7", "1e-7"),
        ("0.000001", "0.000001"),
        ("5e-324", "5e-324"),
        ("0.002", "0.002"),
        ("333333333.33333329", "333333333.3333333"),
        ("9007199254740991", "9007199254740991"),
        ("-9007199254740991", "-9007199254740991"),
        ("9007199254740991.0", "9007199254740991"),
    ] {
        assert_eq!(canonical(json), expected, "{json}");
        assert!(is_canonical(expected.as_bytes()), "{expected}");
    }
    for json in ["9007199254740992", "-9007199254740992", "9007199254740992.0", "1e21", "18446744073709551616", "1e308"] {
        assert!(matches!(parse(json.as_bytes()), Err(CanonicalError::Number(_))), "{json}");
    }
    assert!(matches!(of_value(&json!(1_u64 << 53)), Err(CanonicalError::Number(_))));
    assert!(matches!(of_value(&json!(i64::MIN)), Err(CanonicalError::Number(_))));
    assert!(matches!(parse(b"1e999"), Err(CanonicalError::Syntax(_))));
}

#[test]
fn what_has_no_canonical_form_is_refused() {
    assert_eq!(parse(br#"{"a":1,"\u0061":2}"#), Err(CanonicalError::Duplicate("a".into())));
    assert_eq!(parse(br#"[{"b":{"a":1,"a":1}}]"#), Err(CanonicalError::Duplicate("a".into())));
    for json in ["", " ", "[1,]", "[1] 2", "{\"a\" 1}", "01", "NaN", "\u{feff}1", r#""\ud800""#, r#""\udc00\ud800""#, "\"\t\""] {
        assert!(matches!(parse(json.as_bytes()), Err(CanonicalError::Syntax(_))), "{json:?}");
    }
    assert!(matches!(parse(b"\"\xff\""), Err(CanonicalError::Syntax(_))));
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(parse(nested(64).as_bytes()).is_ok());
    assert_eq!(parse(nested(65).as_bytes()), Err(CanonicalError::Depth));
    assert_eq!(parse("[".repeat(100_000).as_bytes()), Err(CanonicalError::Depth));
    let mut deep = json!(0);
    for _ in 0..65 {
        deep = json!({ "a": deep });
    }
    assert_eq!(of_value(&deep), Err(CanonicalError::Depth));
}

#[test]
fn a_struct_that_writes_a_member_twice_is_refused() {
    #[derive(serde::Serialize)]
    struct Twice {
        a: u8,
        #[serde(rename = "a")]
        b: u8,
    }
    assert_eq!(of(&Twice { a: 1, b: 2 }), Err(CanonicalError::Duplicate("a".into())));
}

#[test]
fn only_the_canonical_bytes_are_canonical() {
    assert!(is_canonical(br#"{"a":[1,"x",null],"b":{}}"#));
    for other in [r#"{"b":{},"a":1}"#, r#"{"a": 1}"#, "1.0", "1e0", r#""\u0041""#, r#""\/""#, "-0", "[1]\n"] {
        assert_eq!(check(other.as_bytes()), Err(CanonicalError::Form), "{other}");
    }
}

/// reliability.md §9.
#[test]
fn the_vector_of_an_action() {
    let json = r#"{"v":1,"tenant":"ten_01","agent":"agt_01","action":{"tool":"payments.transfer","arguments":{"to":"DE89370400440532013000","currency":"EUR","amount_minor":250000}}}"#;
    let hash = hex::encode(Sha256::digest(canonical(json)));
    assert_eq!(hash, "fc26ef35d2255bdf3230a01570baa8c4a140463ac6ac1674598eb68ebd0f869f");
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-9_007_199_254_740_991_i64..=9_007_199_254_740_991).prop_map(Value::from),
        (-1e15..1e15).prop_map(Value::from),
        (-1e-3..1e-3).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 64, 8, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(Value::from),
            prop::collection::vec((any::<String>(), inner), 0..8).prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn another_implementation_agrees(value in any_value()) {
        let bytes = of_value(&value).unwrap();
        prop_assert_eq!(&bytes, &serde_json_canonicalizer::to_vec(&value).unwrap());
        prop_assert_eq!(&bytes, &of(&value).unwrap());
        prop_assert!(is_canonical(&bytes));
    }

    #[test]
    fn no_bytes_make_it_panic(bytes: Vec<u8>) {
        if check(&bytes).is_ok() {
            prop_assert_eq!(of_value(&parse(&bytes).unwrap()).unwrap(), bytes);
        }
    }
}

#[test]
fn a_broken_rule_is_located() {
    let deep = format!("{{\"a\":{}{}}}", "[".repeat(64), "]".repeat(64));
    let cases = [
        (r#"{"a":[1,{"b/c":1,"b/c":2}]}"#, "/a/1/b~1c"),
        (r#"{"a":{"x":[0,9007199254740993]}}"#, "/a/x/1"),
        (r#"{"a":[1,tru]}"#, "/a/1"),
        (&deep, &format!("/a{}", "/0".repeat(63))),
    ];
    for (json, pointer) in cases {
        assert_eq!(parse_located(json.as_bytes()).unwrap_err().pointer, pointer, "{json}");
    }
}
