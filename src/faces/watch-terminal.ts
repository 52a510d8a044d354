import type { WriteStream } from 'node:tty'
import { typed } from '../answers.ts'
import type { Guide } from '../guide.ts'
import { elapsed, jotLine, type Stopwatch, toggled } from '../jots.ts'
import { onStopwatch } from '../time-of-day.ts'
import { press } from './area/bindings.ts'
import { clip, contentWidth } from './area/frame.ts'
import { cellsOf, clusterEnd, drawable } from './area/graphemes.ts'
import { type Editing, editing, textOf } from './area/text.ts'
import { Wrap } from './area/wrap.ts'
import { chalk } from './colour.ts'
import { inDigits } from './digits.ts'
import type { Keyboard } from './keyboard.ts'
import type { Sitting } from './sitting.ts'
import { Stage } from './stage.ts'

const PROMPT = '› '
const EMPTY: Editing = editing('', 0)
/** A jot is one line, however wide the window. */
const ONE_ROW = new Wrap(Number.MAX_SAFE_INTEGER)

/** Watching with a stopwatch on the screen: Enter keeps a line as a jot, at the time at which it was begun. */
export function watchOnScreen(
  keyboard: Keyboard,
  screen: WriteStream,
  { clock, jot, leaving }: Pick<Sitting, 'clock' | 'jot' | 'leaving'>,
): (about: { guide: Guide }) => Promise<void> {
  let stopwatch: Stopwatch = { minutes: 0 }
  const kept: string[] = []

  return ({ guide }) => {
    if (stopwatch.since === undefined) stopwatch = toggled(stopwatch, clock())
    const stage = new Stage(screen)
    let line = EMPTY
    let begun: number | undefined
    let saving = Promise.resolve()

    const draw = () => {
      const text = textOf(line)
      const caret = drawable(text.slice(0, line.text.col)).length
      const row = aroundCaret(drawable(text), caret, contentWidth(stage.columns) - PROMPT.length)
      const page = [...watchRows(stage, stopwatch, clock(), kept), PROMPT + row.text]
      stage.draw(page, { row: page.length - 1, column: PROMPT.length + row.caret })
    }
    const keep = () => {
      const text = typed(textOf(line)).trim()
      if (text !== '') {
        const said = jotLine(guide, begun ?? elapsed(stopwatch, clock()), text)
        kept.push(said)
        saving = saving.then(() => jot(said))
      }
      line = EMPTY
      begun = undefined
    }

    return new Promise<void>((resolve, reject) => {
      const ticking = setInterval(draw, 250)
      const off = stage.onResize(draw)
      const done = () => {
        clearInterval(ticking)
        off()
        leaving.removeEventListener('abort', done)
        stage.clear()
        // What stands in the line is as much a jot as those before it.
        keep()
        if (stopwatch.since !== undefined) stopwatch = toggled(stopwatch, clock())
        saving.then(resolve, reject)
      }
      leaving.addEventListener('abort', done)
      keyboard.listen(key => {
        const name = key.kind === 'key' ? key.name : ''
        if (name === 'escape' || name === 'ctrl+c' || name === 'ctrl+s') return done()
        if (name === 'tab') stopwatch = toggled(stopwatch, clock())
        else if (name === 'enter' || name === 'ctrl+j') keep()
        else {
          const now = press(line, key, { wrap: ONE_ROW, height: 1 }).now
          line = editing(
            textOf(now).replace(/\s*\n\s*/g, ' '),
            now.text.lines.length > 1 ? Number.MAX_SAFE_INTEGER : now.text.col,
          )
          begun ??= elapsed(stopwatch, clock())
          if (textOf(line) === '') begun = undefined
        }
        draw()
      })
      draw()
    })
  }
}

function watchRows(stage: Stage, stopwatch: Stopwatch, now: number, kept: readonly string[]): string[] {
  const width = contentWidth(stage.columns)
  const runs = stopwatch.since !== undefined
  const colour = runs ? chalk.green : chalk.dim
  const head =
    stage.rows >= 10
      ? [...inDigits(onStopwatch(elapsed(stopwatch, now))).map(row => colour(row)), '']
      : [onStopwatch(elapsed(stopwatch, now))]
  const hint = `Enter keeps a line · Esc done · Tab ${runs ? 'stops the clock' : 'goes on'} · a2 before it sorts it`
  const room = Math.max(0, stage.rows - head.length - 2)
  const shown = kept.slice(Math.max(0, kept.length - room)).map(text => clip(drawable(text), width))
  const gap = Array.from({ length: room - shown.length }, () => '')
  return [...head, ...gap, ...shown, chalk.dim(clip(hint, width))]
}

/** The part of a line that fits the width with the caret in it, and where the caret stands there. */
function aroundCaret(line: string, caret: number, width: number): { text: string; caret: number } {
  let from = 0
  while (cellsOf(line, from, caret) >= width) from = clusterEnd(line, from)
  let to = caret
  while (to < line.length && cellsOf(line, from, clusterEnd(line, to)) <= width) to = clusterEnd(line, to)
  return { text: line.slice(from, to), caret: cellsOf(line, from, caret) }
}
