"""Messages and every pipe between our processes."""
