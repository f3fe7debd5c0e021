"""What tests share: a module or a package for each room of the program."""
