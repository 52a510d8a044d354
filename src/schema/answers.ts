import * as z from 'zod/mini'
import { type Answer, type Answers, normalizeAnswer, stateOf } from '../domain/answers.ts'
import {
  type Diagnostic,
  describe,
  didYouMean,
  problemsError,
  type Source,
  UserError,
} from '../domain/errors.ts'
import { type Guide, guideNotHere, type QuestionId } from '../domain/guide.ts'
import { holdsMark } from '../notes/markers.ts'
import { readNotes, requireSound, strayIds } from '../notes/notes.ts'
import { isRecord, validate, wordsIn } from './validation.ts'
import { asMeant, type Read, readYaml } from './yaml.ts'
import type { Wording } from './yaml-errors.ts'
import { asBlock } from './yaml-repair.ts'

/*
 * Answers that somebody wrote, or a program did, without being asked one by one: a YAML or JSON file, or other notes.
 */

/** What such a file says to the questions of a guide, and sentences about what of it could not be taken along. */
export interface AnswersInput {
  answers: Answers
  remarks: string[]
}

/** Under this name exports keep what notes hold and their guide does not ask any more; no notes can take it back. */
export const STRAY = 'no longer in the guide'

/** The form of an answers file. No text, or none at all, leaves a question open. */
const answersSchema = z.strictObject({
  guide: z.optional(z.string()),
  answers: z.nullish(z.record(z.string(), z.nullable(z.string()))),
  skipped: z.nullish(z.array(z.string())),
  questions: z.optional(z.unknown()),
  [STRAY]: z.nullish(z.record(z.string(), z.string())),
})

const WORDS = wordsIn(answersSchema)
const wordingFor = ({ questions }: Guide): Wording => ({
  block: '|-',
  words: new Set([...WORDS, ...questions.map(({ id }) => id)]),
})

