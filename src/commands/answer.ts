import { type Answer, answerTo, normalizeAnswer } from '../domain/answers.ts'
import { UserError } from '../domain/errors.ts'
import { requireQuestion } from '../domain/guide.ts'
import { withAnswer } from '../notes/notes.ts'
import { allInput, printNotice } from '../storage/io.ts'
import { locate, type Options } from '../storage/locate.ts'
import { changeNotes, notesFile } from '../storage/notes-file.ts'

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
  let kept = false
  const outcome = await changeNotes(notesFile(path, guide), notes => {
    const before = answerTo(notes.answers, question.id)
    const after = replacement(before, given, options)
    kept = after === undefined
    return after === undefined
      ? notes.source.text
      : withAnswer(notes, guide, question.id, { text: after, skipped: false })
  })
  if (kept) {
    printNotice(
      `${path}: unchanged. ${question.id} already has a different answer. Add --append to write below it, or --overwrite to replace it.`,
    )
    return 1
  }
  printNotice(`${path}: ${outcome} (${question.id})`)
  return 0
}

/** The text to store; undefined if the answer that is there has to stay. */
function replacement(
  { text: before }: Answer,
  given: string,
  { append, overwrite }: Options,
): string | undefined {
  if (before === '' || overwrite) return given
  if (append) return `${before}\n\n${given}`
  return before === given ? given : undefined
}
