import { type Document, visit, type YAMLError } from 'yaml'
import type { Problem } from './errors.ts'

/** The two ways to write a text in YAML that need no care: its lines as they are, or joined to paragraphs. */
export type Block = '|-' | '>-'
export const asBlock = (block: Block) =>
  `Write the text as a block: "${block}", and the text on the next line, indented.`

type Fault = Omit<Problem, 'line'> & { pos: number }

/** What the library says in its own words, told to people who write texts and know no YAML; once for each line. */
export function faultsOf(doc: Document.Parsed, text: string, block: Block): Fault[] {
  const errors = [...doc.errors, ...doc.warnings]
  const deep = errors.find(({ code }) => code === 'RESOURCE_EXHAUSTION')
  if (deep) return [{ pos: deep.pos[0], ...DEEP }]
  const quoted = errors.some(({ code }) => code in QUOTED) ? quotedTexts(doc) : []
  const told = new Set<number>()
  return errors
    .filter(({ code }) => code !== 'DUPLICATE_KEY')
    .map(error => faultOf(error, quoted, text, block))
    .filter(({ pos }) => {
      const line = text.lastIndexOf('\n', pos - 1)
      return told.size < told.add(line).size
    })
}

function faultOf(
  { code, message, pos: [pos] }: YAMLError,
  quoted: Quoted[],
  text: string,
  block: Block,
): Fault {
  const before =
    code in QUOTED && quoted.findLast(({ to }) => to <= pos && /^[ \t]*$/.test(text.slice(to, pos)))
  if (before && code === 'MISSING_CHAR' && message.includes('quote'))
    return {
      pos: before.from,
      what: 'the text in quotes that begins here has no end',
      remedy: 'Put the same quote at its end.',
    }
  if (before && code === 'UNEXPECTED_TOKEN')
    return {
      pos: before.to - 1,
      what: `the text in quotes that begins with ${text.slice(before.from, before.from + 20).split('\n')[0]} ends here, in front of more text`,
      remedy: `Put its last quote where it should end. Or: ${asBlock(block)}`,
    }
  if (code === 'BAD_INDENT' && message.startsWith('Flow')) return { pos, ...BRACKETS }
  const [what, remedy] = FAULTS[code] ?? ['this has a meaning in YAML that cannot stand here']
  return { pos, what, remedy: remedy ?? asBlock(block) }
}

const DEEP = {
  what: 'too many lists and maps stand inside each other here',
  remedy: 'Take the brackets out, or put the text in quotes.',
}
const BRACKETS = {
  what: 'a list or map in brackets has no end before this line',
  remedy: 'Put its closing bracket at its end.',
}

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

/** Faults that have their cause where a text in quotes begins, often many lines above. */
const QUOTED: Partial<Record<YAMLError['code'], true>> = { MISSING_CHAR: true, UNEXPECTED_TOKEN: true }

interface Quoted {
  from: number
  to: number
}

/** Where the texts in quotes begin and end, in the order of the file. */
function quotedTexts(doc: Document.Parsed): Quoted[] {
  const found: Quoted[] = []
  visit(doc, {
    Scalar(_, { type, range }) {
      if (range && (type === 'QUOTE_DOUBLE' || type === 'QUOTE_SINGLE'))
        found.push({ from: range[0], to: range[1] })
    },
  })
  return found
}
