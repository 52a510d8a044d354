import { type Asked, type Block, type Document, type Item, type Said, SILENCE, wordsOf } from './document.ts'

/** A document as lines that can be read aloud: nothing in them is a mark, but for what people typed themselves. */
export function* aloud({ title, facts, items, source }: Document): Generator<string> {
  yield `${[title, ...facts].map(sentence).join(' ')}\n`
  for (const item of items) yield `\n${linesOf(item).join('\n')}\n`
  if (source !== '') yield `\n${source.replace(/[<>]/g, '')}\n`
}

const sentence = (text: string) => (/[.?!:]$/.test(text) ? text : `${text}.`)

function linesOf(item: Item): string[] {
  if (item.kind === 'heading') return [sentence(item.text)]
  if (item.kind === 'text') return item.blocks.flatMap(block => blockLines(block))
  if (item.kind === 'question') return askedLines(item)
  return item.rows.flat().flatMap(asked => (asked ? askedLines(asked) : []))
}

const askedLines = ({ label, text, said }: Asked) => [
  `${label.replaceAll(' · ', ', ')}. ${sentence(text)}`,
  ...said.flatMap(saidLines),
]

function saidLines({ who, state, text }: Said): string[] {
  const words = state === 'answered' ? text : SILENCE[state]
  return who === undefined ? [words] : [`${who}:`, words]
}

function blockLines(block: Block): string[] {
  switch (block.kind) {
    case 'paragraph':
      return [wordsOf(block.inlines)]
    case 'heading':
      return [sentence(wordsOf(block.inlines))]
    case 'list':
      return block.items.flatMap(({ blocks }, i) => {
        const [first = '', ...more] = blocks.flatMap(blockLines)
        return [`${block.start === undefined ? '-' : `${block.start + i}.`} ${first}`, ...more]
      })
    case 'quote':
      return block.blocks.flatMap(blockLines)
    case 'code':
      return block.text.split('\n')
    case 'table':
      return [block.header, ...block.rows].map(row => row.map(wordsOf).join(', '))
    default:
      return []
  }
}
