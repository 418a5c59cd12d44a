"""The closed grammar of formulas: text in, tree out. Nothing is ever handed to Python to evaluate.

    sum      = product { ("+" | "-") product }
    product  = signed { ("*" | "/") signed }
    signed   = ["-"] power
    power    = atom [ "**" ["-"] digits ]                  whole powers from -9 to 9
    atom     = number [ "[" unit "]" ] | name | function "(" sum { "," sum } ")" | "(" sum ")"
    name     = step.field | step.field.part

A number may carry a unit of the closed list in square brackets: `10000 [1/mL]`; without one it is a
plain number. The functions are those in FUNCTIONS; previous, sum and count take one name, because
they ask for other turns of it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from integrity import facts
from integrity.facts import Fact, MessageError
from integrity.numbers import NotANumber
from integrity.quantities import Quantity, read_quantity
from integrity.units import UnitUnknown
from manufacturing.formulas.fault_ids import GrammarFault

LONGEST = 1000
DEEPEST = 30
LARGEST_POWER = 9

# function: fewest and most arguments
FUNCTIONS = {
    "log2": (1, 1), "ln": (1, 1), "positive": (1, 1), "min": (2, 20), "max": (2, 20),
    "sum": (1, 1), "count": (1, 1), "previous": (1, 1), "carried": (2, 10), "elapsed": (2, 2),
}  # fmt: skip
OF_A_NAME = ("sum", "count", "previous")


class FormulaError(MessageError, ValueError):
    """The formula cannot be read, or its units do not fit; it says at which character."""


@dataclass(frozen=True)
class Number:
    quantity: Quantity


@dataclass(frozen=True)
class Name:
    name: str


@dataclass(frozen=True)
class Negative:
    inner: "Node"


@dataclass(frozen=True)
class Group:
    """Parentheses as typed: kept for print."""

    inner: "Node"


@dataclass(frozen=True)
class Binary:
    operator: str
    left: "Node"
    right: "Node"


@dataclass(frozen=True)
class Power:
    base: "Node"
    exponent: int


@dataclass(frozen=True)
class Call:
    function: str
    arguments: tuple["Node", ...]


Node = Number | Name | Negative | Group | Binary | Power | Call


class Use(NamedTuple):
    """A name in a formula, and the function directly around it, if any.

    ('count.viable', 'previous').
    """

    name: str
    wrapper: str | None


@dataclass(frozen=True)
class Formula:
    """A formula that has been read.

    Its text, the names it uses in order of first use, and its tree.
    """

    text: str
    names: tuple[Use, ...]
    tree: Node


class _Token(NamedTuple):
    kind: str
    text: str
    at: int


_TOKEN = re.compile(
    r"(?P<space>[ \t\n]+)"
    r"|(?P<number>[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)"
    r"|(?P<unit>\[[^\[\]]*\])"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*)|(?P<mark>\*\*|[-+*/(),])"
)


def parse(text: str) -> Formula:
    """The formula as a tree.

    Raises FormulaError, which says what is wrong and at which character (from 1).
    """
    if len(text) > LONGEST:
        raise FormulaError(GrammarFault.TOO_LONG, longest=LONGEST)
    tree = _Reader(text).whole()
    return Formula(text, tuple(dict.fromkeys(_uses(tree, None))), tree)


def _tokens(text: str) -> Iterator[_Token]:
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise FormulaError(GrammarFault.NO_MEANING, at=at + 1, character=text[at])
        if match.lastgroup != "space":
            yield _Token(str(match.lastgroup), match[0], at + 1)
        at = match.end()
    yield _Token("end", "", at + 1)


class _Reader:
    """Reads one formula from left to right, one token ahead."""

    def __init__(self, text: str) -> None:
        self._tokens = _tokens(text)
        self._next = next(self._tokens)
        self._depth = 0

    def whole(self) -> Node:
        tree = self._sum()
        if self._next.kind != "end":
            raise self._error(facts.word(GrammarFault.OPERATOR))
        return tree

    def _take(self) -> _Token:
        taken = self._next
        self._next = next(self._tokens, taken)
        return taken

    def _at(self, *marks: str) -> bool:
        return self._next.kind == "mark" and self._next.text in marks

    def _expect(self, mark: str) -> None:
        if not self._at(mark):
            raise self._error(f"“{mark}”")
        self._take()

    def _error(self, wanted: Fact) -> FormulaError:
        _, text, at = self._next
        found = f"“{text}”" if text else facts.word(GrammarFault.END)
        return FormulaError(GrammarFault.FOUND, at=at, found=found, wanted=wanted)

    def _chain(self, part: Callable[[], Node], *operators: str) -> Node:
        left = part()
        while self._at(*operators):
            left = Binary(self._take().text, left, part())
        return left

    def _sum(self) -> Node:
        self._depth += 1
        if self._depth > DEEPEST:
            raise FormulaError(GrammarFault.TOO_DEEP, at=self._next.at, deepest=DEEPEST)
        tree = self._chain(self._product, "+", "-")
        self._depth -= 1
        return tree

    def _product(self) -> Node:
        return self._chain(self._signed, "*", "/")

    def _signed(self) -> Node:
        if self._at("-"):
            self._take()
            return Negative(self._power())
        return self._power()

    def _power(self) -> Node:
        base = self._atom()
        if not self._at("**"):
            return base
        self._take()
        sign = -1 if self._at("-") and self._take() else 1
        if (
            self._next.kind != "number"
            or not self._next.text.isdigit()
            or int(self._next.text) > LARGEST_POWER
        ):
            raise self._error(facts.message(GrammarFault.POWER, largest=LARGEST_POWER))
        return Power(base, sign * int(self._take().text))

    def _atom(self) -> Node:
        if self._at("("):
            self._take()
            inner = self._sum()
            self._expect(")")
            return Group(inner)
        if self._next.kind == "number":
            return self._number()
        if self._next.kind == "name":
            return self._named()
        raise self._error(facts.word(GrammarFault.ATOM))

    def _number(self) -> Number:
        digits = self._take()
        unit = self._take().text[1:-1].strip() if self._next.kind == "unit" else "1"
        try:
            return Number(read_quantity(digits.text, unit))
        except (NotANumber, UnitUnknown) as fault:
            raise FormulaError(GrammarFault.NUMBER, at=digits.at, fault=fault.fact) from fault

    def _named(self) -> Node:
        token = self._take()
        if self._at("("):
            return self._call(token)
        if token.text.count(".") not in (1, 2):
            raise FormulaError(GrammarFault.NOT_A_NAME, at=token.at, name=token.text)
        return Name(token.text)

    def _call(self, function: _Token) -> Call:
        if function.text not in FUNCTIONS:
            known = facts.listed(FUNCTIONS)
            raise FormulaError(
                GrammarFault.NOT_A_FUNCTION, at=function.at, name=function.text, functions=known
            )
        self._expect("(")
        arguments = [self._sum()]
        while self._at(","):
            self._take()
            arguments.append(self._sum())
        self._expect(")")
        _require_arguments(function, arguments)
        return Call(function.text, tuple(arguments))


def _require_arguments(function: _Token, arguments: list[Node]) -> None:
    fewest, most = FUNCTIONS[function.text]
    if not fewest <= len(arguments) <= most:
        span = facts.message(GrammarFault.SPAN, fewest=fewest, most=most)
        raise FormulaError(
            GrammarFault.ARGUMENTS,
            at=function.at,
            function=function.text,
            number=fewest if fewest == most else span,
            given=len(arguments),
        )
    if function.text in OF_A_NAME and not isinstance(arguments[0], Name):
        raise FormulaError(GrammarFault.ONE_NAME, at=function.at, function=function.text)


def children(node: Node) -> tuple[Node, ...]:
    match node:
        case Negative(inner) | Group(inner) | Power(inner, _):
            return (inner,)
        case Binary(_, left, right):
            return (left, right)
        case Call(_, arguments):
            return arguments
    return ()


def _uses(node: Node, wrapper: str | None) -> Iterator[Use]:
    if isinstance(node, Name):
        yield Use(node.name, wrapper)
    inside = node.function if isinstance(node, Call) else None
    for child in children(node):
        yield from _uses(child, inside)


def written(node: Node, shown: Callable[[Name | Call], str | None] = lambda node: None) -> str:
    """The formula for the page.

    `shown` may put another text in the place of a name or a function.
    """
    if isinstance(node, Name | Call):
        other = shown(node)
        if other is not None:
            return other
    match node:
        case Number(quantity):
            return str(quantity)
        case Name(name):
            return name
        case Group(inner):
            return f"({written(inner, shown)})"
        case Negative(inner):
            return f"-{written(inner, shown)}"
        case Power(base, exponent):
            return f"{_bracketed(written(base, shown))}**{exponent}"
        case Binary(operator, left, right):
            return (
                f"{written(left, shown)} {'×' if operator == '*' else operator} "
                f"{written(right, shown)}"
            )
        case Call(function, arguments):
            return f"{function}({', '.join(written(argument, shown) for argument in arguments)})"


def _bracketed(text: str) -> str:
    return f"({text})" if " " in text and not text.endswith(")") else text
