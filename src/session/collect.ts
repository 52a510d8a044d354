import { hash } from 'node:crypto'
import { dirname, resolve } from 'node:path'
import { UserError } from '../domain/errors.ts'
import type { Guide } from '../domain/guide.ts'
import { findStudentInformation, piiWarnings } from '../domain/privacy.ts'
import { ownLines } from '../export/guide-document.ts'
import { accounting } from '../import/reading.ts'
import type { Gathering, Said } from '../notes/digest.ts'
import { type Notes, readNotes, requireSound } from '../notes/notes.ts'
import { hiddenNames } from '../storage/atomic-file.ts'
import { DraftIndex } from '../storage/drafts.ts'
import { decoded, type Input, inputBytes, legible, PIPE, readBytes } from '../storage/io.ts'
import { guideOfNotes } from '../storage/locate.ts'
import { type CopyPolicy, type FileRead, families, printsOf, saysSomething, withoutCopies } from './copies.ts'
import { guideFinder, type ReadOptions, readIncoming } from './incoming.ts'
import { draftRemarks, notesRemarks, ownNames, textsIn, textsOf } from './remarks.ts'
import { earlierActions } from './rounds.ts'

/** Why a file could not be used: its message is what is said to whoever combines. */
class Unusable extends Error {
  readonly file: string
  /** The rest of a sentence about the file, short enough for the digest. */
  readonly why: string
  /** Whether something is missing now; a folder may hold other files, too. */
  readonly fault: boolean

  constructor({ name }: Pick<Input, 'name'>, why: string, message = `${name} ${why}.`, fault = true) {
    super(message)
    this.file = name
    this.why = why
    this.fault = fault
  }
}

/** What came to light while many files were read, apart from what the digest tells. */
export interface Findings {
  leftOut: Unusable[]
  /** What was taken from files of other formats than notes, and what of them was left over. */
  accounts: string[]
  hasLeft: boolean
  /** Sentences about copies. */
  remarks: string[]
  /** Copies whose answers differ from their original's, as sentences: then it must be said what is meant. */
  differing: string[]
  /** The files that were taken, by their paths. */
  taken: Map<string, Found>
}

/** What came to light in one file. */
interface Found {
  /** What looks like student information, as `file:line: …`. */
  sightings: string[]
  /** Sentences about drafts and names. */
  remarks: string[]
  /** Lines that people wrote outside the answers. */
  ownLines: number
}

/** All of it that is said to whoever reads the files. */
export const sentencesOf = ({ accounts, leftOut, remarks, taken }: Findings): string[] => [
  ...accounts,
  ...leftOut.map(({ message }) => message),
  ...remarks,
  ...[...taken.values()].flatMap(file => file.remarks),
]

export const sightingsOf = ({ taken }: Findings): string[] =>
  [...taken.values()].flatMap(file => file.sightings)

/** The files that are missing in what was made, each as a sentence. */
export const leftOutOf = ({ leftOut }: Findings): string[] =>
  leftOut.filter(({ fault }) => fault).map(({ file, why }) => `${file} ${why}`)

export interface Wanted extends ReadOptions {
  /** A guide that was asked for; else each file's own. */
  guide?: Guide | undefined
  anonymous?: boolean
  privacyCheck?: boolean
  copies?: CopyPolicy | undefined
}

/** Reads files one after the other into a gathering. */
export class Reader {
  readonly findings: Findings = {
    ...{ leftOut: [], accounts: [], hasLeft: false, remarks: [], differing: [] },
    taken: new Map(),
  }
  readonly #gathering: Gathering
  readonly #wanted: Wanted
  readonly #guides = new Map<string, Guide>()
  readonly #names = new Map<string, string>()
  readonly #beside = hiddenNames()
  readonly #drafts = new DraftIndex(this.#beside)
  readonly #earlier = new Set<string>()
  readonly #find: ReturnType<typeof guideFinder>
  /** What notes say, where there are other files, too. */
  readonly #said = new Map<string, Set<string>>()
  readonly #prints = new Map<string, string>()

  constructor(gathering: Gathering, wanted: Wanted = {}) {
    this.#gathering = gathering
    this.#wanted = wanted
    this.#find = guideFinder(wanted.guide)
  }

