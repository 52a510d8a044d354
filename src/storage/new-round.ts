import {
  chownSync,
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  renameSync,
  statSync,
  utimesSync,
} from 'node:fs'
import { basename, dirname } from 'node:path'
import { count } from '../domain/answers.ts'
import { type Guide, questionOf } from '../domain/guide.ts'
import { blankNotes, type Notes } from '../notes/notes.ts'
import { ioError, randomToken, realTarget, removeFile, siblingPath, syncFolder } from './atomic-file.ts'
import { recoveredDrafts, saysNothingNew } from './drafts.ts'
import type { NotesContext } from './locate.ts'
import { changeNotes, notesFile, readNotesFile, saveAnswer } from './notes-file.ts'

/**
 * Puts the notes beside under today's date, unsaved words included, and writes new ones that name them.
 * @returns what to say of it. Notes without an answer make no round: they stay.
 */
export async function newRound({ path, guide }: NotesContext, today: string): Promise<string> {
  await takeDrafts(path, guide)
  for (;;) {
    const notes = await readNotesFile(path, 3)
    if (!notes || count(guide.questions, notes.answers).answered === 0)
      return `No new round: there are no answers in ${path} yet. It stays as it is.`
    const beside = putBeside(path, today)
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
    if (!saysNothingNew(draft, answers))
      await saveAnswer(
        notesFile(path, guide),
        draft.question,
        { text: draft.text, skipped: false },
        draft.opened,
      )
    removeFile(file)
  }
}

/** Copies the file to a free name with the day, whole or not at all. @returns its path. */
function putBeside(path: string, day: string): string {
  const temporary = siblingPath(path, `${randomToken()}.tmp`)
  try {
    const target = realTarget(path)
    const { gid, atime, mtime } = statSync(target)
    copyFileSync(target, temporary, constants.COPYFILE_EXCL)
    try {
      chownSync(temporary, -1, gid)
    } catch {
      // Only members of the group may give it on; the mode is kept.
    }
    const file = openSync(temporary, 'r+')
    fsyncSync(file)
    closeSync(file)
    utimesSync(temporary, atime, mtime)
    for (let number = 1; ; number++) {
      const beside = path.replace(/(?:\.md)?$/i, `-${day}${number === 1 ? '' : `-${number}`}.md`)
      if (!moved(temporary, beside)) continue
      syncFolder(dirname(beside))
      return beside
    }
  } catch (error) {
    throw ioError(error, `write beside ${path}`, 3)
  } finally {
    removeFile(temporary)
  }
}

/** @returns false if there is a file already. */
function moved(from: string, to: string): boolean {
  if (existsSync(to)) return false
  try {
    linkSync(from, to)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    // Not every disk knows links.
    renameSync(from, to)
    return true
  }
}
