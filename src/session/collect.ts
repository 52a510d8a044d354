import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { UserError } from '../domain/errors.ts'
import type { Guide } from '../domain/guide.ts'
import { findStudentInformation, piiWarnings, privacyWarning } from '../domain/privacy.ts'
import { digestBrief, digestDocument } from '../export/digest-document.ts'
import type { Document } from '../export/document.ts'
import { FORMATS } from '../export/formats.ts'
import { notesDocument, ownLines } from '../export/guide-document.ts'
import { type Digest, DigestBuilder, isDigest, type TextStore } from '../notes/digest.ts'

import { type Notes, readNotes, requireSound } from '../notes/notes.ts'
import { ioError, isMissing, piecesOf, readText, writeAtomically } from '../storage/atomic-file.ts'
import type { GuideFile } from '../storage/catalog.ts'
import { DraftIndex } from '../storage/drafts.ts'
import { type Input, inputsOf } from '../storage/io.ts'

import { guideOfNotes } from '../storage/locate.ts'
import { lastChanged, type NotesFile, readNotesFile } from '../storage/notes-file.ts'
import type { MadeDocument } from '../ui/session-port.ts'
import { draftRemarks, notesRemarks } from './remarks.ts'

/** A file that could not be used. */
export interface LeftOut {
  name: string
  /** The rest of a sentence about it, short enough for the digest. */
  why: string
  /** What is said to whoever combines. */
  message: string
  /** Whether something is missing now; a folder may hold other files, too. */
  fault: boolean
}

/** What came to light while many files were read, apart from what the digest tells. */
export interface Findings {
  leftOut: LeftOut[]
  /** Sentences about copies. */
  remarks: string[]
  files: Found[]
  /** When each of the notes that were taken was written. */
  changed: Map<string, Date>
}

/** What came to light in one file; only files in which something did. */
interface Found {
  path: string
  /** What looks like student information, as `file:line: …`. */
  sightings: string[]
  /** Sentences about drafts and names. */
  remarks: string[]
  /** Lines that people wrote outside the answers. */
  ownLines: number
}

export interface Wanted {
  /** A guide that was asked for; else each file's own. */
  guide?: GuideFile | undefined
  anonymous: boolean
  privacyCheck: boolean
}

/** What takes in notes, and tells of which file one is a copy. */
export interface Gathering {
  add(path: string, notes: Notes, label: string | undefined, guide: Guide): string | undefined
}

/** Reads files one after the other into a gathering. */
export class Reader {
  readonly findings: Findings = { leftOut: [], remarks: [], files: [], changed: new Map() }
  readonly #gathering: Gathering
  readonly #wanted: Wanted
  readonly #guides = new Map<string, Guide>()
  readonly #names = new Map<string, string>()
  readonly #drafts = new DraftIndex()

  constructor(gathering: Gathering, wanted: Wanted) {
    this.#gathering = gathering
    this.#wanted = wanted
  }

  /** Reads one file; a file that cannot be used is told of in the findings and harms nothing. */
  async read(input: Input, label: string | undefined): Promise<void> {
    if (this.#names.has(input.path)) {
      this.findings.remarks.push(`${input.name} is named twice. It is taken once.`)
      return
    }
    this.#names.set(input.path, input.name)
    try {
      if (input.skipped) throw new Unusable(input.skipped, `${input.name}: ${input.skipped}.`, false)
      const notes = await notesOf(input)
      if (notes) await this.#take(input, notes, label)
    } catch (error) {
      if (!(error instanceof Unusable)) throw error
      this.#leaveOut(input.name, error)
    }
  }

  /** Leaves out notes that have been taken in, but turn out to be on another guide than most. */
  turnAway({ path, guide: other }: { path: string; guide: string }, guide: Guide): void {
    const name = this.#nameOf(path)
    this.#leaveOut(name, onOther(name, other, guide))
    this.findings.files = this.findings.files.filter(found => found.path !== path)
    this.findings.changed.delete(path)
  }

