"""Tests of change: between two waves, along several waves, and of association."""
