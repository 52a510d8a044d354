import {
  closeSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { open } from 'node:fs/promises'
import { uptime } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { type Answers, answerTo, normalizeAnswer } from '../domain/answers.ts'
import type { Draft } from '../domain/interview.ts'
import { realTarget, removeFile, siblingPath, syncFolder, versionOf } from './atomic-file.ts'
import { processAlive } from './lock.ts'

const AFTER_LAST_KEY_MS = 250
const AT_LATEST_MS = 1000

/** How a draft's name ends that is kept beside the one of the answer. */
export const SCRATCH = 'said.draft'

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
    this.#path = siblingPath(target, `${process.pid}.${said ? SCRATCH : 'draft'}`)
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
        syncFolder(dirname(this.#path))
      }
    } catch (error) {
      removeFile(temporary)
      throw error
    }
  }
}

/* What sessions that broke off have left beside the notes, under the id of their process. */

export interface RecoveredDraft {
  draft: Draft
  path: string
}

/** The drafts that no living session writes, the newest first. */
export function recoveredDrafts(target: string): RecoveredDraft[] {
  return leftFiles(target, /^(\d+)(?:\.said)?\.draft$/).flatMap(path => {
    // What is being said in this session will come to its place.
    if (path === siblingPath(target, `${process.pid}.${SCRATCH}`)) return []
    const draft = readDraft(path)
    return draft ? [{ draft, path }] : []
  })
}

/** Those files of a folder beside which drafts lie. */
export function namesWithDrafts(folder: string): Set<string> {
  const drafts = namesIn(folder).map(name => /^\.(.+?)\.\d+(?:\.said)?\.draft$/.exec(name)?.[1])
  return new Set(drafts.filter(name => name !== undefined))
}

/** The drafts beside the notes at a path whose words are not in them. */
export async function unsavedDrafts(path: string, answers: Answers): Promise<Draft[]> {
  const target = versionOf(path) === '' ? path : realTarget(path)
  const drafts = recoveredDrafts(target).map(({ draft }) => draft)
  return drafts.filter(draft => !saysNothingNew(draft, answers))
}

/** Whether a draft says no more than the notes, or than what its session set out from. */
export function saysNothingNew(draft: Draft, answers: Answers): boolean {
  const text = normalizeAnswer(draft.text)
  return (
    text === '' || text === normalizeAnswer(draft.opened) || text === answerTo(answers, draft.question).text
  )
}

/** A file for an editor, or what nano and vim keep of it when they are killed. */
const EDIT = /^(\d+)(?:-\d+)?\.edit\.md(?:\.save(?:\.\d+)?|\.sw[a-p])?$/
/** No text, so nothing can tell whether its words are in the notes. */
export const isSwapFile = (path: string) => /\.sw[a-p]$/.test(path)

/**
 * The files that were open in an editor, and the copies that editors made of them, the newest first. Those whose
 * text is in the notes by now are removed.
 */
export function recoveredEdits(target: string, answers: Answers): string[] {
  const known = new Set([...answers.values()].map(({ text }) => text))
  return leftFiles(target, EDIT).filter(path => {
    if (isSwapFile(path)) return true
    const text = textOf(path)
    if (text === undefined || (text !== '' && !known.has(text))) return true
    removeFile(path)
    return false
  })
}

/** Undefined for a file that somebody else may read alone, which is told of as well. */
function textOf(path: string): string | undefined {
  try {
    return normalizeAnswer(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}

/** Clears the temporary files of writes that a crash cut short. */
export function clearLitter(target: string): void {
  for (const path of leftFiles(target, /^(\d+)(?:\.said)?\.draft(?:\.\d+)?\.tmp$/)) removeFile(path)
}

/** The files `.NAME.…` beside the notes that match and whose process is gone, the newest first. */
function leftFiles(target: string, pattern: RegExp): string[] {
  const prefix = `.${basename(target)}.`
  const left: { path: string; at: number }[] = []
  for (const name of namesIn(dirname(target))) {
    const pid = name.startsWith(prefix) ? pattern.exec(name.slice(prefix.length))?.[1] : undefined
    if (pid === undefined) continue
    const path = join(dirname(target), name)
    const at = statSync(path, { throwIfNoEntry: false })?.mtimeMs
    if (at !== undefined && !writerAlive(Number(pid), at)) left.push({ path, at })
  }
  return left.sort((a, b) => b.at - a.at).map(({ path }) => path)
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

/** A process id is given out again after the machine was started anew; a file from before is nobody's. */
function writerAlive(pid: number, writtenAt: number): boolean {
  const startedAt = Date.now() - uptime() * 1000
  return pid !== process.pid && processAlive(pid) && writtenAt > startedAt
}

function readDraft(path: string): Draft | undefined {
  try {
    const { question, opened, text, caret } = JSON.parse(readFileSync(path, 'utf8')) as Partial<Draft>
    if (typeof question !== 'string' || typeof opened !== 'string' || typeof text !== 'string')
      return undefined
    return { question, opened, text, caret: typeof caret === 'number' ? caret : text.length }
  } catch {
    return undefined
  }
}
