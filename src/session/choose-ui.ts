import { constants } from 'node:os'
import { inColumns, Stopped, stripControls } from '../domain/errors.ts'
import type { FacilitationUi } from '../domain/facilitation.ts'
import { isAttended } from '../storage/output.ts'
import { prefersPlain } from '../ui/environment.ts'
import type { LineInput } from '../ui/plain/line-reader.ts'
import type { Echo } from '../ui/plain/line-renderer.ts'
import type { ClosableUi, FacilitationServices, SessionServices } from '../ui/session-port.ts'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** How a session ends from outside: at a signal what is being written is kept, and everybody is told to leave. */
export function sessionEnd() {
  const flushes: (() => void)[] = []
  const flush = () => flushes.forEach(act => void act())
  const leaving = new AbortController()
  let exitCode: number | undefined
  let editing = false
  const stop = (code: number) => {
    exitCode ??= code
    flush()
    leaving.abort()
  }
  const handler = (signal: (typeof SIGNALS)[number]) => {
    // Ctrl+C in an editor is the editor's.
    if (signal !== 'SIGINT' || !editing) stop(128 + constants.signals[signal])
  }
  // Not `once`: Inquirer ends the process at a signal that nobody else listens to.
  for (const signal of SIGNALS) process.on(signal, handler)
  return {
    leaving: leaving.signal,
    stop,
    /** What is to be written before anybody is told to leave, or after a failure. */
    keeping: (act: () => void) => void flushes.push(act),
    flush,
    exitCode: () => exitCode,
    /** While somebody is in an editor, Ctrl+C is none of ours. */
    async inEditor<T>(edit: () => Promise<T>): Promise<T> {
      editing = true
      return edit().finally(() => {
        editing = false
      })
    },
    end: () => SIGNALS.forEach(signal => void process.off(signal, handler)),
  }
}

export type SessionEnd = ReturnType<typeof sessionEnd>

/** Emacs' shell shows the lines that are typed there by itself. */
function echo(): Echo {
  if (process.env.TERM !== 'dumb' && process.stdout.isTTY) return 'editable'
  return process.env.INSIDE_EMACS?.includes('comint') ? 'none' : 'dumb'
}

/** Whether a screen can be drawn, and is wanted. */
const onScreen = (accessible?: boolean) => isAttended() && !prefersPlain(accessible)

/** The UI that suits who is there. */
export async function chooseInterviewUi(session: SessionServices, accessible?: boolean): Promise<ClosableUi> {
  if (onScreen(accessible)) return (await openScreen(session)).writing
  const { openPlainInterview } = await import('../ui/plain/interview.ts')
  const input = await openLines(session)
  return { ...openPlainInterview(input, write, session), close: async () => input.close() }
}

async function openScreen(session: SessionServices) {
  const { openKeyboard, TerminalInterview } = await import('../ui/terminal/interview.ts')
  const { stdin, stdout } = process
  const keyboard = openKeyboard(stdin, stdout, session)
  return { keyboard, writing: new TerminalInterview(keyboard, stdout, session) }
}

function write(text: string): void {
  const { stdout } = process
  stdout.write(stdout.isTTY ? inColumns(text, stdout.columns) : text)
}

/** Loaded here, as the screen is: most commands ask nothing. */
const lineReader = () => import('../ui/plain/line-reader.ts')

async function openLines(session: SessionServices): Promise<LineInput> {
  const { pipedLines, TerminalLines } = await lineReader()
  const { stdin, stdout } = process
  // The input of a terminal ends when it is closed, before or after the signal that says so.
  if (stdin.isTTY) for (const event of ['end', 'error']) stdin.once(event, () => session.stop(129))
  const input = stdin.isTTY
    ? new TerminalLines(stdin, stdout, echo(), () => session.stop(130))
    : pipedLines(stdin)
  session.leaving.addEventListener('abort', () => input.close())
  return input
}

/** The UIs of leading a room: one to lead with, and one to write down what a group says. */
export interface FacilitationUis {
  leading: FacilitationUi
  writing: ClosableUi
}

export async function chooseFacilitationUi(
  session: FacilitationServices,
  accessible: boolean | undefined,
  remarks: readonly string[],
): Promise<FacilitationUis> {
  if (onScreen(accessible)) {
    const { TerminalFacilitation } = await import('../ui/terminal/facilitation.ts')
    const { keyboard, writing } = await openScreen(session)
    return { leading: new TerminalFacilitation(keyboard, process.stdout, session, remarks), writing }
  }
  for (const remark of remarks) write(`${stripControls(remark)}\n`)
  return plainFacilitationUis(await openLines(session), write, session)
}

export async function plainFacilitationUis(
  input: LineInput,
  write: (text: string) => void,
  session: FacilitationServices,
): Promise<FacilitationUis> {
  const { openPlainInterview } = await import('../ui/plain/interview.ts')
  const { PlainFacilitation } = await import('../ui/plain/facilitation.ts')
  const { openPrompter } = await lineReader()
  const prompter = openPrompter(input, write, session.leaving)
  const ui = openPlainInterview(input, write, session)
  const inputEnded = () => prompter.ended() || ui.inputEnded()
  return {
    leading: new PlainFacilitation(prompter, session),
    writing: { ...ui, inputEnded, close: async () => input.close() },
  }
}

type Choices<T> = readonly { name: string; value: T }[]

/** What can be chosen, by the words for it. */
type Named<T> = Record<string, T>

/** Asks one thing; undefined if the person would rather leave. */
export type Asker = <T>(message: string, choices: Named<T>) => Promise<T | undefined>

/**
 * Asks the person one thing before the session begins; undefined if they would rather leave.
 * @throws Stopped at a signal, after the terminal has been put back in order.
 */
export async function askOnce<T>(message: string, named: Named<T>, accessible?: boolean) {
  const ending = sessionEnd()
  const choices = Object.entries(named).map(([name, value]) => ({ name, value }))
  const ask = onScreen(accessible) ? askOnScreen : askInLines
  const chosen = await ask(message, choices, ending.leaving).finally(ending.end)
  const exitCode = ending.exitCode()
  if (exitCode !== undefined) throw new Stopped(exitCode)
  return chosen
}

/** Asks one thing after the other, where somebody is there to be asked. */
export const askerFor = (accessible?: boolean): Asker | undefined =>
  isAttended() ? (message, choices) => askOnce(message, choices, accessible) : undefined

async function askOnScreen<T>(message: string, choices: Choices<T>, leaving: AbortSignal) {
  const { chooseOnScreen } = await import('../ui/terminal/select.ts')
  return chooseOnScreen(process.stdin, process.stdout, message, choices, leaving)
}

async function askInLines<T>(message: string, choices: Choices<T>, leaving: AbortSignal) {
  const { chooseByNumber, TerminalLines } = await lineReader()
  const say = (text: string) => write(`${text}\n`)
  const input: LineInput = new TerminalLines(process.stdin, process.stdout, echo(), () => input.close())
  leaving.addEventListener('abort', () => input.close())
  say(message)
  return chooseByNumber(choices, () => input.next(), say).finally(() => input.close())
}
