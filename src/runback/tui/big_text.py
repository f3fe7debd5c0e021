"""Big words and numbers, drawn with block characters so that they can be read from two metres.

Rules:
- Two bitmap alphabets, one seven pixels high and one five. A pixel is one cell wide and half a cell high, which is
  nearly square on a terminal.
- `biggest` takes the largest drawing that fits the room it is given, and plain text when none does; it never cuts.
- A drawing leaves a blank line in its room: two numbers that touch (0.0 above 0.0) read as another one (8.8).
- Pure: text and room in, lines out. Enlargements round diagonals (a pixel takes its neighbours' colour where two of
  them agree), so a large R is not a staircase.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

Bitmap = tuple[str, ...]
"""Rows of equal length, `#` for ink and `.` for none."""

_TALL = """
A .###. #...# #...# ##### #...# #...# #...#
B ####. #...# #...# ####. #...# #...# ####.
C .#### #.... #.... #.... #.... #.... .####
D ####. #...# #...# #...# #...# #...# ####.
E ##### #.... #.... ####. #.... #.... #####
F ##### #.... #.... ####. #.... #.... #....
G .#### #.... #.... #..## #...# #...# .####
H #...# #...# #...# ##### #...# #...# #...#
I ### .#. .#. .#. .#. .#. ###
J ...## ....# ....# ....# ....# #...# .###.
K #...# #..#. #.#.. ##... #.#.. #..#. #...#
L #.... #.... #.... #.... #.... #.... #####
M #...# ##.## #.#.# #.#.# #...# #...# #...#
N #...# ##..# ##..# #.#.# #..## #..## #...#
O .###. #...# #...# #...# #...# #...# .###.
P ####. #...# #...# ####. #.... #.... #....
Q .###. #...# #...# #...# #.#.# #..#. .##.#
R ####. #...# #...# ####. #.#.. #..#. #...#
S .#### #.... #.... .###. ....# ....# ####.
T ##### ..#.. ..#.. ..#.. ..#.. ..#.. ..#..
U #...# #...# #...# #...# #...# #...# .###.
V #...# #...# #...# #...# .#.#. .#.#. ..#..
W #...# #...# #...# #.#.# #.#.# ##.## #...#
X #...# #...# .#.#. ..#.. .#.#. #...# #...#
Y #...# #...# .#.#. ..#.. ..#.. ..#.. ..#..
Z ##### ....# ...#. ..#.. .#... #.... #####
0 .###. #...# #...# #...# #...# #...# .###.
1 ..#.. .##.. ..#.. ..#.. ..#.. ..#.. .###.
2 .###. #...# ....# ...#. ..#.. .#... #####
3 .###. #...# ....# ..##. ....# #...# .###.
4 ...#. ..##. .#.#. #..#. ##### ...#. ...#.
5 ##### #.... ####. ....# ....# #...# .###.
6 .###. #.... #.... ####. #...# #...# .###.
7 ##### ....# ...#. ...#. ..#.. ..#.. ..#..
8 .###. #...# #...# .###. #...# #...# .###.
9 .###. #...# #...# .#### ....# ....# .###.
: . . # . # . .
. . . . . . . #
- ... ... ... ### ... ... ...
+ ..... ..#.. ..#.. ##### ..#.. ..#.. .....
% #...# ....# ...#. ..#.. .#... #.... #...#
! ## ## ## ## ## .. ##
» #...#... ##..##.. ###.###. ######## ###.###. ##..##.. #...#...
› #... ##.. ###. #### ###. ##.. #...
▲ ....... ...#... ..###.. ..###.. .#####. .#####. #######
▼ ....... ####### .#####. .#####. ..###.. ..###.. ...#...
▽ ....... ####### #.....# .#...#. .#...#. ..#.#.. ...#...
‖ ##.## ##.## ##.## ##.## ##.## ##.## ##.##
■ ...... ###### ###### ###### ###### ###### ######
○ ..##.. .#..#. #....# #....# #....# .#..#. ..##..
✓ ......# .....## ....##. #..##.. ####... .##.... .......
◆ ...#... ..###.. .#####. ####### .#####. ..###.. ...#...
"""

_SHORT = """
A .#. #.# ### #.# #.#
B ##. #.# ##. #.# ##.
C .## #.. #.. #.. .##
D ##. #.# #.# #.# ##.
E ### #.. ##. #.. ###
F ### #.. ##. #.. #..
G .## #.. #.# #.# .##
H #.# #.# ### #.# #.#
I # # # # #
J ..# ..# ..# #.# .#.
K #.# #.# ##. #.# #.#
L #.. #.. #.. #.. ###
M #...# ##.## #.#.# #...# #...#
N #..# ##.# #.## #..# #..#
O .#. #.# #.# #.# .#.
P ##. #.# ##. #.. #..
Q .#. #.# #.# ### .##
R ##. #.# ##. #.# #.#
S .## #.. .#. ..# ##.
T ### .#. .#. .#. .#.
U #.# #.# #.# #.# ###
V #.# #.# #.# #.# .#.
W #...# #...# #.#.# ##.## #...#
X #.# #.# .#. #.# #.#
Y #.# #.# .#. .#. .#.
Z ### ..# .#. #.. ###
0 ### #.# #.# #.# ###
1 .#. ##. .#. .#. ###
2 ### ..# ### #.. ###
3 ### ..# .## ..# ###
4 #.# #.# ### ..# ..#
5 ### #.. ### ..# ###
6 ### #.. ### #.# ###
7 ### ..# ..# .#. .#.
8 ### #.# ### #.# ###
9 ### #.# ### ..# ###
: . # . # .
. . . . . #
- .. .. ## .. ..
+ ... .#. ### .#. ...
% #.# ..# .#. #.. #.#
! # # # . #
» #..#.. ##.##. ###### ##.##. #..#..
› #.. ##. ### ##. #..
▲ ..... ..#.. .###. .###. #####
▼ ..... ##### .###. .###. ..#..
▽ ..... ##### #...# .#.#. ..#..
‖ #.# #.# #.# #.# #.#
■ ..... ##### ##### ##### #####
○ .##. #..# #..# #..# .##.
✓ ....# ...## #.##. ###.. .#...
◆ ..#.. .###. ##### .###. ..#..
"""


@dataclass(frozen=True, slots=True)
class Alphabet:
    """Glyphs of one height in pixels, and the width of a blank between words."""

    glyphs: dict[str, Bitmap]
    height: int
    blank: int


def _alphabet(drawing: str, height: int, blank: int) -> Alphabet:
    rows = (line.split() for line in drawing.strip().splitlines())
    return Alphabet({character: tuple(bitmap) for character, *bitmap in rows}, height, blank)


TALL = _alphabet(_TALL, 7, 3)
SHORT = _alphabet(_SHORT, 5, 2)

_DRAWINGS = tuple((alphabet, factor) for factor in (6, 4, 3, 2, 1) for alphabet in (TALL, SHORT))
"""Every way to draw a word. `biggest` takes the tallest, but TALL rather than a SHORT that is two pixels taller."""


def biggest(text: str, width: int, height: int) -> list[str]:
    """The tallest drawing of `text` in at most `width` by `height` cells, and plain text when none fits."""
    return list(_biggest(text, width, height))


@lru_cache(maxsize=256)
def _biggest(text: str, width: int, height: int) -> tuple[str, ...]:
    for alphabet, factor in sorted(_DRAWINGS, key=_preference):
        if any(letter != " " and letter not in alphabet.glyphs for letter in text):
            continue
        if alphabet.height * factor + min(factor, 2) > 2 * height:
            continue
        bitmap = _spell(text, alphabet)
        if len(bitmap[0]) * factor <= width:
            return tuple(_cells(_enlarge(bitmap, factor)))
    return (text,)


def _preference(drawing: tuple[Alphabet, int]) -> int:
    alphabet, factor = drawing
    return -(alphabet.height * factor + (2 if alphabet is TALL else 0))


def _spell(text: str, alphabet: Alphabet) -> Bitmap:
    """The letters side by side, one pixel apart."""
    gap = ("." * alphabet.blank,) * alphabet.height
    letters = [gap if letter == " " else alphabet.glyphs[letter] for letter in text]
    return tuple(".".join(rows) for rows in zip(*letters, strict=True)) if letters else (".",) * alphabet.height


def _enlarge(bitmap: Bitmap, factor: int) -> Bitmap:
    """`factor` 1, 2, 3, 4 or 6 times larger; diagonals rounded once, since twice makes blobs of strokes."""
    if factor in (3, 6):
        return _plainly(_tripled(bitmap), factor // 3)
    return _plainly(_doubled(bitmap), factor // 2) if factor > 1 else bitmap


def _plainly(bitmap: Bitmap, factor: int) -> Bitmap:
    return tuple("".join(pixel * factor for pixel in row) for row in bitmap for _ in range(factor))


def _around(bitmap: Bitmap) -> Iterator[tuple[int, tuple[str, str, str, str, str, str, str, str, str]]]:
    """Each pixel's row and its three by three neighbourhood, row by row; what lies outside has no ink."""
    width = len(bitmap[0])
    framed = ["." * (width + 2), *(f".{row}." for row in bitmap), "." * (width + 2)]
    for y in range(len(bitmap)):
        above, here, below = framed[y : y + 3]
        for x in range(width):
            yield (
                y,
                (
                    above[x], above[x + 1], above[x + 2],
                    here[x], here[x + 1], here[x + 2],
                    below[x], below[x + 1], below[x + 2],
                ),
            )  # fmt: skip


