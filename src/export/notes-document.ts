import { type Guide, partOf, questionOf, SIDE_TITLE } from '../domain/guide.ts'
import { blankNotes, isHowTo, questionTitle, sourceLine } from '../notes/form.ts'
import { type Notes, type Piece, pieces } from '../notes/notes.ts'
import {
  type Asked,
  asked,
  type Block,
  type Document,
  type Item,
  outlined,
  sourceNote,
  wordsOf,
} from './document.ts'
import { jotsOf, saidBy, strayQuestion, type Voice } from './guide-document.ts'
import { blocksOfFile } from './markdown-parser.ts'

/** The notes as they stand: the file's own text in its place, each question with its answer. */
export function notesDocument(guide: Guide, notes: Notes, title?: string): Document {
  const all = pieces(notes)
  const own = blocksOfFile(all.map((piece, i) => ownText(guide, piece, all[i + 1])))
  let heading: string | undefined
  const items = all.flatMap((piece, i): Item[] => {
    if ('answer' in piece) return [{ kind: 'question', ...askedIn(guide, notes, piece.answer) }]
    if ('jots' in piece) return jotsOf(notes)
    const blocks = own[i] ?? []
    const [first, ...rest] = blocks
    if (i > 0 || first?.kind !== 'heading' || first.level > 1) return ownItems(blocks)
    heading = wordsOf(first.inlines)
    return ownItems(rest)
  })
  return outlined({
    language: guide.language,
    title: title ?? heading ?? `${guide.title}: notes`,
    facts: [guide.subtitle, notes.group].filter(fact => fact !== undefined),
    items,
    source: sourceNote(guide),
  })
}

/** The owner's lines without those of the form that a document says in its own way. */
function ownText(guide: Guide, piece: Piece, next: Piece | undefined): string {
  if (!('own' in piece)) return ''
  const question = next && 'answer' in next ? questionOf(guide, next.answer) : undefined
  const said = new Set([sourceLine(guide), `**${guide.subtitle}**`])
  const isSaid = (line: string | undefined) => line !== undefined && (said.has(line) || isHowTo(line))
  const lines = piece.own.split('\n')
  const left = lines.filter((line, i) => !isSaid(line) && !(line === '' && isSaid(lines[i - 1])))
  const last = left.findLastIndex(line => line.trim() !== '')
  if (question && left[last] === questionTitle(question)) left.splice(last)
  return left.join('\n')
}

function ownItems(blocks: Block[]): Item[] {
  const items: Item[] = []
  for (const block of blocks) {
    const last = items.at(-1)
    if (block.kind === 'heading') items.push(ownHeading(block.level, wordsOf(block.inlines)))
    else if (last?.kind === 'text') last.blocks.push(block)
    else items.push({ kind: 'text', blocks: [block] })
  }
  return items
}

/** The form's own headings stand among those of the guide and of the file's owner. */
function ownHeading(level: number, text: string): Item {
  const ours = Object.values<string>(SIDE_TITLE).includes(text)
  return { kind: 'heading', level, text, ...(ours && { ours }) }
}

function askedIn(guide: Guide, voice: Voice, id: string): Asked {
  const said = [saidBy(voice, id)]
  const question = questionOf(guide, id)
  return question ? asked(guide, question, said) : strayQuestion(id, said)
}

/** How many lines of their own people wrote outside the marks; what cannot carry them says so. */
export function ownLines(guide: Guide, notes: Notes): number {
  const known = new Set([
    ...blankNotes(guide, { file: '' }).split('\n'),
    ...guide.questions.map(question => `### ${partOf(guide, question).join(' › ')}`),
  ])
  return pieces(notes)
    .flatMap(piece => ('own' in piece ? piece.own.split('\n') : []))
    .filter(line => line.trim() !== '' && !isHowTo(line) && !known.has(line)).length
}