  /** Reads files; one that can't be used is listed in the findings and harms nothing. `at` is told how many are done. */
  async readAll(
    inputs: readonly Input[],
    labelOf: (input: Input) => string | undefined = () => undefined,
    at: (done: number) => void = () => {},
  ): Promise<void> {
    if (inputs.some(({ path, skipped }) => !skipped && !isMarkdown(path)))
      for (const input of inputs) await this.#foresee(input)
    let done = 0
    for (const family of families(inputs)) {
      const read: FileRead[] = []
      for (const input of family) {
        const one = await this.#read(input)
        if (one) read.push(one)
        at(++done)
      }
      for (const one of withoutCopies(read, this.#wanted.copies, this.findings))
        await this.#take(one, labelOf(one.input))
    }
    this.#removeEarlier()
  }

  /** Notes of an earlier round are no group of their own. */
  #removeEarlier(): void {
    const { remarks, taken } = this.findings
    const gathering = this.#gathering
    if (!gathering.remove) return
    const earlier = [...this.#earlier].filter(path => taken.has(path))
    for (const path of earlier) {
      gathering.remove(path)
      taken.delete(path)
    }
    if (earlier.length > 0)
      remarks.push(`Only the actions of earlier rounds count: ${earlier.map(this.#nameOf).join(', ')}`)
  }

  /** Other files may be what notes were made from, or made from them. */
  async #foresee(input: Input): Promise<void> {
    if (input.skipped || !isMarkdown(input.path)) return
    try {
      const notes = await notesIn(input, await bytesOf(input))
      if (notes) this.#said.set(input.name, new Set(printsOf(notes)))
    } catch (error) {
      // It is told when it is read for the digest.
      if (!(error instanceof Unusable)) throw error
    }
  }

  async #read(input: Input): Promise<FileRead | undefined> {
    if (this.#names.has(input.path)) {
      this.findings.remarks.push(`${input.name} is named twice; counted once.`)
      return undefined
    }
    this.#names.set(input.path, input.name)
    try {
      if (input.skipped) throw new Unusable(input, input.skipped, `${input.name}: ${input.skipped}.`, false)
      const bytes = await bytesOf(input)
      const print = hash('sha256', bytes, 'base64')
      if (/^\ufeff?\s*$/.test(bytes.toString('utf8', 0, 99)) && bytes.length < 99) {
        if (input.named) throw new Unusable(input, 'is empty')
        return undefined
      }
      const notes = await notesIn(input, bytes)
      if (notes) return { input, print, notes, groups: [notes] }
      const form = await this.#form(input, bytes)
      return form && { input, print, ...form }
    } catch (error) {
      this.#leaveOut(error)
      return undefined
    }
  }

  /** What is said in a file of any other format than notes. */
  async #form(input: Input, bytes: Buffer): Promise<Pick<FileRead, 'guide' | 'groups'> | undefined> {
    const { name, named } = input
    const read = () => readIncoming({ name, bytes }, this.#find(input.path), this.#wanted)
    const found = await usable(input, 'could not be read', read)
    // In a folder, other files than those with answers are no fault.
    if (!found) {
      const told = `${name} holds no answers: neither "answer" marks nor the questions of a guide.`
      throw new Unusable(input, 'holds no answers', told, named)
    }
    const { guide, reading } = found
    if (reading.isDigest && !(named && reading.groups.length > 0)) {
      const told = `${name} is a digest or a brief. It is left out: the notes already say it.`
      throw new Unusable(input, 'is a digest', told, named)
    }
    const { accounts, remarks } = this.findings
    const groups = reading.groups.filter(saysSomething)
    if (reading.left.length > 0) this.findings.hasLeft = true
    const same = this.#saidIn(groups)
    if (groups.length === 0) remarks.push(`${name} has no answers; not counted.`)
    else if (same !== undefined) remarks.push(`${name} has nothing that isn't in ${same}; counted once.`)
    const isCounted = groups.length > 0 && same === undefined
    if (isCounted || reading.left.length > 0)
      for (const line of accounting(name, reading, guide)) accounts.push(line)
    if (!isCounted) return undefined
    const numbered = groups.map(({ row, name: group, answers, jots }, i) => ({
      ...{ guide: guide.id, answers, jots, group },
      ...(reading.groups.length > 1 && { row: row ?? i + 1 }),
    }))
    return { guide, groups: numbered }
  }

  /** The notes that hold all of this. */
  #saidIn(groups: readonly Pick<Said, 'answers' | 'jots'>[]): string | undefined {
    if (this.#said.size === 0) return undefined
    const prints = groups.flatMap(printsOf)
    return [...this.#said].find(([, said]) => prints.every(print => said.has(print)))?.[0]
  }

  /** Leaves out notes that have been taken in, but turn out to be on another guide than most. */
  turnAway({ path, guide: other }: { path: string; guide: string }, guide: Guide): void {
    this.#leaveOut(onOther({ name: this.#nameOf(path) }, other, guide))
    this.findings.taken.delete(path)
  }

  #leaveOut(error: unknown): void {
    if (!(error instanceof Unusable)) throw error
    this.findings.leftOut.push(error)
  }

