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
import { type Diagnostic, nearest, problemsError, type Source } from '../domain/errors.ts'

import { inside, isRecord, notAWord, type Path, type Places, validate, wordsIn } from './validation.ts'
import { faultsOf, TAB, type Wording } from './yaml-errors.ts'

import { asBlock, type Block, type Fault, indentOf, mend, withoutLookalikes } from './yaml-repair.ts'

/** A text that has been read as YAML (JSON is YAML), whatever it holds. */
export interface Read extends Places {
  /** What it holds, without what is no YAML; undefined if that leaves nothing that could be judged. */
  plain: unknown
  /** What is no YAML in it. */
  faults: Diagnostic[]
  twice: Diagnostic[]
  /** Whether a problem at this place is one of its own, and does not come of a fault that is told. */
  isNews(problem: Diagnostic): boolean
  /** A problem at each text that perhaps holds less or more than was meant. */
  doubtfulTexts(): Diagnostic[]
}

/** For a text of which nothing is known. */
const PLAIN: Wording = { block: '>-', words: new Set() }

/** Aliases can make a small file unfold into gigabytes; our formats need next to none. */
const MOST_ALIASES = 20

export type ProblemAt = Places['problemAt']

/** The form that a text must have. */
export interface Schema<T> {
  /** The kind of file, such as `guide`. */
  kind: string
  schema: z.ZodMiniType<T>
  /** Finds what a schema cannot say, in whatever the text holds, so that it is told together with the rest. */
  further?: (plain: unknown, problemAt: ProblemAt) => Diagnostic[]
  /** What could be written where a part is missing. */
  proposed?: (path: Path, plain: unknown) => string | undefined
}

/** What a text is worth: its value if it has the form, and else every problem. */
export type Examined<T> = { read: Read; problems: Diagnostic[] } & (
  | { sound: true; value: T }
  | { sound: false; value?: never }
)

/** Reads a YAML text that should have a form. Never throws. */
export function examineYaml<T>(source: Source, form: Schema<T>): Examined<T> {
  const { kind, schema, further, proposed } = form
  const { read, misspelt } = asMeant(readYaml(source, { block: '>-', words: wordsIn(schema) }), kind, schema)
  const { plain } = read
  if (plain === undefined && read.faults.length > 0) return { sound: false, read, problems: read.faults }
  const fitted = validate(plain, schema, {
    kind,
    places: read,
    textRemedy: asBlock('>-'),
    proposed: proposed && (path => proposed(path, plain)),
  })
  const judged = [
    ...misspelt,
    ...(fitted.fits ? [] : fitted.problems),
    ...(further?.(plain, read.problemAt) ?? []),
  ]
  const problems = [...read.faults, ...read.twice, ...judged.filter(read.isNews)]
  return fitted.fits && problems.length === 0
    ? { sound: true, read, problems, value: fitted.value }
    : { sound: false, read, problems }
}

/** What was read, as if each misspelt name were the one that was meant: so what stands below it is judged as well. */
export function asMeant(
  read: Read,
  kind: string,
  schema: z.ZodMiniType,
): { read: Read; misspelt: Diagnostic[] } {
  const { plain, misspelt, written } = respelt(read.plain, schema)
  return {
    read: {
      ...read,
      plain,
      problemAt: (path, ...said) => read.problemAt(written(path), ...said),
      problemAtKey: (path, ...said) => read.problemAtKey(written(path), ...said),
      isCommentedOut: path => read.isCommentedOut(written(path)),
    },
    misspelt: misspelt.map(({ path, meant }) =>
      read.problemAtKey(path, notAWord(path, kind), `Did you mean "${meant}"?`),
    ),
  }
}

/** The text that a YAML text holds under a name at its top; undefined if there is none. Never throws. */
export function textUnder(name: string, source: Source): string | undefined {
  const { plain } = readYaml(source)
  const value = isRecord(plain) ? plain[name] : undefined
  return typeof value === 'string' ? value : undefined
}

/**
 * Reads a YAML text that must have a form.
 * @throws UserError with every problem found, each as file:line:column with its line and a remedy.
 */
export function parseYaml<T>(source: Source, form: Schema<T>): T {
  const examined = examineYaml(source, form)
  if (!examined.sound) throw problemsError(examined.problems, source)
  return examined.value
}

