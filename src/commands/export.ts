import { basename, dirname, join } from 'node:path'
import { wordCount } from '../answers.ts'
import { didYouMean, printable, UserError } from '../errors.ts'
import { briefDocument, reachedBy } from '../export/brief.ts'
import type { Document } from '../export/document.ts'
import { guideDocument, LAYOUTS, type Layout } from '../export/guide-document.ts'
import { chooseFormat, type Format } from '../export/index.ts'
import { notesDocument, ownLines } from '../export/notes-document.ts'
import { goOnCommand } from '../files/invocation.ts'
import { unsavedDrafts } from '../files/left-behind.ts'
import { type Common, type Located, locate } from '../files/locate.ts'
import { lastChanged } from '../files/notes.ts'
import { deliver } from '../files/output.ts'
import { type Notes, strayIds } from '../notes.ts'

export interface ExportOptions extends Common {
  format?: string
  output?: string
  layout?: string
  brief?: boolean
  title?: string
  overwrite?: boolean
}

/** Hands out the notes as a document, a page, a table or an answers file. */
export async function exportNotes(word: string | undefined, options: ExportOptions): Promise<number> {
  const [name, format] = chooseFormat({ word, ...options })
  const layout = layoutOf(options.layout)
  assureFitting(name, format, options)
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
  const { output, overwrite } = options
  const variant = options.brief ? '-brief' : layout === 'compare' ? '-compare' : ''
  return deliver(content, {
    output,
    overwrite,
    beside: format.file
      ? join(dirname(path), `${basename(path, '.md')}${variant}.${format.endings[0]}`)
      : undefined,
    inputs: located.inputs,
  })
}

function layoutOf(word: string | undefined): Layout {
  const layout = LAYOUTS.find(name => name === (word ?? 'sequence').toLowerCase())
  if (layout) return layout
  throw new UserError(
    `"${word}" is no layout. ${didYouMean(word ?? '', LAYOUTS) || `Layouts: ${LAYOUTS.join(', ')}.`}`,
  )
}

/** What a format cannot show, nobody should believe to have got. */
function assureFitting(name: string, { carries }: Format, { layout, brief, title }: ExportOptions): void {
  if (brief && layout !== undefined)
    throw new UserError('--brief and --layout exclude each other: one page, or all answers?')
  if (carries !== 'page' && brief)
    throw new UserError(`--brief is a page: markdown, html or docx. ${name} carries answers.`)
  if (carries !== 'page' && title !== undefined)
    throw new UserError(`--title is for pages: markdown, html or docx. ${name} has no title.`)
  if (carries === 'answers' && layout !== undefined)
    throw new UserError(`--layout is for pages and tables. ${name} carries the answers by question.`)
  if (title !== undefined && title.trim() === '')
    throw new UserError('--title needs some words, such as --title "Table 1, October".')
}

async function documentOf(
  { path, guide }: Located,
  notes: Notes,
  { carries }: Format,
  layout: Layout,
  { brief, title }: ExportOptions,
): Promise<Document> {
  if (brief) {
    const when = new Intl.DateTimeFormat('en-US', { dateStyle: 'long' }).format(await lastChanged(path))
    const facts = [guide.subtitle, notes.group, `Notes of ${when}`, reachedBy(guide, notes)]
    return briefDocument(guide, [notesVoice(notes)], { title: title ?? `${guide.title}: summary`, facts })
  }
  if (layout === 'sequence' && carries === 'page') return notesDocument(guide, notes, title)
  return guideDocument(guide, [notesVoice(notes)], {
    title: title ?? `${guide.title}: notes`,
    facts: [guide.subtitle, notes.group],
    layout,
  })
}

const notesVoice = ({ answers, jots }: Notes) => ({ answers, jots })

/** What the notes hold and this export does not, as sentences. */
function sayLeftOut(
  { path, guide }: Located,
  notes: Notes,
  { carries }: Format,
  layout: Layout,
  { brief }: ExportOptions,
): string[] {
  const whole = carries === 'page' && !brief
  const own = whole && layout === 'sequence' ? 0 : ownLines(guide, notes)
  const jots = whole || notes.jots === '' ? 0 : notes.jots.split('\n').length
  const count = (number: number, what: string) => `${number} ${what}${number === 1 ? '' : 's'}`
  const parts = [
    ...(own > 0 ? [`${count(own, 'line')} that you wrote outside the answers`] : []),
    ...(jots > 0 ? [count(jots, 'jot')] : []),
  ]
  return parts.length > 0 ? [`Left out here, and still in ${path}: ${parts.join(' and ')}.`] : []
}

async function warn(
  { path, guide }: Located,
  notes: Notes,
  leftOut: string[],
  { guide: asked }: ExportOptions,
): Promise<void> {
  const stray = strayIds(notes, guide)
  const drafts = await unsavedDrafts(path, notes.answers)
  const lines = [
    ...leftOut,
    ...(stray.length > 0 ? [`No longer in the guide, but kept in your notes: ${stray.join(', ')}`] : []),
    ...drafts.map(
      ({ question, text }) =>
        `Not in your notes and so not in here: what you were writing at ${question} (${wordCount(text)}). To go on there: ${goOnCommand(path, asked)}`,
    ),
  ]
  if (lines.length > 0) process.stderr.write(printable(`${lines.join('\n')}\n`))
}
