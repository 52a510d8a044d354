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
const OPEN_MARK = /^<!-- answer: (\S+?)( \(skipped\))? -->$/

interface Line {
  /** Without its end. */
  text: string
  from: number
  end: number
  line: number
}

/**
 * The lines of a text that match, from an offset on, which stands at the beginning of a line. Each match holds one of
 * `signs`. Lines end at LF alone; the m flag of a pattern would end them at CR and U+2028, too.
 */
function* linesLike(
  text: string,
  pattern: RegExp,
  signs: readonly string[],
  start = 0,
  startLine = 1,
): Generator<Line> {
  const next = signs.map(sign => text.indexOf(sign, start))
  let line = startLine
  let counted = start
  let end = start
  for (;;) {
    let at = text.length
    for (const [i, sign] of signs.entries()) {
      if ((next[i] ?? -1) >= 0 && (next[i] ?? -1) < end) next[i] = text.indexOf(sign, end)
      const found = next[i] ?? -1
      if (found >= 0) at = Math.min(at, found)
    }
    if (at === text.length) return
    const from = Math.max(start, text.lastIndexOf('\n', at) + 1)
    const lf = text.indexOf('\n', at)
    end = lf === -1 ? text.length : lf + 1
    const whole = text.slice(from, end).replace(/\r?\n$/, '')
    if (!pattern.test(whole)) continue
    for (let lf = text.indexOf('\n', counted); lf !== -1 && lf < from; lf = text.indexOf('\n', lf + 1)) {
      line++
      counted = lf + 1
    }
    yield { text: whole, from, end, line }
  }
}

const MARK_SIGNS = ['<!--']

/** Where the first line that resembles a mark begins; the end of the text if there is none. */
export function firstMarker(text: string): number {
  for (const { from } of linesLike(text, RESEMBLES, MARK_SIGNS)) return from
  return text.length
}

/** Whether a text holds a mark at the beginning of a line, as notes do; texts in YAML are indented. */
export function holdsMark(text: string): boolean {
  return !linesLike(text, /^\ufeff?<!--[ \t]*\/?(?:answer|jots)\b/, MARK_SIGNS).next().done
}

/** Offsets into the text: of the line of the opening mark, of what stands between the marks, and of what follows. */
export interface Span {
  open: number
  from: number
  to: number
  end: number
  line: number
}

interface Mark {
  kind: 'answer' | '/answer' | 'jots' | '/jots' | 'malformed'
  id: QuestionId
  skipped: boolean
  from: number
  end: number
  line: number
}

/** Every line that resembles a mark and has no backslash. A `malformed` one is text if it stands in an answer. */
function* marksIn(text: string, start: number, startLine: number): Generator<Mark> {
  for (const { text: whole, from, end, line } of linesLike(text, RESEMBLES, MARK_SIGNS, start, startLine))
    if (RESEMBLES.exec(whole)?.[2] === '') yield { ...markOf(withoutBlanks(whole)), from, end, line }
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
  const kind = (['/answer', 'jots', '/jots'] as const).find(each => line === `<!-- ${each} -->`)
  return { kind: kind ?? 'malformed', id: '', skipped: false }
}

/** What word processors and web pages make of a mark, such as `‹!— answer: warmup —>` or `\\<!-- answer: warmup --\>`. */
const ONCE_A_MARK =
  /^[ \t\\]{0,9}(?:[<‹«]|&lt;)[ \t\\]{0,9}!?[ \t]{0,9}[-–—]{1,9}[ \t]{0,9}(?:(\/(?:answer|jots)|jots)|answer[ \t]{0,9}:[ \t]{0,9}([\w.-]{1,99})[ \t]{0,9}(\(skipped\))?)[ \t]{0,9}[-–—\\]{1,9}(?:[>›»]|&gt;)[ \t\r]{0,9}$/i
const SIGNS = ['<', '‹', '«', '&lt;']

