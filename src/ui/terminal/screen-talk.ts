import type { WriteStream } from 'node:tty'
import { printable, UserError } from '../../domain/errors.ts'
import type { Sitting } from '../session-port.ts'
import { chalk } from './colour.ts'
import type { Keyboard } from './keyboard.ts'
import { inRows } from './layout.ts'
import { renderMarkdown } from './markdown.ts'
import { type Choice, choose, type Menu } from './select.ts'

/** Saying and asking on a screen, above and beside the writing area. */
export interface ScreenTalk {
  columns(): number
  rows(): number
  /** Prints a paragraph into the scrollback. */
  say(text: string): void
  /** Prints a document into the scrollback, where it can be read at leisure. */
  read(markdown: string): Promise<void>
  /** The same with the notes, or with a part of them. */
  readNotes(selectors: readonly string[]): Promise<void>
  /** Asks until something is chosen; undefined at Esc or when the session ends. */
  choose<T>(message: string, choices: readonly Choice<T>[], how?: How<T>): Promise<T | undefined>
}

type How<T> = Pick<Menu<T>, 'first' | 'escape' | 'pasteCloses'>

/** A menu above the writing area: Esc leads back to it, and so does a paste, which is text. */
export const OVER_AREA = { escape: 'go on writing', pasteCloses: true } as const

/** More rows than these below a document hide its beginning. */
const BELOW = 8
const SCROLL = '(Scroll up to read it from its beginning.)'

/** `interrupted` is told of Ctrl+C in a menu. */
export function openScreenTalk(
  keyboard: Keyboard,
  screen: WriteStream,
  { leaving, notesToRead }: Pick<Sitting, 'leaving' | 'notesToRead'>,
  interrupted: () => void,
): ScreenTalk {
  const columns = () => screen.columns || 80
  const rows = () => screen.rows || 24
  const say = (text: string) => void screen.write(`\n${inRows(text, columns())}\n`)
  const read = async (markdown: string) => {
    const text = (await renderMarkdown(printable(markdown), columns())).trimEnd()
    const long = text.split('\n').length > rows() - BELOW
    screen.write(`\n${text}\n${long ? `\n${chalk.dim(SCROLL)}\n` : ''}`)
  }
  return {
    columns,
    rows,
    say,
    read,
    async readNotes(selectors) {
      // The file may be in another program's hands just now: that is no reason to lose one's place.
      const notes = await notesToRead(selectors, 'markdown').catch(error => {
        if (error instanceof UserError) return undefined
        throw error
      })
      if (notes === undefined) say('Your notes cannot be read at this moment. What you write here is kept.')
      else await read(notes)
    },
    choose: (message, choices, how = {}) =>
      choose(keyboard, screen, { message, choices, leaving, interrupted, ...how }),
  }
}
