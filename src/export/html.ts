import { type Block, escaped, type Inline, type ListItem } from './blocks.ts'
import {
  type Document,
  differsFrom,
  type Item,
  isNamed,
  type Pair,
  type QuestionItem,
  type Title,
  titlesOf,
} from './document.ts'

/** In pieces, one self-contained page: no script, nothing loaded from anywhere, and a policy that forbids both. */
export function* html(document: Document): Generator<string> {
  const { language, title, facts, items, source, guide, shape = '' } = document
  const { style, hash } = LOOKS[shape === 'wide' ? 'wide' : guide ? 'handout' : 'usual']
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`
  yield `<!doctype html>
<html lang="${escaped(language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body${shape && ` class="${shape}"`}>
<header>
<h1>${escaped(title)}</h1>
${facts.length > 0 ? `<p>${facts.map(escaped).join(' · ')}</p>\n` : ''}</header>
<main>
`
  for (const item of items) yield* itemHtml(item)
  yield `</main>
<footer${lang(differsFrom(language))}>
${blocksHtml(source)}
</footer>
</body>
</html>
`
}

function* itemHtml(item: Item): Generator<string> {
  if (item.kind === 'heading')
    yield `<h${item.level}${item.newPage ? ' class="page"' : ''}${lang(item.language)}>${escaped(item.text)}</h${item.level}>\n`
  else if (item.kind === 'text')
    yield `<div class="text${item.leads ? ' leads' : ''}"${lang(item.language)}>${blocksHtml(item.blocks)}</div>\n`
  else if (item.kind === 'question') {
    yield `<section class="question"${id('q', item)}>\n${titleHtml(item)}\n`
    yield* saidHtml(item)
    if (item.room) yield `<div class="room room-${Math.round(item.room / ROOM) * ROOM}"></div>\n`
    yield '</section>\n'
  } else {
    const heads = item.heads.map(head => `<th scope="col"${lang(item.language)}>${escaped(head)}</th>`)
    yield `<table class="pairs"><thead><tr>${heads.join('')}</tr></thead>\n<tbody>\n`
    for (const pair of item.rows) yield* pairHtml(pair)
    yield '</tbody></table>\n'
  }
}

function* pairHtml(pair: Pair): Generator<string> {
  const titles = titlesOf(pair).map(
    (asked, _, { length }) =>
      `<td${length === 1 ? ' colspan="2"' : ''}>${asked ? titleHtml(asked) : ''}</td>`,
  )
  yield `<tr class="question">${titles.join('')}</tr>\n<tr>\n`
  for (const asked of pair) {
    yield '<td>'
    if (asked) yield* saidHtml(asked)
    yield '</td>\n'
  }
  yield '</tr>\n'
}

/** The part of the guide in its own language, and in ours what is said of the question. */
function titleHtml({ level, label, text, language }: Title): string {
  const [part = '', ...ours] = label?.split(' · ').map(escaped) ?? []
  const rest = ours.join(' · ')
  const marked = language && rest ? `<span${lang(language)}>${rest}</span>` : rest
  const place = `<span class="label">${[part, marked].filter((each, i) => i === 0 || each).join(' · ')}</span><br>\n`
  return `<h${level}>${label === undefined ? '' : place}${escaped(text)}</h${level}>`
}

const lang = (language: string | undefined) => (language === undefined ? '' : ` lang="${escaped(language)}"`)

/** By which a reader knows the place again; a page that many answer has no place for each. */
const id = (kind: 'q' | 'in', asked: QuestionItem) =>
  asked.anchor !== undefined && !isNamed(asked) ? ` id="${kind}_${asked.anchor}"` : ''

function* saidHtml(asked: QuestionItem): Generator<string> {
  const { said, language, level } = asked
  const place = id('in', asked)
  for (const { who, state, blocks } of said) {
    if (who !== undefined) yield `<p class="who">${escaped(who)}</p>\n`
    yield state === 'answered'
      ? `<div class="answer"${place} dir="auto">${blocksHtml(blocks(level))}</div>\n`
      : `<div class="silence"${place}${lang(language)}>${blocksHtml(blocks(level))}</div>\n`
  }
}

const blocksHtml = (blocks: readonly Block[]): string => blocks.map(blockHtml).join('\n')

function blockHtml(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
      return `<p>${inlinesHtml(block.inlines)}</p>`
    case 'heading':
      return `<h${block.level}>${inlinesHtml(block.inlines)}</h${block.level}>`
    case 'list':
      return listHtml(block)
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

function listHtml({ items, loose }: Extract<Block, { kind: 'list' }>): string {
  const first = items[0]?.number
  let next = first
  const each = items.map(item => {
    // People answer numbered questions: the number they typed is what they meant.
    const value = item.number === next ? '' : ` value="${item.number}"`
    next = item.number === undefined ? undefined : item.number + 1
    return itemHtmlOf(item, loose, value)
  })
  if (first !== undefined) return `<ol${first === 1 ? '' : ` start="${first}"`}>${each.join('')}</ol>`
  return `<ul${items.every(({ done }) => done !== undefined) ? ' class="tasks"' : ''}>${each.join('')}</ul>`
}

/** A tight list's items hold their text without a paragraph around it. */
function itemHtmlOf({ done, blocks }: ListItem, loose: boolean, value: string): string {
  const task = done === undefined ? '' : done ? '☑ ' : '☐ '
  const [first, ...rest] = blocks
  const bare = first?.kind === 'paragraph' && (!loose || task !== '')
  const head = bare ? inlinesHtml(first.inlines) + (rest.length > 0 ? '\n' : '') : ''
  return `<li${task ? ' class="task"' : ''}${value}>${task}${head}${blocksHtml(bare ? rest : blocks)}</li>`
}

function tableHtml({ header, rows }: Extract<Block, { kind: 'table' }>): string {
  const head = header.map(cell =>
    cell.length === 0 ? '<td></td>' : `<th scope="col">${inlinesHtml(cell)}</th>`,
  )
  const body = rows.map(row => `<tr>${row.map(cell => `<td>${inlinesHtml(cell)}</td>`).join('')}</tr>`)
  return `<div class="table" role="group" aria-label="Table" tabindex="0"><table><thead><tr>${head.join('')}</tr></thead><tbody>${body.join('')}</tbody></table></div>`
}

const inlinesHtml = (inlines: readonly Inline[]): string => inlines.map(inlineHtml).join('')

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

/** Heights of boxes to write in are rounded to so many points: a page's policy allows no style of an element's own. */
const ROOM = 12
const HANDOUT = `${Array.from({ length: 60 }, (_, i) => `.room-${i * ROOM} { height: ${i * ROOM}pt; }`).join('\n')}
@media print { @page { margin: 0.65in 0.7in 0.6in; } .question { margin-bottom: .8rem; } h2 { margin-top: 1.5rem; } }`

/**
 * The look of a page, in light, dark and print. Every pair of colors has a contrast of 4.5 or more. What has to fit on
 * so many sheets is set in letters of one height, whatever fonts a machine has. The bar of an answer is a logical
 * border: word processors that open the page know only the physical one, and draw it as a box around every word.
 */
const STYLE = `
:root {
  color-scheme: light dark;
  --ink: #1d2733; --soft: #51606f; --paper: #fffefb; --sheet: #f4f1ea;
  --line: #d5cfc2; --accent: #1f4e79; --link: #1a5490; --head: #1f4e79; --tint: #eef3f8;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #e8e6e1; --soft: #b0b8c1; --paper: #14181d; --sheet: #1e242b;
    --line: #3d4650; --accent: #9cc7ee; --link: #9cc7ee; --head: #1f4e79; --tint: #1e242b;
  }
}
* { box-sizing: border-box; }
html { background: var(--paper); color: var(--ink); -webkit-text-size-adjust: 100%; }
body {
  font-family: Georgia, "Iowan Old Style", "Palatino Linotype", Cambria, serif; font-size: 1.0625rem;
  line-height: 1.6; max-width: 46rem; margin: 0 auto;
  padding: clamp(1rem, 5vw, 3.5rem) clamp(1rem, 5vw, 2rem); overflow-wrap: anywhere;
}
.wide { max-width: 68rem; }
h1, h2, h3, h4, h5, h6, p, li, td, th { unicode-bidi: plaintext; text-align: start; }
h1, h2, h3, h4, h5, h6, .label, header p, footer, .who, th, .silence {
  font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
header { border-bottom: 3px solid var(--accent); padding-bottom: 1rem; margin-bottom: 2rem; }
header p { color: var(--soft); margin: .4rem 0 0; }
h1 { font-size: clamp(1.6rem, 5vw, 2.2rem); line-height: 1.2; margin: 0; text-wrap: balance; }
h2 { font-size: 1.45rem; line-height: 1.25; color: var(--accent); margin: 3rem 0 .75rem;
  border-bottom: 1px solid var(--line); padding-bottom: .35rem; }
h3 { font-size: 1.25rem; line-height: 1.3; color: var(--accent); margin: 2.5rem 0 .5rem; }
h4 { font-size: 1.1rem; line-height: 1.35; margin: 1.75rem 0 .5rem; }
h5, h6 { font-size: 1rem; line-height: 1.4; margin: 1.25rem 0 .4rem; }
p, ul, ol, blockquote, pre, .table, .text { margin: 0 0 .85rem; }
ul, ol { padding-inline-start: 1.5rem; }
li { margin: .2rem 0; }
ul.tasks { list-style: none; }
li.task { list-style: none; margin-inline-start: -1.4rem; padding-inline-start: 1.4rem; text-indent: -1.4rem; }
li.task > * { text-indent: 0; }
a { color: var(--link); text-underline-offset: .15em; }
a:focus-visible, [tabindex]:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
blockquote { border-inline-start: 3px solid var(--line); padding-inline-start: 1rem; margin-inline: 0; }
pre { background: var(--sheet); padding: .75rem; white-space: pre-wrap; font-size: .9rem; }
code { font-family: ui-monospace, SFMono-Regular, Consolas, "Liberation Mono", monospace; font-size: .9em; }
hr { border: 0; border-top: 1px solid var(--line); margin: 1.5rem 0; }
.table { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { border: 1px solid var(--line); padding: .4rem .6rem; text-align: start; vertical-align: top; }
.table th, .table td { min-width: 4.5rem; }
th { background: var(--sheet); font-size: .9em; }
.question { margin: 0 0 1.75rem; }
.question > :is(h2, h3, h4, h5, h6), .pairs :is(h2, h3, h4, h5, h6) {
  font-size: 1.0625rem; line-height: 1.4; color: var(--ink); border: 0; padding: 0; margin: 1.5rem 0 .5rem; }
.pairs :is(h2, h3, h4, h5, h6) { margin: 0 0 .25rem; }
.label { font-size: .875rem; font-weight: 600; color: var(--accent); }
.answer { border-inline-start: 3px solid var(--accent); padding-inline-start: 1rem; unicode-bidi: isolate; }
.answer[dir] { text-align: start; }
:is(.answer, .text, .silence, footer) > :last-child { margin-bottom: 0; }
.answer > :first-child { margin-top: 0; }
.who { font-weight: 600; margin: .9rem 0 .25rem; }
.silence { color: var(--soft); font-style: italic; }
.pairs { table-layout: fixed; margin: 1rem 0 2rem; }
.pairs > thead th { background: var(--head); color: #fff; }
.pairs tr.question > td { background: var(--tint); }
.room { border: 1px solid var(--soft); }
footer { border-top: 1px solid var(--line); margin-top: 3rem; padding-top: 1rem; color: var(--soft);
  font-size: .875rem; }
.small { max-width: 60rem; }
.small :is(h2, header) { margin-bottom: .75rem; margin-top: 1.5rem; }
.small table:has(thead td) { table-layout: fixed; min-width: 30rem; }
.small thead td { width: 12%; }
@media print {
  :root { color-scheme: light; --ink: #000; --soft: #444; --paper: #fff; --sheet: #f2f2f2; --line: #bbb;
    --accent: #1f4e79; --link: #1a5490; --tint: #eef3f8; }
  @page { size: letter; margin: 0.8in;
    @bottom-center { content: counter(page) " / " counter(pages); font: 8.5pt sans-serif; color: #444; } }
  html { font-size: 10.5pt; print-color-adjust: exact; }
  body, .wide, .small { font-size: 1rem; line-height: 1.4; max-width: none; padding: 0; }
  h1 { font-size: 1.9rem; }
  h1, h2, h3, h4, h5, h6, .who { break-after: avoid; break-inside: avoid; }
  .page { break-before: page; margin-top: 0; }
  .leads, .text:has(+ .question), .text:has(+ .pairs), tr.question { break-after: avoid; }
  li, tr, .room, blockquote { break-inside: avoid; }
  p { orphans: 3; widows: 3; }
  .table { overflow: visible; }
  a { text-decoration: none; }
  html:has(.small) { font-size: 9pt; }
  @page small { margin: 0.5in 0.6in; }
  .small { page: small; line-height: 1.25; font-size-adjust: .48; }
  .small h1 { font-size: 15pt; }
  .small header { margin: 0 0 5pt; padding-bottom: 3pt; border-width: 2px; }
  .small h2 { font-size: 11pt; padding: 0; border: 0; }
  .small h3 { font-size: 10pt; }
  .small :is(h2, h3, h4) { margin: 7pt 0 3pt; }
  .small :is(p, ul, .table, .text, blockquote) { margin-bottom: 3pt; }
  .small li { margin: 0; }
  .small :is(th, td) { padding: 1.5pt 4pt; }
  .small footer { margin-top: 5pt; padding-top: 3pt; font-size: 7.5pt; line-height: 1.2; }
}
`

const WIDE = '@media print { @page { size: letter landscape; margin: 0.6in; } }'

/** Each style with its hash, for the page's policy: loading what computes it takes longer than writing most pages. */
const LOOKS = {
  usual: { style: STYLE, hash: 'Udk2yqGvrJEqDCupMnZBZgnURvUqfpLFP+wi25eEpxo=' },
  wide: { style: STYLE + WIDE, hash: 'JJwqXA3ZhFfH1WA6iqUHGPjEQoNa5QRrnS0kdDR3+GA=' },
  handout: { style: STYLE + HANDOUT, hash: 'AJz39ZQWp4SSl/ocFugeyILrPN7DquahnXssrzQEurI=' },
}