def _doubled(bitmap: Bitmap) -> Bitmap:
    """The Scale2x rule: a corner takes the colour of its two neighbours where only they agree."""
    rows = [""] * (2 * len(bitmap))
    for y, (_, b, _, d, e, f, _, h, _) in _around(bitmap):
        edge = b != h and d != f
        rows[2 * y] += (d if edge and d == b else e) + (f if edge and b == f else e)
        rows[2 * y + 1] += (d if edge and d == h else e) + (f if edge and h == f else e)
    return tuple(rows)


def _tripled(bitmap: Bitmap) -> Bitmap:
    """The Scale3x rule, the same for a three by three block."""
    rows = [""] * (3 * len(bitmap))
    for y, (a, b, c, d, e, f, g, h, i) in _around(bitmap):
        edge = b != h and d != f
        db, bf, dh, hf = (edge and pair for pair in (d == b, b == f, d == h, h == f))
        rows[3 * y] += (d if db else e) + (b if (db and e != c) or (bf and e != a) else e) + (f if bf else e)
        rows[3 * y + 1] += (
            (d if (db and e != g) or (dh and e != a) else e) + e + (f if (bf and e != i) or (hf and e != c) else e)
        )
        rows[3 * y + 2] += (d if dh else e) + (h if (dh and e != i) or (hf and e != g) else e) + (f if hf else e)
    return tuple(rows)


def _cells(bitmap: Bitmap) -> Iterator[str]:
    """Two rows of pixels to one row of half blocks."""
    ink = {"..": " ", "#.": "▀", ".#": "▄", "##": "█"}
    rows = [*bitmap, "." * len(bitmap[0])] if len(bitmap) % 2 else list(bitmap)
    for upper, lower in zip(rows[::2], rows[1::2], strict=True):
        yield "".join(ink[pair] for pair in map("".join, zip(upper, lower, strict=True)))
