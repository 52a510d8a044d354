import type { Answer, Answers, Count } from './answers.ts'
import type { Guide, Question, QuestionId } from './guide.ts'
import type { Jot } from './jots.ts'
import type { Passage } from './passages.ts'

/* What the walk and those whom it leads say to each other, and what it asks of the notes. */

export type Move = 'next' | 'back' | 'later' | 'skip' | 'leave' | { to: QuestionId }

/** The text goes with every move, so none can drop it. Only `erase` lets an empty text replace an answer. */
export interface Reply {
  text: string
  then: Move
  erase?: boolean
}

/** What is known when a question is asked. */
export interface Context {
  guide: Guide
  question: Question
  /** The answer as it stands in the notes. */
  answer: Answer
  /** What was being typed when the last session broke off. */
  draft?: Draft
  /** The story question that this one compares with, and the user's own answer to it. */
  story?: { question: Question; text: string }
  /** What was written down while watching that belongs to this question, and is not in its answer. */
  jots: readonly Jot[]
  answers: Answers
  count: Count
  /** Those that are asked in turn. */
  route: readonly Question[]
}

export interface Draft {
  question: QuestionId
  /** The answer in the notes from which the person set out. */
  opened: string
  text: string
  /** Offset into the text, in UTF-16 units. */
  caret: number
}

/** What a face is told after a reply. `moved`: nothing changed and nothing need be said; `first`: there is nothing further back. */
export interface News {
  what:
    | ('saved' | 'both kept' | 'written anew')
    | ('skipped' | 'erased' | 'kept' | 'left open' | 'moved' | 'first' | 'not saved')
  question: Question
  /** Why it could not be saved, and whether a draft of it could. */
  reason?: string
  drafted?: boolean
  /** Questions whose answers were put back, because the file had lost them. */
  putBack?: readonly QuestionId[]
  /** What was replied. */
  text: string
  count: Count
}

/** Whoever is led through the guide: a person, a screen reader, a file, a test. */
export interface Face {
  show(passage: Passage): Promise<void>
  ask(context: Context): Promise<Reply>
  tell(news: News): void
  /** Every question of this walk has been put. */
  end(ending: Ending): Promise<Onward>
}

/** What is known when a walk has come to its end. */
export interface Ending {
  guide: Guide
  answers: Answers
  /** Of what this walk asks. */
  count: Count
  /** How many questions are open that this walk does not ask. */
  elsewhere: number
}

/** `open`: once more over what is open; `rest`: also what this walk did not ask. */
export type Onward = 'open' | 'rest' | 'leave' | { to: QuestionId }

/** The notes as the walk sees them. */
export interface Desk {
  answers(): Promise<Answers>
  /** The watching notes, one a line. */
  jots(): Promise<string>
  /**
   * @returns 'both kept' if the answer had changed since it was `opened` here; 'written anew' if the notes were gone,
   * so that they were made again with all that was known here.
   */
  save(id: QuestionId, answer: Answer, opened: string): Promise<'saved' | 'both kept' | 'written anew'>
  /**
   * Puts back answers that have been saved here and stand in the notes as they were before: an editor beside it has
   * saved its old text. @returns their questions.
   */
  putBack(): Promise<QuestionId[]>
}
