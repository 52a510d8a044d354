import { Writable } from 'node:stream'
import unicode11 from '@xterm/addon-unicode11'
import xterm from '@xterm/headless'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LineRenderer } from '../../../src/ui/plain/line-renderer.ts'

const COLUMNS = 10
const DRAWN = 'before'

function screen(dumb: boolean) {
  const term = new xterm.Terminal({ cols: COLUMNS, rows: 60, allowProposedApi: true })
  term.loadAddon(new unicode11.Unicode11Addon())
  term.unicode.activeVersion = '11'
  let written = ''
  const output = Object.assign(
    new Writable({
      write(chunk, _, done) {
        written += chunk
        term.write(String(chunk))
        done()
      },
    }),
    { columns: COLUMNS },
  )
  term.write(`${DRAWN}\r\n`)
  return {
    painter: new LineRenderer(output, dumb),
    written: () => written,
    async shows() {
      await new Promise<void>(resolve => term.write('', resolve))
      const { buffer } = term
      const rows = Array.from(
        { length: 60 },
        (_, i) => buffer.active.getLine(i)?.translateToString(true) ?? '',
      )
      return { rows: rows.join('\n').trimEnd(), x: buffer.active.cursorX, y: buffer.active.cursorY }
    },
  }
}

/** A line as a terminal breaks it, and where the cursor stands before so much of it. */
function whole(line: string, caret: number) {
  const rows = ['']
  let cells = 0
  let at = { x: 0, y: 1 }
  for (const [i, character] of [...line].entries()) {
    const width = character === '世' ? 2 : 1
    if (cells + width > COLUMNS) {
      rows.push('')
      cells = 0
    }
    rows[rows.length - 1] += character
    if (i === caret) at = { x: cells, y: rows.length }
    cells += width
  }
  return caret === line.length ? { rows, x: cells, y: rows.length } : { rows, ...at }
}

/** Lines as somebody edits them, with places for the caret. */
const edits = fc.array(
  fc.tuple(fc.string({ unit: fc.constantFrom('a', 'b', 'é', '世'), maxLength: 34 }), fc.nat()),
  { minLength: 1, maxLength: 6 },
)

test('after any change the screen shows the line, and the cursor stands at the caret', async () => {
  await fc.assert(
    fc.asyncProperty(edits, async list => {
      const { painter, shows } = screen(false)
      for (const [line, wanted] of list) {
        const caret = wanted % (line.length + 1)
        painter.draw(line, caret)
        const now = await shows()
        const { rows, x, y } = whole(line, caret)
        expect(now.rows).toBe([DRAWN, ...rows].join('\n').trimEnd())
        // Behind a full row it may hang at the edge, or stand in the row below.
        if (x < COLUMNS) expect([now.x, now.y]).toEqual([x, y])
      }
    }),
    { numRuns: 100 },
  )
})

test('a dumb terminal shows the line up to the end of the caret’s row, without an escape code', async () => {
  await fc.assert(
    fc.asyncProperty(edits, async list => {
      const { painter, shows, written } = screen(true)
      for (const [line, wanted] of list) {
        const caret = wanted % (line.length + 1)
        painter.draw(line, caret)
        const now = await shows()
        const { rows, x, y } = whole(line, caret)
        const shown = rows.slice(0, y).join('\n')
        if (shown !== '') expect(`\n${now.rows}\n`).toContain(`\n${shown}\n`)
        if (x < COLUMNS) expect(now.x).toBe(x)
      }
      expect(written()).not.toContain('\u001b')
    }),
    { numRuns: 100 },
  )
})

test('a key at the end writes itself alone, and Backspace there erases one cell', () => {
  for (const dumb of [true, false]) {
    const { painter, written } = screen(dumb)
    painter.draw('a', 1)
    painter.draw('ab', 2)
    expect(written()).toBe('ab')
    painter.draw('a', 1)
    expect(written().slice(2)).toBe(dumb ? '\b \b' : '\b\u001b[K')
  }
})
