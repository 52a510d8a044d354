import { mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, isAbsolute, join } from 'node:path'
import { UserError } from '../domain/errors.ts'
import type { FacilitationState, StepState } from '../domain/facilitation.ts'
import { hashOf } from '../domain/guide.ts'
import { attempt, realTarget, versionOf, writeAtomically, writtenAt } from './atomic-file.ts'
import { readJson, readText } from './io.ts'
import { sessionAlive, sessionName } from './lock.ts'

/* The user's state folder on this machine: the path of the notes last worked on, what columns mean, and drafts. */

/** The home folder; undefined for a user without one, as in some containers. */
export function homeFolder(): string | undefined {
  const home = attempt(homedir)
  return home && isAbsolute(home) ? home : undefined
}

/** Undefined if the user has no home. Only an absolute path counts in XDG's variables, as their specification says. */
function ownFolder(
  xdg: string | undefined,
  usual: string[],
  env = process.env,
  platform: string = process.platform,
): string | undefined {
  const windows = platform === 'win32'
  if (xdg && isAbsolute(xdg)) return join(xdg, 'pl-stories')
  if (windows && env.LOCALAPPDATA) return join(env.LOCALAPPDATA, 'pl-stories')
  const home = homeFolder()
  return home && join(home, ...(windows ? ['AppData', 'Local'] : usual), 'pl-stories')
}

export const stateFolder = (env = process.env, platform?: string) =>
  ownFolder(env.XDG_STATE_HOME, ['.local', 'state'], env, platform)
export const cacheFolder = () =>
  ownFolder(process.env.XDG_CACHE_HOME, process.platform === 'darwin' ? ['Library', 'Caches'] : ['.cache'])

const fileOf = (name: string) => {
  const folder = stateFolder()
  return folder && join(folder, name)
}

/** What a file of the state folder holds; undefined if there is none. */
async function readState(name: string): Promise<string | undefined> {
  const file = fileOf(name)
  return file && readText(file).catch(() => undefined)
}

/** A state is a convenience: a home that cannot be written to is no reason to stop. */
async function writeState(name: string, text: string): Promise<void> {
  const file = fileOf(name)
  if (!file || (await readState(name)) === text) return
  attempt(() => mkdirSync(dirname(file), { recursive: true, mode: 0o700 }))
  // Nothing of the person's is in it.
  await writeAtomically(file, [text]).catch(() => {})
}

const LAST_NOTES = 'last-notes'

/** Where the person worked last; undefined if that is not known. */
export const lastNotes = async (): Promise<string | undefined> =>
  (await readState(LAST_NOTES))?.trim() || undefined

export const rememberNotes = (path: string): Promise<void> => writeState(LAST_NOTES, `${path}\n`)

const COLUMNS = 'columns.json'
/** So many tables are remembered, the last ones. */
const MOST_TABLES = 100

/** A row of heads, with the question that was said to be meant by each column that is not clear. No answers. */
interface Matched {
  heads: string
  ids: [column: string, id: string][]
}

/** None where somebody has changed the file: then it is asked again. */
function matchedColumns(): Matched[] {
  const file = fileOf(COLUMNS)
  const list = file && readJson(file)
  return Array.isArray(list) ? list : []
}

/** What was said of the columns of a table with these heads, under the id of its guide. */
export async function columnsSaid(heads: string): Promise<Map<string, string> | undefined> {
  const found = matchedColumns().find(each => each.heads === heads)
  return found && new Map(found.ids)
}

export async function rememberColumns(heads: string, ids: ReadonlyMap<string, string>): Promise<void> {
  const others = matchedColumns().filter(each => each.heads !== heads)
  const all = [...others, { heads, ids: [...ids] }].slice(-MOST_TABLES)
  await writeState(COLUMNS, `${JSON.stringify(all, null, 1)}\n`)
}

/* Leading a room: kept beside the notes, except where its page is served. */

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
