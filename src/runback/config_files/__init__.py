"""Files a person wrote: read as TOML, with errors of one line."""
