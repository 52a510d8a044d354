import type { Guide, Question } from '../domain/guide.ts'
import { asked, type Document, type Item, outlined } from './document.ts'
import { assembled, type DocumentOptions } from './guide-document.ts'
import { blocksOf, wordsOf } from './markdown-parser.ts'

/** The guide with a box to write in under each question. The boxes of a page share what is left of it. */
export function handoutDocument(guide: Guide, wish: DocumentOptions): Document {
  const words = (label: 'name' | 'date', length: number) => `${guide.labels[label]}: ${'\\_'.repeat(length)}`
  const blanks = blocksOf(`${words('name', 36)}   ${words('date', 16)}`)
  const document = assembled({
    ...{ guide, wish, ask: (question: Question) => ({ ...asked(guide, question, []), room: 1 }) },
    before: [{ kind: 'text', blocks: blanks, ours: true }],
  })
  const pages: Item[][] = [[]]
  for (const item of document.items) {
    const page = pages.at(-1) ?? []
    const side = item.kind === 'heading' && item.level === 4 && page.some(({ kind }) => kind === 'question')
    const begins = item.kind === 'heading' && (item.newPage || side || item.text === guide.action.title)
    if (begins) pages.push([{ ...item, newPage: true }])
    else page.push(item)
  }
  const all = joined(pages)
  const items = all.flatMap((page, i) =>
    withRooms(page, PAGE - (i === 0 ? HEAD : 0) - (i === all.length - 1 ? FOOT : 0)),
  )
  return outlined({ ...document, guide: guide.id, items })
}

/* Heights in points, on letter paper, for the wider fonts. */

const PAGE = 720
/** Title of the first page, and the line about the source on the last one. */
const HEAD = 110
const FOOT = 135
const LINE = 15.5
const IN_A_LINE = 88
/** Less is no room to write by hand. */
const LEAST = 60

/** Both sides of an element on one page, where that leaves room to write. */
function joined(pages: Item[][]): Item[][] {
  const result: Item[][] = []
  for (const page of pages) {
    const [first] = page
    const last = result.at(-1)
    const isSide = first?.kind === 'heading' && first.level === 4
    if (last && isSide && roomOn([...last, ...page], PAGE) >= LEAST)
      result[result.length - 1] = [...last, { ...first, newPage: false }, ...page.slice(1)]
    else result.push(page)
  }
  return result
}

function withRooms(page: Item[], height: number): Item[] {
  const room = Math.max(LEAST, Math.floor(roomOn(page, height) / 12) * 12)
  return page.map(item => (item.kind === 'question' ? { ...item, room } : item))
}

/** What each question on a page gets. */
function roomOn(page: Item[], height: number): number {
  const used = page.reduce((sum, item) => sum + heightOf(item), 0)
  return (height - used) / Math.max(1, page.filter(({ kind }) => kind === 'question').length)
}

function heightOf(item: Item): number {
  const lines = (text: string) => Math.ceil(text.length / IN_A_LINE) * LINE
  if (item.kind === 'heading') return item.level < 4 ? 42 : 34
  if (item.kind === 'question') return lines(item.text) + (item.label === undefined ? 28 : 42)
  if (item.kind === 'pairs') return 0
  return item.blocks.reduce(
    (sum, one) => sum + 8 + ('inlines' in one ? lines(wordsOf(one.inlines)) : LINE),
    0,
  )
}
