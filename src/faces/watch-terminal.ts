import type { WriteStream } from 'node:tty'
import { typed } from '../answers.ts'
import type { Guide } from '../guide.ts'
import { elapsed, jotLine, type Stopwatch, toggled } from '../jots.ts'
import { onStopwatch } from '../time-of-day.ts'
import { press } from './area/bindings.ts'
import { clip, contentWidth } from './area/frame.ts'
import { cellsOf, drawable } from './area/graphemes.ts'
import { type Editing, editing, textOf } from './area/text.ts'
import { Wrap } from './area/wrap.ts'
import { chalk } from './colour.ts'
import { inDigits } from './digits.ts'
import type { Keyboard } from './keyboard.ts'
import type { Sitting } from './sitting.ts'
import { Stage } from './stage.ts'

const PROMPT = '› '
const EMPTY: Editing = editing('', 0)

/** Watching with a stopwatch on the screen: Enter keeps a line as a jot, at the time at which it was begun. */
export function watchOnScreen(
  keyboard: Keyboard,
  screen: WriteStream,
  { clock, jot, leaving }: Pick<Sitting, 'clock' | 'jot' | 'leaving'>,
): (about: { guide: Guide }) => Promise<void> {
  let stopwatch: Stopwatch = { minutes: 0 }

  return ({ guide }) => {
    if (stopwatch.since === undefined) stopwatch = toggled(stopwatch, clock())
    const stage = new Stage(screen)
    const kept: string[] = []
    let line = EMPTY
    let begun: number | undefined
    let saving = Promise.resolve()

    const draw = () => {
      const page = watchRows(stage, stopwatch, clock(), kept, textOf(line))
      const column = PROMPT.length + cellsOf(textOf(line), 0, line.text.col)
      stage.draw(page, { row: page.length - 1, column: Math.min(column, stage.columns - 1) })
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
          const now = press(line, key, { wrap: new Wrap(stage.columns), height: 1 }).now
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

function watchRows(
  stage: Stage,
  stopwatch: Stopwatch,
  now: number,
  kept: readonly string[],
  line: string,
): string[] {
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
  return [
    ...head,
    ...gap,
    ...shown,
    chalk.dim(clip(hint, width)),
    PROMPT + clipStart(drawable(line), width - PROMPT.length),
  ]
}

/** The end of a line that is longer than its room. */
function clipStart(text: string, width: number): string {
  let cut = text
  while (cellsOf(cut, 0, cut.length) > width) cut = cut.slice(1)
  return cut
}
