import { basename, dirname, join, resolve } from 'node:path'
import { answerTo, mergeVersions } from '../domain/answers.ts'
import { UserError } from '../domain/errors.ts'
import type { Guide, QuestionId } from '../domain/guide.ts'
import { findStudentInformation, piiWarnings } from '../domain/privacy.ts'
import { ownLines } from '../export/guide-document.ts'
import { type Gathering, isDigest } from '../notes/digest.ts'

import { type Notes, readNotes, requireSound } from '../notes/notes.ts'
import { readText } from '../storage/atomic-file.ts'
import type { GuideFile } from '../storage/catalog.ts'
import { isNumbered, originalOf } from '../storage/copies.ts'
import { DraftIndex } from '../storage/drafts.ts'
import type { Input } from '../storage/io.ts'

import { guideOfNotes } from '../storage/locate.ts'
import { lastChanged } from '../storage/notes-file.ts'
import { earlierActions } from './earlier-actions.ts'
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
  /** Copies whose answers differ from their original's, as sentences: then it must be said what is meant. */
  differing: string[]
  files: Found[]
  /** The paths of the files that were taken. */
  taken: Set<string>
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

/** What becomes of copies whose answers differ: groups of their own, merged into the original, or left out. */
export type CopyPolicy = 'groups' | 'merge' | 'leave'
export const COPY_POLICIES: readonly CopyPolicy[] = ['groups', 'merge', 'leave']

export interface Wanted {
  /** A guide that was asked for; else each file's own. */
  guide?: GuideFile | undefined
  anonymous?: boolean
  privacyCheck?: boolean
  copies?: CopyPolicy | undefined
}

interface Read {
  input: Input
  notes: Notes
}

/** Reads files one after the other into a gathering. */
export class Reader {
  readonly findings: Findings = { leftOut: [], remarks: [], differing: [], files: [], taken: new Set() }
  readonly #gathering: Gathering
  readonly #wanted: Wanted
  readonly #guides = new Map<string, Guide>()
  readonly #names = new Map<string, string>()
  readonly #drafts = new DraftIndex()
  readonly #earlier = new Set<string>()

  constructor(gathering: Gathering, wanted: Wanted = {}) {
    this.#gathering = gathering
    this.#wanted = wanted
  }

  /** Reads files; one that can't be used is listed in the findings and harms nothing. `at` is told how many are done. */
  async readAll(
    inputs: readonly Input[],
    labelOf: (input: Input) => string | undefined = () => undefined,
    at: (done: number) => void = () => {},
  ): Promise<void> {
    let done = 0
    for (const family of families(inputs)) {
      const read: Read[] = []
      for (const input of family) {
        const notes = await this.#read(input)
        if (notes) read.push({ input, notes })
        at(++done)
      }
      for (const { input, notes } of this.#withoutCopies(read)) await this.#take(input, notes, labelOf(input))
    }
    const earlier = this.#gathering.remove
      ? [...this.#earlier].filter(path => this.findings.taken.has(path))
      : []
    for (const path of earlier) {
      this.#gathering.remove?.(path)
      this.#forget(path)
    }
    if (earlier.length > 0)
      this.findings.remarks.push(
        `Only the actions of earlier rounds count: ${earlier.map(this.#nameOf).join(', ')}`,
      )
  }

  async #read(input: Input): Promise<Notes | undefined> {
    if (this.#names.has(input.path)) {
      this.findings.remarks.push(`${input.name} is named twice; counted once.`)
      return undefined
    }
    this.#names.set(input.path, input.name)
    try {
      if (input.skipped) throw new Unusable(input.skipped, `${input.name}: ${input.skipped}.`, false)
      return await notesOf(input)
    } catch (error) {
      this.#leaveOut(input.name, error)
      return undefined
    }
  }

  /** What of an original and its copies goes into the digest: notes of another group are no copy, whatever their name. */
  #withoutCopies([first, ...others]: readonly Read[]): Read[] {
    if (!first) return []
    let { notes } = first
    const groups: Read[] = []
    for (const copy of others) {
      const { name } = copy.input
      const ids = differing(notes, copy.notes)
      const looks = `${name} looks like a copy of ${first.input.name}`
      const byNumber = /\.docx$/i.test(name) && isNumbered(basename(name), basename(first.input.name))
      if (copy.notes.group !== notes.group || copy.notes.guide !== notes.guide) groups.push(copy)
      else if (ids.length === 0) this.findings.remarks.push(`${looks}; counted once.`)
      else if (this.#wanted.copies === 'groups' || byNumber) {
        groups.push(copy)
        this.findings.remarks.push(`${looks}. Its answers differ, so it counts as a group of its own.`)
      } else if (this.#wanted.copies === 'leave') this.findings.remarks.push(`${looks}. It was left out.`)
      else if (this.#wanted.copies === 'merge') {
        notes = merged(notes, copy.notes)
        this.findings.remarks.push(`${looks}. Both versions are kept: ${ids.join(', ')}`)
      } else this.findings.differing.push(`${looks}, with other answers: ${ids.join(', ')}`)
    }
    return [{ ...first, notes }, ...groups]
  }

  /** Leaves out notes that have been taken in, but turn out to be on another guide than most. */
  turnAway({ path, guide: other }: { path: string; guide: string }, guide: Guide): void {
    const name = this.#nameOf(path)
    this.#leaveOut(name, onOther(name, other, guide))
    this.#forget(path)
  }

  #forget(path: string): void {
    this.findings.files = this.findings.files.filter(found => found.path !== path)
    this.findings.taken.delete(path)
  }

