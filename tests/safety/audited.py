"""Run by test_audit_hook.py: gives hostile texts to all public names, and prints what Python saw.

The audit hook notes whatever opens, starts, imports or compiles while texts are given that name a
module ``evil_module``, which stands in the folder and leaves a mark if it is ever loaded.
"""

import ast
import json
import os
import sys
import threading
import warnings
from pathlib import Path
from types import CodeType

MARK = "evil_module"
TEXTS = [
    *(MARK, f"{MARK}.run", f"{MARK}:run", f"encodings.{MARK}", f"`{MARK}`", f"@{MARK}", f"{MARK}*"),
    *(f'__import__("{MARK}")', f"__import__('{MARK}').run()", f"lambda: {MARK}", f"C({MARK})"),
    *(f"{{{MARK}}}", f"{{0.__class__.{MARK}}}", f"%({MARK})s", f"${{{MARK}}}", f"{{{{{MARK}}}}}"),
    *(f"x; import {MARK}", f"'; drop table {MARK}; --", f"\") or __import__('{MARK}') or (\""),
    *(f"../{MARK}", f"~/{MARK}.csv", f"/{MARK}/x.csv", f"file:{MARK}.csv", f"http://{MARK}/x.csv"),
    *(f"s3://{MARK}/x.parquet", f"zip::{MARK}.csv", f"|touch {MARK}", f"$(touch {MARK})"),
    *(f"{MARK}\0", f"^{MARK}.*$", f"\N{RIGHT-TO-LEFT OVERRIDE}{MARK}", f"=cmd|'/c {MARK}'!A1"),
    *(f"<script>{MARK}</script>", f"!!python/object/apply:{MARK}.run", f"q + {MARK}()"),
]
FORMULAS = [
    f'__import__("{MARK}").run()',
    f"sex + __import__('{MARK}')",
    f"{{__import__('{MARK}')}}",
    f"I({MARK}.run())",
    f"C(sex, contr.treatment(__import__('{MARK}')))",
    f"C(sex, levels=[__import__('{MARK}')])",
    f"np.load('{MARK}')",
    f"`__import__('{MARK}')`",
    f"hashed(sex, levels={MARK})",
]
ENCODINGS = [
    MARK,
    f"encodings.{MARK}",
    f"../{MARK}",
    "antigravity",
    "this",
    "os",
    "hex",
    "undefined",
]
NEVER = {MARK, "antigravity", "this", "hex_codec", "undefined"}
# Whatever starts a program, loads a library, or speaks to another machine.
STARTING = (
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "os.spawn",
    "os.fork",
    "pty.",
    "ctypes.dlopen",
)
SPEAKING = ("socket.", "urllib.", "http.", "ftplib.", "smtplib.", "webbrowser.")


class Watch:
    """The audit hook: on from when it is told, as hooks cannot be taken off."""

    def __init__(self):
        self.on, self.seen, self.given, self.probes, self.opened = False, [], set(), 0, 0
        # What the hook does itself is not looked at.
        self.inside = threading.local()
        own = Path(op.__file__).parent, DATA.parent, Path(os.environ["TMPDIR"])
        python = Path(sys.prefix), Path(sys.base_prefix), Path("/proc"), Path("/sys/fs")
        every = [*own, *python]
        self.libraries = tuple(str(path) for path in (*every, *(one.resolve() for one in every)))
        sys.addaudithook(self.hook)

    def hook(self, event, args):
        if not self.on or getattr(self.inside, "here", False):
            return
        self.inside.here = True
        try:
            if self.wrong(event, args):
                self.seen.append(f"{event} {args!r}"[:300])
        finally:
            self.inside.here = False

    def wrong(self, event, args):
        if event == "open":
            self.opened += 1
            return self.wrong_file(*args)
        if event == "subprocess.Popen":
            self.probes += 1
            return list(args[1])[1:] != ["-I", "-S", "-c", CHILD]
        if event == "import":
            return bool(NEVER & set(str(args[0]).split(".")))
        if event == "compile":
            source = args[0]
            return MARK in (ast.dump(source) if isinstance(source, ast.AST) else str(source))
        if event == "exec":
            return named_in(args[0])
        return event.startswith(STARTING + SPEAKING)

    def wrong_file(self, path, *_):
        if isinstance(path, int) or path is None:
            return False
        full = str(Path(os.fsdecode(path)).absolute())
        known = full == os.devnull or full.startswith(self.libraries)
        # A file that is named is written under another name first, beside its place.
        known = known or full.startswith(str(Path.cwd() / ".opinionpanel-"))
        return full not in self.given and (MARK in full or not known)

    def give(self, *texts):
        """Say which names of files are given."""
        for text in texts:
            if "\0" not in text:
                self.given.add(str(Path(text).absolute()))


