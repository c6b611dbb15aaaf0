"""Weights that fit the population, or make up for drop-out; and what weights look like."""
