//! What kind of value a part of an expression gives, as far as that is known without a task.

use std::fmt;

use cel::common::ast::operators;

/// A kind of value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Known only with a task.
    Any,
    Bool,
    Number,
    Text,
    List,
    Map,
    Null,
}

impl Kind {
    /// Whether the value can be of this kind.
    pub(super) fn may_be(self, kind: Self) -> bool {
        self == Self::Any || self == kind
    }

    fn may_equal(self, other: Self) -> bool {
        self == other || [self, other].iter().any(|kind| matches!(kind, Self::Any | Self::Null))
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Any => "a value",
            Self::Bool => "true or false",
            Self::Number => "a number",
            Self::Text => "text",
            Self::List => "a list",
            Self::Map => "an object",
            Self::Null => "null",
        })
    }
}

/// Every variable and its members.
const VARIABLES: [(&str, &[(&str, Kind)]); 3] = [
    (
        "task",
        &[
            ("data", Kind::Map),
            ("context", Kind::Map),
            ("metadata", Kind::Map),
            ("priority", Kind::Text),
            ("revision", Kind::Number),
            ("external_id", Kind::Text),
            ("summary", Kind::Text),
            ("deadline", Kind::Text),
        ],
    ),
    ("queue", &[("key", Kind::Text), ("name", Kind::Text), ("review_type", Kind::Text)]),
    ("requester", &[("kind", Kind::Text), ("id", Kind::Text), ("name", Kind::Text)]),
];

/// Whether this is the name of a variable.
pub(super) fn is_root(name: &str) -> bool {
    VARIABLES.iter().any(|(variable, _)| *variable == name)
}

/// What a path gives.
pub(super) fn of_path(path: &[&str]) -> Result<Kind, String> {
    let root = path.first().copied().unwrap_or_default();
    let Some((_, members)) = VARIABLES.iter().find(|(variable, _)| *variable == root) else {
        return Err(format!("There is no variable '{root}'; there are task, queue and requester."));
    };
    let listed = || members.iter().map(|(member, _)| *member).collect::<Vec<_>>().join(", ");
    let Some(name) = path.get(1) else { return Err(format!("'{root}' is followed by one of its members: {}.", listed())) };
    let Some((_, kind)) = members.iter().find(|(member, _)| member == name) else {
        return Err(format!("'{root}' has no member '{name}'; it has {}.", listed()));
    };
    match (path.len(), kind) {
        (2, kind) => Ok(*kind),
        (_, Kind::Map) => Ok(Kind::Any),
        (_, kind) => Err(format!("'{root}.{name}' is {kind} and has no members.")),
    }
}

/// What `+ - * / %` give.
pub(super) fn of_arithmetic(operator: &str, operands: &[Kind]) -> Result<Kind, String> {
    let all = |kind: Kind| operands.iter().all(|operand| operand.may_be(kind));
    let any = |kind: Kind| operands.contains(&kind);
    match operator {
        operators::ADD if all(Kind::Text) && any(Kind::Text) => Ok(Kind::Text),
        operators::ADD if all(Kind::Text) && !any(Kind::Number) => Ok(Kind::Any),
        _ if all(Kind::Number) => Ok(Kind::Number),
        _ => Err(format!("'{}' cannot be applied to {}.", operator.trim_matches('_'), listed(operands))),
    }
}

/// What an operator other than arithmetic gives; nothing when it is not an operator.
pub(super) fn of_operator(operator: &str, operands: &[Kind]) -> Option<Result<Kind, String>> {
    let refused = |name: &str| Err(format!("'{name}' cannot be applied to {}.", listed(operands)));
    Some(match (operator, operands) {
        (operators::LOGICAL_AND | operators::LOGICAL_OR | operators::LOGICAL_NOT | operators::NOT_STRICTLY_FALSE, _) => {
            if operands.iter().all(|operand| operand.may_be(Kind::Bool)) { Ok(Kind::Bool) } else { refused(operator.trim_matches('_')) }
        }
        (operators::NEGATE, [operand]) => {
            if operand.may_be(Kind::Number) {
                Ok(Kind::Number)
            } else {
                refused("-")
            }
        }
        (operators::CONDITIONAL, [condition, yes, no]) => match (condition.may_be(Kind::Bool), yes == no) {
            (true, true) => Ok(*yes),
            (true, false) => Ok(Kind::Any),
            (false, _) => Err(format!("Before '?' stands {condition}, not true or false.")),
        },
        (operators::EQUALS | operators::NOT_EQUALS, [left, right]) => {
            if left.may_equal(*right) {
                Ok(Kind::Bool)
            } else {
                Err(format!("{left} is never equal to {right}."))
            }
        }
        (operators::LESS | operators::LESS_EQUALS | operators::GREATER | operators::GREATER_EQUALS, [left, right]) => {
            let ordered = |kind: &Kind| matches!(kind, Kind::Any | Kind::Number | Kind::Text);
            let fit = ordered(left) && ordered(right) && (left == right || left.may_be(*right) || right.may_be(*left));
            if fit { Ok(Kind::Bool) } else { refused(operator.trim_matches('_')) }
        }
        (operators::IN, [_, right]) => {
            if right.may_be(Kind::List) || right.may_be(Kind::Map) {
                Ok(Kind::Bool)
            } else {
                refused("in")
            }
        }
        (operators::INDEX, [left, _]) => {
            if left.may_be(Kind::List) || left.may_be(Kind::Map) {
                Ok(Kind::Any)
            } else {
                refused("[ ]")
            }
        }
        _ => return None,
    })
}

fn listed(kinds: &[Kind]) -> String {
    kinds.iter().map(ToString::to_string).collect::<Vec<_>>().join(" and ")
}
