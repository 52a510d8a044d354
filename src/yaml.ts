import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  LineCounter,
  type Node,
  parseDocument,
  visit,
  type YAMLError,
} from 'yaml'
import type * as z from 'zod/mini'
import { type Problem, problemsError, type Source } from './errors.ts'
import { inForm, type Path, type Places } from './schema.ts'

/** A text that has been read against a schema. */
export interface Checked<T> extends Places {
  value: T
}

/** A text that has been read as YAML (JSON is YAML), whatever it holds. */
export interface Read extends Places {
  plain: unknown
  /** What makes it no YAML. The rest is then not to be judged, except beside names that stand twice. */
  faults: Problem[]
  twice: Problem[]
  /** Whether the text at the path has no quotes and ends where a comment begins in its line. */
  cutByComment(path: Path): boolean
}

/** Aliases can make a small file unfold into gigabytes; our formats need next to none. */
const MOST_ALIASES = 20

/** The two ways to write a text in YAML that need no care: its lines as they are, or joined to paragraphs. */
export type Block = '|-' | '>-'
export const asBlock = (block: Block) =>
  `Write the text as a block: "${block}", and the text on the next line, indented.`

export type ProblemAt = Places['problemAt']

/**
 * Reads a YAML text that must have the form of the schema. `further` finds what a schema cannot say, in whatever
 * the text holds, so that its problems are told together with those of the form.
 * @throws UserError with every problem found, each as file:line:column with its line and a remedy.
 */
export function parseYaml<T>(
  source: Source,
  schema: z.ZodMiniType<T>,
  what: string,
  further: (plain: unknown, problemAt: ProblemAt) => Problem[] = () => [],
): Checked<T> {
  const read = readYaml(source)
  if (read.faults.length > 0) throw problemsError([...read.faults, ...read.twice], source)
  const fitted = inForm(read.plain, schema, { what, places: read, textRemedy: asBlock('>-') })
  const problems = [
    ...read.twice,
    ...(fitted.fits ? [] : fitted.problems),
    ...further(read.plain, read.problemAt),
  ]
  if (problems.length > 0 || !fitted.fits) throw problemsError(problems, source)
  return { ...read, value: fitted.value }
}

/** Reads any text as YAML. Never throws: what is wrong with it stands in `faults` and `twice`. */
export function readYaml(source: Source, block: Block = '>-'): Read {
  const lines = new LineCounter()
  const doc = parseDocument(source.text, { lineCounter: lines, prettyErrors: false })
  const at = (offset = 0) => {
    const { line, col } = lines.linePos(offset)
    return { line: Math.max(1, line), column: Math.max(1, col) }
  }
  const problem = (node: Node | null, what: string, remedy?: string): Problem => ({
    ...at(node?.range?.[0]),
    what,
    ...(remedy && { remedy }),
  })
  const errors = [...doc.errors, ...doc.warnings]
  const twice = errors.filter(({ code }) => code === 'DUPLICATE_KEY')
  const faults: Problem[] = faultsOf(errors, block).map(({ pos, ...fault }) => ({ ...at(pos), ...fault }))
  for (const { node, name } of deadAliases(doc))
    faults.push(problem(node, `"*${name}" refers to nothing`, `"*" has a meaning in YAML. ${asBlock(block)}`))
  return {
    ...(faults.length > 0 ? { plain: undefined, faults } : unfolded(doc)),
    twice: twice.map(({ pos: [from] }) => ({
      ...at(from),
      what: `"${nameAt(source.text, from)}" stands here a second time`,
      remedy: 'Keep one of the two.',
    })),
    problemAt: (path, what, remedy) => problem(nodeAt(doc.contents, path), what, remedy),
    problemAtKey: (path, what, remedy) => problem(keyAt(doc.contents, path), what, remedy),
    cutByComment(path) {
      const node = nodeAt(doc.contents, path)
      return isScalar(node) && node.type === 'PLAIN' && /^[ \t]+#/.test(source.text.slice(node.range?.[1]))
    },
  }
}

/** The node a path leads to; for a key that is missing, the map it should stand in. */
function nodeAt(root: Node | null, path: Path): Node | null {
  let node = root
  for (const key of path) {
    if (isMap(node)) {
      const pair = node.items.find(
        item => (isScalar(item.key) ? String(item.key.value) : null) === String(key),
      )
      if (!pair) return node
      node = isNode(pair.value) && !emptyScalar(pair.value) ? pair.value : isNode(pair.key) ? pair.key : node
    } else if (node && 'items' in node) {
      const item = (node.items as unknown[])[Number(key)]
      if (!isNode(item)) return node
      node = item
    } else return node
  }
  return node
}

const emptyScalar = (node: Node) => isScalar(node) && node.value === null && node.source === ''

/** The name under which the part stands that a path leads to. */
function keyAt(root: Node | null, path: Path): Node | null {
  const parent = nodeAt(root, path.slice(0, -1))
  if (!isMap(parent)) return parent
  const pair = parent.items.find(({ key }) => isScalar(key) && String(key.value) === String(path.at(-1)))
  return isNode(pair?.key) ? pair.key : parent
}

/** What the library says in its own words, and what helps people who write texts and know no YAML. */
function faultsOf(errors: readonly YAMLError[], block: Block): (Omit<Problem, 'line'> & { pos: number })[] {
  const deep = errors.find(({ code }) => code === 'RESOURCE_EXHAUSTION')
  if (deep) return [{ pos: deep.pos[0], what: 'too many lists and maps stand inside each other here' }]
  return errors
    .filter(({ code }) => code !== 'DUPLICATE_KEY')
    .map(({ code, message, pos: [pos] }) => ({
      pos,
      what: FAULTS[code] ?? message,
      ...(TEXT_FAULTS.has(code) && { remedy: asBlock(block) }),
    }))
}

const FAULTS: Partial<Record<YAMLError['code'], string>> = {
  BLOCK_AS_IMPLICIT_KEY: 'a colon makes a map of this, which cannot begin in the middle of a line',
  MULTIPLE_DOCS: 'a line of "---" begins a second document here',
}
const TEXT_FAULTS = new Set<YAMLError['code']>([
  'BAD_SCALAR_START',
  'BLOCK_AS_IMPLICIT_KEY',
  'TAG_RESOLVE_FAILED',
  'UNEXPECTED_TOKEN',
])

/** Each `*name` for which there is no `&name`: mostly a word that was meant to be bold. */
function deadAliases(doc: Document.Parsed): { node: Node; name: string }[] {
  const anchors = new Set<string>()
  const aliases: { node: Node; name: string }[] = []
  visit(doc, {
    Node(_, node) {
      if (isAlias(node)) aliases.push({ node, name: node.source })
      else if (node.anchor) anchors.add(node.anchor)
    },
  })
  return aliases.filter(({ name }) => !anchors.has(name))
}

function unfolded(doc: Document.Parsed): Pick<Read, 'plain' | 'faults'> {
  try {
    return { plain: doc.toJS({ maxAliasCount: MOST_ALIASES }), faults: [] }
  } catch {
    const what = 'this file repeats itself through too many aliases (*name)'
    return { plain: undefined, faults: [{ line: 1, column: 1, what, remedy: 'Write the texts out.' }] }
  }
}

/** A name as it is written, without quotes. */
const nameAt = (text: string, offset: number) =>
  /^["']?([^"':,\s]*)/.exec(text.slice(offset, offset + 100))?.[1]
