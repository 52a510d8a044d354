import {
  type Element,
  type Guide,
  type Question,
  type Section,
  SIDE_TITLE,
  unnamedLinks,
} from '../domain/guide.ts'
import { harmless, JOTS, room } from './markers.ts'

/** What a new notes file says of itself. `file` is its name without a folder. */
export interface Beginning {
  file: string
  group?: string | undefined
  order?: string | undefined
  only?: readonly string[] | undefined
}

/** The whole guide with empty answers: the form of every new notes file, to be filled in here or in any editor. */
export function blankNotes(guide: Guide, { file, group, order, only }: Beginning): string {
  const front = [`guide: ${guide.id}`, 'format: 1']
  if (group) front.push(`group: ${JSON.stringify(group)}`)
  if (order) front.push(`order: ${order}`)
  if (only && only.length > 0) front.push(`only: ${JSON.stringify(only)}`)
  const lines = [
    ...['---', ...front, '---', ''],
    ...[howTo(file), ''],
    ...[`# ${guide.title}: notes`, ''],
    ...guideLines(guide),
  ]
  return `${lines.join('\n').trimEnd()}\n`
}

/** The whole guide below its title, as lines of Markdown, with room for an answer under each question. */
function guideLines(guide: Guide): string[] {
  const { warmup, stories, action } = guide
  const ask = (question: Question) => [questionTitle(question), '', ...room(question.id)]
  const section = (part: typeof warmup) =>
    part.questions.length > 0 ? [...sectionBlock(part), ...part.questions.flatMap(ask)] : []
  return [
    ...(guide.subtitle ? [`**${guide.subtitle}**`, ''] : []),
    ...spaced(guide.overview),
    ...[sourceLine(guide), ''],
    ...section(warmup),
    ...sectionBlock(stories),
    ...JOTS,
    ...stories.elements.flatMap(element => elementBlock(element, ask)),
    ...section(action),
  ]
}

const HOW_TO = 'Write between the "answer" marks and leave the marks.'

/** Whether a line is our own comment that tells a reader of the plain file where to write. */
export const isHowTo = (line: string) => line.startsWith(`<!-- ${HOW_TO}`)

function howTo(file: string): string {
  const safe =
    /^[\w. -]+$/.test(file) && !file.includes('--')
      ? `To go on: pl-stories --notes ${/ /.test(file) ? `"${file}"` : file} `
      : ''
  return `<!-- ${HOW_TO} To skip a question, write (skipped) behind the id in its mark. ${safe}-->`
}

export function sourceLine({ source }: Guide): string {
  return harmless(
    `*Publisher: ${source.publisher}${source.url ? `, <${source.url}>` : ''}.${source.note ? ` ${source.note}` : ''}*`,
  )
}

const spaced = (paragraphs: readonly string[]) => paragraphs.flatMap(paragraph => [harmless(paragraph), ''])

function sectionBlock(section: Section): string[] {
  return [`## ${section.title}`, '', ...spaced(section.intro), ...spaced(unnamedLinks(section))]
}

function elementBlock(element: Element, ask: (question: Question) => string[]): string[] {
  const side = (title: string, intro: string[], questions: Question[]) =>
    questions.length === 0 ? [] : [`#### ${title}`, '', ...spaced(intro), ...questions.flatMap(ask)]
  return [
    ...[`### ${element.title}`, ''],
    ...spaced(element.framing),
    ...side(SIDE_TITLE.story, [], element.story),
    ...side(SIDE_TITLE.comparison, element.leadIn, element.comparison),
  ]
}

export function questionTitle({ text, number, of }: Question): string {
  return harmless(`**${of > 1 ? `${number}. ` : ''}${text.replace(/\s*\n\s*/g, ' ')}**`)
}
