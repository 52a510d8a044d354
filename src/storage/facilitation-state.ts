import { statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import * as z from 'zod/mini'
import { UserError } from '../domain/errors.ts'
import type { FacilitationState, StepState } from '../domain/room-clock.ts'
import { hashOf } from '../notes/digest.ts'
import { parseYaml } from '../schema/yaml.ts'
import { makeFolder, readText, realTarget, versionOf, writeAtomically } from './atomic-file.ts'
import { sessionAlive, sessionName } from './lock.ts'
import { stateFolder } from './state.ts'

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

const number = z.number()
const step = z.strictObject({ id: z.string(), planned: number, allotted: number, actual: number })
const session = z.strictObject({
  format: z.literal(1),
  leading: z.strictObject({
    steps: z.array(step),
    at: number,
    startedAt: z.optional(number),
    since: z.optional(number),
    seen: z.optional(number),
    until: z.optional(number),
    over: number,
  }),
  groups: z.array(
    z.strictObject({ label: z.string(), element: z.optional(z.string()), file: z.optional(z.string()) }),
  ),
  before: z.optional(z.array(step)),
  twelve: z.optional(z.boolean()),
  by: z.optional(z.string()),
})
const SESSION = { kind: 'session', schema: session }

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
      const text = await readText(this.path)
      this.#kept = text === undefined ? undefined : this.#parsed(text)
      this.#version = version
    }
    return this.#kept
  }

  #parsed(text: string): KeptSession {
    try {
      return parseYaml({ name: this.path, text }, SESSION)
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      throw new UserError(
        `${this.path} keeps the clock of this plan and can't be read. Delete it to start the plan over; what the groups have written stays.`,
      )
    }
  }

  /** What another process that still runs has kept, and not this one; undefined if none leads the room. */
  async ledElsewhere(): Promise<KeptSession | undefined> {
    const kept = await this.read()
    const { by } = kept ?? {}
    if (by === undefined || by === sessionName() || by === this.#overruled) return undefined
    const writtenAt = statSync(this.path, { throwIfNoEntry: false })?.mtimeMs ?? 0
    return sessionAlive(by, writtenAt, ELSEWHERE_MS) ? kept : undefined
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
export async function roomAddress({
  path,
}: SessionFile): Promise<{ port: number; path: string } | undefined> {
  const text = await readText(addressFile(path) ?? '').catch(() => undefined)
  const [, port, token] = /^(\d+) (\w{16,})\n$/.exec(text ?? '') ?? []
  return token === undefined ? undefined : { port: Number(port), path: token }
}

/** Keeps it, if this user has a folder for that: without one the page is served all the same. */
export async function keepRoomAddress(
  { path }: SessionFile,
  { port, path: token }: { port: number; path: string },
): Promise<void> {
  const file = addressFile(path)
  if (file === undefined) return
  await makeFolder(dirname(file)).catch(() => {})
  await writeAtomically(file, `${port} ${token}\n`).catch(() => {})
}

const addressFile = (session: string) => {
  const folder = stateFolder()
  return folder && join(folder, `room-${hashOf(session).toString(36)}`)
}

/** What the steps took in the last session that was led to its end, or else in the one that stands open. */
export function lastTimes(kept: KeptSession | undefined): StepState[] | undefined {
  if (!kept) return undefined
  const { leading, before } = kept
  const ended = leading.at >= leading.steps.length
  return ended ? leading.steps : (before ?? (leading.startedAt === undefined ? undefined : leading.steps))
}
