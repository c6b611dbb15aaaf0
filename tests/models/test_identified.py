"""Which latent Markov models the paths of people determine: the published rules, and refusals."""

import pytest
from hypothesis import given, settings, strategies as st

from opinionpanel.errors import SelectionError
from opinionpanel.models.identified import check_identified, jacobian_rank
from opinionpanel.models.likelihood import Chain


@pytest.mark.parametrize("constant", [True, False])
def test_three_states_with_constant_response_need_three_waves(constant):
    two, three = Chain(3, 3, 2, constant), Chain(3, 3, 3, constant)
    assert jacobian_rank(two) == 8 < two.free
    assert jacobian_rank(three) == three.free == (14 if constant else 20)


@given(st.integers(2, 5), st.integers(2, 8), st.booleans())
@settings(max_examples=10)
def test_two_waves_are_always_refused(latent, states, constant):
    with pytest.raises(SelectionError, match="Two waves cannot separate change from response"):
        check_identified(Chain(latent, states, 2, constant), "support")


def test_two_waves_are_rightly_refused_where_the_count_alone_would_do():
    chain = Chain(2, 5, 2, True)
    assert chain.free < 5**2 - 1
    assert jacobian_rank(chain) < chain.free


@pytest.mark.parametrize(("latent", "states", "waves"), [(3, 2, 4), (4, 2, 5), (5, 3, 4)])
def test_more_latent_than_observed_states_need_more_waves(latent, states, waves):
    check_identified(Chain(latent, states, waves, True), "support")
    check_identified(Chain(latent, states, waves + 3, True), "support")
    with pytest.raises(SelectionError, match="is not identified"):
        check_identified(Chain(latent, states, waves - 1, True), "support")


def test_the_count_of_parameters_is_said():
    with pytest.raises(SelectionError, match="3 waves: 7 free path shares, 19 parameters"):
        check_identified(Chain(4, 2, 3, True), "support")


@pytest.mark.parametrize("waves", [3, 4, 5])
def test_free_transitions_need_as_many_observed_states(waves):
    chain = Chain(3, 2, waves, False)
    assert jacobian_rank(chain) < chain.free
    with pytest.raises(SelectionError, match="transitions='constant'"):
        check_identified(chain, "support")


@pytest.mark.parametrize("constant", [True, False])
def test_what_fewer_waves_show_holds_with_more(constant):
    # The check stops at the first number of waves that is enough.
    for waves in (3, 4, 5):
        chain = Chain(3, 3, waves, constant)
        assert jacobian_rank(chain) == chain.free
