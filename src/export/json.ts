import { type Answers, listing, stateOf } from '../answers.ts'
import type { Guide } from '../guide.ts'

/** The answers as JSON, in the form of an answers file: what is answered, what is skipped, and every question's state. */
export function answersJson(guide: Guide, answers: Answers): string {
  const ids = [
    ...guide.questions.map(({ id }) => id),
    ...[...answers.keys()].filter(id => !guide.questions.some(question => question.id === id)),
  ]
  const answered = ids
    .filter(id => stateOf(answers, id) === 'answered')
    .map(id => [id, answers.get(id)?.text])
  const skipped = ids.filter(id => stateOf(answers, id) === 'skipped')
  return `${JSON.stringify({ guide: guide.id, answers: Object.fromEntries(answered), skipped, questions: listing(guide, answers) }, null, 2)}\n`
}
