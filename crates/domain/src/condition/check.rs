//! What is checked when an expression is saved, and how it is made ready: limits, names, operands, and the places of problems.
//!
//! A path such as `task.data.amount` becomes one look-up, `has(path)` and our own functions become look-ups of marked names, arithmetic and the ranges of
//! comprehensions go through the functions of [`super::number`]. All of them are names that nobody can write.

use cel::{
    IdedExpr, ParseErrors,
    common::ast::{CallExpr, ComprehensionExpr, Expr, LiteralValue, SourceInfo, operators},
};

use super::{DEEPEST, MOST_COMPREHENSIONS, Problem, number};
use kind::Kind;

mod kind;

/// Marks the look-up whether a path leads somewhere.
pub(super) const PRESENT: &str = "?";
/// Marks the look-up of a call of `sample`.
pub(super) const SAMPLE: &str = "sample:";
/// Marks the look-up of a call of `first_use`.
pub(super) const FIRST_USE: &str = "first_use:";

/// A call of `sample`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Sample {
    pub(super) percent: f64,
    pub(super) salt: String,
}

/// An expression that can be evaluated.
#[derive(Debug)]
pub(super) struct Checked {
    pub(super) expression: IdedExpr,
    pub(super) samples: Vec<Sample>,
    pub(super) first_uses: Vec<String>,
}

/// The first syntax error in our words.
pub(super) fn syntax_problem(text: &str, errors: &ParseErrors) -> Problem {
    let Some(first) = errors.errors.first() else { return Problem { message: "This is not an expression.".into(), position: None } };
    let (line, column) = first.pos;
    let before: usize = text.split_inclusive('\n').take(usize::try_from(line - 1).unwrap_or(0)).map(|line| line.chars().count()).sum();
    let position = usize::try_from(column - 1).ok().filter(|_| line > 0).map(|column| before + column);
    let reason = first.msg.trim_start_matches("Syntax error: ");
    let message = if reason.contains("Recursion limit") {
        format!("The expression is nested deeper than {DEEPEST}.")
    } else {
        // The parser goes on to list every token that could stand here.
        let reason = reason.split_once(" expecting ").map_or(reason, |(reason, _)| reason);
        format!("Syntax error: {}.", reason.chars().take(100).collect::<String>().trim_end_matches('.'))
    };
    Problem { message, position }
}

/// The sentence for a name that leads nowhere in a task.
pub(super) fn unresolved(name: &str) -> String {
    if let Some(name) = name.strip_prefix(FIRST_USE) {
        return format!("It is not known whether this is the first use of '{name}'.");
    }
    let path = name.strip_prefix(PRESENT).and_then(|path| path.rsplit_once('.')).map_or(name, |(holder, _)| holder);
    format!("There is no '{path}'.")
}

/// An operator or function as a person writes it.
pub(super) fn written(function: &str) -> String {
    let function = number::OPERATORS.iter().find(|(_, ours)| *ours == function).map_or(function, |(operator, _)| operator);
    match function {
        operators::IN => "in".into(),
        operators::CONDITIONAL => "? :".into(),
        operators::INDEX => "[ ]".into(),
        _ => function.trim_matches(['_', '@']).to_owned(),
    }
}

/// Checks the tree and makes it ready.
pub(super) fn check(text: &str, mut expression: IdedExpr, source: &SourceInfo) -> Result<Checked, Problem> {
    let mut checker = Checker { text, source, samples: Vec::new(), first_uses: Vec::new(), comprehensions: 0, local: None };
    let kind = checker.walk(&mut expression, 1)?;
    if !kind.may_be(Kind::Bool) {
        return Err(checker.problem(expression.id, format!("The expression gives {kind}; it has to give true or false.")));
    }
    Ok(Checked { expression, samples: checker.samples, first_uses: checker.first_uses })
}

/// The comprehension that is being walked: its two variables.
struct Local {
    variable: String,
    result: String,
    result_kind: Kind,
}

struct Checker<'a> {
    text: &'a str,
    source: &'a SourceInfo,
    samples: Vec<Sample>,
    first_uses: Vec<String>,
    comprehensions: usize,
    local: Option<Local>,
}

/// Functions of the language that are open, how many arguments they take, whether they are called on a value, and what they give.
const FUNCTIONS: [(&str, usize, bool, Kind); 9] = [
    ("size", 1, false, Kind::Number),
    ("size", 0, true, Kind::Number),
    ("contains", 1, true, Kind::Bool),
    ("startsWith", 1, true, Kind::Bool),
    ("endsWith", 1, true, Kind::Bool),
    ("int", 1, false, Kind::Number),
    ("double", 1, false, Kind::Number),
    ("string", 1, false, Kind::Text),
    ("bool", 1, false, Kind::Bool),
];

