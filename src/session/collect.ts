import { basename, dirname } from 'node:path'
import { wordCount } from '../domain/answers.ts'
import { UserError } from '../domain/errors.ts'
import type { Guide } from '../domain/guide.ts'
import { sightingLines, studentInformation } from '../domain/privacy.ts'
import { ownLines } from '../export/notes-document.ts'
import { type Gathering, isDigest } from '../notes/digest.ts'
import { type Notes, readNotes, requireSound } from '../notes/notes.ts'
import { readText, realTarget } from '../storage/atomic-file.ts'
import { findGuide, type GuideFile } from '../storage/catalog.ts'
import type { Input } from '../storage/inputs.ts'
import { namesWithDrafts, unsavedDrafts } from '../storage/left-behind.ts'
import { lastChanged } from '../storage/notes-file.ts'

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

/** Reads files one after the other into a gathering. */
export class Reader {
  readonly findings: Findings = { leftOut: [], remarks: [], files: [], changed: new Map() }
  readonly #gathering: Gathering
  readonly #wanted: Wanted
  readonly #guides = new Map<string, Guide>()
  readonly #names = new Map<string, string>()
  readonly #withDrafts = new Map<string, Set<string>>()

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
    const first = this.#gathering.add(input.path, notes, label)
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
        ...(await this.#drafts(input, notes)),
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
    const known = this.#guides.get(notes.guide ?? '')
    if (known) return known
    const { guide } = await findGuide(undefined, path, notes.guide).catch(error => {
      throw error instanceof UserError
        ? new Unusable(`names the guide "${notes.guide}", which is not here`, error.message)
        : error
    })
    this.#guides.set(notes.guide ?? '', guide)
    return guide
  }

  /** One look into a folder serves all its notes: with thousands of them each look takes its time. */
  async #drafts({ name, path }: Input, notes: Notes): Promise<string[]> {
    const target = realTarget(path)
    const folder = dirname(target)
    const known = this.#withDrafts.get(folder) ?? namesWithDrafts(folder)
    this.#withDrafts.set(folder, known)
    if (!known.has(basename(target))) return []
    return (await unsavedDrafts(path, notes.answers)).map(
      ({ question, text }) =>
        `Not in ${name}, and so not here: what somebody was writing at ${question} (${wordCount(text)}). pl-stories --notes ${name} goes on there.`,
    )
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
      sightingLines(name, studentInformation(source.text.slice(from, to), line + 1)),
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
