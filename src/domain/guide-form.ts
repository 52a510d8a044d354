import type { Element, Guide, Kind, Link, Question, Section } from './guide.ts'

/*
 * A guide as its file has it, and the guide that is built of it. The checker's schema has the same form; it stands by
 * itself because what checks is heavy, and the shipped guides have been checked.
 */

export interface GuideForm {
  id: string
  name: string
  language?: string | undefined
  title: string
  subtitle?: string | undefined
  source: { publisher: string; url?: string | undefined; note?: string | undefined }
  overview?: string | undefined
  warmup?: (SectionForm & { questions: QuestionForm[] }) | undefined
  stories: SectionForm & { elements: ElementForm[] }
  action?: (SectionForm & { questions: QuestionForm[] }) | undefined
}

interface SectionForm {
  title: string
  intro?: string | undefined
  links?: Link[] | undefined
  videos?: Link[] | undefined
}

interface ElementForm {
  id: string
  title: string
  framing?: string | undefined
  story?: QuestionForm[] | undefined
  'lead-in'?: string | undefined
  comparison?: QuestionForm[] | undefined
}

interface QuestionForm {
  id: string
  text: string
  compares?: string | undefined
}

/** The guide, its questions counted, of what its file holds. */
export function buildGuide(file: GuideForm): Guide {
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

function buildElement(file: ElementForm): Element {
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

function buildSection(file: SectionForm | undefined): Section {
  return {
    title: oneLine(file?.title ?? ''),
    intro: paragraphs(file?.intro),
    links: [...(file?.links ?? []), ...(file?.videos ?? [])],
  }
}

function numbered(kind: Kind, list: readonly QuestionForm[] = [], element?: Element): Question[] {
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
export function paragraphs(text = ''): string[] {
  return text
    .split(/\n+/)
    .map(part => part.trim())
    .filter(part => part !== '')
}
