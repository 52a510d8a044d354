import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { makeFolder, readText, writeDurably } from './atomic-file.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** The file in the user's state folder that holds the path of the notes last worked on, and nothing else. */
export function rememberedFile(
  env: Environment = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  const usual =
    platform === 'win32'
      ? env.LOCALAPPDATA || join(homedir(), 'AppData', 'Local')
      : join(homedir(), '.local', 'state')
  return join(env.XDG_STATE_HOME || usual, 'pl-stories', 'last-notes')
}

/** Where the person worked last; undefined if that is not known. */
export async function lastNotes(): Promise<string | undefined> {
  const path = await readText(rememberedFile()).catch(() => undefined)
  return path?.trim() || undefined
}

/** Remembers a path. It is a convenience: a home that cannot be written to is no reason to stop. */
export async function rememberNotes(path: string): Promise<void> {
  try {
    if ((await lastNotes()) === path) return
    const file = rememberedFile()
    await makeFolder(dirname(file))
    await writeDurably(file, `${path}\n`)
  } catch {
    // Nothing of the person's is in it.
  }
}
