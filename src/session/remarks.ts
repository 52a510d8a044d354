import { basename, dirname, join } from 'node:path'
import { wordCount } from '../domain/answers.ts'
import { describeAll } from '../domain/errors.ts'
import type { Guide } from '../domain/guide.ts'
import type { Said } from '../notes/digest.ts'
import { textKey } from '../notes/guide-text.ts'
import { answerIn, type Notes, strayIds } from '../notes/notes.ts'
import { leftCopies, namesIn, realTarget } from '../storage/atomic-file.ts'
import { type DraftIndex, unsavedDrafts } from '../storage/drafts.ts'
import { goOnCommand, type NotesContext } from '../storage/locate.ts'
import { lastChanged } from '../storage/notes-file.ts'
import { copiesBeside } from './copies.ts'

/* What people should know of notes besides their answers, as sentences. */

/** All of it, about one's own notes. `asked`: the guide that was named for them. */
export const remarksOn = async ({ path, guide, notes }: NotesContext, asked?: string): Promise<string[]> => [
  ...(notes
    ? [...strayRemarks(notes, guide), ...notesRemarks(path, notes), ...(await copyRemarks(path, notes))]
    : []),
  ...draftRemarks(path, notes, { guide: asked }),
]

/** Lines that other tools have left in the notes, and files that they or we have left beside them. */
export function notesRemarks(path: string, notes: Notes, name = path, names = namesIn): string[] {
  return [
    ...describeAll(notes.doubtful, { name, text: notes.source.text }),
    ...leftCopies(realTarget(path), names).map(
      copy =>
        `The computer stopped while ${name} was being saved. All of it is in ${copy}: compare the two, then delete the copy.`,
    ),
  ]
}

/** Answers that the guide asks for no more. */
export const strayRemarks = (notes: Notes, guide: Guide): string[] =>
  strayIds(notes, guide).map(id => {
    const { text } = answerIn(notes, id)
    return `No longer in the guide, but still in your notes: ${id} (${wordCount(text)})`
  })

/** Files beside the notes that look like copies of them. */
export async function copyRemarks(path: string, notes: Notes): Promise<string[]> {
  const copies = await copiesBeside(realTarget(path), notes.group)
  const told = 'looks like a copy of these notes. Compare the two, and keep one.'
  return copies.map(copy => `${join(dirname(path), copy)} ${told}`)
}

/** Words that are not in the notes yet. */
export function draftRemarks(
  path: string,
  notes: Notes | undefined,
  { whose = 'your notes', guide, index }: { whose?: string; guide?: string | undefined; index?: DraftIndex },
): string[] {
  return unsavedDrafts(path, notes?.answers ?? new Map(), index).map(
    ({ question, text }) =>
      `Not yet in ${whose}: what was being written at ${question} (${wordCount(text)}). To continue there: ${goOnCommand(path, guide)}`,
  )
}

/** Texts that go into a digest, with their places: only those are looked at. */
interface PlacedText {
  place: string
  line: number
  text: string
}

export const textsOf = (place: string, { source, spans, jotsSpan }: Notes): PlacedText[] =>
  [...spans.values(), ...(jotsSpan ? [jotsSpan] : [])]
    .sort((a, b) => a.line - b.line)
    .map(({ from, to, line }) => ({ place, line: line + 1, text: source.text.slice(from, to) }))

export const textsIn = (name: string, { row, answers, jots }: Said): PlacedText[] =>
  [...answers, ['jots', { text: jots }] as const].map(([id, { text }]) => ({
    place: `${name}, ${row === undefined ? '' : `row ${row}, `}${id}`,
    ...{ line: 1, text },
  }))

/** Names that an author wrote into their own notes: they are not anonymous, whatever we leave out. */
export function ownNames(name: string, texts: readonly PlacedText[], names: readonly (string | undefined)[]) {
  const fileName = basename(name).replace(/\.[a-z]{2,8}$|^.*\bnotes[-_ ]+/gi, '')
  const own = new Map([fileName, ...names].map((word = '') => [textKey(word), word]))
  // However the name is written.
  const ownIn = (line: string) =>
    [...own].filter(([key]) => key.length > 1 && ` ${textKey(line)} `.includes(` ${key} `))
  return texts.flatMap(({ place, line, text }) =>
    text
      .split('\n')
      .flatMap((words, i) =>
        ownIn(words).map(
          ([, one]) => `${place}:${line + i}: names its own group ("${one}"), which the digest repeats`,
        ),
      ),
  )
}

/** A line under the title: `Notes up to November 25, 2026`: when the last of them was written. */
export function upTo(taken: Iterable<string>): string {
  let latest = 0
  for (const path of taken) latest = Math.max(latest, lastChanged(path).getTime())
  return `Notes up to ${new Intl.DateTimeFormat('en-US', { dateStyle: 'long' }).format(latest)}`
}
