import { type Document, isAlias, isCollection, isScalar, visit, type YAMLError } from 'yaml'
import type { Problem } from './errors.ts'

/** The two ways to write a text in YAML that need no care: its lines as they are, or joined to paragraphs. */
export type Block = '|-' | '>-'
export const asBlock = (block: Block, first = 'Write the text') =>
  `${first} as a block: "${block}", and the text on the next line, indented.`

type Fault = Omit<Problem, 'line'> & { pos: number }

/** What the library says in its own words, told to people who write texts and know no YAML; once for each line. */
export function faultsOf(doc: Document.Parsed, text: string, block: Block): Fault[] {
  const errors = [...doc.errors, ...doc.warnings].filter(({ code }) => code !== 'DUPLICATE_KEY')
  const deep = errors.find(({ code }) => code === 'RESOURCE_EXHAUSTION')
  if (deep) return [{ pos: deep.pos[0], ...DEEP }]
  if (errors.length === 0) return deadAliases(doc, block)
  const tabs = errors.filter(({ code }) => code === 'TAB_AS_INDENT')
  const parts = errors.some(({ code }) => code in BEGUN_ABOVE) ? begunParts(doc) : []
  // What else is wrong beside tabs comes of them.
  const causes = tabs.length > 0 ? tabs : errors.filter(error => !isSecond(error, errors))
  const told = causes.map(error => faultOf(error, { errors, parts, text, block }))
  const lines = new Set<number>()
  return [...deadAliases(doc, block), ...told].filter(({ pos }) => {
    const line = text.lastIndexOf('\n', pos - 1)
    return lines.size < lines.add(line).size
  })
}

/** A name over several lines where a text stands: told as the one mistake that it is. */
const isSecond = ({ code, pos }: YAMLError, errors: readonly YAMLError[]) =>
  code === 'MULTILINE_IMPLICIT_KEY' &&
  errors.some(other => other.code === 'BLOCK_AS_IMPLICIT_KEY' && other.pos[0] === pos[0])

interface Around {
  errors: readonly YAMLError[]
  parts: readonly Begun[]
  text: string
  block: Block
}

function faultOf({ code, message, pos: [pos] }: YAMLError, around: Around): Fault {
  const { errors, text, block } = around
  const above = code in BEGUN_ABOVE ? beginning(code, message, pos, around) : undefined
  if (above) return above
  if (
    code === 'BLOCK_AS_IMPLICIT_KEY' &&
    errors.some(other => other.pos[0] === pos && isSecond(other, errors))
  ) {
    const next = text.indexOf('\n', pos) + 1
    return {
      pos: next + text.slice(next, next + 200).search(/\S|$/),
      what: 'this line stands further right like a text that goes on, but its colon makes a name of it',
      remedy: `A name begins in the column of its neighbors. ${asBlock(block, 'If it is a text, write it')}`,
    }
  }
  const [what, remedy] = FAULTS[code] ?? ['this has a meaning in YAML that cannot stand here']
  return { pos, what, remedy: remedy ?? asBlock(block) }
}

/** The fault where its cause begins, which may be many lines above the place where YAML stumbles. */
function beginning(
  code: YAMLError['code'],
  message: string,
  pos: number,
  { parts, text, block }: Around,
): Fault | undefined {
  if (code === 'BAD_INDENT') {
    const open = message.startsWith('Flow') && parts.findLast(({ from, quoted }) => from < pos && !quoted)
    return open ? { pos: open.from, ...bracket(block) } : undefined
  }
  const before = parts.findLast(
    ({ to, quoted }) => quoted && to <= pos && /^[ \t]*$/.test(text.slice(to, pos)),
  )
  if (!before || (code === 'MISSING_CHAR' && !message.includes('quote'))) return undefined
  if (code === 'MISSING_CHAR')
    return {
      pos: before.from,
      what: 'the text in quotes that begins here has no end',
      remedy: 'Put the same quote at its end.',
    }
  const start = text.slice(before.from, before.from + 20).split('\n')[0]
  return {
    pos: before.to - 1,
    what: `the text in quotes that begins with ${start} ends here, in front of more text`,
    remedy: `Put its last quote where it should end. ${asBlock(block, 'Or write the text')}`,
  }
}

const DEEP = {
  what: 'too many lists and maps stand inside each other here',
  remedy: 'Take the brackets out, or put the text in quotes.',
}
const bracket = (block: Block) => ({
  what: 'the list or map in brackets that begins here has no end',
  remedy: `Put its closing bracket at its end. ${asBlock(block, 'If it is a text, write it')}`,
})

/** What is wrong, and what to do, where that is not to write the text as a block. */
const FAULTS: Partial<Record<YAMLError['code'], [what: string, remedy?: string]>> = {
  BAD_DIRECTIVE: ['a line that begins with "%" has a meaning in YAML', 'Take the line out.'],
  BAD_DQ_ESCAPE: ['a backslash in double quotes has a meaning in YAML'],
  BAD_INDENT: [
    'this line does not begin in the column of its neighbors',
    'Let all names of one part begin in the same column, and a text further right than its name.',
  ],
  BAD_SCALAR_START: ['a text without quotes cannot begin with this character'],
  BLOCK_AS_IMPLICIT_KEY: ['a colon makes a map of this, which cannot begin in the middle of a line'],
  KEY_OVER_1024_CHARS: ['a colon makes a name of all this, which is too long for one'],
  MISSING_CHAR: [
    'this should be a name with a colon behind it',
    'Put a colon and a space behind the name. If it goes on with the text above, indent it further than the name of that text.',
  ],
  MULTILINE_IMPLICIT_KEY: [
    'YAML takes several lines here for one name',
    'Put a space behind the colon of a name, and indent a text of several lines further than its name.',
  ],
  MULTIPLE_DOCS: ['a line of "---" begins a second document here', 'Take the line out.'],
  TAB_AS_INDENT: [
    'a tab stands here where YAML wants spaces',
    'Put spaces in its place, two for each level.',
  ],
  TAG_RESOLVE_FAILED: ['"!" in front of a text has a meaning in YAML'],
  UNEXPECTED_TOKEN: ['this cannot stand here'],
}

/** Faults that may have their cause in a text in quotes, or a list in brackets, that began above. */
const BEGUN_ABOVE: Partial<Record<YAMLError['code'], true>> = {
  BAD_INDENT: true,
  MISSING_CHAR: true,
  UNEXPECTED_TOKEN: true,
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

/** Each `*name` for which there is no `&name`: mostly a word that was meant to be bold. */
function deadAliases(doc: Document.Parsed, block: Block): Fault[] {
  const anchors = new Set<string>()
  const aliases: { pos: number; name: string }[] = []
  visit(doc, {
    Node(_, node) {
      if (isAlias(node)) aliases.push({ pos: node.range?.[0] ?? 0, name: node.source })
      else if (node.anchor) anchors.add(node.anchor)
    },
  })
  return aliases
    .filter(({ name }) => !anchors.has(name))
    .map(({ pos, name }) => ({
      pos,
      what: `"*${name}" refers to nothing`,
      remedy: `"*" has a meaning in YAML. ${asBlock(block)}`,
    }))
}
