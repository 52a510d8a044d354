import { type Answers, answerTo, listing, stateOf } from '../domain/answers.ts'
import type { Guide, QuestionId } from '../domain/guide.ts'
import { strayIds } from '../notes/notes.ts'
import { STRAY } from '../schema/answers.ts'

/** The answers as JSON, in the form of an answers file: what is answered, what is skipped, and every question's state. */
export function answersJson(guide: Guide, answers: Answers): string {
  return `${JSON.stringify(answersFile(guide, answers), null, 2)}\n`
}

export function answersFile(guide: Guide, answers: Answers) {
  const ids = guide.questions.map(({ id }) => id)
  const stray = texts(answers, strayIds({ answers }, guide))
  return {
    guide: guide.id,
    answers: texts(answers, ids),
    skipped: ids.filter(id => stateOf(answers, id) === 'skipped'),
    questions: listing(guide, answers),
    ...(Object.keys(stray).length > 0 && { [STRAY]: stray }),
  }
}

function texts(answers: Answers, ids: readonly QuestionId[]): Record<QuestionId, string> {
  const entries = ids.map(id => [id, answerTo(answers, id).text] as const)
  return Object.fromEntries(entries.filter(([, text]) => text !== ''))
}
