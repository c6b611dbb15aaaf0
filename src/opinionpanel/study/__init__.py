"""The file study.toml: read, checked step by step, and drafted from the wave files."""
