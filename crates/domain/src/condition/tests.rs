//! Conditions: a table of expressions and answers, hostile ones, samples, and random expressions over random JSON.

use std::{collections::BTreeMap, sync::LazyLock};

use proptest::prelude::*;
use serde_json::{Value, json};
use uuid::Uuid;

use super::*;
use crate::{
    Object,
    actor::{Actor, ActorKind, Method},
    id::TaskId,
    queue::ReviewType,
    task::Priority,
};

static REQUESTER: LazyLock<Actor> =
    LazyLock::new(|| Actor { kind: ActorKind::Agent, id: "key_1".into(), name: "billing bot".into(), method: Method::Key });

fn object(value: Value) -> Object {
    match value {
        Value::Object(object) => object,
        other => Object::from_iter([("value".to_owned(), other)]),
    }
}

fn facts<'a>(data: &'a Object, metadata: &'a Object) -> Facts<'a> {
    Facts {
        task_id: TaskId(Uuid::from_u128(77)),
        data,
        context: data,
        metadata,
        priority: Priority::High,
        revision: 2,
        external_id: Some("inv-7"),
        summary: None,
        deadline: Some("2026-03-01T12:00:00Z".parse().unwrap()),
        queue_key: "payments",
        queue_name: "Payments",
        review_type: ReviewType::Approval,
        requester: &REQUESTER,
        first_uses: BTreeMap::from([("tool".to_owned(), true), ("other".to_owned(), false)]),
    }
}

fn evaluate(text: &str, data: Value) -> Result<bool, String> {
    let (data, metadata) = (object(data), object(json!({"tool": "shell"})));
    let condition = Condition::parse(text).unwrap_or_else(|problem| panic!("{text}: {problem}"));
    condition.evaluate(&facts(&data, &metadata)).map_err(|fault| fault.to_string())
}

fn refused(text: &str) -> String {
    match Condition::parse(text) {
        Ok(_) => panic!("not refused: {text}"),
        Err(problem) => problem.to_string(),
    }
}

#[test]
fn expressions_over_a_task_give_what_they_say() {
    let data = json!({
        "amount": 500, "exact": 500.0, "price": 19.5, "huge": 18446744073709551615u64, "name": "Ann", "null": null, "paid": false,
        "items": [{"kind": "book", "price": 5}, {"kind": "car", "price": 9000.5}], "tags": ["a", "b"], "nested": {"list": [1, 2.0, 3]}, "a.b": 1
    });
    let table = [
        ("task.data.amount > 499", true),
        ("task.data.amount == 500.0 && task.data.exact == 500 && task.data.amount == task.data.exact", true),
        ("task.data.amount < 500.5 && task.data.exact <= 500 && task.data.price >= 19", true),
        ("task.data.huge > task.data.amount && task.data.huge > 1.5", true),
        ("task.data.amount * 1.2 == 600.0 && task.data.amount + 0.5 > task.data.exact", true),
        ("task.data.amount / 3 == 166 && task.data.amount % 7 == 3 && 7 - 10 == -3", true),
        ("'invoice ' + task.data.name == 'invoice Ann'", true),
        ("has(task.data.amount) && task.data.amount > 500", false),
        ("has(task.data.missing) && task.data.missing > 500", false),
        ("!has(task.data.missing) || task.data.missing > 500", true),
        ("has(task.data.nested.list) && !has(task.data.nested.other)", true),
        ("task.data['null'] == null && 'null' in task.data", true),
        ("task.data.name == 5", false),
        ("task.data['amount'] == 500 && task.data['a.b'] == 1", true),
        ("task.data.items[1].price > 9000", true),
        ("'b' in task.data.tags && !('c' in task.data.tags) && 'amount' in task.data", true),
        ("2 in task.data.nested.list && 3.0 in task.data.nested.list", true),
        ("task.data.items.exists(i, i.price > 1000 && i.kind in ['car', 'boat'])", true),
        ("task.data.items.all(i, has(i.kind) && i.price > 0)", true),
        ("task.data.items.exists_one(i, i.kind.startsWith('bo'))", true),
        ("task.data.items.filter(i, i.price < 10).size() == 1", true),
        ("size(task.data.items.map(i, i.price * 2)) == 2", true),
        ("task.data.items.map(i, i.price > 10, i.kind) == ['car']", true),
        ("task.data.items.map(i, i.price + 1).filter(p, p > 6).size() == 1", true),
        ("task.data.nested.all(k, k == 'list')", true),
        ("task.data.name.contains('nn') && task.data.name.endsWith('n') && size(task.data.name) == 3", true),
        ("task.priority in ['high', 'urgent'] && task.revision > 1 && task.external_id == 'inv-7'", true),
        ("!has(task.summary) && has(task.deadline) && task.deadline < '2026-04'", true),
        ("queue.key == 'payments' && queue.review_type == 'approval' && queue.name != 'x'", true),
        ("requester.kind == 'agent' && requester.id == 'key_1' && requester.name.contains('bot')", true),
        ("task.metadata.tool == 'shell' && task.context.amount == 500", true),
        ("task.data.paid ? task.data.amount > 1000 : task.data.amount > 100", true),
        ("first_use('tool') && !first_use('other')", true),
        ("int(task.data.price) == 19 && string(task.data.amount) == '500' && double('1.5') == 1.5", true),
        ("-task.data.amount < 0 && !task.data.paid", true),
        ("task.data.missing == 1 || true", true),
        ("sample(100) && !sample(0) && sample(100.0, 'audit')", true),
        ("task.data.paid", false),
    ];
    for (text, expected) in table {
        assert_eq!(evaluate(text, data.clone()), Ok(expected), "{text}");
    }
}

