"""What a study says to readers, in one language or in several."""

from opinionpanel.study.texts import all_in_language, in_language


def test_a_text_by_language_falls_back_to_english_and_then_to_the_first():
    both = {"ru": "Да", "en": "Yes"}
    assert [in_language(both, code) for code in ("ru", "en", "de")] == ["Да", "Yes", "Yes"]
    assert in_language({"ru": "Да", "uk": "Так"}, "de") == "Да"
    assert in_language("Ja", "ru") == "Ja"


def test_empty_texts_are_left_out():
    assert all_in_language({"mode": "", "sponsor": {"ru": "Фонд"}}, "en") == {"sponsor": "Фонд"}
