//! Conditions: short expressions in the Common Expression Language (CEL) over a task, its queue and its requester, that say whether a rule applies.
//!
//! [`Condition::parse`] is for the moment in which a rule is saved: it refuses what is too long, too deep or too costly, names what is unknown, and gives the
//! place. [`Condition::evaluate`] gives true, false or a [`Fault`]; what a fault means is for the caller, who must send the task to people and never take it for
//! an approval. Beside the standard operators, `has`, `all`, `exists`, `exists_one`, `filter`, `map`, `size`, `contains`, `startsWith`, `endsWith` and the
//! conversions `int`, `double`, `string`, `bool` there are two functions of our own:
//!
//! - `sample(percent)` and `sample(percent, salt)`: true for this share of all tasks, chosen by the SHA-256 of the task's id. The same task gets the same answer
//!   for ever, and the tasks of a small share are among those of a larger one. Samples with another salt are independent.
//! - `first_use(name)`: true when the requester has not sent this value of `task.metadata[name]` to the queue before.
//!
//! Where it differs from standard CEL: integers and doubles mix in arithmetic as well as in comparison, because JSON does not tell 500 from 500.0; a result that
//! is not a finite number is a fault; lists cannot be added; there are no regular expressions, bytes, timestamps or optional values.
//! As in CEL, `a || b` is true when either side is, even if the other faults; write `has(task.data.amount) && task.data.amount > 500` where a member may be absent.

mod check;
mod facts;
mod number;
#[cfg(test)]
mod tests;

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, LazyLock},
};

use cel::{
    Context, Env, ExecutionError, IdedExpr, ParseErrors, Value,
    common::{ast::SourceInfo, types::CelBool},
};

pub use facts::Facts;

use crate::{refusal::Places, text::Limit};

/// Longest expression, in characters.
pub const LONGEST: usize = 500;
/// Deepest nesting of an expression.
pub const DEEPEST: usize = 16;
/// Most comprehensions (`all`, `exists`, `exists_one`, `filter`, `map`) in one expression; none stands inside another.
pub const MOST_COMPREHENSIONS: usize = 2;
/// Longest list that a comprehension runs over.
pub const LONGEST_LIST: usize = 10_000;
/// Longest text that `+` makes, in bytes.
pub const LONGEST_SUM: usize = 4_096;

const PARSER_STACK_BYTES: usize = 16 << 20;

/// Why an expression cannot be saved.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct Problem {
    /// What is wrong, in one sentence.
    pub message: String,
    /// Where, in characters from the start, when it is one place.
    pub position: Option<usize>,
}

impl std::fmt::Display for Problem {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&self.message)?;
        self.position.map_or(Ok(()), |position| write!(out, " (at character {})", position + 1))
    }
}

/// Why an expression has no answer for these facts. Not an answer: whoever gets it must send the task to people.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Fault(pub String);

/// An expression that was checked and can be evaluated any number of times, on any thread.
#[derive(Debug, Clone)]
pub struct Condition {
    text: String,
    checked: Arc<check::Checked>,
}

impl PartialEq for Condition {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

/// What expressions can call. Without optional values: nothing in a task is one.
static ENVIRONMENT: LazyLock<Arc<Env>> = LazyLock::new(|| {
    let mut env = Env::stdlib().with_optional_support(false);
    number::declare(&mut env);
    Arc::new(env)
});

impl Condition {
    /// Reads and checks an expression.
    ///
    /// # Errors
    /// A sentence and the place: bad syntax, over a limit, an unknown variable, member or function, operands that cannot fit, or a result that cannot be a bool.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let everywhere = |message: String| Problem { message, position: None };
        if text.trim().is_empty() {
            return Err(everywhere("Must not be empty.".into()));
        }
        if let Some(problem) = Limit::block(LONGEST).problem(text) {
            return Err(everywhere(problem));
        }
        let mut open = 0usize;
        for (position, letter) in text.chars().enumerate() {
            match letter {
                '(' | '[' | '{' => open += 1,
                ')' | ']' | '}' => open = open.saturating_sub(1),
                _ => {}
            }
            // Brackets in quotes count too: twice the limit leaves room for them.
            if open > 2 * DEEPEST {
                return Err(Problem { message: format!("The expression is nested deeper than {DEEPEST}."), position: Some(position) });
            }
        }
        let (expression, source) = match parsed(text) {
            Some(Ok(parsed)) => parsed,
            Some(Err(errors)) => return Err(check::syntax_problem(text, &errors)),
            None => return Err(everywhere("This is not an expression.".into())),
        };
        Ok(Self { text: text.to_owned(), checked: Arc::new(check::check(text, expression, &source)?) })
    }

