import {
  capitalized,
  type Element,
  type Guide,
  LABELS,
  labelOf,
  type Question,
  sourceText,
  unnamedLinks,
} from '../domain/guide.ts'

/* What handouts and exports of a guide print, and how it is known again whatever a program made of its signs. */

/** Words that we print, squeezed, with what they stand for. */
export interface Printed {
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

/** So long that nobody begins a sentence of their own with it. */
const LONG = 12
const KEY = 4
const LETTER = /[\p{L}\p{N}]/u

export class PrintedWords {
  readonly #guide: Guide
  readonly #byKey = new Map<string, Printed[]>()

  constructor(guide: Guide) {
    this.#guide = guide
    const { labels, title, subtitle = '', overview } = guide
    for (const question of guide.questions) {
      const label = labelOf(guide, question)
      const inPair = label
        .split(' · ')
        .filter((_, i) => i !== 1)
        .join(' · ')
      if (question.element || question.of > 1) this.#add(label).labels.push(question)
      if (question.element && question.of > 1) this.#add(inPair).labels.push(question)
      this.#add(question.text).texts.push(question)
      for (const { lines, element } of leadingTo(guide, question))
        for (const line of lines) if (element?.title === line) this.#add(line).element = element
    }
    for (const side of ['story', 'comparison'] as const) {
      this.#add(capitalized(labels[side])).side = side
      this.#add(capitalized(LABELS[side])).side = side
    }
    for (const { leadIn } of guide.stories.elements)
      for (const line of leadIn) this.#add(line).side = 'comparison'
    for (const line of [title, `${title}: notes`, subtitle, 'Handout', ...overview, sourceText(guide)])
      this.#add(line)
    for (const question of guide.questions)
      for (const { lines } of leadingTo(guide, question)) for (const line of lines) this.#add(line)
  }

  #add(text: string): Printed {
    const words = squeezed(text)
    const key = words.slice(0, KEY)
    const list = this.#byKey.get(key) ?? []
    this.#byKey.set(key, list)
    const known = list.find(one => one.words === words)
    const printed = known ?? { words, labels: [], texts: [] }
    if (!known && words !== '') list.push(printed)
    return printed
  }

  /** What of ours stands at a place of a text, the longest of it, and where it ends. Short words only if nothing follows. */
  at(text: string, from: number): { printed: Printed; end: number } | undefined {
    let best: { printed: Printed; end: number } | undefined
    for (const printed of this.#byKey.get(squeezed(text.slice(from, from + 40)).slice(0, KEY)) ?? []) {
      if (best && best.printed.words.length > printed.words.length) continue
      const end = endOf(printed.words, text, from)
      if (end === undefined) continue
      const cutsWord = LETTER.test(text.charAt(end)) && LETTER.test(printed.words.at(-1) ?? '')
      const isWhole = text.slice(end).trim() === ''
      if (!cutsWord && (isWhole || printed.words.length >= LONG)) best = { printed, end }
    }
    return best
  }

  /** What we print between two questions, in its order; up to the end without a second. */
  between(before: Question | undefined, after: Question | undefined): { words: string; isTitle: boolean }[] {
    const guide = this.#guide
    if (!after) return [{ words: squeezed(sourceText(guide)), isTitle: false }]
    const goesOn = before !== undefined && before.position < after.position
    let said = before ? leadingTo(guide, before) : []
    return guide.questions
      .slice(goesOn ? before.position : after.position - 1, after.position)
      .flatMap(question => {
        const all = leadingTo(guide, question)
        const fresh = all.filter(({ key }) => !said.some(one => one.key === key))
        said = all
        return fresh.flatMap(({ lines }) =>
          lines.map((line, i) => ({ words: squeezed(line), isTitle: i === 0 })),
        )
      })
  }
}

interface Leading {
  /** The same for all questions that it leads to. */
  key: unknown
  lines: string[]
  element?: Element
}

/** What stands above a question: its section, its element and its side, each with what is said first. */
function leadingTo(guide: Guide, { kind, element }: Question): Leading[] {
  const section = guide[kind === 'story' || kind === 'comparison' ? 'stories' : kind]
  const above = [{ key: section, lines: [section.title, ...section.intro, ...unnamedLinks(section)] }]
  if (!element || (kind !== 'story' && kind !== 'comparison')) return above
  const lines = [capitalized(guide.labels[kind]), ...(kind === 'comparison' ? element.leadIn : [])]
  return [
    ...above,
    { key: element, lines: [element.title, ...element.framing], element },
    { key: `${element.id} ${kind}`, lines },
  ]
}
