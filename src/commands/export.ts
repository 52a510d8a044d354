import { basename, dirname, join, relative } from 'node:path'
import { counted, wordCount } from '../domain/answers.ts'
import { UserError } from '../domain/errors.ts'
import { findStudentInformation, piiWarnings, privacyWarning } from '../domain/privacy.ts'
import type { Document } from '../export/document.ts'
import { assertRepresentable, chooseFormat, type Format } from '../export/formats.ts'
import { guideDocument, type Layout, layoutOf, notesDocument, ownLines } from '../export/guide-document.ts'
import { reachedBy, summaryDocument } from '../export/summary.ts'
import { type Notes, strayIds } from '../notes/notes.ts'
import { unsavedDrafts } from '../storage/drafts.ts'
import { printNotice, writeResult } from '../storage/io.ts'
import { type Common, goOnCommand, locate, type NotesContext } from '../storage/locate.ts'
import { lastChanged } from '../storage/notes-file.ts'

export interface ExportOptions extends Common {
  format?: string
  output?: string
  layout?: string
  brief?: boolean
  title?: string
  overwrite?: boolean
  privacyCheck?: boolean
}

/** Hands out the notes as a document, a page, a table or an answers file. */
export async function exportNotes(word: string | undefined, options: ExportOptions): Promise<number> {
  const [name, format] = chooseFormat({ word, ...options })
  const layout = layoutOf(options.layout)
  assertRepresentable(name, format, options)
  const located = await locate(options)
  const { path, guide, notes } = located
  if (!notes)
    throw new UserError(
      `There are no notes yet at ${path}. Begin them with pl-stories, or name others with --notes.`,
    )
  const content =
    format.carries === 'answers'
      ? await format.write(guide, notes.answers)
      : await format.write(await documentOf(located, notes, format, layout, options))
  await warn(located, notes, sayLeftOut(located, notes, format, layout, options), options)
  if (options.privacyCheck !== false) look(path, notes)
  const { output, overwrite } = options
  const variant = options.brief ? '-brief' : layout === 'compare' ? '-compare' : ''
  return writeResult(content, {
    output,
    overwrite,
    beside: format.file
      ? join(dirname(path), `${basename(path, '.md')}${variant}.${format.endings[0]}`)
      : undefined,
    inputs: located.inputs,
  })
}

async function documentOf(
  { path, guide }: NotesContext,
  notes: Notes,
  { carries }: Format,
  layout: Layout,
  { brief, title }: ExportOptions,
): Promise<Document> {
  if (brief) {
    const when = new Intl.DateTimeFormat('en-US', { dateStyle: 'long' }).format(await lastChanged(path))
    const facts = [guide.subtitle, notes.group, `Notes of ${when}`, reachedBy(guide, notes)]
    return summaryDocument(guide, notes, { title: title ?? `${guide.title}: summary`, facts })
  }
  if (layout === 'sequence' && carries === 'page')
    return notesDocument(guide, notes, { title, actions: true })
  return guideDocument(guide, notes, {
    title: title ?? `${guide.title}: notes`,
    facts: [guide.subtitle, notes.group],
    layout,
  })
}

/** What the notes hold and this export does not, as sentences. */
function sayLeftOut(
  { path, guide }: NotesContext,
  notes: Notes,
  { carries }: Format,
  layout: Layout,
  { brief }: ExportOptions,
): string[] {
  const whole = carries === 'page' && !brief
  const own = whole && layout === 'sequence' ? 0 : ownLines(guide, notes)
  const jots = whole || notes.jots === '' ? 0 : notes.jots.split('\n').length
  const parts = [
    ...(own > 0 ? [`${counted(own, 'line')} that you wrote outside the answers`] : []),
    ...(jots > 0 ? [counted(jots, 'jot')] : []),
  ]
  return parts.length > 0 ? [`Left out here, and still in ${path}: ${parts.join(' and ')}.`] : []
}

/** Whoever shares notes looks once more at what they tell of students. */
function look(path: string, { source }: Notes): void {
  const warning = privacyWarning(piiWarnings(relative('', path), findStudentInformation(source.text)))
  if (warning !== '') printNotice(warning.trimEnd())
}

async function warn(
  { path, guide }: NotesContext,
  notes: Notes,
  leftOut: string[],
  { guide: asked }: ExportOptions,
): Promise<void> {
  const stray = strayIds(notes, guide)
  const drafts = unsavedDrafts(path, notes.answers)
  const lines = [
    ...leftOut,
    ...(stray.length > 0 ? [`No longer in the guide, but kept in your notes: ${stray.join(', ')}`] : []),
    ...drafts.map(
      ({ question, text }) =>
        `Not in your notes and so not in here: what you were writing at ${question} (${wordCount(text)}). To go on there: ${goOnCommand(path, asked)}`,
    ),
  ]
  if (lines.length > 0) printNotice(lines.join('\n'))
}
