import { distance } from 'fastest-levenshtein'

/**
 * A mistake the person can fix. The message says what is wrong, where, and what to do next; it is
 * printed without a stack. Exit code 1: a part was done. Exit code 2: the request or an input is wrong and nothing was
 * written. Exit code 3: the notes or an output could not be written.
 */
export class UserError extends Error {
  readonly exitCode: 1 | 2 | 3
  constructor(message: string, exitCode: 1 | 2 | 3 = 2) {
    super(message)
    this.name = 'UserError'
    this.exitCode = exitCode
  }
}

/** The message of a mistake that the person can fix; any other error is thrown on. */
export function sentenceOf(error: unknown): string {
  if (error instanceof UserError) return error.message
  throw error
}

/** For `catch`: nothing, where the person made a mistake; any other error is thrown on. */
export function orNothing(error: unknown): undefined {
  sentenceOf(error)
  return undefined
}

/** The person has left before anything was begun; nothing is wrong and nothing need be said. */
export class Stopped extends Error {
  readonly exitCode: number
  constructor(exitCode: number) {
    super('stopped')
    this.name = 'Stopped'
    this.exitCode = exitCode
  }
}

/** One thing wrong in a file. `line` and `column` count from 1; without a column the whole line is meant. */
export interface Diagnostic {
  line: number
  column?: number
  message: string
  hint?: string
}

/** A text with the name people know it by, so that a problem can be shown where it stands. */
export interface Source {
  name: string
  text: string
}

/** What is shown of a line fits an 80-column screen, so that the caret stands right below its row. */
const LONGEST_SHOWN = 72

/** `file:line:column: what`, the line itself with a caret, and the remedy. */
function describe({ line, column, message, hint }: Diagnostic, name: string, whole: string): string {
  const rows = [`${name}:${line}${column === undefined ? '' : `:${column}`}: ${message}`]
  if (column !== undefined && stripControls(whole).trim() !== '') {
    const around = whole.slice(Math.max(0, column - LONGEST_SHOWN / 2), column + LONGEST_SHOWN)
    const size = wide().test(around) ? LONGEST_SHOWN / 2 : LONGEST_SHOWN
    const from = Math.max(0, column - size / 2)
    const shown = (to: number) => stripControls(whole.slice(from, to))
    rows.push(`    ${shown(from + size).trimEnd()}`, `    ${blank(shown(column - 1))}^`)
  }
  if (hint) rows.push(`  ${hint}`)
  return rows.join('\n')
}

/** Spaces as wide as a text is on a screen. */
const blank = (text: string) =>
  text
    .replace(/[\p{M}\p{Cf}]/gu, '')
    .replace(wide(), '  ')
    .replace(/./gu, ' ')

/** As wide as two letters. */
export const wide = () =>
  /[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Hangul}\p{Emoji_Presentation}\uff01-\uff60]/gu

/** Each problem of one text as {@link describe} has it, in the order of the text. */
export function describeAll(problems: readonly Diagnostic[], { name, text }: Source): string[] {
  if (problems.length === 0) return []
  // A tab would move the caret away from its place.
  const lines = text
    .replace(/^\ufeff/, '')
    .replaceAll('\t', ' ')
    .split('\n')
  return problems
    .toSorted((a, b) => a.line - b.line || (a.column ?? 0) - (b.column ?? 0))
    .map(problem => describe(problem, name, lines[problem.line - 1] ?? ''))
}

/** Every problem of one text as a single error, in the order of the text. */
export const problemsError = (problems: readonly Diagnostic[], source: Source) =>
  new UserError(describeAll(problems, source).join('\n'))

/** `Did you mean "…"?` for the nearest of the candidates, or an empty text if none is near. */
export function didYouMean(word: string, candidates: readonly string[]): string {
  const meant = nearest(word, candidates)
  return meant === undefined ? '' : `Did you mean "${meant}"?`
}

/** What is wrong with a word that is none of these names, and the nearest or all of them. */
export const noneOf = (
  kind: string,
  word: string,
  names: readonly string[],
  all = `${kind[0]?.toUpperCase()}${kind.slice(1)}s`,
): [message: string, hint: string] => [
  `there is no ${kind} "${word}"`,
  didYouMean(word, names) || `${all}: ${names.join(', ')}.`,
]

/** The same as an error: `There is no format "doc". Did you mean "docx"?` */
export function noSuch(kind: string, word: string, names: readonly string[], all?: string): UserError {
  const [message, hint] = noneOf(kind, word, names, all)
  return new UserError(`T${message.slice(1)}. ${hint}`)
}

/** The name that a word means in any case. @throws UserError that names the nearest one, or all of them. */
export function oneOf<Name extends string>(kind: string, word: string, names: readonly Name[], all?: string) {
  const name = names.find(each => each.toLowerCase() === word.toLowerCase())
  if (name === undefined) throw noSuch(kind, word, names, all)
  return name
}

/** The candidate that was probably meant, if one is near. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const given = word.toLowerCase()
  if (given === '') return undefined
  const lower = candidates.map(candidate => candidate.toLowerCase())
  const far = lower.map(each => distance(given, each))
  const least = far.toSorted((a, b) => a - b)[0] ?? 0
  const at = far.indexOf(least)
  const { length } = lower[at] ?? ''
  // What has no letter in common is no near miss, however short it is.
  if (least < Math.max(given.length, length) && least <= Math.max(1, Math.floor(length / 2.5)))
    return candidates[at]
  return candidates[lower.findIndex(each => isFormOf(given, each) || isMixedUp(given, each))]
}

/** Letters in another order are two mistakes each, and mostly one slip. */
const isMixedUp = (one: string, other: string) =>
  one.length > 3 && one[0] === other[0] && [...one].sort().join('') === [...other].sort().join('')

/** Whether two are forms of one word, as `stories` and `story` are. */
const isFormOf = (one: string, other: string) =>
  one.slice(0, 4) === other.slice(0, 4) &&
  Math.min(one.length, other.length) >= 4 &&
  Math.abs(one.length - other.length) <= 3

/** The text without control characters, which could steer the terminal. Tabs and line feeds stay. */
export const stripControls = (text: string): string =>
  text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '')

const LEAST_COLUMNS = 20

/**
 * The text with its lines broken at words to fit a window. Those to be copied stay: lines that are far indented, which
 * show a place in a file, lines with a command, and longer words, which may be paths.
 */
export function inColumns(text: string, columns: number | undefined): string {
  // Who has no such window, or says that it has no width, breaks lines themselves.
  if (columns === undefined || columns < LEAST_COLUMNS) return text
  return text
    .split('\n')
    .map(line => {
      if (line.length <= columns || /^ {4}| (?:pl-stories|npm start) /.test(line)) return line
      const indent = /^ */.exec(line)?.[0] ?? ''
      const fitting = new RegExp(`(?!\\s)(?:.{1,${columns - indent.length}}|\\S+)(?:\\s+|$)`, 'gy')
      const rows = line.slice(indent.length).match(fitting) ?? [line]
      return rows.map(row => indent + row.trimEnd()).join('\n')
    })
    .join('\n')
}
