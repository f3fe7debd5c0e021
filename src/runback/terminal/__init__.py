"""Who reads the keyboard, and the process that draws the screen."""
