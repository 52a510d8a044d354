import * as YAML from 'yaml'
import type * as z from 'zod/mini'
import type { Diagnostic, Source } from '../domain/errors.ts'
import { isRecord, type Path, type Places, validate, wordsIn } from './validation.ts'
import {
  asBlock,
  at,
  confusables,
  indentOf,
  type Located,
  repeatedNames,
  signs,
  syntaxProblems,
  type Wording,
} from './yaml-errors.ts'

/** A text read as YAML (JSON is YAML): what it holds, undefined where it is not YAML, and what is wrong with it. */
type YamlText = ReturnType<typeof readYaml>

/** For a text of which nothing is known. */
const PLAIN: Wording = { block: '>-', words: new Set() }

/** Aliases can make a small file unfold into gigabytes; our formats need next to none. */
const MOST_ALIASES = 20

export type ProblemAt = Places['problemAt']
/** Reports a problem. */
export type Report = (...said: Parameters<ProblemAt>) => void

/** The problems that are reported. */
export function gathered(problemAt: ProblemAt, tell: (report: Report) => void): Diagnostic[] {
  const found: Diagnostic[] = []
  tell((...said) => void found.push(problemAt(...said)))
  return found
}

export interface Schema<T> {
  /** The kind of file, such as `guide`. */
  kind: string
  schema: z.ZodMiniType<T>
  /** Finds what a schema cannot say, in whatever the text holds, so that it is reported together with the rest. */
  further?: (plain: unknown, places: Places) => Diagnostic[]
  /** What could be written where a part is missing. */
  proposed?: (path: Path, plain: unknown) => string | undefined
  /** How such files are written; texts as paragraphs, if it is not said. */
  wording?: Wording
  /** What of the text should fit the schema. */
  prepared?: (plain: unknown) => unknown
}

/** Reads a YAML text and validates it: the value, if there is no problem; `read` for what else is to be said. Never throws. */
export function examineYaml<T>(
  source: Source,
  { kind, schema, further, proposed, prepared, ...form }: Schema<T>,
): { read: YamlText; problems: Diagnostic[]; value?: T | undefined } {
  const wording = form.wording ?? { block: '>-', words: wordsIn(schema) }
  const read = readYaml(source, wording)
  const { plain } = read
  if (plain === undefined) return { read, problems: read.problems }
  const { value, problems: found } = validate(prepared ? prepared(plain) : plain, schema, {
    ...{ kind, places: read, textRemedy: asBlock(wording.block) },
    proposed: proposed && (path => proposed(path, plain)),
  })
  const problems = read.withCauses([...read.problems, ...found, ...(further?.(plain, read) ?? [])])
  return { read, problems, value: problems.length === 0 ? value : undefined }
}

/** The text that a YAML text holds under a name at its top; undefined if there is none. Never throws. */
export function textUnder(name: string, source: Source): string | undefined {
  const { plain } = readYaml(source)
  const value = isRecord(plain) && Object.hasOwn(plain, name) ? plain[name] : undefined
  return typeof value === 'string' ? value : undefined
}

/** Reads any text as YAML. Never throws. */
export function readYaml(source: Source, wording: Wording = PLAIN) {
  // A byte order mark takes no column.
  const text = source.text.replace(/^\ufeff/, '')
  const doc = YAML.parseDocument(text, {
    ...{ prettyErrors: false, logLevel: 'error', uniqueKeys: false, stringKeys: true },
  })
  const located = locator(text)
  /** These problems, or in their place what causes them: characters that look like YAML's own. */
  const withCauses = (problems: readonly Diagnostic[]): Diagnostic[] => {
    const causes = problems.length > 0 ? confusables(text, wording.words) : []
    return causes.length > 0 ? causes : [...problems]
  }
  const places = { ...placesIn(text, doc.contents, located), withCauses }
  const syntax = syntaxProblems(doc, text, wording)
  const plain: unknown = syntax.length > 0 ? undefined : unfoldedFrom(doc)
  if (plain === undefined) {
    const why = syntax.length > 0 ? syntax : [at(0, TOO_MANY, 'Write the texts out.')]
    return { ...places, plain, problems: withCauses(why.map(located)), doubtfulTexts: () => [] }
  }
  return {
    ...{ ...places, plain },
    /** Names used twice, and characters that YAML takes out of a text. */
    problems: [...repeatedNames(doc), ...signs({ doc, text, ...wording }).lost].map(located),
    /** Warnings for texts that perhaps hold less or more than was meant. */
    doubtfulTexts: () => doubtfulIn(doc.contents, text, wording).map(located),
  }
}