/** Reads any text as YAML. Never throws: what is wrong with it stands in `faults` and `twice`. */
export function readYaml(source: Source, wording: Wording = PLAIN): Read {
  // A byte order mark takes no column.
  const { doc, text, faults, isNews, at } = parsed(source.text.replace(/^\ufeff/, ''), wording)
  const root = doc?.contents ?? null
  const problem = (node: Node | null, message: string, hint?: string): Diagnostic => ({
    ...at(node?.range?.[0]),
    message,
    ...(hint && { hint }),
  })
  const twice = (doc?.errors ?? []).map(({ pos: [before] }) => {
    // Behind a name without a value, it is the end of that which is given.
    const from = before + text.slice(before).search(/\S|$/)
    return {
      ...at(from),
      message: `"${nameAt(text, from)}" stands here a second time`,
      hint: 'Keep one of the two.',
    }
  })
  return {
    ...unfolded(doc, faults),
    twice: twice.filter(isNews),
    isNews,
    problemAt: (path, message, hint) => problem(nodeAt(root, path), message, hint),
    problemAtKey: (path, message, hint) => problem(keyAt(root, path), message, hint),
    isCommentedOut(path) {
      const end = keyAt(root, path)?.range?.[1] ?? text.length
      return /^["']?[ \t]*:[ \t]+#\S/.test(text.slice(end, end + 100))
    },
    doubtfulTexts() {
      const found: Diagnostic[] = []
      visit(root, {
        Scalar(_, node) {
          // Behind a single word, a comment is mostly meant as one.
          if (
            isCut(node, text) &&
            (/\S\s+\S/.test(String(node.value)) || /^[ \t]+#\S/.test(behind(node, text)))
          )
            found.push(
              problem(node, CUT, asBlock(wording.block, 'If it belongs to the text, write all of it')),
            )
          const odd = [...swallowed(node, text, wording.words), ...runningOn(node, text, wording.block)]
          found.push(...odd.map(({ from, ...said }) => ({ ...at(from), ...said })))
        },
      })
      return found
    },
  }
}

const CUT = 'what stands behind " #" in this line is a comment in YAML, and no part of the text'

const behind = ({ range }: Scalar, text: string) => text.slice(range?.[1], (range?.[1] ?? 0) + 100)
const isCut = (node: Scalar, text: string) => node.type === 'PLAIN' && /^[ \t]+#/.test(behind(node, text))

/** Something about a text that is perhaps not meant, and where it stands. */
interface Odd {
  from: number
  message: string
  hint: string
}

/** The first line of a block that reads like a name: one space too much in front of a name makes it a part of the text above. */
function swallowed({ type, range }: Scalar, text: string, words: ReadonlySet<string>): Odd[] {
  if (!range || (type !== 'BLOCK_FOLDED' && type !== 'BLOCK_LITERAL')) return []
  const lines = text.slice(range[0], range[1]).matchAll(/\n([ \t]*(?:- +)?)([\w.-]+)[ \t]*:(?=\s|$)/g)
  const first = [...lines].find(([, , name = '']) => words.has(name))
  if (!first) return []
  const { index, 1: front = '', 2: name = '' } = first
  const message = `"${name}:" stands further right than the name above it, and so belongs to that name's text`
  const hint = 'If it is a name, let it begin in the column of its neighbors; if it is text, leave it.'
  return [{ from: range[0] + index + 1 + front.length, message, hint }]
}

/** Lines that were meant to stand alone, where YAML joins all lines to paragraphs. */
function runningOn({ type, range }: Scalar, text: string, block: Block): Odd[] {
  if (!range || block !== '>-' || (type !== 'BLOCK_FOLDED' && type !== 'PLAIN')) return []
  let end = range[0]
  const [, ...rows] = text
    .slice(range[0], range[1])
    .split('\n')
    .map(line => {
      const at = end + indentOf(line)
      end += line.length + 1
      return { line, at }
    })
  // YAML keeps what stands further right than the first line.
  const base =
    type === 'PLAIN' ? undefined : indentOf(rows.find(({ line }) => line.trim() !== '')?.line ?? '')
  const isJoined = (row: (typeof rows)[number] | undefined, like: RegExp) =>
    row !== undefined && like.test(row.line) && (base === undefined || indentOf(row.line) === base)
  const comment = type === 'PLAIN' ? undefined : rows.find(row => isJoined(row, /^\s*#[ \t]/))
  const list = rows.find((row, i) => isJoined(row, ITEM_OF_TEXT) && isJoined(rows[i + 1], ITEM_OF_TEXT))
  return [
    ...(comment ? [{ from: comment.at, ...COMMENT_IN_TEXT }] : []),
    ...(list ? [{ from: list.at, ...LIST_IN_TEXT }] : []),
  ]
}

const ITEM_OF_TEXT = /^\s*(?:[-*•–]|\d{1,2}[.)])[ \t]+\S/
const COMMENT_IN_TEXT = {
  message: 'this is no comment here, but a part of the text',
  hint: 'Put comments above the name of the text, or delete the line.',
}
const LIST_IN_TEXT = {
  message: 'these lines look like a list, but run together to one paragraph',
  hint: 'To keep each line, begin the text with "|-".',
}

/** The node a path leads to; for a key that is missing, the map it should stand in. */
function nodeAt(root: Node | null, path: Path): Node | null {
  let node = root
  for (const key of path) {
    if (isMap(node)) {
      const pair = node.items.find(item => (isScalar(item.key) ? wordOf(item.key) : null) === String(key))
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
  const pair = parent.items.find(({ key }) => isScalar(key) && wordOf(key) === String(path.at(-1)))
  return isNode(pair?.key) ? pair.key : parent
}

/** Where nothing stands in front of a colon, the name is an empty one. */
const wordOf = ({ value }: Scalar) => String(value ?? '')

function unfolded(doc: Document.Parsed | undefined, faults: Diagnostic[]): Pick<Read, 'plain' | 'faults'> {
  if (!doc) return { plain: undefined, faults }
  try {
    return { plain: doc.toJS({ maxAliasCount: MOST_ALIASES }), faults }
  } catch {
    const message = 'this file repeats itself through too many aliases (*name)'
    const bomb = { line: 1, column: 1, message, hint: 'Write the texts out.' }
    return { plain: undefined, faults: [...faults, bomb] }
  }
}

/** A name as it is written, without quotes. */
const nameAt = (text: string, offset: number) =>
  /^["']?([^"':,\s]*)/.exec(text.slice(offset, offset + 100))?.[1]

/** A text as YAML. What is none in it has been told of and mended, line for line, so that the rest can be judged. */
export interface Parsed {
  /** Undefined if nothing that was mended makes YAML of it. */
  doc: Document.Parsed | undefined
  /** The text as it was mended. */
  text: string
  faults: Diagnostic[]
  /** Whether something at this place is news: in lines that were mended nothing is. */
  isNews(problem: Diagnostic): boolean
  /** The line and column of an offset, both counted from 1. */
  at(offset?: number): { line: number; column: number }
}

/** More mistakes than these, and more characters to read anew for them, try anybody's patience. */
const MOST_PASSES = 50
const MOST_READ = 5_000_000

/**
 * Reads a text as YAML. One fault makes a parser stumble over much of what follows: so the first is told of and
 * mended, and the text read anew, until there is none.
 */
export function parsed(whole: string, wording: Wording): Parsed {
  const usual = withoutLookalikes(whole, wording.words)
  const faults: Diagnostic[] = [...usual.faults]
  const mended: Mended = { times: new Map(), silent: new Set() }
  let text = usual.text
  for (let pass = 1; ; pass++) {
    const counter = new LineCounter()
    const doc = parseDocument(text, { lineCounter: counter, prettyErrors: false, logLevel: 'error' })
    const at = placing(counter, whole, text)
    const found = faultsOf(doc, text, wording).map(fault => ({ fault, line: at(fault.from).line }))
    const told = found.filter(({ line }) => !mended.times.has(line))
    for (const { fault, line } of told)
      if (!told.some(other => other.line === line && other.fault.from < fault.from))
        faults.push(problemOf(fault, at(fault.pos)))
    const isNews = ({ line }: Diagnostic) => !mended.silent.has(line)
    const reading = { text, faults: withTabsOnce(faults), isNews, at }
    if (found.length === 0) return { doc, ...reading }
    const mendable = found.every(({ fault, line }) => fault.mend && (mended.times.get(line) ?? 0) < 2)
    const tooMany = pass > Math.min(MOST_PASSES, MOST_READ / (text.length + 1))
    if (tooMany) faults.push(perhapsMore(faults))
    if (!mendable || tooMany) return { doc: undefined, ...reading, faults: withTabsOnce(faults) }
    text = mendedText(text, found, mended)
  }
}

/** Stands behind the last that was found. */
function perhapsMore(faults: readonly Diagnostic[]): Diagnostic {
  const { line, column = 1 } = faults.at(-1) ?? { line: 1 }
  return {
    line,
    column,
    message: 'what stands below has not been read any more',
    hint: 'Mend what is told above, and check again.',
  }
}

/** Where an offset of the mended text stands in the text as it was written: a mended line may begin elsewhere. */
function placing(counter: LineCounter, whole: string, text: string): Parsed['at'] {
  const written = text === whole ? undefined : whole.split('\n')
  const mended = written && text.split('\n')
  return (offset = 0) => {
    const { line: number, col } = counter.linePos(offset)
    const line = written?.[number - 1]
    const column =
      line === undefined
        ? col
        : Math.min(col - indentOf(mended?.[number - 1] ?? '') + indentOf(line), line.length + 1)
    return { line: Math.max(1, number), column: Math.max(1, column) }
  }
}

const problemOf = ({ message, hint }: Fault, place: { line: number; column: number }): Diagnostic => ({
  ...place,
  message,
  ...(hint && { hint }),
})

/** How often each line was mended, counted from 1, and of which nothing more is to be told. */
interface Mended {
  times: Map<number, number>
  silent: Set<number>
}

/** A line that was mended and is still no YAML is left out. */
function mendedText(
  text: string,
  found: readonly { fault: Fault; line: number }[],
  { times, silent }: Mended,
): string {
  const lines = text.split('\n')
  const now = new Set<number>()
  for (const { fault, line } of found) {
    if (now.has(line - 1)) continue
    const how = times.has(line) ? 'drop' : (fault.mend ?? 'drop')
    for (const index of mend(lines, line - 1, how)) {
      now.add(index)
      if (how === 'cut' || how === 'drop') silent.add(index + 1)
    }
  }
  for (const index of now) times.set(index + 1, (times.get(index + 1) ?? 0) + 1)
  return lines.join('\n')
}

/** Who indents with tabs does so everywhere, and need not be told of each. */
function withTabsOnce(faults: readonly Diagnostic[]): Diagnostic[] {
  const [first, ...more] = faults.filter(({ message }) => message === TAB)
  if (!first || more.length === 0) return [...faults]
  const elsewhere = more.some(({ line }) => line !== first.line)
  const told = elsewhere ? { ...first, message: 'tabs stand here and below where YAML wants spaces' } : first
  return [told, ...faults.filter(({ message }) => message !== TAB)]
}

/** What a text holds, read as if each misspelt name were the one that was meant. */
export interface Respelt {
  plain: unknown
  misspelt: { path: Path; meant: string }[]
  /** A path in `plain`, as it is written in the text. */
  written(path: Path): Path
}

/** A name counts as misspelt where the schema does not know it and one near it is missing. */
export function respelt(plain: unknown, schema: z.core.$ZodType): Respelt {
  const misspelt: Respelt['misspelt'] = []
  const words = new Map<string, string>()
  const written = (path: Path) => path.map((key, i) => words.get(JSON.stringify(path.slice(0, i + 1))) ?? key)
  const spell = (value: unknown, schema: z.core.$ZodType | undefined, path: Path): unknown => {
    const { innerType, element, shape } = schema ? inside(schema) : {}
    if (innerType) return spell(value, innerType, path)
    if (Array.isArray(value)) return value.map((item, i) => spell(item, element, [...path, i]))
    if (typeof value !== 'object' || value === null || !shape) return value
    const missing = new Set(Object.keys(shape).filter(name => !Object.hasOwn(value, name)))
    return Object.fromEntries(
      Object.entries(value).map(([word, part]) => {
        const meant = (!Object.hasOwn(shape, word) && nearest(word, [...missing])) || word
        const here = [...path, meant]
        if (meant !== word) {
          missing.delete(meant)
          words.set(JSON.stringify(here), word)
          misspelt.push({ path: written(here), meant })
        }
        return [meant, spell(part, shape[meant], here)]
      }),
    )
  }
  return { plain: spell(plain, schema, []), misspelt, written }
}
