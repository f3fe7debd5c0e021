"""The clinician's page: what was planned, done, said and decided, on one sheet of HTML that needs nothing else."""
