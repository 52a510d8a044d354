import { createHash } from 'node:crypto'
import {
  type Block,
  type Document,
  differsFrom,
  type Inline,
  type Item,
  type ListItem,
  type QuestionItem,
  type Response,
  SILENCE,
  setUnder,
} from './document.ts'
import { blocksOf, legal } from './markdown-parser.ts'

/** In pieces, one self-contained page: no script, nothing loaded from anywhere, and a policy that forbids both. */
export function* html(document: Document): Generator<string> {
  const { language, title, facts, items, source, brief } = document
  const policy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; base-uri 'none'; form-action 'none'`
  yield `<!doctype html>
<html lang="${escaped(language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
</head>
<body${brief ? ' class="brief"' : ''}>
<header>
<h1>${escaped(title)}</h1>
${facts.length > 0 ? `<p>${facts.map(escaped).join(' · ')}</p>\n` : ''}</header>
<main>
`
  for (const item of items) yield* itemHtml(item)
  yield `</main>
<footer${lang(differsFrom(language))}>
${blocksHtml(blocksOf(source))}
</footer>
</body>
</html>
`
}

/** Any text as itself, within elements and within quoted attributes. */
function escaped(text: string): string {
  return legal(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}

function* itemHtml(item: Item): Generator<string> {
  if (item.kind === 'heading')
    yield `<h${item.level}${lang(item.language)}>${escaped(item.text)}</h${item.level}>\n`
  else if (item.kind === 'text')
    yield `<div class="text"${lang(item.language)}>${blocksHtml(item.blocks)}</div>\n`
  else if (item.kind === 'question') yield* askedHtml(item)
  else for (const pair of item.rows) yield* pairHtml(pair)
}

function* pairHtml([left, right]: [QuestionItem, QuestionItem | undefined]): Generator<string> {
  yield '<div class="pair">\n'
  yield* askedHtml(left)
  if (right) yield* askedHtml(right)
  yield '</div>\n'
}

function* askedHtml({ level, label, text, said, room = 0, language }: QuestionItem): Generator<string> {
  yield `<section class="question">\n<h${level}><span class="label">${labelHtml(label, language)}</span> ${escaped(text)}</h${level}>\n`
  for (const each of said) yield `${saidHtml(level, each, language)}\n`
  if (room > 0) yield `<div class="room">${'<div></div>'.repeat(room)}</div>\n`
  yield '</section>\n'
}

/** The part of the guide in its own language, and in ours what is said of the question. */
function labelHtml(label: string, language: string | undefined): string {
  const [part = '', ...ours] = label.split(' · ').map(escaped)
  if (language === undefined || ours.length === 0) return escaped(label)
  return `${part} · <span${lang(language)}>${ours.join(' · ')}</span>`
}

const lang = (language: string | undefined) => (language === undefined ? '' : ` lang="${escaped(language)}"`)

function saidHtml(level: number, { who, state, text }: Response, language: string | undefined): string {
  const name = who === undefined ? '' : `<p class="who">${escaped(who)}</p>\n`
  return state === 'answered'
    ? `${name}<div class="answer" dir="auto">${blocksHtml(setUnder(level, blocksOf(text)))}</div>`
    : `${name}<p class="silence"${lang(language)}>${SILENCE[state]}</p>`
}

function blocksHtml(blocks: readonly Block[]): string {
  return blocks.map(blockHtml).join('\n')
}

function blockHtml(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
      return `<p>${inlinesHtml(block.inlines)}</p>`
    case 'heading':
      return `<h${block.level}>${inlinesHtml(block.inlines)}</h${block.level}>`
    case 'list': {
      const tag = block.start === undefined ? 'ul' : 'ol'
      const start = block.start === undefined || block.start === 1 ? '' : ` start="${block.start}"`
      return `<${tag}${start}>${block.items.map(item => itemOfList(item, block.loose)).join('')}</${tag}>`
    }
    case 'quote':
      return `<blockquote>${blocksHtml(block.blocks)}</blockquote>`
    case 'code':
      return `<pre tabindex="0"><code>${escaped(block.text)}</code></pre>`
    case 'table':
      return tableHtml(block)
    case 'rule':
      return '<hr>'
    case 'comment':
      return ''
  }
}

/** A tight list's items hold their text without a paragraph around it. */
function itemOfList({ done, blocks }: ListItem, loose: boolean): string {
  const task = done === undefined ? '' : done ? '☑ ' : '☐ '
  const [first, ...rest] = blocks
  const bare = first?.kind === 'paragraph' && (!loose || task !== '')
  const head = bare ? inlinesHtml(first.inlines) + (rest.length > 0 ? '\n' : '') : ''
  return `<li${task ? ' class="task"' : ''}>${task}${head}${blocksHtml(bare ? rest : blocks)}</li>`
}

function tableHtml({ header, rows }: Extract<Block, { kind: 'table' }>): string {
  const head = header.map(cell =>
    cell.length === 0 ? '<td></td>' : `<th scope="col">${inlinesHtml(cell)}</th>`,
  )
  const body = rows.map(row => `<tr>${row.map(cell => `<td>${inlinesHtml(cell)}</td>`).join('')}</tr>`)
  return `<div class="table" role="group" aria-label="Table" tabindex="0"><table><thead><tr>${head.join('')}</tr></thead><tbody>${body.join('')}</tbody></table></div>`
}

function inlinesHtml(inlines: readonly Inline[]): string {
  return inlines.map(inlineHtml).join('')
}

const TAG = { strong: 'strong', emphasis: 'em', strike: 's' }

function inlineHtml(inline: Inline): string {
  switch (inline.kind) {
    case 'text':
      return escaped(inline.text)
    case 'code':
      return `<code>${escaped(inline.text)}</code>`
    case 'break':
      return '<br>\n'
    case 'link':
      return `<a href="${escaped(inline.href)}" rel="noopener noreferrer">${inlinesHtml(inline.inlines)}</a>`
    default:
      return `<${TAG[inline.kind]}>${inlinesHtml(inline.inlines)}</${TAG[inline.kind]}>`
  }
}

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
