import * as z from 'zod/mini'
import { type Answer, type Answers, normalizeAnswer, stateOf } from '../domain/answers.ts'
import {
  type Diagnostic,
  describeAll,
  didYouMean,
  nearest,
  problemsError,
  type Source,
  UserError,
} from '../domain/errors.ts'
import { type Guide, guideNotHere, otherGuideRemedy, type QuestionId } from '../domain/guide.ts'
import { holdsMark } from '../notes/markers.ts'
import { readNotes, requireSound, strayIds } from '../notes/notes.ts'
import { isRecord, type Places, wordsIn } from './validation.ts'
import { examineYaml, readYaml, type Schema } from './yaml.ts'

/*
 * Answers from a file instead of a person: YAML or JSON, or other notes.
 */

/** The answers of such a file, and sentences about what of it was not recorded. */
export interface AnswersInput {
  answers: Answers
  /** What became of actions of earlier rounds, each with its place. */
  actions?: GivenOutcome[]
  remarks: string[]
}

/** `action` is its line, or so much of it that only one fits. `refused`: the error to throw if no single action fits. */
export type GivenOutcome = z.infer<typeof outcome> & { refused: (message: string, hint: string) => UserError }

/** The field in which exports keep answers that their guide no longer asks for; they are not read back. */
export const STRAY = 'no longer in the guide'

/** An empty text, or null, leaves a question open. */
const outcome = z.strictObject({
  action: z.string(),
  state: z.enum(['done', 'dropped', 'open'], { error: () => 'should be one of: done, dropped, open' }),
  note: z.nullish(z.string()),
})
const answersSchema = z.strictObject({
  guide: z.optional(z.string()),
  answers: z.nullish(z.record(z.string(), z.nullable(z.string()))),
  skipped: z.nullish(z.array(z.string())),
  actions: z.nullish(z.array(outcome)),
  questions: z.optional(z.unknown()),
  [STRAY]: z.nullish(z.record(z.string(), z.string())),
})

const WORDS = wordsIn(answersSchema)
type AnswersFile = z.infer<typeof answersSchema>

const formFor = (guide: Guide): Schema<AnswersFile> => ({
  ...{ kind: 'answers file', schema: answersSchema },
  wording: { block: '|-', words: new Set([...WORDS, ...guide.questions.map(({ id }) => id)]) },
  prepared: plain => withoutBeside(plain, guide).inside,
  further: (plain, places) => [
    ...withoutBeside(plain, guide).beside.map(id => places.problemAtKey([id], ...ASTRAY)),
    ...contradictions(plain, places, guide),
  ],
})

