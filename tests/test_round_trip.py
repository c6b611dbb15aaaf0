"""Panels that were written to files and read again are the panels they were."""

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyreadstat
import pytest
from hypothesis import given, settings, strategies as st
from panel_table import people_of
from rotating_panels import BASELINES, rotating_frames

import opinionpanel as op
from opinionpanel.strategies import PanelParts, panel_parts

# Every file of SPSS is looked at by a child process first, which takes a fifth of a second.
FEW = settings(max_examples=8)
MORE = settings(max_examples=10)

# Text codes with labels, one of them for people who would not say.
GENDER = {"м": "мужчина", "ж": "женщина", "x": "no answer – отказ"}
REGION = {1: "Nord-Øst", 2: "Юг", 3: "West", 9: "weiß nicht"}
UNSURE, REFUSED = "затрудняюсь ответить", "отказ / refused"


@dataclass(frozen=True)
class Dialect:
    """How a kind of file says "don't know" and "refused", and what else it can say."""

    unsure: Any
    refused: Any
    missing: Mapping[str, tuple[Any, ...]]
    labels: bool = True
    text_labels: bool = False
    silent: str = "x"


SPSS = Dialect(98, -1, {"answer": ((97, 99), -1), "region": (9,), "gender": ("x",)}, True, True)
# Stata declares no number missing; of its tagged missing codes those count that occur.
STATA = Dialect("a", "b", {})
TAGS = ("a", "b")
# Neither text files nor spreadsheets nor Arrow's formats have labels or declare codes missing.
PLAIN = Dialect(98, -1, {}, labels=False, silent='не "скажу", 1;\tили\nпозже')

Write = Callable[[op.Wave, Path], None]


def write_sav(**options: bool) -> Write:
    def write(wave: op.Wave, path: Path) -> None:
        ranges = {
            name: [
                {"lo": code[0], "hi": code[1]} if isinstance(code, tuple) else code
                for code in codes
            ]
            for name, codes in wave.missing.items()
        }
        pyreadstat.write_sav(
            wave.frame,
            path,
            variable_value_labels=wave.labels,
            missing_ranges=ranges,
            column_labels=dict(wave.wording),
            **options,
        )

    return write


def write_dta(wave: op.Wave, path: Path) -> None:
    pyreadstat.write_dta(
        wave.frame,
        path,
        variable_value_labels=wave.labels,
        # The writer wants every tag that a label names.
        missing_user_values={name: list(TAGS) for name in wave.labels if name.startswith("answer")},
        column_labels=dict(wave.wording),
    )


def write_text(separator: str) -> Write:
    return lambda wave, path: wave.frame.to_csv(path, index=False, sep=separator)


def write_nullable(wave: op.Wave, path: Path) -> None:
    wave.frame.convert_dtypes().to_parquet(path)


def write_categories(wave: op.Wave, path: Path) -> None:
    wave.frame.astype(dict.fromkeys(["answer", "gender", "region"], "category")).to_feather(path)


FORMATS: dict[str, tuple[str, Dialect, Write, settings]] = {
    "sav": (".sav", SPSS, write_sav(), FEW),
    "sav, compressed": (".sav", SPSS, write_sav(row_compress=True), FEW),
    "zsav": (".zsav", SPSS, write_sav(compress=True), FEW),
    "dta": (".dta", STATA, write_dta, MORE),
    "csv": (".csv", PLAIN, write_text(","), MORE),
    "csv, semicolons": (".csv", PLAIN, write_text(";"), MORE),
    "tsv": (".tsv", PLAIN, write_text("\t"), MORE),
    "parquet": (".parquet", PLAIN, lambda wave, path: wave.frame.to_parquet(path), MORE),
    "parquet, nullable types": (".parquet", PLAIN, write_nullable, FEW),
    "feather, categories": (".feather", PLAIN, write_categories, FEW),
    "feather": (".feather", PLAIN, lambda wave, path: wave.frame.to_feather(path), MORE),
    "xlsx": (".xlsx", PLAIN, lambda wave, path: wave.frame.to_excel(path, index=False), FEW),
}