  #nameOf = (path: string) => this.#names.get(path) ?? path

  async #take(read: FileRead, label: string | undefined): Promise<void> {
    const { input, notes, groups } = read
    const guide =
      read.guide ?? (notes && (await this.#guideOf(input, notes).catch(error => this.#leaveOut(error))))
    if (!guide || this.#isIdentical(read)) return
    for (const said of groups) {
      const several = said.row !== undefined && label !== undefined
      const called = several ? `${label}, ${said.group}` : label
      this.#gathering.add(input.path, said, called, guide)
    }
    if (notes) await this.#earlierOf(input, notes, guide)
    this.findings.taken.set(input.path, this.#foundIn(read, guide, label))
  }

  /** Blank forms are no copies of each other: two groups may well have written nothing. */
  #isIdentical({ input: { name, path }, groups, print }: FileRead): boolean {
    if (!groups.some(saysSomething)) return false
    const first = this.#prints.get(print)
    if (first === undefined) this.#prints.set(print, path)
    else this.findings.remarks.push(`${name} is identical to ${this.#nameOf(first)}; counted once.`)
    return first !== undefined
  }

  #foundIn({ input: { name, path }, notes, groups }: FileRead, guide: Guide, label?: string): Found {
    const { anonymous, privacyCheck } = this.#wanted
    const texts = notes ? textsOf(name, notes) : groups.flatMap(group => textsIn(name, group))
    return {
      sightings: privacyCheck
        ? texts.flatMap(({ place, text, line }) => piiWarnings(place, findStudentInformation(text, line)))
        : [],
      remarks: [
        ...(anonymous ? groups.flatMap(({ group }) => ownNames(name, texts, [group, label])) : []),
        ...(notes ? notesRemarks(path, notes, name, this.#beside) : []),
        ...(notes ? draftRemarks(path, notes, { whose: name, index: this.#drafts }) : []),
      ],
      ownLines: notes ? ownLines(guide, notes) : 0,
    }
  }

  async #earlierOf({ path }: Input, { previous }: Notes, guide: Guide): Promise<void> {
    if (!previous) return
    if (this.#gathering.addEarlier) {
      const { actions, remarks } = await earlierActions(path, guide)
      this.#gathering.addEarlier(actions)
      this.findings.remarks.push(...remarks)
    }
    if (!/[\\/]/.test(previous)) this.#earlier.add(resolve(dirname(path), previous))
  }

  async #guideOf(input: Input, notes: Notes): Promise<Guide> {
    const { guide: wanted } = this.#wanted
    if (wanted) {
      if (notes.guide === undefined || notes.guide === wanted.id) return wanted
      throw onOther(input, notes.guide, wanted)
    }
    const known = notes.guide && this.#guides.get(notes.guide)
    if (known) return known
    const why = notes.guide ? `names the guide "${notes.guide}", which is not here` : 'names no guide'
    const { guide } = await usable(input, why, () => guideOfNotes(input.path, notes))
    if (notes.guide) this.#guides.set(notes.guide, guide)
    return guide
  }
}

const onOther = (input: Pick<Input, 'name'>, other: string, guide: Guide) =>
  new Unusable(
    input,
    'holds notes on another guide',
    `${input.name} holds notes on the guide "${other}", not on "${guide.id}". Combine notes on one guide at a time; --guide names it.`,
  )

/** What is read. A mistake in a file leaves this file out, and no more. */
async function usable<Content>(input: Input, why: string, read: () => Content | Promise<Content>) {
  try {
    return await read()
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    throw new Unusable(input, why, error.message.replace(input.path, input.name))
  }
}

async function bytesOf(input: Input): Promise<Buffer> {
  if (input.path === PIPE) return inputBytes(input)
  const bytes = await usable(input, 'could not be read', () => readBytes(input.path))
  if (bytes) return bytes
  throw new Unusable(input, 'was not there', `There is no file ${input.name}.`)
}

const isMarkdown = (path: string) => /\.md(?:\.\.path\d+|\.conflict\d+)?$/i.test(path)

/** Sound notes; undefined for what is not even text, or no notes. */
async function notesIn(input: Input, bytes: Buffer): Promise<Notes | undefined> {
  if (bytes.indexOf('PK\x03\x04') === 0) return undefined
  const { path, name } = input
  if (!isMarkdown(path) && legible(path, bytes).badAt) return undefined
  const text = await usable(input, 'could not be read', () => decoded(path, bytes))
  const notes = readNotes({ name, text })
  return notes.isNotes ? usable(input, 'has damaged marks', () => requireSound(notes)) : undefined
}
