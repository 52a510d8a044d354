import {
  type Document,
  isAlias,
  isCollection,
  isScalar,
  isSeq,
  type Scalar,
  visit,
  type YAMLError,
} from 'yaml'
import type { Diagnostic } from '../domain/errors.ts'

/*
 * What the library says in its own words, said to people who write texts and do not know YAML. The first error is
 * explained, and those above it that cause no others; what else is wrong is told after that is fixed.
 */

/** A problem at an offset of the text. */
export interface Located extends Omit<Diagnostic, 'line' | 'column'> {
  offset: number
}

/** How a kind of file is written. */
export interface Wording {
  /** How a text is best written where it needs care: its lines as they are, or joined into paragraphs. */
  block: '|-' | '>-'
  /** All names of fields in such files. */
  words: ReadonlySet<string>
}

export const asBlock = (block: Wording['block'], first = 'Write the text') =>
  `${first} as a block: "${block}", and the text on the next line, indented.`

/** Why a text is not YAML; nothing if it is. */
export function syntaxProblems(doc: Document.Parsed, text: string, wording: Wording): Located[] {
  const errors = [...doc.errors, ...doc.warnings].sort((a, b) => a.pos[0] - b.pos[0])
  const deep = errors.find(({ code }) => code === 'RESOURCE_EXHAUSTION')
  if (deep) return [tooDeep(text, deep.pos[0])]
  const tabs = errors.filter(({ code }) => code === 'TAB_AS_INDENT')
  if (tabs[0]) return [tabbed(text, tabs)]
  const first = errors.findIndex(({ code }) => !LOCAL.has(code))
  const told = first < 0 ? errors : errors.slice(0, first + 1)
  const found = [
    ...deadAliases(doc, wording),
    ...told.map(error => explained(error, { doc, text, errors, ...wording })),
  ]
  const isFirstOfLine = ({ offset }: Located, i: number) =>
    i === 0 || text.slice(found[i - 1]?.offset, offset).includes('\n')
  return found.sort((a, b) => a.offset - b.offset).filter(isFirstOfLine)
}

/** What these say of a value; the remedy is always to write it as a block. */
const VALUES = new Map<string, string>([
  ['BAD_DQ_ESCAPE', 'YAML gives a backslash in double quotes a meaning of its own'],
  ['BAD_SCALAR_START', 'a text without quotes cannot start with this character'],
  ['BLOCK_AS_IMPLICIT_KEY', 'YAML reads the colon in this text as the start of a new field'],
  ['KEY_OVER_1024_CHARS', 'YAML reads everything before the colon in this text as the name of a field'],
  ['TAG_RESOLVE_FAILED', 'YAML gives "!" before a text a meaning of its own'],
])
const LINES = new Map<string, string>([
  ['BAD_DIRECTIVE', 'YAML gives a line that starts with "%" a meaning of its own'],
  ['MULTIPLE_DOCS', 'a line of "---" starts a second document here'],
])
/** What causes no other error. */
const LOCAL: ReadonlySet<string> = new Set(['BAD_DQ_ESCAPE', 'BAD_SCALAR_START', 'TAG_RESOLVE_FAILED'])

interface Around extends Wording {
  doc: Document.Parsed
  text: string
  errors: readonly YAMLError[]
}

function explained(error: YAMLError, around: Around): Located {
  const { doc, text, errors, block } = around
  const { code } = error
  const [offset] = error.pos
  if (isCollection(doc.contents) && doc.contents.flow) return { offset, ...IN_BRACKETS }
  const unended = unendedAbove(error, around)
  if (unended) return unended
  const message = LINES.get(code)
  if (message) return { offset, message, hint: 'Delete the line.' }
  const before = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset)
  const isSecond = (other: YAMLError) => other.code === 'MULTILINE_IMPLICIT_KEY' && other.pos[0] === offset
  if (code === 'BLOCK_AS_IMPLICIT_KEY' && errors.some(isSecond)) return fieldBelow(offset, around)
  if (!LOCAL.has(code) && /^[\s-]*$/.test(before)) return misplaced(offset, around)
  return { offset, message: VALUES.get(code) ?? 'YAML cannot read this', hint: asBlock(block) }
}

