import { type Count, countInWords, stateOf } from '../answers.ts'
import type { Given } from '../answers-file.ts'
import { UserError } from '../errors.ts'
import { readAnswersFile } from '../files/answers-file.ts'
import { type NotesFile, recordAnswers } from '../files/notes.ts'
import type { Guide, QuestionId } from '../guide.ts'

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
  if (answers !== undefined)
    return { ...(await readAnswersFile(answers, guide)), name: answers === '-' ? 'the pipe' : answers }
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
  for (const remark of remarks) process.stderr.write(`${remark}\n`)
  if (told === 0) {
    process.stderr.write(`${name} holds no answers, so nothing was recorded.\n`)
    return []
  }
  const { outcome, recorded, differing } = await recordAnswers(file, answers, overwrite)
  const same = told - recorded - differing.length
  const parts = [
    `${recorded} recorded`,
    ...(same > 0 ? [`${same} there already`] : []),
    ...(differing.length > 0 ? [`${differing.length} differing`] : []),
  ]
  process.stderr.write(`${file.path}: ${outcome} (from ${name}: ${parts.join(', ')})\n`)
  return differing
}

/** Leaves the walk before its first question. @returns the exit code. */
export function leaveOpen(counts: Count): number {
  process.stderr.write(`Nobody was asked: ${countInWords(counts)}.\n`)
  return counts.open > 0 ? 1 : 0
}

export function sayDiffering(ids: readonly QuestionId[]): void {
  if (ids.length === 0) return
  const [have, another] = ids.length === 1 ? ['has', 'another answer'] : ['have', 'other answers']
  process.stderr.write(
    `${ids.join(', ')} ${have} ${another} in your notes, kept as ${ids.length === 1 ? 'it is' : 'they are'}. Add --overwrite to replace ${ids.length === 1 ? 'it' : 'them'}.\n`,
  )
}