const OUR_WORDS = /^\ufeff?[ \t{]*["']?(?:guide|answers|skipped)["']?[ \t]*:/m

/**
 * Reads an answers file, or other notes, for a guide.
 * @throws UserError with every problem found, each as file:line:column with its line and a remedy.
 */
export function readAnswers(source: Source, guide: Guide): AnswersInput {
  return holdsMark(source.text) ? fromNotes(source, guide) : fromYaml(source, guide)
}

function fromNotes(source: Source, guide: Guide): AnswersInput {
  const notes = requireSound(readNotes(source), guide)
  const stray = strayIds(notes, guide)
  const remarks = strayRemark(
    stray.filter(id => stateOf(notes.answers, id) === 'answered'),
    source,
  )
  if (notes.jots !== '') remarks.push(`${source.name}: its jots are no answers and were not taken along`)
  return { answers: new Map([...notes.answers].filter(([id]) => !stray.includes(id))), remarks }
}

function fromYaml(source: Source, guide: Guide): AnswersInput {
  const read = readYaml(source, wordingFor(guide))
  if ((read.faults.length > 0 || !isRecord(read.plain)) && !OUR_WORDS.test(source.text))
    throw noAnswers(source)
  const { problems, warnings, value } = examined(read, guide)
  if (!value) throw problemsError(problems, source)
  const { answers: texts, skipped, [STRAY]: stray } = value
  const answers = new Map<QuestionId, Answer>()
  for (const [id, text] of Object.entries(texts ?? {}))
    answers.set(id, { text: normalizeAnswer(text ?? ''), skipped: false })
  for (const id of skipped ?? []) answers.set(id, { text: '', skipped: true })
  const remarks = warnings.map(warning => describe(warning, source))
  return { answers, remarks: [...remarks, ...strayRemark(Object.keys(stray ?? {}), source)] }
}

type AnswersFile = z.infer<typeof answersSchema>

/** What is wrong with a text as answers to a guide, and what is perhaps not meant. Never throws. */
export function examineAnswers(
  source: Source,
  guide: Guide,
): { problems: Diagnostic[]; warnings: Diagnostic[] } {
  return examined(readYaml(source, wordingFor(guide)), guide)
}

/** The same where the guide that is meant is none of these: so nothing is said of its questions. */
export function examineAnswersToNone(source: Source, guides: readonly Guide[]): Diagnostic[] {
  const read = readYaml(source, { block: '|-', words: WORDS })
  const named = isRecord(read.plain) ? read.plain.guide : undefined
  return [...read.faults, ...read.twice, read.problemAt(['guide'], ...guideNotHere(String(named), guides))]
}

function examined(
  written: Read,
  guide: Guide,
): { problems: Diagnostic[]; warnings: Diagnostic[]; value?: AnswersFile } {
  if (written.plain === undefined && written.faults.length > 0)
    return { problems: written.faults, warnings: [] }
  const kind = 'answers file'
  const { read, misspelt } = asMeant(written, kind, answersSchema)
  const { inside, beside } = withoutBeside(read.plain, guide)
  const fitted = validate(inside, answersSchema, { kind, places: read, textRemedy: asBlock('|-') })
  const astray = beside.map(id => read.problemAtKey([id], ...ASTRAY))
  const judged = [
    ...misspelt,
    ...astray,
    ...(fitted.fits ? [] : fitted.problems),
    ...contradictions(read, guide),
  ]
  const problems = [...read.faults, ...read.twice, ...judged.filter(read.isNews)]
  const warnings = read.doubtfulTexts().filter(read.isNews)
  return { problems, warnings, ...(fitted.fits && problems.length === 0 && { value: fitted.value }) }
}

/** Answers that stand beside "answers:", and the rest of the file. */
function withoutBeside(plain: unknown, { questions }: Guide): { inside: unknown; beside: QuestionId[] } {
  if (!isRecord(plain)) return { inside: plain, beside: [] }
  const beside = questions.flatMap(({ id }) => (Object.hasOwn(plain, id) && !WORDS.has(id) ? [id] : []))
  const rest = Object.entries(plain).filter(([name]) => !beside.includes(name))
  return { inside: Object.fromEntries(rest), beside }
}

const ASTRAY = [
  'this answer does not stand below "answers:"',
  'Write "answers:" on a line above the answers, and put two spaces in front of each.',
] as const

/** What the form alone cannot tell: another guide, ids that it does not have, and a question both answered and skipped. */
function contradictions({ plain, problemAt, problemAtKey }: Read, guide: Guide): Diagnostic[] {
  if (!isRecord(plain)) return []
  const ids = guide.questions.map(({ id }) => id)
  const known = new Set(ids)
  const answers = isRecord(plain.answers) ? plain.answers : {}
  const skipped = Array.isArray(plain.skipped) ? plain.skipped : []
  const unknown = (id: string) =>
    [
      `"${id}" is no question of the guide "${guide.id}"`,
      didYouMean(
        id,
        ids.filter(other => !Object.hasOwn(answers, other)),
      ) || 'pl-stories status lists the ids.',
    ] as const
  const problems: Diagnostic[] = []
  if (plain.guide === undefined)
    problems.push(problemAt([], '"guide" is missing', `Write "guide: ${guide.id}" above the answers.`))
  else if (typeof plain.guide === 'string' && plain.guide !== guide.id)
    problems.push(problemAt(['guide'], ...otherGuide(plain.guide, guide)))
  for (const id of Object.keys(answers))
    if (!known.has(id)) problems.push(problemAtKey(['answers', id], ...unknown(id)))
  skipped.forEach((id, i) => {
    if (typeof id !== 'string') return
    if (!known.has(id)) problems.push(problemAt(['skipped', i], ...unknown(id)))
    else if (typeof answers[id] === 'string' && normalizeAnswer(answers[id]) !== '')
      problems.push(
        problemAt(['skipped', i], `"${id}" is both answered and skipped`, 'Take it out of one of the two.'),
      )
  })
  return problems
}

const otherGuide = (named: string, { id }: Guide) =>
  [
    `these are answers to the guide "${named}", not to "${id}"`,
    didYouMean(named, [id]) || 'Name their guide with --guide, or other notes with --notes.',
  ] as const

function noAnswers({ name }: Source): UserError {
  return new UserError(
    `${name} is no answers file: it has neither "guide:" and "answers:" (YAML or JSON) nor "answer" marks (notes).`,
  )
}

const strayRemark = (ids: readonly QuestionId[], { name }: Source) =>
  ids.length === 0 ? [] : [`${name}: not in this guide, so not recorded: ${ids.join(', ')}`]
