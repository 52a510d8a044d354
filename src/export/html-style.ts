/**
 * The look of a page, in light, dark and print. Every pair of colours has a contrast of 4.5 or more.
 */
export const STYLE = `
:root {
  color-scheme: light dark;
  --ink: #1d2733; --soft: #51606f; --paper: #fffefb; --sheet: #f4f1ea;
  --line: #d5cfc2; --accent: #1f4e79; --link: #1a5490;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #e8e6e1; --soft: #b0b8c1; --paper: #14181d; --sheet: #1e242b;
    --line: #3d4650; --accent: #9cc7ee; --link: #9cc7ee;
  }
}
* { box-sizing: border-box; }
html { background: var(--paper); color: var(--ink); -webkit-text-size-adjust: 100%; }
body {
  font: 1.0625rem/1.6 Georgia, "Iowan Old Style", "Palatino Linotype", Cambria, serif;
  max-width: 46rem; margin: 0 auto; padding: clamp(1rem, 5vw, 3.5rem) clamp(1rem, 5vw, 2rem);
  overflow-wrap: anywhere;
}
body:has(.pair) { max-width: 64rem; }
h1, h2, h3, h4, h5, h6, p, li, td, th { unicode-bidi: plaintext; text-align: start; }
h1, h2, h3, h4, h5, h6, .label, header p, footer, .who, th, .silence {
  font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
header { border-bottom: 3px solid var(--accent); padding-bottom: 1rem; margin-bottom: 2rem; }
header p { color: var(--soft); margin: .4rem 0 0; }
h1 { font-size: clamp(1.6rem, 5vw, 2.2rem); line-height: 1.2; margin: 0; text-wrap: balance; }
h2 { font-size: 1.45rem; line-height: 1.25; color: var(--accent); margin: 3rem 0 .75rem;
  border-bottom: 1px solid var(--line); padding-bottom: .35rem; }
h3 { font-size: 1.2rem; line-height: 1.3; margin: 2.25rem 0 .5rem; }
h4 { font-size: 1.05rem; line-height: 1.35; margin: 1.75rem 0 .5rem; }
h5, h6 { font-size: 1rem; line-height: 1.4; margin: 1.25rem 0 .4rem; }
p, ul, ol, blockquote, pre, .table, .text { margin: 0 0 .85rem; }
ul, ol { padding-left: 1.5rem; }
li { margin: .2rem 0; }
li.task { list-style: none; margin-left: -1.4rem; padding-left: 1.4rem; text-indent: -1.4rem; }
li.task > * { text-indent: 0; }
a { color: var(--link); text-underline-offset: .15em; }
a:focus-visible, [tabindex]:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
blockquote { border-left: 3px solid var(--line); padding-left: 1rem; margin-left: 0; margin-right: 0; }
pre { background: var(--sheet); padding: .75rem; white-space: pre-wrap; font-size: .9rem; }
code { font-family: ui-monospace, SFMono-Regular, Consolas, "Liberation Mono", monospace; font-size: .9em; }
hr { border: 0; border-top: 1px solid var(--line); margin: 1.5rem 0; }
.table { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { border: 1px solid var(--line); padding: .4rem .6rem; text-align: start; vertical-align: top;
  min-width: 4.5rem; }
th { background: var(--sheet); font-size: .9em; }
.question { margin: 0 0 1.75rem; }
.question > :first-child { margin-top: 1.25rem; }
.label { display: block; font-size: .9rem; font-weight: 600; color: var(--accent); letter-spacing: .01em;
  margin-bottom: .15rem; }
.answer { border-left: 3px solid var(--accent); padding-left: 1rem; unicode-bidi: isolate; }
.answer[dir] { text-align: start; }
.answer > :last-child, .text > :last-child { margin-bottom: 0; }
.answer > :first-child { margin-top: 0; }
.who { font-weight: 600; margin: .9rem 0 .25rem; }
.silence { color: var(--soft); font-style: italic; }
.pair { display: grid; gap: 0 2rem; border-top: 1px solid var(--line); }
@media (min-width: 48rem) { .pair { grid-template-columns: 1fr 1fr; } }
.room div { border-bottom: 1px solid var(--soft); height: 2.1rem; }
footer { border-top: 1px solid var(--line); margin-top: 3rem; padding-top: 1rem; color: var(--soft);
  font-size: .875rem; }
.brief h2 { margin-top: 1.75rem; }
@media print {
  :root { color-scheme: light; --ink: #000; --soft: #444; --paper: #fff; --sheet: #f2f2f2; --line: #bbb;
    --accent: #1f4e79; --link: #1a5490; }
  @page { size: letter; margin: 0.8in; }
  html { font-size: 10.5pt; }
  body, body:has(.pair) { font-size: 1rem; line-height: 1.45; max-width: none; padding: 0; }
  h1 { font-size: 1.9rem; }
  h1, h2, h3, h4, h5, h6, .who { break-after: avoid; break-inside: avoid; }
  .text:has(+ .question) { break-after: avoid; }
  li, tr, .room, blockquote { break-inside: avoid; }
  p { orphans: 3; widows: 3; }
  .table { overflow: visible; }
  .pair { grid-template-columns: 1fr 1fr; }
  html:has(.brief) { font-size: 9.5pt; }
  @page brief { margin: 0.6in 0.7in; }
  .brief { page: brief; line-height: 1.35; }
  .brief header { margin-bottom: 8pt; padding-bottom: 6pt; }
  .brief h2 { font-size: 12pt; margin: 10pt 0 4pt; }
  .brief p, .brief ul, .brief .table { margin-bottom: 5pt; }
  .brief li { margin: 1pt 0; }
  .brief th, .brief td { padding: 2pt 5pt; }
  .brief footer { margin-top: 10pt; padding-top: 4pt; font-size: 8pt; }
}
`
