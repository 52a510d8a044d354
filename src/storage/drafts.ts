import { closeSync, fsyncSync, openSync, renameSync, unlinkSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Draft } from '../domain/face.ts'
import { besides, syncFolder } from './atomic-file.ts'

const AFTER_LAST_KEY_MS = 250
const AT_LATEST_MS = 1000

/** How a draft's name ends that is kept beside the one of the answer. */
export const SAID = 'said.draft'

/**
 * What is being typed in one session, kept beside the notes under this process's id. A draft is written a quarter
 * of a second after the last key and every second while somebody types steadily; never later.
 */
export class DraftFile {
  readonly #path: string
  #latest: Draft | undefined
  #soon: NodeJS.Timeout | undefined
  #atLatest: NodeJS.Timeout | undefined
  #writing = false
  #writeAgain = false
  /** Rises when a write under way must not come to pass any more. */
  #era = 0

  /** `target` is the notes file itself, not a link to it. `said`: of words that have no place in the notes yet. */
  constructor(target: string, said = false) {
    this.#path = besides(target, said ? SAID : 'draft')
  }

  keep(draft: Draft): void {
    this.#latest = draft
    clearTimeout(this.#soon)
    this.#soon = setTimeout(() => this.#write(), AFTER_LAST_KEY_MS)
    this.#atLatest ??= setTimeout(() => this.#write(), AT_LATEST_MS)
  }

  /** For pastes and leaving, where much would be lost at once. */
  keepNow(draft: Draft): void {
    this.#latest = draft
    this.#write()
  }

  latest(): Draft | undefined {
    return this.#latest
  }

  /** Takes over the draft of a session that broke off. @returns false if another session was faster. */
  adopt(draft: Draft, path: string): boolean {
    try {
      renameSync(path, this.#path)
    } catch {
      return false
    }
    this.#latest = draft
    return true
  }

  /** Writes at once and waits for it: for signals and errors. */
  flush(): void {
    this.#stopTimers()
    if (!this.#latest) return
    this.#era++
    const temporary = `${this.#path}.tmp`
    try {
      const file = openSync(temporary, 'w', 0o600)
      try {
        // writeSync alone may write a part and say nothing.
        writeFileSync(file, JSON.stringify(this.#latest))
        fsyncSync(file)
      } finally {
        closeSync(file)
      }
      renameSync(temporary, this.#path)
    } catch (error) {
      removeFile(temporary)
      throw error
    }
  }

  /** The draft has served: its text is in the notes. */
  clear(): void {
    this.#stopTimers()
    this.#latest = undefined
    this.#era++
    removeFile(this.#path)
  }

  #stopTimers(): void {
    clearTimeout(this.#soon)
    clearTimeout(this.#atLatest)
    this.#atLatest = undefined
  }

  /** One write at a time: on a slow disk they would overtake each other, or none would ever be the newest. */
  #write(): void {
    this.#stopTimers()
    if (this.#writing) {
      this.#writeAgain = true
      return
    }
    this.#writing = true
    this.#writeSlowly()
      // A full disk must not end the session: the text is still in the area, and saving it will tell.
      .catch(() => {})
      .finally(() => {
        this.#writing = false
        if (this.#writeAgain) this.#write()
      })
  }

  async #writeSlowly(): Promise<void> {
    this.#writeAgain = false
    if (!this.#latest) return
    const era = this.#era
    const temporary = `${this.#path}.${era}.tmp`
    try {
      const file = await open(temporary, 'w', 0o600)
      try {
        await file.writeFile(JSON.stringify(this.#latest))
        await file.sync()
      } finally {
        await file.close()
      }
      if (era !== this.#era) removeFile(temporary)
      else {
        renameSync(temporary, this.#path)
        await syncFolder(dirname(this.#path))
      }
    } catch (error) {
      removeFile(temporary)
      throw error
    }
  }
}

export function removeFile(path: string): void {
  try {
    unlinkSync(path)
  } catch {
    // Not there: that is what was wanted.
  }
}
