import type { ActionState, EarlierAction } from './actions.ts'
import type { Answer, Answers, Count, Jot } from './answers.ts'
import { type Guide, type Question, type QuestionId, whereIs } from './guide.ts'
import { PREVIOUS_ACTIONS } from './plan.ts'

/* Protocol between the interview, its UI and the notes store. */

export type Move = 'next' | 'back' | 'later' | 'skip' | 'leave' | { to: QuestionId }

/** The text goes with every move, so none can drop it. Only `erase` lets an empty text replace an answer. */
export interface Reply {
  text: string
  action: Move
  erase?: boolean
}

/** What is known when a question is asked. */
export interface QuestionContext {
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
  /** Whether there is no question before it. */
  first: boolean
  /** Whether it is the next open one, but not the next in order. */
  jump?: 'ahead' | 'back' | undefined
}

export interface Draft {
  question: QuestionId
  /** The answer in the notes when the person began to edit it. */
  opened: string
  text: string
  /** Offset into the text, in UTF-16 units. */
  caret: number
}

/** What came of a reply. `moved`: nothing changed and nothing need be said; `stays`: later or skip at an answer. */
export interface SaveResult {
  outcome:
    | ('saved' | 'both kept' | 'written again')
    | ('skipped' | 'erased' | 'kept' | 'stays' | 'left open' | 'moved' | 'not saved')
  question: Question
  /** Why it could not be saved, and whether a draft of it could. */
  reason?: string
  drafted?: boolean
  /** What was replied. */
  text: string
  count: Count
}

/** Why the interview begins where it does. */
export type Reason = 'draft' | 'resumed' | 'begun' | 'done'

/** Shown before a question; never waits for a key. */
export type IntroBlock =
  | {
      kind: 'welcome'
      guide: Guide
      fresh: boolean
      reason: Reason
      count: Count
      /** Whether only a part of the guide is asked. */
      limited: boolean
      /** Sentences the person should read before the first question. */
      remarks: readonly string[]
      at: Question | undefined
    }
  /** `named`: the question that follows says itself which section it is in. `watch`: its questions are about a video. */
  | { kind: 'section'; title: string; named: boolean; paragraphs: string[]; watch: boolean }
  | { kind: 'element'; title: string; paragraphs: string[] }
  | { kind: 'lead-in'; paragraphs: string[] }
  | { kind: 'notes'; guide: Guide; answers: Answers }

/** Who is asked: a person, a screen reader, a file, a test. */
export interface InterviewUi {
  show(block: IntroBlock): Promise<void>
  ask(context: QuestionContext): Promise<Reply>
  tell(result: SaveResult): void
  /** Tells whose answers another program has replaced by its older text, and asks whether to put them back. */
  offerPutBack(labels: readonly string[]): Promise<boolean | undefined>
  /** @returns undefined if the person would rather go on. */
  choose<T>(message: string, choices: readonly { name: string; value: T }[]): Promise<T | undefined>
  /** Every question has been asked. */
  end(ending: EndContext): Promise<EndChoice>
}

/** What is known when every question has been asked. */
export interface EndContext {
  guide: Guide
  answers: Answers
  /** Of the questions asked this time. */
  count: Count
  /** How many questions are open that are not asked this time. */
  elsewhere: number
}

/** `open`: ask the open questions again; `rest`: also those that were not asked this time. */
export type EndChoice = 'open' | 'rest' | 'leave' | { to: QuestionId }

/** The notes as the interview sees them. */
export interface NotesStore {
  answers(): Promise<Answers>
  /** The jots from the video, one a line. */
  jots(): Promise<string>
  /** The open actions of earlier rounds, and sentences about rounds that can't be read. */
  earlier(): Promise<{ actions: readonly EarlierAction[]; remarks: readonly string[] }>
  /** Changes the box of an action in the notes of its round. */
  settle(action: EarlierAction, state: ActionState): Promise<void>
  /**
   * @returns 'both kept' if the answer had changed since it was `opened` here; 'written again' if the notes were gone
   * and were written again with all that was known here.
   */
  save(id: QuestionId, answer: Answer, opened: string): Promise<'saved' | 'both kept' | 'written again'>
  /**
   * The answers saved here that are in the notes as they were before, each told once. Until it is said what is to be
   * done, they are drafts.
   */
  undone(): Promise<QuestionId[]>
  /** Saves what was told last again as it was saved here, or lets go of it. */
  putBack(wanted: boolean): Promise<void>
}

/** What is typed at a question, as a draft that remembers which answer it began from. */
export function draftOf(context: QuestionContext, text: string, caret = text.length) {
  const { guide, question, answer, draft } = context
  // What became of an earlier action has its place in the answer about the next ones.
  const [action = question] = guide.action.questions
  const { id } = question.id === PREVIOUS_ACTIONS ? action : question
  return { question: id, opened: draft?.opened ?? answer.text, text, caret }
}

const NOT_PART = 'The question, for reference. Write below it: this comment is removed when you come back.'

/** The question as a comment, which an editor shows above the answer. */
export function commentOn({ guide, question }: QuestionContext): string {
  const { parts, count } = whereIs(guide, question)
  const asked = question.text.replaceAll('--', '- -')
  return `<!-- ${NOT_PART}\n${count} · ${parts.join(' · ')}\n${asked} -->\n\n`
}

/** The text without that comment, wherever it is now. */
export function withoutComment(text: string): string {
  const from = text.indexOf(`<!-- ${NOT_PART}`)
  const to = from < 0 ? -1 : text.indexOf('-->', from)
  return to < 0 ? text : text.slice(0, from) + text.slice(to + '-->'.length).replace(/^[\r\n]+/, '')
}
