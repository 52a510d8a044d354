import type { QuestionId } from '../domain/guide.ts'
import type { Draft, InterviewUi } from '../domain/interview-protocol.ts'
import type { Group } from '../domain/plan.ts'

/** What a UI needs of the session it serves. */
export interface SessionServices {
  /** Where the answers are saved. */
  notesPath: string
  /**
   * Keeps what is being typed, so that a crash costs at most two seconds of it; `now` for much at once.
   */
  saveDraft(draft: Draft, now?: boolean): void
  /** What to tell at once, as long as it is so: that what was typed could not be kept. */
  draftTrouble(): string | undefined
  /** Writes the draft at once. @returns whether it could be written. */
  flush(): boolean
  /**
   * Keeps words that have no place in the notes yet, such as a jot in mid-line, in the same way: if the session breaks
   * off, they come up at the question. An empty text lets go of them.
   */
  saveScratch(text: string, question?: QuestionId): void
  /** Aborted when the session must end: the UI then replies `leave` at once, with the text it holds. */
  leaving: AbortSignal
  /** Ends the session, with this exit code. */
  stop(exitCode: number): void
  /** The notes, or a part of them, to read: as Markdown, or as lines to be read aloud. */
  notesToRead(selectors: readonly string[], form: 'markdown' | 'aloud'): Promise<string>
  /** The formats in which the end of a session offers the notes; none where a group's notes are captured. */
  formats?(): Promise<readonly string[]>
  /** Writes the notes beside them in a format. @returns its path, and what to tell of it. */
  makeDocument?(format: string): Promise<MadeDocument>
  /** Milliseconds, for stopwatches. */
  clock(): number
  /** Set while something is captured in a led room. */
  capturing?: Capturing | undefined
  /** Saves a line written while watching. */
  jot(line: string): Promise<void>
  /**
   * Lets the person go on with the text in their own editor, below `above`, which is removed afterwards. `closed` asks
   * whether an editor that came back at once is done.
   */
  edit(text: string, above: string, closed: () => Promise<boolean>): Promise<Edited>
}

export interface MadeDocument {
  path?: string
  told: string
}

/** What came back from an editor: the text, and a sentence for the person where there is something to say. */
export interface Edited {
  text: string
  remark?: string
}

/** A UI with a beginning and an end. */
export interface ClosableUi extends InterviewUi {
  /** Whether the input ended, so that nobody chose to leave. */
  inputEnded(): boolean
  close(): Promise<void>
}

/** What a writing UI shows and asks while it captures what a group of a led room says. */
export interface Capturing {
  /** Whose answer it is, and the time left. */
  heading(): string
  /** Whether a word is a command of the room, which may be meant rather than text. */
  isCommand(word: string): boolean
  /** Obeys such a line as soon as the capture has ended. */
  run(line: string): void
}

/** What one group has given so far. */
export interface GroupSummary {
  /** Undefined where the room is one. */
  group: Group | undefined
  notesPath: string
  answered: number
  words: number
  jots: number
  /** Its actions, a line each. */
  actions: string[]
}

/** What a UI needs of the led room that it serves. */
export interface FacilitationServices extends SessionServices {
  /** The room's clock, in milliseconds. */
  now(): number
  /** How many milliseconds passed, until now, in which the program was closed or the computer slept. */
  away(): number
  given(): Promise<GroupSummary[]>
  /** A moment as people say it here, such as 16:30 or 4:30 pm. */
  timeOf(ms: number): string
  /**
   * The next moment at which it is that time.
   * @throws UserError if the word is not a time.
   */
  momentOf(word: string): number
  /** Makes the digest of all groups and the brief summary. @returns what to tell of it, line by line. */
  share(): Promise<string[]>
  /** What a group has written, as a document to read. */
  read(group: Group | undefined): Promise<string>
  /** Saves a note of the room itself. */
  roomNote(line: string): Promise<void>
  /** Serves the room page and opens it in the browser. @returns its address. */
  openPage(): Promise<string>
  /** The address of the room page, while it is served. */
  page(): string | undefined
}
