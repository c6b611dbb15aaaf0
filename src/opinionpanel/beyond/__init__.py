"""Panels whose people stay on an engine: DuckDB, polars, Dask or Spark."""
