import { didYouMean } from '../domain/errors.ts'
import {
  asBlock,
  type Block,
  contentColumn,
  type Fault,
  isItem,
  isNamed,
  isTabbed,
  lacksSpace,
  opens,
} from './yaml-repair.ts'

/* Lines that stand where YAML cannot take them for what they were meant to be: what that was is seen by the lines. */

export const TAB = 'a tab stands here where YAML wants spaces'

export const OUT_OF_COLUMN = {
  what: 'this line does not begin in the column of its neighbors',
  remedy: 'Let all names of one part begin in the same column, and a text further right than its name.',
}

export const NAMELESS = {
  what: 'these words stand under no name',
  remedy: 'Take them out, or put "# " in front of each of their lines.',
}

/** A line that YAML cannot take for what it was meant to be: what that was is seen by the line itself. */
export function misplaced(text: string, offset: number, words: ReadonlySet<string>): Fault {
  const start = writtenFrom(text, text.lastIndexOf('\n', offset - 1) + 1)
  const line = lineAt(text, start)
  const at = bothAt(start + line.search(/\S|$/))
  const name = /[A-Za-z][\w-]*/.exec(line)?.[0]
  if (isTabbed(line)) {
    const remedy = 'Put spaces in its place, two for each level.'
    return { ...bothAt(start), what: TAB, remedy, mend: 'tabs', local: true }
  }
  if (isItem(line)) {
    const what = 'this item of a list does not begin in the column of the others'
    return { ...at, what, remedy: 'Let the dashes of one list stand below each other.', mend: 'align' }
  }
  if (isNamed(line)) return { ...at, ...OUT_OF_COLUMN, mend: 'shift' }
  if (lacksSpace(line)) {
    const remedy = `Put a space behind it: "${name}: …".`
    return { ...at, what: 'behind the colon of a name there should be a space', remedy, mend: 'space' }
  }
  const above = /[^\n]*\S[^\n]*(?=\s*$)/.exec(text.slice(Math.max(0, start - LONGEST), start))?.[0] ?? ''
  const isName = words.has(name ?? '') || didYouMean(name ?? '', [...words]) !== ''
  if (isName && /^\s*(?:- +)?[\w-]+(?:\s|$)/.test(line)) {
    const remedy =
      'Put a colon and a space behind it. If it goes on with the text above, indent it further than the name of that text.'
    return { ...at, what: `"${name}" should have a colon behind it, as a name`, remedy, mend: 'colon' }
  }
  if (above === '') return { ...at, ...NAMELESS, mend: 'drop' }
  const what = opens(above)
    ? 'this text does not stand further right than its name'
    : 'this goes on with no text above it, and has no name of its own'
  return {
    ...at,
    what,
    remedy: 'Put it two spaces further right than the name that it belongs to.',
    mend: 'drop',
  }
}

/** Where, from the beginning of a line on, something is written that is no comment. */
const writtenFrom = (text: string, start: number) =>
  start + (/^(?:[ \t\r]*(?:#[^\n]*)?\n)*/.exec(text.slice(start))?.[0].length ?? 0)

/** A text of several lines with a name, or what looks like one, in a line below its first. */
export function nameBelow(from: number, text: string, block: Block): Fault {
  const next = text.indexOf('\n', from) + 1
  const line = lineAt(text, next)
  const pos = next + line.search(/\S|$/)
  if (!isNamed(line)) {
    const what = 'the colon in this line makes a name of the text in front of it'
    return { pos, from, what, remedy: asBlock(block), mend: 'cut' }
  }
  const part = outdented(text, from)
  if (part) return part
  const what = 'this line stands further right like a text that goes on, but its colon makes a name of it'
  const remedy = `A name begins in the column of its neighbors. ${asBlock(block, 'If it is a text, write it')}`
  return { ...bothAt(pos), what, remedy, mend: 'shift' }
}

/** The first name below another one, in the column of that, where those below it stand further right. */
function outdented(text: string, from: number): Fault | undefined {
  const start = text.lastIndexOf('\n', from - 1) + 1
  const line = lineAt(text, start)
  const above = /[^\n]*(?=\n$)/.exec(text.slice(Math.max(0, start - LONGEST), start))?.[0] ?? ''
  const [, owner] = /([\w.-]+)[ \t]*:\s*$/.exec(above) ?? []
  if (owner === undefined || isItem(line) || contentColumn(above) !== contentColumn(line)) return undefined
  const name = /[\w.-]+/.exec(line)?.[0]
  const what = `"${name}" should stand further right than "${owner}", which it belongs to`
  const remedy = 'Let it begin in the column of the names below it.'
  return { ...bothAt(start + line.search(/\S/)), what, remedy, mend: 'deepen' }
}

/** Told of and mended in one place. */
export const bothAt = (offset: number) => ({ pos: offset, from: offset })

const LONGEST = 1000
/** What stands from an offset to the end of its line. */
export function lineAt(text: string, from: number): string {
  return /^[^\n]*/.exec(text.slice(from, from + LONGEST))?.[0] ?? ''
}
