import { basename, dirname, join } from 'node:path'
import { actionsOf, type EarlierAction, type SaidAction } from '../domain/actions.ts'
import { answerTo } from '../domain/answers.ts'
import type { Guide } from '../domain/guide.ts'
import { type Gathering, labelsOf, type Said } from '../notes/digest.ts'
import { lastChanged } from '../storage/notes-file.ts'

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
    const name = label ?? notes.group
    const previous = notes.previous && fileBeside(path, notes.previous)
    const from = dateIn(notes.previous) ?? monthsBefore(dateIn(path) ?? dayHere(lastChanged(path)))
    const said = (id: string) => [answerTo(notes.answers, id)]
    const actions = [...actionsOf(guide, said, { from, dayFirst: this.#dayFirst })]
    const round = { path, guide, actions, ...(name && { name }), ...(previous && { previous }) }
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
        const more = {
          path,
          guide,
          group: labels[i] ?? labelsOf([last]).join(),
          present: last.path,
          ...(since !== undefined && { since }),
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
