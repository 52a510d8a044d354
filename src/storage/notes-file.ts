import { chownSync, constants, copyFileSync, existsSync, statSync, utimesSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import {
  type Answer,
  type Answers,
  count,
  mergeVersions,
  normalizeAnswer,
  toRecord,
} from '../domain/answers.ts'
import { UserError } from '../domain/errors.ts'
import { type Guide, type QuestionId, questionOf } from '../domain/guide.ts'
import { type FrontMatter, withFields } from '../notes/front-matter.ts'
import {
  answerIn,
  type Beginning,
  blankNotes,
  type Notes,
  piecesWith,
  readNotes,
  requireSound,
  withJots,
} from '../notes/notes.ts'
import {
  attempt,
  codeOf,
  ioError,
  realTarget,
  removeFile,
  specialAt,
  syncPath,
  versionOf,
  writeAtomically,
} from './atomic-file.ts'
import { recoveredDrafts, saysNothingNew } from './drafts.ts'
import { readText } from './io.ts'
import { type Lock, takeLock } from './lock.ts'

/**
 * The notes at a path as they stand; undefined if there is no file, or an empty one.
 * @throws UserError (exit 2) if the file cannot be read, is no notes file, or is damaged.
 */
export async function readNotesFile(path: string, unreadable: 2 | 3 = 2): Promise<Notes | undefined> {
  const special = specialAt(path)
  if (special === 'pipe')
    throw new UserError(
      `${path} is a pipe, which can't keep notes. Name a file with --notes, such as equity-notes.md.`,
    )
  // What is written to a device is gone.
  if (special) return undefined
  const text = await readText(path, unreadable)
  if (text === undefined || /^\ufeff?\s*$/.test(text)) return undefined
  return requireSound(readNotes({ name: path, text }))
}

/** When the file was last written to. */
export const lastChanged = (path: string): Date =>
  statSync(path, { throwIfNoEntry: false })?.mtime ?? new Date()

type Outcome = 'created' | 'changed' | 'unchanged'

/** The notes of one guide at one path. Every change is made to the file as it stands on disk at that moment. */
export interface NotesFile {
  path: string
  guide: Guide
  beginning: Beginning
  /** What was read last, and the file's version then. If it is gone at a save, it is made again from this. */
  known?: Known | undefined
}

export interface Known {
  version: string
  notes: Notes
}

export function notesFile(path: string, guide: Guide, beginning: Omit<Beginning, 'file'> = {}): NotesFile {
  return { path, guide, beginning: { ...beginning, file: basename(path) } }
}

/** An editor that is just writing the file is done by then. */
const SETTLE_MS = 100
const PATIENCE_MS = 5000

/** What the notes become: their whole text, or the pieces of it. */
type Change = (notes: Notes) => string | readonly string[]

/**
 * Reads, changes and writes the notes as one step that no other writer can come between. Editors know nothing of
 * our lock: whatever they have saved by the time of the rename is read and changed again.
 * @throws UserError (exit 2: the file is not fit; exit 3: it could not be written). The file then stands as before.
 */
export async function changeNotes(file: NotesFile, change: Change): Promise<Outcome> {
  const target = realTarget(file.path)
  if (specialAt(target)) {
    await writeAtomically(target, [change(blank(file))].flat())
    return 'created'
  }
  const started = Date.now()
  for (;;) {
    const lock = await takeLock(target).catch(error => {
      throw ioError(error, `write in the folder of ${file.path}`, 3)
    })
    const outcome = await changeOnce(file, target, change, lock).finally(() => lock.release())
    if (outcome) return outcome
    if (Date.now() - started > PATIENCE_MS)
      throw new UserError(
        `Another program keeps writing ${file.path}. Nothing was saved; close it and try again.`,
        3,
      )
  }
}

const blank = ({ path, guide, beginning }: NotesFile) =>
  readNotes({ name: path, text: blankNotes(guide, beginning) })

/** Whether the pieces are this text: joined, they would be copied. */
function isMadeOf(text: string, pieces: readonly string[]): boolean {
  let at = 0
  for (const piece of pieces) {
    if (text.slice(at, at + piece.length) !== piece) return false
    at += piece.length
  }
  return at === text.length
}

/** @returns undefined if somebody else wrote meanwhile. */
async function changeOnce(file: NotesFile, target: string, change: Change, lock: Lock) {
  const version = versionOf(target)
  const same = () => versionOf(target) === version
  const read = async () => (file.known?.version === version ? file.known.notes : readNotesFile(file.path, 3))
  const before = await read().catch(async error => {
    await sleep(SETTLE_MS)
    if (same()) throw error
    return 'again' as const
  })
  if (before === 'again') return undefined
  if (!before && file.known) {
    await sleep(SETTLE_MS)
    if (!same()) return undefined
  }
  const pieces = [change(requireSound(before ?? file.known?.notes ?? blank(file), file.guide))].flat()
  if (before && isMadeOf(before.source.text, pieces)) return 'unchanged'
  const written = await writeAtomically(target, pieces, () => lock.ours() && same(), lock.token)
  if (!written) return undefined
  return before ? 'changed' : 'created'
}

/**
 * Saves one answer. `opened` is the text from which the person set out: if the disk holds another by now,
 * both are kept.
 */
export async function saveAnswer(file: NotesFile, id: QuestionId, answer: Answer, opened: string) {
  let merged = false
  const outcome = await changeNotes(file, notes => {
    const theirs = answerIn(notes, id).text
    const ours = normalizeAnswer(answer.text)
    const foreign = theirs !== opened && theirs !== ours && theirs !== ''
    const both = !foreign ? undefined : ours === opened ? theirs : mergeVersions(theirs, ours)
    merged = both !== undefined && both !== ours
    const now = both === undefined ? answer : { text: both, skipped: false }
    return piecesWith(notes, file.guide, new Map([[id, now]]))
  })
  return merged ? 'both kept' : outcome
}

/**
 * Records answers in one save. One that differs from what stands in the notes stays out, unless it may `overwrite`.
 * @returns how many were recorded, and which differ.
 */
export async function recordAnswers(file: NotesFile, given: Answers, overwrite = false) {
  let settled = toRecord(given, given, overwrite)
  const outcome = await changeNotes(file, notes => {
    settled = toRecord(notes.answers, given, overwrite)
    return piecesWith(notes, file.guide, settled.record)
  })
  return { outcome, recorded: settled.record.size, differing: settled.differing }
}

/**
 * Puts another text in the place of notes, and keeps them as `x.md.orig`, or `.orig2` where that exists.
 * @returns the path of what is kept.
 * @throws UserError (exit 3) if somebody has written them meanwhile, or it cannot be done.
 */
export async function replaceNotes(path: string, before: string, text: string): Promise<string> {
  const target = realTarget(path)
  const lock = await takeLock(target)
  try {
    const version = versionOf(target)
    const same = () => versionOf(target) === version
    if ((await readText(target)) === before) {
      const kept = copyAside(target, number => `${target}.orig${number}`)
      if (await writeAtomically(target, [text], same, lock.token)) return kept
    }
    throw new UserError(`Another program has just changed ${path}. Nothing was fixed; try again.`, 3)
  } finally {
    lock.release()
  }
}

/** Copies a file with its mode, group and times to the first of these names that is free. @returns its path. */
function copyAside(file: string, nameOf: (number: string) => string): string {
  const { gid, atime, mtime } = statSync(file)
  for (let number = 1; ; number++) {
    const path = nameOf(number === 1 ? '' : String(number))
    if (existsSync(path)) continue
    try {
      copyFileSync(file, path, constants.COPYFILE_EXCL)
      // Only members of the group may give it on; the mode is kept.
      attempt(() => chownSync(path, -1, gid))
      utimesSync(path, atime, mtime)
      syncPath(path, 'r+')
      syncPath(dirname(path))
      return path
    } catch (error) {
      if (codeOf(error) === 'EEXIST') continue
      removeFile(path)
      throw ioError(error, `write beside ${file}`, 3)
    }
  }
}

/** Sets the group of the notes, or what a plan asks of it. Only these lines change. */
export const setFields = async (file: NotesFile, fields: Pick<FrontMatter, 'group' | 'asked'>) =>
  changeNotes(file, ({ source }) => withFields(source.text, fields, file.path))

export async function addJot(file: NotesFile, line: string): Promise<void> {
  await changeNotes(file, notes => withJots(notes, notes.jots === '' ? line : `${notes.jots}\n${line}`))
}

/**
 * Puts the notes beside under today's date, unsaved words included, and writes new ones that name them.
 * @returns what to say of it. Notes without an answer make no round: they stay.
 */
export async function newRound({ path, guide }: Pick<NotesFile, 'path' | 'guide'>, today: string) {
  await takeDrafts(path, guide)
  for (;;) {
    const notes = await readNotesFile(path, 3)
    if (!notes || count(guide.questions, notes.answers).answered === 0)
      return `No new round: there are no answers in ${path} yet. It stays as it is.`
    const stem = path.replace(/(?:\.md)?$/i, `-${today}`)
    const beside = copyAside(realTarget(path), number => `${stem}${number && `-${number}`}.md`)
    const { text } = notes.source
    const { group, order, only, asked } = notes
    const fields = { group, order, only, asked, previous: basename(beside) }
    // What somebody wrote meanwhile is put beside, too.
    const change = (now: Notes) =>
      now.source.text === text ? blankNotes(guide, { file: basename(path), ...fields }) : now.source.text
    const outcome = await changeNotes(notesFile(path, guide), change).catch(error => {
      removeFile(beside)
      throw error
    })
    if (outcome === 'changed') return `A new round: ${path}\nThe notes of the last one: ${beside}`
    removeFile(beside)
  }
}

/** Unsaved words of sessions that broke off belong to the round in which they were written. */
async function takeDrafts(path: string, guide: Guide): Promise<void> {
  for (const { draft, path: file } of recoveredDrafts(realTarget(path))) {
    if (!questionOf(guide, draft.question)) continue
    const answers = (await readNotesFile(path, 3))?.answers ?? new Map()
    const answer = { text: draft.text, skipped: false }
    if (!saysNothingNew(draft, answers))
      await saveAnswer(notesFile(path, guide), draft.question, answer, draft.opened)
    removeFile(file)
  }
}
