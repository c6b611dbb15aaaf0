"""Ten charts stay as they were when somebody last looked at them."""

import json

import numpy as np
import pytest
from key_charts import FOLDER, key_charts, outline, picture
from PIL import Image

CHARTS = key_charts()


@pytest.mark.parametrize("name", CHARTS)
def test_the_structure_of_a_chart_stays(name):
    kept = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    assert outline(CHARTS[name].to_dict()) == kept


@pytest.mark.parametrize("name", CHARTS)
def test_the_picture_of_a_chart_stays(name):
    kept = np.asarray(Image.open(FOLDER / f"{name}.png"), dtype=np.float64)
    drawn = picture(CHARTS[name].to_dict())
    assert drawn.shape == kept.shape
    # Letters may be drawn a little otherwise by another version of the program that draws them.
    assert (np.abs(drawn - kept) > 48).mean() < 0.01
