import { stripControls } from '../../domain/errors.ts'
import type { Choice } from '../terminal/select.ts'
import type { Line, LineInput } from './line-reader.ts'

export type Prompter = ReturnType<typeof openPrompter>

/** Saying and asking in lines of text alone. */
export function openPrompter(input: LineInput, write: (text: string) => void, leaving: AbortSignal) {
  const say = (text: string) => {
    input.breakOff()
    write(`${stripControls(text)}\n`)
  }
  let ended = false
  let held: Line | undefined
  /** The person has said that they meant a command that came in one piece: their lines arrive whole. */
  let trusted = false
  const read = async (typing?: () => void) => {
    const line = held ?? (leaving.aborted ? undefined : await input.next(typing))
    held = undefined
    if (!line && !leaving.aborted) ended = true
    return line
  }
  /** The next line, or undefined when the session has to end: the input ended, or the person stopped it. */
  const nextLine = async (typing?: () => void): Promise<Line | undefined> => {
    const line = await read(typing)
    if (!line?.doubtful || trusted || !COMMAND.test(line.text)) return line
    const { text } = line
    say(`Run ${text}? y, or ${text} again. Anything else keeps it as text.`)
    const answer = await read()
    const said = answer?.pasted ? '' : answer?.text.trim().toLowerCase()
    trusted = said === 'y' || said === 'yes' || said === text.trim().toLowerCase()
    if (trusted) return { text, pasted: false }
    if (said !== 'n' && said !== 'no') held = answer
    return { text, pasted: true }
  }
  return {
    say,
    nextLine,
    /** Gives a line back, so that it is the next one. */
    hold(line: Line) {
      held = line
    },
    /** What has been typed of a line that is not ended yet. */
    unfinished: () => input.unfinished(),
    /** Whether the input ended, so that nobody chose to leave. */
    ended: () => ended,
    /**
     * Asks until a choice's letter, number or name is said; undefined when the input ends. `other`: takes whatever
     * else is said.
     */
    choose: <T>(choices: readonly Choice<T>[], between?: string, other?: (line: string) => void) =>
      chooseByNumber(choices, () => nextLine(), say, between, other),
  }
}

const COMMAND = /^(?:\.|:[a-z].*)$/i

/**
 * Asks until a choice's letter, number or name is said; undefined when the input ends, or at `:quit`. A paste is never a choice.
 * `other` takes what is neither a number nor a command, if that is anybody's words.
 */
export async function chooseByNumber<T>(
  choices: readonly Choice<T>[],
  nextLine: () => Promise<Line | undefined>,
  say: (text: string) => void,
  between = ' · ',
  other?: (line: string) => void,
): Promise<T | undefined> {
  const list = choices.map(({ name, key }, i) => `${key?.toUpperCase() ?? i + 1} ${name}`).join(between)
  const keys = choices.filter(({ key }) => key !== undefined).length
  const hint =
    keys === 0
      ? `Type a number from 1 to ${choices.length}.`
      : `Type a letter${keys < choices.length ? ' or number' : ''} from the list.`
  say(list)
  for (;;) {
    const line = await nextLine()
    const said = line?.pasted ? '' : line?.text.trim().toLowerCase()
    if (line === undefined || said === undefined || said === ':quit') return undefined
    const chosen =
      choices[Number(said.replace(/[.)]$/, '')) - 1] ??
      choices.find(({ name, key }) => key === said || isCalled(name, said))
    if (chosen) return chosen.value
    if (other && line.text.trim() !== '' && !/^[:.]/.test(said) && !/^\d+$/.test(said)) other(line.text)
    if (said === ':help') say(list)
    say(said.startsWith(':') || said === '.' ? `${hint} :quit leaves this, :help lists the choices.` : hint)
  }
}

/** A choice by its whole name, or by what stands in front of its colon. */
const isCalled = (name: string, said: string) =>
  said !== '' && [name, name.split(':')[0]].some(each => each?.toLowerCase() === said)
