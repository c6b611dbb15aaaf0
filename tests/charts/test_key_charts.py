"""Ten charts stay as they were when somebody last looked at them."""

import json
from functools import cache

import numpy as np
import pytest
from key_charts import FOLDER, key_charts, outline, picture
from PIL import Image
from places import files

NAMES = [path.stem for path in files(FOLDER, "*.json")]


@cache
def spec_of(name):
    return charts()[name].to_dict()


@cache
def charts():
    return key_charts()


def test_every_chart_is_kept():
    assert sorted(charts()) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_the_structure_of_a_chart_stays(name):
    kept = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    assert outline(spec_of(name)) == kept


@pytest.mark.parametrize("name", NAMES)
def test_the_picture_of_a_chart_stays(name):
    kept = np.asarray(Image.open(FOLDER / f"{name}.png"), dtype=np.float64)
    drawn = picture(spec_of(name))
    assert drawn.shape == kept.shape
    # Letters may be drawn a little otherwise by another version of the program that draws them.
    assert (np.abs(drawn - kept) > 48).mean() < 0.01
