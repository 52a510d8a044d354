import { type Element, type Guide, type Kind, LABELS, type Question, type Section } from '../domain/guide.ts'
import type { GuideForm } from './guide.ts'

/* Stands by itself because what checks a guide is heavy to load, and the shipped guides have been checked. */

type SectionForm = Omit<GuideForm['stories'], 'elements'>
type ElementForm = GuideForm['stories']['elements'][number]
type QuestionForm = NonNullable<ElementForm['comparison']>[number]

/** The guide, its questions counted, of what its file holds. */
export function buildGuide(file: GuideForm): Guide {
  const { id, name, language = 'en', title, subtitle, standard = title, source } = file
  const asking = (kind: 'warmup' | 'action') => ({
    ...buildSection(file[kind]),
    questions: numbered(kind, file[kind]?.questions),
  })
  const [warmup, action] = [asking('warmup'), asking('action')]
  const elements = file.stories.elements.map(buildElement)
  const inElements = elements.flatMap(({ story, comparison }) => [...story, ...comparison])
  const questions = [...warmup.questions, ...inElements, ...action.questions]
  questions.forEach((question, i) => {
    question.position = i + 1
  })
  return {
    ...{ id, name, language, source, warmup, action, questions },
    title: oneLine(title),
    ...(subtitle && { subtitle: oneLine(subtitle) }),
    standard: oneLine(standard),
    labels: labelsOf(file.labels),
    overview: paragraphs(file.overview),
    stories: { ...buildSection(file.stories), elements },
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

function labelsOf(own: GuideForm['labels'] = {}): Guide['labels'] {
  const names = Object.keys(LABELS) as (keyof typeof LABELS)[]
  return Object.fromEntries(names.map(name => [name, oneLine(own[name] ?? LABELS[name])])) as typeof LABELS
}

/** A heading of several lines would no longer be one. */
export const oneLine = (title: string) => title.trim().replace(/\s*\n\s*/g, ' ')

/** In a folded YAML block a blank line leaves one line end: every line is a paragraph. */
export function paragraphs(text = ''): string[] {
  return text
    .split(/\n+/)
    .map(part => part.trim())
    .filter(part => part !== '')
}
