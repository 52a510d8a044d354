import { type Answers, answerTo, normalizeAnswer } from '../domain/answers.ts'
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
 * The notes on disk as the interview sees them, read again whenever somebody has written them, so that what others write
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
  const lost = new Map<QuestionId, Ours | undefined>()
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
      undone = known ? undoneIn(ours, known.notes.answers).filter(each => each !== id) : []
      const saved = await saveAnswer({ ...file, known }, id, answer, opened)
      const text = normalizeAnswer(answer.text)
      if (saved === 'both kept' || text === '' || text === opened) ours.delete(id)
      else ours.set(id, { before: opened, text })
      remembered ??= remember(path)
      await remembered
      if (saved === 'both kept') return saved
      return saved === 'created' && known ? 'written again' : 'saved'
    },
    async earlier() {
      if ((await latest())?.previous === undefined) return { actions: [], remarks: [] }
      const { actions, remarks } = await (await import('./rounds.ts')).earlierActions(path, guide)
      return { actions: actions.filter(({ state }) => state === 'open'), remarks }
    },
    async settle(action, state) {
      await (await import('./rounds.ts')).settle(action, state, guide)
    },
    undone() {
      const told = undone.splice(0)
      for (const id of told) lost.set(id, ours.get(id))
      // Once: whoever leaves them so means it.
      for (const id of told) ours.delete(id)
      return told
    },
    async putBack(ids) {
      for (const id of ids) {
        const { before = '', text = '' } = lost.get(id) ?? {}
        await saveAnswer(file, id, { text, skipped: false }, before)
        ours.set(id, { before, text })
      }
    },
  }
}

/** What was saved here, and what stood there before. */
interface Ours {
  before: string
  text: string
}

/** Of what was saved here, what is in the notes as it was before. */
const undoneIn = (ours: ReadonlyMap<QuestionId, Ours>, answers: Answers): QuestionId[] =>
  [...ours].flatMap(([id, { before }]) => {
    const { text, skipped } = answerTo(answers, id)
    return text === before && !skipped ? [id] : []
  })
