import { normalizeAnswer } from '../domain/answers.ts'
import { UserError } from '../domain/errors.ts'
import { requireQuestion } from '../domain/guide.ts'
import { answerIn, withAnswer } from '../notes/notes.ts'
import { allInput, printNotice } from '../storage/io.ts'
import { locate, type Options } from '../storage/locate.ts'
import { changeNotes, notesFile, recordAnswers } from '../storage/notes-file.ts'

/** Records one answer, given as an argument or through a pipe. Another answer that is there already is kept. */
export async function answer(id: string, text: string | undefined, options: Options): Promise<number> {
  if (options.append && options.overwrite)
    throw new UserError('Use --append or --overwrite, not both: add below the answer, or replace it?')
  const { path, guide } = await locate(options, 3)
  const question = requireQuestion(guide, id.toLowerCase())
  const given = normalizeAnswer(
    text !== undefined && text !== '-'
      ? text
      : await allInput('the text of the answer', `pl-stories answer ${question.id} "My words"`),
  )
  if (given === '')
    throw new UserError(`There is no text to record. Example: pl-stories answer ${question.id} "My words"`)
  const file = notesFile(path, guide)
  if (options.append) {
    const outcome = await changeNotes(file, notes => {
      const { text: before } = answerIn(notes, question.id)
      const text = before === '' ? given : `${before}\n\n${given}`
      return withAnswer(notes, guide, question.id, { text, skipped: false })
    })
    printNotice(`${path}: ${outcome} (${question.id})`)
    return 0
  }
  const answers = new Map([[question.id, { text: given, skipped: false }]])
  const { outcome, differing } = await recordAnswers(file, answers, options.overwrite)
  printNotice(
    differing.length === 0
      ? `${path}: ${outcome} (${question.id})`
      : `${path}: unchanged. ${question.id} already has a different answer. Add --append to write below it, or --overwrite to replace it.`,
  )
  return differing.length
}