#[test]
fn what_has_no_answer_is_a_fault_with_a_sentence() {
    let data = json!({"amount": 500, "zero": 0, "name": "Ann", "big": i64::MAX, "list": [1], "word": "x".repeat(3000), "top": 1e308, "nested": {}});
    let table = [
        ("task.data.missing > 5", "There is no 'task.data.missing'."),
        ("has(task.data.missing.deeper)", "There is no 'task.data.missing'."),
        ("task.data.name.first == 'A'", "There is no 'task.data.name.first'."),
        ("task.data['missing'] == 1", "There is no member 'missing'."),
        ("task.summary == 'x'", "There is no 'task.summary'."),
        ("task.data.amount / task.data.zero > 1", "Division by zero."),
        ("task.data.amount % task.data.zero == 1", "Division by zero."),
        ("task.data.amount / 0.0 > 1.0", "The result is not a finite number."),
        ("task.data.top * 10 > 1", "The result is not a finite number."),
        ("task.data.big + 1 > 0", "A number is too large."),
        ("-task.data.big - 2 > 0", "A number is too large."),
        ("task.data.list[3] == 1", "The list has no element at this index."),
        ("task.data.name > 5", "'>' cannot be applied to string and int."),
        ("task.data.name + 5 == 6", "'+' cannot be applied to string and int."),
        ("task.data.list + task.data.list == task.data.list", "'+' cannot be applied to list and list."),
        ("task.data.amount", "The expression gives int, not true or false."),
        ("task.data.name", "The expression gives string, not true or false."),
        ("task.data.amount && true", "'&&' cannot be applied to int and bool."),
        ("!task.data.amount", "'!' cannot be applied to int."),
        ("task.data.amount ? true : false", "A value is not of type bool."),
        ("task.data.amount.all(x, true)", "A comprehension needs a list or an object, not int."),
        ("task.data.list.exists(x, x.y == 1)", "A member is selected from int, which has none."),
        ("1 in task.data.amount", "'in' cannot be applied to int and int."),
        ("task.data.word + task.data.word == ''", "A sum of text has at most 4096 bytes."),
        ("int(task.data.name) == 1", "'int' failed: string parse error: invalid digit found in string."),
        ("first_use('unasked')", "It is not known whether this is the first use of 'unasked'."),
    ];
    for (text, expected) in table {
        assert_eq!(evaluate(text, data.clone()), Err(expected.to_owned()), "{text}");
    }
}

