import * as z from 'zod/mini'
import { type Diagnostic, didYouMean, problemsError, type Source } from '../domain/errors.ts'
import { buildGuide, type Guide, type GuideForm, KINDS, LABELS, type Labels, SIDE } from '../domain/guide.ts'

import {
  address,
  asId,
  id,
  isLanguage,
  type Lenient,
  languageRemedy,
  languageTag,
  listAt,
  type Path,
  partAt,
  reference,
  soundParts,
  text,
} from './validation.ts'
import { type Examined, examineYaml, type ProblemAt, type Schema } from './yaml.ts'

const links = z.optional(z.array(z.strictObject({ title: text, url: address })))
const question = z.strictObject({ id, text })
const labels = Object.fromEntries(Object.keys(LABELS).map(name => [name, z.optional(text)])) as {
  [Name in keyof Labels]: z.ZodMiniOptional<typeof text>
}
const section = { title: text, intro: z.optional(text), links, videos: links }

/** The form of a guide file. `guide/README.md` explains it to authors. */
export const guideSchema = z.strictObject({
  id,
  name: id,
  language: z.optional(languageTag),
  title: text,
  subtitle: z.optional(text),
  standard: z.optional(text),
  source: z.strictObject({
    publisher: text,
    url: z.optional(address),
    note: z.optional(text),
  }),
  labels: z.optional(z.strictObject(labels)),
  overview: z.optional(text),
  warmup: z.optional(z.strictObject({ ...section, questions: z.array(question) })),
  stories: z.strictObject({
    ...section,
    elements: z.array(
      z.strictObject({
        id,
        title: text,
        framing: z.optional(text),
        story: z.optional(z.array(question)),
        'lead-in': z.optional(text),
        comparison: z.optional(
          z.array(
            z.strictObject({ id, compares: z.optional(reference('a story question of this element')), text }),
          ),
        ),
      }),
    ),
  }),
  action: z.optional(z.strictObject({ ...section, questions: z.array(question) })),
})

const GUIDE: Schema<GuideForm> = {
  kind: 'guide',
  schema: guideSchema,
  further: guideProblems,
  proposed: proposedId,
}

export type ExaminedGuide = Pick<Examined<GuideForm>, 'problems' | 'read'> & {
  guide?: Guide
  /** What the guide is built of. */
  form?: GuideForm
}

/** Reads a text that should be a guide. Never throws. */
export function examineGuide(source: Source): ExaminedGuide {
  const { read, problems, value } = examineYaml(source, GUIDE)
  return { read, problems, ...(value && { guide: buildGuide(value), form: value }) }
}

/** @throws UserError with every problem as file:line:column, if the text is no guide. */
export function parseGuide(source: Source): Guide {
  const { guide, problems } = examineGuide(source)
  if (!guide) throw problemsError(problems, source)
  return guide
}

/* What a schema cannot say of a guide. The text may be anything: what is sound in it is looked at. */

const shape = { id, text, compares: id }
type Stated = Lenient<typeof shape> & { path: Path }

const statedAt = (plain: unknown, path: Path): Stated[] =>
  listAt(plain, path).map((item, i) => ({ ...soundParts(shape, item), path: [...path, i] }))

interface StatedElement extends Stated {
  story: Stated[]
  comparison: Stated[]
  /** Whether it has "questions", which probably are those about the story. */
  misnamed: boolean
}

const elementsIn = (plain: unknown): StatedElement[] =>
  statedAt(plain, ['stories', 'elements']).map(element => ({
    ...element,
    story: statedAt(plain, [...element.path, 'story']),
    comparison: statedAt(plain, [...element.path, 'comparison']),
    misnamed: partAt(plain, [...element.path, 'questions']) !== undefined,
  }))

/** Ids stand once, an element is no kind, a comparison points at a story question, the language is one. */
export function guideProblems(plain: unknown, problemAt: ProblemAt): Diagnostic[] {
  const elements = elementsIn(plain)
  const warmup = statedAt(plain, ['warmup', 'questions'])
  const action = statedAt(plain, ['action', 'questions'])
  const asked = elements.flatMap(({ story, comparison }) => [...story, ...comparison])
  const nothing = warmup.length + asked.length + action.length === 0
  return [
    ...languageProblems(plain, problemAt),
    ...twins(
      [...warmup, ...elements.flatMap(each => [each, ...each.story, ...each.comparison]), ...action],
      problemAt,
    ),
    ...elements.flatMap(element => kindProblems(element, problemAt)),
    ...elements.flatMap(element => comparisonProblems(element, elements, problemAt)),
    ...(nothing && isWhole(plain)
      ? [problemAt([], 'this guide asks nothing', 'Give it at least one question.')]
      : []),
  ]
}

/** Where the lists are missing or misspelt, that is told instead. */
const isWhole = (plain: unknown) => Array.isArray(partAt(plain, ['stories', 'elements']))

function languageProblems(plain: unknown, problemAt: ProblemAt): Diagnostic[] {
  const { language } = soundParts({ language: languageTag }, plain)
  if (language === undefined || isLanguage(language) || maybeLanguage(language)) return []
  return [problemAt(['language'], `"${language}" is no language that is known`, languageRemedy(language))]
}

function languageWarnings(plain: unknown, problemAt: ProblemAt): Diagnostic[] {
  const { language } = soundParts({ language: languageTag }, plain)
  if (language === undefined || isLanguage(language) || !maybeLanguage(language)) return []
  const message = `"${language}" is none of the languages that are known here`
  const hint = 'If it is the code of one (see https://iso639-3.sil.org), leave it as it is.'
  return [problemAt(['language'], message, hint)]
}

