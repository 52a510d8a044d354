import * as z from 'zod/mini'
import { didYouMean, type Problem, problemsError, type Source } from './errors.ts'
import { type Element, type Guide, ID, KINDS, type Kind, type Question, type Section } from './guide.ts'
import { type Checked, parseYaml } from './yaml.ts'

const text = z.string().check(z.regex(/\S/, 'has no text'))
const id = z.string().check(z.regex(ID, 'should be small letters and digits, joined by . _ or -'))
const links = z.optional(
  z.array(
    z.strictObject({
      title: text,
      url: z.string().check(z.regex(/^https?:\/\/\S+$/, 'should be an address that begins with https://')),
    }),
  ),
)
const question = z.strictObject({ id, text })
const section = { title: text, intro: z.optional(text), links, videos: links }

/** The form of a guide file. `guide/README.md` explains it to authors. */
export const guideSchema = z.strictObject({
  id,
  name: id,
  language: z.optional(text),
  title: text,
  subtitle: z.optional(text),
  source: z.strictObject({
    publisher: text,
    url: z.optional(text),
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

/** @throws UserError with every problem as file:line:column, if the text is no guide. */
export function parseGuide(source: Source): Guide {
  const checked = parseYaml<GuideFile>(source, guideSchema, 'guide')
  const problems = idProblems(checked)
  if (problems.length > 0) throw problemsError(problems, source)
  return build(checked.value)
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

/** What a schema cannot say: ids stand once, an element is no kind, a comparison points at a story question. */
function idProblems({ value: file, problemAt }: Checked<GuideFile>): Problem[] {
  const problems: Problem[] = []
  const seen = new Set<string>()
  const once = (id: string, path: PropertyKey[]) => {
    if (seen.has(id))
      problems.push(
        problemAt(
          path,
          `the id "${id}" stands twice`,
          'Every question and every element needs an id of its own.',
        ),
      )
    seen.add(id)
  }
  const onceEach = (list: { id: string }[] = [], path: PropertyKey[]) => {
    list.forEach(({ id }, i) => {
      once(id, [...path, i, 'id'])
    })
  }
  onceEach(file.warmup?.questions, ['warmup', 'questions'])
  file.stories.elements.forEach((element, i) => {
    const path = ['stories', 'elements', i]
    once(element.id, [...path, 'id'])
    if ((KINDS as string[]).includes(element.id))
      problems.push(
        problemAt(
          [...path, 'id'],
          `an element cannot be called "${element.id}", which is a kind of question`,
        ),
      )
    onceEach(element.story, [...path, 'story'])
    onceEach(element.comparison, [...path, 'comparison'])
    const stories = element.story?.map(question => question.id) ?? []
    element.comparison?.forEach(({ compares }, j) => {
      if (compares === undefined || stories.includes(compares)) return
      const remedy = didYouMean(compares, stories) || `Story questions here: ${stories.join(', ') || 'none'}.`
      problems.push(
        problemAt(
          [...path, 'comparison', j, 'compares'],
          `"${compares}" is no story question of this element`,
          remedy,
        ),
      )
    })
  })
  onceEach(file.action?.questions, ['action', 'questions'])
  if (seen.size === file.stories.elements.length)
    problems.push(problemAt([], 'this guide asks nothing', 'Give it at least one question.'))
  return problems
}
