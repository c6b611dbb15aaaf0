"""Formulas of models: a small grammar, read here before any other library sees the text.

Nothing of a formula is evaluated. It is parted into names, which must be those of groups or of what
the model adds, and what is no part of this grammar is refused::

    sum      = product { "+" product }
    product  = crossing { "*" crossing }
    crossing = part { ":" part }
    part     = "1" | name | "C(" name [ "," contrast ] ")" | "(" sum ")"
    contrast = "contr." kind [ "(" [ [ "base=" ] text ] ")" ]
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, combinations
from math import prod
from typing import Any, NoReturn

import numpy as np
import pandas as pd

from opinionpanel.arrays import Floats
from opinionpanel.errors import SelectionError, listing, shown, unknown
from opinionpanel.escaping import quoted_name

# By what the categories of a group can be compared, as formulaic calls it.
CONTRASTS = ("treatment", "sum", "helmert", "diff", "poly")
# No formula that somebody could read has more; without limits a short one could fill the memory,
# and one whose terms repeat each other take days.
MOST_TERMS, DEEPEST, MOST_MADE = 1_000, 20, 1_000_000
MOST_COLUMNS = 1_000

WORD = re.compile(r"[\w.]+")
# A quotation mark that belongs to a quoted text stands there twice.
TOKEN = re.compile(
    rf"""[ \t\r\n]*(?:
        (?P<word>{WORD.pattern})
        | `(?P<quoted>(?:[^`]|``)+)`
        | "(?P<double>(?:[^"]|"")*)"
        | '(?P<single>(?:[^']|'')*)'
        | (?P<mark>[-~+*:(),=])
        | (?P<end>\Z)
    )""",
    re.VERBOSE,
)
MARKS = {"quoted": "`", "double": '"', "single": "'"}


@dataclass(frozen=True)
class Variable:
    """A group, or what a model adds, such as the origin, in a term.

    Attributes
    ----------
    name : str
    contrast : str or None
        By what its categories are compared: one of `CONTRASTS`, "" for the usual one in ``C(…)``;
        None where the name stands alone.
    base : str or None
        The category that the others are compared with, where it is named.
    """

    name: str
    contrast: str | None = None
    base: str | None = None

    def __str__(self) -> str:
        if self.contrast is None:
            return self.name
        name = self.name if WORD.fullmatch(self.name) else quoted_name(self.name)
        base = "" if self.base is None else f"({self.base!r})"
        return f"C({name}, contr.{self.contrast}{base})" if self.contrast else f"C({name})"

    def values(self, frame: pd.DataFrame) -> Any:
        """Take the column, to be compared as the formula says."""
        from formulaic.transforms.contrasts import C, ContrastsRegistry

        if not self.contrast:
            return C(frame[self.name])
        kind = getattr(ContrastsRegistry, self.contrast)
        return C(frame[self.name], kind() if self.base is None else kind(base=self.base))


# The variables of a term, each once; the intercept has none.
Term = tuple[Variable, ...]


