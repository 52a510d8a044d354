import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isScalar,
  type Scalar,
  visit,
  type YAMLError,
} from 'yaml'
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

/**
 * What the library says in its own words, told to people who write texts and know no YAML: as many faults as surely
 * do not come of one another, in the order of the text.
 */
export function faultsOf(doc: Document.Parsed, text: string, { block, words }: Wording): Fault[] {
  const errors = [...doc.errors, ...doc.warnings].filter(({ code }) => code !== 'DUPLICATE_KEY')
  const deep = errors.find(({ code }) => code === 'RESOURCE_EXHAUSTION')
  if (deep) return [tooDeep(text, deep.pos[0])]
  const tabs = errors.filter(({ code }) => code === 'TAB_AS_INDENT')
  const parts = errors.length > 0 ? begunParts(doc) : []
  // What else is wrong beside tabs comes of them.
  const causes = tabs.length > 0 ? tabs : errors.filter(error => !isSecond(error, errors))
  const told = causes.map(error => faultOf(error, { doc, errors, parts, text, block, words }))
  const dashes = doc.errors.flatMap(error => lackingDash(error, text) ?? [])
  const all = [...straySigns(doc, text, block), ...dashes, ...told].sort((a, b) => a.from - b.from)
  const first = all.findIndex(({ local }) => !local)
  return first < 0 ? all : all.slice(0, first + 1)
}

/** In a list, a name that stands a second time and is the one with which the parts of the list begin. */
function lackingDash({ code, pos: [pos] }: YAMLError, text: string): Fault | undefined {
  if (code !== 'DUPLICATE_KEY') return undefined
  const start = text.lastIndexOf('\n', pos - 1) + 1
  const name = /^[\w.-]+:/.exec(text.slice(pos, pos + 100))?.[0]
  const dash = `\n${' '.repeat(Math.max(0, pos - start - 2))}- `
  const part = text.lastIndexOf(dash, start - 1)
  if (name === undefined || part < 0 || !text.startsWith(name, part + dash.length)) return undefined
  const message = `"${name.slice(0, -1)}" stands here a second time in one part of a list`
  const hint = 'If the next part begins here, put "- " in place of the last two spaces in front of it.'
  return { ...bothAt(pos), message, hint, mend: 'dash' }
}

/** A name over several lines where a text stands: told as the one mistake that it is. */
const isSecond = ({ code, pos }: YAMLError, errors: readonly YAMLError[]) =>
  code === 'MULTILINE_IMPLICIT_KEY' &&
  errors.some(other => other.code === 'BLOCK_AS_IMPLICIT_KEY' && other.pos[0] === pos[0])

/** How a kind of file is written. */
export interface Wording {
  /** How a text of it is best written where it needs care. */
  block: Block
  /** All names that stand in such files. */
  words: ReadonlySet<string>
}

interface Around extends Wording {
  doc: Document.Parsed
  errors: readonly YAMLError[]
  parts: readonly Begun[]
  text: string
}

