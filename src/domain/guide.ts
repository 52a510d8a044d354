import { didYouMean, UserError } from './errors.ts'

export type Kind = 'warmup' | 'story' | 'comparison' | 'action'
export type QuestionId = string
export interface Link {
  title: string
  url: string
}

export interface Question {
  id: QuestionId
  kind: Kind
  text: string
  /** The element it belongs to; warmup and action questions belong to none. */
  element?: Element
  /** The story question that a comparison is the counterpart of. */
  compares?: QuestionId
  /** Which of how many of its kind in its element, counted from 1. */
  number: number
  of: number
  /** Its place among all questions of the guide, counted from 1. */
  position: number
}

/** A heading with what stands under it before its questions. */
export interface Section {
  title: string
  intro: string[]
  links: Link[]
}

/** The links of a section that its introduction does not name, as lines. */
export function unnamedLinks({ intro, links }: Section): string[] {
  return links
    .filter(({ url }) => !intro.some(paragraph => paragraph.includes(url)))
    .map(({ title, url }) => `${title}: <${url}>`)
}

/** The section that a question stands in. */
export const sectionOf = (guide: Guide, { kind }: Question) =>
  guide[kind === 'story' || kind === 'comparison' ? 'stories' : kind]

/** The links of the section that a question stands in, else all of the guide's. */
export function linksFor(guide: Guide, question: Question): Link[] {
  const { links } = sectionOf(guide, question)
  if (links.length > 0) return links
  return [guide.warmup, guide.stories, guide.action].flatMap(section => section.links)
}

export interface Element {
  id: string
  title: string
  framing: string[]
  leadIn: string[]
  story: Question[]
  comparison: Question[]
}

export interface Guide {
  id: string
  /** The short name, which also names the default notes file. */
  name: string
  language: string
  title: string
  subtitle?: string
  /** What the guide is about, in a word or two; its title if it does not say. */
  standard: string
  source: { publisher: string; url?: string | undefined; note?: string | undefined }
  labels: Labels
  overview: string[]
  warmup: Section & { questions: Question[] }
  stories: Section & { elements: Element[] }
  action: Section & { questions: Question[] }
  /** All questions in the guide's order. */
  questions: Question[]
}

export const KINDS: readonly Kind[] = ['warmup', 'story', 'comparison', 'action']
export const ID = /^[a-z0-9]+(?:[._-][a-z0-9]+)*$/

/** A heading of a brief, by which it is known again: it holds answers only in part. */
export const DISCUSSED = 'What was discussed'

/**
 * Our own words in documents, in English. A guide may have its own for its language or subject, as `labels:`.
 * A heading begins with a capital letter: {@link capitalized}.
 */
export const LABELS = {
  story: 'the story',
  comparison: 'your PL system',
  of: 'of',
  open: 'Not answered yet.',
  skipped: 'Skipped.',
  jots: 'Jots from the video',
  actions: 'Actions',
  action: 'Action',
  who: 'Who',
  when: 'By when',
  name: 'Name or group',
  date: 'Date',
  source: 'The questions are from',
  publisher: 'Publisher',
  unofficial: 'pl-stories is an unofficial tool.',
}
export type Labels = typeof LABELS

export const capitalized = (words: string) => words.charAt(0).toUpperCase() + words.slice(1)

/** The section, or element and side, that a question stands in: `Element A: Academic Equity › the story`. */
export function partOf(guide: Guide, { kind, element }: Question): string[] {
  if (kind === 'story' || kind === 'comparison')
    return [element?.title ?? guide.stories.title, guide.labels[kind]]
  return [guide[kind].title]
}

/** `Element A: Academic Equity › your PL system › question 2 of 3 (6 of 20)`, in its parts. */
export function whereIs(guide: Guide, question: Question): { parts: string[]; count: string } {
  const { number, of, position } = question
  const parts = partOf(guide, question)
  if (of > 1) parts.push(`question ${number} of ${of}`)
  return { parts, count: `${position} of ${guide.questions.length}` }
}

