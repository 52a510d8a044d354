import { type Answer, type Answers, normalizeAnswer } from '../domain/answers.ts'
import { type Diagnostic, describeAll, type Source, UserError } from '../domain/errors.ts'
import {
  capitalized,
  type Element,
  type Guide,
  partOf,
  type Question,
  type QuestionId,
  type Section,
  unnamedLinks,
} from '../domain/guide.ts'
import { type FrontMatter, frontLines, readFrontMatter } from './front-matter.ts'
import {
  doubtfulLines,
  escaped,
  escapeMarker,
  JOTS,
  openMarker,
  readMarkers,
  room,
  type Span,
  unescapeMarker,
} from './markers.ts'

export interface Notes extends FrontMatter {
  source: Source
  answers: Answers
  /** The watching notes, one a line, as they stand. */
  jots: string
  /** Whether there is anything that makes this file notes: a guide named in front, or a mark. */
  isNotes: boolean
  problems: Diagnostic[]
  /** What does not keep the notes from being read, and may not be meant. */
  doubtful: readonly Diagnostic[]
  spans: ReadonlyMap<QuestionId, Span>
  /** The ids whose mark says so. */
  skipped: ReadonlySet<QuestionId>
  jotsSpan?: Span | undefined
  /** Offset of the first character after the front matter. */
  body: number
}

/** Reads any text as notes. Never throws: what is wrong with the file stands in `problems`. */
export function readNotes(source: Source): Notes {
  const { text } = source
  const front = readFrontMatter(text)
  const { any, problems, spans, skipped, jotsSpan } = readMarkers(text, front.body)
  return Object.assign(new LazyParts({ source, spans, skipped }), front.fields, {
    source,
    spans,
    skipped,
    jotsSpan,
    jots: jotsSpan ? textIn(source, jotsSpan) : '',
    isNotes: front.fields.guide !== undefined || any,
    problems: [...front.problems, ...problems],
    body: front.body,
  })
}

type Marked = Pick<Notes, 'source' | 'spans' | 'skipped'>

/**
 * What is taken out of notes when it is asked for: a save in notes of many MB is about one answer. The getters stand in
 * a class, so they are not spread: with getters of its own, each object would have its text kept until the next full
 * collection of garbage.
 */
class LazyParts implements Pick<Notes, 'answers' | 'doubtful'> {
  readonly #notes: Marked
  #answers: Answers | undefined

  constructor(notes: Marked) {
    this.#notes = notes
  }

  get answers(): Answers {
    this.#answers ??= new Map([...this.#notes.spans.keys()].map(id => [id, answerIn(this.#notes, id)]))
    return this.#answers
  }

