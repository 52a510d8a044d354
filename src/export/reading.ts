import type { Answers } from '../domain/answers.ts'
import type { Guide, Question } from '../domain/guide.ts'
import type { Notes } from '../notes/notes.ts'
import { aloud } from './aloud.ts'
import type { Document } from './document.ts'
import { guideDocument } from './guide-document.ts'
import { markdown } from './markdown.ts'
import { notesDocument } from './notes-document.ts'

/* What people read in the terminal: as Markdown, or as lines to be read aloud. */

export type Form = 'markdown' | 'aloud'

export function guideToRead(guide: Guide, form: Form): string {
  return text(guideDocument(guide, undefined, { title: guide.title, facts: [guide.subtitle] }), form)
}

export function notesToRead(guide: Guide, notes: Notes, form: Form): string {
  return text(notesDocument(guide, notes), form)
}

/** Some questions with what was said to them, without the guide's own paragraphs. */
export function partToRead(guide: Guide, answers: Answers, only: readonly Question[], form: Form): string {
  const wish = { title: `${guide.title}: notes`, facts: [], only, terse: true }
  // What somebody reads in the middle of their work, they know the source of.
  return text({ ...guideDocument(guide, { answers, jots: '' }, wish), source: '' }, form)
}

const FORMS = { markdown, aloud }
const text = (document: Document, form: Form) => [...FORMS[form](document)].join('')