#[test]
fn what_cannot_hold_for_any_task_is_refused_when_it_is_saved() {
    let table = [
        ("", "Must not be empty."),
        (" \n ", "Must not be empty."),
        ("\u{0}", "Must not hold the character U+0000."),
        ("task.data.amount >", "Syntax error: mismatched input '<EOF>'. (at character 19)"),
        ("'ää' +* 2", "Syntax error: extraneous input '*'. (at character 7)"),
        ("1 +* 2", "Syntax error: extraneous input '*'. (at character 4)"),
        ("true &&\n  true true", "Syntax error: extraneous input 'true'. (at character 16)"),
        ("\"unclosed", "Syntax error: token recognition error at: '\"unclosed'. (at character 1)"),
        ("@result", "Syntax error: token recognition error at: '@'. (at character 1)"),
        ("task.data.?x == 1", "Syntax error: unsupported syntax '.?'. (at character 10)"),
        ("has(task)", "Syntax error: invalid argument to has() macro. (at character 5)"),
        ("amount > 1", "There is no variable 'amount'; there are task, queue and requester. (at character 1)"),
        ("'ä' == amount", "There is no variable 'amount'; there are task, queue and requester. (at character 8)"),
        (".task.data.x == 1", "There is no variable '.task'; there are task, queue and requester. (at character 11)"),
        ("queue.kind == 'x'", "'queue' has no member 'kind'; it has key, name, review_type. (at character 6)"),
        ("requester == 'x'", "'requester' is followed by one of its members: kind, id, name. (at character 1)"),
        ("task.priority.x == 1", "'task.priority' is text and has no members. (at character 14)"),
        ("task.priority > 5", "'>' cannot be applied to text and a number. (at character 15)"),
        ("task.revision == 'two'", "a number is never equal to text. (at character 15)"),
        ("task.revision && true", "'&&' cannot be applied to a number and true or false. (at character 15)"),
        ("'a' + 1 == 2", "'+' cannot be applied to text and a number. (at character 5)"),
        ("task.data.amount + 1", "The expression gives a number; it has to give true or false. (at character 18)"),
        ("'yes'", "The expression gives text; it has to give true or false. (at character 1)"),
        ("task.data", "The expression gives an object; it has to give true or false. (at character 5)"),
        ("5 ? true : false", "Before '?' stands a number, not true or false. (at character 3)"),
        ("approve(task.data)", "There is no function 'approve'. (at character 8)"),
        ("timestamp('x') == 1", "There is no function 'timestamp'. (at character 10)"),
        ("size(1, 2) == 1", "'size' is not called like this. (at character 5)"),
        ("task.revision.contains('x')", "'contains' works on text, not on a number. (at character 23)"),
        (
            "task.data.x.matches('(a+)+$')",
            "Regular expressions are not part of conditions; use contains, startsWith or endsWith. (at character 20)",
        ),
        ("task.data.l.all(x, x.all(y, y))", "A comprehension cannot stand inside another. (at character 25)"),
        ("[1].all(x, true) && [1].all(x, true) && [1].all(x, true)", "At most 2 comprehensions in one expression. (at character 48)"),
        ("[1].all(task, true)", "'task' cannot be the variable of a comprehension. (at character 8)"),
        ("[1].all(x, y > 1)", "There is no variable 'y'; there are task, queue and requester. (at character 12)"),
        ("[1].all(x, true) && x", "There is no variable 'x'; there are task, queue and requester. (at character 21)"),
        ("task.data.l.map(x, [x]) == []", "A list inside a comprehension can only hold literals. (at character 20)"),
        ("{'a': 1}.a == 1", "Maps cannot be written in a condition. (at character 1)"),
        ("b'ab' == b'ab'", "Bytes cannot be written in a condition. (at character 1)"),
        ("sample(101)", "sample takes a percentage from 0 to 100 and, if wanted, a salt in quotes. (at character 7)"),
        ("sample(task.data.rate)", "sample takes a percentage from 0 to 100 and, if wanted, a salt in quotes. (at character 7)"),
        ("first_use(task.data.x)", "first_use takes the name of a member of task.metadata, in quotes. (at character 10)"),
    ];
    for (text, expected) in table {
        assert_eq!(refused(text), expected, "{text}");
    }
    assert!(Condition::parse(&format!("'{}' == ''", "ä".repeat(492))).is_ok(), "500 characters");
    assert_eq!(refused(&format!("'{}' == ''", "ä".repeat(493))), "Must have at most 500 characters; it has 501.");
}

