import { type Count, countInWords, stateOf } from '../domain/answers.ts'
import { UserError } from '../domain/errors.ts'
import type { Guide, QuestionId } from '../domain/guide.ts'
import type { Given } from '../schema/answers.ts'
import { type NotesFile, recordAnswers } from '../storage/notes-file.ts'
import { tell } from '../storage/tell.ts'

/* Answers from a file: what is recorded before the walk, which then asks for what is still open. */

export interface AnswersOptions {
  /** A file of answers, or `-` for standard input. */
  answers?: string
  /** Whether they replace answers that differ. */
  overwrite?: boolean
}

type NamedAnswers = Given & { name: string }

/** @throws UserError (exit 2) with everything that is wrong with the file; nothing is written then. */
export async function givenAnswers(
  { answers, overwrite }: AnswersOptions,
  guide: Guide,
): Promise<NamedAnswers | undefined> {
  if (answers !== undefined) {
    const { readAnswersFile } = await import('../storage/answers-file.ts')
    return { ...(await readAnswersFile(answers, guide)), name: answers === '-' ? 'the pipe' : answers }
  }
  if (overwrite)
    throw new UserError('--overwrite replaces answers by those of a file. Name it with --answers FILE.')
  return undefined
}

/** Records what was given and says so. @returns the questions whose answer in the notes is another, and stays. */
export async function takeIn(
  file: NotesFile,
  { name, answers, remarks }: NamedAnswers,
  overwrite = false,
): Promise<QuestionId[]> {
  const told = [...answers.keys()].filter(id => stateOf(answers, id) !== 'open').length
  for (const remark of remarks) say(remark)
  if (told === 0) {
    say(`${name} holds no answers, so nothing was recorded.`)
    return []
  }
  const { outcome, recorded, differing } = await recordAnswers(file, answers, overwrite)
  const same = told - recorded - differing.length
  const parts = [
    `${recorded} recorded`,
    ...(same > 0 ? [`${same} there already`] : []),
    ...(differing.length > 0 ? [`${differing.length} differing`] : []),
  ]
  say(`${file.path}: ${outcome} (from ${name}: ${parts.join(', ')})`)
  return differing
}

/** Leaves the walk before its first question. @returns the exit code. */
export function leaveOpen(counts: Count): number {
  say(`Nobody was asked: ${countInWords(counts)}.`)
  return counts.open > 0 ? 1 : 0
}

export function sayDiffering(ids: readonly QuestionId[]): void {
  if (ids.length === 1)
    say(`${ids[0]} has another answer in your notes, kept as it is. Add --overwrite to replace it.`)
  if (ids.length > 1)
    say(
      `${ids.join(', ')} have other answers in your notes, kept as they are. Add --overwrite to replace them.`,
    )
}

const say = tell
