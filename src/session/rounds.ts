import { existsSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import {
  type ActionState,
  actionsOf,
  type EarlierAction,
  type Outcome,
  type SaidAction,
  STATE_NAMES,
  withOutcomes,
  withState,
} from '../domain/actions.ts'
import { answerTo } from '../domain/answers.ts'
import { didYouMean, sentenceOf, UserError } from '../domain/errors.ts'
import type { Guide } from '../domain/guide.ts'
import { type Gathering, labelsOf, type Named, type Said } from '../notes/digest.ts'
import { answerIn, requireSound, withAnswer, withLine } from '../notes/notes.ts'
import type { GivenOutcome } from '../schema/answers.ts'
import { changeNotes, lastChanged, type NotesFile, notesFile, readNotesFile } from '../storage/notes-file.ts'

/** The notes of one round, as far as actions go; its name where a label or the notes say what the group is called. */
interface Round extends Named {
  guide: Guide
  /** The path of the round before it. */
  previous: string | undefined
  actions: SaidAction[]
}

/** An action, whose it is, and in which notes it stands. */
export interface TrackedAction extends EarlierAction, Pick<Round, 'guide'> {
  group: string
  /** The path of its group's present notes. */
  present: string
}

/** Gathers notes with the rounds before them. */
export class Rounds implements Gathering {
  readonly #rounds = new Map<string, Round>()
  readonly #sought = new Set<string>()
  readonly #dayFirst = isDayFirst()

  add(path: string, notes: Said, label: string | undefined, guide: Guide): void {
    const from = dateIn(notes.previous) ?? monthsBefore(dateIn(path) ?? dayHere(lastChanged(path)))
    const said = (id: string) => [answerTo(notes.answers, id)]
    const actions = [...actionsOf(guide, said, { from, dayFirst: this.#dayFirst })]
    const previous = fileBeside(path, notes.previous)
    const round = { path, name: label ?? notes.group, guide, previous, actions }
    this.#rounds.set(notes.row === undefined ? path : `${path}\n${notes.row}`, round)
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
    const seen = new Set<Round>()
    return [...present, ...others].flatMap((last, i) => {
      const chain: Round[] = []
      for (let round: Round | undefined = last; round && !seen.has(round); ) {
        seen.add(round)
        chain.unshift(round)
        round = this.#rounds.get(round.previous ?? '')
      }
      return chain.flatMap(({ path, guide, actions }) => {
        const since = path === last.path ? undefined : (dateIn(path) ?? basename(path, '.md'))
        const group = labels[i] ?? labelsOf([last]).join()
        return actions.map(action => ({ ...action, path, guide, group, since, present: last.path }))
      })
    })
  }
}

/** A file name alone: notes that come from elsewhere must not lead out of their folder. */
const fileBeside = (path: string, name = '') =>
  /^$|^\.|[\\/]/.test(name) ? undefined : join(dirname(path), basename(name))

const dateIn = (name = '') => /(\d{4}-\d\d-\d\d)(?:-\d+)?\.md$/.exec(name)?.[1]

/** Where nothing says when a round began, a date without a year may lie so long before it ended or was last changed. */
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

/* What became of the actions of earlier rounds. */

/** The actions of the rounds before these notes, the oldest first (`present`: of this one, too), and sentences about rounds that can't be read. */
export async function earlierActions(path: string, guide: Guide, present = false) {
  const rounds = new Rounds()
  const remarks: string[] = []
  for (let each: string | undefined = path; each !== undefined; each = rounds.missing()) {
    try {
      const notes = await readNotesFile(each)
      if (notes) rounds.add(each, requireSound(notes, guide), undefined, guide)
      else if (each !== path) remarks.push(`The notes of an earlier round are gone: ${each}`)
    } catch (error) {
      remarks.push(`The notes of an earlier round can't be read. ${sentenceOf(error)}`)
    }
  }
  return { actions: rounds.actions().filter(action => present || action.path !== path), remarks }
}

/** Changes the box of an action in its notes, and nothing else. What somebody rewrote meanwhile stays as it is. */
export async function settle(action: EarlierAction, state: ActionState, guide: Guide): Promise<void> {
  if (!existsSync(action.path)) throw new UserError(`The notes of this action are gone: ${action.path}`, 3)
  await changeNotes(notesFile(action.path, guide), notes => {
    const same = [...actionsOf(guide, id => [answerIn(notes, id)])].filter(
      ({ id, words, state }) => id === action.id && words === action.words && state === action.state,
    )
    const now = same.find(({ line }) => line === action.line) ?? same[0]
    return now ? withLine(notes, now.id, now.line, line => withState(line, state)) : notes.source.text
  })
}

/**
 * Which actions are meant; lines that say the same are one action.
 * @throws UserError for the first that no action fits, or more than one.
 */
export function outcomesOf(given: readonly GivenOutcome[], actions: readonly EarlierAction[]): Outcome[] {
  return given.flatMap(({ action: wanted, state, note, refused }) => {
    const words = plainLine(wanted)
    const those = (fits: (line: string) => boolean) => actions.filter(each => fits(plainLine(each.words)))
    const exact = those(line => line === words)
    const fitting = exact.length > 0 ? exact : those(line => line.includes(words))
    const open = (all: readonly EarlierAction[]) => all.filter(each => each.state === 'open')
    const meant = open(fitting).length > 0 ? open(fitting) : fitting
    const [action] = meant
    if (action && meant.every(each => plainLine(each.words) === plainLine(action.words)))
      return meant.map((action, i) => ({ action, state, note: (i === 0 && note) || '' }))
    const lines = (action ? meant : open(actions)).map(each => each.words)
    const list = lines.map(line => `"${line}"`).join(', ')
    throw action
      ? refused(`more than one action says "${wanted}"`, `Write more of its line: ${list}.`)
      : refused(
          `no action of an earlier round says "${wanted}"`,
          didYouMean(wanted, lines) || `Still open: ${list || 'none'}.`,
        )
  })
}

const plainLine = (line: string) =>
  line
    .replace(/^\s*(?:[-*+•]\s|\d+[.)]\s)?\s*(?:\\?\[[ xX-]?\\?\]\s)?/, '')
    .replace(/\s+/g, ' ')
    .trim()
    .toLowerCase()

/** Records what happened in these notes, and the boxes where the actions are. @returns `1 done, 2 still open`. */
export async function recordOutcomes(file: NotesFile, outcomes: readonly Outcome[]): Promise<string> {
  const { guide } = file
  const [question] = guide.action.questions
  if (question && outcomes.some(({ note }) => note.trim() !== ''))
    await changeNotes(file, notes => {
      const text = withOutcomes(answerIn(notes, question.id).text, outcomes)
      return withAnswer(notes, guide, question.id, { text, skipped: false })
    })
  for (const { action, state } of outcomes) await settle(action, state, guide)
  const count = (state: ActionState) => outcomes.filter(each => each.state === state).length
  const counts = (['done', 'dropped', 'open'] as const).map(state => `${count(state)} ${STATE_NAMES[state]}`)
  return counts.filter(each => !each.startsWith('0 ')).join(', ')
}
