"""What outlives the engine: its heartbeat, the dead man's switch, the marker that a belt may be moving.

Theory of operation. A process that is killed, frozen or out of memory runs no `finally`, and BlueZ leaves its
connection up with the belt running (bluez.md 2). So stopping cannot rest on this process alone. Three things stand
behind one another, each for what the one before cannot see:

1. *The loop looks at the clock* (`heartbeat`). One that hung notices as soon as it runs again, and stops the belt
   before it does anything else; after sleep it takes the link for lost. Two clocks are needed: one counts sleep, one
   does not.
2. *A second process listens* (`dead_mans_switch`). The loop itself writes a byte down a pipe every tenth of a second
   that says whether the belt may be moving; a thread would go on beating for a loop that is dead. Silence while it may
   move, or the pipe's end, and the sentinel takes over the link and sends Stop. It has imported all it needs before it
   is believed to be there. No real belt is started without it, or without the user's word where there can be none.
3. *A file remembers* (`moving_marker`). If both processes die, or the computer does, the next program finds the marker
   and opens with Stop set. It is written before the first bytes that may move a belt, and removed only for a belt that
   was measured at rest.

None of this may hold the belt's own path up: the pipe never blocks, the marker is written once and not before Stop, and
what fails is said and does not end the session.
"""
