import { answerTo, normalizeAnswer } from '../domain/answers.ts'
import { UserError } from '../domain/errors.ts'
import type { QuestionId } from '../domain/guide.ts'
import type { NotesStore } from '../domain/interview-protocol.ts'
import { type Beginning, requireSound } from '../notes/notes.ts'

import { versionOf } from '../storage/atomic-file.ts'
import type { NotesContext } from '../storage/locate.ts'

import { type Known, notesFile, readNotesFile, saveAnswer } from '../storage/notes-file.ts'
import { rememberNotes } from '../storage/state.ts'
import { isAttended } from '../ui/environment.ts'

/**
 * The notes on disk as the walk sees them, read anew whenever somebody has written them, so that what others write
 * meanwhile simply appears. While an editor is just replacing the file, or has broken it, what was read last
 * counts; a save then tells.
 */
export function notesStore(
  { path, guide }: Pick<NotesContext, 'path' | 'guide'>,
  beginning: Omit<Beginning, 'file'>,
  remember = isAttended() ? rememberNotes : async () => {},
): NotesStore {
  const file = notesFile(path, guide, beginning)
  let remembered: Promise<void> | undefined
  let last: Known | undefined
  const ours = new Map<QuestionId, Ours>()
  let undone: QuestionId[] = []

  const read = async () => {
    const version = versionOf(path)
    if (last?.version === version) return
    const now = await readNotesFile(path)
    if (now) last = { version, notes: requireSound(now, guide) }
  }
  const latest = async () => {
    await read().catch(error => {
      if (!last || !(error instanceof UserError)) throw error
    })
    return last?.notes
  }
  return {
    answers: async () => (await latest())?.answers ?? new Map(),
    jots: async () => (await latest())?.jots ?? '',
    async save(id, answer, opened) {
      const known = (await latest()) && last
      const whole = fingerprint(known)
      undone = undoneIn(ours, known, whole).filter(each => each !== id)
      const saved = await saveAnswer({ ...file, known }, id, answer, opened)
      const text = normalizeAnswer(answer.text)
      if (saved === 'both kept' || text === '' || text === opened) ours.delete(id)
      else ours.set(id, { before: opened, text, whole })
      remembered ??= remember(path)
      await remembered
      if (saved === 'both kept') return saved
      return saved === 'created' && known ? 'written again' : 'saved'
    },
    async putBack() {
      const ids = undone
      undone = []
      for (const id of ids) {
        const text = ours.get(id)?.text ?? ''
        // Once: who takes it out again means it.
        ours.delete(id)
        await saveAnswer(file, id, { text, skipped: false }, text)
      }
      return ids
    },
  }
}

/** What was saved here, what stood there before, and how the whole file was then. */
interface Ours {
  before: string
  text: string
  whole: string
}

/**
 * Of what was saved here, what an editor has undone that saved its old text. Who takes out a single answer means it,
 * unless the whole file is as it was.
 */
function undoneIn(
  ours: ReadonlyMap<QuestionId, Ours>,
  known: Known | undefined,
  whole: string,
): QuestionId[] {
  const undone = [...ours].filter(([id, { before }]) => {
    const { text, skipped } = answerTo(known?.notes.answers ?? new Map(), id)
    return text === before && !skipped
  })
  const surely = undone.length > 1 || undone.some(([, each]) => each.whole === whole)
  return known && surely ? undone.map(([id]) => id) : []
}

const LONG = 2_000_000

/** The same for the same text, and hardly for another; of a very long one its length has to do. */
function fingerprint(known: Known | undefined): string {
  const text = known?.notes.source.text ?? ''
  let hash = 0
  // FNV-1a: to load a library for it takes longer than a start may.
  for (let i = 0; i < text.length && text.length <= LONG; i++)
    hash = Math.imul(hash ^ text.charCodeAt(i), 16_777_619)
  return `${text.length}:${hash}`
}