  get doubtful(): Diagnostic[] {
    return doubtfulLines(this.#notes.source.text, this.#notes.spans.values())
  }
}

const textIn = ({ text }: Source, { from, to }: Span) => normalizeAnswer(unescapeMarker(text.slice(from, to)))

/** One answer as it stands in the notes. */
export function answerIn({ source, spans, skipped }: Marked, id: QuestionId): Answer {
  const span = spans.get(id)
  const text = span ? textIn(source, span) : ''
  return { text, skipped: text === '' && skipped.has(id) }
}

const MOST_SHOWN = 20
const LEFT_AS_IS =
  'The file was left as it is. Fix the lines above in any editor, or with pl-stories check --fix, then try again.'

/** Notes that cannot be read, with every problem and what to do. */
export class DamagedNotes extends UserError {
  readonly notes: Notes
  constructor(notes: Notes) {
    const problems = [...notes.problems, ...notes.doubtful]
    const more = problems.length - MOST_SHOWN
    const shown = describeAll(problems.slice(0, MOST_SHOWN), notes.source)
    if (more > 0) shown.push(`… and ${more} more like these.`)
    super([...shown, LEFT_AS_IS].join('\n'))
    this.notes = notes
  }
}

/**
 * The notes, if they are sound and belong to the guide (any guide, if none is given).
 * @throws UserError with every problem and the way out. The file is not touched.
 */
export function requireSound(notes: Notes, guide?: Guide): Notes {
  const { source, problems } = notes
  if (!notes.isNotes)
    throw new UserError(
      `${source.name} is not a notes file: it names no guide and has no "answer" marks. It was left as it is. Choose another file with --notes.`,
    )
  if (problems.length > 0) throw new DamagedNotes(notes)
  if (guide && notes.guide !== undefined && notes.guide !== guide.id)
    throw new UserError(
      `${source.name} holds notes on the guide "${notes.guide}", not on "${guide.id}". Choose other notes with --notes, or the guide with --guide.`,
    )
  return notes
}

/** The ids that the notes answer and the guide does not know: kept where they are, and reported. */
export function strayIds(notes: Pick<Notes, 'answers'>, guide: Guide): QuestionId[] {
  const known = new Set(guide.questions.map(question => question.id))
  return [...notes.answers.keys()].filter(id => !known.has(id))
}

/**
 * The text of the notes with this one answer in it. Nothing else changes, not a byte; if it says that already,
 * nothing changes at all. A question that the file lacks is inserted after its predecessor in the guide.
 */
export const withAnswer = (notes: Notes, guide: Guide, id: QuestionId, answer: Answer): string =>
  withAnswers(notes, guide, new Map([[id, answer]]))

/** The same for several answers. */
export const withAnswers = (notes: Notes, guide: Guide, answers: Answers): string =>
  piecesWith(notes, guide, answers).join('')

/** That text in pieces, those that stay and those that are new: large notes need not be copied to be written. */
export function piecesWith(notes: Notes, guide: Guide, answers: Answers): string[] {
  const { text } = notes.source
  // In the guide's order, so that questions of one side come under one heading.
  const ids = [...guide.questions.map(({ id }) => id), ...answers.keys()]
  const missing = ids.find(id => answers.has(id) && !notes.spans.has(id))
  if (missing !== undefined) {
    const longer = readNotes({ ...notes.source, text: withQuestion(notes, guide, missing) })
    return piecesWith(longer, guide, answers)
  }
  const parts: string[] = []
  let from = 0
  for (const [id, span] of notes.spans) {
    const answer = answers.get(id)
    if (!answer) continue
    parts.push(text.slice(from, span.open), between(notes, id, span, answer))
    from = span.to
  }
  return [...parts, text.slice(from)]
}

/** The opening mark and the lines up to the closing one, as they stand if they say this already. */
function between(notes: Notes, id: QuestionId, span: Span, answer: Answer): string {
  const { source } = notes
  const text = normalizeAnswer(answer.text)
  const skipped = answer.skipped && text === ''
  const now = answerIn(notes, id)
  if (now.text === text && now.skipped === skipped) return source.text.slice(span.open, span.to)
  const mark = source.text.slice(span.open, span.from)
  const eol = mark.endsWith('\r\n') ? '\r\n' : '\n'
  return mark.replace(/<!-- answer: .* -->/, openMarker(id, skipped)) + escaped(text, eol)
}

/** The text of the notes with one line of an answer changed, by its number there. Nothing else changes, not a byte. */
export function withLine(
  { source, spans }: Pick<Notes, 'source' | 'spans'>,
  id: QuestionId,
  line: number,
  change: (line: string) => string,
): string {
  const { from, to } = spans.get(id) ?? { from: 0, to: 0 }
  const parts = source.text.slice(from, to).split(/(\r?\r?\n|\r)/)
  const first = parts.findIndex((part, i) => i % 2 === 0 && /[^ \t]/.test(part))
  const at = first + 2 * line
  // Marks are told, and escaped, only where a line begins after LF.
  const now = parts[at] ?? ''
  parts[at] = parts[at - 1] === '\r' ? change(now) : escapeMarker(change(unescapeMarker(now)))
  return source.text.slice(0, from) + parts.join('') + source.text.slice(to)
}

/** What the body of a file is made of, in its order: the owner's own lines, answers, and the jots. */
export type Piece = { own: string } | { answer: QuestionId } | { jots: string }

/** The body without the marks, piece by piece. */
export function pieces({ spans, jotsSpan, source, body, jots }: Notes): Piece[] {
  const marked: { span: Span; piece: Piece }[] = [...spans].map(([id, span]) => ({
    span,
    piece: { answer: id },
  }))
  if (jotsSpan) marked.push({ span: jotsSpan, piece: { jots } })
  const own = (from: number, to?: number) => ({ own: source.text.slice(from, to).replace(/\r\n/g, '\n') })
  const result: Piece[] = []
  let from = body
  for (const { span, piece } of marked.sort((a, b) => a.span.open - b.span.open)) {
    result.push(own(from, span.open), piece)
    from = span.end
  }
  return [...result, own(from)]
}

/** The text of the notes with these jots, at the end of the file where there was no place for them. */
export function withJots(notes: Notes, jots: string): string {
  const { text } = notes.source
  const span = notes.jotsSpan
  if (!span) return withJots(readNotes({ ...notes.source, text: inserted(text, text.length, JOTS) }), jots)
  if (normalizeAnswer(jots) === notes.jots) return text
  const eol = text.slice(span.open, span.from).endsWith('\r\n') ? '\r\n' : '\n'
  return text.slice(0, span.from) + escaped(jots, eol) + text.slice(span.to)
}

function withQuestion(notes: Notes, guide: Guide, id: QuestionId): string {
  const { text } = notes.source
  const at = guide.questions.findIndex(question => question.id === id)
  const question = guide.questions[at]
  if (!question) throw new Error(`withAnswer: the guide has no question "${id}"`)
  const before = guide.questions.slice(0, at).findLast(({ id }) => notes.spans.has(id))
  const sameSide = before && before.kind === question.kind && before.element === question.element
  const heading = escapeMarker(`### ${partOf(guide, question).join(' › ')}`)
  const block = [...(sameSide ? [] : [heading, '']), questionTitle(question), '', ...room(id)]
  return inserted(text, (before && notes.spans.get(before.id)?.end) ?? text.length, block)
}

function inserted(text: string, at: number, block: string[]): string {
  const eol = /\r\n/.test(text.slice(0, text.indexOf('\n') + 1)) ? '\r\n' : '\n'
  const [before, after] = [text.slice(0, at), text.slice(at)]
  const gap = before === '' || /\n\r?\n$/.test(before) ? '' : before.endsWith('\n') ? eol : eol + eol
  // The block's own last line is empty; where the file goes on with an empty line, one is enough.
  const lines = /^(?:\r?\n|$)/.test(after) ? block.slice(0, -1) : block
  return before + gap + lines.map(line => line + eol).join('') + after
}

/** What a new notes file says of itself. `file` is its name without a folder. */
export type Beginning = Omit<FrontMatter, 'guide'> & { file: string }

/** The whole guide with empty answers: the form of every new notes file, to be filled in here or in any editor. */
export function blankNotes(guide: Guide, { file, ...fields }: Beginning): string {
  const front = frontLines(guide.id, fields)
  const top = ['---', ...front, '---', '', howTo(file), '', `# ${guide.title}: notes`, '']
  const lines = [...top, ...guideLines(guide)]
  return `${lines.join('\n').trimEnd()}\n`
}

/** The whole guide below its title, as lines of Markdown, with room for an answer under each question. */
function guideLines(guide: Guide): string[] {
  const { warmup, stories, action } = guide
  const ask = (question: Question) => [questionTitle(question), '', ...room(question.id)]
  const section = (part: typeof warmup) =>
    part.questions.length > 0 ? [...sectionBlock(part), ...part.questions.flatMap(ask)] : []
  return [
    ...(guide.subtitle ? [`**${guide.subtitle}**`, ''] : []),
    ...spaced(guide.overview),
    ...[sourceLine(guide), ''],
    ...section(warmup),
    ...sectionBlock(stories),
    ...JOTS,
    ...stories.elements.flatMap(element => elementBlock(guide, element, ask)),
    ...section(action),
  ]
}

const HOW_TO = 'Write between the "answer" marks and leave the marks.'

/** Whether a line is our own comment that tells a reader of the plain file where to write. */
export const isHowTo = (line: string) => line.startsWith(`<!-- ${HOW_TO}`)

function howTo(file: string): string {
  const isSafe = /^[\w. -]+$/.test(file) && !file.includes('--')
  const goOn = isSafe ? `To go on: pl-stories --notes ${/ /.test(file) ? `"${file}"` : file} ` : ''
  return `<!-- ${HOW_TO} To skip a question, write (skipped) after the id in its mark. ${goOn}-->`
}

export const sourceLine = ({ source: { publisher, url, note } }: Guide): string =>
  escapeMarker(`*Publisher: ${publisher}${url ? `, <${url}>` : ''}.${note ? ` ${note}` : ''}*`)

const spaced = (paragraphs: readonly string[]) =>
  paragraphs.flatMap(paragraph => [escapeMarker(paragraph), ''])

function sectionBlock(section: Section): string[] {
  return [`## ${section.title}`, '', ...spaced(section.intro), ...spaced(unnamedLinks(section))]
}

function elementBlock({ labels }: Guide, element: Element, ask: (question: Question) => string[]): string[] {
  const side = (title: string, intro: string[], questions: Question[]) =>
    questions.length === 0 ? [] : [`#### ${title}`, '', ...spaced(intro), ...questions.flatMap(ask)]
  return [
    ...[`### ${element.title}`, ''],
    ...spaced(element.framing),
    ...side(capitalized(labels.story), [], element.story),
    ...side(capitalized(labels.comparison), element.leadIn, element.comparison),
  ]
}

export const questionTitle = ({ text, number, of }: Question): string =>
  escapeMarker(`**${of > 1 ? `${number}. ` : ''}${text.replace(/\s*\n\s*/g, ' ')}**`)
