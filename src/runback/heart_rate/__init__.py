"""What a heart-rate strap says, and whether it may be shown: pure, and never on the way to the belt."""
