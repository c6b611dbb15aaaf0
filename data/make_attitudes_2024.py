"""Make the synthetic online panel in ``attitudes_2024/``.

Nobody was interviewed: people, answers and weights are drawn with a fixed seed. Run as
``python data/make_attitudes_2024.py``; needs numpy, pandas and pyreadstat. The script ends by
measuring the written files and fails if a figure misses its target by more than .5 point.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat

SEED = 20241120
FOLDER = Path(__file__).parent / "attitudes_2024"
WAVES = ("Jul 2024", "Nov 2024", "Mar 2025", "Jul 2025")
RECRUITED, REFRESHED = 1500, 100

DISTRICTS = (
    "Центральный Северо-Западный Южный Северо-Кавказский "
    "Приволжский Уральский Сибирский Дальневосточный"
)
REGIONS = {code: f"{name} ФО" for code, name in enumerate(DISTRICTS.split(), start=1)}
SETTLEMENT_TYPES = {
    1: "город, 500 тыс. и более",
    2: "город, от 100 до 500 тыс.",
    3: "город, менее 100 тыс.",
    4: "село",
}
AGE_GROUPS = {1: "18–29", 2: "30–44", 3: "45–59", 4: "60+"}
GENDERS = {1: "man", 2: "woman"}

# Adult population, rounded: what the weights are raked to. Gender × age: men, then women.
POPULATION = {
    "region": np.array([0.275, 0.095, 0.114, 0.065, 0.195, 0.085, 0.115, 0.056]),
    "settlement_type": np.array([0.34, 0.19, 0.21, 0.26]),
    "gender_age": np.array([0.085, 0.142, 0.118, 0.112, 0.083, 0.143, 0.137, 0.180]),
}
# An opt-in online panel: younger and more urban than the population.
RECRUITS = {
    "region": np.array([0.29, 0.11, 0.11, 0.055, 0.19, 0.085, 0.11, 0.05]),
    "settlement_type": np.array([0.42, 0.22, 0.19, 0.17]),
    "gender_age": np.array([0.10, 0.165, 0.11, 0.075, 0.115, 0.19, 0.135, 0.11]),
}

# Support, weighted shares among people answering both waves: (approve, unsure, oppose) from, to.
SUPPORT_JUL_NOV = np.array([[0.300, 0.045, 0.038], [0.041, 0.259, 0.050], [0.037, 0.052, 0.178]])
# Later intervals: shares of each origin.
SUPPORT_LATER = {
    2: np.array([[0.80, 0.12, 0.08], [0.13, 0.74, 0.13], [0.12, 0.19, 0.69]]),
    3: np.array([[0.81, 0.11, 0.08], [0.11, 0.76, 0.13], [0.11, 0.17, 0.72]]),
}
# Course: continue among men and women of the four age groups in Nov 2024, then by wave.
CONTINUE_NOV = np.array([0.27, 0.36, 0.42, 0.49, 0.17, 0.23, 0.29, 0.36])
CONTINUE_SHIFT = (0.01, 0.0, -0.03, -0.015)
COURSE_UNSURE = (0.20, 0.19, 0.18, 0.19)
# Peace within a year: yes, unsure, no.
PEACE = ((0.21, 0.25, 0.54), (0.225, 0.245, 0.53), (0.25, 0.26, 0.49), (0.23, 0.24, 0.53))

COLUMNS = (
    {"support": "q12", "course": "q20", "peace": "q31"},
    *({"support": "q9", "course": "q15", "peace": "q22"},) * 3,
)
MISSING_LABELS = {98: "не знаю / don't know", 99: "отказ от ответа / refused"}
ITEM_LABELS = {
    "support": {
        1: "полностью поддерживаю / fully support",
        2: "скорее поддерживаю / rather support",
        3: "затрудняюсь ответить / hard to say",
        4: "скорее не поддерживаю / rather do not support",
        5: "совершенно не поддерживаю / do not support at all",
        **MISSING_LABELS,
    },
    "course": {
        1: "продолжать операцию / continue the operation",
        2: "начать переговоры / start negotiations",
        98: "затрудняюсь ответить / hard to say",
        99: MISSING_LABELS[99],
    },
    "peace": {1: "да / yes", 2: "нет / no", **MISSING_LABELS},
}
QUESTIONS = {
    "support": "Поддерживаете ли Вы специальную военную операцию? / "
    "Do you support the special military operation?",
    "course": "Следует продолжать операцию или начать мирные переговоры? / "
    "Should the operation be continued, or should peace negotiations start?",
    "peace": "Ожидаете ли Вы мира в течение года? / Do you expect peace within a year?",
}
PERSON_LABELS = {
    "resp_id": "Номер респондента / Respondent number",
    "wgt": "Вес волны / Weight of the wave",
    "stratum": "Страта: округ × тип населённого пункта / Stratum: district × settlement type",
    "gender": "Пол / Gender",
    "age_group": "Возраст при включении в панель / Age at recruitment",
    "region": "Федеральный округ / Federal district",
    "settlement": "Населённый пункт / Locality",
    "settlement_type": "Тип населённого пункта / Settlement type",
}


def make_localities(rng: np.random.Generator) -> pd.DataFrame:
    """Make the localities, at least two in a stratum, with their share of the recruits."""
    rows = []
    for region, region_share in zip(REGIONS, RECRUITS["region"], strict=True):
        number = 0
        for kind, kind_share in zip(SETTLEMENT_TYPES, RECRUITS["settlement_type"], strict=True):
            share = region_share * kind_share
            # Cities hold more recruits each than villages do.
            people_each = (40, 25, 15, 9)[kind - 1]
            count = max(2, round(share * RECRUITED / people_each))
            sizes = rng.lognormal(0, 0.6, count)
            for size in sizes / sizes.sum():
                number += 1
                rows.append((100 * region + number, region, kind, share * size))
    localities = pd.DataFrame(rows, columns=["settlement", "region", "settlement_type", "share"])
    localities["lean"] = rng.normal(0, 0.6, len(localities))
    return localities


def make_people(rng: np.random.Generator) -> pd.DataFrame:
    """Make one row a person: fixed traits, and the dispositions the answers come from."""
    localities = make_localities(rng)
    n = RECRUITED + REFRESHED * (len(WAVES) - 1)
    people = localities.sample(n, replace=True, weights="share", random_state=rng)
    people = people.reset_index(drop=True)
    people["gender_age"] = rng.choice(8, n, p=RECRUITS["gender_age"])
    people["gender"] = 1 + people["gender_age"] // 4
    people["age_group"] = 1 + people["gender_age"] % 4
    people["stratum"] = 10 * people["region"] + people["settlement_type"]
    people["resp_id"] = 100_000 + rng.choice(900_000, n, replace=False)
    people["recruited"] = np.repeat(range(len(WAVES)), [RECRUITED] + [REFRESHED] * 3)

    age = people["age_group"] - 2.5
    man = people["gender"] == 1
    people["hawkish"] = 0.4 * man + 0.4 * age + people["lean"] + rng.normal(0, 1, n)
    people["hesitant"] = 0.3 * ~man - 0.1 * age + rng.normal(0, 1, n)
    people["steady"] = rng.normal(0, 1, n)
    people["reticent"] = rng.normal(0, 1, n)
    people["hopeful"] = rng.normal(0, 1, n)
    return people


def make_interviews(people: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    """Say who is interviewed, people × waves: drop-out for good, single waves skipped."""
    n = len(people)
    recruited = people["recruited"].to_numpy()
    lean_to_stay = 0.25 * (people["age_group"] - 2.5) - 0.4 * people["hesitant"]
    active = np.ones(n, dtype=bool)
    interviewed = np.zeros((n, len(WAVES)), dtype=bool)
    for wave in range(len(WAVES)):
        # The loss is greatest after the first interview.
        intercept = np.where(recruited == wave - 1, 1.35, 1.95)
        leaves = rng.random(n) > 1 / (1 + np.exp(-(intercept + lean_to_stay)))
        active &= ~leaves | (recruited >= wave)
        skips = (rng.random(n) < 0.05) & (recruited < wave)
        interviewed[:, wave] = (recruited <= wave) & active & ~skips
    return interviewed


def rake(people: pd.DataFrame, base: np.ndarray) -> np.ndarray:
    """Rake base weights to the population, with mean 1, rounded as in a data file."""
    weight = base.copy()
    codes = {
        "region": people["region"].to_numpy() - 1,
        "settlement_type": people["settlement_type"].to_numpy() - 1,
        "gender_age": people["gender_age"].to_numpy(),
    }
    for _ in range(100):
        for variable, code in codes.items():
            totals = np.bincount(code, weight, len(POPULATION[variable]))
            weight *= (POPULATION[variable] * weight.sum() / totals)[code]
    return np.round(weight / weight.mean(), 4)


def draw(
    score: np.ndarray,
    group: np.ndarray,
    targets: np.ndarray,
    weight: np.ndarray,
    rng: np.random.Generator,
) -> np.ndarray:
    """Draw a state for everyone, with weighted shares of each group at its targets.

    Everyone takes the state with the highest score plus Gumbel noise (a multinomial logit).
    The intercepts move until the people with a weight, whom the target is about, have its
    shares; the noise stays the same, so the search settles.
    """
    score = score + rng.gumbel(size=score.shape)
    state = np.zeros(len(score), dtype=int)
    for g, target in enumerate(targets):
        members = group == g
        intercept, best = np.zeros(len(target)), np.inf
        for step in range(300):
            drawn = (score[members] + intercept).argmax(axis=1)
            share = np.bincount(drawn, weight[members], len(target)) / weight[members].sum()
            miss = np.abs(share - target).max()
            if miss < best:
                best, state[members] = miss, drawn
            intercept += np.log(target / np.maximum(share, 0.001)) / (1 + step / 20)
    return state


def make_states(
    people: pd.DataFrame,
    answered: dict[str, np.ndarray],
    weights: np.ndarray,
    rng: np.random.Generator,
) -> dict[str, np.ndarray]:
    """Make the positions of everyone at every wave, interviewed or not, by item."""
    n, n_waves = weights.shape
    hawkish, hesitant, steady, hopeful = (
        people[name].to_numpy() for name in ("hawkish", "hesitant", "steady", "hopeful")
    )
    everyone = np.zeros(n, dtype=int)
    gender_age = people["gender_age"].to_numpy()
    states = {item: np.zeros((n, n_waves), dtype=int) for item in ITEM_LABELS}

    for wave in range(n_waves):
        weight = {item: weights[:, wave] * answered[item][:, wave] for item in ITEM_LABELS}

        score = np.column_stack([0.9 * hawkish, 0.7 * hesitant, -0.9 * hawkish])
        if wave == 0:
            # Its margin, too, is that of the people answering in Jul and Nov, later weight.
            group, targets = everyone, SUPPORT_JUL_NOV.sum(axis=1, keepdims=True).T
            linked = weights[:, 1] * answered["support"][:, :2].all(axis=1)
        else:
            group = states["support"][:, wave - 1]
            score[np.arange(n), group] += 1.5 * steady
            joint = SUPPORT_JUL_NOV if wave == 1 else SUPPORT_LATER[wave]
            targets = joint / joint.sum(axis=1, keepdims=True)
            linked = weight["support"] * answered["support"][:, wave - 1]
        support = draw(score, group, targets, linked, rng)
        states["support"][:, wave] = support

        score = np.column_stack(
            [
                1.6 * (support == 0) + 0.4 * hawkish,
                0.9 * (support == 1) + 0.5 * hesitant,
                1.0 * (support == 2) - 0.4 * hawkish,
            ]
        )
        go_on = CONTINUE_NOV + CONTINUE_SHIFT[wave]
        unsure = np.full(8, COURSE_UNSURE[wave])
        targets = np.column_stack([go_on, unsure, 1 - go_on - unsure])
        if wave:
            score[np.arange(n), states["course"][:, wave - 1]] += 1.8 + 0.8 * steady
        states["course"][:, wave] = draw(score, gender_age, targets, weight["course"], rng)

        expects = 0.9 * hopeful + 0.4 * (support == 0)
        score = np.column_stack([expects, 0.6 * hesitant, -0.9 * hopeful])
        if wave:
            score[np.arange(n), states["peace"][:, wave - 1]] += 1.4 + 0.8 * steady
        targets = np.array([PEACE[wave]])
        states["peace"][:, wave] = draw(score, everyone, targets, weight["peace"], rng)
    return states


def answer_codes(
    item: str, state: np.ndarray, people: pd.DataFrame, rng: np.random.Generator
) -> np.ndarray:
    """Give each person the answer code of their state; refusing is partly a habit."""
    n = len(people)
    reticence = people["reticent"] + rng.normal(0, 0.6, n)
    if item != "support":
        return np.select([state == 0, state == 2], [1, 2], np.where(reticence > 0.9, 99, 98))
    strength = people["hawkish"] + rng.normal(0, 0.6, n)
    unsure = np.select([reticence > 1.2, reticence > 0.3], [99, 98], 3)
    approve = np.where(strength > 0.8, 1, 2)
    oppose = np.where(strength < -0.7, 5, 4)
    return np.select([state == 0, state == 2], [approve, oppose], unsure)


def write_wave(frame: pd.DataFrame, wave: int) -> None:
    """Write one wave as an SPSS file, 98 and 99 declared user-missing."""
    columns = COLUMNS[wave]
    labels = {**PERSON_LABELS, **{columns[item]: QUESTIONS[item] for item in columns}}
    value_labels = {
        "gender": GENDERS,
        "age_group": AGE_GROUPS,
        "region": REGIONS,
        "settlement_type": SETTLEMENT_TYPES,
        "stratum": {
            10 * r + t: f"{region}: {kind}"
            for r, region in REGIONS.items()
            for t, kind in SETTLEMENT_TYPES.items()
        },
        **{columns[item]: ITEM_LABELS[item] for item in columns},
    }
    path = FOLDER / f"wave{wave + 1}.sav"
    frame = frame[list(labels)]
    pyreadstat.write_sav(
        frame,
        path,
        file_label=f"SYNTHETIC: attitudes 2024-25, {WAVES[wave]}",
        column_labels=labels,
        variable_value_labels=value_labels,
        missing_ranges={name: [{"lo": 98, "hi": 99}] for name in columns.values()},
        variable_format={name: "F8.4" if name == "wgt" else "F8.0" for name in frame},
        variable_measure={name: "scale" if name == "wgt" else "nominal" for name in frame},
        row_compress=True,
    )
    # The header holds the time of writing (bytes 92-108): a fixed one, so that files repeat.
    content = bytearray(path.read_bytes())
    content[92:109] = b"01 Aug 2512:00:00"
    path.write_bytes(bytes(content))


def make() -> None:
    """Make and write the four waves."""
    rng = np.random.default_rng(SEED)
    people = make_people(rng)
    interviewed = make_interviews(people, rng)
    base = rng.lognormal(0, 0.25, len(people))
    weights = np.zeros(interviewed.shape)
    for wave, present in enumerate(interviewed.T):
        weights[present, wave] = rake(people[present], base[present])
    # A few questions are left blank: system-missing.
    answered = {item: interviewed & (rng.random(interviewed.shape) > 0.006) for item in ITEM_LABELS}
    states = make_states(people, answered, weights, rng)
    for wave, columns in enumerate(COLUMNS):
        frame = people.assign(wgt=weights[:, wave])
        for item, name in columns.items():
            codes = answer_codes(item, states[item][:, wave], people, rng)
            frame[name] = np.where(answered[item][:, wave], codes, np.nan)
        frame = frame[interviewed[:, wave]]
        write_wave(frame.iloc[rng.permutation(len(frame))], wave)


def read() -> list[pd.DataFrame]:
    """Read the written files, indexed by person, the items under their own names."""
    frames = []
    for wave, columns in enumerate(COLUMNS):
        path = FOLDER / f"wave{wave + 1}.sav"
        frame, _ = pyreadstat.read_sav(path, user_missing=True)
        frame = frame.rename(columns={name: item for item, name in columns.items()})
        frames.append(frame.set_index("resp_id"))
    return frames


def weighted_share(selected: pd.Series, weight: pd.Series) -> float:
    """Return a weighted per cent."""
    return 100 * float(weight[selected].sum() / weight.sum())


def check() -> bool:
    """Measure the written files; print target and measured; true if all hold."""
    waves = read()
    july, november = waves[:2]
    later = november[["support", "wgt"]].rename(columns={"support": "support_nov"})
    both = july[["support"]].join(later, how="inner").dropna()
    meaning = {"approve": (1, 2), "unsure": (3, 98, 99), "oppose": (4, 5)}
    state_of = {code: state for state, codes in meaning.items() for code in codes}
    before, after = both["support"].map(state_of), both["support_nov"].map(state_of)

    def flow(origin: str, destination: str) -> float:
        return weighted_share((before == origin) & (after == destination), both["wgt"])

    answered = november[november["course"].notna()]

    def go_on(variable: str, code: int) -> float:
        some = answered[answered[variable] == code]
        return weighted_share(some["course"] == 1, some["wgt"])

    expecting = november[november["peace"].notna()]
    figures = [
        ("approve → unsure", 4.5, flow("approve", "unsure")),
        ("unsure → approve", 4.1, flow("unsure", "approve")),
        ("approve in both waves", 30.0, flow("approve", "approve")),
        ("turnover", 26.3, weighted_share(before != after, both["wgt"])),
        ("continue, men", 39.0, go_on("gender", 1)),
        ("expects peace", 22.5, weighted_share(expecting["peace"] == 1, expecting["wgt"])),
    ]
    print(f"Jul → Nov 2024, n = {len(both)}; Nov 2024 weights")
    print(f"{'figure':<24}{'target':>8}{'measured':>10}")
    for name, target, measured in figures:
        print(f"{name:<24}{target:>8.1f}{measured:>10.2f}")

    ages = [go_on("age_group", code) for code in AGE_GROUPS]
    women = go_on("gender", 2)
    talks = weighted_share(answered["course"] == 2, answered["wgt"])
    print(f"continue, women {women:.1f}; by age {', '.join(f'{age:.1f}' for age in ages)}")
    print(f"negotiations {talks:.1f}")
    variation = [frame["wgt"].std() / frame["wgt"].mean() for frame in waves]
    print("weights, coefficient of variation:", ", ".join(f"{cv:.2f}" for cv in variation))

    return (
        all(abs(measured - target) <= 0.5 for _, target, measured in figures)
        and women < figures[4][2] - 5
        and ages == sorted(ages)
        and ages[3] > ages[2] + 3
        and talks > 40
        and all(0.4 <= cv <= 0.6 for cv in variation)
    )


if __name__ == "__main__":
    make()
    if not check():
        sys.exit("attitudes_2024: a figure is off its target")
