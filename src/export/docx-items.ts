import { Paragraph, type Table, TableCell, TableRow, TextRun, WidthType } from 'docx'
import { blocksOf } from './blocks.ts'
import { type Asked, type Item, plainText, type Said, SILENCE, setUnder } from './document.ts'
import { type BlockWriter, CELL, heading, type Parts, run, wordTable } from './docx-blocks.ts'

/* Questions, answers and pairs as paragraphs and tables of a Word file. */

export function itemsDocx(items: Iterable<Item>, write: BlockWriter): Parts {
  const all = [...items]
  return all.flatMap((item, i) => itemDocx(item, all[i + 1], write))
}

function itemDocx(item: Item, next: Item | undefined, write: BlockWriter): Parts {
  switch (item.kind) {
    case 'heading':
      return [heading(item.level, write.runs(plainText(item.text)))]
    case 'text':
      // A sentence that leads to a question does not stay behind on the page before it.
      return write.blocks(item.blocks, { keepNext: item.blocks.length === 1 && next?.kind === 'question' })
    case 'question':
      return askedDocx(item, write, write.width)
    case 'pairs':
      return [pairsDocx(item.rows, write), new Paragraph({ style: 'Gap' })]
  }
}

/** The label stands in the heading, above the words: so the list of headings tells like questions apart. */
function askedDocx({ level, label, text, said, room = 0 }: Asked, write: BlockWriter, width: number): Parts {
  const title = heading(level, [
    run(label, { style: 'Label' }),
    new TextRun({ break: 1 }),
    run(text, { style: 'Question' }),
  ])
  const lines = Array.from(
    { length: room },
    (_, i) => new Paragraph({ style: 'WritingLine', keepNext: i < room - 1 }),
  )
  return [title, ...said.flatMap(each => saidDocx(level, each, write, width)), ...lines]
}

function saidDocx(level: number, { who, state, text }: Said, write: BlockWriter, width: number): Parts {
  const name = who === undefined ? [] : [new Paragraph({ style: 'Who', children: [run(who)] })]
  return state === 'answered'
    ? [...name, ...write.blocks(setUnder(level, blocksOf(text)), { width })]
    : [...name, new Paragraph({ style: 'Silence', children: [run(SILENCE[state])] })]
}

function pairsDocx(rows: [Asked, Asked | undefined][], write: BlockWriter): Table {
  const half = write.width / 2
  const cell = (children: Parts) =>
    new TableCell({ width: { size: half, type: WidthType.DXA }, margins: CELL, children })
  const head = (text: string) => cell([new Paragraph({ style: 'TableHead', children: [run(text)] })])
  const body = (asked: Asked | undefined) =>
    cell([
      ...(asked ? askedDocx(asked, write, half - 2 * CELL.left) : []),
      // Word wants a paragraph at the end of a cell.
      new Paragraph({ style: 'Gap' }),
    ])
  const header = new TableRow({
    tableHeader: true,
    cantSplit: true,
    children: [head('The story'), head('Your PL system')],
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
