"""Workouts from elsewhere: a file's bytes in, what it says out; then, with a person's answers, a workout."""
