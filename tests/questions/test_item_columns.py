"""How messages speak of the codes of a column."""

import numpy as np
import pandas as pd

from opinionpanel.questions.item_columns import ItemColumn
from opinionpanel.waves import read_codes


def column(values, labels=None, meanings=None):
    codes, meanings = read_codes(pd.Series(values)), meanings or {}
    states = codes.look_up({None: -4, **meanings}, other=-1)
    return ItemColumn("w1", "q", "a frame", codes, labels or {}, (), meanings, np.array(states))


def test_codes_of_few_people_are_put_together():
    here = column(["yes", *["no"] * 5, "Ann's", "Bob's", "Bob's"], meanings={"yes": 0})
    assert here.counted(here.unmapped) == ["'no' (5 people)", "2 other answers, 3 people"]
    assert here.counted({"yes": 1}) == ["'yes' (1 person)"]


def test_a_label_in_own_words_is_left_out():
    labels = {1: "no", 2: "not since Ann left", 3: "till 9 May", 4: "yes"}
    here = column([1, 1, 2, 3, 4, *[4] * 5], labels)
    assert here.counted({2: 1, 4: 6}) == ["2 (1 person)", "4 'yes' (6 people)"]
