import { mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, isAbsolute, join } from 'node:path'
import { attempt, writeAtomically } from './atomic-file.ts'
import { readText } from './io.ts'

/* The user's state folder on this machine: the path of the notes last worked on, what columns mean, and drafts. */

type Environment = Readonly<Record<string, string | undefined>>

/** The home folder; undefined for a user without one, as in some containers. */
export function homeFolder(): string | undefined {
  const home = attempt(homedir)
  return home && isAbsolute(home) ? home : undefined
}

/** Undefined if the user has no home. Only an absolute path counts in XDG's variables, as their specification says. */
function ownFolder(
  xdg: string | undefined,
  usual: string[],
  env: Environment = process.env,
  platform: string = process.platform,
): string | undefined {
  const windows = platform === 'win32'
  if (xdg && isAbsolute(xdg)) return join(xdg, 'pl-stories')
  if (windows && env.LOCALAPPDATA) return join(env.LOCALAPPDATA, 'pl-stories')
  const home = homeFolder()
  return home && join(home, ...(windows ? ['AppData', 'Local'] : usual), 'pl-stories')
}

export const stateFolder = (env: Environment = process.env, platform?: string) =>
  ownFolder(env.XDG_STATE_HOME, ['.local', 'state'], env, platform)
export const cacheFolder = () =>
  ownFolder(process.env.XDG_CACHE_HOME, process.platform === 'darwin' ? ['Library', 'Caches'] : ['.cache'])

const fileOf = (name: string) => {
  const folder = stateFolder()
  return folder && join(folder, name)
}

/** What a file of the state folder holds; undefined if there is none. */
export async function readState(name: string): Promise<string | undefined> {
  const file = fileOf(name)
  return file && readText(file).catch(() => undefined)
}

/** A state is a convenience: a home that cannot be written to is no reason to stop. */
export async function writeState(name: string, text: string): Promise<void> {
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

async function matchedColumns(): Promise<Matched[]> {
  try {
    const list: unknown = JSON.parse((await readState(COLUMNS)) ?? '[]')
    return Array.isArray(list) ? list : []
  } catch {
    // Somebody has changed the file: then it is asked again.
    return []
  }
}

/** What was said of the columns of a table with these heads, under the id of its guide. */
export async function columnsSaid(heads: string): Promise<Map<string, string> | undefined> {
  const found = (await matchedColumns()).find(each => each.heads === heads)
  return found && new Map(found.ids)
}

export async function rememberColumns(heads: string, ids: ReadonlyMap<string, string>): Promise<void> {
  const others = (await matchedColumns()).filter(each => each.heads !== heads)
  const all = [...others, { heads, ids: [...ids] }].slice(-MOST_TABLES)
  await writeState(COLUMNS, `${JSON.stringify(all, null, 1)}\n`)
}
