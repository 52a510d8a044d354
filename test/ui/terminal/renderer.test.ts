import fc from 'fast-check'
import { expect, test } from 'vitest'
import { FullScreen, RowRenderer } from '../../../src/ui/terminal/renderer.ts'
import { cellsIn } from '../../../src/ui/terminal/wrap.ts'
import { SURE, screenOf, UNSURE } from '../../support/screen.ts'

const BAR = '\u001b[36m│ \u001b[39m'
const plain = (row: string) => row.replaceAll(BAR, '│ ').trimEnd()

/** Pictures drawn one over the other: rows, and the row and the letter before which the caret stands. */
const pictures = (letters: readonly string[]) =>
  fc.array(
    fc.tuple(
      fc.array(fc.array(fc.constantFrom(...letters), { maxLength: 30 }), { minLength: 1, maxLength: 6 }),
      fc.nat(),
      fc.nat(),
    ),
    { minLength: 1, maxLength: 5 },
  )

test.each([
  ['counted one way', '11'],
  ['counted another way', '6'],
] as const)(
  'the picture and the caret are right however wide a terminal draws emoji and vowel signs: %s',
  async (_, counting) => {
    for (const Renderer of [RowRenderer, FullScreen])
      await fc.assert(
        fc.asyncProperty(pictures([...SURE, ...UNSURE]), async list => {
          const { output, shows } = screenOf(40, 12, counting)
          const renderer = new Renderer(output)
          for (const [drawn, at, place] of list) {
            const rows = drawn.map(letters => BAR + fitting(letters, 37).join(''))
            const row = at % rows.length
            const letters = fitting(drawn[row] ?? [], 37)
            const head = letters.slice(0, place % (letters.length + 1)).join('')
            renderer.draw(rows, { row, column: cellsIn(BAR + head) })
            const now = await shows()
            expect(now.rows).toEqual(rows.map(plain))
            expect([now.row, now.before]).toEqual([row, `│ ${head}`])
          }
        }),
        { numRuns: 50 },
      )
  },
)

/** So many of these as fit a row. */
function fitting(letters: readonly string[], width: number): string[] {
  let cells = 0
  return letters.filter(letter => {
    cells += cellsIn(letter)
    return cells <= width
  })
}

test('a row that a terminal counts wider than its window pushes no other row down', async () => {
  const { output, shows } = screenOf(20, 6)
  const renderer = new RowRenderer(output)
  for (let i = 0; i < 5; i++)
    renderer.draw(['above', `${'👩‍👩‍👧'.repeat(9)}${i}`, 'keys'], { row: 1, column: 4 })
  const { rows } = await shows()
  expect([rows[0], rows[2], rows.length]).toEqual(['above', 'keys', 3])
})