  #leaveOut(name: string, { why, message, fault }: Unusable): void {
    this.findings.leftOut.push({ name, why, message, fault })
  }

  #nameOf = (path: string) => this.#names.get(path) ?? path

  async #take(input: Input, notes: Notes, label: string | undefined): Promise<void> {
    const { findings } = this
    const guide = await this.#guideOf(input, notes)
    const named = notes.guide === undefined ? { ...notes, guide: guide.id } : notes
    const first = this.#gathering.add(input.path, named, label, guide)
    if (first !== undefined) {
      findings.remarks.push(
        `${input.name} is a copy of ${this.#nameOf(first)}, to the byte. It is taken once.`,
      )
      return
    }
    findings.changed.set(input.path, await lastChanged(input.path))
    const { anonymous, privacyCheck } = this.#wanted
    const found: Found = {
      path: input.path,
      sightings: privacyCheck ? sightingsIn(input.name, notes) : [],
      remarks: [
        ...(anonymous ? ownNames(input.name, notes, label) : []),
        ...notesRemarks(input.path, notes, input.name),
        ...draftRemarks(input.path, notes, { whose: input.name, index: this.#drafts }),
      ],
      ownLines: ownLines(guide, notes),
    }
    if (found.sightings.length + found.remarks.length + found.ownLines > 0) findings.files.push(found)
  }

  async #guideOf({ name, path }: Input, notes: Notes): Promise<Guide> {
    const { guide: wanted } = this.#wanted
    if (wanted) {
      if (notes.guide === undefined || notes.guide === wanted.guide.id) return wanted.guide
      throw onOther(name, notes.guide, wanted.guide)
    }
    const known = notes.guide && this.#guides.get(notes.guide)
    if (known) return known
    const { guide } = await guideOfNotes(path, notes).catch(error => {
      const why = notes.guide ? `names the guide "${notes.guide}", which is not here` : 'names no guide'
      throw error instanceof UserError ? new Unusable(why, error.message) : error
    })
    if (notes.guide) this.#guides.set(notes.guide, guide)
    return guide
  }
}

/** Why one file cannot be used. */
class Unusable extends Error {
  readonly why: string
  readonly fault: boolean
  constructor(why: string, message: string, fault = true) {
    super(message)
    this.why = why
    this.fault = fault
  }
}

const onOther = (name: string, other: string, guide: Guide) =>
  new Unusable(
    'holds notes on another guide',
    `${name} holds notes on the guide "${other}", not on "${guide.id}". Combine notes on one guide at a time; --guide names it.`,
  )

/** Sound notes; nothing where a folder holds an empty file, such as the one that a shell has just made for the digest. */
async function notesOf({ name, path, named }: Input): Promise<Notes | undefined> {
  if (/\.docx?$/i.test(name))
    throw new Unusable(
      'is a Word document',
      `${name} is a Word document, which cannot be read yet. Copy its answers into a notes file, or combine the notes it was made from.`,
    )
  const text = await readText(path).catch(error => {
    throw error instanceof UserError
      ? new Unusable('could not be read', error.message.replace(path, name))
      : error
  })
  if (text === undefined) throw new Unusable('was not there', `There is no file ${name}.`)
  const notes = readNotes({ name, text })
  if (/^\ufeff?\s*$/.test(text)) {
    if (named) throw new Unusable('is empty', `${name} is empty.`)
    return undefined
  }
  if (!notes.isNotes) throw noNotes(name, text, named)
  try {
    return requireSound(notes)
  } catch (error) {
    throw error instanceof UserError ? new Unusable('has damaged marks', error.message) : error
  }
}

/** In a folder, other files than notes are no fault. */
function noNotes(name: string, text: string, named: boolean): Unusable {
  return isDigest(text)
    ? new Unusable(
        'is a digest',
        `${name} is a digest, not notes. It is left out: what it tells comes from the notes.`,
        named,
      )
    : new Unusable(
        'is not a notes file',
        `${name} is not a notes file: it names no guide and has no "answer" marks. An export cannot be combined, only the notes it was made from.`,
        named,
      )
}

/** Only what goes into a digest is looked at. */
function sightingsIn(name: string, { source, spans, jotsSpan }: Notes): string[] {
  return [...spans.values(), ...(jotsSpan ? [jotsSpan] : [])]
    .sort((a, b) => a.line - b.line)
    .flatMap(({ from, to, line }) =>
      piiWarnings(name, findStudentInformation(source.text.slice(from, to), line + 1)),
    )
}

/** A text as its words, so that a name is found however it is written. */
const wordsOf = (text: string) =>
  text
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu)
    ?.join(' ') ?? ''
const holds = (line: string, name: string) => ` ${wordsOf(line)} `.includes(` ${wordsOf(name)} `)

/** Whoever writes "we at Table 3" is not anonymous, whatever we leave out. */
function ownNames(
  name: string,
  { group, source, spans, jotsSpan }: Notes,
  label: string | undefined,
): string[] {
  const fileName = basename(name).replace(/\.md$|^.*\bnotes[-_ ]+/gi, '')
  const own = new Map(
    [fileName, group ?? '', label ?? ''].flatMap(word =>
      wordsOf(word).length > 1 ? [[wordsOf(word), word]] : [],
    ),
  )
  return [...spans.values(), ...(jotsSpan ? [jotsSpan] : [])].flatMap(({ from, to, line }) =>
    source.text
      .slice(from, to)
      .split('\n')
      .flatMap((words, i) =>
        [...own.values()]
          .filter(one => holds(words, one))
          .map(one => `${name}:${line + 1 + i}: names its own group ("${one}"), which the digest repeats`),
      ),
  )
}

