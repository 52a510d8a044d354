import { dirname, join } from 'node:path'
import { UserError } from '../domain/errors.ts'
import type { FacilitationState, StepState } from '../domain/facilitation.ts'
import { hashOf } from '../notes/digest.ts'
import { realTarget, versionOf, writeAtomically, writtenAt } from './atomic-file.ts'
import { readJson } from './io.ts'
import { sessionAlive, sessionName } from './lock.ts'
import { readState, writeState } from './state.ts'

/** What is kept of leading a plan: the session, who took part, and what the steps took the time before. */
export interface KeptSession {
  leading: FacilitationState
  groups: { label: string; element?: string | undefined; file?: string | undefined }[]
  before?: StepState[] | undefined
  /** Whether somebody said a time with am or pm. */
  twelve?: boolean | undefined
  /** Which process leads the room, as {@link sessionName} names it. */
  by?: string | undefined
}

const isNumber = (value: unknown) => typeof value === 'number'
const isText = (value: unknown) => typeof value === 'string'
const isStep = (step: Partial<StepState> | null) =>
  isText(step?.id) && [step?.planned, step?.allotted, step?.actual].every(isNumber)

/** Whether this is what was kept. The file lies beside the notes, where somebody may have changed it. */
function isKept(read: unknown): read is KeptSession {
  const kept = (read ?? {}) as Partial<KeptSession> & { format?: unknown }
  const { groups, before = [], by = '' } = kept
  const { steps, at, over, startedAt = 0, since = 0, seen = 0, until = 0 } = kept.leading ?? {}
  const lists = [steps, before, groups].every(Array.isArray)
  if (kept.format !== 1 || !lists || ![at, over, startedAt, since, seen, until].every(isNumber)) return false
  const names = groups?.flatMap(({ label, element = '', file = '' }) => [label, element, file]) ?? []
  return [...(steps ?? []), ...before].every(isStep) && [...names, by].every(isText)
}

/** On another machine a room is led as long as its file is written this often. */
const ELSEWHERE_MS = 45_000

/** `.PLAN.session.json` beside the notes: where a room is in its plan, planned and actual minutes. */
export class SessionFile {
  readonly path: string
  #last: Promise<void> = Promise.resolve()
  #version = ''
  #kept: KeptSession | undefined
  /** Another process from which this one has taken the room over. */
  #overruled: string | undefined

  constructor(notesPath: string, plan: string) {
    this.path = join(dirname(notesPath), `.${plan}.session.json`)
  }

  /**
   * What is kept; undefined if the plan was never led here.
   * @throws UserError if somebody changed the file so that it cannot be read.
   */
  async read(): Promise<KeptSession | undefined> {
    const version = versionOf(this.path)
    if (version !== this.#version || version === '') {
      const kept = version === '' ? undefined : readJson(this.path)
      if (version !== '' && !isKept(kept))
        throw new UserError(
          `${this.path} keeps the clock of this plan and can't be read. Delete it to start the plan over; what the groups have written stays.`,
        )
      this.#kept = kept as KeptSession | undefined
      this.#version = version
    }
    return this.#kept
  }

  /** What another process that still runs has kept, and not this one; undefined if none leads the room. */
  async ledElsewhere(): Promise<KeptSession | undefined> {
    const kept = await this.read()
    const { by } = kept ?? {}
    if (by === undefined || by === sessionName() || by === this.#overruled) return undefined
    return sessionAlive(by, writtenAt(this.path) ?? 0, ELSEWHERE_MS) ? kept : undefined
  }

  /** From now on this process leads the room, whoever did. */
  takeOver(): void {
    this.#overruled = this.#kept?.by
  }

  /** Writes one after the other, so that the last is what stands. */
  write(kept: KeptSession): Promise<void> {
    const content = `${JSON.stringify({ format: 1, ...kept, by: sessionName() }, null, 2)}\n`
    const write = async () => {
      await writeAtomically(realTarget(this.path), content)
    }
    this.#last = this.#last.then(write, write)
    return this.#last
  }
}

/** Where the room page of a session was served last, so that a page left open finds it again. */
export async function roomAddress(session: SessionFile): Promise<{ port: number; path: string } | undefined> {
  const [, port, path] = /^(\d+) (\w{16,})\n$/.exec((await readState(addressOf(session))) ?? '') ?? []
  return path === undefined ? undefined : { port: Number(port), path }
}

export const keepRoomAddress = (session: SessionFile, { port, path }: { port: number; path: string }) =>
  writeState(addressOf(session), `${port} ${path}\n`)

const addressOf = ({ path }: SessionFile) => `room-${hashOf(path).toString(36)}`

/** What the steps took in the last session that was led to its end, or else in the one that stands open. */
export function lastTimes(kept: KeptSession | undefined): StepState[] | undefined {
  if (!kept) return undefined
  const { leading, before } = kept
  const ended = leading.at >= leading.steps.length
  return ended ? leading.steps : (before ?? (leading.startedAt === undefined ? undefined : leading.steps))
}
