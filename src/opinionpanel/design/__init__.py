"""Strata, PSUs, weights and replicates, as declared and as compiled; the algebra of calibration."""
