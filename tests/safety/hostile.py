"""Studies of which every text is hostile; the same seed writes the same study."""

import csv
import random
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
import pyreadstat

from opinionpanel.escaping import toml_key, toml_text

# What a script would do if it ran, and where it would say so.
RUNS = "window.ran=(window.ran||0)+1"
OUTSIDE = "http://hostile.invalid"
MARKUP = [
    f'"><img src=x onerror="{RUNS}">',
    f"</script><script>{RUNS}</script>",
    f"</title></textarea></noscript><svg onload={RUNS}>",
    f"<!--<script>{RUNS}",
    f"--></style><style>@import '{OUTSIDE}/a.css';</style>",
    f"' onmouseover='{RUNS}' x='",
    f'<iframe src="{OUTSIDE}"></iframe><link rel=stylesheet href={OUTSIDE}>',
    f'data:x" onerror="{RUNS}',
    f"{OUTSIDE}/picture.png",
    f"javascript:{RUNS}",
    "]]>&lt;b&gt;&#60;&amp;",
]
PAGES = [
    f"[x](javascript:{RUNS})![]({OUTSIDE}/a.png)<{OUTSIDE}>",
    "# heading --- *a* _b_ **c** ~~d~~ `e` | f | 1. g",
    f"```{{raw}} html\n<script>{RUNS}</script>\n```",
    "```{code-cell} python\nopen('ran', 'w')\n```",
    f"````````\n<script>{RUNS}</script>",
    "{eval-rst}`x` {{ 7*7 }} {% raw %} {{{ x }}} ${7*7} #{7*7}",
    ":ref:`search` |release| `a <b>`__ .. raw:: html ::",
    "$x$ $$y$$ \\( z \\) \\input{/etc/passwd} %n & ~ ^ _",
    "'''\"\"\" \\ '); import os; os.system('touch ran') #",
    "__proto__",
    "constructor",
    "-- ' ; DROP TABLE people; \"",
    "(a|b)+[c]{2}.*?$^",
]
SEEN_AS_MORE = [
    "\x1b[31mred\x1b[0m\x1b]0;FORGED\x07",
    "a\nFORGED: a line",
    "a\rFORGED: a line",
    "a\u2028FORGED\u2029FORGED\x85FORGED\x0bFORGED",
    "z\u202eabc\u2066\u200b\u200d\ufeff",
    '=HYPERLINK("http://hostile.invalid","x")',
    "＝1+1\t@x",
    "e\u0301" * 20 + "مرحبا" + "文",
    "x" * 300,
    "../../../../etc/con.aux:nul",
]
POOL = [*MARKUP, *PAGES, *SEEN_AS_MORE]
# Names that JavaScript, tooltips of Vega, or tables of contents take for something else.
KEYS = ["image", "title", "__proto__", "constructor", "toString", "hasOwnProperty", "self", "con"]


# What a study says of how its data were made.
METHODS = (
    *("sponsor", "contractor", "population", "sampling", "mode", "response_rate"),
    *("weighting", "contact"),
)


@dataclass
class Hostile:
    """A study that was written, and its texts by what they name."""

    path: Path
    texts: dict[str, list[str]] = field(default_factory=dict)


class Texts:
    """Deals hostile texts, no two alike, and remembers what they name."""

    def __init__(self, seed):
        self._random, self._dealt, self.named = random.Random(seed), 0, {}

    def deal(self, what, *, line=False):
        if not self._dealt % len(POOL):
            self._pool = self._random.sample(POOL, len(POOL))
        text = self._pool[self._dealt % len(POOL)]
        self._dealt += 1
        # In a header of CSV, semicolons would be read as what separates the columns.
        text = " ".join(text.replace(";", ":").split()) if line else text
        text = f"{text} n{self._dealt}"
        self.named.setdefault(what, []).append(text)
        return text

    def answers(self, people):
        """The same answer at every wave for most, in 1 to 3."""
        base = [self._random.randint(1, 3) for _ in range(people)]
        while True:
            yield [a if self._random.random() < 0.7 else self._random.randint(1, 3) for a in base]