const IN_BRACKETS = {
  message: 'a comma, a colon, a quote or a bracket is missing or extra here',
  hint: 'Look just before this place.',
}

/** Quotes and brackets that are not closed where they should be, which may be many lines above the error. */
function unendedAbove({ code, message: said, pos: [pos] }: YAMLError, around: Around): Located | undefined {
  const { doc, text, block } = around
  const { quoted, bracket } = begunBefore(doc, pos)
  if (code === 'BAD_INDENT' && said.startsWith('Flow') && bracket !== undefined) {
    const hint = `Put its closing bracket at its end. ${asBlock(block, 'If it is a text, write it')}`
    return { offset: bracket, message: 'the bracket that opens here is not closed', hint }
  }
  const missing = code === 'MISSING_CHAR' && said.includes('quote')
  if (!missing && code !== 'BAD_INDENT' && code !== 'UNEXPECTED_TOKEN') return undefined
  const [from = 0, to = 0] = quoted ?? []
  if (!quoted || text.slice(to, pos).trim() !== '' || text.slice(to, pos).includes('\n')) return undefined
  const written = text.slice(from, to)
  if (missing || written.split('\n').slice(1).some(isNamed))
    return {
      offset: from,
      message: 'the quote that opens here is not closed',
      hint: 'Put the same quote at the end of the text.',
    }
  const message = `this quote closes the text that starts with ${lineAt(text, from).slice(0, 20)}, but more text follows`
  const hint = `Put the closing quote at the end. ${asBlock(block, 'Or write the text')}`
  return { offset: to - 1, message, hint }
}

/** The last text in quotes that ends before an offset, and the last list or map in brackets that begins before it. */
function begunBefore(doc: Document.Parsed, pos: number): { quoted?: readonly number[]; bracket?: number } {
  const found: { quoted?: readonly number[]; bracket?: number } = {}
  visit(doc, {
    Node(_, node) {
      const [from = 0, to = 0] = node.range ?? []
      if (isScalar(node) && node.type?.startsWith('QUOTE') && to <= pos) found.quoted = [from, to]
      if (isCollection(node) && node.flow && from < pos) found.bracket = from
    },
  })
  return found
}

