import type { ReadStream, WriteStream } from 'node:tty'
import { Keyboard } from './keyboard.ts'
import { type Choice, choose } from './select.ts'

/** Asks one thing on a screen before the walk has begun; undefined at Esc. */
export async function chooseOnScreen<T>(
  stdin: ReadStream,
  stdout: WriteStream,
  message: string,
  choices: readonly Choice<T>[],
  leaving: AbortSignal,
): Promise<T | undefined> {
  const keyboard = new Keyboard(stdin, stdout)
  keyboard.own()
  try {
    const capital = ({ name, value }: Choice<T>) => ({
      name: name.charAt(0).toUpperCase() + name.slice(1),
      value,
    })
    return await choose(keyboard, stdout, {
      message,
      choices: choices.map(capital),
      leaving,
      escape: 'leave',
    })
  } finally {
    keyboard.lend()
  }
}
