import { pipedLines, typedLines } from '../faces/line-input.ts'
import { linesFace } from '../faces/lines.ts'
import { chooseByNumber } from '../faces/numbered.ts'
import type { OpenFace, Sitting } from '../faces/sitting.ts'

const isSet = (value: string | undefined) => value !== undefined && value !== '' && value !== '0'
const dumb = () => process.env.TERM === 'dumb' || !process.stdout.isTTY

/** Whether a person can be asked at all. */
export const someoneThere = () => process.stdin.isTTY && process.stdout.isTTY

/** Whether a screen can be drawn, and is wanted. */
function onScreen(accessible: boolean): boolean {
  return someoneThere() && !dumb() && !accessible && !isSet(process.env.ACCESSIBLE)
}

/** The face that suits who is there. */
export async function chooseFace(sitting: Sitting, accessible: boolean): Promise<OpenFace> {
  const { stdin, stdout } = process
  if (onScreen(accessible)) {
    const { openTerminalFace } = await import('../faces/terminal.ts')
    return openTerminalFace(stdin, stdout, sitting)
  }
  const input = stdin.isTTY ? typedLines(stdin, stdout, dumb(), () => sitting.stop(130)) : pipedLines(stdin)
  sitting.leaving.addEventListener('abort', () => input.close())
  const face = linesFace(input, text => void stdout.write(text), sitting)
  return { ...face, close: async () => input.close() }
}

/** Asks the person one thing before the session begins; undefined if they would rather leave. */
export async function askOnce<T>(
  message: string,
  choices: readonly { name: string; value: T }[],
  accessible: boolean,
): Promise<T | undefined> {
  const { stdin, stdout } = process
  if (onScreen(accessible)) {
    const { chooseOnScreen } = await import('../faces/ask.ts')
    return chooseOnScreen(stdin, stdout, message, choices)
  }
  const say = (text: string) => void stdout.write(`${text}\n`)
  const input = typedLines(stdin, stdout, dumb(), () => input.close())
  say(message)
  return chooseByNumber(choices, () => input.next(), say).finally(() => input.close())
}
