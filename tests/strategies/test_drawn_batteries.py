"""Batteries are drawn with the sizes asked for, and hold."""

from hypothesis import given, settings

from opinionpanel.strategies import batteries


@settings(max_examples=10)
@given(batteries(items=(2, 3), options=(2, 3), waves=(2, 2), people=(6, 20)))
def test_items_have_the_same_states_and_options_a_name(panel):
    opinions = [name for name in panel.items if name.startswith("opinion")]
    assert 2 <= len(opinions) <= 3
    assert len({panel.item(name).state_names for name in opinions}) == 1
    assert all(panel.asked(name) == panel.waves for name in opinions)
    assert len(panel.waves) == 2
