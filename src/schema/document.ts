import { type Document, LineCounter, parseDocument } from 'yaml'
import type { Problem } from '../domain/errors.ts'
import { withoutLookalikes } from './lookalikes.ts'
import { TAB } from './misplaced.ts'
import { faultsOf, type Wording } from './yaml-errors.ts'
import { type Fault, indentOf, mend } from './yaml-repair.ts'

/** A text as YAML. What is none in it has been told of and mended, line for line, so that the rest can be judged. */
export interface Parsed {
  /** Undefined if nothing that was mended makes YAML of it. */
  doc: Document.Parsed | undefined
  /** The text as it was mended. */
  text: string
  faults: Problem[]
  /** Whether something at this place is news: in lines that were mended nothing is. */
  isNews(problem: Problem): boolean
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
  const faults: Problem[] = [...usual.faults]
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
    const isNews = ({ line }: Problem) => !mended.silent.has(line)
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
function perhapsMore(faults: readonly Problem[]): Problem {
  const { line, column = 1 } = faults.at(-1) ?? { line: 1 }
  return {
    line,
    column,
    what: 'what stands below has not been read any more',
    remedy: 'Mend what is told above, and check again.',
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

const problemOf = ({ what, remedy }: Fault, place: { line: number; column: number }): Problem => ({
  ...place,
  what,
  ...(remedy && { remedy }),
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
function withTabsOnce(faults: readonly Problem[]): Problem[] {
  const [first, ...more] = faults.filter(({ what }) => what === TAB)
  if (!first || more.length === 0) return [...faults]
  const elsewhere = more.some(({ line }) => line !== first.line)
  const told = elsewhere ? { ...first, what: 'tabs stand here and below where YAML wants spaces' } : first
  return [told, ...faults.filter(({ what }) => what !== TAB)]
}