impl Checker<'_> {
    fn problem(&self, id: u64, message: impl Into<String>) -> Problem {
        // The parser counts bytes.
        let before = self.source.offset_for(id).and_then(|(start, _)| self.text.get(..start as usize));
        Problem { message: message.into(), position: before.map(|before| before.chars().count()) }
    }

    fn walk(&mut self, node: &mut IdedExpr, depth: usize) -> Result<Kind, Problem> {
        let id = node.id;
        if depth > DEEPEST {
            return Err(self.problem(id, format!("The expression is nested deeper than {DEEPEST}.")));
        }
        match &mut node.expr {
            Expr::Literal(literal) => self.literal(id, literal),
            Expr::Ident(_) | Expr::Select(_) => self.name(node, depth),
            Expr::List(list) => {
                if self.local.is_some() && !list.elements.iter().all(|element| matches!(element.expr, Expr::Literal(_))) {
                    return Err(self.problem(id, "A list inside a comprehension can only hold literals."));
                }
                list.elements.iter_mut().try_for_each(|element| self.walk(element, depth + 1).map(drop))?;
                Ok(Kind::List)
            }
            Expr::Map(_) | Expr::Struct(_) => Err(self.problem(id, "Maps cannot be written in a condition.")),
            Expr::Comprehension(comprehension) => self.comprehension(id, comprehension, depth),
            Expr::Call(_) => self.call(node, depth),
            Expr::Unspecified => Err(self.problem(id, "This is not an expression.")),
        }
    }

    fn literal(&self, id: u64, literal: &LiteralValue) -> Result<Kind, Problem> {
        Ok(match literal {
            LiteralValue::Boolean(_) => Kind::Bool,
            LiteralValue::Double(_) | LiteralValue::Int(_) | LiteralValue::UInt(_) => Kind::Number,
            LiteralValue::String(_) => Kind::Text,
            LiteralValue::Null => Kind::Null,
            LiteralValue::Bytes(_) => return Err(self.problem(id, "Bytes cannot be written in a condition.")),
        })
    }

    /// A variable, or members selected from something.
    fn name(&mut self, node: &mut IdedExpr, depth: usize) -> Result<Kind, Problem> {
        let (id, test) = (node.id, matches!(&node.expr, Expr::Select(select) if select.test));
        if let Some(path) = path(&node.expr) {
            let root = path.first().copied().unwrap_or_default();
            if self.local.as_ref().is_none_or(|local| local.variable != root && local.result != root) {
                let kind = kind::of_path(&path).map_err(|message| self.problem(id, message))?;
                let joined = path.join(".");
                node.expr = Expr::Ident(if test { format!("{PRESENT}{joined}") } else { joined });
                return Ok(if test { Kind::Bool } else { kind });
            }
        }
        match &mut node.expr {
            Expr::Select(select) => {
                let operand = self.walk(&mut select.operand, depth + 1)?;
                if !operand.may_be(Kind::Map) {
                    return Err(self.problem(id, format!("There is no member '{}' in {operand}.", select.field)));
                }
                Ok(if test { Kind::Bool } else { Kind::Any })
            }
            Expr::Ident(name) => Ok(self.local.as_ref().filter(|local| local.result == *name).map_or(Kind::Any, |local| local.result_kind)),
            _ => Ok(Kind::Any),
        }
    }

    fn comprehension(&mut self, id: u64, comprehension: &mut ComprehensionExpr, depth: usize) -> Result<Kind, Problem> {
        if self.local.is_some() {
            return Err(self.problem(id, "A comprehension cannot stand inside another."));
        }
        self.comprehensions += 1;
        if self.comprehensions > MOST_COMPREHENSIONS {
            return Err(self.problem(id, format!("At most {MOST_COMPREHENSIONS} comprehensions in one expression.")));
        }
        if comprehension.iter_var2.is_some() || kind::is_root(&comprehension.iter_var) {
            return Err(self.problem(id, format!("'{}' cannot be the variable of a comprehension.", comprehension.iter_var)));
        }
        let range = self.walk(&mut comprehension.iter_range, depth + 1)?;
        if !range.may_be(Kind::List) && !range.may_be(Kind::Map) {
            return Err(self.problem(id, format!("A comprehension needs a list or map, not {range}.")));
        }
        let bounded = std::mem::take(&mut comprehension.iter_range);
        comprehension.iter_range = call(bounded.id, number::BOUNDED, vec![bounded]);
        let result_kind = self.walk(&mut comprehension.accu_init, depth)?;
        self.local = Some(Local { variable: comprehension.iter_var.clone(), result: comprehension.accu_var.clone(), result_kind });
        // The step is the body inside one or two operators that the macro made; they do not count as nesting.
        let step = self.walk(&mut comprehension.loop_step, depth.saturating_sub(1));
        let result = step.and_then(|_| self.walk(&mut comprehension.result, depth));
        self.local = None;
        result
    }

    fn is_result(&self, node: &IdedExpr) -> bool {
        matches!((&node.expr, &self.local), (Expr::Ident(name), Some(local)) if *name == local.result)
    }

    fn call(&mut self, node: &mut IdedExpr, depth: usize) -> Result<Kind, Problem> {
        let id = node.id;
        let Expr::Call(CallExpr { func_name, target, args }) = &mut node.expr else { return Ok(Kind::Any) };
        match (func_name.as_str(), target.is_some()) {
            ("sample", false) => {
                let sample = self.sample(id, args)?;
                node.expr = Expr::Ident(format!("{SAMPLE}{}", self.samples.len()));
                self.samples.push(sample);
                return Ok(Kind::Bool);
            }
            ("first_use", false) => {
                let name = match args.as_slice() {
                    [IdedExpr { expr: Expr::Literal(LiteralValue::String(name)), .. }] => name.inner().to_owned(),
                    _ => return Err(self.problem(id, "first_use takes the name of a member of task.metadata, in quotes.")),
                };
                node.expr = Expr::Ident(format!("{FIRST_USE}{name}"));
                if !self.first_uses.contains(&name) {
                    self.first_uses.push(name);
                }
                return Ok(Kind::Bool);
            }
            ("matches", _) => {
                return Err(self.problem(id, "Regular expressions are not part of conditions; use contains, startsWith or endsWith."));
            }
            _ => {}
        }
        // What a macro made of `map` and `filter` adds one element to its result: the interpreter knows this form and appends in place.
        if let ([result, added], operators::ADD) = (args.as_mut_slice(), func_name.as_str())
            && self.is_result(result)
        {
            return match &mut added.expr {
                Expr::List(list) => {
                    list.elements.iter_mut().try_for_each(|element| self.walk(element, depth + 1).map(drop)).map(|()| Kind::List)
                }
                _ => Ok(Kind::Number),
            };
        }
        let on = target.as_mut().map(|target| self.walk(target, depth + 1)).transpose()?;
        let mut kinds = Vec::with_capacity(args.len());
        for arg in args.iter_mut() {
            kinds.push(self.walk(arg, depth + 1)?);
        }
        if let Some((_, ours)) = number::OPERATORS.iter().find(|(operator, _)| operator == func_name) {
            let kind = kind::of_arithmetic(func_name, &kinds).map_err(|message| self.problem(id, message))?;
            *func_name = (*ours).to_owned();
            return Ok(kind);
        }
        if let Some(kind) = kind::of_operator(func_name, &kinds) {
            return kind.map_err(|message| self.problem(id, message));
        }
        let called = FUNCTIONS.iter().find(|row| row.0 == func_name && row.1 == kinds.len() && row.2 == on.is_some());
        if let Some((name, _, _, kind)) = called {
            return match on.filter(|on| *name != "size" && !on.may_be(Kind::Text)) {
                Some(on) => Err(self.problem(id, format!("'{name}' works on text, not on {on}."))),
                None => Ok(*kind),
            };
        }
        Err(self.problem(
            id,
            if FUNCTIONS.iter().any(|row| row.0 == func_name) {
                format!("'{func_name}' is not called like this.")
            } else {
                format!("There is no function '{func_name}'.")
            },
        ))
    }

    fn sample(&self, id: u64, args: &[IdedExpr]) -> Result<Sample, Problem> {
        let wrong = || self.problem(id, "sample takes a percentage from 0 to 100 and, if wanted, a salt in quotes.");
        let percent = match args.first().map(|arg| &arg.expr) {
            Some(Expr::Literal(LiteralValue::Int(percent))) => *percent.inner() as f64,
            Some(Expr::Literal(LiteralValue::Double(percent))) => *percent.inner(),
            _ => return Err(wrong()),
        };
        let salt = match args.get(1..) {
            Some([]) => String::new(),
            Some([IdedExpr { expr: Expr::Literal(LiteralValue::String(salt)), .. }]) => salt.inner().to_owned(),
            _ => return Err(wrong()),
        };
        if (0.0..=100.0).contains(&percent) { Ok(Sample { percent, salt }) } else { Err(wrong()) }
    }
}

fn call(id: u64, function: &str, args: Vec<IdedExpr>) -> IdedExpr {
    IdedExpr { id, expr: Expr::Call(CallExpr { func_name: function.to_owned(), target: None, args }) }
}

/// The names of `a.b.c`, also of the test `has(a.b.c)`; nothing when it does not start with a variable.
fn path(expr: &Expr) -> Option<Vec<&str>> {
    let mut names = Vec::new();
    let mut rest = expr;
    loop {
        match rest {
            Expr::Select(select) if names.is_empty() || !select.test => {
                names.push(select.field.as_str());
                rest = &select.operand.expr;
            }
            Expr::Ident(name) => {
                names.push(name);
                names.reverse();
                return Some(names);
            }
            _ => return None,
        }
    }
}
