"""Everything that talks to the outside. Knows no incident and no database; never imports `dispatcher`."""
