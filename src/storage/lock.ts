import { closeSync, openSync, readFileSync, rmSync, unlinkSync, writeSync } from 'node:fs'
import { rename, stat, unlink } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { UserError } from '../domain/errors.ts'

const PATIENCE_MS = 5000
/** A lock is held for one read, change and write. One this old belongs to a process id that was given out again. */
const STALE_MS = 60_000
/** Between making the lock and writing the process id into it lies an instant in which the file is empty. */
const EMPTY_MS = 1000

export function processAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

export interface Held {
  /** Whether the lock is still ours; a machine that slept through a save may have lost it, or see `takeOver`. */
  ours(): boolean
  release(): void
}

/**
 * Takes the lock: a file made exclusively, with the process id inside. One left by a dead process is taken over,
 * and `afterCrash` is told that process's id so that its litter can be cleared.
 * @throws UserError (exit 3) after five seconds; the system's error if the file cannot be made.
 */
export async function takeLock(path: string, afterCrash: (pid: number) => Promise<void>): Promise<Held> {
  const mine = `${process.pid} ${performance.timeOrigin} ${performance.now()}`
  const started = Date.now()
  for (let wait = 1; ; wait = Math.min(wait * 2, 50)) {
    if (make(path, mine))
      return {
        ours: () => content(path) === mine,
        release() {
          if (content(path) === mine) rmSync(path, { force: true })
        },
      }
    const dead = await deadHolder(path)
    if (dead !== undefined) await takeOver(path, dead, afterCrash)
    else if (Date.now() - started > PATIENCE_MS) {
      throw new UserError(
        `Another program has been saving these notes for five seconds (${path}). Try again; if nothing else is running, delete that file.`,
        3,
      )
    } else await sleep(wait + Math.random() * wait)
  }
}

function make(path: string, mine: string): boolean {
  let file: number
  try {
    file = openSync(path, 'wx', 0o600)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    // Windows answers EPERM while a deleted file is still open elsewhere.
    if (code === 'EEXIST' || (code === 'EPERM' && process.platform === 'win32')) return false
    throw error
  }
  try {
    writeSync(file, mine)
  } catch (error) {
    unlinkSync(path)
    throw error
  } finally {
    closeSync(file)
  }
  return true
}

function content(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

/** What stands in the lock if its holder is gone. */
async function deadHolder(path: string): Promise<string | undefined> {
  const held = content(path)
  const since = await stat(path).catch(() => undefined)
  if (held === undefined || !since) return undefined
  const age = Date.now() - since.mtimeMs
  const pid = Number.parseInt(held, 10)
  if (Number.isNaN(pid)) return age > EMPTY_MS ? held : undefined
  return !processAlive(pid) || age > STALE_MS ? held : undefined
}

/**
 * Two processes may find the same dead lock. Each renames what it finds to a name of its own and looks again:
 * who has moved somebody's fresh lock aside puts it back. Its holder asks `ours` before the notes are replaced,
 * cannot have replaced them meanwhile without it, and begins again.
 */
async function takeOver(
  path: string,
  dead: string,
  afterCrash: (pid: number) => Promise<void>,
): Promise<void> {
  const aside = `${path}.${process.pid}.tmp`
  const moved = await rename(path, aside).then(
    () => true,
    () => false,
  )
  if (!moved) return
  if (content(aside) !== dead) {
    await rename(aside, path)
    return
  }
  await unlink(aside)
  const pid = Number.parseInt(dead, 10)
  if (!Number.isNaN(pid) && !processAlive(pid)) await afterCrash(pid)
}
