import { type Answers, count, countInWords, listing, stateOf, wordCount } from '../domain/answers.ts'
import { printable } from '../domain/errors.ts'
import { type Guide, partOf } from '../domain/guide.ts'
import { strayIds } from '../notes/notes.ts'
import { goOnCommand } from '../storage/invocation.ts'
import { unsavedDrafts } from '../storage/left-behind.ts'
import { type Common, locate } from '../storage/locate.ts'
import { tell } from '../storage/tell.ts'

export interface StatusOptions extends Common {
  json?: boolean
}

/** Tells what is answered, skipped and open. */
export async function status(options: StatusOptions): Promise<number> {
  const { path, guide, notes } = await locate(options)
  const answers: Answers = notes?.answers ?? new Map()
  const counts = count(guide.questions, answers)
  const remarks = [
    ...strayIds({ answers }, guide).map(
      id =>
        `No longer in the guide, but kept in your notes: ${id} (${wordCount(answers.get(id)?.text ?? '')})`,
    ),
    ...(await unsavedDrafts(path, answers)).map(
      ({ question, text }) =>
        `Not yet in your notes: what you were writing at ${question} (${wordCount(text)}). To go on there: ${goOnCommand(path, options.guide)}`,
    ),
  ]
  if (options.json) {
    const about = { guide: guide.id, ...counts, questions: listing(guide, answers) }
    process.stdout.write(`${JSON.stringify(about, null, 2)}\n`)
    remarks.forEach(tell)
    return 0
  }
  const lines = [
    `${guide.title}: ${countInWords(counts)}, of ${counts.total}`,
    notes ? path : `Nothing is written yet. Your notes will be in ${path}`,
    ...questionLines(guide, answers),
    ...remarks.flatMap(remark => ['', remark]),
  ]
  process.stdout.write(printable(`${lines.join('\n')}\n`))
  return 0
}

function questionLines(guide: Guide, answers: Answers): string[] {
  let part = ''
  const lines: string[] = []
  const width = Math.max(...guide.questions.map(({ id }) => id.length))
  for (const question of guide.questions) {
    const here = partOf(guide, question).join(' › ')
    if (here !== part) lines.push('', here)
    part = here
    const state = stateOf(answers, question.id)
    const text = answers.get(question.id)?.text
    lines.push(
      `  ${String(question.position).padStart(2)}  ${question.id.padEnd(width)}  ${state}${text ? `, ${wordCount(text)}` : ''}`,
    )
  }
  return lines
}