@dataclass(frozen=True)
class Study:
    """Waves as they are to be written, and how they are to be read."""

    waves: Mapping[str, op.Wave]
    states: Mapping[str, list[Any]]
    options: Mapping[str, Any]

    def expected(self) -> np.ndarray:
        """States by wave and person, by pandas alone: people in order of appearance."""
        frames = [wave.frame for wave in self.waves.values()]
        people = pd.concat([frame["person"] for frame in frames]).unique()
        places = {code: place for place, codes in enumerate(self.states.values()) for code in codes}
        return np.array(
            [
                frame.set_index("person")["answer"]
                .map(places)
                .fillna(-1)
                .reindex(people, fill_value=-3)
                for frame in frames
            ]
        )


@st.composite
def studies(draw: st.DrawFn, dialect: Dialect) -> Study:
    """Draw waves with ids and groups of several types, blanks, and codes declared missing."""
    parts: PanelParts = draw(
        panel_parts(waves=(2, 3), people=(4, 30), groups={"gender": list(GENDER)[:2]})
    )
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    ids = draw(st.sampled_from(["integer", "big", "float", "zeros", "letters"]))
    silent = draw(st.sampled_from([0.0, 0.2]))
    codes = [code for state in parts.item.states.values() for code in state]
    labels: dict[str, dict[Any, str]] = {
        "answer": {
            **{code: f"réponse {code} – ответ" for code in codes},
            dialect.unsure: UNSURE,
            dialect.refused: REFUSED,
        },
        "region": REGION,
    }
    if dialect.text_labels:
        labels["gender"] = GENDER
    regions = rng.choice(
        list(REGION), 1 + max(frame["person"].max() for frame in parts.frames.values())
    )
    waves = {}
    for name, ordered in parts.frames.items():
        frame = ordered.sample(frac=1, random_state=rng).reset_index(drop=True)
        draws = rng.random(len(frame))
        answer = frame["answer"].astype(object)
        answer[draws < 0.15] = dialect.unsure
        answer[draws > 0.95] = dialect.refused
        # A wave where no answer at all has a state is refused.
        answer[0] = dialect.unsure
        gender = frame["gender"].astype(object)
        gender[rng.random(len(frame)) < silent] = rng.choice([dialect.silent, None])
        frame = frame.assign(
            person=written_ids(frame["person"], ids),
            answer=answer.infer_objects(),
            gender=gender,
            region=regions[frame["person"]],
            not_used=1,
        )
        waves[name] = op.Wave(
            frame,
            labels=labels if dialect.labels else {},
            missing=tags(answer) if dialect is STATA else dialect.missing,
            wording={"answer": "Вопрос: что вы думаете?"} if dialect.labels else {},
        )
    states = {name: list(codes) for name, codes in parts.item.states.items()}
    # Refused is no answer: the item leaves it out.
    states["unsure"] = [dialect.unsure]
    items = {"opinion": op.Item("answer", states, rest="missing")}
    if dialect.labels:
        texts = {name: [labels["answer"][code] for code in codes] for name, codes in states.items()}
        items["by label"] = op.Item("answer", texts, rest="missing")
    options = {
        "person": "person",
        "items": items,
        "groups": ["gender", "region"],
        "design": parts.design,
    }
    return Study(waves, states, options)


def tags(answers: pd.Series) -> dict[str, tuple[str, ...]]:
    """Name the tagged missing codes that occur."""
    found = tuple(tag for tag in TAGS if (answers == tag).any())
    return {"answer": found} if found else {}


def written_ids(numbers: pd.Series, kind: str) -> pd.Series:
    """Write ids as survey houses do."""
    forms: dict[str, Callable[[pd.Series], pd.Series]] = {
        "integer": lambda ids: ids,
        "big": lambda ids: ids + 1_234_567_890_000,
        "float": lambda ids: ids.astype(float),
        "zeros": lambda ids: ids.map("{:05d}".format),
        "letters": lambda ids: ids.map("Ю-{:03d}".format),
    }
    return forms[kind](numbers)


