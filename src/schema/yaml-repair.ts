import type { Problem } from '../domain/errors.ts'

/*
 * A text that is no YAML hides whatever else is wrong in it. So each fault is mended, in memory and line for line, as
 * its remedy says, and the rest is read on. Where it cannot be known what was meant, the value or the line is left
 * out; what is then found at such a line is no news.
 */

/**
 * How a fault is mended. `cut`: the value is left out, with the lines that belong to it. `drop`: the lines of text are
 * left out. `shift`: the names are moved to the column of their neighbors. `align`: the items are moved below the others. `space`, `colon`: put behind the name.
 * `dash`: put in front of it. `tabs`: spaces in their place. `deepen`: moved to the column of the line below it.
 */
export type Mend = 'cut' | 'drop' | 'shift' | 'align' | 'space' | 'colon' | 'dash' | 'tabs' | 'deepen'

/** The two ways to write a text in YAML that need no care: its lines as they are, or joined to paragraphs. */
export type Block = '|-' | '>-'
export const asBlock = (block: Block, first = 'Write the text') =>
  `${first} as a block: "${block}", and the text on the next line, indented.`

/** Something that is no YAML: `pos` is where it is told of, `from` an offset in the line that is to be mended. */
export interface Fault extends Omit<Problem, 'line' | 'column'> {
  pos: number
  from: number
  /** Without it, there is no telling what was meant. */
  mend?: Mend
  /** Whether nothing else comes of it, so that it can be told of together with what stands below. */
  local?: boolean
}