  #leaveOut(name: string, error: unknown): void {
    if (!(error instanceof Unusable)) throw error
    const { why, message, fault } = error
    this.findings.leftOut.push({ name, why, message, fault })
  }

  #nameOf = (path: string) => this.#names.get(path) ?? path

  async #take(input: Input, notes: Notes, label: string | undefined): Promise<void> {
    const { findings } = this
    const guide = await this.#guideOf(input, notes).catch(error => this.#leaveOut(input.name, error))
    if (!guide) return
    const named = notes.guide === undefined ? { ...notes, guide: guide.id } : notes
    const first = this.#gathering.add(input.path, named, label, guide)
    if (first !== undefined) {
      findings.remarks.push(`${input.name} is identical to ${this.#nameOf(first)}; counted once.`)
      return
    }
    findings.taken.add(input.path)
    if (notes.previous && this.#gathering.addEarlier) {
      const { actions, remarks } = await earlierActions(input.path, guide)
      this.#gathering.addEarlier(actions)
      findings.remarks.push(...remarks)
    }
    if (notes.previous && !/[\\/]/.test(notes.previous))
      this.#earlier.add(resolve(dirname(input.path), notes.previous))
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

/** Each original with its copies, in the order in which it is named; where only copies are left, the first comes first. */
function families(inputs: readonly Input[]): Input[][] {
  const paths = new Set(inputs.map(({ path }) => path))
  const found = new Map<string, Input[]>()
  for (const input of inputs) {
    const { path } = input
    const original = originalOf(basename(path), name => paths.has(join(dirname(path), name)))
    const head = original === undefined ? path : join(dirname(path), original)
    const family = found.get(head)
    if (!family) found.set(head, [input])
    else if (path === head && family[0]?.path !== head) family.unshift(input)
    else family.push(input)
  }
  return [...found.values()]
}

/** The ids that a copy answers otherwise than its original; `jots` where it has others. */
function differing(original: Notes, copy: Notes): QuestionId[] {
  const ids = new Set([...original.answers.keys(), ...copy.answers.keys()])
  const [mine, theirs] = [original, copy].map(({ answers }) => (id: QuestionId) => {
    const { text, skipped } = answerTo(answers, id)
    return `${skipped} ${text}`
  })
  return [
    ...[...ids].filter(id => mine?.(id) !== theirs?.(id)),
    ...(original.jots === copy.jots ? [] : ['jots']),
  ]
}

/** The notes with both versions of what a copy has otherwise. */
function merged(notes: Notes, copy: Notes): Notes {
  const answers = new Map(notes.answers)
  for (const [id, theirs] of copy.answers) {
    const ours = answerTo(answers, id)
    if (theirs.text !== '' && theirs.text !== ours.text)
      answers.set(id, {
        text: ours.text === '' ? theirs.text : mergeVersions(ours.text, theirs.text),
        skipped: false,
      })
    else if (theirs.skipped && ours.text === '') answers.set(id, theirs)
  }
  const jots = [...new Set(`${notes.jots}\n${copy.jots}`.split('\n'))].filter(line => line !== '').join('\n')
  return { ...notes, answers, jots }
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

/** Names that an author wrote into their own notes: they are not anonymous, whatever we leave out. */
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
export function upTo(taken: Findings['taken']): string {
  let latest = 0
  for (const path of taken) latest = Math.max(latest, lastChanged(path).getTime())
  return `Notes up to ${new Intl.DateTimeFormat('en-US', { dateStyle: 'long' }).format(latest)}`
}
