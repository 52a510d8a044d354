import {
  type Document,
  isMap,
  isNode,
  isScalar,
  LineCounter,
  type Node,
  parseDocument,
  type Scalar,
  visit,
} from 'yaml'
import type * as z from 'zod/mini'
import { type Problem, problemsError, type Source } from './errors.ts'
import { inForm, type Path, type Places } from './schema.ts'
import { asBlock, type Block, faultsOf } from './yaml-faults.ts'

/** A text that has been read as YAML (JSON is YAML), whatever it holds. */
export interface Read extends Places {
  plain: unknown
  /** What makes it no YAML. The rest is then not to be judged, except beside names that stand twice. */
  faults: Problem[]
  twice: Problem[]
  /** A problem at each text of several words that ends where a comment begins in its line. */
  cutTexts(): Problem[]
  /** Whether the text at the path has no quotes and ends where a comment begins in its line. */
  cutByComment(path: Path): boolean
}

/** Aliases can make a small file unfold into gigabytes; our formats need next to none. */
const MOST_ALIASES = 20

export type ProblemAt = Places['problemAt']

/** The form that a text must have. */
export interface Form<T> {
  /** What such a text is, such as `guide`. */
  what: string
  schema: z.ZodMiniType<T>
  /** Finds what a schema cannot say, in whatever the text holds, so that it is told together with the rest. */
  further?: (plain: unknown, problemAt: ProblemAt) => Problem[]
  /** What could be written where a part is missing. */
  proposed?: (path: Path, plain: unknown) => string | undefined
}

/** What a text is worth: its value if it has the form, and else every problem. */
export type Examined<T> = { read: Read; problems: Problem[] } & (
  | { sound: true; value: T }
  | { sound: false; value?: never }
)

/** Reads a YAML text that should have a form. Never throws. */
export function examineYaml<T>(source: Source, form: Form<T>): Examined<T> {
  const read = readYaml(source)
  const { plain } = read
  if (read.faults.length > 0) return { sound: false, read, problems: [...read.faults, ...read.twice] }
  const { what, schema, further, proposed } = form
  const fitted = inForm(plain, schema, {
    what,
    places: read,
    textRemedy: asBlock('>-'),
    proposed: proposed && (path => proposed(path, plain)),
  })
  const problems = [
    ...read.twice,
    ...(fitted.fits ? [] : fitted.problems),
    ...(further?.(plain, read.problemAt) ?? []),
  ]
  return fitted.fits && problems.length === 0
    ? { sound: true, read, problems, value: fitted.value }
    : { sound: false, read, problems }
}

/**
 * Reads a YAML text that must have a form.
 * @throws UserError with every problem found, each as file:line:column with its line and a remedy.
 */
export function parseYaml<T>(source: Source, form: Form<T>): T {
  const examined = examineYaml(source, form)
  if (!examined.sound) throw problemsError(examined.problems, source)
  return examined.value
}

/** Reads any text as YAML. Never throws: what is wrong with it stands in `faults` and `twice`. */
export function readYaml(source: Source, block: Block = '>-'): Read {
  const lines = new LineCounter()
  // A byte order mark takes no column.
  const text = source.text.replace(/^\ufeff/, '')
  const doc = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error' })
  const at = (offset = 0) => {
    const { line, col } = lines.linePos(offset)
    return { line: Math.max(1, line), column: Math.max(1, col) }
  }
  const problem = (node: Node | null, what: string, remedy?: string): Problem => ({
    ...at(node?.range?.[0]),
    what,
    ...(remedy && { remedy }),
  })
  const faults: Problem[] = faultsOf(doc, text, block).map(({ pos, ...fault }) => ({ ...at(pos), ...fault }))
  const faulty = new Set(faults.map(({ line }) => line))
  const twice = doc.errors.filter(({ code, pos }) => code === 'DUPLICATE_KEY' && !faulty.has(at(pos[0]).line))
  return {
    ...(faults.length > 0 ? { plain: undefined, faults } : unfolded(doc)),
    twice: twice.map(({ pos: [from] }) => ({
      ...at(from),
      what: `"${nameAt(text, from)}" stands here a second time`,
      remedy: 'Keep one of the two.',
    })),
    problemAt: (path, what, remedy) => problem(nodeAt(doc.contents, path), what, remedy),
    problemAtKey: (path, what, remedy) => problem(keyAt(doc.contents, path), what, remedy),
    cutTexts() {
      const cut: Problem[] = []
      visit(doc, {
        Scalar(_, node) {
          if (isCut(node, text) && /\S\s+\S/.test(String(node.value)))
            cut.push(problem(node, CUT, asBlock(block, 'If it belongs to the text, write all of it')))
        },
      })
      return cut
    },
    cutByComment(path) {
      const node = nodeAt(doc.contents, path)
      return isScalar(node) && isCut(node, text)
    },
  }
}

const CUT = 'what stands behind " #" in this line is a comment in YAML, and no part of the text'

function isCut({ type, range }: Scalar, text: string): boolean {
  return type === 'PLAIN' && /^[ \t]+#/.test(text.slice(range?.[1], (range?.[1] ?? 0) + 100))
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