const OUR_WORDS = /(?:^\ufeff?|\n)[ \t{]*["']?(?:guide|answers|skipped)["']?[ \t]*:/

/**
 * Reads an answers file, or other notes, for a guide.
 * @throws UserError with every problem found, each as file:line:column with its line and a remedy.
 */
export const readAnswers = (source: Source, guide: Guide): AnswersInput =>
  holdsMark(source.text) ? fromNotes(source, guide) : fromYaml(source, guide)

function fromNotes(source: Source, guide: Guide): AnswersInput {
  const notes = requireSound(readNotes(source), guide)
  const stray = strayIds(notes, guide)
  const said = stray.filter(id => stateOf(notes.answers, id) === 'answered')
  const remarks = strayRemark(said, source)
  if (notes.jots !== '') remarks.push(`${source.name}: its jots are not answers and were not recorded`)
  return { answers: new Map([...notes.answers].filter(([id]) => !stray.includes(id))), remarks }
}

function fromYaml(source: Source, guide: Guide): AnswersInput {
  const { read, problems, value } = examineYaml(source, formFor(guide))
  if (!isRecord(read.plain) && !OUR_WORDS.test(source.text))
    throw new UserError(
      `${source.name} is not an answers file: it has neither "guide:" and "answers:" (YAML or JSON) nor "answer" marks (notes).`,
    )
  if (!value) throw problemsError(problems, source)
  const { answers: texts, skipped, actions, [STRAY]: stray } = value
  const answers = new Map<QuestionId, Answer>()
  for (const [id, text] of Object.entries(texts ?? {}))
    answers.set(id, { text: normalizeAnswer(text ?? ''), skipped: false })
  for (const id of skipped ?? []) answers.set(id, { text: '', skipped: true })
  const given = (actions ?? []).map((each, i) => ({
    ...each,
    refused: (message: string, hint: string) =>
      problemsError([read.problemAt(['actions', i, 'action'], message, hint)], source),
  }))
  return {
    answers,
    remarks: [...describeAll(read.doubtfulTexts(), source), ...strayRemark(Object.keys(stray ?? {}), source)],
    ...(given.length > 0 && { actions: given }),
  }
}

/** The problems of a text as answers to a guide, and warnings. Never throws. */
export function examineAnswers(source: Source, guide: Guide) {
  const { read, problems } = examineYaml(source, formFor(guide))
  return { problems, warnings: read.doubtfulTexts() }
}

/** The same where the guide that is meant is none of these: so nothing is said of its questions. */
export function examineAnswersToNone(source: Source, guides: readonly Guide[]): Diagnostic[] {
  const read = readYaml(source, { block: '|-', words: WORDS })
  const named = isRecord(read.plain) ? read.plain.guide : undefined
  return [...read.problems, read.problemAt(['guide'], ...guideNotHere(String(named), guides))]
}

/** Answers at the top level instead of under "answers:", and the rest of the file. */
function withoutBeside(plain: unknown, { questions }: Guide): { inside: unknown; beside: QuestionId[] } {
  if (!isRecord(plain)) return { inside: plain, beside: [] }
  const ids = new Set(questions.map(({ id }) => id))
  const isBeside = ([name]: [string, unknown]) => ids.has(name) && !WORDS.has(name)
  const entries = Object.entries(plain)
  return {
    inside: Object.fromEntries(entries.filter(entry => !isBeside(entry))),
    beside: entries.filter(isBeside).map(([name]) => name),
  }
}

const ASTRAY = [
  'this answer is not under "answers:"',
  'Write "answers:" on a line above the answers, and indent each by two spaces.',
] as const

/** What a schema cannot say: another guide, unknown ids, questions both answered and skipped. */
function contradictions(plain: unknown, { problemAt, problemAtKey }: Places, guide: Guide): Diagnostic[] {
  if (!isRecord(plain)) return []
  const ids = guide.questions.map(({ id }) => id)
  const known = new Set(ids)
  const answers = isRecord(plain.answers) ? plain.answers : {}
  const skipped = Array.isArray(plain.skipped) ? plain.skipped : []
  const free = ids.filter(id => !Object.hasOwn(answers, id))
  const unknown = (id: string) =>
    [
      `the guide "${guide.id}" has no question "${id}"`,
      didYouMean(id, free) || 'To list the ids: pl-stories status',
    ] as const
  const problems: Diagnostic[] = []
  if (plain.guide === undefined && !Object.keys(plain).some(name => nearest(name, ['guide'])))
    problems.push(problemAt([], '"guide" is missing', `Write "guide: ${guide.id}" above the answers.`))
  if (typeof plain.guide === 'string' && plain.guide !== guide.id)
    problems.push(problemAt(['guide'], ...otherGuide(plain.guide, guide)))
  for (const id of Object.keys(answers))
    if (!known.has(id)) problems.push(problemAtKey(['answers', id], ...unknown(id)))
  skipped.forEach((id, i) => {
    if (typeof id !== 'string') return
    if (!known.has(id)) problems.push(problemAt(['skipped', i], ...unknown(id)))
    else if (typeof answers[id] === 'string' && normalizeAnswer(answers[id]) !== '')
      problems.push(problemAt(['skipped', i], `"${id}" is both answered and skipped`, TWICE))
  })
  return problems
}

const TWICE = 'Delete one of the two.'
const otherGuide = (named: string, guide: Guide) =>
  [`these are answers to the guide "${named}", not to "${guide.id}"`, otherGuideRemedy(named, guide)] as const

const strayRemark = (ids: readonly QuestionId[], { name }: Source) =>
  ids.length === 0 ? [] : [`${name}: not recorded, because this guide does not ask: ${ids.join(', ')}`]