/** `Element A · the story · 1 of 3`: tells apart the questions that have the same words. */
export function labelOf(guide: Guide, question: Question): string {
  const { number, of } = question
  const [title = '', ...side] = partOf(guide, question)
  const parts = side.length > 0 ? [placeName(guide, question), ...side] : [title]
  return [...parts, ...(of > 1 ? [`${number} ${guide.labels.of} ${of}`] : [])].join(' · ')
}

/** The label as heads of a form have it, which people read in narrow columns: `A · the story · 1 of 3`. */
export const headLabel = (guide: Guide, question: Question) =>
  labelOf(guide, question).replace(/^\p{L}+ (?=(?:\p{Lu}|\d{1,2})(?: ·|$))/u, '')

/** What stands in front of the colon of the element's title, where that tells it from the others. */
export function placeName({ stories }: Guide, { element }: Question): string {
  const short = (title = '') => title.split(':')[0]?.trim() ?? ''
  const name = short(element?.title)
  const same = stories.elements.filter(({ title }) => short(title) === name)
  return (same.length > 1 ? element?.title : name) || stories.title
}

/** What every export says of its source, as Markdown. */
export function sourceText({ title, subtitle, source, labels }: Guide): string {
  const { publisher, url, note } = source
  const named = `${labels.source} ${[title, subtitle].filter(Boolean).join(': ')}. ${labels.publisher}: ${publisher}${url ? `, <${url}>` : ''}.`
  const unofficial = /unofficial/i.test(note ?? '') ? '' : labels.unofficial
  return [named, note, unofficial].filter(Boolean).join(' ')
}

/** Of a bookmark in Word, less the longest prefix, `in_`. */
const LONGEST_ANCHOR = 37
const ANCHORS = new WeakMap<Guide, ReadonlyMap<QuestionId, string>>()

/**
 * For each question a name as Word's bookmarks may have it (`a_story_1`): letters, digits and `_` alone. It cannot be
 * turned back into an id, so readers build the names again.
 */
export function anchorsOf(guide: Guide): ReadonlyMap<QuestionId, string> {
  const known = ANCHORS.get(guide)
  if (known) return known
  const plain = (id: QuestionId) => id.replace(/[^a-z0-9]/g, '_')
  const times = new Map<string, number>()
  for (const { id } of guide.questions) times.set(plain(id), (times.get(plain(id)) ?? 0) + 1)
  const name = (id: QuestionId) =>
    plain(id).length > LONGEST_ANCHOR || (times.get(plain(id)) ?? 0) > 1
      ? `${plain(id).slice(0, LONGEST_ANCHOR - 8)}_${hashOf(id).toString(36).slice(0, 7)}`
      : plain(id)
  const anchors = new Map(guide.questions.map(({ id }) => [id, name(id)]))
  ANCHORS.set(guide, anchors)
  return anchors
}

/** A number of 53 bits for a text, the same at any time and on any machine (cyrb53, in the public domain). */
export function hashOf(text: string): number {
  let high = 0xdeadbeef
  let low = 0x41c6ce57
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    high = Math.imul(high ^ unit, 2654435761)
    low = Math.imul(low ^ unit, 1597334677)
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909)
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909)
  return 4294967296 * (2097151 & low) + (high >>> 0)
}

export const questionOf = (guide: Guide, id: QuestionId): Question | undefined =>
  guide.questions.find(question => question.id === id)

/**
 * The one question that a selector names.
 * @throws UserError that names the nearest id.
 */
export function requireQuestion(guide: Guide, word: string): Question {
  const found = selected(guide, word)
  if (found[0] && found.length === 1) return found[0]
  const idsOf = (questions: readonly Question[]) => questions.map(({ id }) => id)
  if (found.length > 1)
    throw new UserError(`"${word}" is more than one question: ${idsOf(found).join(', ')}.`)
  const ids = idsOf(guide.questions)
  const hint = didYouMean(word, ids) || `Its questions: ${ids.join(', ')}.`
  throw new UserError(`There is no question "${word}" in this guide. ${hint}`)
}

