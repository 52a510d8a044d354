import {
  Document as File,
  Footer,
  Packer,
  PageNumber,
  Paragraph,
  type Table,
  TableCell,
  TableRow,
  TextRun,
  WidthType,
} from 'docx'
import { SIDE_TITLE } from '../domain/guide.ts'
import {
  type Document,
  differsFrom,
  type Item,
  type QuestionItem,
  type Response,
  SILENCE,
  setUnder,
} from './document.ts'
import { BlockWriter, CELL, heading, type Parts, run, styles, wordTable } from './docx-blocks.ts'
import { blocksOf, legal } from './markdown-parser.ts'

const HYPERLINK = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink'
const LETTER = { width: 12240, height: 15840 }
const INCH = 1440

/** A Word file with real headings, lists, header rows, language and title. The same document gives the same bytes. */
export async function docx({
  title,
  language,
  facts,
  items,
  source,
  brief = false,
}: Document): Promise<Uint8Array> {
  const margin = brief ? INCH * 0.75 : INCH
  const write = new BlockWriter(LETTER.width - 2 * margin)
  const children = [
    new Paragraph({ style: 'Title', children: [run(title)] }),
    ...(facts.length > 0 ? [new Paragraph({ style: 'Facts', children: [run(facts.join(' · '))] })] : []),
    ...itemsDocx(items, write),
    ...write.blocks(blocksOf(source), { style: 'Source', language: differsFrom(language) }),
  ]
  const page = { size: LETTER, margin: { top: margin, right: margin, bottom: margin, left: margin } }
  const file = new File({
    compatibility: { version: 15 },
    styles: styles(language, brief),
    numbering: { config: write.numberings() },
    sections: [{ properties: { page }, footers: { default: pageFooter(title) }, children }],
  })
  for (const [id, href] of write.links())
    file.Document.Relationships.addRelationship(id, HYPERLINK, href, 'External')
  return withoutTimes(await Packer.toBuffer(file, undefined, [coreProperties(title, language)]))
}

function pageFooter(title: string): Footer {
  const page = new TextRun({ children: [' · Page ', PageNumber.CURRENT, ' of ', PageNumber.TOTAL_PAGES] })
  return new Footer({ children: [new Paragraph({ style: 'Footer', children: [run(title), page] })] })
}

/** The library writes the time of the day into the file; a document of the same words is the same document. */
function coreProperties(title: string, language: string): { path: string; data: string } {
  const xml = (text: string) => legal(text).replace(/[&<>"]/g, one => `&#${one.charCodeAt(0)};`)
  const data = [
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>',
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"',
    ' xmlns:dc="http://purl.org/dc/elements/1.1/">',
    `<dc:title>${xml(title)}</dc:title><dc:creator>pl-stories</dc:creator><dc:language>${xml(language)}</dc:language>`,
    '</cp:coreProperties>',
  ]
  return { path: 'docProps/core.xml', data: data.join('') }
}

/* Questions, answers and pairs as paragraphs and tables of a Word file. */

export function itemsDocx(items: Iterable<Item>, write: BlockWriter): Parts {
  const all = [...items]
  return all.flatMap((item, i) => itemDocx(item, all[i + 1], write))
}

function itemDocx(item: Item, next: Item | undefined, write: BlockWriter): Parts {
  switch (item.kind) {
    case 'heading':
      return [heading(item.level, [run(item.text, { language: item.language })])]
    case 'text':
      // A sentence that leads to a question does not stay behind on the page before it.
      return write.blocks(item.blocks, {
        language: item.language,
        keepNext: item.blocks.length === 1 && next?.kind === 'question',
      })
    case 'question':
      return askedDocx(item, write, write.width)
    case 'pairs':
      return [pairsDocx(item, write), new Paragraph({ style: 'Gap' })]
  }
}

/** The label stands in the heading, above the words: so the list of headings tells like questions apart. */
function askedDocx(asked: QuestionItem, write: BlockWriter, width: number): Parts {
  const { level, label, text, said, room = 0, language } = asked
  const title = heading(level, [
    ...labelRuns(label, language),
    new TextRun({ break: 1 }),
    run(text, { style: 'Question' }),
  ])
  const lines = Array.from(
    { length: room },
    (_, i) => new Paragraph({ style: 'WritingLine', keepNext: i < room - 1 }),
  )
  return [title, ...said.flatMap(each => saidDocx(asked, each, write, width)), ...lines]
}

/** The part of the guide in its own language, and in ours what is said of the question. */
function labelRuns(label: string, language: string | undefined): TextRun[] {
  const [part = '', ...ours] = label.split(/(?= · )/)
  if (language === undefined || ours.length === 0) return [run(label, { style: 'Label' })]
  return [run(part, { style: 'Label' }), run(ours.join(''), { style: 'Label', language })]
}

function saidDocx(
  { level, language }: QuestionItem,
  { who, state, text }: Response,
  write: BlockWriter,
  width: number,
): Parts {
  const name = who === undefined ? [] : [new Paragraph({ style: 'Who', children: [run(who)] })]
  return state === 'answered'
    ? [...name, ...write.blocks(setUnder(level, blocksOf(text)), { width })]
    : [...name, new Paragraph({ style: 'Silence', children: [run(SILENCE[state], { language })] })]
}

function pairsDocx({ rows, language }: Extract<Item, { kind: 'pairs' }>, write: BlockWriter): Table {
  const half = write.width / 2
  const cell = (children: Parts) =>
    new TableCell({ width: { size: half, type: WidthType.DXA }, margins: CELL, children })
  const head = (text: string) =>
    cell([new Paragraph({ style: 'TableHead', children: [run(text, { language })] })])
  const body = (asked: QuestionItem | undefined) =>
    cell([
      ...(asked ? askedDocx(asked, write, half - 2 * CELL.left) : []),
      // Word wants a paragraph at the end of a cell.
      new Paragraph({ style: 'Gap' }),
    ])
  const header = new TableRow({
    tableHeader: true,
    cantSplit: true,
    children: [head(SIDE_TITLE.story), head(SIDE_TITLE.comparison)],
  })
  const pairs = rows.map(
    ([left, right]) =>
      new TableRow({ cantSplit: isShort(left) && isShort(right), children: [body(left), body(right)] }),
  )
  return wordTable([half, half], [header, ...pairs], false)
}

/** A row of short answers stays on one page; a long one may go on overleaf. */
const isShort = (asked: QuestionItem | undefined) =>
  (asked?.said ?? []).reduce((sum, { text }) => sum + text.length, 0) < 600

const END = 0x06054b50
const ENTRY = 0x02014b50
/** 1 January 1980, the first day a zip file knows. */
const DATE = 0x21

/** The same zip file with the same time for every entry. */
export function withoutTimes(zip: Uint8Array): Uint8Array {
  // A slice of a Buffer would be no copy, but a window on memory that it may share with others.
  const bytes = Uint8Array.from(zip)
  const view = new DataView(bytes.buffer)
  let end = bytes.length - 22
  while (end > 0 && view.getUint32(end, true) !== END) end--
  let at = view.getUint32(end + 16, true)
  while (view.getUint32(at, true) === ENTRY) {
    const local = view.getUint32(at + 42, true)
    for (const time of [at + 12, local + 10]) {
      view.setUint16(time, 0, true)
      view.setUint16(time + 2, DATE, true)
    }
    at += 46 + view.getUint16(at + 28, true) + view.getUint16(at + 30, true) + view.getUint16(at + 32, true)
  }
  return bytes
}
