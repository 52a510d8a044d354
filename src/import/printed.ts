import {
  capitalized,
  type Element,
  type Guide,
  LABELS,
  labelOf,
  type Question,
  type QuestionId,
  questionOf,
  sectionOf,
  sourceText,
  unnamedLinks,
} from '../domain/guide.ts'
import type { Piece } from './reading.ts'

/* What handouts and exports of a guide print, and how it is known again whatever a program made of its signs. */

/** Words that we print, squeezed, with what they stand for. */
interface Printed {
  words: string
  /** The questions that it is the label, or the text, of. */
  labels: Question[]
  texts: Question[]
  element?: Element
  side?: 'story' | 'comparison'
}

/** Spaces and the signs of emphasis are form, and other programs change them. */
const FORM = /[\s\\*_~`<>\u00ad\u200b\u2060]/
const FORMS = new RegExp(`${FORM.source}+`, 'g')
const OTHERS = /[’‘ʼ“”„–—−\u2011]/g
const sameAs = (sign: string) => ('’‘ʼ'.includes(sign) ? "'" : '“”„'.includes(sign) ? '"' : '-')
const plainSign = (sign: string) => sign.replace(OTHERS, sameAs)

export const squeezed = (text: string) => plainSign(text.replace(FORMS, ''))

/** Where squeezed words end that a text holds at a place. */
export function endOf(words: string, text: string, from: number): number | undefined {
  let at = from
  for (const wanted of words) {
    while (at < text.length && FORM.test(text.charAt(at))) at++
    const found = text.charAt(at)
    if (found !== wanted && plainSign(found) !== wanted && !text.startsWith(wanted, at)) return undefined
    at += wanted.length
  }
  while (/[\\*_~`>]/.test(text.charAt(at))) at++
  return at
}

/** Whether a text says these words alone, in whatever form. */
export function says(text: string, words: string): boolean {
  const end = endOf(squeezed(words), text, 0)
  return end !== undefined && squeezed(text.slice(end)) === ''
}

/** So long that nobody begins a sentence of their own with it. */
const LONG = 12
const KEY = 4
const LETTER = /[\p{L}\p{N}]/u

/** How a text that is squeezed begins at a place. */
function keyAt(text: string, from: number): string {
  let key = ''
  for (let at = from; at < from + 40 && key.length < KEY; at++)
    if (!FORM.test(text.charAt(at))) key += text.charAt(at)
  return plainSign(key)
}

const OF_GUIDES = new WeakMap<Guide, PrintedWords>()

/** Many files are read for one guide. */
export function printedWords(guide: Guide): PrintedWords {
  const words = OF_GUIDES.get(guide) ?? new PrintedWords(guide)
  OF_GUIDES.set(guide, words)
  return words
}

export class PrintedWords {
  readonly #guide: Guide
  readonly #byKey = new Map<string, Printed[]>()
  readonly #squeezed = new Map<string, string>()

  constructor(guide: Guide) {
    this.#guide = guide
    const { labels, title, subtitle = '', overview } = guide
    for (const question of guide.questions) {
      const label = labelOf(guide, question)
      const [place = '', , ...number] = label.split(' · ')
      if (question.element || question.of > 1) this.#add(label).labels.push(question)
      if (question.element && question.of > 1) this.#add([place, ...number].join(' · ')).labels.push(question)
      this.#add(question.text).texts.push(question)
      for (const { lines, element } of leadingTo(guide, question))
        for (const line of lines) {
          const words = this.#add(line)
          if (element?.title === line) words.element = element
        }
    }
    for (const side of ['story', 'comparison'] as const) {
      this.#add(capitalized(labels[side])).side = side
      this.#add(capitalized(LABELS[side])).side = side
    }
    for (const { leadIn } of guide.stories.elements)
      for (const line of leadIn) this.#add(line).side = 'comparison'
    for (const line of [title, `${title}: notes`, subtitle, 'Handout', ...overview, sourceText(guide)])
      this.#add(line)
  }

