import { type Guide, partOf, type Question, type QuestionId } from '../domain/guide.ts'
import { blankNotes, isHowTo, type Notes, questionTitle, sourceLine } from './notes.ts'

/* Which texts in notes are the guide's own, also after a formatter has rewrapped them or changed their emphasis. */

/** A text as its words: the same however it is wrapped, emphasised or escaped. */
export const textKey = (text: string) =>
  text
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu)
    ?.join(' ') ?? ''

interface GuideTexts {
  /** Every line of the form, and the headings of questions that were put in. */
  lines: ReadonlySet<string>
  /** Its paragraphs as their words. */
  keys: ReadonlySet<string>
  /** Those that a document tells in its own way: source and subtitle. */
  told: ReadonlySet<string>
  /** The ids of the questions, by the words of their titles; some questions are alike. */
  ids: ReadonlyMap<string, QuestionId[]>
}

const known = new WeakMap<Guide, GuideTexts>()

export function guideTexts(guide: Guide): GuideTexts {
  const before = known.get(guide)
  if (before) return before
  const form = blankNotes(guide, { file: '' }).split('\n')
  const ids = new Map<string, QuestionId[]>()
  for (const question of guide.questions) {
    const key = textKey(questionTitle(question))
    ids.set(key, [...(ids.get(key) ?? []), question.id])
  }
  const texts = {
    lines: new Set([...form, ...guide.questions.map(each => `### ${partOf(guide, each).join(' › ')}`)]),
    keys: new Set(form.filter(line => !isHeading(line)).map(textKey)),
    told: new Set([sourceLine(guide), guide.subtitle ?? ''].map(textKey)),
    ids,
  }
  texts.keys.delete('')
  texts.told.delete('')
  known.set(guide, texts)
  return texts
}

const isHeading = (line: string) => /^#{1,6} /.test(line)

/** Lines that follow each other without a blank one or a heading between them. */
export interface Paragraph {
  lines: string[]
  /** The place of its first line. */
  at: number
}

export function paragraphsIn(lines: readonly string[]): Paragraph[] {
  const found: Paragraph[] = []
  let now: Paragraph | undefined
  for (const [at, line] of lines.entries()) {
    if (line.trim() === '') now = undefined
    else if (now && !isHeading(line)) now.lines.push(line)
    else {
      now = { lines: [line], at }
      found.push(now)
      if (isHeading(line)) now = undefined
    }
  }
  return found
}

/** The lines of a text that stand in no paragraph of the guide. */
export function linesBesides(guide: Guide, text: string): string[] {
  const { lines, keys } = guideTexts(guide)
  const own = text.split('\n').map(line => (lines.has(line) || isHowTo(line) ? '' : line))
  return paragraphsIn(own).flatMap(({ lines }) => (keys.has(textKey(lines.join(' '))) ? [] : lines))
}

/** A text of the owner without what a document tells in its own way: our comment, the source, the question's title. */
export function besidesForm(guide: Guide, text: string, question: Question | undefined): string {
  const { told } = guideTexts(guide)
  const lines = text.split('\n')
  const ours = new Set<number>()
  for (const { lines: each, at } of paragraphsIn(lines)) {
    const whole = told.has(textKey(each.join(' ')))
    for (const [i, line] of each.entries())
      if (whole || isHowTo(line) || told.has(textKey(line))) ours.add(at + i)
  }
  const left = lines.filter((line, i) => !ours.has(i) && !(line === '' && ours.has(i - 1)))
  const last = paragraphsIn(left).at(-1)
  const title = question && textKey(questionTitle(question))
  if (last && textKey(last.lines.join(' ')) === title) left.splice(last.at)
  else if (last && textKey(last.lines.at(-1) ?? '') === title) left.splice(last.at + last.lines.length - 1)
  return left.join('\n')
}

/** What stands above each answer and looks like a question, as its words. */
export function questionsBeside({ source, spans }: Notes): Map<QuestionId, string> {
  const found = new Map<QuestionId, string>()
  let from = 0
  for (const [id, { open, end }] of spans) {
    const above = paragraphsIn(source.text.slice(from, open).split('\n')).at(-1)?.lines.join(' ').trim() ?? ''
    if (/^(?:\*\*|__).*(?:\*\*|__)$|\?[*_]*$/s.test(above)) found.set(id, textKey(above))
    from = end
  }
  return found
}

type Beside = ReadonlyMap<QuestionId, string>

const asked = (guide: Guide, beside: Beside) =>
  [...beside].filter(([id, key]) => guideTexts(guide).ids.get(key)?.includes(id)).length

/** Whether all of them are the guide's, each above its own answer. */
export const asksAll = (guide: Guide, beside: Beside) => asked(guide, beside) === beside.size

/** The guide with the most of these questions, each above its own answer; undefined if none has one. */
export function guideAsked(beside: Beside, guides: readonly Guide[]): Guide | undefined {
  const [best] = guides.toSorted((a, b) => asked(b, beside) - asked(a, beside))
  return best && asked(best, beside) > 0 ? best : undefined
}
