import { basename, dirname, join, relative } from 'node:path'
import { counted, jotLines } from '../domain/answers.ts'
import { type Question, select } from '../domain/guide.ts'
import { findStudentInformation, piiWarnings, privacyWarning } from '../domain/privacy.ts'
import type { Document } from '../export/document.ts'
import { assertRepresentable, chooseFormat, LONGEST_CELL } from '../export/formats.ts'
import { guideDocument, type Layout, layoutOf, notesDocument, ownLines } from '../export/guide-document.ts'
import { reachedBy, summaryDocument } from '../export/summary.ts'
import type { Notes } from '../notes/notes.ts'
import { placeFor, writeDocument } from '../session/documents.ts'
import { remarksOn } from '../session/remarks.ts'
import { printNotice } from '../storage/io.ts'
import { locate, type NotesContext, noNotes, type Options } from '../storage/locate.ts'
import { lastChanged } from '../storage/notes-file.ts'

/** Hands out the notes as a document, a page, a table or an answers file. */
export async function exportNotes(word: string | undefined, options: Options): Promise<number> {
  const [name, format] = chooseFormat({ word, ...options })
  const layout = layoutOf(options.layout)
  assertRepresentable(name, format, options)
  const located = await locate(options)
  const { path, guide, notes } = located
  if (!notes) throw noNotes(path, 'name others with --notes.')
  const only = options.only && select(guide, options.only)
  const { brief, jots = false } = options
  const whole = format.carries === 'page' && !brief && layout === 'sequence' && !only
  const { answers, doubtful } = notes
  const shown = jots ? notes : { ...notes, answers, doubtful, jots: '' }
  const made =
    format.carries === 'answers'
      ? [await format.write(guide, answers, only)]
      : documentOf(located, shown, { ...options, whole, layout, only })
  const sightings = options.privacyCheck ? findStudentInformation(notes.source.text) : []
  printNotice([
    leftOut(located, notes, { whole, jots }),
    ...(name === 'csv' ? longCells(notes) : []),
    ...(await remarksOn(located, options.guide)),
    ...privacyWarning(piiWarnings(relative('', path), sightings)),
  ])
  const variant = brief ? '-brief' : layout === 'compare' ? '-compare' : ''
  const parts = options.only?.map(part => `-${part}`).join('') ?? ''
  const stem = join(dirname(path), `${basename(path, '.md')}${variant}${parts}`)
  return writeDocument(format, made, placeFor(options, format, stem, located.inputs))
}

interface Wanted extends Pick<Options, 'brief' | 'title' | 'by' | 'date'> {
  /** Whether the lines outside the answers are shown in their place. */
  whole: boolean
  layout: Layout
  only: Question[] | undefined
}

function documentOf({ path, guide }: NotesContext, notes: Notes, wanted: Wanted): Document {
  const { brief, title, by, date, whole, layout, only } = wanted
  const facts = [guide.subtitle, notes.group, by, date]
  if (brief) {
    const part = only ? { ...guide, questions: only } : guide
    const when = new Intl.DateTimeFormat('en-US', { dateStyle: 'long' }).format(lastChanged(path))
    return summaryDocument(part, notes, {
      title: title ?? `${guide.title}: summary`,
      facts: [...facts, ...(date === undefined ? [`Notes of ${when}`] : []), reachedBy(part, notes)],
    })
  }
  if (whole) return notesDocument(guide, notes, { title, facts: [by, date], actions: true })
  return guideDocument(guide, notes, { title: title ?? `${guide.title}: notes`, facts, layout, only })
}

/** What the notes hold and this export does not. */
function leftOut({ path, guide }: NotesContext, notes: Notes, shown: { whole: boolean; jots: boolean }) {
  const own = shown.whole ? 0 : ownLines(guide, notes)
  const jots = shown.jots ? 0 : jotLines(notes.jots).length
  const lines = own > 0 && `${counted(own, 'line')} that you wrote outside the answers`
  const parts = [lines, jots > 0 && counted(jots, 'jot')].filter(Boolean)
  return parts.length > 0 && `Not included: ${parts.join(' and ')} (still in ${path}).`
}

function longCells({ answers }: Notes): string[] {
  return [...answers]
    .filter(([, { text }]) => text.length > LONGEST_CELL)
    .map(([id, { text }]) => `${id}: ${text.length} characters. Excel cuts a cell off after ${LONGEST_CELL}.`)
}
