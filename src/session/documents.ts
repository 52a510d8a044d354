import { readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { stripControls } from '../domain/errors.ts'
import type { Guide } from '../domain/guide.ts'
import { findStudentInformation, piiWarnings, privacyWarning } from '../domain/privacy.ts'
import { digestBrief, digestDocument } from '../export/digest-document.ts'
import type { Document } from '../export/document.ts'
import { FORMATS, type Format, HOW_TO_PRINT, rendered } from '../export/formats.ts'
import { notesDocument } from '../export/guide-document.ts'
import { DigestBuilder } from '../notes/digest.ts'
import { type Content, ioError, isMissing, piecesOf, writeAtomically } from '../storage/atomic-file.ts'
import { type Destination, inputsOf, printNotice, writeResult } from '../storage/io.ts'
import type { Options } from '../storage/locate.ts'
import { type NotesFile, readNotesFile } from '../storage/notes-file.ts'
import { deviceAt, print } from '../storage/output.ts'
import { SpillingStore } from '../storage/text-store.ts'
import { canOpen, openInBrowser, prefersPlain } from '../ui/environment.ts'
import type { MadeDocument } from '../ui/session-port.ts'
import { askerFor } from './choose-ui.ts'
import { leftOutOf, Reader, sentencesOf, sightingsOf } from './collect.ts'
import { upTo } from './remarks.ts'

/* Documents that a command makes: written where they belong. */

/** Where a document goes. `stem`: its path without the ending, where a person would not want it on the screen. */
export function placeFor(
  { output, overwrite, accessible }: Options,
  { file, endings }: Pick<Format, 'file' | 'endings'>,
  stem: string,
  inputs: Iterable<string>,
): Destination {
  const beside = file ? `${stem}.${endings[0]}` : undefined
  return { output, overwrite, accessible, inputs: [...inputs], beside }
}

/**
 * Puts a document, or what is one already, where it belongs, and says where that is. `draws`: Markdown is drawn for a
 * person at a terminal who has asked for no file. @returns the exit code.
 */
export async function writeDocument(
  format: Format,
  made: Document | Content,
  place: Destination,
  draws = false,
): Promise<number> {
  if (!('items' in made) || format.carries === 'answers') return writeResult(made as Content, place)
  const { output, beside, accessible } = place
  const { content, instead } = await rendered(format, made)
  const { isTTY, columns = 80 } = deviceAt() ?? {}
  if (draws && format.endings[0] === 'md' && output === undefined && isTTY && !prefersPlain(accessible)) {
    const { renderMarkdown } = await import('../ui/terminal/reading.ts')
    print(await renderMarkdown(stripControls([...piecesOf(content)].join('')), columns))
    return 0
  }
  const named = (path: string | undefined) => path?.replace(/\.pdf$/i, instead ? `.${instead}` : '$&')
  const code = await writeResult(content, { ...place, output: named(output), beside: named(beside) })
  if (instead) printNotice(HOW_TO_PRINT)
  const path = output === undefined && code === 0 ? named(beside) : undefined
  if (path !== undefined && isTTY && canOpen()) {
    const opens = await askerFor(accessible)?.('Open it now?', { 'open it now': true, 'not now': false })
    if (opens) await openInBrowser(path)
  }
  return code
}

/* Documents made at the end of a session. A file that somebody may have worked on is never replaced. */

/**
 * Writes what all groups said, and one page of it for a site leader, as Word files beside the notes. `paths`: of the
 * notes of the groups that have written something. @returns what to tell of it, line by line.
 */
export async function shareRoom(guide: Guide, plan: string, paths: readonly string[]): Promise<string[]> {
  if (paths.length === 0) return ['No group has written anything yet.']
  const store = new SpillingStore()
  try {
    const gathering = new DigestBuilder(store)
    const reader = new Reader(gathering, { privacyCheck: true, copies: 'groups' })
    await reader.readAll(await inputsOf(paths))
    const { findings } = reader
    const digest = gathering.digest(guide, false)
    const beside = join(dirname(paths[0] ?? ''), plan)
    const whole = digestDocument(digest, { leftOut: leftOutOf(findings) })
    const brief = digestBrief(digest, { facts: [upTo(findings.taken.keys())] })
    return [
      `The digest: ${await keepNew(`${beside}-digest`, whole)}`,
      `The brief summary: ${await keepNew(`${beside}-summary`, brief)}`,
      ...sentencesOf(findings),
      ...privacyWarning(sightingsOf(findings), false),
    ]
  } finally {
    store.close()
  }
}

/** What the documents that the end of a session offers are called. */
const DOCUMENTS: Record<string, string> = { docx: 'The Word document', html: 'The web page', pdf: 'The PDF' }
export const SHARED_FORMATS = Object.keys(DOCUMENTS)

/** Writes one person's notes as a document beside them. */
export async function shareNotes({ path, guide }: NotesFile, name: string): Promise<MadeDocument> {
  const notes = await readNotesFile(path)
  if (!notes) return { told: 'You have no notes yet.' }
  const stem = join(dirname(path), basename(path, '.md'))
  const page = await keepNew(stem, notesDocument(guide, notes, { actions: true }), name)
  const isPage = name === 'pdf' && page.endsWith('.html')
  const found = piiWarnings(basename(path), findStudentInformation(notes.source.text))
  const told = [
    `${DOCUMENTS[isPage ? 'html' : name]}: ${page}`,
    ...(isPage ? [HOW_TO_PRINT] : []),
    ...privacyWarning(found, false),
  ]
  return { path: page, told: told.join('\n') }
}

/** What cannot be read may be worked on. */
const SOMEBODYS = Buffer.alloc(0)

/** Writes a document to the first path that is free, or that holds it already; the next one gets a number. */
async function keepNew(stem: string, document: Document, name = 'docx'): Promise<string> {
  const format = FORMATS[name]
  if (format?.carries !== 'page') throw new Error(`keepNew: ${name} is no page`)
  const { content, instead = name } = await rendered(format, document)
  const bytes = Buffer.concat([...piecesOf(content)].map(piece => Buffer.from(piece)))
  for (let number = 1; ; number++) {
    const path = `${stem}${number === 1 ? '' : `-${number}`}.${instead}`
    const before = await readFile(path).catch(error => {
      if (isMissing(error)) return undefined
      if (number < 100) return SOMEBODYS
      throw ioError(error, `write ${path}`, 3)
    })
    if (!before) await writeAtomically(path, bytes)
    if (!before || before.equals(bytes)) return path
  }
}
