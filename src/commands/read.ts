import { printable, UserError } from '../errors.ts'
import { guideToRead, notesToRead, partToRead } from '../export/reading.ts'
import { renderMarkdown } from '../faces/markdown.ts'
import { type Common, locate } from '../files/locate.ts'
import { select } from '../guide.ts'
import { strayIds } from '../notes.ts'

/** Shows the guide, the notes, or the notes on a part of the guide. */
export async function read(what: string | undefined, options: Common): Promise<number> {
  const { path, guide, notes } = await locate(options)
  const wanted = what?.toLowerCase() ?? 'notes'
  const missing = () => {
    throw new UserError(
      `There are no notes yet at ${path}. Begin them with pl-stories, or read the guide: pl-stories read guide`,
    )
  }
  let text: string
  if (wanted === 'guide') text = guideToRead(guide)
  else if (wanted === 'notes') text = notes ? notesToRead(guide, notes) : missing()
  else text = partToRead(guide, notes?.answers ?? new Map(), select(guide, [wanted], ['guide', 'notes']))
  process.stdout.write(
    process.stdout.isTTY ? await renderMarkdown(printable(text), process.stdout.columns) : printable(text),
  )
  const stray = wanted === 'notes' && notes ? strayIds(notes, guide) : []
  if (stray.length > 0)
    process.stderr.write(`No longer in the guide, but kept in your notes: ${stray.join(', ')}\n`)
  return 0
}
