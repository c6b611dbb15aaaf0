"""Modules that make numbers, and the test files nearest to each beside its own, fastest first."""

DIFFERS = "tests/test_what_differs.py"
PAIRS = "tests/measures/test_pairs_of_waves.py"
SHARED_TESTS = [DIFFERS, "tests/test_properties.py", "tests/test_transition_properties.py"]

NEAREST: dict[str, list[str]] = {
    "engines/cross_tables.py": [
        "tests/engines/test_engine_column.py",
        "tests/engines/test_joint_tables.py",
        DIFFERS,
    ],
    "questions/code_checks.py": [
        "tests/questions/test_left_out.py",
        "tests/questions/test_recoding.py",
        "tests/questions/test_answers.py",
    ],
    "design/sampling.py": [
        "tests/design/test_samples.py",
        "tests/design/test_sampled_people.py",
        "tests/test_golden.py",
    ],
    "design/samples.py": ["tests/test_golden.py", "tests/test_estimation_golden.py"],
    "design/resampling.py": [
        "tests/design/test_samples.py",
        "tests/design/test_replicate_weights.py",
    ],
    "design/degrees_of_freedom.py": ["tests/test_golden.py"],
    "design/calibration_equations.py": ["tests/weighting/test_calibration.py"],
    "design/calibrated.py": ["tests/weighting/test_calibration.py"],
    "estimates/totals.py": ["tests/design/test_samples.py", "tests/test_golden.py", *SHARED_TESTS],
    "estimates/linearised.py": [
        "tests/design/test_samples.py",
        "tests/test_golden.py",
        *SHARED_TESTS,
    ],
    "estimates/replicates.py": [
        "tests/design/test_samples.py",
        "tests/test_golden.py",
        *SHARED_TESTS,
    ],
    "estimates/derivatives.py": [DIFFERS, "tests/estimates/test_estimates.py"],
    "estimates/intervals.py": ["tests/test_golden.py"],
    "estimates/wald.py": ["tests/hypotheses/test_two_waves.py"],
    "estimates/scores.py": ["tests/models/test_logit.py"],
    "estimates/estimates.py": [
        DIFFERS,
        "tests/estimates/test_frames.py",
        "tests/estimates/test_captions.py",
    ],
    "measures/bases.py": [PAIRS, *SHARED_TESTS],
    "measures/bounds.py": SHARED_TESTS,
    "measures/change.py": [PAIRS, *SHARED_TESTS],
    "measures/shares_and_flows.py": SHARED_TESTS,
    "measures/tabulation.py": SHARED_TESTS,
    "hypotheses/raoscott.py": [DIFFERS, "tests/hypotheses/test_association.py"],
    "hypotheses/row_column_tests.py": [DIFFERS, "tests/hypotheses/test_several_waves.py"],
    "hypotheses/several_waves.py": [PAIRS, "tests/test_transition_properties.py"],
    "weighting/calibration.py": [DIFFERS],
    "weighting/factors.py": ["tests/weighting/test_calibration.py"],
    "weighting/against_dropout.py": [PAIRS],
    "models/heise.py": [PAIRS],
    "models/stayers.py": ["tests/models/test_movers_and_stayers.py"],
    "charts/sankey_layout.py": ["tests/charts/test_sankey_chart.py"],
}
