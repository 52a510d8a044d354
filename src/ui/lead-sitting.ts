import type { Group } from '../domain/plan.ts'
import type { Sitting } from './session-port.ts'

/** What one group has given so far. */
export interface GroupGave {
  /** Undefined where the room is one. */
  group: Group | undefined
  notesPath: string
  answered: number
  words: number
  jots: number
}

/** What a face needs to know of the session of leading that it serves. */
export interface LeadSitting extends Sitting {
  given(): Promise<GroupGave[]>
  /** A moment as people say it here, such as 16:30. */
  timeOf(ms: number): string
  /**
   * The next moment at which it is that time.
   * @throws UserError if the word is no time of day.
   */
  momentOf(word: string): number
  /** Makes the digest of all groups and the brief summary. @returns what to tell of it, line by line. */
  share(): Promise<string[]>
  /** What a group has written, as a document to read. */
  read(group: Group | undefined): Promise<string>
}
