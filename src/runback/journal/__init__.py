"""The journal: every session, second by second, in one SQLite file. It never disturbs the belt."""
