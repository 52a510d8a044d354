import { basename, dirname, join, relative } from 'node:path'
import { counted, jotLines } from '../domain/answers.ts'
import { type Question, select } from '../domain/guide.ts'
import { findStudentInformation, piiWarnings, privacyWarning } from '../domain/privacy.ts'
import type { Document } from '../export/document.ts'
import { assertRepresentable, chooseFormat, LONGEST_CELL } from '../export/formats.ts'
import { guideDocument, type Layout, layoutOf, notesDocument, ownLines } from '../export/guide-document.ts'
import { reachedBy, summaryDocument } from '../export/summary.ts'
import type { Notes } from '../notes/notes.ts'
import { copyRemarks, draftRemarks, notesRemarks, strayRemarks } from '../session/remarks.ts'
import { placeFor, writeDocument } from '../session/write-document.ts'
import { printNotice, writeResult } from '../storage/io.ts'
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
  const { brief, jots = false, privacyCheck = true } = options
  const stem = join(dirname(path), basename(path, '.md') + variantOf(options, layout))
  const place = placeFor(options, format, stem, located.inputs)
  const shown: Shown = { whole: format.carries === 'page' && !brief && layout === 'sequence' && !only, jots }
  const document =
    format.carries === 'answers'
      ? undefined
      : await documentOf(located, notes, { ...options, shown, layout, only })
  await warn(
    located,
    notes,
    [...sayLeftOut(located, notes, shown), ...(name === 'csv' ? longCells(notes) : [])],
    options,
  )
  const sightings = privacyCheck ? findStudentInformation(notes.source.text) : []
  printNotice(privacyWarning(piiWarnings(relative('', path), sightings)))
  return format.carries === 'answers'
    ? writeResult(await format.write(guide, notes.answers, only), place)
    : writeDocument(format, document as Document, place)
}

const variantOf = ({ brief, only }: Options, layout: Layout) =>
  `${brief ? '-brief' : layout === 'compare' ? '-compare' : ''}${only ? `-${only.join('-')}` : ''}`

/** What of the notes an export shows: the lines outside the answers in their place, and the jots. */
interface Shown {
  whole: boolean
  jots: boolean
}

interface Wanted extends Pick<Options, 'brief' | 'title' | 'by' | 'date'> {
  shown: Shown
  layout: Layout
  only: Question[] | undefined
}

async function documentOf({ path, guide }: NotesContext, notes: Notes, wanted: Wanted): Promise<Document> {
  const { brief, title, by, date, shown, layout, only } = wanted
  const facts = [guide.subtitle, notes.group, by, date]
  if (brief) {
    const part = only ? { ...guide, questions: only } : guide
    const when = new Intl.DateTimeFormat('en-US', { dateStyle: 'long' }).format(lastChanged(path))
    return summaryDocument(part, notes, {
      title: title ?? `${guide.title}: summary`,
      facts: [...facts, ...(date === undefined ? [`Notes of ${when}`] : []), reachedBy(part, notes)],
    })
  }
  const withoutJots = !shown.jots
  if (shown.whole)
    return notesDocument(guide, notes, { title, facts: [by, date], withoutJots, actions: true })
  return guideDocument(guide, withoutJots ? { ...notes, jots: '' } : notes, {
    ...{ title: title ?? `${guide.title}: notes`, facts, layout, only },
  })
}

/** What the notes hold and this export does not, as sentences. */
function sayLeftOut({ path, guide }: NotesContext, notes: Notes, shown: Shown): string[] {
  const own = shown.whole ? 0 : ownLines(guide, notes)
  const jots = shown.jots ? 0 : jotLines(notes.jots).length
  const parts = [
    ...(own > 0 ? [`${counted(own, 'line')} that you wrote outside the answers`] : []),
    ...(jots > 0 ? [counted(jots, 'jot')] : []),
  ]
  return parts.length > 0 ? [`Not included: ${parts.join(' and ')} (still in ${path}).`] : []
}

function longCells({ answers }: Notes): string[] {
  return [...answers]
    .filter(([, { text }]) => text.length > LONGEST_CELL)
    .map(([id, { text }]) => `${id}: ${text.length} characters. Excel cuts a cell off after ${LONGEST_CELL}.`)
}

async function warn(
  { path, guide }: NotesContext,
  notes: Notes,
  leftOut: string[],
  { guide: asked }: Options,
): Promise<void> {
  printNotice([
    ...leftOut,
    ...strayRemarks(notes, guide),
    ...notesRemarks(path, notes),
    ...(await copyRemarks(path, notes)),
    ...draftRemarks(path, notes, { guide: asked }),
  ])
}
