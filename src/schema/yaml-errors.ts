import { type Document, isAlias, isCollection, isScalar, isSeq, visit, type YAMLError } from 'yaml'
import type { Diagnostic } from '../domain/errors.ts'

/*
 * What the library says in its own words, said to people who write texts and do not know YAML. The first error is
 * explained, and those above it that cause no others; what else is wrong is told after that is fixed.
 */

/** A problem at an offset of the text. */
export interface Located extends Omit<Diagnostic, 'line' | 'column'> {
  offset: number
}

export const at = (offset: number, message: string, hint: string): Located => ({ offset, message, hint })

/** How a kind of file is written. */
export interface Wording {
  /** How a text is best written where it needs care: its lines as they are, or joined into paragraphs. */
  block: '|-' | '>-'
  /** All names of fields in such files. */
  words: ReadonlySet<string>
}

export const asBlock = (block: Wording['block'], first = 'Write the text') =>
  `${first} as a block: "${block}", and the text on the next line, indented.`

interface Text extends Wording {
  doc: Document.Parsed
  text: string
}

/** Why a text is not YAML; nothing if it is. */
export function syntaxProblems(doc: Document.Parsed, whole: string, wording: Wording): Located[] {
  const text = { doc, text: whole, ...wording }
  const errors = [...doc.errors, ...doc.warnings].sort((a, b) => a.pos[0] - b.pos[0])
  const deep = errors.find(({ code }) => code === 'RESOURCE_EXHAUSTION')
  if (deep) return [tooDeep(whole, deep.pos[0])]
  const tabs = errors.filter(({ code }) => code === 'TAB_AS_INDENT')
  if (tabs[0]) return [tabbed(whole, tabs[0].pos[0], tabs.length)]
  const first = errors.findIndex(({ code }) => !LOCAL.has(code))
  const local = first < 0 ? errors : errors.slice(0, first)
  const found = [
    ...signs(text).dead,
    ...local.map(({ code, pos }) => inValue(code, pos[0], text)),
    ...(errors[first] ? [explained(errors[first], errors, text)] : []),
  ].sort((a, b) => a.offset - b.offset)
  return found.filter(({ offset }, i) => i === 0 || whole.slice(found[i - 1]?.offset, offset).includes('\n'))
}

/** What causes no other error. */
const LOCAL: ReadonlySet<string> = new Set(['BAD_DQ_ESCAPE', 'BAD_SCALAR_START', 'TAG_RESOLVE_FAILED'])

const inValue = (code: string, offset: number, { block }: Text) =>
  at(offset, VALUES.get(code) ?? 'YAML cannot read this', asBlock(block))

const COLON = 'YAML reads the colon in this text as the start of a new field'
const VALUES = new Map<string, string>([
  ['BAD_DQ_ESCAPE', 'a backslash in double quotes has a special meaning in YAML'],
  ['BAD_SCALAR_START', 'a text without quotes cannot start with this character'],
  ['BLOCK_AS_IMPLICIT_KEY', COLON],
  ['KEY_OVER_1024_CHARS', COLON],
  ['TAG_RESOLVE_FAILED', '"!" before a text has a special meaning in YAML'],
])
const LINES = new Map<string, string>([
  ['BAD_DIRECTIVE', 'a line that starts with "%" has a special meaning in YAML'],
  ['MULTIPLE_DOCS', 'a line of "---" starts a second document here'],
])

function explained(error: YAMLError, errors: readonly YAMLError[], text: Text): Located {
  const { code, pos } = error
  const [offset] = pos
  if (isCollection(text.doc.contents) && text.doc.contents.flow) {
    // Stands where the text begins that a missing comma makes of two.
    const exact = errors.find(other => other.code !== 'BLOCK_IN_FLOW') ?? error
    return at(exact.pos[0], IN_BRACKETS, 'Look just before this place.')
  }
  const line = LINES.get(code)
  if (line) return at(offset, line, 'Delete the line.')
  const isSecond = (other: YAMLError) => other.code === 'MULTILINE_IMPLICIT_KEY' && other.pos[0] === offset
  const open = unclosed(error, text)
  if (open) return open
  if (code === 'BLOCK_AS_IMPLICIT_KEY' && errors.some(isSecond)) return fieldBelow(offset, text)
  const front = text.text.slice(lineStart(text.text, offset), offset)
  return /^[\s-]*$/.test(front) ? misplaced(offset, text) : inValue(code, offset, text)
}

