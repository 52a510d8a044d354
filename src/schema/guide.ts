import * as z from 'zod/mini'
import { type Diagnostic, didYouMean, type Source } from '../domain/errors.ts'
import { ID, KINDS, LABELS, type Labels } from '../domain/guide.ts'
import { PREVIOUS_ACTIONS } from '../domain/plan.ts'
import { type Lenient, listAt, type Path, partAt, soundParts } from './validation.ts'
import { examineYaml, type ProblemAt } from './yaml.ts'

/* The fields that guides and plans share. What is said of a wrong one has two lines: the problem, and what to do. */

export const text = z.string().check(z.regex(/\S/, 'is empty\nWrite a text, or delete the field.'))

export const id = z.string().check(
  z.regex(ID, {
    error: ({ input }) =>
      `should be lowercase letters and digits, joined by . _ or -\nFor example: "${correctedId(String(input))}".`,
  }),
)

/** An address that is only a scheme, or holds a space, leads nowhere. */
const address = z.string().check(
  z.regex(/^https?:\/\/[^\s/]+\S*$/, {
    error: ({ input }) =>
      `should be an address that starts with https://\n${/^[^\s/:]+\.[^\s]+$/.test(String(input)) ? `Did you mean "https://${input}"?` : 'Copy all of it from the browser, such as https://www.example.org/story.'}`,
  }),
)

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
    .replace(/^[._-]+|[._-]+$/g, '') || 'a'

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
    further: (plain, { problemAt }) => guideProblems(plain, problemAt),
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
function guideProblems(plain: unknown, problemAt: ProblemAt): Diagnostic[] {
  const elements = elementsIn(plain)
  const warmup = statedAt(plain, ['warmup', 'questions'])
  const action = statedAt(plain, ['action', 'questions'])
  const parts = elements.flatMap(each => [each, ...each.story, ...each.comparison])
  // Where the list is missing or misspelled, that is reported instead.
  const asksNothing =
    warmup.length + parts.length - elements.length + action.length === 0 &&
    Array.isArray(partAt(plain, ['stories', 'elements']))
  return [
    ...languageProblems(plain, problemAt),
    ...repeatedIds([...warmup, ...parts, ...action], problemAt),
    ...elements.flatMap(element => reservedIds(element, problemAt)),
    ...comparisonProblems(plain, elements, problemAt),
    ...(asksNothing ? [problemAt([], 'this guide has no questions', 'Give it at least one question.')] : []),
  ]
}

function languageProblems(plain: unknown, problemAt: ProblemAt): Diagnostic[] {
  const { language } = soundParts({ language: languageTag }, plain)
  if (language === undefined || isLanguage(language) || maybeLanguage(language)) return []
  return [problemAt(['language'], `there is no language "${language}"`, languageRemedy(language))]
}

/** Thousands of languages that people speak, Mixtec or Mien among them, have a code of three letters. */
const maybeLanguage = (tag: string) => /^[a-z]{3}(?:-|$)/i.test(tag)

/** Each id that was used before, in the list of those that must differ. */
export function repeatedIds(
  stated: readonly { id?: string | undefined; path: Path }[],
  problemAt: ProblemAt,
) {
  const seen = new Set<string>()
  return stated.flatMap(({ id = '', path }) => {
    if (id === '' || !seen.has(id)) return seen.add(id) && []
    return [problemAt([...path, 'id'], `the id "${id}" is used twice`, 'Give each its own id.')]
  })
}

function reservedIds({ id = '', path }: Stated, problemAt: ProblemAt): Diagnostic[] {
  if (id !== PREVIOUS_ACTIONS && !(KINDS as readonly string[]).includes(id)) return []
  const message = `an element cannot have the id "${id}", which is reserved`
  return [problemAt([...path, 'id'], message, `Write another id, such as "element-${id}".`)]
}

