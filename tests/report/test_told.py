"""How a report tells things."""

from made_contents import bundled, plain

from opinionpanel.phrases import Phrase


def test_labels_come_from_the_study_in_the_language_of_the_report():
    told = bundled("ru").told
    assert told.label("peace") == "Мир в течение года"
    assert told.name("Jul 2024") == "Июль 2024"
    assert told.group("age_group") == "Возраст"
    assert told.pair("Jul 2024", "Nov 2024") == "Июль 2024 → Ноябрь 2024"


def test_without_labels_names_are_made_readable():
    told = plain().told
    assert told.label("opinion") == "opinion"
    assert told.group("age_group") == "Age group"


def test_several_things_are_listed():
    told = bundled().told
    assert [told.listed(texts) for texts in (["a"], ["a", "b"], ["a", "b", "c"])] == [
        *("a", "a and b", "a, b and c")
    ]


def test_notes_made_elsewhere_call_waves_as_the_study_does():
    tell = bundled("ru").told.language.tell
    assert tell(Phrase("everyone interviewed at {wave}", wave="Jul 2024")).count("Июль 2024") == 1
    assert tell("text with Jul 2024") == "text with Jul 2024"
