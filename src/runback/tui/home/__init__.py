"""The front door: Home, and the pages that are reached from it where no belt moves."""
