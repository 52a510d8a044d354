import fs from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { type Answers, answerTo, normalizeAnswer } from '../domain/answers.ts'
import { type Draft, withoutComment } from '../domain/interview-protocol.ts'
import {
  attempt,
  ioError,
  namesIn,
  randomToken,
  realTarget,
  removeFile,
  siblingPath,
  siblings,
  syncPath,
  versionOf,
  writeAtomically,
  writtenAt,
} from './atomic-file.ts'
import { readJson } from './io.ts'
import { isAlive, sessionAlive, thisProcess } from './lock.ts'
import { stateFolder } from './state.ts'

/*
 * Unsaved words. They lie in the state folder of this machine, not beside the notes: folders are synced and shared,
 * and nobody should see another's words before they are saved.
 */

const SOON_MS = 500

/** A draft as it is kept: whose notes, by which process, and whether the words have no place in the notes yet. */
interface Kept extends Draft {
  notes: string
  /** Whether the notes were there; notes that are gone from their place are told from notes never begun. */
  saved: boolean
  by: string
  scratch?: boolean | undefined
  /** The person has been asked about it, and left it where it is. */
  left?: boolean | undefined
}

function stateDrafts(): string | undefined {
  const state = stateFolder()
  return state && join(state, 'drafts')
}

/** Where drafts are kept; undefined if that folder cannot be written. */
function draftFolder(): string | undefined {
  const folder = stateDrafts()
  return attempt(() => {
    if (folder === undefined) return undefined
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 })
    fs.accessSync(folder, fs.constants.W_OK)
    return folder
  })
}

/** What is being typed in one session: written half a second after the first key that isn't kept yet. */
export class DraftFile {
  readonly #notes: string
  /** The notes file itself, not a link to it. */
  readonly target: string
  readonly #scratch: boolean
  readonly #path: string
  /** Whether it lies beside the notes, where others may come across it. */
  readonly beside: boolean
  latest: Draft | undefined
  /** Why what is being typed cannot be kept, as a sentence, as long as that is so. */
  trouble: string | undefined
  #timer: NodeJS.Timeout | undefined
  #writing = false
  /** Rises when a write under way must not come to pass any more. */
  #era = 0

  /** `scratch`: for words that have no place in the notes yet. */
  constructor(notes: string, scratch = false) {
    const folder = draftFolder()
    const name = `${randomToken()}.draft`
    this.#notes = notes
    this.target = realTarget(notes)
    this.#scratch = scratch
    this.beside = folder === undefined
    this.#path = folder ? join(folder, name) : siblingPath(this.target, name)
  }

