import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The project's folder, seen from here as from the benchmark's bundle in dist/. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url))
export const BIN = join(ROOT, 'bin', 'pl-stories.js')
/** How the tests call the program: the built package, or the single executable file that is named. */
export const PROGRAM: readonly [string, ...string[]] = process.env.PL_STORIES_BINARY
  ? [resolve(process.env.PL_STORIES_BINARY)]
  : [process.execPath, BIN]

/** An environment in which nothing of the person running this shows. */
export function plainEnv(folder: string, env: Record<string, string> = {}): Record<string, string> {
  const { PATH = '' } = process.env
  return {
    PATH,
    HOME: folder,
    XDG_STATE_HOME: `${folder}.state`,
    XDG_CACHE_HOME: `${folder}.state/cache`,
    LANG: 'C.UTF-8',
    TERM: 'xterm-256color',
    ...env,
  }
}
