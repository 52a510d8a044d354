import type { WriteStream } from 'node:tty'
import { clip, contentWidth } from './area/frame.ts'
import type { Key } from './area/keys.ts'
import { wrapped } from './area/wrap.ts'
import { chalk } from './colour.ts'
import type { Keyboard } from './keyboard.ts'

export interface Choice<T> {
  name: string
  value: T
}

export interface Menu<T> {
  message: string
  choices: readonly Choice<T>[]
  leaving: AbortSignal
  /** Where the pointer stands first. */
  first?: T
  /** What Esc does here, in a word. */
  escape?: string
  /** Told of Ctrl+C, which closes the menu. */
  interrupted?: () => void
}

/** A digit chooses at once unless more input follows: then it is the beginning of a paste that missed its place. */
const DIGIT_MS = 30
/** Inquirer's own time between the figures of one number. */
const FORGET_MS = 700

/**
 * Lets the person choose one of a few things, by arrows and Enter or by number; undefined at Esc or when the
 * session ends. Nothing pasted ever chooses.
 */
export async function choose<T>(
  keyboard: Keyboard,
  screen: WriteStream,
  { message, choices, leaving, first, escape: onEscape = 'back', interrupted = () => {} }: Menu<T>,
): Promise<T | undefined> {
  const cancel = new AbortController()
  const stop = () => cancel.abort()
  leaving.addEventListener('abort', stop)
  if (leaving.aborted) stop()
  // Keys wait until the menu is there. It is loaded when it is first wanted.
  keyboard.hold()
  const { select } = await import('@inquirer/prompts')
  listen(keyboard, choices.length, stop, interrupted)
  const width = contentWidth(screen.columns || 80)
  const title = wrapped(message, width)
  const shown = Math.max(3, Math.min(choices.length, (screen.rows || 24) - title.length - 4))
  const more = choices.length > shown ? ' ↓ shows more.' : ''
  try {
    return await select<T>(
      {
        message: `\n${title.join('\n')}`,
        choices: choices.map(({ name, value }, i) => ({
          name: i < 9 && choices.length > 9 ? ` ${name}` : name,
          value,
        })),
        pageSize: shown,
        loop: false,
        ...(first !== undefined && { default: first }),
        theme: {
          prefix: '',
          indexMode: 'number',
          icon: { cursor: '›' },
          style: {
            message: (text: string) => chalk.bold(text),
            highlight: (text: string) => chalk.cyan.bold(text),
            keysHelpTip: () =>
              chalk.dim(clip(`A number, or arrows and Enter. Esc: ${onEscape}.${more}`, width)),
          },
        },
      },
      { input: keyboard.input, output: screen, clearPromptOnDone: true, signal: cancel.signal },
    )
  } catch (error) {
    if (cancel.signal.aborted) return undefined
    throw error
  } finally {
    leaving.removeEventListener('abort', stop)
  }
}

/** Passes on to Inquirer what may choose: arrows, Enter and digits pressed by hand. */
function listen(keyboard: Keyboard, count: number, cancel: () => void, interrupted: () => void): void {
  let digit: NodeJS.Timeout | undefined
  let number = ''
  const forget = () => {
    number = ''
  }
  const emit = (text: string | undefined, name: string) =>
    keyboard.input.emit('keypress', text, {
      name,
      sequence: text ?? '',
      ctrl: false,
      meta: false,
      shift: false,
    })
  keyboard.listen((key: Key) => {
    clearTimeout(digit)
    if (key.kind === 'paste' || key.hurried) return
    if (key.kind === 'text') {
      if (!/^[0-9]{1,3}$/.test(key.text)) return
      for (const figure of key.text) emit(figure, figure)
      number += key.text
      // "1" may be the beginning of "12".
      const whole = Number(number) * 10 > count
      digit = setTimeout(whole ? () => emit(undefined, 'enter') : forget, whole ? DIGIT_MS : FORGET_MS)
      return
    }
    if (key.name === 'ctrl+c') interrupted()
    if (key.name === 'escape' || key.name === 'ctrl+c') return cancel()
    if (key.name === 'enter' || key.name === 'ctrl+j') return void emit(undefined, 'enter')
    if (['up', 'down'].includes(key.name)) emit(undefined, key.name)
    if (key.name === 'backspace') emit(undefined, 'backspace')
  })
}
