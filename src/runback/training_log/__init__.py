"""The casebook: everything a person has said and done for a plan, kept in the journal and read back for the rules.

One door, `TrainingLog` (`casebook.book`). Records are `rehab`'s own; what is kept of them is in `codec`.
"""