def named_in(code):
    """Tell whether code holds the mark in its names or constants."""
    if not isinstance(code, CodeType):
        return False
    texts = [*code.co_names, *(one for one in code.co_consts if isinstance(one, str))]
    return any(MARK in one for one in texts) or any(map(named_in, code.co_consts))


def spoiled(value, text):
    """Put a text in the place of a value, and of its parts."""
    yield text
    if isinstance(value, (list, tuple)):
        yield [*value[:-1], text]
    if isinstance(value, dict) and value:
        first = next(iter(value))
        yield {**value, first: text}
        yield {text: value[first]}


def attempt(function, /, *args, **given):
    """Call; what comes of it is another test's business."""
    try:
        str(function(*args, **given))
    except Exception as error:
        return type(error).__name__
    return ""


def call_all(calls):
    """Give every argument of every public name one of the texts."""
    number = 0
    for name, (function, right) in calls.items():
        if name in SLOW:
            right = {key: value for key, value in right.items() if key != "panel"}
        for parameter, value in right.items():
            for changed in spoiled(value, TEXTS[number % len(TEXTS)]):
                number += 1
                given = {**right, parameter: changed}
                several = given.pop("*", None)
                if several is not None:
                    attempt(function, *(several if isinstance(several, list) else [several]))
                else:
                    attempt(function, **given)
    return number


# Their numbers take long, and their texts are the same as those of others.
SLOW = ("latent_markov", "mover_stayer")


def hostile_panel(files):
    """A panel whose every name is hostile, and what is asked of one."""
    item, group, wave, state = (TEXTS[place] for place in (7, 11, 8, 12))
    column, grouped = TEXTS[9], TEXTS[17]
    frames = {}
    for name, sure in ((wave, 3), (TEXTS[13], 5)):
        frames[name] = pd.DataFrame(
            {
                TEXTS[14]: range(60),
                column: [1 + (one % sure == 0) for one in range(60)],
                grouped: [TEXTS[10 + one % 2] for one in range(60)],
            }
        )
    asked = {"question": TEXTS[16], "label": TEXTS[19], "changes": {wave: TEXTS[21]}}
    named = {
        "person": TEXTS[14],
        "items": {item: op.Item(column, {state: [1], TEXTS[15]: [2]}, neutral=state, **asked)},
        "groups": {group: op.Grouping(grouped)},
        "source": TEXTS[20],
        "dates": {wave: TEXTS[18]},
    }
    panels = [op.Panel.from_waves(frames, **named)]
    for suffix, engine in files:
        paths = {}
        for place, (name, frame) in enumerate(frames.items()):
            path = Path(f"{MARK}[{place}]*{{x}}{suffix}").absolute()
            WATCH.give(str(path))
            (frame.to_csv if suffix == ".csv" else frame.to_parquet)(path, **INDEX[suffix])
            paths[name] = path
        panels.append(op.read_panel(paths, engine=engine, **named))
    for panel in panels:
        flows = op.flows(panel, item, by=group)
        for shown in (panel, flows, op.shares(panel, item, by=group), op.turnover(panel, item)):
            str(shown)
            shown._repr_html_()
        flows.to_frame()
        flows.to_latex()
        labels = {TEXTS[10]: TEXTS[24], state: TEXTS[22]}
        given = {"title": TEXTS[4], "subtitle": TEXTS[5], "caption": TEXTS[6], "labels": labels}
        for chart in of_every_kind(panel, item, group, size=(2400, 1800), **given).values():
            chart.to_dict()
        op.marginal_homogeneity(panel, item)
        quoted = "`{}`".format(group.replace("`", "``"))
        str(op.change_model(panel, f"C({quoted}, contr.treatment('{TEXTS[10]}'))", item=item))