def same(one: op.Panel, other: op.Panel, *, within: float) -> None:
    """All that a panel holds, and what is estimated from it; numbers within a share of them."""
    assert one.waves == other.waves
    np.testing.assert_array_equal(one.present, other.present)
    for name, answers in one.answers.items():
        np.testing.assert_array_equal(answers, other.answers[name])
    assert one.unread == other.unread
    assert one.weights.keys() == other.weights.keys()
    for key, weights in one.weights.items():
        np.testing.assert_allclose(weights, other.weights[key], rtol=within)
    assert one.without_weight == other.without_weight
    for name, group in one.groups.items():
        assert group.categories == other.groups[name].categories
        assert group.missing == other.groups[name].missing
        np.testing.assert_array_equal(group.codes, other.groups[name].codes)
        np.testing.assert_array_equal(group.by_wave, other.groups[name].by_wave)
    pd.testing.assert_frame_equal(one.linkage(), other.linkage())
    for measure, by in ((op.shares, "gender"), (op.flows, None)):
        first, second = measure(one, "opinion", by=by), measure(other, "opinion", by=by)
        pd.testing.assert_frame_equal(first.labels, second.labels)
        np.testing.assert_allclose(first.value, second.value, rtol=within)
        np.testing.assert_allclose(first.covariance, second.covariance, atol=within, rtol=0)
        np.testing.assert_array_equal(first.n, second.n)


# Each format takes seconds; one with labels and one without stand for the others.
SAMPLE = ("dta", "csv")
OTHERS = [pytest.param(name, marks=pytest.mark.slow) for name in FORMATS if name not in SAMPLE]


@pytest.mark.parametrize("name", [*SAMPLE, *OTHERS])
def test_a_panel_survives_being_written_and_read(name):
    suffix, dialect, write, number = FORMATS[name]

    @number
    @given(studies(dialect))
    def survives(study):
        with tempfile.TemporaryDirectory() as folder:
            files = {wave: Path(folder, f"{wave}{suffix}") for wave in study.waves}
            for wave, path in files.items():
                write(study.waves[wave], path)
            panel = op.read_panel(files, **study.options)
            read = {wave: op.read_wave(path) for wave, path in files.items()}
        # Spreadsheets hold sixteen digits, other files hold all.
        within = 1e-12 if suffix == ".xlsx" else 0
        same(op.Panel.from_waves(study.waves, **study.options), panel, within=within)
        for answers in panel.answers.values():
            np.testing.assert_array_equal(answers, study.expected())
        for wave, written in study.waves.items():
            assert list(read[wave].frame) == list(written.frame)
            assert read[wave].labels == written.labels
            assert read[wave].missing == written.missing
            assert dict(read[wave].wording) == written.wording

    survives()


@pytest.mark.slow
@FEW
@given(studies(PLAIN), st.lists(st.sampled_from(list(FORMATS)), min_size=3, max_size=3))
def test_waves_in_different_formats_link(study, names):
    """Numbers are integers in one format and floats in the next; no format adds labels."""
    with tempfile.TemporaryDirectory() as folder:
        files = {}
        for wave, name in zip(study.waves, names, strict=False):
            suffix, _, write, _ = FORMATS[name]
            files[wave] = Path(folder, f"{wave}{suffix}")
            write(study.waves[wave], files[wave])
        panel = op.read_panel(files, **study.options)
    same(op.Panel.from_waves(study.waves, **study.options), panel, within=1e-12)
    # Who was not due was not interviewed either.
    np.testing.assert_array_equal(np.maximum(panel.answers["opinion"], -3), study.expected())


def all_waves(study: Study, dialect: Dialect) -> op.Wave:
    """Write the waves as one long frame."""
    parts = [wave.frame.assign(wave=name) for name, wave in study.waves.items()]
    whole = pd.concat(parts, ignore_index=True)
    missing = tags(whole["answer"]) if dialect is STATA else dialect.missing
    return replace(study.waves["w1"], frame=whole, missing=missing)


def beside(study: Study, dialect: Dialect) -> op.Wave:
    """Write the waves as one wide frame, people in the order in which they first appear."""
    long = all_waves(study, dialect)
    people = long.frame["person"].unique()
    frame = pd.DataFrame({"person": people})
    labels: dict[str, Any] = {}
    missing: dict[str, Any] = {}
    for wave, one in study.waves.items():
        here = one.frame.set_index("person").reindex(people).add_suffix(f"_{wave}")
        frame = pd.concat([frame, here.reset_index(drop=True)], axis=1)
        labels |= {f"{name}_{wave}": texts for name, texts in one.labels.items()}
        missing |= {f"{name}_{wave}": codes for name, codes in one.missing.items()}
    return op.Wave(frame.infer_objects(), labels=labels, missing=missing)