function faultOf(error: YAMLError, around: Around): Fault {
  const { doc, errors, parts, text, block, words } = around
  const { code, pos } = error
  // What is all in brackets, as JSON is, has no lines that could be mended one by one.
  if (isCollection(doc.contents) && doc.contents.flow) return inBrackets(error)
  const above = afterEnd(error, around) ?? beginning(error, around)
  if (above) return above
  const before = text.slice(text.lastIndexOf('\n', pos[0] - 1) + 1, pos[0])
  const whole = before + lineAt(text, pos[0])
  const other = code === 'BLOCK_AS_IMPLICIT_KEY' && (isItem(whole) || /^\s*(?:#|$)/.test(whole))
  if (code === 'TAB_AS_INDENT' || ((other || MISPLACED.includes(code)) && /^[\s-]*$/.test(before)))
    return misplaced(text, pos[0], words)
  const folded = errors.some(other => other.pos[0] === pos[0] && isSecond(other, errors))
  if (folded) return nameBelow(pos[0], text, block)
  const line = LINES[code]
  if (line) return { ...bothAt(pos[0]), message: line, hint: 'Take the line out.', mend: 'drop' }
  const from = parts.find(part => part.from <= pos[0] && pos[0] < part.to)?.from ?? pos[0]
  const message = VALUES[code] ?? 'this cannot stand here'
  return { pos: pos[0], from, message, hint: asBlock(block), local: LOCAL.includes(code), mend: 'cut' }
}

function inBrackets({ code, pos: [pos] }: YAMLError): Fault {
  const hint = 'Look in front of it: a comma, a colon, a quote or a bracket is missing there, or too much.'
  const unclosed = code === 'MISSING_CHAR' && 'a bracket or a quote that was opened has not been closed here'
  return { ...bothAt(pos), message: unclosed || VALUES[code] || 'this cannot stand here', hint }
}

/** Where names stand in another column than the first of all, or below words without a name, all that follows is refused. */
function afterEnd({ code, pos: [pos] }: YAMLError, { doc, text }: Around): Fault | undefined {
  const [from, , to] = doc.contents?.range ?? [0, 0, 0]
  const column = from - (text.lastIndexOf('\n', from - 1) + 1)
  if (code !== 'UNEXPECTED_TOKEN' || pos < to || !isNamed(lineAt(text, pos))) return undefined
  if (isMap(doc.contents) && column > 0) return { ...bothAt(from), ...OUT_OF_COLUMN, mend: 'shift' }
  return isScalar(doc.contents) ? { ...bothAt(from), ...NAMELESS, mend: 'drop' } : undefined
}

/** What is wrong with a whole line. */
const LINES: Partial<Record<YAMLError['code'], string>> = {
  BAD_DIRECTIVE: 'a line that begins with "%" has a meaning in YAML',
  MULTIPLE_DOCS: 'a line of "---" begins a second document here',
}
/** What is wrong with a value; the remedy is always to write it as a block. */
const VALUES: Partial<Record<YAMLError['code'], string>> = {
  BAD_DQ_ESCAPE: 'a backslash in double quotes has a meaning in YAML',
  BAD_SCALAR_START: 'a text without quotes cannot begin with this character',
  BLOCK_AS_IMPLICIT_KEY: 'a colon makes a map of this, which cannot begin in the middle of a line',
  KEY_OVER_1024_CHARS: 'a colon makes a name of all this, which is too long for one',
  TAG_RESOLVE_FAILED: '"!" in front of a text has a meaning in YAML',
}
const LOCAL: readonly YAMLError['code'][] = ['BAD_DQ_ESCAPE', 'BAD_SCALAR_START', 'TAG_RESOLVE_FAILED']
const MISPLACED: readonly YAMLError['code'][] = ['BAD_INDENT', 'MISSING_CHAR', 'MULTILINE_IMPLICIT_KEY']

/** The fault where its cause begins, which may be many lines above the place where YAML stumbles. */
function beginning({ code, message: said, pos: [pos] }: YAMLError, around: Around): Fault | undefined {
  const { parts, text, block } = around
  if (code === 'BAD_INDENT' && said.startsWith('Flow')) {
    const open = parts.findLast(({ from, quoted }) => from < pos && !quoted)
    const message = 'the list or map in brackets that begins here has no end'
    const hint = `Put its closing bracket at its end. ${asBlock(block, 'If it is a text, write it')}`
    return open && { ...bothAt(open.from), message, hint, mend: 'cut' }
  }
  const unclosed = code === 'MISSING_CHAR' && said.includes('quote')
  if (!unclosed && code !== 'BAD_INDENT' && code !== 'UNEXPECTED_TOKEN') return undefined
  const before = parts.findLast(
    ({ to, quoted }) => quoted && to <= pos && /^[ \t]*$/.test(text.slice(to, pos)),
  )
  if (!before) return undefined
  const { from, to } = before
  const written = text.slice(from, to)
  if (unclosed || written.split('\n').slice(1).some(isNamed)) {
    const message = 'the text in quotes that begins here has no end'
    return { ...bothAt(from), message, hint: 'Put the same quote at its end.', mend: 'cut' }
  }
  const start = lineAt(text, from).slice(0, 20)
  const message = `the text in quotes that begins with ${start} ends here, in front of more text`
  const hint = `Put its last quote where it should end. ${asBlock(block, 'Or write the text')}`
  return { pos: to - 1, from, message, hint, mend: 'cut' }
}

/** Told where the brackets begin in that line: how deep the library goes depends on the machine. */
function tooDeep(text: string, pos: number): Fault {
  const start = text.lastIndexOf('\n', pos - 1) + 1
  const from = start + Math.max(0, lineAt(text, start).search(/[[{]/))
  const message = 'too many lists and maps stand inside each other here'
  return { ...bothAt(from), message, hint: 'Take the brackets out, or put the text in quotes.' }
}

interface Begun {
  from: number
  to: number
  quoted: boolean
}

/** Where texts in quotes, and lists and maps in brackets, begin and end, in the order of the file. */
function begunParts(doc: Document.Parsed): Begun[] {
  const found: Begun[] = []
  visit(doc, {
    Node(_, node) {
      const quoted = isScalar(node) && (node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE')
      if (node.range && (quoted || (isCollection(node) && node.flow)))
        found.push({ from: node.range[0], to: node.range[1], quoted })
    },
  })
  return found
}

/* Lines that stand where YAML cannot take them for what they were meant to be: what that was is seen by the lines. */

export const TAB = 'a tab stands here where YAML wants spaces'

export const OUT_OF_COLUMN = {
  message: 'this line does not begin in the column of its neighbors',
  hint: 'Let all names of one part begin in the same column, and a text further right than its name.',
}

export const NAMELESS = {
  message: 'these words stand under no name',
  hint: 'Take them out, or put "# " in front of each of their lines.',
}

/** A line that YAML cannot take for what it was meant to be: what that was is seen by the line itself. */
export function misplaced(text: string, offset: number, words: ReadonlySet<string>): Fault {
  const start = writtenFrom(text, text.lastIndexOf('\n', offset - 1) + 1)
  const line = lineAt(text, start)
  const at = bothAt(start + line.search(/\S|$/))
  const name = /[A-Za-z][\w-]*/.exec(line)?.[0]
  if (isTabbed(line)) {
    const hint = 'Put spaces in its place, two for each level.'
    return { ...bothAt(start), message: TAB, hint, mend: 'tabs', local: true }
  }
  if (isItem(line)) {
    const message = 'this item of a list does not begin in the column of the others'
    return { ...at, message, hint: 'Let the dashes of one list stand below each other.', mend: 'align' }
  }
  if (isNamed(line)) return { ...at, ...OUT_OF_COLUMN, mend: 'shift' }
  if (lacksSpace(line)) {
    const hint = `Put a space behind it: "${name}: …".`
    return {
      ...at,
      message: 'behind the colon of a name there should be a space',
      hint,
      mend: 'space',
    }
  }
  const above = /[^\n]*\S[^\n]*(?=\s*$)/.exec(text.slice(Math.max(0, start - LONGEST), start))?.[0] ?? ''
  const isName = words.has(name ?? '') || didYouMean(name ?? '', [...words]) !== ''
  if (isName && /^\s*(?:- +)?[\w-]+(?:\s|$)/.test(line)) {
    const hint =
      'Put a colon and a space behind it. If it goes on with the text above, indent it further than the name of that text.'
    return {
      ...at,
      message: `"${name}" should have a colon behind it, as a name`,
      hint,
      mend: 'colon',
    }
  }
  if (above === '') return { ...at, ...NAMELESS, mend: 'drop' }
  const message = opens(above)
    ? 'this text does not stand further right than its name'
    : 'this goes on with no text above it, and has no name of its own'
  return {
    ...at,
    message,
    hint: 'Put it two spaces further right than the name that it belongs to.',
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
    const message = 'the colon in this line makes a name of the text in front of it'
    return { pos, from, message, hint: asBlock(block), mend: 'cut' }
  }
  const part = outdented(text, from)
  if (part) return part
  const message = 'this line stands further right like a text that goes on, but its colon makes a name of it'
  const hint = `A name begins in the column of its neighbors. ${asBlock(block, 'If it is a text, write it')}`
  return { ...bothAt(pos), message, hint, mend: 'shift' }
}

/** The first name below another one, in the column of that, where those below it stand further right. */
function outdented(text: string, from: number): Fault | undefined {
  const start = text.lastIndexOf('\n', from - 1) + 1
  const line = lineAt(text, start)
  const above = /[^\n]*(?=\n$)/.exec(text.slice(Math.max(0, start - LONGEST), start))?.[0] ?? ''
  const [, owner] = /([\w.-]+)[ \t]*:\s*$/.exec(above) ?? []
  if (owner === undefined || isItem(line) || contentColumn(above) !== contentColumn(line)) return undefined
  const name = /[\w.-]+/.exec(line)?.[0]
  const message = `"${name}" should stand further right than "${owner}", which it belongs to`
  const hint = 'Let it begin in the column of the names below it.'
  return { ...bothAt(start + line.search(/\S/)), message, hint, mend: 'deepen' }
}

/** Told of and mended in one place. */
export const bothAt = (offset: number) => ({ pos: offset, from: offset })

const LONGEST = 1000
/** What stands from an offset to the end of its line. */
export function lineAt(text: string, from: number): string {
  return /^[^\n]*/.exec(text.slice(from, from + LONGEST))?.[0] ?? ''
}

/**
 * Signs in front of a text that YAML takes for itself: a `*name` for which there is no `&name`, mostly a word that
 * was meant to be bold; and a `&name` or `!`, which would be left out of the text without a word.
 */
export function straySigns(doc: Document.Parsed, text: string, block: Block): Fault[] {
  const named: Scalar[] = []
  const anchors = new Set<string>()
  const aliases = new Map<string, number[]>()
  const lost: { sign: string; before: number }[] = []
  visit(doc, {
    Node(_, node) {
      const pos = node.range?.[0] ?? 0
      if (isAlias(node)) aliases.set(node.source, [...(aliases.get(node.source) ?? []), pos])
      else if (node.anchor) anchors.add(node.anchor)
      if (!isScalar(node)) return
      if (node.anchor) named.push(node)
      if (node.tag === '!') lost.push({ sign: '!', before: pos })
    },
  })
  for (const { anchor = '', range } of named)
    if (!aliases.has(anchor)) lost.push({ sign: `&${anchor}`, before: range?.[0] ?? 0 })
  const fault = (pos: number, message: string, hint: string): Fault => {
    return { pos, from: pos, message, hint, mend: 'cut', local: true }
  }
  const dead = [...aliases].filter(([name]) => !anchors.has(name))
  return [
    ...dead.flatMap(([name, places]) =>
      places.map(pos =>
        fault(pos, `"*${name}" refers to nothing`, `"*" has a meaning in YAML. ${asBlock(block)}`),
      ),
    ),
    ...lost.map(({ sign, before }) =>
      fault(
        text.lastIndexOf(sign, before),
        `"${sign}" in front of a text has a meaning in YAML, and would be no part of the text`,
        asBlock(block),
      ),
    ),
  ]
}
