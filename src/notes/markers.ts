import { normalizeAnswer } from '../domain/answers.ts'
import type { Diagnostic } from '../domain/errors.ts'
import { ID, type QuestionId } from '../domain/guide.ts'

/*
 * The notes file as text in, text out. What stands between the marks is ours to read and to replace;
 * every other byte is the user's. A line that resembles a mark is made harmless with a backslash, one more
 * each time it is written and one fewer each time it is read, so that any text survives, our own marks included.
 */
const RESEMBLES = /^([ \t]*<!--[ \t]*)(\\*)(?=\/?(?:answer|jots)\b)/
const ESCAPED = /^([ \t]*<!--[ \t]*)\\(?=\\*\/?(?:answer|jots)\b)/
const UNESCAPED = /^[ \t]*<!--[ \t]*\/?(?:answer|jots)\b/
const OPEN_MARK = /^<!-- answer: (\S+?)( \(skipped\))? -->$/

interface Line {
  /** Without its end. */
  text: string
  from: number
  end: number
}

/**
 * The first line that matches, from an offset at which one begins. Each match holds a `sign`, which is quickly found.
 * Lines end at LF alone; the m flag of a pattern would end them at CR and U+2028, too.
 */
function lineLike(text: string, pattern: RegExp, sign: RegExp, start = 0): Line | undefined {
  sign.lastIndex = start
  while (sign.test(text)) {
    const at = sign.lastIndex - 1
    const from = Math.max(start, text.lastIndexOf('\n', at) + 1)
    const lf = text.indexOf('\n', at)
    const end = lf === -1 ? text.length : lf + 1
    const to = lf === -1 ? end : lf > from && text[lf - 1] === '\r' ? lf - 1 : lf
    const whole = text.slice(from, to)
    if (pattern.test(whole)) return { text: whole, from, end }
    sign.lastIndex = end
  }
  return undefined
}

/** All of them. */
function linesLike(text: string, pattern: RegExp, sign: RegExp, start = 0): Line[] {
  const found: Line[] = []
  for (let next = lineLike(text, pattern, sign, start); next; next = lineLike(text, pattern, sign, next.end))
    found.push(next)
  return found
}

/** Tells the line of each offset, counted from 1; offsets must not go back. */
function lineCounter(text: string): (offset: number) => number {
  let line = 1
  let next = text.indexOf('\n')
  return offset => {
    for (; next !== -1 && next < offset; next = text.indexOf('\n', next + 1)) line++
    return line
  }
}

const MARK_SIGN = /<!--/g

/** Where the first line that resembles a mark begins; the end of the text if there is none. */
export const firstMarker = (text: string): number => lineLike(text, RESEMBLES, MARK_SIGN)?.from ?? text.length

/** Whether a text holds a mark at the beginning of a line, as notes do; texts in YAML are indented. */
export const holdsMark = (text: string): boolean =>
  lineLike(text, /^\ufeff?<!--[ \t]*\/?(?:answer|jots)\b/, MARK_SIGN) !== undefined

/** Offsets into the text: of the line of the opening mark, of what stands between the marks, and of what follows. */
export interface Span {
  open: number
  from: number
  to: number
  end: number
  line: number
}

export interface Mark {
  kind: 'answer' | '/answer' | 'jots' | '/jots' | 'malformed'
  id: QuestionId
  skipped: boolean
  from: number
  end: number
  line: number
}

/** Every line that resembles a mark and has no backslash. A `malformed` one is text if it stands in an answer. */
export function marksIn(text: string, start: number): Mark[] {
  const lineAt = lineCounter(text)
  return linesLike(text, UNESCAPED, MARK_SIGN, start).map(({ text: whole, from, end }): Mark => {
    const { kind, id, skipped } = markOf(withoutBlanks(whole))
    return { kind, id, skipped, from, end, line: lineAt(from) }
  })
}

/** A pattern for the end would try every blank of a long line. */
function withoutBlanks(line: string): string {
  let end = line.length
  while (end > 0 && ' \t'.includes(line.charAt(end - 1))) end--
  return line.slice(0, end).replace(/^[ \t]+/, '')
}

function markOf(line: string): Pick<Mark, 'kind' | 'id' | 'skipped'> {
  const answer = OPEN_MARK.exec(line)
  if (answer?.[1] && ID.test(answer[1]))
    return { kind: 'answer', id: answer[1], skipped: answer[2] !== undefined }
  return { kind: OTHER_MARKS.get(line) ?? 'malformed', id: '', skipped: false }
}
const OTHER_MARKS = new Map((['/answer', 'jots', '/jots'] as const).map(kind => [`<!-- ${kind} -->`, kind]))

