"""The engine: the process that owns link, clock and session. `session_engine` is its heart.

Theory of operation. Machine core and session are pure: they say what they want and when they want to be called again,
and never wait. The engine is the loop around them. Whatever happens (bytes from the treadmill, a word of the user's, a
timer, a lost link) is one input to `SessionEngine`, and every input ends in one *turn* (`session_turn`): both are
brought up to the same moment, facts go from the machine to the session and orders back until neither has more to say,
and the session's targets are handed to the machine. Then one timer is armed for the earliest moment at which either
has something to do. Nothing counts ticks, so nothing drifts and a missed tick costs nothing.

Bytes leave by one door. The machine core holds slots, not a queue; `write_pump` asks it for the next write, hands that
to the link and waits for it under a bound of its own. Because there is one writer, writes keep their order; because
there are slots, nothing can pile up behind a slow link. Stop does not go through a turn: `SessionEngine.stop` sets the
latch and calls the pump in the same step, which begins the write at once (`eager_call`), or cuts short the one under
way. Record, session and screen hear of it milliseconds later, when the bytes have left.

What can fail is beside that path, never on it. `connection` makes the link again for as long as the session lives;
`notification_intake` thins a flood before it can cost a turn each; a turn that raises is itself a Stop, after which
only the machine core is served. The screen, second screens, cues and a heart-rate strap look on and may vanish.
"""