@dataclass(frozen=True)
class Formula:
    """The terms of a formula, besides the intercept; those of fewer variables first.

    Attributes
    ----------
    terms : tuple of tuple of Variable
    groups : list of str
        The groups in it, in the order in which they are named.
    own : list of str
        What the model adds to the groups and is in it.
    """

    terms: tuple[Term, ...]
    groups: list[str]
    own: list[str]

    def matrix(self, frame: pd.DataFrame) -> tuple[Any, Floats]:
        """Make columns of categories; also gives the specification to make them again."""
        from formulaic import Formula as Formulaic
        from formulaic.errors import FormulaicError
        from formulaic.parser.types import Factor, Term as FormulaicTerm

        # Every factor is looked up by its name: formulaic has nothing to evaluate.
        terms = [FormulaicTerm([Factor("1", eval_method="literal")])]
        terms += [FormulaicTerm([Factor(str(one)) for one in term]) for term in self.terms]
        self._check_bases(frame)
        self._check_size(frame)
        try:
            matrix = Formulaic(terms, _ordering="none").get_model_matrix(
                frame, context=self._compared(frame), na_action="raise"
            )
        except (FormulaicError, ValueError) as error:
            # What stands in brackets is about the inside of formulaic.
            reason = str(error).splitlines()[0].partition(" [")[0].rstrip(".")
            raise SelectionError(f"The formula cannot be evaluated: {reason}.") from None
        self._check_names(matrix.model_spec.column_names)
        return matrix.model_spec, np.asarray(matrix, dtype=np.float64)

    def matrix_again(self, specification: Any, frame: pd.DataFrame) -> Floats:
        """Make the same columns of other people."""
        matrix = specification.get_model_matrix(frame, context=self._compared(frame))
        return np.asarray(matrix, dtype=np.float64)

    def _compared(self, frame: pd.DataFrame) -> Mapping[str, Any]:
        return {str(one): one.values(frame) for one in self._declared()}

    def _declared(self) -> Iterator[Variable]:
        yield from (one for term in self.terms for one in term if one.contrast is not None)

    def _check_names(self, columns: Iterable[str]) -> None:
        """Refuse names of groups that are written as other parts of the formula are."""
        variables = {one for term in self.terms for one in term}
        # The intercept is called so, and is a column as well.
        times = Counter(["1", *map(str, variables), *columns])
        if doubled := [name for name, count in times.items() if count > 1]:
            raise SelectionError(
                f"Several parts of the formula are called {listing(doubled, most=3)}. Rename the "
                "group that has such a name."
            )

    def _check_size(self, frame: pd.DataFrame) -> None:
        """Count the columns before they are made: crossings of a few groups can fill the memory."""
        seen: set[tuple[str, ...]] = set()
        columns = 0
        for term in self.terms:
            # A category fewer than there are, but for each crossing that is there by itself.
            more = {str(one): len(frame[one.name].cat.categories) - 1 for one in term}
            varying = sorted(name for name in more if more[name])
            sizes = range(len(varying) + 1)
            for part in chain.from_iterable(combinations(varying, size) for size in sizes):
                columns += 0 if part in seen else prod(more[name] for name in part)
                seen.add(part)
                if columns > MOST_COLUMNS:
                    raise SelectionError(
                        f"The formula has more than {MOST_COLUMNS:,} coefficients. Cross fewer "
                        "groups, or groups of fewer categories."
                    )

    def _check_bases(self, frame: pd.DataFrame) -> None:
        for one in self._declared():
            known = frame[one.name].cat.categories
            if one.base is not None and one.base not in known:
                raise unknown(f"category of {one.name!r} with anybody:", one.base, known)


def read_formula(
    text: str,
    groups: Iterable[str],
    own: Sequence[str] = ("origin",),
    always: Sequence[str] = ("origin",),
) -> Formula:
    """Read the right-hand side of a formula.

    Parameters
    ----------
    text : str
    groups : iterable of str
    own : sequence of str
        What else it may name, for example the origin.
    always : sequence of str
        Those of them that are always in it.

    Raises
    ------
    SelectionError
        It is no formula, takes a term out, or has a variable that is no group.

    Examples
    --------
    >>> [[str(one) for one in term] for term in read_formula("sex * age", ["age", "sex"]).terms]
    [['origin'], ['sex'], ['age'], ['sex', 'age']]
    """
    known = list(groups)
    terms = _Reader(text, known, own, always).whole()
    first = [(Variable(name),) for name in always]
    named = dict.fromkeys(one.name for term in [*first, *terms] for one in term)
    ordered = sorted(_once([*first, *terms]), key=len)
    return Formula(
        terms=tuple(term for term in ordered if term),
        groups=[name for name in named if name in known],
        own=[name for name in named if name in own],
    )