/** Thousands of languages that people speak, Mixtec or Mien among them, have a code of three letters. */
const maybeLanguage = (tag: string) => /^[a-z]{3}(?:-|$)/i.test(tag)

function twins(stated: readonly Stated[], problemAt: ProblemAt): Diagnostic[] {
  const seen = new Set<string>()
  return stated.flatMap(({ id, path }) => {
    if (id === undefined) return []
    if (!seen.has(id)) {
      seen.add(id)
      return []
    }
    const hint = 'Every question and every element needs an id of its own.'
    return [problemAt([...path, 'id'], `the id "${id}" stands twice`, hint)]
  })
}

function kindProblems({ id, path }: Stated, problemAt: ProblemAt): Diagnostic[] {
  if (id === undefined || !(KINDS as string[]).includes(id)) return []
  const message = `an element cannot be called "${id}", which is a kind of question`
  return [problemAt([...path, 'id'], message, `Write another id, such as "element-${id}".`)]
}

function comparisonProblems(
  { story, comparison, misnamed, path: element }: StatedElement,
  elements: readonly StatedElement[],
  problemAt: ProblemAt,
): Diagnostic[] {
  const stories = new Set(ids(story))
  if (story.length === 0 && comparison.some(({ compares }) => compares !== undefined)) {
    const message = 'these are compared with story questions, of which there are none in this element'
    const hint = 'Write a list "story:" above them, or take out each "compares".'
    return misnamed ? [] : [problemAt([...element, 'comparison'], message, hint)]
  }
  // A story question without an id, or with that of another, may be the one that is meant.
  if (stories.size < story.length) return []
  return comparison.flatMap(({ compares, path }) => {
    if (compares === undefined || stories.has(compares)) return []
    const hint = didYouMean(compares, [...stories]) || `Story questions here: ${list([...stories])}.`
    return [problemAt([...path, 'compares'], `"${compares}" is ${whatElse(compares, elements)}`, hint)]
  })
}

function whatElse(compared: string, elements: readonly StatedElement[]): string {
  if (elements.some(({ comparison }) => ids(comparison).includes(compared)))
    return 'itself a comparison, and no story question'
  if (elements.some(({ story }) => ids(story).includes(compared)))
    return 'a story question of another element'
  return 'no story question of this element'
}

const ids = (stated: readonly Stated[]) => stated.flatMap(({ id }) => id ?? [])
const list = (words: readonly string[]) => words.join(', ') || 'none'

/** More than this does not fit on a small screen above four rows to write in. */
const LONGEST_QUESTION = 600

/** What is allowed in a guide, and perhaps not meant. */
export function guideWarnings(plain: unknown, problemAt: ProblemAt): Diagnostic[] {
  const elements = elementsIn(plain)
  const questions = [
    ...statedAt(plain, ['warmup', 'questions']),
    ...elements.flatMap(({ story, comparison }) => [...story, ...comparison]),
    ...statedAt(plain, ['action', 'questions']),
  ]
  return [
    ...languageWarnings(plain, problemAt),
    ...questions.flatMap(question => tooLong(question, problemAt)),
    ...elements.flatMap(element => withoutComparison(element, problemAt)),
    ...elements.flatMap(element => comparingNothing(plain, element, problemAt)),
    ...elements.flatMap(element => askingNothing(element, problemAt)),
  ]
}

/** Perhaps its questions have not been written yet. */
function askingNothing({ path, story, comparison }: StatedElement, problemAt: ProblemAt): Diagnostic[] {
  if (story.length + comparison.length > 0) return []
  const message = 'this element asks nothing, so nobody is led to it'
  return [problemAt(path, message, 'Give it a question, or take it out.')]
}

function tooLong({ text = '', path }: Stated, problemAt: ProblemAt): Diagnostic[] {
  if (text.length <= LONGEST_QUESTION) return []
  const message = `this question has ${text.length} characters, more than fit on a screen of 24 rows`
  const hint = `Put what leads to it into the section's intro or the element's framing; up to ${LONGEST_QUESTION} are fine.`
  return [problemAt([...path, 'text'], message, hint)]
}

function withoutComparison({ story, comparison, path }: StatedElement, problemAt: ProblemAt): Diagnostic[] {
  if (story.length === 0) return []
  if (comparison.length === 0) {
    const message = `no story question of this element has a comparison about ${SIDE.comparison}`
    return [
      problemAt([...path, 'story'], message, 'Write a list "comparison:" below them, unless you mean it so.'),
    ]
  }
  const compared = new Set(comparison.map(({ compares }) => compares))
  const stories = ids(story)
  // One that points at nothing, or does not say where, may be the one that seems to lack.
  if (comparison.some(({ compares }) => compares === undefined || !stories.includes(compares))) return []
  return story
    .filter(({ id }) => id !== undefined && !compared.has(id))
    .map(({ id, path }) =>
      problemAt(
        [...path, 'id'],
        `no comparison asks the same as "${id}" about ${SIDE.comparison}`,
        `Write a comparison with "compares: ${id}", unless you mean it so.`,
      ),
    )
}

function comparingNothing(
  plain: unknown,
  { story, comparison }: StatedElement,
  problemAt: ProblemAt,
): Diagnostic[] {
  if (story.length === 0) return []
  return comparison
    .filter(({ path }) => partAt(plain, [...path, 'compares']) === undefined)
    .map(({ path }) =>
      problemAt(
        path,
        'this comparison does not say which story question it is the counterpart of',
        `Add a line "compares: ${ids(story)[0] ?? 'ID'}", with the right id.`,
      ),
    )
}

/**
 * An id for a part that lacks one: after its title where it has one, else after where it stands, such as
 * `b.story.2`. Undefined where something else is missing.
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