  /** A line of the guide, squeezed; a heading is known by its words. */
  #words(line: string): string {
    const words = this.#squeezed.get(line) ?? squeezed(line.replace(/^#{1,6} /, ''))
    this.#squeezed.set(line, words)
    return words
  }

  #add(text: string): Printed {
    const words = this.#words(text)
    const key = words.slice(0, KEY)
    const list = this.#byKey.get(key) ?? []
    this.#byKey.set(key, list)
    const known = list.find(one => one.words === words)
    const printed = known ?? { words, labels: [], texts: [] }
    if (!known && words !== '') list.push(printed)
    return printed
  }

  /**
   * What of ours stands at a place of a text, the longest of it, and where it ends. Short words only if nothing follows,
   * or for a label nothing on its line.
   */
  at(text: string, from: number): { printed: Printed; end: number } | undefined {
    let best: { printed: Printed; end: number } | undefined
    for (const printed of this.#byKey.get(keyAt(text, from)) ?? []) {
      if (best && best.printed.words.length > printed.words.length) continue
      const end = endOf(printed.words, text, from)
      if (end === undefined) continue
      const cutsWord = LETTER.test(text.charAt(end)) && LETTER.test(printed.words.at(-1) ?? '')
      const rest = text.slice(end)
      const isWhole = rest.trim() === '' || (printed.labels.length > 0 && /^[ \t]*\n/.test(rest))
      if (!cutsWord && (isWhole || printed.words.length >= LONG)) best = { printed, end }
    }
    return best
  }

  /**
   * What we print between two questions, in its order; up to the end without a second. The source stands at the end,
   * until somebody moves a question below it.
   */
  between(before: Question | undefined, after: Question | undefined): { words: string; isTitle: boolean }[] {
    const guide = this.#guide
    const source = { words: this.#words(sourceText(guide)), isTitle: false }
    if (!after) return [source]
    const goesOn = before !== undefined && before.position < after.position
    let said = before ? leadingTo(guide, before) : []
    const above = guide.questions
      .slice(goesOn ? before.position : after.position - 1, after.position)
      .flatMap(question => {
        const all = leadingTo(guide, question)
        const fresh = all.filter(({ key }) => !said.some(one => one.key === key))
        said = all
        return fresh.flatMap(({ lines }) =>
          lines.map((line, i) => ({ words: this.#words(line), isTitle: i === 0 })),
        )
      })
    return [source, ...above]
  }
}

interface Leading {
  /** The same for all questions that it leads to. */
  key: unknown
  lines: string[]
  element?: Element
}

/** What stands above a question: its section, its element and its side, each with what is said first. */
function leadingTo(guide: Guide, question: Question): Leading[] {
  const { kind, element } = question
  const section = sectionOf(guide, question)
  const above = [{ key: section, lines: [section.title, ...section.intro, ...unnamedLinks(section)] }]
  if (!element || (kind !== 'story' && kind !== 'comparison')) return above
  const lines = [capitalized(guide.labels[kind]), ...(kind === 'comparison' ? element.leadIn : [])]
  return [
    ...above,
    { key: element, lines: [element.title, ...element.framing], element },
    { key: `${element.id} ${kind}`, lines },
  ]
}

/** A piece, and what of it we printed. */
export interface Line {
  piece: Piece
  printed?: Printed | undefined
  /** What somebody wrote on the lines before that, and behind it. */
  before: string
  rest: string
  /** The questions that it may begin, and how surely it does. */
  ids: QuestionId[]
  score: number
  hasWords: boolean
}

/** Where several places seem to begin a question, only the surest does. */
export const SCORE = { mark: 8, label: 4, text: 2, heading: 1 }
/** What begins as questions do and is none. */
export const JOTS = ''
export const STRAY = 'no longer in the guide'

export interface Start {
  at: number
  ids: QuestionId[]
  /** Whether the words of the question stand in that line. */
  hasWords: boolean
}

type Hit = NonNullable<ReturnType<PrintedWords['at']>>

/** What of a piece we printed; `marked` are the questions whose bookmarks are in it. */
export function lineOf(piece: Piece, printed: PrintedWords, marked: readonly QuestionId[]): Line {
  const { text, rows, apart } = piece
  const ids = rows || apart ? [] : [...marked]
  const score = ids.length > 0 ? SCORE.mark : 0
  const line: Line = { piece, before: '', rest: text, ids, score, hasWords: false }
  for (let from = rows || apart ? -1 : 0, tries = 0; from !== -1 && tries < 9; tries++) {
    const hit = printed.at(text, from) ?? printed.at(text, afterNumber(text, from))
    const asks = hit && hit.printed.labels.length + hit.printed.texts.length > 0
    if (hit && (asks || from === 0))
      return printedLine({ ...line, before: text.slice(0, from) }, hit, printed)
    from = text.indexOf('\n', from) + 1 || -1
  }
  return line
}

function printedLine({ piece, before, ids: marked, score }: Line, hit: Hit, printed: PrintedWords): Line {
  const idsOf = (questions: readonly Question[]) => questions.map(({ id }) => id)
  const { labels, texts } = hit.printed
  const next = labels.length > 0 ? printed.at(piece.text, hit.end) : undefined
  const own = labels.filter(label => next?.printed.texts.includes(label))
  const ids = marked.length > 0 ? marked : idsOf(own.length > 0 ? own : labels.length > 0 ? labels : texts)
  const sure =
    (labels.length > 0 ? SCORE.label : texts.length > 0 ? SCORE.text : 0) + (own.length > 0 ? SCORE.text : 0)
  const rest = piece.text.slice((own.length > 0 && next ? next : hit).end)
  return {
    ...{ piece, printed: hit.printed, before, rest, ids, hasWords: own.length > 0 || texts.length > 0 },
    score: ids.length > 0 ? score + sure + (piece.level ? SCORE.heading : 0) : 0,
  }
}

/** How surely the surest line begins each question. */
type Best = Map<QuestionId, number>

/** The lines that begin a question, or one of several. */
export function startsOf(lines: readonly Line[], guide: Guide): Start[] {
  const best: Best = new Map()
  for (const { ids, score } of lines) for (const id of ids) best.set(id, Math.max(best.get(id) ?? 0, score))
  const starts: Start[] = []
  let place: Partial<Pick<Question, 'element' | 'kind'>> = {}
  for (const [at, line] of lines.entries()) {
    const { printed, ids, piece } = line
    const special = piece.level ? specialOf(piece.text, guide) : undefined
    if (special !== undefined) starts.push({ at, ids: [special], hasWords: true })
    if (printed?.element) place = { element: printed.element, kind: 'story' }
    else if (printed?.side) place = { ...place, kind: printed.side }
    const chosen = begunBy(line, best, place, guide)
    const above = starts.at(-1)
    const isBare = above && !above.hasWords && isBlank(lines[above.at]?.rest)
    // The words of a question below its label begin nothing new.
    if (
      isBare &&
      ids.some(id => above.ids.includes(id)) &&
      lines.slice(above.at + 1, at).every(one => isBlank(one.rest) && !one.piece.rows)
    ) {
      above.hasWords = true
      continue
    }
    if (ids.length > 0 && chosen.length === 0)
      Object.assign(line, { ids: [], printed: undefined, before: '', rest: piece.text })
    if (chosen.length === 0) continue
    starts.push({ at, ids: chosen, hasWords: line.hasWords })
    const question = chosen.length === 1 ? questionOf(guide, chosen[0] ?? '') : undefined
    if (question?.element) place = question
  }
  return starts
}

function specialOf(text: string, { labels }: Guide): QuestionId | undefined {
  const words = squeezed(text).toLowerCase()
  return [STRAY, JOTS].find(name => words === squeezed(name || labels.jots).toLowerCase())
}

/** Of questions with the same words, the one of this element and side. */
function begunBy({ ids, score }: Line, best: Best, place: Partial<Question>, guide: Guide): QuestionId[] {
  const isBest = ids.filter(id => score >= (best.get(id) ?? 0))
  if (isBest.length < 2) return isBest
  const here = isBest.filter(id => {
    const question = questionOf(guide, id)
    return question?.element === place.element && question?.kind === place.kind
  })
  return here.length > 0 || place.element ? here : isBest
}

/** Nothing but room to write. */
export const isBlank = (text = '') => /^[\s\\_\u200b]*$/.test(text)
/** Room to write before and behind words. A run of spaces or lines is looked at once. */
export const ROOM = /^(?:\\?_){5,}\s*|(?<!\s)\s+(?:\\?_){5,}$|(?<![\\_])(?:\\?_){5,}$/g

/** Where a line goes on behind its number. */
const afterNumber = (text: string, from: number) =>
  from + (/^[\s*_#]{0,9}\d{1,3}\\?[.)]\s/.exec(text.slice(from, from + 20))?.[0].length ?? 0)