/** A comparison names a story question of its element. */
function comparisonProblems(plain: unknown, elements: ReturnType<typeof elementsIn>, problemAt: ProblemAt) {
  const kinds = new Map(
    elements.flatMap(({ story }) => story.map(({ id }) => [id, 'a story question of another element'])),
  )
  for (const { comparison } of elements)
    for (const { id } of comparison) kinds.set(id, 'a comparison, not a story question')
  return elements.flatMap(({ story, comparison, path: element }) => {
    const stories = new Set(story.flatMap(({ id }) => id ?? []))
    const comparing = comparison.filter(({ compares }) => compares !== undefined)
    if (story.length === 0 && comparing.length > 0) {
      // An unknown field, such as "questions", probably holds the story questions.
      const names = Object.keys(partAt(plain, element) ?? {})
      if (names.some(name => !Object.hasOwn(elementSchema.def.shape, name))) return []
      const hint = 'Add a list "story:" above them, or delete each "compares".'
      const message = 'these compare with story questions, but this element has none'
      return [problemAt([...element, 'comparison'], message, hint)]
    }
    // A story question without an id, or with that of another, may be the one that is meant.
    if (stories.size < story.length) return []
    return comparing.flatMap(({ compares = '', path }) => {
      if (stories.has(compares)) return []
      const hint = didYouMean(compares, [...stories]) || `Story questions here: ${[...stories].join(', ')}.`
      const kind = kinds.get(compares) ?? 'not a story question of this element'
      return [problemAt([...path, 'compares'], `"${compares}" is ${kind}`, hint)]
    })
  })
}

/** More than this does not fit on a small screen above four rows to write in. */
const LONGEST_QUESTION = 600

/** Warnings for what is allowed in a guide, and perhaps not meant. */
export function guideWarnings(guide: GuideForm, warn: ProblemAt): Diagnostic[] {
  const { language, warmup, stories, action } = guide
  const elements = stories.elements.map((element, i) => ({ ...element, path: ['stories', 'elements', i] }))
  return [
    ...languageWarnings(language, warn),
    ...longQuestions(['warmup', 'questions'], warmup?.questions, warn),
    ...longQuestions(['action', 'questions'], action?.questions, warn),
    ...elements.flatMap(({ path, story, comparison }) => [
      ...longQuestions([...path, 'story'], story, warn),
      ...longQuestions([...path, 'comparison'], comparison, warn),
      ...pairWarnings(path, story, comparison, warn),
    ]),
  ]
}

function languageWarnings(language: string | undefined, warn: ProblemAt): Diagnostic[] {
  if (language === undefined || isLanguage(language)) return []
  const hint = 'If it is the code of a language (see https://iso639-3.sil.org), leave it.'
  return [warn(['language'], `"${language}" is not a language we know`, hint)]
}

type Questions = GuideForm['stories']['elements'][number]['comparison']

function longQuestions(path: Path, questions: Questions = [], warn: ProblemAt): Diagnostic[] {
  const hint = `Move what leads up to it into the intro or the framing; up to ${LONGEST_QUESTION} are fine.`
  return questions.flatMap(({ text: { length } }, i) => {
    const message = `this question has ${length} characters, more than fit on a screen of 24 rows`
    return length > LONGEST_QUESTION ? [warn([...path, i, 'text'], message, hint)] : []
  })
}

/** A story question and its comparison belong together. */
function pairWarnings(path: Path, story: Questions = [], comparison: Questions = [], warn: ProblemAt) {
  if (story.length + comparison.length === 0)
    return [warn(path, 'this element has no questions, so it is never shown', 'Add one, or delete it.')]
  if (story.length === 0) return []
  if (comparison.length === 0) {
    const hint = 'If that is not intended, add a list "comparison:" below them.'
    return [warn([...path, 'story'], `this element asks nothing about ${LABELS.comparison}`, hint)]
  }
  const compared = new Set(comparison.map(({ compares }) => compares))
  if (!compared.has(undefined))
    return story.flatMap(({ id }, i) => {
      const message = `no question about ${LABELS.comparison} compares with "${id}"`
      const hint = `If that is not intended, add a comparison with "compares: ${id}".`
      return compared.has(id) ? [] : [warn([...path, 'story', i, 'id'], message, hint)]
    })
  return comparison.flatMap(({ compares }, i) => {
    const hint = `Add a line "compares: ${story[0]?.id}", with the right id.`
    const message = 'this comparison does not say which story question it belongs to'
    return compares === undefined ? [warn([...path, 'comparison', i], message, hint)] : []
  })
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
  const taken = new Set(path.length === 1 ? [] : idsIn(plain))
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
