import { type Answers, counted, stateOf } from '../domain/answers.ts'
import type { Guide, QuestionId } from '../domain/guide.ts'
import type { GivenOutcome } from '../schema/answers.ts'

/** What a file holds for a guide, as a plan: nothing is written yet. */
export interface Reading {
  /** One person's or group's answers, or those of each row of a table. */
  groups: Group[]
  /** What was decided, and what was left out without a loss, in words. */
  told: string[]
  left: Left[]
  /** What could mean several questions; it is among what is left, until somebody says which. */
  unclear: Unclear[]
  /** The heads of a table, by which its columns are known again. */
  heads?: string[]
  /** Each answer has its id in the file, so that there is nothing to account for. */
  isExact?: boolean
  /** Several groups' answers, gathered by us. */
  isDigest?: boolean
  actions?: GivenOutcome[] | undefined
}

export interface Group {
  /** Which row of a table, counted below its heads. */
  row?: number
  name?: string
  answers: Answers
  jots: string
}

/** Words that went to no question. */
export interface Left {
  where: string
  text: string
}

export interface Unclear extends Left {
  /** Tells it from others of its file. */
  key: string
  ids: QuestionId[]
}

/** Which question each unclear place means, by its key; an empty id if it was said to be none of them. */
export type Decided = ReadonlyMap<string, QuestionId>

/** What is said before anything is written: the sums, what was left over and where, and what was decided. */
export function accounting(name: string, reading: Reading, guide: Guide): string[] {
  const { groups, told, left, isExact, isDigest } = reading
  if (isExact) return told
  if (isDigest && groups.length === 0)
    return [`${name}: a digest or a brief. Use the notes it was made from.`]
  const answered = (id: QuestionId, { answers }: Group) => stateOf(answers, id) === 'answered'
  const taken = groups.reduce(
    (sum, group) => sum + [...group.answers.keys()].filter(id => answered(id, group)).length,
    0,
  )
  const silent = guide.questions.filter(({ id }) => !groups.some(group => answered(id, group))).length
  const sums = [
    ...(groups.length === 1 ? [] : [counted(groups.length, 'row')]),
    `${counted(taken, 'answer')} taken`,
    ...(left.length > 0 ? [`${left.length} left over`] : []),
    ...(silent > 0 ? [`${counted(silent, 'question')} without an answer`] : []),
  ]
  return [
    `${name}: ${sums.join(' · ')}`,
    ...left.map(({ where, text }) => `  left over, ${where}: ${text.replace(/\s*\n\s*/g, ' / ')}`),
    ...told.map(sentence => `  ${sentence}`),
  ]
}