/**
 * The questions that SELECTORs name, in the guide's order: a question id, an element id, a kind, or ELEMENT.KIND.
 * `besides`: what else may be named in their place.
 * @throws UserError that names the nearest.
 */
export function select(guide: Guide, selectors: readonly string[], besides?: readonly string[]): Question[] {
  const chosen = selectors.flatMap(selector => {
    const found = selected(guide, selector)
    if (found.length === 0) throw new UserError(unknownPart(guide, selector, besides).join('. '))
    return found
  })
  const once = new Set(chosen)
  return guide.questions.filter(question => once.has(question))
}

/** The questions that one selector names, as it is written or as screens show it; none if the guide has no such part. */
export function selected(guide: Guide, selector: string): Question[] {
  const wanted = selector.trim().toLowerCase()
  if (wanted === '') return []
  const named = guide.questions.filter(question => selectorsOf(question).includes(wanted))
  if (named.length > 0) return named
  return guide.questions.filter(question => shownAs(guide, question).includes(wanted))
}

/** An element by its id, or by its place: `2`. */
export function elementNamed({ stories: { elements } }: Guide, word: string): Element | undefined {
  const wanted = word.trim().toLowerCase()
  return elements.find(({ id }) => id === wanted) ?? elements[/^\d+$/.test(wanted) ? Number(wanted) - 1 : -1]
}

/** What may be written for a question as SELECTOR: its id, kind, element, and both. */
export const selectorsOf = ({ id, kind, element }: Question) =>
  element ? [id, kind, element.id, `${element.id}.${kind}`] : [id, kind]

/** What screens show of a question and people write for it: its number, its element, its side, as in `Element B`. */
function shownAs(guide: Guide, question: Question): string[] {
  const { position, element, kind, number } = question
  const parts = partOf(guide, question)
  const names = element
    ? [...element.title.split(':'), ...(kind === 'story' ? [`${element.id}${number}`] : [])]
    : []
  return [String(position), ...parts, ...names].map(name => name.trim().toLowerCase())
}

/** What to say of a selector that names nothing: that, and what is near. */
export function unknownPart(
  guide: Guide,
  selector: string,
  besides: readonly string[] = [],
): [what: string, remedy: string] {
  const all = [...new Set(guide.questions.flatMap(selectorsOf))]
  const groups = all.filter(name => !questionOf(guide, name) || (KINDS as string[]).includes(name))
  return [
    `"${selector}" is not a part of this guide`,
    didYouMean(selector, [...besides, ...all]) ||
      `Parts: ${[...besides, ...groups].join(', ')}, or the id of a question.`,
  ]
}

/** Whether two guides say the same, in whatever files. */
export const sameGuide = (one: Guide, other: Guide) => allOf(one) === allOf(other)

/** A question names the element that holds it. */
const allOf = (guide: Guide) => JSON.stringify(guide, (key, value) => (key === 'element' ? value.id : value))

/** Which of these guides an unknown id may mean, by its short name or a near id, as a question; empty if none. */
export function meantGuide(id: string, guides: readonly Guide[]): string {
  const called = guides.find(({ name }) => name === id.toLowerCase())
  const ids = guides.map(each => each.id)
  return called ? `Did you mean "${called.id}"?` : didYouMean(id, ids)
}

/** What to do about answers to another guide than the one that is asked for. */
export const otherGuideRemedy = (named: string, guide: Guide) =>
  meantGuide(named, [guide]) || 'Name their guide with --guide, or other notes with --notes.'

/** The message and hint for the id of a guide that is not one of these. */
export function guideNotHere(id: string, guides: readonly Guide[]): [what: string, remedy: string] {
  const ids = [...new Set(guides.map(each => each.id))]
  return [
    `there is no guide "${id}" here`,
    meantGuide(id, guides) ||
      `Guides here: ${ids.join(', ')}. Put your own guide beside this file, or name it with --guide.`,
  ]
}
