import numpy as np
import pandas as pd
import pytest

from opinionpanel.errors import LinkError
from opinionpanel.linking import link


def linked(**waves):
    series = {wave: pd.Series(ids, name="resp_id") for wave, ids in waves.items()}
    return link(series, dict.fromkeys(waves, "a frame"))


def test_the_same_person_gets_the_same_row():
    people, rows = linked(w1=[7, 8, 9], w2=[9, 7, 5])
    assert people == 4
    assert rows[0][0] == rows[1][1]
    assert rows[0][2] == rows[1][0]
    assert len({*rows[0], *rows[1]}) == 4


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ([7, 8], [7.0, 8.0]),
        ([7, 8], ["7", " 8 "]),
        ([7.0, 8.0], ["7", "8"]),
        (pd.array([7, 8], dtype="Int64"), np.array([7, 8], dtype=np.int16)),
    ],
)
def test_ids_of_another_type_link(first, second):
    people, rows = linked(w1=first, w2=second)
    assert people == 2
    assert rows[0].tolist() == rows[1].tolist()


def test_ids_of_text_keep_their_zeros():
    with pytest.raises(LinkError, match="no person in common"):
        linked(w1=["007", "008"], w2=["7", "8"])


@pytest.mark.parametrize("ids", [[70001.5, 70002.0], [2.0**60, 2.0**60 + 512]])
def test_numbers_that_are_no_exact_ids(ids):
    with pytest.raises(LinkError, match=r"'w1'.*'resp_id'.*not whole numbers.*as text") as error:
        linked(w1=ids, w2=[1, 2])
    assert "70001" not in str(error.value)


@pytest.mark.parametrize("ids", [["x1", None], ["x1", "  "], [1.0, np.nan], ["x1", ""]])
def test_a_row_without_id(ids):
    with pytest.raises(LinkError, match=r"'w2' .*'resp_id': 1 row\(s\) have no person id.*person="):
        linked(w1=ids[:1], w2=ids)


def test_duplicate_ids_are_counted_and_not_shown():
    with pytest.raises(
        LinkError, match=r"'w1'.*'resp_id': 2 id\(s\).*\(5 rows\).*person="
    ) as error:
        linked(w1=[70001, 70001, 70002, 70002, 70002, 70003], w2=[70001])
    assert "7000" not in str(error.value)


def test_no_overlap_shows_forms_and_no_id():
    with pytest.raises(LinkError, match="'w1' has no person in common") as error:
        linked(w1=["ab-123", "cd-456"], w2=[70001, 70002])
    message = str(error.value)
    assert "aa-999" in message
    assert "numbers in column 'resp_id'" in message
    assert not any(secret in message for secret in ("ab-123", "cd-456", "70001", "70002"))


def test_a_wave_that_links_to_none_of_the_others():
    with pytest.raises(LinkError, match="'w3' has no person in common with any other"):
        linked(w1=[1, 2], w2=[2, 3], w3=[4, 5])


def test_one_wave_alone_is_allowed():
    assert linked(w1=[3, 1])[0] == 2
