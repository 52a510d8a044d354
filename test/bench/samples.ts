import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Guide } from '../../src/domain/guide.ts'
import { blankNotes, readNotes, withAnswers } from '../../src/notes/notes.ts'
import { parseGuide } from '../support/guides.ts'
import { ROOT } from '../support/place.ts'

export const WORDS = 'They look at data every month, and so should we. '

export const EQUITY = parseGuide({
  name: 'equity.yaml',
  text: readFileSync(join(ROOT, 'guide', 'equity.yaml'), 'utf8'),
})

/** Notes in which every question has the text that belongs to its id. */
export function filledNotes(guide: Guide, text: (id: string) => string): string {
  const notes = readNotes({ name: 'notes.md', text: blankNotes(guide, { file: 'notes.md' }) })
  const answers = new Map(guide.questions.map(({ id }) => [id, { text: text(id), skipped: false }]))
  return withAnswers(notes, guide, answers)
}
