import type { Problem } from '../domain/errors.ts'
import { indentOf, opens, opensBlock } from './yaml-repair.ts'

/*
 * What word processors and web pages put in the place of YAML's own signs: bullets, numbers and long dashes for "- ",
 * spaces that are none, and signs that nobody sees. To a parser they are letters like any other, and what it says of
 * them helps nobody. So they are told of, and replaced in memory, before it reads.
 */

/** The text with YAML's own signs, line for line, and each kind of sign that was replaced, once. */
export function withoutLookalikes(
  whole: string,
  words: ReadonlySet<string>,
): { text: string; faults: Problem[] } {
  if (/^\s*[{[]/.test(whole) || !SUSPECT.test(whole)) return { text: whole, faults: [] }
  const lines = whole.split('\n')
  const found = new Map<string, Problem & { times: number }>()
  const tell = (line: number, column: number, { what, remedy }: Kind) => {
    const before = found.get(remedy)
    if (before) before.times++
    else found.set(remedy, { line: line + 1, column: column + 1, what, remedy, times: 1 })
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
  const faults = [...found.values()].map(({ times, what, ...rest }) => ({
    ...rest,
    what: times > 1 ? what.replace(' here', ' here and below') : what,
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
  what: string
  remedy: string
}

const SPACE = {
  what: 'what looks like a space here is another sign, as word processors and web pages have it',
  remedy: 'Delete it, and type a space in its place.',
}
const UNSEEN = {
  what: 'a sign that nobody sees stands here, as web pages have it',
  remedy: 'Delete what stands in front of this name, and type the name anew.',
}
const TAB = {
  what: 'a tab stands here where YAML wants a space',
  remedy: 'Put one space behind the dash of a list.',
}
const sign = (found: string): Kind => ({
  what: `"${found}" stands here where YAML wants "-" and a space`,
  remedy: 'Begin each item of a list with a "-" and a space.',
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
        what: 'a line of "..." ends the file here, and what stands below is not read',
        remedy: 'Take the line out; within a text, put two spaces more in front of it.',
      }
    : {
        what: `"${sign}" is no part of the text, as web pages and chats have it`,
        remedy: 'Take the line out.',
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
        what: `"${gap.trim()}" stands here where YAML wants ":" and a space`,
        remedy: `Put a colon and a space behind the name: "${name}: …".`,
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
        what: `"${sign}" stands here where YAML wants "${meant}"`,
        remedy: `Write "${meant}", and the text below it, indented.`,
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
