import { type Answers, count, countInWords, listing, stateOf, wordCount } from '../domain/answers.ts'
import { inColumns, stripControls } from '../domain/errors.ts'
import { type Guide, partOf, select } from '../domain/guide.ts'
import { remarksOn, strayRemarks } from '../session/remarks.ts'
import { printNotice } from '../storage/io.ts'
import { locate, locateGuide, noNotes, type Options } from '../storage/locate.ts'
import { deviceAt, print } from '../storage/output.ts'
import { prefersPlain } from '../ui/environment.ts'

/** Shows the guide, the notes, or the notes on a part of the guide. */
export async function read(what: string, options: Options): Promise<number> {
  const { guideToRead, notesToRead, partToRead } = await import('../export/guide-document.ts')
  const wanted = what.toLowerCase()
  const { path, guide, notes } = await (wanted === 'guide' ? locateGuide(options) : locate(options))
  const form = prefersPlain(options.accessible) ? 'aloud' : 'markdown'
  if (wanted === 'notes' && !notes) throw noNotes(path, 'read the guide: pl-stories read guide')
  let text: string
  if (wanted === 'guide') text = guideToRead(guide, form)
  else if (wanted === 'notes' && notes) text = notesToRead(guide, notes, form)
  else
    text = partToRead(guide, notes?.answers ?? new Map(), select(guide, [wanted], ['guide', 'notes']), form)
  const { isTTY, columns = 80 } = deviceAt() ?? {}
  const shown = stripControls(text)
  if (!isTTY) print(shown)
  else if (form === 'aloud') print(inColumns(shown, columns))
  else print(await (await import('../ui/terminal/reading.ts')).renderMarkdown(shown, columns))
  if (wanted === 'notes' && notes) printNotice(strayRemarks(notes, guide))
  return 0
}

/** Tells what is answered, skipped and open. */
export async function status(options: Options): Promise<number> {
  const located = await locate(options)
  const { path, guide, notes } = located
  const answers: Answers = notes?.answers ?? new Map()
  const counts = count(guide.questions, answers)
  const remarks = await remarksOn(located, options.guide)
  if (options.json) {
    const about = { guide: guide.id, ...counts, questions: listing(guide, answers) }
    print(`${JSON.stringify(about, null, 2)}\n`)
    printNotice(remarks)
    return 0
  }
  const lines = [
    `${guide.title}: ${countInWords(counts)}`,
    notes ? path : `Nothing is written yet. Your notes will be in ${path}`,
    ...questionLines(guide, answers),
    ...remarks.flatMap(remark => ['', remark]),
  ]
  print(stripControls(`${lines.join('\n')}\n`))
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
