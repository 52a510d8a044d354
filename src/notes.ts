import { type Answer, type Answers, answerTo, type State, stateOf, stored } from './answers.ts'
import { type Problem, problemsError, type Source, UserError } from './errors.ts'
import { questionTitle } from './form.ts'
import { type FrontMatter, readFrontMatter } from './front-matter.ts'
import { type Guide, partOf, type Question, type QuestionId } from './guide.ts'
import { escaped, harmless, JOTS, openMark, readMarks, room, type Span, unescaped } from './marks.ts'

export interface Notes extends FrontMatter {
  source: Source
  answers: Answers
  /** The watching notes, one a line, as they stand. */
  jots: string
  /** Whether there is anything that makes this file notes: a guide named in front, or a mark. */
  isNotes: boolean
  problems: Problem[]
  spans: ReadonlyMap<QuestionId, Span>
  /** The ids whose mark says so. */
  skipped: ReadonlySet<QuestionId>
  jotsSpan?: Span
  /** Offset of the first character after the front matter. */
  body: number
}

/** Reads any text as notes. Never throws: what is wrong with the file stands in `problems`. */
export function readNotes(source: Source): Notes {
  const { text } = source
  const front = readFrontMatter(text)
  const found = readMarks(text, front.body, front.bodyLine)
  let answers: Answers | undefined
  const { jotsSpan } = found
  return {
    ...front.fields,
    source,
    /** Taken out of the text when they are asked for: a save in notes of many MB is about one of them. */
    get answers() {
      answers ??= new Map([...found.spans.keys()].map(id => [id, answerIn({ source, ...found }, id)]))
      return answers
    },
    jots: jotsSpan ? stored(unescaped(text.slice(jotsSpan.from, jotsSpan.to))) : '',
    isNotes: front.fields.guide !== undefined || found.any,
    problems: [...front.problems, ...found.problems],
    spans: found.spans,
    skipped: found.skipped,
    ...(jotsSpan && { jotsSpan }),
    body: front.body,
  }
}

/** One answer as it stands in the notes. */
export function answerIn(
  { source, spans, skipped }: Pick<Notes, 'source' | 'spans' | 'skipped'>,
  id: QuestionId,
): Answer {
  const span = spans.get(id)
  const text = span ? stored(unescaped(source.text.slice(span.from, span.to))) : ''
  return { text, skipped: text === '' && skipped.has(id) }
}

/**
 * The notes, if they are sound and belong to the guide (any guide, if none is given).
 * @throws UserError with every problem and the way out. The file is not touched.
 */
export function requireSound(notes: Notes, guide?: Guide): Notes {
  const { source, problems } = notes
  if (!notes.isNotes) {
    throw new UserError(
      `${source.name} is not a notes file: it names no guide and has no "answer" marks. It was left as it is. Choose another file with --notes.`,
    )
  }
  if (problems.length > 0) {
    throw problemsError(
      problems,
      source,
      '\nThe file was left as it is. Mend the lines above in any editor, then try again.',
    )
  }
  if (guide && notes.guide !== undefined && notes.guide !== guide.id) {
    throw new UserError(
      `${source.name} holds notes on the guide "${notes.guide}", not on "${guide.id}". Choose other notes with --notes, or the guide with --guide.`,
    )
  }
  return notes
}

/** The ids that the notes answer and the guide does not know: kept where they are, and told of. */
export function strayIds(notes: Pick<Notes, 'answers'>, guide: Guide): QuestionId[] {
  const known = new Set(guide.questions.map(question => question.id))
  return [...notes.answers.keys()].filter(id => !known.has(id))
}

/**
 * The text of the notes with this one answer in it. Nothing else changes, not a byte; if it says that already,
 * nothing changes at all. A question that the file lacks is inserted after its predecessor in the guide.
 */
export function withAnswer(notes: Notes, guide: Guide, id: QuestionId, answer: Answer): string {
  const { text } = notes.source
  const wanted = {
    text: stored(answer.text),
    skipped: answer.skipped && stored(answer.text) === '',
  }
  const span = notes.spans.get(id)
  if (!span)
    return withAnswer(readNotes({ ...notes.source, text: withQuestion(notes, guide, id) }), guide, id, answer)
  const now = answerIn(notes, id)
  if (now.text === wanted.text && now.skipped === wanted.skipped) return text
  const mark = text.slice(span.open, span.from)
  const eol = mark.endsWith('\r\n') ? '\r\n' : '\n'
  const newMark = mark.replace(/<!-- answer: .* -->/, openMark(id, wanted.skipped))
  return text.slice(0, span.open) + newMark + escaped(wanted.text, eol) + text.slice(span.to)
}

/** The lines of the body with each answer as `said` puts it, without the marks; jots stand where they stood. */
export function withoutMarks(notes: Notes, said: (text: string, state: State) => string[]): string[] {
  const { spans, jotsSpan, source, body, answers } = notes
  const parts = [...spans].map(([id, span]) => ({
    span,
    lines: () => said(answerTo(answers, id).text, stateOf(answers, id)),
  }))
  if (jotsSpan) parts.push({ span: jotsSpan, lines: () => notes.jots.split('\n') })
  parts.sort((a, b) => a.span.open - b.span.open)
  const plain = (from: number, to: number) =>
    source.text
      .slice(from, to)
      .replace(/\n$/, '')
      .split('\n')
      .map(line => line.replace(/\r$/, ''))
  const lines: string[] = []
  let from = body
  for (const { span, lines: between } of parts) {
    lines.push(...plain(from, span.open), ...between())
    from = span.end
  }
  return [...lines, ...plain(from, source.text.length)]
}

/** The text of the notes with these jots, at the end of the file where there was no place for them. */
export function withJots(notes: Notes, jots: string): string {
  const { text } = notes.source
  const span = notes.jotsSpan
  if (!span) return withJots(readNotes({ ...notes.source, text: appended(text, JOTS) }), jots)
  if (stored(jots) === notes.jots) return text
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
  const block = [
    ...(sameSide ? [] : [heading(question, guide), '']),
    questionTitle(question),
    '',
    ...room(id),
  ]
  const end = before && notes.spans.get(before.id)?.end
  return end === undefined ? appended(text, block) : inserted(text, end, block)
}

/** Under which heading a question stands that comes to a file without its section. */
function heading(question: Question, guide: Guide): string {
  return harmless(`### ${partOf(guide, question).join(' › ')}`)
}

function appended(text: string, block: string[]): string {
  return inserted(text, text.length, block)
}

function inserted(text: string, at: number, block: string[]): string {
  const eol = /\r\n/.test(text.slice(0, text.indexOf('\n') + 1)) ? '\r\n' : '\n'
  const before = text.slice(0, at)
  const after = text.slice(at)
  const gap = before === '' || /\n\r?\n$/.test(before) ? '' : before.endsWith('\n') ? eol : eol + eol
  // The block's own last line is empty; where the file goes on with an empty line, one is enough.
  const lines = /^(?:\r?\n|$)/.test(after) ? block.slice(0, -1) : block
  return before + gap + lines.map(line => line + eol).join('') + after
}