/** What word processors and web pages make of a mark, such as `‹!— answer: warmup —>` or `\\<!-- answer: warmup --\>`. */
const ONCE_A_MARK =
  /^[ \t\\]{0,9}(?:[<‹«]|&lt;)[ \t\\]{0,9}!?[ \t]{0,9}[-–—]{1,9}[ \t]{0,9}(?:(\/(?:answer|jots)|jots)|answer[ \t]{0,9}:[ \t]{0,9}([\w.-]{0,99}\w)[ \t]{0,9}(\(skipped\))?)[ \t]{0,9}[-–—\\]{1,9}(?:[>›»]|&gt;)[ \t\r]{0,9}$/i
const ONCE_A_SIGN = /[<‹«]|&lt;/g

/** The mark that a line was before a tool changed its punctuation; undefined if it was none. */
export function onceAMark(line: string): string | undefined {
  const [whole, other, id = '', skipped] = ONCE_A_MARK.exec(line) ?? []
  if (whole === undefined) return undefined
  return `<!-- ${other?.toLowerCase() ?? `answer: ${id.toLowerCase()}${skipped ? ' (skipped)' : ''}`} -->`
}

/** Marks whose punctuation was changed, in parts of a text, which come in its order. */
function spoiltMarks(text: string, parts: readonly Pick<Span, 'to' | 'from'>[]): Diagnostic[] {
  const lineAt = lineCounter(text)
  const found: Diagnostic[] = []
  const message = 'this was a mark, but its punctuation was changed (often by autocorrect)'
  for (const { from: start, to } of parts)
    for (const { text: whole, from } of linesLike(text.slice(start, to), ONCE_A_MARK, ONCE_A_SIGN))
      found.push({ line: lineAt(start + from), message, hint: `Write ${onceAMark(whole)} in its place.` })
  return found
}

/** What git writes around two versions, with the lines of each of its markers. */
function conflicts(text: string): Diagnostic[] {
  const found: Diagnostic[] = []
  if (!text.includes('<<<<<<< ')) return found
  const lineAt = lineCounter(text)
  let lines: number[] = []
  for (const { text: whole, from } of linesLike(text, CONFLICT, CONFLICT_SIGN)) {
    if (whole.startsWith('<')) lines = []
    else if (lines.length === 0) continue
    lines.push(lineAt(from))
    if (!whole.startsWith('>') || lines.length < 3) continue
    const message = `git conflict markers (lines ${lines.join(', ')})`
    const hint = 'Keep the words you want between them, and delete these lines.'
    found.push({ line: lines[0] ?? 1, message, hint })
    lines = []
  }
  return found
}

const CONFLICT = /^(?:<{7} |\|{7} |={7}$|>{7} )/
const CONFLICT_SIGN = /<{7} |\|{7} |={7}|>{7} /g

/** What the marks of a text enclose, and every mark that is not in order. */
export interface MarkedText {
  /** In the order of the text. */
  spans: Map<QuestionId, Span>
  skipped: Set<QuestionId>
  jotsSpan?: Span
  problems: Diagnostic[]
  /** Whether the text has any mark at all. */
  any: boolean
}

/** Reads the marks of a text from an offset on. */
export function readMarkers(text: string, start: number): MarkedText {
  const found: MarkedText = { spans: new Map(), skipped: new Set(), problems: [], any: false }
  const outside: Pick<Span, 'to' | 'from'>[] = []
  let open: Mark | undefined
  let from = start
  for (const mark of marksIn(text, start)) {
    if (mark.kind === 'malformed') {
      if (!open) found.problems.push(PROBLEM.malformed(mark))
      continue
    }
    found.any = true
    // What an answer without an end holds is searched for its spoilt end.
    if (!open || mark.kind !== `/${open.kind}`) outside.push({ from, to: mark.from })
    if (mark.kind === 'answer' || mark.kind === 'jots') {
      if (open) found.problems.push(PROBLEM.nested(open, mark))
      if (FENCE.test(text.slice(Math.max(0, mark.from - 20), mark.from)))
        found.problems.push(PROBLEM.fenced(mark))
      open = mark
      from = mark.end
      continue
    }
    if (!open || mark.kind !== `/${open.kind}`) found.problems.push(PROBLEM.stray(mark))
    else {
      enclose(found, open, mark)
      open = undefined
    }
    from = mark.end
  }
  if (open) found.problems.push(PROBLEM.unclosed(open))
  outside.push({ from, to: text.length })
  const spoilt = spoiltMarks(text, outside)
  found.problems = withSpoilt(found.problems, spoilt)
  found.any ||= spoilt.length > 0
  return found
}

