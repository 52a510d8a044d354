import type { ReadStream, WriteStream } from 'node:tty'
import { stripControls, UserError } from '../../domain/errors.ts'
import { capitalized } from '../../domain/guide.ts'
import type { SessionServices } from '../session-port.ts'
import { Keyboard } from './keyboard.ts'
import { inRows } from './layout.ts'
import { renderMarkdown } from './markdown.ts'
import { openPager, type PagerOptions } from './pager.ts'
import { type Choice, columnsOf, type Menu, select } from './select.ts'

/** Asks one thing on a screen before the interview; undefined at Esc. */
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
    const named = choices.map(({ name, value }) => ({ name: capitalized(name), value }))
    return await select(keyboard, stdout, { message, choices: named, leaving, escape: 'leave' })
  } finally {
    keyboard.lend()
  }
}

/** Saying and asking on a screen, above and beside the writing area. */
export interface ScreenPrompter {
  columns(): number
  rows(): number
  /** Prints a paragraph into the scrollback. */
  say(text: string): void
  /** Shows a text in the pager. */
  page(text: string): Promise<void>
  /** Shows Markdown in the pager. */
  read(markdown: string): Promise<void>
  /** Shows the notes, or a part of them: in the pager, or `printed` where they leave room for the question. */
  readNotes(selectors: readonly string[], how?: { printed?: boolean; searching?: boolean }): Promise<void>
  /** Asks until something is chosen; undefined at Esc or when the session ends. */
  choose<T>(message: Menu<T>['message'], choices: readonly Choice<T>[], how?: How<T>): Promise<T | undefined>
}

type How<T> = Pick<Menu<T>, 'first' | 'escape' | 'pasteCloses'>

/** A menu above the writing area: Esc leads back to it, and so does a paste, which is text. */
export const OVER_AREA = { escape: 'go on writing', pasteCloses: true } as const

/** The rows that a question needs below its notes. */
const QUESTION_ROWS = 12

/** `interrupted` is called at Ctrl+C in a menu. */
export function openScreenPrompter(
  keyboard: Keyboard,
  screen: WriteStream,
  { leaving, notesToRead }: Pick<SessionServices, 'leaving' | 'notesToRead'>,
  interrupted: () => void,
): ScreenPrompter {
  const columns = () => columnsOf(screen)
  const rows = () => screen.rows || 24
  const say = (text: string) => void screen.write(`\n${inRows(text, columns())}\n`)
  const page = (render: (columns: number) => Promise<string>, how?: PagerOptions) =>
    openPager(keyboard, screen, leaving, render, how)
  const drawing = (markdown: string) => (columns: number) => renderMarkdown(stripControls(markdown), columns)
  return {
    columns,
    rows,
    say,
    page: text => page(async columns => inRows(text, columns)),
    read: markdown => page(drawing(markdown)),
    async readNotes(selectors, { printed = false, searching = false } = {}) {
      // The file may be in another program's hands just now: that is no reason to lose one's place.
      const notes = await notesToRead(selectors, 'markdown').catch(error => {
        if (error instanceof UserError) return undefined
        throw error
      })
      if (notes === undefined) return say("Your notes can't be read right now. What you write here is kept.")
      const text = printed ? (await drawing(notes)(columns())).trimEnd() : ''
      if (printed && text.split('\n').length <= rows() - QUESTION_ROWS) screen.write(`\n${text}\n`)
      else await page(drawing(notes), { searching, back: printed ? 'to the question' : 'back' })
    },
    choose: (message, choices, how = {}) =>
      select(keyboard, screen, { message, choices, leaving, interrupted, ...how }),
  }
}
