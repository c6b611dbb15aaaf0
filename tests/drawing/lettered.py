"""Texts as charts show them, English and Russian."""

ENGLISH = (
    "favourable|not favourable|unsure|don't know|not interviewed|wave 1|July 2024|28% ±3|"
    "45% (42 to 48)|n = 1,084; weighted|no change|2.5 points → −1.2 points|"
    "How much do you trust the government of your country?|approve, rather approve|"
    "without an answer|Base: people with an answer at both waves|fully support|≥ 65 years|"
    "Somewhat willing to vote|women, 18–29|“other paths”|new entrants"
)
RUSSIAN = (
    "полностью поддерживаю|скорее поддерживаю|затрудняюсь ответить|скорее не поддерживаю|"
    "совершенно не поддерживаю|Июль 2024 — ноябрь 2024|город, 500 тыс. и более|село|мужчины|"
    "женщины, 60 лет и старше|Северо-Западный ФО|отказ от ответа|Щука, ёжик, жюри и шум|"
    "взвешено; n = 1084|Ноябрь 2024 г.|№ 7: «за»"
)
TEXTS = [*ENGLISH.split("|"), *RUSSIAN.split("|")]
