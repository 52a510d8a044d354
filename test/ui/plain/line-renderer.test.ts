import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LineRenderer } from '../../../src/ui/plain/line-renderer.ts'
import { SURE, screenOf, UNSURE } from '../../support/screen.ts'

const DRAWN = 'before'

function screen(echo: 'editable' | 'dumb', counting: '6' | '11' = '11') {
  const { output, written, shows } = screenOf(12, 60, counting)
  output.write(`${DRAWN}\r\n`)
  const from = written().length
  return { renderer: new LineRenderer(output, echo), written: () => written().slice(from), shows }
}

/** Lines as somebody edits them, with places for the caret. */
const edits = (letters: readonly string[]) =>
  fc.array(fc.tuple(fc.array(fc.constantFrom(...letters), { maxLength: 34 }), fc.nat()), {
    minLength: 1,
    maxLength: 6,
  })

test.each([
  ['text that every terminal counts alike', SURE, '11'],
  ['emoji and vowel signs, counted one way', [...SURE, ...UNSURE], '11'],
  ['emoji and vowel signs, counted another way', [...SURE, ...UNSURE], '6'],
] as const)(
  'after any change the screen shows the line, and the cursor stands at the caret: %s',
  async (_, letters, counting) => {
    await fc.assert(
      fc.asyncProperty(edits(letters), async list => {
        const { renderer, shows } = screen('editable', counting)
        for (const [line, wanted] of list) {
          const caret = line.slice(0, wanted % (line.length + 1)).join('')
          const whole = line.join('')
          renderer.draw(whole, caret.length)
          const { rows, before } = await shows()
          expect(rows[0]).toBe(DRAWN)
          expect(rows.slice(1).join('')).toBe(whole)
          // Behind a full row it may hang at the edge, or stand in the row below.
          expect(caret.endsWith(before) || caret.endsWith(rows.at(-1) ?? '')).toBe(true)
        }
      }),
      { numRuns: 100 },
    )
  },
)

test('a dumb terminal shows the line up to the caret, without an escape code', async () => {
  await fc.assert(
    fc.asyncProperty(edits([...SURE, ...UNSURE]), async list => {
      const { renderer, shows, written } = screen('dumb')
      for (const [line, wanted] of list) {
        const caret = line.slice(0, wanted % (line.length + 1)).join('')
        renderer.draw(line.join(''), caret.length)
        const { rows, before } = await shows()
        expect(caret.endsWith(before) || caret.endsWith(rows.at(-1) ?? '')).toBe(true)
        const beginnings = Array.from({ length: line.length + 1 }, (_, i) => line.slice(0, i).join(''))
        const seen = beginnings.filter(each => each.startsWith(caret) && rows.join('').endsWith(each))
        expect(seen).not.toEqual([])
      }
      expect(written()).not.toContain('\u001b')
    }),
    { numRuns: 100 },
  )
})

test('a key at the end writes itself alone, and Backspace there erases one cell', () => {
  for (const echo of ['dumb', 'editable'] as const) {
    const { renderer, written } = screen(echo)
    renderer.draw('a', 1)
    renderer.draw('ab', 2)
    expect(written()).toBe('ab')
    renderer.draw('a', 1)
    expect(written().slice(2)).toBe(echo === 'dumb' ? '\b \b' : '\b\u001b[K')
  }
})

test('correcting inside a line writes what is new, not the rest of the line, over several rows', () => {
  const { renderer, written } = screen('editable')
  const line = 'abcdefghijklmnopqrstuvwxyz'
  const letters = (draw: () => void) => {
    const from = written().length
    draw()
    return written()
      .slice(from)
      .replace(/\u001b\[\d*[A-Z@]/g, '')
      .replace(/[\r\b]/g, '')
  }
  renderer.draw(line, 3)
  expect(letters(() => renderer.draw(`abcX${line.slice(3)}`, 4))).toBe('Xlx')
  expect(letters(() => renderer.draw(line, 3))).toBe('lx')
  expect(letters(() => renderer.draw(line.slice(0, 12), 12))).toBe('l')
  expect(letters(() => renderer.draw('abcdef', 3))).toBe('')
  expect(letters(() => renderer.draw('abcXdef', 4))).toBe('X')
  expect(letters(() => renderer.draw('abcdef', 3))).toBe('')
})
