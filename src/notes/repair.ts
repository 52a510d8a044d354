import type { Guide } from '../domain/guide.ts'
import { guideTexts, paragraphsIn, textKey } from './guide-text.ts'
import { type Mark, marksIn, onceAMark, openMarker } from './markers.ts'
import { readNotes } from './notes.ts'

/**
 * Notes with their marks put right; undefined if there is nothing to fix, or no way to tell where a mark belongs.
 * Nothing but marks changes, and the code fences that a tool has put around them.
 */
export function repaired(text: string, guide: Guide | undefined): string | undefined {
  const unfenced = text.replace(FENCED, '$1')
  // What looks like a spoilt mark inside an answer may be one that the answer has swallowed, or somebody's text.
  for (const inside of [true, false]) {
    const fixed = completed(respelled(unfenced, inside), guide)
    const { problems } = readNotes({ name: '', text: fixed })
    if (problems.length === 0 && fixed !== text) return fixed
  }
  return undefined
}

/** What pandoc makes of marks on lines of their own, and of our comment. */
const FENCED =
  /(?<=^|\n)```\{=html\}\r?\n((?:[ \t]*<!-- (?:\/?(?:answer|jots)\b|Write)[^\n]*\n|[ \t]*\r?\n)+)```\r?(?:\n|$)/g

/** The text with spoilt marks as they were; those in sound answers only if `inside`. */
function respelled(text: string, inside: boolean): string {
  const spans = [...readNotes({ name: '', text }).spans.values()]
  let at = 0
  return text
    .split('\n')
    .map(line => {
      const from = at
      at += line.length + 1
      const mark = onceAMark(line)
      if (mark === undefined || (!inside && spans.some(span => span.from <= from && from < span.to)))
        return line
      return mark + (line.endsWith('\r') ? '\r' : '')
    })
    .join('\n')
}

/** A piece of the text and what takes its place. */
interface Change {
  from: number
  to: number
  text: string
}

/** The text with the marks that are missing, where it is clear where they belong. */
function completed(text: string, guide: Guide | undefined): string {
  const eol = text.slice(0, text.indexOf('\n') + 1).endsWith('\r\n') ? '\r\n' : '\n'
  const changes: Change[] = []
  let open: Mark | undefined
  let from = 0
  for (const mark of marksIn(text, 0)) {
    if (mark.kind === 'malformed') continue
    const opens = !mark.kind.startsWith('/')
    if (open && (opens || mark.kind !== `/${open.kind}`))
      changes.push(endOf(text, open, mark.from, guide, eol))
    if (!opens && mark.kind !== `/${open?.kind}`) {
      const change = beginningOf(text, open ? open.end : from, mark, guide, eol)
      if (change) changes.push(change)
    }
    open = opens ? mark : undefined
    from = mark.end
  }
  if (open) changes.push(endOf(text, open, text.length, guide, eol))
  return changes.reduceRight((now, { from, to, text: put }) => now.slice(0, from) + put + now.slice(to), text)
}

/** Where an answer ends: at a mark that was joined to its last line, else before the guide's next text. */
function endOf(text: string, { kind, end }: Mark, to: number, guide: Guide | undefined, eol: string): Change {
  const mark = `<!-- /${kind} -->`
  const lines = text.slice(end, to).split('\n')
  const offsetOf = (at: number) => end + lines.slice(0, at).reduce((sum, line) => sum + line.length + 1, 0)
  for (const [at, line] of lines.entries())
    for (const joined of [mark, `\`${mark}\`{=html}`]) {
      if (!line.trimEnd().endsWith(joined)) continue
      const words = line.slice(0, line.lastIndexOf(joined)).replace(/ $/, '')
      const from = offsetOf(at)
      return { from, to: from + line.trimEnd().length, text: words.trim() === '' ? mark : words + eol + mark }
    }
  const own = guide && paragraphsIn(lines).find(({ lines: each }) => isOurs(guide, each))
  const above = own ? own.at : lines.length
  const last = lines.slice(0, above).findLastIndex(line => line.trim() !== '')
  const from = Math.min(offsetOf(last + 1), to)
  return { from, to: from, text: `${text.charAt(from - 1) === '\n' ? '' : eol}${mark}${eol}` }
}

const isOurs = (guide: Guide, lines: readonly string[]) =>
  guideTexts(guide).lines.has(lines.join('\n').replaceAll('\r', '')) ||
  guideTexts(guide).keys.has(textKey(lines.join(' ')))

/** The mark at which an answer begins, below the title of a question that has none. */
function beginningOf(text: string, from: number, close: Mark, guide: Guide | undefined, eol: string) {
  if (!guide || close.kind !== '/answer') return undefined
  const taken = new Set(readNotes({ name: '', text }).spans.keys())
  const lines = text.slice(from, close.from).split('\n')
  const titles = paragraphsIn(lines).flatMap(({ lines: each, at }) => {
    const ids = guideTexts(guide).ids.get(textKey(each.join(' '))) ?? []
    const id = ids.find(each => !taken.has(each))
    return id === undefined ? [] : [{ id, below: at + each.length }]
  })
  const [title, ...others] = titles
  if (!title || others.length > 0) return undefined
  const place = from + lines.slice(0, title.below).reduce((sum, line) => sum + line.length + 1, 0)
  return { from: place, to: place, text: `${eol}${openMarker(title.id, false)}${eol}` }
}
