import { homedir } from 'node:os'
import { dirname, isAbsolute, join } from 'node:path'
import { makeFolder, readText, writeAtomically } from './atomic-file.ts'

/* The user's state folder on this machine: the path of the notes last worked on, and drafts. */

type Environment = Readonly<Record<string, string | undefined>>

/** The home folder; undefined for a user without one, as in some containers. */
export function homeFolder(): string | undefined {
  try {
    const home = homedir()
    return isAbsolute(home) ? home : undefined
  } catch {
    return undefined
  }
}

/** Undefined if the user has no home. Only an absolute XDG_STATE_HOME counts, as its specification says. */
export function stateFolder(
  env: Environment = process.env,
  platform: NodeJS.Platform = process.platform,
): string | undefined {
  const { XDG_STATE_HOME = '', LOCALAPPDATA = '' } = env
  if (isAbsolute(XDG_STATE_HOME)) return join(XDG_STATE_HOME, 'pl-stories')
  if (platform === 'win32' && LOCALAPPDATA !== '') return join(LOCALAPPDATA, 'pl-stories')
  const home = homeFolder()
  const usual = platform === 'win32' ? ['AppData', 'Local'] : ['.local', 'state']
  return home && join(home, ...usual, 'pl-stories')
}

const rememberedFile = () => {
  const folder = stateFolder()
  return folder && join(folder, 'last-notes')
}

/** Where the person worked last; undefined if that is not known. */
export async function lastNotes(): Promise<string | undefined> {
  const file = rememberedFile()
  const path = file && (await readText(file).catch(() => undefined))
  return path?.trim() || undefined
}

/** Remembers a path. It is a convenience: a home that cannot be written to is no reason to stop. */
export async function rememberNotes(path: string): Promise<void> {
  const file = rememberedFile()
  if (!file || (await lastNotes()) === path) return
  try {
    await makeFolder(dirname(file))
    await writeAtomically(file, [`${path}\n`])
  } catch {
    // Nothing of the person's is in it.
  }
}
