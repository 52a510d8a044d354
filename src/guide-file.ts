import * as z from 'zod/mini'
import { problemsError, type Source } from './errors.ts'
import { address, id, languageTag, text } from './fields.ts'
import type { Element, Guide, Kind, Question, Section } from './guide.ts'
import { guideProblems } from './guide-problems.ts'
import { proposedId } from './proposals.ts'
import { type Examined, examineYaml, type Form } from './yaml.ts'

const links = z.optional(z.array(z.strictObject({ title: text, url: address })))
const question = z.strictObject({ id, text })
const section = { title: text, intro: z.optional(text), links, videos: links }

/** The form of a guide file. `guide/README.md` explains it to authors. */
export const guideSchema = z.strictObject({
  id,
  name: id,
  language: z.optional(languageTag),
  title: text,
  subtitle: z.optional(text),
  source: z.strictObject({
    publisher: text,
    url: z.optional(address),
    note: z.optional(text),
  }),
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
        comparison: z.optional(z.array(z.strictObject({ id, compares: z.optional(id), text }))),
      }),
    ),
  }),
  action: z.optional(z.strictObject({ ...section, questions: z.array(question) })),
})
type GuideFile = z.infer<typeof guideSchema>

const GUIDE: Form<GuideFile> = {
  what: 'guide',
  schema: guideSchema,
  further: guideProblems,
  proposed: proposedId,
}

export type ExaminedGuide = Pick<Examined<GuideFile>, 'problems' | 'read'> & { guide?: Guide }

/** Reads a text that should be a guide. Never throws. */
export function examineGuide(source: Source): ExaminedGuide {
  const { read, problems, value } = examineYaml(source, GUIDE)
  return { read, problems, ...(value && { guide: build(value) }) }
}

/** @throws UserError with every problem as file:line:column, if the text is no guide. */
export function parseGuide(source: Source): Guide {
  const { guide, problems } = examineGuide(source)
  if (!guide) throw problemsError(problems, source)
  return guide
}

function build(file: GuideFile): Guide {
  const elements = file.stories.elements.map(buildElement)
  const warmup = {
    ...buildSection(file.warmup),
    questions: numbered('warmup', file.warmup?.questions),
  }
  const action = {
    ...buildSection(file.action),
    questions: numbered('action', file.action?.questions),
  }
  const questions = [
    ...warmup.questions,
    ...elements.flatMap(e => [...e.story, ...e.comparison]),
    ...action.questions,
  ]
  questions.forEach((question, i) => {
    question.position = i + 1
  })
  return {
    id: file.id,
    name: file.name,
    language: file.language ?? 'en',
    title: oneLine(file.title),
    ...(file.subtitle && { subtitle: oneLine(file.subtitle) }),
    source: {
      publisher: file.source.publisher,
      ...(file.source.url && { url: file.source.url }),
      ...(file.source.note && { note: file.source.note }),
    },
    overview: paragraphs(file.overview),
    warmup,
    stories: { ...buildSection(file.stories), elements },
    action,
    questions,
  }
}

function buildElement(file: GuideFile['stories']['elements'][number]): Element {
  const element: Element = {
    id: file.id,
    title: oneLine(file.title),
    framing: paragraphs(file.framing),
    leadIn: paragraphs(file['lead-in']),
    story: [],
    comparison: [],
  }
  element.story = numbered('story', file.story, element)
  element.comparison = numbered('comparison', file.comparison, element)
  return element
}

function buildSection(file: GuideFile['warmup'] | GuideFile['stories']): Section {
  return {
    title: oneLine(file?.title ?? ''),
    intro: paragraphs(file?.intro),
    links: [...(file?.links ?? []), ...(file?.videos ?? [])],
  }
}

function numbered(
  kind: Kind,
  list: { id: string; text: string; compares?: string | undefined }[] = [],
  element?: Element,
): Question[] {
  return list.map(({ id, text, compares }, i) => ({
    id,
    kind,
    text: text.trim(),
    ...(element && { element }),
    ...(compares && { compares }),
    number: i + 1,
    of: list.length,
    position: 0,
  }))
}

/** A heading of several lines would no longer be one. */
const oneLine = (title: string) => title.trim().replace(/\s*\n\s*/g, ' ')

/** In a folded YAML block a blank line leaves one line end: every line is a paragraph. */
function paragraphs(text = ''): string[] {
  return text
    .split(/\n+/)
    .map(part => part.trim())
    .filter(part => part !== '')
}
