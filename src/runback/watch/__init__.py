"""Second screens, and `runback stop`, at the socket of a running session: they can stop it, and nothing else."""
