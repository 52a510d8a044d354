import type { Diagnostic } from '../domain/errors.ts'

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
export interface Fault extends Omit<Diagnostic, 'line' | 'column'> {
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

/*
 * What word processors and web pages put in the place of YAML's own signs: bullets, numbers and long dashes for "- ",
 * spaces that are none, and signs that nobody sees. To a parser they are letters like any other, and what it says of
 * them helps nobody. So they are told of, and replaced in memory, before it reads.
 */

/** The text with YAML's own signs, line for line, and each kind of sign that was replaced, once. */
export function withoutLookalikes(
  whole: string,
  words: ReadonlySet<string>,
): { text: string; faults: Diagnostic[] } {
  if (/^\s*[{[]/.test(whole) || !SUSPECT.test(whole)) return { text: whole, faults: [] }
  const lines = whole.split('\n')
  const found = new Map<string, Diagnostic & { times: number }>()
  const tell = (line: number, column: number, { message, hint }: Kind) => {
    const before = found.get(hint)
    if (before) before.times++
    else found.set(hint, { line: line + 1, column: column + 1, message, hint, times: 1 })
  }
  const last = lines.findLastIndex(line => line.trim() !== '')
  let text: Begun | undefined
  /** What stands above: whether it waits for a list, and the column of items that were mended. */
  let above = { waits: false, items: -1 }
  for (const [i, line] of lines.entries()) {
    const here = (column: number, kind: Kind) => tell(i, column, kind)
    if (line.trim() === '') continue
    const foreign = foreignLine(line)
    // Below the last line, dots are no mistake.
    if (foreign && !(i === last && line.startsWith('...'))) {
      here(0, foreign)
      lines[i] = ''
      continue
    }
    if (text && goesOn(text, line)) {
      // What stands behind enough spaces is text.
      if (text.block && line.search(/[^ ]/) <= text.column)
        lines[i] = line.replace(/^\s+/, front => spaces(front, 0, here))
      if (closes(line, text.quote)) text = undefined
      continue
    }
    text = undefined
    const spaced = withSpaces(line, here)
    if (/^\s*#/.test(spaced)) continue
    const next = lines[i + 1] ?? ''
    const signed = withSigns(spaced, next, words, here)
    const item = asItem(signed, next, words, above)
    if (item) here(indentOf(line), item.kind)
    const now = item?.line ?? signed
    lines[i] = now
    above = { waits: opens(now), items: item ? indentOf(now) : -1 }
    text = textBegunIn(now)
  }
  const faults = [...found.values()].map(({ times, message, ...rest }) => ({
    ...rest,
    message: times > 1 ? message.replace(' here', ' here and below') : message,
  }))
  return { text: lines.join('\n'), faults }
}

/** A text that goes on below its first line, in lines further right than a column or up to the quote that ends it. */
interface Begun {
  column: number
  /** Whether its lines are taken as they are. */
  block: boolean
  quote: string
}

function textBegunIn(line: string): Begun | undefined {
  const [, front = '', name, value = ''] =
    /^( *(?:- +)*)([\w.-]+[ \t]*:(?=\s|$))?[ \t]*(.*)$/.exec(line) ?? []
  if (value === '' || value.startsWith('#')) return undefined
  // A text that is an item itself stands right of the last dash.
  const column =
    name === undefined ? Math.max(line.lastIndexOf('- ', front.length), indentOf(line)) : front.length
  if (opensBlock(line)) return { column, block: true, quote: '' }
  const [quote = ''] = /^["']/.exec(value) ?? []
  const open = quote !== '' && !closes(value.slice(1), quote)
  return { column, block: false, quote: open ? quote : '' }
}

function goesOn({ column, block, quote }: Begun, line: string): boolean {
  return quote !== '' || (block ? indentOf(line) : line.search(/[^ ]/)) > column
}

/** Whether a text in quotes ends in a line. */
function closes(line: string, quote: string): boolean {
  if (quote === '') return false
  // Not by one pattern: over a line of megabytes it would run out of stack.
  const rest = quote === '"' ? line.replace(/\\./g, '') : line.replaceAll("''", '')
  return rest.includes(quote)
}

interface Kind {
  message: string
  hint: string
}

const SPACE = {
  message: 'what looks like a space here is another sign, as word processors and web pages have it',
  hint: 'Delete it, and type a space in its place.',
}
const UNSEEN = {
  message: 'a sign that nobody sees stands here, as web pages have it',
  hint: 'Delete what stands in front of this name, and type the name anew.',
}
const TAB = {
  message: 'a tab stands here where YAML wants a space',
  hint: 'Put one space behind the dash of a list.',
}
const sign = (found: string): Kind => ({
  message: `"${found}" stands here where YAML wants "-" and a space`,
  hint: 'Begin each item of a list with a "-" and a space.',
})

/** Without any of these, there is nothing to look for. */
const SUSPECT =
  /[^\S \n\r\t]|[\u200b-\u200d\u2060\ufeff]|^[ \t]*(?:[•◦▪‣·–—*]|\d{1,2}[.)]|-\t|-[a-z])|^(?:\.\.\.|```)|[\w-]\s*[;；：]|:[ \t]*[->›“”"'‘’|≥]{2,4}[ \t\r]*$/m

/** A whole line that is no part of a text, and at which a parser would end. */
function foreignLine(line: string): Kind | undefined {
  const [sign] = /^(?:\.\.\.|```[\w-]*)(?=\s*$)/.exec(line) ?? []
  if (sign === undefined) return undefined
  return sign === '...'
    ? {
        message: 'a line of "..." ends the file here, and what stands below is not read',
        hint: 'Take the line out; within a text, put two spaces more in front of it.',
      }
    : {
        message: `"${sign}" is no part of the text, as web pages and chats have it`,
        hint: 'Take the line out.',
      }
}

/** The line with the colon of its name, and with the sign of a block, where others stand for them. */
function withSigns(
  line: string,
  next: string,
  words: ReadonlySet<string>,
  tell: (column: number, kind: Kind) => void,
): string {
  const named = line.replace(
    /^(\s*(?:- +)*)([\w-]+)([ \t]*[;；：][ \t]*)(?=\S|$)/,
    (whole, front: string, name: string, gap: string) => {
      if (!words.has(name)) return whole
      tell(front.length + name.length + gap.search(/\S/), {
        message: `"${gap.trim()}" stands here where YAML wants ":" and a space`,
        hint: `Put a colon and a space behind the name: "${name}: …".`,
      })
      return `${front}${name}: `
    },
  )
  if (indentOf(next) <= indentOf(named)) return named
  return named.replace(
    /(:[ \t]+)([->›“”"'‘’|≥]{2,4})([ \t\r]*)$/,
    (whole, gap: string, sign: string, end: string, at: number) => {
      const core = sign
        .replace(/[“”"'‘’]/g, '')
        .replace('›', '>')
        .replace('≥', '>-')
      const meant = core.includes('|') ? '|-' : '>-'
      if (sign === meant || !/[>|]/.test(core) || /^[>|]-$/.test(sign)) return whole
      tell(at + gap.length, {
        message: `"${sign}" stands here where YAML wants "${meant}"`,
        hint: `Write "${meant}", and the text below it, indented.`,
      })
      return gap + meant + end
    },
  )
}

/** The line with spaces where they have a meaning: in front of it, and behind the colon of its name. */
function withSpaces(line: string, tell: (column: number, kind: Kind) => void): string {
  return line
    .replace(/^[^\S\t]*[\u200b-\u200d\u2060\ufeff][\s\u200b-\u200d\u2060\ufeff]*/, front => {
      tell(front.search(/[\u200b-\u200d\u2060\ufeff]/), UNSEEN)
      return front.replace(/[\u200b-\u200d\u2060\ufeff]/g, '')
    })
    .replace(/^\s+/, front => spaces(front, 0, tell))
    .replace(/^(\s*(?:- +)*[\w.-]+:)(\s+)/, (_, name: string, gap: string) => {
      return name + spaces(gap, name.length, tell)
    })
}

function spaces(gap: string, column: number, tell: (column: number, kind: Kind) => void): string {
  const at = gap.search(/[^ \t\r\n]/)
  if (at < 0) return gap
  tell(column + at, SPACE)
  return gap.replace(/[^\S \t\r\n]/g, ' ')
}

const ITEM = /^(\s*)([•◦▪‣·–—*]|\d{1,2}[.)]|-(?=[a-z])|-(?=\t))[ \t]*(?=(\S.*))/

/** The line as an item of a list, if it was surely meant as one. */
function asItem(
  line: string,
  next: string,
  words: ReadonlySet<string>,
  above: { waits: boolean; items: number },
): { line: string; kind: Kind } | undefined {
  const [whole = '', front = '', mark = '', rest = ''] = ITEM.exec(line) ?? []
  const named = words.has(/^([\w-]+)[ \t]*:/.exec(rest)?.[1] ?? '')
  const glued = whole.endsWith(mark)
  const listed = !glued && mark !== '-' && (above.waits || above.items === front.length)
  if (mark === '' || !(named || listed)) return undefined
  // What goes on with the item has been put below its first word, however wide the sign was.
  const column = indentOf(next) > front.length ? indentOf(next) : front.length + 2
  const gap = ' '.repeat(Math.min(4, Math.max(1, column - front.length - 1)))
  return {
    line: `${front}-${gap}${rest}`,
    kind: whole.endsWith('\t') ? TAB : sign(glued ? `-${/^[\w-]+/.exec(rest)?.[0]}` : mark),
  }
}