const IN_BRACKETS = 'a comma, colon, quote or bracket is missing or extra here'

/** Quotes and brackets that are not closed where they should be, which may be many lines above the error. */
function unclosed({ code, message, pos: [pos] }: YAMLError, { doc, text, block }: Text): Located | undefined {
  let [from, to, bracket] = [-1, -1, -1]
  visit(doc, {
    Node(_, node) {
      const [start = 0, end = 0] = node.range ?? []
      if (isScalar(node) && node.type?.startsWith('QUOTE') && end <= pos) [from, to] = [start, end]
      if (isCollection(node) && node.flow && start < pos) bracket = start
    },
  })
  if (code === 'BAD_INDENT' && message.startsWith('Flow') && bracket >= 0) {
    const hint = `Put its closing bracket at its end. ${asBlock(block, 'If it is a text, write it')}`
    return at(bracket, 'the bracket that opens here is not closed', hint)
  }
  const isOpen = code === 'MISSING_CHAR' && message.includes('quote')
  const isAfter = from >= 0 && /^[ \t]*$/.test(text.slice(to, pos))
  if (!isAfter || !(isOpen || code === 'BAD_INDENT' || code === 'UNEXPECTED_TOKEN')) return undefined
  if (isOpen || text.slice(from, to).split('\n').slice(1).some(isNamed))
    return at(from, 'the quote that opens here is not closed', 'Put the same quote at the end of the text.')
  const start = lineAt(text, from).slice(0, 20)
  const hint = `Put the closing quote at the end. ${asBlock(block, 'Or write the text')}`
  return at(to - 1, `this quote closes the text that starts with ${start}, but more text follows`, hint)
}