/// Each of these would need a stack of megabytes, or never end, if it were taken as it comes.
#[test]
fn hostile_nesting_is_refused_and_does_not_overflow_the_stack() {
    let deeper = "The expression is nested deeper than 16.";
    let mut plus = "1".to_owned() + &"+1".repeat(16) + " > 0";
    assert!(refused(&plus).starts_with(deeper), "{plus}");
    plus = "1".to_owned() + &"+1".repeat(14) + " > 0";
    assert!(Condition::parse(&plus).is_ok(), "{plus}");
    for text in [
        "(".repeat(500),
        format!("{}true{}", "(".repeat(40), ")".repeat(40)),
        format!("{}1{} == []", "[".repeat(20), "]".repeat(20)),
        format!("1{} > 1", "+1".repeat(240)),
        format!("task.data.x{} == 1", "[0]".repeat(150)),
        format!("task.data.x{} == 1", ".size()".repeat(60)),
        format!("{}true", "true?true:".repeat(40)),
        format!("1{}", "<1".repeat(240)),
    ] {
        assert!(refused(&text).starts_with(deeper), "{text}: {}", refused(&text));
    }
    for text in ["f(".repeat(32), "{1:".repeat(32), "a{b:".repeat(32), "!-".repeat(249), "a?".repeat(250), "'".repeat(499)] {
        refused(&text);
    }
    // Runs of one operator and paths are flat.
    for text in [format!("true{}", "&&true".repeat(80)), format!("{}true", "!".repeat(496)), format!("has(task.data{})", ".a".repeat(240))]
    {
        assert!(Condition::parse(&text).is_ok(), "{text}");
    }
}

#[test]
fn work_that_grows_faster_than_the_task_is_a_fault() {
    let many: Vec<u32> = (0..9_000).collect();
    let data = json!({"many": many, "more": (0..10_001).collect::<Vec<u32>>(), "text": "x".repeat(900_000)});
    for (text, expected) in [
        ("task.data.many.all(x, x in task.data.many)", "The expression takes too much work on this task."),
        ("task.data.many.all(x, !task.data.text.contains('y'))", "The expression takes too much work on this task."),
        ("task.data.many.exists(x, task.data.text.contains('y') || x < 0) || true", "The expression takes too much work on this task."),
        ("task.data.more.all(x, x >= 0)", "A comprehension runs over at most 10000 elements."),
        ("task.data.more.all(x, x >= 0) || task.data.missing", "A comprehension runs over at most 10000 elements."),
        ("task.data.text + task.data.text == ''", "A sum of text has at most 4096 bytes."),
    ] {
        let outcome = evaluate(text, data.clone());
        // As in CEL the error of the left operand gives way to an error of the right one.
        let right = Err("There is no 'task.data.missing'.".to_owned());
        assert!(outcome == Err(expected.to_owned()) || (text.ends_with("missing") && outcome == right), "{text}: {outcome:?}");
    }
    assert_eq!(evaluate("task.data.many.all(x, x >= 0) && task.data.text.endsWith('x')", data), Ok(true));
}

#[test]
fn a_fault_does_not_show_the_content() {
    let secret = "s3cret".repeat(1000);
    for text in
        ["task.data.s + 1 > 1", "task.data.s > 1", "task.data[task.data.s] == 1", "task.data.s ? true : false", "int(task.data.s) > 1"]
    {
        let fault = evaluate(text, json!({"s": secret.clone()})).unwrap_err();
        assert!(fault.len() < 200, "{text}: {fault}");
    }
}

#[test]
fn a_sample_is_the_share_it_says_and_the_same_for_ever() {
    let (data, metadata) = (Object::new(), Object::new());
    let conditions = ["sample(5)", "sample(20)", "sample(5, 'audit')", "sample(0.5)"].map(|text| Condition::parse(text).unwrap());
    let mut counts = [0u32; 4];
    let (mut both, mut outside) = (0u32, 0u32);
    for id in 0..100_000u128 {
        let facts = Facts { task_id: TaskId(Uuid::from_u128(id)), ..facts(&data, &metadata) };
        let drawn = conditions.each_ref().map(|condition| condition.evaluate(&facts).unwrap());
        for (count, drawn) in counts.iter_mut().zip(drawn) {
            *count += u32::from(drawn);
        }
        both += u32::from(drawn[0] && drawn[2]);
        outside += u32::from(drawn[0] && !drawn[1]);
    }
    // Five standard deviations of a binomial count.
    for (count, share) in counts.into_iter().zip([0.05, 0.2, 0.05, 0.005]) {
        let (mean, deviation) = (100_000.0 * share, f64::sqrt(100_000.0 * share * (1.0 - share)));
        assert!((f64::from(count) - mean).abs() < 5.0 * deviation, "{count} of {mean}");
    }
    assert_eq!(outside, 0, "a smaller sample is part of a larger one");
    assert!((150..350).contains(&both), "samples with different salts are independent: {both}");
    // Pinned: a change of the hash would move tasks in and out of samples.
    let first: Vec<u128> = (0..100u128)
        .filter(|id| conditions[0].evaluate(&Facts { task_id: TaskId(Uuid::from_u128(*id)), ..facts(&data, &metadata) }).unwrap())
        .collect();
    assert_eq!(first, [0, 43, 74]);
}

