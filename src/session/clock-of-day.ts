import { UserError } from '../domain/errors.ts'
import { saidLater, timeOfDay } from '../domain/time-of-day.ts'
import type { LeadSitting } from '../ui/lead-sitting.ts'

/** A time further off than this has most likely passed, or was meant for the afternoon. */
const MOST_HOURS = 12
/** No room runs over by more than this. */
const MOST_OVER_HOURS = 6

/** Moments as times of the day here. Who says a time with am or pm is answered so. */
export interface ClockOfDay extends Pick<LeadSitting, 'timeOf'> {
  /** `running`: the room is under way, so a time that has just passed is today's. */
  momentOf(word: string, running?: boolean): number
  /** Whether people here say times with am and pm. */
  isTwelve(): boolean
}

export function clockOfDay(clock: () => number, twelve: boolean): ClockOfDay {
  let half = twelve
  return {
    timeOf(ms) {
      const date = new Date(ms)
      return saidLater({ minutes: date.getHours() * 60 + date.getMinutes(), twelve: half }, 0)
    },
    momentOf(word, running = false) {
      const time = timeOfDay(word)
      const moment = new Date(clock())
      moment.setHours(0, time.minutes, 0, 0)
      const over = running ? MOST_OVER_HOURS * 3_600_000 : 0
      if (moment.getTime() <= clock() - over) moment.setDate(moment.getDate() + 1)
      const far = moment.getTime() - clock() > MOST_HOURS * 3_600_000
      if (far && (time.twelve || time.minutes >= 12 * 60))
        throw new UserError(`"${word}" has passed, or is more than ${MOST_HOURS} hours away.`)
      if (far)
        throw new UserError(
          `"${word}" is more than ${MOST_HOURS} hours away. Do you mean the afternoon, as in 4:30pm or 16:30?`,
        )
      half ||= time.twelve
      return moment.getTime()
    },
    isTwelve: () => half,
  }
}
