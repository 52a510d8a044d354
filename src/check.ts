import { count } from './answers.ts'
import { examineAnswers, MARK } from './answers-file.ts'
import { didYouMean, type Problem, type Source } from './errors.ts'
import { readFrontMatter } from './front-matter.ts'
import { type Guide, guideNotHere } from './guide.ts'
import { examineGuide } from './guide-file.ts'
import { guideWarnings } from './guide-problems.ts'
import { readNotes, strayIds } from './notes.ts'
import { unasked } from './walkthrough.ts'
import { examineWalkthrough, guideNamed } from './walkthrough-file.ts'

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
  const names = Object.keys(KINDS_OF_FILE) as KindName[]
  const found = names
    .map(name => ({ name, count: KINDS_OF_FILE[name].words.filter(word => words.has(word)).length }))
    .sort((a, b) => b.count - a.count)[0]
  if (found && found.count > 0) return found.name
  return words.has('guide') ? (words.has('title') ? 'walkthrough' : 'answers') : undefined
}

/** The names that stand at the beginning of their lines, in YAML that may be broken, and those of a JSON file. */
function outerWords(text: string): string[] {
  const found = text.matchAll(/(?:^\ufeff?|^ {0,2}(?=")|^\{\s*)["']?([A-Za-z-]+)["']?[ \t]*:/gm)
  return [...found].map(([, word = '']) => word)
}

function checkGuide(source: Source): Verdict {
  const { guide, problems, read } = examineGuide(source)
  const about = guide ? `a guide, ${counted(guide.questions.length, 'question')}` : 'a guide'
  const warnings = [...guideWarnings(read.plain, read.problemAt), ...read.doubtfulTexts()]
  return { about, problems, warnings: warnings.filter(read.isNews) }
}

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
  const guide = guides.find(({ id }) => id === named) ?? guides[0]
  if (!guide) throw new Error('check: there is no guide to check answers with')
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
      didYouMean(id, guide?.questions.map(question => question.id) ?? []) || 'Take it out, or leave it.',
  }))
  const about = guide
    ? `notes on ${guide.id}, ${count(guide.questions, notes.answers).answered} of ${guide.questions.length} questions answered`
    : 'notes'
  return {
    about,
    problems: [...notes.problems, ...unknown].map(atItsWords(source)),
    warnings: warnings.map(atItsWords(source)),
  }
}

export const counted = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`

function lineOf({ text }: Source, pattern: RegExp): number {
  return text.slice(0, pattern.exec(text)?.index ?? 0).split('\n').length
}

/** Where only a line is known, its first words are meant. */
function atItsWords({ text }: Source): (problem: Problem) => Problem {
  const lines = text.replace(/^\ufeff/, '').split('\n')
  return problem => ({ column: Math.max(0, (lines[problem.line - 1] ?? '').search(/\S/)) + 1, ...problem })
}