/** Where the brackets begin in that line: how deep the library goes depends on the machine. */
function tooDeep(text: string, pos: number): Located {
  const start = text.lastIndexOf('\n', pos - 1) + 1
  const offset = start + Math.max(0, lineAt(text, start).search(/[[{]/))
  const hint = 'Remove the brackets, or put the text in quotes.'
  return { offset, message: 'too many lists are nested inside each other here', hint }
}

/** Other errors come of the tabs, and who indents with tabs does so everywhere. */
function tabbed(text: string, tabs: readonly YAMLError[]): Located {
  const [offset = 0] = tabs[0]?.pos ?? []
  const starts = text.lastIndexOf('\n', offset - 1) + 1
  const below = tabs.length > 1 ? ' and below' : ''
  const hint = 'Use spaces instead, two for each level.'
  return { offset: starts, message: `there is a tab here${below} where YAML needs spaces`, hint }
}

/** A line that YAML cannot take for what it was meant to be, judged by the line itself. */
function misplaced(pos: number, { text, words }: Around): Located {
  const start = text.lastIndexOf('\n', pos - 1) + 1
  const blank = /^(?:[ \t\r]*(?:#[^\n]*)?\n)*[ \t]*/.exec(text.slice(start))?.[0] ?? ''
  const offset = start + blank.length
  const line = lineAt(text, offset)
  const [, name = '', colon = ''] = /^(?:- +)*([A-Za-z][\w-]*)(:?)/.exec(line) ?? []
  if (/^- +[\w.-]+[ \t]*:(?:\s|$)/.test(line)) {
    const message = 'this list item does not line up with the others'
    return { offset, message, hint: 'Start the dashes of one list in the same column.' }
  }
  if (isNamed(line)) {
    const hint = 'Start all fields of one part in the same column, and indent a text further than its field.'
    return { offset, message: 'this line does not line up with its neighbors', hint }
  }
  if (colon === ':')
    return { offset, message: 'a space is missing after the colon', hint: `Write "${name}: …".` }
  if (words.has(name)) {
    const hint = `Write "${name}: …". If this is text, indent it further than the field it belongs to.`
    return { offset, message: `a colon is missing after "${name}"`, hint }
  }
  const hint = 'Indent it two spaces further than its field, or put "# " before it to make it a comment.'
  return { offset, message: 'this text belongs to no field', hint }
}

/** The value of a field goes on in a line with a colon. */
function fieldBelow(from: number, { text, block }: Around): Located {
  const next = text.indexOf('\n', from) + 1
  const line = lineAt(text, next)
  const offset = next + indentOf(line)
  if (!isNamed(line))
    return { offset, message: VALUES.get('BLOCK_AS_IMPLICIT_KEY') ?? '', hint: asBlock(block) }
  const start = text.lastIndexOf('\n', from - 1) + 1
  const above = text.slice(text.lastIndexOf('\n', start - 2) + 1, start)
  const [, owner] = /([\w.-]+)[ \t]*:\s*$/.exec(above.slice(-LONGEST)) ?? []
  const here = lineAt(text, start)
  if (
    owner !== undefined &&
    !here.trimStart().startsWith('- ') &&
    contentColumn(above) === contentColumn(here)
  ) {
    const message = `"${/[\w.-]+/.exec(here)?.[0]}" belongs to "${owner}" and must be indented further`
    return {
      offset: start + indentOf(here),
      message,
      hint: 'Start it in the same column as the fields below it.',
    }
  }
  const message = 'this field is indented further than its neighbors'
  const hint = `Start it in the same column. ${asBlock(block, 'If it is text, write it')}`
  return { offset, message, hint }
}

const isNamed = (line: string) => /^\s*(?:- +)*[\w.-]+[ \t]*:(?:\s|$)/.test(line)
export const indentOf = (line: string) => line.search(/\S|$/)
const contentColumn = (line: string) => /^ *(?:- +)*/.exec(line)?.[0].length ?? 0

const LONGEST = 1000
/** What stands from an offset to the end of its line. */
const lineAt = (text: string, from: number) => /^[^\n]*/.exec(text.slice(from, from + LONGEST))?.[0] ?? ''

/** A `*name` for which there is no `&name`: mostly a word that was meant to be bold. */
function deadAliases(doc: Document.Parsed, { block }: Wording): Located[] {
  const anchors = new Set<string>()
  const found: (Located & { name: string })[] = []
  visit(doc, {
    Node(_, node) {
      if (!isAlias(node)) anchors.add(node.anchor ?? '')
      else found.push({ name: node.source, offset: node.range?.[0] ?? 0, ...deadAlias(node.source, block) })
    },
  })
  return found.filter(({ name }) => !anchors.has(name)).map(({ name, ...said }) => said)
}

const deadAlias = (name: string, block: Wording['block']) => ({
  message: `YAML reads "*${name}" as a reference, but there is no "&${name}"`,
  hint: asBlock(block),
})

/** A `&name` that nothing refers to, or a `!`, before a text: YAML would leave it out of the text without a word. */
export function lostSigns(doc: Document.Parsed, text: string, block: Wording['block']): Located[] {
  const aliases = new Set<string>()
  const named: { node: Scalar; sign: string }[] = []
  visit(doc, {
    Node(_, node) {
      if (isAlias(node)) aliases.add(`&${node.source}`)
      if (isScalar(node) && node.anchor) named.push({ node, sign: `&${node.anchor}` })
      if (isScalar(node) && node.tag === '!') named.push({ node, sign: '!' })
    },
  })
  return named
    .filter(({ sign }) => !aliases.has(sign))
    .map(({ node, sign }) => ({
      offset: text.lastIndexOf(sign, node.range?.[0]),
      message: `YAML leaves "${sign}" out of this text`,
      hint: asBlock(block),
    }))
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
        if (seen.has(name)) found.push({ offset, message: `"${name}" is used twice`, hint })
        // The rest of that item would be used twice, too.
        if (isNextItem) break
        seen.add(name)
      }
    },
  })
  return found
}
