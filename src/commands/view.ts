import { printable, UserError } from '../domain/errors.ts'
import { select } from '../domain/guide.ts'
import { guideToRead, notesToRead, partToRead } from '../export/reading.ts'
import { strayIds } from '../notes/notes.ts'
import { type Common, locate, locateGuide } from '../storage/locate.ts'
import { tell } from '../storage/tell.ts'
import { spoken } from '../ui/attendance.ts'
import { renderMarkdown } from '../ui/terminal/markdown.ts'

/** Shows the guide, the notes, or the notes on a part of the guide. */
export async function read(what: string, options: Common): Promise<number> {
  const wanted = what.toLowerCase()
  const { path, guide, notes } = await (wanted === 'guide' ? locateGuide(options) : locate(options))
  const missing = () => {
    throw new UserError(
      `There are no notes yet at ${path}. Begin them with pl-stories, or read the guide: pl-stories read guide`,
    )
  }
  const form = spoken(options.accessible ?? false) ? 'aloud' : 'markdown'
  let text: string
  if (wanted === 'guide') text = guideToRead(guide, form)
  else if (wanted === 'notes') text = notes ? notesToRead(guide, notes, form) : missing()
  else
    text = partToRead(guide, notes?.answers ?? new Map(), select(guide, [wanted], ['guide', 'notes']), form)
  const drawn = process.stdout.isTTY && form === 'markdown'
  process.stdout.write(
    drawn ? await renderMarkdown(printable(text), process.stdout.columns) : printable(text),
  )
  const stray = wanted === 'notes' && notes ? strayIds(notes, guide) : []
  if (stray.length > 0) tell(`No longer in the guide, but kept in your notes: ${stray.join(', ')}`)
  return 0
}
