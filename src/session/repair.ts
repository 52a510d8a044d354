import { orNothing } from '../domain/errors.ts'
import { DamagedNotes, type Notes } from '../notes/notes.ts'
import { repaired } from '../notes/repair.ts'
import { findGuide } from '../storage/catalog.ts'
import { printNotice } from '../storage/io.ts'
import { guideOfNotes, type Options } from '../storage/locate.ts'
import { replaceNotes } from '../storage/notes-file.ts'
import { chooseEditor, openAtLine } from '../ui/environment.ts'
import { askOnce } from './choose-ui.ts'

/**
 * What `read` returns; while the notes cannot be read, the person may fix them or leave.
 * @throws DamagedNotes if they leave.
 */
export async function withRepair<T>(read: () => Promise<T>, options: Options): Promise<T> {
  for (;;)
    try {
      return await read()
    } catch (error) {
      if (!(error instanceof DamagedNotes)) throw error
      const { source, problems } = error.notes
      const fixed = await fixedText(error.notes, options)
      const line = problems.reduce((first, problem) => Math.min(first, problem.line), Infinity)
      const fix = fixed !== undefined && { 'fix it': 'fix' }
      const choices = { ...fix, [`open the file at line ${line}`]: 'open', leave: 'leave' }
      const choice = await askOnce(error.message, choices, options.accessible)
      if (choice === 'fix' && fixed !== undefined) await fixNotes(error.notes, fixed)
      else if (choice !== 'open') throw error
      else await openAtLine(chooseEditor(options.editor), source.name, line)
    }
}

/** The text of notes with its marks put right; undefined if that cannot be done for sure. */
export async function fixedText(notes: Notes, { guide: asked }: Pick<Options, 'guide'>) {
  const { name, text } = notes.source
  const named = asked === undefined ? undefined : await findGuide(asked)
  // What can be told from the marks alone is fixed without the guide.
  const found = await guideOfNotes(name, notes, named).catch(orNothing)
  return repaired(text, found?.guide)
}

/** Puts fixed notes in the place of the damaged ones, which are kept. */
export async function fixNotes({ source: { name, text } }: Notes, fixed: string): Promise<void> {
  const kept = await replaceNotes(name, text, fixed)
  printNotice(`${name}: marks fixed. The file as it was: ${kept}`)
}
