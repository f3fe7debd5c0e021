"""What some machines want written before they obey: unlocking, and a preamble before commands (quirks 6, 7, 8).

Rules:
- Nothing here is written of itself: only ahead of something that is due, which a person has asked for, or of Stop.
- Ahead of Stop nothing is waited for: one round of what is missing, then Stop, whatever became of it. The Stop after
  that, should one be needed, goes bare: a machine that ignores what follows too soon then hears it (quirk 42).
- All of it is forgotten with the link.
"""

from __future__ import annotations

from runback.machine.quirks import MachineQuirks, Unlock, VendorWrite

REPLY_WITHIN = 3.0
"""Seconds for a machine to answer an unlocking write before it is called locked."""


class UnlockSequence:
    """What this link still has to be told."""

    def __init__(self) -> None:
        self.take(MachineQuirks())

    def take(self, quirks: MachineQuirks) -> None:
        """A new link to a machine with these habits."""
        self._habits = quirks
        self._unlocked = 0
        self._asked = 0
        """How many unlocking writes have gone out ahead of the Stop under way."""
        self._primed = False
        self.reply_by: float | None = None
        """Until when an answer to an unlocking write is waited for."""

    @property
    def locked(self) -> bool:
        """Whether an unlocking write is missing."""
        return self._unlocked < len(self._habits.unlock)

    def unlocking(self, now: float) -> Unlock:
        """The next unlocking write, which is being written."""
        step = self._habits.unlock[self._unlocked]
        # Nothing answers this one: it counts as soon as it is written.
        if step.reply_on is None:
            self._unlocked += 1
        else:
            self.reply_by = now + REPLY_WITHIN
        return step

    def heard(self, uuid: str, data: bytes) -> None:
        """A vendor's characteristic says something: the answer that is waited for, perhaps."""
        if self.locked:
            step = self._habits.unlock[self._unlocked]
            if uuid == step.reply_on and data.startswith(step.reply):
                self._unlocked += 1
                self.reply_by = None

    def preamble(self) -> VendorWrite | None:
        """What has to go ahead of the next command, and is being written; None: nothing."""
        if self._primed:
            return None
        self._primed = True
        return self._habits.preamble

    def commanded(self) -> None:
        """A command is being written."""
        self._primed = self._primed and self._habits.preamble_once
        self._asked = self._unlocked

    def ahead_of_stop(self) -> VendorWrite | None:
        """What goes ahead of a Stop that is due, next; None: Stop itself."""
        unlock = self._habits.unlock
        self._asked = max(self._asked, self._unlocked)
        if self._asked < len(unlock):
            step = unlock[self._asked]
            if step.reply_on is None and self._unlocked == self._asked:  # else an answer is missing before it
                self._unlocked += 1
            self._asked += 1
            return step.write
        return self.preamble()