def answered(study: Study) -> Study:
    """Give everyone an answer: who has none at a wave has no row there in a wide frame."""
    refused = {True: "b", False: -1}
    waves = {
        name: replace(
            wave,
            frame=wave.frame.assign(
                answer=wave.frame["answer"].fillna(refused["a" in study.states["unsure"]])
            ),
        )
        for name, wave in study.waves.items()
    }
    return replace(study, waves=waves)


def by_wave(study: Study) -> dict[str, Any]:
    """Name the columns of a wide frame as those of the waves are named."""

    def at(column: str) -> dict[str, str]:
        return {wave: f"{column}_{wave}" for wave in study.waves}

    items = study.options["items"]
    weighted = "weight" in study.waves["w1"].frame
    return {
        "person": "person",
        "items": {name: replace(item, column=at("answer")) for name, item in items.items()},
        "groups": {name: op.Grouping(at(name)) for name in study.options["groups"]},
        "design": op.Design(weight=at("weight")) if weighted else None,
    }


# What one file for all waves is written in; an engine reads one of them.
ONE_FILE = [
    "dta",
    "csv",
    *(pytest.param(x, marks=pytest.mark.slow) for x in ("sav", "parquet", "xlsx")),
]
SEVERAL = settings(max_examples=5)


@pytest.mark.parametrize("name", ONE_FILE)
def test_one_file_for_all_waves_is_the_panel_of_a_file_for_each(name):
    suffix, dialect, write, _ = FORMATS[name]
    within = 1e-12 if suffix == ".xlsx" else 0

    @SEVERAL
    @given(studies(dialect).map(answered))
    def is_the_same(study):
        weighted = by_wave(study) | {"design": None}
        if "weight" in study.waves["w1"].frame:
            weighted["design"] = op.Design(weight="weight")
        apart = op.Panel.from_waves(study.waves, **study.options)
        plain = op.Panel.from_waves(study.waves, **study.options | {"design": weighted["design"]})
        with tempfile.TemporaryDirectory() as folder:
            long, wide = Path(folder, f"long{suffix}"), Path(folder, f"wide{suffix}")
            write(all_waves(study, dialect), long)
            write(beside(study, dialect), wide)
            options = {"wave": "wave", "waves": list(study.waves), **study.options}
            same(apart, op.read_panel(long, **options), within=within)
            same(plain, op.read_panel(wide, **by_wave(study)), within=within)
            if suffix == ".parquet":
                for one, panel in (
                    (op.read_panel(long, **options, engine="duckdb"), apart),
                    (op.read_panel(wide, **by_wave(study), engine="duckdb"), plain),
                ):
                    np.testing.assert_array_equal(people_of(one), people_of(panel))

    is_the_same()


@pytest.mark.parametrize("name", ONE_FILE)
def test_cohorts_that_rotate_survive_in_every_form(name, tmp_path):
    suffix, dialect, write, _ = FORMATS[name]
    within = 1e-12 if suffix == ".xlsx" else 0
    told = {"labels": {"q": {1: "да", 2: "nein", 3: "?"}}} if dialect.labels else {}
    missing = {"missing": {"q": [3]}} if dialect is SPSS else {}
    waves = {
        place: op.Wave(frame.assign(wave=int(place)), **told, **missing)
        for place, frame in zip("123", rotating_frames(BASELINES, 24).values(), strict=True)
    }
    codes = [["да"], ["nein"], ["?"]] if dialect.labels else [[1], [2], [3]]
    states = dict(zip(("yes", "no", "unsure"), codes, strict=True))
    options = {
        "person": "id",
        "items": {"opinion": op.Item("q", states)},
        "groups": {"gender": op.Grouping("town", bands=[2, 5])},
        "design": op.Design(weight="w"),
    }
    for place, wave in waves.items():
        write(wave, tmp_path / f"{place}{suffix}")
    whole = replace(waves["1"], frame=pd.concat([wave.frame for wave in waves.values()]))
    write(replace(whole, frame=whole.frame.reset_index(drop=True)), tmp_path / f"long{suffix}")
    apart = op.Panel.from_waves(waves, **options)
    files = {place: tmp_path / f"{place}{suffix}" for place in waves}
    for panel in (
        op.read_panel(files, **options),
        op.read_panel(tmp_path / f"long{suffix}", wave="wave", **options),
    ):
        same(apart, panel, within=within)
        assert panel.pairs("opinion") == [("1", "3"), ("2", "3")]
        assert (panel.answers["opinion"][1] == -4).sum() == 24
