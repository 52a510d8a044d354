import { UserError } from './errors.ts'

/** A time on the clock: minutes since midnight, and whether people here say it with am and pm. */
export interface TimeOfDay {
  minutes: number
  twelve: boolean
}

const DAY = 24 * 60

/**
 * `15:30`, `3:30pm`, `3 p.m.`
 * @throws UserError with examples.
 */
export function timeOfDay(word: string): TimeOfDay {
  const parts = /^(\d{1,2})(?:[:.](\d{2}))?\s*(?:([ap])\.?\s*m\.?)?$/i.exec(word.trim())
  const [hours, minutes, half] = [Number(parts?.[1]), Number(parts?.[2] ?? 0), parts?.[3]?.toLowerCase()]
  const twelve = half !== undefined
  const fits = twelve ? hours >= 1 && hours <= 12 : hours <= 23 && parts?.[2] !== undefined
  if (!parts || !fits || minutes > 59)
    throw new UserError(`"${word}" is no time of day. Write it like 15:30 or 3:30pm.`)
  const hour = twelve ? (hours % 12) + (half === 'p' ? 12 : 0) : hours
  return { minutes: hour * 60 + minutes, twelve }
}

/** The time so many minutes later, as people say it here; past midnight it begins anew. */
export function saidLater({ minutes, twelve }: TimeOfDay, later: number): string {
  const time = (((Math.floor(minutes + later + 1e-6) % DAY) + DAY) % DAY) | 0
  const [hour, minute] = [Math.floor(time / 60), String(time % 60).padStart(2, '0')]
  if (!twelve) return `${String(hour).padStart(2, '0')}:${minute}`
  return `${hour % 12 === 0 ? 12 : hour % 12}:${minute} ${hour < 12 ? 'am' : 'pm'}`
}

/** How many midnights lie between a time and the time so many minutes later. */
export function daysLater({ minutes }: TimeOfDay, later: number): number {
  return Math.floor((minutes + later + 1e-6) / DAY)
}

/** `6 minutes`, `1 minute`, `8½ minutes`: as one says it. */
export function inMinutes(minutes: number): string {
  return minutes === 1 ? '1 minute' : `${decimal(minutes)} minutes`
}

/** At most one digit behind the point. */
export const decimal = (minutes: number) => String(+minutes.toFixed(1))

/** `12:05`, `-0:30`: minutes and whole seconds, as on a stopwatch. */
export function onStopwatch(minutes: number): string {
  const seconds = Math.floor(Math.abs(minutes) * 60 + 1e-6)
  const sign = minutes < 0 && seconds > 0 ? '-' : ''
  return `${sign}${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}
