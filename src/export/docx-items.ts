import { Paragraph, type Table, TableCell, TableRow, TextRun, WidthType } from 'docx'
import { SIDE_TITLE } from '../domain/guide.ts'
import { type Asked, type Item, type Said, SILENCE, setUnder } from './document.ts'
import { type BlockWriter, CELL, heading, type Parts, run, wordTable } from './docx-blocks.ts'
import { blocksOf } from './markdown-parser.ts'

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
function askedDocx(asked: Asked, write: BlockWriter, width: number): Parts {
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
  { level, language }: Asked,
  { who, state, text }: Said,
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
  const body = (asked: Asked | undefined) =>
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
const isShort = (asked: Asked | undefined) =>
  (asked?.said ?? []).reduce((sum, { text }) => sum + text.length, 0) < 600
