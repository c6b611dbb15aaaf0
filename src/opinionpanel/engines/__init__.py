"""Where people live: arrays in memory, or columns of an engine; sums and counts by keys."""