    /// Notes what is wrong with the expression at `pointer`.
    pub fn check(places: &mut Places, pointer: &str, text: &str) {
        if let Err(problem) = Self::parse(text) {
            places.add(pointer, problem.to_string());
        }
    }

    /// The expression as it was written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The names in its calls of `first_use`, each once, in order: what [`Facts::first_uses`] has to answer.
    #[must_use]
    pub fn first_uses(&self) -> Vec<String> {
        self.checked.first_uses.clone()
    }

    /// Whether the condition holds.
    ///
    /// # Errors
    /// A sentence when there is no answer: an absent member, values that do not fit an operator, division by zero, overflow, a result that is not a bool,
    /// an unanswered `first_use`, or more work than one evaluation may cost.
    pub fn evaluate(&self, facts: &Facts<'_>) -> Result<bool, Fault> {
        let known = facts::Known::new(facts, &self.checked.samples);
        // The interpreter has `panic!` and `expect` in arms that it takes for unreachable. A panic must neither end the thread that writes nor be an answer.
        let outcome = catch_unwind(AssertUnwindSafe(|| run(&self.checked.expression, &known)));
        if known.is_exhausted() {
            return Err(Fault("The expression takes too much work on this task.".into()));
        }
        outcome.unwrap_or_else(|_| Err(Fault("The expression could not be evaluated.".into())))
    }
}

/// The tree of an expression; nothing when the parser could not cope with it. The generated parser takes up to 100 kB of stack for each open bracket and
/// has `unwrap` in its error recovery, so it runs on a stack of its own, where a panic ends nothing else.
fn parsed(text: &str) -> Option<Result<(IdedExpr, SourceInfo), ParseErrors>> {
    let parse = || ENVIRONMENT.parser().max_recursion_depth(2 * DEEPEST as u16).parse_with_source_info(text);
    std::thread::scope(|scope| std::thread::Builder::new().stack_size(PARSER_STACK_BYTES).spawn_scoped(scope, parse).ok()?.join().ok())
}

fn run(expression: &IdedExpr, known: &facts::Known<'_>) -> Result<bool, Fault> {
    let mut context = Context::with_env(ENVIRONMENT.clone());
    context.set_variable_resolver(known);
    let value = Value::resolve_val(expression, &context).map_err(|error| Fault(sentence(&error)))?;
    match value.downcast_ref::<CelBool>() {
        Some(answer) => Ok(*answer.inner()),
        None => Err(Fault(format!("The expression gives {}, not true or false.", value.get_type().name()))),
    }
}

/// The sentence for an error of the interpreter. Its own texts show whole values, which may be secret or a megabyte long.
fn sentence(error: &ExecutionError) -> String {
    match error {
        ExecutionError::NoSuchKey(key) => format!("There is no member '{}'.", shortened(key)),
        ExecutionError::UndeclaredReference(name) => check::unresolved(name),
        ExecutionError::NoSuchOverload(overload) if overload.function() == number::BOUNDED => {
            format!("A comprehension needs a list or an object, not {}.", overload.argument_types().join(" and "))
        }
        ExecutionError::NoSuchOverload(overload) => {
            let types = overload.argument_types();
            match check::written(overload.function()).as_str() {
                "." => format!("A member is selected from {}, which has none.", types.first().map_or("a value", String::as_str)),
                operator => format!("'{operator}' cannot be applied to {}.", types.join(" and ")),
            }
        }
        ExecutionError::UnexpectedType { want, .. } => format!("A value is not of type {}.", shortened(want)),
        ExecutionError::FunctionError { function, message } if function.is_empty() => message.clone(),
        ExecutionError::FunctionError { function, message } => {
            format!("'{}' failed: {}.", check::written(function), shortened(message.trim_end_matches('.')))
        }
        ExecutionError::DivisionByZero(_) | ExecutionError::RemainderByZero(_) => "Division by zero.".into(),
        ExecutionError::Overflow(..) => "A number is too large.".into(),
        ExecutionError::IndexOutOfBounds(_) => "The list has no element at this index.".into(),
        ExecutionError::ValuesNotComparable(..) => "Two values cannot be compared.".into(),
        _ => "The expression does not fit the values of this task.".into(),
    }
}

fn shortened(text: &str) -> String {
    text.chars().take(80).collect()
}
