//! Arithmetic for JSON: integers and doubles mix, results that are no finite number are faults, sums of text are bounded.

use cel::{
    Env, ExecutionError,
    common::{
        functions::Function,
        types::{
            CelDouble, CelInt, CelList, CelMap, CelString, CelUInt, DOUBLE_TYPE, INT_TYPE, LIST_TYPE, MAP_TYPE, STRING_TYPE, Type,
            UINT_TYPE,
        },
        value::{CowVal, Val},
    },
};

use super::{LONGEST_LIST, LONGEST_SUM};

/// Arithmetic operators of the language and the functions that stand in for them.
pub(super) const OPERATORS: [(&str, &str); 5] =
    [("_+_", "@add"), ("_-_", "@subtract"), ("_*_", "@multiply"), ("_/_", "@divide"), ("_%_", "@remainder")];
/// Passes on what a comprehension runs over, unless it is too long.
pub(super) const BOUNDED: &str = "@bounded";

/// A type of numbers; types cannot be cloned.
type Named = (&'static str, fn() -> Type);
type Answer<'b, 'v> = Result<CowVal<'b, 'v>, ExecutionError>;

/// Adds the functions of this module.
pub(super) fn declare(env: &mut Env) {
    let operations: [(&str, Function); 5] = [
        ("@add", |args| arithmetic(&args, i128::checked_add, |a, b| a + b)),
        ("@subtract", |args| arithmetic(&args, i128::checked_sub, |a, b| a - b)),
        ("@multiply", |args| arithmetic(&args, i128::checked_mul, |a, b| a * b)),
        ("@divide", |args| arithmetic(&args, i128::checked_div, |a, b| a / b)),
        ("@remainder", |args| arithmetic(&args, i128::checked_rem, |a, b| a % b)),
    ];
    let numbers: [Named; 3] = [("int", || INT_TYPE), ("uint", || UINT_TYPE), ("double", || DOUBLE_TYPE)];
    for (name, operation) in operations {
        for (left, left_type) in &numbers {
            for (right, right_type) in &numbers {
                declare_one(env, name, &format!("{name}_{left}_{right}"), vec![left_type(), right_type()], operation);
            }
        }
    }
    declare_one(env, "@add", "@add_string", vec![STRING_TYPE, STRING_TYPE], |args| concatenation(&args));
    declare_one(env, BOUNDED, "@bounded_list", vec![LIST_TYPE], bounded);
    declare_one(env, BOUNDED, "@bounded_map", vec![MAP_TYPE], bounded);
}

fn declare_one(env: &mut Env, name: &str, id: &str, types: Vec<Type>, operation: Function) {
    // Refused only for a second overload with the same id or types; the names are ours and each is declared once.
    let declared = env.add_overload(name, id, types, operation);
    debug_assert!(declared.is_ok(), "{name} {id}");
}

/// An error of ours: its message is the whole sentence.
fn failed(message: impl Into<String>) -> ExecutionError {
    ExecutionError::FunctionError { function: String::new(), message: message.into() }
}

#[derive(Clone, Copy)]
enum Number {
    Whole(i128),
    Double(f64),
}

impl Number {
    fn of(value: &dyn Val) -> Option<Self> {
        let int = value.downcast_ref::<CelInt>().map(|int| Self::Whole(i128::from(*int.inner())));
        let uint = || value.downcast_ref::<CelUInt>().map(|uint| Self::Whole(i128::from(*uint.inner())));
        let double = || value.downcast_ref::<CelDouble>().map(|double| Self::Double(*double.inner()));
        int.or_else(uint).or_else(double)
    }

    fn as_double(self) -> f64 {
        match self {
            Self::Whole(whole) => whole as f64,
            Self::Double(double) => double,
        }
    }
}

/// Whole numbers stay whole (`7 / 2` is 3, as in CEL); with a double on either side both are doubles.
fn arithmetic<'b, 'v>(args: &[CowVal<'b, 'v>], whole: fn(i128, i128) -> Option<i128>, double: fn(f64, f64) -> f64) -> Answer<'b, 'v> {
    let [left, right] = args else { return Err(failed("Arithmetic needs two numbers.")) };
    let (Some(left), Some(right)) = (Number::of(left.as_ref()), Number::of(right.as_ref())) else {
        return Err(failed("Arithmetic needs two numbers."));
    };
    if let (Number::Whole(left), Number::Whole(right)) = (left, right) {
        // Operands have at most 64 bits, so that 128 hold every result but a division by zero.
        let result = whole(left, right).ok_or_else(|| ExecutionError::DivisionByZero(0.into()))?;
        let result = i64::try_from(result).map_err(|_| failed("A number is too large."))?;
        return Ok(CowVal::owned(CelInt::from(result)));
    }
    let result = double(left.as_double(), right.as_double());
    if result.is_finite() { Ok(CowVal::owned(CelDouble::from(result))) } else { Err(failed("The result is not a finite number.")) }
}

fn concatenation<'b, 'v>(args: &[CowVal<'b, 'v>]) -> Answer<'b, 'v> {
    let texts: Vec<&str> = args.iter().filter_map(|arg| arg.downcast_ref::<CelString<'_>>()).map(CelString::inner).collect();
    if texts.iter().map(|text| text.len()).sum::<usize>() > LONGEST_SUM {
        return Err(failed(format!("A sum of text has at most {LONGEST_SUM} bytes.")));
    }
    Ok(CowVal::owned(CelString::from(texts.concat())))
}

fn bounded<'b, 'v>(mut args: Vec<CowVal<'b, 'v>>) -> Answer<'b, 'v> {
    let Some(value) = args.pop() else { return Err(failed("A comprehension needs a list or an object.")) };
    let list = value.downcast_ref::<CelList<'_>>().map(|list| list.inner().len());
    let length = list.or_else(|| value.downcast_ref::<CelMap<'_>>().map(|map| map.inner().len())).unwrap_or(usize::MAX);
    if length > LONGEST_LIST {
        return Err(failed(format!("A comprehension runs over at most {LONGEST_LIST} elements.")));
    }
    Ok(value)
}
