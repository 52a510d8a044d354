import { isMap, isNode, isScalar, LineCounter, type Node, parseDocument } from 'yaml'
import * as z from 'zod/mini'
import { didYouMean, type Problem, problemsError, type Source } from './errors.ts'

type Path = readonly PropertyKey[]

/** A YAML or JSON text that has been read against a schema, and where each of its parts stands. */
export interface Checked<T> {
  value: T
  /** The problem `what` at the part the path leads to. */
  problemAt(path: Path, what: string, remedy?: string): Problem
}

/** Aliases can make a small file unfold into gigabytes; our formats need next to none. */
const MOST_ALIASES = 20

/**
 * Reads a YAML text (JSON is YAML) that must have the form of the schema. `further` finds what a schema cannot
 * say, in whatever the text holds, so that its problems are told together with those of the form.
 * @throws UserError with every problem found, each as file:line:column with its line and a remedy.
 */
export function parseYaml<T>(
  source: Source,
  schema: z.ZodMiniType<T>,
  what: string,
  further: (plain: unknown, problemAt: ProblemAt) => Problem[] = () => [],
): Checked<T> {
  const lines = new LineCounter()
  const doc = parseDocument(source.text, {
    lineCounter: lines,
    prettyErrors: false,
  })
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset)
    return { line: Math.max(1, line), column: Math.max(1, col) }
  }
  const faults = [...doc.errors, ...doc.warnings]
  if (faults.length > 0)
    throw problemsError(
      faults.map(e => ({ ...at(e.pos[0]), what: e.message })),
      source,
    )

  const problemAt = (path: Path, text: string, remedy?: string): Problem => ({
    ...at(nodeAt(doc.contents, path)?.range?.[0] ?? 0),
    what: text,
    ...(remedy ? { remedy } : {}),
  })
  let plain: unknown
  try {
    plain = doc.toJS({ maxAliasCount: MOST_ALIASES })
  } catch {
    throw problemsError(
      [
        {
          line: 1,
          column: 1,
          what: 'this file repeats itself through too many aliases (*name)',
          remedy: 'Write the texts out.',
        },
      ],
      source,
    )
  }
  const result = z.safeParse(schema, plain)
  const known = (path: Path) => Object.keys(shapeAt(schema, path))
  const issues = result.error?.issues ?? []
  const problems = issues.flatMap(issue => explain(issue, plain, what, known, problemAt))
  problems.push(...further(plain, problemAt))
  if (problems.length > 0 || !result.success) throw problemsError(problems, source)
  return { value: result.data, problemAt }
}

/** The keys a schema knows at a path, each with its own schema; none where no map stands. */
function shapeAt(schema: z.core.$ZodType, path: Path): Record<PropertyKey, z.core.$ZodType> {
  const def = schema._zod.def as {
    innerType?: z.core.$ZodType
    element?: z.core.$ZodType
    shape?: Record<PropertyKey, z.core.$ZodType>
  }
  if (def.innerType) return shapeAt(def.innerType, path)
  const [key, ...rest] = path
  if (key === undefined) return def.shape ?? {}
  const inner = def.element ?? def.shape?.[key]
  return inner ? shapeAt(inner, rest) : {}
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

type Issue = z.core.$ZodIssue
export type ProblemAt = Checked<unknown>['problemAt']

/** The schema library says only "Invalid input"; the sentences are ours. */
function explain(
  issue: Issue,
  plain: unknown,
  what: string,
  known: (path: Path) => string[],
  problemAt: ProblemAt,
): Problem[] {
  const path = issue.path
  const name = path.length === 0 ? `this ${what}` : `"${label(path)}"`
  const found = path.reduce<unknown>(
    (value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key],
    plain,
  )
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map(key =>
      problemAt(
        [...path, key],
        `"${key}" is not a word of a ${what}${path.length ? ` in ${name}` : ''}`,
        didYouMean(key, known(path)),
      ),
    )
  }
  if (found === undefined)
    return [problemAt(path, path.length === 0 ? 'the file is empty' : `${name} is missing`)]
  if (issue.code === 'invalid_type') {
    const remedy =
      issue.expected === 'string'
        ? 'Write the text as a block: ">-", and the text on the next line, indented.'
        : undefined
    return [
      problemAt(
        path,
        `${name} should be ${EXPECTED[issue.expected] ?? issue.expected}, but is ${kindOf(found)}`,
        remedy,
      ),
    ]
  }
  return [
    problemAt(
      path,
      issue.message && issue.message !== 'Invalid input'
        ? `${name} ${issue.message}`
        : `${name} is not right here`,
    ),
  ]
}

const EXPECTED: Record<string, string> = {
  string: 'text',
  array: 'a list',
  object: 'a map of names and values',
  number: 'a number',
  record: 'a map of names and values',
}

function kindOf(value: unknown): string {
  if (value === null) return 'empty'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'a map (a colon makes one)'
  return typeof value === 'string' ? 'text' : `the ${typeof value} ${String(value)}`
}

/** `stories.elements[2].story[1].text`, counted from 1 as people count. */
function label(path: Path): string {
  return path
    .map((key, i) => (typeof key === 'number' ? `[${key + 1}]` : `${i ? '.' : ''}${String(key)}`))
    .join('')
}