/** `  - text: What?`: what stands in front of the value. */
const BEFORE_VALUE = /^([ \t]*(?:- +)*)(?:(?:[\w.-]+|"[^"]*"|'[^']*')[ \t]*:(?=\s|$))?/

/** An item of a list that begins with a name. */
export const isItem = (line: string) => /^\s*- +[\w.-]+[ \t]*:(?:\s|$)/.test(line)
export const isNamed = (line: string) => /^\s*(?:- +)*[\w.-]+[ \t]*:(?:\s|$)/.test(line)
export const lacksSpace = (line: string) => /^\s*(?:- +)*[A-Za-z][\w-]*:\S/.test(line)
export const isTabbed = (line: string) => /^ *\t/.test(line)
/** Whether the lines below one are a text, as they are. */
export const opensBlock = (line: string) =>
  /(?::|^[ \t]*-|- )[ \t]+(?:[!&]\S*[ \t]+)*[>|][-+\d]*[ \t]*(?:#.*)?\s*$/.test(line)
/** Whether a line waits for something below it. */
export const opens = (line: string) => /:[ \t]*(?:[>|][-+]?[ \t]*)?\s*$/.test(line)

/**
 * Mends the lines, the faulty one given by its index.
 * @returns the indexes of the lines that have been mended.
 */
export function mend(lines: string[], at: number, how: Mend): number[] {
  const line = lineAt(lines, at)
  if (how === 'cut') return cut(lines, at)
  if (how === 'drop') return drop(lines, at)
  if (how === 'shift') return shift(lines, at)
  if (how === 'align') return align(lines, at)
  if (how === 'tabs') return untab(lines, at)
  if (how === 'space') lines[at] = line.replace(':', ': ')
  if (how === 'colon') lines[at] = line.replace(/[a-z-]+/, '$&:')
  if (how === 'deepen') lines[at] = ' '.repeat(indentOf(lineAt(lines, at + 1))) + line.trimStart()
  if (how === 'dash') lines[at] = line.replace(/ {2}(?=\S)/, '- ')
  return [at]
}

function cut(lines: string[], at: number): number[] {
  const [kept = '', before = ''] = BEFORE_VALUE.exec(lineAt(lines, at)) ?? []
  lines[at] = kept
  const column = kept === before ? indentOf(kept) : before.length
  return [at, ...blanked(lines, at, line => indentOf(line) > column)]
}

function drop(lines: string[], at: number): number[] {
  const column = indentOf(lineAt(lines, at))
  lines[at] = ''
  const more = blanked(
    lines,
    at,
    line => indentOf(line) === column && !isNamed(line) && !line.startsWith('- ', column),
  )
  // The name above may lack its text now.
  return [above(lines, at), at, ...more]
}

/** Leaves out the lines that follow, as long as they are empty or belong to it. */
function blanked(lines: string[], at: number, belongs: (line: string) => boolean): number[] {
  const gone: number[] = []
  for (let i = at + 1; i < lines.length && (isBlank(lineAt(lines, i)) || belongs(lineAt(lines, i))); i++) {
    lines[i] = ''
    gone.push(i)
  }
  return gone
}

/** Along with a name go those in its column, and what stands below them. */
function shift(lines: string[], at: number): number[] {
  const from = indentOf(lineAt(lines, at))
  const by = columnOfNames(lines, at, from) - from
  const isDashed = (line: string) => line.startsWith('- ', from)
  const first = lineAt(lines, at)
  let open = false
  for (let i = at; i < lines.length; i++) {
    const line = lineAt(lines, i)
    if (isBlank(line)) continue
    const column = indentOf(line)
    // What stands in the column of the neighbors is one of them.
    const belongs =
      column > from ? open && column > from + by : column === from && isDashed(line) === isDashed(first)
    if (!belongs) break
    if (column === from) open = opens(line)
    lines[i] = ' '.repeat(Math.max(0, column + by)) + line.trimStart()
  }
  return [at]
}

/** A tab among spaces is meant to reach as far as its neighbors; where all are tabs, each is one level. */
function untab(lines: string[], at: number): number[] {
  const column = columnAbove(lines, at)
  const line = lineAt(lines, at)
  if (column > 0) {
    lines[at] = ' '.repeat(column) + line.trimStart()
    return [at]
  }
  const tabbed = lines.flatMap((each, i) => (i >= at && isTabbed(each) ? i : []))
  for (const i of tabbed)
    lines[i] = lineAt(lines, i).replace(/^[ \t]+/, indent => indent.replaceAll('\t', '  '))
  return tabbed
}

/** Along with an item go those in its column, and what belongs to them, if it stands as it should below its own. */
function align(lines: string[], at: number): number[] {
  const from = indentOf(lineAt(lines, at))
  const by = columnOfItems(lines, at, from) - from
  let content = contentColumn(lineAt(lines, at))
  const next = lines.slice(at + 1).find(line => !isBlank(line)) ?? ''
  const along = indentOf(next) === content || indentOf(next) === from
  for (let i = at; i < (along ? lines.length : at + 1); i++) {
    const line = lineAt(lines, i)
    if (isBlank(line)) continue
    if (i > at && (indentOf(line) === from ? !isItem(line) : indentOf(line) < content)) break
    if (indentOf(line) === from) content = contentColumn(line)
    lines[i] = ' '.repeat(Math.max(0, indentOf(line) + by)) + line.trimStart()
  }
  return [at]
}

/** Of the lists above that have not ended yet, the column of the one that is nearest. */
const columnOfItems = (lines: readonly string[], at: number, from: number) =>
  nearestColumn(lines, at, from, line => (isItem(line) ? indentOf(line) : undefined))
/** Of the maps above that have not ended yet. */
const columnOfNames = (lines: readonly string[], at: number, from: number) =>
  nearestColumn(lines, at, from, line => (isNamed(line) ? contentColumn(line) : undefined))

function nearestColumn(
  lines: readonly string[],
  at: number,
  from: number,
  columnOf: (line: string) => number | undefined,
): number {
  let nearest: number | undefined
  let lowest = Number.POSITIVE_INFINITY
  for (let i = at - 1; i >= 0 && lowest > 0; i--) {
    const line = lineAt(lines, i)
    if (isBlank(line) || /^\s*#/.test(line) || indentOf(line) >= lowest) continue
    lowest = indentOf(line)
    const column = columnOf(line)
    if (column !== undefined && (nearest === undefined || Math.abs(column - from) < Math.abs(nearest - from)))
      nearest = column
  }
  return nearest ?? 0
}

const lineAt = (lines: readonly string[], at: number) => lines[at] ?? ''
const isBlank = (line: string) => line.trim() === ''
export const indentOf = (line: string) => line.search(/\S|$/)
export const contentColumn = (line: string) => /^ *(?:- +)*/.exec(line)?.[0].length ?? 0

/** The nearest line above that is not empty, or the first of all. */
const above = (lines: readonly string[], at: number) => Math.max(0, nearestAbove(lines, at))
const nearestAbove = (lines: readonly string[], at: number) =>
  lines.slice(0, at).findLastIndex(line => !isBlank(line) && !/^\s*#/.test(line))
/** Where the names below the nearest line above belong; nought above all of them. */
function columnAbove(lines: readonly string[], at: number): number {
  const found = nearestAbove(lines, at)
  return found < 0 ? 0 : contentColumn(lineAt(lines, found))
}
