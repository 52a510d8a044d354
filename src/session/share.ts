import { readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Guide } from '../domain/guide.ts'
import { findStudentInformation, piiWarnings, privacyWarning } from '../domain/privacy.ts'
import { digestBrief, digestDocument } from '../export/digest-document.ts'
import type { Document } from '../export/document.ts'
import { FORMATS, HOW_TO_PRINT, rendered } from '../export/formats.ts'
import { notesDocument } from '../export/guide-document.ts'
import { type Digest, DigestBuilder } from '../notes/digest.ts'
import { ioError, isMissing, piecesOf, writeAtomically } from '../storage/atomic-file.ts'
import { inputsOf } from '../storage/io.ts'
import { type NotesFile, readNotesFile } from '../storage/notes-file.ts'
import { SpillingStore } from '../storage/text-store.ts'
import type { MadeDocument } from '../ui/session-port.ts'
import { type Findings, Reader, sentencesOf } from './collect.ts'
import { upTo } from './remarks.ts'

/* Documents made at the end of a session. */

/** What the room has given, and where it goes. */
export interface Shared {
  guide: Guide
  plan: string
  /** Of the notes of the groups that have written something. */
  paths: readonly string[]
}

/**
 * Writes what all groups said, and one page of it for a site leader, as Word files beside the notes. A file that
 * somebody may have worked on is never replaced: the next one gets a number.
 * @returns what to tell of it, line by line.
 */
export async function shareRoom({ guide, plan, paths }: Shared): Promise<string[]> {
  if (paths.length === 0) return ['No group has written anything yet.']
  const store = new SpillingStore()
  try {
    const gathering = new DigestBuilder(store)
    const reader = new Reader(gathering, { privacyCheck: true, copies: 'groups' })
    await reader.readAll(await inputsOf(paths))
    const { findings } = reader
    const digest = gathering.digest(guide, false)
    const beside = join(dirname(paths[0] ?? ''), plan)
    return [...(await written(digest, findings, beside)), ...told(findings)]
  } finally {
    store.close()
  }
}

/** What the documents that the end of a session offers are called. */
const DOCUMENTS = new Map([
  ['docx', 'The Word document'],
  ['html', 'The web page'],
  ['pdf', 'The PDF'],
])
export const SHARED_FORMATS = [...DOCUMENTS.keys()].filter(name => Object.hasOwn(FORMATS, name))

/** Writes one person's notes as a document beside them. */
export async function shareNotes({ path, guide }: NotesFile, name: string): Promise<MadeDocument> {
  const notes = await readNotesFile(path)
  if (!notes) return { told: 'You have no notes yet.' }
  const page = await keepNew(
    join(dirname(path), basename(path, '.md')),
    notesDocument(guide, notes, { actions: true }),
    name,
  )
  const isPage = name === 'pdf' && page.endsWith('.html')
  const found = piiWarnings(basename(path), findStudentInformation(notes.source.text))
  return {
    path: page,
    told: [
      `${DOCUMENTS.get(isPage ? 'html' : name)}: ${page}`,
      ...(isPage ? [HOW_TO_PRINT] : []),
      ...privacyWarning(found, false),
    ].join('\n'),
  }
}

async function written(digest: Digest, { leftOut, taken }: Findings, beside: string): Promise<string[]> {
  const when = upTo(taken)
  const missing = leftOut.map(({ name, why }) => `${name} ${why}`)
  const whole = await keepNew(`${beside}-digest`, digestDocument(digest, { leftOut: missing }))
  const brief = await keepNew(`${beside}-summary`, digestBrief(digest, { facts: [when] }))
  return [`The digest: ${whole}`, `The brief summary: ${brief}`]
}

const told = (findings: Findings): string[] => [
  ...sentencesOf(findings),
  ...privacyWarning(
    findings.files.flatMap(file => file.sightings),
    false,
  ),
]

/** What cannot be read may be worked on. */
const SOMEBODYS = Buffer.alloc(0)

/** Writes a document to the first path that is free, or that holds it already. */
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
