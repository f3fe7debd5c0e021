"""The two themes: dark and light, both of high contrast.

Rules:
- Colour is never the only signal: every state also has its word and its shape (`cockpit.texts.headline`).
- The colours of run and walk are told apart by people with any of the usual colour blindnesses (orange and blue).
- Red is for Stop alone, plain white on red; nothing looks like the mushroom of an emergency stop.
"""

from __future__ import annotations

from textual.theme import Theme

DARK = Theme(
    name="runback-dark",
    primary="#7FB7FF",
    secondary="#9AA7B8",
    warning="#FFD23F",
    error="#E0182D",
    success="#3DDC97",
    accent="#FFB000",
    foreground="#F4F7FB",
    background="#0B0F14",
    surface="#141B24",
    panel="#1C2530",
    dark=True,
    variables={
        "run": "#FF9F1C",
        "walk": "#5CC2FF",
        "ease": "#3DDC97",
        "rest": "#FFE566",
        "wait": "#C9D3DF",
        "done": "#8CF2A6",
        "on-mood": "#0B0F14",
        "stop": "#C8102E",
        "on-stop": "#FFFFFF",
        "quiet": "#A9B6C6",
        "past": "#5A6878",
        "track": "#2A3644",
        "footer-key-foreground": "#FFD23F",
    },
)

LIGHT = Theme(
    name="runback-light",
    primary="#0A4FA3",
    secondary="#44515F",
    warning="#8A5A00",
    error="#B00020",
    success="#00693E",
    accent="#6E2E00",
    foreground="#0B0F14",
    background="#FBFCFE",
    surface="#EEF2F7",
    panel="#E2E8F0",
    dark=False,
    variables={
        "run": "#A84300",
        "walk": "#00558C",
        "ease": "#006B45",
        "rest": "#5E5000",
        "wait": "#3A4654",
        "done": "#00693E",
        "on-mood": "#FFFFFF",
        "stop": "#B00020",
        "on-stop": "#FFFFFF",
        "quiet": "#44515F",
        "past": "#8593A3",
        "track": "#D3DBE5",
        "footer-key-foreground": "#6E2E00",
    },
)