function placesIn(text: string, root: YAML.Node | null, located: (problem: Located) => Diagnostic): Places {
  const problem = (node: YAML.Node | null, message: string, hint = '', part = '') => {
    const [from = 0, to = from] = node?.range ?? []
    const offset = from + Math.max(0, text.slice(from, to).indexOf(part))
    return located({ offset, message, ...(hint && { hint }) })
  }
  return {
    problemAt: (path, ...said) => problem(nodeAt(root, path), ...said),
    problemAtKey: (path, ...said) => problem(keyAt(root, path), ...said),
    sourceAt: path => sourceOf(nodeAt(root, path)),
    isCommentedOut(path) {
      const end = keyAt(root, path)?.range?.[1] ?? text.length
      return /^["']?[ \t]*:[ \t]+#\S/.test(text.slice(end, end + 100))
    },
  }
}

/** Gives offsets of a text their lines, which end at LF alone. The parser's own counter misses lines after some errors. */
function locator(text: string): (problem: Located) => Diagnostic {
  const counter = new YAML.LineCounter()
  for (let start = 0; start >= 0; start = text.indexOf('\n', start) + 1 || -1) counter.addNewLine(start)
  return ({ offset, ...said }) => {
    const { line, col } = counter.linePos(offset)
    return { line, column: col, ...said }
  }
}

const TOO_MANY = 'this file repeats itself through too many aliases (*name)'

/** Undefined where aliases unfold into too much. */
function unfoldedFrom(doc: YAML.Document.Parsed): unknown {
  try {
    return doc.toJS({ maxAliasCount: MOST_ALIASES })
  } catch (error) {
    if (error instanceof ReferenceError) return undefined
    throw error
  }
}

/** The node a path leads to; for a missing key, the map it belongs in. */
function nodeAt(root: YAML.Node | null, path: Path): YAML.Node | null {
  let node = root
  for (const key of path) {
    const next = YAML.isMap(node)
      ? ownOrKey(pairIn(node, key))
      : YAML.isSeq(node)
        ? node.items[Number(key)]
        : undefined
    if (!YAML.isNode(next)) return node
    node = next
  }
  return node
}

/** The value of a pair; its key where the value is left out. */
function ownOrKey(pair: YAML.Pair | undefined): unknown {
  const { key, value } = pair ?? {}
  return YAML.isNode(value) && !(YAML.isScalar(value) && value.source === '' && value.type === 'PLAIN')
    ? value
    : key
}

/** The key of the part that a path leads to. */
function keyAt(root: YAML.Node | null, path: Path): YAML.Node | null {
  const parent = nodeAt(root, path.slice(0, -1))
  const key = YAML.isMap(parent) && pairIn(parent, path.at(-1) ?? '')?.key
  return YAML.isNode(key) ? key : parent
}

const pairsOf = new WeakMap<YAML.YAMLMap, Map<string, YAML.Pair>>()

function pairIn(map: YAML.YAMLMap, key: PropertyKey): YAML.Pair | undefined {
  const known = pairsOf.get(map) ?? new Map<string, YAML.Pair>()
  if (!pairsOf.has(map)) for (const pair of map.items.toReversed()) known.set(String(pair.key), pair)
  pairsOf.set(map, known)
  return known.get(String(key))
}

/** A number or another bare word as it is written, such as `007`. */
const sourceOf = (node: YAML.Node | null) =>
  YAML.isScalar(node) && node.type === 'PLAIN' ? node.source : undefined

/* Texts that YAML reads without a problem, and perhaps otherwise than was meant. */

function doubtfulIn(root: YAML.Node | null, text: string, { words, block }: Wording): Located[] {
  const found: Located[] = []
  YAML.visit(root, {
    Scalar(key, node) {
      if (key === 'key' || !node.range) return
      const [from, end] = node.range
      const written = text.slice(from, end)
      const after = text.slice(end, end + 100)
      // After a single word, a comment is mostly meant as one.
      const isCut = /^[ \t]+#/.test(after) && (/\S\s+\S/.test(written) || /^[ \t]+#\S/.test(after))
      if (isCut && node.type === 'PLAIN')
        found.push(at(from, CUT, asBlock(block, 'If it is text, write all of it')))
      const isBlock = node.type === 'BLOCK_FOLDED' || node.type === 'BLOCK_LITERAL'
      if (isBlock) found.push(...swallowed(from, written, words))
      if (block === '>-' && (node.type === 'PLAIN' || node.type === 'BLOCK_FOLDED'))
        found.push(...joined(from, written, isBlock))
    },
  })
  return found
}

const CUT = 'YAML reads what follows " #" in this line as a comment, not as text'

/** A field indented too far becomes a line of the block above it. */
function swallowed(from: number, written: string, words: ReadonlySet<string>): Located[] {
  for (const { index, 1: front = '', 2: name = '' } of written.matchAll(
    /\n([ \t]*(?:- +)?)([\w.-]+)[ \t]*:\s/g,
  )) {
    if (!words.has(name)) continue
    const message = `"${name}:" is indented so far that it belongs to the text above`
    const hint = 'If it is a field, start it in the same column as its neighbors; if it is text, leave it.'
    return [at(from + index + 1 + front.length, message, hint)]
  }
  return []
}

/** Lines that were probably meant to stay lines, where YAML joins them into paragraphs. */
function joined(from: number, written: string, isBlock: boolean): Located[] {
  let end = from
  const [, ...rows] = written.split('\n').map(line => {
    const offset = end + indentOf(line)
    end += line.length + 1
    return { line, offset }
  })
  // In a block, YAML keeps lines that are indented further than the first.
  const base = indentOf(rows.find(({ line }) => line.trim() !== '')?.line ?? '')
  const isJoined = ({ line } = { line: '' }, like: RegExp) =>
    like.test(line) && (!isBlock || indentOf(line) === base)
  const comment = rows.find(row => isBlock && isJoined(row, /^\s*#[ \t]/))
  const list = rows.find((row, i) => isJoined(row, ITEM) && isJoined(rows[i + 1], ITEM))
  return [
    ...(comment ? [at(comment.offset, 'this is part of the text, not a comment', NO_COMMENT)] : []),
    ...(list
      ? [at(list.offset, 'these lines look like a list, but are joined into one paragraph', NO_LIST)]
      : []),
  ]
}

const ITEM = /^\s*(?:[-*•–]|\d{1,2}[.)])[ \t]+\S/
const NO_COMMENT = 'Put comments above the name of the field, or delete the line.'
const NO_LIST = 'To keep each line, begin the text with "|-".'