def write_study(folder, seed, *, ending=".sav", waves=2, people=300):
    """Write a study of one item, whose groups are named as keys that mean something."""
    texts, folder = Texts(seed), Path(folder)
    folder.mkdir(parents=True)
    groups = random.Random(seed).sample(KEYS, 2)
    item, states = texts.deal("item"), [texts.deal("state") for _ in range(3)]
    lines = [
        f"title = {toml_text(texts.deal('title'))}",
        f"source = {toml_text(texts.deal('source'))}",
        'person = "id"',
        *(f"{key} = {toml_text(texts.deal('method'))}" for key in METHODS),
    ]
    write = _write_sav if ending == ".sav" else _write_csv
    columns, codes = write(folder, texts, waves, people)
    for number in range(1, waves + 1):
        lines += ["[[waves]]", f"name = {toml_text(texts.deal('wave'))}"]
        lines += [f"file = {toml_text(_file(number, ending))}"]
        lines += [f"fieldwork = {toml_text(texts.deal('date'))}"]
        lines += [f"notes = {toml_text(texts.deal('note of a wave'))}"]
    lines += ["[groups]"]
    lines += [
        f'{toml_key(name)} = {{column = {toml_text(column)}, use = "first", '
        f"label = {toml_text(texts.deal('label of a group'))}}}"
        for name, column in zip(groups, columns[1:], strict=True)
    ]
    lines += [f"[items.{toml_text(item)}]", f"column = {toml_text(columns[0])}"]
    lines += [f"question = {toml_text(texts.deal('question'))}"]
    labels = [f"{code} = {toml_text(texts.deal('label of the item'))}" for code in ("en", "ru")]
    lines += [f"label = {{{', '.join(labels)}}}"]
    lines += [f"labels = {{{toml_text(states[0])} = {toml_text(texts.deal('label of a state'))}}}"]
    lines += [f"neutral = {toml_text(states[1])}"]
    changed = toml_text(texts.named["wave"][-1]), toml_text(texts.deal("change"))
    lines += [f"changes = {{{changed[0]} = {changed[1]}}}"]
    lines += [f"[items.{toml_text(item)}.states]"]
    lines += [f"{toml_text(state)} = [{code}]" for state, code in zip(states, codes, strict=True)]
    path = folder / "study.toml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return Hostile(path, texts.named | {"group": groups})


def _file(number, ending):
    """Names that a folder can hold and nobody would choose."""
    return f"w{number} <b>'\"{{{{x}}}}\x1b[31m\u202e{ending}"


def _write_sav(folder, texts, waves, people):
    """Codes with labels: the labels are hostile, and so are the wordings."""
    groups = {name: [texts.deal("category") for _ in range(2)] for name in ("g", "h")}
    answers, labels = texts.answers(people), [texts.deal("label") for _ in range(3)]
    for number, here in zip(range(1, waves + 1), answers, strict=False):
        frame = pd.DataFrame({"id": range(1, people + 1), "q": here})
        for place, name in enumerate(groups, start=1):
            frame[name] = [float(one // place % 2 + 1) for one in range(people)]
        pyreadstat.write_sav(
            frame,
            str(folder / _file(number, ".sav")),
            column_labels={"q": texts.deal("wording")[:200]},
            variable_value_labels={
                "q": dict(enumerate(labels, start=1)),
                **{name: dict(enumerate(two, start=1)) for name, two in groups.items()},
            },
        )
    return ["q", "g", "h"], [1, 2, 3]


def _write_csv(folder, texts, waves, people):
    """Answers and groups in words: the cells are hostile, and so are the names of columns."""
    columns = [texts.deal("column", line=True) for _ in range(3)]
    groups = [[texts.deal("category", line=True) for _ in range(2)] for _ in range(2)]
    answers, words = texts.answers(people), [texts.deal("answer", line=True) for _ in range(3)]
    for number, here in zip(range(1, waves + 1), answers, strict=False):
        with (folder / _file(number, ".csv")).open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, quoting=csv.QUOTE_ALL)
            writer.writerow(["id", *columns])
            writer.writerows(
                [one + 1, words[answer - 1], groups[0][one % 2], groups[1][one // 2 % 2]]
                for one, answer in enumerate(here)
            )
    return columns, [toml_text(word) for word in words]
