"""Wave files of every format: what pyreadstat and pandas read, and what they miss."""
