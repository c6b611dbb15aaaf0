"""People on an engine: all that is read of them is what is read in memory."""

import inspect

import pandas as pd
import pytest
from engine_frames import DASK, ON_STAND_INS
from hypothesis import given, settings
from linked_people import VOTE, everyone, in_memory, on_engine, three_waves

import opinionpanel as op
from opinionpanel.engines.person_column import NONE
from opinionpanel.errors import ReadError
from opinionpanel.panel.assembly import LinkedPeople
from opinionpanel.panel.people_in_memory import PeopleInMemory
from opinionpanel.panel.people_on_engine import PeopleOnEngine
from opinionpanel.panel.people_streamed import PeopleStreamed

ASKED = [name for name in vars(LinkedPeople) if not name.startswith("_")]


@pytest.mark.parametrize("kind", [PeopleInMemory, PeopleOnEngine, PeopleStreamed])
@pytest.mark.parametrize("name", ASKED)
def test_all_that_is_asked_of_people_is_there(kind, name):
    wanted = inspect.getattr_static(LinkedPeople, name)
    if isinstance(wanted, property):
        assert name in kind.__dataclass_fields__ or isinstance(vars(kind)[name], property)
    else:
        given = inspect.signature(getattr(kind, name))
        assert list(given.parameters) == list(inspect.signature(wanted).parameters)


def read(people):
    """All that is read of people: of every person, and of the whole."""
    answers = people.answers("vote", VOTE)
    columns, about = [*people.present, people.everyone, *answers.codes], []
    for purpose, name, use in (("groups", "region", "first"), ("groups", "age", "latest"),
                               ("fixed", "age", "first")):  # fmt: skip
        group, changed = people.group(name, op.Grouping(use=use), purpose)
        columns += [group.codes, changed, *group.by_wave]
        about.append((group.categories, group.missing, group.use))
    for wave in people.headers:
        columns.append(people.numbers(wave, "w", "weight"))
    about += [answers.unread, answers.notes, people.numbered, people.notes, list(people.headers)]
    return everyone(*columns), about


@ON_STAND_INS
@settings(max_examples=6)
@given(waves=three_waves())
def test_the_same_is_read_of_people(engine, waves):
    assert read(on_engine(engine, waves)) == read(in_memory(waves))


@DASK
@pytest.mark.slow
def test_the_same_is_read_on_a_cluster():
    frame = pd.DataFrame(
        {
            "id": [3, 1, 2],
            "q": [1.0, 3.0, 98.0],
            "w": [1.0, 0.5, None],
            "region": ["north", "south", "north"],
            "age": [18.0, None, 19.0],
        }
    )
    waves = {"May": frame, "June": frame.iloc[[2, 0]].assign(age=19.0)}  # fmt: skip
    assert read(on_engine("dask", waves)) == read(in_memory(waves))


@ON_STAND_INS
def test_who_has_no_number_has_none(engine):
    frame = pd.DataFrame({"id": [1, 2], "q": 1.0, "region": "n", "age": 18.0})
    waves = {"May": frame.assign(w=[1.0, None]), "June": frame.head(1).assign(w=2.0)}
    people = on_engine(engine, waves)
    numbers = [people.numbers(wave, "w", "weight") for wave in waves]
    assert everyone(*numbers) == [(NONE, NONE), (1.0, 2.0)]


@ON_STAND_INS
def test_weights_that_are_text_are_cast_by_the_user(engine):
    frame = pd.DataFrame({"id": [1, 2], "q": 1.0, "w": "1", "region": "n", "age": 18.0})
    with pytest.raises(ReadError, match=r"'May'.*'w': the values are text on .*cast this one"):
        on_engine(engine, {"May": frame, "June": frame})
