"""Workouts from elsewhere: a file's octets in, what it says out; then, with a person's answers, a workout."""
