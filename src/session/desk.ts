import { answerTo, stored } from '../answers.ts'
import { UserError } from '../errors.ts'
import type { Desk } from '../face.ts'
import { versionOf } from '../files/durable.ts'
import type { Located } from '../files/locate.ts'
import { type Known, notesFile, readNotesFile, saveAnswer } from '../files/notes.ts'
import { rememberNotes } from '../files/remembered.ts'
import type { Beginning } from '../form.ts'
import type { QuestionId } from '../guide.ts'
import { requireSound } from '../notes.ts'
import { someoneThere } from './attendance.ts'

/**
 * The notes on disk as the walk sees them, read anew whenever somebody has written them, so that what others write
 * meanwhile simply appears. While an editor is just replacing the file, or has broken it, what was read last
 * counts; a save then tells.
 */
export function deskOf(
  { path, guide }: Pick<Located, 'path' | 'guide'>,
  beginning: Omit<Beginning, 'file'>,
  remember = someoneThere() ? rememberNotes : async () => {},
): Desk {
  const file = notesFile(path, guide, beginning)
  let remembered: Promise<void> | undefined
  let last: Known | undefined
  /** What was saved here, and what stood there before. */
  const ours = new Map<QuestionId, { before: string; text: string }>()

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
      const known = last
      const saved = await saveAnswer({ ...file, known }, id, answer, opened)
      const text = stored(answer.text)
      if (saved === 'both kept' || text === '' || text === opened) ours.delete(id)
      else ours.set(id, { before: opened, text })
      remembered ??= remember(path)
      await remembered
      if (saved === 'both kept') return saved
      return saved === 'created' && known ? 'written anew' : 'saved'
    },
    async putBack() {
      if (ours.size < 2) return []
      const answers = (await latest())?.answers ?? new Map()
      const undone = [...ours].filter(([id, { before }]) => answerTo(answers, id).text === before)
      for (const [id, { before, text }] of undone) {
        // Once: who takes it out again means it.
        ours.delete(id)
        await saveAnswer({ ...file, known: last }, id, { text, skipped: false }, before)
      }
      return undone.map(([id]) => id)
    },
  }
}
