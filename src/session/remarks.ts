import { dirname, join } from 'node:path'
import { wordCount } from '../domain/answers.ts'
import { describeAll } from '../domain/errors.ts'
import type { Notes } from '../notes/notes.ts'
import { leftCopies, realTarget } from '../storage/atomic-file.ts'
import { copiesBeside } from '../storage/copies.ts'
import { type DraftIndex, unsavedDrafts } from '../storage/drafts.ts'
import { goOnCommand } from '../storage/locate.ts'

/* What people should know of notes besides their answers, as sentences. */

/** Lines that other tools have left in the notes, and files that they or we have left beside them. */
export function notesRemarks(path: string, notes: Notes, name = path): string[] {
  return [
    ...describeAll(notes.doubtful, { name, text: notes.source.text }),
    ...leftCopies(realTarget(path)).map(
      copy =>
        `The computer stopped while ${name} was being saved. All of it is in ${copy}: compare the two, then delete the copy.`,
    ),
  ]
}

/** Files beside the notes that look like copies of them. */
export async function copyRemarks(path: string, notes: Notes): Promise<string[]> {
  const copies = await copiesBeside(realTarget(path), notes.group)
  return copies.map(
    copy => `${join(dirname(path), copy)} looks like a copy of these notes. Compare the two, and keep one.`,
  )
}

/** Words that are not in the notes yet. */
export function draftRemarks(
  path: string,
  notes: Pick<Notes, 'answers'> | undefined,
  {
    whose = 'your notes',
    guide,
    index,
  }: { whose?: string; guide?: string | undefined; index?: DraftIndex } = {},
): string[] {
  return unsavedDrafts(path, notes?.answers ?? new Map(), index).map(
    ({ question, text }) =>
      `Not yet in ${whose}: what was being written at ${question} (${wordCount(text)}). To continue there: ${goOnCommand(path, guide)}`,
  )
}
