import { count, counted } from '../domain/answers.ts'
import { didYouMean, type Problem, type Source } from '../domain/errors.ts'
import { type Guide, guideNotHere, sameGuide, selected, unknownPart } from '../domain/guide.ts'
import { ORDERS } from '../domain/interview.ts'
import { unasked } from '../domain/plan.ts'
import { readFrontMatter } from '../notes/front-matter.ts'
import { spoiltMarks } from '../notes/markers.ts'
import { type Notes, readNotes, strayIds } from '../notes/notes.ts'
import { examineAnswers, examineAnswersToNone, MARK } from '../schema/answers.ts'
import { examineGuide } from '../schema/guide.ts'
import { guideWarnings } from '../schema/guide-problems.ts'
import { examineWalkthrough, guideNamed } from '../schema/plan.ts'

/** What a file is worth: `about` says in words what it is. */
export interface Verdict {
  about: string
  problems: Problem[]
  /** What is allowed, and perhaps not meant. */
  warnings: Problem[]
}

export type KindName = 'guide' | 'walkthrough' | 'answers' | 'notes'

interface Kind {
  /** The words that tell such a YAML file from the others. */
  words: readonly string[]
  /** The guide that the text says it is about. */
  guideId(source: Source): string | undefined
  check(source: Source, guides: readonly Guide[]): Verdict
}

/** Every kind of file that people write. */
export const KINDS_OF_FILE: Record<KindName, Kind> = {
  guide: {
    words: ['id', 'name', 'language', 'subtitle', 'source', 'overview', 'warmup', 'stories', 'action'],
    guideId: () => undefined,
    check: checkGuide,
  },
  walkthrough: {
    words: ['minutes', 'materials', 'roles', 'norms', 'groups', 'steps'],
    guideId: guideNamed,
    check: checkWalkthrough,
  },
  answers: {
    words: ['answers', 'skipped', 'questions'],
    guideId: guideNamed,
    check: checkAnswers,
  },
  notes: {
    words: [],
    guideId: ({ text }) => readFrontMatter(text).fields.guide,
    check: checkNotes,
  },
}

/** What kind of file a text is, by what it holds; undefined if it is none of ours. It need not be sound. */
export function kindOf(source: Source): KindName | undefined {
  if (MARK.test(source.text) || readFrontMatter(source.text).fields.guide !== undefined) return 'notes'
  const words = new Set(outerWords(source.text))
  if (words.has('answers')) return 'answers'
  // A guide names no guide, and a plan has a title.
  if (words.has('guide') && !['title', 'steps', 'stories', 'minutes'].some(word => words.has(word)))
    return 'answers'
  const names = Object.keys(KINDS_OF_FILE) as KindName[]
  const found = names
    .map(name => ({ name, count: KINDS_OF_FILE[name].words.filter(word => words.has(word)).length }))
    .sort((a, b) => b.count - a.count)[0]
  if (found && found.count > 0) return found.name
  return words.has('guide') ? 'walkthrough' : undefined
}