INDEX = {".csv": {"index": False}, ".parquet": {}}


def hostile_studies():
    """Put a text in the place of every text of a study, one at a time; count those read."""
    study = (DATA / "study.toml").read_text(encoding="utf-8")
    texts = [part for part in study.split('"')[1::2] if "\n" not in part]
    path = Path("study.toml").absolute()
    given = sorted(DATA.iterdir())
    WATCH.give(str(path), *(str(path.parent / one.name) for one in given))
    for one in given:
        if one.suffix == ".sav":
            Path(one.name).write_bytes(one.read_bytes())
    read = 0
    for number, text in enumerate(dict.fromkeys(texts)):
        hostile = TEXTS[number % len(TEXTS)]
        if "\0" in hostile or '"' in hostile:
            hostile = MARK
        WATCH.give(hostile)
        path.write_text(study.replace(f'"{text}"', json.dumps(hostile), 1), encoding="utf-8")
        read += attempt(op.read_study, path) == ""
    attempt(check_study, path)
    return read


def hostile_reading():
    """Give formulas, encodings and names of files."""
    for formula in FORMULAS:
        assert attempt(op.change_model, PANEL, formula, item="x", waves=["May", "June"])
    WATCH.give("w.csv", "wave1.sav")
    Path("w.csv").write_text("id,q\n1,2\n")
    for encoding in ENCODINGS:
        for path in ("w.csv", "wave1.sav"):
            assert attempt(op.read_wave, path, encoding=encoding) == "ReadError", encoding
    for engine in (*TEXTS[:4], "os", "polars"):
        assert attempt(op.read_panel, {"a": "w.csv"}, person="id", items={}, engine=engine)


def main():
    folder = Path.cwd()
    calls = right_calls(folder)
    WATCH.give(
        *(str(folder / name) for name in ("may.csv", "june.csv", "a.csv", "a.xlsx", "a.svg"))
    )
    WATCH.give(*TEXTS)
    # What is loaded when it is first needed is loaded before.
    for function, given in calls.values():
        attempt(function, **{key: value for key, value in given.items() if key != "*"})
    attempt(check_study, DATA / "study.toml")
    WATCH.on = True
    number = call_all(calls)
    hostile_panel([(".csv", "memory"), (".csv", "duckdb"), (".parquet", "duckdb")])
    studies = hostile_studies()
    hostile_reading()
    seen, WATCH.seen = WATCH.seen, []
    # The hook is of use only if it sees.
    for wrong in (
        lambda: Path("/etc/hostname").read_bytes(),
        lambda: compile(MARK, "", "eval"),
        lambda: os.system(""),
    ):
        attempt(wrong)
    attempt(__import__, "antigravity.no_such")
    caught, WATCH.on = WATCH.seen, False
    print(
        json.dumps(
            {
                "calls": number,
                "studies": studies,
                "seen": seen,
                "caught": len(caught),
                "probes": WATCH.probes,
                "opened": WATCH.opened,
                "loaded": [name for name in sys.modules if MARK in name],
            }
        )
    )


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))
    warnings.simplefilter("ignore")
    import pandas as pd
    from kinds import of_every_kind
    from public_calls import PANEL, right_calls

    import opinionpanel as op
    from opinionpanel.study.checking import check_study
    from opinionpanel.waves.header_probe import CHILD

    DATA = op.datasets.folder("attitudes_2024")
    WATCH = Watch()
    main()