/** Where the brackets begin in that line: how deep the library goes depends on the machine. */
function tooDeep(text: string, pos: number): Located {
  const start = lineStart(text, pos)
  const offset = start + Math.max(0, lineAt(text, start).search(/[[{]/))
  const hint = 'Remove the brackets, or put the text in quotes.'
  return at(offset, 'too many lists are nested inside each other here', hint)
}

/** Tabs cause other errors, and people who indent with tabs do so everywhere. */
function tabbed(text: string, pos: number, count: number): Located {
  const message = `there is a tab here${count > 1 ? ' and below' : ''} where YAML needs spaces`
  return at(text.indexOf('\t', lineStart(text, pos)), message, 'Use spaces instead, two for each level.')
}

export const IF_TEXT = 'If this is text, indent it two spaces further than the field it belongs to.'

/** A line that YAML cannot take for what it was meant to be, judged by the line itself. */
function misplaced(pos: number, { text, words }: Text): Located {
  const start = lineStart(text, pos)
  const blank = /^(?:[ \t\r]*(?:#[^\n]*)?\n)*[ \t]*/.exec(text.slice(start))?.[0] ?? ''
  const offset = start + blank.length
  const line = lineAt(text, offset)
  const [, dash, name = '', colon] = /^(- +)*([A-Za-z][\w-]*)(:?)/.exec(line) ?? []
  if (isNamed(line)) return dash ? at(offset, ...ITEM_ASTRAY) : at(offset, ...FIELD_ASTRAY)
  if (colon) return at(offset, 'a space is missing after the colon', `Write "${name}: …".`)
  return words.has(name)
    ? at(offset, `a colon is missing after "${name}"`, `Write "${name}: …". ${IF_TEXT}`)
    : at(offset, 'this text belongs to no field', `${IF_TEXT} To make it a comment, put "# " before it.`)
}

/** The value of a field goes on in a line with a colon. */
function fieldBelow(from: number, { text, block }: Text): Located {
  const next = text.indexOf('\n', from) + 1
  const offset = next + indentOf(lineAt(text, next))
  if (!isNamed(lineAt(text, next))) return at(offset, COLON, asBlock(block))
  const [message, hint] = FIELD_ASTRAY
  return at(offset, message, `${hint} ${asBlock(block, 'If this is text, write it')}`)
}

const ITEM_ASTRAY = [
  'this list item does not line up with the others',
  'Start all dashes of a list in the same column.',
] as const
const FIELD_ASTRAY = [
  'this field does not line up with its neighbors',
  'Start the fields of one part in the same column.',
] as const

const isNamed = (line: string) => /^\s*(?:- +)*[\w.-]+[ \t]*:(?:\s|$)/.test(line)
export const indentOf = (line: string) => line.search(/\S|$/)

const lineStart = (text: string, offset: number) => text.lastIndexOf('\n', offset - 1) + 1
const LONGEST = 1000
/** The text from an offset to the end of its line. */
const lineAt = (text: string, from: number) => /^[^\n]*/.exec(text.slice(from, from + LONGEST))?.[0] ?? ''

/**
 * `dead`: a `*name` for which there is no `&name`, mostly a word that was meant to be bold. `lost`: a `&name` that
 * nothing refers to, or a `!`, before a text, which YAML leaves out of the text without a word.
 */
export function signs({ doc, text, block }: Omit<Text, 'words'>): { dead: Located[]; lost: Located[] } {
  const anchors = new Map<string, number>()
  const aliases = new Map<string, Located>()
  const lost = new Map<string, number>()
  visit(doc, {
    Node(_, node) {
      const [offset = 0] = node.range ?? []
      const message =
        isAlias(node) && `YAML reads "*${node.source}" as a reference, but there is no "&${node.source}"`
      if (message) aliases.set(node.source, at(offset, message, asBlock(block)))
      else if (node.anchor) anchors.set(node.anchor, isScalar(node) ? offset : -1)
      if (isScalar(node) && node.tag === '!') lost.set('!', offset)
    },
  })
  for (const [name, offset] of anchors) if (offset >= 0 && !aliases.has(name)) lost.set(`&${name}`, offset)
  return {
    dead: [...aliases].flatMap(([name, problem]) => (anchors.has(name) ? [] : [problem])),
    lost: [...lost].map(([sign, before]) =>
      at(text.lastIndexOf(sign, before), `YAML leaves "${sign}" out of this text`, asBlock(block)),
    ),
  }
}

/** Names that are used twice in one place, where YAML would keep the last. */
export function repeatedNames(doc: Document.Parsed): Located[] {
  const found: Located[] = []
  visit(doc, {
    Map(_, { items }, path) {
      const seen = new Set<string>()
      for (const { key } of items) {
        const name = String(key)
        const offset = (isScalar(key) && key.range?.[0]) || 0
        const isNextItem = seen.has(name) && name === String(items[0]?.key) && isSeq(path.at(-1))
        const hint = isNextItem
          ? 'If the next item of the list starts here, replace the two spaces before it with "- ".'
          : 'Keep one of the two.'
        if (seen.has(name)) found.push(at(offset, `"${name}" is used twice`, hint))
        // The rest of that item would be used twice, too.
        if (isNextItem) break
        seen.add(name)
      }
    },
  })
  return found
}

/*
 * What word processors and web pages put in the place of YAML's own characters: bullets and long dashes for "- ",
 * other spaces, invisible characters. To a parser they are letters like any other, and what it says of them helps
 * nobody: so, where a file has problems, these are reported as their cause.
 */

const SPACE = 'what looks like a space here is another character, from a word processor or a web page'
const DASH = 'Start each list item with "- ".'

/** What finds a `sign` in a line, perhaps with the `name` of a field; what is said of it, and what to do. */
const LOOKALIKES: readonly (readonly [RegExp, message: string, hint: string])[] = [
  [
    /^(?<sign>```[\w-]*)\s*$/d,
    '"SIGN" here is not part of the file; it comes from a web page or a chat',
    'Delete the line.',
  ],
  [
    /^(?<sign>\.\.\.)\s*$/d,
    'a line of "..." ends the file here; nothing below it is read',
    'Delete the line. Inside a text, indent it by two more spaces.',
  ],
  [
    /^[^\S\t]*?(?<sign>[\u200b-\u200d\u2060\ufeff])/d,
    'there is an invisible character here, often copied from a web page',
    'Delete everything before this name, and type the name again.',
  ],
  [/^ *(?:(?:- +)*[\w.-]+: *)?(?<sign>[^\S \t\r\n])/d, SPACE, 'Delete it and type a space.'],
  [
    /^ *-(?<sign>\t)/d,
    'there is a tab here where YAML needs a space',
    'Put one space after the dash of a list item.',
  ],
  [
    /^ *(?:- +)*(?<name>[\w-]+)[ \t]*(?<sign>[;；：])/d,
    'there is "SIGN" here where YAML needs ":" and a space',
    'Write "NAME: …".',
  ],
  [
    /^[^:]*:[ \t]+(?<sign>[“”"'‘’][>|≥][-+]?[“”"'‘’]|[-–—][>›]|≥|›-?|[>|][–—])\s*$/d,
    'there is "SIGN" here where YAML needs ">-"',
    'Write ">-", and the text on the next line, indented.',
  ],
  [
    /^ *(?<sign>[•◦▪‣·–—*]|\d{1,2}[.)])[ \t]+(?<name>[\w-]+)[ \t]*:/d,
    'there is "SIGN" here where YAML needs "- "',
    DASH,
  ],
  [/^ *(?<sign>-)(?<name>[a-z][\w-]*)[ \t]*:/d, 'a space is missing here after the dash', DASH],
]

/** The first place, outside of texts, of each kind of character that looks like one of YAML's own. */
export function confusables(text: string, words: ReadonlySet<string>): Diagnostic[] {
  // JSON has none of these signs.
  if (/^\s*[{[]/.test(text)) return []
  const found = new Map<string, Diagnostic>()
  let textColumn = Number.POSITIVE_INFINITY
  // At the very end, dots change nothing.
  const lines = text
    .trimEnd()
    .replace(/\n\.\.\.$/, '')
    .split('\n')
  for (const [i, whole] of lines.entries()) {
    const line = whole.slice(0, LONGEST)
    // What is indented further than the field or the dash before a text goes on with that text.
    if (line.trim() === '' || line.search(/[^ ]/) > textColumn) continue
    textColumn = textBegunIn(line)
    if (/^\s*#/.test(line)) continue
    for (const [find, message, hint] of LOOKALIKES) {
      const { groups: { sign = '', name } = {}, indices } = find.exec(line) ?? {}
      const column = indices?.groups?.sign?.[0]
      if (column === undefined || (name !== undefined && !words.has(name))) continue
      const before = found.get(hint)
      if (before) before.message = before.message.replace(/ here(?! and below)/, ' here and below')
      else
        found.set(hint, {
          ...{ line: i + 1, column: column + 1, message: message.replace('SIGN', () => sign) },
          hint: hint.replace('NAME', () => name ?? ''),
        })
    }
  }
  return [...found.values()]
}

/** The column of the field or the dash whose text begins in a line; no column is as far right where none does. */
function textBegunIn(line: string): number {
  const [, front = '', name, value = ''] = /^( *(?:- +)*)([\w.-]+[ \t]*:(?=\s|$))?\s*(\S?)/.exec(line) ?? []
  if (value === '' || value === '#') return Number.POSITIVE_INFINITY
  return name === undefined ? Math.max(front.lastIndexOf('- '), line.search(/[^ ]/)) : front.length
}
