import { printable } from '../errors.ts'
import type { Line, LineInput } from './line-input.ts'
import { chooseByNumber } from './numbered.ts'

/** Saying and asking in lines of text alone. */
export interface Talk {
  say(text: string): void
  /** The next line, or undefined when the session has to end: the input ended, or the person stopped it. */
  nextLine(typing?: () => void): Promise<Line | undefined>
  /** Asks a numbered question until one of the numbers is said; undefined when the input ends. */
  choose<T>(choices: readonly { name: string; value: T }[], between?: string): Promise<T | undefined>
  /** Whether the input ended, so that nobody chose to leave. */
  ended(): boolean
}

export function openTalk(input: LineInput, write: (text: string) => void, leaving: AbortSignal): Talk {
  const say = (text: string) => write(`${printable(text)}\n`)
  let ended = false
  const nextLine = async (typing?: () => void) => {
    const line = leaving.aborted ? undefined : await input.next(typing)
    if (!line && !leaving.aborted) ended = true
    return line
  }
  return {
    say,
    nextLine,
    ended: () => ended,
    choose: (choices, between) => chooseByNumber(choices, () => nextLine(), say, between),
  }
}
