import * as z from 'zod/mini'
import { didYouMean, type Source } from '../domain/errors.ts'
import { ID, KINDS, LABELS, type Labels } from '../domain/guide.ts'
import { PREVIOUS_ACTIONS } from '../domain/plan.ts'
import { type Lenient, listAt, type Path, partAt, soundParts } from './validation.ts'
import { examineYaml, gathered, type ProblemAt, type Report } from './yaml.ts'

/* The fields that guides and plans share. What is said of a wrong one has two lines: the problem, and what to do. */

export const text = z.string().check(z.regex(/\S/, 'is empty'))

export const id = z.string().check(
  z.regex(ID, {
    error: ({ input }) =>
      `should be lowercase letters and digits, joined by . _ or -\nFor example: "${correctedId(String(input))}".`,
  }),
)

const ADDRESS = /^https?:\/\/[^\s/]+\S*$/
/** An address that is only a scheme, or holds a space, leads nowhere. */
const address = z.string().check(
  z.regex(ADDRESS, {
    error: ({ input }) =>
      `should be an address that starts with https://, without spaces\n${addressRemedy(String(input))}`,
  }),
)

/** `Did you mean "https://…"?` for an address in angle brackets or curly quotes, with spaces or without its beginning. */
function addressRemedy(wrong: string): string {
  const words = wrong
    .trim()
    .replace(/^[<“‘](.*)[>”’]$/, '$1')
    .split(/\s+/)
  const meant = words
    .join('%20')
    .replace(/^(?=[^/:%]+\.)/, 'https://')
    .replace(/^https?:/i, scheme => scheme.toLowerCase())
  // The name of a file may have spaces; more words are a text.
  return words.length < 5 && ADDRESS.test(meant)
    ? `Did you mean "${meant}"?`
    : 'Copy all of it from the browser, such as https://www.example.org/story.'
}

/** Only its form: a pattern cannot know all languages. */
const languageTag = z.string().check(
  z.regex(/^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/, {
    error: ({ input }) => `should be a language code\n${languageRemedy(String(input))}`,
  }),
)

/** The id of something defined elsewhere. */
export const reference = (to: string) => z.string().check(z.regex(ID, `is not an id\nWrite the id of ${to}.`))

/** The nearest id to a text that is none. */
const correctedId = (wrong: string) =>
  wrong
    .split(/([._-])/)
    .map((part, i) => (i % 2 === 0 ? asId(part) : part))
    .join('')
    .replace(/([._-])[._-]+/g, '$1')
    .replace(/^[._-]+|[._-]+$/g, '') || 'my-id'

/** Any words as an id: `Élément A` becomes `element-a`. */
export function asId(words: string): string {
  return words
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
}

/** `Did you mean "es"?` for Spanish, español and es_MX. */
function languageRemedy(wrong: string): string {
  const dashed = wrong.replaceAll('_', '-')
  if (dashed !== wrong && isLanguage(dashed)) return `Did you mean "${dashed}"?`
  const english = namesIn('en')
  const isMeant = (code: string, names: Intl.DisplayNames) =>
    names.of(code)?.toLowerCase() === wrong.toLowerCase()
  const letters = [...'abcdefghijklmnopqrstuvwxyz']
  const found = letters
    .flatMap(first => letters.map(second => first + second))
    .find(
      code => isMeant(code, english) || (code === asId(wrong).slice(0, 2) && isMeant(code, namesIn(code))),
    )
  return found ? `Did you mean "${found}"?` : 'Write a language code such as en, es or zh-Hant.'
}

const namesIn = (language: string) =>
  new Intl.DisplayNames([language], { type: 'language', fallback: 'none' })

