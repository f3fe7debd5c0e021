"""The page's one style sheet: light, for a screen and for a sheet of A4 in black and white."""

from __future__ import annotations

STYLE = """
:root { color-scheme: light; }
body { margin: 0 auto; padding: 1.5rem; max-width: 60rem; background: #fff; color: #111;
  font: 1rem/1.45 system-ui, sans-serif; }
h1 { font-size: 1.6rem; line-height: 1.2; margin: 0 0 .3rem; }
h2 { font-size: 1.15rem; margin: 1.8rem 0 .4rem; border-bottom: 1px solid #111; }
p, dl, ul { margin: .4rem 0; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; }
dt { font-weight: 600; }
dd { margin: 0; }
.notice { border: 1px solid #111; padding: .5rem .8rem; }
.flags { border: 4px solid #111; padding: .3rem .9rem .5rem; margin: 1rem 0; }
.flags h2 { border: 0; margin: .2rem 0; }
.now { border-left: 4px solid #111; padding-left: .8rem; }
.missing, .bad { font-weight: 700; }
.said { font-style: italic; white-space: pre-wrap; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .85rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; padding: .2rem 0; color: #333; }
th, td { border: 1px solid #767676; padding: .2rem .4rem; text-align: left; vertical-align: top; }
thead th { background: #eee; }
.figure { text-align: right; white-space: nowrap; }
.moment { white-space: nowrap; }
figure { margin: .8rem 0; overflow-x: auto; }
figcaption { font-size: .85rem; color: #333; }
svg { display: block; min-width: 34rem; height: auto; }
footer { margin-top: 2rem; border-top: 1px solid #111; font-size: .85rem; }
@page { size: A4; margin: 14mm 12mm; }
@media print {
  body { padding: 0; max-width: none; font-size: 9.5pt; }
  h1 { font-size: 15pt; }
  h2 { font-size: 11.5pt; break-after: avoid; }
  table { font-size: 8pt; }
  thead { display: table-header-group; }
  tr, figure, .flags, .now, .notice { break-inside: avoid; }
  caption { break-after: avoid; }
  .scroll, figure { overflow: visible; }
  svg { min-width: 0; }
  thead th { background: none; border-bottom: 2px solid #111; }
}
"""
