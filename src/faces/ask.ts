import type { ReadStream, WriteStream } from 'node:tty'
import { Keyboard } from './keyboard.ts'
import { type Choice, choose } from './menu.ts'

/** Asks one thing on a screen before the walk has begun; undefined at Esc. */
export async function chooseOnScreen<T>(
  stdin: ReadStream,
  stdout: WriteStream,
  message: string,
  choices: readonly Choice<T>[],
): Promise<T | undefined> {
  const keyboard = new Keyboard(stdin, stdout)
  keyboard.own()
  try {
    return await choose(keyboard, stdout, message, choices, new AbortController().signal)
  } finally {
    keyboard.lend()
  }
}
