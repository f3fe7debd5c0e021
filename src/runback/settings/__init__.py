"""What a person has set: in a file, in the environment, with an option. Pure; `cli` finds the file and reads it."""
