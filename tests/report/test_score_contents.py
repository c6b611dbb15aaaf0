"""What the page of a score says first."""

from scored_contents import scored


def test_the_mean_of_the_same_people_and_that_of_the_last_wave_are_said():
    (score,) = scored().scores.values()
    assert score.findings == [
        "Among the same people the mean rose by 8.0 (7.3 to 8.8; n = 121) between June and July.",
        "The mean was 68 (65 to 71) in July (n = 121), on a scale from 0 to 100.",
    ]
    assert score.label == "warmth"
    assert "once" in scored().left_out


def test_what_cannot_be_told_from_chance_is_no_change():
    (score,) = scored(shift=0).scores.values()
    assert "the mean did not change detectably between June and July" in score.findings[0]


def test_in_russian():
    (score,) = scored("ru").scores.values()
    assert score.findings[0].startswith("Среди одних и тех же людей среднее выросло на 8,0 (от ")
    assert not any(word in " ".join(score.findings) for word in ("mean", "between", "scale"))
