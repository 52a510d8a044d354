import { printable, Stopped } from '../domain/errors.ts'
import type { LeadFace } from '../domain/facilitation.ts'
import { someoneThere, spoken } from '../ui/environment.ts'
import { LeadLinesFace } from '../ui/plain/facilitation.ts'
import { linesFace } from '../ui/plain/interview.ts'
import { type LineInput, pipedLines, TypedLines } from '../ui/plain/line-reader.ts'
import { atWords, chooseByNumber, openTalk } from '../ui/plain/prompter.ts'
import type { LeadSitting, OpenFace, Sitting } from '../ui/session-port.ts'
import { sessionEnd } from './session.ts'

const dumb = () => process.env.TERM === 'dumb' || !process.stdout.isTTY

/** Whether a screen can be drawn, and is wanted. */
const onScreen = (accessible: boolean) => someoneThere() && !spoken(accessible)

/** The face that suits who is there. */
export async function chooseFace(sitting: Sitting, accessible: boolean): Promise<OpenFace> {
  if (onScreen(accessible)) {
    const { openTerminalFace } = await import('../ui/terminal/interview.ts')
    return openTerminalFace(process.stdin, process.stdout, sitting)
  }
  const input = openLines(sitting)
  return { ...linesFace(input, write, sitting), close: async () => input.close() }
}

function write(text: string): void {
  const { stdout } = process
  stdout.write(stdout.isTTY ? atWords(text, stdout.columns) : text)
}

function openLines(sitting: Sitting): LineInput {
  const { stdin, stdout } = process
  const input = stdin.isTTY
    ? new TypedLines(stdin, stdout, dumb(), () => sitting.stop(130))
    : pipedLines(stdin)
  sitting.leaving.addEventListener('abort', () => input.close())
  return input
}

/** The faces of leading a room: one to lead with, and one to write down what a group says. */
export interface LeadFaces {
  leading: LeadFace
  writing: OpenFace
}

export async function chooseLeadFaces(
  sitting: LeadSitting,
  accessible: boolean,
  remarks: readonly string[],
): Promise<LeadFaces> {
  if (onScreen(accessible)) {
    const { stdin, stdout } = process
    const { openKeyboard, terminalFaceOn } = await import('../ui/terminal/interview.ts')
    const { LeadTerminalFace } = await import('../ui/terminal/facilitation.ts')
    const keyboard = openKeyboard(stdin, stdout, sitting)
    return {
      leading: new LeadTerminalFace(keyboard, stdout, sitting, remarks),
      writing: terminalFaceOn(keyboard, stdout, sitting),
    }
  }
  for (const remark of remarks) write(`${printable(remark)}\n`)
  return linesLeadFaces(openLines(sitting), write, sitting)
}

export function linesLeadFaces(
  input: LineInput,
  write: (text: string) => void,
  sitting: LeadSitting,
): LeadFaces {
  const talk = openTalk(input, write, sitting.leaving)
  const face = linesFace(input, write, sitting)
  const inputEnded = () => talk.ended() || face.inputEnded()
  return {
    leading: new LeadLinesFace(talk, sitting),
    writing: { ...face, inputEnded, close: async () => input.close() },
  }
}

/**
 * Asks the person one thing before the session begins; undefined if they would rather leave.
 * @throws Stopped at a signal, after the terminal has been put back in order.
 */
export async function askOnce<T>(
  message: string,
  choices: readonly { name: string; value: T }[],
  accessible: boolean,
): Promise<T | undefined> {
  const ending = sessionEnd()
  const ask = onScreen(accessible) ? askOnScreen : askInLines
  const chosen = await ask(message, choices, ending.leaving).finally(ending.end)
  const exitCode = ending.exitCode()
  if (exitCode !== undefined) throw new Stopped(exitCode)
  return chosen
}

async function askOnScreen<T>(
  message: string,
  choices: readonly { name: string; value: T }[],
  leaving: AbortSignal,
): Promise<T | undefined> {
  const { chooseOnScreen } = await import('../ui/terminal/select.ts')
  return chooseOnScreen(process.stdin, process.stdout, message, choices, leaving)
}

async function askInLines<T>(
  message: string,
  choices: readonly { name: string; value: T }[],
  leaving: AbortSignal,
): Promise<T | undefined> {
  const say = (text: string) => write(`${text}\n`)
  const input: LineInput = new TypedLines(process.stdin, process.stdout, dumb(), () => input.close())
  leaving.addEventListener('abort', () => input.close())
  say(message)
  return chooseByNumber(choices, () => input.next(), say).finally(() => input.close())
}
