import type { Answers } from '../answers.ts'
import type { Guide, Question } from '../guide.ts'
import type { Notes } from '../notes.ts'
import { guideDocument } from './guide-document.ts'
import { markdown } from './markdown.ts'
import { notesDocument } from './notes-document.ts'

/* What people read in the terminal, as Markdown. */

export function guideToRead(guide: Guide): string {
  return text(markdown(guideDocument(guide, [], { title: guide.title, facts: [guide.subtitle] })))
}

export function notesToRead(guide: Guide, notes: Notes): string {
  return text(markdown(notesDocument(guide, notes)))
}

/** Some questions with what was said to them, without the guide's own paragraphs. */
export function partToRead(guide: Guide, answers: Answers, only: readonly Question[]): string {
  const wish = { title: `${guide.title}: notes`, facts: [], only, terse: true }
  return text(markdown(guideDocument(guide, [{ answers, jots: '' }], wish)))
}

const text = (pieces: Iterable<string>) => [...pieces].join('')