/** Whether a well-formed tag names a known language. */
function isLanguage(tag: string): boolean {
  // The names of all languages take a third of a bare start to load.
  if (tag === 'en') return true
  try {
    return namesIn('en').of(new Intl.Locale(tag).language) !== undefined
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

const links = z.optional(z.array(z.strictObject({ title: text, url: address })))
const question = z.strictObject({ id, text })
const labels = Object.fromEntries(Object.keys(LABELS).map(name => [name, z.optional(text)])) as {
  [Name in keyof Labels]: z.ZodMiniOptional<typeof text>
}
const section = { title: text, intro: z.optional(text), links, videos: links }

const asking = z.optional(z.strictObject({ ...section, questions: z.array(question) }))
const comparison = z.strictObject({
  id,
  compares: z.optional(reference('a story question of this element')),
  text,
})
const elementSchema = z.strictObject({
  ...{ id, title: text, framing: z.optional(text), story: z.optional(z.array(question)) },
  ...{ 'lead-in': z.optional(text), comparison: z.optional(z.array(comparison)) },
})

/** The form of a guide file. `guide/README.md` explains it to authors. */
export const guideSchema = z.strictObject({
  id,
  name: id,
  language: z.optional(languageTag),
  title: text,
  subtitle: z.optional(text),
  standard: z.optional(text),
  source: z.strictObject({ publisher: text, url: z.optional(address), note: z.optional(text) }),
  labels: z.optional(z.strictObject(labels)),
  overview: z.optional(text),
  warmup: asking,
  stories: z.strictObject({ ...section, elements: z.array(elementSchema) }),
  action: asking,
})

export type GuideForm = z.infer<typeof guideSchema>

/** Reads a text that should be a guide. Never throws. */
export const examineGuide = (source: Source) =>
  examineYaml(source, {
    ...{ kind: 'guide', schema: guideSchema, proposed: proposedId },
    further: (plain, { problemAt }) => gathered(problemAt, report => reportGuide(plain, report)),
  })

/* What a schema cannot say of a guide. The text may hold anything: its valid parts are examined. */

const shape = { id, text, compares: id }
type Stated = Lenient<typeof shape> & { path: Path }

const statedAt = (plain: unknown, path: Path): Stated[] =>
  listAt(plain, path).map((item, i) => ({ ...soundParts(shape, item), path: [...path, i] }))

const elementsIn = (plain: unknown) =>
  statedAt(plain, ['stories', 'elements']).map(element => ({
    ...element,
    story: statedAt(plain, [...element.path, 'story']),
    comparison: statedAt(plain, [...element.path, 'comparison']),
  }))

/** Ids are used once, an element is not named like a kind, a comparison names a story question, the language exists. */
function reportGuide(plain: unknown, report: Report): void {
  const elements = elementsIn(plain)
  const warmup = statedAt(plain, ['warmup', 'questions'])
  const action = statedAt(plain, ['action', 'questions'])
  const parts = elements.flatMap(each => [each, ...each.story, ...each.comparison])
  const { language } = soundParts({ language: languageTag }, plain)
  if (language !== undefined && !isLanguage(language) && !MAYBE_LANGUAGE.test(language))
    report(['language'], `there is no language "${language}"`, languageRemedy(language))
  reportRepeatedIds([...warmup, ...parts, ...action], report)
  for (const { id = '', path } of elements) {
    if (!RESERVED.includes(id)) continue
    const message = `an element cannot have the id "${id}", which is reserved`
    report([...path, 'id'], message, `Write another id, such as "element-${id}".`)
  }
  reportComparisons(plain, elements, report)
  const asked = warmup.length + parts.length - elements.length + action.length
  // Where the list is missing or misspelled, that is reported instead.
  if (asked === 0 && Array.isArray(partAt(plain, ['stories', 'elements'])))
    report([], 'this guide has no questions', 'Give it at least one question.')
}

/** What selectors mean by themselves. */
export const RESERVED: readonly string[] = [...KINDS, PREVIOUS_ACTIONS]

/** Thousands of languages that people speak, Mixtec or Mien among them, have a code of three letters. */
const MAYBE_LANGUAGE = /^[a-z]{3}(?:-|$)/i

/** Each id that was used before, in the list of those that must differ. */
export function reportRepeatedIds(stated: readonly Pick<Stated, 'id' | 'path'>[], report: Report): void {
  const seen = new Set<string>()
  for (const { id = '', path } of stated) {
    if (seen.has(id)) report([...path, 'id'], `the id "${id}" is used twice`, 'Give each its own id.')
    else if (id !== '') seen.add(id)
  }
}

/** A comparison names a story question of its element. */
function reportComparisons(plain: unknown, elements: ReturnType<typeof elementsIn>, report: Report): void {
  const kinds = new Map<string | undefined, string>()
  for (const { story } of elements)
    for (const { id } of story) kinds.set(id, 'a story question of another element')
  for (const { comparison } of elements)
    for (const { id } of comparison) kinds.set(id, 'a comparison, not a story question')
  for (const { story, comparison, path: element } of elements) {
    const stories = story.flatMap(({ id }) => id ?? [])
    const comparing = comparison.filter(({ compares }) => compares !== undefined)
    if (story.length === 0 && comparing.length > 0) {
      // An unknown field, such as "questions", probably holds the story questions.
      const names = Object.keys(partAt(plain, element) ?? {})
      if (names.some(name => !Object.hasOwn(elementSchema.def.shape, name))) continue
      const hint = 'Add a list "story:" above them, or delete each "compares".'
      report(
        [...element, 'comparison'],
        'these compare with story questions, but this element has none',
        hint,
      )
    }
    // A story question without an id, or with that of another, may be the one that is meant.
    if (new Set(stories).size < story.length || story.length === 0) continue
    for (const { compares = '', path } of comparing) {
      if (stories.includes(compares)) continue
      const hint = didYouMean(compares, stories) || `Story questions here: ${stories.join(', ')}.`
      const kind = kinds.get(compares) ?? 'not a story question of this element'
      report([...path, 'compares'], `"${compares}" is ${kind}`, hint)
    }
  }
}

/** More than this does not fit on a small screen above four rows to write in. */
const LONGEST_QUESTION = 600

const ITS_OWN = 'Give each its own: screens, handouts and forms tell elements apart by their titles.'

/** Warnings for what is allowed in a guide, and perhaps not meant. */
export const guideWarnings = (guide: GuideForm, problemAt: ProblemAt) =>
  gathered(problemAt, warn => {
    const { language, warmup, stories, action } = guide
    const hint = 'If it is the code of a language (see https://iso639-3.sil.org), leave it.'
    if (language !== undefined && !isLanguage(language))
      warn(['language'], `"${language}" is not a language we know`, hint)
    warnOfLength(['warmup', 'questions'], warmup?.questions, warn)
    warnOfLength(['action', 'questions'], action?.questions, warn)
    const titles = stories.elements.map(({ title }) => title.trim())
    for (const [i, { story, comparison }] of stories.elements.entries()) {
      const path = ['stories', 'elements', i]
      const title = titles[i] ?? ''
      if (titles.indexOf(title) < i) warn([...path, 'title'], `the title "${title}" is used twice`, ITS_OWN)
      warnOfLength([...path, 'story'], story, warn)
      warnOfLength([...path, 'comparison'], comparison, warn)
      warnOfPairs(path, story, comparison, warn)
    }
  })

type Questions = GuideForm['stories']['elements'][number]['comparison']

function warnOfLength(path: Path, questions: Questions = [], warn: Report): void {
  const hint = `Move what leads up to it into the intro or the framing; up to ${LONGEST_QUESTION} are fine.`
  for (const [i, asked] of questions.entries()) {
    const { length } = asked.text
    const message = `this question has ${length} characters, more than fit on a screen of 24 rows`
    if (length > LONGEST_QUESTION) warn([...path, i, 'text'], message, hint)
  }
}

/** A story question and its comparison belong together. */
function warnOfPairs(path: Path, story: Questions = [], comparison: Questions = [], warn: Report): void {
  if (story.length + comparison.length === 0)
    warn(path, 'this element has no questions, so it is never shown', 'Add one, or delete it.')
  if (story.length === 0) return
  const add = 'If that is not intended, add a list "comparison:" below them.'
  if (comparison.length === 0)
    warn([...path, 'story'], `this element asks nothing about ${LABELS.comparison}`, add)
  const compared = new Set(comparison.map(({ compares }) => compares))
  const isPaired = comparison.length > 0 && !compared.has(undefined)
  for (const [i, { id }] of story.entries()) {
    const message = `no question about ${LABELS.comparison} compares with "${id}"`
    const hint = `If that is not intended, add a comparison with "compares: ${id}".`
    if (isPaired && !compared.has(id)) warn([...path, 'story', i, 'id'], message, hint)
  }
  for (const [i, { compares }] of comparison.entries()) {
    const hint = `Add a line "compares: ${story[0]?.id}", with the right id.`
    const message = 'this comparison does not say which story question it belongs to'
    if (compares === undefined) warn([...path, 'comparison', i], message, hint)
  }
}

/**
 * An id for a part that has none: from its title if it has one, else from its place, such as `b.story.2`. Undefined
 * where something else is missing.
 */
export function proposedId(path: Path, plain: unknown): string | undefined {
  const key = path.at(-1)
  if (key !== 'id' && !(key === 'name' && path.length === 1)) return undefined
  const owner = path.slice(0, -1)
  const { title = '' } = soundParts({ title: text }, partAt(plain, owner))
  const wish = asId(title) || placeName(owner, plain)
  return freeId(wish, new Set(path.length === 1 ? [] : idsIn(plain)))
}

/** The id, or the first like it that is not taken: `a-2`. */
export function freeId(wish: string, taken: ReadonlySet<string>): string {
  for (let number = 2, each = wish; ; number++) {
    if (!taken.has(each)) return each
    each = `${wish.replace(/\d+$/, '')}${/\d$/.test(wish) ? '' : '-'}${number}`
  }
}

/** `b.story.2`, `warmup.1` or `step-3`, after the place in the file. */
function placeName(owner: Path, plain: unknown): string {
  const names = owner.filter(key => typeof key === 'string' && key !== 'questions' && key !== 'stories')
  const numbers = owner.filter(key => typeof key === 'number').map(index => index + 1)
  const [list, kind] = names
  if (list === 'elements' && kind !== undefined) {
    const element = soundParts({ id }, partAt(plain, owner.slice(0, -2))).id ?? `element-${numbers[0]}`
    return `${element}.${String(kind)}.${numbers[1]}`
  }
  if (numbers.length === 0) return 'my-guide'
  return owner.includes('questions')
    ? `${String(list)}.${numbers[0]}`
    : `${String(list).replace(/s$/, '')}-${numbers[0]}`
}

/** Every id that the text holds anywhere. */
function idsIn(plain: unknown): string[] {
  if (typeof plain !== 'object' || plain === null) return []
  const own = soundParts({ id }, plain).id
  return [...(own === undefined ? [] : [own]), ...Object.values(plain).flatMap(idsIn)]
}
