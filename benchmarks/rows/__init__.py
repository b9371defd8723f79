"""The rows of the table, one module each: `run` measures and answers lines."""
