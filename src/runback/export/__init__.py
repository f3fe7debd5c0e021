"""A session of the journal as a file for other programs: FIT, TCX, CSV, JSON. Pure: a story in, bytes out."""