/** Every line that was a mark before a tool changed its punctuation. */
export function brokenMarkers(text: string): Diagnostic[] {
  const found: Diagnostic[] = []
  for (const { text: whole, line } of linesLike(text, ONCE_A_MARK, SIGNS)) {
    if (RESEMBLES.test(whole)) continue
    const [, other, id = '', skipped] = ONCE_A_MARK.exec(whole) ?? []
    const mark = other?.toLowerCase() ?? `answer: ${id.toLowerCase()}${skipped ? ' (skipped)' : ''}`
    const message = 'this was a mark, but its punctuation was changed (often by autocorrect)'
    found.push({ line, message, hint: `Write <!-- ${mark} --> in its place.` })
  }
  return found
}

/** What the marks of a text enclose, and every mark that is not in order. */
export interface MarkedText {
  spans: Map<QuestionId, Span>
  skipped: Set<QuestionId>
  jotsSpan?: Span
  problems: Diagnostic[]
  /** Whether the text has any mark at all. */
  any: boolean
}

/** Reads the marks of a text from an offset on, which stands in line `startLine`. */
export function readMarkers(text: string, start: number, startLine: number): MarkedText {
  const found: MarkedText = { spans: new Map(), skipped: new Set(), problems: [], any: false }
  let open: Mark | undefined
  for (const mark of marksIn(text, start, startLine)) {
    if (mark.kind === 'malformed') {
      if (!open) found.problems.push(PROBLEM.malformed(mark))
      continue
    }
    found.any = true
    if (mark.kind === 'answer' || mark.kind === 'jots') {
      if (open) found.problems.push(PROBLEM.nested(open, mark))
      open = mark
    } else if (!open || mark.kind !== `/${open.kind}`) {
      found.problems.push(PROBLEM.stray(mark))
    } else {
      enclose(found, open, mark)
      open = undefined
    }
  }
  if (open) found.problems.push(PROBLEM.unclosed(open))
  return found
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

/** What can be wrong with marks, and how to fix it. */
const PROBLEM = {
  malformed: ({ line }: Mark): Diagnostic => ({
    line,
    message: 'this looks like a mark but is not written like one',
    hint: 'Marks are <!-- answer: ID -->, <!-- /answer -->, <!-- jots --> and <!-- /jots -->, each alone on its line.',
  }),
  nested: (open: Mark, inner: Mark): Diagnostic => ({
    line: open.line,
    message: `${endOf(open)} is missing (before line ${inner.line}, where ${named(inner)} ${inner.kind === 'jots' ? 'begin' : 'begins'})`,
    hint: closeIt(open),
  }),
  stray: ({ line, kind }: Mark): Diagnostic => ({
    line,
    message: `<!-- ${kind} --> ends nothing here`,
    hint: 'Put <!-- answer: ID --> on a line of its own above the text, or delete this line if there is no text.',
  }),
  twice: (again: Mark, first: Span): Diagnostic => ({
    line: again.line,
    message: `${named(again)} ${again.kind === 'jots' ? 'are' : 'is'} here a second time (first in line ${first.line})`,
    hint: 'Keep one of the two, and move what you want to keep into it.',
  }),
  unclosed: (open: Mark): Diagnostic => ({
    line: open.line,
    message: `${endOf(open)} is missing`,
    hint: closeIt(open),
  }),
}

/** The lines between two marks as the text they stand for. */
export function unescapeMarker(between: string): string {
  if (!between.includes('\r') && !between.includes('<!--')) return between.replace(/\n$/, '')
  const lines = between.replace(/\n$/, '').split('\n')
  return lines.map(line => line.replace(/\r$/, '').replace(ESCAPED, '$1')).join('\n')
}

/** A text as the lines to stand between two marks; one empty line to write on where there is no text. */
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

export function openMarker(id: QuestionId, skipped: boolean): string {
  return `<!-- answer: ${id}${skipped ? ' (skipped)' : ''} -->`
}

/** An answer's place in a blank form, with a line to write on. */
export const room = (id: QuestionId) => [openMarker(id, false), '', '<!-- /answer -->', '']

/** The place of the watching notes in a blank form. */
export const JOTS = ['<!-- jots -->', '', '<!-- /jots -->', '']