/** `Notes up to November 25, 2026`: when the last of them was written. */
export function upTo(changed: Findings['changed']): string {
  const latest = Math.max(...[...changed.values()].map(date => date.getTime()))
  return `Notes up to ${new Intl.DateTimeFormat('en-US', { dateStyle: 'long' }).format(latest)}`
}

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
    const reader = new Reader(gathering, { anonymous: false, privacyCheck: true })
    for (const input of await inputsOf(paths)) await reader.read(input, undefined)
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
  const found = piiWarnings(basename(path), findStudentInformation(notes.source.text))
  const warning = privacyWarning(found, false).trimEnd()
  return { path: page, told: `${DOCUMENTS.get(name)}: ${page}${warning === '' ? '' : `\n${warning}`}` }
}

async function written(digest: Digest, { leftOut, changed }: Findings, beside: string): Promise<string[]> {
  const when = upTo(changed)
  const missing = leftOut.map(({ name, why }) => `${name} ${why}`)
  const whole = await keepNew(`${beside}-digest`, digestDocument(digest, { leftOut: missing }))
  const brief = await keepNew(`${beside}-summary`, digestBrief(digest, { facts: [when] }))
  return [`The digest: ${whole}`, `The brief summary: ${brief}`]
}

function told({ leftOut, remarks, files }: Findings): string[] {
  const warning = privacyWarning(
    files.flatMap(file => file.sightings),
    false,
  ).trimEnd()
  return [
    ...leftOut.map(({ message }) => message),
    ...remarks,
    ...files.flatMap(file => file.remarks),
    ...(warning === '' ? [] : [warning]),
  ]
}

/** What cannot be read may be worked on. */
const SOMEBODYS = Buffer.alloc(0)

/** Writes a document to the first path that is free, or that holds it already. */
async function keepNew(stem: string, document: Document, name = 'docx'): Promise<string> {
  const format = FORMATS[name]
  if (format?.carries !== 'page') throw new Error(`keepNew: ${name} is no page`)
  const bytes = Buffer.concat([...piecesOf(await format.write(document))].map(piece => Buffer.from(piece)))
  for (let number = 1; ; number++) {
    const path = `${stem}${number === 1 ? '' : `-${number}`}.${name}`
    const before = await readFile(path).catch(error => {
      if (isMissing(error)) return undefined
      if (number < 100) return SOMEBODYS
      throw ioError(error, `write ${path}`, 3)
    })
    if (!before) await writeAtomically(path, bytes)
    if (!before || before.equals(bytes)) return path
  }
}

/** What a hundred tables write fits in memory; what comes after it goes to a file. */
const MOST_IN_MEMORY = 8 * 1024 * 1024

/**
 * Texts in a fixed amount of memory, however many. The file that takes the rest loses its name as soon as it is
 * made, so that nobody else can open it and no crash leaves it behind.
 */
export class SpillingStore implements TextStore {
  readonly #memory: Buffer[] = []
  #memoryLeft: number
  #file: number | undefined
  #fileEnd = 0
  /** Of each text in the file, where it begins, and how many bytes it has. */
  readonly #begins: number[] = []
  readonly #lengths: number[] = []

  constructor(mostInMemory = MOST_IN_MEMORY) {
    this.#memoryLeft = mostInMemory
  }

  /** @throws UserError (exit 3) if the disk takes no more. */
  put(text: string): number {
    const bytes = Buffer.from(text)
    this.#memoryLeft -= bytes.length
    if (this.#memoryLeft >= 0 && this.#begins.length === 0) return this.#memory.push(bytes) - 1
    try {
      this.#file ??= namelessFile()
      for (let done = 0; done < bytes.length; )
        done += writeSync(this.#file, bytes, done, bytes.length - done, this.#fileEnd + done)
    } catch (error) {
      throw ioError(error, `set the answers aside in ${tmpdir()}`, 3)
    }
    this.#lengths.push(bytes.length)
    this.#begins.push(this.#fileEnd)
    this.#fileEnd += bytes.length
    return this.#memory.length + this.#begins.length - 1
  }

  get(at: number): string {
    const inFile = at - this.#memory.length
    if (inFile < 0) return this.#memory[at]?.toString() ?? ''
    const begin = this.#begins[inFile] ?? 0
    const bytes = Buffer.alloc(this.#lengths[inFile] ?? 0)
    for (let done = 0; done < bytes.length && this.#file !== undefined; ) {
      const more = readSync(this.#file, bytes, done, bytes.length - done, begin + done)
      if (more === 0) throw new Error('text store: the file is shorter than what was written')
      done += more
    }
    return bytes.toString()
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file)
    this.#file = undefined
  }
}

function namelessFile(): number {
  const folder = mkdtempSync(join(tmpdir(), 'pl-stories-'))
  try {
    return openSync(join(folder, 'answers'), 'wx+', 0o600)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
