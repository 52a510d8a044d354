import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The project's folder, seen from here as from the benchmark's bundle in dist/. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url))
export const BIN = join(ROOT, 'bin', 'pl-stories.js')

/** An environment in which nothing of the person running this shows. */
export function plainEnv(folder: string, env: Record<string, string> = {}): Record<string, string> {
  const { PATH = '' } = process.env
  return {
    PATH,
    HOME: folder,
    XDG_STATE_HOME: `${folder}.state`,
    LANG: 'C.UTF-8',
    TERM: 'xterm-256color',
    ...env,
  }
}