class _Reader:
    """One pass over a text, a token ahead."""

    def __init__(
        self, text: str, groups: list[str], own: Sequence[str], always: Sequence[str]
    ) -> None:
        self.text, self.own, self.always = text, own, always
        self.known = [*own, *groups]
        self.place = self.depth = self.made = 0
        self.kind = self.value = ""
        self._next()

    def whole(self) -> list[Term]:
        """Read all of it."""
        terms = self._sum()
        if self.kind != "end":
            self._refuse(f"{shown(self.value)} stands where +, * or : is expected")
        return terms

    def _next(self) -> None:
        """Go to the next token; its value is what it says, without quotation marks."""
        found = TOKEN.match(self.text, self.place)
        if found is None:
            rest = self.text[self.place :].lstrip()
            self._refuse(f"{rest[:1]!r} is no part of a formula, or is never closed")
        self.place = found.end()
        self.kind = str(found.lastgroup)
        value, quote = found[self.kind], MARKS.get(self.kind)
        self.value = value.replace(quote * 2, quote) if quote else value
        if self.kind == "mark" and value == "~":
            raise SelectionError(
                f"Formula {shown(self.text)}: give the right-hand side only, such as 'age_group + "
                "gender'; the left is the outcome of the item."
            )
        # The intercept and the origin stay, so the formula would say what is not so.
        if (self.kind, value) in {("mark", "-"), ("word", "0")}:
            always = f"The intercept{''.join(f' and the {name}' for name in self.always)}"
            raise SelectionError(
                f"Formula {shown(self.text)} takes a term out, with - or 0. {always} "
                f"{'are' if self.always else 'is'} always in it: name what else is, joined by +, * "
                "or :, such as 'age_group + gender'; a name with a hyphen stands in backquotes."
            )

    def _take(self, mark: str) -> bool:
        """Go past a mark, if it comes next."""
        here = (self.kind, self.value) == ("mark", mark)
        if here:
            self._next()
        return here

    def _expect(self, mark: str) -> None:
        if not self._take(mark):
            self._refuse(f"{mark!r} is expected in place of {self._here()}")

    def _here(self) -> str:
        return "the end" if self.kind == "end" else shown(self.value)

    def _sum(self) -> list[Term]:
        terms = self._product()
        while self._take("+"):
            terms = self._checked(terms + self._product())
        return terms

    def _product(self) -> list[Term]:
        terms = self._crossing()
        while self._take("*"):
            more = self._crossing()
            terms = self._checked(terms + more + _crossed(terms, more))
        return terms

    def _crossing(self) -> list[Term]:
        terms = self._part()
        while self._take(":"):
            terms = self._checked(_crossed(terms, self._part()))
        return terms

    def _checked(self, terms: list[Term]) -> list[Term]:
        self.made += sum(map(len, terms))
        if len(found := _once(terms)) > MOST_TERMS:
            self._refuse(f"it has more than {MOST_TERMS:,} terms")
        if self.made > MOST_MADE:
            self._refuse("its terms repeat each other too often")
        return found

    def _part(self) -> list[Term]:
        if self._take("("):
            self.depth += 1
            if self.depth > DEEPEST:
                self._refuse(f"more than {DEEPEST} brackets stand in each other")
            terms = self._sum()
            self._expect(")")
            self.depth -= 1
            return terms
        kind, value = self.kind, self.value
        if kind not in ("word", "quoted"):
            self._refuse(f"a name is expected in place of {self._here()}")
        self._next()
        if (self.kind, self.value) == ("mark", "("):
            return [(self._declared(kind, value),)]
        if (kind, value) == ("word", "1"):
            return [()]
        return [(Variable(self._name(kind, value)),)]

    def _name(self, kind: str, value: str) -> str:
        if kind == "word" and value.replace(".", "").isdecimal():
            self._refuse(f"{value[:20]} is a number; a group of that name stands in backquotes")
        if kind == "word" and not value.strip("."):
            self._refuse(f"{value[:20]!r} is no name")
        if value not in self.known:
            raise unknown("variable in the formula:", value, self.known)
        return value

    def _declared(self, kind: str, value: str) -> Variable:
        """Read the brackets of ``C(…)``."""
        if (kind, value) != ("word", "C"):
            self._refuse(f"{shown(value)} stands before a bracket, and nothing is computed")
        self._expect("(")
        kind, value = self.kind, self.value
        if kind not in ("word", "quoted"):
            self._refuse(f"C() takes the name of a group first, not {self._here()}")
        self._next()
        name, contrast, base = self._name(kind, value), "", None
        if self._take(","):
            contrast, base = self._contrast()
        self._expect(")")
        return Variable(name, contrast, base)

    def _contrast(self) -> tuple[str, str | None]:
        contrast = self.value.removeprefix("contr.")
        if self.kind != "word" or contrast == self.value or contrast not in CONTRASTS:
            self._refuse(f"{self._here()} is none of the contrasts")
        self._next()
        base = None
        if self._take("(") and not self._take(")"):
            if (self.kind, self.value) == ("word", "base"):
                self._next()
                self._expect("=")
            if contrast != "treatment" or self.kind not in ("double", "single"):
                self._refuse(
                    f"contr.{contrast}() takes "
                    + ("a category in quotes" if contrast == "treatment" else "nothing")
                    + f", not {self._here()}"
                )
            base = self.value
            self._next()
            self._expect(")")
        return contrast, base

    def _refuse(self, why: str) -> NoReturn:
        contrasts = ", ".join(f"contr.{name}" for name in CONTRASTS)
        own = " and ".join(self.own)
        raise SelectionError(
            f"Formula {shown(self.text)} cannot be read: {why}. It names groups, which are "
            f"categories, not numbers, and {own}, joined by +, * or :, such as 'age_group + "
            f"gender' or '{self.own[0]} * gender'; a name with spaces or other marks stands in "
            "backquotes, and a backquote in it twice. "
            'C(gender, contr.treatment("woman")) names the category '
            f"that others are compared with. Contrasts are {contrasts}."
        )


def _crossed(first: Iterable[Term], second: Iterable[Term]) -> list[Term]:
    return [tuple(dict.fromkeys(one + other)) for one in first for other in second]


def _once(terms: Iterable[Term]) -> list[Term]:
    """Keep the first of the terms that have the same variables."""
    found: dict[frozenset[Variable], Term] = {}
    for term in terms:
        found.setdefault(frozenset(term), term)
    return list(found.values())
