"""From what is asked or signalled, and what is known, to what is said next."""
