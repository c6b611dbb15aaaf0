"""A panel in words: counts, never a person."""

import opinionpanel as op


def test_text_says_who_links_and_what_weighs(build):
    text = str(build(design=op.Design(weight="wgt", stratum="region", psu="village")))
    for part in (
        "2 waves, 9 people",
        "Jul → Nov: 6 people in both, 2 not interviewed again (25%)",
        "Item support: approve / unsure / oppose\n",
        "Group gender: man 5, woman 4",
        "weight wgt; stratum region; psu village",
        "(2 strata, 4 PSUs)",
    ):
        assert part in text
    answered = [line.split() for line in text.splitlines() if line.startswith("  ")]
    assert ["Jul", "7", "1"] in answered
    assert ["Nov", "7"] in answered
    assert "7000" not in text
    assert repr(build()) == str(build())


def test_text_of_three_waves_counts_returns(build, july, november):
    december = july.assign(q12=1)
    item = op.Item("q12", {"any": [1, 2, 3, 4, 5, 98]})
    november = november.rename(columns={"q9": "q12"})
    waves = {"Jul": july, "Nov": november, "Dec": december}
    panel = build(waves=waves, items={"support": item})
    text = str(panel)
    assert "In all 3 waves: 6" in text
    dec = next(line for line in text.splitlines() if line.startswith("Dec "))
    assert dec.split()[:4] == ["Dec", "8", "0", "2"]