  /** `now`: for pastes and leaving, where much would be lost at once. */
  keep(draft: Draft, now = false): void {
    this.latest = draft
    // One write at a time: on a slow disk they would overtake each other. The next one follows it.
    if (this.#writing) return
    if (now) this.#stopTimer()
    this.#timer ??= setTimeout(() => this.#write(), now ? 0 : SOON_MS)
  }

  /** Takes over the draft of a session that broke off. @returns false if another session was faster. */
  adopt(draft: Draft, path: string): boolean {
    this.latest = draft
    if (path === this.#path) return true
    try {
      this.flush()
      fs.unlinkSync(path)
      return true
    } catch {
      this.clear()
      return false
    }
  }

  /** Writes at once and waits for it: for signals and errors. */
  flush(): void {
    this.#stopTimer()
    if (!this.latest) return
    const temporary = `${this.#path}.${++this.#era}.tmp`
    const file = fs.openSync(temporary, 'wx', 0o600)
    try {
      fs.writeFileSync(file, this.#content())
      fs.fsyncSync(file)
      fs.renameSync(temporary, this.#path)
    } finally {
      fs.closeSync(file)
      removeFile(temporary)
    }
  }

  /** The draft has served: its text is in the notes. */
  clear(): void {
    this.#stopTimer()
    this.latest = undefined
    this.#era++
    removeFile(this.#path)
  }

  #stopTimer(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  async #write(): Promise<void> {
    const { latest } = this
    this.#stopTimer()
    this.#writing = true
    try {
      await this.#writeSlowly()
      this.trouble = undefined
    } catch (error) {
      // A full disk must not end the session: the text is still in the area, and saving it will tell.
      const { message } = ioError(error, 'keep a draft of what you are writing', 3) as Error
      this.trouble = `${message} Save often until that is fixed.`
    }
    this.#writing = false
    if (this.latest && this.latest !== latest) this.keep(this.latest)
  }

  async #writeSlowly(): Promise<void> {
    const era = this.#era
    const temporary = `${this.#path}.${era}s.tmp`
    const file = fs.openSync(temporary, 'wx', 0o600)
    try {
      fs.writeFileSync(file, this.#content())
      await new Promise<void>((done, failed) => fs.fsync(file, error => (error ? failed(error) : done())))
      if (era !== this.#era) return
      fs.renameSync(temporary, this.#path)
      syncPath(dirname(this.#path))
    } finally {
      fs.closeSync(file)
      removeFile(temporary)
    }
  }

  #content(): string {
    const { latest } = this
    const saved = fs.existsSync(this.#notes)
    // Another program may have put a file in the place of a link since.
    const notes = saved ? realTarget(this.#notes) : this.target
    const scratch = this.#scratch && { scratch: true }
    return JSON.stringify({ ...latest, notes, saved, by: thisProcess(), ...scratch })
  }
}

/* What sessions that broke off have left. */

export interface RecoveredDraft {
  draft: Draft
  path: string
  /** The notes that the words were meant for. */
  notes: string
}

/** A session on another machine, or in another container, may still run so long after it last wrote. */
const ELSEWHERE_MS = 24 * 3_600_000

/** Drafts by the notes they belong to. Each folder is read once: with thousands of notes each look takes its time. */
export class DraftIndex {
  readonly #inState = draftsAt(draftFiles(stateDrafts()))
  readonly #names: typeof namesIn

  constructor(names = namesIn) {
    this.#names = names
  }

  /** The drafts for these notes that no living session writes, the newest first. */
  of(target: string): RecoveredDraft[] {
    const beside = draftsAt(siblings(target, DRAFT, this.#names))
    return [...this.#inState, ...beside].filter(({ notes }) => notes === target)
  }

  /** Those that say something, and whose notes are gone from their place. */
  lost(): RecoveredDraft[] {
    const gone = ({ notes, saved }: Found) =>
      !fs.existsSync(notes) && (saved || !fs.existsSync(dirname(notes)))
    return this.#inState.filter(
      found => !found.left && gone(found) && !saysNothingNew(found.draft, new Map()),
    )
  }
}

const DRAFT = /^\w+\.draft$/
const draftFiles = (folder = '', ending = '.draft') =>
  namesIn(folder).flatMap(name => (name.endsWith(ending) ? [join(folder, name)] : []))

type Found = RecoveredDraft & Pick<Kept, 'saved' | 'left'>

function draftsAt(paths: readonly string[]): Found[] {
  const found: (Found & { at: number })[] = []
  for (const path of paths) {
    const kept = readDraft(path)
    const at = writtenAt(path)
    if (!kept || at === undefined) continue
    const { notes, saved, by, scratch, left, ...draft } = kept
    // This session's own words come up again, but not what will still come to its place.
    const live = by === thisProcess() ? scratch : (isAlive(by, at) ?? Date.now() - at < ELSEWHERE_MS)
    if (!live) found.push({ draft, path, notes, saved, left, at })
  }
  return found.sort((a, b) => b.at - a.at)
}

function readDraft(path: string): Kept | undefined {
  const kept = (readJson(path) ?? {}) as Partial<Kept>
  const texts = [kept.question, kept.opened, kept.text, kept.notes, kept.by]
  if (!texts.every(text => typeof text === 'string') || typeof kept.caret !== 'number') return undefined
  return kept as Kept
}

export const recoveredDrafts = (target: string) => new DraftIndex().of(target)

/** Gives the words of a draft to other notes, or leaves them for the notes they were meant for. */
export async function redirect({ path }: RecoveredDraft, change: Pick<Kept, 'notes'> | Pick<Kept, 'left'>) {
  await writeAtomically(path, [JSON.stringify({ ...readDraft(path), ...change })])
}

/** The drafts of the notes at a path whose words are not in them. */
export function unsavedDrafts(path: string, answers: Answers, index = new DraftIndex()): Draft[] {
  const target = versionOf(path) === '' ? path : realTarget(path)
  return index.of(target).flatMap(({ draft }) => (saysNothingNew(draft, answers) ? [] : [draft]))
}

/** Whether a draft says no more than the notes, or than what its session set out from. */
export function saysNothingNew(draft: Draft, answers: Answers): boolean {
  const text = normalizeAnswer(draft.text)
  return ['', normalizeAnswer(draft.opened), answerTo(answers, draft.question).text].includes(text)
}

/** A file for an editor, or what nano and vim keep of it when they are killed. */
const EDIT = /^(\w+-\d+)(?:-\d+)?\.edit\.md(?:\.save(?:\.\d+)?|\.sw[a-p])?$/
/** No text, so nothing can tell whether its words are in the notes. */
export const isSwapFile = (path: string) => /\.sw[a-p]$/.test(path)

/**
 * The files that were open in an editor, and the copies that editors made of them, the newest first. Those whose
 * text is in the notes by now are removed.
 */
export function recoveredEdits(target: string, answers: Answers): string[] {
  const known = new Set([...answers.values()].map(({ text }) => text))
  const prefix = basename(siblingPath(target, '')).length
  const at = (path: string) => writtenAt(path) ?? 0
  const left = siblings(target, EDIT).filter(path => {
    const session = EDIT.exec(basename(path).slice(prefix))?.[1] ?? ''
    if (sessionAlive(session, at(path), ELSEWHERE_MS)) return false
    if (isSwapFile(path)) return true
    // Undefined for a file that somebody else may read alone, which is reported, too.
    const text = attempt(() => normalizeAnswer(withoutComment(fs.readFileSync(path, 'utf8'))))
    if (text === undefined || (text !== '' && !known.has(text))) return true
    removeFile(path)
    return false
  })
  return left.sort((a, b) => at(b) - at(a))
}

/** No write takes as long. */
const LITTER_MS = 10 * 60_000

/** Clears the temporary files of writes that a crash cut short. */
export function clearLitter(target: string): void {
  for (const path of [...siblings(target, /^[\w.]+\.tmp$/), ...draftFiles(stateDrafts(), '.tmp')]) {
    const at = writtenAt(path)
    if (at !== undefined && Date.now() - at > LITTER_MS) removeFile(path)
  }
}