/** The names at the left margin, wherever that is, in YAML that may be broken, and those of a JSON file. */
function outerWords(text: string): string[] {
  const first = text.replace(/^\ufeff/, '').match(/^[ \t]*[^#\s][^\n]*$/m)?.[0] ?? ''
  const margin = /^([ \t]*)[\w-]+:/.exec(first)?.[1]?.length ?? 0
  const found = text.matchAll(
    new RegExp(`(?:^\\ufeff?[ \\t]{${margin}}|^ {0,2}(?=")|^\\{\\s*)["']?([A-Za-z-]+)["']?[ \\t]*:`, 'gm'),
  )
  return [...found].map(([, word = '']) => word)
}

function checkGuide(source: Source, guides: readonly Guide[]): Verdict {
  const { guide, problems, read } = examineGuide(source)
  const about = guide ? `a guide, ${counted(guide.questions.length, 'question')}` : 'a guide'
  const other = guide && guides.find(({ id }) => id === guide.id)
  const warnings = [
    ...(other && !sameGuide(guide, other) ? [read.problemAt(['id'], ...takenId(other))] : []),
    ...guideWarnings(read.plain, read.problemAt),
    ...read.doubtfulTexts(),
  ]
  return { about, problems, warnings: warnings.filter(read.isNews) }
}

/** What to say of a guide that has the id of another one, so that notes on the one are taken for notes on the other. */
const takenId = ({ id, name }: Guide) =>
  [
    `"${id}" is the id of another guide, which is asked in place of this one where --guide does not name it`,
    `Write an id of your own, such as "my-${name}".`,
  ] as const

function checkWalkthrough(source: Source, guides: readonly Guide[]): Verdict {
  const { plan, problems, read } = examineWalkthrough(source, guides)
  const left = plan ? unasked(plan).map(({ id }) => id) : []
  const about = plan
    ? `a walkthrough of ${plan.minutes} minutes, ${counted(plan.steps.length, 'step')}`
    : 'a walkthrough'
  const warnings =
    left.length === 0
      ? []
      : [
          read.problemAt(
            ['steps'],
            `no step asks: ${left.join(', ')}`,
            'Name them in the "ask" of a step, unless you mean it so.',
          ),
        ]
  return { about, problems, warnings: [...warnings, ...read.doubtfulTexts().filter(read.isNews)] }
}

function checkAnswers(source: Source, guides: readonly Guide[]): Verdict {
  const named = guideNamed(source)
  const guide = named === undefined ? guides[0] : guides.find(({ id }) => id === named)
  if (!guide)
    return { about: `answers to ${named}`, problems: examineAnswersToNone(source, guides), warnings: [] }
  const { problems, warnings } = examineAnswers(source, guide)
  return { about: `answers to ${guide.id}`, problems, warnings }
}

function checkNotes(source: Source, guides: readonly Guide[]): Verdict {
  const notes = readNotes(source)
  const guide = notes.guide === undefined ? guides[0] : guides.find(({ id }) => id === notes.guide)
  const [what, remedy] = guideNotHere(notes.guide ?? '', guides)
  const unknown = guide ? [] : [{ line: lineOf(source, /^guide:/m), what, remedy }]
  const stray = guide ? strayIds(notes, guide) : []
  const warnings = stray.map(id => ({
    line: notes.spans.get(id)?.line ?? 1,
    what: `"${id}" is no question of the guide, so it is kept and no more asked`,
    remedy:
      didYouMean(id, guide?.questions.flatMap(other => (notes.spans.has(other.id) ? [] : other.id)) ?? []) ||
      'Take it out, or leave it.',
  }))
  const about = guide
    ? `notes on ${guide.id}, ${count(guide.questions, notes.answers).answered} of ${guide.questions.length} questions answered`
    : 'notes'
  return {
    about,
    problems: [...markProblems(notes), ...unknown, ...wayProblems(notes, guide)].map(atItsWords(source)),
    warnings: warnings.map(atItsWords(source)),
  }
}

/** What is wrong with marks. One whose signs have changed has left an end without a beginning. */
function markProblems({ problems, spans, source }: Notes): Problem[] {
  const starts = [0, ...[...source.text.matchAll(/\n/g)].map(({ index }) => index + 1)]
  const within = ({ line }: Problem) =>
    [...spans.values()].some(
      ({ from, to }) => from <= (starts[line - 1] ?? 0) && (starts[line - 1] ?? 0) < to,
    )
  const spoilt = spoiltMarks(source.text).filter(problem => !within(problem))
  const isNews = ({ line, what }: Problem) =>
    !spoilt.some(other => other.line === line || (other.line < line && what.endsWith('ends nothing here')))
  return [...problems.filter(isNews), ...spoilt]
}

/** What the lines in front say of how the notes are worked on, as far as no walk could follow it. */
function wayProblems({ order, only = [], source }: Notes, guide: Guide | undefined): Problem[] {
  const problems: Problem[] = []
  if (order !== undefined && !(ORDERS as readonly string[]).includes(order.toLowerCase()))
    problems.push({
      line: lineOf(source, /^order:/m),
      what: `"${order}" is no order`,
      remedy: didYouMean(order, ORDERS) || `Orders: ${ORDERS.join(', ')}.`,
    })
  for (const part of only) {
    if (!guide || selected(guide, part).length > 0) continue
    const [what, remedy] = unknownPart(guide, part)
    problems.push({ line: lineOf(source, /^only:/m), what, remedy })
  }
  return problems
}

function lineOf({ text }: Source, pattern: RegExp): number {
  return text.slice(0, pattern.exec(text)?.index ?? 0).split('\n').length
}

/** Where only a line is known, its first words are meant. */
function atItsWords({ text }: Source): (problem: Problem) => Problem {
  const lines = text.replace(/^\ufeff/, '').split('\n')
  return problem => ({ column: Math.max(0, (lines[problem.line - 1] ?? '').search(/\S/)) + 1, ...problem })
}