#[test]
fn what_has_to_be_looked_up_is_named_once() {
    let condition = Condition::parse("first_use('tool') || first_use('domain') && !first_use('tool')").unwrap();
    assert_eq!(condition.first_uses(), ["tool", "domain"]);
    assert_eq!(condition.text(), "first_use('tool') || first_use('domain') && !first_use('tool')");
}

fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 5, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            proptest::collection::hash_map("[a-e]", inner, 0..5).prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// Expressions out of parts that fit each other more often than not.
fn expression() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(vec![
        "task.data",
        "task.data.a",
        "task.data.b",
        "task.data.a.b",
        "task.data.c[0]",
        "task.data['d']",
        "task.priority",
        "task.revision",
        "x",
        "x.a",
        "1",
        "0",
        "-1",
        "9223372036854775807",
        "1.5",
        "1e308",
        "18446744073709551615u",
        "'a'",
        "''",
        "true",
        "null",
        "[1, 'a']",
        "sample(50)",
        "has(task.data.a)",
    ])
    .prop_map(str::to_owned);
    leaf.prop_recursive(4, 16, 3, |inner| {
        let operator = prop::sample::select(vec!["+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "&&", "||", "in"]);
        let function = prop::sample::select(vec!["size", "int", "double", "string", "bool", "!", "-"]);
        let method = prop::sample::select(vec!["contains", "startsWith", "endsWith"]);
        let over = prop::sample::select(vec!["all", "exists", "exists_one", "map", "filter"]);
        prop_oneof![
            4 => (inner.clone(), operator, inner.clone()).prop_map(|(left, operator, right)| format!("({left} {operator} {right})")),
            1 => (inner.clone(), inner.clone(), inner.clone()).prop_map(|(a, b, c)| format!("({a} ? {b} : {c})")),
            1 => (function, inner.clone()).prop_map(|(function, of)| format!("{function}({of})")),
            1 => (inner.clone(), method, inner.clone()).prop_map(|(on, method, of)| format!("{on}.{method}({of})")),
            1 => (inner.clone(), inner.clone()).prop_map(|(of, index)| format!("{of}[{index}]")),
            1 => (inner.clone(), over, inner).prop_map(|(range, over, body)| format!("{range}.{over}(x, {body})")),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// A panic inside would come out as this fault.
    #[test]
    fn evaluation_never_panics(text in expression(), data in json_value()) {
        if let Ok(condition) = Condition::parse(&text) {
            let (data, metadata) = (object(data), Object::new());
            let outcome = condition.evaluate(&facts(&data, &metadata));
            prop_assert_ne!(outcome, Err(Fault("The expression could not be evaluated.".into())), "{}", text);
        }
    }

    #[test]
    fn no_text_makes_parsing_panic(text in "[ -~\n]{0,60}|\\PC{0,30}") {
        let _ = Condition::parse(&text);
    }

    /// Whatever two numbers are written as, they compare as numbers.
    #[test]
    fn numbers_compare_as_numbers(left in -1000i32..1000, right in -1000i32..1000, whole: (bool, bool)) {
        let number = |value: i32, whole: bool| if whole { json!(value) } else { json!(f64::from(value)) };
        let data = json!({"left": number(left, whole.0), "right": number(right, whole.1)});
        for (operator, expected) in [("<", left < right), ("==", left == right), (">=", left >= right), ("!=", left != right)] {
            prop_assert_eq!(evaluate(&format!("task.data.left {operator} task.data.right"), data.clone()), Ok(expected));
        }
        prop_assert_eq!(evaluate("task.data.left + task.data.right - task.data.right == task.data.left", data), Ok(true));
    }
}
