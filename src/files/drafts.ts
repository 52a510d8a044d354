import {
  closeSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { open } from 'node:fs/promises'
import { uptime } from 'node:os'
import { basename, dirname, join } from 'node:path'
import type { Draft } from '../walk.ts'
import { besides } from './durable.ts'
import { processAlive } from './lock.ts'

const AFTER_LAST_KEY_MS = 250
const AT_LATEST_MS = 1000

/**
 * What is being typed in one session, kept beside the notes under this process's id. A draft is written a quarter
 * of a second after the last key and every second while somebody types steadily; never later.
 */
export class DraftFile {
  readonly #path: string
  #latest: Draft | undefined
  #soon: NodeJS.Timeout | undefined
  #latestBy: NodeJS.Timeout | undefined
  /** Counts what was kept, so that a slow write never replaces a newer one. */
  #version = 0

  /** `target` is the notes file itself, not a link to it. */
  constructor(target: string) {
    this.#path = besides(target, 'draft')
  }

  keep(draft: Draft): void {
    this.#latest = draft
    this.#version++
    clearTimeout(this.#soon)
    this.#soon = setTimeout(() => this.#write(), AFTER_LAST_KEY_MS)
    this.#latestBy ??= setTimeout(() => this.#write(), AT_LATEST_MS)
  }

  /** For pastes and leaving, where much would be lost at once. */
  keepNow(draft: Draft): void {
    this.#latest = draft
    this.#write()
  }

  latest(): Draft | undefined {
    return this.#latest
  }

  /** Takes over the draft of a session that broke off. */
  adopt(left: LeftDraft): void {
    this.#latest = left.draft
    renameSync(left.path, this.#path)
  }

  /** Writes at once and waits for it: for signals and errors. */
  flush(): void {
    this.#stopTimers()
    if (!this.#latest) return
    this.#version++
    const temporary = `${this.#path}.tmp`
    const file = openSync(temporary, 'w', 0o600)
    try {
      writeSync(file, JSON.stringify(this.#latest))
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameSync(temporary, this.#path)
  }

  /** The draft has served: its text is in the notes. */
  clear(): void {
    this.#stopTimers()
    this.#latest = undefined
    this.#version++
    remove(this.#path)
  }

  #stopTimers(): void {
    clearTimeout(this.#soon)
    clearTimeout(this.#latestBy)
    this.#latestBy = undefined
  }

  #write(): void {
    this.#stopTimers()
    // A full disk must not end the session: the text is still in the area, and saving it will tell.
    this.#writeSlowly().catch(() => {})
  }

  async #writeSlowly(): Promise<void> {
    const version = this.#version
    const temporary = `${this.#path}.${version}.tmp`
    const file = await open(temporary, 'w', 0o600)
    try {
      await file.writeFile(JSON.stringify(this.#latest))
      await file.sync()
    } finally {
      await file.close()
    }
    if (version === this.#version) renameSync(temporary, this.#path)
    else {
      remove(temporary)
      if (this.#latest) this.#latestBy ??= setTimeout(() => this.#write(), AFTER_LAST_KEY_MS)
    }
  }
}

function remove(path: string): void {
  try {
    unlinkSync(path)
  } catch {
    // Not there: that is what was wanted.
  }
}

export interface LeftDraft {
  draft: Draft
  path: string
}

/** The drafts beside the notes that no living session writes, the newest first. Litter of crashed writes is cleared. */
export function leftDrafts(target: string): LeftDraft[] {
  const folder = dirname(target)
  const left: (LeftDraft & { at: number })[] = []
  for (const name of namesIn(folder)) {
    const pid = pidOf(name, basename(target))
    if (pid === undefined) continue
    const path = join(folder, name)
    const at = statSync(path, { throwIfNoEntry: false })?.mtimeMs
    if (at === undefined || writerAlive(pid, at)) continue
    if (name.endsWith('.tmp')) remove(path)
    else {
      const draft = readDraft(path)
      if (draft) left.push({ draft, path, at })
    }
  }
  return left.sort((a, b) => b.at - a.at)
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

/** `.NAME.PID.draft`, or a temporary file of one. */
function pidOf(name: string, notes: string): number | undefined {
  if (!name.startsWith(`.${notes}.`)) return undefined
  const pid = /^(\d+)\.draft(?:\.\d+)?(?:\.tmp)?$/.exec(name.slice(notes.length + 2))?.[1]
  return pid === undefined ? undefined : Number(pid)
}

/** A process id is given out again after the machine was started anew; a draft from before is nobody's. */
function writerAlive(pid: number, writtenAt: number): boolean {
  const startedAt = Date.now() - uptime() * 1000
  return pid !== process.pid && processAlive(pid) && writtenAt > startedAt
}

function readDraft(path: string): Draft | undefined {
  try {
    const { question, opened, text, caret } = JSON.parse(readFileSync(path, 'utf8')) as Partial<Draft>
    if (typeof question !== 'string' || typeof opened !== 'string' || typeof text !== 'string')
      return undefined
    return {
      question,
      opened,
      text,
      caret: typeof caret === 'number' ? caret : text.length,
    }
  } catch {
    return undefined
  }
}

export function removeDraft({ path }: LeftDraft): void {
  remove(path)
}
