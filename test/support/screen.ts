import { Writable } from 'node:stream'
import type { WriteStream } from 'node:tty'
import unicode11 from '@xterm/addon-unicode11'
import xterm from '@xterm/headless'

/** Letters of which every terminal counts the same columns. */
export const SURE = ['a', 'b', 'é', 'e\u0301', '世']
/** Of these, terminals count one to eleven columns. */
export const UNSURE = ['क्षि', 'कि', 'กำ', '👩‍👩‍👧', '✋🏽', '☑️', 'ع']

/** A terminal in memory. `counting`: which edition of Unicode it counts columns by; terminals differ as these do. */
export function screenOf(columns: number, rows: number, counting: '6' | '11' = '11') {
  const term = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true })
  term.loadAddon(new unicode11.Unicode11Addon())
  term.unicode.activeVersion = counting
  let written = ''
  const output = Object.assign(
    new Writable({
      write(chunk, _, done) {
        written += chunk
        term.write(String(chunk))
        done()
      },
    }),
    { columns, rows },
  ) as unknown as WriteStream
  return {
    output,
    /** All that was written. */
    written: () => written,
    /** The rows, and what stands before the cursor in its row. */
    async shows() {
      await new Promise<void>(resolve => term.write('', resolve))
      const { active } = term.buffer
      const all = Array.from(
        { length: rows },
        (_, i) => active.getLine(i)?.translateToString(true).trimEnd() ?? '',
      )
      const before = active.getLine(active.cursorY)?.translateToString(false, 0, active.cursorX) ?? ''
      return { rows: all.slice(0, all.findLastIndex(row => row !== '') + 1), before, row: active.cursorY }
    },
  }
}
