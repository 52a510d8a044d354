import { pipedLines, typedLines } from '../faces/line-input.ts'
import { linesFace } from '../faces/lines.ts'
import type { OpenFace, Sitting } from '../faces/sitting.ts'

/** The face that suits who is there: lines where a screen cannot be drawn, or is not wanted. */
export async function chooseFace(sitting: Sitting, accessible: boolean): Promise<OpenFace> {
  const { stdin, stdout, env } = process
  const terminal = stdin.isTTY && stdout.isTTY
  const dumb = env.TERM === 'dumb'
  if (terminal && !dumb && !accessible && !isSet(env.ACCESSIBLE)) {
    const { openTerminalFace } = await import('../faces/terminal.ts')
    return openTerminalFace(stdin, stdout, sitting)
  }
  const input = stdin.isTTY
    ? typedLines(stdin, stdout, dumb || !stdout.isTTY, () => sitting.stop(130))
    : pipedLines(stdin)
  sitting.leaving.addEventListener('abort', () => input.close())
  const face = linesFace(input, text => void stdout.write(text), sitting)
  return { ...face, close: async () => input.close() }
}

const isSet = (value: string | undefined) => value !== undefined && value !== '' && value !== '0'
