import { uptime } from 'node:os'
import { UserError } from '../domain/errors.ts'
import { MINUTE } from '../domain/facilitation.ts'
import { saidLater, type TimeOfDay, timeOfDay } from '../domain/plan.ts'

/** A clock that runs steadily: setting the computer's clock, or daylight saving time, changes nothing. */
export interface Clock {
  /** Milliseconds since 1970, as the computer's clock had them at the start. */
  now(): number
  /** Of these, how many passed in gaps of more than a minute: the computer slept, or the program was stopped. */
  away(): number
}

/** Node's steady time stops while Linux sleeps; the system's uptime does not, but may count whole seconds. */
const COARSE_MS = 2000
const TICK_MS = 5000

const SOURCES = { wall: Date.now, steady: () => performance.now(), up: () => uptime() * 1000 }

export function systemClock(sources = SOURCES): Clock {
  let [time, steady, up] = [sources.wall(), sources.steady(), sources.up()]
  let away = 0
  const now = () => {
    const before = { steady, up }
    steady = sources.steady()
    up = sources.up()
    const [passed, counted] = [Math.max(0, steady - before.steady), up - before.up]
    const gap = counted - passed > COARSE_MS ? counted : passed
    if (gap > MINUTE) away += gap
    time += gap
    return time
  }
  const gaps = () => {
    now()
    return away
  }
  setInterval(now, TICK_MS).unref()
  return { now, away: gaps }
}

/** Whether people here say times with am and pm: where US English is set. Windows sets no variable. */
export function saysTwelve({ LC_ALL, LC_TIME, LANG }: NodeJS.ProcessEnv = process.env): boolean {
  const locale = LC_ALL || LC_TIME || LANG
  if (locale || process.platform !== 'win32') return /^en_US\b/.test(locale ?? '')
  return new Intl.DateTimeFormat().resolvedOptions().locale === 'en-US'
}

/** A time of day, to be said as people here do, or as it was written. */
export function timeHere(word: string): TimeOfDay {
  const time = timeOfDay(word)
  return { ...time, twelve: time.twelve || saysTwelve() }
}

/** A time further off than this has most likely passed, or was meant for the afternoon. */
const MOST_HOURS = 12
/** No room runs over by more than this. */
const MOST_OVER_HOURS = 6

/** Moments as times of the day here; `twelve`: people say them with am and pm. */
export function clockOfDay({ now }: Pick<Clock, 'now'>, twelve: boolean) {
  let half = twelve
  return {
    timeOf(ms: number): string {
      const date = new Date(ms)
      return saidLater({ minutes: date.getHours() * 60 + date.getMinutes(), twelve: half }, 0)
    },
    /**
     * The next moment at which it is that time. `running`: the room has started, so a time that has just passed is
     * today's. @throws UserError if the word is no time, or one that is far away.
     */
    momentOf(word: string, running = false): number {
      const time = timeOfDay(word)
      const moment = new Date(now())
      moment.setHours(0, time.minutes, 0, 0)
      const over = running ? MOST_OVER_HOURS * 60 * MINUTE : 0
      if (moment.getTime() <= now() - over) moment.setDate(moment.getDate() + 1)
      if (moment.getTime() - now() > MOST_HOURS * 60 * MINUTE)
        throw new UserError(
          time.twelve || time.minutes >= 12 * 60
            ? `"${word}" has passed, or is more than ${MOST_HOURS} hours away.`
            : `"${word}" is more than ${MOST_HOURS} hours away. Do you mean the afternoon, as in 4:30pm or 16:30?`,
        )
      half ||= time.twelve
      return moment.getTime()
    },
    /** Whether times are said with am and pm: people here do, or somebody did. */
    isTwelve: () => half,
  }
}
