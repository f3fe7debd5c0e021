"""The training log: everything a person has said and done for a plan, kept in the journal and read back for the rules.

One door, `TrainingLog` (`log`). Records are `rehab`'s own; what is kept of them is in `serialization`.
"""
