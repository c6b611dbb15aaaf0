"""From answer codes to states and groups: questions, their checks, and grouping."""
