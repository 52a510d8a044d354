import { createHash } from 'node:crypto'
import {
  chownSync,
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  renameSync,
  statSync,
  utimesSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { actionsOf, type SaidAction } from '../domain/actions.ts'
import { answerTo, count } from '../domain/answers.ts'
import { type Guide, questionOf } from '../domain/guide.ts'
import { labelsOf } from '../notes/digest.ts'
import { blankNotes, type Notes } from '../notes/notes.ts'
import {
  ioError,
  randomToken,
  realTarget,
  removeFile,
  siblingPath,
  syncFolder,
} from '../storage/atomic-file.ts'
import { recoveredDrafts, saysNothingNew } from '../storage/drafts.ts'
import type { NotesContext } from '../storage/locate.ts'
import { changeNotes, notesFile, readNotesFile, saveAnswer } from '../storage/notes-file.ts'
import type { Gathering } from './collect.ts'

/** The notes of one round, as far as actions go. */
interface Round {
  path: string
  /** What the group is called, where a label or the notes say so. */
  name?: string
  guide: Guide
  /** The path of the round before it. */
  previous?: string
  actions: SaidAction[]
}

/** An action, whose it is, and in which notes it stands. */
export interface TrackedAction extends SaidAction, Pick<Round, 'path' | 'guide'> {
  group: string
  /** The path of its group's present notes. */
  present: string
  /** The date in the file name of its round; undefined in the present one. */
  since?: string
}

/** Gathers notes with the rounds before them. */
export class Rounds implements Gathering {
  readonly #rounds = new Map<string, Round>()
  readonly #prints = new Map<string, string>()
  readonly #sought = new Set<string>()
  readonly #today: string
  readonly #dayFirst = isDayFirst()

  constructor(today: string) {
    this.#today = today
  }

  /** @returns the path of the notes of which these are a copy, byte for byte; then they were not taken in. */
  add(path: string, notes: Notes, label: string | undefined, guide: Guide): string | undefined {
    const print = createHash('sha256').update(notes.source.text).digest('base64')
    const first = this.#prints.get(print)
    const name = label ?? notes.group
    const previous = notes.previous && fileBeside(path, notes.previous)
    const from = dateIn(notes.previous) ?? monthsBefore(dateIn(path) ?? this.#today)
    const said = (id: string) => [answerTo(notes.answers, id)]
    const actions = [...actionsOf(guide, said, { from, dayFirst: this.#dayFirst })]
    if (first !== undefined && actions.length > 0) return first
    this.#prints.set(print, path)
    this.#rounds.set(path, { path, guide, actions, ...(name && { name }), ...(previous && { previous }) })
    return undefined
  }

  /** The path of a round that is named and not yet taken in, once each; undefined if there is none. */
  missing(): string | undefined {
    for (const { previous } of this.#rounds.values()) {
      if (previous === undefined || this.#rounds.has(previous) || this.#sought.has(previous)) continue
      this.#sought.add(previous)
      return previous
    }
    return undefined
  }

  get size(): number {
    return this.#rounds.size
  }

  /** Every action once: group by group, and in each the rounds from the first to the present one. */
  actions(): TrackedAction[] {
    const named = new Set([...this.#rounds.values()].map(({ previous }) => previous))
    const present = [...this.#rounds.values()].filter(({ path }) => !named.has(path))
    const labels = labelsOf(present)
    // Rounds that name each other in a circle come last, and end nothing.
    const others = [...this.#rounds.values()].filter(({ path }) => named.has(path))
    const seen = new Set<string>()
    return [...present, ...others].flatMap((last, i) => {
      const chain: Round[] = []
      for (let round: Round | undefined = last; round && !seen.has(round.path); ) {
        seen.add(round.path)
        chain.unshift(round)
        round = this.#rounds.get(round.previous ?? '')
      }
      return chain.flatMap(({ path, guide, actions }) => {
        const since = path === last.path ? undefined : dateIn(path)
        const more = {
          path,
          guide,
          group: labels[i] ?? labelsOf([last]).join(),
          present: last.path,
          ...(since && { since }),
        }
        return actions.map(action => ({ ...action, ...more }))
      })
    })
  }
}

/** A file name alone: notes that come from elsewhere must not lead out of their folder. */
const fileBeside = (path: string, name: string) =>
  /^\.|[\\/]/.test(name) ? undefined : join(dirname(path), basename(name))

const dateIn = (name = '') => /(\d{4}-\d\d-\d\d)(?:-\d+)?\.md$/.exec(name)?.[1]

/** Where nothing says when a round began, a date without a year may lie so long before. */
const monthsBefore = (day: string) => new Date(Date.parse(day) - 120 * 86_400_000).toISOString().slice(0, 10)

/** The day here, as `2027-01-15`. */
export function dayHere(time = new Date()): string {
  return new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 10)
}

/** Whether people here write the day before the month; "C" and "POSIX" name no people. */
function isDayFirst({ LC_ALL, LC_TIME, LANG } = process.env): boolean {
  const [tag = ''] = (LC_ALL || LC_TIME || LANG || '').split(/[.@]/)
  try {
    const parts = new Intl.DateTimeFormat(tag.replace('_', '-')).formatToParts()
    return parts.find(({ type }) => type === 'day' || type === 'month')?.type === 'day'
  } catch {
    return false
  }
}

/* A new round: the notes of this one are put beside, and new ones name them. */

/**
 * Puts the notes beside under today's date, unsaved words included, and writes new ones that name them.
 * @returns what to say of it. Notes without an answer make no round: they stay.
 */
export async function newRound({ path, guide }: NotesContext, today = dayHere()): Promise<string> {
  await takeDrafts(path, guide)
  for (;;) {
    const notes = await readNotesFile(path, 3)
    if (!notes || count(guide.questions, notes.answers).answered === 0)
      return `No new round: there are no answers in ${path} yet. It stays as it is.`
    const beside = putBeside(path, today)
    const { text } = notes.source
    const { group, order, only, asked } = notes
    const fields = { group, order, only, asked, previous: basename(beside) }
    // What somebody wrote meanwhile is put beside, too.
    const change = (now: Notes) =>
      now.source.text === text ? blankNotes(guide, { file: basename(path), ...fields }) : now.source.text
    const outcome = await changeNotes(notesFile(path, guide), change).catch(error => {
      removeFile(beside)
      throw error
    })
    if (outcome === 'changed') return `A new round: ${path}\nThe notes of the last one: ${beside}`
    removeFile(beside)
  }
}

/** Unsaved words of sessions that broke off belong to the round in which they were written. */
async function takeDrafts(path: string, guide: Guide): Promise<void> {
  for (const { draft, path: file } of recoveredDrafts(realTarget(path))) {
    if (!questionOf(guide, draft.question)) continue
    const answers = (await readNotesFile(path, 3))?.answers ?? new Map()
    if (!saysNothingNew(draft, answers))
      await saveAnswer(
        notesFile(path, guide),
        draft.question,
        { text: draft.text, skipped: false },
        draft.opened,
      )
    removeFile(file)
  }
}

/** Copies the file to a free name with the day, whole or not at all. @returns its path. */
function putBeside(path: string, day: string): string {
  const temporary = siblingPath(path, `${randomToken()}.tmp`)
  try {
    const target = realTarget(path)
    const { gid, atime, mtime } = statSync(target)
    copyFileSync(target, temporary, constants.COPYFILE_EXCL)
    try {
      chownSync(temporary, -1, gid)
    } catch {
      // Only members of the group may give it on; the mode is kept.
    }
    const file = openSync(temporary, 'r+')
    fsyncSync(file)
    closeSync(file)
    utimesSync(temporary, atime, mtime)
    for (let number = 1; ; number++) {
      const beside = path.replace(/(?:\.md)?$/i, `-${day}${number === 1 ? '' : `-${number}`}.md`)
      if (!moved(temporary, beside)) continue
      syncFolder(dirname(beside))
      return beside
    }
  } catch (error) {
    throw ioError(error, `write beside ${path}`, 3)
  } finally {
    removeFile(temporary)
  }
}

/** @returns false if there is a file already. */
function moved(from: string, to: string): boolean {
  if (existsSync(to)) return false
  try {
    linkSync(from, to)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    // Not every disk knows links.
    renameSync(from, to)
    return true
  }
}
