import { createHash } from 'node:crypto'
import {
  type Asked,
  type Block,
  type Document,
  foreignTo,
  type Inline,
  type Item,
  type ListItem,
  type Said,
  SILENCE,
  setUnder,
} from './document.ts'
import { STYLE } from './html-style.ts'
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
<footer${lang(foreignTo(language))}>
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

function* pairHtml([left, right]: [Asked, Asked | undefined]): Generator<string> {
  yield '<div class="pair">\n'
  yield* askedHtml(left)
  if (right) yield* askedHtml(right)
  yield '</div>\n'
}

function* askedHtml({ level, label, text, said, room = 0, language }: Asked): Generator<string> {
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

function saidHtml(level: number, { who, state, text }: Said, language: string | undefined): string {
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