/** The line by which pandoc begins raw HTML, just before a mark. */
const FENCE = /(?:^|\n)```\{=html\}\r?\n$/

/** A beginning that was spoilt leaves an end without a beginning, and one that resembles a mark is told already. */
function withSpoilt(problems: Diagnostic[], spoilt: Diagnostic[]): Diagnostic[] {
  const lines = spoilt.map(({ line }) => line)
  const isTold = ({ line, message }: Diagnostic) =>
    lines.includes(line) || (message.endsWith(STRAY) && (lines[0] ?? Number.POSITIVE_INFINITY) < line)
  return [...problems.filter(problem => !isTold(problem)), ...spoilt]
}

/** What does not keep notes from being read, and may not be meant: marks of git, and spoilt marks inside answers. */
export function doubtfulLines(text: string, spans: Iterable<Span>): Diagnostic[] {
  return [...conflicts(text), ...spoiltMarks(text, [...spans])]
}

function enclose(found: MarkedText, open: Mark, close: Mark): void {
  const span = { open: open.from, from: open.end, to: close.from, end: close.end, line: open.line }
  const before = open.kind === 'jots' ? found.jotsSpan : found.spans.get(open.id)
  if (before) found.problems.push(PROBLEM.twice(open, before))
  else if (open.kind === 'jots') found.jotsSpan = span
  else found.spans.set(open.id, span)
  if (open.skipped) found.skipped.add(open.id)
}

const named = (mark: Mark) => (mark.kind === 'jots' ? 'the jots' : `the answer to "${mark.id}"`)
const endOf = (mark: Mark) => `the end mark of ${named(mark)}`
const closeIt = (mark: Mark) => `Put <!-- /${mark.kind} --> on a line of its own where it ends.`

const STRAY = 'ends nothing here'

/** What can be wrong with marks, and how to fix it. */
const PROBLEM = {
  malformed: (mark: Mark) =>
    at(
      mark,
      'this looks like a mark but is not written like one',
      'Marks are <!-- answer: ID -->, <!-- /answer -->, <!-- jots --> and <!-- /jots -->, each alone on its line.',
    ),
  nested(open: Mark, inner: Mark) {
    const next = `${named(inner)} ${inner.kind === 'jots' ? 'begin' : 'begins'}`
    return at(open, `${endOf(open)} is missing (before line ${inner.line}, where ${next})`, closeIt(open))
  },
  stray: (mark: Mark) =>
    at(
      mark,
      `<!-- ${mark.kind} --> ${STRAY}`,
      'Put <!-- answer: ID --> on a line of its own above the text, or delete this line if there is no text.',
    ),
  fenced: (mark: Mark) =>
    at(
      mark,
      'a tool has put a code fence around this mark',
      'Delete the lines ```{=html} and ``` around it.',
    ),
  twice(again: Mark, first: Span) {
    const are = again.kind === 'jots' ? 'are' : 'is'
    const message = `${named(again)} ${are} here a second time (first in line ${first.line})`
    return at(again, message, 'Keep one of the two, and move what you want to keep into it.')
  },
  unclosed: (open: Mark) => at(open, `${endOf(open)} is missing`, closeIt(open)),
}

const at = ({ line }: Mark, message: string, hint: string): Diagnostic => ({ line, message, hint })

/** The lines between two marks as the text they stand for. */
export function unescapeMarker(between: string): string {
  if (!between.includes('\r') && !between.includes('<!--')) return between.replace(/\n$/, '')
  const lines = between.replace(/\n$/, '').split('\n')
  return lines.map(line => line.replace(/\r$/, '').replace(ESCAPED, '$1')).join('\n')
}

/** A text as the lines between two marks; one empty line to write on where there is no text. */
export function escaped(text: string, eol: string): string {
  const whole = normalizeAnswer(text)
  // A megabyte of lines is not looked at one by one where none can resemble a mark.
  if (eol === '\n' && !whole.includes('<!--')) return `${whole}\n`
  return whole
    .split('\n')
    .map(line => escapeMarker(line) + eol)
    .join('')
}

export const escapeMarker = (line: string) => line.replace(RESEMBLES, '$1$2\\')

export const openMarker = (id: QuestionId, skipped: boolean): string =>
  `<!-- answer: ${id}${skipped ? ' (skipped)' : ''} -->`

/** An answer's place in a blank form, with a line to write on. */
export const room = (id: QuestionId) => [openMarker(id, false), '', '<!-- /answer -->', '']

/** The place of the watching notes in a blank form. */
export const JOTS = ['<!-- jots -->', '', '<!-- /jots -->', '']
